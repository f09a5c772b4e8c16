"""Where a figure can be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A page or document.

    Parameters
    ----------
    title : str
        Title of the page, or a short description where it has none.
    address : str
        Its address on the web.
    date : date, optional
        Day of publication; the last day of the month where only the month is known.
    date_text : str
        The date as the row gives it: a day, a month, a year, or nothing.

    Examples
    --------
    >>> str(Source("Annual report", "https://example.com/report", dt.date(2026, 2, 28), "2026-02"))
    'Annual report, 2026-02, https://example.com/report'
    """

    title: str
    address: str
    date: dt.date | None = None
    date_text: str = ""

    def __str__(self) -> str:
        """Write title, date and address in one line."""
        return ", ".join(part for part in (self.title, self.date_text or "no date", self.address) if part)


NO_SOURCE = Source("", "")
