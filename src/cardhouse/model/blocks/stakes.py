"""Block I: stakes that firms hold in one another."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.equations.lab_funding import mark_gain
from cardhouse.model.equations.stakes import value_with_stakes
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.result_codes import NOT_CONVERGED, OK
from cardhouse.model.state import FUNDAMENTAL, State
from cardhouse.model.world import World

MOST_ROUNDS = 200
PAIRS = ROOM["stake_pair"]
TOLERANCE = 1e-13


@compiled
def mark_stakes(w: World, gate: Gates, s: State) -> None:
    """Value stakes through the network (I1, I2) and book the gains (F7) into ``marks`` and ``stake_book``.

    With the gate of marks off, or that of cross-holdings, stakes stay at cost: prices of issuers do not reach owners.
    """
    if gate.cross_holdings < 0.5 or gate.circular_marks < 0.5:
        s.stakes_solved = 0.0
        for i in range(w.firms):
            s.market_value[i] = value_with_stakes(s.own_value[i], s.stake_value[i])
        return
    _solve(w, s)
    s.stakes_solved = 1.0
    k = 0
    for i in range(w.firms):
        k, stakes = _add_listed(s, i, k)
        # the value at cost of what was bought this quarter is in the old value already
        gain = mark_gain(1.0, stakes, s.stake_value[i], 0.0)
        s.marks[i] += gain
        s.stake_book[i] += gain
        s.value_by_channel[i, FUNDAMENTAL] += gain
        s.stake_value[i] = stakes


@compiled
def _list_stakes(w: World, s: State) -> None:
    """List the stakes of firms in firms, owner by owner: few of all pairs are in use."""
    s.pairs = 0
    for i in range(w.firms):
        for j in range(w.firms):
            if s.stake[i, j] > 0.0 and s.pairs < PAIRS:
                s.pair_owner[s.pairs] = i
                s.pair_issuer[s.pairs] = j
                s.pairs += 1


@compiled
def _add_listed(s: State, i: int, first: int) -> tuple[int, float]:
    """Value one firm's stakes, which are listed from ``first``; return the place where they end, and the value."""
    stakes = 0.0
    k = first
    while k < s.pairs and s.pair_owner[k] == i:
        stakes += s.stake[i, s.pair_issuer[k]] * s.market_value[s.pair_issuer[k]]
        k += 1
    return k, stakes


@compiled
def _revalue(s: State, i: int, first: int) -> tuple[int, float]:
    """Set one firm's value from its own and its stakes, listed from ``first``; return their end and the move."""
    k, stakes = _add_listed(s, i, first)
    value = value_with_stakes(s.own_value[i], stakes)
    moved = abs(value - s.market_value[i]) / max(value, 1.0)
    s.market_value[i] = value
    return k, moved


@compiled
def _solve(w: World, s: State) -> None:
    """Solve V = Dp + AV by Gauss and Seidel; each column of A sums to less than one, so that it converges.

    After the first round only firms with stakes can move.
    """
    _list_stakes(w, s)
    moved = 0.0
    k = 0
    for i in range(w.firms):
        k, change = _revalue(s, i, k)
        moved = max(moved, change)
    for _ in range(MOST_ROUNDS - 1):
        if moved < TOLERANCE:
            return
        moved = 0.0
        k = 0
        while k < s.pairs:
            k, change = _revalue(s, s.pair_owner[k], k)
            moved = max(moved, change)
    if not moved < TOLERANCE and s.code == OK:
        s.code = NOT_CONVERGED


@compiled
def value_of_stakes(w: World, s: State, i: int) -> float:
    """Value of all stakes of one firm at the values of their issuers."""
    total = 0.0
    for j in range(w.firms):
        if s.stake[i, j] > 0.0:
            total += s.stake[i, j] * s.market_value[j]
    return total
