"""Real-time monitors: a training stretch that is taken as calm, then one decision at each new observation.

``cusum`` and ``fluc`` are the detectors of Homm and Breitung (2012) with the boundary ``sqrt(b + ln(t / n))``, and
``kurozumi`` is the expanding Dickey-Fuller statistic against the flat boundary of Kurozumi (2020). Their constants
depend on the training length and the horizon and are simulated here for exactly those, so that at most the chosen share
of bubble-free series raises an alarm before the horizon. The monitor that goes on to look for the crash is in
:mod:`cardhouse.bubbles.monitor_crash`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.streams import fill_normal
from cardhouse.bubbles import table_store
from cardhouse.bubbles.critical_values import DEFAULT_SEED
from cardhouse.bubbles.recursive_adf import scaled
from cardhouse.bubbles.series import Series, as_series

MONITOR_PURPOSE = 604
REPLICATIONS = 5000
Method = Literal["cusum", "fluc", "kurozumi"]


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """What a monitor saw.

    Parameters
    ----------
    series : Series
        The series, training stretch included.
    method : str
        Name of the detector.
    training : int
        Observations of the training stretch.
    level : float
        Share of bubble-free series that raise an alarm before the end of the series.
    constant : float
        Constant of the boundary.
    statistic, boundary : arrays, shape (n - training,)
        Detector and boundary at each observation after the training stretch.
    """

    series: Series
    method: str
    training: int
    level: float
    constant: float
    statistic: FloatArray
    boundary: FloatArray

    @property
    def alarm(self) -> int | None:
        """First observation, counted from 0, at which the detector stands above its boundary."""
        above = np.flatnonzero(self.statistic > self.boundary)
        return self.training + int(above[0]) if above.size else None

    @property
    def alarm_label(self) -> str | None:
        """Date or position of the alarm."""
        return None if self.alarm is None else self.series.label(self.alarm)


def monitor(data: Any, *, training: int, method: Method = "cusum", level: float = 0.05, log: bool = False) -> Monitor:
    """Watch a series for the start of an explosive stretch.

    Parameters
    ----------
    data : anything :func:`~cardhouse.bubbles.series.as_series` takes
        Levels in time order.
    training : int
        Observations at the start that are taken as free of a bubble; at least 20.
    method : {"cusum", "fluc", "kurozumi"}
        Detector.
    level : float
        Largest share of false alarms over the whole horizon.
    log : bool
        Monitor the logarithm.

    Returns
    -------
    Monitor

    Raises
    ------
    InputError
        When series, training or method cannot be used.

    References
    ----------
    Homm and Breitung (2012), "Testing for speculative bubbles in stock markets: a comparison of alternative methods",
    Journal of Financial Econometrics 10. Kurozumi (2020), "Asymptotic properties of bubble monitoring tests",
    Econometric Reviews 39.

    Examples
    --------
    >>> calm = np.cumsum(np.tile([1.0, -1.0, -1.0, 1.0], 15))
    >>> watched = monitor(np.concatenate([calm, 1.3 ** np.arange(20)]), training=60)
    >>> watched.alarm is not None and watched.alarm > 60
    True
    """
    series = as_series(data, log=log)
    n = len(series)
    _check(series, training, level)
    if method not in _DETECTORS:
        rule = f"the methods are {', '.join(_DETECTORS)}"
        raise InputError("", (Problem(file="settings", key="method", value=method, rule=rule),))
    detector, boundary = _DETECTORS[method]
    constant = boundary_constant(method, training, n, level)
    times = np.arange(training + 1, n + 1, dtype=np.float64)
    return Monitor(
        series=series,
        method=method,
        training=training,
        level=level,
        constant=constant,
        statistic=detector(scaled(series.values)[None], training)[0],
        boundary=boundary(times, training, constant),
    )


def _check(series: Series, training: int, level: float) -> None:
    if not 20 <= training < len(series):
        rule = f"the training stretch has at least 20 observations and ends before the last of {len(series)}"
        raise InputError("", (Problem(file="settings", key="training", value=str(training), rule=rule),))
    if not 0.0 < level < 0.5:
        rule = "the level lies between 0 and 0.5"
        raise InputError("", (Problem(file="settings", key="level", value=str(level), rule=rule),))
    if float(np.ptp(series.values[:training])) == 0.0:
        rule, remedy = "the training stretch is constant", "start the series later"
        raise InputError("", (Problem(file=series.name, rule=rule, remedy=remedy),))


def cusum_statistic(paths: FloatArray, training: int) -> FloatArray:
    """Give the cumulated change since the training stretch over the standard deviation of changes so far.

    Parameters
    ----------
    paths : array, shape (series, n)
        Levels.
    training : int
        Observations of the training stretch.

    Returns
    -------
    array, shape (series, n - training)
        Divided by ``sqrt(t)``, so that the boundary is ``sqrt(b + ln(t / training))``.
    """
    change = np.diff(paths, axis=1)
    count = np.arange(1, change.shape[1] + 1)
    mean = np.cumsum(change, axis=1) / count
    spread = np.sqrt(np.maximum(np.cumsum(change * change, axis=1) / count - mean * mean, 0.0))
    drift = paths[:, training:] - paths[:, training - 1 : training]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = drift / (spread[:, training - 1 :] * np.sqrt(count[training - 1 :] + 1.0))
    return np.asarray(np.nan_to_num(ratio), dtype=np.float64)


def fluc_statistic(paths: FloatArray, training: int) -> FloatArray:
    """Give the Dickey-Fuller t-ratio without constant of the levels up to each observation, measured from the first."""
    levels = paths - paths[:, :1]
    before, change = levels[:, :-1], np.diff(levels, axis=1)
    count = np.arange(1, change.shape[1] + 1)
    xx, xd, dd = (np.cumsum(a * b, axis=1) for a, b in ((before, before), (before, change), (change, change)))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = xd * np.sqrt((count - 1.0) / (xx * dd - xd * xd))
    return np.asarray(np.nan_to_num(ratio[:, training - 1 :]), dtype=np.float64)


def expanding_statistic(paths: FloatArray, training: int) -> FloatArray:
    """Give the Dickey-Fuller t-ratio with constant of the levels up to each observation."""
    levels = paths - paths[:, :1]
    before, change = levels[:, :-1], np.diff(levels, axis=1)
    count = np.arange(1, change.shape[1] + 1)
    sx, xx, dd = (np.cumsum(v, axis=1) for v in (before, before * before, change * change))
    last = levels[:, 1:]
    a = count * xx - sx * sx
    b = 0.5 * count * (last * last - dd) - sx * last
    c = a * (count * dd - last * last) - b * b
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = b * np.sqrt((count - 2.0) / c)
    return np.asarray(np.nan_to_num(ratio[:, training - 1 :]), dtype=np.float64)


def _growing(times: FloatArray, training: int, constant: float) -> FloatArray:
    return np.asarray(np.sqrt(np.maximum(constant + np.log(times / training), 0.0)), dtype=np.float64)


def _flat(times: FloatArray, training: int, constant: float) -> FloatArray:  # noqa: ARG001 one signature for boundaries
    return np.full(times.size, constant)


Detector = Callable[[FloatArray, int], FloatArray]
Boundary = Callable[[FloatArray, int, float], FloatArray]
_DETECTORS: dict[str, tuple[Detector, Boundary]] = {
    "cusum": (cusum_statistic, _growing),
    "fluc": (fluc_statistic, _growing),
    "kurozumi": (expanding_statistic, _flat),
}


def boundary_constant(method: Method, training: int, horizon: int, level: float) -> float:
    """Find the boundary constant that lets a given share of random walks raise an alarm.

    Parameters
    ----------
    method : {"cusum", "fluc", "kurozumi"}
        Detector.
    training, horizon : int
        Observations of the training stretch and of the whole series.
    level : float
        Share of random walks that may raise an alarm.

    Returns
    -------
    float
        From 5,000 random walks on counter-based streams.
    """
    key = f"monitor-{method}-{training}-{horizon}-{hashlib.sha256(_source().encode()).hexdigest()[:12]}"
    stored = table_store.load_array(key)
    extremes = _extremes(method, training, horizon) if stored is None else stored
    if stored is None:
        table_store.save_array(key, extremes)
    return float(np.quantile(extremes, 1.0 - level))


def _source() -> str:
    return table_store.kernel_digest() + str((REPLICATIONS, DEFAULT_SEED))


def _extremes(method: Method, training: int, horizon: int) -> FloatArray:
    detector, boundary = _DETECTORS[method]
    excess = np.log(np.arange(training + 1, horizon + 1) / training) if boundary is _growing else 0.0
    result = np.empty(REPLICATIONS)
    block = max(1, 2_000_000 // horizon)
    for first in range(0, REPLICATIONS, block):
        paths = np.empty((min(block, REPLICATIONS - first), horizon))
        for r in range(paths.shape[0]):
            fill_normal(paths[r], DEFAULT_SEED, first + r, MONITOR_PURPOSE)
        statistic = detector(np.cumsum(paths, axis=1), training)
        if boundary is _growing:
            statistic = np.sign(statistic) * statistic**2 - excess
        result[first : first + block] = statistic.max(axis=1)
    return result
