"""One number of the evidence, with everything needed to judge it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cardhouse.facts.source import NO_SOURCE, Source
from cardhouse.facts.vocabulary import Basis, Dating, Status, Tag, Tier, Unused

NO_TAGS: frozenset[Tag] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A cited number, or an assumption with a range and a reason.

    Parameters
    ----------
    id : str
        Identifier, unique in a case.
    subject : str
        Entity that the number is about.
    metric : str
        What is measured, for example ``capex``; for a contract its kind.
    counterparty : str
        Second entity of a contract; empty otherwise.
    value, low, high : float, optional
        Figure and ends of its range; None means unknown, never zero.
    text : str
        The words of a row whose unit is ``text``.
    unit : str
        Unit of the figure.
    period : str
        Time that the number covers, in the words of the source.
    as_of : date, optional
        Day that the number holds for, or on which it was stated; None where no page says.
    as_of_text : str
        The same as the row gives it.
    known_on : date
        Day from which the number may be used without looking ahead; :attr:`dating` says what it rests on.
    dating : Dating
        What :attr:`known_on` rests on.
    basis : Basis
        How the number came to be.
    source : Source
        Where it can be read.
    confidence : Tier, optional
        Where the figure comes from; None for an assumption.
    status : Status, optional
        How far a contract has come; None for figures.
    tags : frozenset of Tag
        Why the row must not be added to others, and whether it is in doubt.
    unused : Unused, optional
        Why no part of the model rests on the row.
    note : str
        Remarks, or the reason of an assumption.
    formula : str
        How a derived number was worked out.
    inputs : tuple of str
        Identifiers of the facts that the formula reads.
    file, line : str, int
        Where the row stands.

    Examples
    --------
    >>> fact = Fact(id="acme.cash.2025-12-31", subject="acme", metric="cash", value=4.0, unit="usd_bn",
    ...             known_on=dt.date(2026, 2, 1), dating=Dating.STATED, basis=Basis.REPORTED, confidence=Tier.FILING)
    >>> fact.bounds, fact.counts
    ((4.0, 4.0), True)
    """

    id: str
    subject: str
    metric: str
    counterparty: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    unit: str
    period: str = ""
    as_of: dt.date | None = None
    as_of_text: str = ""
    known_on: dt.date
    dating: Dating
    basis: Basis
    source: Source = NO_SOURCE
    confidence: Tier | None = None
    status: Status | None = None
    tags: frozenset[Tag] = NO_TAGS
    unused: Unused | None = None
    note: str = ""
    formula: str = ""
    inputs: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def central(self) -> float | None:
        """The figure; without one, the middle of the range or the only end known; None when nothing is."""
        if self.value is not None:
            return self.value
        ends = [end for end in (self.low, self.high) if end is not None]
        return sum(ends) / len(ends) if ends else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Smallest and largest reading; None when there is no number."""
        central = self.central
        if central is None:
            return None
        return (central if self.low is None else self.low, central if self.high is None else self.high)

    @property
    def counts(self) -> bool:
        """Tell whether the number may enter a total: no tag says that its money stands elsewhere."""
        return not (self.tags - {Tag.DOUBTFUL})
