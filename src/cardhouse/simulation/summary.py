"""Quantiles, exceedance and default times with their Monte Carlo error, from arrays or from streamed distributions.

Draws whose result code is not 0 are counted and reported, and enter no quantile. The error is that of independent
draws: order statistics of the binomial distribution for quantiles (David and Nagaraja 2003, section 7.1), Wilson's
interval for shares (Wilson 1927). Sobol' points and Latin hypercubes usually do better; draws that share a
parameter row count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.simulation.sketch import SketchTotal

PROBABILITIES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
CONFIDENCE = 0.9


@dataclass(frozen=True, kw_only=True)
class Quantiles:
    r"""Quantiles of a variable over the draws.

    Parameters
    ----------
    probabilities : tuple of float
    values, low, high : array, shape (probability, \*dims)
        The quantiles, and the ends of their confidence interval for Monte Carlo error.
    mean : array, shape (\*dims)
        Mean; from the middle of bins when ``exact`` is false.
    known : array of int, shape (\*dims)
        Number of draws with a value.
    exact : bool
        Whether they come from all values, or from binned counts (wrong by less than 3.1 %).
    """

    probabilities: tuple[float, ...]
    values: FloatArray
    low: FloatArray
    high: FloatArray
    mean: FloatArray
    known: IntArray
    exact: bool

    def at(self, probability: float) -> FloatArray:
        """Return one quantile.

        Raises
        ------
        ValueError
            When it was not computed.
        """
        values: FloatArray = self.values[self.probabilities.index(probability)]
        return values


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of draws with the ends of its Wilson interval; arrays over the axes of the variable."""

    share: FloatArray
    low: FloatArray
    high: FloatArray
    draws: IntArray


def rank_interval(count: AnyArray, probability: float, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Return the ranks (from 0) whose values bracket a quantile with the given confidence.

    >>> low, high = rank_interval(np.array([100]), 0.5, 0.9)
    >>> float(low[0]), float(high[0])
    (41.0, 58.0)
    """
    from scipy.stats import binom

    # nearly all cells have the same number of draws, and a quantile of the binomial distribution is dear
    size, place = np.unique(np.asarray(count, dtype=np.float64), return_inverse=True)
    tail = 0.5 * (1.0 - confidence)
    low = binom.ppf(tail, size, probability) - 1.0
    high = binom.ppf(1.0 - tail, size, probability)
    last = np.maximum(size - 1.0, 0.0)
    shape = np.shape(count)
    return np.clip(low, 0.0, last)[place].reshape(shape), np.clip(high, 0.0, last)[place].reshape(shape)


def wilson(hits: AnyArray, draws: AnyArray, confidence: float = CONFIDENCE) -> Share:
    """Return the share ``hits / draws`` with Wilson's interval; NaN where there are no draws.

    >>> result = wilson(np.array([0.0]), np.array([50]))
    >>> float(result.share[0]), round(float(result.high[0]), 3)
    (0.0, 0.051)
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 * (1.0 + confidence)))
    size = np.asarray(draws, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(hits, dtype=np.float64) / size
        middle = (share + z * z / (2.0 * size)) / (1.0 + z * z / size)
        half = z / (1.0 + z * z / size) * np.sqrt(share * (1.0 - share) / size + z * z / (4.0 * size * size))
    low, high = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
    return Share(share=share, low=low, high=high, draws=np.asarray(draws, dtype=np.int64))


def quantiles_of_array(
    values: AnyArray, probabilities: Sequence[float], per_row: int = 1, confidence: float = CONFIDENCE
) -> Quantiles:
    r"""Return quantiles along the first axis; NaN values count as unknown.

    Parameters
    ----------
    values : array, shape (draw, \*dims)
    probabilities : sequence of float
    per_row : int
        How many draws share a parameter row: only that share of the draws counts as independent.
    confidence : float
        Of the interval for Monte Carlo error.
    """
    table = np.sort(np.asarray(values, dtype=np.float64), axis=0)  # NaN goes to the end
    known = np.sum(~np.isnan(table), axis=0)
    last = np.maximum(known - 1, 0)

    def at(rank: FloatArray) -> FloatArray:
        below = np.floor(rank).astype(np.int64)
        if table.shape[0] == 0:
            return np.full(known.shape, np.nan)
        first = np.take_along_axis(table, below[None], axis=0)[0]
        second = np.take_along_axis(table, np.minimum(below + 1, last)[None], axis=0)[0]
        return np.where(known > 0, first + (rank - below) * (second - first), np.nan)

    rows = [_ranks(known, probability, per_row, confidence) for probability in probabilities]
    total = np.where(np.isnan(table), 0.0, table).sum(axis=0)
    return Quantiles(
        probabilities=tuple(probabilities),
        values=np.array([at(row[0]) for row in rows]),
        low=np.array([at(row[1]) for row in rows]),
        high=np.array([at(row[2]) for row in rows]),
        mean=np.where(known > 0, total / np.maximum(known, 1), np.nan),
        known=known,
        exact=True,
    )


def _ranks(
    known: IntArray, probability: float, per_row: int, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    last = np.maximum(known - 1, 0).astype(np.float64)
    independent = np.maximum(known // per_row, np.minimum(known, 1))
    low, high = rank_interval(independent, probability, confidence)
    stretch = last / np.maximum(independent - 1.0, 1.0)
    return probability * last, np.minimum(low * stretch, last), np.minimum(high * stretch, last)


def quantiles_of_sketch(
    total: SketchTotal, shape: tuple[int, ...], probabilities: Sequence[float], *, per_row: int = 1, whole: bool = False
) -> Quantiles:
    """Return quantiles from binned counts; ``whole`` says that the values are small whole numbers and thus exact."""
    known = total.known
    rows = [_ranks(known, probability, per_row, CONFIDENCE) for probability in probabilities]

    def at(part: int) -> FloatArray:
        return np.array([total.value_at_rank(row[part], exact=whole).reshape(shape) for row in rows])

    return Quantiles(
        probabilities=tuple(probabilities),
        values=at(0),
        low=at(1),
        high=at(2),
        mean=total.mean(exact=whole).reshape(shape),
        known=known.reshape(shape),
        exact=False,
    )


@dataclass(frozen=True, kw_only=True)
class DefaultTimes:
    """When entities default, over the draws.

    Parameters
    ----------
    entities : tuple of str
    by_quarter : Share
        Share of draws in which the entity has defaulted by the end of the quarter, shape (quarter, entity).
    first : Share
        Share of draws whose first default of all happened by the end of the quarter, shape (quarter,).
    ever : Share
        Share of draws in which the entity ever defaults, shape (entity,).
    """

    entities: tuple[str, ...]
    by_quarter: Share
    first: Share
    ever: Share


def default_times(
    default_quarter: AnyArray, quarters: int, entities: tuple[str, ...], per_row: int = 1
) -> DefaultTimes:
    """Turn default quarters (-1 for never) of shape (draw, entity) into shares by quarter with their error.

    >>> times = default_times(np.array([[0, -1], [2, 1]]), 3, ("a", "b"))
    >>> times.first.share, times.ever.share
    (array([0.5, 1. , 1. ]), array([1. , 0.5]))
    """
    happened = default_quarter >= 0
    quarter = np.where(happened, default_quarter, quarters)
    clock = np.arange(quarters)
    by_quarter = np.array([(quarter <= now).sum(axis=0) for now in clock])
    earliest = quarter.min(axis=1, initial=quarters)
    first = np.array([(earliest <= now).sum() for now in clock])
    draws = default_quarter.shape[0]
    rows = -(-draws // per_row)
    scale = rows / max(draws, 1)
    return DefaultTimes(
        entities=entities,
        by_quarter=wilson(by_quarter * scale, np.full(by_quarter.shape, rows)),
        first=wilson(first * scale, np.full(first.shape, rows)),
        ever=wilson(happened.sum(axis=0) * scale, np.full(happened.shape[1], rows)),
    )
