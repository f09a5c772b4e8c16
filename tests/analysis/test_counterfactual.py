from __future__ import annotations

import json

import numpy as np
import pytest

from cardhouse.analysis.counterfactual import Counterfactual, compare_worlds, paired_effect, to_plain
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.model.gates import CIRCULARITY_GATES


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
