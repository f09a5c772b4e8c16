from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import pytest
from tests.simulation.toy import plan
from typer.testing import CliRunner, Result

from cardhouse.analysis.comparison import compare
from cardhouse.basics.errors import InputError
from cardhouse.cli.main import app
from cardhouse.simulation.run import open_run, start_run


def call(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(app, ["runs", *arguments], **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    start_run(plan(30), tmp_path / "one")
    start_run(plan(30, scenario="plateau", keep="draws"), tmp_path / "two")
    return tmp_path


def test_list_prints_every_run(folder: Path):
    text = call("list", "--folder", str(folder)).stdout
    assert "one" in text
    assert "plateau" in text
    document = json.loads(call("list", "--folder", str(folder), "--json").stdout)
    assert {run["name"]: run["draws_done"] for run in document["runs"]} == {"one": 30, "two": 30}


def test_list_says_when_there_is_nothing(tmp_path: Path):
    assert call("list", "--folder", str(tmp_path)).stdout.startswith("no runs in")
    assert json.loads(call("list", "--folder", str(tmp_path), "--json").stdout) == {"runs": []}


def test_show_tells_what_a_run_rests_on(folder: Path):
    text = call("show", "two", "--folder", str(folder)).stdout
    for word in ("sobol, seed 3", "complete, 30 of 30 draws", "not_converged", "numpy", "distributions"):
        assert word in text
    document = json.loads(call("show", "two", "--folder", str(folder), "--json").stdout)
    assert document["sampling"]["draws"] == 30
    assert sum(document["result_codes"].values()) == 30


def test_show_tells_what_was_changed_and_how_long_the_run_is(folder: Path):
    request = {"off": ["circular_marks"], "settings": [["tax_rate", 0.2, 0.2]]}
    start_run(dataclasses.replace(plan(4), request=request), folder / "three")
    lines = call("show", "three", "--folder", str(folder)).stdout.splitlines()
    assert "changed        circular_marks off, tax_rate 0.2" in lines
    assert any(line.startswith("quarters       ") and " to " in line for line in lines)
    assert "changed        nothing" in call("show", "one", "--folder", str(folder)).stdout.splitlines()


def test_a_run_without_a_finished_draw_is_shown_and_not_compared(folder: Path):
    for part in (folder / "one").glob("*/*"):
        part.unlink()
    shown = call("show", str(folder / "one"))
    assert shown.exit_code == 0
    assert "can be resumed, 0 of 30 draws" in shown.stdout
    assert "none yet" in shown.stdout
    with pytest.raises(InputError, match="no finished draw yet"):
        compare(open_run(folder / "one"), open_run(folder / "two"))


def test_export_writes_what_the_ending_says(folder: Path):
    call("export", "one", str(folder / "long.csv"), "--folder", str(folder))
    with (folder / "long.csv").open() as file:
        assert len(list(csv.DictReader(file))) > 30
    call("export", "one", str(folder / "tables"), "--folder", str(folder))
    assert (folder / "tables" / "draws.parquet").exists()


def test_remove_asks_first(folder: Path):
    assert call("remove", "one", "--folder", str(folder), input="n\n").exit_code == 1
    assert (folder / "one").exists()
    assert call("remove", "one", "--folder", str(folder), input="y\n").exit_code == 0
    assert not (folder / "one").exists()
    document = json.loads(call("remove", "two", "--folder", str(folder), "--yes", "--json").stdout)
    assert document["left"] == []
    assert not (folder / "two").exists()


def test_an_unknown_run_is_bad_input(folder: Path):
    result = call("show", "three", "--folder", str(folder))
    assert isinstance(result.exception, InputError)
    assert "no such run" in str(result.exception)
