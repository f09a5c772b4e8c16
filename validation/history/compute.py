"""C-1: the rental price of an H100 from 2024 to January 2026, from block B."""

from __future__ import annotations

import math
from typing import Any

from cardhouse.model.equations.compute_market import annuity, spot_price_after, user_cost
from validation.history.targets import Nuisance, Target, fact

START = 2023.0
"""The market of H100 begins in the first quarter of 2023, in shortage, at the highest price the model allows."""
HOURS = 8760.0
READINGS = {
    "gpu_h100.rental_price_per_hour.2024-03-31": 2024.125,
    "gpu_h100.rental_price_per_hour.2024-10-07": 2024.75,
    "gpu_h100.rental_price_per_hour.2025-10-31": 2025.83,
    "gpu_h100.rental_price_per_hour.2026-01-15": 2026.0,
}


def long_run_price(par: Any) -> float:
    """Price of a GW-year at which a new site pays, USD bn (B7)."""
    chip = annuity(par.capital_cost_rate, par.chip_life_economic)
    shell = annuity(par.capital_cost_rate, par.shell_life)
    running = par.operating_cost_per_gw_year
    cost = user_cost(par.cost_per_gw, par.chip_cost_share, chip, shell, running) / par.target_utilisation
    return float(cost * (1.0 + par.price_markup))


def price_path(par: Any, free: Nuisance, until: float) -> float:
    """Rent of an H100 in USD an hour at a date: the market's price (B5), less what its generation loses (B8)."""
    anchor = long_run_price(par)
    ceiling = par.price_ceiling_factor * anchor / (1.0 + par.price_markup)
    price = ceiling
    quarters = round(4.0 * (until - START))
    for quarter in range(1, quarters + 1):
        year = START + quarter / 4.0
        tightness = free.tightness_2024 if year <= 2025.0 else free.tightness_2025
        if year <= 2024.0:
            tightness = math.sqrt(par.price_ceiling_factor ** (1.0 / par.price_exponent) * free.tightness_2024)
        price = spot_price_after(price, par.price_adjustment, anchor, tightness, par.price_exponent)
        price = min(max(price, par.operating_cost_per_gw_year), ceiling)
    chips_per_gw = 1e6 / free.kilowatts_per_chip
    return price * math.exp(-par.rent_decay * quarters) * 1e9 / (chips_per_gw * HOURS)


def _target(identifier: str, letter: str) -> Target:
    when = READINGS[identifier]
    return Target(
        id=f"C-1{letter}",
        what=f"rent of an H100, {identifier.rsplit('.', 1)[1]}, USD an hour",
        unit="log",
        observed=math.log(fact(identifier)),
        observation_error=0.2,
        model_discrepancy=math.log(1.5) / 2.0,
        tolerance="trackers of one day differ by a fifth; a factor of 1.5 is two standard deviations of the model",
        facts=(identifier,),
        equations="B5, B7, B8",
        model=lambda par, free: math.log(price_path(par, free, when)),
    )


TARGETS = tuple(_target(identifier, letter) for identifier, letter in zip(READINGS, "abcd", strict=True))
