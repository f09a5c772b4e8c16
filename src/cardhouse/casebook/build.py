"""From facts to the financial network: contracts become instruments, opening rows become cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from cardhouse.basics.quarter import Quarter
from cardhouse.casebook.opening import MARKETS, Opening, OpeningRow
from cardhouse.facts.fact import Fact
from cardhouse.facts.register import Reading, Register
from cardhouse.facts.relation import Range, Relation
from cardhouse.facts.source import Source
from cardhouse.facts.vocabulary import FILING_TIERS, Basis, Tag, TierFilter
from cardhouse.network.entity import Entity, Role
from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, SourceNote, Status
from cardhouse.network.instrument import Tag as NetworkTag
from cardhouse.network.instrument import Tier as NetworkTier
from cardhouse.network.snapshot import Cell, NetworkSnapshot

LOST_SUPPORT = "assumed in this reading, its support is below the tier asked for; "
# A stated figure is the fact's figure when they agree to this share; sources are rounded differently.
SAME_FIGURE = 0.01


def build_snapshot(
    *,
    day: dt.date,
    quarter: Quarter,
    entities: Iterable[Entity],
    relations: Iterable[Relation],
    opening: Opening,
    register: Register,
) -> NetworkSnapshot:
    """Put the network of one day together.

    Parameters
    ----------
    day : date
        The day on which everything in it was known.
    quarter : Quarter
        Quarter at whose end the balances stand.
    entities : iterable of Entity
        All entities of the case; subjects that are nobody (a price, an index) are left out.
    relations : iterable of Relation
        All contracts of the case; those whose fact is not in the register are left out.
    opening : mapping
        The opening rows of the quarter, read down to the tier.
    register : Register
        The facts known on the day, down to the tier.
    """
    present = [relation for relation in relations if relation.fact.id in register]
    known = {relation.fact.id for relation in present}
    balances: dict[str, dict[str, Cell]] = {}
    for (agent, item), row in opening.items():
        balances.setdefault(agent, {})[item] = _cell(row, register)
    market = balances.pop(MARKETS, {})
    return NetworkSnapshot(
        as_of=day,
        base_quarter=quarter,
        entities=tuple(entity for entity in entities if entity.role is not Role.OTHER),
        instruments=tuple(instrument(relation, known) for relation in present),
        balances=balances,
        market=market,
    )


def instrument(relation: Relation, known: Collection[str]) -> Instrument:
    """Turn a contract of the evidence into an instrument of the network.

    Parameters
    ----------
    relation : Relation
        The contract; its fact's subject holds the claim, its counterparty owes.
    known : collection of str
        Contracts known on the day; a row counts as long as the row that repeats or replaces it is not among them.
    """
    fact = relation.fact
    if fact.status is None:
        msg = f"contract {fact.id} has no status"
        raise ValueError(msg)
    tags = relation.tags_when_known(known)
    doubt = "doubtful: " if Tag.DOUBTFUL in tags else ""
    return Instrument(
        id=fact.id,
        kind=InstrumentKind(relation.kind.value),
        holder=fact.subject,
        obligor=fact.counterparty,
        headline=_amount(relation.headline),
        binding=_amount(relation.binding),
        conditional=_amount(relation.conditional),
        share_percent=relation.percent,
        start=relation.start,
        end=relation.end,
        as_of=fact.as_of,
        status=Status(fact.status.value),
        tier=NetworkTier.ESTIMATE if fact.confidence is None else NetworkTier(fact.confidence.value),
        tags=frozenset(NetworkTag(tag.value) for tag in tags - {Tag.DOUBTFUL, Tag.OTHER_DEFINITION}),
        trigger=relation.trigger or None,
        take_or_pay_share=relation.take_or_pay_share,
        fact_ids=(fact.id,),
        sources=(_note_of(fact.source),) if fact.source.title else (),
        note=doubt + fact.note,
    )


def _amount(part: Range) -> Amount:
    return Amount(part.value, part.low, part.high)


def _note_of(source: Source) -> SourceNote:
    return SourceNote(source.title, source.address, source.date_text)


def _cell(row: OpeningRow, register: Register) -> Cell:
    facts = [register.get(name) for name in row.fact_refs if name in register]
    source = row.source if row.source.title else next((fact.source for fact in facts), None)
    return Cell(
        value=row.value,
        low=row.low,
        high=row.high,
        text=row.text,
        unit=row.unit,
        basis=row.basis.value,
        fact_ids=tuple(fact.id for fact in facts),
        formula="; ".join(part for part in (row.formula, row.reason) if part),
        source=None if source is None else _note_of(source),
    )


def span_conflicts(opening: Opening, register: Register) -> Opening:
    """Widen the range of every stated figure over what other sources say about the same measure, period and day."""
    readings = _conflicts_by_fact(register)
    result = dict(opening)
    for key, row in opening.items():
        if row.formula or row.value is None:
            continue
        low, high = row.low, row.high
        for name in row.fact_refs:
            reading = readings.get(name)
            if reading is not None and _states(row, register.get(name)):
                low = reading.low if low is None else min(low, reading.low)
                high = reading.high if high is None else max(high, reading.high)
        if (low, high) != (row.low, row.high):
            result[key] = replace(row, low=low, high=high)
    return result


def _conflicts_by_fact(register: Register) -> Mapping[str, Reading]:
    return {name: reading for reading in register.conflicts for name in reading.fact_ids}


def _states(row: OpeningRow, fact: Fact) -> bool:
    central = fact.central
    if central is None or row.value is None or fact.unit != row.unit:
        return False
    return abs(central - row.value) <= SAME_FIGURE * max(abs(central), abs(row.value))


def at_tier(opening: Opening, register: Register, tier: TierFilter, widening: float) -> tuple[Opening, int]:
    """Turn figures whose support is filtered out into assumptions with their range.

    Parameters
    ----------
    opening : mapping
        The opening rows of a quarter.
    register : Register
        All facts known on the day, every tier.
    tier : TierFilter
        Which tiers may support a figure.
    widening : float
        Half-width, as a share of the figure, of the range of a figure that had none.

    Returns
    -------
    opening, count : mapping, int
        The opening as read, and how many figures became assumptions.
    """
    if tier is TierFilter.ALL:
        return opening, 0
    result = dict(opening)
    lost = 0
    for key, row in opening.items():
        if not row.formula and row.basis is not Basis.ASSUMED and not _is_supported(row, register):
            result[key] = _as_assumption(row, widening)
            lost += 1
    return result, lost


def _is_supported(row: OpeningRow, register: Register) -> bool:
    facts = [register.get(name) for name in row.fact_refs if name in register]
    if facts:
        return all(fact.confidence is None or fact.confidence in FILING_TIERS for fact in facts)
    if row.source.title:
        return row.tier in FILING_TIERS
    return row.basis is Basis.DERIVED and row.value == 0.0


def _as_assumption(row: OpeningRow, widening: float) -> OpeningRow:
    low, high = row.low, row.high
    if row.value is not None and (low is None or high is None or low == high):
        low, high = sorted((row.value * (1 - widening), row.value * (1 + widening)))
    reason = LOST_SUPPORT + (row.reason or "as stated by the source")
    return replace(
        row, low=low, high=high, basis=Basis.ASSUMED, reason=reason, fact_refs=(), source=Source("", ""), tier=None
    )
