"""Wrong input of every kind ends in clear messages, all at once, and in nothing else."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardhouse.basics.errors import InputError, Problem
from cardhouse.casebook.folder import find_case
from cardhouse.casebook.inspect import inspect
from cardhouse.casebook.load import load_case
from cardhouse.cli.main import run

TABLES = ("entities.csv", "relations.csv", "figures.csv", "opening.csv")
Rows = list[dict[str, str]]


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """Copy the teaching case to a place where it can be spoiled."""
    return copy_ring(tmp_path)


def copy_ring(place: Path) -> Path:
    folder = place / "ring"
    shutil.copytree(find_case("three_firm_ring"), folder)
    return folder


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Rows) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


def change(folder: Path, table: str, row: int, **cells: str) -> None:
    rows = read(folder / table)
    rows[row].update(cells)
    write(folder / table, rows)


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_case(folder)
    assert caught.value.problems
    return [str(problem) for problem in caught.value.problems]


CELLS: list[tuple[str, int, dict[str, str], str]] = [
    ("relations.csv", 3, {"obligor": "cumulos"}, r"ring/relations.csv:5: obligor: 'cumulos': .*entity.*mean 'cumulus'"),
    (
        "relations.csv",
        3,
        {"headline": "-15", "headline_low": "", "binding": ""},
        r"relations.csv:5: headline: '-15': .*not negative",
    ),
    ("relations.csv", 3, {"headline": "1.5bn"}, r"relations.csv:5: headline: '1.5bn': .*digits"),
    ("relations.csv", 3, {"headline": "nan"}, r"relations.csv:5: headline: 'nan': .*digits"),
    ("relations.csv", 3, {"headline": "1e999", "headline_high": ""}, r"relations.csv:5: headline: '1e999': .*finite"),
    ("relations.csv", 3, {"start": "01.06.2025"}, r"relations.csv:5: start: '01.06.2025': .*not a date"),
    ("relations.csv", 3, {"start": "2025-02-30"}, r"relations.csv:5: start: '2025-02-30': .*no day 30"),
    ("relations.csv", 3, {"end": "2024-12-31"}, r"relations.csv:5: end: '2024-12-31': .*does not end before it starts"),
    ("relations.csv", 0, {"percent": "120"}, r"relations.csv:2: percent: '120': .*at most 100"),
    (
        "relations.csv",
        3,
        {"basis": "reported"},
        r"relations.csv:5: source_title: .*empty.*without a source is an assumption",
    ),
    (
        "relations.csv",
        3,
        {"source_title": "A page", "source_url": "example"},
        r"relations.csv:5: source_url: 'example': .*http",
    ),
    ("relations.csv", 3, {"kind": "lown"}, r"relations.csv:5: kind: 'lown': .*word of the list.*'loan'"),
    ("relations.csv", 3, {"status": "agreed"}, r"relations.csv:5: status: 'agreed': .*word of the list"),
    ("relations.csv", 3, {"tags": "overlapping"}, r"relations.csv:5: tags: 'overlapping': .*'overlap'"),
    ("relations.csv", 3, {"id": "Bank Loan"}, r"relations.csv:5: id: 'Bank Loan': .*lower-case"),
    ("relations.csv", 3, {"obligor": "bank"}, r"relations.csv:5: obligor: 'bank': nobody has a contract with itself"),
    ("relations.csv", 3, {"binding": "16"}, r"relations.csv:5: binding: '16': a part is not larger than the headline"),
    ("relations.csv", 3, {"headline_low": "16"}, r"relations.csv:5: headline: .*inside its range"),
    ("relations.csv", 3, {"note": ""}, r"relations.csv:5: note: an assumption has a reason"),
    ("relations.csv", 3, {"headline_low": ""}, r"relations.csv:5: headline_low: an assumption has a range"),
    ("relations.csv", 3, {"note": "=1+1"}, r"relations.csv:5: note: '=1\+1': .*spreadsheet formula"),
    ("relations.csv", 1, {"take_or_pay_share": "1.2"}, r"relations.csv:3: take_or_pay_share: '1.2': .*at most 1"),
    (
        "relations.csv",
        3,
        {"overlap_of": "bank__anvil__loan"},
        r"relations.csv:5: overlap_of: .*carries the tag overlap",
    ),
    (
        "relations.csv",
        3,
        {"tags": "overlap", "overlap_of": "x"},
        r"relations.csv:5: overlap_of: 'x': .*contract of relations.csv",
    ),
    ("relations.csv", 5, {"trigger": "nobody"}, r"relations.csv:7: trigger: 'nobody': .*entity"),
    ("figures.csv", 0, {"unit": "gw"}, r"figures.csv:2: unit: 'gw': revenue is stated in usd_bn"),
    ("figures.csv", 0, {"value": "-6", "low": "-6"}, r"figures.csv:2: value: '-6': .*not negative"),
    ("figures.csv", 0, {"metric": "revenu"}, r"figures.csv:2: metric: 'revenu': .*mean 'revenue'"),
    ("figures.csv", 0, {"value": "", "low": ""}, r"figures.csv:2: value: a figure or both ends"),
    (
        "figures.csv",
        0,
        {"formula": "x1 / 2", "inputs": "bank__cumulus__loan"},
        r"figures.csv:2: value: '6.0': the formula gives 7.5",
    ),
    ("figures.csv", 0, {"formula": "open(1)"}, r"figures.csv:2: formula: .*numbers, names"),
    ("figures.csv", 0, {"inputs": "no.such.fact"}, r"figures.csv:2: inputs: 'no.such.fact': an input names a fact"),
    ("figures.csv", 0, {"id": "x", "unused": ""}, r"figures.csv:2: unused: a row that nothing rests on says why"),
    (
        "figures.csv",
        0,
        {"id": "bank__anvil__loan"},
        r"figures.csv:2: id: 'bank__anvil__loan': .*stands also in ring/relations.csv:6",
    ),
    (
        "figures.csv",
        0,
        {
            "basis": "reported",
            "tier": "filing",
            "source_title": "A",
            "source_url": "https://a.org",
            "source_date": "2025-11",
        },
        r"figures.csv:2: as_of: '2025-12-31': a page cannot report a later day",
    ),
    ("entities.csv", 0, {"id": "beacon"}, r"entities.csv:3: id: 'beacon': .*stands also in line 2"),
    ("entities.csv", 0, {"role": "chipper"}, r"entities.csv:2: role: 'chipper': .*'chips'"),
    ("entities.csv", 0, {"parent": "anvill"}, r"entities.csv:2: parent: 'anvill': .*'anvil'"),
    ("entities.csv", 0, {"agent": "nobody"}, r"entities.csv:2: agent: 'nobody': "),
    ("entities.csv", 0, {"aggregate": "maybe"}, r"entities.csv:2: aggregate: 'maybe': it is yes or no"),
    ("opening.csv", 0, {"item": "cahs"}, r"opening.csv:2: item: 'cahs': .*mean 'cash'"),
    ("opening.csv", 0, {"unit": "usd"}, r"opening.csv:2: unit: 'usd': cash is stated in usd_bn"),
    ("opening.csv", 0, {"agent": "anvill"}, r"opening.csv:2: agent: 'anvill': .*'anvil'"),
    ("opening.csv", 0, {"quarter": "2025Q5"}, r"opening.csv:2: quarter: '2025Q5': .*base quarter"),
    ("opening.csv", 0, {"low": ""}, r"opening.csv:2: low: an assumption has a range"),
    ("opening.csv", 0, {"reason": ""}, r"opening.csv:2: reason: .*says why"),
    ("opening.csv", 0, {"value": "31", "high": "31"}, r"opening.csv:\d+: .*the formula gives"),
    ("opening.csv", 0, {"formula": "cash"}, r"opening.csv:2: formula: 'cash': the formulas run in a circle"),
    ("opening.csv", 0, {"formula": "__import__('os')"}, r"opening.csv:2: formula: .*numbers, names"),
    ("opening.csv", 0, {"formula": "cash.__class__"}, r"opening.csv:2: formula: .*no agent 'cash'"),
    ("opening.csv", 0, {"formula": "1 / 0"}, r"opening.csv:2: formula: .*divides by zero"),
    (
        "opening.csv",
        0,
        {"fact_refs": "no.such.fact"},
        r"opening.csv:2: fact_refs: 'no.such.fact': a reference names a fact",
    ),
    (
        "opening.csv",
        0,
        {"fact_refs": "anvil__beacon__tranche"},
        r"opening.csv:2: fact_refs: .*became known on 2026-02-10",
    ),
    ("opening.csv", 0, {"basis": "reported"}, r"opening.csv:2: source_title: .*reported has a source"),
]


@pytest.mark.parametrize(("table", "row", "cells", "message"), CELLS, ids=[f"{t[0]}-{i}" for i, t in enumerate(CELLS)])
def test_a_wrong_cell_is_named_with_place_value_rule_and_remedy(
    ring: Path, table: str, row: int, cells: dict[str, str], message: str
):
    change(ring, table, row, **cells)
    text = "\n".join(problems_of(ring))
    assert re.search(message, text), text


def _spoil_empty(path: Path) -> None:
    path.write_text("")


def _spoil_binary(path: Path) -> None:
    path.write_bytes(b"\x00\x01\x02" * 50)


def _spoil_encoding(path: Path) -> None:
    path.write_bytes(path.read_bytes() + "é".encode("latin-1"))


def _spoil_size(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(100_000_000)


def _spoil_absent(path: Path) -> None:
    path.unlink()


def _spoil_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("name", [*TABLES[:3], "case.yaml"])
@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_spoil_empty, "empty"),
        (_spoil_binary, "binary"),
        (_spoil_encoding, "UTF-8"),
        (_spoil_size, "limit"),
        (_spoil_folder, "not a file|no case.yaml"),
    ],
)
def test_an_unreadable_file_is_one_clear_message(ring: Path, name: str, spoil: Callable[[Path], None], rule: str):
    spoil(ring / name)
    text = "\n".join(problems_of(ring))
    assert re.search(rule, text), text
    assert len(text.splitlines()) < 40


@pytest.mark.parametrize("name", TABLES[:3])
def test_a_missing_table_is_named(ring: Path, name: str):
    _spoil_absent(ring / name)
    assert any(f"ring/{name}: there is no such file" in line for line in problems_of(ring))


YAML = [
    ("colour: blue\n", r"case.yaml:\d+: colour: there is no such key"),
    ("limits: &a [x]\n", r"case.yaml:\d+: .*no anchor"),
    ("more: !!python/object x\n", r"case.yaml:\d+: .*no tag"),
    ("name: twice\n", r"case.yaml:\d+"),
    ("\tx: y\n", r"case.yaml:\d+: .*not valid YAML"),
]


@pytest.mark.parametrize(("line", "message"), YAML)
def test_case_yaml_refuses_what_it_does_not_know(ring: Path, line: str, message: str):
    path = ring / "case.yaml"
    path.write_text(path.read_text() + line)
    assert re.search(message, "\n".join(problems_of(ring)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: teaching", "kind: legend", "kind"),
        ("collected_until: 2026-03-31", "collected_until: 2026-03-41", "collected_until"),
        ("quarter: 2025Q4", "quarter: 2025Q9", "quarter"),
        ("quarter: 2025Q4", "quarter: 2025Q3", "opening"),
        ("known_from: 2026-01-31", "known_from: 2027-01-31", "collection ended"),
        ("- figures.csv", "- ../figures.csv", "case folder"),
        ("priors_from: ai_2026", "priors_from: ai_2062", "packaged case"),
        ("  value: 0", "  value: -3", "reporting_lag_days.value: '-3'"),
        ("  value: 0", "  value: .nan", "reporting_lag_days.value"),
        ("  value: 25", "  value: 60", "inside its range"),
        ("  high: 50", "  high: 500", "at most 100 percent"),
        ("  reason: Made up for teaching.\n", "", "range_of_lost_support_percent.reason: the key is missing"),
    ],
)
def test_case_yaml_names_a_wrong_value(ring: Path, old: str, new: str, message: str):
    path = ring / "case.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert message in "\n".join(problems_of(ring))


def test_unknown_and_missing_columns_are_named(ring: Path):
    rows = [{("colour" if key == "note" else key): cell for key, cell in row.items()} for row in read(ring / TABLES[1])]
    write(ring / TABLES[1], rows)
    text = "\n".join(problems_of(ring))
    assert "relations.csv:1: note: the column is missing" in text
    assert "relations.csv:1: colour: there is no such column" in text


def test_all_problems_of_all_files_come_at_once(ring: Path):
    change(ring, "relations.csv", 0, percent="120", status="agreed")
    change(ring, "relations.csv", 3, start="2025-02-30")
    change(ring, "figures.csv", 0, unit="gw")
    change(ring, "entities.csv", 4, role="banker")
    lines = problems_of(ring)
    assert 5 == len(lines)
    assert ["entities.csv:6", "relations.csv:2", "relations.csv:2", "relations.csv:5", "figures.csv:2"] == [
        line.split(": ")[0].removeprefix("ring/") for line in lines
    ]


def test_the_command_ends_with_code_2_and_one_message(
    ring: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    change(ring, "relations.csv", 0, percent="120")
    before = sorted(ring.rglob("*"))
    monkeypatch.setattr(sys, "argv", ["cardhouse", "facts", "check", str(ring)])
    with pytest.raises(SystemExit) as left:
        run()
    shown = capsys.readouterr()
    assert 2 == left.value.code
    assert "" == shown.out
    assert "relations.csv:2: percent: '120'" in shown.err
    assert "Traceback" not in shown.err
    assert before == sorted(ring.rglob("*"))


def _check_quietly(path: Path) -> None:
    problems: Sequence[Problem] = ()
    counts: dict[str, int] = {}
    try:
        counts = inspect(str(path)).counts
    except InputError as error:
        problems = error.problems
    assert bool(counts) != bool(problems)
    for problem in problems:
        assert problem.file
        assert problem.rule


ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["-1", "1e400", "nan", "inf", "2025-02-30", "=cmd|' /C calc'!A0", "a;b", "..", "0x10", "١٢", "1,5", " "]
    ),
    st.floats(allow_nan=True).map(str),
)


@given(
    table=st.sampled_from([*TABLES, "priors.csv"]), spot=st.tuples(st.integers(0, 400), st.integers(0, 30)), text=ODD
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_random_cell_never_ends_in_anything_but_a_message(
    tmp_path_factory: pytest.TempPathFactory, table: str, spot: tuple[int, int], text: str
):
    folder = copy_ring(tmp_path_factory.mktemp("case"))
    rows = read(folder / table)
    row = rows[spot[0] % len(rows)]
    row[list(row)[spot[1] % len(row)]] = text
    write(folder / table, rows)
    _check_quietly(folder)


@given(
    name=st.sampled_from([*TABLES, "priors.csv", "case.yaml"]), cut=st.integers(0, 5000), insert=st.binary(max_size=12)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_never_end_in_anything_but_a_message(
    tmp_path_factory: pytest.TempPathFactory, name: str, cut: int, insert: bytes
):
    folder = copy_ring(tmp_path_factory.mktemp("case"))
    content = (folder / name).read_bytes()
    place = cut % len(content)
    (folder / name).write_bytes(content[:place] + insert + content[place + len(insert) // 2 :])
    _check_quietly(folder)


@given(data=st.data(), table=st.sampled_from([*TABLES, "priors.csv"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lost_doubled_and_shuffled_rows_never_end_in_anything_but_a_message(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, table: str
):
    folder = copy_ring(tmp_path_factory.mktemp("case"))
    rows = read(folder / table)
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=len(rows) + 2))
    write(folder / table, [rows[place] for place in chosen])
    _check_quietly(folder)
