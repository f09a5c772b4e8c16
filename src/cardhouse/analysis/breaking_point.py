"""The two questions of a reverse stress test, asked of a prepared experiment."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cardhouse.analysis.answer_book import AnswerBook
from cardhouse.analysis.experiment import Experiment
from cardhouse.analysis.reverse_stress import Break, Search, Verdict, frontier, least, scaled
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError, ModelError, Problem, raise_if_any
from cardhouse.scenarios.catalogue import load_scenario
from cardhouse.scenarios.scenario import Scenario
from cardhouse.scenarios.shock import Moment, Shock
from cardhouse.scenarios.variables import VARIABLE_BY_NAME
from cardhouse.simulation.digest import code_digest, digest_of
from cardhouse.simulation.executors import Executor
from cardhouse.simulation.model_world import ModelWorld
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import run_in_memory

DEFAULT_AXES = ("PLATEAU", "RUN08", "WALL", "MONEY", "STRAT", "POWER")
ADOPTION_VARIABLES = ("adoption_ceiling", "imitation_rate")
LEAST_ADOPTION, MOST_ADOPTION = 0.2, 3.0


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked.

    Parameters
    ----------
    axes : tuple of str
        Scenarios that may happen in part.
    defaults : int
        How many firms must default, groups of others among them.
    wanted : float
        In which share of the draws.
    generations : int
        Generations of the search.
    """

    axes: tuple[str, ...] = DEFAULT_AXES
    defaults: int = 3
    wanted: float = 0.5
    generations: int = 4


@dataclass(frozen=True, kw_only=True)
class ReverseStress:
    """The answers.

    Parameters
    ----------
    question : Question
    smallest : Break
    plane : tuple of str
        The two axes of the frontier.
    frontier : tuple of (float, float)
        Points on the border in that plane.
    adoption : float
        Least factor on the ceiling and speed of adoption at which no firm defaults in the wanted share of draws.
        NaN when none up to 3 is enough; 0.2 when even that is.
    spending : tuple of float
        Median end-user spending at that factor by quarter, USD bn at an annual rate; empty when there is none.
    draws : int
        Draws behind each point.
    """

    question: Question
    smallest: Break
    plane: tuple[str, ...]
    frontier: tuple[tuple[float, float], ...]
    adoption: float
    spending: tuple[float, ...]
    draws: int

    def to_json(self) -> dict[str, Any]:
        """Return the answers as plain values; what is not reached is null."""
        record: dict[str, Any] = _plain(asdict(self))
        return {**record, "sentences": list(self.sentences())}

    def sentences(self) -> tuple[str, ...]:
        """Say both answers in plain words."""
        return (_break_sentence(self), _adoption_sentence(self))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _break_sentence(answer: ReverseStress) -> str:
    ask = answer.question
    firms = "one firm is" if ask.defaults == 1 else f"{ask.defaults} firms are"
    target = f"at least {firms} in default in {ask.wanted:.0%} of {answer.draws} draws"
    found = answer.smallest
    if not math.isfinite(found.length):
        return (
            f"No combination of {', '.join(ask.axes)} up to one and a half times their size was found so that {target}."
        )
    if found.length == 0.0:
        return f"Without any further shock {target} already."
    parts = [f"{scale:.0%} of {axis}" for axis, scale in zip(found.axes, found.scales, strict=True) if scale >= 0.005]
    return f"The smallest combination found so that {target}: {' with '.join(parts)} (length {found.length:.2f})."


def _adoption_sentence(answer: ReverseStress) -> str:
    target = f"no firm defaults in {answer.question.wanted:.0%} of {answer.draws} draws"
    if math.isnan(answer.adoption):
        return f"No adoption up to {MOST_ADOPTION:g} times the case's ceiling and speed was enough so that {target}."
    if answer.adoption <= LEAST_ADOPTION:
        return f"Even at {LEAST_ADOPTION:g} times the case's ceiling and speed of adoption {target}."
    spending = f"end users then spend USD {answer.spending[-1]:,.0f} bn a year in the last quarter"
    return f"The least adoption so that {target}: {answer.adoption:.2f} times the case's ceiling and speed; {spending}."


def reverse_stress(
    experiment: Experiment,
    question: Question,
    executor: Executor,
    book: Path | None = None,
    stop: threading.Event | None = None,
) -> ReverseStress:
    """Answer both questions; points already in the book are not computed again.

    Parameters
    ----------
    experiment : Experiment
        The case with its own scenarios, to which the axes are added; its number of draws is used for every point.
    question : Question
    executor : Executor
    book : Path, optional
        File of answers.
    stop : threading.Event, optional
        Set it to end early.

    Raises
    ------
    InputError
        With every problem of the question.
    InterruptedSearchError
        When ``stop`` is set; the book then holds every point computed so far.
    """
    raise_if_any(_problems(question), InputError)
    axes = _axes(question)
    answers = AnswerBook(book, search_subject(experiment, question))
    lab = Laboratory(experiment, executor, answers, stop or threading.Event())
    search = Search([axis.id for axis in axes], lab.break_verdict(axes, question.defaults), question.wanted)
    smallest = search.shortest(question.generations, experiment.request.seed)
    first, second = _plane(smallest)
    border = frontier(search, first, second) if len(axes) > 1 and smallest.length > 0.0 else ()
    adoption = least(lab.calm_at, question.wanted, LEAST_ADOPTION, MOST_ADOPTION)
    return ReverseStress(
        question=question,
        smallest=smallest,
        plane=(search.axes[first], search.axes[second]) if len(axes) > 1 else (),
        frontier=border,
        adoption=adoption,
        spending=() if math.isnan(adoption) else lab.spending_at(adoption),
        draws=experiment.request.draws,
    )


def search_subject(experiment: Experiment, question: Question) -> str:
    """Return the fingerprint of what the points of a search are about: the run, the axes, the defaults, the program.

    Two searches with the same subject share their points; the wanted share and the length of the search do not matter.
    """
    axes = axes_digest(_axes(question))
    return digest_of([experiment.plan().fingerprint, axes, question.defaults, code_digest()])


def _axes(question: Question) -> tuple[Scenario, ...]:
    return tuple(load_scenario(name) for name in question.axes)


def _problems(question: Question) -> list[Problem]:
    found = []
    if not question.defaults >= 1:
        rule, remedy = "at least one firm defaults", "give 1 or more"
        found.append(Problem(file="--defaults", value=str(question.defaults), rule=rule, remedy=remedy))
    if not 0.0 < question.wanted <= 1.0:
        rule, remedy = "the share of draws lies above 0 and is at most 1", "give for example 0.5"
        found.append(Problem(file="--share", value=f"{question.wanted:g}", rule=rule, remedy=remedy))
    if question.generations < 0:
        rule, remedy = "a search has 0 generations or more", "give for example 4"
        found.append(Problem(file="--generations", value=str(question.generations), rule=rule, remedy=remedy))
    return found


def axes_digest(axes: Sequence[Scenario]) -> str:
    """Hash what the axes do."""
    return digest_of([axis.shocks for axis in axes])


def _plane(smallest: Break) -> tuple[int, int]:
    """Choose the two axes of the frontier: the largest parts of the answer, then the axes that break soonest alone."""
    parts = [scale if math.isfinite(scale) else 0.0 for scale in smallest.scales]
    order = sorted(range(len(parts)), key=lambda axis: (-parts[axis], smallest.singles[axis], axis))
    return (order[0], order[1]) if len(order) > 1 else (0, 0)


class InterruptedSearchError(ModelError):
    """A search was stopped on request; the book holds what was computed."""


class Laboratory:
    """Runs the draws behind every point, under common random numbers."""

    def __init__(self, experiment: Experiment, executor: Executor, answers: AnswerBook, stop: threading.Event) -> None:
        self._experiment, self._executor, self._answers, self._stop = experiment, executor, answers, stop
        self._setup = experiment.world().setup
        self._plan = replace(experiment.plan(), keep="paths")

    def break_verdict(self, axes: Sequence[Scenario], defaults: int) -> Verdict:
        """Return the share of draws with at least so many defaults, as a function of the scales of the axes."""

        def compute(scales: tuple[float, ...]) -> float:
            parts = [scaled(axis, scale) for axis, scale in zip(axes, scales, strict=True) if scale > 0.0]
            run = self._run(parts)
            return float(np.mean(run.results("defaults_count")[run.good] >= defaults))

        return lambda scales: self._answers.ask((0.0, *scales), lambda: compute(scales))

    def calm_at(self, factor: float) -> float:
        """Return the share of draws without a named default when adoption is scaled by a factor."""

        def compute() -> float:
            run = self._run([_adoption(factor)])
            return float(np.mean(run.results("defaults_count")[run.good] == 0))

        return self._answers.ask((1.0, factor), compute)

    def spending_at(self, factor: float) -> tuple[float, ...]:
        """Return the median end-user spending by quarter, USD bn at an annual rate."""
        run = self._run([_adoption(factor)])
        path: FloatArray = 4.0 * run.summary("end_user_spending", (0.5,)).values[0]
        return tuple(float(value) for value in path)

    def _run(self, further: Sequence[Scenario]) -> Run:
        experiment = self._experiment
        paths = experiment.paths([*experiment.scenarios, *further])
        # only the shocks differ from point to point: the rest of the setup is built once
        setup = replace(
            self._setup, common=np.ascontiguousarray(paths.global_), entity=np.ascontiguousarray(paths.entity)
        )
        run = run_in_memory(replace(self._plan, world=ModelWorld(setup)), self._executor, self._stop)
        if not run.complete:
            raise InterruptedSearchError("the search was stopped; call it again to go on")
        if not run.good.any():
            raise ModelError("no draw ended well at a point of the search, so it says nothing")
        return run


def _adoption(factor: float) -> Scenario:
    """Return the scenario in which the ceiling and the speed of adoption are multiplied from the first quarter on."""
    shocks = tuple(
        Shock(
            variable=VARIABLE_BY_NAME[name],
            start=Moment(offset=0),
            shape="step",
            size=factor,
            basis="assumed",
            rationale="scaled by the search",
        )
        for name in ADOPTION_VARIABLES
    )
    title = f"adoption times {factor:g}"
    return Scenario(id="ADOPTION", title=title, kind="own", story=title, first_break="", reference="", shocks=shocks)
