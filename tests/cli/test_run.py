from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cardhouse.basics.errors import CardhouseError, StoreError
from cardhouse.cli.main import app

SMALL = ("--draws", "20", "--quarters", "6")


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_run_leaves_manifest_tables_summary_and_report_and_prints_one_document(tmp_path: Path):
    result = call("run", "PLATEAU", *SMALL, "--json")
    document = json.loads(result.stdout)
    folder = tmp_path / document["folder"]
    assert folder.parent.name == "runs"
    assert folder.name.startswith("ai_2026-PLATEAU-")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["state"] == "complete"
    assert manifest["draws_done"] == 20
    assert set(manifest["inputs"]) == {"case", "scenario"}
    assert (folder / "results" / "draws.parquet").exists()
    assert (folder / "report.html").read_text().startswith("<!doctype html>") or (
        folder / "report.html"
    ).stat().st_size > 1000
    assert json.loads((folder / "summary.json").read_text()) == document
    assert document["summary"]["draws"] == 20


def test_the_same_command_opens_what_is_there(tmp_path: Path):
    first = json.loads(call("run", *SMALL, "--json").stdout)
    stamp = (tmp_path / first["folder"] / "manifest.json").stat().st_mtime_ns
    assert json.loads(call("run", *SMALL, "--json").stdout) == first
    assert (tmp_path / first["folder"] / "manifest.json").stat().st_mtime_ns == stamp
    text = call("run", "--resume", first["folder"]).stdout
    assert "report:" in text


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("precious")
    with pytest.raises(StoreError, match="something that is not a run"):
        call("run", *SMALL, "--out", "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("PLATO",),
        ("--draws", "0"),
        ("--quarters", "0"),
        ("--seed", "-1"),
        ("--off", "nothing"),
        ("--set", "adoption_ceiling=7"),
        ("--set", "adoption_ceiling"),
        ("--sampling", "dice"),
        ("--executor", "gpu"),
        ("--known-on", "2026-13"),
        ("--known-on", "1999-01-01"),
        ("--tier", "rumour"),
        ("--case", "ai_1926"),
        ("--keep", "all"),
        ("--news-per-row", "0"),
        ("--correlate", "adoption_ceiling=0.5"),
        ("--resume", "nowhere"),
    ],
)
def test_bad_input_is_one_clear_message_and_nothing_is_written(arguments: tuple[str, ...], tmp_path: Path):
    with pytest.raises(CardhouseError) as caught:
        call("run", "--draws", "5", *arguments)
    assert str(caught.value)
    assert not list(tmp_path.rglob("manifest.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to one process")
def test_ctrl_c_ends_cleanly_with_what_is_done_and_says_how_to_go_on(tmp_path: Path):
    command = [sys.executable, "-m", "cardhouse", "run", "--draws", "100000", "--keep", "draws", "--out", "long"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 200
    while not list(tmp_path.glob("long/manifest.json")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=250)
    assert process.returncode == 130, (out, err)
    assert out == ""
    assert "--resume long" in err
    assert "Traceback" not in err
    assert json.loads((tmp_path / "long" / "manifest.json").read_text())["state"] == "stopped"
    assert os.listdir(tmp_path) == ["long"]  # noqa: PTH208 names alone are compared
