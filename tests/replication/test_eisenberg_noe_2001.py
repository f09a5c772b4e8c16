"""Eisenberg and Noe (2001), Systemic risk in financial systems: the statements that can be computed."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.contagion.clearing import clear, clearing_gap, debt_network


@pytest.mark.parametrize("debt", [1.0, 7.5])
def test_two_firms_that_owe_each_other_and_own_nothing_have_a_continuum_of_clearing_vectors(debt: float):
    gap = clearing_gap(np.array([[0.0, debt], [debt, 0.0]]), 0.0)
    np.testing.assert_allclose(gap.greatest.payments, [debt, debt])
    np.testing.assert_allclose(gap.least.payments, [0.0, 0.0])


def test_a_regular_system_has_one_clearing_vector():
    rng = np.random.default_rng(2001)
    exposure = rng.lognormal(0, 1, (8, 8)) * (1 - np.eye(8))
    gap = clearing_gap(exposure, rng.uniform(0.01, 1.0, 8))
    assert gap.greatest.failures.count > 0
    np.testing.assert_allclose(gap.payments, 0.0, atol=1e-8)
    np.testing.assert_allclose(gap.equity, 0.0, atol=1e-8)


def test_equity_is_the_same_at_every_clearing_vector():
    exposure = np.zeros((4, 4))
    exposure[1, 0], exposure[0, 1] = 3.0, 3.0
    exposure[3, 2] = 2.0
    gap = clearing_gap(exposure, [0.0, 0.0, 1.5, 1.0])
    assert gap.total_payments == pytest.approx(6.0)
    np.testing.assert_allclose(gap.equity, 0.0, atol=1e-12)


def test_fictitious_default_takes_at_most_as_many_rounds_as_firms():
    firms = 12
    chain = np.zeros((firms, firms))
    for debtor in range(firms - 1):
        chain[debtor + 1, debtor] = 10.0 - 0.1 * debtor
    result = clear(debt_network(chain), np.eye(1, firms).ravel())
    assert result.failures.round.tolist() == [*range(firms - 1), -1]


def test_clearing_is_concave_and_monotone_in_outside_assets():
    rng = np.random.default_rng(7)
    network = debt_network(rng.lognormal(0, 1, (9, 9)) * (1 - np.eye(9)), outside_debt=rng.uniform(0, 2, 9))
    poor, rich = rng.uniform(0, 1, 9), rng.uniform(1, 3, 9)
    at = {part: clear(network, (1 - part) * poor + part * rich).payments for part in (0.0, 0.5, 1.0)}
    assert (at[1.0] >= at[0.0] - 1e-10).all()
    assert (at[0.5] >= 0.5 * (at[0.0] + at[1.0]) - 1e-9).all()
