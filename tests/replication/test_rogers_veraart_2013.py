"""Rogers and Veraart (2013), Failure and rescue in an interbank network: costs make clearing jump and split."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.contagion.clearing import RecoveryRates, clear, clearing_gap, debt_network


@pytest.mark.parametrize("seed", range(5))
def test_with_full_recovery_the_model_is_eisenberg_and_noe(seed: int):
    rng = np.random.default_rng(seed)
    network = debt_network(rng.lognormal(0, 1, (7, 7)) * (1 - np.eye(7)), outside_debt=rng.uniform(0, 1, 7))
    assets = rng.uniform(0, 1, 7)
    costs = RecoveryRates(outside=1.0, inside=1.0)
    np.testing.assert_array_equal(clear(network, assets, recovery=costs).payments, clear(network, assets).payments)


def test_payments_jump_where_a_firm_becomes_insolvent():
    network = debt_network(np.zeros((1, 1)), outside_debt=[10.0])
    costs = RecoveryRates(outside=0.6)
    assert clear(network, [10.0], recovery=costs).payments[0] == pytest.approx(10.0)
    assert clear(network, [9.999], recovery=costs).payments[0] == pytest.approx(0.6 * 9.999)


def test_two_clearing_vectors_of_a_pair_by_hand():
    # each owes the other 8 and has 1 and 2: both solvent if both pay; if neither does, the costs of each sink the other
    gap = clearing_gap(np.array([[0.0, 8.0], [8.0, 0.0]]), [1.0, 2.0], recovery=RecoveryRates(outside=0.5, inside=0.5))
    np.testing.assert_allclose(gap.greatest.payments, [8.0, 8.0])
    # p0 = 0.5 + 0.5 p1 and p1 = 1 + 0.5 p0
    np.testing.assert_allclose(gap.least.payments, [4 / 3, 5 / 3])


def test_three_banks_of_a_worked_network():
    # liabilities [debtor, creditor] of one half each, outside assets 1/2, 5/8, 3/4, outside debts 3/2, 1/2, 1/2
    liabilities = 0.5 * (1 - np.eye(3))
    network = debt_network(liabilities, outside_debt=[1.5, 0.5, 0.5], orientation="debtor_creditor")
    assets = np.array([0.5, 0.625, 0.75])
    plain = clear(network, assets)
    # bank 0 fails: 2.5 owed, 1.5 to share, so each of the others misses 0.2; then bank 1: 1.425 of 1.5
    first, second = plain.payments[0], plain.payments[1]
    assert plain.failures.has_failed.tolist() == [True, True, False]
    np.testing.assert_allclose([first, second], np.linalg.solve([[1, -1 / 3], [-1 / 5, 1]], [1.0, 1.125]))
    costly = clear(network, assets, recovery=RecoveryRates(outside=0.5, inside=0.7))
    assert (costly.payments < plain.payments).any()
    assert costly.failures.has_failed.tolist() == [True, True, True]
