"""The scan without lagged changes for many draws at once: one lane for each draw instead of one for each end point.

Draws have the same length, so no lane waits for another's longer windows, and the windows of the maximum are not kept.
Every sum is the one of :mod:`~cardhouse.bubbles.scan`, in the same order, so that the digits agree.
"""

from __future__ import annotations

import math

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.compiled import compiled
from cardhouse.bubbles.lanes import SENTINEL, TRUSTED
from cardhouse.bubbles.scan import refactor_end

TOGETHER = 32
"""Draws that advance together."""

_SUM_X, _SUM_XX, _SUM_DD, _BEST = 0, 1, 2, 3


@compiled
def _start_end(levels: FloatArray, end: int, shortest: int, work: FloatArray) -> None:
    """Add the rows that every window of an end point has."""
    work[:3] = 0.0
    work[_BEST] = -math.inf
    last = levels[end + 1]
    for rows in range(1, shortest):
        level, later = levels[end + 1 - rows], levels[end + 2 - rows]
        for lane in range(TOGETHER):
            x = level[lane] - last[lane]
            change = later[lane] - level[lane]
            work[_SUM_X, lane] += x
            work[_SUM_XX, lane] += x * x
            work[_SUM_DD, lane] += change * change


@compiled
def _scan_end(levels: FloatArray, end: int, shortest: int, work: FloatArray) -> None:
    """Add two rows at a time and keep the largest signed square of the t-ratio of each draw."""
    last = levels[end + 1]
    sums, squares, changes, top = work[_SUM_X], work[_SUM_XX], work[_SUM_DD], work[_BEST]
    for first in range(shortest, end + 1, 2):
        far, near, later = levels[end - first], levels[end + 1 - first], levels[end + 2 - first]
        rows = float(first)
        more = rows + 1.0
        for lane in range(TOGETHER):
            x = near[lane] - last[lane]
            change = later[lane] - near[lane]
            square = x * x
            sum_x = sums[lane] + x
            sum_xx = squares[lane] + square
            sum_dd = changes[lane] + change * change
            a = rows * sum_xx - sum_x * sum_x
            b = sum_x * x - 0.5 * rows * (square + sum_dd)
            c = a * (rows * sum_dd - square) - b * b
            lost = c <= TRUSTED * (rows * sum_xx) * (rows * sum_dd)
            value = SENTINEL if lost else b * abs(b) * (rows - 2.0) / c
            best = top[lane]
            best = value if value > best else best
            x = far[lane] - last[lane]
            change = near[lane] - far[lane]
            square = x * x
            sum_x += x
            sum_xx += square
            sum_dd += change * change
            a = more * sum_xx - sum_x * sum_x
            b = sum_x * x - 0.5 * more * (square + sum_dd)
            c = a * (more * sum_dd - square) - b * b
            lost = c <= TRUSTED * (more * sum_xx) * (more * sum_dd)
            value = SENTINEL if lost else b * abs(b) * (more - 2.0) / c
            sums[lane] = sum_x
            squares[lane] = sum_xx
            changes[lane] = sum_dd
            top[lane] = value if value > best else best


@compiled
def scan_together(series: FloatArray, count: int, min_window: int, out: FloatArray) -> None:
    """Compute the backward sup statistic of several series without lagged changes.

    Parameters
    ----------
    series : array, shape (32, n)
        Finite levels, one row for each draw; rows from ``count`` on are not looked at.
    count : int
        Draws.
    min_window : int
        Shortest window in observations.
    out : array, shape (32, n - min_window + 1)
        Receives the statistics.
    """
    n = series.shape[1]
    levels = np.zeros((n + 1, TOGETHER))
    # the row before the sample is missing and poisons its window, so that it cannot win
    levels[0] = math.nan
    for lane in range(count):
        for t in range(n):
            levels[t + 1, lane] = series[lane, t]
    work = np.empty((4, TOGETHER))
    exact = np.empty(3)
    for end in range(min_window - 1, n):
        _start_end(levels, end, min_window - 1, work)
        _scan_end(levels, end, min_window - 1, work)
        at = end - min_window + 1
        for lane in range(count):
            value = work[_BEST, lane]
            if abs(value) >= SENTINEL:
                refactor_end(series[lane], end, 0, min_window, exact)
                out[lane, at] = exact[0]
            else:
                out[lane, at] = math.sqrt(value) if value >= 0.0 else -math.sqrt(-value)
