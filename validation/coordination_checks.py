"""R-2 and R-3: runs on debt with the model's own equations of liquidity, payoff and rollover (G3, G4)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.linalg import solve_banded
from scipy.special import ndtr

from cardhouse.basics.arrays import FloatArray
from cardhouse.model.equations.rollover import liquidity_cover, rolled_share, rolling_payoff, run_on_maturity
from validation.register import Outcome, check


def _best_response(others_rolling: float, liquidity: float) -> float:
    """Share that rolls, when each creditor thinks the others roll to a known extent and debts of 1 fall due."""
    survives = 1.0 if liquidity_cover(liquidity, 1.0 - others_rolling) >= 1.0 else 0.0
    return float(rolled_share(1.0, rolling_payoff(survives, 0.0, 0.5, 0.05), 1.02, 0.0))


def _fixed_point(start: float, liquidity: float) -> float:
    share = start
    for _ in range(50):
        share = _best_response(share, liquidity)
    return share


@check(
    "R-2a",
    "Diamond-Dybvig: two outcomes for the same fundamentals",
    "with liquid means for half the debt all roll and nobody rolls are both equilibria; with means for all of it only "
    "the first is",
    "Diamond and Dybvig 1983, Bank runs, deposit insurance, and liquidity, section II",
)
def two_outcomes(full: bool) -> Outcome:
    """Look for fixed points of the best response from above and from below."""
    levels = np.linspace(0.05, 1.2, 200 if full else 24)
    split = [(_fixed_point(1.0, level), _fixed_point(0.0, level)) for level in levels]
    half = (_fixed_point(1.0, 0.5), _fixed_point(0.0, 0.5))
    all_roll = all(above == 1.0 for above, _ in split)
    unique = all((above == below) == (level >= 1.0) for level, (above, below) in zip(levels, split, strict=True))
    figure = f"share rolled {half[0]:.0f} or {half[1]:.0f} at half; a single outcome from full liquidity upwards"
    return Outcome(figure, half == (1.0, 0.0) and all_roll and unique)


def illiquidity_part(cover: float, deviation: float, mean: float = 1.25, spread: float = 0.2) -> float:
    """Chance of failure through a run, beyond the chance of insolvency, before the state of the firm is known.

    Parameters
    ----------
    cover : float
        Liquid means over debt due; the equations cut it at one.
    deviation : float
        Standard deviation of what happens to assets after creditors decided, per unit of debt.
    mean, spread : float
        Distribution of assets when they decide, per unit of debt.
    """
    nodes = np.linspace(-6.0, 6.0, 601)
    weights = np.exp(-0.5 * nodes**2)
    assets = mean + spread * nodes
    insolvent = ndtr((1.0 - assets) / deviation)
    held = liquidity_cover(cover, 1.0)
    part = 0.0
    for weight, chance in zip(weights / weights.sum(), insolvent, strict=True):
        rolled = rolled_share(1.0, rolling_payoff(held, chance, 0.4, 0.08), 1.0, 0.01)
        part += weight * (run_on_maturity(chance, 1.0, 1.0 - rolled, held) - chance)
    return float(part)


@check(
    "R-2b",
    "Morris-Shin: illiquidity part of credit risk",
    "falls in the liquidity ratio on a grid from 0.5 to 1, rises in the variance of assets on a grid, and is zero "
    "within 1e-12 when the ratio is one or more",
    "Morris and Shin 2016, Illiquidity component of credit risk, section 2",
)
def illiquidity(full: bool) -> Outcome:
    """Compute the part on both grids."""
    size = 26 if full else 8
    ratios = np.linspace(0.5, 1.0, size)
    falling = [illiquidity_part(float(ratio), 0.1) for ratio in ratios]
    deviations = np.linspace(0.02, 0.3, size)
    rising = [illiquidity_part(0.96, float(deviation)) for deviation in deviations]
    above = max(abs(illiquidity_part(ratio, 0.1)) for ratio in (1.0, 1.5, 4.0))
    down = all(a > b for a, b in pairwise(falling))
    up = all(a < b for a, b in pairwise(rising))
    figure = (
        f"{falling[0]:.3f} → {falling[-1]:.0e} as the ratio rises from 0.5 to 1; {rising[0]:.4f} → {rising[-1]:.4f} "
        f"as the deviation rises from 0.02 to 0.30; {above:.0e} at ratios of one and more"
    )
    return Outcome(figure, down and up and above <= 1e-12)


@dataclass(frozen=True)
class StaggeredDebt:
    """A firm with staggered debt in He and Xiong's notation; rates per year."""

    volatility: float
    maturity: float = 0.1
    support: float = 5.0
    discount: float = 0.015
    coupon: float = 0.07
    ending: float = 0.077
    growth: float = 0.015
    liquidation: float = 0.55


GRID: FloatArray = np.linspace(-3.5, 3.5, 2801)
"""Logarithm of the fundamental."""
INSTANT = 1e-5
"""Length of the step over which the ladder equation (G4) gives the chance of failure, in years."""


def _failure_hazard(debt: StaggeredDebt, running: FloatArray) -> FloatArray:
    """Rate of failure per year where maturing creditors leave: G4 over an instant, without liquid means."""
    due = INSTANT / debt.maturity * debt.support
    broken = run_on_maturity(0.0, due, 1.0, 0.0)
    return running * float(-np.log1p(-broken) / INSTANT)


def value_of_debt(debt: StaggeredDebt, threshold: float) -> FloatArray:
    """Value of a unit of debt at each fundamental, when maturing creditors leave below a threshold (logarithm)."""
    step, level = float(GRID[1] - GRID[0]), np.exp(GRID)
    running = (threshold > GRID).astype(np.float64)
    hazard = _failure_hazard(debt, running)
    leaving = running / debt.maturity
    broken_up = np.minimum(
        1.0,
        debt.liquidation
        * (
            debt.coupon / (debt.discount + debt.ending)
            + debt.ending / (debt.discount + debt.ending - debt.growth) * level
        ),
    )
    drift = debt.growth - 0.5 * debt.volatility**2
    spread = 0.5 * debt.volatility**2 / step**2
    up = np.full(GRID.size, spread + max(drift, 0.0) / step)
    down = np.full(GRID.size, spread + max(-drift, 0.0) / step)
    up[-1] = down[0] = 0.0
    source = debt.coupon + debt.ending * np.minimum(1.0, level) + hazard * broken_up + leaving
    diagonal = debt.discount + debt.ending + hazard + leaving + up + down
    bands = np.zeros((3, GRID.size))
    bands[0, 1:], bands[1], bands[2, :-1] = -up[:-1], diagonal, -down[1:]
    value: FloatArray = solve_banded((1, 1), bands, source)
    return value


def run_threshold(debt: StaggeredDebt) -> float:
    """Fundamental below which a maturing creditor leaves, given that the others leave below it too."""
    low, high = float(GRID[20]), float(GRID[-20])
    for _ in range(40):
        middle = 0.5 * (low + high)
        worth = float(np.interp(middle, GRID, value_of_debt(debt, middle)))
        # rolling pays where the debt is worth its face
        if rolled_share(1.0, worth, 1.0, 0.0) >= 1.0:
            high = middle
        else:
            low = middle
    return float(np.exp(0.5 * (low + high)))


@check(
    "R-3",
    "He-Xiong: longer maturity and temporary support can raise the risk of a run",
    "the threshold below which creditors run rises with volatility; at high volatility it is higher with doubled "
    "maturity, or with half the failure rate under a run; at low volatility both lower it",
    "He and Xiong 2012, Dynamic debt runs, sections 3 and 4 (parameters as published)",
)
def longer_maturity(full: bool) -> Outcome:
    """Compare run thresholds at two volatilities, two maturities and two degrees of support."""
    found = {}
    for volatility in (0.05, 0.2, 0.8) if full else (0.05, 0.8):
        base = run_threshold(StaggeredDebt(volatility))
        longer = run_threshold(StaggeredDebt(volatility, maturity=0.2))
        kept = run_threshold(StaggeredDebt(volatility, support=2.5))
        found[volatility] = (base, longer, kept)
    calm, wild = found[0.05], found[0.8]
    rises = wild[0] > calm[0]
    passed = rises and calm[1] < calm[0] and calm[2] < calm[0] and wild[1] > wild[0] and wild[2] > wild[0]
    words = [
        f"volatility {volatility}: {base:.3f}, doubled maturity {longer:.3f}, support {kept:.3f}"
        for volatility, (base, longer, kept) in found.items()
    ]
    return Outcome("; ".join(words), passed)
