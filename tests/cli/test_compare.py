import json
from dataclasses import replace
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


def test_two_runs_of_one_scenario_say_which_is_which_and_what_was_changed(tmp_path: Path) -> None:
    request = {"off": ["strategic_finance"], "settings": [["tax_rate", 0.2, 0.3]]}
    start_run(toy_plan(), tmp_path / "one")
    start_run(replace(toy_plan(world=ToyWorld(calm=True)), request=request), tmp_path / "two")
    text = call(tmp_path, "one", "two")
    assert "first:  FIBRE\n" in text
    assert "second: FIBRE, strategic_finance off, tax_rate 0.2 to 0.3" in text
    head = next(line for line in text.splitlines() if line.strip().startswith("measure"))
    assert head.split()[1:3] == ["first", "second"]
    assert "from 2026Q1 to 2028Q4" in text


def test_an_unknown_run_is_refused(runs: Path) -> None:
    with pytest.raises(CardhouseError, match="nothing"):
        call(runs, "calm", "nothing")
