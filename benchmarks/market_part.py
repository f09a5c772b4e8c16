"""The market part of a quarter at any number of agents: draw by draw, compiled, against NumPy over a batch of draws.

Both do the same sums with the same equations of the model, which has room for 40 agents; here the number is free.
Contracts load the sellers (D), tightness moves the spot and the contract price (B5, B6), contracts are billed, and
shares move by fundamentals, flows and beliefs with every dollar of change booked by channel (H4 to H4c).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.model.equations.compute_market import contract_price_after, spot_price_after
from cardhouse.model.equations.equity_price import belief_return, market_return, relative_return, value_per_log

SPEED, EXPONENT, DURATION, LONG_RUN = 0.3, 1.5, 12.0, 10.0
MULTIPLIER, CROSS, SENSITIVITY = 5.0, 1.0, 0.1
CHANNELS = 3


class Market(NamedTuple):
    """Figures of a batch of draws: of the whole (draw,), of agents (draw, agent), of contracts (contract,)."""

    buyer: IntArray
    seller: IntArray
    scheduled: FloatArray
    capacity: FloatArray
    use: FloatArray
    spot: FloatArray
    contract: FloatArray
    mood: FloatArray
    value: FloatArray
    weight: FloatArray
    fundamental: FloatArray
    flow: FloatArray
    loading: FloatArray


class Outcome(NamedTuple):
    """What a quarter leaves: prices (draw,), bills (draw, contract), values and channels (draw, agent…)."""

    spot: FloatArray
    contract: FloatArray
    bill: FloatArray
    load: FloatArray
    value: FloatArray
    channel: FloatArray


def new_market(agents: int, contracts: int, draws: int, seed: int) -> Market:
    """Draw a network of ten contracts per agent and the figures of a batch of draws."""
    random = np.random.default_rng(seed)
    buyer = np.repeat(np.arange(agents), contracts // agents)
    seller = (buyer + 1 + random.integers(0, agents - 1, buyer.size)) % agents
    order = np.argsort(seller, kind="stable")
    value = random.lognormal(3.0, 1.0, (draws, agents))
    return Market(
        buyer=buyer[order],
        seller=seller[order],
        scheduled=random.lognormal(-1.0, 1.0, buyer.size),
        capacity=random.lognormal(1.5, 0.5, (draws, agents)),
        use=random.uniform(0.6, 1.0, (draws, agents)),
        spot=random.uniform(6.0, 14.0, draws),
        contract=random.uniform(8.0, 12.0, draws),
        mood=random.normal(0.0, 0.3, draws),
        value=value,
        weight=value / value.sum(axis=1, keepdims=True),
        fundamental=random.normal(0.0, 0.05, (draws, agents)),
        flow=random.normal(0.0, 0.01, (draws, agents)),
        loading=random.uniform(0.5, 1.5, (draws, agents)),
    )


def new_outcome(market: Market) -> Outcome:
    """Allocate what a quarter leaves."""
    draws, agents = market.value.shape
    whole, each = np.empty(draws), np.empty((draws, agents))
    bill = np.empty((draws, market.seller.size))
    return Outcome(whole, whole.copy(), bill, each, each.copy(), np.empty((draws, agents, CHANNELS)))


@compiled
def _trade(market: Any, out: Any, d: int) -> None:
    """Load sellers, move prices and write bills of one draw."""
    agents = market.value.shape[1]
    load, capacity = 0.0, 0.0
    for i in range(agents):
        out.load[d, i] = 0.0
        capacity += market.capacity[d, i]
    for r in range(market.seller.size):
        used = market.scheduled[r] * market.use[d, market.buyer[r]]
        out.load[d, market.seller[r]] += used
        load += used
    spot = spot_price_after(market.spot[d], SPEED, LONG_RUN, load / capacity, EXPONENT)
    contract = contract_price_after(market.contract[d], spot, DURATION)
    out.spot[d], out.contract[d] = spot, contract
    for r in range(market.seller.size):
        out.bill[d, r] = 0.25 * contract * market.scheduled[r] * market.use[d, market.buyer[r]]


@compiled
def _reprice(market: Any, out: Any, d: int) -> None:
    """Move the shares of one draw."""
    agents = market.value.shape[1]
    fundamental, flow = 0.0, 0.0
    for i in range(agents):
        fundamental += market.weight[d, i] * market.fundamental[d, i]
        flow += market.weight[d, i] * market.flow[d, i]
    whole = market_return(fundamental, MULTIPLIER, flow)
    for i in range(agents):
        before = market.value[d, i]
        belief = belief_return(SENSITIVITY, market.mood[d], market.loading[d, i])
        own = market.flow[d, i] - flow
        total = relative_return(whole, market.fundamental[d, i], fundamental, CROSS, own) + belief
        after = before * math.exp(total)
        by_flow = MULTIPLIER * flow + CROSS * own
        out.value[d, i] = after
        dollars = value_per_log(after, before, total)
        out.channel[d, i, 0] = dollars * (total - belief - by_flow)
        out.channel[d, i, 1] = dollars * belief
        out.channel[d, i, 2] = dollars * by_flow


@compiled
def by_draw(market: Any, out: Any) -> None:
    """Run the market part draw by draw."""
    for d in range(market.value.shape[0]):
        _trade(market, out, d)
        _reprice(market, out, d)


def by_batch(market: Market) -> Outcome:
    """Run the market part for all draws at once; contracts are sorted by seller, so that loads are plain sums."""
    used = market.scheduled * market.use[:, market.buyer]
    starts = np.searchsorted(market.seller, np.arange(market.value.shape[1]))
    load = np.add.reduceat(used, starts, axis=1)
    tightness = used.sum(axis=1) / market.capacity.sum(axis=1)
    spot = market.spot + SPEED * (LONG_RUN * tightness**EXPONENT - market.spot)
    contract = market.contract + (spot - market.contract) / DURATION
    bill = 0.25 * contract[:, None] * used
    fundamental = (market.weight * market.fundamental).sum(axis=1)
    flow = (market.weight * market.flow).sum(axis=1)
    whole = (fundamental + MULTIPLIER * flow)[:, None]
    belief = SENSITIVITY * market.mood[:, None] * market.loading
    own = market.flow - flow[:, None]
    total = whole + (market.fundamental - fundamental[:, None]) + CROSS * own + belief
    value = market.value * np.exp(total)
    by_flow = MULTIPLIER * flow[:, None] + CROSS * own
    per_log = np.where(np.abs(total) < 1e-12, 0.5 * (value + market.value), (value - market.value) / total)
    parts = np.stack([total - belief - by_flow, belief, by_flow], axis=2)
    return Outcome(spot, contract, bill, load, value, per_log[:, :, None] * parts)
