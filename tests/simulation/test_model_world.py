from __future__ import annotations

import pickle

import numpy as np
import pytest

from cardhouse.analysis.experiment import Experiment, Request, prepare
from cardhouse.simulation.executors import Threads
from cardhouse.simulation.model_world import marginals_of
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import run_in_memory

DRAWS = 24


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return prepare(Request(draws=DRAWS, quarters=12, known_on="2026-07-02"))


@pytest.fixture(scope="module")
def run(experiment: Experiment) -> Run:
    return run_in_memory(experiment.plan())


def test_a_default_quarter_is_the_place_at_which_the_status_first_says_so(run: Run):
    quarter = run.results("default_quarter")
    status = run.results("status")
    label = run.results("default_label")
    assert (quarter >= 0).any()
    np.testing.assert_array_equal(quarter >= 0, label > 0)
    for draw, entity in np.argwhere(quarter >= 0):
        place = quarter[draw, entity]
        path = status[draw, :, entity]
        assert place < 12
        if place > 0:
            assert path[place] != path[place - 1]


def test_first_default_is_the_earliest_of_all(run: Run):
    quarter = run.results("default_quarter").astype(float)
    named = np.where(quarter < 0, np.inf, quarter).min(axis=1)
    first = run.results("first_default_quarter").astype(float)
    known = first >= 0
    assert (first[known] >= named[known]).all()


def test_threads_and_chunks_change_no_bit_of_the_model(experiment: Experiment, run: Run):
    plan = experiment.plan()
    again = type(plan)(**{**vars(plan), "chunk_draws": 5})
    assert run_in_memory(again, Threads(3)).digest() == run.digest()


def test_the_world_survives_a_trip_to_a_worker(experiment: Experiment):
    world = experiment.world()
    copy = pickle.loads(pickle.dumps(world))  # noqa: S301 our own bytes
    assert copy.fingerprint == world.fingerprint
    assert copy.outputs == world.outputs


def test_marginals_are_the_priors(experiment: Experiment):
    marginals = marginals_of(experiment.priors)
    assert marginals.names == experiment.priors.names
    assert set(np.array(marginals.names)[marginals.uncertain]) == set(experiment.priors.varying)


def test_another_scenario_or_gate_is_another_world(experiment: Experiment):
    request = experiment.request
    worlds = [
        experiment,
        prepare(Request(**{**vars(request), "scenarios": ("PLATEAU",)})),
        prepare(Request(**{**vars(request), "off": ("strategic_finance",)})),
        prepare(Request(**{**vars(request), "seed": 2})),
    ]
    assert len({item.world().fingerprint for item in worlds}) == 4
    assert len({item.plan().name for item in worlds}) == 4


def test_memory_that_is_used_again_changes_no_bit(experiment: Experiment):
    plan = type(experiment.plan())(**{**vars(experiment.plan()), "keep": "draws"})
    whole = run_in_memory(plan).digest()
    for size in (7, 16):
        assert run_in_memory(type(plan)(**{**vars(plan), "chunk_draws": size}), Threads(2)).digest() == whole
    runner = plan.world.runner(keep=False)
    rows = plan.sampling.parameters(plan.marginals, 0, 16)
    for start, stop in ((0, 16), (3, 5), (8, 16)):
        found = runner(rows[start:stop], np.arange(start, stop))
        expected = plan.world.run(rows[start:stop], np.arange(start, stop))
        for name, array in expected.items():
            np.testing.assert_array_equal(found[name], array, err_msg=name)
