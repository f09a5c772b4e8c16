"""Networks from margins: totals met, evenness and thrift, impossible totals refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.reconstruction import maximum_entropy, minimum_density


def totals(seed: int, firms: int = 14) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    table = rng.lognormal(0, 1.2, (firms, firms)) * (rng.random((firms, firms)) < 0.4) * (1 - np.eye(firms))
    return table.sum(axis=1), table.sum(axis=0)


@pytest.mark.parametrize("seed", range(6))
def test_both_networks_have_the_totals_and_no_claim_on_oneself(seed: int):
    held, owed = totals(seed)
    for network in (maximum_entropy(held, owed), minimum_density(held, owed, seed=seed)):
        assert network.convergence.converged
        np.testing.assert_allclose(network.exposure.held(), held, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(network.exposure.owed(), owed, rtol=1e-9, atol=1e-12)
        assert np.diag(network.exposure.as_dense()).max() == 0.0


@pytest.mark.parametrize("seed", range(6))
def test_minimum_density_needs_about_two_claims_for_each_firm(seed: int):
    held, owed = totals(seed, firms=20)
    sparse, even = minimum_density(held, owed), maximum_entropy(held, owed)
    assert sparse.claims <= 2 * 20
    assert sparse.density < 0.2 * even.density


def test_maximum_entropy_is_the_most_even_table():
    held, owed = totals(2, firms=4)
    found = maximum_entropy(held, owed).exposure.as_dense()
    off = ~np.eye(4, dtype=bool)
    prior = np.outer(held, owed)[off] / held.sum()

    def entropy(cells: np.ndarray) -> float:
        return float(np.sum(cells * np.log(np.maximum(cells, 1e-12) / prior)))

    def gaps(cells: np.ndarray) -> np.ndarray:
        table = np.zeros((4, 4))
        table[off] = cells
        return np.concatenate([table.sum(axis=1) - held, (table.sum(axis=0) - owed)[:-1]])

    best = minimize(
        entropy, prior, constraints={"type": "eq", "fun": gaps}, bounds=[(1e-12, None)] * 12, method="SLSQP"
    )
    np.testing.assert_allclose(found[off], best.x, rtol=1e-3, atol=1e-4)


def test_one_seed_is_one_network():
    held, owed = totals(3)
    first, again = minimum_density(held, owed, seed=5), minimum_density(held, owed, seed=5)
    np.testing.assert_array_equal(first.exposure.as_dense(), again.exposure.as_dense())


def test_a_firm_that_could_only_lend_to_itself_is_rerouted():
    for seed in range(30):
        network = minimum_density([5.0, 1.0, 4.0], [5.0, 4.0, 1.0], seed=seed, trials=1)
        assert network.convergence.converged


def test_labels_come_from_mappings():
    network = maximum_entropy({"ann": 3.0, "bob": 2.0, "cid": 1.0}, {"cid": 3.0, "ann": 1.0, "bob": 2.0})
    assert tuple(network.exposure.labels) == ("ann", "bob", "cid")


def test_impossible_zeros_do_not_converge():
    possible = np.zeros((3, 3), dtype=bool)
    possible[0, 1] = True
    assert not maximum_entropy([1.0, 1.0, 0.0], [0.0, 1.0, 1.0], possible=possible).convergence.converged


def test_impossible_totals_are_refused():
    with pytest.raises(NetworkError, match=r"3.0 against 2.0"):
        maximum_entropy([1.0, 2.0], [1.0, 1.0])
    with pytest.raises(NetworkError, match=r"0: .*no claims on itself"):
        minimum_density([3.0, 1.0], [3.0, 1.0])
    with pytest.raises(InputError, match="trials"):
        minimum_density([1.0, 0.0], [0.0, 1.0], trials=0)
    with pytest.raises(NetworkError, match="possible"):
        maximum_entropy([1.0, 0.0], [0.0, 1.0], possible=np.ones((3, 3)))
