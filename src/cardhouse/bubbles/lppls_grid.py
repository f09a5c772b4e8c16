"""The global search of the log-periodic fit: one orthonormal basis for each grid point, all windows in one product.

The search only picks places to start from, so that it is done in single precision, in half the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles.lppls_kernel import FULL_STEPS, FULL_TOLERANCE

_COARSE = 320
_VANISHED = 1e-4


@dataclass(frozen=True, kw_only=True)
class SearchBox:
    """Where the three non-linear parameters are searched.

    Parameters
    ----------
    offset : tuple of float
        Lowest and highest distance of the critical time after the last observation: the lowest in steps of the series,
        the highest as a share of the window.
    m : tuple of float
        Exponent of the power law.
    omega : tuple of float
        Angular log-frequency.
    """

    offset: tuple[float, float] = (0.01, 0.5)
    m: tuple[float, float] = (0.01, 1.2)
    omega: tuple[float, float] = (2.0, 25.0)

    def bounds(self, n: int, steps: int = FULL_STEPS, tolerance: float = FULL_TOLERANCE) -> FloatArray:
        """Give the box of a window of ``n`` observations as the kernel wants it, shape (4, 2)."""
        low, high = self.offset[0] / (n - 1), self.offset[1]
        if not (0.0 < low < high and 0.0 < self.m[0] < self.m[1] and 0.0 < self.omega[0] < self.omega[1]):
            rule = "every range of the search box runs from a positive number to a larger one"
            raise InputError("", (Problem(file="settings", key="box", value=str(self), rule=rule),))
        return np.array([[np.log(low), np.log(high)], self.m, self.omega, [steps, tolerance]])


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Points and bases of one window length.

    Parameters
    ----------
    points : array, shape (point, 3)
        Log offset, m and omega.
    shape : tuple of int
        Points along each axis.
    trend : array of float32, shape (offset * m, time)
        Unit directions of the power law beside the constant.
    waves : array of float32, shape (2, point, time)
        Unit directions of the oscillation beside constant and power law.
    """

    points: FloatArray
    shape: tuple[int, int, int]
    trend: AnyArray
    waves: AnyArray


def build_grid(n: int, box: SearchBox) -> Grid:
    """Build the grid of a window length: 10 offsets, 4 exponents, 32 frequencies.

    Parameters
    ----------
    n : int
        Observations of the window; longer windows than 320 are searched on every k-th observation.
    box : SearchBox
        Where to search.

    Returns
    -------
    Grid
    """
    bounds = box.bounds(n)
    low = max(bounds[0, 0], min(np.log(0.3 / (n - 1)), bounds[0, 1]))
    offsets = np.linspace(low, bounds[0, 1], 10)
    exponents = np.linspace(max(bounds[1, 0], 0.1), min(bounds[1, 1], 1.0), 4)
    # distinct frequencies differ by half a turn over the window, which is a constant step in omega
    frequencies = np.linspace(bounds[2, 0], bounds[2, 1], 32)
    picked = coarse_positions(n)
    time = (n - 1.0 - picked) / (n - 1.0)
    logs = np.log(np.exp(offsets)[:, None] + time)
    power = np.exp(exponents[None, :, None] * logs[:, None, :]).astype(np.float32)
    angle = (frequencies[None, :, None] * logs[:, None, :]).astype(np.float32)
    cosine, sine = np.cos(angle), np.sin(angle)
    shape = (offsets.size, exponents.size, frequencies.size)
    trend = _unit(_centred(power), [])[:, :, None, :]
    wave = _unit(_centred(power[:, :, None, :] * cosine[:, None, :, :]), [trend])
    quarter = _unit(_centred(power[:, :, None, :] * sine[:, None, :, :]), [trend, wave])
    mesh = np.stack(np.meshgrid(offsets, exponents, frequencies, indexing="ij"), axis=-1)
    count = int(np.prod(shape))
    waves = np.stack([part.reshape(count, time.size) for part in (wave, quarter)])
    flat_trend = np.ascontiguousarray(trend.reshape(-1, time.size))
    return Grid(points=mesh.reshape(count, 3), shape=shape, trend=flat_trend, waves=waves)


def coarse_positions(n: int) -> IntArray:
    """Give the observations that the search looks at: all, or about 320 evenly spaced ones with both ends."""
    if n <= _COARSE:
        return np.arange(n)
    return np.unique(np.linspace(0, n - 1, _COARSE).round().astype(np.int64))


def _centred(values: AnyArray) -> AnyArray:
    centred: AnyArray = values - values.mean(axis=-1, keepdims=True)
    return centred


def _unit(values: AnyArray, others: list[AnyArray]) -> AnyArray:
    """Make vectors orthogonal to others and of unit length; a vector that vanishes explains nothing."""
    for other in others:
        values -= np.einsum("...t,...t->...", values, other)[..., None] * other
    length = np.sqrt(np.einsum("...t,...t->...", values, values))[..., None]
    values *= np.where(length > _VANISHED, 1.0 / np.maximum(length, _VANISHED), 0.0)
    return values


def best_starts(grid: Grid, windows: FloatArray, count: int) -> FloatArray:
    """Find the best grid points of every window, no two of them neighbours.

    Parameters
    ----------
    grid : Grid
        Grid of the window length.
    windows : array, shape (window, n)
        Log prices.
    count : int
        Starts for each window.

    Returns
    -------
    array, shape (window, count, 3)
    """
    picked = windows[:, coarse_positions(windows.shape[1])]
    centred = (picked - picked.mean(axis=1, keepdims=True)).T.astype(np.float32)
    wave, quarter = grid.waves[0] @ centred, grid.waves[1] @ centred
    wave *= wave
    quarter *= quarter
    wave += quarter
    cube = wave.reshape(*grid.shape, windows.shape[0])
    trend = grid.trend @ centred
    cube += (trend * trend).reshape(*grid.shape[:2], 1, windows.shape[0])
    starts = np.empty((windows.shape[0], count, 3))
    for k in range(count):
        best = cube.reshape(-1, windows.shape[0]).argmax(axis=0)
        starts[:, k] = grid.points[best]
        if k + 1 < count:
            _forbid_neighbours(cube, np.stack(np.unravel_index(best, grid.shape), axis=1))
    return starts


def _forbid_neighbours(cube: FloatArray, centres: IntArray) -> None:
    for window, (offset, exponent, frequency) in enumerate(centres.tolist()):
        near = slice(max(0, offset - 1), offset + 2), slice(max(0, frequency - 1), frequency + 2)
        cube[near[0], max(0, exponent - 4) : exponent + 5, near[1], window] = -1.0
