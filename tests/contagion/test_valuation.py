"""Network valuation: each valuation against the kernel or the integral that it should equal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats
from tests.contagion.networks import random_debts, random_exposure

from cardhouse.basics.errors import InputError
from cardhouse.contagion.clearing import RecoveryRates, clear, debt_network
from cardhouse.contagion.debtrank import debtrank
from cardhouse.contagion.threshold import furfine_cascade
from cardhouse.contagion.valuation import (
    BlackCox,
    Book,
    EisenbergNoe,
    ExAnteEisenbergNoe,
    Furfine,
    LinearDebtRank,
    Merton,
    OutsideBook,
    RogersVeraart,
    network_value,
)


@pytest.mark.parametrize("solution", ["greatest", "least"])
@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 1.0), (0.7, 0.6)])
@pytest.mark.parametrize("seed", range(4))
def test_ex_post_valuations_are_clearing_with_outside_debt_senior(seed: int, alpha: float, beta: float, solution: str):
    debts = random_debts(seed, wealth=2.0)
    exposure, outside = debts.exposures[0], debts.outside_debt[0]
    network = debt_network([np.zeros_like(exposure), exposure], outside_debt=[outside, 0.0 * outside])
    costs = RecoveryRates(outside=alpha, inside=beta)
    cleared = clear(network, debts.outside_assets, recovery=costs, solution=solution)
    valuation = EisenbergNoe() if alpha == 1.0 else RogersVeraart(alpha, beta)
    book = OutsideBook(assets=debts.outside_assets, debt=outside)
    result = network_value(exposure, book, valuation, solution=solution)
    assert result.convergence.converged
    owes = exposure.sum(axis=0) > 0
    np.testing.assert_allclose(result.claim_value[owes], cleared.paid_share[owes, 1], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(np.maximum(result.equity, 0.0), cleared.equity, rtol=1e-8, atol=1e-8)


def solvent_case(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    exposure = random_exposure(rng, 12)
    equity = np.maximum(exposure.sum(axis=1) / 1.3, 0.4) * rng.uniform(0.7, 1.5, 12)
    assets = rng.uniform(2, 4, 12) + exposure.sum(axis=0) + equity
    debt = assets + exposure.sum(axis=1) - exposure.sum(axis=0) - equity
    return exposure, assets, debt, equity


@pytest.mark.parametrize("seed", range(4))
def test_linear_valuation_is_debtrank_with_unequal_equities(seed: int):
    exposure, assets, debt, equity = solvent_case(seed)
    hit = np.where(np.arange(12) % 4 == 0, 0.6 * equity, 0.0)
    found = network_value(exposure, OutsideBook(assets=assets - hit, debt=debt), LinearDebtRank(equity))
    stress = debtrank(exposure, equity, hit / equity, tolerance=1e-13).stress
    np.testing.assert_allclose(np.clip(1 - found.equity / equity, 0, 1), stress, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_furfine_valuation_is_the_furfine_cascade(seed: int):
    exposure, assets, debt, equity = solvent_case(seed)
    hit = np.where(np.arange(12) % 4 == 0, 1.2 * equity, 0.0)
    found = network_value(exposure, OutsideBook(assets=assets - hit, debt=debt), Furfine(0.4))
    cascade = furfine_cascade(exposure, equity, shock_loss=hit, loss_given_default=0.6)
    np.testing.assert_array_equal(found.failures.round, cascade.failures.round)
    np.testing.assert_allclose(equity - found.equity, cascade.claim_loss + hit, rtol=1e-9, atol=1e-12)


def one_debtor(equity: float) -> tuple[np.ndarray, Book]:
    number = np.array([equity])
    return number, Book(
        outside_assets=np.array([10.0]), outside_debt=np.array([5.0]), owed=np.array([3.0]), held=np.zeros(1)
    )


@pytest.mark.parametrize("equity", [-4.5, -1.0, 0.0, 0.5, 2.0])
def test_ex_ante_value_is_the_expected_ex_post_value(equity: float):
    number, book = one_debtor(equity)
    deviation = 0.3 * np.sqrt(2.0)

    def payoff(z: float) -> float:
        assets = 10.0 * np.exp(deviation * z - 0.5 * deviation**2)
        later = equity + assets - 10.0
        return float(np.clip((later + 3.0) / 3.0, 0.0, 1.0) * stats.norm.pdf(z))

    expected = integrate.quad(payoff, -9, 9, points=[-3, -1, 0, 1], limit=400)[0]
    assert ExAnteEisenbergNoe(0.3, 2.0)(number, book)[0] == pytest.approx(expected, abs=1e-6)


def test_merton_is_one_minus_default_and_black_cox_defaults_earlier():
    number, book = one_debtor(1.5)
    level = 10.0 - 1.5
    default = stats.norm.cdf((np.log(level / 10.0) + 0.5 * 0.2**2) / 0.2)
    assert Merton(0.2, recovery_rate=0.4)(number, book)[0] == pytest.approx(1 - 0.6 * default, rel=1e-12)
    assert BlackCox(0.2)(number, book)[0] < Merton(0.2)(number, book)[0]


def test_black_cox_agrees_with_simulated_paths():
    number, book = one_debtor(1.5)
    rng = np.random.default_rng(1)
    steps = 400
    moves = rng.standard_normal((20_000, steps)) * 0.2 / np.sqrt(steps) - 0.5 * 0.2**2 / steps
    path = np.cumsum(moves, axis=1)
    seen_later = 0.5826 * 0.2 / np.sqrt(steps)  # dates are discrete: the barrier is moved up for it
    touched = (path.min(axis=1) <= np.log(0.85) + seen_later).mean()
    assert 1 - BlackCox(0.2)(number, book)[0] == pytest.approx(touched, abs=0.012)


def test_bad_requests_are_refused():
    with pytest.raises(InputError, match="volatility"):
        network_value([[0, 0], [1, 0]], OutsideBook(assets=[1, 1]), Merton(0.0))
    with pytest.raises(InputError, match="solution"):
        network_value([[0, 0], [1, 0]], OutsideBook(assets=[1, 1]), EisenbergNoe(), solution="odd")
