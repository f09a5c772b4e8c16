"""R-4 to R-6: cobweb, waves of investment and diffusion, with the model's own equations (A, B, C)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.model.equations.adoption import adopters_after, new_pilots, pilots_after
from cardhouse.model.equations.compute_market import capacity_after, discounted_rents, spot_price_after
from cardhouse.model.equations.orders import adaptive_growth, diagnostic_growth, wanted_orders
from validation.register import Outcome, agree, check

TARGET = 0.85


def _cobweb(demand_exponent: float, supply_exponent: float, periods: int) -> FloatArray:
    """Log deviation of capacity from rest: it lasts one period, and is ordered at the price of the last one."""
    demand, capacity = 100.0, 105.0
    path = [np.log(capacity * TARGET / demand)]
    for _ in range(periods):
        price = spot_price_after(1.0, 1.0, 1.0, demand / (TARGET * capacity), demand_exponent)
        gap = demand / TARGET - capacity
        orders = wanted_orders(1.0 * capacity, gap, 0.0, float(price**supply_exponent))
        capacity = capacity_after(capacity, 1.0, orders)
        path.append(np.log(capacity * TARGET / demand))
    return np.array(path)


@check(
    "R-4",
    "Cobweb: cycles die out when supply is less elastic than demand, and grow otherwise",
    "ratio of successive deviations is minus supply elasticity over demand elasticity within 1e-9, below one in size "
    "for the first case, one for equal elasticities, above one for the last",
    "Ezekiel 1938, The cobweb theorem; equations B2, B5, C2 with the gates of beliefs, race and finance off",
)
def cobweb(full: bool) -> Outcome:
    """Start five per cent above rest with demand elasticity one half."""
    ratios = {}
    worst = 0.0
    for supply in (0.3, 0.5, 0.6):
        path = _cobweb(2.0, supply, 20 if full else 10)
        found = path[1:] / path[:-1]
        ratios[supply] = float(found.mean())
        worst = max(worst, float(np.abs(found + 2.0 * supply).max()))
    grows = abs(ratios[0.3]) < 1.0 < abs(ratios[0.6]) and agree(ratios[0.5], -1.0, 1e-9)
    words = ", ".join(f"{supply} → {ratio:.3f}" for supply, ratio in ratios.items())
    return Outcome(
        f"supply elasticity → ratio: {words}; largest error {worst:.0e}", grows and np.isfinite(worst) and worst <= 1e-9
    )


@dataclass(frozen=True)
class Wave:
    """Beliefs of builders: how much they extrapolate, and how much of the supply line they ignore."""

    extrapolation: float
    neglect: float


LAG, RETIREMENT, DELAY_SPEED = 5, 0.03, 0.2


def _investment_wave(wave: Wave, quarters: int, seed: int) -> dict[str, FloatArray]:
    """Simulate one market for capacity under demand that wanders and returns, with a building lag of five quarters."""
    rng = np.random.default_rng(seed)
    log_demand, belief, price = 0.0, 0.0, 1.0
    capacity = 1.0 / TARGET
    line = [RETIREMENT * capacity] * LAG
    kept: dict[str, list[float]] = {"earnings": [], "price": [], "orders": [], "value": []}
    for _ in range(quarters):
        before = log_demand
        log_demand = 0.97 * log_demand + 0.06 * rng.standard_normal()
        demand = float(np.exp(log_demand))
        capacity = capacity_after(capacity, RETIREMENT, line.pop(0))
        price = spot_price_after(price, 0.6, 1.0, demand / (TARGET * capacity), 2.0)
        growth = log_demand - before
        news = growth - belief
        belief = adaptive_growth(belief, growth, 0.5)
        expected = diagnostic_growth(belief, news, wave.extrapolation, 0.0)
        grow = max(expected + RETIREMENT, 0.0) * capacity
        line_gap = DELAY_SPEED * (1.0 - wave.neglect) * (LAG * grow - sum(line))
        gap = DELAY_SPEED * (demand / TARGET - capacity)
        orders = wanted_orders(grow, gap, line_gap, max(price, 0.05) ** 0.5)
        line.append(orders)
        kept["earnings"].append(price - 0.15)
        kept["price"].append(discounted_rents(price, 0.15, 0.01, 0.0225, 24.0))
        kept["orders"].append(orders / capacity)
        kept["value"].append(price / 4.0 - 0.15 / 4.0)
    return {name: np.array(values[200:]) for name, values in kept.items()}


def _slope(left: FloatArray, right: FloatArray, lags: int) -> tuple[float, float]:
    """Least-squares slope of right on left, with its t-value under Newey-West errors."""
    x = left - left.mean()
    y = right - right.mean()
    slope = float((x * y).sum() / (x * x).sum())
    score = x * (y - slope * x)
    variance = float((score * score).sum())
    for lag in range(1, lags + 1):
        variance += 2.0 * (1.0 - lag / (lags + 1.0)) * float((score[lag:] * score[:-lag]).sum())
    return slope, slope / float(np.sqrt(max(variance, 1e-300)) / (x * x).sum())


HOLDING = 8


def _later_return(market: dict[str, FloatArray]) -> FloatArray:
    """Return of holding a unit of capacity for two years: rents and change of price, over price."""
    rents = np.convolve(market["value"], np.ones(HOLDING), mode="valid")[1:]
    price = market["price"]
    usable = price.size - HOLDING
    result: FloatArray = (rents[:usable] + price[HOLDING:]) / np.maximum(price[:usable], 0.05) - 1.0
    return result


@check(
    "R-5",
    "Greenwood-Hanson: high earnings go with high prices and orders and low later returns",
    "earnings correlate with the price of capacity and with orders; slope of the two-year return on earnings is "
    "negative with a t-value below -2",
    "Greenwood and Hanson 2015, Waves in ship prices and investment, tables 2 and 3 (signs)",
)
def investment_waves(full: bool) -> Outcome:
    """Simulate builders who extrapolate and neglect rivals, and regress."""
    market = _investment_wave(Wave(0.9, 0.6), 6000 if full else 2000, 7)
    later = _later_return(market)
    earnings = market["earnings"][: later.size]
    with_price = float(np.corrcoef(earnings, market["price"][: later.size])[0, 1])
    with_orders = float(np.corrcoef(earnings, market["orders"][: later.size])[0, 1])
    slope, t_value = _slope(earnings, later, 2 * HOLDING)
    sober = _investment_wave(Wave(0.0, 0.0), 6000 if full else 2000, 7)
    sober_later = _later_return(sober)
    sober_slope, _ = _slope(sober["earnings"][: sober_later.size], sober_later, 2 * HOLDING)
    figure = (
        f"correlation of earnings with price {with_price:.2f}, with orders {with_orders:.2f}; slope of later return "
        f"{slope:.2f} (t = {t_value:.1f}); without extrapolation and neglect {sober_slope:.2f}"
    )
    return Outcome(figure, with_price > 0.0 and with_orders > 0.0 and slope < 0.0 and t_value < -2.0)


@check(
    "R-6",
    "Bass: time and size of the peak of adoption",
    "with every pilot a success after one step of a hundredth of a year, peak at ln(q/p)/(p+q) and of size "
    "(p+q)²/(4q), both within 1 %",
    "Bass 1969, A new product growth for model consumer durables, equations 8 and 9; p 0.03 and q 0.38 a year",
)
def bass_peak(full: bool) -> Outcome:
    """Run A1 to A3 with a pilot stage of one short step and compare with the closed form."""
    step = 0.002 if full else 0.01
    innovation, imitation = 0.03, 0.38
    pilots, adopters, when, most = 0.0, 0.0, 0.0, 0.0
    for k in range(int(20.0 / step)):
        started = new_pilots(innovation * step, imitation * step, adopters + pilots, pilots + adopters, 1.0)
        after = adopters_after(adopters, 1.0 * pilots, 0.0)
        pilots = pilots_after(pilots, started, 1.0)
        rate = (after - adopters) / step
        if rate > most:
            most, when = rate, k * step
        adopters = after
    expected_when = float(np.log(imitation / innovation) / (innovation + imitation))
    expected_most = (innovation + imitation) ** 2 / (4.0 * imitation)
    figure = f"peak at {when:.3f} years (closed form {expected_when:.3f}), size {most:.5f} ({expected_most:.5f})"
    return Outcome(figure, agree(when, expected_when, 0.01) and agree(most, expected_most, 0.01))
