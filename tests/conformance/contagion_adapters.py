"""One adapter per kernel: how a common shock to a common network is put to it, and what counts as its loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from tests.contagion.networks import random_exposure

from cardhouse.contagion import (
    clearing,
    compose,
    cross_holdings,
    debtrank,
    equity_and_debt,
    fire_sale,
    reconstruction,
    threshold,
    valuation,
)


@dataclass(frozen=True)
class World:
    """A network at face value and a shock to outside assets. All numbers differ from firm to firm."""

    exposure: np.ndarray  # [creditor, debtor], money
    assets: np.ndarray  # outside assets before the shock, money
    outside_debt: np.ndarray  # money
    shock: np.ndarray  # share of outside assets lost, by firm
    classes: np.ndarray  # share of outside assets in each asset class, (firm, class)

    @property
    def left(self) -> np.ndarray:
        return self.assets * (1.0 - self.shock)

    @property
    def equity(self) -> np.ndarray:
        held, owed = self.exposure.sum(axis=1), self.exposure.sum(axis=0)
        return self.assets + held - owed - self.outside_debt

    def without_shock(self) -> World:
        return replace(self, shock=0.0 * self.shock)


def make_world(seed: int, firms: int = 11, strength: float = 1.0) -> World:
    rng = np.random.default_rng(seed)
    exposure = random_exposure(rng, firms)
    held, owed = exposure.sum(axis=1), exposure.sum(axis=0)
    own = rng.uniform(0.5, 3.0, firms)
    assets = own + owed
    equity = np.minimum(rng.uniform(0.05, 0.12, firms) * (assets + held), 0.8 * own)
    shock = np.where(rng.random(firms) < 0.35, rng.uniform(0.02, 0.35, firms), 0.0) * strength
    classes = rng.dirichlet(np.ones(3), firms)
    return World(exposure, assets, assets + held - owed - equity, shock, classes)


Loss = Callable[[World], np.ndarray]


@dataclass(frozen=True)
class Adapter:
    """A kernel under test.

    `loss` gives the money each firm loses in the end, own shock included; `value` what all final holders have left,
    where the kernel says so. A property a kernel lacks by its own definition is switched off here, with the reason.
    """

    name: str
    kernel: str
    loss: Loss
    value: Callable[[World], float] | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)

    def has(self, quality: str) -> bool:
        return quality not in self.lacks


COSTS = clearing.RecoveryRates(outside=0.7, inside=0.8)


def drop(equity: Callable[[World], np.ndarray]) -> Loss:
    """Loss as the difference that the shock makes to a value by firm."""
    return lambda world: equity(world.without_shock()) - equity(world)


def cleared(world: World, *, costs: clearing.RecoveryRates, solution: str, ranked: bool) -> clearing.Clearing:
    if ranked:
        tables = [np.zeros_like(world.exposure), world.exposure]
        debts = clearing.debt_network(tables, outside_debt=[world.outside_debt, 0.0 * world.outside_debt])
    else:
        debts = clearing.debt_network(world.exposure, outside_debt=world.outside_debt)
    return clearing.clear(debts, world.left, recovery=costs, solution=solution)


def clear_adapter(name: str, costs: clearing.RecoveryRates, solution: str, *, ranked: bool = False) -> Adapter:
    def run(world: World) -> clearing.Clearing:
        return cleared(world, costs=costs, solution=solution, ranked=ranked)

    def value(world: World) -> float:
        result = run(world)
        return float(result.equity.sum() + (result.payments - result.received).sum())

    return Adapter(name, "clearing", drop(lambda world: run(world).equity), value)


def in_loop_equity(world: World) -> np.ndarray:
    creditor, debtor = np.nonzero(world.exposure)
    firms = np.arange(world.assets.size)
    claims = clearing.ClaimList(
        np.concatenate([debtor, firms]).astype(np.int64),
        np.concatenate([creditor, np.full(firms.size, -1)]).astype(np.int64),
        np.zeros(debtor.size + firms.size, dtype=np.int64),
        np.concatenate([world.exposure[creditor, debtor], world.outside_debt]),
        np.ones(debtor.size + firms.size, dtype=bool),
    )
    space = clearing.clearing_workspace(firms.size, claims.amount.size, 1)
    rates = clearing.EstateRates(np.full(firms.size, 0.7), np.full(firms.size, 0.8))
    assert clearing.clear_into(world.left, claims, rates, space) == clearing.SETTLED
    paid = np.bincount(claims.debtor, space.payment, firms.size)
    return np.where(space.default_wave >= 0, 0.0, world.left + space.received - paid)


def batch_equity(world: World) -> np.ndarray:
    debts = clearing.debt_network(world.exposure, outside_debt=world.outside_debt)
    result = clearing.clear_scenarios(debts, np.stack([0.5 * world.left, world.left]), recovery=COSTS)
    shares = result.payments[1] / np.where(debts.arrays.owed_total > 0, debts.arrays.owed_total, 1.0)
    left = world.left + world.exposure @ shares - result.payments[1]
    return np.where(result.default_round[1] >= 0, 0.0, left)


def maturity_cash(rule: str) -> Callable[[World], np.ndarray]:
    def cash(world: World) -> np.ndarray:
        ladder = clearing.debt_ladder(
            [0.6 * world.exposure, 0.4 * world.exposure],
            outside_debt=[0.3 * world.outside_debt, 0.7 * world.outside_debt],
        )
        result = clearing.clear_maturities(ladder, np.stack([0.7 * world.left, 0.3 * world.left]), later_debt=rule)
        return np.where(result.default_date >= 0, 0.0, result.cash[-1])

    return cash


def stress(world: World) -> np.ndarray:
    return np.minimum(1.0, world.shock * world.assets / world.equity)


def holdings_of(world: World, part: float) -> np.ndarray:
    owed = world.exposure.sum(axis=0)
    return part * world.exposure / np.where(owed > 0, owed, 1.0)


def share_value(world: World) -> np.ndarray:
    sound = cross_holdings.cross_holdings(holdings_of(world, 0.5), world.assets).market_value
    return cross_holdings.cross_holdings(
        holdings_of(world, 0.5), world.left, failure_threshold=0.9 * sound, failure_cost=0.1 * world.assets
    ).market_value


def joint(world: World) -> equity_and_debt.JointValue:
    debt = world.exposure.sum(axis=0) + world.outside_debt
    claims = world.exposure / np.where(debt > 0, debt, 1.0)
    return equity_and_debt.equity_and_debt(0.3 * holdings_of(world, 1.0), claims, world.left, debt)


def joint_value(world: World) -> float:
    result = joint(world)
    debt = world.exposure.sum(axis=0) + world.outside_debt
    inside_debt = world.exposure.sum(axis=0) / np.where(debt > 0, debt, 1.0)
    inside_shares = 0.3 * holdings_of(world, 1.0).sum(axis=0)
    return float((1 - inside_debt) @ result.debt_value + (1 - inside_shares) @ result.share_value)


def valued(choose: Callable[[World], valuation.Valuation]) -> Callable[[World], np.ndarray]:
    def equity(world: World) -> np.ndarray:
        book = valuation.OutsideBook(assets=world.left, debt=world.outside_debt)
        return valuation.network_value(world.exposure, book, choose(world), tolerance=1e-13).equity

    return equity


def furfine_loss(world: World) -> np.ndarray:
    result = threshold.furfine_cascade(
        world.exposure, world.equity, shock_loss=world.shock * world.assets, loss_given_default=0.6
    )
    return result.claim_loss + result.shock_loss


def gai_kapadia_loss(world: World) -> np.ndarray:
    hit = np.flatnonzero(world.shock * world.assets > world.equity)
    balance = threshold.BankBalance(illiquid_assets=world.assets, deposits=world.outside_debt)
    return threshold.gai_kapadia_cascade(world.exposure, balance, initially_failed=hit.tolist()).claim_loss


def fire_sale_loss(world: World, *, capped: bool) -> np.ndarray:
    portfolios = fire_sale.Portfolios(holdings=world.assets[:, None] * world.classes, equity=world.equity)
    total = world.assets.sum()
    shock = np.array([1.0, 0.4, 0.1]) * (world.shock @ world.assets) / total
    if capped:
        cap = 1.02 * float((world.assets / world.equity).max())
        limits = fire_sale.LeverageLimits(cap=cap, target=0.8 * cap, insolvent_sell_all=True)
        result = fire_sale.leverage_cap(portfolios, shock, np.array([3.0, 4.0, 5.0]) * total, limits)
    else:
        result = fire_sale.leverage_targeting(portfolios, shock, np.array([0.2, 0.3, 0.1]) / total, rounds=3)
    return result.shock_loss + result.sale_loss


def reconstructed_equity(world: World) -> np.ndarray:
    table = reconstruction.maximum_entropy(world.exposure.sum(axis=1), world.exposure.sum(axis=0)).exposure
    return clearing.clear(clearing.debt_network(table, outside_debt=world.outside_debt), world.left).equity


def composed_loss(world: World) -> np.ndarray:
    debts = clearing.debt_network(world.exposure, outside_debt=world.outside_debt)
    total = world.assets.sum()

    def equity(state: Mapping[str, np.ndarray]) -> np.ndarray:
        return clearing.clear(debts, world.left * state["price"]).equity

    def price(state: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.array([np.exp(-0.1 * (world.equity - state["equity"]).sum() / total)])

    start = {"equity": world.equity, "price": np.ones(1)}
    outcome = compose.joint_fixed_point({"equity": equity, "price": price}, start)
    assert outcome.convergence.converged
    return -outcome.change("equity")


SINGLE_HIT = {
    "monotone": "a light first touch uses up the one hit of a firm",
    "splitting": "the impact of each single claim is capped at 1",
}
ACCELERATED = {"monotone": "a default at the first date pays later creditors early, which can save one of them"}
OTHER_SALE = {"monotone": "a firm that breaks its cap earlier sells at a better price"}

ADAPTERS = [
    clear_adapter("eisenberg_noe", clearing.NO_BANKRUPTCY_COSTS, "greatest"),
    clear_adapter("rogers_veraart", COSTS, "greatest"),
    clear_adapter("rogers_veraart_least", COSTS, "least"),
    clear_adapter("seniority", COSTS, "greatest", ranked=True),
    Adapter("clear_into", "clearing", drop(in_loop_equity)),
    Adapter("clear_scenarios", "clearing", drop(batch_equity)),
    Adapter("maturities_wait", "clearing", drop(maturity_cash("wait"))),
    Adapter("maturities_accelerate", "clearing", drop(maturity_cash("accelerate")), lacks=ACCELERATED),
    Adapter("cross_holdings", "cross_holdings", drop(share_value), lambda world: float(share_value(world).sum())),
    Adapter("equity_and_debt", "equity_and_debt", drop(lambda world: joint(world).share_value), joint_value),
    Adapter(
        "debtrank",
        "debtrank",
        lambda w: debtrank.debtrank(w.exposure, w.equity, stress(w), tolerance=1e-13).equity_loss,
    ),
    Adapter(
        "debtrank_mixed",
        "debtrank",
        lambda w: debtrank.debtrank(w.exposure, w.equity, stress(w), count_rounds=False, tolerance=1e-13).equity_loss,
    ),
    Adapter(
        "nonlinear_debtrank",
        "debtrank",
        lambda w: (
            debtrank.nonlinear_debtrank(w.exposure, w.equity, stress(w), nonlinearity=2.0, tolerance=1e-13).equity_loss
        ),
    ),
    Adapter(
        "single_hit_debtrank",
        "debtrank",
        lambda w: debtrank.single_hit_debtrank(w.exposure, w.equity, stress(w)).equity_loss,
        lacks=SINGLE_HIT,
    ),
    Adapter("furfine", "threshold", furfine_loss),
    Adapter("gai_kapadia", "threshold", gai_kapadia_loss),
    Adapter("neva_eisenberg_noe", "valuation", drop(valued(lambda _: valuation.EisenbergNoe()))),
    Adapter("neva_rogers_veraart", "valuation", drop(valued(lambda _: valuation.RogersVeraart(0.7, 0.8)))),
    Adapter("neva_furfine", "valuation", drop(valued(lambda _: valuation.Furfine(0.4)))),
    Adapter("neva_debtrank", "valuation", drop(valued(lambda w: valuation.LinearDebtRank(w.equity)))),
    Adapter("neva_ex_ante", "valuation", drop(valued(lambda _: valuation.ExAnteEisenbergNoe(0.1)))),
    Adapter("neva_merton", "valuation", drop(valued(lambda _: valuation.Merton(0.1, 0.4)))),
    Adapter("neva_black_cox", "valuation", drop(valued(lambda _: valuation.BlackCox(0.1, 0.4)))),
    Adapter("leverage_targeting", "fire_sale", lambda w: fire_sale_loss(w, capped=False)),
    Adapter("leverage_cap", "fire_sale", lambda w: fire_sale_loss(w, capped=True), lacks=OTHER_SALE),
    Adapter(
        "maximum_entropy",
        "reconstruction",
        drop(reconstructed_equity),
        lacks={"splitting": "two halves of a firm may owe each other"},
    ),
    Adapter("compose", "compose", composed_loss),
]
