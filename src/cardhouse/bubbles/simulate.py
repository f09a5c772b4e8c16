"""Draws of the statistics when there is no bubble: compiled replications, one counter-based stream for each.

Replication ``r`` of seed ``s`` uses stream ``(s, r, purpose)`` and nothing else, so that the draws are the same for any
number of workers and any order of the work.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.basics.streams import fill_normal, fill_uniform
from cardhouse.bubbles.scan import expand, scan
from cardhouse.bubbles.scan_together import TOGETHER, scan_together

NULL_PURPOSE = 601
MULTIPLIER_PURPOSE = 602
RESAMPLE_PURPOSE = 603

RADEMACHER, GAUSSIAN, SKEWED, RESAMPLED = 0, 1, 2, 3


@compiled
def draw_random_walk(levels: FloatArray, seed: int, draw: int) -> None:
    """Fill ``levels`` with a random walk of unit variance and drift ``1 / n``.

    The drift is that of Phillips, Shi and Yu (2015a) with ``d = eta = 1``.
    """
    n = levels.shape[0]
    fill_normal(levels, seed, draw, NULL_PURPOSE)
    total = 0.0
    for t in range(n):
        total += levels[t] + 1.0 / n
        levels[t] = total


@compiled
def remove_projection(levels: FloatArray, basis: FloatArray) -> None:
    """Subtract the projection on an orthonormal basis, in place.

    Parameters
    ----------
    levels : array, shape (n,)
        Overwritten by the residual.
    basis : array, shape (regressor, n)
        Orthonormal rows; none leaves the levels as they are.
    """
    for i in range(basis.shape[0]):
        row = basis[i]
        total = 0.0
        for t in range(row.shape[0]):
            total += row[t] * levels[t]
        for t in range(row.shape[0]):
            levels[t] -= total * row[t]


@compiled(cache=True)
def simulate_null(basis: FloatArray, settings: IntArray, draws: IntArray, bsadf: FloatArray, badf: FloatArray) -> None:
    """Fill one row of ``bsadf`` and ``badf`` for each replication of the random walk.

    Parameters
    ----------
    basis : array, shape (regressor, n)
        Orthonormal rows that are projected out of each random walk; no rows for a plain random walk of ``n`` levels.
    settings : array of int, shape (3,)
        Seed, lag and shortest window.
    draws : array of int, shape (replication,)
        Numbers of the replications.
    bsadf, badf : arrays, shape (replication, n - min_window + 1)
        Receive the backward sup path and the expanding path.
    """
    lag = settings[1]
    window = settings[2]
    levels = np.empty(basis.shape[1])
    out = np.empty((3, levels.shape[0] - window + 1))
    for r in range(draws.shape[0]):
        draw_random_walk(levels, settings[0], draws[r])
        remove_projection(levels, basis)
        scan(levels, lag, window, out)
        bsadf[r, :] = out[0]
        expand(levels, lag, window, badf[r])


@compiled
def draw_weights(weights: FloatArray, seed: int, draw: int, kind: int) -> None:
    """Fill ``weights`` with the multipliers of one bootstrap replication, mean 0 and variance 1.

    Kind 0 is Rademacher (plus or minus one), 1 standard normal, 2 the skewed two-point distribution of Mammen (1993),
    whose third moment is 1. Kind 3 gives uniform numbers that pick rows instead.
    """
    if kind == GAUSSIAN:
        fill_normal(weights, seed, draw, MULTIPLIER_PURPOSE)
        return
    fill_uniform(weights, seed, draw, RESAMPLE_PURPOSE if kind == RESAMPLED else MULTIPLIER_PURPOSE)
    root = 5.0**0.5
    for t in range(weights.shape[0]):
        if kind == RADEMACHER:
            weights[t] = 1.0 if weights[t] < 0.5 else -1.0
        elif kind == SKEWED:
            weights[t] = (1.0 - root) / 2.0 if weights[t] < (root + 1.0) / (2.0 * root) else (1.0 + root) / 2.0


@compiled
def rebuild(residual: FloatArray, slopes: FloatArray, weights: FloatArray, kind: int, levels: FloatArray) -> None:
    """Build one bootstrap series under the null: a unit root, the fitted lags, and reweighted residuals.

    Parameters
    ----------
    residual : array, shape (n - 1,)
        Residuals of the null regression, one for each change; the first ``lag`` are the demeaned changes.
    slopes : array, shape (lag,)
        Coefficients of the lagged changes.
    weights : array, shape (n - 1,)
        Multipliers, or uniform numbers that pick rows when ``kind`` is 3.
    kind : int
        Kind of the weights.
    levels : array, shape (n,)
        Receives the series; it starts at zero.
    """
    lag = slopes.shape[0]
    changes = residual.shape[0]
    levels[0] = 0.0
    for t in range(1, changes + 1):
        row = int(weights[t - 1] * changes) if kind == RESAMPLED else t - 1
        change = residual[row] * (1.0 if kind == RESAMPLED else weights[t - 1])
        if t > lag:
            for i in range(lag):
                change += slopes[i] * (levels[t - 1 - i] - levels[t - 2 - i])
        levels[t] = levels[t - 1] + change


@compiled
def _bootstrap_together(residuals: FloatArray, settings: IntArray, draws: IntArray, paths: FloatArray) -> None:
    """Do the work of :func:`simulate_bootstrap` without lagged changes, several replications at a time."""
    window = settings[2]
    count = residuals.shape[0]
    n = residuals.shape[1] + 1
    slopes = np.empty(0)
    weights = np.empty((TOGETHER, n - 1))
    levels = np.empty((TOGETHER, n))
    out = np.empty((TOGETHER, n - window + 1))
    expanding = np.empty(n - window + 1)
    paths[:] = 0.0
    for first in range(0, draws.shape[0], TOGETHER):
        width = min(TOGETHER, draws.shape[0] - first)
        for lane in range(width):
            draw_weights(weights[lane], settings[0], draws[first + lane], settings[3])
        for i in range(count):
            for lane in range(width):
                rebuild(residuals[i], slopes, weights[lane], settings[3], levels[lane])
            scan_together(levels, width, window, out)
            for lane in range(width):
                expand(levels[lane], 0, window, expanding)
                for at in range(expanding.shape[0]):
                    paths[0, first + lane, at] += out[lane, at] / count
                    paths[1, first + lane, at] += expanding[at] / count


@compiled(cache=True)
def simulate_bootstrap(
    residuals: FloatArray, slopes: FloatArray, settings: IntArray, draws: IntArray, paths: FloatArray
) -> None:
    """Fill the paths of each replication; all series of a replication share their weights.

    Parameters
    ----------
    residuals : array, shape (series, n - 1)
        Residuals of each series under the null.
    slopes : array, shape (series, lag)
        Coefficients of its lagged changes.
    settings : array of int, shape (4,)
        Seed, lag, shortest window and kind of the weights.
    draws : array of int, shape (replication,)
        Numbers of the replications.
    paths : array, shape (2, replication, n - min_window + 1)
        Receives the backward sup path and the expanding path, each averaged over the series.
    """
    if settings[1] == 0:
        _bootstrap_together(residuals, settings, draws, paths)
        return
    lag = settings[1]
    window = settings[2]
    count = residuals.shape[0]
    n = residuals.shape[1] + 1
    weights = np.empty(n - 1)
    levels = np.empty(n)
    out = np.empty((4, n - window + 1))
    for r in range(draws.shape[0]):
        draw_weights(weights, settings[0], draws[r], settings[3])
        paths[:, r] = 0.0
        for i in range(count):
            rebuild(residuals[i], slopes[i], weights, settings[3], levels)
            scan(levels, lag, window, out)
            expand(levels, lag, window, out[3])
            for at in range(out.shape[1]):
                paths[0, r, at] += out[0, at] / count
                paths[1, r, at] += out[3, at] / count


def in_chunks(work: Callable[[int, int], None], total: int, workers: int) -> None:
    """Call ``work(first, last)`` over all replications, on ``workers`` threads; the kernels release the lock."""
    if workers <= 1:
        work(0, total)
        return
    edges = np.linspace(0, total, 4 * workers + 1).astype(int)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for done in [pool.submit(work, int(a), int(b)) for a, b in itertools.pairwise(edges)]:
            done.result()
