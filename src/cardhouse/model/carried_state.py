"""What one quarter of one world hands on to the next.

It lies near the front of the :class:`~cardhouse.model.state.State`, behind what the opening of a draw fixed, so that a
short move of memory keeps the start of a quarter: the identities compare with it, and a quarter with defaults runs
again from it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cardhouse.basics.arrays import IntArray
from cardhouse.model.layout import CACHE_LINE, ROOM, Annotated, FloatArray, about, dtype_of, fields_of
from cardhouse.model.opened_state import OpenedState
from cardhouse.model.world import World


class CarriedState(OpenedState):
    """The part of a state that a quarter reads before it writes it."""

    # --- clock
    quarter: Annotated[int, about("count", "quarters since the base quarter; 1 is the first simulated one")]
    full_rollover: Annotated[float, about("switch", "1 in the re-run that tells illiquid from insolvent")]
    code: Annotated[int, about("code", "result code of the draw so far")]

    # --- money and balance sheets, by agent
    cash: Annotated[FloatArray, about("USD bn", "cash; only postings change it", "agent")]
    debt_total: Annotated[FloatArray, about("USD bn", "the same debt in all", "agent")]
    interest_rate: Annotated[FloatArray, about("per year", "mean rate on the debt", "firm")]
    undrawn_lines: Annotated[FloatArray, about("USD bn", "committed lines not drawn", "firm")]
    chips_gross: Annotated[FloatArray, about("USD bn", "cost of chips in service", "firm", block="E")]
    chips_book: Annotated[FloatArray, about("USD bn", "chips at book value", "firm", block="E")]
    chips_economic: Annotated[FloatArray, about("USD bn", "chips at economic value", "firm", block="E")]
    shells_book: Annotated[FloatArray, about("USD bn", "shells and power at book value", "firm", block="E")]
    construction: Annotated[FloatArray, about("USD bn", "construction and prepaid orders", "firm", block="C")]
    other_property: Annotated[FloatArray, about("USD bn", "other property at book value", "firm", block="E")]
    stake_book: Annotated[FloatArray, about("USD bn", "strategic stakes at book value", "firm", block="I")]
    other_net_assets: Annotated[FloatArray, about("USD bn", "other assets less other liabilities", "agent")]
    book_equity: Annotated[FloatArray, about("USD bn", "book equity, rolled forward by income", "firm", block="E")]
    owners: Annotated[IntArray, about("set of agents", "bits: who owns or owned part of it", "agent", block="I")]
    holdings: Annotated[IntArray, about("set of firms", "bits: firms it owns or owned part of", "agent", block="I")]
    status: Annotated[IntArray, about("status", "alive, sweep, renegotiating, default, receivership", "firm")]
    lender_capital: Annotated[FloatArray, about("USD bn", "own equity of lenders", "agent", block="J")]

    # --- A adoption
    pilots: Annotated[float, about("share", "firms in pilots", block="A")]
    adopters: Annotated[float, about("share", "firms in production", block="A")]
    users: Annotated[float, about("million users", "consumer users", block="A")]
    paying_share: Annotated[float, about("share", "users who pay", block="A")]
    quality: Annotated[FloatArray, about("ratio", "relative quality of laboratories", "firm", block="A")]

    # --- B compute market
    revenue_per_gw_year: Annotated[float, about("USD bn per GW-year", "revenue per GW-year of compute", block="B")]
    demand: Annotated[float, about("GW", "compute demanded", block="B")]
    capacity_total: Annotated[float, about("GW", "energised capacity", block="B")]
    spot_price: Annotated[float, about("USD bn per GW-year", "spot price of compute", block="B")]
    contract_price: Annotated[float, about("USD bn per GW-year", "mean contract price", block="B")]
    spot_base: Annotated[float, about("USD bn per GW-year", "spot price before shocks to it", block="B")]
    cost_factor: Annotated[float, about("ratio", "cost of new capacity relative to new build", block="J")]
    price_bias: Annotated[float, about("ratio", "headline over true contract price from warrants", block="F")]
    used_chip_index: Annotated[float, about("index", "value of used chips, 1 at the start", block="B")]
    used_chip_before: Annotated[float, about("index", "the index a quarter earlier", block="B")]
    fire_sale_discount: Annotated[float, about("log points", "depression of the index by fire sales", block="J")]
    capacity: Annotated[FloatArray, about("GW", "energised capacity operated", "firm", block="B")]
    late: Annotated[FloatArray, about("GW", "capacity that waits for power", "firm", block="B")]
    load: Annotated[FloatArray, about("GW", "capacity in use", "firm", block="B")]
    spot_use: Annotated[FloatArray, about("GW", "compute rented on the spot market", "firm", block="B")]

    # --- C orders
    growth_belief: Annotated[float, about("per quarter", "adaptive belief about demand growth", block="C")]
    expected_growth: Annotated[float, about("per quarter", "expected demand growth", block="C")]
    orders_total: Annotated[float, about("GW", "orders of the sector", block="C")]
    wafer_share: Annotated[float, about("share", "AI share of wafers", block="C")]
    other_chip_output: Annotated[float, about("ratio", "non-AI chip output relative to the start", block="C")]
    order_rate: Annotated[FloatArray, about("share", "orders over capacity of the last quarter", "firm", block="C")]
    covered_funds: Annotated[FloatArray, about("USD bn", "money whose use the opening lease covers", "firm", block="C")]
    loop_before: Annotated[float, about("GW", "compute demand that strategic money paid for before", block="C")]

    # --- D commitments, by relation
    backlog_received: Annotated[FloatArray, about("USD bn", "backlog owned as a seller", "agent", block="D")]
    compute_bill: Annotated[FloatArray, about("USD bn", "compute rented, due this quarter", "firm", block="D")]

    # --- E income
    revenue: Annotated[FloatArray, about("USD bn", "sales of the quarter, received", "firm", block="E")]
    ebitda: Annotated[FloatArray, about("USD bn", "earnings before interest, tax and wear", "firm", block="E")]
    interest: Annotated[FloatArray, about("USD bn", "interest due", "firm", block="G")]
    interest_paid: Annotated[FloatArray, about("USD bn", "interest paid", "firm", block="E")]
    tax: Annotated[FloatArray, about("USD bn", "tax due", "firm", block="E")]
    free_cash_flow: Annotated[FloatArray, about("USD bn", "EBITDA less interest, tax, capex", "firm", block="E")]
    chip_purchases: Annotated[FloatArray, about("USD bn", "chips bought, paid", "firm", block="E")]
    return_on_capital: Annotated[FloatArray, about("per year", "economic return on capital", "firm", block="E")]
    cash_floor: Annotated[FloatArray, about("USD bn", "cash that the firm wants to hold", "firm", block="E")]
    chip_sales_before: Annotated[FloatArray, about("USD bn", "chip sales of the quarter before", "firm", block="E")]

    # --- F laboratory funding
    plan_revenue: Annotated[FloatArray, about("USD bn", "revenue that investors expect", "firm", block="F")]
    revenue_seen: Annotated[FloatArray, about("USD bn", "revenue of the quarter before", "firm", block="H")]
    growth_seen: Annotated[
        FloatArray, about("per quarter", "revenue growth that investors count on", "firm", block="H")
    ]
    tranche_left: Annotated[FloatArray, about("USD bn", "conditional money not yet paid", "firm", block="F")]
    value_growth: Annotated[float, about("per quarter", "growth that prices pay for", block="H")]
    growth_reference: Annotated[float, about("per quarter", "expected growth at the start")]
    stake_value: Annotated[FloatArray, about("USD bn", "firm's stakes at market value", "firm", block="I")]
    warrant_left: Annotated[FloatArray, about("share", "share of the issuer not yet vested", "warrant", block="F")]

    # --- G credit
    rating: Annotated[FloatArray, about("notch", "rating on a ladder: 0 AAA, 9 BBB-, 17 CCC", "firm", block="G")]
    debt_capacity: Annotated[FloatArray, about("USD bn", "debt that lenders allow", "firm", block="G")]
    covenant_event: Annotated[FloatArray, about("switch", "1: event of default", "firm", block="G")]
    rating_own: Annotated[FloatArray, about("notch", "rating without the scenario", "firm", block="G")]
    rating_offset: Annotated[FloatArray, about("notch", "rating less score at the start", "firm")]
    cover_reference: Annotated[FloatArray, about("ratio", "debt service cover at the start", "firm")]
    covenant_strikes: Annotated[IntArray, about("quarters", "tests failed in a row", "firm", block="G")]
    angel_spread: Annotated[FloatArray, about("per year", "spread from forced bond sales", "firm", block="G")]
    market_spread_own: Annotated[float, about("per year", "z without the scenario", block="G")]
    market_spread_before: Annotated[float, about("per year", "z a quarter earlier", block="H")]
    lending_standard_own: Annotated[float, about("share", "r without the scenario", block="G")]
    support_given: Annotated[
        FloatArray, about("USD bn", "support that a tenant has paid to its vehicle so far", "firm", block="J")
    ]
    recent_default: Annotated[float, about("index", "memory of named defaults", block="J")]
    risk_free: Annotated[float, about("per year", "policy rate", block="G")]

    # --- H and I equity
    market_value: Annotated[FloatArray, about("USD bn", "market value", "firm", block="H")]
    fundamental_value: Annotated[FloatArray, about("USD bn", "fundamental value", "firm", block="H")]
    own_value: Annotated[FloatArray, about("USD bn", "value of the firm without its stakes", "firm", block="I")]
    value_anchor: Annotated[FloatArray, about("ratio", "own value over what H1 gave at the start", "firm")]
    sentiment: Annotated[float, about("points", "sentiment S, 0 neutral", block="H")]
    sentiment_before: Annotated[float, about("points", "sentiment a quarter earlier", block="H")]
    sentiment_own: Annotated[float, about("points", "sentiment without the scenario", block="H")]
    disclosed: Annotated[float, about("points", "sentiment moved by disclosure so far", block="L")]
    capex_before: Annotated[float, about("USD bn", "capital spending of the sector a quarter earlier", block="H")]
    mispricing: Annotated[float, about("log points", "sector value over fundamental", block="H")]
    forced_sales: Annotated[float, about("share", "forced sales over market value", block="H")]
    news_excitement: Annotated[float, about("per quarter", "self-excited part of it", block="H")]
    credit_in_funding: Annotated[float, about("share", "debt in the new money of a quarter earlier", block="H")]
    index_value: Annotated[float, about("USD bn", "market value of the share index", block="H")]
    index_weight: Annotated[FloatArray, about("share", "weight in the index", "firm", block="H")]

    # --- J default
    default_quarter: Annotated[IntArray, about("quarter", "quarter of default, -1 never", "firm", block="J")]
    under_water: Annotated[IntArray, about("quarters", "quarters of negative net worth", "firm", block="J")]
    recovery_rate: Annotated[FloatArray, about("share", "debt recovered at default", "firm", block="J")]
    inherited_capacity: Annotated[float, about("GW", "capacity of failed firms still running", block="J")]
    parent: Annotated[IntArray, about("agent", "platform that the laboratory was merged into, -1 none", "agent")]
    turnover: Annotated[FloatArray, about("USD bn", "largest cash and dues of a quarter so far", "firm", block="J")]

    # --- K economy
    gdp_gap: Annotated[float, about("share", "output gap", block="K")]
    wealth_change: Annotated[FloatArray, about("USD bn", "change of equity wealth, newest first", "lag", block="K")]
    equity_loss: Annotated[FloatArray, about("USD bn", "equity lost since the start, by holder", "agent", block="K")]
    securities_issued: Annotated[
        float, about("USD bn", "liquid securities the government owes for lack of deposits outside", block="K")
    ]
    fiscal_cost: Annotated[float, about("USD bn", "public money spent by levers", block="L")]
    public_claim: Annotated[FloatArray, about("USD bn", "public support not yet repaid", "firm", block="L")]
    wealth_settled: Annotated[float, about("USD bn", "wealth change older than the lags", block="K")]
    class_loss: Annotated[FloatArray, about("USD bn", "loss since the start, by class", "holder_class", block="K")]
    gap_before: Annotated[float, about("share", "output gap a quarter earlier", block="K")]

    # --- tables
    debt: Annotated[FloatArray, about("USD bn", "debt by remaining quarters; last one and later", "firm", "maturity")]
    debt_by_lender: Annotated[FloatArray, about("USD bn", "the same debt by lender", "firm", "lender")]
    debt_by_class: Annotated[FloatArray, about("USD bn", "the same debt by class", "firm", "debt_class")]
    stake: Annotated[FloatArray, about("share", "share of the issuer held by the owner", "agent", "issuer", block="F")]
    pipeline: Annotated[FloatArray, about("GW", "capacity due by quarters to go", "firm", "pipeline", block="C")]
    strategic_pool: Annotated[
        FloatArray, about("USD bn", "money givers stand ready with", "laboratory", "agent", block="F")
    ]
    strategic_profit: Annotated[
        FloatArray, about("USD bn per quarter", "giver's profit from the taker at the start", "laboratory", "agent")
    ]
    backlog: Annotated[FloatArray, about("USD bn", "contract amount still to be billed", "relation", block="D")]
    added_bill: Annotated[
        FloatArray, about("USD bn per quarter", "lease of what was built since", "relation", block="D")
    ]
    survival: Annotated[FloatArray, about("share", "part of the contract still in force", "relation", block="D")]


OPENED = dtype_of(OpenedState).itemsize // 8
"""Numbers at the front of a state that no quarter changes."""
_LINE = CACHE_LINE // 8


class Run(NamedTuple):
    """A stretch of numbers in a state, once or several times at equal distances."""

    first: int
    length: int
    step: int
    times: int


def carried_runs(w: World) -> IntArray:
    """List what a quarter hands on in a world: fields as far as the world uses their axes, up to whole cache lines.

    Returns
    -------
    array of int, shape (run, 4)
        First number, numbers in a run, numbers from one run to the next, and how many times it comes.
    """
    used = {**ROOM, "agent": w.agents, "firm": w.firms, "issuer": w.firms}
    used |= {"relation": w.relations, "laboratory": w.laboratories}
    layout, runs = dtype_of(CarriedState), list[Run]()
    fields = [item for item in fields_of(CarriedState).items() if item[0] not in fields_of(OpenedState)]
    for name, (_, field) in sorted(fields, key=lambda item: layout.fields[item[0]][1]):  # type: ignore[index]  # records have fields
        first = int(layout.fields[name][1]) // 8  # type: ignore[index]  # records have fields
        _append(runs, _run_of(first, [(ROOM[axis], int(used[axis])) for axis in field.dimensions]))
    return np.array(runs, dtype=np.int64)


def _run_of(first: int, axes: list[tuple[int, int]]) -> Run:
    """Give the run of one field from the room and the use of its axes."""
    if not axes:
        return Run(first, 1, 0, 1)
    room, use = axes[-1]
    length = min(-(-use // _LINE) * _LINE, room)
    if len(axes) == 1 or length == room:
        return Run(first, length * (axes[0][1] if len(axes) > 1 else 1), 0, 1)
    return Run(first, length, room, axes[0][1])


def _append(runs: list[Run], new: Run) -> None:
    """Add a run to the list, or to the last one on it that it continues."""
    last = runs[-1] if runs else Run(-1, 0, 0, 0)
    end, step = last.first + last.step * (last.times - 1), last.step or new.first - last.first
    if last.times == new.times == 1 and last.first + last.length == new.first:
        runs[-1] = last._replace(length=last.length + new.length)
    elif last.length == new.length and new.times == 1 and end + step == new.first:
        runs[-1] = last._replace(step=step, times=last.times + 1)
    else:
        runs.append(new)
