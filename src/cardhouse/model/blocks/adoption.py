"""Block A: how many firms and people use AI, and what they pay."""

from __future__ import annotations

import math

from cardhouse.basics.compiled import compiled
from cardhouse.model.equation import equation
from cardhouse.model.gates import Gates
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import LABORATORY, Shock, World
from cardhouse.scenarios.variables import (
    E_REVENUE_SHIFT,
    G_ADOPTION_CEILING,
    G_CHURN_BASE,
    G_IMITATION_RATE,
    G_PAYING_SHARE,
    G_PILOT_SUCCESS,
    G_USER_GROWTH,
)

ADVERTISING_RAMP = 16.0
"""Quarters until advertising per user reaches the level that the parameter names."""
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
    return addressable / 4.0 * active * price ** (1.0 - elasticity) * gap_factor


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
    """What consumers and their advertisers pay."""
    return users * (paying_share * fee + advertising) / 1000.0


@equation(
    id="A7",
    symbol=r"\mu_t",
    formula=r"\pi_t f_t + ad_t - 1000\,h_t p^c_t/4",
    unit="USD per user and quarter",
    source=OWN,
)
def contribution_per_user(income_per_user: float, gw_per_million: float, contract_price: float) -> float:
    """What one more user adds: income less compute; below zero, losses grow with users."""
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


@compiled
def _firms_adopt(gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move pilots and adopters (A1 to A4)."""
    ceiling = min(1.0, max(0.01, par.adoption_ceiling * shock.common[G_ADOPTION_CEILING]))
    imitation = par.imitation_rate * shock.common[G_IMITATION_RATE]
    success = shock.common[G_PILOT_SUCCESS]
    if math.isnan(success):
        success = par.pilot_success
    base = shock.common[G_CHURN_BASE]
    if math.isnan(base):
        base = par.churn_base
    churn = gate.adoption_churn * churn_rate(base, par.churn_benefit_slope, 1.0 / s.use_price)
    examples = s.adopters + par.pilot_imitation_weight * s.pilots
    started = new_pilots(par.innovation_rate, imitation, examples, s.pilots + s.adopters, ceiling)
    if gate.adoption_pilots > 0.0:
        succeeded = par.pilot_ending_rate * success * s.pilots
        s.pilots = pilots_after(s.pilots, started, par.pilot_ending_rate)
        s.adopters = adopters_after(s.adopters, succeeded, churn)
    else:
        s.adopters = adopters_after(s.adopters, started, churn)
        s.pilots = 0.0


@compiled
def _people_adopt(par: Parameters, shock: Shock, s: State) -> None:
    """Move users and what they pay (A6, A7)."""
    growth = par.user_growth_rate * shock.common[G_USER_GROWTH]
    s.users = users_after(s.users, growth, max(par.user_ceiling, s.users))
    s.paying_share = max(s.paying_share, min(par.paying_share_ceiling, s.paying_share + par.paying_share_drift))
    paying = s.paying_share * shock.common[G_PAYING_SHARE]
    gap = par.advertising_per_user - s.advertising_start
    s.advertising = s.advertising_start + max(0.0, gap) * min(1.0, s.quarter / ADVERTISING_RAMP)
    s.consumer_spending = consumer_spending(s.users, paying, s.fee, s.advertising)
    per_million = 4.0 * s.consumer_spending / s.revenue_per_gw_year / s.users
    s.contribution_per_user = contribution_per_user(paying * s.fee + s.advertising, per_million, s.contract_price)


@compiled
def _share_out(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Share the two pools of spending among laboratories and clouds (A8)."""
    to_labs = s.consumer_spending + s.lab_spending_share * s.enterprise_spending
    to_clouds = (1.0 - s.lab_spending_share) * s.enterprise_spending
    lab_weight = 0.0
    for i in range(w.firms):
        if w.role[i] == LABORATORY:
            step = gate.quality_race * par.quality_volatility * shock.noise[w.noise_rank[i]]
            s.quality[i] *= math.exp(step)
            lab_weight += s.end_user_share[i] * s.quality[i]
    for i in range(w.firms):
        if w.role[i] == LABORATORY:
            sales = sales_of_share(to_labs, s.end_user_share[i] * s.quality[i], lab_weight)
        else:
            sales = sales_of_share(to_clouds, s.end_user_share[i], 1.0)
        s.end_user_sales[i] = sales * shock.entity[E_REVENUE_SHIFT, i]


@compiled
def decide_spending(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Adoption moves and end-user spending is decided (A1 to A8)."""
    price = (s.contract_price / w.contract_price) * (s.density_start / s.revenue_per_gw_year)
    s.use_price = price if gate.adoption_price > 0.0 else 1.0
    _firms_adopt(gate, par, shock, s)
    active = par.pilot_intensity * s.pilots + s.adopters
    gap_factor = max(0.0, 1.0 + par.output_gap_elasticity * s.gdp_gap)
    s.enterprise_spending = enterprise_spending(
        par.addressable_spend, active, s.use_price, par.price_elasticity, gap_factor
    )
    _people_adopt(par, shock, s)
    _share_out(w, gate, par, shock, s)
