"""Calendar quarters and dates: the clock of the model and of the evidence."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_QUARTER = re.compile(r"(\d{4})-?Q([1-4])")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter.

    Examples
    --------
    >>> Quarter.parse("2025Q4") + 1
    Quarter(year=2026, number=1)
    >>> str(Quarter(2026, 1)), Quarter(2026, 1).end
    ('2026Q1', datetime.date(2026, 3, 31))
    >>> Quarter(2027, 2) - Quarter(2025, 4)
    6
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse a quarter that no calendar has."""
        if not (1900 <= self.year <= 2200 and 1 <= self.number <= 4):
            msg = f"no such quarter: year {self.year}, quarter {self.number}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2025Q4`` or ``2025-Q4``; raise ``ValueError`` otherwise."""
        found = _QUARTER.fullmatch(text.strip().upper())
        if found is None:
            msg = f"'{text}' is not a quarter; write it as 2025Q4"
            raise ValueError(msg)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """Return the quarter that contains ``day``."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def index(self) -> int:
        """Quarters since year 0, so that differences are plain subtraction."""
        return self.year * 4 + self.number - 1

    @property
    def start(self) -> dt.date:
        """First day of the quarter."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> dt.date:
        """Last day of the quarter."""
        month = 3 * self.number
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    def __add__(self, quarters: int) -> Quarter:
        """Move forward by a number of quarters."""
        year, number = divmod(self.index + quarters, 4)
        return Quarter(year, number + 1)

    def __sub__(self, other: Quarter) -> int:
        """Count quarters from ``other`` to here."""
        return self.index - other.index

    def __str__(self) -> str:
        """Write the quarter as ``2025Q4``."""
        return f"{self.year}Q{self.number}"


def parse_day(text: str, *, last: bool = False) -> dt.date:
    """Read an ISO day, month or year; a month or year means its first day, or its last one with ``last=True``.

    A fact dated by month only was known at the latest on the last day of that month, so "known on" uses ``last=True``.

    >>> parse_day("2026-02-13"), parse_day("2026-02", last=True), parse_day("2026")
    (datetime.date(2026, 2, 13), datetime.date(2026, 2, 28), datetime.date(2026, 1, 1))
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        msg = f"'{text}' is not a date; write it as 2026-02-13"
        raise ValueError(msg)
    year = int(found[1])
    if not 1900 <= year <= 2200:
        msg = f"the year {year} is outside 1900 to 2200"
        raise ValueError(msg)
    month = int(found[2]) if found[2] else (12 if last else 1)
    if not 1 <= month <= 12:
        msg = f"there is no month {month}"
        raise ValueError(msg)
    length = calendar.monthrange(year, month)[1]
    day = int(found[3]) if found[3] else (length if last else 1)
    if not 1 <= day <= length:
        msg = f"{year}-{month:02d} has no day {day}"
        raise ValueError(msg)
    return dt.date(year, month, day)
