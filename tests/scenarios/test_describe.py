import json
import re
from pathlib import Path

from tools.scenario_reference import PAGE, page

from cardhouse.scenarios.catalogue import library_names, load_scenario, packaged
from cardhouse.scenarios.describe import scenario_record


def test_reference_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "call: ./run python tools/scenario_reference.py"


def test_records_are_plain_json():
    for name in library_names():
        text = json.dumps(scenario_record(packaged(name)), allow_nan=False)
        assert json.loads(text)["id"] == name


def test_the_example_of_the_how_to_page_is_valid(tmp_path: Path):
    guide = PAGE.parent.parent / "how-to" / "write-a-scenario.md"
    example = re.findall(r"```yaml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)[0]
    (tmp_path / "squeeze.yaml").write_text(example, encoding="utf-8")
    assert len(load_scenario("squeeze.yaml", tmp_path).shocks) == 2
