"""Circular money as the evidence knew it at the end of each quarter: the same measures on earlier readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cardhouse.analysis.circularity.report import Circularity, measure_circularity
from cardhouse.basics.quarter import Quarter
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case

FIRST = Quarter(2025, 3)


@dataclass(frozen=True)
class Vintage:
    """What was known on a day.

    Parameters
    ----------
    known_on : date
        The day.
    measures : Circularity
        Loops, cycling, round trips and wrong-way exposure of the network as known then.
    """

    known_on: dt.date
    measures: Circularity


def quarter_ends(last: dt.date, first: Quarter = FIRST) -> list[dt.date]:
    """List the ends of quarters from ``first`` up to ``last``, and ``last`` itself.

    >>> [day.isoformat() for day in quarter_ends(dt.date(2026, 2, 13))]
    ['2025-09-30', '2025-12-31', '2026-02-13']
    """
    days = []
    quarter = first
    while quarter.end < last:
        days.append(quarter.end)
        quarter = quarter + 1
    return [*days, last]


def circularity_by_vintage(
    name: str, case: Case, days: Iterable[dt.date] | None = None, max_length: int = 4
) -> tuple[Vintage, ...]:
    """Measure a case as known at the end of each quarter up to its own day.

    Parameters
    ----------
    name : str
        Name or folder of the case, to read it again.
    case : Case
        The case as read; gives the last day and the tier.
    days : iterable of date, optional
        The days; ends of quarters since 2025Q3 by default.
    max_length : int
        Largest number of firms in a loop.
    """
    chosen = quarter_ends(case.known_on) if days is None else list(days)
    return tuple(
        Vintage(day, measure_circularity(load_case(name, day, case.tier.value).snapshot, max_length)) for day in chosen
    )
