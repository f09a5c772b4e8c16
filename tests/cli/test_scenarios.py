import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.basics.documents import read_document
from cardhouse.basics.errors import ScenarioError
from cardhouse.cli.main import app

RUNNER = CliRunner()


def call(*arguments: str):
    result = RUNNER.invoke(app, ["scenarios", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_list_names_all_packaged_scenarios():
    assert len(json.loads(call("list", "--json"))["scenarios"]) == 19
    assert "Dark fibre" in call("list")


def test_show_gives_reason_and_reference():
    record = json.loads(call("show", "labfail", "--json"))
    assert record["shocks"][0]["references"]
    assert "35 of Amazon's 50 billion" in " ".join(call("show", "LABFAIL").split())
    assert "No shock" in call("show", "BASE")


def test_show_lists_every_variable():
    assert len(json.loads(call("show", "--variables", "--json"))["variables"]) == 53


def test_check_reports_good_and_bad_files_and_fails(tmp_path: Path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: 1\nid: x\n")
    assert "good, 3 shocks" in call("check", "PLATEAU")
    with pytest.raises(ScenarioError, match=r"bad\.yaml:1: title: the key is missing"):
        call("check", "PLATEAU", str(bad))


def clashing(folder: Path) -> Path:
    path = folder / "mine.yaml"
    path.write_text(
        "format: 1\nid: mine\ntitle: Pilots\nstory: Pilots end.\nfirst_break: none\nreference: none\n"
        "includes:\n  - scenario: PLATEAU\nshocks:\n  - variable: pilot_success\n    start: q3\n    shape: step\n"
        "    size: 50 %\n    rationale: A test.\n",
        encoding="utf-8",
    )
    return path


def test_check_refuses_what_a_run_refuses(tmp_path: Path):
    path = str(clashing(tmp_path))
    with pytest.raises(ScenarioError, match="another shock sets it to") as caught:
        call("check", path)
    with pytest.raises(ScenarioError) as running:
        prepare(Request(scenarios=(path,))).paths()
    assert tuple(caught.value.problems) == tuple(running.value.problems)


def test_check_looks_at_the_case_it_is_told(tmp_path: Path):
    made = json.loads(call("new", "mine", "--folder", str(tmp_path), "--json"))
    with pytest.raises(ScenarioError, match="oracle"):
        call("check", made["file"], "--case", "three_firm_ring")


def test_new_writes_a_file_that_passes_check(tmp_path: Path):
    made = json.loads(call("new", "mine", "--folder", str(tmp_path), "--json"))
    assert "good, 5 shocks" in call("check", made["file"])


def test_schema_names_every_key_of_a_valid_file(tmp_path: Path) -> None:
    schema = json.loads(call("schema"))
    made = json.loads(call("new", "mine", "--folder", str(tmp_path), "--json"))
    document = read_document(Path(made["file"])).data
    assert set(document) <= set(schema["properties"])
    entry = schema["$defs"]["ShockEntry"]["properties"]
    for shock in document["shocks"]:
        assert set(shock) <= set(entry)
        assert shock["variable"] in entry["variable"]["enum"]
