"""Quantiles and shares of a run as plain records, whatever the run kept of its draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cardhouse.analysis.records import Band, Range, ShareOfDraws, number
from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.simulation.results import Run
from cardhouse.simulation.summary import Share, wilson

_FAN = (0.05, 0.25, 0.5, 0.75, 0.95)
_RANGE = (0.1, 0.5, 0.9)


def has(run: Run, name: str) -> bool:
    """Tell whether a run has a variable."""
    return name in run.variables


def has_draws(run: Run, *names: str) -> bool:
    """Tell whether a run kept all these variables draw by draw."""
    return all(name in run.variables and not run.variables[name].sketched for name in names)


def good_draws(run: Run, name: str) -> AnyArray:
    r"""Return a variable over the draws with result code 0, shape (draw, \*dims)."""
    values: AnyArray = run.results(name)[run.good]
    return values


def band(run: Run, name: str, scale: float = 1.0, unit: str = "") -> Band:
    """Return the fan of a variable with a quarter axis only.

    Parameters
    ----------
    run : Run
    name : str
    scale : float
        Multiplies the values; 4 turns a flow per quarter into one per year.
    unit : str
        Unit after scaling; that of the variable by default.
    """
    item = run.variable(name)
    quantiles = run.summary(name, _FAN)
    rows = [tuple(number(value * scale) for value in quantiles.at(p)) for p in _FAN]
    words = dict(zip(("p05", "p25", "p50", "p75", "p95"), rows, strict=True))
    return Band(name=name, long_name=item.long_name, unit=unit or item.unit, **words)


def band_of(values: FloatArray, name: str, long_name: str, unit: str) -> Band:
    """Return the fan of values worked out draw by draw, shape (draw, quarter).

    >>> band_of(np.array([[1.0], [3.0]]), "electricity", "Electricity", "TWh a year").p50
    (2.0,)
    """
    rows = [tuple(number(value) for value in np.quantile(values, p, axis=0)) for p in _FAN]
    words = dict(zip(("p05", "p25", "p50", "p75", "p95"), rows, strict=True))
    return Band(name=name, long_name=long_name, unit=unit, **words)


def ranges(run: Run, name: str, scale: float = 1.0) -> list[Range]:
    """Return the 10-50-90 % range of a variable for every place of its axes, flattened."""
    quantiles = run.summary(name, _RANGE)
    table = np.array([np.asarray(quantiles.at(p)).ravel() for p in _RANGE]) * scale
    return [Range(p10=number(a), p50=number(b), p90=number(c)) for a, b, c in table.T]


def range_of(values: AnyArray) -> Range:
    """Return the 10-50-90 % range of numbers; None without any known number.

    >>> range_of(np.array([1.0, 2.0, float("nan"), 3.0])).p50
    2.0
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if known.size == 0:
        return Range(p10=None, p50=None, p90=None)
    low, middle, high = np.quantile(known, _RANGE)
    return Range(p10=float(low), p50=float(middle), p90=float(high))


def share_of(hits: AnyArray, per_row: int) -> ShareOfDraws:
    """Return the share of draws for which a condition holds, with its error.

    Parameters
    ----------
    hits : array of bool, shape (draw,)
    per_row : int
        Draws that share a parameter row; they count once for the error.

    >>> share_of(np.array([True, False]), 1).share
    0.5
    """
    draws = len(hits)
    if draws == 0:
        return ShareOfDraws(share=None, low=None, high=None)
    rows = -(-draws // per_row)
    result = wilson(np.array([np.sum(hits) * rows / draws]), np.array([rows]))
    return one_share(result, 0)


def one_share(share: Share, place: int | tuple[int, ...]) -> ShareOfDraws:
    """Return one place of an array of shares."""
    return ShareOfDraws(share=number(share.share[place]), low=number(share.low[place]), high=number(share.high[place]))


def quarter_range(quarters: FloatArray, labels: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """Return the labels at the 10, 50 and 90 % quantile of quarter positions; None without any.

    >>> quarter_range(np.array([0.0, 1.0, 1.0]), ("2026Q1", "2026Q2"))
    ('2026Q1', '2026Q2', '2026Q2')
    """
    if len(quarters) == 0:
        return (None, None, None)
    low, middle, high = (int(place) for place in np.quantile(quarters, _RANGE, method="inverted_cdf"))
    return (labels[low], labels[middle], labels[high])
