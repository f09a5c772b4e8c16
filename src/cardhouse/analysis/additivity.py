"""Do losses add up? The same draws without a shock, under each scenario alone, and under all of them together.

    excess = [loss(A and B) - loss(none)] - [loss(A) - loss(none)] - [loss(B) - loss(none)]

taken draw by draw, since all runs share parameters and news. Above zero the whole is more than the sum of its parts:
one shock uses up what would have absorbed the other. Below zero they hit the same firms, which can fail only once. The
sign is not assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cardhouse.analysis.counterfactual import Effect, paired_effect
from cardhouse.analysis.experiment import Experiment
from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.model.result_codes import ResultCode
from cardhouse.model.setup import build_setup
from cardhouse.model.simulate import run_draws
from cardhouse.scenarios.catalogue import load_scenario
from cardhouse.scenarios.scenario import Scenario
from cardhouse.simulation.model_world import marginals_of

Progress = Callable[[str], None]
Results = Mapping[str, AnyArray]
NONE, ALL = "none", "together"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """One kind of loss: name for programs, words, unit, and one number per draw from the results of a run."""

    key: str
    words: str
    unit: str
    values: Callable[[Results], FloatArray]


def _at_end(name: str) -> Callable[[Results], FloatArray]:
    return lambda found: np.nansum(np.asarray(found[name], dtype=float)[:, -1, :], axis=1)


LOSSES: tuple[Loss, ...] = (
    Loss(
        key="defaults",
        words="firms that default",
        unit="firms",
        values=lambda found: np.asarray(found["defaults_count"], dtype=float),
    ),
    Loss(
        key="claims_unpaid",
        words="claims never paid",
        unit="USD bn",
        values=lambda found: np.nansum(np.asarray(found["claims_unpaid"], dtype=float), axis=1),
    ),
    Loss(key="credit_loss", words="losses on credit, all lenders", unit="USD bn", values=_at_end("credit_loss")),
    Loss(key="equity_loss", words="losses on shares, all holders", unit="USD bn", values=_at_end("equity_loss")),
    Loss(
        key="output_loss",
        words="output lost, largest gap of a quarter",
        unit="% of GDP",
        values=lambda found: -100.0 * np.asarray(found["gdp_gap"], dtype=float).min(axis=1),
    ),
)
"""Losses that are compared; each is larger when things are worse."""
_KEPT = ("result_code", "defaults_count", "claims_unpaid", "credit_loss", "equity_loss", "gdp_gap")


@dataclass(frozen=True, kw_only=True)
class Sum:
    """One kind of loss under the parts and under the whole.

    Parameters
    ----------
    key, words, unit : str
        Which loss.
    parts : dict of str to Effect
        Each scenario alone, less the run without a shock.
    together : Effect
        All scenarios at once, less the run without a shock.
    excess : Effect
        The whole less the sum of the parts.
    """

    key: str
    words: str
    unit: str
    parts: Mapping[str, Effect]
    together: Effect
    excess: Effect


@dataclass(frozen=True, kw_only=True)
class Additivity:
    """The comparison.

    Parameters
    ----------
    scenarios : tuple of str
        The parts.
    draws, dropped, quarters : int
        Draws that ended well in every run, those left out, and their length.
    sums : tuple of Sum
        One per kind of loss.
    """

    scenarios: tuple[str, ...]
    draws: int
    dropped: int
    quarters: int
    sums: tuple[Sum, ...]

    def sentence(self) -> str:
        """Say the result in one sentence, in the direction that came out."""
        parts = [f"{line.words}: {_clause(line.excess, line.unit)}" for line in self.sums]
        return f"{' and '.join(self.scenarios)} together against the sum of each alone: {'; '.join(parts)}."


def _clause(effect: Effect, unit: str) -> str:
    size = f"{effect.mean:+,.2f} {unit} ({effect.low:+,.2f} to {effect.high:+,.2f})"
    if not effect.is_clear:
        return f"no clear difference, {size}"
    return f"{'more' if effect.mean > 0 else 'less'} than the sum, {size}"


def parts_of(experiment: Experiment) -> tuple[Scenario, ...]:
    """Return the scenarios whose losses are added: those asked for, or what a single one is made of.

    Raises
    ------
    InputError
        When there is only one part.
    """
    chosen = experiment.scenarios
    if len(chosen) == 1 and len(chosen[0].includes) > 1:
        chosen = taken_apart(chosen[0])
    if len(chosen) < 2:
        rule = "losses of at least two scenarios are added"
        remedy = "name two or more, or one that is made of others, for example SIMUL"
        raise InputError("", (Problem(file="together", rule=rule, remedy=remedy),))
    return chosen


def taken_apart(scenario: Scenario) -> tuple[Scenario, ...]:
    """Return the scenarios that one is made of, with their shocks at the time at which it takes them in.

    >>> [part.id for part in taken_apart(load_scenario("SIMUL"))]
    ['ORACLE', 'WALL', 'LABFAIL']
    """
    parts = [load_scenario(name) for name in scenario.includes]
    # its own shocks come first, then those of each included scenario in order
    place = len(scenario.shocks) - sum(len(part.shocks) for part in parts)
    found = [replace(scenario, shocks=scenario.shocks[:place], includes=())] if place else []
    for part in parts:
        found.append(replace(part, shocks=scenario.shocks[place : place + len(part.shocks)]))
        place += len(part.shocks)
    return tuple(found)


def add_up(experiment: Experiment, progress: Progress = lambda _: None, chunk: int = 250) -> Additivity:
    """Run the parts and the whole on the same draws, and compare.

    Parameters
    ----------
    experiment : Experiment
        Case, priors, scenarios, gates and number of draws.
    progress : callable
        Told the name of each run before it begins.
    chunk : int
        Draws computed at once; results do not depend on it.
    """
    parts = parts_of(experiment)
    runs: dict[str, Sequence[Scenario]] = {NONE: (), **{part.id: (part,) for part in parts}, ALL: parts}
    if len(runs) < len(parts) + 2:
        rule, remedy = "each scenario is named once", "leave out the second"
        raise InputError("", (Problem(file="together", rule=rule, remedy=remedy),))
    found = {}
    for name, scenarios in runs.items():
        progress(name)
        found[name] = _run(replace(experiment, scenarios=tuple(scenarios)), chunk)
    well = np.logical_and.reduce([results["result_code"] == int(ResultCode.OK) for results in found.values()])
    names = [part.id for part in parts]
    sums = []
    for loss in LOSSES:
        values = {name: loss.values(results)[well] for name, results in found.items()}
        sums.append(_sum(loss, values, names))
    return Additivity(
        scenarios=tuple(names),
        draws=int(well.sum()),
        dropped=int((~well).sum()),
        quarters=experiment.request.quarters,
        sums=tuple(sums),
    )


def _sum(loss: Loss, values: Mapping[str, FloatArray], names: Sequence[str]) -> Sum:
    none, whole = values[NONE], values[ALL]
    by_parts = np.sum([values[name] - none for name in names], axis=0)
    return Sum(
        key=loss.key,
        words=loss.words,
        unit=loss.unit,
        parts={name: paired_effect(values[name], none) for name in names},
        together=paired_effect(whole, none),
        excess=paired_effect(whole - none, by_parts),
    )


def _run(experiment: Experiment, chunk: int) -> dict[str, AnyArray]:
    request = experiment.request
    switched = dict.fromkeys(request.off, False)
    snapshot = experiment.case.snapshot
    setup = build_setup(snapshot, experiment.priors, experiment.paths(), request.quarters, request.seed, switched)
    sampling, marginals = request.sampling, marginals_of(experiment.priors)
    pieces: dict[str, list[AnyArray]] = {name: [] for name in _KEPT}
    for start in range(0, request.draws, chunk):
        stop = min(start + chunk, request.draws)
        news = sampling.news_ids(np.arange(start, stop))
        results = run_draws(setup, sampling.parameters(marginals, start, stop), news)
        for name in _KEPT:
            pieces[name].append(results[name])
    return {name: np.concatenate(found) for name, found in pieces.items()}


def to_plain(found: Additivity) -> dict[str, Any]:
    """Return the comparison as plain values for JSON; an effect without a number is null."""
    return {
        "scenarios": list(found.scenarios),
        "draws": found.draws,
        "draws_dropped": found.dropped,
        "quarters": found.quarters,
        "sentence": found.sentence(),
        "losses": {
            line.key: {
                "meaning": line.words,
                "unit": line.unit,
                "parts": {name: _plain(effect) for name, effect in line.parts.items()},
                "together": _plain(line.together),
                "excess": _plain(line.excess),
            }
            for line in found.sums
        },
    }


def _plain(effect: Effect) -> dict[str, float | None]:
    keys = ("mean", "low", "high", "share_up", "share_down")
    values = {key: float(getattr(effect, key)) for key in keys}
    return {key: value if np.isfinite(value) else None for key, value in values.items()}
