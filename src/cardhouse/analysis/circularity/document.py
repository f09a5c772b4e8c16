"""The circularity measures as one document of plain values, for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from cardhouse.analysis.circularity.edges import MoneyEdge
from cardhouse.analysis.circularity.loops import MoneyLoop, count_by_length
from cardhouse.analysis.circularity.report import Circularity
from cardhouse.network.instrument import View


def circularity_document(found: Circularity) -> dict[str, Any]:
    """Write every measure with its bounds and, for every loop, its edges, contracts, facts and sources.

    Returns
    -------
    dict
        Only text, numbers, None, lists and dictionaries. Amounts are USD bn, shares are between 0 and 1.
    """
    return {
        "unit": "usd_bn",
        "contracts": found.contracts,
        "left_out": found.left_out,
        "networks": [dataclasses.asdict(row) for row in found.networks],
        "max_length": found.max_length,
        "loop_counts": {str(length): count for length, count in count_by_length(found.loops).items()},
        "loops": [loop_record(loop) for loop in found.loops],
        "round_trips": {view.value: _records(rows) for view, rows in found.round_trips.items()},
        "dependences": _records(found.dependences),
        "wrong_way": {view.value: _records(rows) for view, rows in found.wrong_way.items()},
    }


def _records(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(row) for row in rows]


def loop_record(loop: MoneyLoop) -> dict[str, Any]:
    """Write one loop with its dollars per view, its limiting edge, its weakest link and its contracts."""
    limit = loop.smallest_edge
    return {
        "firms": list(loop.firms),
        **{view.value: dataclasses.asdict(loop.dollars(view)) for view in View},
        "financed": loop.is_financed,
        "smallest_edge": None if limit is None else [limit.payer, limit.payee],
        "weakest_link": _edge_evidence(loop.weakest_edge),
        "edges": [_edge_record(edge) for edge in loop.edges],
    }


def _edge_evidence(edge: MoneyEdge) -> dict[str, Any]:
    strongest = edge.strongest
    return {
        "payer": edge.payer,
        "payee": edge.payee,
        "contract": strongest.id,
        "status": strongest.status.value,
        "tier": strongest.tier.value,
    }


def _edge_record(edge: MoneyEdge) -> dict[str, Any]:
    contracts = [
        {
            "id": link.instrument.id,
            "purpose": link.purpose.value,
            "kind": link.instrument.kind.value,
            "status": link.instrument.status.value,
            "tier": link.instrument.tier.value,
            "facts": list(link.instrument.fact_ids),
            "sources": [dataclasses.asdict(source) for source in link.instrument.sources],
        }
        for link in edge.links
    ]
    amounts = {view.value: dataclasses.asdict(edge.dollars(view)) for view in View}
    return {"payer": edge.payer, "payee": edge.payee, **amounts, "contracts": contracts}
