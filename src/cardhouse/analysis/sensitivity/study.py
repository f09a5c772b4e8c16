"""A sensitivity study of one request: the two runs it needs, and what they say together."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from cardhouse.analysis.experiment import Experiment
from cardhouse.analysis.sensitivity.groups import GroupIndex, group_indices
from cardhouse.analysis.sensitivity.outcomes import OUTCOMES, needed_variables
from cardhouse.analysis.sensitivity.screening import Effect, agreement, screen, screen_halves
from cardhouse.simulation.designs import GroupDesign, ScreeningDesign
from cardhouse.simulation.manifest import RunPlan
from cardhouse.simulation.model_world import marginals_of
from cardhouse.simulation.results import Run

DATA_BASES = ("reported", "derived", "guided", "estimated")
DATA, ASSUMPTIONS = "data ranges", "assumptions"


@dataclass(frozen=True, kw_only=True)
class Study:
    """What a sensitivity study says.

    Parameters
    ----------
    effects : tuple of Effect
        Single parameters, largest first within each outcome.
    agreement : mapping of str to float
        Per outcome, the rank correlation between the screening by the first half of the trajectories and by the second.
    indices : tuple of GroupIndex
        Groups, for growing samples; the largest sample is the answer, the others show convergence.
    failed_draws : int
        Draws with a bad result code, left out.
    """

    effects: tuple[Effect, ...]
    agreement: dict[str, float]
    indices: tuple[GroupIndex, ...]
    failed_draws: int

    def to_json(self) -> dict[str, Any]:
        """Return the study as plain values; an unknown number is null."""
        return {
            "outcomes": [{"name": item.name, "unit": item.unit, "meaning": item.meaning} for item in OUTCOMES],
            "effects": [_plain(asdict(effect)) for effect in self.effects],
            "agreement_of_halves": _plain(self.agreement),
            "groups": [_plain(asdict(index)) for index in self.indices],
            "failed_draws": self.failed_draws,
        }


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and not np.isfinite(value) else value for key, value in record.items()
    }


def screening_plan(experiment: Experiment, trajectories: int) -> RunPlan:
    """Plan the run that changes one uncertain parameter at a time."""
    marginals = marginals_of(experiment.priors)
    names = tuple(name for name, free in zip(marginals.names, marginals.uncertain, strict=True) if free)
    design = ScreeningDesign(trajectories=trajectories, names=names, seed=experiment.request.seed)
    return _named(replace(experiment.plan(design, needed_variables()), keep="draws"), "screening")


def groups_plan(experiment: Experiment, base: int) -> RunPlan:
    """Plan the run that tells data ranges, assumptions and news apart.

    The ranges of opening figures are ranges of data.
    """
    marginals = marginals_of(experiment.priors)
    free = [
        (name, basis)
        for name, basis, varies in zip(marginals.names, marginals.group, marginals.uncertain, strict=True)
        if varies
    ]
    groups = (
        (DATA, tuple(name for name, basis in free if basis in DATA_BASES)),
        (ASSUMPTIONS, tuple(name for name, basis in free if basis not in DATA_BASES)),
    )
    design = GroupDesign(base=base, groups=groups, seed=experiment.request.seed, opening_in=DATA)
    return _named(replace(experiment.plan(design, needed_variables()), keep="draws"), "groups")


def _named(plan: RunPlan, kind: str) -> RunPlan:
    return replace(plan, labels={**plan.labels, "scenario": f"{plan.labels['scenario']}-{kind}", "design": kind})


def study_of(screening: Run, groups: Run) -> Study:
    """Put the two runs of a study together."""
    first, second = screen_halves(screening)
    return Study(
        effects=screen(screening),
        agreement={outcome.name: agreement(first, second, outcome.name) for outcome in OUTCOMES},
        indices=group_indices(groups),
        failed_draws=int((~screening.good).sum() + (~groups.good).sum()),
    )
