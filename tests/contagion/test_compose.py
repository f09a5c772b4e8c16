"""Several channels at once: joint fixed point, order, honesty about monotonicity and convergence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from tests.contagion.networks import random_exposure

from cardhouse.basics.errors import InputError
from cardhouse.contagion.clearing import clear, debt_network
from cardhouse.contagion.compose import joint_fixed_point


def channels(seed: int = 1) -> tuple[dict[str, object], dict[str, np.ndarray], object]:
    rng = np.random.default_rng(seed)
    exposure = random_exposure(rng, 10)
    network = debt_network(exposure, outside_debt=rng.lognormal(0, 1, 10))
    units = rng.lognormal(0.5, 1, 10)

    def unpaid(state: Mapping[str, np.ndarray]) -> np.ndarray:
        result = clear(network, units * state["price"])
        return result.owed - result.payments

    def price(state: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.array([0.9 * np.exp(-0.02 * state["unpaid"].sum())])

    return {"unpaid": unpaid, "price": price}, {"unpaid": np.zeros(10), "price": np.ones(1)}, unpaid


def test_no_channel_wants_to_move_in_the_joint_state():
    running, start, unpaid = channels()
    outcome = joint_fixed_point(running, start)
    assert outcome.convergence.converged
    assert outcome.is_monotone
    np.testing.assert_allclose(unpaid(outcome.state), outcome.state["unpaid"], rtol=1e-8, atol=1e-9)
    assert outcome.change("price")[0] < -0.1


def test_channels_together_do_more_than_each_alone():
    running, start, _ = channels()
    together = joint_fixed_point(running, start).state["unpaid"].sum()
    alone = joint_fixed_point({"unpaid": running["unpaid"]}, start | {"price": np.array([0.9])})
    assert together > alone.state["unpaid"].sum()


def test_order_of_channels_does_not_matter():
    running, start, _ = channels()
    swapped = dict(reversed(list(running.items())))
    first, second = joint_fixed_point(running, start), joint_fixed_point(swapped, start)
    for name in start:
        np.testing.assert_array_equal(first.state[name], second.state[name])


def test_a_channel_that_swings_back_is_reported():
    outcome = joint_fixed_point({"x": lambda s: 1.0 - 0.5 * s["x"]}, {"x": np.ones(1)})
    assert outcome.convergence.converged
    assert not outcome.is_monotone
    assert outcome.state["x"][0] == pytest.approx(2 / 3)


def test_running_out_of_rounds_is_not_convergence():
    outcome = joint_fixed_point({"x": lambda s: s["x"] + 1.0}, {"x": np.ones(1)}, most_rounds=7)
    assert not outcome.convergence.converged
    assert outcome.convergence.rounds == 7


def test_a_channel_cannot_spoil_the_state():
    def vandal(state: Mapping[str, np.ndarray]) -> np.ndarray:
        state["y"][:] = 99.0
        return state["x"]

    outcome = joint_fixed_point({"x": vandal}, {"x": np.ones(2), "y": np.zeros(2)})
    assert outcome.state["y"].tolist() == [0.0, 0.0]


def test_bad_channels_are_refused():
    with pytest.raises(InputError, match="starting value"):
        joint_fixed_point({"x": lambda s: s["x"]}, {})
    with pytest.raises(InputError, match="own shape"):
        joint_fixed_point({"x": lambda s: s["x"][:1]}, {"x": np.ones(2)})
    with pytest.raises(InputError, match="finite"):
        joint_fixed_point({"x": lambda s: s["x"] * np.nan}, {"x": np.ones(2)})
