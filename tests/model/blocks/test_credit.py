"""Credit in a small world: terms, rollover and runs, covenants, margin calls, ratings that lag."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import BANK, CLOUD, LAB, PLATFORM, SPONSOR, VEHICLE, VENTURE, Small

from cardhouse.model.blocks.credit import owe_debt_service, set_terms, update_credit
from cardhouse.model.blocks.rollover import going_concern_multiple, roll_over_and_borrow
from cardhouse.scenarios.variables import (
    E_CREDIT_ACCESS,
    E_FIRM_SPREAD,
    E_FORCED_BOND_SALE,
    E_RATING_NOTCHES,
    G_CREDIT_SPREAD,
    G_POLICY_RATE,
    G_ROLLOVER_ATTENTION,
    G_ROLLOVER_SHARE,
    G_STANDSTILL,
)


def terms(small: Small) -> None:
    set_terms(small.w, small.gate, small.par, small.shock, small.s)


def roll(small: Small) -> None:
    terms(small)
    owe_debt_service(small.w, small.s, small.ledger)
    roll_over_and_borrow(small.w, small.gate, small.par, small.shock, small.s, small.ledger)


def update(small: Small) -> None:
    update_credit(small.w, small.gate, small.par, small.shock, small.s)


def test_a_bbb_firm_below_the_leverage_reference_pays_the_bucket_spread(small: Small):
    small.s.debt_total[CLOUD] = 90.0
    terms(small)
    assert small.s.spread[CLOUD] == pytest.approx(0.019)


def test_spread_shocks_reach_one_firm_or_all(small: Small):
    terms(small)
    before = small.s.spread[PLATFORM]
    small.shock.entity[E_FIRM_SPREAD, CLOUD] = 0.03
    small.shock.common[G_CREDIT_SPREAD] = 0.01
    terms(small)
    assert small.s.market_spread == pytest.approx(0.01)
    assert small.s.spread[PLATFORM] == pytest.approx(before + 0.01)
    assert small.s.spread[CLOUD] > 0.019 + 0.04 - 1e-12


def test_floating_debt_follows_the_policy_rate_and_bonds_do_not(small: Small):
    small.shock.common[G_POLICY_RATE] = 0.02
    terms(small)
    assert small.s.interest_rate[VEHICLE] == pytest.approx(0.075)
    assert small.s.interest_rate[CLOUD] == pytest.approx(0.055)


def test_an_investment_grade_cloud_borrows_on_earnings_and_contracts(small: Small):
    # neither buyer is strong: both contracts are with a lab rated CCC, so nothing is lent on them
    terms(small)
    assert small.s.debt_capacity[CLOUD] == pytest.approx(9.0 * 24.0)
    small.s.rating[LAB] = small.s.rating_own[LAB] = 8.0
    small.s.scheduled[1] = 1.0
    terms(small)
    assert small.s.debt_capacity[CLOUD] == pytest.approx(9.0 * (24.0 + 0.5 * (8.0 - 4.0)))


def test_a_vehicle_borrows_no_more_than_its_collateral(small: Small):
    small.s.ebitda[VEHICLE] = 10.0
    terms(small)
    assert small.s.debt_capacity[VEHICLE] == pytest.approx(0.75 * 20.0)


def test_a_lab_that_loses_money_gets_no_debt(small: Small):
    terms(small)
    assert small.s.debt_capacity[LAB] == 0.0


def test_access_and_the_gate_of_limits(small: Small):
    small.shock.entity[E_CREDIT_ACCESS, PLATFORM] = 0.4
    terms(small)
    assert small.s.debt_capacity[PLATFORM] == pytest.approx(0.4 * 3.0 * 180.0)
    small.switch(credit_limit=False)
    terms(small)
    assert small.s.debt_capacity[PLATFORM] > 1e6


def test_calm_creditors_roll_almost_everything(small: Small):
    roll(small)
    assert small.s.maturing[CLOUD] == pytest.approx(5.0)
    assert 0.9 * 5.0 < small.s.rolled[CLOUD] <= 5.0


def test_an_attentive_crowd_runs_on_a_firm_without_liquidity(small: Small):
    small.shock.common[G_ROLLOVER_ATTENTION] = 1.0
    small.s.cash[CLOUD] = 0.0
    small.s.expected_ebitda[CLOUD] = 0.5
    small.s.chips_economic[CLOUD] = small.s.shells_book[CLOUD] = 0.0
    roll(small)
    assert small.s.rolled[CLOUD] < 0.05
    assert small.s.default_probability[CLOUD] > 0.5


def test_the_same_crowd_rolls_for_a_firm_with_liquidity(small: Small):
    small.shock.common[G_ROLLOVER_ATTENTION] = 1.0
    small.par.outside_return = 0.02
    roll(small)
    assert small.s.liquidity_cover[PLATFORM] == 1.0
    assert small.s.rolled[PLATFORM] > 0.5 * small.s.maturing[PLATFORM]


@pytest.mark.parametrize("way", ["gate", "standstill", "rerun"])
def test_a_run_is_stopped_by_gate_standstill_or_the_rerun_of_the_quarter(small: Small, way: str):
    small.shock.common[G_ROLLOVER_ATTENTION] = 1.0
    small.s.cash[CLOUD] = 0.0
    if way == "gate":
        small.switch(rollover_run=False)
    elif way == "standstill":
        small.shock.common[G_STANDSTILL] = 1.0
    else:
        small.s.full_rollover = 1.0
    roll(small)
    assert small.s.rolled[CLOUD] == pytest.approx(small.s.maturing[CLOUD])


def test_a_scenario_can_ration_rollover(small: Small):
    small.switch(rollover_run=False)
    small.shock.common[G_ROLLOVER_SHARE] = 0.8
    roll(small)
    assert small.s.rolled[CLOUD] == pytest.approx(4.0)


def test_new_debt_is_need_or_room_and_comes_from_lenders(small: Small):
    small.switch(rollover_run=False)
    small.s.cash_need[CLOUD] = 30.0
    roll(small)
    assert small.s.new_debt[CLOUD] == pytest.approx(30.0)
    assert small.s.cash[CLOUD] == pytest.approx(100.0 + 30.0 + 5.0)
    assert small.s.cash[BANK] < 100.0


def test_the_three_views_of_a_debt_stay_equal(small: Small):
    small.s.cash_need[CLOUD] = 30.0
    roll(small)
    total = small.s.debt_total[CLOUD]
    assert small.s.debt[CLOUD].sum() == pytest.approx(total)
    assert small.s.debt_by_lender[CLOUD, :1].sum() == pytest.approx(total)
    assert small.s.debt_by_class[CLOUD].sum() == pytest.approx(total)


def test_a_sponsor_over_its_limit_sells_assets_and_repays(small: Small):
    small.s.debt_total[SPONSOR] = small.s.debt_by_lender[SPONSOR, 0] = 300.0
    small.s.debt[SPONSOR, 1:21] = 15.0
    small.s.debt_by_class[SPONSOR, 0] = 300.0
    call = 200.0 - 0.35 * 255.0
    roll(small)
    assert small.s.other_net_assets[SPONSOR] == pytest.approx(200.0 - 100.0)
    assert small.s.debt_total[SPONSOR] <= 300.0 - call + small.s.rolled[SPONSOR] + 1e-9
    assert small.s.cash[VENTURE] < 100.0


def test_no_margin_call_without_its_gate(small: Small):
    small.switch(margin_loans=False)
    small.s.debt_total[SPONSOR] = 300.0
    roll(small)
    assert small.s.other_net_assets[SPONSOR] == 200.0


def test_ratings_follow_the_accounts_one_notch_a_quarter(small: Small):
    terms(small)
    update(small)
    assert small.s.rating[CLOUD] == pytest.approx(8.0)
    small.s.ebitda[CLOUD] = 1.0
    update(small)
    assert small.s.rating[CLOUD] == pytest.approx(9.0)
    update(small)
    assert small.s.rating[CLOUD] == pytest.approx(10.0)


def test_a_fall_below_investment_grade_forces_sales(small: Small):
    terms(small)
    update(small)
    small.s.rating_own[CLOUD] = small.s.rating[CLOUD] = 9.0
    small.s.ebitda[CLOUD] = 1.0
    update(small)
    assert small.s.angel_spread[CLOUD] == pytest.approx(0.01 * 0.2 * 100.0 / 20.0)


def test_a_scenario_can_downgrade_and_force_sales(small: Small):
    small.shock.entity[E_RATING_NOTCHES, CLOUD] = -2.0
    small.shock.entity[E_FORCED_BOND_SALE, CLOUD] = 0.5
    terms(small)
    assert small.s.rating[CLOUD] == 10.0
    update(small)
    assert small.s.rating[CLOUD] == 10.0
    assert small.s.angel_spread[CLOUD] == pytest.approx(0.025)


def test_a_year_of_failed_tests_in_a_row_is_an_event_of_default(small: Small):
    terms(small)
    update(small)
    assert small.s.covenant_event[VEHICLE] == 0.0
    small.s.ebitda[VEHICLE] = 0.5
    for strikes in (1, 2, 3):
        update(small)
        assert small.s.covenant_event[VEHICLE] == 0.0
        assert small.s.covenant_strikes[VEHICLE] == strikes
    update(small)
    assert small.s.covenant_event[VEHICLE] == 1.0


def test_covenants_have_a_gate_and_wait_for_construction(small: Small):
    terms(small)
    small.s.construction[VEHICLE] = 100.0
    small.s.ebitda[VEHICLE] = -1.0
    for _ in range(5):
        update(small)
    assert small.s.covenant_event[VEHICLE] == 0.0


def test_losses_widen_the_market_factor_and_tighten_standards(small: Small):
    small.s.lender_loss[BANK] = 23.0
    update(small)
    rate = 23.0 / (230.0 + 23.0)
    assert small.s.loss_rate == pytest.approx(rate)
    assert small.s.market_spread_own == pytest.approx(0.5 * rate)
    assert small.s.lending_standard_own > 0.0


def test_without_the_gate_the_market_factor_stays(small: Small):
    small.switch(market_credit=False)
    small.s.lender_loss[BANK] = 23.0
    update(small)
    assert small.s.market_spread_own == small.s.lending_standard_own == 0.0


def leased(small: Small) -> None:
    """Let the cloud be the vehicle's tenant."""
    small.w.sponsor_of[:] = -1
    small.w.sponsor_of[VEHICLE] = CLOUD


def test_a_vehicle_repays_out_of_its_rents_and_rolls_only_the_rest(small: Small):
    leased(small)
    small.s.cash_need[VEHICLE] = 0.4
    roll(small)
    assert small.s.maturing[VEHICLE] == pytest.approx(1.0)
    assert small.s.rolled[VEHICLE] == pytest.approx(0.4)
    assert small.s.new_debt[VEHICLE] == pytest.approx(0.0)


def test_creditors_of_a_vehicle_inherit_its_lease_while_the_tenant_lives(small: Small):
    leased(small)
    small.par.restructured_multiple = 4.0
    assert going_concern_multiple(small.w, small.par, small.s, VEHICLE) == 9.0
    assert going_concern_multiple(small.w, small.par, small.s, CLOUD) == 4.0
    small.s.status[CLOUD] = 3
    assert going_concern_multiple(small.w, small.par, small.s, VEHICLE) == 4.0


def test_a_vehicle_is_not_tested_before_its_lease_runs_in_full(small: Small):
    small.par.lease_ramp = 8.0
    terms(small)
    small.s.ebitda[VEHICLE] = -1.0
    for _ in range(5):
        update(small)
    assert small.s.covenant_event[VEHICLE] == 0.0
    small.s.quarter = 9
    for _ in range(5):
        update(small)
    assert small.s.covenant_event[VEHICLE] == 1.0
