"""Which parameter row and which news each draw gets: a function of the seed, the draw and the sampling plan only.

Nothing here depends on the number of workers, on chunks or on what was computed before, so a resumed run, a cluster and
a laptop see the same worlds, and two scenarios with the same plan are compared under the same draws (common random
numbers).

References
----------
Sobol' points with Owen scrambling and Latin hypercubes are those of ``scipy.stats.qmc`` (Owen 1998; McKay, Beckman and
Conover 1979). The correlation is a Gaussian copula with the rank correlation given; r = 2 sin(pi s / 6) turns a rank
correlation s into the normal one (Pearson 1907).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem, raise_if_any
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.streams import fill_uniform
from cardhouse.simulation.marginals import Marginals

SCHEMES = ("sobol", "latin", "plain", "central", "accepted")
NEWS = ("own", "shared")
LARGEST_LATIN = 100_000
LARGEST_DRAWS = 2**30
# Purposes below 60000 belong to the model; the sampling of parameters has one of its own.
PURPOSE_PARAMETERS = 60_001
_EDGE = 2.0**-32


@dataclass(frozen=True, kw_only=True)
class SamplingPlan:
    """How the draws of a run are made.

    Parameters
    ----------
    draws : int
        Number of draws.
    seed : int
        Seed of everything random, 0 or more.
    scheme : str
        ``sobol`` (scrambled Sobol' points, can be extended), ``latin`` (Latin hypercube, at most 100,000 draws),
        ``plain`` (independent), ``central`` (every draw has the central values: only the news differ), or ``accepted``
        (Sobol' points that history matching did not rule out, in an order that the seed shuffles; they repeat when
        there are more parameter rows than points).
    news_per_row : int
        Nested design: this many draws in a row share one parameter row and differ in their news.
    news : str
        ``own``: every draw has a news stream of its own. ``shared``: the k-th draw of every parameter row has the same
        news, so that differences between rows are due to parameters alone.
    correlations : tuple of (str, str, float)
        Rank correlations between pairs of parameters.
    candidate_seed : int
        Seed of the Sobol' points of ``accepted``.
    candidates : tuple of int
        Numbers of the points that were accepted.

    Examples
    --------
    >>> plan = SamplingPlan(draws=6, seed=1, news_per_row=3, news="shared")
    >>> plan.rows(np.arange(6)), plan.news_ids(np.arange(6))
    (array([0, 0, 0, 1, 1, 1]), array([0, 1, 2, 0, 1, 2]))
    """

    draws: int
    seed: int = 0
    scheme: str = "sobol"
    news_per_row: int = 1
    news: str = "own"
    correlations: tuple[tuple[str, str, float], ...] = ()
    candidate_seed: int = 0
    candidates: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an impossible plan, with all problems at once."""
        raise_if_any(self._problems(), InputError)

    def _problems(self) -> list[Problem]:
        rules = [
            ("draws", self.draws, 1 <= self.draws <= LARGEST_DRAWS, f"a run has 1 to {LARGEST_DRAWS:,} draws"),
            ("seed", self.seed, 0 <= self.seed < 2**63, "a seed is a whole number from 0 to 2^63 - 1"),
            ("sampling", self.scheme, self.scheme in SCHEMES, f"the sampling is one of {', '.join(SCHEMES)}"),
            ("news", self.news, self.news in NEWS, f"news are one of {', '.join(NEWS)}"),
            ("news-per-row", self.news_per_row, self.news_per_row >= 1, "a parameter row has at least one draw"),
            ("sampling", self.scheme, (self.scheme == "accepted") == bool(self.candidates), "see --prior accepted"),
        ]
        found = [
            Problem(file="sampling", key=key, value=str(value), rule=rule)
            for key, value, good, rule in rules
            if not good
        ]
        if self.scheme == "latin" and self.draws > LARGEST_LATIN:
            rule = f"a Latin hypercube has at most {LARGEST_LATIN:,} draws, because it is made at once"
            found.append(Problem(file="sampling", key="draws", value=str(self.draws), rule=rule, remedy="use sobol"))
        return found

    @property
    def independent_draws(self) -> int:
        """Number of parameter rows: draws that share a row are not independent observations."""
        return -(-self.draws // self.news_per_row)

    def rows(self, draws: IntArray) -> IntArray:
        """Return the number of the parameter row of each draw."""
        return draws // self.news_per_row

    def news_ids(self, draws: IntArray) -> IntArray:
        """Return the number of the news stream of each draw."""
        return draws.copy() if self.news == "own" else draws % self.news_per_row

    def parameters(self, marginals: Marginals, start: int, stop: int) -> FloatArray:
        """Return the parameter rows of draws ``start`` to ``stop - 1``.

        Returns
        -------
        array, shape (stop - start, parameter)
        """
        rows = self.rows(np.arange(start, stop, dtype=np.int64))
        if self.scheme == "central":
            return np.repeat(marginals.value[None, :], rows.size, axis=0)
        first, last = int(rows[0]), int(rows[-1]) + 1
        uniform = self._uniform(len(marginals.names), first, last)
        uniform = _correlate(uniform, marginals, self.correlations)
        values: FloatArray = marginals.at(uniform)[rows - first]
        return values

    def _uniform(self, dimensions: int, first: int, last: int) -> FloatArray:
        if self.scheme == "sobol":
            points = sobol_points(dimensions, self.seed, first, last)
        elif self.scheme == "accepted":
            points = self._accepted(dimensions, first, last)
        elif self.scheme == "latin":
            points = _latin(dimensions, self.seed, self.independent_draws)[first:last]
        else:
            points = np.empty((last - first, dimensions))
            for row in range(first, last):
                fill_uniform(points[row - first], self.seed, row, PURPOSE_PARAMETERS)
        return np.clip(points, _EDGE, 1.0 - _EDGE)

    def _accepted(self, dimensions: int, first: int, last: int) -> FloatArray:
        order = np.random.default_rng((self.seed, PURPOSE_PARAMETERS)).permutation(len(self.candidates))
        numbers = np.asarray(self.candidates)[order[np.arange(first, last) % order.size]]
        points: FloatArray = _candidates(dimensions, self.candidate_seed, max(self.candidates) + 1)[numbers]
        return points


@functools.lru_cache(maxsize=2)
def _candidates(dimensions: int, seed: int, count: int) -> FloatArray:
    points = sobol_points(dimensions, seed, 0, count)
    points.flags.writeable = False
    return points


def sobol_points(dimensions: int, seed: int, first: int, last: int) -> FloatArray:
    """Return scrambled Sobol' points ``first`` to ``last - 1``, shape (point, dimension)."""
    from scipy.stats import qmc

    idle = _idle_samplers(dimensions, seed)
    try:
        sampler = idle.pop()
    except IndexError:
        sampler = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    points = _points_from(sampler, first, last)
    idle.append(sampler)
    return points


@functools.lru_cache(maxsize=8)
def _idle_samplers(_dimensions: int, _seed: int) -> list[Any]:
    """Samplers that no thread uses: scrambling anew and counting from the first point is dear for a few late points."""
    return []


def _points_from(sampler: Any, first: int, last: int) -> FloatArray:
    if first < sampler.num_generated:
        sampler.reset()
    if first > sampler.num_generated:
        sampler.fast_forward(first - sampler.num_generated)
    if first:
        return np.asarray(sampler.random(last - first), dtype=np.float64)
    # one point, then the rest: SciPy warns when a first request is no power of two, though the points are the same;
    # it hands out its own first point, which must not be changed by whoever gets it
    head = np.array(sampler.random(1), dtype=np.float64)
    return head if last == 1 else np.vstack([head, sampler.random(last - 1)])


@functools.lru_cache(maxsize=2)
def _latin(dimensions: int, seed: int, count: int) -> FloatArray:
    from scipy.stats import qmc

    points: FloatArray = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(count)
    points.flags.writeable = False
    return points


def _correlate(
    uniform: FloatArray, marginals: Marginals, correlations: tuple[tuple[str, str, float], ...]
) -> FloatArray:
    if not correlations:
        return uniform
    from scipy.special import ndtr, ndtri

    names, factor = copula_factor(marginals, correlations)
    columns = [marginals.index(name) for name in names]
    normal = ndtri(uniform[:, columns])
    result = uniform.copy()
    for i, column in enumerate(columns):
        # summed term by term in a fixed order: a matrix product may round differently for another number of rows
        total = factor[i, 0] * normal[:, 0]
        for k in range(1, i + 1):
            total = total + factor[i, k] * normal[:, k]
        result[:, column] = np.clip(ndtr(total), _EDGE, 1.0 - _EDGE)
    return result


def copula_factor(
    marginals: Marginals, correlations: tuple[tuple[str, str, float], ...]
) -> tuple[tuple[str, ...], FloatArray]:
    """Return the correlated parameters and the lower triangular factor of their normal correlation.

    Raises
    ------
    InputError
        When a name is unknown, a pair is given twice, a correlation lies outside -1 to 1, or the correlations
        contradict one another (their matrix is not positive definite).
    """
    names = tuple(dict.fromkeys(name for pair in correlations for name in pair[:2]))
    raise_if_any(_pair_problems(marginals, correlations), InputError)
    matrix = np.eye(len(names))
    for one, other, rank in correlations:
        i, j = names.index(one), names.index(other)
        matrix[i, j] = matrix[j, i] = 2.0 * np.sin(np.pi * rank / 6.0)
    try:
        factor = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        rule, remedy = "the correlations contradict one another", "bring them nearer to zero"
        text = ", ".join(f"{one}/{other} {rank:g}" for one, other, rank in correlations)
        raise InputError(
            "", (Problem(file="sampling", key="correlations", value=text, rule=rule, remedy=remedy),)
        ) from None
    return names, factor


def _pair_problems(marginals: Marginals, correlations: tuple[tuple[str, str, float], ...]) -> list[Problem]:
    found = []
    seen: set[frozenset[str]] = set()
    for one, other, rank in correlations:
        pair, text = frozenset((one, other)), f"{one}/{other} {rank:g}"
        for name in (one, other):
            if name not in marginals.names:
                remedy = suggestion(name, marginals.names)
                rule = "there is no such parameter"
                found.append(Problem(file="sampling", key="correlations", value=name, rule=rule, remedy=remedy))
        if not -1.0 < rank < 1.0:
            rule = "a rank correlation lies between -1 and 1"
            found.append(Problem(file="sampling", key="correlations", value=text, rule=rule))
        if len(pair) != 2 or pair in seen:
            rule = "a correlation joins two different parameters and is given once"
            found.append(Problem(file="sampling", key="correlations", value=text, rule=rule))
        seen.add(pair)
    return found
