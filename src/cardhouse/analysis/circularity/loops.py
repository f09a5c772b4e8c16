"""Every money loop: a round trip along contracts that ends at the firm where it began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cardhouse.analysis.circularity.edges import MoneyEdge, weakness
from cardhouse.basics.errors import InputError
from cardhouse.network.dollars import Dollars, smallest
from cardhouse.network.instrument import View
from cardhouse.network.money import Purpose

MAX_LENGTH = 8


@dataclass(frozen=True)
class MoneyLoop:
    """A closed path of payments in which no firm stands twice.

    Parameters
    ----------
    firms : tuple of str
        In the direction of the money, beginning with the name that comes first in the alphabet; the last pays the
        first.
    edges : tuple of MoneyEdge
        ``edges[k]`` runs from ``firms[k]`` to the next firm.

    Notes
    -----
    The dollars of a loop are those of its smallest edge: more than that cannot go all the way round once. Loops share
    edges, so their dollars must not be added. The weakest link is the edge whose strongest contract has the weakest
    evidence: the loop is no better documented than that.
    """

    firms: tuple[str, ...]
    edges: tuple[MoneyEdge, ...]

    def dollars(self, view: View) -> Dollars:
        """Return what can go round once in one view.

        For the conditional view this is how much more could go round, beyond what binds, if every condition were met.
        """
        if view is not View.CONDITIONAL:
            return smallest(edge.dollars(view) for edge in self.edges)
        binding = smallest(edge.dollars(View.BINDING) for edge in self.edges)
        both = smallest(_plus(edge.dollars(View.BINDING), edge.dollars(View.CONDITIONAL)) for edge in self.edges)
        return _more(both, binding)

    @property
    def smallest_edge(self) -> MoneyEdge | None:
        """The edge that limits the headline dollars; None when the size of every edge is unknown."""
        sized = [(edge.dollars(View.HEADLINE).value, edge) for edge in self.edges]
        known = [(value, edge) for value, edge in sized if value is not None]
        return min(known, key=lambda pair: pair[0])[1] if known else None

    @property
    def weakest_edge(self) -> MoneyEdge:
        """The edge with the weakest evidence."""
        return max(self.edges, key=lambda edge: weakness(edge.strongest))

    @property
    def is_financed(self) -> bool:
        """Tell whether capital or a guarantee is part of the way; otherwise firms only trade with one another."""
        return any(purpose in edge.purposes for edge in self.edges for purpose in (Purpose.FINANCING, Purpose.SUPPORT))


def _plus(first: Dollars, second: Dollars) -> Dollars:
    values = [part for part in (first.value, second.value) if part is not None]
    high = None if first.high is None or second.high is None else first.high + second.high
    return Dollars(sum(values) if values else None, first.low + second.low, high)


def _more(larger: Dollars, smaller: Dollars) -> Dollars:
    """Subtract end from end: both sums rest on the same contracts, so they are low, or high, together."""
    if larger.value is None or smaller.value is None:
        return Dollars(None, 0.0, larger.high)
    value, at_low = larger.value - smaller.value, larger.low - smaller.low
    if larger.high is None or smaller.high is None:
        return Dollars(value, min(value, at_low), larger.high)
    at_high = larger.high - smaller.high
    return Dollars(value, min(value, at_low, at_high), max(value, at_low, at_high))


def money_loops(edges: Mapping[tuple[str, str], MoneyEdge], max_length: int = 4) -> tuple[MoneyLoop, ...]:
    """Find every loop up to a length, largest headline dollars first, loops of unknown size last.

    Parameters
    ----------
    edges : mapping of (payer, payee) to MoneyEdge
        The money graph.
    max_length : int
        Largest number of firms in a loop, 2 to 8.

    Raises
    ------
    InputError
        When the length is out of range.

    Notes
    -----
    Cycles of bounded length are enumerated as in Gupta and Suzumura (2021), "Finding all bounded-length simple cycles
    in a directed graph", in the form that networkx has.
    """
    import networkx as nx

    if not 2 <= max_length <= MAX_LENGTH:
        raise InputError(f"loops have 2 to {MAX_LENGTH} firms; the length given is {max_length}")
    graph: nx.DiGraph[str] = nx.DiGraph(list(edges))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    found = (_loop(cycle, edges) for cycle in nx.simple_cycles(graph, length_bound=max_length))
    return tuple(sorted(found, key=_largest_first))


def _loop(cycle: list[str], edges: Mapping[tuple[str, str], MoneyEdge]) -> MoneyLoop:
    first = cycle.index(min(cycle))
    firms = tuple(cycle[first:] + cycle[:first])
    following = firms[1:] + firms[:1]
    return MoneyLoop(firms, tuple(edges[pair] for pair in zip(firms, following, strict=True)))


def _largest_first(loop: MoneyLoop) -> tuple[bool, float, float, int, tuple[str, ...]]:
    headline, conditional = (loop.dollars(view).value for view in (View.HEADLINE, View.CONDITIONAL))
    return (headline is None, -(headline or 0.0), -(conditional or 0.0), len(loop.firms), loop.firms)


def count_by_length(loops: Iterable[MoneyLoop]) -> dict[int, int]:
    """Count loops by their number of firms."""
    counts: dict[int, int] = {}
    for loop in loops:
        counts[len(loop.firms)] = counts.get(len(loop.firms), 0) + 1
    return dict(sorted(counts.items()))
