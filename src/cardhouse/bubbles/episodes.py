"""From a statistic and its critical path to dated episodes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.bubbles.recursive_adf import RecursiveADF


@dataclass(frozen=True, kw_only=True)
class Episode:
    """A stretch of end points whose statistic stands above its critical value.

    Parameters
    ----------
    start, peak, end : int
        First observation above the critical value, observation with the highest level between, and last observation
        above, counted from 0. An episode that still runs ends at the last observation.
    start_label, peak_label, end_label : str
        Their dates or positions.
    is_ongoing : bool
        Whether the statistic stands above its critical value at the last observation.
    is_significant : bool
        Whether the family-wise test of the whole sample rejects. Without it the dates are noise in a known share of
        bubble-free samples.
    """

    start: int
    peak: int
    end: int
    start_label: str
    peak_label: str
    end_label: str
    is_ongoing: bool
    is_significant: bool

    @property
    def duration(self) -> int:
        """Observations from start to end, both counted."""
        return self.end - self.start + 1

    @property
    def movement(self) -> str:
        """Say ``"falling"`` when the first level is the highest, as in a crash, and ``"rising"`` otherwise.

        The statistic is as large when a price falls ever faster as when it rises ever faster.
        """
        return "falling" if self.peak == self.start < self.end else "rising"

    @property
    def verdict(self) -> str:
        """Say ``"significant"`` or ``"not significant"``."""
        return "significant" if self.is_significant else "not significant"


def default_min_duration(n: int) -> int:
    """Give the shortest episode that is dated in ``n`` observations, ``floor(log n)`` (Phillips, Shi and Yu 2015a).

    >>> default_min_duration(1680)
    7
    """
    return max(1, math.floor(math.log(n)))


def runs_above(above: BoolArray) -> list[tuple[int, int]]:
    """Give first and last position of each stretch of true values.

    >>> import numpy as np
    >>> runs_above(np.array([False, True, True, False, True]))
    [(1, 2), (4, 4)]
    """
    runs = []
    begin = -1
    for at, value in enumerate(above):
        if value and begin < 0:
            begin = at
        if not value and begin >= 0:
            runs.append((begin, at - 1))
            begin = -1
    if begin >= 0:
        runs.append((begin, len(above) - 1))
    return runs


def date_episodes(
    recursion: RecursiveADF, critical_path: FloatArray, min_duration: int, *, is_significant: bool
) -> tuple[Episode, ...]:
    """Date the episodes of a series.

    Parameters
    ----------
    recursion : RecursiveADF
        Statistics of the series.
    critical_path : array, shape (n - min_window + 1,)
        Critical value of each end point.
    min_duration : int
        Shortest episode in observations.
    is_significant : bool
        Whether the family-wise test rejects.

    Returns
    -------
    tuple of Episode
        In time order. End points without a usable statistic never stand above.
    """
    series = recursion.series
    above: BoolArray = (recursion.bsadf > critical_path) & recursion.is_usable
    offset = recursion.min_window - 1
    episodes = []
    for first, last in runs_above(above):
        if last - first + 1 < min_duration:
            continue
        start, end = first + offset, last + offset
        peak = start + int(series.values[start : end + 1].argmax())
        episodes.append(
            Episode(
                start=start,
                peak=peak,
                end=end,
                start_label=series.label(start),
                peak_label=series.label(peak),
                end_label=series.label(end),
                is_ongoing=end == len(series) - 1,
                is_significant=is_significant,
            )
        )
    return tuple(episodes)
