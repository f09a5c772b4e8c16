"""A laboratory without cash is merged into a platform (L6): owners are paid in shares, the parent stands behind it."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import CLOUD, HOUSEHOLDS, LAB, PLATFORM, ROLES, SPONSOR, Small

from cardhouse.model.agents import list_by_role
from cardhouse.model.blocks.default import judge_solvency
from cardhouse.model.blocks.levers import pull_levers
from cardhouse.model.shares import list_stakes
from cardhouse.model.state import ALIVE, DEFAULT
from cardhouse.scenarios.variables import E_MERGER


def leave_short(small: Small, lack: float) -> None:
    s = small.s
    s.parent[:] = -1
    s.cash_mark[:] = s.cash[:]
    s.position[LAB] = -lack
    small.shock.entity[E_MERGER, LAB] = 1.0


def test_owners_get_shares_worth_what_a_failure_would_leave(small: Small):
    leave_short(small, 10.0)
    pull_levers(small.w, small.gate, small.par, small.shock, small.s, small.ledger)
    # 500 x 0.7 for the 73 % that the platform does not own; it is worth 3,000 and gains 365
    price, worth = 500.0 * 0.7 * 0.73, 3000.0 + 365.0
    assert small.s.parent[LAB] == PLATFORM
    assert small.s.stake[PLATFORM, LAB] == pytest.approx(1.0)
    assert small.s.stake[SPONSOR, PLATFORM] == pytest.approx(price / worth * 0.11 / 0.73)
    assert small.s.equity_loss[HOUSEHOLDS] == pytest.approx(0.51 * 150.0)
    assert small.s.equity_loss[PLATFORM] == pytest.approx(-0.73 * 150.0)


def test_ownership_stays_whole_and_the_support_is_what_is_lacking(small: Small):
    leave_short(small, 10.0)
    pull_levers(small.w, small.gate, small.par, small.shock, small.s, small.ledger)
    for firm in (PLATFORM, LAB):
        assert sum(small.s.stake[i, firm] for i in range(len(ROLES))) == pytest.approx(1.0, rel=1e-12)
    assert sum(small.s.equity_loss[i] for i in range(len(ROLES))) == pytest.approx(0.0, abs=1e-9)
    assert small.s.cash[LAB] == pytest.approx(110.0)
    assert small.s.cash[PLATFORM] == pytest.approx(90.0)


def test_a_laboratory_with_cash_is_left_alone(small: Small):
    leave_short(small, -5.0)
    pull_levers(small.w, small.gate, small.par, small.shock, small.s, small.ledger)
    assert small.s.parent[LAB] == -1
    assert small.ledger.postings == 0


def test_the_gate_of_levers_stops_mergers(small: Small):
    leave_short(small, 10.0)
    small.switch(levers=False)
    pull_levers(small.w, small.gate, small.par, small.shock, small.s, small.ledger)
    assert small.s.parent[LAB] == -1


@pytest.mark.parametrize(("status", "expected"), [(ALIVE, ALIVE), (DEFAULT, DEFAULT)])
def test_a_parent_in_business_keeps_its_laboratory_from_an_event_of_default(small: Small, status: int, expected: int):
    leave_short(small, 0.0)
    small.par.solvency_quarters = 4.0
    small.s.parent[LAB], small.s.status[PLATFORM], small.s.covenant_event[LAB] = PLATFORM, status, 1.0
    judge_solvency(small.w, small.par, small.s, LAB, -1)
    assert small.s.status[LAB] == expected


def test_laboratories_of_one_parent_get_equal_parts_when_it_is_short(small: Small):
    leave_short(small, 30.0)
    small.w.role[CLOUD] = small.w.role[LAB]
    list_by_role(small.w)
    small.s.parent[LAB] = small.s.parent[CLOUD] = PLATFORM
    small.s.position[CLOUD] = -10.0
    small.s.stake[:, CLOUD] = 0.0
    small.s.stake[PLATFORM, CLOUD] = 1.0
    list_stakes(small.w, small.s)
    small.s.cash_floor[PLATFORM] = 80.0
    pull_levers(small.w, small.gate, small.par, small.shock, small.s, small.ledger)
    assert small.s.cash[LAB] == pytest.approx(115.0)
    assert small.s.cash[CLOUD] == pytest.approx(105.0)
