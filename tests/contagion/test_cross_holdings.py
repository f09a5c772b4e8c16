"""Cross-holdings against dense algebra, and best against worst set of failures."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.contagion.networks import random_exposure

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.cross_holdings import cross_holdings


def case(seed: int, firms: int = 9) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    holdings = random_exposure(rng, firms)
    total = holdings.sum(axis=0)
    holdings *= rng.uniform(0.3, 0.7, firms) / np.where(total > 0, total, 1.0)
    assets = rng.lognormal(1.0, 0.5, firms)
    sound = (1 - holdings.sum(axis=0)) * np.linalg.solve(np.eye(firms) - holdings, assets)
    return holdings, assets, sound * rng.uniform(0.85, 1.02, firms), 0.3 * assets


@pytest.mark.parametrize("seed", range(6))
def test_values_without_failures_agree_with_dense_algebra_and_add_up(seed: int):
    holdings, assets, _, _ = case(seed)
    result = cross_holdings(holdings, assets)
    expected = (1 - holdings.sum(axis=0)) * np.linalg.solve(np.eye(assets.size) - holdings, assets)
    np.testing.assert_allclose(result.market_value, expected, rtol=1e-10)
    assert result.market_value.sum() == pytest.approx(assets.sum(), rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_best_and_worst_failures_agree_with_trying_every_set(seed: int):
    holdings, assets, threshold, cost = case(seed)
    consistent = []
    for chosen in itertools.product([False, True], repeat=assets.size):
        failed = np.array(chosen)
        value = np.linalg.solve(np.eye(assets.size) - holdings, assets - cost * failed)
        market = (1 - holdings.sum(axis=0)) * value
        if ((market < threshold) == failed).all():
            consistent.append(failed)
    sizes = [failed.sum() for failed in consistent]
    best = cross_holdings(holdings, assets, failure_threshold=threshold, failure_cost=cost)
    worst = cross_holdings(holdings, assets, failure_threshold=threshold, failure_cost=cost, solution="least")
    np.testing.assert_array_equal(best.failures.has_failed, consistent[int(np.argmin(sizes))])
    np.testing.assert_array_equal(worst.failures.has_failed, consistent[int(np.argmax(sizes))])
    assert best.convergence.converged
    assert worst.convergence.converged


def test_value_lost_is_the_cost_of_failures():
    holdings, assets, threshold, cost = case(2)
    result = cross_holdings(holdings, assets, failure_threshold=threshold, failure_cost=cost)
    assert result.failures.count > 0
    assert result.market_value.sum() == pytest.approx(assets.sum() - result.failure_cost.sum(), rel=1e-10)


def test_a_firm_cannot_lose_more_than_it_has():
    result = cross_holdings([[0, 0.5], [0.5, 0]], [2.0, 1.0], failure_threshold=[9.0, 0.0], failure_cost=[50.0, 0.0])
    np.testing.assert_allclose(result.total_value, [0.0, 1.0])
    np.testing.assert_allclose(result.failure_cost, [2.5, 0.0])


def test_rounds_and_causes_follow_the_holdings():
    holdings = np.zeros((3, 3))
    holdings[1, 0], holdings[2, 1] = 0.5, 0.5
    result = cross_holdings(holdings, [10.0, 4.0, 3.0], failure_threshold=[5.1, 4.0, 5.0], failure_cost=[6.0, 3.0, 1.0])
    assert result.failures.round.tolist() == [0, 1, 2]
    assert result.failures.cause.tolist() == [-1, 0, 1]


def test_bad_holdings_are_refused():
    with pytest.raises(NetworkError, match=r"issuer 0.*at most 1"):
        cross_holdings([[0, 0, 0], [0.7, 0, 0], [0.7, 0, 0]], 1.0)
    with pytest.raises(NetworkError, match="owned by nobody"):
        cross_holdings([[0, 1.0], [1.0, 0]], 1.0)
    with pytest.raises(InputError, match="solution"):
        cross_holdings([[0, 0.1], [0, 0]], 1.0, solution="typical")
