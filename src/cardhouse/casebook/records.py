"""Facts and opening figures as plain records, for printing and for programs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from cardhouse.basics.errors import FactError
from cardhouse.basics.identifiers import suggestion
from cardhouse.casebook.case import Case
from cardhouse.casebook.opening import OpeningRow
from cardhouse.casebook.priors import Prior
from cardhouse.facts.derivation import cells_read
from cardhouse.facts.fact import Fact
from cardhouse.facts.source import Source


def fact_record(case: Case, fact: Fact) -> dict[str, Any]:
    """Return everything about one fact as plain values; dates are ISO days."""
    return {
        "id": fact.id,
        "subject": fact.subject,
        "metric": fact.metric,
        "counterparty": fact.counterparty or None,
        "value": fact.value,
        "low": fact.low,
        "high": fact.high,
        "text": fact.text or None,
        "unit": fact.unit,
        "period": fact.period or None,
        "as_of": fact.as_of_text or None,
        "known_on": fact.known_on.isoformat(),
        "dating": fact.dating.value,
        "basis": fact.basis.value,
        "tier": None if fact.confidence is None else fact.confidence.value,
        "status": None if fact.status is None else fact.status.value,
        "tags": sorted(tag.value for tag in fact.tags),
        "source": source_record(fact.source),
        "formula": fact.formula or None,
        "inputs": list(fact.inputs),
        "note": fact.note or None,
        "used_by": list(case.fact_uses.get(fact.id, ())),
        "unused_because": case.reason_unused(fact.id),
        "place": f"{fact.file}:{fact.line}",
    }


def source_record(source: Source) -> dict[str, str | None] | None:
    """Return a source as plain values; None when there is none."""
    if not source.title:
        return None
    return {"title": source.title, "address": source.address or None, "date": source.date_text or None}


def opening_record(row: OpeningRow) -> dict[str, Any]:
    """Return an opening figure as plain values."""
    return {
        "id": f"{row.agent}.{row.item}",
        "agent": row.agent,
        "item": row.item,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "text": row.text or None,
        "unit": row.unit,
        "basis": row.basis.value,
        "formula": row.formula or None,
        "reason": row.reason or None,
        "facts": list(row.fact_refs),
        "vintage": None if row.vintage is None else row.vintage.value,
        "source": source_record(row.source),
        "tier": None if row.tier is None else row.tier.value,
        "place": f"{row.file}:{row.line}",
    }


def prior_record(prior: Prior) -> dict[str, Any]:
    """Return the range of a parameter as plain values."""
    return {
        "id": prior.name,
        "value": prior.value,
        "low": prior.low,
        "high": prior.high,
        "unit": prior.unit,
        "shape": prior.shape,
        "basis": prior.basis,
        "reason": prior.reason,
        "facts": list(prior.fact_refs),
        "source": source_record(prior.source),
        "place": f"{prior.file}:{prior.line}",
    }


def record_of(case: Case, found: Fact | OpeningRow | Prior) -> dict[str, Any]:
    """Return whatever was found as plain values."""
    if isinstance(found, Fact):
        return fact_record(case, found)
    return prior_record(found) if isinstance(found, Prior) else opening_record(found)


def find(case: Case, name: str) -> Fact | OpeningRow | Prior:
    """Return the fact, the opening figure ``agent.item``, or the parameter range of this name.

    Raises
    ------
    FactError
        When the reading has none of them; the message names the nearest ones, and says if the fact became known later.
    """
    if name in case.register:
        return case.register.get(name)
    row = next((row for row in case.opening if f"{row.agent}.{row.item}" == name), None)
    if row is not None:
        return row
    prior = next((prior for prior in case.prior_rows if prior.name == name), None)
    if prior is not None:
        return prior
    if name in case.all_facts:
        fact = case.all_facts.get(name)
        if fact.known_on > case.known_on:
            raise FactError(f"fact '{name}' became known on {fact.known_on}; this reading is of {case.known_on}")
        raise FactError(f"fact '{name}' has the tier {fact.confidence}, which this reading leaves out")
    names = [fact.id for fact in case.register] + [f"{row.agent}.{row.item}" for row in case.opening]
    names += [prior.name for prior in case.prior_rows]
    raise FactError(
        f"there is no fact, opening figure or parameter '{name}' in case '{case.name}': {suggestion(name, names)}"
    )


def citations(case: Case, name: str) -> list[dict[str, Any]]:
    """Return the sources that a number rests on, those of the cells in its formula included."""
    found = find(case, name)
    records: dict[str, dict[str, Any]] = {}
    if isinstance(found, Fact):
        _collect_fact(case, found.id, records)
        return list(records.values())
    if isinstance(found, Prior):
        records |= {ref: fact_record(case, case.register.get(ref)) for ref in found.fact_refs}
        return [*records.values(), *([prior_record(found)] if found.source.title else [])]
    _collect(case, found, records, set())
    return list(records.values())


def _collect_fact(case: Case, name: str, records: dict[str, dict[str, Any]]) -> None:
    """Add a fact, and those it was worked out from; inputs that this reading leaves out are not told."""
    if name in records or name not in case.register:
        return
    fact = case.register.get(name)
    records[name] = fact_record(case, fact)
    for other in fact.inputs:
        _collect_fact(case, other, records)


def _collect(case: Case, row: OpeningRow, records: dict[str, dict[str, Any]], seen: set[str]) -> None:
    key = f"{row.agent}.{row.item}"
    if key in seen:
        return
    seen.add(key)
    for name in row.fact_refs:
        if name in case.register:
            records.setdefault(name, fact_record(case, case.register.get(name)))
    if row.source.title and not row.fact_refs:
        records.setdefault(key, opening_record(row))
    if row.formula:
        for agent, item in cells_read(row.formula, row.agent):
            for other in case.opening:
                if fnmatchcase(other.agent, agent) and fnmatchcase(other.item, item):
                    _collect(case, other, records, seen)
