"""Clearing over several dates and the three rules for debt not yet due."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contagion.networks import random_debts, random_exposure

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.clearing import RecoveryRates, clear, clear_maturities, debt_ladder, debt_network

RULES = ["accelerate", "subordinate", "wait"]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(4))
def test_one_date_is_ordinary_clearing(rule: str, seed: int):
    debts = random_debts(seed)
    costs = RecoveryRates(outside=0.8, inside=0.9)
    ladder = debt_ladder(debts.exposures, outside_debt=debts.outside_debt)
    dated = clear_maturities(ladder, debts.outside_assets[None], later_debt=rule, recovery=costs)
    plain = clear(
        debt_network(debts.exposures[0], outside_debt=debts.outside_debt[0]), debts.outside_assets, recovery=costs
    )
    assert dated.convergence.converged
    np.testing.assert_allclose(dated.payments[0], plain.payments, rtol=1e-9, atol=1e-11)
    np.testing.assert_array_equal(dated.failures.round, plain.failures.round)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(6))
def test_money_is_conserved_over_the_dates(rule: str, seed: int):
    rng = np.random.default_rng(seed)
    ladder = debt_ladder([random_exposure(rng, 9) for _ in range(3)], outside_debt=[rng.random(9) for _ in range(3)])
    income = rng.lognormal(0, 1, (3, 9)) * (rng.random((3, 9)) < 0.6)
    result = clear_maturities(ladder, income, later_debt=rule, recovery=RecoveryRates(outside=0.7, inside=0.6))
    assert (result.default_date >= 0).any()
    outside = result.payments.sum() - result.received.sum()
    kept = result.cash[-1].sum() + outside + result.bankruptcy_loss.sum()
    assert kept == pytest.approx(income.sum(), rel=1e-9)
    owed = np.bincount(ladder.debtor, ladder.amount, 9)
    np.testing.assert_allclose(result.payments.sum(axis=0) + result.unpaid, owed, rtol=1e-9)


def chain(rule: str):
    """Firm 0 owes 6 at date 0 to firm 1 and 12 at date 1 to firm 2; it has 4, then 5."""
    now, later = np.zeros((3, 3)), np.zeros((3, 3))
    now[1, 0], later[2, 0] = 6.0, 12.0
    return clear_maturities(debt_ladder([now, later]), [[4.0, 1.0, 0.0], [5.0, 0.0, 2.0]], later_debt=rule)


def test_acceleration_shares_the_estate_pari_passu_at_both_dates():
    result = chain("accelerate")
    np.testing.assert_allclose(result.received, [[0, 4 / 3, 8 / 3], [0, 5 / 3, 10 / 3]])
    np.testing.assert_allclose(result.unpaid, [9.0, 0, 0])
    assert result.default_date.tolist() == [0, -1, -1]


def test_subordination_pays_what_was_due_first():
    np.testing.assert_allclose(chain("subordinate").received, [[0, 4, 0], [0, 5 * 2 / 14, 5 * 12 / 14]])


def test_waiting_leaves_later_debt_at_its_date():
    np.testing.assert_allclose(chain("wait").received, [[0, 4, 0], [0, 5 * 2 / 14, 5 * 12 / 14]])
    now, later = np.zeros((3, 3)), np.zeros((3, 3))
    now[1, 0], later[2, 0] = 6.0, 1.0
    ladder = debt_ladder([now, later, later])
    rich_later = [[4.0, 0, 0], [4.0, 0, 0], [0.0, 0, 0]]
    waited = clear_maturities(ladder, rich_later, later_debt="wait")
    np.testing.assert_allclose(waited.received[:, 2], [0.0, 1.0, 1.0])
    np.testing.assert_allclose(waited.cash[:, 0], [0.0, 1.0, 0.0])


def test_later_debt_does_not_count_in_the_default_test():
    now, later = np.zeros((2, 2)), np.zeros((2, 2))
    now[1, 0], later[1, 0] = 1.0, 100.0
    result = clear_maturities(debt_ladder([now, later]), [[2.0, 0.0], [3.0, 0.0]], later_debt="accelerate")
    assert result.default_date.tolist() == [1, -1]
    np.testing.assert_allclose(result.payments[:, 0], [1.0, 4.0])


def test_bad_ladders_are_refused():
    ladder = debt_ladder([np.zeros((2, 2))])
    with pytest.raises(InputError, match="later_debt"):
        clear_maturities(ladder, [[0.0, 0.0]], later_debt="forget")
    with pytest.raises(NetworkError, match="2 firms"):
        clear_maturities(ladder, [[0.0]], later_debt="wait")
    with pytest.raises(NetworkError, match="date 0, firm 1"):
        clear_maturities(ladder, [[0.0, -2.0]], later_debt="wait")
    with pytest.raises(NetworkError, match="1 entries"):
        debt_ladder([np.zeros((2, 2)), np.zeros((2, 2))], outside_debt=[0.0])
