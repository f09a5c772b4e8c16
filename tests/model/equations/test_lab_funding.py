"""Rounds of the labs: limits and directions that hold for any number, and hand-computed cases."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardhouse.model.equations import lab_funding as f

money = st.floats(0.0, 1e4)
ratio = st.floats(-1.0, 1.0)


def test_need_counts_a_year_of_burn_the_growth_of_bills_and_the_floor():
    assert f.funding_need(3.0, 10.0, 5.0, 7.0) == 20.0


def test_a_lab_that_earns_cash_asks_for_nothing():
    assert f.funding_need(-3.0, 0.0, 5.0, 7.0) == 0.0


def test_a_lab_without_a_plan_misses_nothing():
    assert f.plan_miss(4.0, 0.0) == 0.0


@given(base=ratio, mood=ratio, miss=ratio)
def test_will_stays_between_zero_and_its_ceiling(base: float, mood: float, miss: float):
    assert 0.0 <= f.outside_will(base, mood, miss, 2.0) <= 2.0


@given(capacity=money, share=st.floats(0.0, 1.0), will=st.floats(0.0, 2.0), need=money)
def test_outside_money_never_exceeds_the_need(capacity: float, share: float, will: float, need: float):
    given_money = f.outside_money(capacity, share, will, need)
    assert 0.0 <= given_money <= need


def test_a_tranche_waits_for_its_milestone_and_for_the_payers_cash():
    assert f.tranche_paid(35.0, 0.0, 1.0, 100.0) == 0.0
    assert f.tranche_paid(35.0, 1.0, 0.4, 100.0) == pytest.approx(14.0)
    assert f.tranche_paid(35.0, 1.0, 1.0, -5.0) == 0.0


def test_a_longer_runway_makes_the_next_round_likelier():
    short = f.next_round_probability(-1.0, 0.25, 2.0, 0.75)
    long = f.next_round_probability(-1.0, 0.25, 8.0, 0.75)
    assert short == pytest.approx(1.0 / (1.0 + math.exp(0.75)))
    assert short < long


def test_financing_risk_is_all_or_nothing():
    assert f.outside_money_with_financing_risk(8.0, 0.35, 0.35) == 8.0
    assert f.outside_money_with_financing_risk(8.0, 0.349, 0.35) == 0.0


def test_value_follows_sentiment_and_growth_through_the_log_of_the_multiple():
    assert f.post_money(20.0, 1.5, 10.0) == pytest.approx(300.0)
    assert f.post_money(20.0, 0.5, 10.0) == pytest.approx(100.0)


def test_new_money_never_buys_the_whole_lab():
    assert f.new_share(500.0, 100.0) == 0.95
    assert f.new_share(10.0, 0.0) == 0.0


@given(stake=st.floats(0.0, 1.0), value=money, raised=st.floats(0.0, 100.0))
def test_new_money_alone_is_no_gain(stake: float, value: float, raised: float):
    assert f.mark_gain(stake, value + raised, value, raised) == pytest.approx(0.0, abs=1e-9)


def test_a_round_lowers_the_plan_and_never_lifts_it():
    assert f.rebased_plan(9.0, 7.0, 1.0) == 7.0
    assert f.rebased_plan(6.0, 7.0, 1.0) == 6.0
    assert f.rebased_plan(9.0, 7.0, 0.0) == 9.0
