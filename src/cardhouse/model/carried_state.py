"""What one quarter of one world hands on to the next.

It lies near the front of the :class:`~cardhouse.model.state.State`, behind what the opening of a draw fixed, so that a
short move of memory keeps the start of a quarter: the identities compare with it, and a quarter with defaults runs
again from it.
"""

from __future__ import annotations

import numpy as np

from cardhouse.basics.arrays import IntArray
from cardhouse.model.layout import ROOM, Annotated, FloatArray, about, dtype_of, fields_of
from cardhouse.model.opened_state import OpenedState


class CarriedState(OpenedState):
    """The part of a state that a quarter reads before it writes it."""

    # --- clock
    quarter: Annotated[int, about("count", "quarters since the base quarter; 1 is the first simulated one")]
    full_rollover: Annotated[float, about("switch", "1 in the re-run that tells illiquid from insolvent")]
    code: Annotated[int, about("code", "result code of the draw so far")]

    # --- money and balance sheets, by agent
    cash: Annotated[FloatArray, about("USD bn", "cash; only postings change it", "agent")]
    debt_total: Annotated[FloatArray, about("USD bn", "the same debt in all", "agent")]
    interest_rate: Annotated[FloatArray, about("per year", "mean rate on the debt", "agent")]
    undrawn_lines: Annotated[FloatArray, about("USD bn", "committed lines not drawn", "agent")]
    chips_gross: Annotated[FloatArray, about("USD bn", "cost of chips in service", "agent", block="E")]
    chips_book: Annotated[FloatArray, about("USD bn", "chips at book value", "agent", block="E")]
    chips_economic: Annotated[FloatArray, about("USD bn", "chips at economic value", "agent", block="E")]
    shells_book: Annotated[FloatArray, about("USD bn", "shells and power at book value", "agent", block="E")]
    construction: Annotated[FloatArray, about("USD bn", "construction and prepaid orders", "agent", block="C")]
    other_property: Annotated[FloatArray, about("USD bn", "other property at book value", "agent", block="E")]
    stake_book: Annotated[FloatArray, about("USD bn", "strategic stakes at book value", "agent", block="I")]
    other_net_assets: Annotated[FloatArray, about("USD bn", "other assets less other liabilities", "agent")]
    book_equity: Annotated[FloatArray, about("USD bn", "book equity, rolled forward by income", "agent", block="E")]
    owners: Annotated[IntArray, about("set of agents", "bits: who owns or owned part of it", "agent", block="I")]
    holdings: Annotated[IntArray, about("set of firms", "bits: firms it owns or owned part of", "agent", block="I")]
    status: Annotated[IntArray, about("status", "alive, sweep, renegotiating, default, receivership", "agent")]
    lender_capital: Annotated[FloatArray, about("USD bn", "own equity of lenders", "agent", block="J")]

    # --- A adoption
    pilots: Annotated[float, about("share", "firms in pilots", block="A")]
    adopters: Annotated[float, about("share", "firms in production", block="A")]
    users: Annotated[float, about("million users", "consumer users", block="A")]
    paying_share: Annotated[float, about("share", "users who pay", block="A")]
    quality: Annotated[FloatArray, about("ratio", "relative quality of laboratories", "agent", block="A")]

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
    capacity: Annotated[FloatArray, about("GW", "energised capacity operated", "agent", block="B")]
    late: Annotated[FloatArray, about("GW", "capacity that waits for power", "agent", block="B")]
    load: Annotated[FloatArray, about("GW", "capacity in use", "agent", block="B")]
    spot_use: Annotated[FloatArray, about("GW", "compute rented on the spot market", "agent", block="B")]

    # --- C orders
    growth_belief: Annotated[float, about("per quarter", "adaptive belief about demand growth", block="C")]
    expected_growth: Annotated[float, about("per quarter", "expected demand growth", block="C")]
    orders_total: Annotated[float, about("GW", "orders of the sector", block="C")]
    wafer_share: Annotated[float, about("share", "AI share of wafers", block="C")]
    other_chip_output: Annotated[float, about("ratio", "non-AI chip output relative to the start", block="C")]
    order_rate: Annotated[FloatArray, about("share", "orders over capacity of the last quarter", "agent", block="C")]
    covered_funds: Annotated[
        FloatArray, about("USD bn", "money whose use the opening lease covers", "agent", block="C")
    ]
    loop_before: Annotated[float, about("GW", "compute demand that strategic money paid for before", block="C")]

    # --- D commitments, by relation
    backlog_received: Annotated[FloatArray, about("USD bn", "backlog owned as a seller", "agent", block="D")]
    compute_bill: Annotated[FloatArray, about("USD bn", "compute rented, due this quarter", "agent", block="D")]

    # --- E income
    revenue: Annotated[FloatArray, about("USD bn", "sales of the quarter, received", "agent", block="E")]
    ebitda: Annotated[FloatArray, about("USD bn", "earnings before interest, tax and wear", "agent", block="E")]
    interest: Annotated[FloatArray, about("USD bn", "interest due", "agent", block="G")]
    interest_paid: Annotated[FloatArray, about("USD bn", "interest paid", "agent", block="E")]
    tax: Annotated[FloatArray, about("USD bn", "tax due", "agent", block="E")]
    free_cash_flow: Annotated[FloatArray, about("USD bn", "EBITDA less interest, tax, capex", "agent", block="E")]
    chip_purchases: Annotated[FloatArray, about("USD bn", "chips bought, paid", "agent", block="E")]
    return_on_capital: Annotated[FloatArray, about("per year", "economic return on capital", "agent", block="E")]
    cash_floor: Annotated[FloatArray, about("USD bn", "cash that the firm wants to hold", "agent", block="E")]
    chip_sales_before: Annotated[FloatArray, about("USD bn", "chip sales of the quarter before", "agent", block="E")]

    # --- F laboratory funding
    plan_revenue: Annotated[FloatArray, about("USD bn", "revenue that investors expect", "agent", block="F")]
    revenue_seen: Annotated[FloatArray, about("USD bn", "revenue of the quarter before", "agent", block="H")]
    growth_seen: Annotated[
        FloatArray, about("per quarter", "revenue growth that investors count on", "agent", block="H")
    ]
    tranche_left: Annotated[FloatArray, about("USD bn", "conditional money not yet paid", "agent", block="F")]
    value_growth: Annotated[float, about("per quarter", "growth that prices pay for", block="H")]
    growth_reference: Annotated[float, about("per quarter", "expected growth at the start")]
    stake_value: Annotated[FloatArray, about("USD bn", "firm's stakes at market value", "agent", block="I")]
    warrant_left: Annotated[FloatArray, about("share", "share of the issuer not yet vested", "warrant", block="F")]
    warrant_gain: Annotated[
        FloatArray, about("USD bn", "value that vested warrants moved to the agent so far", "agent", block="F")
    ]

    # --- G credit
    rating: Annotated[FloatArray, about("notch", "rating on a ladder: 0 AAA, 9 BBB-, 17 CCC", "agent", block="G")]
    debt_capacity: Annotated[FloatArray, about("USD bn", "debt that lenders allow", "agent", block="G")]
    covenant_event: Annotated[FloatArray, about("switch", "1: event of default", "agent", block="G")]
    rating_own: Annotated[FloatArray, about("notch", "rating without the scenario", "agent", block="G")]
    rating_offset: Annotated[FloatArray, about("notch", "rating less score at the start", "agent")]
    cover_reference: Annotated[FloatArray, about("ratio", "debt service cover at the start", "agent")]
    covenant_strikes: Annotated[IntArray, about("quarters", "tests failed in a row", "agent", block="G")]
    angel_spread: Annotated[FloatArray, about("per year", "spread from forced bond sales", "agent", block="G")]
    market_spread_own: Annotated[float, about("per year", "z without the scenario", block="G")]
    market_spread_before: Annotated[float, about("per year", "z a quarter earlier", block="H")]
    lending_standard_own: Annotated[float, about("share", "r without the scenario", block="G")]
    support_given: Annotated[
        FloatArray, about("USD bn", "support that a tenant has paid to its vehicle so far", "agent", block="J")
    ]
    recent_default: Annotated[float, about("index", "memory of named defaults", block="J")]
    risk_free: Annotated[float, about("per year", "policy rate", block="G")]

    # --- H and I equity
    market_value: Annotated[FloatArray, about("USD bn", "market value", "agent", block="H")]
    fundamental_value: Annotated[FloatArray, about("USD bn", "fundamental value", "agent", block="H")]
    own_value: Annotated[FloatArray, about("USD bn", "value of the firm without its stakes", "agent", block="I")]
    value_anchor: Annotated[FloatArray, about("ratio", "own value over what H1 gave at the start", "agent")]
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
    index_weight: Annotated[FloatArray, about("share", "weight in the index", "agent", block="H")]

    # --- J default
    default_quarter: Annotated[IntArray, about("quarter", "quarter of default, -1 never", "agent", block="J")]
    default_label: Annotated[IntArray, about("label", "1 illiquid, 2 insolvent", "agent", block="J")]
    default_trigger: Annotated[IntArray, about("code", "equation that triggered it", "agent", block="J")]
    default_round: Annotated[IntArray, about("wave", "round of the cascade within the quarter", "agent", block="J")]
    under_water: Annotated[IntArray, about("quarters", "quarters of negative net worth", "agent", block="J")]
    claims_unpaid: Annotated[FloatArray, about("USD bn", "claims on the firm never paid", "agent", block="J")]
    claims_lost: Annotated[FloatArray, about("USD bn", "claims of the agent never paid", "agent", block="J")]
    recovery_rate: Annotated[FloatArray, about("share", "debt recovered at default", "agent", block="J")]
    recovery_secured: Annotated[FloatArray, about("share", "secured debt recovered at default", "agent", block="J")]
    recovery_unsecured: Annotated[FloatArray, about("share", "other debt recovered at default", "agent", block="J")]
    inherited_capacity: Annotated[float, about("GW", "capacity of failed firms still running", block="J")]
    capacity_bought: Annotated[FloatArray, about("GW", "failed firms' capacity bought so far", "agent", block="J")]
    capacity_bought_cost: Annotated[FloatArray, about("USD bn", "paid for it so far", "agent", block="J")]
    parent: Annotated[IntArray, about("agent", "platform that the laboratory was merged into, -1 none", "agent")]
    turnover: Annotated[FloatArray, about("USD bn", "largest cash and dues of a quarter so far", "agent", block="J")]

    # --- K economy
    gdp_gap: Annotated[float, about("share", "output gap", block="K")]
    wealth_change: Annotated[FloatArray, about("USD bn", "change of equity wealth, newest first", "lag", block="K")]
    equity_loss: Annotated[FloatArray, about("USD bn", "equity lost since the start, by holder", "agent", block="K")]
    credit_loss: Annotated[FloatArray, about("USD bn", "credit lost since the start, by holder", "agent", block="K")]
    securities_issued: Annotated[
        float, about("USD bn", "liquid securities the government owes for lack of deposits outside", block="K")
    ]
    fiscal_cost: Annotated[float, about("USD bn", "public money spent by levers", block="L")]
    public_claim: Annotated[FloatArray, about("USD bn", "public support not yet repaid", "agent", block="L")]
    wealth_settled: Annotated[float, about("USD bn", "wealth change older than the lags", block="K")]
    class_loss: Annotated[FloatArray, about("USD bn", "loss since the start, by class", "holder_class", block="K")]
    gap_before: Annotated[float, about("share", "output gap a quarter earlier", block="K")]

    # --- at the end, what has more room than most worlds use: the copy of a quarter leaves the rest out (PARTS)
    debt: Annotated[FloatArray, about("USD bn", "debt by remaining quarters; last one and later", "agent", "maturity")]
    debt_by_lender: Annotated[FloatArray, about("USD bn", "the same debt by lender", "agent", "lender")]
    debt_by_class: Annotated[FloatArray, about("USD bn", "the same debt by class", "agent", "debt_class")]
    stake: Annotated[FloatArray, about("share", "share of the issuer held by the owner", "agent", "issuer", block="F")]
    pipeline: Annotated[FloatArray, about("GW", "capacity due by quarters to go", "agent", "pipeline", block="C")]
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


ROWS = ("agent", "relation", "laboratory")
"""Axes along which :data:`PARTS` are copied only as far as the world uses them."""


def _parts() -> tuple[int, IntArray]:
    """Find where the fields at the end begin, and for each its first number, numbers in a row, and place in ROWS.

    Raises
    ------
    TypeError
        If a field that belongs at the end stands before another one.
    """
    layout = dtype_of(CarriedState)
    parts: list[tuple[int, int, int]] = []
    for name, (_, field) in fields_of(CarriedState).items():
        if name in fields_of(OpenedState):
            continue
        begin, length = layout.fields[name][1] // 8, layout.fields[name][0].itemsize // 8  # type: ignore[index]  # records have fields
        axes = field.dimensions
        if len(axes) == 2 or axes == ("relation",):
            parts.append((begin, length // ROOM[axes[0]], ROWS.index(axes[0])))
        elif parts:
            msg = f"{name} stands behind fields that are copied in part"
            raise TypeError(msg)
    return parts[0][0], np.array(parts, dtype=np.int64)


OPENED = dtype_of(OpenedState).itemsize // 8
"""Numbers at the front of a state that no quarter changes."""
WHOLE, PARTS = _parts()
"""Numbers at the front that are copied as they are, but for the opened ones; fields behind them, one row each."""
