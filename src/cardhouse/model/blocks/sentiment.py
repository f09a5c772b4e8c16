"""Block H: news of the quarter, sentiment after it, and the index."""

from __future__ import annotations

import math

from cardhouse.basics.compiled import compiled
from cardhouse.model.equations.equity_price import forced_sales, index_return
from cardhouse.model.equations.levers import disclosure_surprise
from cardhouse.model.equations.sentiment import (
    capex_news_response,
    jump_size,
    news_cluster,
    news_count,
    news_intensity,
    sentiment,
)
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import beyond_rounding
from cardhouse.model.state import State
from cardhouse.model.world import LABORATORY, LEVERAGED_CLOUD, PLATFORM, Shock, World
from cardhouse.scenarios.variables import (
    E_PRICE_JUMP,
    G_DISCLOSURE,
    G_EQUITY_REQUIRED_RETURN,
    G_NEWS_CLUSTER,
    G_NEWS_INTENSITY,
    G_SENTIMENT,
)

MOST_NEWS = (ROOM["noise"] - 1) // 2
"""Each piece of news takes two of the quarter's random numbers, after the one that counts them."""
LARGEST_SURPRISE = 0.5
"""A miss or beat counts up to one half: beyond that the plan was not believed."""


@compiled
def draw_news(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Draw this quarter's bad news and the jumps it makes (H5)."""
    for i in range(w.firms):
        s.news_jump[i] = 0.0
    count = 0
    if gate.news_jumps > 0.5:
        by_credit = par.news_credit_slope * s.credit_in_funding
        by_mispricing = par.news_mispricing_slope * max(s.mispricing, 0.0)
        base = par.news_intensity * shock.common[G_NEWS_INTENSITY]
        s.news_rate = news_intensity(base, by_credit, by_mispricing, s.news_excitement)
        count = min(news_count(s.news_rate, shock.chance[0]), MOST_NEWS)
        for k in range(count):
            firm = _firm_hit(w, s, shock.chance[1 + 2 * k])
            _spread_jump(w, par, s, firm, jump_size(par.news_size, shock.chance[2 + 2 * k]))
        _add_compensator(w, par, s, par.news_intensity + by_credit)
    named = 0
    for i in range(w.firms):
        if shock.entity[E_PRICE_JUMP, i] != 0.0:
            _spread_jump(w, par, s, i, shock.entity[E_PRICE_JUMP, i])
            named += 1
    excitation = par.news_excitation
    if not math.isnan(shock.common[G_NEWS_CLUSTER]):
        excitation = shock.common[G_NEWS_CLUSTER]
    s.news_excitement = news_cluster(s.news_excitement, excitation, float(count + named), par.news_decay)


@compiled
def _add_compensator(w: World, par: Parameters, s: State, rate: float) -> None:
    """Add back the news that a known rate lets one expect: prices hold it already, so that such news have no mean."""
    total = 0.0
    for i in range(w.firms):
        total += w.listed[i] * s.market_value[i]
    expected = rate * par.news_size
    for i in range(w.firms):
        hit = w.listed[i] * s.market_value[i] / total if total > 0.0 else 0.0
        s.news_jump[i] += expected * (par.news_market_share + (1.0 - par.news_market_share) * hit)


@compiled
def _credit_in_funding(w: World, s: State) -> float:
    """Part of the quarter's new money in the sector that is debt; earnings count as equity."""
    debt = 0.0
    equity = 0.0
    for i in range(w.firms):
        debt += s.new_debt[i]
        equity += s.equity_raised[i] + max(s.ebitda[i], 0.0)
    return debt / (debt + equity) if debt + equity > 0.0 else 0.0


@compiled
def _firm_hit(w: World, s: State, place: float) -> int:
    """Pick the listed firm that a piece of news is about, with its market value as weight."""
    total = 0.0
    for i in range(w.firms):
        total += w.listed[i] * s.market_value[i]
    passed = 0.0
    for i in range(w.firms):
        passed += w.listed[i] * s.market_value[i]
        if passed > place * total:
            return i
    return 0


@compiled
def _spread_jump(w: World, par: Parameters, s: State, firm: int, size: float) -> None:
    """Give a jump to the firm it is about, and a part of it to every other firm."""
    for i in range(w.firms):
        s.news_jump[i] += size if i == firm else par.news_market_share * size


@compiled
def update_sentiment(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move index, forced sales and sentiment (H6, H7, H2), and note what the next quarter's news build on (H5)."""
    _update_index(w, s)
    s.credit_in_funding = _credit_in_funding(w, s)
    market = s.index_value / s.index_before - 1.0
    s.forced_sales = 0.0
    if gate.leveraged_holders > 0.5:
        s.forced_sales = forced_sales(par.leveraged_holder_share, 1.0, -market, 0.0)
    s.sentiment_before = s.sentiment
    if math.isnan(s.market_spread_before):
        s.market_spread_before = s.market_spread_own
    if gate.sentiment > 0.5:
        surprise = par.sentiment_surprise_slope * _surprise(w, par, s) + _capex_news(w, par, shock, s)
        news = par.sentiment_news_slope * _mean_jump(w, s)
        by_return = par.sentiment_return_slope * s.sector_return
        by_credit = par.sentiment_spread_slope * (s.market_spread_own - s.market_spread_before)
        s.sentiment_own = sentiment(par.sentiment_decay, s.sentiment_own, by_return, surprise + news, by_credit)
    s.market_spread_before = s.market_spread_own
    if shock.common[G_DISCLOSURE] > 0.5 and s.disclosed == 0.0 and gate.levers > 0.5:
        s.disclosed = _disclosure(w, par)
    s.sentiment = min(max(s.sentiment_own + s.disclosed + shock.common[G_SENTIMENT], -1.0), 1.0)


@compiled
def _update_index(w: World, s: State) -> None:
    """Move the index by sector and rest, and its weights with it (H6)."""
    weight = 0.0
    sector = 0.0
    for i in range(w.firms):
        s.price_return[i] = _price_return(s, i)
    for i in range(w.firms):
        weight += s.index_weight[i]
        sector += s.index_weight[i] * s.price_return[i]
    s.index_before = s.index_value
    s.index_return = index_return(weight, sector / weight if weight > 0.0 else 0.0, s.rest_return)
    for i in range(w.firms):
        s.index_weight[i] *= (1.0 + s.price_return[i]) / (1.0 + s.index_return)
    s.index_value *= 1.0 + s.index_return
    s.sector_return = math.log(max(1.0 + sector / weight, 1e-6)) if weight > 0.0 else 0.0


@compiled
def _price_return(s: State, i: int) -> float:
    """Return on one share of a firm, without the money that new shares brought."""
    if s.market_value_before[i] <= 0.0:
        return 0.0
    return float((s.market_value[i] - s.equity_raised[i]) / s.market_value_before[i] - 1.0)


@compiled
def _surprise(w: World, par: Parameters, s: State) -> float:
    """Growth of the laboratories' revenue beyond what investors counted on, weighted by their value.

    What investors count on follows what happens, so that a slow laboratory disappoints for some time, not for ever.
    """
    total = 0.0
    value = 0.0
    for lab in range(w.firms):
        if w.role[lab] == LABORATORY:
            if math.isnan(s.revenue_seen[lab]):
                s.revenue_seen[lab] = s.plan_revenue[lab]
                s.growth_seen[lab] = par.plan_growth
                continue
            before = beyond_rounding(s.revenue_seen[lab], s.plan_revenue[lab])
            growth = s.revenue[lab] / before - 1.0 if before > 0.0 else 0.0
            surprise = min(max(growth - s.growth_seen[lab], -LARGEST_SURPRISE), LARGEST_SURPRISE)
            s.revenue_seen[lab] = s.revenue[lab]
            s.growth_seen[lab] += par.belief_gain * surprise
            total += s.market_value[lab] * surprise
            value += s.market_value[lab]
    return total / value if value > 0.0 else 0.0


@compiled
def _capex_news(w: World, par: Parameters, shock: Shock, s: State) -> float:
    """Response to the builders' capital spending, signed by its return over its cost (H2a)."""
    capex = 0.0
    earned = 0.0
    capacity = 0.0
    for i in range(w.firms):
        if w.role[i] in (PLATFORM, LEVERAGED_CLOUD):
            capex += s.capex[i] - s.inherited_cost[i]
            earned += s.capacity[i] * s.return_on_capital[i]
            capacity += s.capacity[i]
    change = math.log(capex / s.capex_before) if capex > 0.0 and s.capex_before > 0.0 else 0.0
    s.capex_before = capex
    if capacity <= 0.0:
        return 0.0
    required = s.long_rate + par.equity_premium + shock.common[G_EQUITY_REQUIRED_RETURN]
    return capex_news_response(par.capex_news_slope, earned / capacity, required, min(max(change, -0.5), 0.5))


@compiled
def _mean_jump(w: World, s: State) -> float:
    """News of the quarter over the listed sector, weighted by market value."""
    total = 0.0
    value = 0.0
    for i in range(w.firms):
        if w.listed[i] > 0.5:
            total += s.market_value[i] * s.news_jump[i]
            value += s.market_value[i]
    return total / value if value > 0.0 else 0.0


@compiled
def _disclosure(w: World, par: Parameters) -> float:
    """Move of sentiment when binding amounts are published beside announced ones (L4)."""
    headline = 0.0
    binding = 0.0
    for r in range(w.relations):
        headline += max(w.headline[r], 0.0)
        binding += max(w.binding[r], 0.0)
    return disclosure_surprise(par.disclosure_slope, binding, headline)
