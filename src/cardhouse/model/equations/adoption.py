"""Block A: how many firms and people use AI, and what they pay."""

from __future__ import annotations

import math

from cardhouse.model.equation import equation

BASS = "Bass 1969, A new product growth for model consumer durables, eq. 4; pilot stage own"
OWN = "own; arithmetic of the definition"


@equation(
    id="A1",
    symbol="n_t",
    formula=r"[p + q(y_{t-1} + \varphi x_{t-1})]\,\max(0, 1 - (x_{t-1}+y_{t-1})/\bar a_t)",
    unit="share per quarter",
    source=BASS,
)
def new_pilots(innovation: float, imitation: float, examples: float, taken: float, ceiling: float) -> float:
    """Share of firms that start a pilot: by themselves, or because others show the way, until the ceiling."""
    return (innovation + imitation * examples) * max(0.0, 1.0 - taken / ceiling)


@equation(
    id="A2",
    symbol="x_t",
    formula=r"x_{t-1} + n_t - \kappa x_{t-1}",
    unit="share",
    source=BASS,
)
def pilots_after(pilots: float, started: float, ending_rate: float) -> float:
    """Share of firms in a pilot after starts and ends."""
    return pilots + started - ending_rate * pilots


@equation(
    id="A3",
    symbol="y_t",
    formula=r"y_{t-1} + \kappa s_t x_{t-1} - \chi_t y_{t-1}",
    unit="share",
    source=BASS,
)
def adopters_after(adopters: float, succeeded: float, churn: float) -> float:
    """Share of firms in production after successful pilots and churn."""
    return adopters + succeeded - churn * adopters


@equation(
    id="A4",
    symbol=r"\chi_t",
    formula=r"\chi_0 e^{-b_\chi (v_t - 1)}",
    unit="share per quarter",
    source="own; exponential hazard in benefit per dollar",
)
def churn_rate(base: float, slope: float, benefit_per_dollar: float) -> float:
    """Share of users that leave, smaller when a dollar buys more benefit."""
    return min(1.0, base * math.exp(-slope * (benefit_per_dollar - 1.0)))


@equation(
    id="A5",
    symbol="Y^E_t",
    formula=r"(W/4)(\omega_x x_t + y_t)(P_t/P_0)^{1-\varepsilon}(1 + b_y\,gap_t)",
    unit="USD bn per quarter",
    source="constant-elasticity demand; weights of pilots own",
)
def enterprise_spending(addressable: float, active: float, price: float, elasticity: float, gap_factor: float) -> float:
    """AI spending of firms: the active share of addressable spending, moved by price and output gap."""
    return float(addressable / 4.0 * active * price ** (1.0 - elasticity) * gap_factor)


@equation(
    id="A6a",
    symbol="U_t",
    formula=r"U_{t-1} + r_U U_{t-1}(1 - U_{t-1}/\bar U_t)",
    unit="million users",
    source="logistic growth, Verhulst 1838",
)
def users_after(users: float, growth: float, ceiling: float) -> float:
    """Consumer users after logistic growth."""
    return users + growth * users * (1.0 - users / ceiling)


@equation(
    id="A6b",
    symbol="Y^C_t",
    formula=r"U_t(\pi_t f_t + ad_t)/1000",
    unit="USD bn per quarter",
    source=OWN,
)
def consumer_spending(users: float, paying_share: float, fee: float, advertising: float) -> float:
    """Add up what consumers and their advertisers pay."""
    return users * (paying_share * fee + advertising) / 1000.0


@equation(
    id="A7",
    symbol=r"\mu_t",
    formula=r"\pi_t f_t + ad_t - 1000\,h_t p^c_t/4",
    unit="USD per user and quarter",
    source=OWN,
)
def contribution_per_user(income_per_user: float, gw_per_million: float, contract_price: float) -> float:
    """Return what one more user adds: income less compute; below zero, losses grow with users."""
    return income_per_user - 1000.0 * gw_per_million * contract_price / 4.0


@equation(
    id="A8",
    symbol="Y_{l,t}",
    formula=r"share_{l,t}\,(Y^E_t + Y^C_t)",
    unit="USD bn per quarter",
    source="own; random-walk quality",
)
def sales_of_share(pool: float, weight: float, total_weight: float) -> float:
    """Sales of one supplier: its weight in a pool of spending."""
    return pool * weight / total_weight if total_weight > 0.0 else 0.0
