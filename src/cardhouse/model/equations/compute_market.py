"""Block B: capacity, demand for compute, who serves it, and at what price."""

from __future__ import annotations

import math

from cardhouse.model.equation import equation


@equation(
    id="B1",
    symbol=r"D^{lab}_l",
    formula=r"4 Y_l/\rho_t + train_l",
    unit="GW",
    source="own; revenue per GW-year as reported by laboratories",
)
def compute_needed(sales: float, revenue_per_gw_year: float, training: float) -> float:
    """Compute behind a quarter's sales, and training on top."""
    return 4.0 * sales / revenue_per_gw_year + training


@equation(
    id="B1b",
    symbol="train_{l,t}",
    formula=r"train_{l,0}(1+g_{train})^t\,\min(1, runway_l/4)",
    unit="GW",
    source="own; training follows funded budgets",
)
def training_wanted(start: float, growth_index: float, runway_quarters: float) -> float:
    """Training compute that a laboratory can plan for: less when its cash lasts under a year."""
    return start * growth_index * min(1.0, max(0.0, runway_quarters / 4.0))


@equation(
    id="B1c",
    symbol=r"D^{spot}_l",
    formula=r"open_l\,(1 \text{ if } \rho_t(1-c) \ge p_t,\text{ else } \min(1, runway_l/4))",
    unit="GW",
    source="shut-down rule of the firm, Viner 1931; sales at a loss are an investment paid from cash at hand",
)
def spot_for_sales(uncovered: float, margin: float, runway_quarters: float) -> float:
    """Spot compute behind sales that own capacity and contracts do not cover: all if it pays, else as money lasts.

    >>> spot_for_sales(2.0, 1.0, 0.5), spot_for_sales(2.0, -3.0, 1.0), spot_for_sales(2.0, -3.0, 9.0)
    (2.0, 0.5, 2.0)
    """
    return uncovered * (1.0 if margin >= 0.0 else min(1.0, max(0.0, runway_quarters / 4.0)))


@equation(
    id="B2",
    symbol="K_{i,t}",
    formula=r"(1-\delta)K_{i,t-1} + e_t\,w_{i,t}[1]",
    unit="GW",
    source="perpetual inventory; definition",
)
def capacity_after(capacity: float, retirement: float, energised: float) -> float:
    """Energised capacity after retirement and deliveries."""
    return (1.0 - retirement) * capacity + energised


@equation(
    id="B2b",
    symbol="e_{i,t}",
    formula=r"(1-slip)\,w_{i,t}[1] + late_{i,t-1}/4",
    unit="GW",
    source="own; chips wait for power and shells",
)
def energised_now(delivered: float, late: float, slip: float, wait: float) -> float:
    """Capacity energised in a quarter: what is ready on time, and part of what waits."""
    return (1.0 - slip) * delivered + late / wait


@equation(
    id="B3",
    symbol=r"\psi_t",
    formula=r"\min(1, K_t/D_t)",
    unit="share",
    source="own; proportional rationing",
)
def served_share(available: float, demanded: float) -> float:
    """Part of a demand that available capacity serves."""
    return 1.0 if demanded <= available else max(0.0, available) / demanded


@equation(
    id="B4",
    symbol=r"\hat u",
    formula=r"(1+\bar u)/2",
    unit="share",
    source="own; usable utilisation lies between the target and full use",
)
def usable_share(target: float) -> float:
    """Share of capacity that can be used at most over a quarter."""
    return 0.5 * (1.0 + target)


@equation(
    id="B5",
    symbol="p_t",
    formula=r"p_{t-1} + \lambda_p[\bar p_t (D_t/(\bar u K_t))^{\eta} - p_{t-1}]",
    unit="USD bn per GW-year",
    source="Greenwood and Hanson 2015, Waves in ship prices and investment, section II; capacity pricing",
)
def spot_price_after(price: float, speed: float, long_run: float, tightness: float, exponent: float) -> float:
    """Spot price of compute, on its way to the long-run price times a power of tightness."""
    return float(price + speed * (long_run * tightness**exponent - price))


@equation(
    id="B6",
    symbol="p^c_t",
    formula=r"p^c_{t-1} + (p_t - p^c_{t-1})/T_c",
    unit="USD bn per GW-year",
    source="own; contracts fixed to expiry, a constant share expires",
)
def contract_price_after(contract: float, spot: float, duration: float) -> float:
    """Mean contract price: the share that expires is signed again at the spot price."""
    return contract + (spot - contract) / duration


@equation(
    id="B7a",
    symbol="A(r,T)",
    formula=r"r/(1-(1+r)^{-T})",
    unit="per year",
    source="annuity; definition",
)
def annuity(rate: float, years: float) -> float:
    """Yearly payment that returns one dollar with interest over a life."""
    return 1.0 / years if rate <= 0.0 else rate / (1.0 - (1.0 + rate) ** (-years))


@equation(
    id="B7",
    symbol=r"\bar p_t",
    formula=r"[c_{GW}(\theta_c A(r,T_{chip}) + (1-\theta_c)A(r,T_{shell})) + c_{op}]/\bar u",
    unit="USD bn per GW-year",
    source="Jorgenson 1963, Capital theory and investment behavior; user cost of capital",
)
def user_cost(cost: float, chip_share: float, chip_annuity: float, shell_annuity: float, running: float) -> float:
    """Yearly cost of owning and running a GW, before dividing by utilisation."""
    return cost * (chip_share * chip_annuity + (1.0 - chip_share) * shell_annuity) + running


@equation(
    id="B8",
    symbol="q_t",
    formula=r"\sum_{k=0}^{n} (p_t e^{-dk} - c_{op})^+/(1+r+s)^k",
    unit="USD bn per GW",
    source="Kiyotaki and Moore 1997, Credit cycles, section II; collateral worth its discounted rents",
)
def discounted_rents(price: float, running: float, decay: float, rate_quarter: float, quarters: float) -> float:
    """Value of a used GW of chips: its rents over running cost until the end of its life, discounted."""
    total = 0.0
    rent = price / 4.0
    weight = 1.0
    fall, discount = math.exp(-decay), 1.0 / (1.0 + rate_quarter)
    for _ in range(int(quarters)):
        total += max(0.0, rent - running / 4.0) * weight
        rent *= fall
        weight *= discount
    return total
