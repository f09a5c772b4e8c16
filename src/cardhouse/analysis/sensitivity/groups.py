"""Variance shares: which part of the spread of an outcome is due to data ranges, to assumptions, and to news.

First-order and total Sobol' indices of groups by ``scipy.stats.sobol_indices`` (estimators of Saltelli and others
2010), with bootstrap intervals, and with the first half, quarter and eighth of the sample beside the whole to show
convergence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cardhouse.analysis.sensitivity.outcomes import OUTCOMES, Outcome
from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import ModelError
from cardhouse.simulation.designs import GroupDesign
from cardhouse.simulation.results import Run

CONFIDENCE = 0.9
RESAMPLES = 200
SMALLEST = 16
FEWEST_MOVED = 10
"""Variance is shared out from so many rows on in which the outcome is not the usual one: with fewer, shares beside and
above one come out, and resamples in which nothing moves."""


@dataclass(frozen=True, kw_only=True)
class GroupIndex:
    """The part of one outcome's variance that one group explains.

    Parameters
    ----------
    group, outcome : str
    first, total : float
        Share explained by the group alone, and by the group with all its interactions. NaN when the outcome hardly
        varies.
    first_low, first_high, total_low, total_high : float
        Bootstrap interval.
    draws : int
        Rows of A and B used.
    moved : int
        Rows in which the outcome is not its most frequent value.
    """

    group: str
    outcome: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float
    draws: int
    moved: int


def group_indices(run: Run, outcomes: tuple[Outcome, ...] = OUTCOMES) -> tuple[GroupIndex, ...]:
    """Compute indices of every group and outcome, for growing parts of the sample; the last ones use all of it.

    Raises
    ------
    ModelError
        When the run was not made by a group design, or too few rows ended well in every block.
    """
    design = run.sampling
    if not isinstance(design, GroupDesign):
        raise ModelError("this run is not a design of groups; make one with: cardhouse sensitivity")
    if not run.complete:
        raise ModelError(f"the run has {run.draws.size:,} of {design.draws:,} draws; resume it")
    blocks = len(design.blocks)
    rows = np.flatnonzero(run.good.reshape(blocks, design.base).all(axis=0))
    usable = _power_of_two(rows.size)
    if usable < SMALLEST:
        raise ModelError(f"only {rows.size} rows ended well in every block; {SMALLEST} are needed")
    sizes = [usable // part for part in (8, 4, 2, 1) if usable // part >= SMALLEST]
    found: list[GroupIndex] = []
    for outcome in outcomes:
        values = outcome.of(run).reshape(blocks, design.base)
        for size in sizes:
            found += _indices(outcome, design, values, rows[:size])
    return tuple(found)


def moved_rows(table: FloatArray) -> int:
    """Count the rows in which an outcome is not its most frequent value, up to rounding.

    Parameters
    ----------
    table : array, shape (sample, row)

    Examples
    --------
    >>> moved_rows(np.array([[0.0, 0.0, 3.0], [0.0, 0.0, 0.0]])), moved_rows(np.array([[1.0, 2.0], [3.0, 4.0]]))
    (1, 2)
    """
    values, counts = np.unique(table, return_counts=True)
    away = np.abs(table - values[np.argmax(counts)]) > 1e-12 * max(1.0, float(np.abs(table).max()))
    return int(away.any(axis=0).sum())


def _power_of_two(count: int) -> int:
    return 1 << (count.bit_length() - 1) if count else 0


def _indices(outcome: Outcome, design: GroupDesign, values: FloatArray, rows: IntArray) -> list[GroupIndex]:
    from scipy.stats import sobol_indices

    names = design.blocks[2:]
    table = values[:, rows]
    moved = moved_rows(table[:2])
    if not np.isfinite(table).all() or moved < FEWEST_MOVED:
        unknown = dict.fromkeys(("first", "first_low", "first_high", "total", "total_low", "total_high"), float("nan"))
        return [GroupIndex(group=name, outcome=outcome.name, draws=rows.size, moved=moved, **unknown) for name in names]
    functions: Mapping[Literal["f_A", "f_B", "f_AB"], FloatArray] = {
        "f_A": table[None, 0],
        "f_B": table[None, 1],
        "f_AB": table[2:, None, :],
    }
    random = np.random.default_rng(design.seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        indices = sobol_indices(func=functions, n=rows.size, rng=random)
        bounds = indices.bootstrap(confidence_level=CONFIDENCE, n_resamples=RESAMPLES)
    first, total = (np.ravel(part) for part in (indices.first_order, indices.total_order))
    ends = [
        np.ravel(part)
        for kind in (bounds.first_order, bounds.total_order)
        for part in (kind.confidence_interval.low, kind.confidence_interval.high)
    ]
    return [
        GroupIndex(
            group=name,
            outcome=outcome.name,
            first=float(first[k]),
            first_low=float(ends[0][k]),
            first_high=float(ends[1][k]),
            total=float(total[k]),
            total_low=float(ends[2][k]),
            total_high=float(ends[3][k]),
            draws=int(rows.size),
            moved=moved,
        )
        for k, name in enumerate(names)
    ]
