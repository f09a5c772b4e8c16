"""What came first in each draw: a debt problem, or income of the sector's own.

The question is whether the sector lives on lending until it earns its keep, or fails to borrow before. *Income* is
there in the first quarter in which end users pay more than half of AI revenue (``organic_revenue``). A *debt problem*
is there in the first quarter in which one of these happens to an operating firm that is in business:

- rollover: creditors leave a quarter or more of what falls due to a borrower below investment grade (G3). In calm times
  only one creditor in twelve asks what the others will do (G3d), so that refusal must have spread. Vehicles are left
  out here: they repay loans out of rents, and what they do not roll over need not have been refused;
- covenant: lenders of a firm that borrows on its chips and sites sweep its cash after a failed test (G7);
- illiquid default: the firm fails, and would not have, had financiers looked at fundamentals only (decision 17).

Shortage of new debt is no event of its own: a firm that plans less than it would like has no problem yet, and one that
needs the money fails. Defaults of any kind are counted beside the three. Where only one of the two has come by the end
of the run the order is known and the distance is not; where neither has, both are unknown. Because the share can fall
back, the order is also told for income that stays: end users pay more than half from that quarter to the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of, share_of
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.records import Range, ShareOfDraws
from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray
from cardhouse.model.blocks.credit import INVESTMENT_GRADE
from cardhouse.model.state import ILLIQUID, SWEEP
from cardhouse.network.entity import Role
from cardhouse.simulation.results import Run

PAID_BY_USERS = 0.5
"""Part of AI revenue that end users must pay for income to be there."""
REFUSED = 0.25
"""Part of what falls due that creditors must leave for a rollover to count as refused."""
NEVER = -1
_LATE = 1 << 30
EVENTS: dict[str, str] = {
    "any": "debt problem: any of the three below",
    "rollover": "a quarter or more of a weak borrower's maturing debt is not rolled over",
    "covenant": "lenders sweep a firm's cash after a failed covenant test",
    "illiquid_default": "a default labelled illiquid",
    "default": "for comparison: a default of any kind",
    "any_lasting": "for comparison: any of the three, against income that stays to the end",
}
_NEEDED = (
    *("organic_revenue", "rolled_over", "principal_due", "rating", "status"),
    *("default_quarter", "default_label"),
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """How often one kind of debt problem comes before income, and by how much.

    Parameters
    ----------
    event, text : str
        Which kind.
    happens : ShareOfDraws
        Draws in which it happens by the end of the run.
    event_first, same_quarter, income_first, neither : ShareOfDraws
        Order of the two; the four add up to one.
    event_only, income_only : ShareOfDraws
        The part of ``event_first`` and ``income_first`` in which the other has not come by the end.
    distance : Range
        Quarter of the event less the quarter of income, where both have come; negative: the debt problem came first.
    both : int
        Draws in which both have come.
    """

    event: str
    text: str
    happens: ShareOfDraws
    event_first: ShareOfDraws
    same_quarter: ShareOfDraws
    income_first: ShareOfDraws
    neither: ShareOfDraws
    event_only: ShareOfDraws
    income_only: ShareOfDraws
    distance: Range
    both: int


@dataclass(frozen=True, kw_only=True)
class DebtOrIncome:
    """Order of debt problem and income.

    Parameters
    ----------
    start : Range
        Part of AI revenue that end users pay in the first quarter.
    at_start : ShareOfDraws
        Draws in which that is more than half: income is there before anything can happen.
    ever : ShareOfDraws
        Draws in which it is more than half in some quarter.
    falls_back : ShareOfDraws
        Draws in which it is so and later half or less again.
    debt_by_quarter, income_by_quarter : tuple of ShareOfDraws
        Draws in which a debt problem, and income, have come by the end of each quarter.
    orders : tuple of Order
        By kind of debt problem, any of them first; last, any of them against income that stays.
    """

    start: Range
    at_start: ShareOfDraws
    ever: ShareOfDraws
    falls_back: ShareOfDraws
    debt_by_quarter: tuple[ShareOfDraws, ...]
    income_by_quarter: tuple[ShareOfDraws, ...]
    orders: tuple[Order, ...]


def debt_or_income(run: Run, cast: Cast) -> DebtOrIncome | None:
    """Return what came first; None when the run kept no paths or has no operating firm."""
    if not can_tell(run) or not cast.places(OPERATING_ROLES):
        return None
    per_row = run.sampling.news_per_row
    paid = np.asarray(good_draws(run, "organic_revenue"), dtype=np.float64)
    income, events = income_quarter(run), debt_quarters(run, cast)
    after = np.arange(paid.shape[1]) > np.where(income == NEVER, paid.shape[1], income)[:, np.newaxis]
    return DebtOrIncome(
        start=range_of(paid[:, 0]),
        at_start=share_of(income == 0, per_row),
        ever=share_of(income != NEVER, per_row),
        falls_back=share_of(np.asarray(((paid <= PAID_BY_USERS) & after).any(axis=1)), per_row),
        debt_by_quarter=_so_far(events["any"], paid.shape[1], per_row),
        income_by_quarter=_so_far(income, paid.shape[1], per_row),
        orders=(
            *(_order(event, quarters, income, per_row) for event, quarters in events.items()),
            _order("any_lasting", events["any"], lasting_from(paid), per_row),
        ),
    )


def can_tell(run: Run) -> bool:
    """Tell whether a run kept what the order needs, draw by draw."""
    return has_draws(run, *_NEEDED)


def first_true(holds: BoolArray) -> IntArray:
    """Return the place of the first true value of each row, -1 for none.

    >>> first_true(np.array([[False, True, True], [False, False, False]])).tolist()
    [1, -1]
    """
    return np.where(holds.any(axis=1), holds.argmax(axis=1), NEVER)


def income_quarter(run: Run) -> IntArray:
    """Return for each good draw the place of the first quarter in which end users pay more than half, -1 for none."""
    return first_true(np.asarray(good_draws(run, "organic_revenue")) > PAID_BY_USERS)


def lasting_from(paid: FloatArray) -> IntArray:
    """Return the quarter from which end users pay more than half to the end of the run, -1 when they do not at the end.

    >>> lasting_from(np.array([[0.6, 0.4, 0.6, 0.7], [0.6, 0.6, 0.6, 0.5], [0.6, 0.6, 0.6, 0.6]])).tolist()
    [2, -1, 0]
    """
    quarters = paid.shape[1]
    low = np.where(paid > PAID_BY_USERS, NEVER, np.arange(quarters)).max(axis=1)
    return np.where(low == quarters - 1, NEVER, low + 1)


def debt_quarters(run: Run, cast: Cast) -> dict[str, IntArray]:
    """Return for each kind of debt problem the place of its first quarter in each good draw, -1 for none."""
    places = list(cast.places(OPERATING_ROLES))
    when = good_draws(run, "default_quarter")[:, places]
    label = good_draws(run, "default_label")[:, places]
    quarters = np.arange(len(run.coordinates["quarter"]))[np.newaxis, :, np.newaxis]
    own = (when[:, np.newaxis, :] < 0) | (quarters <= when[:, np.newaxis, :])
    roll = np.array([cast.members[place].role != Role.VEHICLE for place in places])

    def path(name: str) -> AnyArray:
        return np.asarray(good_draws(run, name)[:, :, places])

    left = is_refused(path("principal_due"), path("rolled_over"), path("rating"))
    found = {
        "rollover": first_true(np.asarray((left & own & roll).any(axis=2))),
        "covenant": first_true(np.asarray(((path("status") == SWEEP) & own).any(axis=2))),
        "illiquid_default": _earliest(np.where(label == ILLIQUID, when, NEVER)),
    }
    return {"any": _earliest(np.stack(list(found.values()), axis=1)), **found, "default": _earliest(when)}


def is_refused(due: FloatArray, rolled: FloatArray, rating: FloatArray) -> BoolArray:
    """Tell where creditors leave a quarter or more of what falls due to a borrower below investment grade.

    >>> is_refused(np.array([8.0, 8.0, 8.0, 0.0]), np.array([6.0, 6.5, 6.0, 0.0]), np.array([14.0, 14.0, 3.0, 14.0]))
    array([ True, False, False, False])
    """
    return np.asarray((due > 0.0) & (rolled <= (1.0 - REFUSED) * due) & (rating >= INVESTMENT_GRADE))


def _earliest(quarters: IntArray) -> IntArray:
    """Return the earliest quarter of each row, -1 when none of its events happens."""
    first = np.where(quarters >= 0, quarters, _LATE).min(axis=1, initial=_LATE)
    return np.where(first == _LATE, NEVER, first)


def _so_far(quarters: IntArray, count: int, per_row: int) -> tuple[ShareOfDraws, ...]:
    return tuple(share_of(np.asarray((quarters >= 0) & (quarters <= k)), per_row) for k in range(count))


def _order(event: str, quarters: IntArray, income: IntArray, per_row: int) -> Order:
    struck, earned = quarters != NEVER, income != NEVER
    both = struck & earned
    distance = (quarters - income)[both].astype(np.float64)
    return Order(
        event=event,
        text=EVENTS[event],
        happens=share_of(struck, per_row),
        event_first=share_of(comes_first(quarters, income), per_row),
        same_quarter=share_of(both & (quarters == income), per_row),
        income_first=share_of(comes_first(income, quarters), per_row),
        neither=share_of(~struck & ~earned, per_row),
        event_only=share_of(struck & ~earned, per_row),
        income_only=share_of(earned & ~struck, per_row),
        distance=range_of(distance),
        both=int(both.sum()),
    )


def comes_first(one: IntArray, other: IntArray) -> BoolArray:
    """Tell where one quarter comes before another; what has not come by the end of the run comes later.

    >>> comes_first(np.array([3, 3, 3, -1, -1]), np.array([5, 3, -1, 2, -1])).tolist()
    [True, False, True, False, False]
    """
    return np.asarray((one >= 0) & ((other < 0) | (one < other)))
