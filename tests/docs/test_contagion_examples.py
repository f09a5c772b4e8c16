"""Every example of contagion runs and says something; every kernel has one."""

from __future__ import annotations

import pkgutil
import runpy
from pathlib import Path

import pytest

import cardhouse.contagion

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "contagion"
EXAMPLES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(path), run_name="__main__")
    printed = capsys.readouterr().out
    assert len(printed) > 60
    assert "nan" not in printed


def test_every_kernel_has_an_example() -> None:
    kernels = {module.name for module in pkgutil.iter_modules(cardhouse.contagion.__path__)}
    assert kernels - {"orientation", "outcome"} <= {path.stem for path in EXAMPLES}
