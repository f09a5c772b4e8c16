"""The opening of a draw on the financial side: spreads, sentiment, plans, holders."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.layout import ROOM
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.shares import least_value, list_stakes
from cardhouse.model.state import State
from cardhouse.model.world import LABORATORY, World

LABORATORIES = ROOM["laboratory"]
LAGS = ROOM["lag"]
HOLDER_CLASSES = ROOM["holder_class"]
CHANNELS = ROOM["channel"]


@compiled
def _open_agent(w: World, s: State, i: int) -> None:
    """Set one agent's funding, credit and equity variables."""
    s.plan_revenue[i] = w.revenue_ai[i] + w.revenue_other[i]
    s.revenue[i] = w.revenue_ai[i] + w.revenue_other[i]
    s.tranche_left[i] = max(0.0, w.conditional_tranche[i])
    s.round_need[i] = s.pre_money[i] = s.tranche_due[i] = s.scheduled_due[i] = s.next_round[i] = 0.0
    s.outside_equity[i] = s.strategic_in[i] = s.strategic_out[i] = s.equity_raised[i] = 0.0
    s.strategic_added[i] = 0.0
    s.rating[i] = s.rating_own[i] = w.rating[i]
    s.spread[i] = max(0.0, w.interest_rate[i] - w.policy_rate)
    s.new_debt[i] = s.rolled[i] = s.angel_spread[i] = s.default_probability[i] = 0.0
    s.liquidity_cover[i] = s.service_cover[i] = 1.0
    s.covenant_strikes[i] = 0
    s.news_jump[i] = s.value_return[i] = 0.0
    s.index_weight[i] = w.index_weight[i]
    s.equity_loss[i] = s.credit_loss[i] = s.public_claim[i] = s.lender_loss[i] = 0.0
    s.marks[i] = s.chip_purchases[i] = 0.0
    s.turnover[i] = abs(s.cash[i])
    for channel in range(CHANNELS):
        s.value_by_channel[i, channel] = 0.0


@compiled
def _open_stakes(w: World, s: State) -> None:
    """Value stakes at the opening prices of their issuers, and each firm without its stakes."""
    list_stakes(w, s)
    for i in range(w.firms):
        s.stake_value[i] = 0.0
        for j in range(w.firms):
            if s.stake[i, j] > 0.0:
                s.stake_value[i] += s.stake[i, j] * s.market_value[j]
        s.own_value[i] = max(least_value(s.market_value[i]), s.market_value[i] - s.stake_value[i])
        s.own_value_before[i] = s.fundamental_value[i] = s.own_value[i]
        # Stakes stand at model value; what a firm holds outside the model keeps its book value.
        other = max(0.0, s.stake_book[i] - s.stake_value[i])
        s.other_net_assets[i] += s.stake_book[i] - (s.stake_value[i] + other)
        s.stake_book[i] = s.stake_value[i] + other


@compiled
def _known_credit(w: World, s: State) -> float:
    """Part of debt in the new money known for the first quarter; laboratories raise equity, others borrow."""
    debt, equity = 0.0, 0.0
    for i in range(w.firms):
        known = max(0.0, w.outside_round[i])
        equity += max(s.ebitda[i], 0.0)
        if w.role[i] == LABORATORY:
            equity += known
        else:
            debt += known
    return debt / (debt + equity) if debt + equity > 0.0 else 0.0


@compiled
def open_finance(w: World, par: Parameters, s: State) -> None:
    """Set the variables of blocks F to L at the start; the real side is already set."""
    for i in range(w.agents):
        _open_agent(w, s, i)
    _open_stakes(w, s)
    for k in range(w.warrants):
        s.warrant_left[k] = w.warrant_share[k]
    for slot in range(LABORATORIES):
        s.loop_vector[slot] = 1.0
        for i in range(w.agents):
            s.strategic_pool[slot, i] = s.strategic_due[slot, i] = s.strategic_earned[slot, i] = 0.0
            s.strategic_aside[slot, i] = s.taker_share[i, slot] = 0.0
            s.tranche_from[slot, i] = s.outside_due[slot, i] = 0.0
    s.venture_gate = par.gate_base
    s.outside_money = par.outside_lab_money
    s.loop_gain = s.loop_demand = 0.0
    s.market_spread = s.market_spread_own = s.lending_standard = s.lending_standard_own = 0.0
    s.attention = s.loss_rate = 0.0
    s.sentiment = s.sentiment_before = s.sentiment_own = s.disclosed = s.mispricing = 0.0
    s.sector_return = s.market_flow = s.forced_sales = s.news_rate = s.news_excitement = 0.0
    s.credit_in_funding = _known_credit(w, s)
    s.index_value = s.index_before = w.index_value
    s.rest_return = s.index_return = 0.0
    s.wealth_settled = s.gap_before = s.unemployment = 0.0
    for lag in range(LAGS):
        s.wealth_change[lag] = 0.0
    for k in range(HOLDER_CLASSES):
        s.class_loss[k] = 0.0
    s.capex_reference = 0.0
    for i in range(w.firms):
        s.capex_reference += w.capex[i]
    s.capex_before = s.capex_reference
