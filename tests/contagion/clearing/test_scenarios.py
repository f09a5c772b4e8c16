"""Batched clearing: same as one by one, independent of batch size and threads."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contagion.networks import random_debts

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.clearing import RecoveryRates, clear, clear_scenarios, debt_network

COSTS = RecoveryRates(outside=0.8, inside=0.7)


def batch(scenarios: int = 60, classes: int = 2):
    debts = random_debts(5, firms=20, classes=classes)
    network = debt_network(debts.exposures, outside_debt=debts.outside_debt)
    rng = np.random.default_rng(8)
    return network, debts.outside_assets * rng.lognormal(0.5, 1.0, (scenarios, 20))


def test_every_scenario_equals_its_single_clearing():
    network, assets = batch()
    together = clear_scenarios(network, assets, recovery=COSTS)
    assert together.converged.all()
    for row in range(assets.shape[0]):
        single = clear(network, assets[row], recovery=COSTS)
        np.testing.assert_array_equal(together.payments[row], single.payments)
        np.testing.assert_array_equal(together.default_round[row], single.failures.round)


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_results_are_bit_identical_for_any_number_of_threads(threads: int):
    network, assets = batch()
    alone = clear_scenarios(network, assets, recovery=COSTS)
    shared = clear_scenarios(network, assets, recovery=COSTS, threads=threads)
    np.testing.assert_array_equal(alone.payments, shared.payments)
    np.testing.assert_array_equal(alone.residual, shared.residual)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_results_are_bit_identical_for_any_batch_size(size: int):
    network, assets = batch()
    whole = clear_scenarios(network, assets).payments
    parts = [clear_scenarios(network, assets[first : first + size]).payments for first in range(0, 60, size)]
    np.testing.assert_array_equal(whole, np.vstack(parts))


def test_slow_scenarios_are_finished_exactly():
    network = debt_network(np.array([[0.0, 100.0], [100.0, 0.0]]), outside_debt=[1e-6, 2e-6])
    result = clear_scenarios(network, [[1e-7, 0.0], [1.0, 1.0]])
    assert result.converged.all()
    assert result.default_round.tolist() == [[0, 0], [-1, -1]]
    np.testing.assert_allclose(result.payments[0], [10 / 3, 10 / 3], rtol=1e-4)


def test_bad_batches_are_refused():
    network, assets = batch(3)
    with pytest.raises(NetworkError, match="20 firms"):
        clear_scenarios(network, assets[:, :5])
    spoiled = assets.copy()
    spoiled[1, 4] = np.nan
    with pytest.raises(NetworkError, match="scenario 1, firm 4"):
        clear_scenarios(network, spoiled)
    with pytest.raises(InputError, match="threads"):
        clear_scenarios(network, assets, threads=0)
