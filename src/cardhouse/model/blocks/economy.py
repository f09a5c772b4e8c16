"""Block K: holders, households and the economy."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled, lowest_bit
from cardhouse.model.equations.economy import (
    consumption_response,
    credit_effect,
    holder_gain,
    home_investment,
    output_gap,
    response_weight,
    unemployment_response,
)
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World
from cardhouse.scenarios.variables import G_GDP_GAP, G_UNEMPLOYMENT, OKUN

LAGS = ROOM["lag"]
LARGEST_GAP = 0.3
"""The sector moves output by no more than the Great Depression did; beyond it linear responses say nothing."""

DEFINED_CONTRIBUTION = 0
RETIREMENT_ACCOUNT = 1
DIRECT = 2
DEFINED_BENEFIT = 3
FOREIGN = 4
OTHER_HOLDERS = 5
"""Classes of holders, the axis ``holder_class``: 401(k) and other DC plans, IRA, households outside of them,
DB plans, foreign holders, all others."""


@compiled
def update_economy(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Book holders' losses, and move consumption, output and unemployment (K1 to K4)."""
    s.gap_before = s.gdp_gap
    _book_losses(w, s)
    wealth = holder_gain(par.household_equity_share, s.index_value - s.index_before, 0.0)
    taken_in = _wealth_taken_in(par, s, wealth)
    consumption = 0.0
    if gate.wealth_effect > 0.5:
        consumption = consumption_response(par.wealth_consumption, taken_in)
    investment = home_investment(_capex(w, s) - s.capex_reference, par.import_share)
    lost = 0.0
    for slot in range(w.lenders):
        lost += max(s.lender_loss[w.lender_agent[slot]], 0.0)
    credit = credit_effect(par.loan_output_slope, lost)
    own_gap = output_gap(consumption, investment, credit, par.output_multiplier, w.gdp / 4.0)
    own_gap = min(max(own_gap, -LARGEST_GAP), LARGEST_GAP)
    s.gdp_gap = gate.output_feedback * own_gap + shock.common[G_GDP_GAP]
    s.consumption_gap = consumption
    s.investment_gap = investment
    s.unemployment = unemployment_response(OKUN, s.gdp_gap) + shock.common[G_UNEMPLOYMENT]


@compiled
def _capex(w: World, s: State) -> float:
    """Capital spending of the sector this quarter, without capacity that only changes hands."""
    total = 0.0
    for i in range(w.firms):
        total += s.capex[i] - s.inherited_cost[i]
    return total


@compiled
def _wealth_taken_in(par: Parameters, s: State, change: float) -> float:
    """Enter this quarter's change of wealth; return the part of all changes that spending has followed (K2a)."""
    s.wealth_settled += s.wealth_change[LAGS - 1]
    for lag in range(LAGS - 1, 0, -1):
        s.wealth_change[lag] = s.wealth_change[lag - 1]
    s.wealth_change[0] = change
    taken_in = s.wealth_settled
    for lag in range(LAGS):
        taken_in += response_weight(par.response_lag, float(lag)) * s.wealth_change[lag]
    return taken_in


@compiled
def _fall(s: State, i: int) -> float:
    """Fall of a firm's market value over the quarter, apart from the money that it raised."""
    return float(s.market_value_before[i] - (s.market_value[i] - s.equity_raised[i]))


@compiled
def _book_losses(w: World, s: State) -> None:
    """Add the quarter's losses to every holder, by what it owns (K1, K6), and to the classes of final holders."""
    for issuer in range(w.firms):
        fall = _fall(s, issuer)
        left = s.owners[issuer]
        while left != 0:
            owner = lowest_bit(left)
            s.equity_loss[owner] += s.stake[owner, issuer] * fall
            left &= left - 1
    for a in range(w.agents):
        s.credit_loss[a] += s.lender_loss[a]
    fall = s.index_before - s.index_value
    direct = max(w.household_share - w.defined_contribution_share - w.retirement_account_share, 0.0)
    others = max(1.0 - w.household_share - w.defined_benefit_share - w.foreign_share, 0.0)
    s.class_loss[DEFINED_CONTRIBUTION] += w.defined_contribution_share * fall
    s.class_loss[RETIREMENT_ACCOUNT] += w.retirement_account_share * fall
    s.class_loss[DIRECT] += direct * fall
    s.class_loss[DEFINED_BENEFIT] += w.defined_benefit_share * fall
    s.class_loss[FOREIGN] += w.foreign_share * fall
    s.class_loss[OTHER_HOLDERS] += others * fall
