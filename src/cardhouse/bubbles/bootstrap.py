"""Bootstrap distributions that keep what the series has: its volatility pattern and its short-run dynamics.

The null is a unit root with the same lags as the test, fitted on the whole sample. A replication multiplies each
residual, where it stands in time, by an independent weight of mean 0 and variance 1 (the wild bootstrap of Harvey,
Leybourne, Sollis and Taylor 2016; Phillips and Shi 2020), so that a volatile stretch stays volatile.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles.critical_values import DEFAULT_SEED, NullDistribution, NullSettings, kept_distribution
from cardhouse.bubbles.recursive_adf import check_window, scaled
from cardhouse.bubbles.series import as_series
from cardhouse.bubbles.simulate import GAUSSIAN, RADEMACHER, RESAMPLED, SKEWED, simulate_bootstrap

Weights = Literal["rademacher", "gaussian", "skewed", "resampled"]
_CODES = {"rademacher": RADEMACHER, "gaussian": GAUSSIAN, "skewed": SKEWED, "resampled": RESAMPLED}


@dataclass(frozen=True, kw_only=True)
class BootstrapSettings:
    """How a bootstrap is drawn.

    Parameters
    ----------
    weights : {"rademacher", "gaussian", "skewed", "resampled"}
        Weights of the residuals: plus or minus one; standard normal; the skewed two-point weights of Mammen (1993).
        With ``"resampled"`` residuals are drawn with replacement instead (a sieve bootstrap), which gives up the
        volatility pattern.
    replications, seed : int
        Replications, and the seed of their streams.
    control_window : int
        End points over which the critical path controls the size (Phillips and Shi 2020); 0 for a pointwise path.
    workers : int
        Threads; the result does not depend on it.
    """

    weights: Weights = "rademacher"
    replications: int = 999
    seed: int = DEFAULT_SEED
    control_window: int = 0
    workers: int = 1

    @property
    def code(self) -> int:
        """Number of the weights in the kernel.

        Raises
        ------
        InputError
            When the weights have an unknown name.
        """
        if self.weights not in _CODES:
            rule = f"the weights are one of {', '.join(_CODES)}"
            raise InputError("", (Problem(file="settings", key="weights", value=self.weights, rule=rule),))
        return _CODES[self.weights]


def fit_null(values: FloatArray, lag: int) -> tuple[FloatArray, FloatArray]:
    """Fit the changes of a series by a constant and their own lags: the null of the test.

    Parameters
    ----------
    values : array, shape (n,)
        Levels.
    lag : int
        Lagged changes.

    Returns
    -------
    residual : array, shape (n - 1,)
        Residuals; the first ``lag`` are demeaned changes.
    slopes : array, shape (lag,)
        Coefficients of the lagged changes.

    Examples
    --------
    >>> residual, slopes = fit_null(np.array([0.0, 1.0, 3.0, 4.0, 6.0]), 0)
    >>> residual.tolist(), slopes.size
    ([-0.5, 0.5, -0.5, 0.5], 0)
    """
    change = np.diff(values)
    residual = change - change.mean()
    if lag == 0:
        return residual, np.empty(0)
    columns = [np.ones(change.size - lag)] + [change[lag - i : change.size - i] for i in range(1, lag + 1)]
    regressors = np.column_stack(columns)
    coefficients = np.linalg.lstsq(regressors, change[lag:], rcond=None)[0]
    residual[lag:] = change[lag:] - regressors @ coefficients
    return residual, np.ascontiguousarray(coefficients[1:])


def bootstrap_columns(
    columns: list[FloatArray], lag: int, min_window: int, settings: BootstrapSettings
) -> NullDistribution:
    """Bootstrap the statistics averaged over columns; the columns of a replication share their weights.

    Parameters
    ----------
    columns : list of arrays, each of shape (n,)
        Levels of each series, brought near unit size.
    lag, min_window : int
        As in the test.
    settings : BootstrapSettings
        How to draw.

    Returns
    -------
    NullDistribution
    """
    fits = [fit_null(column, lag) for column in columns]
    residuals = np.array([residual for residual, _ in fits])
    slopes = np.array([slope for _, slope in fits]).reshape(len(fits), lag)
    data = hashlib.sha256(residuals.tobytes() + slopes.tobytes()).hexdigest()[:16]
    kept = NullSettings(
        n=residuals.shape[1] + 1,
        lag=lag,
        min_window=min_window,
        replications=settings.replications,
        seed=settings.seed,
        model=f"bootstrap, {settings.weights} weights, {len(columns)} series, data {data}",
        control_window=settings.control_window,
    )
    codes = np.array([settings.seed, lag, min_window, settings.code], dtype=np.int64)

    def draw(draws: IntArray, bsadf: FloatArray, badf: FloatArray) -> None:
        paths = np.empty((2, *bsadf.shape))
        simulate_bootstrap(residuals, slopes, codes, draws, paths)
        bsadf[:], badf[:] = paths[0], paths[1]

    return kept_distribution(kept, draw, settings.workers)


def wild_bootstrap(
    data: Any, *, lag: int = 0, min_window: int | None = None, settings: BootstrapSettings | None = None
) -> NullDistribution:
    """Give the distribution of the recursive statistics for a series with the volatility of ``data`` and no bubble.

    Parameters
    ----------
    data : anything :func:`~cardhouse.bubbles.series.as_series` takes
        Levels in time order.
    lag : int
        Lagged changes, in the test and in the fitted null.
    min_window : int, optional
        Shortest window in observations.
    settings : BootstrapSettings, optional
        How to draw.

    Returns
    -------
    NullDistribution

    References
    ----------
    Harvey, Leybourne, Sollis and Taylor (2016), "Tests for explosive financial bubbles in the presence of
    non-stationary volatility", Journal of Empirical Finance 38. Phillips and Shi (2020), "Real time monitoring of asset
    markets: bubbles and crises", Handbook of Statistics 42.

    Examples
    --------
    >>> levels = np.cumsum([(-1.0) ** (t // 3) * (1 + t % 4) for t in range(60)])
    >>> wild_bootstrap(levels, settings=BootstrapSettings(replications=100)).gsadf.shape
    (100,)
    """
    series = as_series(data)
    window = check_window(len(series), lag, min_window)
    return bootstrap_columns([scaled(series.values)], lag, window, settings or BootstrapSettings())
