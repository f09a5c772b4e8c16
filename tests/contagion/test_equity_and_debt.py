"""Joint valuation of shares and debt: plain iteration, and the two special cases."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contagion.networks import random_debts, random_exposure

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.clearing import clear, debt_network
from cardhouse.contagion.cross_holdings import cross_holdings
from cardhouse.contagion.equity_and_debt import equity_and_debt


def shares(rng: np.random.Generator, firms: int, most: float) -> np.ndarray:
    table = random_exposure(rng, firms)
    total = table.sum(axis=0)
    return table * rng.uniform(0.2, most, firms) / np.where(total > 0, total, 1.0)


@pytest.mark.parametrize("solution", ["greatest", "least"])
@pytest.mark.parametrize("seed", range(8))
def test_values_agree_with_plain_iteration(seed: int, solution: str):
    rng = np.random.default_rng(seed)
    stock, debt = shares(rng, 12, 0.8), shares(rng, 12, 0.95)
    assets, owed = rng.lognormal(0, 1, 12), rng.lognormal(0.4, 1, 12)
    value = assets.copy()
    for _ in range(20_000):
        value = assets + debt @ np.minimum(value, owed) + stock @ np.maximum(value - owed, 0)
    result = equity_and_debt(stock, debt, assets, owed, solution=solution)
    assert result.convergence.converged
    assert result.failures.count > 0
    np.testing.assert_allclose(result.firm_value, value, rtol=1e-9)
    np.testing.assert_allclose(result.debt_value + result.share_value, value, rtol=1e-12)


def test_value_to_final_owners_is_the_assets():
    rng = np.random.default_rng(3)
    stock, debt = shares(rng, 12, 0.8), shares(rng, 12, 0.95)
    assets, owed = rng.lognormal(0, 1, 12), rng.lognormal(0.4, 1, 12)
    result = equity_and_debt(stock, debt, assets, owed)
    outside = (1 - stock.sum(axis=0)) @ result.share_value + (1 - debt.sum(axis=0)) @ result.debt_value
    assert outside == pytest.approx(assets.sum(), rel=1e-9)


def test_debts_alone_are_eisenberg_noe_clearing():
    debts = random_debts(11)
    exposure, outside = debts.exposures[0], debts.outside_debt[0]
    owed = exposure.sum(axis=0) + outside
    fractions = exposure / np.where(owed > 0, owed, 1.0)
    joint = equity_and_debt(np.zeros_like(exposure), fractions, debts.outside_assets, owed)
    cleared = clear(debt_network(exposure, outside_debt=outside), debts.outside_assets)
    np.testing.assert_allclose(joint.debt_value, cleared.payments, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(joint.share_value, cleared.equity, rtol=1e-9, atol=1e-9)


def test_shares_alone_are_cross_holdings():
    rng = np.random.default_rng(9)
    stock, assets = shares(rng, 10, 0.9), rng.lognormal(0, 1, 10)
    joint = equity_and_debt(stock, np.zeros_like(stock), assets, 0.0)
    np.testing.assert_allclose(joint.firm_value, cross_holdings(stock, assets).total_value, rtol=1e-10)


def test_bad_holdings_are_refused():
    with pytest.raises(NetworkError, match=r"debt_holdings: issuer 0.*at most 1"):
        equity_and_debt(np.zeros((2, 2)), [[0, 0], [1.4, 0]], 1.0, 1.0)
    with pytest.raises(NetworkError, match="owned by nobody"):
        equity_and_debt([[0, 1.0], [1.0, 0]], np.zeros((2, 2)), 1.0, 1.0)
    with pytest.raises(NetworkError, match="same firms"):
        equity_and_debt(np.zeros((2, 2)), np.zeros((3, 3)), 1.0, 1.0)
    with pytest.raises(InputError, match="solution"):
        equity_and_debt(np.zeros((2, 2)), np.zeros((2, 2)), 1.0, 1.0, solution="mean")
