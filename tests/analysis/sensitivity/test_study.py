from __future__ import annotations

import json

import pytest

from cardhouse.analysis.experiment import Experiment, Request, prepare
from cardhouse.analysis.sensitivity.outcomes import OUTCOMES
from cardhouse.analysis.sensitivity.study import ASSUMPTIONS, DATA, groups_plan, screening_plan, study_of
from cardhouse.simulation.run import run_in_memory


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return prepare(Request(quarters=4))


def test_every_uncertain_parameter_is_screened_and_in_one_group(experiment: Experiment):
    names = set(screening_plan(experiment, 2).sampling.names)
    groups = dict(groups_plan(experiment, 16).sampling.groups)
    assert names == set(experiment.priors.varying)
    assert set(groups) == {DATA, ASSUMPTIONS}
    assert set(groups[DATA]) | set(groups[ASSUMPTIONS]) == names
    basis = dict(zip(experiment.priors.names, experiment.priors.basis, strict=True))
    assert {basis[name] for name in groups[ASSUMPTIONS]} <= {"assumed", "literature"}


def test_a_study_of_the_model_says_something_of_every_outcome(experiment: Experiment):
    study = study_of(run_in_memory(screening_plan(experiment, 2)), run_in_memory(groups_plan(experiment, 16)))
    assert {effect.outcome for effect in study.effects} == {outcome.name for outcome in OUTCOMES}
    assert {index.group for index in study.indices} == {DATA, ASSUMPTIONS, "news"}
    spending = [effect for effect in study.effects if effect.outcome == "end-user spending"]
    assert spending[0].size > 0.0
    assert spending == sorted(spending, key=lambda effect: -effect.size)
    json.dumps(study.to_json(), allow_nan=False)
