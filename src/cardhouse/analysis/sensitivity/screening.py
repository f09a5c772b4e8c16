"""Screening: the elementary effects of single parameters on the outcomes (Morris 1991; Campolongo and others 2007)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.sensitivity.outcomes import OUTCOMES, Outcome
from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray
from cardhouse.basics.errors import ModelError
from cardhouse.simulation.designs import ScreeningDesign
from cardhouse.simulation.results import Run

HALVES = 2


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The effect of one parameter on one outcome.

    Parameters
    ----------
    parameter, outcome, unit : str
    size : float
        Mean absolute elementary effect (Campolongo's mu*): change of the outcome when the parameter crosses its whole
        prior. NaN when no trajectory could tell.
    mean : float
        Mean signed effect; far smaller than ``size`` when the sign depends on the other parameters.
    spread : float
        Standard deviation of the effect over trajectories: interaction and curvature.
    error : float
        Standard error of ``size``.
    trajectories : int
        Trajectories that could tell.
    """

    parameter: str
    outcome: str
    unit: str
    size: float
    mean: float
    spread: float
    error: float
    trajectories: int


def screen(run: Run, outcomes: tuple[Outcome, ...] = OUTCOMES) -> tuple[Effect, ...]:
    """Compute the elementary effects of a screening run, largest first within each outcome.

    Raises
    ------
    ModelError
        When the run was not made by a screening design, or has no whole trajectory.
    """
    found: list[Effect] = []
    for outcome, design, effects in _tables(run, outcomes):
        found += _ranked(outcome, design, effects)
    return tuple(found)


def screen_halves(run: Run, outcomes: tuple[Outcome, ...] = OUTCOMES) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """Compute the effects from the even and from the odd trajectories alone, to see whether they agree."""
    halves: tuple[list[Effect], list[Effect]] = ([], [])
    for outcome, design, effects in _tables(run, outcomes):
        for start, half in enumerate(halves):
            half.extend(_ranked(outcome, design, effects[start::HALVES]))
    return tuple(halves[0]), tuple(halves[1])


def _tables(run: Run, outcomes: tuple[Outcome, ...]) -> Iterator[tuple[Outcome, ScreeningDesign, FloatArray]]:
    design = run.sampling
    if not isinstance(design, ScreeningDesign):
        raise ModelError("this run is not a screening; make one with: cardhouse sensitivity")
    whole = run.draws.size // design.length
    if whole == 0:
        raise ModelError(f"a trajectory has {design.length} draws and the run only {run.draws.size}; resume it")
    shape = (whole, design.length)
    good = run.good[: whole * design.length].reshape(shape)
    for outcome in outcomes:
        values = outcome.of(run)[: whole * design.length].reshape(shape)
        yield outcome, design, elementary_effects(design, values, good)


def elementary_effects(design: ScreeningDesign, values: FloatArray, good: BoolArray) -> FloatArray:
    """Return effects per trajectory and parameter, in units of the outcome per whole prior.

    Parameters
    ----------
    design : ScreeningDesign
    values : array, shape (trajectory, point)
    good : array of bool, shape (trajectory, point)
        Which draws ended well; a step with a bad end has no effect to tell.

    Returns
    -------
    array, shape (trajectory, parameter)
        NaN where unknown.
    """
    effects = np.full((values.shape[0], len(design.names)), np.nan)
    for number in range(values.shape[0]):
        points, order = design.trajectory(number)
        for position, column in enumerate(order):
            if good[number, position] and good[number, position + 1]:
                rise = values[number, position + 1] - values[number, position]
                effects[number, column] = rise / (points[position + 1, column] - points[position, column])
    return effects


def _ranked(outcome: Outcome, design: ScreeningDesign, effects: FloatArray) -> list[Effect]:
    found = [
        _effect(outcome, name, effects[np.isfinite(effects[:, column]), column])
        for column, name in enumerate(design.names)
    ]
    return sorted(found, key=lambda effect: (-np.nan_to_num(effect.size), effect.parameter))


def _effect(outcome: Outcome, name: str, effects: AnyArray) -> Effect:
    count = effects.size
    spread = float(effects.std(ddof=1)) if count > 1 else float("nan")
    error = float(np.abs(effects).std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")
    return Effect(
        parameter=name,
        outcome=outcome.name,
        unit=outcome.unit,
        size=float(np.abs(effects).mean()) if count else float("nan"),
        mean=float(effects.mean()) if count else float("nan"),
        spread=spread,
        error=error,
        trajectories=int(count),
    )


def agreement(first: tuple[Effect, ...], second: tuple[Effect, ...], outcome: str) -> float:
    """Return the rank correlation of two screenings of one outcome: near 1 when more trajectories change nothing."""
    from scipy.stats import spearmanr

    sizes = [
        {effect.parameter: effect.size for effect in part if effect.outcome == outcome} for part in (first, second)
    ]
    names = sorted(name for name in sizes[0] if np.isfinite(sizes[0][name]) and np.isfinite(sizes[1].get(name, np.nan)))
    one, other = ([size[name] for name in names] for size in sizes)
    if len(names) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(spearmanr(one, other).statistic)
