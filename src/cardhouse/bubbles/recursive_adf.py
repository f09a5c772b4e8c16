"""Right-tailed recursive unit root tests: ADF, SADF, GSADF and the backward statistic that dates episodes.

The window is counted in observations (levels). The R package exuber counts regression rows instead, so that a window of
``w`` observations with ``lag`` lagged changes is ``w - 1 - lag`` there; psymonitor counts observations as here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles.scan import LIMIT, NEAR_DETERMINISTIC, NO_VARIATION, scan_series
from cardhouse.bubbles.series import Series, as_series

STATES = ("exact", "refactored", "near-deterministic", "no variation")
"""Words for the state codes of an end point."""


@dataclass(frozen=True, kw_only=True)
class RecursiveADF:
    """Statistics of one series over all its windows.

    Parameters
    ----------
    series : Series
        What was tested.
    lag : int
        Lagged changes in each regression.
    min_window : int
        Shortest window, in observations.
    bsadf : array, shape (n - min_window + 1,)
        Backward sup statistic at each end point: the largest t-ratio of all windows that end there (Phillips, Shi and
        Yu 2015a).
    badf : array, same shape
        The t-ratio of the window from the first observation to the end point.
    window_start : array of int, same shape
        First observation of the window that gave ``bsadf``, counted from 0.
    state : array of int, same shape
        Position in :data:`STATES`. A near-deterministic end point is capped at plus or minus 1e12 and one without
        variation stands at minus 1e12; neither ever opens an episode.
    """

    series: Series
    lag: int
    min_window: int
    bsadf: FloatArray
    badf: FloatArray
    window_start: IntArray
    state: IntArray

    @property
    def adf(self) -> float:
        """The t-ratio of the full sample."""
        return float(self.badf[-1])

    @property
    def sadf(self) -> float:
        """Largest t-ratio of the windows that start at the first observation (Phillips, Wu and Yu 2011)."""
        return float(self.badf.max())

    @property
    def gsadf(self) -> float:
        """Largest t-ratio of all windows (Phillips, Shi and Yu 2015a)."""
        return float(self.bsadf.max())

    @property
    def gsadf_window(self) -> tuple[int, int]:
        """First and last observation of the window that gave :attr:`gsadf`, counted from 0."""
        at = int(self.bsadf.argmax())
        return int(self.window_start[at]), at + self.min_window - 1

    @cached_property
    def is_usable(self) -> BoolArray:
        """Tell, for each end point, whether its statistic measures anything: shape (n - min_window + 1,)."""
        usable: BoolArray = (self.state != NEAR_DETERMINISTIC) & (self.state != NO_VARIATION)
        return usable

    @property
    def regression_rows(self) -> int:
        """Shortest window in regression rows, the way the R package exuber counts."""
        return self.min_window - 1 - self.lag

    @property
    def flags(self) -> tuple[str, ...]:
        """Say in words what is odd about the series; empty when nothing is."""
        words = []
        capped = int((self.state == NEAR_DETERMINISTIC).sum())
        still = int((self.state == NO_VARIATION).sum())
        if capped:
            words.append(f"near-deterministic at {capped} end points: t-ratios capped at {LIMIT:g}")
        if still:
            words.append(f"no variation in any window of {still} end points")
        return tuple(words)


def default_min_window(n: int) -> int:
    """Give the shortest window of a sample of ``n`` observations: ``floor((0.01 + 1.8 / sqrt(n)) n)``.

    The rule is that of Phillips, Shi and Yu (2015a, section 5).

    >>> default_min_window(100), default_min_window(1680)
    (19, 90)
    """
    return math.floor((0.01 + 1.8 / math.sqrt(n)) * n)


def check_window(n: int, lag: int, min_window: int | None) -> int:
    """Check lag and window against the sample and return the window in observations.

    Raises
    ------
    InputError
        When the lag is negative, the window leaves no degree of freedom, or it exceeds the sample.

    Examples
    --------
    >>> check_window(200, 1, None)
    27
    """
    if lag < 0:
        rule, remedy = "the number of lagged changes is 0 or more", "use 0 or 1"
        raise InputError("", (Problem(file="settings", key="lag", value=str(lag), rule=rule, remedy=remedy),))
    window = max(default_min_window(n), 2 * lag + 4) if min_window is None else min_window
    if window < 2 * lag + 4:
        rule = f"the shortest window with lag {lag} is {2 * lag + 4} observations"
        raise InputError("", (Problem(file="settings", key="min_window", value=str(window), rule=rule),))
    if window >= n:
        rule = f"the window must be shorter than the sample of {n} observations"
        remedy = "give a longer series or a shorter window"
        raise InputError("", (Problem(file="settings", key="min_window", value=str(window), rule=rule, remedy=remedy),))
    return window


def recursive_adf(data: Any, *, lag: int = 0, min_window: int | None = None, log: bool = False) -> RecursiveADF:
    """Compute ADF, SADF, GSADF and the backward path of a series.

    Parameters
    ----------
    data : anything :func:`~cardhouse.bubbles.series.as_series` takes
        Levels in time order.
    lag : int
        Lagged changes in each regression; the same number in every window.
    min_window : int, optional
        Shortest window in observations; :func:`default_min_window` by default.
    log : bool
        Test the logarithm.

    Returns
    -------
    RecursiveADF

    Raises
    ------
    InputError
        When the series or the settings cannot be used.

    References
    ----------
    Phillips, Wu and Yu (2011), "Explosive behavior in the 1990s Nasdaq", International Economic Review 52. Phillips,
    Shi and Yu (2015a), "Testing for multiple bubbles", International Economic Review 56.

    Examples
    --------
    >>> levels = [100 + 3 * (t % 5) - t % 7 + 1.08**t for t in range(80)]
    >>> result = recursive_adf(levels)
    >>> result.gsadf > result.sadf > result.adf > 5.0
    False
    >>> result.gsadf >= result.sadf >= result.adf
    True
    """
    series = as_series(data, log=log)
    n = len(series)
    window = check_window(n, lag, min_window)
    out = np.empty((4, n - window + 1))
    with np.errstate(all="ignore"):
        scan_series(scaled(series.values), lag, window, out)
    return RecursiveADF(
        series=series,
        lag=lag,
        min_window=window,
        bsadf=out[0],
        badf=out[3],
        window_start=out[1].astype(np.int64),
        state=out[2].astype(np.int64),
    )


def scaled(values: FloatArray) -> FloatArray:
    """Bring a series near unit size by a power of two, which changes no digit and no t-ratio."""
    size = float(np.abs(np.diff(values)).max())
    if size == 0.0:
        return values
    return np.ldexp(values, -math.frexp(size)[1])


def adf(data: Any, *, lag: int = 0) -> float:
    """Give the Dickey-Fuller t-ratio of the full sample with ``lag`` lagged changes.

    >>> levels = [0.0, 1.0, 0.5, 1.5, 1.0, 2.0, 1.2, 2.5, 2.1, 3.0, 2.2, 3.5, 3.1]
    >>> round(adf(levels), 4)
    -1.905
    """
    return recursive_adf(data, lag=lag).adf


def sadf(data: Any, *, lag: int = 0, min_window: int | None = None) -> float:
    """Give the sup ADF statistic of Phillips, Wu and Yu (2011)."""
    return recursive_adf(data, lag=lag, min_window=min_window).sadf


def gsadf(data: Any, *, lag: int = 0, min_window: int | None = None) -> float:
    """Give the generalised sup ADF statistic of Phillips, Shi and Yu (2015a)."""
    return recursive_adf(data, lag=lag, min_window=min_window).gsadf


def bsadf(data: Any, *, lag: int = 0, min_window: int | None = None) -> FloatArray:
    """Give the backward sup ADF path, one value for each end point from the shortest window on."""
    return recursive_adf(data, lag=lag, min_window=min_window).bsadf
