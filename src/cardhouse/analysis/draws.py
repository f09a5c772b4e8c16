"""Draws to look at one by one: those of a request, or those of a stored run, made again bit for bit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.experiment import Experiment, Request, prepare
from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem, StoreError
from cardhouse.model.setup import ModelSetup
from cardhouse.model.simulate import run_draws
from cardhouse.simulation.model_world import marginals_of
from cardhouse.simulation.results import Run

ROWS_AT_ONCE = 4_096
"""So many parameter rows are made together rather than one by one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """What makes some draws: the world, and for each draw its parameters and the number of its news.

    Parameters
    ----------
    setup : ModelSetup
        The world.
    numbers : array of int, shape (draw,)
        Numbers of the draws in the run.
    rows : array, shape (draw, parameter)
        Their parameters.
    news : array of int, shape (draw,)
        Numbers of their random streams.
    """

    setup: ModelSetup
    numbers: IntArray
    rows: FloatArray
    news: IntArray

    def results(self) -> dict[str, AnyArray]:
        """Run the draws and return every result by name."""
        return run_draws(self.setup, self.rows, self.news)


def asked_draws(experiment: Experiment) -> Draws:
    """Return all draws of a request."""
    request = experiment.request
    numbers = np.arange(request.draws)
    return Draws(
        setup=experiment.world().setup,
        numbers=numbers,
        rows=request.sampling.parameters(marginals_of(experiment.priors), 0, request.draws),
        news=request.sampling.news_ids(numbers),
    )


def stored_draws(run: Run, count: int, numbers: Sequence[int] = ()) -> tuple[Experiment, Draws]:
    """Make draws of a stored run again: what it was asked, and the draws.

    Parameters
    ----------
    run : Run
        The run.
    count : int
        How many of its finished draws, from the first, when no numbers are given.
    numbers : sequence of int
        Numbers of the draws wanted.

    Raises
    ------
    InputError
        If a draw is not finished, or none is.
    StoreError
        If the draws come out otherwise than stored: the run was made from other evidence or by another version.
    """
    finished = run.draws
    if not finished.size:
        rule, remedy = "the run has no finished draw yet", "go on with: cardhouse run --resume NAME"
        raise InputError("", (Problem(file="--run", rule=rule, remedy=remedy),))
    wanted = np.asarray(numbers, dtype=np.int64) if numbers else finished[:count]
    for number in wanted:
        if number not in finished:
            rule = f"a finished draw of the run, {finished[0]} to {finished[-1]}"
            problem = Problem(file="--draw", value=str(number), rule=rule, remedy="choose another")
            raise InputError("", (problem,))
    experiment = prepare(Request.from_plain(run.manifest["request"]))
    return experiment, draws_again(run, experiment, wanted)


def draws_again(run: Run, experiment: Experiment, numbers: IntArray, *, axes: Collection[str] | None = None) -> Draws:
    """Make finished draws of a run again, and compare what they give with what it stored of them.

    Parameters
    ----------
    run : Run
    experiment : Experiment
        What the run was asked.
    numbers : array of int, shape (draw,)
        Numbers of finished draws, rising.
    axes : collection of str, optional
        Axes that a result may have to be compared; by default all but the quarter. A run of a million draws has few
        results without any axis, and many more with one.

    Raises
    ------
    StoreError
        If the draws come out otherwise than stored: the run was made from other evidence or by another version.
    """
    places = np.searchsorted(run.draws, numbers)
    rows = _rows(run, places)
    draws = Draws(setup=experiment.world().setup, numbers=numbers, rows=rows, news=run.sampling.news_ids(numbers))
    found = draws.results()
    for name, item in run.variables.items():
        if item.sketched or "quarter" in item.dims or name not in found:
            continue
        if axes is not None and not set(item.dims) <= set(axes):
            continue
        stored = run.results(name)[places]
        same = np.array_equal(stored, found[name].astype(stored.dtype), equal_nan=stored.dtype.kind == "f")
        if not same:
            rule = f"its draws cannot be made again here: '{name}' comes out otherwise than stored"
            remedy = "the run was made from other evidence or by another version; run it again"
            raise StoreError("", (Problem(file=str(run.manifest.get("fingerprint", "run")), rule=rule, remedy=remedy),))
    return draws


def _rows(run: Run, places: IntArray) -> FloatArray:
    """Return the parameter rows of some draws: all between them at once where that is little, else one by one."""
    first, last = int(places[0]), int(places[-1])
    if last - first < ROWS_AT_ONCE or run.sampling.scheme == "latin":
        return run.parameters_between(first, last + 1)[places - first]
    return np.concatenate([run.parameters_between(int(k), int(k) + 1) for k in places])
