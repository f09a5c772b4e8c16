"""Block A: how many firms and people use AI, and what they pay."""

from __future__ import annotations

import math

from cardhouse.basics.compiled import compiled
from cardhouse.model.equations.adoption import (
    adopters_after,
    churn_rate,
    consumer_spending,
    contribution_per_user,
    enterprise_spending,
    new_pilots,
    pilots_after,
    sales_of_share,
    users_after,
)
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
