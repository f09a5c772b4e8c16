import json
from pathlib import Path

import pytest
from tests.analysis.worlds import ToyWorld, toy_plan
from typer.testing import CliRunner

from cardhouse.basics.errors import CardhouseError
from cardhouse.cli.main import app
from cardhouse.simulation.run import start_run


def call(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["compare", *arguments, "--folder", str(folder)], env={"COLUMNS": "120"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    start_run(toy_plan(), tmp_path / "troubled")
    start_run(toy_plan(world=ToyWorld(calm=True)), tmp_path / "calm")
    return tmp_path


def test_two_runs_stand_side_by_side(runs: Path) -> None:
    text = call(runs, "calm", "troubled")
    assert "compared draw by draw" in text
    assert "at least one default" in text
    document = json.loads(call(runs, "calm", "troubled", "--json"))
    assert document["measures"][0]["first"] == 0.0


def test_an_unknown_run_is_refused(runs: Path) -> None:
    with pytest.raises(CardhouseError, match="nothing"):
        call(runs, "calm", "nothing")
