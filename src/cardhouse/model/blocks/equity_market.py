"""Block H: share prices (H1, H3, H4) and how each change splits into channels."""

from __future__ import annotations

import math

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.fundamental import ai_share, fundamental_target, price_growth, yearly_fade
from cardhouse.model.blocks.sentiment import draw_news, update_sentiment
from cardhouse.model.equations.equity_price import belief_return, market_return, relative_return, value_per_log
from cardhouse.model.equations.equity_value import fundamental_return
from cardhouse.model.equations.sentiment import equity_flow
from cardhouse.model.equations.stakes import value_after_failure
from cardhouse.model.gates import Gates
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import beyond_rounding
from cardhouse.model.shares import DUST, least_value
from cardhouse.model.state import BELIEF, FLOW, FORCED_SALE, FUNDAMENTAL, JUMP, State
from cardhouse.model.world import LABORATORY, Shock, World
from cardhouse.scenarios.variables import G_MARKET_FLOW

__all__ = ["draw_news", "reprice", "update_sentiment"]

CHANNELS = 5
LARGEST_REVISION = 0.5
"""Fundamental value moves by no more than this, in logs, in a quarter."""
SMALLEST_SHARE = 0.02
"""Floor of the anchor: a firm is never taken to be worth less than this part of its opening value by H1."""
SMALLEST_RATIO = 1e-6
"""Value left of a laboratory, as a share, below which a logarithm says no more."""


@compiled
def reprice(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move the value of every firm without its stakes, and keep the split of the change by channel.

    The sum of the channels is the whole change of value that new money does not explain.
    """
    _revise_fundamentals(w, gate, par, shock, s)
    fundamental = _index_fundamental(w, par, s)
    mood = s.sentiment - s.sentiment_before
    by_mood = par.flow_sentiment_slope * mood
    contributions = par.saver_contributions * s.gdp_gap
    free_flow = equity_flow(by_mood, contributions, 0.0, shock.common[G_MARKET_FLOW])
    s.market_flow = equity_flow(by_mood, contributions, s.forced_sales, shock.common[G_MARKET_FLOW])
    multiplier = par.market_multiplier * gate.inelastic_market
    market = market_return(fundamental, multiplier, s.market_flow)
    forced = -multiplier * s.forced_sales
    cross = par.cross_multiplier * gate.inelastic_market
    belief_slope = par.belief_slope * gate.sentiment
    s.rest_return = math.exp(market - fundamental + par.market_gap_slope * (s.gdp_gap - s.gap_before)) - 1.0
    for i in range(w.firms):
        s.market_value_before[i] = s.market_value[i]
        s.own_value_before[i] = s.own_value[i]
        if w.role[i] == LABORATORY:
            _revalue_laboratory(par, s, i)
        elif w.listed[i] > 0.5:
            loading = ai_share(s, i)
            own_flow = by_mood * loading
            total = relative_return(market, s.value_return[i], fundamental, cross, own_flow)
            belief = belief_return(belief_slope, mood, loading)
            flow = multiplier * free_flow + cross * own_flow
            _apply_return(s, i, total + belief + s.news_jump[i], (belief, flow, forced, s.news_jump[i]))
        else:
            _apply_return(s, i, s.value_return[i], (0.0, 0.0, 0.0, 0.0))
        _apply_failure(par, s, i)
    s.mispricing = _mispricing(w, s)


@compiled
def _revise_fundamentals(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Revise the fundamental value of every firm that is not a laboratory by a step towards H1.

    H1 sets moves, not levels: at the start the fundamental value of a firm is its market value without stakes, so that
    the base date is neither dear nor cheap by assumption.
    """
    _watch_growth(par, s)
    price_growth(w, par, s)
    fade = yearly_fade(par)
    for i in range(w.firms):
        s.value_return[i] = 0.0
        if w.role[i] == LABORATORY:
            continue
        target = fundamental_target(w, par, shock, s, i, fade)
        if math.isnan(s.value_anchor[i]):
            base = max(s.own_value[i], least_value(s.reference_value[i]))
            s.value_anchor[i] = base / max(target, SMALLEST_SHARE * base)
            s.fundamental_value[i] = base
        target = max(target * s.value_anchor[i], SMALLEST_SHARE * max(s.reference_value[i], DUST))
        move = fundamental_return(target, s.fundamental_value[i], par.value_adjustment, LARGEST_REVISION)
        s.fundamental_value[i] *= math.exp(move)
        s.value_return[i] = move * gate.fundamental_value


@compiled
def _watch_growth(par: Parameters, s: State) -> None:
    """Move the growth that prices pay for: first what demand shows, then a step towards what is expected."""
    if math.isnan(s.value_growth):
        s.value_growth = math.log(s.demand / s.demand_before) if s.demand > 0.0 and s.demand_before > 0.0 else 0.0
        s.growth_reference = s.value_growth
    else:
        s.value_growth += par.value_adjustment * (s.expected_growth - s.value_growth)


@compiled
def _index_fundamental(w: World, par: Parameters, s: State) -> float:
    """Fundamental return of the index: its firms' own, and the output gap for the rest."""
    total = 0.0
    weight = 0.0
    for i in range(w.firms):
        total += s.index_weight[i] * s.value_return[i]
        weight += s.index_weight[i]
    return float(total + (1.0 - weight) * par.market_gap_slope * (s.gdp_gap - s.gap_before))


@compiled
def _apply_return(s: State, i: int, total: float, parts: tuple[float, float, float, float]) -> None:
    """Move a firm's own value by a log return and book the dollars of each channel (H4c); the rest is fundamental."""
    before = s.own_value[i]
    s.own_value[i] = before * math.exp(total)
    belief, flow, forced, jump = parts
    fundamental = total - belief - flow - forced - jump
    dollars = value_per_log(s.own_value[i], before, total)
    s.value_by_channel[i, FUNDAMENTAL] = dollars * fundamental
    s.value_by_channel[i, BELIEF] = dollars * belief
    s.value_by_channel[i, FLOW] = dollars * flow
    s.value_by_channel[i, FORCED_SALE] = dollars * forced
    s.value_by_channel[i, JUMP] = dollars * jump


@compiled
def _revalue_laboratory(par: Parameters, s: State, lab: int) -> None:
    """Take over the value of a round, or move towards what a round would give; new money is no change of value."""
    before = s.own_value[lab]
    target = max(s.pre_money[lab] - s.stake_value[lab], 0.0)
    # money that is rounding beside the value of the laboratory is no round, and sets no price
    raised = beyond_rounding(s.equity_raised[lab], s.pre_money[lab])
    if raised > 0.0:
        s.own_value[lab] = target
    else:
        s.own_value[lab] += par.value_adjustment * (target - before)
    s.fundamental_value[lab] = s.own_value[lab]
    change = s.own_value[lab] - raised - before
    for channel in range(CHANNELS):
        s.value_by_channel[lab, channel] = 0.0
    belief = par.valuation_sentiment_slope * (s.sentiment - s.sentiment_before)
    whole = math.log(max((before + change) / before, SMALLEST_RATIO)) if before > 0.0 else 0.0
    by_belief = value_per_log(before + change, before, whole) * belief if abs(whole) > 1e-9 else 0.0
    # the two parts may pull against each other; the belief part is kept within the size of the lab
    by_belief = min(max(by_belief, -before), before)
    s.value_by_channel[lab, BELIEF] = by_belief
    s.value_by_channel[lab, FUNDAMENTAL] = change - by_belief


@compiled
def _apply_failure(par: Parameters, s: State, i: int) -> None:
    """Take the cost of a failure of this quarter off a firm's own value (I2)."""
    if s.default_quarter[i] == s.quarter:
        after = value_after_failure(s.own_value[i], par.equity_bankruptcy_cost, 1.0)
        s.value_by_channel[i, FUNDAMENTAL] += after - s.own_value[i]
        s.own_value[i] = after


@compiled
def _mispricing(w: World, s: State) -> float:
    """Log of the listed sector's value over its fundamental value; zero at the base date."""
    value = 0.0
    fundamental = 0.0
    for i in range(w.firms):
        if w.listed[i] > 0.5:
            value += s.own_value[i]
            fundamental += s.fundamental_value[i]
    return math.log(value / fundamental) if value > 0.0 and fundamental > 0.0 else 0.0
