"""Named checks of a network (NET001 and following): what a snapshot must satisfy before anyone computes with it."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cardhouse.basics.errors import NetworkError, Problem, raise_if_any
from cardhouse.basics.identifiers import is_identifier, suggestion
from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, View
from cardhouse.network.snapshot import Cell, NetworkSnapshot

# Reported ownership is rounded to whole percent by several holders at once, so the sum may exceed 100 by a little.
OWNERSHIP_ROUNDING_PERCENT = 1.0


@dataclass(frozen=True)
class Fault:
    """One place where a check fails: the row, the key, the value, and what to do."""

    place: str
    key: str
    value: str
    remedy: str


@dataclass(frozen=True)
class Check:
    """A named rule.

    Parameters
    ----------
    code : str
        ``NET001`` and following; a code never changes its meaning.
    rule : str
        What must hold.
    find : callable
        Yields every fault of a snapshot.
    """

    code: str
    rule: str
    find: Callable[[NetworkSnapshot], Iterator[Fault]]


@dataclass(frozen=True)
class Finding:
    """A fault together with the check that found it."""

    code: str
    rule: str
    fault: Fault

    def problem(self) -> Problem:
        """Write the finding as a problem of the input."""
        fault = self.fault
        key = f"{fault.place}: {fault.key}" if fault.key else fault.place
        return Problem(file=self.code, key=key, value=fault.value, rule=self.rule, remedy=fault.remedy)


def _repeated(names: Iterable[str]) -> Iterator[str]:
    yield from (name for name, count in sorted(Counter(names).items()) if count > 1)


def _entity_twice(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for name in _repeated(entity.id for entity in snapshot.entities):
        yield Fault(name, "id", name, "rename one, or remove the copy")


def _instrument_twice(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for name in _repeated(row.id for row in snapshot.instruments):
        yield Fault(name, "id", name, "rename one, or remove the copy")


def _bad_identifier(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    names = [entity.id for entity in snapshot.entities] + [row.id for row in snapshot.instruments]
    for name in names:
        if not is_identifier(name):
            yield Fault(name, "id", name, "use lower case letters, digits, '_', '-' and '.'")


def _unknown_party(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    known = {entity.id for entity in snapshot.entities}
    for row in snapshot.instruments:
        for key, name in (("holder", row.holder), ("obligor", row.obligor)):
            if name not in known:
                yield Fault(row.id, key, name, suggestion(name, known))


def _self_dealing(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        if row.holder == row.obligor:
            yield Fault(row.id, "obligor", row.obligor, "name the other party, or remove the row")


def _amounts(row: Instrument) -> Iterator[tuple[str, Amount]]:
    yield from ((view.value, row.amount(view)) for view in View)


def _ends(amount: Amount) -> Iterator[tuple[str, float]]:
    pairs = (("", amount.value), ("_low", amount.low), ("_high", amount.high))
    yield from ((suffix, end) for suffix, end in pairs if end is not None)


def _negative_amount(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        for name, amount in _amounts(row):
            for suffix, end in _ends(amount):
                if not (math.isfinite(end) and end >= 0.0):
                    yield Fault(row.id, name + suffix, f"{end:g}", "swap holder and obligor, or leave it empty")


def _is_ordered(ends: Iterable[float | None]) -> bool:
    known = [end for end in ends if end is not None]
    return all(first <= second for first, second in itertools.pairwise(known))


def _inverted_range(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        for name, amount in _amounts(row):
            if not _is_ordered((amount.low, amount.value, amount.high)):
                yield Fault(row.id, name, f"{amount.low} {amount.value} {amount.high}", "order the three figures")


def _bad_percent(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        share = row.share_percent
        if share is not None and not 0.0 <= share <= 100.0:
            yield Fault(row.id, "share_percent", f"{share:g}", "give a share of the whole, 0 to 100")


def _end_before_start(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        if row.start is not None and row.end is not None and row.end < row.start:
            yield Fault(row.id, "end", f"{row.end} < {row.start}", "swap the dates")


def _known_too_early(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        for key, day in (("signed", row.signed), ("as_of", row.as_of)):
            if day is not None and day > snapshot.as_of:
                yield Fault(row.id, key, str(day), f"leave it out of a network of {snapshot.as_of}")


def _bad_parent(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    parents = {entity.id: entity.parent for entity in snapshot.entities}
    for name, parent in parents.items():
        if parent is None:
            continue
        if parent not in parents:
            yield Fault(name, "parent", parent, suggestion(parent, parents))
        elif _is_own_ancestor(name, parents):
            yield Fault(name, "parent", parent, "no entity controls itself; remove one of the links")


def _is_own_ancestor(name: str, parents: Mapping[str, str | None]) -> bool:
    above, seen = parents[name], {name}
    while above is not None and above not in seen:
        seen.add(above)
        above = parents.get(above)
    return above == name


def _bad_take_or_pay(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        share = row.take_or_pay_share
        if share is not None and not 0.0 <= share <= 1.0:
            yield Fault(row.id, "take_or_pay_share", f"{share:g}", "give a fraction, 0 to 1")


def _without_pedigree(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        if not row.fact_ids:
            yield Fault(row.id, "fact_ids", "", "name the fact that the figures rest on")


def _binds_more_than_announced(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for row in snapshot.instruments:
        headline, binding = row.headline.bounds, row.binding.bounds
        if headline is not None and binding is not None and binding[0] > headline[1] + 1e-9 * abs(headline[1]):
            yield Fault(row.id, "binding", f"{binding[0]:g} > {headline[1]:g}", "correct one of the two amounts")


def _owners_exceed_whole(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    owned: dict[str, float] = defaultdict(float)
    for row in snapshot.instruments:
        if row.counts and row.kind is InstrumentKind.EQUITY_STAKE and row.share_percent is not None:
            owned[row.obligor] += row.share_percent
    for name, total in sorted(owned.items()):
        if total > 100.0 + OWNERSHIP_ROUNDING_PERCENT:
            yield Fault(name, "share_percent", f"{total:g}", "tag the rows that repeat a stake as overlap")


def _guarantee_without_debtor(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    known = {entity.id for entity in snapshot.entities}
    for row in snapshot.instruments:
        # a condition in words ("the site cannot be sold") is no name; a single word is meant as one
        named = row.trigger if row.trigger is not None and is_identifier(row.trigger) else None
        if row.kind is InstrumentKind.GUARANTEE and named is not None and named not in known:
            yield Fault(row.id, "trigger", named, suggestion(named, known))


def _cells(snapshot: NetworkSnapshot) -> Iterator[tuple[str, str, Cell]]:
    for agent, items in snapshot.balances.items():
        yield from ((agent, item, cell) for item, cell in items.items())
    yield from (("market", item, cell) for item, cell in snapshot.market.items())


def _bad_cell(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for place, item, cell in _cells(snapshot):
        ends = (cell.low, cell.value, cell.high)
        finite = all(end is None or math.isfinite(end) for end in ends)
        if not finite or not _is_ordered(ends):
            yield Fault(place, item, f"{cell.low} {cell.value} {cell.high}", "order the three figures")


def _agent_without_balance(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    if not snapshot.balances:
        return
    for entity in snapshot.entities:
        if entity.agent is not None and entity.agent not in snapshot.balances:
            yield Fault(entity.id, "agent", entity.agent, suggestion(entity.agent, snapshot.balances))


def _bare_assumption(snapshot: NetworkSnapshot) -> Iterator[Fault]:
    for place, item, cell in _cells(snapshot):
        ranged = bool(cell.text) or (cell.low is not None and cell.high is not None)
        if cell.basis == "assumed" and not (ranged and cell.formula):
            yield Fault(place, item, str(cell.value), "give a range and a reason")


CHECKS: tuple[Check, ...] = (
    Check("NET001", "an entity stands once", _entity_twice),
    Check("NET002", "a contract stands once", _instrument_twice),
    Check("NET003", "an identifier is a plain word", _bad_identifier),
    Check("NET004", "both parties of a contract are entities of the network", _unknown_party),
    Check("NET005", "nobody has a contract with itself", _self_dealing),
    Check("NET006", "an amount is a finite number and not negative", _negative_amount),
    Check("NET007", "an amount lies within its range", _inverted_range),
    Check("NET008", "a share is between 0 and 100 percent", _bad_percent),
    Check("NET009", "a contract does not end before it starts", _end_before_start),
    Check("NET010", "nothing in the network was learnt after its day", _known_too_early),
    Check("NET011", "a parent is an entity and nobody's own ancestor", _bad_parent),
    Check("NET012", "a take-or-pay share is between 0 and 1", _bad_take_or_pay),
    Check("NET013", "every contract rests on a fact", _without_pedigree),
    Check("NET014", "no more binds than was announced", _binds_more_than_announced),
    Check("NET015", "the owners of a firm hold at most the whole of it", _owners_exceed_whole),
    Check(
        "NET016",
        "a guarantee is called by an entity of the network, or by a condition in words",
        _guarantee_without_debtor,
    ),
    Check("NET017", "an opening figure is a finite number within its range", _bad_cell),
    Check("NET018", "the agent of an entity has a balance", _agent_without_balance),
    Check("NET019", "an assumed figure has a range (unless it is a word) and a reason", _bare_assumption),
)


def check_network(snapshot: NetworkSnapshot) -> tuple[Finding, ...]:
    """Run every named check and return all findings, in the order of the codes.

    Examples
    --------
    >>> import datetime as dt
    >>> from cardhouse.basics.quarter import Quarter
    >>> from cardhouse.network.entity import Entity, Role
    >>> acme = Entity(id="acme", name="Acme", role=Role.LAB)
    >>> twice = NetworkSnapshot(as_of=dt.date(2026, 2, 13), base_quarter=Quarter(2025, 4), entities=(acme, acme),
    ...                         instruments=())
    >>> [finding.code for finding in check_network(twice)]
    ['NET001']
    """
    return tuple(Finding(check.code, check.rule, fault) for check in CHECKS for fault in check.find(snapshot))


def require_sound(snapshot: NetworkSnapshot) -> None:
    """Raise NetworkError with every finding, or return when there are none."""
    raise_if_any((finding.problem() for finding in check_network(snapshot)), NetworkError)
