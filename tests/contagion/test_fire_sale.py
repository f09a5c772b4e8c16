"""Fire sales: the published matrix formula, a plain loop, limits, and who bears what."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.contagion.fire_sale import LeverageLimits, Portfolios, leverage_cap, leverage_targeting


def case(seed: int = 3, firms: int = 8, classes: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    holdings = rng.lognormal(2, 0.7, (firms, classes)) * (rng.random((firms, classes)) < 0.8)
    holdings[:, 0] += 1.0
    return holdings, holdings.sum(axis=1) * rng.uniform(0.05, 0.2, firms), rng.uniform(0, 0.03, classes)


def test_one_round_is_the_matrix_formula_of_the_paper():
    holdings, equity, shock = case()
    impact = np.array([1e-4, 2e-4, 1.5e-4, 3e-4])
    assets = holdings.sum(axis=1)
    weights, scale = holdings / assets[:, None], np.diag(assets)
    leverage = np.diag((assets - equity) / equity)
    expected = scale @ weights @ np.diag(impact) @ weights.T @ leverage @ scale @ weights @ shock
    result = leverage_targeting(Portfolios(holdings=holdings, equity=equity), shock, impact)
    np.testing.assert_allclose(result.sale_loss, expected, rtol=1e-12)
    assert not result.convergence.converged


def test_further_rounds_go_on_until_nothing_is_left_to_sell():
    holdings, equity, shock = case()
    result = leverage_targeting(Portfolios(holdings=holdings, equity=equity), shock, 1e-5, rounds=60)
    assert result.convergence.converged
    one = leverage_targeting(Portfolios(holdings=holdings, equity=equity), shock, 1e-5)
    assert (result.sale_loss >= one.sale_loss).all()


def test_sales_and_prices_stay_in_bounds_under_an_absurd_impact():
    holdings, equity, shock = case()
    result = leverage_targeting(Portfolios(holdings=holdings, equity=equity), shock, 10.0, rounds=5)
    assert (result.price >= 0).all()
    assert (result.sold <= holdings.sum(axis=1) * (1 + 1e-12)).all()
    np.testing.assert_allclose(result.shock_loss + result.sale_loss, holdings @ (1 - result.price), rtol=1e-10)


def test_cap_agrees_with_a_plain_loop():
    holdings, equity, shock = case(7)
    depth, illiquid = np.array([60.0, 90.0, 70.0, 150.0]), np.linspace(1, 4, 8)
    limits = LeverageLimits(cap=11.0, target=9.0, illiquid=illiquid)
    result = leverage_cap(Portfolios(holdings=holdings, equity=equity), shock, depth, limits, floor_price=0.2)
    kept, price, worth = holdings.copy(), 1 - shock, equity - holdings @ shock
    for _ in range(500):
        sold = np.zeros(4)
        part = np.zeros(8)
        for i in range(8):
            marketable = kept[i] @ price
            total = marketable + illiquid[i]
            if worth[i] > 0 and total > 11.0 * worth[i]:
                part[i] = min(1.0, max(0.0, (total - 9.0 * worth[i]) / marketable)) if marketable > 0 else 0.0
            sold += part[i] * kept[i] * price
        if part.max() == 0:
            break
        new = price - (price - 0.2) * (1 - np.exp(-sold / depth))
        kept *= (1 - part)[:, None]
        worth -= kept @ (price - new)
        price = new
    assert result.convergence.rounds > 1
    np.testing.assert_allclose(result.price, price, rtol=1e-9)
    np.testing.assert_allclose(result.equity, worth, rtol=1e-8, atol=1e-9)


def test_nobody_sells_below_the_cap():
    result = leverage_cap(
        Portfolios(holdings=[[50.0, 50.0]], equity=[20.0]), [0.01, 0.0], [9.0, 9.0], LeverageLimits(cap=20, target=15)
    )
    assert result.sold.tolist() == [0.0]
    assert result.convergence.rounds == 0


def test_insolvent_firms_sell_only_if_told_to():
    portfolios = Portfolios(holdings=[[100.0], [100.0]], equity=[1.0, 40.0])
    quiet = leverage_cap(portfolios, [0.05], [500.0], LeverageLimits(cap=20, target=18))
    forced = leverage_cap(portfolios, [0.05], [500.0], LeverageLimits(cap=20, target=18, insolvent_sell_all=True))
    assert quiet.sold.tolist() == [0.0, 0.0]
    assert forced.sold[0] == pytest.approx(95.0)
    assert forced.sale_loss[1] > 0
    assert forced.failures.round.tolist() == [0, -1]


def test_labels_come_from_the_frame():
    frame = pd.DataFrame([[50.0, 50.0], [10.0, 90.0]], index=["ann", "bob"], columns=["gpu", "land"])
    result = leverage_targeting(Portfolios(holdings=frame, equity={"bob": 20.0, "ann": 10.0}), [0.1, 0], 1e-4)
    assert set(result.by_label("equity")) == {"ann", "bob"}


def test_bad_requests_are_refused():
    good = Portfolios(holdings=[[1.0]], equity=[0.5])
    with pytest.raises(NetworkError, match="firm 0, asset 0"):
        leverage_targeting(Portfolios(holdings=[[-1.0]], equity=[1.0]), [0.1], [0.1])
    with pytest.raises(NetworkError, match="above zero"):
        leverage_targeting(Portfolios(holdings=[[1.0]], equity=[0.0]), [0.1], [0.1])
    with pytest.raises(NetworkError, match="asset_shock"):
        leverage_targeting(good, [1.1], [0.1])
    with pytest.raises(InputError, match="rounds"):
        leverage_targeting(good, [0.1], [0.1], rounds=0)
    with pytest.raises(InputError, match="target"):
        leverage_cap(good, [0.1], [0.1], LeverageLimits(cap=5, target=6))
    with pytest.raises(InputError, match="market_depth"):
        leverage_cap(good, [0.1], [0.0], LeverageLimits(cap=5, target=4))
    with pytest.raises(InputError, match="floor_price"):
        leverage_cap(good, [0.1], [1.0], LeverageLimits(cap=5, target=4), floor_price=1.0)
