"""Reverse stress: the least that breaks at least k firms, and the least adoption that breaks none.

Each axis is a scenario; a point gives the part of each that happens: 0 nothing, 1 the whole. Its length is Euclidean.
For a direction, the radius at which the criterion is first met is found by a scan and bisection; the shortest radius
over directions is found by differential evolution (Storn and Price 1997, ``scipy.optimize``) from many starts, the
single axes and the even mixture among them. Every point is computed under the same draws, and every answer is kept in a
book, so that a search that was stopped goes on without computing a point twice.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.scenarios.scenario import Scenario
from cardhouse.scenarios.shock import Shock

LARGEST_SCALE = 1.5
SCAN_STEPS = 6
BISECTIONS = 6
POPULATION = 6

Verdict = Callable[[tuple[float, ...]], float]
"""Turns the scales of all axes into the share of draws in which the criterion is met."""


def scaled(scenario: Scenario, scale: float) -> Scenario:
    """Return a scenario of which only a part, or more than the whole, happens.

    Sizes move in a straight line from neutral (0) to what the scenario says (1) and beyond, inside the limits of their
    variable. Shocks without a neutral value, such as a rule that is set, happen from one half on.

    Examples
    --------
    >>> from cardhouse.scenarios.catalogue import packaged
    >>> half = scaled(packaged("PLATEAU"), 0.5)
    >>> [(shock.variable.name, round(shock.size, 3)) for shock in half.shocks]
    [('adoption_ceiling', 0.725), ('pilot_success', 0.3), ('churn_base', 0.04)]
    """
    shocks = [_scaled(shock, scale) for shock in scenario.shocks]
    kept = tuple(shock for shock in shocks if shock is not None)
    return dataclasses.replace(scenario, shocks=kept)


def _scaled(shock: Shock, scale: float) -> Shock | None:
    variable = shock.variable
    if math.isnan(variable.neutral):
        return shock if scale >= 0.5 else None
    if scale == 0.0:
        return None

    def part(size: float) -> float:
        return min(max(variable.neutral + scale * (size - variable.neutral), variable.lower), variable.upper)

    return dataclasses.replace(shock, size=part(shock.size), values=tuple(part(value) for value in shock.values))


@dataclass(frozen=True, kw_only=True)
class Break:
    """The smallest combination found.

    Parameters
    ----------
    axes : tuple of str
        Scenario names.
    scales : tuple of float
        The part of each that happens.
    length : float
        Euclidean length of the scales.
    share : float
        Share of draws in which the criterion is met there.
    singles : tuple of float
        For each axis, the scale at which it meets the criterion alone; infinite when it does not within 1.5.
    points : int
        Points computed.
    """

    axes: tuple[str, ...]
    scales: tuple[float, ...]
    length: float
    share: float
    singles: tuple[float, ...]
    points: int


class Search:
    """Searches for the shortest point at which a criterion is met.

    Parameters
    ----------
    axes : sequence of str
        Names of the axes.
    verdict : callable
        Share of draws in which the criterion is met, for the scales of all axes.
    wanted : float
        The share that must be reached.
    """

    def __init__(self, axes: Sequence[str], verdict: Verdict, wanted: float) -> None:
        self.axes = tuple(axes)
        self.wanted = wanted
        self._verdict = verdict
        self._seen: dict[tuple[float, ...], float] = {}

    @property
    def points(self) -> int:
        """Points computed so far."""
        return len(self._seen)

    def share(self, scales: FloatArray) -> float:
        """Return the share of draws at a point; a point is computed once."""
        key = tuple(round(float(scale), 6) + 0.0 for scale in scales)
        if key not in self._seen:
            self._seen[key] = self._verdict(key)
        return self._seen[key]

    def radius(self, direction: FloatArray) -> float:
        """Return the least radius along a direction at which the criterion is met; infinite when there is none.

        The scan from the inside finds the first step at which it is met, so that a criterion that is met, lost and met
        again counts from its first time, to the width of a step.
        """
        unit = direction / max(float(np.linalg.norm(direction)), 1e-12)
        largest = LARGEST_SCALE / max(float(unit.max()), 1e-12)
        inside = 0.0
        for step in range(1, SCAN_STEPS + 1):
            outside = largest * step / SCAN_STEPS
            if self.share(outside * unit) >= self.wanted:
                return self._bisected(unit, inside, outside)
            inside = outside
        return math.inf

    def _bisected(self, unit: FloatArray, inside: float, outside: float) -> float:
        for _ in range(BISECTIONS):
            middle = 0.5 * (inside + outside)
            if self.share(middle * unit) >= self.wanted:
                outside = middle
            else:
                inside = middle
        return outside

    def shortest(self, generations: int, seed: int) -> Break:
        """Find the shortest point.

        Parameters
        ----------
        generations : int
            Generations of the evolution after the starts.
        seed : int
            Seed of the search; the same seed finds the same point.
        """
        from scipy.optimize import Bounds, differential_evolution

        size = len(self.axes)
        already = self.share(np.zeros(size))
        if already >= self.wanted:
            nothing = (0.0,) * size
            return Break(axes=self.axes, scales=nothing, length=0.0, share=already, singles=nothing, points=self.points)
        starts = self._starts(seed)
        singles = tuple(self.radius(np.eye(size)[axis]) for axis in range(size))
        best = min(starts, key=self._objective)
        if size > 1 and generations > 0:
            found = differential_evolution(
                self._objective,
                bounds=Bounds(np.zeros(size), np.ones(size)),
                init=starts,
                maxiter=generations,
                rng=np.random.default_rng(seed),
                polish=False,
                tol=0.0,
            )
            best = min((best, np.asarray(found.x)), key=self._objective)
        length = self._objective(best)
        unit = best / np.linalg.norm(best)
        reached = length < 2.0 * LARGEST_SCALE * math.sqrt(size)
        scales = unit * length if reached else np.full(size, math.inf)
        return Break(
            axes=self.axes,
            scales=tuple(float(scale) for scale in scales),
            length=length if reached else math.inf,
            share=self.share(scales) if reached else math.nan,
            singles=singles,
            points=self.points,
        )

    def _starts(self, seed: int) -> FloatArray:
        size = len(self.axes)
        random = np.random.default_rng([seed, 1])
        count = max(POPULATION * size, 5)
        spread = random.dirichlet(np.full(size, 0.7), count)
        # SciPy squeezes starts into the bounds; zero stays zero there
        return np.vstack([np.eye(size), np.full((1, size), 1.0 / size), spread])[: max(count, size + 1)]

    def _objective(self, direction: FloatArray) -> float:
        """Return the radius; for a direction without one a larger number that still tells bad from worse."""
        if not float(np.linalg.norm(direction)) > 1e-9:
            return 4.0 * LARGEST_SCALE * math.sqrt(len(self.axes))
        radius = self.radius(direction)
        if math.isfinite(radius):
            return radius
        unit = direction / np.linalg.norm(direction)
        missing = self.wanted - self.share(LARGEST_SCALE / float(unit.max()) * unit)
        return (2.0 + missing) * LARGEST_SCALE * math.sqrt(len(self.axes))


def frontier(search: Search, first: int, second: int, steps: int = 9) -> tuple[tuple[float, float], ...]:
    """Return points on the border of the criterion in the plane of two axes, where it has one."""
    found = []
    for angle in np.linspace(0.0, 0.5 * np.pi, steps):
        direction = np.zeros(len(search.axes))
        direction[first], direction[second] = math.cos(angle), math.sin(angle)
        radius = search.radius(np.clip(direction, 0.0, 1.0))
        if math.isfinite(radius):
            found.append((float(radius * direction[first]), float(radius * direction[second])))
    return tuple(found)


def least(verdict: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Return the least value between ``low`` and ``high`` from which on a share is reached, by scan from above.

    NaN when it is not reached at ``high``; ``low`` when it is reached everywhere.

    >>> round(least(lambda value: float(value > 0.7), 0.5, 0.0, 2.0), 2)
    0.7
    """
    if not 0.0 <= low < high:
        problem = Problem(file="range", value=f"{low:g} to {high:g}", rule="a range goes from low to high")
        raise InputError("", (problem,))
    if verdict(high) < wanted:
        return math.nan
    good = high
    for step in range(1, 2 * SCAN_STEPS + 1):
        value = high + (low - high) * step / (2 * SCAN_STEPS)
        if verdict(value) < wanted:
            bad = value
            break
        good = value
    else:
        return low
    for _ in range(BISECTIONS):
        middle = 0.5 * (good + bad)
        good, bad = (middle, bad) if verdict(middle) >= wanted else (good, middle)
    return good
