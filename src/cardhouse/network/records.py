"""A network as flat records: one row of plain values per entity, contract and opening figure, and back again.

Files, graphs and databases all go through these records, so that a column means the same everywhere.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from cardhouse.basics.errors import NetworkError
from cardhouse.basics.quarter import Quarter
from cardhouse.network.entity import Entity, Role
from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, SourceNote, Status, Tag, Tier, View
from cardhouse.network.snapshot import Cell, NetworkSnapshot

Value: TypeAlias = str | float | bool | None
Record: TypeAlias = dict[str, Value]
T = TypeVar("T")

MARKET = "market"
_DAYS = ("signed", "start", "end", "as_of")

ENTITY_COLUMNS: Mapping[str, type] = {
    "id": str,
    "name": str,
    "role": str,
    "ticker": str,
    "parent": str,
    "agent": str,
    "aggregate": bool,
    "note": str,
}
INSTRUMENT_COLUMNS: Mapping[str, type] = {
    "id": str,
    "kind": str,
    "holder": str,
    "obligor": str,
    **{f"{view.value}{end}": float for view in View for end in ("", "_low", "_high")},
    "share_percent": float,
    **dict.fromkeys(_DAYS, str),
    "status": str,
    "tier": str,
    "tags": str,
    "trigger": str,
    "take_or_pay_share": float,
    "fact_ids": str,
    "sources": str,
    "note": str,
}
BALANCE_COLUMNS: Mapping[str, type] = {
    "agent": str,
    "item": str,
    "value": float,
    "low": float,
    "high": float,
    "text": str,
    "unit": str,
    "basis": str,
    "fact_ids": str,
    "formula": str,
    "source": str,
}


@dataclass(frozen=True)
class NetworkRecords:
    """A snapshot as plain rows.

    Parameters
    ----------
    as_of, base_quarter : str
        Day and quarter, as text.
    entities, instruments, balances : list of dict
        Rows with the columns above; figures of the whole market have the agent ``market``.
    """

    as_of: str
    base_quarter: str
    entities: list[Record]
    instruments: list[Record]
    balances: list[Record]


def to_records(snapshot: NetworkSnapshot) -> NetworkRecords:
    """Write a snapshot as plain rows; :func:`from_records` reads them back to an equal snapshot."""
    balances = [
        _balance_record(agent, item, cell)
        for agent, items in [*snapshot.balances.items(), (MARKET, snapshot.market)]
        for item, cell in items.items()
    ]
    return NetworkRecords(
        as_of=snapshot.as_of.isoformat(),
        base_quarter=str(snapshot.base_quarter),
        entities=[entity_record(entity) for entity in snapshot.entities],
        instruments=[instrument_record(row) for row in snapshot.instruments],
        balances=balances,
    )


def entity_record(entity: Entity) -> Record:
    """Write an entity as one row."""
    return {
        "id": entity.id,
        "name": entity.name,
        "role": entity.role.value,
        "ticker": entity.ticker,
        "parent": entity.parent,
        "agent": entity.agent,
        "aggregate": entity.aggregate,
        "note": entity.note,
    }


def instrument_record(row: Instrument) -> Record:
    """Write a contract as one row; tags and facts are separated by spaces, sources are JSON."""
    amounts: Record = {}
    for view in View:
        amount = row.amount(view)
        amounts |= {view.value: amount.value, f"{view.value}_low": amount.low, f"{view.value}_high": amount.high}
    days: Record = {key: _day_text(getattr(row, key)) for key in _DAYS}
    return {
        "id": row.id,
        "kind": row.kind.value,
        "holder": row.holder,
        "obligor": row.obligor,
        **amounts,
        "share_percent": row.share_percent,
        **days,
        "status": row.status.value,
        "tier": row.tier.value,
        "tags": " ".join(sorted(row.tags)),
        "trigger": row.trigger,
        "take_or_pay_share": row.take_or_pay_share,
        "fact_ids": " ".join(row.fact_ids),
        "sources": _sources_text(row.sources),
        "note": row.note,
    }


def _balance_record(agent: str, item: str, cell: Cell) -> Record:
    return {
        "agent": agent,
        "item": item,
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "text": cell.text,
        "unit": cell.unit,
        "basis": cell.basis,
        "fact_ids": " ".join(cell.fact_ids),
        "formula": cell.formula,
        "source": _sources_text(() if cell.source is None else (cell.source,)),
    }


def _day_text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _sources_text(sources: Iterable[SourceNote]) -> str:
    rows = [[source.title, source.address, source.date] for source in sources]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def from_records(records: NetworkRecords) -> NetworkSnapshot:
    """Build a snapshot from plain rows.

    Raises
    ------
    NetworkError
        When a row lacks a column or holds a value of the wrong kind; the message names row and value.
    """
    balances: dict[str, dict[str, Cell]] = {}
    for row in records.balances:
        agent, item, cell = _read("balance", row, _balance)
        balances.setdefault(agent, {})[item] = cell
    market = balances.pop(MARKET, {})
    try:
        day, quarter = dt.date.fromisoformat(records.as_of), Quarter.parse(records.base_quarter)
    except ValueError as reason:
        raise NetworkError(f"the network has no readable day or quarter: {reason}") from None
    return NetworkSnapshot(
        as_of=day,
        base_quarter=quarter,
        entities=tuple(_read("entity", row, _entity) for row in records.entities),
        instruments=tuple(_read("contract", row, _instrument) for row in records.instruments),
        balances=balances,
        market=market,
    )


def _read(what: str, row: Record, build: Callable[[Record], T]) -> T:
    try:
        return build(row)
    except KeyError as reason:
        raise NetworkError(f"{what} '{row.get('id', row.get('item', '?'))}' lacks the column {reason}") from None
    except (TypeError, ValueError) as reason:
        raise NetworkError(f"{what} '{row.get('id', row.get('item', '?'))}' cannot be read: {reason}") from None


def _entity(row: Record) -> Entity:
    return Entity(
        id=_text(row["id"]),
        name=_text(row["name"]),
        role=Role(_text(row["role"])),
        ticker=_text(row["ticker"]) or None,
        parent=_text(row["parent"]) or None,
        agent=_text(row["agent"]) or None,
        aggregate=_flag(row["aggregate"]),
        note=_text(row["note"]),
    )


def _instrument(row: Record) -> Instrument:
    headline, binding, conditional = (_amount(row, view) for view in View)
    return Instrument(
        id=_text(row["id"]),
        kind=InstrumentKind(_text(row["kind"])),
        holder=_text(row["holder"]),
        obligor=_text(row["obligor"]),
        headline=headline,
        binding=binding,
        conditional=conditional,
        share_percent=_number(row["share_percent"]),
        signed=_day(row["signed"]),
        start=_day(row["start"]),
        end=_day(row["end"]),
        as_of=_day(row["as_of"]),
        status=Status(_text(row["status"])),
        tier=Tier(_text(row["tier"])),
        tags=frozenset(Tag(tag) for tag in _text(row["tags"]).split()),
        trigger=_text(row["trigger"]) or None,
        take_or_pay_share=_number(row["take_or_pay_share"]),
        fact_ids=tuple(_text(row["fact_ids"]).split()),
        sources=_sources(row["sources"]),
        note=_text(row["note"]),
    )


def _balance(row: Record) -> tuple[str, str, Cell]:
    sources = _sources(row["source"])
    cell = Cell(
        value=_number(row["value"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        text=_text(row["text"]),
        unit=_text(row["unit"]),
        basis=_text(row["basis"]),
        fact_ids=tuple(_text(row["fact_ids"]).split()),
        formula=_text(row["formula"]),
        source=sources[0] if sources else None,
    )
    return _text(row["agent"]), _text(row["item"]), cell


def _amount(row: Record, view: View) -> Amount:
    return Amount(*(_number(row[f"{view.value}{end}"]) for end in ("", "_low", "_high")))


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _number(value: Value) -> float | None:
    return None if value is None or value == "" else float(value)


def _flag(value: Value) -> bool:
    return value is True or _text(value).lower() == "true"


def _day(value: Value) -> dt.date | None:
    return dt.date.fromisoformat(_text(value)) if _text(value) else None


def _sources(value: Value) -> tuple[SourceNote, ...]:
    rows = json.loads(_text(value) or "[]")
    return tuple(SourceNote(*row) for row in rows)
