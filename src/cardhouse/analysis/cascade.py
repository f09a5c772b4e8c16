"""The chain of defaults of one draw, told in sentences with the equation that decided each step."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws
from cardhouse.analysis.cast import Cast
from cardhouse.analysis.defaults import ILLIQUID, SAVED
from cardhouse.analysis.records import number
from cardhouse.analysis.triggers import IN_WORDS, equation_of, meaning_of
from cardhouse.basics.arrays import AnyArray, IntArray
from cardhouse.simulation.results import Run


@dataclass(frozen=True, kw_only=True)
class Step:
    """One default in a cascade.

    Parameters
    ----------
    quarter, entity, name : str
        When and who.
    round : int
        Round of the cascade inside its quarter, from 0: a later round follows from earlier ones.
    label : str
        ``illiquid``, ``insolvent`` or empty.
    equation : str
        Identifier of the equation that decided it.
    unpaid, recovery : float, optional
        Claims on it that were never paid (USD bn) and the share of its debt recovered.
    sentence : str
        The step in words.
    """

    quarter: str
    entity: str
    name: str
    round: int
    label: str
    equation: str
    unpaid: float | None
    recovery: float | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Cascade:
    """The defaults of one draw in order, and why this draw was chosen."""

    draw: int
    why: str
    steps: tuple[Step, ...]


def typical_cascade(run: Run, cast: Cast) -> Cascade | None:
    """Tell the cascade of the draw nearest to the middle of all draws with a default; None when none has one.

    Nearest means: smallest sum of the distances of its number of defaults and of its first quarter from their medians,
    each in units of their spread; of several the one with the lowest number.
    """
    quarters = good_draws(run, "default_quarter")
    count = (quarters >= 0).sum(axis=1)
    struck = np.flatnonzero(count > 0)
    if struck.size == 0:
        return None
    first = np.where(quarters >= 0, quarters, 1 << 30).min(axis=1)
    distance = _distance(count[struck]) + _distance(first[struck])
    place = int(struck[int(np.argmin(distance))])
    draw = int(run.draws[run.good][place])
    why = (
        f"Draw {draw} lies nearest to the middle of the {struck.size} draws with a default, "
        f"by number of defaults and by the quarter of the first one."
    )
    if struck.size == 1:
        why = f"Draw {draw} is the only one with a default."
    return Cascade(draw=draw, why=why, steps=_steps(run, cast, place))


def _distance(values: IntArray) -> AnyArray:
    spread = float(values.std()) or 1.0
    return np.abs(values - np.median(values)) / spread


def _steps(run: Run, cast: Cast, place: int) -> tuple[Step, ...]:
    quarters = good_draws(run, "default_quarter")[place]
    rounds = good_draws(run, "default_round")[place] if has_draws(run, "default_round") else np.zeros_like(quarters)
    labels = good_draws(run, "default_label")[place]
    triggers = good_draws(run, "default_trigger")[place]
    unpaid = _row(run, "claims_unpaid", place, len(quarters))
    recovery = _row(run, "recovery_rate", place, len(quarters))
    order = sorted(np.flatnonzero(quarters >= 0), key=lambda k: (int(quarters[k]), int(rounds[k]), cast.ids[k]))
    steps: list[Step] = []
    for k in order:
        label = {ILLIQUID: "illiquid", 2: "insolvent"}.get(int(labels[k]), "")
        steps.append(
            Step(
                quarter=run.coordinates["quarter"][int(quarters[k])],
                entity=cast.ids[k],
                name=cast.members[k].name,
                round=max(int(rounds[k]), 0),
                label=label,
                equation=equation_of(int(triggers[k])),
                unpaid=number(unpaid[k]),
                recovery=number(recovery[k]),
                sentence=_sentence(steps, cast.members[k].name, int(triggers[k]), label),
            )
        )
    return tuple(_with_amounts(step, before) for step, before in zip(steps, [None, *steps[:-1]], strict=True))


def _row(run: Run, name: str, place: int, size: int) -> AnyArray:
    return good_draws(run, name)[place] if has_draws(run, name) else np.full(size, np.nan)


def _sentence(before: list[Step], name: str, code: int, label: str) -> str:
    equation, meaning = equation_of(code), meaning_of(code)
    cause = f", {meaning}" if equation in IN_WORDS else f", decided by: {meaning}" if meaning else ""
    cause += f" ({equation})" if equation else ""
    verdict = {
        "illiquid": f"It would have survived the quarter {SAVED}.",
        "insolvent": f"It would have failed even {SAVED}.",
    }.get(label, "")
    start = f"{'Default' if before else 'First default'}: {name.split(' (', 1)[0]}{cause}."
    return f"{start} {verdict}".strip()


def _with_amounts(step: Step, before: Step | None) -> Step:
    parts = []
    if before is not None and before.quarter == step.quarter and step.round > before.round:
        parts.append(f"In consequence, in round {step.round + 1} of the same quarter.")
    parts.append(step.sentence)
    if step.unpaid is not None and step.unpaid > 0.05:
        parts.append(f"Claims of USD {step.unpaid:,.1f} bn are never paid.")
    if step.recovery is not None:
        parts.append(f"Creditors recover {step.recovery * 100:.0f} % of its debt.")
    return dataclasses.replace(step, sentence=" ".join(parts))
