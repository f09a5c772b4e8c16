from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.simulation.toy import plan

from cardhouse.basics.errors import InputError, StoreError
from cardhouse.simulation.folders import find_run, list_runs, remove_run
from cardhouse.simulation.run import start_run


def test_runs_are_listed_with_their_state_and_other_folders_are_passed_over(tmp_path: Path):
    start_run(plan(30), tmp_path / "whole")
    stop = threading.Event()
    stop.set()
    start_run(plan(30, scenario="plateau"), tmp_path / "begun", stop=stop)
    (tmp_path / "notes").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{")
    found = {entry.name: entry for entry in list_runs(tmp_path)}
    assert set(found) == {"whole", "begun", "broken"}
    assert (found["whole"].state, found["whole"].done, found["whole"].draws) == ("complete", 30, 30)
    assert (found["begun"].state, found["begun"].done, found["begun"].scenario) == ("can be resumed", 0, "plateau")
    assert found["broken"].state.startswith("damaged")
    assert list_runs(tmp_path / "nowhere") == ()


def test_a_run_is_found_by_name_beginning_or_path(tmp_path: Path):
    for name in ("toy-base-12", "toy-base-34"):
        start_run(plan(5), tmp_path / name)
    assert find_run("toy-base-12", tmp_path) == tmp_path / "toy-base-12"
    assert find_run("toy-base-3", tmp_path) == tmp_path / "toy-base-34"
    assert find_run(str(tmp_path / "toy-base-34"), Path("elsewhere")) == tmp_path / "toy-base-34"
    with pytest.raises(InputError, match=r"2 runs begin with this.*toy-base-12, toy-base-34"):
        find_run("toy", tmp_path)
    with pytest.raises(InputError, match=r"no such run.*did you mean 'toy-base-12'|Did you mean"):
        find_run("toy-bse-12", tmp_path)


def test_removing_a_run_leaves_what_does_not_belong_to_it(tmp_path: Path):
    start_run(plan(5), tmp_path / "run")
    (tmp_path / "run" / "thesis.docx").write_text("precious")
    assert remove_run(tmp_path / "run") == ("thesis.docx",)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["thesis.docx"]
    start_run(plan(5), tmp_path / "other")
    assert remove_run(tmp_path / "other") == ()
    assert not (tmp_path / "other").exists()


def test_a_folder_without_a_run_is_not_removed(tmp_path: Path):
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(StoreError, match="something that is not a run"):
        remove_run(tmp_path)
    assert (tmp_path / "thesis.docx").exists()
