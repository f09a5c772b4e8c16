"""What a user can type wrong is refused before anything is computed, with what, where, rule and remedy."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.simulation.toy import plan
from typer.testing import CliRunner

from cardhouse.basics.errors import CardhouseError, MissingExtraError
from cardhouse.casebook.load import load_case, parse_known_on
from cardhouse.cli.ledger import _blocks
from cardhouse.cli.main import app
from cardhouse.cli.tables import print_list
from cardhouse.simulation.run import start_run


@pytest.mark.parametrize(
    ("typed", "rule", "remedy"),
    [
        ("reverse --share 2", "--share: '2'", "above 0 and is at most 1"),
        ("reverse --share nan", "--share: 'nan'", "above 0 and is at most 1"),
        ("reverse --defaults 0", "--defaults: '0'", "Give 1 or more"),
        ("reverse --generations -1", "--generations: '-1'", "0 generations or more"),
        ("trace nvidia --figure x.doc", "--figure: 'x.doc'", ".png or .svg"),
        ("counterfactual --figure nowhere/x.png", "--figure: 'nowhere/x.png'", "there is no folder nowhere"),
        ("circularity --figure x.png", "--figure: 'x.png'", "--run"),
        ("ledger any --quarter 2027Q2 --xlsx x.doc", "--xlsx: 'x.doc'", ".xlsx"),
        ("runs export any x.pdf", "OUT: 'x.pdf'", ".csv, .nc"),
        ("run --seed -1", "--seed: '-1'", "from 0 to 2**63 - 1"),
        ("run PLATEU", "'PLATEU': there is no scenario", "Did you mean 'PLATEAU'? A file of your own ends in"),
        ("run --off zzz", "--off: 'zzz': there is no such gate", "all are in docs/reference/gates.md"),
        ("run --off marks", "--off: 'marks': there is no such gate", "Did you mean 'circular_marks'"),
        ("run --set zzz=1", "--set: 'zzz': there is no such parameter", "cardhouse facts gaps --parameters"),
        (
            "run --set adoption_ceiling=0.6..0.4",
            "--set: '0.6..0.4': a range begins with its lower end",
            "adoption_ceiling=0.4..0.6",
        ),
        (
            "run --set tax_rate=0.2 --set tax_rate=0.3",
            "--set: 'tax_rate': a parameter is set twice",
            "Give one value or one range",
        ),
        (
            "run --correlate tax_rate,adoption_ceiling=2",
            "a rank correlation lies between -1 and 1",
            "tax_rate,adoption_ceiling=0.4",
        ),
        ("run --correlate tax_rate=0.5", "a correlation joins two parameters", "first,second=0.4"),
        ("run --known-on 2010-01-01", "no opening balance", "choose a later day"),
        ("run --case telecom_1999", "cannot be run", "cardhouse circularity --case telecom_1999"),
        ("facts list --metric revenu", "no fact of case 'ai_2026' is a 'revenu'", "did you mean 'revenue'"),
    ],
)
def test_a_wrong_word_is_refused_with_its_remedy(typed: str, rule: str, remedy: str):
    result = CliRunner().invoke(app, typed.split())
    assert isinstance(result.exception, CardhouseError)
    assert rule in str(result.exception)
    assert remedy in str(result.exception)


def test_a_day_is_refused_in_one_sentence_and_a_remedy():
    with pytest.raises(CardhouseError) as caught:
        parse_known_on("yesterday")
    assert str(caught.value) == "--known-on: 'yesterday': not a date. Write a day as 2026-02-13."


def test_a_day_after_the_evidence_means_its_last_day():
    newest = load_case("three_firm_ring").known_on
    assert load_case("three_firm_ring", parse_known_on("2030-01-01")).known_on == newest


def test_names_of_runs_are_never_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "60")
    name = "a_case_with_a_long_name-PLATEAU+RUN08+STRAT-0123456789"
    start_run(plan(4), tmp_path / name)
    assert name in CliRunner().invoke(app, ["runs", "list", "--folder", str(tmp_path)]).stdout


def test_a_list_breaks_between_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "40")
    print_list(("name", "state"), [("a" * 35, "complete now")])
    shown = capsys.readouterr().out
    assert "a" * 35 in shown
    assert "complete" in shown


def test_a_matrix_is_divided_where_it_is_too_wide():
    widths = [6, 7, 8, 30, 5]
    blocks = _blocks(widths, 21)
    assert [place for block in blocks for place in block] == list(range(len(widths)))
    assert [sum(widths[place] for place in block) for block in blocks] == [21, 30, 5]


def test_the_long_table_has_the_columns_that_other_programs_expect(tmp_path: Path):
    start_run(plan(8), tmp_path / "one")
    out = tmp_path / "long.csv"
    assert CliRunner().invoke(app, ["runs", "export", "one", str(out), "--folder", str(tmp_path)]).exit_code == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["model", "scenario", "entity", "variable", "unit", "quarter", "value", "p10", "p90"]
    assert all(float(row["p10"]) <= float(row["value"]) <= float(row["p90"]) for row in rows)


def test_a_figure_without_matplotlib_is_refused_before_the_work(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    result = CliRunner().invoke(app, ["trace", "nvidia", "--figure", "x.png"])
    assert isinstance(result.exception, MissingExtraError)
    assert "./run python" in str(result.exception)
