"""The two-stage monitor of Whitehouse, Harvey and Leybourne (2023): first a bubble, then its crash.

The bubble detector is a weighted sum of the latest changes, the later the heavier (Astill, Harvey, Leybourne, Sollis
and Taylor 2018); the crash detector is the product of the mean change before and the mean change now, which turns
negative when a rise breaks. Each is compared with its extreme over the training stretch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles.series import Series, as_series


@dataclass(frozen=True, kw_only=True)
class CrashMonitor:
    """What the two-stage monitor saw.

    Parameters
    ----------
    series : Series
        The series, training stretch included.
    training : int
        Observations of the training stretch.
    bubble_statistic, crash_statistic : arrays, shape (n,)
        Detectors; NaN where there are too few changes.
    bubble_boundary, crash_boundary : float
        Largest bubble detector and smallest crash detector of the training stretch.
    spells : tuple of (int, int or None)
        Observation of each bubble alarm and of the crash alarm that ended it, counted from 0.
    """

    series: Series
    training: int
    bubble_statistic: FloatArray
    crash_statistic: FloatArray
    bubble_boundary: float
    crash_boundary: float
    spells: tuple[tuple[int, int | None], ...]

    @property
    def false_alarm_rate(self) -> float:
        """Share of bubble-free series with a bubble alarm so far, were the detectors exchangeable in time."""
        usable = np.isfinite(self.bubble_statistic)
        watched = int(usable[self.training :].sum())
        return watched / max(1, watched + int(usable[: self.training].sum()))


def monitor_crash(
    data: Any, *, training: int, window: int = 10, before: int = 10, now: int = 2, log: bool = False
) -> CrashMonitor:
    """Watch for a bubble and, once one is found, for its crash.

    Parameters
    ----------
    data : anything :func:`~cardhouse.bubbles.series.as_series` takes
        Levels in time order.
    training : int
        Observations at the start that are taken as free of a bubble.
    window : int
        Changes in the bubble detector.
    before, now : int
        Changes of the earlier and of the latest stretch in the crash detector.
    log : bool
        Monitor the logarithm.

    Returns
    -------
    CrashMonitor

    Raises
    ------
    InputError
        When the training stretch is shorter than twice the windows or longer than the series.

    References
    ----------
    Whitehouse, Harvey and Leybourne (2023), "Real-time monitoring of bubbles and crashes", Oxford Bulletin of Economics
    and Statistics 85.

    Examples
    --------
    >>> calm = np.cumsum(np.tile([1.0, -1.0, -1.0, 1.2], 15))
    >>> rise = calm[-1] + 1.3 ** np.arange(25)
    >>> fall = rise[-1] - np.array([100.0, 250.0, 350.0, 380.0])
    >>> seen = monitor_crash(np.concatenate([calm, rise, fall]), training=60)
    >>> [end is not None for _, end in seen.spells]
    [True]
    """
    series = as_series(data, log=log)
    longest = max(window, before + now)
    if min(window, before, now) < 1 or not 2 * longest < training < len(series):
        rule = f"the training stretch is longer than {2 * longest} observations and shorter than {len(series)}"
        raise InputError("", (Problem(file="settings", key="training", value=str(training), rule=rule),))
    bubble = bubble_statistic(series.values, window)
    crash = crash_statistic(series.values, before, now)
    high, low = float(np.nanmax(bubble[:training])), float(np.nanmin(crash[:training]))
    return CrashMonitor(
        series=series,
        training=training,
        bubble_statistic=bubble,
        crash_statistic=crash,
        bubble_boundary=high,
        crash_boundary=low,
        spells=_spells(bubble > high, crash < low, training, window),
    )


def _spells(rising: Any, breaking: Any, training: int, window: int) -> tuple[tuple[int, int | None], ...]:
    """Pair alarms; the search for a bubble starts a full window after the training stretch or after a crash."""
    spells: list[tuple[int, int | None]] = []
    at = training - 1 + window
    while True:
        starts = np.flatnonzero(rising[at:])
        if not starts.size:
            return tuple(spells)
        start = at + int(starts[0])
        ends = np.flatnonzero(breaking[start + 1 :])
        if not ends.size:
            return (*spells, (start, None))
        end = start + 1 + int(ends[0])
        spells.append((start, end))
        at = end + window


def bubble_statistic(values: FloatArray, window: int) -> FloatArray:
    """Give the linearly weighted sum of the latest ``window`` changes over the root of its squares, shape (n,)."""
    result = np.full(values.size, np.nan)
    weighted = np.lib.stride_tricks.sliding_window_view(np.diff(values), window) * np.arange(1.0, window + 1.0)
    size = np.sqrt((weighted * weighted).sum(axis=1))
    result[window:] = np.divide(weighted.sum(axis=1), size, out=np.zeros(size.size), where=size > 0.0)
    return result


def crash_statistic(values: FloatArray, before: int, now: int) -> FloatArray:
    """Give the product of the summed changes before and now over the root of their squares, shape (n,)."""
    result = np.full(values.size, np.nan)
    change = np.lib.stride_tricks.sliding_window_view(np.diff(values), before + now)
    early, late = change[:, :before], change[:, before:]
    size = np.sqrt((early * early).sum(axis=1) * (late * late).sum(axis=1))
    product = early.sum(axis=1) * late.sum(axis=1)
    result[before + now :] = np.divide(product, size, out=np.zeros(size.size), where=size > 0.0)
    return result
