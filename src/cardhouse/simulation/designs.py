"""Sampling designs of sensitivity analysis, run by the same machinery as any other plan.

A design says which parameter row and which news each draw gets. Like a plain sampling plan it is a function of the seed
and the draw only, so that an analysis can be stopped, resumed and spread over workers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem, raise_if_any
from cardhouse.basics.streams import joint_draws
from cardhouse.simulation.marginals import Marginals
from cardhouse.simulation.sampling import SamplingPlan, sobol_points

NEWS_GROUP = "news"


class Design(Protocol):
    """What the machinery asks of a sampling plan or design."""

    @property
    def draws(self) -> int:
        """Number of draws."""

    @property
    def seed(self) -> int:
        """Seed of everything random."""

    @property
    def scheme(self) -> str:
        """Name of the kind of sampling."""

    @property
    def news_per_row(self) -> int:
        """How many draws in a row share a parameter row."""

    def news_ids(self, draws: IntArray) -> IntArray:
        """Return the number of the news stream of each draw."""

    def parameters(self, marginals: Marginals, start: int, stop: int) -> FloatArray:
        """Return the parameter rows of draws ``start`` to ``stop - 1``."""


@dataclass(frozen=True, kw_only=True)
class ScreeningDesign:
    """Trajectories that change one parameter at a time (Morris 1991, section 3): ``k + 1`` draws each.

    All draws of a trajectory have the same news, so that a difference between two neighbours is due to one parameter.

    Parameters
    ----------
    trajectories : int
    names : tuple of str
        The parameters that are changed; others keep their central value.
    seed : int

    Examples
    --------
    >>> design = ScreeningDesign(trajectories=4, names=("a", "b"), seed=1)
    >>> design.draws, design.news_ids(np.arange(6))
    (12, array([0, 0, 0, 1, 1, 1]))
    """

    trajectories: int
    names: tuple[str, ...]
    seed: int = 0

    LEVELS = 4

    def __post_init__(self) -> None:
        """Refuse an empty design."""
        rules = [
            ("trajectories", self.trajectories, self.trajectories >= 1, "there is at least one trajectory"),
            ("seed", self.seed, 0 <= self.seed < 2**63, "a seed is a whole number from 0 to 2^63 - 1"),
            ("names", "none", bool(self.names), "at least one parameter is uncertain"),
        ]
        raise_if_any([_problem(key, value, rule) for key, value, good, rule in rules if not good], InputError)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.trajectories * self.length

    @property
    def length(self) -> int:
        """Draws of one trajectory."""
        return len(self.names) + 1

    @property
    def scheme(self) -> str:
        """Name of the kind of sampling."""
        return "screening"

    @property
    def news_per_row(self) -> int:
        """Every draw has a parameter row of its own."""
        return 1

    @property
    def step(self) -> float:
        """Step of a parameter, as a share of its prior's probability."""
        return self.LEVELS / (2.0 * (self.LEVELS - 1.0))

    def news_ids(self, draws: IntArray) -> IntArray:
        """Return the number of the news stream of each draw: that of its trajectory."""
        return draws // self.length

    def parameters(self, marginals: Marginals, start: int, stop: int) -> FloatArray:
        """Return the parameter rows of draws ``start`` to ``stop - 1``."""
        first, last = start // self.length, (stop - 1) // self.length
        points = np.concatenate([self.trajectory(number)[0] for number in range(first, last + 1)])
        points = points[start - first * self.length : stop - first * self.length]
        values = np.repeat(marginals.value[None, :], stop - start, axis=0)
        columns = [marginals.index(name) for name in self.names]
        uniform = np.full(values.shape, 0.5)
        uniform[:, columns] = points
        values[:, columns] = marginals.at(uniform)[:, columns]
        return values

    def trajectory(self, number: int) -> tuple[FloatArray, IntArray]:
        """Return the points of a trajectory, and which parameter each step after the first point changes."""
        random = np.random.default_rng([self.seed, number])
        size = len(self.names)
        half = self.LEVELS // 2
        start = random.integers(0, half, size) / (self.LEVELS - 1.0)
        rising = random.random(size) < 0.5
        order = random.permutation(size)
        points = np.empty((size + 1, size))
        points[0] = np.where(rising, start, start + self.step)
        for position, column in enumerate(order):
            points[position + 1] = points[position]
            points[position + 1, column] += self.step if rising[column] else -self.step
        return np.clip(points, 0.0, 1.0), order.astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class GroupDesign:
    """Two independent samples A and B, and for each group a copy of A with that group's columns from B.

    The blocks follow one another: A, B, then one per group, the news last (Saltelli and others 2010, table 2). From
    them come first-order and total Sobol' indices of groups of parameters and of the news.

    Parameters
    ----------
    base : int
        Draws per block, a power of two.
    groups : tuple of (str, tuple of str)
        Name of each group and its parameters. Parameters in no group keep their central value.
    seed : int
    opening_in : str
        Group that the ranges of opening figures belong to; the news when empty.

    Examples
    --------
    >>> design = GroupDesign(base=4, groups=(("data", ("a",)), ("assumptions", ("b",))), seed=1)
    >>> design.draws, design.blocks
    (20, ('A', 'B', 'data', 'assumptions', 'news'))
    >>> design.news_ids(np.array([0, 4, 8, 16]))
    array([0, 4, 0, 4])
    """

    base: int
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    seed: int = 0
    opening_in: str = ""

    def __post_init__(self) -> None:
        """Refuse an impossible design."""
        names = [name for _, members in self.groups for name in members]
        rules = [
            ("draws", self.base, self.base >= 2 and self.base & (self.base - 1) == 0, "a block has 2, 4, 8… draws"),
            ("seed", self.seed, 0 <= self.seed < 2**63, "a seed is a whole number from 0 to 2^63 - 1"),
            ("groups", names, len(set(names)) == len(names), "a parameter is in one group only"),
            ("opening_in", self.opening_in, self.opening_in in ("", *dict(self.groups)), "it is one of the groups"),
        ]
        raise_if_any([_problem(key, value, rule) for key, value, good, rule in rules if not good], InputError)

    @property
    def blocks(self) -> tuple[str, ...]:
        """Names of the blocks in order."""
        return ("A", "B", *(name for name, _ in self.groups), NEWS_GROUP)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.base * len(self.blocks)

    @property
    def scheme(self) -> str:
        """Name of the kind of sampling."""
        return "groups"

    @property
    def news_per_row(self) -> int:
        """Every draw has a parameter row of its own."""
        return 1

    def news_ids(self, draws: IntArray) -> IntArray:
        """Return the numbers of the random streams: those of A, but of B in block B and in the block of the group."""
        block, row = draws // self.base, draws % self.base
        names = np.array(self.blocks)[block]
        news: IntArray = row + self.base * ((names == "B") | (block == len(self.blocks) - 1))
        if not self.opening_in:
            return news
        opening = row + self.base * ((names == "B") | (names == self.opening_in))
        return joint_draws(news, opening)

    def parameters(self, marginals: Marginals, start: int, stop: int) -> FloatArray:
        """Return the parameter rows of draws ``start`` to ``stop - 1``."""
        parts = []
        for block in range(start // self.base, (stop - 1) // self.base + 1):
            first = max(start - block * self.base, 0)
            last = min(stop - block * self.base, self.base)
            parts.append(self._rows(marginals, block, first, last))
        return np.concatenate(parts)

    def _rows(self, marginals: Marginals, block: int, first: int, last: int) -> FloatArray:
        size = len(marginals.names)
        both = sobol_points(2 * size, self.seed, first, last)
        points = both[:, size:] if block == 1 else both[:, :size]
        if 2 <= block < len(self.blocks) - 1:
            columns = [marginals.index(name) for name in self.groups[block - 2][1]]
            points[:, columns] = both[:, [size + column for column in columns]]
        values = marginals.at(points)
        member = {name for _, members in self.groups for name in members}
        for column, name in enumerate(marginals.names):
            if name not in member:
                values[:, column] = marginals.value[column]
        return values


def _problem(key: str, value: object, rule: str) -> Problem:
    return Problem(file="sampling", key=key, value=str(value), rule=rule)


_KINDS: dict[str, type[SamplingPlan | ScreeningDesign | GroupDesign]] = {
    kind.__name__: kind for kind in (SamplingPlan, ScreeningDesign, GroupDesign)
}


def design_record(design: Design) -> dict[str, Any]:
    """Write a design as plain values for a manifest; every record has ``draws``, ``seed``, ``scheme`` and more.

    >>> design_record(SamplingPlan(draws=5))["kind"]
    'SamplingPlan'
    """
    if not isinstance(design, SamplingPlan | ScreeningDesign | GroupDesign):
        msg = f"a {type(design).__name__} cannot be written into a manifest"
        raise TypeError(msg)
    fields = asdict(design)
    derived = {"draws": design.draws, "scheme": design.scheme, "news_per_row": design.news_per_row}
    return {"kind": type(design).__name__, **derived, **{key: _plain(value) for key, value in fields.items()}}


def design_from(record: Mapping[str, Any]) -> SamplingPlan | ScreeningDesign | GroupDesign:
    """Make the design again from its record.

    >>> design = GroupDesign(base=4, groups=(("data", ("a",)),))
    >>> design_from(design_record(design)) == design
    True
    """
    kind = _KINDS[record["kind"]]
    # a run of an earlier version lacks what came later; its default is what it had
    return kind(**{name: _frozen(record[name]) for name in kind.__dataclass_fields__ if name in record})


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
