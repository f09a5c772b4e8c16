"""New shares: an investor pays a firm and owns part of it afterwards; everyone else is diluted."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled, lowest_bit
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
    left = s.owners[firm]
    while left != 0:
        s.stake[lowest_bit(left), firm] *= 1.0 - part
        left &= left - 1
    add_stake(s, (investor, firm), part)
    s.equity_raised[firm] += amount
    if investor < w.firms:
        s.stake_book[investor] += amount


@compiled
def add_stake(s: State, pair: tuple[int, int], part: float) -> None:
    """Add shares to a stake; ``pair`` is (owner, issuer). Whoever buys is an owner from then on."""
    owner, issuer = pair
    list_stake(s, owner, issuer)
    s.stake[owner, issuer] += part


@compiled
def list_stakes(w: World, s: State) -> None:
    """List who owns a part of whom: few of all pairs are in use. A stake that is sold stays on the list."""
    for i in range(w.agents):
        s.owners[i] = s.holdings[i] = 0
    for issuer in range(w.firms):
        for owner in range(w.agents):
            if s.stake[owner, issuer] > 0.0:
                list_stake(s, owner, issuer)


@compiled
def list_stake(s: State, owner: int, issuer: int) -> None:
    """Put a stake on both lists: the issuer's owners, and what the owner holds. They are sets kept as bits."""
    s.owners[issuer] |= 1 << owner
    s.holdings[owner] |= 1 << issuer
