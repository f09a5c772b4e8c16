"""The teaching case, checked by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case
from cardhouse.network.instrument import InstrumentKind


@pytest.fixture(scope="module")
def ring() -> Case:
    return load_case("three_firm_ring")


def test_money_goes_round_from_the_chip_maker_to_the_chip_maker(ring: Case):
    amounts = {item.id: (item.headline.value, item.binding.value) for item in ring.snapshot.instruments}
    assert (10.0, 10.0) == amounts["anvil__beacon__stake"]
    assert (40.0, 24.0) == amounts["beacon__cumulus__compute"]
    assert (20.0, 12.0) == amounts["cumulus__anvil__chips"]
    assert (15.0, 15.0) == amounts["bank__cumulus__loan"]


def test_balances_are_those_worked_out_by_hand(ring: Case):
    cells = ring.snapshot.balances
    assert 0.0 == cells["anvil"]["other_net_assets"].value  # 43 + 5 - 30 - 10 - 8
    assert -2.0 == cells["cumulus"]["other_net_assets"].value  # 10 + 15 - 6 - 3 - 12 - 6
    assert 0.3 == cells["cumulus"]["interest_expense_quarter"].value  # 15 at 8 percent a year, a quarter of it
    assert 265.0 == cells["people"]["ai_equity_held_total"].value  # 200 + 0.8 x 50 + 25
    assert 235.0 == cells["people"]["other_assets"].value  # 600 - 100 - 265
    assert 20.0 == cells["bank"]["ai_debt_held_total"].value  # 15 + 5


def test_the_tranche_is_known_only_from_february(ring: Case):
    january = load_case("three_firm_ring", dt.date(2026, 1, 31))
    kinds = [{item.kind for item in case.snapshot.instruments} for case in (january, ring)]
    assert kinds[1] - kinds[0] == {InstrumentKind.CONDITIONAL_TRANCHE}


def test_the_case_says_that_its_numbers_are_made_up(ring: Case):
    assert "teaching" == ring.kind
    assert "made up" in ring.notes[0]
    assert all("made up" in fact.note.lower() for fact in ring.all_facts)
    assert {"assumed"} == {fact.basis.value for fact in ring.all_facts}
