"""Recursive Dickey-Fuller regressions over every window of a series: the kernels.

A window ``[j, h]`` of ``m = h - j + 1`` levels gives the regression of the change on a constant, the level before and
``lag`` earlier changes, with ``m - 1 - lag`` rows. For each end point ``h`` the windows are visited from the shortest
to the longest, so that one row is added at a time, and levels are measured from ``y[h]``, so that neither a large level
nor a growing series loses digits. Thirty-two end points advance together, which lets the compiler use vector
instructions without reordering any sum. A window whose normal equations keep fewer than six digits hands its end point
to an orthogonal factorisation that adds one row at a time (Givens rotations), which does not square the condition.
"""

from __future__ import annotations

import math

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.bubbles.lanes import (
    BEFORE_LAST,
    BEST,
    CHANGES,
    END,
    LANES,
    LAST,
    MARGIN,
    PRODUCTS,
    ROWS,
    SECOND,
    SENTINEL,
    SQUARES,
    TRUSTED,
    WIDE_LANES,
    WORK,
)
from cardhouse.bubbles.scan_lag2 import block_lag2

LIMIT = 1e12
"""Size at which a t-ratio is capped: beyond it the series is an exact recursion at the precision of the machine."""

EXACT, REFACTORED, NEAR_DETERMINISTIC, NO_VARIATION = 0, 1, 2, 3
"""State of one end point: computed by the scan, computed by rotations, capped, or without any usable window."""

_ROUNDING = 1e-13


@compiled
def _warm_up(padded: FloatArray, change: FloatArray, work: FloatArray, span: IntArray) -> None:
    """Add the rows that every window has: sums of levels, squares, squared changes and products of changes."""
    for rows in range(1, span[1]):
        at = MARGIN + span[0] - rows
        level = padded[at : at + LANES]
        before, earlier = change[at : at + LANES], change[at - 1 : at - 1 + LANES]
        now = change[at + 1 : at + 1 + LANES]
        for lane in range(LANES):
            x = level[lane] - work[lane + END]
            work[lane] += x
            work[lane + SQUARES] += x * x
            work[lane + CHANGES] += now[lane] * now[lane]
            work[lane + PRODUCTS] += now[lane] * before[lane]
            work[lane + SECOND] += now[lane] * earlier[lane]


@compiled
def _block_lag0(padded: FloatArray, change: FloatArray, work: FloatArray, span: IntArray) -> None:
    """Add two rows at a time, the nearer first, and keep the largest signed square of the t-ratio.

    With levels measured from the end point the sum of changes is ``-x`` of the first row and the sum of level times
    change is ``-(x**2 + sum of squared changes) / 2``, so three running sums suffice. Two rows at a time halve the
    traffic of those sums. A row before the sample has no change and cannot win.
    """
    for first in range(span[1], span[2] + 1, 2):
        at = MARGIN + span[0] - first - 1
        far, far_change = padded[at : at + LANES], change[at + 1 : at + 1 + LANES]
        near, near_change = padded[at + 1 : at + 1 + LANES], change[at + 2 : at + 2 + LANES]
        rows = float(first)
        more = rows + 1.0
        for lane in range(LANES):
            end = work[lane + END]
            x = near[lane] - end
            square = x * x
            sum_x = work[lane] + x
            sum_xx = work[lane + SQUARES] + square
            sum_dd = work[lane + CHANGES] + near_change[lane] * near_change[lane]
            a = rows * sum_xx - sum_x * sum_x
            b = sum_x * x - 0.5 * rows * (square + sum_dd)
            c = a * (rows * sum_dd - square) - b * b
            lost = c <= TRUSTED * (rows * sum_xx) * (rows * sum_dd)
            value = SENTINEL if lost else b * abs(b) * (rows - 2.0) / c
            best = work[lane + BEST]
            best_rows = rows if value > best else work[lane + ROWS]
            best = value if value > best else best
            x = far[lane] - end
            square = x * x
            sum_x += x
            sum_xx += square
            sum_dd += far_change[lane] * far_change[lane]
            a = more * sum_xx - sum_x * sum_x
            b = sum_x * x - 0.5 * more * (square + sum_dd)
            c = a * (more * sum_dd - square) - b * b
            lost = c <= TRUSTED * (more * sum_xx) * (more * sum_dd)
            value = SENTINEL if lost else b * abs(b) * (more - 2.0) / c
            work[lane] = sum_x
            work[lane + SQUARES] = sum_xx
            work[lane + CHANGES] = sum_dd
            work[lane + ROWS] = more if value > best else best_rows
            work[lane + BEST] = value if value > best else best


@compiled
def _block_lag1(padded: FloatArray, change: FloatArray, work: FloatArray, span: IntArray) -> None:
    """Add one row at a time of the regression with one lagged change ``z`` and keep the largest signed square.

    The sums of ``z``, ``z**2`` and ``x * z`` telescope as those of the change do, one row earlier.
    """
    for count in range(span[1], span[2] + 1):
        at = MARGIN + span[0] - count
        level, before = padded[at : at + LANES], change[at : at + LANES]
        now = change[at + 1 : at + 1 + LANES]
        rows = float(count)
        for lane in range(LANES):
            x, z, d = level[lane] - work[lane + END], before[lane], now[lane]
            last = work[lane + LAST]
            square = x * x
            sum_x = work[lane] + x
            sum_xx = work[lane + SQUARES] + square
            sum_dd = work[lane + CHANGES] + d * d
            sum_zd = work[lane + PRODUCTS] + d * z
            work[lane] = sum_x
            work[lane + SQUARES] = sum_xx
            work[lane + CHANGES] = sum_dd
            work[lane + PRODUCTS] = sum_zd
            first = x - z
            sum_z = -last - first
            sum_zz = sum_dd - last * last + z * z
            sum_xz = 0.5 * (last * last - first * first + sum_zz)
            zz = rows * sum_zz - sum_z * sum_z
            xz = rows * sum_xz - sum_x * sum_z
            xd = sum_x * x - 0.5 * rows * (square + sum_dd)
            zd = rows * sum_zd + sum_z * x
            a = (rows * sum_xx - sum_x * sum_x) * zz - xz * xz
            b = xd * zz - xz * zd
            c = a * ((rows * sum_dd - square) * zz - zd * zd) - b * b
            raw = (rows * sum_xx) * (rows * sum_zz) * (rows * sum_dd) * (rows * sum_zz)
            value = SENTINEL if c <= TRUSTED * raw else b * abs(b) * (rows - 3.0) / c
            best = work[lane + BEST]
            work[lane + BEST] = value if value > best else best
            work[lane + ROWS] = rows if value > best else work[lane + ROWS]


@compiled
def _block_few_lags(padded: FloatArray, change: FloatArray, work: FloatArray, span: IntArray, lag: int) -> None:
    at = MARGIN + span[0]
    work[:] = 0.0
    work[BEST : BEST + LANES] = -math.inf
    work[END : END + LANES] = padded[at : at + LANES]
    work[LAST : LAST + LANES] = change[at : at + LANES]
    work[BEFORE_LAST : BEFORE_LAST + LANES] = change[at - 1 : at - 1 + LANES]
    _warm_up(padded, change, work, span)
    if lag == 0:
        _block_lag0(padded, change, work, span)
    elif lag == 1:
        _block_lag1(padded, change, work, span)
    else:
        block_lag2(padded, change, work, span)


@compiled
def _fill_lanes(padded: FloatArray, change: FloatArray, ends: FloatArray, values: FloatArray, at: int) -> None:
    """Write lagged changes, level from the end point and change of the row that starts at ``at``."""
    lag = values.shape[0] - 2
    lanes = values.shape[1]
    for i in range(lag):
        values[i] = change[at - i : at - i + lanes]
    level = values[lag]
    source = padded[at : at + lanes]
    for lane in range(lanes):
        level[lane] = source[lane] - ends[lane]
    values[lag + 1] = change[at + 1 : at + 1 + lanes]


@compiled
def _accumulate(values: FloatArray, sums: FloatArray, products: FloatArray) -> None:
    for i in range(values.shape[0]):
        left = values[i]
        total = sums[i]
        for lane in range(left.shape[0]):
            total[lane] += left[lane]
        for k in range(i, values.shape[0]):
            right = values[k]
            cell = products[i, k]
            for lane in range(left.shape[0]):
                cell[lane] += left[lane] * right[lane]


@compiled
def _centre(sums: FloatArray, products: FloatArray, moments: FloatArray, rows: float) -> None:
    for i in range(sums.shape[0]):
        left = sums[i]
        for k in range(i, sums.shape[0]):
            right = sums[k]
            source = products[i, k]
            cell = moments[i, k]
            for lane in range(left.shape[0]):
                cell[lane] = rows * source[lane] - left[lane] * right[lane]


@compiled
def _eliminate(moments: FloatArray, factor: FloatArray) -> None:
    """Remove the lagged changes from level and change by symmetric elimination, lane by lane."""
    size = moments.shape[0]
    for i in range(size - 2):
        pivot = moments[i, i]
        for k in range(i + 1, size):
            row = moments[i, k]
            for lane in range(pivot.shape[0]):
                factor[lane] = row[lane] / pivot[lane]
            for m in range(k, size):
                other = moments[i, m]
                cell = moments[k, m]
                for lane in range(pivot.shape[0]):
                    cell[lane] -= factor[lane] * other[lane]


@compiled
def _keep_best(products: FloatArray, moments: FloatArray, best: FloatArray, scratch: FloatArray, rows: float) -> None:
    lag = moments.shape[0] - 2
    freedom = rows - lag - 2.0
    level, mixed, change = moments[lag, lag], moments[lag, lag + 1], moments[lag + 1, lag + 1]
    raw_level, raw_change = products[lag, lag], products[lag + 1, lag + 1]
    for lane in range(level.shape[0]):
        a, b = level[lane], mixed[lane]
        c = a * change[lane] - b * b
        lost = c <= TRUSTED * (rows * raw_level[lane]) * (rows * raw_change[lane])
        scratch[lane] = SENTINEL if lost else b * abs(b) * freedom / c
    for i in range(lag):
        pivot = moments[i, i]
        raw = products[i, i]
        for lane in range(pivot.shape[0]):
            scratch[lane] = SENTINEL if pivot[lane] <= TRUSTED * rows * raw[lane] else scratch[lane]
    top, top_rows = best[0], best[1]
    for lane in range(top.shape[0]):
        is_better = scratch[lane] > top[lane]
        top[lane] = scratch[lane] if is_better else top[lane]
        top_rows[lane] = rows if is_better else top_rows[lane]


@compiled
def _block_any_lag(padded: FloatArray, change: FloatArray, span: IntArray, lag: int, best: FloatArray) -> None:
    """Test the windows of one block of end points; ``best`` receives the largest signed square and its rows."""
    size = lag + 2
    lanes = best.shape[1]
    ends = padded[MARGIN + span[0] : MARGIN + span[0] + lanes]
    values = np.empty((size, lanes))
    sums = np.zeros((size, lanes))
    products = np.zeros((size, size, lanes))
    moments = np.empty((size, size, lanes))
    scratch = np.empty(lanes)
    best[0] = -math.inf
    for rows in range(1, span[2] + 1):
        _fill_lanes(padded, change, ends, values, MARGIN + span[0] - rows)
        _accumulate(values, sums, products)
        if rows >= span[1]:
            _centre(sums, products, moments, float(rows))
            _eliminate(moments, scratch)
            _keep_best(products, moments, best, scratch, float(rows))


@compiled
def rotate_in(triangle: FloatArray, row: FloatArray) -> None:
    """Add one row to an upper triangular factor by Givens rotations; ``row`` is overwritten.

    Parameters
    ----------
    triangle : array, shape (size, size)
        Factor of the rows so far, the response in the last column; start from zeros.
    row : array, shape (size,)
        Regressors and response of the new row.
    """
    size = row.shape[0]
    for i in range(size):
        if row[i] != 0.0:
            length = math.hypot(triangle[i, i], row[i])
            cosine = triangle[i, i] / length
            sine = row[i] / length
            for k in range(i, size):
                upper = triangle[i, k]
                triangle[i, k] = cosine * upper + sine * row[k]
                row[k] = cosine * row[k] - sine * upper


@compiled
def _ratio(triangle: FloatArray, rows: int) -> float:
    """Give the t-ratio of the last regressor, capped when the residual is rounding noise, NaN when not identified."""
    size = triangle.shape[0]
    at = size - 2
    spread = 0.0
    for i in range(at + 1):
        spread += triangle[i, at] * triangle[i, at]
    if spread == 0.0 or abs(triangle[at, at]) <= _ROUNDING * math.sqrt(spread):
        return math.nan
    signed = triangle[at, at + 1] * (1.0 if triangle[at, at] > 0.0 else -1.0)
    total = 0.0
    for i in range(size):
        total += triangle[i, at + 1] * triangle[i, at + 1]
    residual = abs(triangle[at + 1, at + 1])
    if residual <= _ROUNDING * math.sqrt(total):
        return LIMIT if signed > 0.0 else -LIMIT
    return float(signed / residual * math.sqrt(rows - at - 1.0))


@compiled
def _regression_row(y: FloatArray, t: int, lag: int, origin: float, row: FloatArray) -> None:
    row[0] = 1.0
    for i in range(1, lag + 1):
        row[i] = y[t - i] - y[t - i - 1]
    row[lag + 1] = y[t - 1] - origin
    row[lag + 2] = y[t] - y[t - 1]


@compiled
def refactor_end(y: FloatArray, end: int, lag: int, min_window: int, result: FloatArray) -> None:
    """Test every window that ends at ``end`` by rotations: the reference, and the refuge of ill-conditioned windows.

    Parameters
    ----------
    y : array, shape (n,)
        Levels.
    end, lag, min_window : int
        End point (counted from 0), lagged changes, shortest window in observations.
    result : array, shape (3,)
        Receives the largest t-ratio, the first observation of its window and the state.
    """
    size = lag + 3
    triangle = np.zeros((size, size))
    row = np.empty(size)
    best = -math.inf
    start = 0
    for t in range(end, lag, -1):
        _regression_row(y, t, lag, y[end], row)
        rotate_in(triangle, row)
        if end - t + 1 >= min_window - 1 - lag:
            value = _ratio(triangle, end - t + 1)
            if value > best:
                best = value
                start = t - 1 - lag
    result[0] = best
    result[1] = start
    result[2] = REFACTORED
    if best == -math.inf:
        result[0] = -LIMIT
        result[2] = NO_VARIATION
    elif abs(best) >= LIMIT:
        result[2] = NEAR_DETERMINISTIC


@compiled
def scan(y: FloatArray, lag: int, min_window: int, out: FloatArray) -> None:
    """Find, for each end point, the window with the largest Dickey-Fuller t-ratio.

    Parameters
    ----------
    y : array, shape (n,)
        Finite levels.
    lag, min_window : int
        Lagged changes and shortest window in observations; ``min_window >= 2 * lag + 4``.
    out : array, shape (3, n - min_window + 1)
        Receives the backward sup statistic, the first observation of its window and the state code.
    """
    n = y.shape[0]
    padded = np.zeros(n + 2 * MARGIN)
    # a missing change poisons every later window of its lane, so that none outside the sample can win
    change = np.full(n + 2 * MARGIN, math.nan)
    padded[MARGIN : MARGIN + n] = y
    for t in range(1, n):
        change[MARGIN + t] = y[t] - y[t - 1]
    lanes = LANES if lag < 3 else WIDE_LANES
    work = np.zeros(WORK)
    best = np.zeros((2, lanes))
    span = np.zeros(3, dtype=np.int64)
    for first_end in range(min_window - 1, n, lanes):
        width = min(lanes, n - first_end)
        span[0], span[1], span[2] = first_end, min_window - 1 - lag, first_end + width - 1 - lag
        if lag < 3:
            _block_few_lags(padded, change, work, span, lag)
            best[0] = work[BEST : BEST + LANES]
            best[1] = work[ROWS : ROWS + LANES]
        else:
            _block_any_lag(padded, change, span, lag, best)
        for lane in range(width):
            _finish(y, lag, min_window, first_end + lane, best[0, lane], best[1, lane], out)


@compiled
def _finish(  # noqa: PLR0913, PLR0917 one step of the scan, called once for each end point
    y: FloatArray, lag: int, min_window: int, end: int, value: float, rows: float, out: FloatArray
) -> None:
    at = end - min_window + 1
    if abs(value) >= SENTINEL:
        refactor_end(y, end, lag, min_window, out[:, at])
    else:
        out[0, at] = math.sqrt(value) if value >= 0.0 else -math.sqrt(-value)
        out[1, at] = end - lag - rows
        out[2, at] = EXACT


@compiled
def expand(y: FloatArray, lag: int, min_window: int, statistic: FloatArray) -> None:
    """Compute the Dickey-Fuller t-ratio of every window that starts at the first observation.

    Parameters
    ----------
    y : array, shape (n,)
        Finite levels.
    lag, min_window : int
        Lagged changes and shortest window in observations.
    statistic : array, shape (n - min_window + 1,)
        Receives the t-ratios, from the shortest window to the full sample.
    """
    if lag == 0 and _expand_sums(y, min_window, statistic):
        return
    size = lag + 3
    triangle = np.zeros((size, size))
    row = np.empty(size)
    for t in range(lag + 1, y.shape[0]):
        _regression_row(y, t, lag, y[0], row)
        rotate_in(triangle, row)
        if t >= min_window - 1:
            value = _ratio(triangle, t - lag)
            statistic[t - min_window + 1] = -LIMIT if math.isnan(value) else value


@compiled
def _expand_sums(y: FloatArray, min_window: int, statistic: FloatArray) -> bool:
    """Do the work of :func:`expand` without lags by running sums; give up when one window keeps too few digits."""
    sum_x = 0.0
    sum_xx = 0.0
    sum_dd = 0.0
    for t in range(1, y.shape[0]):
        x = y[t - 1] - y[0]
        d = y[t] - y[t - 1]
        last = y[t] - y[0]
        sum_x += x
        sum_xx += x * x
        sum_dd += d * d
        if t >= min_window - 1:
            a = t * sum_xx - sum_x * sum_x
            b = 0.5 * t * (last * last - sum_dd) - sum_x * last
            c = a * (t * sum_dd - last * last) - b * b
            if c <= TRUSTED * (t * sum_xx) * (t * sum_dd):
                return False
            statistic[t - min_window + 1] = b * math.sqrt((t - 2.0) / c)
    return True


@compiled(cache=True)
def scan_series(y: FloatArray, lag: int, min_window: int, out: FloatArray) -> None:
    """Scan one series: rows 0 to 2 of ``out`` as in :func:`scan`, row 3 as in :func:`expand`."""
    scan(y, lag, min_window, out)
    expand(y, lag, min_window, out[3])


@compiled(cache=True)
def factor_series(y: FloatArray, lag: int, min_window: int, out: FloatArray) -> None:
    """Do the work of :func:`scan` by rotations alone: the slow reference that tests compare with."""
    for end in range(min_window - 1, y.shape[0]):
        refactor_end(y, end, lag, min_window, out[:, end - min_window + 1])
