"""Priors of a case: complete, inside the model's limits, and honest about support that a reading lacks."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path

import pytest

from cardhouse.basics.errors import CaseError
from cardhouse.casebook.folder import find_case
from cardhouse.casebook.gaps import parameter_gaps
from cardhouse.casebook.load import load_case
from cardhouse.casebook.priors import LOST_SUPPORT, PRIOR_COLUMNS
from cardhouse.casebook.records import citations, find, record_of
from cardhouse.model.parameters import PARAMETERS

FIRST = PARAMETERS[0]
Rows = list[dict[str, str]]


def rows_for_all() -> Rows:
    return [
        {
            "name": spec.name,
            "value": repr((spec.lower + spec.upper) / 2),
            "low": repr(spec.lower),
            "high": repr(spec.upper),
            "shape": "uniform",
            "unit": spec.unit,
            "block": spec.block,
            "basis": "assumed",
            "reason": "made up for this test",
        }
        for spec in PARAMETERS
    ]


def case_with(place: Path, rows: Rows) -> Path:
    folder = place / "ring"
    shutil.copytree(find_case("three_firm_ring"), folder)
    text = (folder / "case.yaml").read_text().replace("priors_from: ai_2026\n", "")
    (folder / "case.yaml").write_text(text)
    with (folder / "priors.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, PRIOR_COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_a_complete_table_gives_the_model_its_priors(tmp_path: Path):
    priors = load_case(case_with(tmp_path, rows_for_all())).priors
    assert tuple(spec.name for spec in PARAMETERS) == priors.names
    assert (FIRST.lower + FIRST.upper) / 2 == priors.value(FIRST.name)


def test_a_row_of_the_base_quarter_goes_before_the_general_one(tmp_path: Path):
    special = rows_for_all()[0] | {"base_quarter": "2025Q4", "value": repr(FIRST.upper)}
    other = rows_for_all()[0] | {"base_quarter": "2026Q1", "value": repr(FIRST.lower)}
    case = load_case(case_with(tmp_path, [*rows_for_all(), special, other]))
    assert FIRST.upper == case.priors.value(FIRST.name)


def test_a_missing_parameter_is_named(tmp_path: Path):
    with pytest.raises(CaseError, match=f"priors.csv: name: .*'{FIRST.name}' has none"):
        load_case(case_with(tmp_path, rows_for_all()[1:]))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"name": FIRST.name + "x"}, f"priors.csv:2: name: .*mean '{FIRST.name}'"),
        ({"unit": "bananas"}, "priors.csv:2: unit: 'bananas'"),
        ({"block": "Z"}, "priors.csv:2: block: 'Z'"),
        ({"value": repr(FIRST.upper * 2 + 1), "high": ""}, "priors.csv:2: value: .*at most"),
        ({"low": repr(FIRST.upper)}, "priors.csv:2: value: .*inside its range"),
        ({"shape": "bell"}, "priors.csv:2: shape: 'bell'"),
        ({"basis": "guess"}, "priors.csv:2: basis: 'guess'"),
        ({"reason": ""}, "priors.csv:2: reason: "),
        ({"low": "", "high": ""}, "priors.csv:2: low: an assumption has a range"),
        ({"fact_refs": "no.such.fact"}, "priors.csv:2: fact_refs: 'no.such.fact'"),
        ({"base_quarter": "2025"}, "priors.csv:2: base_quarter: '2025'"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, cells: dict[str, str], message: str):
    rows = rows_for_all()
    rows[0] |= cells
    with pytest.raises(CaseError, match=message):
        load_case(case_with(tmp_path, rows))


def test_a_prior_whose_fact_is_not_known_yet_is_assumed_and_says_so(tmp_path: Path):
    rows = rows_for_all()
    rows[0] |= {"basis": "reported", "fact_refs": "anvil__beacon__tranche"}
    folder = case_with(tmp_path, rows)
    now, before = load_case(folder), load_case(folder, dt.date(2026, 1, 31))
    assert ("reported", "assumed") == (now.priors.basis[0], before.priors.basis[0])
    assert before.priors.reason[0].startswith(LOST_SUPPORT)
    assert now.priors.low[0] == before.priors.low[0]
    assert any("1 parameter ranges" in note for note in before.notes)
    assert "prior" in now.fact_uses["anvil__beacon__tranche"][-1]


def test_a_case_without_priors_says_that_it_cannot_be_run(tmp_path: Path):
    folder = case_with(tmp_path, rows_for_all())
    (folder / "priors.csv").unlink()
    case = load_case(folder)
    assert not case.has_priors
    with pytest.raises(CaseError, match="cannot be run"):
        _ = case.priors


def test_a_parameter_can_be_looked_up_and_cited(tmp_path: Path):
    rows = rows_for_all()
    rows[0] |= {"basis": "reported", "fact_refs": "anvil__beacon__stake"}
    rows[1] |= {"basis": "literature", "source_title": "A paper", "source_url": "https://example.org/paper"}
    case = load_case(case_with(tmp_path, rows))
    first, second, third = (PARAMETERS[place].name for place in range(3))
    assert ["anvil__beacon__stake"] == [record["id"] for record in citations(case, first)]
    assert ["https://example.org/paper"] == [record["source"]["address"] for record in citations(case, second)]
    assert [] == citations(case, third)
    assert "made up for this test" == record_of(case, find(case, third))["reason"]
    assert {first, second}.isdisjoint(gap.item for gap in parameter_gaps(case))
    assert third in {gap.item for gap in parameter_gaps(case)}
