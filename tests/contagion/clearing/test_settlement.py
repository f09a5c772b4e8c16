"""Clearing of one network: independent solvers, seniority, greatest and least, conservation of money."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog
from tests.contagion.networks import RandomDebts, plain_clearing, random_debts

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.clearing import RecoveryRates, clear, clearing_gap, debt_network
from cardhouse.contagion.clearing.frontier import LARGE, LISTED

COSTS = [(1.0, 1.0), (0.7, 0.8), (1.0, 0.5), (0.0, 0.0)]


def network_of(debts: RandomDebts):
    if len(debts.exposures) == 1:
        return debt_network(debts.exposures[0], outside_debt=debts.outside_debt[0])
    return debt_network(debts.exposures, outside_debt=debts.outside_debt)


@pytest.mark.parametrize("solution", ["greatest", "least"])
@pytest.mark.parametrize("seed", range(24))
def test_payments_agree_with_plain_iteration_of_the_clearing_map(seed: int, solution: str):
    alpha, beta = COSTS[seed % 4]
    debts = random_debts(seed, classes=1 + seed % 3, wealth=[0.2, 1.0, 3.0][seed % 3])
    result = clear(
        network_of(debts), debts.outside_assets, recovery=RecoveryRates(outside=alpha, inside=beta), solution=solution
    )
    assert result.convergence.converged
    assert result.failures.count > 0
    expected = plain_clearing(debts, alpha, beta, least=solution == "least")
    np.testing.assert_allclose(result.payments, expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("seed", range(8))
def test_payments_agree_with_the_linear_programme_of_eisenberg_and_noe(seed: int):
    debts = random_debts(100 + seed)
    exposure, outside, assets = debts.exposures[0], debts.outside_debt[0], debts.outside_assets
    owed = exposure.sum(0) + outside
    relative = exposure / np.where(owed > 0, owed, 1.0)
    programme = linprog(
        -np.ones(owed.size),
        A_ub=np.eye(owed.size) - relative,
        b_ub=assets,
        bounds=list(zip(0 * owed, owed, strict=True)),
    )
    result = clear(network_of(debts), assets)
    np.testing.assert_allclose(result.payments, programme.x, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_money_is_conserved(seed: int):
    debts = random_debts(seed, classes=2)
    result = clear(network_of(debts), debts.outside_assets, recovery=RecoveryRates(outside=0.6, inside=0.9))
    kept = result.payments + result.equity + result.bankruptcy_loss
    np.testing.assert_allclose(debts.outside_assets + result.received, kept, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(result.payment_matrix().sum(axis=0), result.received, rtol=1e-9, atol=1e-12)
    assert (result.equity[result.failures.has_failed] == 0.0).all()


def test_senior_creditors_are_paid_first_and_junior_ones_share():
    senior, junior = np.zeros((4, 4)), np.zeros((4, 4))
    senior[1, 0], junior[2, 0], junior[3, 0] = 5.0, 6.0, 3.0
    result = clear(debt_network([senior, junior]), [8.0, 0.1, 0.2, 0.3])
    np.testing.assert_allclose(result.received, [0.0, 5.0, 2.0, 1.0])
    np.testing.assert_allclose(result.paid_share[0], [1.0, 1.0 / 3.0])


def test_rank_of_outside_debt_decides_who_loses():
    empty, inside = np.zeros((2, 2)), np.array([[0.0, 0.0], [6.0, 0.0]])
    assets = [7.0, 1.0]
    outside_first = clear(debt_network([empty, inside], outside_debt=[[5.0, 0.0], 0.0]), assets)
    inside_first = clear(debt_network([inside, empty], outside_debt=[0.0, [5.0, 0.0]]), assets)
    assert outside_first.received[1] == pytest.approx(2.0)
    assert inside_first.received[1] == pytest.approx(6.0)


def test_rounds_and_causes_follow_a_chain():
    exposure = np.zeros((4, 4))
    exposure[1, 0], exposure[2, 1], exposure[3, 2], exposure[1, 3] = 10.0, 9.0, 8.0, 0.5
    result = clear(debt_network(exposure, outside_debt=[0, 0, 0, 7.0]), [3.0, 0.0, 0.2, 1.0])
    assert result.failures.round.tolist() == [0, 1, 2, 3]
    assert [failure.cause for failure in result.failures.in_order()] == [None, 0, 1, 2]


def test_gap_of_a_closed_loop_is_the_whole_debt():
    exposure = np.zeros((3, 3))
    exposure[1, 0], exposure[2, 1], exposure[0, 2] = 4.0, 4.0, 4.0
    gap = clearing_gap(exposure, 0.0)
    assert gap.converged
    np.testing.assert_allclose(gap.payments, [4.0, 4.0, 4.0])
    assert gap.total_payments == pytest.approx(12.0)
    assert gap.value == 0.0


def test_gap_under_bankruptcy_costs_counts_value_that_rests_on_belief():
    exposure = np.array([[0.0, 10.0], [10.0, 0.0]])
    gap = clearing_gap(exposure, [2.0, 3.0], recovery=RecoveryRates(outside=0.5, inside=0.5))
    np.testing.assert_allclose(gap.greatest.payments, [10.0, 10.0])
    np.testing.assert_allclose(gap.least.payments, [2.3333333333, 2.6666666667])
    np.testing.assert_allclose(gap.equity, [2.0, 3.0])
    assert gap.value == pytest.approx(5.0)


def test_least_never_exceeds_greatest():
    for seed in range(20):
        debts = random_debts(seed, wealth=0.4)
        gap = clearing_gap(network_of(debts), debts.outside_assets, recovery=RecoveryRates(outside=0.8, inside=0.6))
        assert (gap.payments >= -1e-10).all()
        assert gap.value >= -1e-10


def test_nearly_closed_loop_is_solved_exactly():
    exposure = np.array([[0.0, 100.0], [100.0, 0.0]])
    network = debt_network(exposure, outside_debt=[1e-6, 2e-6])
    for solution in ("greatest", "least"):
        result = clear(network, [1e-7, 0.0], solution=solution)
        assert result.convergence.converged
        assert result.payments.sum() - result.received.sum() == pytest.approx(1e-7, rel=1e-5)


def test_network_of_no_firms_and_network_without_debts():
    assert clear(np.zeros((0, 0)), []).payments.size == 0
    result = clear(np.zeros((3, 3)), [1.0, 0.0, 2.0], solution="least")
    assert result.failures.count == 0
    np.testing.assert_allclose(result.equity, [1.0, 0.0, 2.0])


def test_bad_requests_are_refused():
    exposure = np.array([[0.0, 1.0], [2.0, 0.0]])
    with pytest.raises(InputError, match="solution: 'middle'"):
        clear(exposure, 0.0, solution="middle")
    with pytest.raises(NetworkError, match=r"recovery.outside.*at most 1"):
        clear(exposure, 0.0, recovery=RecoveryRates(outside=1.2))
    with pytest.raises(NetworkError, match="outside_assets"):
        clear(exposure, [-1.0, 0.0])
    with pytest.raises(NetworkError, match="which class"):
        debt_network([exposure, exposure], outside_debt=[1.0, 2.0, 3.0])
    with pytest.raises(NetworkError, match="same order"):
        debt_network([exposure, np.zeros((3, 3))])


def large_network(seed: int, firms: int = 12_000, debts: int = 14) -> tuple[sparse.csc_array, np.ndarray, np.ndarray]:
    """Exposures above `LARGE` claims, debts to outsiders, and assets that make many waves of default."""
    rng = np.random.default_rng(seed)
    debtor = np.repeat(np.arange(firms), rng.integers(0, 2 * debts, firms))
    creditor = (debtor + 1 + rng.integers(0, firms - 1, debtor.size)) % firms
    table = sparse.coo_array((rng.lognormal(0.0, 1.0, debtor.size), (creditor, debtor)), shape=(firms, firms)).tocsc()
    owed, held = np.asarray(table.sum(axis=0)).ravel(), np.asarray(table.sum(axis=1)).ravel()
    outside = rng.uniform(0.0, 0.2, firms) * owed + np.maximum(held - owed, 0.0)
    needed = np.maximum(owed + outside - held, 0.0)
    cushion = rng.uniform(0.0, 0.05, firms) * (owed + outside)
    assets = np.where(rng.random(firms) < 0.05, 0.3 * needed, needed + cushion)
    return table, outside, assets


@pytest.mark.parametrize("seed", range(2))
def test_payments_in_a_large_network_agree_with_plain_iteration(seed: int):
    table, outside, assets = large_network(seed)
    debts, by_creditor = debt_network(table, outside_debt=outside), table.tocsr()
    assert debts.claims > LARGE
    result = clear(debts, assets)
    owed, share = debts.arrays.owed_total, np.ones(debts.firms)
    for _ in range(1000):
        share = np.minimum(1.0, (assets + by_creditor @ share) / np.where(owed > 0.0, owed, 1e-300))
    assert result.failures.round.max() >= 3
    np.testing.assert_allclose(result.payments, share * owed, rtol=1e-10, atol=1e-12)


def test_rows_of_copied_claims_begin_with_those_of_listed_firms():
    table, outside, assets = large_network(5)
    debts = debt_network(table, outside_debt=outside)
    result = clear(debts, assets)
    state, copies = debts.memory[-1]
    listed, rounds = int(state.counts[LISTED]), result.failures.round
    bits = np.unpackbits(state.is_listed, bitorder="little")[: debts.firms].astype(bool)
    np.testing.assert_array_equal(bits, rounds >= 0)
    for place in range(listed):
        first, rest, end = int(state.row[place, 0]), int(state.row[place, 1]), int(state.row[place + 1, 0])
        firm = int(state.member[place])
        holders = copies.creditor[first:end]
        known = (rounds[holders] >= 0) & (rounds[holders] <= rounds[firm])
        np.testing.assert_array_equal(known, np.arange(holders.size) < rest - first)
        claims = slice(int(debts.arrays.start[firm]), int(debts.arrays.start[firm + 1]))
        expected = sorted(zip(debts.arrays.creditor[claims], debts.arrays.amount[claims], strict=True))
        assert sorted(zip(holders, copies.amount[first:end], strict=True)) == expected
