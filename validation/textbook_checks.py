"""R-1: the economies of Godley and Lavoie come out of this ledger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from validation.register import Outcome, agree, check
from validation.textbook_economies import Economy, Period, run_lp, run_pc, run_sim

BOOK = "Godley and Lavoie 2007, Monetary Economics"


def _closes(economy: Economy, last: Period) -> bool:
    """Tell whether rows and columns summed to zero all along, and money held equals money issued."""
    gap = abs(last.money - economy.money_issued)
    return bool(np.isfinite(economy.worst)) and economy.worst <= 1e-9 and gap <= 1e-9


def _worst_gap(pairs: Sequence[tuple[float, float]]) -> float:
    gaps = [abs(found - published) / abs(published) for found, published in pairs]
    return max(gaps) if np.isfinite(gaps).all() else np.inf


@check(
    "R-1a",
    "Model SIM: transition path and steady state from the ledger",
    "Y of periods 2 and 3 is 38.5 and 47.9 (to the printed digit), Y* = 100, YD* = H* = 80 within 1e-6; "
    "money held equals money issued within 1e-9",
    f"{BOOK}, ch. 3, table 3.4",
)
def model_sim(full: bool) -> Outcome:
    """Run SIM with the published parameters from an economy without money."""
    history, economy = run_sim(400 if full else 200)
    first, second, last = history[0], history[1], history[-1]
    path = round(first.income, 1) == 38.5 and round(second.income, 1) == 47.9 and round(second.wealth, 1) == 22.7
    steady = agree(last.income, 100.0, 1e-6) and agree(last.wealth, 80.0, 1e-6) and agree(last.tax, 20.0, 1e-6)
    figure = (
        f"Y {first.income:.2f}, {second.income:.2f}, …, {last.income:.6f}; H* {last.wealth:.6f}; "
        f"largest sum of a row or column {economy.worst:.0e}"
    )
    return Outcome(figure, path and steady and _closes(economy, last))


@check(
    "R-1b",
    "Model PC: steady states before and after a rise of the bill rate",
    "V* 86.49, bills 64.87, money 21.62, Y* 106.49 at 2.5 % (to the printed digit); money 18.018 at 3.5 %, and income "
    "higher, as the book shows",
    f"{BOOK}, ch. 4, with the published parameters (Zezza's program of the book)",
)
def model_pc(full: bool) -> Outcome:
    """Run PC to rest at 2.5 per cent, raise the rate to 3.5 per cent, run to rest again."""
    half = 400 if full else 250
    history, economy = run_pc(2 * half, lambda t: 0.025 if t < half else 0.035)
    low, high = history[half - 1], history[-1]
    gap = _worst_gap([(low.wealth, 86.49), (low.bills, 64.87), (low.money, 21.62), (low.income, 106.49)])
    passed = gap <= 1e-4 and agree(high.money, 18.018, 1e-4) and high.income > low.income
    figure = (
        f"V {low.wealth:.3f}, bills {low.bills:.3f}, money {low.money:.3f}, Y {low.income:.3f}; "
        f"after the rise money {high.money:.4f}, Y {high.income:.3f}; sums {economy.worst:.0e}"
    )
    return Outcome(figure, passed and _closes(economy, high))


@check(
    "R-1c",
    "Model LP: steady state with bonds, and a rise of both rates",
    "V* 95.80, bills 37.84, bonds 1.892, money 20.13 within 0.2 % at 3 % and bond price 20; after 4 % and 15 wealth "
    "falls at once, and income ends higher",
    f"{BOOK}, ch. 5, opening values and figures 5.2 to 5.4",
)
def model_lp(full: bool) -> Outcome:
    """Run LP to rest, then let the central bank raise the bill rate and lower the bond price."""
    half = 500 if full else 300
    history, economy = run_lp(2 * half, lambda t: (0.03, 20.0) if t < half else (0.04, 15.0))
    rest, hit, end = history[half - 1], history[half], history[-1]
    gap = _worst_gap([(rest.wealth, 95.803), (rest.bills, 37.839), (rest.bonds, 1.892), (rest.money, 20.125)])
    passed = gap <= 2e-3 and hit.wealth < rest.wealth and end.income > rest.income
    figure = (
        f"V {rest.wealth:.3f}, bills {rest.bills:.3f}, bonds {rest.bonds:.4f}, money {rest.money:.3f} "
        f"(largest gap {100 * gap:.2f} %); after the rise V {hit.wealth:.2f}, Y {rest.income:.2f} → {end.income:.2f}; "
        f"sums {economy.worst:.0e}"
    )
    return Outcome(figure, passed and _closes(economy, end))
