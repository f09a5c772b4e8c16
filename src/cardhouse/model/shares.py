"""New shares: an investor pays a firm and owns part of it afterwards; everyone else is diluted."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.equations.lab_funding import new_share
from cardhouse.model.layout import ROOM
from cardhouse.model.ledger import Ledger, post
from cardhouse.model.result_codes import BUFFER_FULL, OK
from cardhouse.model.state import State
from cardhouse.model.world import World

SMALLEST_PART = 1e-5
"""A value is kept above this part of the value at the start, so that its logarithm is defined."""
DUST = 1e-9
"""The same in USD bn for firms that were worth nothing at the start."""
PAIRS = ROOM["stake_pair"] - 1
"""Room for stakes of firms in firms, less the mark behind the last one."""


@compiled
def least_value(reference: float) -> float:
    """Return the floor of a firm's value, given its value at the start.

    >>> least_value(200.0), least_value(0.0)
    (0.002, 1e-09)
    """
    return max(SMALLEST_PART * reference, DUST)


@compiled
def issue_shares(w: World, s: State, ledger: Ledger, parties: tuple[int, int, int], money: tuple[float, float]) -> None:
    """Sell new shares of a firm to an investor.

    Parameters
    ----------
    parties : (firm, investor, tag)
        Who issues, who pays, what the payment is for.
    money : (amount, post_money)
        Cash paid, and the value of the whole firm after the payment; the investor gets amount / post_money of it.
    """
    firm, investor, tag = parties
    post(ledger, s.cash, investor, firm, tag, money[0])
    give_shares(w, s, (firm, investor), money)


@compiled(inline=True)
def give_shares(w: World, s: State, parties: tuple[int, int], money: tuple[float, float]) -> None:
    """Enter an investor as owner of the shares that its money buys; the caller posts the money.

    Parameters
    ----------
    parties : (firm, investor)
        Who issues, who owns afterwards.
    money : (amount, post_money)
        As in :func:`issue_shares`.
    """
    firm, investor = parties
    amount, post_money = money
    if amount <= 0.0:
        return
    part = new_share(amount, post_money)
    for owner in range(w.agents):
        s.stake[owner, firm] *= 1.0 - part
    add_stake(w, s, (investor, firm), part)
    s.equity_raised[firm] += amount
    if investor < w.firms:
        s.stake_book[investor] += amount


@compiled
def add_stake(w: World, s: State, pair: tuple[int, int], part: float) -> None:
    """Add shares to a stake; ``pair`` is (owner, issuer). A firm's first shares of another firm go on the list."""
    owner, issuer = pair
    if part > 0.0 and s.stake[owner, issuer] <= 0.0:
        list_stake(w, s, owner, issuer)
    s.stake[owner, issuer] += part


@compiled
def list_stakes(w: World, s: State) -> None:
    """List the stakes of firms in firms, owner by owner: few of all pairs are in use. A stake that is sold stays."""
    s.pairs = 0
    s.pair_owner[0] = -1
    for i in range(w.firms):
        for j in range(w.firms):
            if s.stake[i, j] > 0.0:
                list_stake(w, s, i, j)


@compiled
def list_stake(w: World, s: State, owner: int, issuer: int) -> None:
    """Put a stake of a firm in its place on the list, unless it is there already; other owners' are not listed."""
    if owner >= w.firms:
        return
    place = s.pairs
    while place > 0 and _comes_before(owner, issuer, s.pair_owner[place - 1], s.pair_issuer[place - 1]):
        place -= 1
    if place > 0 and s.pair_owner[place - 1] == owner and s.pair_issuer[place - 1] == issuer:
        return
    if s.pairs >= PAIRS:
        s.code = BUFFER_FULL if s.code == OK else s.code
        return
    for k in range(s.pairs, place, -1):
        s.pair_owner[k] = s.pair_owner[k - 1]
        s.pair_issuer[k] = s.pair_issuer[k - 1]
    s.pair_owner[place] = owner
    s.pair_issuer[place] = issuer
    s.pairs += 1
    s.pair_owner[s.pairs] = -1


@compiled
def _comes_before(owner: int, issuer: int, other_owner: int, other_issuer: int) -> bool:
    """Tell whether one stake stands before another on the list: by owner, then by issuer."""
    return owner < other_owner or (owner == other_owner and issuer < other_issuer)
