"""All facts of a case, read as of a day and down to a tier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from cardhouse.basics.errors import FactError, Problem, raise_if_any
from cardhouse.basics.identifiers import suggestion
from cardhouse.facts.fact import Fact
from cardhouse.facts.vocabulary import FILING_TIERS, Tag, Tier, TierFilter

_NOT_BESIDE_OTHERS = frozenset({Tag.SUPERSEDED, Tag.OVERLAP, Tag.OTHER_DEFINITION})
_TIER_ORDER = {tier: place for place, tier in enumerate(Tier)}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What all sources together say about one measure of one subject and period.

    Parameters
    ----------
    subject, metric, period, as_of, unit : str
        What is read; ``as_of`` as the rows write it.
    value : float
        The figure of the best tier; the first one listed when two are equally good.
    low, high : float
        Smallest and largest figure that any source gives.
    fact_ids : tuple of str
        The facts read, best tier first.
    """

    subject: str
    metric: str
    period: str
    as_of: str
    unit: str
    value: float
    low: float
    high: float
    fact_ids: tuple[str, ...]

    @property
    def is_conflict(self) -> bool:
        """Tell whether two sources give different figures."""
        return len(self.fact_ids) > 1 and self.low < self.high


class Register:
    """An immutable collection of facts with unique identifiers.

    Parameters
    ----------
    facts : iterable of Fact
        In the order of the files.

    Raises
    ------
    FactError
        When two facts carry the same identifier.

    Examples
    --------
    >>> from cardhouse.facts.vocabulary import Basis, Dating
    >>> def fact(name, day): return Fact(id=name, subject="acme", metric="cash", value=1.0, unit="usd_bn",
    ...     known_on=day, dating=Dating.STATED, basis=Basis.REPORTED, confidence=Tier.FILING)
    >>> register = Register([fact("a", dt.date(2026, 1, 5)), fact("b", dt.date(2026, 6, 1))])
    >>> [item.id for item in register.known_on(dt.date(2026, 2, 13))]
    ['a']
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = tuple(facts)
        self._by_id: dict[str, Fact] = {}
        problems = []
        for fact in self._facts:
            first = self._by_id.setdefault(fact.id, fact)
            if first is not fact:
                rule = f"an identifier names one row; it stands also in {first.file}:{first.line}"
                problems.append(
                    Problem(
                        file=fact.file,
                        line=fact.line,
                        key="id",
                        value=fact.id,
                        rule=rule,
                        remedy="give this row another identifier",
                    )
                )
        raise_if_any(problems, FactError)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self._facts)

    def __iter__(self) -> Iterator[Fact]:
        """Iterate in the order of the files."""
        return iter(self._facts)

    def __contains__(self, fact_id: object) -> bool:
        """Tell whether a fact with this identifier is here."""
        return fact_id in self._by_id

    def get(self, fact_id: str) -> Fact:
        """Return a fact, or raise FactError naming the nearest identifiers."""
        found = self._by_id.get(fact_id)
        if found is None:
            raise FactError(f"there is no fact '{fact_id}' as this case is read: {suggestion(fact_id, self._by_id)}")
        return found

    def known_on(self, day: dt.date) -> Register:
        """Keep what was known on a day: nothing that was measured, stated or published later."""
        return Register(fact for fact in self._facts if fact.known_on <= day)

    def at_tier(self, tier: TierFilter | str) -> Register:
        """Keep everything (``all``), or filings and company statements only (``filing``); assumptions always stay."""
        if TierFilter(tier) is TierFilter.ALL:
            return self
        return Register(fact for fact in self._facts if fact.confidence is None or fact.confidence in FILING_TIERS)

    def select(
        self, *, subject: str | None = None, metric: str | None = None, period: str | None = None
    ) -> tuple[Fact, ...]:
        """Return the facts about a subject (as either side of a contract), a metric, a period; None means any."""
        return tuple(
            fact
            for fact in self._facts
            if (subject is None or subject in (fact.subject, fact.counterparty))
            and (metric is None or fact.metric == metric)
            and (period is None or fact.period == period)
        )

    @property
    def newest_day(self) -> dt.date:
        """The last day on which any fact became known; raises ValueError on an empty register."""
        return max(fact.known_on for fact in self._facts)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """One reading per subject, metric, period, day and unit; sources that differ span a range, none is dropped.

        Contracts and rows without a number are left out, and so are superseded rows, rows that repeat another
        one, and rows that measure something else under the same name.
        """
        groups: dict[tuple[str, str, str, str, str], list[Fact]] = {}
        for fact in self._facts:
            if fact.counterparty or fact.central is None or fact.tags & _NOT_BESIDE_OTHERS:
                continue
            key = (fact.subject, fact.metric, fact.period, fact.as_of_text, fact.unit)
            groups.setdefault(key, []).append(fact)
        return tuple(_reading(facts) for facts in groups.values())

    @property
    def conflicts(self) -> tuple[Reading, ...]:
        """The readings on which sources disagree."""
        return tuple(reading for reading in self.readings if reading.is_conflict)


def _reading(facts: list[Fact]) -> Reading:
    ordered = sorted(facts, key=lambda fact: _TIER_ORDER[fact.confidence] if fact.confidence else len(_TIER_ORDER))
    bounds = [fact.bounds for fact in ordered if fact.bounds is not None]
    best = ordered[0]
    central = best.central
    if central is None:
        msg = "a reading is made of facts with a number"
        raise ValueError(msg)
    return Reading(
        subject=best.subject,
        metric=best.metric,
        period=best.period,
        as_of=best.as_of_text,
        unit=best.unit,
        value=central,
        low=min(low for low, _ in bounds),
        high=max(high for _, high in bounds),
        fact_ids=tuple(fact.id for fact in ordered),
    )
