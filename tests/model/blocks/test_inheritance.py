"""Idle capacity of a failed firm passes to survivors (J6): GW, books, cash and debt move together."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import BANK, CLOUD, PLATFORM, Small

from cardhouse.model.blocks.inheritance import pass_on_capacity
from cardhouse.model.state import RECEIVERSHIP


def fail_the_cloud(small: Small) -> None:
    s = small.s
    s.status[CLOUD], s.load[CLOUD] = RECEIVERSHIP, 0.925
    s.inherited_capacity, s.buyer_price = 1.6, 0.5
    s.orders[PLATFORM] = s.orders_total = 0.4
    s.chips_book[CLOUD] = s.chips_gross[CLOUD] = s.chips_economic[CLOUD] = 20.0
    s.shells_book[CLOUD] = 12.0


def test_a_survivor_buys_idle_capacity_at_the_used_chip_price(small: Small):
    fail_the_cloud(small)
    pass_on_capacity(small.w, small.gate, small.par, small.s, small.ledger)
    # half of all capacity on offer is inherited: 0.2 GW of the orders, at half of 36 a GW
    assert small.s.capacity_bought[PLATFORM] == pytest.approx(0.2)
    assert small.s.capacity_bought_cost[PLATFORM] == pytest.approx(3.6)
    assert small.s.capacity[PLATFORM] == pytest.approx(6.2)
    assert small.s.capacity[CLOUD] == pytest.approx(1.4)
    assert small.s.inherited_capacity == pytest.approx(1.4)


def test_books_follow_the_capacity_and_lenders_get_the_proceeds(small: Small):
    fail_the_cloud(small)
    pass_on_capacity(small.w, small.gate, small.par, small.s, small.ledger)
    # an eighth of the estate's capacity is sold, so an eighth of its property
    assert small.s.chips_book[CLOUD] == pytest.approx(17.5)
    assert small.s.shells_book[CLOUD] == pytest.approx(10.5)
    assert small.s.impairment[CLOUD] == pytest.approx(4.0)
    assert small.s.cash[PLATFORM] == pytest.approx(96.4)
    assert small.s.cash[CLOUD] == pytest.approx(100.0)
    assert small.s.cash[BANK] == pytest.approx(103.6)
    assert small.s.debt_total[CLOUD] == pytest.approx(96.4)


def test_busy_capacity_stays_with_the_receiver(small: Small):
    fail_the_cloud(small)
    # at most (1 + 0.85) / 2 of capacity can be used over a quarter
    small.s.load[CLOUD] = 1.6 * 0.925
    pass_on_capacity(small.w, small.gate, small.par, small.s, small.ledger)
    assert small.s.capacity[CLOUD] == 1.6


def test_nobody_buys_beyond_spare_cash(small: Small):
    fail_the_cloud(small)
    small.s.cash_floor[PLATFORM] = 99.1
    pass_on_capacity(small.w, small.gate, small.par, small.s, small.ledger)
    assert small.s.capacity_bought[PLATFORM] == pytest.approx(0.9 / 18.0)


def test_the_gate_keeps_capacity_where_it_is(small: Small):
    fail_the_cloud(small)
    small.switch(inheritance=False)
    pass_on_capacity(small.w, small.gate, small.par, small.s, small.ledger)
    assert small.s.capacity[CLOUD] == 1.6
    assert small.ledger.postings == 0
