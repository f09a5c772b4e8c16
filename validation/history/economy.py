"""C-9: the fall of dot-com size through block K; and what C-7 asks of the user cost, shown and not used."""

from __future__ import annotations

import math
from typing import Any

from cardhouse.model.equations.compute_market import annuity, user_cost
from cardhouse.model.equations.economy import consumption_response, output_gap
from validation.history.targets import Nuisance, Target, fact, opening

CONSUMPTION_SHARE = 0.68
"""Household consumption over output, United States 2024 (national accounts)."""
LOST, OUTPUT, CONSUMPTION = (
    "dotcom_size_crash.us_household_loss.2025-10-15",
    "dotcom_size_crash.gdp_growth_hit.2025-10-15",
    "dotcom_size_crash.consumption_growth_hit.2025-10-15",
)
BUILD_OUT, RETURN = 5000.0, 0.10
"""J.P. Morgan, November 2025: investment to 2030 in USD bn, and the return asked for."""


def spending_lost(par: Any) -> float:
    """Consumption that is not there once households have taken in the whole loss, USD bn a quarter (K2)."""
    return -float(consumption_response(par.wealth_consumption, -fact(LOST)))


def output_lost(par: Any, _free: Nuisance) -> float:
    """Output lost, percent, in logs, with investment and credit held (K3)."""
    output = opening("government", "gdp_year") / 4.0
    return math.log(-100.0 * output_gap(-spending_lost(par), 0.0, 0.0, par.output_multiplier, output))


def consumption_lost(par: Any, _free: Nuisance) -> float:
    """Consumption lost, percent of it, in logs (K2)."""
    return math.log(100.0 * 4.0 * spending_lost(par) / (CONSUMPTION_SHARE * opening("government", "gdp_year")))


def revenue_for_the_build_out(par: Any) -> float:
    """Yearly revenue that returns J.P. Morgan's build-out with their rate and a row's lives and chip share (B7)."""
    chip, shell = annuity(RETURN, par.chip_life_economic), annuity(RETURN, par.shell_life)
    return float(user_cost(BUILD_OUT, par.chip_cost_share, chip, shell, 0.0))


def _target(letter: str, what: str, identifier: str, equations: str, model: Any) -> Target:
    return Target(
        id=f"C-9a{letter}",
        what=what,
        unit="log",
        observed=math.log(-fact(identifier)),
        observation_error=0.1,
        model_discrepancy=math.log(1.4) / 2.0,
        tolerance="round numbers of another model; its 40 per cent in the specification are two standard deviations",
        facts=(LOST, identifier),
        equations=equations,
        model=model,
    )


TARGETS = (
    _target("1", "output lost after a fall of dot-com size, percent", OUTPUT, "K2, K3", output_lost),
    _target("2", "consumption lost after it, percent", CONSUMPTION, "K2", consumption_lost),
)
