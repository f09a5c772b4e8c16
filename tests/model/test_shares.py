"""Who owns a part of whom: both lists are complete whatever is bought, and give members in order."""

from __future__ import annotations

import numpy as np
import pytest
from tests.model.blocks.conftest import FIRMS, HOUSEHOLDS, ROLES, Small, fresh
from validation.worlds import case_setup, sampled_parameters

from cardhouse.basics.compiled import lowest_bit
from cardhouse.model.layout import ROOM
from cardhouse.model.replay import state_after
from cardhouse.model.shares import add_stake, list_stakes


def members(bits: int) -> list[int]:
    """Return the members of a set kept as bits, in the order in which loops meet them."""
    found, left = [], int(bits)
    while left != 0:
        found.append(int(lowest_bit(left)))
        left &= left - 1
    return found


def listed(small: Small) -> list[tuple[int, int]]:
    """Return the stakes on the lists as (owner, issuer), and see that both lists say the same."""
    by_owner = [(i, j) for i in range(len(ROLES)) for j in members(small.s.holdings[i])]
    by_issuer = [(i, j) for j in range(FIRMS) for i in members(small.s.owners[j])]
    assert sorted(by_issuer) == by_owner
    return by_owner


@pytest.mark.parametrize("seed", range(5))
def test_all_stakes_are_listed_however_they_come(seed: int):
    small = fresh()
    small.s.stake[...] = 0.0
    list_stakes(small.w, small.s)
    assert listed(small) == []
    rng = np.random.default_rng(seed)
    for owner, issuer in rng.integers(0, FIRMS, (20, 2)):
        add_stake(small.s, (int(owner), int(issuer)), 0.01)
        add_stake(small.s, (HOUSEHOLDS, int(issuer)), 0.01)
    held = [(int(i), int(j)) for i, j in np.argwhere(small.s.stake[: len(ROLES), :FIRMS] > 0.0)]
    assert listed(small) == held
    again = listed(small)
    list_stakes(small.w, small.s)
    assert listed(small) == again


def test_a_stake_sold_and_bought_again_is_listed_once():
    small = fresh()
    before = listed(small)
    owner, issuer = before[0]
    small.s.stake[owner, issuer] = 0.0
    add_stake(small.s, (owner, issuer), 0.1)
    assert listed(small) == before


def test_the_last_agent_that_there_is_room_for_has_its_bit():
    small, last = fresh(), ROOM["agent"] - 1
    add_stake(small.s, (last, ROOM["issuer"] - 1), 0.1)
    assert members(small.s.holdings[last])[-1] == ROOM["issuer"] - 1
    assert members(small.s.owners[ROOM["issuer"] - 1])[-1] == last


@pytest.mark.parametrize("draw", range(8))
def test_no_stake_escapes_the_lists_in_a_run_with_rounds_warrants_sales_and_defaults(draw: int):
    setup = case_setup(("RUN08",))
    s = state_after(setup, sampled_parameters(8, 5)[draw], draw, setup.quarters)
    firms, agents = int(setup.world["firms"][0]), int(setup.world["agents"][0])
    held = np.argwhere(np.asarray(s.stake)[:agents, :firms] > 0.0)
    assert len(held) > 0
    for owner, issuer in held:
        assert int(owner) in members(s.owners[issuer])
        assert int(issuer) in members(s.holdings[owner])
