from __future__ import annotations

import json

import numpy as np
import pytest

from cardhouse.analysis.counterfactual import (
    ACTS_IN,
    MEASURES,
    Counterfactual,
    compare_worlds,
    paired_effect,
    to_plain,
)
from cardhouse.analysis.experiment import Experiment, Request, prepare
from cardhouse.basics.arrays import AnyArray
from cardhouse.model.gates import CIRCULARITY_GATES, WORLDS
from cardhouse.model.setup import build_setup
from cardhouse.model.simulate import run_draws
from cardhouse.simulation.model_world import marginals_of

FUNDING = {"strategic_finance", "outside_equity", "strategic_received", "strategic_given"}
"""Outputs that say under which name money came."""


def outputs(experiment: Experiment, world: str, *off: str) -> dict[str, AnyArray]:
    request = experiment.request
    gates = {**dict.fromkeys(off, False), **WORLDS[world]}
    paths = experiment.paths()
    setup = build_setup(experiment.case.snapshot, experiment.priors, paths, request.quarters, request.seed, gates)
    rows = request.sampling.parameters(marginals_of(experiment.priors), 0, request.draws)
    return dict(run_draws(setup, rows, request.sampling.news_ids(np.arange(request.draws))))


def differing(first: dict[str, AnyArray], second: dict[str, AnyArray]) -> set[str]:
    return {name for name in first if not np.array_equal(first[name], second[name], equal_nan=True)}


@pytest.fixture(scope="module")
def found() -> Counterfactual:
    return compare_worlds(prepare(Request(draws=24, quarters=12)))


def test_the_effect_is_zero_when_strategic_finance_is_off_in_every_world() -> None:
    # tranches are strategic money under contracts that exist; without them and without new money nothing is circular
    gates = ("strategic_finance", "conditional_tranches")
    off = compare_worlds(prepare(Request(draws=8, quarters=8, off=gates)))
    for gate in set(CIRCULARITY_GATES) - {"circular_marks"}:  # marks also act on stakes that were bought before
        assert all(effect.mean == 0.0 for effect in off.channels[gate].values()), gate
    for contrast in off.effects.values():
        assert all(effect.mean == 0.0 for effect in contrast.values())


@pytest.mark.parametrize("scenarios", [(), ("SIMUL",), ("RUN08", "RESCUE")])
def test_with_all_five_channels_off_the_three_worlds_are_one_in_every_draw(scenarios: tuple[str, ...]) -> None:
    experiment = prepare(Request(draws=32, scenarios=scenarios))
    none = outputs(experiment, "none", *CIRCULARITY_GATES)
    for world in ("circ", "substitute"):
        found = outputs(experiment, world, *CIRCULARITY_GATES)
        assert found["strategic_finance"].sum() > 1.1 * none["strategic_finance"].sum()
        assert found["result_code"].max() == 0
        assert differing(found, none) <= FUNDING | {"worst_residual"}
    assert none["defaults_count"].max() > 0


@pytest.mark.parametrize("world", ["substitute", "none"])
def test_a_channel_that_cannot_act_in_a_world_changes_nothing_there(world: str) -> None:
    experiment = prepare(Request(draws=8, quarters=12))
    idle = set(CIRCULARITY_GATES) - ACTS_IN[world]
    reference = outputs(experiment, world)
    for gate in idle:
        assert differing(outputs(experiment, world, gate), reference) <= {"worst_residual"}, gate


def test_each_channel_changes_the_world_as_it_is() -> None:
    experiment = prepare(Request(draws=8, quarters=12))
    reference = outputs(experiment, "circ")
    for gate in CIRCULARITY_GATES:
        assert "market_value" in differing(outputs(experiment, "circ", gate), reference), gate


def test_the_five_parts_sum_to_the_effect(found: Counterfactual) -> None:
    for contrast, effects in found.effects.items():
        for measure in MEASURES:
            whole = effects[measure.key].mean
            parts = [found.splits[contrast][gate][measure.key].mean for gate in CIRCULARITY_GATES]
            assert sum(parts) == pytest.approx(whole, rel=1e-9, abs=1e-9), measure.key
    assert found.rest == 0.0


def test_a_channel_the_user_switched_off_adds_nothing() -> None:
    found = compare_worlds(prepare(Request(draws=6, quarters=8, off=("circular_wrong_way", "circular_signal"))))
    for split in found.splits.values():
        assert all(effect.mean == 0.0 for effect in split["circular_wrong_way"].values())
    assert found.rest == 0.0


def test_with_every_channel_off_the_sentence_says_that_nothing_moves() -> None:
    found = compare_worlds(prepare(Request(draws=4, quarters=6, off=CIRCULARITY_GATES)))
    assert "the first default does not move; defaults do not change; losses on shares do not change" in found.sentence()
    assert all(effect.mean == effect.low == effect.high == 0.0 for effect in found.holders.values())


def test_circular_finance_changes_something(found: Counterfactual) -> None:
    assert any(effect.mean != 0.0 for effect in found.effects["circ - none"].values())


def test_results_do_not_depend_on_how_many_draws_are_computed_at_once(found: Counterfactual) -> None:
    again = compare_worlds(prepare(Request(draws=24, quarters=12)), chunk=7)
    assert found.levels == again.levels


def test_the_answer_is_plain_json(found: Counterfactual) -> None:
    document = json.loads(json.dumps(to_plain(found), allow_nan=False))
    assert set(document["channels"]) == set(CIRCULARITY_GATES)
    assert document["draws"] + document["draws_dropped"] == 24


def test_the_sentence_follows_the_sign() -> None:
    up = paired_effect(np.array([3.0, 4.0, 3.5, 3.0]), np.array([1.0, 2.0, 1.0, 1.5]))
    down = paired_effect(np.array([1.0, 2.0, 1.0, 1.5]), np.array([3.0, 4.0, 3.5, 3.0]))
    assert up.low > 0.0
    assert down.high < 0.0
    assert up.mean == -down.mean


def test_an_effect_of_nothing_is_not_a_number_and_not_clear() -> None:
    effect = paired_effect(np.array([]), np.array([]))
    assert np.isnan(effect.mean)
    assert not effect.is_clear
