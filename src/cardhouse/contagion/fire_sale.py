"""Fire sales: firms that must shrink sell what they have in common, and the price falls for all of them.

:func:`leverage_targeting` returns every firm to its leverage after a loss (Greenwood, Landier and Thesmar 2015);
:func:`leverage_cap` lets firms sell only when a limit is broken (Cont and Schaanning 2017). In each round all firms
decide on the same prices, then all sales move prices together, so that the order of the firms does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray, unknown
from cardhouse.basics.errors import InputError, NetworkError, Problem
from cardhouse.contagion.orientation import Labels, read_vector
from cardhouse.contagion.outcome import Convergence, Failures, LabelledOutcome


@dataclass(frozen=True, kw_only=True, eq=False)
class FireSale(LabelledOutcome):
    """Losses and prices after a fire sale.

    Parameters
    ----------
    labels : sequence
        The firms.
    shock_loss : FloatArray
        Loss of each firm through the shock, in money; shape (firm,).
    sale_loss : FloatArray
        Further loss of each firm because prices fell, in money; shape (firm,).
    sold : FloatArray
        What each firm sold, valued at the prices of the round in which it sold; shape (firm,).
    equity : FloatArray
        Equity in the end, in money, negative where losses exceed it; shape (firm,).
    price : FloatArray
        Price of each asset class, 1 before the shock; shape (asset,).
    failures : Failures
        Firms whose equity is gone, by round; round 0 is the shock. No cause is named: all sellers share in a price.
    convergence : Convergence
        Residual: assets that a firm still has to sell, as a share of its assets.
    """

    columns: ClassVar[tuple[str, ...]] = ("shock_loss", "sale_loss", "sold", "equity", "failure_round")

    labels: Labels
    shock_loss: FloatArray
    sale_loss: FloatArray
    sold: FloatArray
    equity: FloatArray
    price: FloatArray
    failures: Failures
    convergence: Convergence

    @property
    def failure_round(self) -> IntArray:
        """Round in which equity was gone, -1 for firms that stand; shape (firm,)."""
        return self.failures.round


@dataclass(frozen=True, kw_only=True)
class Portfolios:
    """What firms hold.

    Parameters
    ----------
    holdings : array
        Assets of each firm by class, in money at price 1, not negative; shape (firm, asset).
    equity : numbers by firm
        Equity before the shock, in money, above zero.
    labels : sequence, optional
        The firms; taken from a frame given as holdings, or numbered.
    """

    holdings: Any
    equity: Any
    labels: Labels | None = None


@dataclass(frozen=True, kw_only=True)
class LeverageLimits:
    """Limits on leverage, assets over equity, and what may be sold.

    Parameters
    ----------
    cap : float
        Leverage above which a firm must sell.
    target : float
        Leverage to which it then returns, at most the cap.
    illiquid : numbers by firm
        Assets that count in leverage but cannot be sold, in money.
    insolvent_sell_all : bool
        True: a firm without equity sells everything it can. False: it sells nothing (wound up outside the market).
    """

    cap: float
    target: float
    illiquid: Any = 0.0
    insolvent_sell_all: bool = False


def leverage_targeting(
    portfolios: Portfolios, asset_shock: Any, price_impact: Any, *, rounds: int = 1, tolerance: float = 1e-10
) -> FireSale:
    r"""Let every firm sell, in proportion to its holdings, until its leverage is what it was before the shock.

    Parameters
    ----------
    portfolios : Portfolios
        Holdings and equity. Debt is what holdings exceed equity by.
    asset_shock : numbers by asset
        Share of its value that each asset class loses at first, in [0, 1].
    price_impact : numbers by asset
        Fall of the price, as a share of its value before the shock, for each unit of money sold.
    rounds : int
        Rounds of selling; the paper takes one.
    tolerance : float
        Largest residual that counts as converged: with one round, a firm usually still has something to sell.

    Returns
    -------
    FireSale
        Losses, sales and prices.

    Raises
    ------
    NetworkError
        For bad numbers.
    InputError
        For fewer than one round.

    Notes
    -----
    A loss :math:`x_i` makes firm i sell :math:`B_i x_i` with :math:`B_i` its debt over equity, spread as its holdings
    were, at most what it has. What is sold bears the fall in price like what is kept. Prices stay at or above 0.

    References
    ----------
    Greenwood, Landier and Thesmar (2015), *Vulnerable banks*, Journal of Financial Economics 115, section 1: the first
    round reproduces their aggregate vulnerability, :math:`1' A M L M' B A M s`. Deviations: sales and prices are
    bounded, further rounds.

    Examples
    --------
    Two firms hold asset 1; firm 0 loses on asset 0 and sells both.

    >>> portfolios = Portfolios(holdings=[[50, 50], [0, 100]], equity=[10, 20])
    >>> leverage_targeting(portfolios, [0.02, 0], [0.001, 0.001]).sale_loss
    array([0.45, 0.45])
    """
    if rounds < 1:
        raise InputError(f"rounds: {rounds} is less than 1.")
    market = _Market(portfolios, asset_shock)
    impact = _read_assets(price_impact, market.holdings.shape[1], "price_impact")
    debt_to_equity = np.maximum(market.assets_at_start - market.equity_at_start, 0.0) / market.equity_at_start
    news = market.shock_loss.copy()
    weights = market.holdings / market.assets_at_start[:, None]
    can_sell = market.holdings.sum(axis=1)
    for turn in range(1, rounds + 1):
        sale = np.minimum(debt_to_equity * news, can_sell - market.sold)
        news = market.mark_down(np.maximum(market.price - impact * (sale @ weights), 0.0), turn)
        market.sold += sale
    left = np.minimum(debt_to_equity * news, can_sell - market.sold) / market.assets_at_start
    return market.report(left, rounds, tolerance)


def leverage_cap(
    portfolios: Portfolios,
    asset_shock: Any,
    market_depth: Any,
    limits: LeverageLimits,
    *,
    floor_price: float = 0.0,
    tolerance: float = 1e-10,
) -> FireSale:
    r"""Let firms whose leverage breaks a cap sell, round by round, until none does.

    Parameters
    ----------
    portfolios : Portfolios
        Marketable holdings and equity.
    asset_shock : numbers by asset
        Share of its value that each asset class loses at first, in [0, 1].
    market_depth : numbers by asset
        Money sold that brings the price down by a share 1/e of the way to the floor; above zero.
    limits : LeverageLimits
        Cap, target and what cannot be sold.
    floor_price : float
        Price below which patient buyers step in, in [0, 1).
    tolerance : float
        Largest residual that counts as converged.

    Returns
    -------
    FireSale
        Losses, sales and prices.

    Raises
    ------
    NetworkError
        For bad numbers.
    InputError
        For limits that contradict each other.

    Notes
    -----
    A firm above the cap, before the shock or after, sells the part :math:`\Gamma = (A - \lambda_b E) / M` of its
    marketable assets :math:`M`, at most all of them. Selling :math:`q` takes the price from :math:`p` to
    :math:`p - (p - p_{floor})(1 - e^{-q/\delta})`. Sales realise the price they find; the fall hits what is kept.

    References
    ----------
    Cont and Schaanning (2017), *Fire sales, indirect contagion and systemic stress testing*, Norges Bank working paper
    2/2017, section 3 (deleveraging above a cap) and the impact function with a floor.

    Examples
    --------
    >>> portfolios = Portfolios(holdings=[[100.0], [100.0]], equity=[6.0, 20.0])
    >>> result = leverage_cap(portfolios, [0.02], [1000.0], LeverageLimits(cap=20, target=18))
    >>> result.sold.round(6), result.convergence.converged
    (array([84.757527,  0.      ]), True)
    """
    if not (np.isfinite(limits.cap) and 1.0 <= limits.target <= limits.cap):
        raise InputError(f"limits: a target between 1 and the cap; found target {limits.target} and cap {limits.cap}.")
    if not 0.0 <= floor_price < 1.0:
        raise InputError(f"floor_price: {floor_price} is not in [0, 1).")
    market = _Market(portfolios, asset_shock)
    depth = _read_assets(market_depth, market.holdings.shape[1], "market_depth")
    if (depth <= 0.0).any():
        raise InputError("market_depth: above zero for every asset.")
    illiquid = read_vector(limits.illiquid, market.labels, name="limits.illiquid")
    turn, most = 0, 100_000
    part = _part_to_sell(market, illiquid, limits)
    while turn < most and (part * market.worth()).max(initial=0.0) > 0.0:
        turn += 1
        amount = (market.holdings * part[:, None] * market.price).sum(axis=0)
        room = np.maximum(market.price - floor_price, 0.0)
        market.move(part, market.price - room * -np.expm1(-amount / depth), turn)
        part = _part_to_sell(market, illiquid, limits)
    left = part * market.worth() / market.assets_at_start
    return market.report(left, turn, tolerance)


def _part_to_sell(market: _Market, illiquid: FloatArray, limits: LeverageLimits) -> FloatArray:
    """Part of its marketable assets that each firm must sell at present prices."""
    worth = market.worth()
    assets, equity = worth + illiquid, market.equity()
    slack = 1e-12 * market.assets_at_start
    breaks = (equity > 0.0) & (assets > limits.cap * equity + slack)
    need = np.where(breaks, assets - limits.target * equity, 0.0)
    if limits.insolvent_sell_all:
        need = np.where(equity <= 0.0, worth, need)
    return np.clip(np.divide(need, worth, out=np.zeros_like(need), where=worth > 0.0), 0.0, 1.0)


class _Market:
    """Holdings, prices and losses as they stand."""

    def __init__(self, portfolios: Portfolios, asset_shock: Any) -> None:
        self.holdings, self.labels = _read_holdings(portfolios)
        self.equity_at_start = read_vector(portfolios.equity, self.labels, name="equity")
        if (self.equity_at_start <= 0.0).any():
            firm = str(self.labels[int(np.flatnonzero(self.equity_at_start <= 0.0)[0])])
            raise NetworkError("", (Problem(file="equity", key=firm, rule="equity before the shock is above zero"),))
        self.assets_at_start = np.maximum(self.holdings.sum(axis=1), 1e-300)
        shock = _read_assets(asset_shock, self.holdings.shape[1], "asset_shock", at_most=1.0)
        self.price = 1.0 - shock
        self.shock_loss = self.holdings @ shock
        firms = len(self.labels)
        self.sale_loss, self.sold = np.zeros(firms), np.zeros(firms)
        self.when = np.where(self.equity() <= 0.0, 0, -1).astype(np.int64)

    def worth(self) -> FloatArray:
        """Marketable assets of each firm at present prices."""
        return np.asarray(self.holdings @ self.price, dtype=np.float64)

    def equity(self) -> FloatArray:
        """Equity of each firm at present prices."""
        return self.equity_at_start - self.shock_loss - self.sale_loss

    def move(self, part: FloatArray, price: FloatArray, turn: int) -> FloatArray:
        """Sell these parts at present prices, then let prices fall; return the loss on what is kept."""
        self.sold += part * self.worth()
        self.holdings = self.holdings * (1.0 - part)[:, None]
        return self.mark_down(price, turn)

    def mark_down(self, price: FloatArray, turn: int) -> FloatArray:
        """Let prices fall; return the loss of each firm."""
        loss = self.holdings @ (self.price - price)
        self.sale_loss += loss
        self.price = price
        self.when[(self.equity() <= 0.0) & (self.when < 0)] = turn
        return np.asarray(loss, dtype=np.float64)

    def report(self, left: FloatArray, rounds: int, tolerance: float) -> FireSale:
        """Write the result down."""
        return FireSale(
            labels=self.labels,
            shock_loss=self.shock_loss,
            sale_loss=self.sale_loss,
            sold=self.sold,
            equity=self.equity(),
            price=self.price,
            failures=Failures(labels=self.labels, round=self.when, cause=np.full(len(self.labels), -1, dtype=np.int64)),
            convergence=Convergence(rounds=rounds, residual_by_firm=left, tolerance=tolerance),
        )


def _read_holdings(portfolios: Portfolios) -> tuple[FloatArray, Labels]:
    """Read holdings (firm, asset) and the names of the firms."""
    table = portfolios.holdings
    named = hasattr(table, "index") and hasattr(table, "to_numpy")
    holdings = np.array(table.to_numpy() if hasattr(table, "to_numpy") else table, dtype=np.float64)
    if holdings.ndim != 2:
        rule = "one row for each firm and one column for each asset class"
        raise NetworkError("", (Problem(file="holdings", value=f"shape {holdings.shape}", rule=rule),))
    wrong = np.argwhere(~((holdings >= 0.0) & np.isfinite(holdings)))
    labels = portfolios.labels or (tuple(table.index) if named else range(holdings.shape[0]))
    if wrong.size:
        firm, asset = (int(place) for place in wrong[0])
        key = f"firm {labels[firm]}, asset {asset}"
        problem = Problem(file="holdings", key=key, value=str(holdings[firm, asset]), rule="finite, not negative")
        raise NetworkError("", (problem,))
    if len(labels) != holdings.shape[0]:
        rule = f"one label for each of the {holdings.shape[0]} rows of holdings"
        raise NetworkError("", (Problem(file="labels", value=f"{len(labels)} labels", rule=rule),))
    return holdings, labels


def _read_assets(values: Any, assets: int, name: str, at_most: float = np.inf) -> FloatArray:
    """Read one number for each asset class."""
    numbers = read_vector(values, range(assets), name=name, at_most=at_most)
    result = unknown(assets)
    result[:] = numbers
    return result
