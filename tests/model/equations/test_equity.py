"""Equity: fundamental value by class, sentiment, news, prices, split of value, stakes."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardhouse.model.equations import equity_price, equity_value, sentiment, stakes

signed = st.floats(-0.5, 0.5)


def test_h_model_reduces_to_gordon_when_growth_is_at_its_long_run_rate():
    assert equity_value.h_model_value(10.0, 0.02, 0.02, 4.0, 0.07) == pytest.approx(10.0 * 1.02 / 0.05)


def test_h_model_adds_the_fading_growth():
    assert equity_value.h_model_value(10.0, 0.02, 0.12, 5.0, 0.07) == pytest.approx(10.0 * 1.52 / 0.05)


RULES = [
    lambda earnings: equity_value.h_model_value(earnings, 0.03, 0.15, 4.0, 0.09),
    lambda earnings: equity_value.fading_path_value(earnings, 40.0, 0.2, (0.3, 0.03, 0.8), 0.11),
    lambda earnings: equity_value.limited_liability_value(12.0 * earnings, 0.0, 1.0),
]


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_jumps_when_earnings_change_their_sign(rule: Callable[[float], float]):
    step = 1e-7
    below, at, above = rule(-step), rule(0.0), rule(step)
    assert all(math.isfinite(value) for value in (below, at, above))
    assert abs(above - below) < 1e-4
    assert below <= at <= above


def test_fading_path_values_a_firm_that_loses_money_today():
    value = equity_value.fading_path_value(-5.0, 10.0, 0.25, (0.6, 0.03, 0.8), 0.12)
    assert value > 0.0


def test_fading_path_of_a_perpetuity():
    assert equity_value.fading_path_value(3.0, 10.0, 0.3, (0.0, 0.0, 0.5), 0.06) == pytest.approx(50.0)


def test_a_vehicle_is_worth_its_contracts_and_its_chips():
    assert equity_value.backlog_value(10.0, 0.5, 5.0, 0.0, 2.0) == 7.0
    discounted = equity_value.backlog_value(10.0, 0.5, 5.0, 0.1, 2.0)
    assert discounted == pytest.approx(5.0 * (1 - math.exp(-0.5)) / 0.5 + 2.0 * math.exp(-0.5))


@given(operations=st.floats(-1e4, 1e4), debt=st.floats(0.0, 1e4), width=st.floats(0.0, 100.0))
def test_equity_is_never_negative(operations: float, debt: float, width: float):
    assert equity_value.limited_liability_value(operations, debt, width) >= 0.0


def test_fundamental_value_closes_a_share_of_its_gap():
    assert equity_value.fundamental_return(math.e, 1.0, 0.25, 1.0) == pytest.approx(0.25)
    assert equity_value.fundamental_return(1e-9, 1.0, 1.0, 0.5) == -0.5
    assert equity_value.fundamental_return(5.0, 0.0, 1.0, 0.5) == 0.0


def test_the_sign_of_capex_news_is_the_sign_of_the_return_less_its_cost():
    assert sentiment.capex_news_response(2.0, 0.12, 0.09, 0.5) == pytest.approx(0.03)
    assert sentiment.capex_news_response(2.0, 0.06, 0.09, 0.5) == pytest.approx(-0.03)


@given(lag=st.floats(-1.0, 1.0), a=st.floats(-5.0, 5.0), b=st.floats(-5.0, 5.0), c=st.floats(0.0, 5.0))
def test_sentiment_stays_in_its_range(lag: float, a: float, b: float, c: float):
    assert -1.0 <= sentiment.sentiment(0.08, lag, a, b, c) <= 1.0


def test_flow_nets_forced_sales():
    assert sentiment.equity_flow(0.01, 0.002, 0.02, 0.0) == pytest.approx(-0.008)


def test_news_cluster_decays_to_nothing():
    cluster = 0.0
    for news in (1.0, 0.0, 0.0):
        cluster = sentiment.news_cluster(cluster, 0.4, news, 1.2)
    assert cluster == pytest.approx(0.4 * math.exp(-3.6))


def test_intensity_adds_its_parts_and_is_never_negative():
    assert sentiment.news_intensity(0.1, 0.2, 0.3, 0.4) == pytest.approx(1.0)
    assert sentiment.news_intensity(0.1, 0.0, -3.0, 0.0) == 0.0


def test_news_counts_follow_the_poisson_distribution():
    places = (np.arange(20000) + 0.5) / 20000
    counts = np.array([sentiment.news_count(0.7, float(u)) for u in places])
    assert counts.mean() == pytest.approx(0.7, abs=2e-3)
    assert (counts == 0).mean() == pytest.approx(math.exp(-0.7), abs=1e-3)


def test_jump_sizes_are_losses_with_the_mean_asked_for():
    places = (np.arange(20000) + 0.5) / 20000
    sizes = np.array([sentiment.jump_size(0.1, float(u)) for u in places])
    assert sizes.max() <= 0.0
    assert sizes.mean() == pytest.approx(-0.1, abs=1e-3)


def test_a_dollar_of_flow_moves_five_dollars_of_value():
    assert equity_price.market_return(0.0, 5.0, 0.001) == pytest.approx(0.005)


def test_a_share_without_news_of_its_own_moves_with_the_market():
    assert equity_price.relative_return(-0.03, 0.01, 0.01, 1.0, 0.0) == pytest.approx(-0.03)


def test_belief_moves_price_with_its_loading():
    assert equity_price.belief_return(0.2, -0.5, 2.0) == pytest.approx(-0.2)


@given(parts=st.lists(signed, min_size=2, max_size=5), value=st.floats(0.1, 1e4))
def test_the_channels_add_up_to_the_whole_change(parts: list[float], value: float):
    total = sum(parts)
    after = value * math.exp(total)
    moved = sum(equity_price.value_per_log(after, value, total) * part for part in parts)
    assert moved == pytest.approx(after - value, rel=1e-6, abs=1e-6 * value)


def test_the_index_weighs_sector_and_rest():
    assert equity_price.index_return(0.25, -0.4, 0.0) == pytest.approx(-0.1)


def test_leveraged_holders_sell_leverage_times_their_loss_and_no_more_than_they_own():
    assert equity_price.forced_sales(0.1, 3.0, 0.2, 0.0) == pytest.approx(0.06)
    assert equity_price.forced_sales(0.1, 30.0, 0.9, 0.0) == 0.1
    assert equity_price.forced_sales(0.1, 3.0, 0.2, 0.25) == 0.0


def test_a_failure_costs_its_share_of_the_underlying_value():
    assert stakes.value_after_failure(100.0, 0.3, 1.0) == 70.0
    assert stakes.value_with_stakes(70.0, 5.0) == 75.0
