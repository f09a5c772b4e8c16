"""The in-loop settlement against an independent plain solver and against the rules it states."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.contagion.clearing import (
    BAD_NUMBER,
    SETTLED,
    ClaimList,
    ClearingWorkspace,
    EstateRates,
    clear_into,
    clearing_workspace,
)


def random_case(seed: int, firms: int = 12, claims: int = 60, ranks: int = 3, due: float = 1.0):
    rng = np.random.default_rng(seed)
    debtor = rng.integers(0, firms, claims)
    creditor = (debtor + 1 + rng.integers(0, firms - 1, claims)) % firms
    creditor[rng.random(claims) < 0.2] = -1
    amount = rng.lognormal(0.0, 1.0, claims)
    is_due = rng.random(claims) < due
    owed = np.bincount(debtor, amount * is_due, firms)
    inside = creditor >= 0
    held = np.bincount(creditor[inside], (amount * is_due)[inside], firms)
    assets = np.maximum(1.05 * owed - held, 0.0) * np.where(rng.random(firms) < 0.3, 0.2, 0.9)
    return assets, ClaimList(debtor, creditor, rng.integers(0, ranks, claims), amount, is_due)


def settle(assets: np.ndarray, claims: ClaimList, alpha: float, beta: float) -> ClearingWorkspace:
    firms = assets.size
    space = clearing_workspace(firms, claims.amount.size, int(claims.rank.max()) + 1)
    rates = EstateRates(np.full(firms, alpha), np.full(firms, beta))
    assert clear_into(assets, claims, rates, space) == SETTLED
    assert np.isfinite(space.report).all()
    return space


def slow_reference(assets: np.ndarray, claims: ClaimList, alpha: float, beta: float) -> np.ndarray:
    """Greatest clearing payments by one plain downward iteration, claim by claim (all claims due)."""
    paid = claims.amount.copy()
    owed = np.bincount(claims.debtor, claims.amount, assets.size)
    for _ in range(5000):
        inside = claims.creditor >= 0
        received = np.bincount(claims.creditor[inside], paid[inside], assets.size)
        new = claims.amount.copy()
        for firm in np.flatnonzero(assets + received < owed * (1 - 1e-12)):
            left = alpha * assets[firm] + beta * received[firm]
            for rank in range(int(claims.rank.max()) + 1):
                mine = (claims.debtor == firm) & (claims.rank == rank)
                total = claims.amount[mine].sum()
                new[mine] *= min(1.0, left / total) if total else 1.0
                left = max(0.0, left - total)
        if np.abs(new - paid).max() < 1e-14:
            return new
        paid = new
    raise AssertionError("the reference did not settle")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 1.0), (0.7, 0.8)])
def test_payments_agree_with_a_plain_downward_iteration(seed: int, alpha: float, beta: float):
    assets, claims = random_case(seed)
    space = settle(assets, claims, alpha, beta)
    assert (space.default_wave >= 0).any()
    np.testing.assert_allclose(space.payment, slow_reference(assets, claims, alpha, beta), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("seed", range(6))
def test_money_is_conserved_without_bankruptcy_costs(seed: int):
    assets, claims = random_case(seed, due=0.7)
    space = settle(assets, claims, 1.0, 1.0)
    paid = np.bincount(claims.debtor, space.payment, assets.size)
    kept = assets + space.received - paid
    assert (kept >= -1e-9 * paid).all()
    outside = space.payment[claims.creditor < 0].sum()
    np.testing.assert_allclose(kept.sum() + outside, assets.sum(), rtol=1e-12)


def test_senior_claims_are_paid_before_junior_ones():
    claims = ClaimList(
        np.array([0, 0, 0]),
        np.array([1, 2, -1]),
        np.array([0, 1, 1]),
        np.array([5.0, 6.0, 3.0]),
        np.ones(3, dtype=bool),
    )
    space = settle(np.array([8.0, 1.0, 1.0]), claims, 1.0, 1.0)
    np.testing.assert_allclose(space.payment, [5.0, 2.0, 1.0])


def test_later_debt_does_not_fail_a_firm_but_shares_its_estate():
    debtor, creditor = np.array([0, 0, 1]), np.array([2, -1, 2])
    rank, amount = np.zeros(3, dtype=np.int64), np.array([6.0, 18.0, 4.0])
    claims = ClaimList(debtor, creditor, rank, amount, np.array([True, False, True]))
    healthy = settle(np.array([7.0, 9.0, 0.0]), claims, 1.0, 1.0)
    np.testing.assert_allclose(healthy.payment, [6.0, 0.0, 4.0])
    failed = settle(np.array([4.0, 9.0, 0.0]), claims, 1.0, 1.0)
    np.testing.assert_allclose(failed.payment, [1.0, 3.0, 4.0])
    assert failed.default_wave.tolist() == [0, -1, -1]


def test_a_closed_loop_without_outside_money_pays_in_full():
    claims = ClaimList(
        np.array([0, 1, 2]), np.array([1, 2, 0]), np.zeros(3, dtype=np.int64), np.full(3, 7.3), np.ones(3, dtype=bool)
    )
    space = settle(np.zeros(3), claims, 1.0, 1.0)
    np.testing.assert_allclose(space.payment, claims.amount)
    assert (space.default_wave == -1).all()


def test_a_nearly_closed_loop_is_solved_exactly_in_few_sweeps():
    claims = ClaimList(
        np.array([0, 1, 0, 1]),
        np.array([1, 0, -1, -1]),
        np.zeros(4, dtype=np.int64),
        np.array([100.0, 100.0, 1e-6, 2e-6]),
        np.ones(4, dtype=bool),
    )
    space = settle(np.array([1e-7, 0.0]), claims, 1.0, 1.0)
    assert space.report[1] < 100
    np.testing.assert_allclose(space.payment[2] + space.payment[3], 1e-7, rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_unusable_numbers_give_a_result_code(bad: float):
    assets, claims = random_case(1)
    space = clearing_workspace(assets.size, claims.amount.size, 3)
    rates = EstateRates(np.ones(assets.size), np.ones(assets.size))
    spoiled = assets.copy()
    spoiled[3] = bad
    assert clear_into(spoiled, claims, rates, space) == BAD_NUMBER
    amounts = claims.amount.copy()
    amounts[5] = bad
    assert clear_into(assets, claims._replace(amount=amounts), rates, space) == BAD_NUMBER


def test_splitting_a_claim_in_two_changes_nothing():
    assets, claims = random_case(4, due=0.8)
    whole = settle(assets, claims, 0.7, 0.9)
    part = 0.31
    doubled = ClaimList(*(np.append(column, column[7]) for column in claims))
    doubled.amount[7] *= part
    doubled.amount[-1] *= 1 - part
    halves = settle(assets, doubled, 0.7, 0.9)
    np.testing.assert_allclose(halves.payment[7] + halves.payment[-1], whole.payment[7], rtol=1e-12)
    np.testing.assert_allclose(halves.received, whole.received, rtol=1e-12)
