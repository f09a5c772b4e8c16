"""What happens before a default, and what counts as one: support of tenants, balance sheets of vehicles, the re-run."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import BANK, CHIP, CLOUD, LAB, VEHICLE, Small

from cardhouse.model.blocks.bridging import bridge_shortfalls, net_positions
from cardhouse.model.blocks.compute_market import match_demand
from cardhouse.model.blocks.default import judge_solvency
from cardhouse.model.chunk import fund_on_fundamentals
from cardhouse.model.ledger import Kind, along, owe, tag_of
from cardhouse.model.shares import add_stake
from cardhouse.scenarios.variables import (
    E_OUTSIDE_EQUITY,
    E_REVENUE_SHIFT,
    G_ADOPTION_CEILING,
    G_CREDIT_SPREAD,
    G_LENDING_STANDARD,
    G_VENTURE_GATE,
)

INTEREST = tag_of(Kind.INTEREST, "G0")


def short_vehicle(small: Small) -> None:
    """Let the cloud's vehicle owe ten more than it has."""
    small.w.sponsor_of[:] = -1
    small.w.sponsor_of[VEHICLE] = CLOUD
    small.s.cash[VEHICLE] = 5.0
    owe(small.ledger, VEHICLE, BANK, INTEREST, 15.0)


def bridge(small: Small) -> None:
    net_positions(small.w, small.s, small.ledger)
    bridge_shortfalls(small.w, small.gate, small.par, small.s, small.ledger)


def test_a_tenant_keeps_the_vehicle_alive_whose_site_it_needs(small: Small):
    short_vehicle(small)
    small.s.cash_floor[CLOUD] = 40.0
    bridge(small)
    assert small.s.cash[VEHICLE] == pytest.approx(15.0)
    assert small.s.cash[CLOUD] == pytest.approx(90.0)
    assert small.s.support_given[CLOUD] == pytest.approx(10.0)


def test_a_tenant_gives_no_more_than_it_can_spare(small: Small):
    short_vehicle(small)
    small.s.cash_floor[CLOUD] = 190.0
    bridge(small)
    assert small.s.cash[CLOUD] == pytest.approx(95.0)


@pytest.mark.parametrize("reason", ["idle", "gate", "failed"])
def test_no_support_for_a_site_that_is_not_needed_or_cannot_be_saved(small: Small, reason: str):
    short_vehicle(small)
    if reason == "idle":
        small.s.load[CLOUD] = 0.5 * small.s.capacity[CLOUD]
    elif reason == "gate":
        small.switch(tenant_support=False)
    else:
        small.s.status[CLOUD] = 3
    bridge(small)
    assert small.s.cash[VEHICLE] == pytest.approx(5.0)


def test_a_guarantee_pays_for_an_idle_site_until_it_is_used_up(small: Small):
    short_vehicle(small)
    small.s.load[CLOUD] = 0.0
    small.w.guarantees[CLOUD] = 7.0
    bridge(small)
    assert small.s.cash[CLOUD] == pytest.approx(93.0)
    assert small.s.support_given[CLOUD] == pytest.approx(7.0)


@pytest.mark.parametrize("case", ["support", "time", "plans"])
def test_net_positions_are_kept_as_money_is_raised(small: Small, case: str):
    short_vehicle(small)
    small.s.cash_floor[CLOUD] = 40.0
    if case == "time":
        small.s.cash[LAB] = 1.0
        owe(small.ledger, LAB, CLOUD, along(tag_of(Kind.COMPUTE_RENT, "D1"), 0), 60.0)
    elif case == "plans":
        small.s.payout[CHIP] = 5.0
        small.s.cash[CHIP] = 2.0
        owe(small.ledger, CHIP, BANK, tag_of(Kind.PAYOUT, "E4b"), 5.0)
    net_positions(small.w, small.s, small.ledger)
    before = small.s.net_position[:5].copy()
    bridge(small)
    kept = small.s.net_position[:5].copy()
    net_positions(small.w, small.s, small.ledger)
    assert (kept != before).any()
    assert kept == pytest.approx(small.s.net_position[:5], abs=1e-12)


def test_firms_fail_by_their_balance_sheet_and_vehicles_do_not(small: Small):
    small.par.solvency_quarters = 2.0
    for i in (CLOUD, VEHICLE):
        small.s.cash[i] = small.s.chips_economic[i] = small.s.shells_book[i] = small.s.own_value[i] = 0.0
        small.s.expected_ebitda[i] = 0.0
    for _ in range(3):
        for i in (CLOUD, VEHICLE):
            judge_solvency(small.w, small.par, small.s, i, -1)
    assert small.s.new_default[CLOUD] == 1
    assert small.s.new_default[VEHICLE] == 0


@pytest.mark.parametrize(("stake", "quarters"), [(0.0, 1), (0.002, 1), (0.003, 0)])
def test_stakes_count_for_a_firm_that_is_under_water_without_them(small: Small, stake: float, quarters: int):
    # debt of 100 against a going concern of 90: stakes of more than 10 keep it afloat
    small.s.cash[CLOUD] = small.s.chips_economic[CLOUD] = small.s.shells_book[CLOUD] = small.s.own_value[CLOUD] = 0.0
    small.s.expected_ebitda[CLOUD] = 0.0
    add_stake(small.s, (CLOUD, CHIP), stake)
    judge_solvency(small.w, small.par, small.s, CLOUD, -1)
    assert small.s.under_water[CLOUD] == quarters


def test_the_rerun_takes_out_what_financiers_do_and_leaves_demand(small: Small):
    for variable, size in ((G_CREDIT_SPREAD, 0.04), (G_LENDING_STANDARD, 0.8), (G_VENTURE_GATE, 0.1)):
        small.shock.common[variable] = size
    small.shock.common[G_ADOPTION_CEILING] = 0.45
    small.shock.entity[E_OUTSIDE_EQUITY, :] = 0.05
    small.shock.entity[E_REVENUE_SHIFT, LAB] = 0.7
    small.s.sentiment, small.s.lending_standard_own, small.s.market_spread_own = -0.6, 0.5, 0.03
    fund_on_fundamentals(small.shock, small.s)
    assert [small.shock.common[v] for v in (G_CREDIT_SPREAD, G_LENDING_STANDARD, G_VENTURE_GATE)] == [0.0, 0.0, 1.0]
    assert small.shock.entity[E_OUTSIDE_EQUITY, LAB] == 1.0
    assert small.shock.common[G_ADOPTION_CEILING] == 0.45
    assert small.shock.entity[E_REVENUE_SHIFT, LAB] == 0.7
    assert (small.s.sentiment, small.s.lending_standard_own, small.s.market_spread_own) == (0.0, 0.0, 0.0)


def spot_of_lab(small: Small, cash: float) -> float:
    """Return the spot compute that the lab orders with so much money, after a quarter in which it saved."""
    small.par.training_growth = 0.0
    small.s.revenue_per_gw_year, small.s.spot_price = 10.0, 20.0
    small.s.capacity_total = 7.6
    small.s.cash[LAB], small.s.ebitda[LAB], small.s.interest_paid[LAB] = cash, 0.1, 0.0
    small.s.end_user_sales[LAB], small.s.training_start[LAB] = 5.0, 4.0
    small.s.spot_use[LAB] = 0.0
    small.s.load[:] = 0.0
    match_demand(small.w, small.gate, small.par, small.shock, small.s)
    return float(small.s.lab_demand[LAB])


def test_a_lab_that_saved_by_not_training_does_not_order_what_it_cannot_pay(small: Small):
    rich = spot_of_lab(small, 1000.0)
    assert rich == pytest.approx(2.0 + 4.0)
    poor = spot_of_lab(small, 3.0)
    assert poor * 20.0 / 4.0 < 3.0


def test_sales_that_pay_are_served_whatever_the_runway(small: Small):
    assert spot_of_lab(small, 0.0) == pytest.approx(0.0)
    small.s.spot_price, small.s.end_user_sales[LAB] = 5.0, 5.0
    match_demand(small.w, small.gate, small.par, small.shock, small.s)
    assert small.s.lab_demand[LAB] == pytest.approx(2.0)
