"""How well is the critical time known? Its modified profile likelihood.

For each critical time the other parameters are refitted; the modification of Barndorff-Nielsen, in the form that
Filimonov, Demos and Sornette (2017) give for this model, corrects the likelihood for the parameters that were refitted.
Residuals are taken as independent, which those of prices are not: the interval is a lower bound of the uncertainty.
"""

from __future__ import annotations

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.bubbles.lppls import Interval, LpplsFit
from cardhouse.bubbles.lppls_grid import SearchBox, best_starts, build_grid
from cardhouse.bubbles.lppls_kernel import ROW, polish_windows

_POINTS = 48
_NUISANCE = 6


def critical_time_interval(fit: LpplsFit, cutoff: float) -> Interval:
    """Compute the likelihood interval of the critical time.

    Parameters
    ----------
    fit : LpplsFit
        The best fit.
    cutoff : float
        Share of the highest likelihood at which the interval ends, between 0 and 1.

    Returns
    -------
    Interval

    References
    ----------
    Filimonov, Demos and Sornette (2017), "Modified profile likelihood inference and interval forecast of the burst of
    financial bubbles", Quantitative Finance 17.
    """
    n = len(fit.series)
    low, high = fit.box.bounds(n)[0]
    logs = np.unique(np.append(np.linspace(low, high, _POINTS), np.log(fit.offset)))
    rows = np.array([_refit(fit, log_offset) for log_offset in logs])
    best = rows[rows[:, 0].argmin()]
    sensitivity = _sensitivity(best, n)
    freedom = n - _NUISANCE - 2
    scores = np.array([_score(row, sensitivity, n, freedom) for row in rows])
    relative = np.exp(scores - scores.max())
    inside = np.flatnonzero(relative >= cutoff)
    times = (n - 1) * (1.0 + np.exp(logs))
    return Interval(
        low=float(times[inside[0]]),
        high=float(times[inside[-1]]),
        is_open=bool(inside[-1] == logs.size - 1),
        cutoff=cutoff,
        times=times,
        relative_likelihood=relative,
        squared_error=rows[:, 0],
    )


def _refit(fit: LpplsFit, log_offset: float) -> FloatArray:
    """Fit m and omega with the critical time held, from the grid and from the best fit."""
    n = len(fit.series)
    offset = float(np.exp(log_offset))
    held = SearchBox(offset=(offset * (n - 1) * (1 - 1e-12), offset), m=fit.box.m, omega=fit.box.omega)
    window = fit.series.values[None, :].copy()
    found = best_starts(build_grid(n, held), window, 5)
    starts = np.concatenate([found, [[[log_offset, fit.m, fit.omega]]]], axis=1)
    starts[:, :, 0] = log_offset
    box = held.bounds(n)
    box[0] = log_offset
    out = np.empty((1, ROW))
    polish_windows(window, starts, box, out)
    return out.reshape(ROW)


def _sensitivity(row: FloatArray, n: int) -> FloatArray:
    """Give the derivatives of the model by m, omega, A, B, C1 and C2, shape (n, 6)."""
    tau = np.exp(row[1]) + (n - 1.0 - np.arange(n)) / (n - 1.0)
    logs = np.log(tau)
    power = tau ** row[2]
    wave, quarter = power * np.cos(row[3] * logs), power * np.sin(row[3] * logs)
    level = row[5] * power + row[6] * wave + row[7] * quarter
    turn = row[7] * wave - row[6] * quarter
    return np.column_stack([logs * level, logs * turn, np.ones(n), power, wave, quarter])


def _score(row: FloatArray, best: FloatArray, n: int, freedom: int) -> float:
    own = _sensitivity(row, n)
    # columns are brought to unit length of the best fit, which cancels between the two determinants
    size = np.sqrt((best * best).sum(axis=0))
    own, base = own / size, best / size
    information = np.linalg.slogdet(own.T @ own)[1]
    mixed = np.linalg.slogdet(base.T @ own)[1]
    return float(-0.5 * freedom * np.log(row[0]) + 0.5 * information - mixed)
