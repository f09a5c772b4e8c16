"""What a reading of a case assumes: opening figures without a usable source, largest amount first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cardhouse.casebook.case import Case
from cardhouse.casebook.opening import OpeningRow
from cardhouse.facts.vocabulary import Basis, Unit

GAP_BASES = (Basis.ASSUMED, Basis.ESTIMATED)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One figure that no source states.

    Parameters
    ----------
    agent, item : str
        Whose figure, and which.
    value, low, high : float, optional
        Figure and range.
    unit : str
        Unit of the figure.
    basis : str
        ``assumed`` or ``estimated``.
    reason : str
        Why this figure.
    place : str
        File and line.
    """

    agent: str
    item: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    basis: str
    reason: str
    place: str

    @property
    def amount(self) -> float:
        """Size by which gaps are ordered: the largest end of the range."""
        return max((abs(end) for end in (self.value, self.low, self.high) if end is not None), default=0.0)


def gaps(case: Case, bases: Sequence[Basis] = (Basis.ASSUMED,)) -> tuple[Gap, ...]:
    """Return the gaps of a reading: money first, largest amount first, then other units likewise.

    Parameters
    ----------
    case : Case
        The reading.
    bases : sequence of Basis
        Which figures count as gaps; by default the assumed ones.

    Examples
    --------
    >>> from cardhouse.casebook.load import load_case
    >>> found = gaps(load_case("three_firm_ring"))
    >>> [(gap.agent, gap.item, gap.value) for gap in found[:1]]
    [('markets', 'sp500_market_value', 2000.0)]
    """
    found = [_gap(row) for row in case.opening if row.basis in bases]
    return tuple(sorted(found, key=lambda gap: (gap.unit != Unit.USD_BN, -gap.amount, gap.agent, gap.item)))


def parameter_gaps(case: Case) -> tuple[Gap, ...]:
    """Return the parameter ranges that rest on judgement alone, widest first (high end over low end)."""
    found = [
        Gap(
            agent="parameter",
            item=prior.name,
            value=prior.value,
            low=prior.low,
            high=prior.high,
            unit=prior.unit,
            basis=prior.basis,
            reason=prior.reason,
            place=f"{prior.file}:{prior.line}",
        )
        for prior in case.prior_rows
        if prior.basis == Basis.ASSUMED
    ]
    return tuple(sorted(found, key=lambda gap: (-_spread(gap), gap.item)))


def _spread(gap: Gap) -> float:
    if gap.low is None or gap.high is None or gap.low == gap.high:
        return 0.0
    return gap.high / gap.low if gap.low > 0 else math.inf


def _gap(row: OpeningRow) -> Gap:
    return Gap(
        agent=row.agent,
        item=row.item,
        value=row.value,
        low=row.low,
        high=row.high,
        unit=row.unit,
        basis=row.basis.value,
        reason=row.reason or row.formula,
        place=f"{row.file}:{row.line}",
    )
