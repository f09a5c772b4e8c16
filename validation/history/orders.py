"""C-2 and the spending part of C-3: chip sales and capital spending from orders, block C."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from cardhouse.model.equations.compute_market import capacity_after
from cardhouse.model.equations.orders import (
    adaptive_growth,
    affordable_orders,
    deposit_due,
    diagnostic_growth,
    orders_allowed,
    other_capital_spending,
    wanted_orders,
)
from validation.history.targets import Nuisance, Target, fact, opening
from validation.worlds import default_case

PLATFORMS = ("alphabet", "amazon", "meta")
"""Platforms with three full calendar years in the register at the cut-off."""
QUARTERS = 12
LAG = 2
"""Quarters from an order of chips to its delivery, while sites were at hand; the model's lag is a whole site's."""


@cache
def chip_sales() -> tuple[float, ...]:
    """Nvidia's data-centre sales by quarter, FY2024 to FY2026, USD bn, on a path of constant growth within each year.

    The register has two years, the quarter between them and FY2026, and the last quarter by the guidance of
    November 2025.
    """
    last = opening("nvidia", "revenue_ai_quarter")
    end = fact("nvidia.revenue_data_center.2025-01-26-2")
    rate = (last / end) ** 0.25
    path = [end * rate**k for k in range(1, 5)]
    for year in (fact("nvidia.revenue_data_center.2025-01-26"), fact("nvidia.revenue_data_center.2024-01-28")):
        rate = _rate_for(year, end)
        path = [end / rate**k for k in (3, 2, 1, 0)] + path
        end /= rate**4
    return tuple(path)


def _rate_for(year: float, end: float) -> float:
    """Factor a quarter with which the four quarters up to ``end`` add up to a year's sales."""
    low, high = 1.0, 3.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        total = sum(end / middle**k for k in range(4))
        low, high = (middle, high) if total > year else (low, middle)
    return 0.5 * (low + high)


@cache
def capacity_now() -> float:
    """Energised AI capacity of all operators at the base date, GW."""
    balances = default_case().snapshot.balances
    cells = (items.get("energised_ai_capacity_gw") for items in balances.values())
    return sum(float(cell.value) for cell in cells if cell is not None and cell.value)


def observed_path(par: Any, free: Nuisance) -> tuple[list[float], list[float]]:
    """Orders delivered and capacity by quarter, GW, that Nvidia's sales imply."""
    per_gw = par.cost_per_gw * par.chip_cost_share * free.nvidia_share
    added = [sales / per_gw for sales in chip_sales()]
    capacity = [capacity_now()]
    for delivered in reversed(added):
        capacity.insert(0, max(0.3, (capacity[0] - delivered) / capacity_after(1.0, par.capacity_retirement, 0.0)))
    return added, capacity


def modelled_orders(par: Any, free: Nuisance) -> list[float]:
    """Orders of the sector by quarter, from belief and supply line, with observed capacity as demand (C1-C5)."""
    added, capacity = observed_path(par, free)
    orders = [added[LAG]]
    growth = math.log(capacity[1] / capacity[0])
    belief = growth
    for quarter in range(1, QUARTERS - LAG):
        growth = math.log(capacity[quarter + 1] / capacity[quarter])
        news = growth - belief
        belief = adaptive_growth(belief, growth, par.belief_gain)
        expected = min(0.5, max(-0.5, diagnostic_growth(belief, news, par.diagnosticity, 0.0)))
        held = capacity[quarter + 1]
        turnover = (expected + par.capacity_retirement) * held
        gap = par.order_adjustment * (free.use_2023_25 / par.target_utilisation - 1.0) * held
        line = sum(orders[-LAG:])
        line_gap = par.order_adjustment * (1.0 - par.supply_line_neglect) * (LAG * turnover - line)
        allowed = orders_allowed(orders[-1], par.supply_growth_limit, math.inf)
        orders.append(affordable_orders(min(wanted_orders(turnover, gap, line_gap, 1.0), allowed), 1e9, 1.0))
    return orders


def sales_growth(par: Any, free: Nuisance) -> float:
    """Log growth of Nvidia's data-centre sales from 2023 to the end of 2025 that the orders give."""
    orders = modelled_orders(par, free)
    return math.log(max(orders[-1], 1e-6) / orders[0])


def spending_growth(par: Any, free: Nuisance) -> float:
    """Log growth of the platforms' capital spending from 2024 to 2025: deposits, deliveries and other business."""
    orders = modelled_orders(par, free)
    years = []
    for year in (1, 2):
        quarters = range(4 * year, 4 * year + 4)
        placed = sum(orders[min(q, len(orders) - 1)] for q in quarters)
        delivered = orders[4 * year - LAG : 4 * year + 4 - LAG]
        bill = deposit_due(placed, par.cost_per_gw, par.order_deposit)
        years.append(bill + par.cost_per_gw * (1.0 - par.order_deposit) * sum(delivered))
    if years[0] <= 0.0:
        return math.nan
    other = years[0] * (1.0 / free.platform_ai_share - 1.0)
    grown = other_capital_spending(other, (1.0 + par.other_business_growth) ** 4)
    return math.log((years[1] + grown) / (years[0] + other))


def _observed_spending(year: int) -> float:
    return sum(fact(f"{firm}.capex.{year}-12-31") for firm in PLATFORMS)


TARGETS = (
    Target(
        id="C-2",
        what="growth of Nvidia's data-centre sales, third quarter of 2023 to fourth of 2025",
        unit="log",
        observed=math.log(chip_sales()[-1] / chip_sales()[LAG]),
        observation_error=0.1,
        model_discrepancy=math.log(1.5) / 2.0,
        tolerance="quarters are interpolated; a factor of 1.5 over nine quarters is two standard deviations",
        facts=("nvidia.revenue_data_center.2024-01-28", "nvidia.revenue_data_center.2025-01-26"),
        equations="C1, C1a, C2, C4, C5",
        model=sales_growth,
    ),
    Target(
        id="C-3a",
        what="growth of capital spending of Alphabet, Amazon and Meta, 2024 to 2025",
        unit="log",
        observed=math.log(_observed_spending(2025) / _observed_spending(2024)),
        observation_error=0.05,
        model_discrepancy=0.15,
        tolerance="definitions differ by leases; a year's plan is met within a tenth and its AI part is not published",
        facts=tuple(f"{firm}.capex.{year}-12-31" for firm in PLATFORMS for year in (2024, 2025)),
        equations="C1-C5, C5b, C5c",
        model=spending_growth,
    ),
)
