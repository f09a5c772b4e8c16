"""Block I: stakes that firms hold in one another."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled, lowest_bit
from cardhouse.model.equations.lab_funding import mark_gain
from cardhouse.model.equations.stakes import value_with_stakes
from cardhouse.model.gates import Gates
from cardhouse.model.result_codes import NOT_CONVERGED, OK
from cardhouse.model.state import FUNDAMENTAL, State
from cardhouse.model.world import World

MOST_ROUNDS = 200
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
    for i in range(w.firms):
        if s.holdings[i] != 0:
            _book_gain(s, i, value_of_stakes(s, i))


@compiled
def _book_gain(s: State, i: int, stakes: float) -> None:
    """Book what a firm's stakes have gained (F7)."""
    # the value at cost of what was bought this quarter is in the old value already
    gain = mark_gain(1.0, stakes, s.stake_value[i], 0.0)
    s.marks[i] += gain
    s.stake_book[i] += gain
    s.value_by_channel[i, FUNDAMENTAL] += gain
    s.stake_value[i] = stakes


@compiled
def _revalue(s: State, i: int, stakes: float) -> bool:
    """Set one firm's value from its own and its stakes; tell whether it moved, which a NaN does."""
    value, before = value_with_stakes(s.own_value[i], stakes), s.market_value[i]
    s.market_value[i] = value
    return not abs(value - before) < TOLERANCE * max(value, 1.0)


@compiled
def _solve(w: World, s: State) -> None:
    """Solve V = Dp + AV by Gauss and Seidel; each column of A sums to less than one, so that it converges.

    After the first round only firms with stakes can move.
    """
    moved, owners = 0, 0
    for i in range(w.firms):
        if s.holdings[i] != 0:
            owners |= 1 << i
        moved += _revalue(s, i, value_of_stakes(s, i))
    for _ in range(MOST_ROUNDS - 1):
        if moved == 0:
            return
        moved = 0
        left = owners
        while left != 0:
            owner = lowest_bit(left)
            moved += _revalue(s, owner, value_of_stakes(s, owner))
            left &= left - 1
    if moved > 0 and s.code == OK:
        s.code = NOT_CONVERGED


@compiled
def value_of_stakes(s: State, i: int) -> float:
    """Value of all stakes of one firm at the values of their issuers."""
    total = 0.0
    left = s.holdings[i]
    while left != 0:
        issuer = lowest_bit(left)
        total += s.stake[i, issuer] * s.market_value[issuer]
        left &= left - 1
    return total
