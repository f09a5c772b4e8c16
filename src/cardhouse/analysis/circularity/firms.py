"""Circularity firm by firm: round trips of pairs, and dependence on others' capital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.circularity.bounds import UNDEFINED, Ranged, number, quotient, share
from cardhouse.analysis.circularity.edges import MoneyEdge
from cardhouse.analysis.circularity.ratios import outlay_gap_share
from cardhouse.network.dollars import NOTHING, Dollars, smallest, summed
from cardhouse.network.instrument import View
from cardhouse.network.money import Purpose
from cardhouse.network.snapshot import Cell, NetworkSnapshot

Edges = Mapping[tuple[str, str], MoneyEdge]


@dataclass(frozen=True)
class RoundTrip:
    """Two firms of which one finances the other and sells to it.

    Parameters
    ----------
    financier, financed : str
        The seller that gives capital, and its customer.
    financing, purchases : Dollars
        What is given, and what is bought back; USD bn, contract totals.
    matched : Dollars
        The smaller of the two: what could have gone round.
    share_of_purchases : Ranged
        ``matched`` over ``purchases``: how much of what the customer promised to buy the seller's own capital covers.
    share_of_orders : Ranged
        ``matched`` over all named orders at the seller.
    """

    financier: str
    financed: str
    financing: Dollars
    purchases: Dollars
    matched: Dollars
    share_of_purchases: Ranged
    share_of_orders: Ranged


def only(edge: MoneyEdge | None, purpose: Purpose, view: View) -> Dollars:
    """Add the amounts of an edge for one purpose; nothing when there is no edge."""
    if edge is None:
        return NOTHING
    links = tuple(link for link in edge.links if link.purpose is purpose)
    return MoneyEdge(edge.payer, edge.payee, links).dollars(view) if links else NOTHING


def ranged(dollars: Dollars) -> Ranged:
    """Read a sum as a measure."""
    return Ranged(dollars.value, dollars.low, dollars.high)


def round_trips(edges: Edges, view: View) -> tuple[RoundTrip, ...]:
    """Find every pair in which the financier also sells to the financed firm, largest match first.

    Parameters
    ----------
    edges : mapping of (payer, payee) to MoneyEdge
        The money graph, groups of unnamed firms included: their orders count in ``share_of_orders``.
    view : View
        ``HEADLINE`` or ``BINDING``.
    """
    found = []
    for (financier, financed), edge in edges.items():
        financing = only(edge, Purpose.FINANCING, view)
        purchases = only(edges.get((financed, financier)), Purpose.PURCHASE, view)
        if NOTHING in (financing, purchases):
            continue
        matched = smallest((financing, purchases))
        orders = summed([only(row, Purpose.PURCHASE, view) for pair, row in edges.items() if pair[1] == financier])
        found.append(
            RoundTrip(
                financier=financier,
                financed=financed,
                financing=financing,
                purchases=purchases,
                matched=matched,
                share_of_purchases=share(ranged(financing), ranged(purchases)),
                share_of_orders=share(ranged(matched), ranged(orders)),
            )
        )
    return tuple(sorted(found, key=lambda row: (-(row.matched.value or 0.0), row.financier, row.financed)))


@dataclass(frozen=True)
class Dependence:
    """How far a firm's payments rest on others' capital.

    Parameters
    ----------
    firm : str
        The firm.
    financing_in : Dollars
        Capital given or promised to it, groups of unnamed investors included, USD bn, contract totals.
    promised_out : Dollars
        What it promised to pay others for goods and rent, USD bn, contract totals.
    promised_share : Ranged
        The first over the second; may exceed 1.
    quarter_gap_share : Ranged
        Share of the base quarter's outlays that operations did not cover; undefined without opening figures.
    """

    firm: str
    financing_in: Dollars
    promised_out: Dollars
    promised_share: Ranged
    quarter_gap_share: Ranged


def dependences(snapshot: NetworkSnapshot, edges: Edges, view: View) -> tuple[Dependence, ...]:
    """Measure the funding dependence of every named firm that promised payments, largest promises first."""
    groups = {entity.id for entity in snapshot.entities if entity.aggregate}
    rows = []
    for firm in sorted({payer for payer, _ in edges} - groups):
        promised = summed([only(edge, Purpose.PURCHASE, view) for pair, edge in edges.items() if pair[0] == firm])
        financing = summed([only(edge, Purpose.FINANCING, view) for pair, edge in edges.items() if pair[1] == firm])
        gap = _gap_of(snapshot, firm)
        if promised == NOTHING or (financing == NOTHING and gap == UNDEFINED):
            continue
        rows.append(Dependence(firm, financing, promised, quotient(ranged(financing), ranged(promised)), gap))
    return tuple(sorted(rows, key=lambda row: (-(row.promised_out.value or 0.0), row.firm)))


def _gap_of(snapshot: NetworkSnapshot, firm: str) -> Ranged:
    items = snapshot.balance_of(firm)
    needed = ("operating_cash_flow_quarter", "capex_quarter", "revenue_ai_quarter", "revenue_other_quarter")
    cells = [items.get(item) for item in needed]
    triples = [_triple(cell) for cell in cells if cell is not None and cell.value is not None]
    if len(triples) < len(needed):
        return UNDEFINED
    flow, capex, sales, other = triples
    # the share falls in cash flow and, for a given cash flow and investment, in revenue; it rises in investment
    worst = _gap_share(flow[1], capex[2], sales[1] + other[1])
    best = _gap_share(flow[2], capex[1], sales[2] + other[2])
    return Ranged(_gap_share(flow[0], capex[0], sales[0] + other[0]), best, worst)


def _triple(cell: Cell) -> tuple[float, float, float]:
    value = cell.value if cell.value is not None else float("nan")
    return (value, value if cell.low is None else cell.low, value if cell.high is None else cell.high)


def _gap_share(flow: float, capex: float, revenue: float) -> float | None:
    return number(float(outlay_gap_share(np.array(flow), np.array(capex), np.array(revenue))))
