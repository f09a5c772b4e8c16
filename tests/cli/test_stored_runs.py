"""Commands that look into a stored run: the same draws again, without asking for them again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.cli.main import app
from cardhouse.simulation.run import start_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "one"
    start_run(prepare(Request(draws=3, quarters=7, scenarios=("STRAT",))).plan(), path)
    return path


def told(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_trace_reads_a_stored_run(folder: Path) -> None:
    document = told("trace", "nvidia", "--run", str(folder))
    assert "In STRAT" in str(document["sentence"])
    assert len(document["quarters"]) == 4


def test_fewer_draws_than_asked_are_told(folder: Path) -> None:
    result = CliRunner().invoke(app, ["trace", "nvidia", "--run", str(folder), "--draws", "50", "--json"])
    assert result.exit_code == 0
    assert "--draws 50: the run has 3 finished draws" in result.stderr
    enough = CliRunner().invoke(app, ["trace", "nvidia", "--run", str(folder), "--draws", "3", "--json"])
    assert (enough.stderr, enough.stdout) == ("", result.stdout)


def test_circularity_tells_simulated_quarters_of_a_stored_run(folder: Path, tmp_path: Path) -> None:
    document = told("circularity", "--run", str(folder), "--figure", str(tmp_path / "over_time.png"))
    assert document["scenario"] == "STRAT"
    assert len(document["wrong_way_exposure"]) == len(document["quarters"]) == 7
    assert (tmp_path / "over_time.png").stat().st_size > 10_000
    text = CliRunner().invoke(app, ["circularity", "--run", str(folder)]).stdout
    for word in ("cycling", "wrong way", "loop gain", "nvidia"):
        assert word in text


def test_counterfactual_asks_under_the_request_of_a_stored_run(folder: Path) -> None:
    document = told("counterfactual", "--run", str(folder), "--draws", "2")
    assert (document["scenario"], document["quarters"], document["draws"]) == ("STRAT", 7, 2)
    assert document["difference_with_all_channels_off"] == 0.0
