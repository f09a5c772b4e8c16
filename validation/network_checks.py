"""R-7, R-8 and R-11: clearing, cross-holdings, fire sales and cycling against their papers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cardhouse.analysis.circularity.finn import finn_cycling_index
from cardhouse.analysis.circularity.hodge import hodge_split
from cardhouse.basics.arrays import FloatArray
from cardhouse.contagion.clearing import RecoveryRates, clear, debt_network
from cardhouse.contagion.cross_holdings import cross_holdings
from cardhouse.contagion.fire_sale import LeverageLimits, Portfolios, leverage_cap, leverage_targeting
from validation.register import Outcome, check


def _random_debts(rng: np.random.Generator, firms: int) -> tuple[FloatArray, FloatArray]:
    """Exposures [creditor, debtor] and outside assets of firms of unequal size."""
    exposure = rng.lognormal(0.0, 1.0, (firms, firms)) * (rng.random((firms, firms)) < 0.3)
    np.fill_diagonal(exposure, 0.0)
    return exposure, rng.lognormal(0.0, 1.0, firms)


def _picard(
    exposure: FloatArray, assets: FloatArray, alpha: float, beta: float, rounds: int = 20000
) -> tuple[FloatArray, float]:
    """Greatest clearing vector by plain iteration from full payment (Rogers and Veraart's algorithm, written anew)."""
    owed = exposure.sum(axis=0)
    share = np.divide(exposure, owed[None, :], out=np.zeros_like(exposure), where=owed[None, :] > 0.0)
    paid, moved = owed.copy(), np.inf
    for _ in range(rounds):
        received = share @ paid
        full = assets + received >= owed * (1.0 - 1e-13)
        after = np.where(full, owed, np.minimum(owed, alpha * assets + beta * received))
        moved = float(np.abs(after - paid).max())
        paid = after
        if moved == 0.0:
            break
    return paid, moved


@check(
    "R-7a",
    "Eisenberg-Noe: three banks by hand, and random networks by plain iteration",
    "payments of a ring solved by hand within 1e-12; on random networks the greatest clearing vector of an "
    "independent iteration within 1e-9",
    "Eisenberg and Noe 2001, Systemic risk in financial systems, theorems 1 and 2",
)
def clearing_vector(full: bool) -> Outcome:
    """Solve the ring 0 owes 1, 1 owes 2, 2 owes 0 (10, 8, 6; outside assets 2, 1, 0.5), then random networks."""
    ring = np.zeros((3, 3))
    ring[1, 0], ring[2, 1], ring[0, 2] = 10.0, 8.0, 6.0
    # 2 pays 6 in full, 0 has 2 + 6 = 8 of 10, 1 has 1 + 8 = 9 and pays 8, 2 has 0.5 + 8 and pays 6
    hand = np.array([8.0, 8.0, 6.0])
    found = clear(debt_network(ring), [2.0, 1.0, 0.5])
    by_hand = float(np.abs(np.asarray(found.payments) - hand).max())
    rng = np.random.default_rng(11)
    worst = 0.0
    for _ in range(200 if full else 20):
        exposure, assets = _random_debts(rng, 25)
        paid, _ = _picard(exposure, 0.4 * assets, 1.0, 1.0)
        result = clear(debt_network(exposure), 0.4 * assets)
        worst = max(worst, float(np.abs(np.asarray(result.payments) - paid).max()))
    passed = np.isfinite([by_hand, worst]).all() and by_hand <= 1e-12 and worst <= 1e-9
    return Outcome(f"ring {by_hand:.0e}, random networks {worst:.0e}", bool(passed))


@check(
    "R-7b",
    "Rogers-Veraart: greatest vector, monotone in both recovery rates",
    "the greatest clearing vector of an independent iteration within 1e-9; payments of every firm do not fall when "
    "either rate rises; with both at 1 the vector of Eisenberg and Noe",
    "Rogers and Veraart 2013, Failure and rescue in an interbank network, theorem 3.1 and section 3",
)
def clearing_with_costs(full: bool) -> Outcome:
    """Walk both rates up on random networks."""
    rng = np.random.default_rng(12)
    rates = np.linspace(0.2, 1.0, 9 if full else 5)
    worst, drop = 0.0, 0.0
    for _ in range(60 if full else 8):
        exposure, assets = _random_debts(rng, 20)
        assets = 0.6 * assets
        debts = debt_network(exposure)
        for walk in ([(rate, 0.7) for rate in rates], [(0.7, rate) for rate in rates]):
            paid = []
            for alpha, beta in walk:
                result = np.asarray(clear(debts, assets, recovery=RecoveryRates(outside=alpha, inside=beta)).payments)
                worst = max(worst, float(np.abs(result - _picard(exposure, assets, alpha, beta)[0]).max()))
                paid.append(result)
            drop = max(drop, *(float((low - high).max()) for low, high in pairwise(paid)))
        same = np.asarray(clear(debts, assets, recovery=RecoveryRates(outside=1.0, inside=1.0)).payments)
        worst = max(worst, float(np.abs(same - np.asarray(clear(debts, assets).payments)).max()))
    passed = np.isfinite([worst, drop]).all() and worst <= 1e-9 and drop <= 1e-9
    return Outcome(f"largest difference {worst:.0e}, largest fall of a payment {drop:.0e}", bool(passed))


@check(
    "R-7c",
    "Elliott-Golub-Jackson: the paper's two firms",
    "each firm holds half of the other: values of a portfolio [1, 0] are 2/3 and 1/3 within 1e-12; without failures "
    "outside values add up to asset values",
    "Elliott, Golub and Jackson 2014, Financial networks and contagion, section I",
)
def two_firms(_full: bool) -> Outcome:
    """Value the example, both firms' assets in turn."""
    halves = [[0.0, 0.5], [0.5, 0.0]]
    first = np.asarray(cross_holdings(halves, [1.0, 0.0]).market_value)
    second = np.asarray(cross_holdings(halves, [0.0, 1.0]).market_value)
    gap = max(float(np.abs(first - [2 / 3, 1 / 3]).max()), float(np.abs(second - [1 / 3, 2 / 3]).max()))
    return Outcome(f"{first.round(6).tolist()}, {second.round(6).tolist()}", bool(np.isfinite(gap)) and gap <= 1e-12)


def _share_failing(integration: float, diversification: float, draws: int) -> float:
    """Mean share of firms that fail when one firm's asset is lost, in the paper's random networks of 100 firms."""
    firms, failed = 100, 0
    for draw in range(draws):
        rng = np.random.default_rng([draw, int(1000 * diversification)])
        links = (rng.random((firms, firms)) < diversification / (firms - 1)).astype(np.float64)
        np.fill_diagonal(links, 0.0)
        owners = links.sum(axis=0)
        holdings = integration * np.divide(links, owners[None, :], out=np.zeros_like(links), where=owners[None, :] > 0)
        healthy = np.asarray(cross_holdings(holdings, np.ones(firms)).market_value)
        assets = np.ones(firms)
        assets[draw % firms] = 0.0
        threshold = 0.93 * healthy
        result = cross_holdings(holdings, assets, failure_threshold=threshold, failure_cost=threshold)
        failed += result.failures.count
    return failed / (draws * firms)


@check(
    "R-7d",
    "Elliott-Golub-Jackson: cascades are not monotone in integration and in diversification",
    "mean share of failing firms among 100 is higher at a middle level than at both ends, for integration 0.05 to 0.95 "
    "at diversification 3, and for diversification 0.5 to 20 at integration 0.5",
    "Elliott, Golub and Jackson 2014, section III, thresholds at 0.93 of healthy values",
)
def not_monotone(full: bool) -> Outcome:
    """Walk through both dimensions."""
    draws = 100 if full else 6
    by_integration = [_share_failing(c, 3.0, draws) for c in (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)]
    by_diversification = [_share_failing(0.5, d, draws) for d in (0.5, 1.5, 3.0, 5.0, 8.0, 12.0, 20.0)]
    passed = all(max(path[1:-1]) > max(path[0], path[-1]) for path in (by_integration, by_diversification))
    words = [" ".join(f"{share:.2f}" for share in path) for path in (by_integration, by_diversification)]
    return Outcome(f"by integration {words[0]}; by diversification {words[1]}", passed)


@check(
    "R-8a",
    "Greenwood-Landier-Thesmar: vulnerability in closed form",
    "loss through fire sales is the matrix product of the paper, ones' A M L M' B A M s, within 1e-10 relative on "
    "random portfolios",
    "Greenwood, Landier and Thesmar 2015, Vulnerable banks, equation 4",
)
def vulnerable_banks(full: bool) -> Outcome:
    """Compare one round of leverage targeting with the product of matrices."""
    rng = np.random.default_rng(13)
    worst = 0.0
    for _ in range(200 if full else 30):
        firms, assets = 12, 6
        holdings = rng.lognormal(2.0, 1.0, (firms, assets))
        total = holdings.sum(axis=1)
        leverage = rng.uniform(5.0, 25.0, firms)
        equity = total / (1.0 + leverage)
        shock, impact = 0.002 * rng.random(assets), 1e-6 * rng.random(assets)
        weights = holdings / total[:, None]
        closed = float(
            (
                np.diag(total)
                @ weights
                @ np.diag(impact)
                @ weights.T
                @ np.diag(leverage)
                @ np.diag(total)
                @ weights
                @ shock
            ).sum()
        )
        found = leverage_targeting(Portfolios(holdings=holdings, equity=equity), shock, impact)
        worst = max(worst, abs(float(np.asarray(found.sale_loss).sum()) - closed) / closed)
    return Outcome(f"largest relative difference {worst:.0e}", bool(np.isfinite(worst)) and worst <= 1e-10)


def _cap_by_loop(holdings: FloatArray, equity: FloatArray, shock: FloatArray, depth: FloatArray) -> FloatArray:
    """Losses through deleveraging above a cap of 20 to a target of 18, bank by bank with plain loops."""
    held = [list(row) for row in holdings]
    price = [1.0 - float(fall) for fall in shock]
    own = [
        float(e) - sum(h * float(f) for h, f in zip(row, shock, strict=True))
        for e, row in zip(equity, held, strict=True)
    ]
    start = list(own)
    for _ in range(1000):
        worth = [sum(h * p for h, p in zip(row, price, strict=True)) for row in held]
        parts = [
            min(max((a - 18.0 * e) / a, 0.0), 1.0) if e > 0.0 and a > 20.0 * e * (1.0 + 1e-12) else 0.0
            for a, e in zip(worth, own, strict=True)
        ]
        if max(parts) == 0.0:
            break
        amounts = [
            sum(row[k] * part for row, part in zip(held, parts, strict=True)) * price[k] for k in range(len(price))
        ]
        after = [p * float(np.exp(-amount / d)) for p, amount, d in zip(price, amounts, depth, strict=True)]
        for i, part in enumerate(parts):
            held[i] = [h * (1.0 - part) for h in held[i]]
            own[i] -= sum(h * (p - q) for h, p, q in zip(held[i], price, after, strict=True))
        price = after
    return np.array(start) - np.array(own)


@check(
    "R-8b",
    "Cont-Schaanning: deleveraging above a cap",
    "losses of 48 random banks agree with a bank-by-bank loop within 1e-9 relative; no fire-sale loss below the shock "
    "that breaks the first cap, and beyond it a loss that rises with the shock",
    "Cont and Schaanning 2017, Fire sales, indirect contagion and systemic stress testing, section 3 and figure 6 "
    "(shape; the supervisory data behind the figure are not in the project)",
)
def leverage_caps(full: bool) -> Outcome:
    """Compare with the loop, and trace the loss over the size of the shock."""
    rng = np.random.default_rng(14)
    worst = 0.0
    limits = LeverageLimits(cap=20.0, target=18.0)
    for _ in range(20 if full else 3):
        holdings = rng.lognormal(2.0, 1.0, (48, 8)) * (rng.random((48, 8)) < 0.6) + 0.1
        equity = holdings.sum(axis=1) / rng.uniform(10.0, 19.5, 48)
        shock, depth = 0.05 * rng.random(8), holdings.sum(axis=0) * rng.uniform(5.0, 20.0, 8)
        found = np.asarray(leverage_cap(Portfolios(holdings=holdings, equity=equity), shock, depth, limits).sale_loss)
        loop = _cap_by_loop(holdings, equity, shock, depth)
        worst = max(worst, float(np.abs(found - loop).max() / equity.max()))
    holdings = np.full((10, 1), 100.0)
    equity = 100.0 / np.linspace(12.0, 17.0, 10)
    losses = []
    sizes = np.array([0.005, 0.0092, 0.02, 0.03, 0.04])
    for size in sizes:
        result = leverage_cap(Portfolios(holdings=holdings, equity=equity), [float(size)], [20000.0], limits)
        losses.append(float(np.asarray(result.sale_loss).sum()))
    # the most levered bank, at 17, reaches 20 when (1 - s) / (1/17 - s) = 20, that is s = 0.00929
    below = losses[0] == 0.0 and losses[1] == 0.0
    rising = bool((np.diff(losses[1:]) > 0.0).all())
    words = ", ".join(f"{100 * size:.2f} % → {loss:.2f}" for loss, size in zip(losses, sizes, strict=True))
    figure = f"largest difference {worst:.0e}; loss by size of the shock: {words}"
    return Outcome(figure, bool(np.isfinite(worst)) and worst <= 1e-9 and below and rising)


@check(
    "R-11a",
    "Finn's cycling index of the Cone Spring ecosystem",
    "0.092 within 0.002, the published index",
    "Finn 1976 and Williams and Crouthamel's Cone Spring data, as in Ulanowicz 1986",
)
def cone_spring(_full: bool) -> Outcome:
    """Order: plants, bacteria, detritivores, carnivores, detritus; kcal per square metre and year."""
    plants, bacteria, detritivores, carnivores, detritus = range(5)
    flow = np.zeros((5, 5))
    flow[plants, detritus] = 8881.0
    flow[detritus, bacteria], flow[detritus, detritivores] = 5205.0, 2309.0
    flow[bacteria, detritus], flow[bacteria, detritivores] = 1600.0, 75.0
    flow[detritivores, detritus], flow[detritivores, carnivores] = 200.0, 370.0
    flow[carnivores, detritus] = 167.0
    entering = np.array([11184.0, 0.0, 0.0, 0.0, 635.0])
    leaving = np.array([300.0 + 2003.0, 255.0 + 3275.0, 1814.0, 203.0, 860.0 + 3109.0])
    balance = float(np.abs(entering + flow.sum(axis=0) - leaving - flow.sum(axis=1)).max())
    index = float(finn_cycling_index(flow, entering, leaving))
    return Outcome(
        f"{index:.4f} (largest imbalance of the data {balance:.0f})",
        bool(np.isfinite(index)) and abs(index - 0.092) <= 0.002,
    )


@check(
    "R-11b",
    "Hodge split: circular share of a ring and of trees",
    "1 on a three-cycle and 0 on trees of 3 to 12 firms, within 1e-12",
    "Kichikawa et al. 2019; definition of the split",
)
def ring_and_trees(full: bool) -> Outcome:
    """Split a ring, and random trees with unequal flows."""
    ring = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [2.0, 0.0, 0.0]])
    on_ring = float(hodge_split(ring).circular_share)
    rng = np.random.default_rng(15)
    worst = 0.0
    for size in range(3, 13 if full else 6):
        tree = np.zeros((size, size))
        for child in range(1, size):
            parent = int(rng.integers(child))
            pair = (parent, child) if rng.random() < 0.5 else (child, parent)
            tree[pair] = rng.lognormal(0.0, 1.0)
        worst = max(worst, abs(float(hodge_split(tree).circular_share)))
    passed = np.isfinite([on_ring, worst]).all() and abs(on_ring - 1.0) <= 1e-12 and worst <= 1e-12
    return Outcome(f"ring {on_ring:.12f}, trees at most {worst:.0e}", bool(passed))
