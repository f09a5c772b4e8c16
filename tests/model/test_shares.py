"""The list of stakes of firms in firms: complete and in order whatever is bought, and never beyond its room."""

from __future__ import annotations

import numpy as np
import pytest
from tests.model.blocks.conftest import HOUSEHOLDS, Small, fresh

from cardhouse.model.layout import ROOM
from cardhouse.model.result_codes import BUFFER_FULL, OK
from cardhouse.model.shares import add_stake, list_stakes


def listed(small: Small) -> list[tuple[int, int]]:
    """Return the stakes on the list, and see that the mark behind the last one is there."""
    s = small.s
    assert s.pair_owner[s.pairs] == -1
    return [(int(s.pair_owner[k]), int(s.pair_issuer[k])) for k in range(s.pairs)]


@pytest.mark.parametrize("seed", range(5))
def test_stakes_are_listed_in_order_however_they_come(seed: int):
    small = fresh()
    small.s.stake[...] = 0.0
    list_stakes(small.w, small.s)
    rng = np.random.default_rng(seed)
    for owner, issuer in rng.integers(0, small.w.firms, (20, 2)):
        add_stake(small.w, small.s, (owner, issuer), 0.01)
        add_stake(small.w, small.s, (HOUSEHOLDS, issuer), 0.01)
    held = small.s.stake[: small.w.firms, : small.w.firms]
    assert listed(small) == [(int(i), int(j)) for i, j in np.argwhere(held > 0.0)]
    again = listed(small)
    list_stakes(small.w, small.s)
    assert listed(small) == again


def test_a_stake_sold_and_bought_again_is_listed_once():
    small = fresh()
    before = listed(small)
    owner, issuer = before[0]
    small.s.stake[owner, issuer] = 0.0
    add_stake(small.w, small.s, (owner, issuer), 0.1)
    assert listed(small) == before


def test_a_list_without_room_is_a_code_and_no_wrong_value():
    small = fresh()
    small.w.agents = small.w.firms = ROOM["agent"]
    small.s.stake[...], small.s.code = 0.0, OK
    list_stakes(small.w, small.s)
    room = ROOM["stake_pair"] - 1
    for k in range(room):
        add_stake(small.w, small.s, (k // ROOM["issuer"], k % ROOM["issuer"]), 0.01)
    assert (small.s.pairs, small.s.code) == (room, OK)
    add_stake(small.w, small.s, (ROOM["agent"] - 1, 0), 0.01)
    assert (small.s.pairs, small.s.code) == (room, BUFFER_FULL)
    assert len(listed(small)) == room
