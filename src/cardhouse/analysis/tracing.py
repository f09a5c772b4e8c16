"""The arithmetic of the money tracer: the origin of each dollar that moves inside a network of firms.

Inside the network a dollar keeps the origin with which it entered. The one assumption that no data settle is
*fungibility*: which of its dollars does a firm spend when it pays? Four rules bound the answer. Under each of them the
dollars of every origin are conserved over the network, to rounding.

References
----------
Leontief, W. (1986), *Input-Output Economics*, for the mixed rule, which is an absorbing Markov chain in dollars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cardhouse.basics.arrays import FloatArray, unknown
from cardhouse.basics.errors import ConvergenceError, InputError

ORIGINS: tuple[str, ...] = (
    "end_user",
    "own_other_business",
    "outside_equity",
    "outside_debt",
    "public",
    "opening",
    "unknown",
)
ORGANIC: tuple[str, ...] = ("end_user", "own_other_business")
_TOLERANCE = 1e-12
_MAX_ROUNDS = 20_000


class Fungibility(StrEnum):
    """Which of its dollars a firm spends when it pays another firm of the network."""

    MIXED = "mixed"  # every payment is a fair sample of all the firm had this quarter
    LAST_IN_FIRST_OUT = "last_in_first_out"  # what came in this quarter is spent before what was there
    OUTSIDE_FIRST = "outside_first"  # outside finance is spent on the network before customers' money
    EARMARKED = "earmarked"  # finance from a firm is spent on that firm's goods before anything else


# the order in which pools are emptied under OUTSIDE_FIRST: finance first, customers' money last
_OUTSIDE_FIRST_ORDER = [ORIGINS.index(name) for name in (
    "outside_equity", "outside_debt", "public", "opening", "unknown", "own_other_business", "end_user",
)]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class QuarterFlows:
    """The payments of one quarter among ``n`` firms of the network and with the outside, in USD bn.

    Parameters
    ----------
    revenue : array, shape (payer, payee)
        Payments between firms for goods, services and rents.
    finance : array, shape (payer, payee)
        Payments between firms that are equity, loans or their service.
    revenue_from_outside : array, shape (origin, payee)
        Sales to the outside, by origin.
    finance_from_outside : array, shape (origin, payee)
        Money raised outside, by origin.
    to_outside : array, shape (payer,)
        All payments that leave the network.
    """

    revenue: FloatArray
    finance: FloatArray
    revenue_from_outside: FloatArray
    finance_from_outside: FloatArray
    to_outside: FloatArray

    def __post_init__(self) -> None:
        """Refuse negative or unknown flows: an unknown amount enters with the origin ``unknown`` instead."""
        for name in ("revenue", "finance", "revenue_from_outside", "finance_from_outside", "to_outside"):
            values = getattr(self, name)
            if not np.isfinite(values).all() or (values < 0).any():
                msg = f"flows of money to trace are finite and not negative; '{name}' is not"
                raise InputError(msg)

    @property
    def inside(self) -> FloatArray:
        """All payments between firms, shape (payer, payee)."""
        return self.revenue + self.finance

    @property
    def from_outside(self) -> FloatArray:
        """All receipts from the outside, shape (origin, payee)."""
        return self.revenue_from_outside + self.finance_from_outside


@dataclass(frozen=True, kw_only=True)
class QuarterTrace:
    """Origins in one quarter.

    Parameters
    ----------
    cash : array, shape (origin, firm)
        Dollars at the end of the quarter by origin.
    revenue : array, shape (origin, firm)
        Revenue received by origin, from the outside and from other firms.
    left : array, shape (origin, firm)
        Dollars that left the network by origin.
    earmarks : array, shape (origin, financier, firm)
        Finance not yet spent on the financier's goods; zero under the other rules.
    """

    cash: FloatArray
    revenue: FloatArray
    left: FloatArray
    earmarks: FloatArray

    def organic_share(self) -> FloatArray:
        """Share of each firm's revenue that began with an end user or with business outside the sector.

        Returns
        -------
        array, shape (firm,)
            Between 0 and 1; NaN for a firm without revenue.
        """
        organic = self.revenue[[ORIGINS.index(name) for name in ORGANIC]].sum(axis=0)
        total = self.revenue.sum(axis=0)
        share = unknown(total.size)
        np.divide(organic, total, out=share, where=total > 0)
        return share


def trace_quarter(
    cash: FloatArray, flows: QuarterFlows, rule: Fungibility = Fungibility.MIXED, earmarks: FloatArray | None = None
) -> QuarterTrace:
    """Follow the dollars of one quarter.

    Parameters
    ----------
    cash : array, shape (origin, firm)
        Dollars at the start by origin, not negative.
    flows : QuarterFlows
        What was paid.
    rule : Fungibility
        Which dollars are spent first.
    earmarks : array, shape (origin, financier, firm), optional
        Earmarked dollars inside ``cash``, from the quarter before.

    Returns
    -------
    QuarterTrace

    Notes
    -----
    The mixed rule is T1: with resources ``R_j = M_j + sum_i F_ij + sum_o F_oj``, the composition solves
    ``R_j w_j = M_j w_j' + sum_i F_ij w_i + sum_o F_oj e_o``, one linear system with a right-hand side per origin.
    The other rules are fixed points of a map that moves non-negative dollars and keeps their sum.

    Examples
    --------
    A lab gets 3 from a customer and 1 from an investor, and pays its cloud 2; three quarters of the cloud's revenue
    is organic:

    >>> flows = QuarterFlows(
    ...     revenue=np.array([[0.0, 2.0], [0.0, 0.0]]), finance=np.zeros((2, 2)),
    ...     revenue_from_outside=np.array([[3.0, 0.0]] + [[0.0, 0.0]] * 6),
    ...     finance_from_outside=np.array([[0.0, 0.0]] * 2 + [[1.0, 0.0]] + [[0.0, 0.0]] * 4),
    ...     to_outside=np.zeros(2))
    >>> trace_quarter(np.zeros((7, 2)), flows).organic_share()
    array([1.  , 0.75])
    """
    count = cash.shape[1]
    held = np.zeros((len(ORIGINS), count, count)) if earmarks is None else earmarks
    if rule is Fungibility.MIXED:
        return _mixed(cash, flows)
    return _by_iteration(cash, flows, rule, held)


def trace(
    opening: FloatArray, quarters: Sequence[QuarterFlows], rule: Fungibility = Fungibility.MIXED
) -> list[QuarterTrace]:
    """Follow the dollars of several quarters, each starting where the one before ended.

    Parameters
    ----------
    opening : array, shape (firm,) or (origin, firm)
        Cash before the first quarter; its origin is ``opening`` unless it is given by origin.
    quarters : sequence of QuarterFlows
        The flows in order.
    rule : Fungibility
        Which dollars are spent first.
    """
    cash = opening
    if opening.ndim == 1:
        cash = np.zeros((len(ORIGINS), opening.size))
        cash[ORIGINS.index("opening")] = opening
    earmarks: FloatArray | None = None
    traces = []
    for flows in quarters:
        found = trace_quarter(cash, flows, rule, earmarks)
        cash, earmarks = found.cash, found.earmarks
        traces.append(found)
    return traces


def _mixed(cash: FloatArray, flows: QuarterFlows) -> QuarterTrace:
    inside = flows.inside
    resources = cash.sum(axis=0) + inside.sum(axis=0) + flows.from_outside.sum(axis=0)
    active = resources > 0
    # a firm with nothing pays nothing; a one on the diagonal keeps the system regular
    matrix = np.diag(np.where(active, resources, 1.0)) - inside.T
    share = np.asarray(np.linalg.solve(matrix, (cash + flows.from_outside).T).T, dtype=np.float64)
    paid = inside.sum(axis=1) + flows.to_outside
    left = share * flows.to_outside
    revenue = flows.revenue_from_outside + share @ flows.revenue
    return QuarterTrace(
        cash=share * np.where(active, resources - paid, 0.0),
        revenue=revenue,
        left=left,
        earmarks=np.zeros((len(ORIGINS), cash.shape[1], cash.shape[1])),
    )


def _by_iteration(cash: FloatArray, flows: QuarterFlows, rule: Fungibility, earmarks: FloatArray) -> QuarterTrace:
    """Find the payments by origin as the fixed point of "receive, then spend by the rule", from the mixed answer."""
    inside = flows.inside
    mixed = _mixed(cash, flows)
    had = mixed.cash + mixed.left
    share = np.divide(had, had.sum(axis=0), out=np.zeros_like(had), where=had.sum(axis=0) > 0)
    payments = share[:, :, None] * inside[None, :, :]
    scale = max(float(inside.max(initial=0.0)), 1e-300)
    for _ in range(_MAX_ROUNDS):
        updated = _spend(cash, flows, rule, earmarks, payments)
        change = float(np.abs(updated - payments).max(initial=0.0))
        payments = updated
        if change <= _TOLERANCE * scale:
            return _finish(cash, flows, rule, earmarks, payments)
    msg = f"the money tracer did not settle under the rule '{rule}' within {_MAX_ROUNDS} rounds"
    raise ConvergenceError(msg)


def _spend(
    cash: FloatArray, flows: QuarterFlows, rule: Fungibility, earmarks: FloatArray, payments: FloatArray
) -> FloatArray:
    """Spend what was received on the firms of the network by a rule: payments by origin, (origin, payer, payee)."""
    inside = flows.inside
    fresh = payments.sum(axis=1) + flows.from_outside
    if rule is Fungibility.EARMARKED:
        return _spend_earmarked(cash + fresh, flows, earmarks + payments * _part(flows.finance, inside))
    bill = inside.sum(axis=1)
    if rule is Fungibility.LAST_IN_FIRST_OUT:
        first = _take_mixed(fresh, bill)
        taken = first + _take_mixed(cash, bill - first.sum(axis=0))
    else:
        taken = _take_in_order(cash + fresh, bill, _OUTSIDE_FIRST_ORDER)
    return _spread(taken, inside)


def _spend_earmarked(cash: FloatArray, flows: QuarterFlows, pool: FloatArray) -> FloatArray:
    """Spend each financier's money, ``pool[origin, financier, firm]``, on its own goods; the rest is a fair sample."""
    drawn = np.minimum(flows.revenue.T, pool.sum(axis=0))
    earmarked = pool * _part(drawn, pool.sum(axis=0))
    rest = flows.inside - drawn.T
    taken = _take_mixed(np.maximum(cash - pool.sum(axis=1), 0.0), rest.sum(axis=1))
    # a firm that cannot pay from free money breaks its earmarks, fairly over what is left of them
    taken = taken + _take_mixed((pool - earmarked).sum(axis=1), rest.sum(axis=1) - taken.sum(axis=0))
    return earmarked.transpose(0, 2, 1) + _spread(taken, rest)


def _part(amount: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, with zero where there is nothing to divide."""
    part = np.zeros(whole.shape)
    np.divide(amount, whole, out=part, where=whole > 0)
    return part


def _take_mixed(pool: FloatArray, amount: FloatArray) -> FloatArray:
    """Take an amount from each firm's pool as a fair sample of it; at most all of it."""
    size = pool.sum(axis=0)
    return pool * _part(np.clip(amount, 0.0, size), size)


def _take_in_order(pool: FloatArray, amount: FloatArray, order: Sequence[int]) -> FloatArray:
    """Take an amount from each firm's pool, origin by origin in the order given."""
    taken = np.zeros_like(pool)
    due = np.maximum(amount, 0.0)
    for origin in order:
        taken[origin] = np.minimum(pool[origin], due)
        due = due - taken[origin]
    return taken


def _spread(taken: FloatArray, payments: FloatArray) -> FloatArray:
    """Spread what each payer took over its payees in proportion to what it pays them."""
    whole = np.broadcast_to(payments.sum(axis=1)[:, None], payments.shape)
    return taken[:, :, None] * _part(payments, whole)[None, :, :]


def _finish(
    cash: FloatArray, flows: QuarterFlows, rule: Fungibility, earmarks: FloatArray, payments: FloatArray
) -> QuarterTrace:
    inside = flows.inside
    left_over = np.maximum(cash + payments.sum(axis=1) + flows.from_outside - payments.sum(axis=2), 0.0)
    left = _take_mixed(left_over, flows.to_outside)
    kept = np.zeros_like(earmarks)
    if rule is Fungibility.EARMARKED:
        pool = earmarks + payments * _part(flows.finance, inside)
        kept = pool * _part(np.maximum(pool.sum(axis=0) - flows.revenue.T, 0.0), pool.sum(axis=0))
        # earmarks are part of the cash that is there, origin by origin
        room = _part(left_over - left, kept.sum(axis=1))
        kept = kept * np.minimum(np.where(kept.sum(axis=1) > 0, room, 1.0), 1.0)[:, None, :]
    return QuarterTrace(
        cash=left_over - left,
        revenue=flows.revenue_from_outside + (payments * _part(flows.revenue, inside)).sum(axis=1),
        left=left,
        earmarks=kept,
    )
