"""A run of the teaching case: it ends, keeps its books, and does not depend on the grouping of draws."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.basics.errors import ModelError
from cardhouse.basics.streams import joint_draws
from cardhouse.casebook.load import load_case
from cardhouse.model.agents import model_agents
from cardhouse.model.chunk import draw_numbers, new_workspace
from cardhouse.model.setup import ModelSetup, build_setup
from cardhouse.model.simulate import Runner, record_draw, run_draws
from cardhouse.model.variables import OUTPUTS
from cardhouse.scenarios.path import neutral_paths


@pytest.fixture(scope="module")
def ring() -> tuple[ModelSetup, np.ndarray]:
    case = load_case("three_firm_ring")
    agents, _ = model_agents(case.snapshot)
    quarters = [case.snapshot.base_quarter + k for k in range(1, 13)]
    setup = build_setup(case.snapshot, case.priors, neutral_paths(quarters, agents), 12, 3)
    spread = case.priors.low + (case.priors.high - case.priors.low) * np.linspace(0.2, 0.8, 6)[:, None]
    return setup, spread


def test_every_identity_holds_in_every_quarter_of_every_draw(ring: tuple[ModelSetup, np.ndarray]):
    setup, parameters = ring
    found = run_draws(setup, parameters, np.arange(6))
    assert found["result_code"].tolist() == [0] * 6
    assert np.all(found["worst_residual"] < 1e-9)


def test_a_draw_does_not_depend_on_its_neighbours(ring: tuple[ModelSetup, np.ndarray]):
    setup, parameters = ring
    together = run_draws(setup, parameters, np.arange(6))
    alone = run_draws(setup, parameters[4:5], np.array([4]))
    for variable in OUTPUTS:
        np.testing.assert_array_equal(together[variable.name][4], alone[variable.name][0], err_msg=variable.name)


def test_every_registered_output_has_the_shape_it_says(ring: tuple[ModelSetup, np.ndarray]):
    setup, parameters = ring
    found = run_draws(setup, parameters[:2], np.arange(2))
    sizes = {"quarter": 12, "entity": len(setup.entity_ids), "channel": 5, "definition": 3, "holder_class": 6}
    for variable in OUTPUTS:
        expected = (2, *(sizes[axis] for axis in variable.dims))
        assert found[variable.name].shape == expected, variable.name
        assert found[variable.name].dtype == np.dtype(variable.dtype), variable.name


def test_the_journal_explains_every_dollar_of_cash(ring: tuple[ModelSetup, np.ndarray]):
    setup, parameters = ring
    journal = record_draw(setup, parameters[2], 2)
    found = run_draws(setup, parameters[2:3], np.array([2]))
    closing = np.array([journal.closing_cash[agent] for agent in setup.entity_ids])
    np.testing.assert_allclose(closing, found["cash"][0, -1], rtol=1e-6, atol=1e-6)
    assert set(journal.postings["quarter"].tolist()) == set(range(1, 13))
    assert all(journal.postings["amount"] > 0.0)
    assert all(journal.postings["payer"] != journal.postings["payee"])


def test_shock_paths_for_other_entities_are_refused():
    case = load_case("three_firm_ring")
    quarters = [case.snapshot.base_quarter + 1]
    with pytest.raises(ModelError, match="other entities"):
        build_setup(case.snapshot, case.priors, neutral_paths(quarters, ["acme"]), 1, 3)


def test_memory_that_is_used_again_for_other_numbers_of_draws_says_the_same(ring: tuple[ModelSetup, np.ndarray]):
    setup, parameters = ring
    again = Runner(setup, keep=False)
    for count in (4, 2, 3, 4):
        draws = np.arange(count)
        fresh = run_draws(setup, parameters[:count], draws)
        used = again(parameters[:count], draws)
        for name, values in fresh.items():
            np.testing.assert_array_equal(used[name], values, err_msg=name)
        # what only firms have is unknown for the others, not zero and not a number of an earlier call
        assert np.isnan(used["revenue"][:, :, setup.firms :]).all()
        assert not np.isnan(used["cash"]).any()


def test_opening_figures_and_news_can_come_from_different_draws(ring: tuple[ModelSetup, np.ndarray]):
    def numbers(draw: int) -> list[np.ndarray]:
        found = new_workspace(ring[0].world[0]).numbers
        draw_numbers(found, 1, draw, found[0].size, 3)
        return [part.copy() for part in found]

    one, other = numbers(3), numbers(8)
    mixed = numbers(int(joint_draws(np.array([3]), np.array([8]))[0]))
    np.testing.assert_array_equal(mixed[0], other[0])
    np.testing.assert_array_equal(mixed[1], one[1])
    np.testing.assert_array_equal(mixed[2], one[2])
    assert (one[0] != other[0]).all()
