"""The commands network, circularity and exposure: what they print, and how they end."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cardhouse.basics.errors import CardhouseError
from cardhouse.cli.main import app

COMMANDS = [
    ["network"],
    ["network", "show", "openai"],
    ["circularity"],
    ["circularity", "--estimates", "--length", "3"],
    ["exposure", "openai"],
    ["exposure", "coreweave", "--all"],
]


def run(*arguments: str, width: int = 100) -> str:
    result = CliRunner(env={"COLUMNS": str(width)}).invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert isinstance(result.exception, CardhouseError), result.output
    assert result.stdout == ""
    return str(result.exception)


@pytest.mark.parametrize("command", COMMANDS)
def test_tables_fit_into_100_columns(command: list[str]):
    before_sources = run(*command).split("\nSources\n")[0]
    assert max(len(line) for line in before_sources.splitlines()) <= 100


@pytest.mark.parametrize("command", COMMANDS)
def test_json_is_one_document_that_says_what_was_read(command: list[str]):
    arguments = [word for word in command if word != "--all"]
    document: dict[str, Any] = json.loads(run(*arguments, "--json", "--known-on", "2026-02-13"))
    assert (document["case"], document["known_on"], document["base_quarter"]) == ("ai_2026", "2026-02-13", "2025Q4")


def test_the_overview_counts_contracts_and_passes_its_checks():
    document = json.loads(run("network", "--json"))
    assert document["findings"] == []
    assert document["contracts"] >= 256
    assert document["checks"] >= 19


def test_the_filing_tier_shows_fewer_contracts():
    every, filings = (json.loads(run("network", "--json", "--tier", tier)) for tier in ("all", "filing"))
    assert 0 < filings["contracts"] < every["contracts"]


def test_a_firm_is_shown_with_both_sides_and_sources():
    document = json.loads(run("network", "show", "coreweave", "--json"))
    assert {row["obligor"] for row in document["owes_or_promised"]} == {"coreweave"}
    assert {row["holder"] for row in document["is_owed_or_owns"]} == {"coreweave"}
    text = run("network", "show", "coreweave")
    assert "22.4" in text
    assert "Sources" in text


def test_repeated_rows_are_shown_on_request():
    assert "[overlap]" not in run("network", "show", "openai")
    assert "[overlap]" in run("network", "show", "openai", "--all", width=120)


@pytest.mark.parametrize("name", ["csv", "json", "graphml", "parquet"])
def test_export_writes_the_format_that_ends_the_path(tmp_path: Path, name: str):
    document = json.loads(run("network", "--json", "--export", str(tmp_path / name)))
    assert document["written"]
    for path in document["written"]:
        assert Path(path).suffix == f".{name}"
        assert Path(path).stat().st_size > 0


def test_circularity_names_the_loop_between_a_cloud_and_a_laboratory():
    document = json.loads(run("circularity", "--json"))
    loops = {tuple(loop["firms"]): loop for loop in document["loops"]}
    loop = loops["amazon", "openai"]
    assert loop["headline"]["value"] == 50.0
    assert loop["conditional"]["value"] == 35.0
    assert loop["weakest_link"]["tier"] == "major_press"
    assert all(edge["contracts"][0]["sources"] for edge in loop["edges"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("exposure", "opnai"), "did you mean 'openai'"),
        (("network", "show", "opnai"), "did you mean 'openai'"),
        (("network", "--tier", "blog"), "--tier: 'blog': the tier is a word of the list. Known: all, filing."),
        (("network", "--known-on", "2026-13-01"), "--known-on: '2026-13-01'"),
        (("circularity", "--case", "no_such_case"), "no packaged case"),
        (("circularity", "--length", "1"), "loops have 2 to 8 firms"),
        (("network", "--export", "out/xlsx"), "the last part names a format"),
    ],
)
def test_bad_input_is_one_message(arguments: tuple[str, ...], message: str):
    assert message in refused(*arguments)
