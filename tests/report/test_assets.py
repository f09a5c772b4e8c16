import hashlib
from pathlib import Path

from cardhouse.report import render

ASSETS = Path(render.__file__).parent / "assets"


def test_the_vendored_library_is_the_published_build_with_its_licences() -> None:
    """It is dist/echarts.min.js of the npm package echarts 6.1.0, which contains zrender 6.1.0 and tslib 2.3.0."""
    digest = hashlib.sha256((ASSETS / render.ECHARTS).read_bytes()).hexdigest()
    assert digest == "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0"
    assert "Apache License" in (ASSETS / "echarts-LICENSE").read_text()
    assert "Apache ECharts" in (ASSETS / "echarts-NOTICE").read_text()
    for name in ("echarts-LICENSE-d3", "zrender-LICENSE"):
        assert "Redistribution and use" in (ASSETS / name).read_text()
    assert "Permission to use" in (ASSETS / "tslib-NOTICE").read_text()


def test_our_own_script_makes_no_request_and_builds_no_markup_from_data() -> None:
    script = (ASSETS / "report.js").read_text()
    for word in ("fetch(", "XMLHttpRequest", "import(", "eval(", "innerHTML", "document.write", "WebSocket"):
        assert word not in script
