"""All circularity measures of one snapshot in one record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.circularity.bounds import UNDEFINED, Ranged, search_bounds
from cardhouse.analysis.circularity.edges import money_edges
from cardhouse.analysis.circularity.finn import finn_cycling_index
from cardhouse.analysis.circularity.firms import Dependence, RoundTrip, dependences, round_trips
from cardhouse.analysis.circularity.hodge import hodge_split, reciprocal_share
from cardhouse.analysis.circularity.loops import MoneyLoop, money_loops
from cardhouse.analysis.circularity.wrong_way import WrongWay, wrong_way_exposures
from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.network.instrument import LIVE, View
from cardhouse.network.matrices import AmountMatrix, EntityIndex, payment_matrix
from cardhouse.network.money import MoneyLink, Purpose, money_links
from cardhouse.network.snapshot import NetworkSnapshot


@dataclass(frozen=True)
class NetworkMeasures:
    """Measures of the whole network in one view.

    Parameters
    ----------
    view : View
        Headline, or the binding part.
    dollars : Ranged
        All money of the contracts, with unnamed groups too but without guarantees, USD bn, contract totals.
    cycling_index, circular_share, reciprocal_share : Ranged
        Finn's index, where groups of unnamed firms are the outside; the Hodge circular share of net flows; the share of
        gross flows that pairs pay both ways. The last two are of named firms only.
    unknown_contracts : int
        Contracts without a known amount in this view, which all these measures leave out.
    """

    view: View
    dollars: Ranged
    cycling_index: Ranged
    circular_share: Ranged
    reciprocal_share: Ranged
    unknown_contracts: int


@dataclass(frozen=True)
class Circularity:
    """What a snapshot says about circular money, before any model.

    Parameters
    ----------
    networks : tuple of NetworkMeasures
        Headline and binding.
    loops : tuple of MoneyLoop
        Largest headline dollars first.
    max_length : int
        Largest number of firms in a loop that was looked for.
    round_trips : mapping of view to tuple
        Headline and binding.
    dependences : tuple of Dependence
        Headline.
    wrong_way : mapping of view to tuple
        Headline and binding.
    contracts : int
        Contracts in the money graph.
    left_out : mapping of reason to int
        Contracts that are not in it, by tag or status, and those that move no money of their own.
    """

    networks: tuple[NetworkMeasures, ...]
    loops: tuple[MoneyLoop, ...]
    max_length: int
    round_trips: dict[View, tuple[RoundTrip, ...]]
    dependences: tuple[Dependence, ...]
    wrong_way: dict[View, tuple[WrongWay, ...]]
    contracts: int
    left_out: dict[str, int]


def measure_circularity(snapshot: NetworkSnapshot, max_length: int = 4) -> Circularity:
    """Measure loops, cycling, circular share, round trips, dependence and wrong-way exposure of a snapshot.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        The network.
    max_length : int
        Largest number of firms in a loop, 2 to 8.
    """
    named = money_links(snapshot)
    every = money_links(snapshot, with_groups=True)
    edges, all_edges = money_edges(named), money_edges(every)
    # a guarantee moves nothing in the ordinary course
    paid = tuple(link for link in every if link.purpose is not Purpose.SUPPORT)
    views = (View.HEADLINE, View.BINDING)
    return Circularity(
        networks=tuple(_measures(snapshot, paid, view) for view in views),
        loops=money_loops(edges, max_length),
        max_length=max_length,
        round_trips={view: round_trips(all_edges, view) for view in views},
        dependences=dependences(snapshot, all_edges, View.HEADLINE),
        wrong_way={view: wrong_way_exposures(snapshot, all_edges, view) for view in views},
        contracts=len(every),
        left_out=_left_out(snapshot, every),
    )


def _left_out(snapshot: NetworkSnapshot, links: tuple[MoneyLink, ...]) -> dict[str, int]:
    used = {link.instrument.id for link in links}
    reasons: Counter[str] = Counter()
    for row in snapshot.instruments:
        if row.id in used:
            continue
        if row.tags:
            reasons[min(row.tags).value] += 1
        elif row.status not in LIVE:
            reasons[row.status.value] += 1
        else:
            reasons["shares without an amount, or sales under a contract"] += 1
    return dict(sorted(reasons.items()))


def _measures(snapshot: NetworkSnapshot, links: tuple[MoneyLink, ...], view: View) -> NetworkMeasures:
    groups = {entity.id for entity in snapshot.entities if entity.aggregate}
    names = sorted({name for link in links for name in (link.payer, link.payee)})
    matrix = payment_matrix(links, EntityIndex(tuple(names)), view)
    inside = np.array([name not in groups for name in names], dtype=np.bool_)
    return NetworkMeasures(
        view=view,
        dollars=Ranged(float(matrix.central.sum()), float(matrix.low.sum()), float(matrix.high.sum())),
        cycling_index=_bounded(matrix, lambda payment: _finn(payment, inside)),
        circular_share=_bounded(matrix, lambda payment: _circular_share(payment[np.ix_(inside, inside)])),
        reciprocal_share=_bounded(matrix, lambda payment: _reciprocal_share(payment[np.ix_(inside, inside)])),
        unknown_contracts=int(matrix.unknown.sum()),
    )


def _bounded(matrix: AmountMatrix, measure: Callable[[FloatArray], float]) -> Ranged:
    if not matrix.central.any():
        return UNDEFINED
    return search_bounds(measure, matrix.central, matrix.low, matrix.high)


def _finn(payment: FloatArray, inside: BoolArray) -> float:
    # groups of unnamed firms are the outside world: their money enters and leaves, but returns to no one we could name
    return float(
        finn_cycling_index(
            payment[np.ix_(inside, inside)],
            inflow_outside=payment[np.ix_(~inside, inside)].sum(axis=0),
            outflow_outside=payment[np.ix_(inside, ~inside)].sum(axis=1),
        )
    )


def _circular_share(payment: FloatArray) -> float:
    return float(hodge_split(payment).circular_share)


def _reciprocal_share(payment: FloatArray) -> float:
    # cheaper than the whole split, and the search calls it many times
    return float(reciprocal_share(payment))
