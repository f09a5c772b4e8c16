"""Debt as the ledger sees it: borrowing, repayment and write-off move money and keep the three views of a debt equal.

A firm's debt stands by remaining quarters, by lender and by class; the three views have the same total.
"""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.layout import ROOM
from cardhouse.model.ledger import Ledger, enter_due, give, post, post_at, take
from cardhouse.model.rounding import remainder
from cardhouse.model.state import State
from cardhouse.model.world import World

LAST = ROOM["maturity"] - 1
LATER_QUARTERS = 40.0
"""The last rung of the ladder holds everything later; this is the mean time over which it comes down."""
CLASSES, LENDERS = ROOM["debt_class"], ROOM["lender"]
UNFELT = 2.0**-54
"""A part this small, taken off any number, leaves the number what it was: half of its last digit is more."""


@compiled
def age_ladder(s: State, firm: int) -> None:
    """Bring every rung of a firm's debt one quarter nearer; the lowest is what is due now."""
    for rung in range(0, LAST, 4):
        # a year at a time, which the machine moves as one; the last rung stays where it is
        first, second, third = s.debt[firm, rung + 1], s.debt[firm, rung + 2], s.debt[firm, rung + 3]
        fourth = s.debt[firm, min(rung + 4, LAST)]
        s.debt[firm, rung], s.debt[firm, rung + 1] = first, second
        s.debt[firm, rung + 2], s.debt[firm, rung + 3] = third, fourth
    falling = s.debt[firm, LAST] / LATER_QUARTERS
    s.debt[firm, LAST - 1] = falling
    s.debt[firm, LAST] -= falling


@compiled(inline=True)
def borrow(w: World, s: State, ledger: Ledger, firm: int, terms: tuple[int, int, int], amount: float) -> None:
    """Lend a firm money: its lenders pay in proportion to what they hold, and the debt grows.

    Parameters
    ----------
    terms : (tag, maturity, debt class)
        What the payment is for, the quarters until it is due (at most the room of the ladder), the class.
    amount : float
        USD bn; nothing happens when it is not positive.
    """
    if amount <= 0.0:
        return
    tag, maturity, debt_class = terms
    held = s.debt_total[firm]
    growth = amount / held if held > 0.0 else 0.0
    place, received = ledger.postings, 0.0
    for slot in range(w.lenders):
        lent = s.debt_by_lender[firm, slot] * growth if held > 0.0 else w.lender_share[firm, slot] * amount
        if lent > 0.0:
            lender = as_index(w.lender_agent[slot])
            after = post_at(ledger, place, lender, firm, tag, lent)
            if after > place:
                take(s.cash, lender, lent)
                received += lent
            place = after
            s.debt_by_lender[firm, slot] += lent
    give(s.cash, firm, received)
    ledger.postings = place
    s.debt[firm, as_index(min(maturity, LAST))] += amount
    s.debt_by_class[firm, as_index(debt_class)] += amount
    s.debt_total[firm] += amount


@compiled
def owe_lenders(w: World, s: State, ledger: Ledger, firm: int, tag: int, amount: float) -> float:
    """Write interest or principal that is due now, to each lender its share; return the sum of what was written."""
    total = s.debt_total[firm]
    if total <= 0.0 or amount <= 0.0:
        return 0.0
    rate, owed, payable, place = amount / total, 0.0, ledger.payable[firm], ledger.dues
    for slot in range(w.lenders):
        part = s.debt_by_lender[firm, slot] * rate
        if part > 0.0:
            place = enter_due(ledger, place, firm, w.lender_agent[slot], tag, part)
            payable += part
            owed += part
    ledger.payable[firm], ledger.dues = payable, place
    return owed


@compiled(inline=True)
def shrink(s: State, firm: int, rung: int, amount: float) -> None:
    """Take an amount off one rung of the ladder and off the other two views in proportion; no money moves."""
    before = s.debt_total[firm]
    if amount <= 0.0 or before <= 0.0:
        return
    # a debt that is repaid is gone: its last digit would keep covenants and lenders busy
    left = remainder(1.0, amount / before)
    # all slots, those that nobody uses too: a fixed count is quicker than a loop
    for slot in range(LENDERS):
        s.debt_by_lender[firm, slot] *= left
    for debt_class in range(CLASSES):
        s.debt_by_class[firm, debt_class] *= left
    first = min(amount, s.debt[firm, rung])
    s.debt[firm, rung] -= first
    # What was prepaid in the same quarter can leave less on the rung than is repaid: the rest comes off later rungs.
    others = before - first
    # not asked whether there is an excess: rounding makes the answer a guess, and a wrong one costs more than it saves
    part = min(1.0, (amount - first) / others) if others > 0.0 else 0.0
    if left <= 0.0:
        s.debt[firm, rung], part = 0.0, 1.0
    if part > UNFELT:
        for other in range(LAST + 1):
            if other != rung:
                s.debt[firm, other] -= part * s.debt[firm, other]
    s.debt_total[firm] = before * left


@compiled
def write_off(w: World, s: State, firm: int, part: float) -> float:
    """Cancel a part of all of a firm's debt; lenders lose it. Return the amount."""
    lost: float = s.debt_total[firm] * part
    for slot in range(w.lenders):
        s.lender_loss[w.lender_agent[slot]] += s.debt_by_lender[firm, slot] * part
        s.debt_by_lender[firm, slot] *= 1.0 - part
    for debt_class in range(CLASSES):
        s.debt_by_class[firm, debt_class] *= 1.0 - part
    for rung in range(LAST + 1):
        s.debt[firm, rung] *= 1.0 - part
    s.debt_total[firm] *= 1.0 - part
    s.debt_relief[firm] += lost
    return lost


@compiled
def prepay(w: World, s: State, ledger: Ledger, firm: int, tag: int, amount: float) -> None:
    """Repay debt before its time, to each lender its share, off every rung of the ladder in proportion."""
    before = s.debt_total[firm]
    # What is due this quarter is paid at settlement; prepaying it too would pay it twice.
    paid = min(amount, before - s.maturing[firm], max(s.cash[firm], 0.0))
    if paid <= 0.0:
        return
    left = remainder(1.0, paid / before)
    for slot in range(w.lenders):
        share = s.debt_by_lender[firm, slot] / before
        if share > 0.0:
            post(ledger, s.cash, firm, w.lender_agent[slot], tag, paid * share)
        s.debt_by_lender[firm, slot] *= left
    for debt_class in range(CLASSES):
        s.debt_by_class[firm, debt_class] *= left
    for rung in range(LAST + 1):
        s.debt[firm, rung] *= left
    s.debt_total[firm] = before * left
