"""Prices in a small world: channels add up, gates take channels away, marks go through the network."""

from __future__ import annotations

import math

import pytest
from tests.model.blocks.conftest import CHIP, CLOUD, FIRMS, LAB, PLATFORM, SPONSOR, Small

from cardhouse.model.blocks.equity_market import draw_news, reprice, update_sentiment
from cardhouse.model.blocks.stakes import mark_stakes
from cardhouse.model.state import BELIEF, FLOW, FORCED_SALE, FUNDAMENTAL, JUMP
from cardhouse.scenarios.variables import E_PRICE_JUMP, G_DISCLOSURE, G_MARKET_FLOW, G_SENTIMENT


def price(small: Small) -> None:
    reprice(small.w, small.gate, small.par, small.shock, small.s)
    mark_stakes(small.w, small.gate, small.s)


def mood(small: Small) -> None:
    update_sentiment(small.w, small.gate, small.par, small.shock, small.s)


def settled(small: Small) -> None:
    """Let the anchors be written in a first quiet quarter."""
    small.s.pre_money[LAB] = 500.0
    price(small)
    mood(small)


def test_the_first_quarter_starts_neither_dear_nor_cheap(small: Small):
    small.s.pre_money[LAB] = 500.0
    price(small)
    assert small.s.mispricing == pytest.approx(0.0, abs=1e-12)
    assert small.s.market_value[CHIP] == pytest.approx(4000.0)


def test_the_channels_add_up_to_the_change_of_value(small: Small):
    settled(small)
    small.s.sentiment, small.s.sentiment_before = -0.2, 0.1
    small.s.ebitda[CHIP] = 30.0
    small.s.forced_sales = 0.004
    small.s.news_jump[:FIRMS] = -0.03
    small.s.pre_money[LAB] = 450.0
    small.shock.common[G_MARKET_FLOW] = -0.002
    price(small)
    for i in range(FIRMS):
        change = small.s.market_value[i] - small.s.market_value_before[i]
        assert small.s.value_by_channel[i].sum() == pytest.approx(change, rel=1e-9, abs=1e-9)
    for channel in (FUNDAMENTAL, BELIEF, FLOW, FORCED_SALE, JUMP):
        assert small.s.value_by_channel[CHIP, channel] < 0.0


def test_a_flow_of_a_thousandth_moves_the_market_by_the_multiplier(small: Small):
    settled(small)
    small.shock.common[G_MARKET_FLOW] = 0.001
    before = small.s.own_value[CHIP]
    fundamental = small.s.fundamental_value[CHIP]
    price(small)
    drift = small.s.fundamental_value[CHIP] / fundamental
    assert small.s.own_value[CHIP] == pytest.approx(before * drift * math.exp(0.005))


def test_without_the_inelastic_market_flows_do_nothing(small: Small):
    settled(small)
    small.switch(inelastic_market=False)
    small.shock.common[G_MARKET_FLOW] = 0.001
    price(small)
    assert small.s.value_by_channel[CHIP, FLOW] == pytest.approx(0.0, abs=1e-9)


def test_earnings_below_zero_bring_a_small_value_and_no_jump(small: Small):
    settled(small)
    values = []
    for ebitda in (1e-6, -1e-6):
        small.s.ebitda[CLOUD] = ebitda
        before = small.s.own_value[CLOUD], small.s.fundamental_value[CLOUD]
        price(small)
        values.append(small.s.fundamental_value[CLOUD])
        small.s.own_value[CLOUD], small.s.fundamental_value[CLOUD] = before
    assert values[0] == pytest.approx(values[1], rel=1e-5)


def test_stakes_are_worth_what_their_issuer_is_worth(small: Small):
    settled(small)
    small.s.pre_money[LAB] = 800.0
    small.s.equity_raised[LAB] = 0.0
    price(small)
    assert small.s.market_value[PLATFORM] == pytest.approx(
        small.s.own_value[PLATFORM] + 0.27 * small.s.market_value[LAB]
    )
    assert small.s.marks[PLATFORM] == pytest.approx(0.27 * (small.s.market_value[LAB] - 500.0))
    assert small.s.stake_book[SPONSOR] == pytest.approx(small.s.marks[SPONSOR])


@pytest.mark.parametrize("gate", ["circular_marks", "cross_holdings"])
def test_without_marks_a_rise_of_the_lab_does_not_reach_its_owners(small: Small, gate: str):
    settled(small)
    small.switch(**{gate: False})
    small.s.pre_money[LAB] = 800.0
    price(small)
    assert small.s.marks[PLATFORM] == 0.0
    assert small.s.market_value[PLATFORM] == pytest.approx(small.s.own_value[PLATFORM] + 135.0)


def test_new_money_is_no_gain(small: Small):
    settled(small)
    before = small.s.market_value[LAB]
    small.s.pre_money[LAB] = before + 50.0
    small.s.equity_raised[LAB] = 50.0
    price(small)
    assert small.s.market_value[LAB] == pytest.approx(before + 50.0)
    assert small.s.value_by_channel[LAB].sum() == pytest.approx(0.0, abs=1e-9)


def test_failure_costs_a_part_of_the_firms_value(small: Small):
    settled(small)
    small.s.default_quarter[CLOUD] = small.s.quarter
    without = small.s.own_value[CLOUD]
    fundamental = small.s.fundamental_value[CLOUD]
    price(small)
    drift = small.s.fundamental_value[CLOUD] / fundamental
    assert small.s.own_value[CLOUD] == pytest.approx(without * drift * 0.7)


def test_named_news_jumps_one_firm_and_spreads_a_part(small: Small):
    small.switch(news_jumps=False)
    small.shock.entity[E_PRICE_JUMP, CHIP] = math.log(0.83)
    draw_news(small.w, small.gate, small.par, small.shock, small.s)
    assert small.s.news_jump[CHIP] == pytest.approx(math.log(0.83))
    assert small.s.news_jump[PLATFORM] == pytest.approx(0.2 * math.log(0.83))
    assert small.s.news_excitement == pytest.approx(0.4 * math.exp(-1.2))


def test_a_quarter_without_news_gives_back_what_was_expected(small: Small):
    small.shock.chance[0] = 0.0
    draw_news(small.w, small.gate, small.par, small.shock, small.s)
    hit = 4000.0 / 7400.0
    assert small.s.news_jump[CHIP] == pytest.approx(0.12 * 0.1 * (0.2 + 0.8 * hit))
    small.shock.chance[0] = 0.999
    draw_news(small.w, small.gate, small.par, small.shock, small.s)
    assert small.s.news_jump[:FIRMS].max() < 0.0


def test_credit_in_the_new_money_of_a_quarter_makes_news_likelier_in_the_next(small: Small):
    # 30 borrowed, 10 of equity, and earnings of 92 in the firms that earn anything
    small.s.new_debt[CLOUD], small.s.equity_raised[LAB] = 30.0, 10.0
    mood(small)
    assert small.s.credit_in_funding == pytest.approx(30.0 / 132.0)
    small.s.new_debt[:FIRMS] = small.s.equity_raised[:FIRMS] = 0.0  # as the start of a quarter does
    small.par.news_credit_slope, small.shock.chance[0] = 0.3, 0.0
    draw_news(small.w, small.gate, small.par, small.shock, small.s)
    rate = 0.12 + 0.3 * 30.0 / 132.0
    assert small.s.news_rate == pytest.approx(rate)
    # without news prices get back what could be expected
    assert small.s.news_jump[CHIP] == pytest.approx(rate * 0.1 * (0.2 + 0.8 * 4000.0 / 7400.0))


def test_a_slow_lab_disappoints_less_and_less(small: Small):
    small.switch(news_jumps=False)
    small.s.pre_money[LAB] = 500.0
    falls = []
    for _ in range(6):
        before = small.s.sentiment_own
        mood(small)
        falls.append(small.s.sentiment_own - 0.92 * before)
        small.s.capex_before = 0.0
    assert falls[1] < 0.0
    assert abs(falls[5]) < 0.5 * abs(falls[1])


def test_a_sentiment_shock_lasts_as_long_as_its_path(small: Small):
    settled(small)
    own = small.s.sentiment_own
    small.shock.common[G_SENTIMENT] = -0.25
    mood(small)
    assert small.s.sentiment == pytest.approx(small.s.sentiment_own - 0.25)
    small.shock.common[G_SENTIMENT] = 0.0
    mood(small)
    assert abs(small.s.sentiment - own) < 0.2


def test_disclosure_moves_sentiment_once(small: Small):
    small.switch(sentiment=False)
    small.shock.common[G_DISCLOSURE] = 1.0
    mood(small)
    mood(small)
    assert small.s.sentiment == pytest.approx(-0.5 * 0.5)


def test_index_weights_and_rest_add_up(small: Small):
    settled(small)
    small.shock.common[G_MARKET_FLOW] = -0.004
    price(small)
    before = small.s.index_value
    rest = before * (1.0 - small.s.index_weight[:FIRMS].sum()) * (1.0 + small.s.rest_return)
    mood(small)
    sector = small.s.index_weight[:FIRMS].sum() * small.s.index_value
    assert sector + rest == pytest.approx(small.s.index_value, rel=1e-12)


def test_losses_make_leveraged_holders_sell(small: Small):
    settled(small)
    small.shock.common[G_MARKET_FLOW] = -0.02
    price(small)
    mood(small)
    loss = 1.0 - small.s.index_value / small.s.index_before
    assert small.s.forced_sales == pytest.approx(0.05 * loss)
    small.switch(leveraged_holders=False)
    mood(small)
    assert small.s.forced_sales == 0.0


def test_money_that_is_rounding_sets_no_price(small: Small):
    settled(small)
    before = small.s.own_value[LAB]
    # a round at four times the value, of less than a cent: the value moves on towards it, as without a round
    small.s.pre_money[LAB] = 4.0 * before
    values = []
    for raised in (0.0, 1e-14):
        small.s.own_value[LAB], small.s.equity_raised[LAB] = before, raised
        price(small)
        values.append(float(small.s.own_value[LAB]))
    assert before < values[0] < 3.0 * before
    assert values[1] == pytest.approx(values[0], rel=1e-9)
