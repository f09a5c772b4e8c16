"""The S&P 500 price/dividend ratio 1871-2010 as it stood when Phillips, Shi and Yu (2015a) published.

Robert Shiller's file has since revised one year of dividends. The copy among the examples is the revised one; five
four-quarter totals, which the file interpolates between, bring back the earlier one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.bubbles.episodes import Episode
from cardhouse.bubbles.series import Series, as_series
from cardhouse.bubbles.series_files import read_series

REVISED_RATIO = Path(__file__).resolve().parent.parent / "examples" / "data" / "sp500_price_dividend_1871_2010.csv"

QUARTER_ENDS = ("1999-03", "1999-06", "1999-09", "1999-12", "2000-03")
DIVIDEND_IN_2011 = (16.45, 16.21, 16.46, 16.48, 16.76)
"""Dividends of four quarters, index dollars, in Shiller's file of August 2011."""

DIVIDEND_REVISED = (16.45, 16.45, 16.64, 16.69, 16.76)
"""The same in the public-domain copy of his file of 2023."""

PRINTED_GSADF, PRINTED_WINDOW = 4.21, ("1976-04", "1999-06")
PRINTED_SADF = 3.30
"""Table 8 of the paper, with the subsample that yields the supremum."""

PRINTED_CRITICAL_VALUES = {"sadf": (1.30, 1.59, 2.14), "gsadf": (2.17, 2.34, 2.74)}
"""Table 8: 90, 95 and 99 %, 1,680 observations, 2,000 replications."""

PRINTED_EPISODES = (
    ("1879-10", "1880-04"),
    ("1917-08", "1918-04"),
    ("1928-11", "1929-10"),
    ("1955-01", "1956-04"),
    ("1986-06", "1987-09"),
    ("1995-11", "2001-08"),
    ("2009-02", "2009-04"),
)
"""Figure 7 of the paper: first and last month of the seven episodes."""


def ratio_of_2011() -> Series:
    """Return the ratio with the dividends of 1999 that stood in the file of August 2011."""
    revised = read_series(REVISED_RATIO)
    months = [month_of(label) for label in revised.labels]
    places = [months.index(month) for month in QUARTER_ENDS]
    stretch = np.arange(places[0], places[-1] + 1)
    values: FloatArray = revised.values.copy()
    later, earlier = (np.interp(stretch, places, totals) for totals in (DIVIDEND_REVISED, DIVIDEND_IN_2011))
    values[stretch] *= later / earlier
    return as_series(values, dates=revised.labels, name="price_dividend")


def month_of(label: object) -> str:
    """Write a date as year and month."""
    return str(label)[:7]


def episodes_met(found: tuple[Episode, ...]) -> list[bool]:
    """Tell for each printed episode whether one of those found overlaps it."""
    return [
        any(one.start_label[:7] <= last and first <= one.end_label[:7] for one in found)
        for first, last in PRINTED_EPISODES
    ]
