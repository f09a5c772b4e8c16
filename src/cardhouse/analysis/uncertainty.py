"""How much of a result is due to parameters and how much to news and opening figures: nested draws.

Draws that share a parameter row differ in their news and in the opening figures drawn from their ranges. The variance
of an output is the variance between rows plus the mean variance within them (law of total variance); the estimator is
that of a one-way analysis of variance with random effects (Searle, Casella and McCulloch 1992, section 3.6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws
from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.simulation.results import Run

SHARES_BY = "2030Q4"
"""Quarter by which a default counts in the split by thirds of a parameter; the end of the run if that is earlier."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """Variance of one output, split.

    Parameters
    ----------
    parameter_share, news_share : float
        Parts of the variance between 0 and 1; they add up to one. NaN when the output does not vary.
    news_variance : float
        Mean variance within parameter rows, in the output's unit squared.
    rows : int
        Parameter rows with at least two draws.
    """

    parameter_share: float
    news_share: float
    news_variance: float
    rows: int


def split_of(values: FloatArray, per_row: int) -> Split:
    """Split the variance of an output between parameter rows and what differs inside a row.

    Parameters
    ----------
    values : array, shape (draw,)
        In the order of the draws; rows follow one another.
    per_row : int
        Draws that share a parameter row, at least two.

    Raises
    ------
    ValueError
        When rows have fewer than two draws or there are fewer than two rows.

    Examples
    --------
    Rows around 0 and 10 that differ inside by one either way: the variance inside a row is 2, of the means of rows 50,
    of which 2 / 2 is news that did not average out. Parameters carry 49 of 51.

    >>> found = split_of(np.array([-1.0, 1.0, 9.0, 11.0]), 2)
    >>> round(found.parameter_share, 6), found.news_variance
    (0.960784, 2.0)
    """
    rows = values.size // per_row if per_row > 0 else 0
    if per_row < 2 or rows < 2:
        msg = f"a split needs two rows of two draws, not {rows} of {per_row}"
        raise ValueError(msg)
    table = np.asarray(values[: rows * per_row], dtype=np.float64).reshape(rows, per_row)
    within = float(table.var(axis=1, ddof=1).mean())
    between = max(0.0, float(table.mean(axis=1).var(ddof=1)) - within / per_row)
    total = within + between
    if not total > 0.0:
        return Split(parameter_share=float("nan"), news_share=float("nan"), news_variance=within, rows=rows)
    return Split(parameter_share=between / total, news_share=within / total, news_variance=within, rows=rows)


@dataclass(frozen=True, kw_only=True)
class Part:
    """Split of one main output.

    Parameters
    ----------
    output : str
        What it is.
    parameters, news : float, optional
        Parts of its variance; the second holds news and opening figures. None when it does not vary.
    """

    output: str
    parameters: float | None
    news: float | None


OUTPUTS: dict[str, tuple[str, Callable[[AnyArray], Any]]] = {
    "at least one default": ("default_quarter", lambda when: np.any(when >= 0, axis=1)),
    "number of defaults": ("default_quarter", lambda when: np.sum(when >= 0, axis=1)),
    "peak capital spending": ("peak_capex", lambda peak: peak),
    "end-user spending at the end": ("end_user_spending", lambda path: path[:, -1]),
    "market value of the sector at the end": ("sector_market_value", lambda path: path[:, -1]),
    "index at the end": ("sp500_index", lambda path: path[:, -1]),
    "deepest output gap": ("gdp_gap", lambda path: path.min(axis=1)),
}


def parts_of(run: Run) -> tuple[Part, ...]:
    """Split the main outputs of a run; empty when its draws are not nested or a draw went wrong.

    Parameters
    ----------
    run : Run
    """
    per_row = int(run.sampling.news_per_row)
    if per_row < 2 or run.draws.size // per_row < 2 or not run.good.all():
        return ()
    found = []
    for name, (variable, measure) in OUTPUTS.items():
        if has_draws(run, variable):
            split = split_of(np.asarray(measure(good_draws(run, variable)), dtype=np.float64), per_row)
            known = bool(np.isfinite(split.parameter_share))
            found.append(
                Part(
                    output=name,
                    parameters=split.parameter_share if known else None,
                    news=split.news_share if known else None,
                )
            )
    return tuple(found)


def shares_by_thirds(column: FloatArray, hits: FloatArray) -> tuple[float, float]:
    """Return how often something happens in the lowest and in the highest third of a parameter.

    >>> shares_by_thirds(np.arange(9.0), np.array([1, 1, 1, 0, 0, 0, 0, 0, 0.0]))
    (1.0, 0.0)
    """
    low, high = np.quantile(column, (1.0 / 3.0, 2.0 / 3.0))
    return float(hits[column <= low].mean()), float(hits[column >= high].mean())
