"""The three laws of DebtRank against plain iterations, matrix algebra and one another."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contagion.networks import random_exposure

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.debtrank import debtrank, nonlinear_debtrank, single_hit_debtrank


def case(seed: int, firms: int = 15, leverage: float = 0.8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    exposure = random_exposure(rng, firms)
    equity = np.maximum(exposure.sum(axis=1) / leverage, 0.3) * rng.uniform(0.8, 1.4, firms)
    return exposure, equity, np.where(rng.random(firms) < 0.3, rng.random(firms), 0.0)


def increments(exposure: np.ndarray, equity: np.ndarray, start: np.ndarray, alpha: float) -> np.ndarray:
    """The dynamics in increments, as the papers write them."""
    leverage = exposure / equity[:, None]
    marked = np.zeros_like(start)
    stress = start.copy()
    for _ in range(20_000):
        new_mark = stress * np.exp(alpha * (stress - 1.0))
        stress, marked = np.minimum(1.0, stress + leverage @ (new_mark - marked)), new_mark
    return stress


@pytest.mark.parametrize("leverage", [0.5, 0.95, 3.0])
@pytest.mark.parametrize("seed", range(4))
def test_linear_stress_agrees_with_the_dynamics_in_increments(seed: int, leverage: float):
    exposure, equity, start = case(seed, leverage=leverage)
    expected = increments(exposure, equity, start, 0.0)
    counted = debtrank(exposure, equity, start, tolerance=1e-13)
    mixed = debtrank(exposure, equity, start, count_rounds=False, tolerance=1e-13)
    assert counted.convergence.converged
    assert mixed.convergence.converged
    np.testing.assert_allclose(counted.stress, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(mixed.stress, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(counted.failures.has_failed, mixed.failures.has_failed)


@pytest.mark.parametrize("seed", range(6))
def test_rounds_of_failure_are_those_of_going_round_by_round(seed: int):
    exposure, equity, start = case(seed, leverage=1.3)
    leverage = exposure / equity[:, None]
    stress, when, taken = start.copy(), np.where(start >= 1.0, 0, -1), np.zeros(exposure.shape)
    for turn in range(1, 3_000):
        after = np.minimum(1.0, start + leverage @ stress)
        for firm in np.flatnonzero((after >= 1.0) & (when < 0)):
            when[firm], taken[firm] = turn, leverage[firm] * stress
        stress = after
    found = debtrank(exposure, equity, start, tolerance=1e-13).failures
    assert found.count > 0
    np.testing.assert_array_equal(found.round, when)
    for firm in np.flatnonzero(when > 0):
        assert taken[firm, found.cause[firm]] == pytest.approx(taken[firm].max(), rel=1e-12)


def test_failures_without_counting_are_the_same_firms_in_an_unknown_round():
    exposure, equity, start = case(2, leverage=1.3)
    counted = debtrank(exposure, equity, start).failures
    uncounted = debtrank(exposure, equity, start, count_rounds=False).failures
    np.testing.assert_array_equal(counted.has_failed, uncounted.has_failed)
    assert set(uncounted.round.tolist()) <= {-1, 0, 1}


def test_stress_without_failures_is_the_solution_of_a_linear_system():
    exposure, equity, start = case(3, leverage=0.4)
    start = 0.1 * start
    expected = np.linalg.solve(np.eye(equity.size) - exposure / equity[:, None], start)
    assert expected.max() < 1.0
    np.testing.assert_allclose(debtrank(exposure, equity, start, tolerance=1e-13).stress, expected, rtol=1e-10)


@pytest.mark.parametrize("alpha", [0.5, 2.0, 6.0])
def test_nonlinear_stress_agrees_with_the_dynamics_in_increments(alpha: float):
    exposure, equity, start = case(5, leverage=2.0)
    found = nonlinear_debtrank(exposure, equity, start, nonlinearity=alpha, tolerance=1e-13)
    np.testing.assert_allclose(found.stress, increments(exposure, equity, start, alpha), rtol=1e-9, atol=1e-12)


def test_nonlinearity_zero_is_the_linear_law_and_lowers_stress_as_it_grows():
    exposure, equity, start = case(6, leverage=1.5)
    linear = debtrank(exposure, equity, start).stress
    last = linear
    np.testing.assert_allclose(nonlinear_debtrank(exposure, equity, start, nonlinearity=0.0).stress, linear)
    for alpha in (1.0, 3.0, 9.0):
        stress = nonlinear_debtrank(exposure, equity, start, nonlinearity=alpha).stress
        assert (stress <= last + 1e-12).all()
        last = stress


def test_single_hit_agrees_with_a_plain_run_of_its_states():
    exposure, equity, start = case(8, leverage=1.2)
    impact = np.minimum(exposure / equity[:, None], 1.0)
    stress, spent = start.copy(), np.zeros(equity.size, dtype=bool)
    for _ in range(50):
        passing = (stress > 0) & ~spent
        spent |= passing
        stress = np.minimum(1.0, stress + impact[:, passing] @ stress[passing])
    np.testing.assert_allclose(single_hit_debtrank(exposure, equity, start).stress, stress, rtol=1e-12)


def test_single_hit_misses_what_comes_back_round_a_cycle():
    exposure, equity = np.array([[0.0, 4.0], [5.0, 0.0]]), np.array([10.0, 8.0])
    start = np.array([0.2, 0.0])
    once = single_hit_debtrank(exposure, equity, start)
    assert once.stress[0] == pytest.approx(0.2 + 0.4 * 0.2 * 0.625)
    assert debtrank(exposure, equity, start).stress[0] == pytest.approx(0.2 / (1 - 0.4 * 0.625))


def test_each_firm_is_measured_by_its_own_equity():
    exposure = np.zeros((3, 3))
    exposure[1, 0], exposure[2, 0] = 6.0, 6.0
    stress = debtrank(exposure, [5.0, 10.0, 40.0], [0.5, 0.0, 0.0]).stress
    np.testing.assert_allclose(stress, [0.5, 0.3, 0.075])


def test_rounds_and_causes_of_failure():
    exposure = np.zeros((3, 3))
    exposure[1, 0], exposure[2, 1] = 9.0, 9.0
    result = debtrank(exposure, [4.0, 8.0, 7.0], [1.0, 0.0, 0.0])
    assert result.failures.round.tolist() == [0, 1, 2]
    assert result.failures.cause.tolist() == [-1, 0, 1]
    assert result.index == pytest.approx((8.0 + 7.0) / 19.0)


def test_loss_given_default_scales_what_is_passed_on():
    exposure = np.array([[0.0, 0.0], [5.0, 0.0]])
    assert debtrank(exposure, [4, 10], [1, 0], loss_given_default=[0.4, 1.0]).stress[1] == pytest.approx(0.2)


def test_bad_numbers_are_refused():
    exposure = np.array([[0.0, 0.0], [5.0, 0.0]])
    with pytest.raises(NetworkError, match="equity is above zero"):
        debtrank(exposure, [4, 0], [1, 0])
    with pytest.raises(NetworkError, match="at most 1"):
        debtrank(exposure, [4, 1], [1.2, 0])
    with pytest.raises(InputError, match="nonlinearity"):
        nonlinear_debtrank(exposure, [4, 1], [1, 0], nonlinearity=-1.0)
