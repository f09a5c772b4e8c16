"""Warrants (F6): what the holder gains the other owners lose."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import CHIP, CLOUD, HOUSEHOLDS, PLATFORM, ROLES, Small

from cardhouse.model.blocks.warrants import vest_warrants
from cardhouse.model.shares import list_stakes
from cardhouse.model.state import DEFAULT


def promise(small: Small) -> None:
    w, s = small.w, small.s
    w.warrants, w.warrant_holder[0], w.warrant_issuer[0] = 1, PLATFORM, CHIP
    w.warrant_share[0] = s.warrant_left[0] = 0.1
    w.warrant_order[0] = 150.0


def test_a_tenth_of_the_order_vests_a_tenth_of_the_warrant(small: Small):
    promise(small)
    vest_warrants(small.w, small.gate, small.s)
    # 15 of 150 bought, so 1 % of a firm worth 4,000
    assert small.s.stake[PLATFORM, CHIP] == pytest.approx(0.01)
    assert small.s.stake[HOUSEHOLDS, CHIP] == pytest.approx(0.99)
    assert small.s.warrant_gain[PLATFORM] == pytest.approx(40.0)
    assert small.s.equity_loss[HOUSEHOLDS] == pytest.approx(40.0)


def test_value_moves_and_none_is_made(small: Small):
    promise(small)
    small.s.stake[PLATFORM, CHIP], small.s.stake[HOUSEHOLDS, CHIP] = 0.3, 0.7
    list_stakes(small.w, small.s)
    for _ in range(3):
        vest_warrants(small.w, small.gate, small.s)
    assert sum(small.s.stake[i, CHIP] for i in range(len(ROLES))) == pytest.approx(1.0, rel=1e-12)
    assert sum(small.s.warrant_gain[i] for i in range(len(ROLES))) == pytest.approx(0.0, abs=1e-12)
    assert sum(small.s.equity_loss[i] for i in range(len(ROLES))) == pytest.approx(0.0, abs=1e-12)


def test_no_more_vests_than_was_promised(small: Small):
    promise(small)
    small.s.chip_purchases[PLATFORM] = 1000.0
    vest_warrants(small.w, small.gate, small.s)
    vest_warrants(small.w, small.gate, small.s)
    assert small.s.stake[PLATFORM, CHIP] == pytest.approx(0.1)


def test_nothing_vests_without_the_gate_or_after_a_default(small: Small):
    promise(small)
    small.switch(warrants=False)
    vest_warrants(small.w, small.gate, small.s)
    small.switch(warrants=True)
    small.s.status[PLATFORM] = DEFAULT
    vest_warrants(small.w, small.gate, small.s)
    assert small.s.stake[PLATFORM, CHIP] == 0.0


def test_two_warrants_on_one_issuer_dilute_alike_in_either_order(small: Small):
    promise(small)
    w, s = small.w, small.s
    w.warrants, w.warrant_holder[1], w.warrant_issuer[1] = 2, CLOUD, CHIP
    w.warrant_share[1] = s.warrant_left[1] = 0.1
    w.warrant_order[1] = 60.0
    vest_warrants(w, small.gate, s)
    # 15 of 150 and 6 of 60: both get a whole hundredth, and the other owners keep 98
    assert (s.stake[PLATFORM, CHIP], s.stake[CLOUD, CHIP]) == (pytest.approx(0.01), pytest.approx(0.01))
    assert s.stake[HOUSEHOLDS, CHIP] == pytest.approx(0.98)
    assert sum(s.warrant_gain[i] for i in range(len(ROLES))) == pytest.approx(0.0, abs=1e-12)
