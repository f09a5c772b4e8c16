"""Strategic money: each of the five mechanisms can be switched off, and each switch changes one thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardhouse.model.equations import strategic_money as s

money = st.floats(0.0, 1e3)


def test_profit_adds_the_direct_and_the_chain_part():
    assert s.profit_from_taker(0.5, 4.0, 0.75, 2.0) == 3.5


def test_money_set_aside_is_recycling_times_profit_times_mood_times_means():
    assert s.strategic_money(0.8, 10.0, 0.5, 0.25) == pytest.approx(1.0)
    assert s.strategic_money(0.8, -10.0, 1.0, 1.0) == 0.0


def test_wrong_way_risk_a_giver_below_its_floor_gives_nothing():
    assert s.giver_means(10.0, 10.0, 5000.0, 5000.0) == 0.0
    assert s.giver_means(11.0, 10.0, 2500.0, 5000.0) == 0.5
    assert s.giver_means(11.0, 10.0, 9000.0, 5000.0) == 1.0


def test_mood_is_neutral_at_the_mood_of_the_base_date():
    assert s.giver_mood(1.0, 0.3, 0.3) == 1.0
    assert s.giver_mood(1.0, -1.0, 0.3) == 0.0


def test_readiness_shrinks_when_the_flow_stops():
    assert s.strategic_pool(40.0, 0.0) == 0.0


@given(outside=money, strategic=money)
def test_without_additionality_strategic_money_adds_only_what_exceeds_outside_money(outside: float, strategic: float):
    total = strategic + s.outside_after_crowding(outside, strategic, 0.0)
    assert total == pytest.approx(max(outside, strategic))


@given(outside=money, strategic=money)
def test_with_additionality_the_two_add_up(outside: float, strategic: float):
    assert s.outside_after_crowding(outside, strategic, 1.0) == outside


def test_the_signal_gate_removes_demand_that_the_loop_paid_for():
    assert s.demand_signal(10.0, 4.0, 1.0) == 10.0
    assert s.demand_signal(10.0, 4.0, 0.0) == 6.0
    assert s.demand_signal(10.0, 40.0, 0.0) > 0.0


def test_rebates_are_a_share_of_the_bill_and_never_all_of_it():
    assert s.price_rebate(1.0, 4.0) == 0.25
    assert s.price_rebate(9.0, 1.0) == 0.9
    assert s.price_rebate(1.0, 0.0) == 0.0


def test_a_loop_that_returns_more_than_it_took_has_a_gain_above_one():
    assert s.loop_gain_edge(1.2, 0.9, 0.1) == pytest.approx(1.18)


def test_half_additional_money_replaces_half_of_itself():
    assert s.outside_after_crowding(8.0, 4.0, 0.5) == 6.0


def test_gross_margin_of_compute_falls_with_its_price():
    assert s.compute_gross_margin(10.0, 4.0, 0.8) == pytest.approx(0.5)
    assert s.compute_gross_margin(4.0, 4.0, 0.8) == 0.0
    assert s.compute_gross_margin(0.0, 4.0, 0.8) == 0.0


def test_the_headline_holds_the_rebate():
    assert s.headline_price(9.0, 0.25) == pytest.approx(12.0)
    assert s.headline_price(9.0, 0.0) == 9.0
