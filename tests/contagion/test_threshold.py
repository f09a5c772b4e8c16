"""Threshold cascades against a plain cascade, and their own rules."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contagion.networks import random_exposure

from cardhouse.basics.errors import NetworkError
from cardhouse.contagion.threshold import BankBalance, furfine_cascade, gai_kapadia_cascade


@pytest.mark.parametrize("seed", range(8))
def test_furfine_agrees_with_a_plain_cascade(seed: int):
    rng = np.random.default_rng(seed)
    exposure = random_exposure(rng, 25)
    capital, shock = rng.uniform(0.2, 2.5, 25), rng.uniform(0, 1.5, 25)
    severity = rng.uniform(0.3, 1.0, 25)
    failed = shock > capital
    rounds = np.where(failed, 0, -1)
    for turn in range(1, 30):
        loss = (exposure * severity) @ failed
        fresh = (loss + shock > capital) & ~failed
        rounds[fresh] = turn
        failed = failed | fresh
    result = furfine_cascade(exposure, capital, shock_loss=shock, loss_given_default=severity)
    np.testing.assert_array_equal(result.failures.round, rounds)
    np.testing.assert_allclose(result.claim_loss, (exposure * severity) @ failed, rtol=1e-12)


def test_furfine_spares_a_firm_whose_loss_equals_its_capital_and_gai_kapadia_does_not():
    exposure = np.array([[0.0, 0.0], [5.0, 0.0]])
    assert furfine_cascade(exposure, [1.0, 5.0], initially_failed=[0]).failures.count == 1
    balance = BankBalance(illiquid_assets=[9.0, 3.0], deposits=[2.0, 3.0])
    assert gai_kapadia_cascade(exposure, balance, initially_failed=[0]).failures.count == 2


def test_cause_is_the_largest_claim_lost_before_failure():
    exposure = np.zeros((4, 4))
    exposure[2, 0], exposure[2, 1], exposure[3, 2] = 2.0, 3.0, 9.0
    result = furfine_cascade(exposure, [1.0, 1.0, 4.0, 5.0], initially_failed=[0, 1])
    assert result.failures.round.tolist() == [0, 0, 1, 2]
    assert result.failures.cause.tolist() == [-1, -1, 1, 2]


def test_a_lower_asset_price_fails_more_firms():
    rng = np.random.default_rng(4)
    exposure = random_exposure(rng, 20)
    worth = rng.uniform(0.3, 1.0, 20)
    illiquid = rng.uniform(5, 9, 20) + exposure.sum(axis=0)
    deposits = illiquid + exposure.sum(axis=1) - exposure.sum(axis=0) - worth
    balances = [
        BankBalance(illiquid_assets=illiquid, deposits=deposits, illiquid_price=price) for price in (1.0, 0.97, 0.9)
    ]
    counts = [gai_kapadia_cascade(exposure, balance).failures.count for balance in balances]
    assert counts[0] == 0
    assert counts[0] < counts[1] <= counts[2]


def test_strangers_are_refused():
    with pytest.raises(NetworkError, match=r"initially_failed.*zoe"):
        furfine_cascade(np.zeros((2, 2)), 1.0, initially_failed=["zoe"])
