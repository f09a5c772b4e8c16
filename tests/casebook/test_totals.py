"""Rows that repeat, announce or sum up money change no total; opening balances close."""

from __future__ import annotations

import csv
import datetime as dt
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardhouse.casebook.case import Case
from cardhouse.casebook.folder import find_case
from cardhouse.casebook.load import load_case
from cardhouse.facts.relation import RELATION_COLUMNS
from cardhouse.network.instrument import View
from cardhouse.network.matrices import EntityIndex, exposure_matrix, payment_matrix
from cardhouse.network.money import money_links


def totals(case: Case) -> dict[str, float]:
    snapshot = case.snapshot
    index = EntityIndex.of(snapshot)
    result = {}
    for view in View:
        counted = [item for item in snapshot.instruments if item.counts]
        result[f"exposure {view}"] = math.fsum(exposure_matrix(counted, index, view).central.ravel())
        result[f"payment {view}"] = math.fsum(payment_matrix(money_links(snapshot), index, view).central.ravel())
    for agent, items in snapshot.balances.items():
        result |= {f"{agent}.{item}": cell.value for item, cell in items.items() if cell.value is not None}
    assert all(math.isfinite(value) for value in result.values())
    return result


HEADLINE = {
    "id": "added__headline",
    "kind": "purchase_commitment",
    "holder": "oracle",
    "obligor": "openai",
    "headline": "777",
    "binding": "0",
    "status": "reported",
    "as_of": "2026-06-30",
    "basis": "reported",
    "source_title": "A headline",
    "source_url": "https://example.org/headline",
    "source_date": "2026-06-30",
    "tier": "secondary",
    "note": "the same money again",
}


@pytest.mark.parametrize(
    "cells",
    [
        {"tags": "overlap", "overlap_of": "openai__oracle__300"},
        {"tags": "aggregate"},
        {"tags": "superseded"},
        {"tags": "valuation", "kind": "equity_stake"},
        {"tags": "actual"},
        {"status": "letter_of_intent"},
        {"status": "rumoured"},
        {"status": "cancelled"},
        {"status": "reduced"},
    ],
)
def test_adding_a_headline_row_changes_no_total(tmp_path: Path, cells: dict[str, str]):
    folder = tmp_path / "case"
    shutil.copytree(find_case("ai_2026"), folder)
    before = totals(load_case(folder))
    with (folder / "relations.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, RELATION_COLUMNS, restval="", lineterminator="\n").writerow(HEADLINE | cells)
    after = load_case(folder)
    assert before == totals(after)
    assert "added__headline" in {item.id for item in after.snapshot.instruments}


def test_the_totals_do_move_when_a_contract_is_added(tmp_path: Path):
    folder = tmp_path / "case"
    shutil.copytree(find_case("ai_2026"), folder)
    before = totals(load_case(folder))
    with (folder / "relations.csv").open("a", encoding="utf-8", newline="") as file:
        row = HEADLINE | {"status": "signed", "binding": "7"}
        csv.DictWriter(file, RELATION_COLUMNS, restval="", lineterminator="\n").writerow(row)
    after = totals(load_case(folder))
    assert before["exposure headline"] + 777.0 == pytest.approx(after["exposure headline"], rel=1e-12)
    assert before["exposure binding"] + 7.0 == pytest.approx(after["exposure binding"], rel=1e-12)


def _sums(case: Case) -> Iterator[tuple[str, float, float]]:
    owners: dict[str, float] = {}
    for agent, items in case.snapshot.balances.items():
        cell = {item: found.value for item, found in items.items() if found.value is not None}
        for item, value in cell.items():
            if item.startswith("stake_in_"):
                owners[item] = owners.get(item, 0.0) + value
        if "debt_due_1y" in cell:
            debt = cell["debt_total"]
            yield f"{agent} ladder", debt, sum(value for item, value in cell.items() if item.startswith("debt_due_"))
            yield (
                f"{agent} lenders",
                debt,
                sum(value for item, value in cell.items() if item.startswith("debt_held_by")),
            )
            assets = ("cash", "strategic_stakes_book", "construction_in_progress", "chips_book", "shells_book")
            left = sum(cell[item] for item in (*assets, "other_property_book", "other_net_assets"))
            yield f"{agent} balance", cell["equity_book"] + debt + cell["lease_liabilities"], left
        elif "other_liabilities" not in cell:
            held = cell["cash"] + cell.get("ai_equity_held_total", 0.0) + cell.get("ai_debt_held_total", 0.0)
            yield f"{agent} assets", cell["total_assets"], held + cell["other_assets"]
    yield from ((item, 100.0, value) for item, value in owners.items())


@pytest.mark.parametrize("tier", ["all", "filing"])
@pytest.mark.parametrize(
    ("name", "day"), [("ai_2026", None), ("ai_2026", dt.date(2026, 2, 13)), ("three_firm_ring", None)]
)
def test_opening_balances_close(name: str, day: dt.date | None, tier: str):
    checked = 0
    for what, expected, found in _sums(load_case(name, day, tier)):
        assert math.isfinite(found), what
        assert expected == pytest.approx(found, rel=1e-9, abs=1e-9), what
        checked += 1
    assert checked > 10


def test_commitments_given_are_backlog_received():
    pairs = 0
    balances = load_case("ai_2026").snapshot.balances
    for giver, items in balances.items():
        for kind, received in (
            ("commitment_given_to_", "backlog_received_from_"),
            ("commitment_binding_to_", "backlog_binding_from_"),
        ):
            for item, cell in items.items():
                if item.startswith(kind):
                    other = balances[item.removeprefix(kind)][received + giver]
                    assert cell.value == other.value
                    pairs += 1
    assert pairs > 60


def test_an_opening_figure_spans_what_another_source_says(tmp_path: Path):
    folder = tmp_path / "ring"
    shutil.copytree(find_case("three_firm_ring"), folder)
    before = load_case(folder).snapshot.balances["cumulus"]["capex_plan_year"]
    assert (6.0, 6.0, 6.0) == (before.low, before.value, before.high)
    table = folder / "figures.csv"
    line = next(line for line in table.read_text().splitlines() if line.startswith("cumulus.capex"))
    second = line.replace("cumulus.capex.2025-12-31,", "second,").replace(",6,6,6,", ",8,8,8,")
    second = second.replace(",assumed,,,", ",assumed,,other_source,")
    table.write_text(table.read_text() + second + "\n")
    case = load_case(folder)
    after = case.snapshot.balances["cumulus"]["capex_plan_year"]
    assert (6.0, 6.0, 8.0) == (after.low, after.value, after.high)
    assert ["second"] == [name for name in case.register.conflicts[0].fact_ids if name == "second"]
