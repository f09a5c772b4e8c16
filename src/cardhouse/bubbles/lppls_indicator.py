"""The confidence indicator: the share of windows, many lengths to each date, whose fit passes a filter."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles.lppls import measures_of
from cardhouse.bubbles.lppls_filters import LpplsFilter, named_filter
from cardhouse.bubbles.lppls_grid import SearchBox, best_starts, build_grid
from cardhouse.bubbles.lppls_kernel import QUICK_STEPS, QUICK_TOLERANCE, ROW, polish_windows
from cardhouse.bubbles.series import Series, as_series

STARTS = 5
_CHUNK = 256


@dataclass(frozen=True, kw_only=True)
class IndicatorSettings:
    """Windows and filter of an indicator.

    Parameters
    ----------
    longest, shortest, step : int
        Window lengths in observations: from ``longest`` down to ``shortest`` in steps.
    stride : int
        Observations between end dates.
    filter : str
        Name of a preset, see :data:`~cardhouse.bubbles.lppls_filters.FILTERS`.
    workers : int
        Threads; the result does not depend on it.
    """

    longest: int = 120
    shortest: int = 30
    step: int = 5
    stride: int = 1
    filter: str = "lppls-0.6"
    workers: int = 1


@dataclass(frozen=True, kw_only=True)
class LpplsIndicator:
    """Indicator of one series.

    Parameters
    ----------
    series : Series
        Log prices.
    settings : IndicatorSettings
        Windows and filter.
    ends : array of int, shape (date,)
        Observation at which the windows of each date end, counted from 0.
    lengths : array of int, shape (length,)
        Window lengths.
    rows : array, shape (length, date, 10)
        Every fit, as :data:`~cardhouse.bubbles.lppls_kernel.ROW` lists it.
    positive, negative : array, shape (date,)
        Share of the windows that pass the filter with a rising (``B < 0``) and a falling (``B > 0``) power law.
    """

    series: Series
    settings: IndicatorSettings
    ends: IntArray
    lengths: IntArray
    rows: FloatArray
    positive: FloatArray
    negative: FloatArray

    @property
    def fits(self) -> int:
        """Number of fits."""
        return int(self.rows.shape[0] * self.rows.shape[1])


def lppls_indicator(
    data: Any, *, settings: IndicatorSettings | None = None, box: SearchBox | None = None
) -> LpplsIndicator:
    """Compute the confidence indicator of a series of prices.

    Parameters
    ----------
    data : anything :func:`~cardhouse.bubbles.series.as_series` takes
        Positive prices, or a Series of log prices.
    settings : IndicatorSettings, optional
        Windows and filter.
    box : SearchBox, optional
        Where the fits are searched.

    Returns
    -------
    LpplsIndicator

    Raises
    ------
    InputError
        When the series is shorter than the longest window or the settings cannot be used.

    References
    ----------
    Sornette, Demos, Zhang, Cauwels, Filimonov and Zhang (2015), "Real-time prediction and post-mortem analysis of the
    Shanghai 2015 stock market bubble and crash", Journal of Investment Strategies 4.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> price = np.exp(np.cumsum(0.01 * rng.standard_normal(80)))
    >>> result = lppls_indicator(price, settings=IndicatorSettings(longest=60, shortest=40, step=10, stride=10))
    >>> result.fits, result.positive.shape
    (9, (3,))
    """
    settings = settings or IndicatorSettings()
    series = as_series(data, log=True)
    lengths = _lengths(settings, len(series))
    chosen = named_filter(settings.filter)
    ends = np.arange(settings.longest - 1, len(series), settings.stride)
    search = box or SearchBox()

    def work(length: int) -> FloatArray:
        return _fit_length(series.values, ends, length, search)

    with ThreadPoolExecutor(max_workers=max(1, settings.workers)) as pool:
        rows = np.stack(list(pool.map(work, lengths.tolist())))
    passed = np.stack([_passed(series.values, ends, n, one, chosen) for n, one in zip(lengths, rows, strict=True)])
    is_rising = rows[:, :, 5] < 0.0
    return LpplsIndicator(
        series=series,
        settings=settings,
        ends=ends,
        lengths=lengths,
        rows=rows,
        positive=(passed & is_rising).mean(axis=0),
        negative=(passed & ~is_rising).mean(axis=0),
    )


def _lengths(settings: IndicatorSettings, n: int) -> IntArray:
    values = (settings.shortest, settings.step, settings.stride)
    if not 12 <= settings.shortest <= settings.longest or min(values) < 1:
        rule = "windows run from longest down to shortest, at least 12 observations, with positive steps"
        raise InputError("", (Problem(file="settings", key="windows", value=str(values), rule=rule),))
    if settings.longest > n:
        rule = f"the longest window has {settings.longest} observations and the series {n}"
        raise InputError("", (Problem(file="settings", key="longest", rule=rule, remedy="shorten the windows"),))
    return np.arange(settings.longest, settings.shortest - 1, -settings.step)


def _windows(values: FloatArray, ends: IntArray, n: int) -> FloatArray:
    every = np.lib.stride_tricks.sliding_window_view(values, n)
    return np.ascontiguousarray(every[ends - n + 1])


def _fit_length(values: FloatArray, ends: IntArray, n: int, box: SearchBox) -> FloatArray:
    """Fit all windows of one length, in chunks of a fixed size so that no product depends on the number of workers."""
    grid = build_grid(n, box)
    bounds = box.bounds(n, QUICK_STEPS, QUICK_TOLERANCE)
    out = np.empty((ends.size, ROW))
    for first in range(0, ends.size, _CHUNK):
        windows = _windows(values, ends[first : first + _CHUNK], n)
        polish_windows(windows, best_starts(grid, windows, STARTS), bounds, out[first : first + _CHUNK])
    return out


def _passed(values: FloatArray, ends: IntArray, n: int, rows: FloatArray, chosen: LpplsFilter) -> Any:
    measures = measures_of(rows, _windows(values, ends, n))
    return chosen.passes(measures) & np.isfinite(rows[:, 0])


def indicator_at_end(price: Series, workers: int = 1) -> LpplsIndicator | None:
    """Fit about forty windows that end at the last observation, the longest of 250 observations.

    Returns
    -------
    LpplsIndicator or None
        None for prices without a logarithm or fewer than 40 of them.
    """
    longest = min(250, len(price))
    if longest < 40 or (not price.is_log and float(price.values.min()) <= 0.0):
        return None
    last = slice(len(price) - longest, None)
    tail = Series(values=price.values[last], labels=price.labels[last], name=price.name, is_log=price.is_log)
    shortest = max(30, longest // 4)
    step = max(1, (longest - shortest) // 40)
    chosen = IndicatorSettings(longest=longest, shortest=shortest, step=step, workers=workers)
    return lppls_indicator(tail, settings=chosen)


def windows_passing(result: LpplsIndicator, filters: Sequence[str]) -> dict[str, float]:
    """Give, for several filters, the share of windows at the last date that pass."""
    last = result.ends[-1:]
    shares = {}
    for name in filters:
        chosen = named_filter(name)
        hits = [
            _passed(result.series.values, last, int(n), rows[-1:], chosen)[0]
            for n, rows in zip(result.lengths, result.rows, strict=True)
        ]
        shares[name] = float(np.mean(hits))
    return shares
