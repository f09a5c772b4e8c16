"""New shares: an investor pays a firm and owns part of it afterwards; everyone else is diluted."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.equations.lab_funding import new_share
from cardhouse.model.ledger import Ledger, post
from cardhouse.model.state import State
from cardhouse.model.world import World

SMALLEST_PART = 1e-5
"""A value is kept above this part of the value at the start, so that its logarithm is defined."""
DUST = 1e-9
"""The same in USD bn for firms that were worth nothing at the start."""


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


@compiled
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
    s.stake[investor, firm] += part
    s.equity_raised[firm] += amount
    if investor < w.firms:
        s.stake_book[investor] += amount
