"""Limits that random worlds have found to be needed: nothing is paid twice, read past its end, or without bound."""

from __future__ import annotations

import math

import pytest
from tests.model.blocks.conftest import BANK, VEHICLE, Small

from cardhouse.model.blocks.economy import LARGEST_GAP, update_economy
from cardhouse.model.blocks.sentiment import MOST_NEWS, draw_news
from cardhouse.model.debts import prepay
from cardhouse.model.equations.credit_price import rating_spread
from cardhouse.model.ledger import Kind, tag_of


def test_prepaying_leaves_what_settlement_will_pay_this_quarter(small: Small):
    small.s.maturing[VEHICLE] = 5.0
    prepay(small.w, small.s, small.ledger, VEHICLE, tag_of(Kind.REPAYMENT, "G7b"), 20.0)
    assert small.s.debt_total[VEHICLE] == pytest.approx(5.0)
    assert small.s.cash[VEHICLE] == pytest.approx(85.0)
    assert small.s.cash[BANK] == pytest.approx(115.0)


def test_a_flood_of_news_stops_at_the_random_numbers_of_the_quarter(small: Small):
    small.par.news_intensity, small.shock.chance[0] = 50.0, 1.0 - 1e-12
    draw_news(small.w, small.gate, small.par, small.shock, small.s)
    assert 2 * MOST_NEWS < small.shock.chance.size
    assert small.s.news_excitement == pytest.approx(0.4 * MOST_NEWS * math.exp(-1.2))


def test_a_rating_that_is_not_a_number_has_no_spread():
    assert math.isnan(rating_spread(math.nan, (0.008, 0.019, 0.03, 0.045, 0.09)))


@pytest.mark.parametrize("factor", [0.0, 1000.0])
def test_the_sector_cannot_move_output_without_bound(small: Small, factor: float):
    small.s.index_value = factor * small.s.index_before
    small.par.response_lag = 1.0
    small.par.wealth_consumption = 1.0
    update_economy(small.w, small.gate, small.par, small.shock, small.s)
    assert abs(small.s.gdp_gap) == pytest.approx(LARGEST_GAP)
