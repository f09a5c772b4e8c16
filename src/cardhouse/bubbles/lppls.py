"""The log-periodic power law singularity: one fit with its uncertainty.

One indicator among others, weak out of sample: a good fit is easily had on a random walk, and the critical time is so
uncertain that it is only ever given as an interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles.lppls_grid import SearchBox, best_starts, build_grid
from cardhouse.bubbles.lppls_kernel import CONVERGED, ROW, polish_windows
from cardhouse.bubbles.recursive_adf import adf
from cardhouse.bubbles.series import Series, as_series

STARTS = 12
STATIONARY_AT_5_PERCENT = -2.86
"""Dickey-Fuller 5 % value with a constant, large sample (Fuller 1976)."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Likelihood interval of the critical time.

    Parameters
    ----------
    low, high : float
        First and last critical time whose modified profile likelihood is at least ``cutoff`` of the highest, in
        observations counted from 0.
    is_open : bool
        Whether it runs to the end of the searched range, so that the data do not bound the critical time.
    cutoff : float
        The share.
    times, relative_likelihood, squared_error : arrays, shape (time,)
        The profile.
    """

    low: float
    high: float
    is_open: bool
    cutoff: float
    times: FloatArray
    relative_likelihood: FloatArray
    squared_error: FloatArray


@dataclass(frozen=True, kw_only=True)
class LpplsFit:
    """A fitted log-periodic power law.

    Parameters
    ----------
    series : Series
        Log prices of the window.
    box : SearchBox
        Where the parameters were searched.
    offset, m, omega : float
        Distance of the critical time after the last observation as a share of the window, exponent, log-frequency.
    linear : array, shape (4,)
        ``A, B, C1, C2`` for time scaled to the window.
    squared_error : float
        Sum of squared residuals of the log price.
    has_converged : bool
        Whether the search met its tolerance.
    at_bound : tuple of str
        Parameters that stand at a bound of the box: the optimum lies outside it.
    """

    series: Series
    box: SearchBox
    offset: float
    m: float
    omega: float
    linear: FloatArray
    squared_error: float
    has_converged: bool
    at_bound: tuple[str, ...]

    @property
    def direction(self) -> int:
        """Give +1 for a bubble that rises towards the critical time (``B < 0``) and -1 for one that falls."""
        return 1 if self.linear[1] < 0.0 else -1

    @cached_property
    def fitted(self) -> FloatArray:
        """Log prices of the model, shape (n,)."""
        n = len(self.series)
        tau = self.offset + (n - 1.0 - np.arange(n)) / (n - 1.0)
        power, angle = tau**self.m, self.omega * np.log(tau)
        a, b, cosine, sine = self.linear
        return np.asarray(a + power * (b + cosine * np.cos(angle) + sine * np.sin(angle)), dtype=np.float64)

    @property
    def residual(self) -> FloatArray:
        """Observed less fitted log prices, shape (n,)."""
        return np.asarray(self.series.values - self.fitted, dtype=np.float64)

    @property
    def measures(self) -> dict[str, float]:
        """Quantities that the filters look at."""
        return {name: float(value[0]) for name, value in measures_of(self._row[None], self.series.values[None]).items()}

    @property
    def _row(self) -> FloatArray:
        return np.concatenate(
            [[self.squared_error, math.log(self.offset), self.m, self.omega], self.linear, [0.0, CONVERGED]]
        )

    @property
    def residual_autocorrelation(self) -> float:
        """First-order autocorrelation of the residual; near 1 the fit explains no more than a random walk would."""
        r = self.residual
        return float(r[1:] @ r[:-1] / (r @ r))

    @property
    def residual_adf(self) -> float:
        """Dickey-Fuller t-ratio of the residual, one lag; below -2.86 it is called stationary."""
        return adf(self.residual, lag=1)

    @property
    def is_residual_stationary(self) -> bool:
        """Tell whether the residual looks stationary at the 5 % level.

        The value is that of an observed series; residuals of a fit reject too easily, so this is a necessary sign only.
        """
        return self.residual_adf < STATIONARY_AT_5_PERCENT

    @cached_property
    def interval(self) -> Interval:
        """Modified profile likelihood interval of the critical time at a cutoff of 0.05."""
        from cardhouse.bubbles.lppls_profile import critical_time_interval

        return critical_time_interval(self, 0.05)

    def __str__(self) -> str:
        """Say the fit in one sentence, the critical time as an interval."""
        bound = f"; at the bound of {', '.join(self.at_bound)}" if self.at_bound else ""
        end = "or later" if self.interval.is_open else ""
        shown = f"{self.interval.low:.0f} to {self.interval.high:.0f} {end}".strip()
        return f"critical time {shown} (observation), m = {self.m:.2f}, omega = {self.omega:.1f}{bound}"


def fit_lppls(data: Any, *, box: SearchBox | None = None, starts: int = STARTS) -> LpplsFit:
    """Fit the log-periodic power law to a whole series of prices.

    The search is deterministic: a grid of 1,280 points, then damped least squares from the best ones.

    Parameters
    ----------
    data : anything :func:`~cardhouse.bubbles.series.as_series` takes
        Positive prices, or a Series of log prices.
    box : SearchBox, optional
        Where to search.
    starts : int
        Grid points that are followed.

    Returns
    -------
    LpplsFit

    Raises
    ------
    InputError
        When the series cannot be used or no basis is identified.

    References
    ----------
    Filimonov and Sornette (2013), "A stable and robust calibration scheme of the log-periodic power law model", Physica
    A 392.

    Examples
    --------
    >>> tau = 0.1 + np.linspace(1.0, 0.0, 200)
    >>> price = np.exp(7.0 - tau**0.5 * (1.2 + 0.05 * np.cos(8.0 * np.log(tau))))
    >>> fit = fit_lppls(price)
    >>> round(fit.m, 6), round(fit.omega, 6), round(fit.offset, 6)
    (0.5, 8.0, 0.1)
    """
    series = as_series(data, log=True)
    box = box or SearchBox()
    n = len(series)
    grid = build_grid(n, box)
    bounds = box.bounds(n)
    out = np.empty((1, ROW))
    window = series.values[None, :].copy()
    polish_windows(window, best_starts(grid, window, starts), bounds, out)
    row = out[0]
    if not np.isfinite(row[0]):
        rule = "no log-periodic curve is identified on these prices"
        raise InputError("", (Problem(file=series.name, rule=rule, remedy="give a longer window"),))
    return LpplsFit(
        series=series,
        box=box,
        offset=math.exp(row[1]),
        m=float(row[2]),
        omega=float(row[3]),
        linear=row[4:8].copy(),
        squared_error=float(row[0]),
        has_converged=bool(row[9] == CONVERGED),
        at_bound=at_bound(row, bounds),
    )


def at_bound(row: FloatArray, bounds: FloatArray) -> tuple[str, ...]:
    """Name the parameters of a fit that stand at a bound of the box."""
    names = ("critical time", "m", "omega")
    near = 1e-6 * (bounds[:3, 1] - bounds[:3, 0])
    return tuple(
        name
        for i, name in enumerate(names)
        if row[1 + i] <= bounds[i, 0] + near[i] or row[1 + i] >= bounds[i, 1] - near[i]
    )


def measures_of(rows: FloatArray, windows: FloatArray) -> dict[str, FloatArray]:
    """Compute the quantities that filters look at.

    Parameters
    ----------
    rows : array, shape (fit, 10)
        Rows of the kernel.
    windows : array, shape (fit, n)
        Log prices.

    Returns
    -------
    dict of str to array, shape (fit,)
        ``offset, m, omega, oscillations, damping, relative_error``; damping is infinite without an oscillation.
    """
    n = windows.shape[1]
    offset, m, omega = np.exp(rows[:, 1]), rows[:, 2], rows[:, 3]
    amplitude = np.hypot(rows[:, 6], rows[:, 7])
    with np.errstate(divide="ignore", invalid="ignore"):
        damping = np.where(amplitude > 0.0, m * np.abs(rows[:, 5]) / (omega * amplitude), np.inf)
    tau = offset[:, None] + (n - 1.0 - np.arange(n)) / (n - 1.0)
    power, angle = tau ** m[:, None], omega[:, None] * np.log(tau)
    swing = rows[:, 5, None] + rows[:, 6, None] * np.cos(angle) + rows[:, 7, None] * np.sin(angle)
    fitted = rows[:, 4, None] + power * swing
    return {
        "offset": offset,
        "m": m,
        "omega": omega,
        "oscillations": omega / (2.0 * np.pi) * np.log((1.0 + offset) / offset),
        "damping": damping,
        "relative_error": np.abs(np.expm1(fitted - windows)).mean(axis=1),
    }
