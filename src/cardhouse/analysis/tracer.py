"""The money tracer on the ledger of a run: of each dollar of a firm's revenue, so many cents came from an end user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from cardhouse.analysis.circularity.over_time import OverTime, circularity_over_time
from cardhouse.analysis.tracing import ORIGINS, Fungibility, QuarterFlows, QuarterTrace, trace
from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray, unknown
from cardhouse.basics.errors import ModelError
from cardhouse.model.identities import TOLERANCE
from cardhouse.model.simulate import DrawJournal

FINANCE_KINDS = frozenset({
    "interest", "income_passed_on", "payout", "new_debt", "repayment", "outside_equity", "strategic_equity",
    "saver_contribution", "saver_lending", "bankruptcy_cost", "stake_sale", "public_support", "securities",
})  # fmt: skip
"""Payments that are finance or its service; all others are for goods, services and rents."""

ORIGIN_OF_KIND: Mapping[str, str] = {
    "ai_consumer": "end_user",
    "ai_business": "end_user",
    "compute_rent": "end_user",  # rent from outside the network is paid by a user of computers
    "outside_equity": "outside_equity",
    "strategic_equity": "outside_equity",
    "stake_sale": "outside_equity",
    "payout": "outside_equity",
    "new_debt": "outside_debt",
    "repayment": "outside_debt",
    "interest": "outside_debt",
    "public_support": "public",
    "public_spending": "public",
    "securities": "public",
}
"""Origin of money that enters from outside, by kind of payment; any other kind is ``own_other_business``."""

WINDOW = 4
"""Quarters over which revenue is added up, so that a season does not look like a change."""


@dataclass(frozen=True, kw_only=True)
class Tracing:
    """Origins of revenue over several draws.

    Parameters
    ----------
    firms : tuple of str
        Firms inside the network.
    draws : int
        Draws traced.
    revenue : array, shape (rule, draw, quarter, origin, firm)
        Revenue by origin, USD bn per quarter.
    loops : tuple of Loop
        The largest closed paths of goods and finance, averaged over the draws, largest first.
    conservation : float
        Largest relative gap in dollars by origin over rules, draws and quarters.
    over_time : tuple of OverTime
        Measures of circular money by quarter, one per draw.
    """

    firms: tuple[str, ...]
    draws: int
    revenue: FloatArray
    loops: tuple[Loop, ...]
    conservation: float
    over_time: tuple[OverTime, ...] = ()

    def shares(self, firm: str, last: int) -> FloatArray:
        """Return the share of each origin in a firm's revenue of the four quarters that end with ``last``.

        Returns
        -------
        array, shape (rule, draw, origin)
            Each row sums to 1; NaN where the firm had no revenue.
        """
        place = self.firms.index(firm)
        window = self.revenue[:, :, max(last - WINDOW + 1, 0) : last + 1, :, place].sum(axis=2)
        whole = window.sum(axis=2, keepdims=True)
        out = unknown(*window.shape)
        np.divide(window, whole, out=out, where=whole > 0)
        return out

    def organic_share(self, firm: str, last: int) -> FloatArray:
        """Return the organic share with unknown origins counted as not organic, shape (rule, draw)."""
        return np.asarray(self.shares(firm, last)[:, :, :2].sum(axis=2), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Loop:
    """A closed path of payments: the firms in order, and the dollars that can go round once in a year, USD bn."""

    firms: tuple[str, ...]
    dollars: float


def flows_of(journal: DrawJournal, inside: Sequence[str], quarters: int) -> list[QuarterFlows]:
    """Sort a draw's postings into payments inside the network and with the outside.

    Parameters
    ----------
    journal : DrawJournal
        All postings of the draw.
    inside : sequence of str
        Firms of the network.
    quarters : int
        Length of the draw.
    """
    place = {name: k for k, name in enumerate(inside)}
    postings = journal.postings
    kinds, back = np.unique(postings["kind"], return_inverse=True)
    financial, origin = nature_of([str(kind) for kind in kinds])
    return sort_payments(
        np.asarray(postings["quarter"], dtype=np.int64),
        (_places(postings["payer"], place), _places(postings["payee"], place)),
        np.asarray(postings["amount"], dtype=np.float64),
        (financial[back], origin[back]),
        (quarters, len(inside)),
    )


def nature_of(kinds: Sequence[str]) -> tuple[BoolArray, IntArray]:
    """Tell for each kind of payment whether it is finance, and the place of its origin if it comes from outside.

    >>> financial, origin = nature_of(["compute_rent", "new_debt"])
    >>> financial.tolist(), [ORIGINS[k] for k in origin]
    ([False, True], ['end_user', 'outside_debt'])
    """
    financial = np.array([kind in FINANCE_KINDS for kind in kinds], dtype=np.bool_)
    places = [ORIGINS.index(ORIGIN_OF_KIND.get(kind, "own_other_business")) for kind in kinds]
    return financial, np.array(places, dtype=np.int64)


def sort_payments(
    quarter: IntArray,
    ends: tuple[IntArray, IntArray],
    amount: FloatArray,
    nature: tuple[BoolArray, IntArray],
    size: tuple[int, int],
) -> list[QuarterFlows]:
    """Sort payments of a draw by quarter, into those inside the network and those with the outside.

    Parameters
    ----------
    quarter : array of int, shape (posting,)
        1 is the first; what comes after the last quarter wanted is left out.
    ends : (payer, payee), arrays of int, shape (posting,)
        Places of the firms in the network; -1 for anyone outside.
    amount : array, shape (posting,)
        USD bn.
    nature : (financial, origin), arrays, shape (posting,)
        Whether the payment is finance, and the place of its origin; see :func:`nature_of`.
    size : (quarters, firms)

    Examples
    --------
    An outsider pays the first firm 3 for goods, which pays the second 2:

    >>> found = sort_payments(np.array([1, 1]), (np.array([-1, 0]), np.array([0, 1])), np.array([3.0, 2.0]),
    ...     (np.array([False, False]), np.array([0, 0])), (1, 2))
    >>> found[0].revenue.tolist(), found[0].revenue_from_outside[0].tolist()
    ([[0.0, 2.0], [0.0, 0.0]], [3.0, 0.0])
    """
    quarters, count = size
    (payer, payee), (financial, origin) = ends, nature
    row = quarter - 1
    wanted = quarter <= quarters
    both, entering = wanted & (payer >= 0) & (payee >= 0), wanted & (payer < 0) & (payee >= 0)
    leaving = wanted & (payer >= 0) & (payee < 0)

    def table(chosen: BoolArray, first: IntArray, second: IntArray, shape: tuple[int, int]) -> FloatArray:
        flat = (row[chosen] * shape[0] + first[chosen]) * shape[1] + second[chosen]
        sums = np.bincount(flat, amount[chosen], quarters * shape[0] * shape[1])
        return np.asarray(sums.reshape(quarters, *shape), dtype=np.float64)

    inner, outer = (count, count), (len(ORIGINS), count)
    revenue, finance = table(both & ~financial, payer, payee, inner), table(both & financial, payer, payee, inner)
    sold, raised = table(entering & ~financial, origin, payee, outer), table(entering & financial, origin, payee, outer)
    left = table(leaving, np.zeros_like(payer), payer, (1, count))[:, 0]
    return [
        QuarterFlows(
            revenue=revenue[t],
            finance=finance[t],
            revenue_from_outside=sold[t],
            finance_from_outside=raised[t],
            to_outside=left[t],
        )
        for t in range(quarters)
    ]


def _places(names: AnyArray, place: Mapping[str, int]) -> IntArray:
    distinct, back = np.unique(names, return_inverse=True)
    return np.array([place.get(str(name), -1) for name in distinct], dtype=np.int64)[back]


def trace_journals(
    journals: Iterable[DrawJournal],
    inside: Sequence[str],
    quarters: int,
    composition: Mapping[str, FloatArray] | None = None,
    rules: Sequence[Fungibility] = tuple(Fungibility),
) -> Tracing:
    """Follow the dollars of several draws under each rule of fungibility.

    Parameters
    ----------
    journals : iterable of DrawJournal
        One per draw; each is looked at once, so that many need not be in memory together.
    inside : sequence of str
        Firms of the network.
    quarters : int
        Length of the draws.
    composition : mapping of firm to array, optional
        Origins of the opening cash as shares, from the payments of the past; cash of a firm without an entry has the
        origin ``opening``.
    rules : sequence of Fungibility
        Rules to apply.

    Raises
    ------
    ModelError
        If money by origin is not conserved in a quarter (identity I11).
    """
    revenues: list[FloatArray] = []
    worst, total = 0.0, np.zeros((len(inside), len(inside)))
    measures = []
    for journal in journals:
        flows = flows_of(journal, inside, quarters)
        total += sum(flow.inside for flow in flows) / (quarters / WINDOW)
        measures.append(circularity_over_time(flows))
        cash = np.array([journal.opening_cash[name] for name in inside])
        opening = opening_by_origin(cash, inside, composition or {})
        revenue = unknown(len(rules), quarters, len(ORIGINS), len(inside))
        for r, rule in enumerate(rules):
            held = opening
            for t, found in enumerate(trace(opening, flows, rule)):
                revenue[r, t] = found.revenue
                worst = max(worst, assert_origins(held, flows[t], found))
                held = found.cash
        revenues.append(revenue)
    return Tracing(
        firms=tuple(inside),
        draws=len(revenues),
        revenue=np.stack(revenues, axis=1),
        loops=largest_loops(total / len(revenues), inside),
        conservation=worst,
        over_time=tuple(measures),
    )


def assert_origins(held: FloatArray, flows: QuarterFlows, found: QuarterTrace) -> float:
    """Assert identity I11 on one traced quarter: of every origin, what firms had and got they still have or paid out.

    Parameters
    ----------
    held : array, shape (origin, firm)
        Cash at the start of the quarter by origin, USD bn.
    flows : QuarterFlows
        The quarter's payments.
    found : QuarterTrace
        The quarter as traced.

    Returns
    -------
    float
        Largest gap of an origin, as a share of all money that was there or came in.

    Raises
    ------
    ModelError
        If the gap is above 1e-9 or not a finite number.
    """
    gaps = origin_gaps(held, flows, found)
    if not np.all(gaps <= TOLERANCE):
        name = ORIGINS[int(np.argmax(np.where(np.isfinite(gaps), gaps, np.inf)))]
        total = float(held.sum() + flows.from_outside.sum())
        raise ModelError(
            f"accounting identity I11 does not hold: dollars of origin '{name}' change from {total:.6g} in all "
            f"by {float(np.max(gaps)):.1e} of it while they are traced"
        )
    return float(gaps.max())


def origin_gaps(held: FloatArray, flows: QuarterFlows, found: QuarterTrace) -> FloatArray:
    """Return the gap of each origin in one traced quarter, as a share of all money that was there or came in.

    Parameters are those of :func:`assert_origins`; identity I11 says that every gap is zero.
    """
    before = held.sum(axis=1) + flows.from_outside.sum(axis=1)
    after = found.cash.sum(axis=1) + found.left.sum(axis=1)
    return np.asarray(np.abs(before - after) / max(float(before.sum()), 1e-300), dtype=np.float64)


def opening_by_origin(cash: FloatArray, inside: Sequence[str], composition: Mapping[str, FloatArray]) -> FloatArray:
    """Split opening cash by origin, shape (origin, firm); cash of a firm without an entry has the origin ``opening``.

    >>> opening_by_origin(np.array([2.0]), ["lab"], {})[ORIGINS.index("opening")].tolist()
    [2.0]
    """
    only_opening = np.zeros(len(ORIGINS))
    only_opening[ORIGINS.index("opening")] = 1.0
    shares = np.array([composition.get(name, only_opening) for name in inside]).T
    return np.asarray(shares * np.maximum(cash, 0.0), dtype=np.float64)


def largest_loops(payments: FloatArray, names: Sequence[str], length: int = 4, count: int = 12) -> tuple[Loop, ...]:
    """Find the closed paths of at most ``length`` firms that carry most: a path carries its smallest payment.

    Parameters
    ----------
    payments : array, shape (payer, payee)
        USD bn a year.
    names : sequence of str
        Firms in the order of the array.
    length, count : int
        Longest path, and how many to return.

    Examples
    --------
    >>> largest_loops(np.array([[0.0, 5.0], [3.0, 0.0]]), ["chip maker", "laboratory"])
    (Loop(firms=('chip maker', 'laboratory'), dollars=3.0),)
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for i, payer in enumerate(names):
        for j, payee in enumerate(names):
            if i != j and payments[i, j] > 0.01:
                graph.add_edge(payer, payee, dollars=float(payments[i, j]))
    found = []
    place = {name: position for position, name in enumerate(names)}
    for nodes in nx.simple_cycles(graph, length_bound=length):
        # where the search enters a loop hangs on the hashes of names, which change from process to process
        first = min(range(len(nodes)), key=lambda k: place[nodes[k]])
        cycle = [*nodes[first:], *nodes[:first]]
        steps = zip(cycle, [*cycle[1:], cycle[0]], strict=True)
        found.append(Loop(firms=tuple(cycle), dollars=min(graph.edges[step]["dollars"] for step in steps)))
    return tuple(sorted(found, key=lambda loop: (-loop.dollars, len(loop.firms), loop.firms))[:count])
