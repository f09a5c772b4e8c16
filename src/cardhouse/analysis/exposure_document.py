"""The exposure table as one document of plain values, for programs: every figure with its source."""

from __future__ import annotations

import dataclasses
from typing import Any

from cardhouse.analysis.exposure import ClaimRow, ExposureTable, HolderSize, HolderTotal
from cardhouse.network.records import instrument_record
from cardhouse.network.snapshot import Cell


def exposure_document(table: ExposureTable) -> dict[str, Any]:
    """Write the table with all contracts, sizes, facts and sources; amounts are USD bn.

    Returns
    -------
    dict
        Only text, numbers, None, lists and dictionaries.
    """
    return {
        "entity": table.entity,
        "unit": "usd_bn",
        "valuation": _cell(table.valuation),
        "claims": [_total(row) for row in table.totals],
        "stakes_at_value": [
            {"holder": row.holder, "percent": _cell(row.percent), "value": row.value, **_size(row.size)}
            for row in table.stakes_at_value
        ],
        "coverage": [
            {"item": row.item, "reported": _cell(row.reported), "named": dataclasses.asdict(row.named)}
            for row in table.coverage
        ],
        "vehicles": list(table.vehicles),
    }


def _total(row: HolderTotal) -> dict[str, Any]:
    return {
        "holder": row.holder,
        "claim": row.claim.value,
        "headline": dataclasses.asdict(row.headline),
        "binding": dataclasses.asdict(row.binding),
        "conditional": dataclasses.asdict(row.conditional),
        **_size(row.size),
        "headline_to_market_value": row.relative_to(row.size.market_value),
        "headline_to_book_equity": row.relative_to(row.size.book_equity),
        "contracts": [_contract(claim) for claim in row.rows],
    }


def _contract(claim: ClaimRow) -> dict[str, Any]:
    sources = [dataclasses.asdict(source) for source in claim.instrument.sources]
    return {**instrument_record(claim.instrument), "sources": sources, "left_out": claim.left_out or None}


def _size(size: HolderSize) -> dict[str, Any]:
    return {"market_value": _cell(size.market_value), "book_equity": _cell(size.book_equity)}


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    return None if cell is None else dataclasses.asdict(cell)
