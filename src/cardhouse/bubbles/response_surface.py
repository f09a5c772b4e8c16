"""p-values at any sample size without a simulation: packaged quantiles, smooth in the sample size.

For each probability the quantile of a sup statistic is regressed on ``1``, ``n**-0.5``, ``n**-1`` and ``n**-1.5`` over
the packaged sample sizes; the root enters because the shortest window is a share ``0.01 + 1.8 / sqrt(n)`` of the
sample. The quantile of the full-sample statistic, which knows no window, is regressed on ``1``, ``n**-1`` and
``n**-2``. The surface holds for the usual window and for lags 0 and 1; everything else is simulated by
:func:`~cardhouse.bubbles.critical_values.null_distribution`.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.tables import read_table

TABLE = Path(__file__).resolve().parent / "tables" / "sup_quantiles.csv"
"""The packaged quantiles; ``tools/rebuild_bubble_tables.py`` rebuilds them."""

PROBABILITIES = (
    *(0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8),
    *(0.85, 0.875, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.995),
)
"""Probabilities of the packaged quantiles."""

SMALLEST, LARGEST = 50, 5000
"""Sample sizes between which the surface may be used; above 1,600 it extrapolates."""


@functools.cache
def _coefficients(statistic: str, lag: int) -> FloatArray:
    """Fit the surface, shape (power, probability)."""
    rows = [row for row in read_table(TABLE) if row["statistic"] == statistic and row["lag"] == str(lag)]
    if not rows:
        rule = "the surface covers adf, sadf and gsadf with lag 0 or 1"
        problem = Problem(file="settings", key="lag", value=f"{statistic}, {lag}", rule=rule, remedy="simulate instead")
        raise InputError("", (problem,))
    sizes = np.array([float(row["n"]) for row in rows])
    quantiles = np.array([[float(row[str(p)]) for p in PROBABILITIES] for row in rows])
    return np.asarray(np.linalg.lstsq(_powers(sizes, statistic), quantiles, rcond=None)[0], dtype=np.float64)


def _powers(sizes: FloatArray, statistic: str) -> FloatArray:
    exponents = (0.0, -1.0, -2.0) if statistic == "adf" else (0.0, -0.5, -1.0, -1.5)
    return np.column_stack([sizes**exponent for exponent in exponents])


def surface_quantiles(n: int, *, lag: int = 0, statistic: str = "gsadf") -> FloatArray:
    """Give the quantiles of a statistic at :data:`PROBABILITIES`, shape (probability,).

    Parameters
    ----------
    n : int
        Observations.
    lag : {0, 1}
        Lagged changes.
    statistic : {"gsadf", "sadf", "adf"}
        Statistic.

    Raises
    ------
    InputError
        When the surface does not reach that far.
    """
    if not SMALLEST <= n <= LARGEST:
        rule = f"the surface reaches from {SMALLEST} to {LARGEST} observations"
        problem = Problem(file="settings", key="n", value=str(n), rule=rule, remedy="simulate instead")
        raise InputError("", (problem,))
    fitted = (_powers(np.array([float(n)]), statistic) @ _coefficients(statistic, lag))[0]
    return np.asarray(np.maximum.accumulate(fitted), dtype=np.float64)


def surface_p_value(value: float, n: int, *, lag: int = 0, statistic: str = "gsadf") -> float:
    """Give the p-value of a statistic, between 0.005 and 0.99; beyond, the bound is returned.

    Examples
    --------
    >>> 0.03 < surface_p_value(2.2, 300) < 0.09
    True
    >>> surface_p_value(9.0, 300)
    0.005
    """
    quantiles = surface_quantiles(n, lag=lag, statistic=statistic)
    return float(round(1.0 - np.interp(value, quantiles, PROBABILITIES), 12))


def surface_critical_value(level: float, n: int, *, lag: int = 0, statistic: str = "gsadf") -> float:
    """Give the critical value of a statistic at a level between 0.005 and 0.99.

    >>> surface_critical_value(0.01, 200) > surface_critical_value(0.10, 200)
    True
    """
    return float(np.interp(1.0 - level, PROBABILITIES, surface_quantiles(n, lag=lag, statistic=statistic)))
