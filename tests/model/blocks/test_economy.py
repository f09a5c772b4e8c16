"""Economy and levers in a small world."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import BANK, CLOUD, HOUSEHOLDS, LAB, PLATFORM, STATE, USERS, VEHICLE, VENTURE, Small

from cardhouse.model.blocks.circuit import close_circuit
from cardhouse.model.blocks.economy import update_economy
from cardhouse.model.blocks.levers import pull_levers
from cardhouse.model.world import ASSET_BACKED
from cardhouse.scenarios.variables import G_ABS_LIQUIDITY, G_BACKSTOP_AMOUNT, G_GDP_GAP


def economy(small: Small) -> None:
    update_economy(small.w, small.gate, small.par, small.shock, small.s)


def levers(small: Small) -> None:
    pull_levers(small.w, small.gate, small.par, small.shock, small.s, small.ledger)


def test_a_lasting_crash_reaches_three_point_two_cents_after_two_years(small: Small):
    small.s.index_before, small.s.index_value = 59000.0, 59000.0 - 20000.0 / 0.62
    economy(small)
    assert small.s.consumption_gap == pytest.approx(-0.032 * 20000.0 / 4.0 / 8.0)
    small.s.index_before = small.s.index_value
    for _ in range(12):
        economy(small)
    assert small.s.consumption_gap == pytest.approx(-160.0)
    assert small.s.gdp_gap == pytest.approx(-160.0 * 1.2 / 7750.0)


def test_gates_of_wealth_and_feedback(small: Small):
    small.s.index_value = 40000.0
    small.switch(wealth_effect=False)
    economy(small)
    assert small.s.consumption_gap == small.s.gdp_gap == 0.0
    small.switch(wealth_effect=True, output_feedback=False)
    economy(small)
    assert small.s.consumption_gap < 0.0
    assert small.s.gdp_gap == 0.0


def test_more_home_investment_lifts_output(small: Small):
    small.s.capex_reference = 100.0
    small.s.capex[PLATFORM] = 150.0
    economy(small)
    # 50 more than in the base quarter, of which 55 % are imported
    assert small.s.investment_gap == pytest.approx(22.5)
    assert small.s.gdp_gap == pytest.approx(22.5 * 1.2 / 7750.0)


def test_capacity_that_changes_hands_is_no_investment(small: Small):
    small.s.capex_reference = 100.0
    small.s.capex[PLATFORM], small.s.inherited_cost[PLATFORM] = 90.0, 30.0
    economy(small)
    assert small.s.investment_gap == pytest.approx(-40.0 * 0.45)


def test_a_scenario_adds_to_the_gap(small: Small):
    small.shock.common[G_GDP_GAP] = -0.02
    economy(small)
    assert small.s.gdp_gap == pytest.approx(-0.02)
    assert small.s.unemployment == pytest.approx(0.01)


def test_holders_lose_what_issuers_lose(small: Small):
    small.s.market_value_before[:] = small.s.market_value
    small.s.market_value[LAB] -= 100.0
    economy(small)
    assert small.s.equity_loss[VENTURE] == pytest.approx(11.0)
    assert small.s.equity_loss[PLATFORM] == pytest.approx(27.0)
    assert small.s.equity_loss[: small.w.agents].sum() == pytest.approx(100.0)


def test_classes_of_holders_share_the_whole_loss(small: Small):
    small.s.index_value = 58000.0
    economy(small)
    assert small.s.class_loss.sum() == pytest.approx(1000.0)
    assert small.s.class_loss[0] == pytest.approx(110.0)


def test_credit_losses_are_remembered(small: Small):
    small.s.lender_loss[BANK] = 7.0
    economy(small)
    assert small.s.credit_loss[BANK] == 7.0


def short_vehicle(small: Small) -> None:
    small.s.cash_mark[:] = small.s.cash
    small.s.position[VEHICLE] = -8.0
    small.s.maturing[VEHICLE] = 10.0
    small.s.rolled[VEHICLE] = 2.0


def test_without_a_lever_no_public_money_moves(small: Small):
    short_vehicle(small)
    levers(small)
    assert small.ledger.postings == 0


def test_a_backstop_covers_the_shortfall_of_asset_backed_borrowers(small: Small):
    short_vehicle(small)
    small.shock.common[G_BACKSTOP_AMOUNT] = 100.0
    levers(small)
    assert small.s.public_claim[VEHICLE] == pytest.approx(8.0)
    assert small.s.fiscal_cost == pytest.approx(8.0)
    assert small.s.cash[STATE] == pytest.approx(92.0)


def test_the_backstop_ends_with_its_amount(small: Small):
    short_vehicle(small)
    small.shock.common[G_BACKSTOP_AMOUNT] = 3.0
    levers(small)
    assert small.s.public_claim[VEHICLE] == pytest.approx(3.0)


def test_support_that_is_short_gives_every_firm_the_same_part(small: Small):
    short_vehicle(small)
    small.s.position[CLOUD] = -4.0
    small.s.debt_by_class[CLOUD, ASSET_BACKED] = 10.0
    small.shock.common[G_BACKSTOP_AMOUNT] = 3.0
    levers(small)
    assert small.s.public_claim[VEHICLE] == pytest.approx(2.0)
    assert small.s.public_claim[CLOUD] == pytest.approx(1.0)


def test_last_resort_lends_on_collateral_after_a_haircut(small: Small):
    short_vehicle(small)
    small.s.chips_economic[VEHICLE] = 5.0
    small.shock.common[G_ABS_LIQUIDITY] = 100.0
    levers(small)
    assert small.s.public_claim[VEHICLE] == pytest.approx(4.0)


def test_support_is_repaid_out_of_spare_cash(small: Small):
    small.s.public_claim[CLOUD] = 8.0
    small.s.fiscal_cost = 8.0
    levers(small)
    assert small.s.public_claim[CLOUD] == pytest.approx(7.0)
    assert small.s.fiscal_cost == pytest.approx(7.0)
    assert small.s.cash[HOUSEHOLDS] == 100.0


def test_the_gate_of_levers_stops_public_money(small: Small):
    short_vehicle(small)
    small.switch(levers=False)
    small.shock.common[G_BACKSTOP_AMOUNT] = 100.0
    levers(small)
    assert small.ledger.postings == 0


def in_quarter(small: Small, people: float, users: float) -> None:
    small.s.cash_start[:] = 100.0
    small.s.cash[HOUSEHOLDS], small.s.cash[USERS] = people, users
    close_circuit(small.w, small.s, small.ledger)


def test_the_government_owes_the_deposits_that_people_lack(small: Small):
    in_quarter(small, people=10.0, users=70.0)
    assert small.s.cash[USERS] == pytest.approx(100.0)
    assert small.s.cash[HOUSEHOLDS] == 0.0
    assert small.s.securities_issued == pytest.approx(20.0)
    assert small.s.cash[STATE] == pytest.approx(80.0)


def test_people_take_back_securities_when_they_have_deposits_again(small: Small):
    small.s.securities_issued = 20.0
    in_quarter(small, people=5.0, users=108.0)
    assert small.s.securities_issued == pytest.approx(7.0)
    assert small.s.cash[HOUSEHOLDS] == 0.0
    assert small.s.cash[STATE] == pytest.approx(113.0)


def test_nothing_is_issued_while_people_have_deposits(small: Small):
    in_quarter(small, people=50.0, users=70.0)
    assert small.s.securities_issued == 0.0
    assert small.s.cash[HOUSEHOLDS] == pytest.approx(20.0)
