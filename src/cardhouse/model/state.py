"""The state of one world in one draw: everything that changes from quarter to quarter.

Firms are the agents ``0 .. world.firms - 1``. Money is USD bn, flows are per quarter, rates per year, capacity GW.
"""

from __future__ import annotations

from cardhouse.basics.arrays import IntArray
from cardhouse.model.layout import Annotated, FloatArray, Layout, about

ALIVE = 0
SWEEP = 1
RENEGOTIATING = 2
DEFAULT = 3
RECEIVERSHIP = 4
RESTRUCTURED = 5
"""Values of ``State.status``."""

ILLIQUID = 1
INSOLVENT = 2
"""Values of ``State.default_label``; 0 is no default."""

FUNDAMENTAL = 0
BELIEF = 1
FLOW = 2
FORCED_SALE = 3
JUMP = 4
"""Channels of a price change, the axis ``channel``."""

LIMIT_NONE = 0
LIMIT_SUPPLY = 1
LIMIT_FINANCE = 2
"""Values of ``State.order_limit``: what bound the orders of a firm."""


class State(Layout):
    """One world at the end of a quarter, and the flows of that quarter."""

    # --- clock
    quarter: Annotated[int, about("count", "quarters since the base quarter; 1 is the first simulated one")]
    full_rollover: Annotated[float, about("switch", "1 in the re-run that tells illiquid from insolvent")]
    code: Annotated[int, about("code", "result code of the draw so far")]

    # --- money and balance sheets, by agent
    cash: Annotated[FloatArray, about("USD bn", "cash; only postings change it", "agent")]
    debt: Annotated[FloatArray, about("USD bn", "debt by remaining quarters; last one and later", "agent", "maturity")]
    debt_by_lender: Annotated[FloatArray, about("USD bn", "the same debt by lender", "agent", "lender")]
    debt_by_class: Annotated[FloatArray, about("USD bn", "the same debt by class", "agent", "debt_class")]
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
    lease_liability: Annotated[FloatArray, about("USD bn", "leases on the balance sheet", "agent")]
    book_equity: Annotated[FloatArray, about("USD bn", "book equity, rolled forward by income", "agent", block="E")]
    stake: Annotated[FloatArray, about("share", "share of the issuer held by the owner", "agent", "issuer", block="F")]
    status: Annotated[IntArray, about("status", "alive, sweep, renegotiating, default, receivership", "agent")]
    lender_loss: Annotated[FloatArray, about("USD bn", "credit losses of the quarter, by agent", "agent", block="J")]
    lender_capital: Annotated[FloatArray, about("USD bn", "own equity of lenders", "agent", block="J")]

    stakes_solved: Annotated[float, about("switch", "1 if market values follow the network of stakes", block="I")]

    # --- A adoption
    pilots: Annotated[float, about("share", "firms in pilots", block="A")]
    adopters: Annotated[float, about("share", "firms in production", block="A")]
    users: Annotated[float, about("million users", "consumer users", block="A")]
    paying_share: Annotated[float, about("share", "users who pay", block="A")]
    fee: Annotated[float, about("USD per quarter", "fee of a paying user", block="A")]
    advertising_start: Annotated[float, about("USD per quarter", "advertising per user at the start")]
    density_start: Annotated[float, about("USD bn per GW-year", "revenue per GW-year of compute at the start")]
    advertising: Annotated[float, about("USD per quarter", "advertising per user", block="A")]
    use_price: Annotated[float, about("ratio", "price of a unit of use relative to the start", block="A")]
    enterprise_spending: Annotated[float, about("USD bn per quarter", "AI spending of firms", block="A")]
    consumer_spending: Annotated[float, about("USD bn per quarter", "AI spending of consumers", block="A")]
    contribution_per_user: Annotated[float, about("USD per quarter", "contribution of one more user", block="A")]
    lab_spending_share: Annotated[float, about("share", "part of enterprise spending that goes to laboratories")]
    quality: Annotated[FloatArray, about("ratio", "relative quality of laboratories", "agent", block="A")]
    end_user_share: Annotated[FloatArray, about("share", "share of its pool at the start", "agent")]
    end_user_sales: Annotated[FloatArray, about("USD bn", "sales to end users offered", "agent", block="A")]

    # --- B compute market
    revenue_per_gw_year: Annotated[float, about("USD bn per GW-year", "revenue per GW-year of compute", block="B")]
    demand: Annotated[float, about("GW", "compute demanded", block="B")]
    demand_before: Annotated[float, about("GW", "compute demanded a quarter earlier", block="B")]
    capacity_total: Annotated[float, about("GW", "energised capacity", block="B")]
    utilisation: Annotated[float, about("share", "load over capacity", block="B")]
    tightness: Annotated[float, about("ratio", "demand over usable capacity", block="B")]
    served: Annotated[float, about("share", "part of uncontracted demand that is served", block="B")]
    spot_price: Annotated[float, about("USD bn per GW-year", "spot price of compute", block="B")]
    contract_price: Annotated[float, about("USD bn per GW-year", "mean contract price", block="B")]
    long_run_price: Annotated[float, about("USD bn per GW-year", "user cost with mark-up", block="B")]
    user_cost: Annotated[float, about("USD bn per GW-year", "cost of owning and running a GW in use", block="B")]
    spot_base: Annotated[float, about("USD bn per GW-year", "spot price before shocks to it", block="B")]
    cost_factor: Annotated[float, about("ratio", "cost of new capacity relative to new build", block="J")]
    risk_free_start: Annotated[float, about("per year", "policy rate at the start")]
    overflow_served: Annotated[float, about("share", "part of the overflow that is served", block="B")]
    price_bias: Annotated[float, about("ratio", "headline over true contract price from warrants", block="F")]
    used_chip_index: Annotated[float, about("index", "value of used chips, 1 at the start", block="B")]
    used_chip_before: Annotated[float, about("index", "the index a quarter earlier", block="B")]
    rent_value: Annotated[float, about("USD bn per GW", "discounted rents of a used chip at the start", block="B")]
    fire_sale_discount: Annotated[float, about("log points", "depression of the index by fire sales", block="J")]
    overflow: Annotated[float, about("GW", "demand that platforms pass on", block="B")]
    capacity: Annotated[FloatArray, about("GW", "energised capacity operated", "agent", block="B")]
    pipeline: Annotated[FloatArray, about("GW", "capacity due by quarters to go", "agent", "pipeline", block="C")]
    late: Annotated[FloatArray, about("GW", "capacity that waits for power", "agent", block="B")]
    delivered: Annotated[FloatArray, about("GW", "capacity delivered this quarter", "agent", block="B")]
    energised: Annotated[FloatArray, about("GW", "capacity energised this quarter", "agent", block="B")]
    retired: Annotated[FloatArray, about("GW", "capacity retired this quarter", "agent", block="B")]
    load: Annotated[FloatArray, about("GW", "capacity in use", "agent", block="B")]
    lab_demand: Annotated[FloatArray, about("GW", "compute that a laboratory wants", "agent", block="B")]
    training: Annotated[FloatArray, about("GW", "of it beyond what sales need", "agent", block="B")]
    training_start: Annotated[FloatArray, about("GW", "training compute at the start", "agent")]
    contracted_use: Annotated[FloatArray, about("GW", "compute used under contract, by buyer", "agent", block="D")]
    contract_use_share: Annotated[FloatArray, about("share", "part of contracted compute that is used", "agent")]
    room: Annotated[FloatArray, about("GW", "usable capacity left", "agent", block="B")]
    overflowing: Annotated[FloatArray, about("GW", "demand passed on by a platform", "agent", block="B")]
    unserved: Annotated[FloatArray, about("GW", "end-user demand that a leveraged cloud lacks room for", "agent")]
    overflow_load: Annotated[FloatArray, about("GW", "overflow served by a leveraged cloud", "agent", block="B")]
    spot_load: Annotated[FloatArray, about("GW", "spot compute sold", "agent", block="B")]
    own_use: Annotated[FloatArray, about("GW", "platform's own use at the start", "agent", block="B")]
    spot_use: Annotated[FloatArray, about("GW", "compute rented on the spot market", "agent", block="B")]
    contracted_load: Annotated[FloatArray, about("GW", "load under contract, by seller", "agent", block="D")]

    # --- C orders
    growth_belief: Annotated[float, about("per quarter", "adaptive belief about demand growth", block="C")]
    expected_growth: Annotated[float, about("per quarter", "expected demand growth", block="C")]
    demand_growth: Annotated[float, about("per quarter", "growth of demand", block="C")]
    orders_total: Annotated[float, about("GW", "orders of the sector", block="C")]
    orders_allowed: Annotated[float, about("GW", "orders that supply allows", block="C")]
    power_limit: Annotated[float, about("GW per quarter", "power that becomes available", block="C")]
    wafer_share: Annotated[float, about("share", "AI share of wafers", block="C")]
    other_chip_output: Annotated[float, about("ratio", "non-AI chip output relative to the start", block="C")]
    wanted_orders: Annotated[FloatArray, about("GW", "orders wanted", "agent", block="C")]
    orders: Annotated[FloatArray, about("GW", "orders placed", "agent", block="C")]
    profit_factor: Annotated[float, about("ratio", "factor on wanted orders from the price of compute", block="C")]
    rivals_rate: Annotated[FloatArray, about("share", "rivals' orders over capacity before", "agent", block="C")]
    order_rate: Annotated[FloatArray, about("share", "orders over capacity of the last quarter", "agent", block="C")]
    order_limit: Annotated[IntArray, about("limit", "what bound the orders", "agent", block="C")]
    covered_funds: Annotated[
        FloatArray, about("USD bn", "money whose use the opening lease covers", "agent", block="C")
    ]
    delivery_bill: Annotated[FloatArray, about("USD bn", "due for capacity delivered", "agent", block="C")]
    contracts_ahead: Annotated[FloatArray, about("GW", "compute promised a construction lag ahead", "agent")]
    loop_before: Annotated[float, about("GW", "compute demand that strategic money paid for before", block="C")]
    planned_capex: Annotated[FloatArray, about("USD bn", "capital spending planned", "agent", block="C")]
    other_capex: Annotated[FloatArray, about("USD bn", "capital spending of other business at the start", "agent")]
    backlog_impairment: Annotated[
        FloatArray, about("USD bn", "value a supplier must expect to lose on its backlog", "agent", block="D")
    ]
    exit_price: Annotated[FloatArray, about("USD bn", "price of leaving the race", "agent", block="D")]
    expectation_mismatch: Annotated[
        FloatArray, about("USD bn", "what others plan to get in a year, less the firm's means", "agent", block="D")
    ]
    outside_chip_sales: Annotated[FloatArray, about("USD bn", "chips sold outside at the start", "agent")]
    chip_share: Annotated[FloatArray, about("share", "share of the sector's chip spending", "agent")]

    # --- D commitments, by relation
    backlog: Annotated[FloatArray, about("USD bn", "contract amount still to be billed", "relation", block="D")]
    plateau: Annotated[FloatArray, about("USD bn per quarter", "schedule's plateau", "relation", block="D")]
    billed: Annotated[FloatArray, about("USD bn", "billed this quarter", "relation", block="D")]
    signed: Annotated[FloatArray, about("USD bn", "signed this quarter", "relation", block="D")]
    expired: Annotated[FloatArray, about("USD bn", "met by deliveries of chips this quarter", "relation", block="D")]
    cancelled: Annotated[FloatArray, about("USD bn", "cancelled this quarter", "relation", block="D")]
    stretched: Annotated[FloatArray, about("USD bn", "moved to the tail this quarter", "relation", block="D")]
    contract_gw: Annotated[FloatArray, about("GW", "compute under the contract this quarter", "relation", block="D")]
    added_bill: Annotated[
        FloatArray, about("USD bn per quarter", "lease of what was built since", "relation", block="D")
    ]
    scheduled: Annotated[FloatArray, about("USD bn", "schedule of this quarter", "relation", block="D")]
    bill: Annotated[FloatArray, about("USD bn", "due under the contract this quarter", "relation", block="D")]
    stretch: Annotated[FloatArray, about("share", "part of its bills that a buyer moves to the tail", "agent")]
    survival: Annotated[FloatArray, about("share", "part of the contract still in force", "relation", block="D")]
    commitments_given: Annotated[FloatArray, about("USD bn", "backlog owed as a buyer", "agent", block="D")]
    backlog_received: Annotated[FloatArray, about("USD bn", "backlog owned as a seller", "agent", block="D")]
    cover: Annotated[FloatArray, about("ratio", "cash and lines over next year's outflow", "agent", block="D")]
    compute_bill: Annotated[FloatArray, about("USD bn", "compute rented, due this quarter", "agent", block="D")]

    # --- E income
    other_sales: Annotated[FloatArray, about("USD bn", "sales of other business", "agent", block="E")]
    other_start: Annotated[FloatArray, about("USD bn", "sales of other business at the start", "agent")]
    other_margin: Annotated[FloatArray, about("share", "margin of other business", "agent")]
    fixed_cost: Annotated[FloatArray, about("USD bn", "running cost that does not follow sales", "agent")]
    variable_cost: Annotated[FloatArray, about("share", "running cost per dollar of AI sales", "agent")]
    revenue: Annotated[FloatArray, about("USD bn", "sales of the quarter, received", "agent", block="E")]
    ebitda: Annotated[FloatArray, about("USD bn", "earnings before interest, tax and wear", "agent", block="E")]
    expected_ebitda: Annotated[FloatArray, about("USD bn", "the same from dues, before settlement", "agent", block="E")]
    depreciation: Annotated[FloatArray, about("USD bn", "book depreciation", "agent", block="E")]
    economic_depreciation: Annotated[FloatArray, about("USD bn", "economic depreciation", "agent", block="E")]
    rent_paid: Annotated[FloatArray, about("USD bn", "compute and leases paid", "agent", block="E")]
    interest: Annotated[FloatArray, about("USD bn", "interest due", "agent", block="G")]
    interest_paid: Annotated[FloatArray, about("USD bn", "interest paid", "agent", block="E")]
    tax: Annotated[FloatArray, about("USD bn", "tax due", "agent", block="E")]
    tax_paid: Annotated[FloatArray, about("USD bn", "tax paid", "agent", block="E")]
    payout_paid: Annotated[FloatArray, about("USD bn", "dividends and buybacks paid", "agent", block="E")]
    dividends_received: Annotated[FloatArray, about("USD bn", "dividends of stakes", "agent", block="E")]
    other_gains: Annotated[FloatArray, about("USD bn", "support and damages less bankruptcy costs", "agent", block="E")]
    deposits_paid: Annotated[FloatArray, about("USD bn", "down payments paid", "agent", block="E")]
    building_paid: Annotated[FloatArray, about("USD bn", "construction paid on delivery", "agent", block="E")]
    new_chips: Annotated[FloatArray, about("USD bn", "chips put into service", "agent", block="E")]
    chip_sales: Annotated[FloatArray, about("USD bn", "chips sold, paid", "agent", block="E")]
    net_income: Annotated[FloatArray, about("USD bn", "net income", "agent", block="E")]
    free_cash_flow: Annotated[FloatArray, about("USD bn", "EBITDA less interest, tax, capex", "agent", block="E")]
    capex: Annotated[FloatArray, about("USD bn", "capital spending paid", "agent", block="E")]
    chip_purchases: Annotated[FloatArray, about("USD bn", "chips bought, paid", "agent", block="E")]
    payout: Annotated[FloatArray, about("USD bn", "dividends and buybacks due", "agent", block="E")]
    equity_raised: Annotated[FloatArray, about("USD bn", "equity raised", "agent", block="E")]
    marks: Annotated[FloatArray, about("USD bn", "gains on stakes", "agent", block="I")]
    impairment: Annotated[FloatArray, about("USD bn", "write-downs of assets", "agent", block="J")]
    debt_relief: Annotated[FloatArray, about("USD bn", "debt written off or exchanged", "agent", block="J")]
    return_on_capital: Annotated[FloatArray, about("per year", "economic return on capital", "agent", block="E")]
    position: Annotated[FloatArray, about("USD bn", "cash after all dues, before new money", "agent", block="E")]
    cash_floor: Annotated[FloatArray, about("USD bn", "cash that the firm wants to hold", "agent", block="E")]
    cash_mark: Annotated[FloatArray, about("USD bn", "cash before new money of the quarter", "agent", block="E")]
    chip_sales_before: Annotated[FloatArray, about("USD bn", "chip sales of the quarter before", "agent", block="E")]
    cash_need: Annotated[FloatArray, about("USD bn", "money to raise for plans", "agent", block="C")]

    # --- F laboratory funding
    plan_revenue: Annotated[FloatArray, about("USD bn", "revenue that investors expect", "agent", block="F")]
    revenue_seen: Annotated[FloatArray, about("USD bn", "revenue of the quarter before", "agent", block="H")]
    growth_seen: Annotated[
        FloatArray, about("per quarter", "revenue growth that investors count on", "agent", block="H")
    ]
    round_need: Annotated[FloatArray, about("USD bn", "equity a laboratory needs", "agent", block="F")]
    outside_equity: Annotated[FloatArray, about("USD bn", "outside equity raised", "agent", block="F")]
    strategic_in: Annotated[FloatArray, about("USD bn", "strategic money received", "agent", block="F")]
    strategic_added: Annotated[
        FloatArray, about("USD bn", "strategic money that replaced no outside money", "agent", block="F")
    ]
    strategic_out: Annotated[FloatArray, about("USD bn", "strategic money given", "agent", block="F")]
    tranche_left: Annotated[FloatArray, about("USD bn", "conditional money not yet paid", "agent", block="F")]
    next_round: Annotated[FloatArray, about("probability", "chance of a next round", "agent", block="F")]
    venture_gate: Annotated[float, about("ratio", "willingness of outside investors", block="F")]
    outside_money: Annotated[float, about("USD bn", "outside money on offer", block="F")]
    loop_gain: Annotated[float, about("ratio", "spectral radius of the funding loop", block="F")]
    reference_value: Annotated[FloatArray, about("USD bn", "market value at the start", "agent")]
    strategic_due: Annotated[
        FloatArray, about("USD bn", "strategic money of this round", "laboratory", "agent", block="F")
    ]
    tranche_from: Annotated[
        FloatArray, about("USD bn", "money on dates and milestones by giver", "laboratory", "agent", block="F")
    ]
    outside_due: Annotated[
        FloatArray, about("USD bn", "outside money of sponsors this round", "laboratory", "agent", block="F")
    ]
    giver_asked: Annotated[FloatArray, about("USD bn", "strategic money asked of a giver", "agent", block="F")]
    chips_behind: Annotated[FloatArray, about("USD bn", "chips bought to serve a taker", "laboratory", block="F")]
    tranche_due: Annotated[FloatArray, about("USD bn", "conditional money paid this round", "agent", block="F")]
    scheduled_due: Annotated[FloatArray, about("USD bn", "money promised on a date, paid now", "agent", block="F")]
    pre_money: Annotated[FloatArray, about("USD bn", "value of a laboratory before new money", "agent", block="F")]
    strategic_earned: Annotated[
        FloatArray, about("USD bn per quarter", "giver's profit from the taker", "laboratory", "agent", block="F")
    ]
    strategic_aside: Annotated[
        FloatArray, about("USD bn per quarter", "money set aside for the taker", "laboratory", "agent", block="F")
    ]
    loop_matrix: Annotated[
        FloatArray, about("ratio", "dollars to one taker per dollar to another", "laboratory", "laboratory", block="F")
    ]
    loop_vector: Annotated[FloatArray, about("ratio", "takers' weights in the loop", "laboratory", block="F")]
    loop_image: Annotated[FloatArray, about("ratio", "the same a round later", "laboratory", block="F")]
    strategic_pool: Annotated[
        FloatArray, about("USD bn", "money givers stand ready with", "laboratory", "agent", block="F")
    ]
    strategic_profit: Annotated[
        FloatArray, about("USD bn per quarter", "giver's profit from the taker at the start", "laboratory", "agent")
    ]
    taker_share: Annotated[FloatArray, about("share", "part of a cloud's load for the taker", "laboratory", "agent")]
    loop_demand: Annotated[float, about("GW", "compute demand that strategic money pays for", block="F")]
    value_growth: Annotated[float, about("per quarter", "growth that prices pay for", block="H")]
    growth_reference: Annotated[float, about("per quarter", "expected growth at the start")]
    stake_value: Annotated[FloatArray, about("USD bn", "firm's stakes at market value", "agent", block="I")]
    warrant_left: Annotated[FloatArray, about("share", "share of the issuer not yet vested", "warrant", block="F")]
    warrant_part: Annotated[FloatArray, about("share", "share of the issuer that vests now", "warrant", block="F")]
    warrant_gain: Annotated[
        FloatArray, about("USD bn", "value that vested warrants moved to the agent so far", "agent", block="F")
    ]

    # --- G credit
    rating: Annotated[FloatArray, about("notch", "rating on a ladder: 0 AAA, 9 BBB-, 17 CCC", "agent", block="G")]
    spread: Annotated[FloatArray, about("per year", "credit spread", "agent", block="G")]
    debt_capacity: Annotated[FloatArray, about("USD bn", "debt that lenders allow", "agent", block="G")]
    backlog_year: Annotated[FloatArray, about("USD bn per year", "bills of strong customers", "agent", block="G")]
    backlog_rise: Annotated[FloatArray, about("USD bn per year", "rise of these bills to come", "agent", block="G")]
    maturing: Annotated[FloatArray, about("USD bn", "principal due", "agent", block="G")]
    rolled: Annotated[FloatArray, about("USD bn", "principal rolled over", "agent", block="G")]
    new_debt: Annotated[FloatArray, about("USD bn", "new debt besides rollover", "agent", block="G")]
    default_probability: Annotated[FloatArray, about("probability", "over a year", "agent", block="G")]
    liquidity_cover: Annotated[FloatArray, about("ratio", "realisable over due in a year", "agent", block="G")]
    service_cover: Annotated[FloatArray, about("ratio", "EBITDA over debt service", "agent", block="G")]
    covenant_event: Annotated[FloatArray, about("switch", "1: event of default", "agent", block="G")]
    rating_own: Annotated[FloatArray, about("notch", "rating without the scenario", "agent", block="G")]
    rating_offset: Annotated[FloatArray, about("notch", "rating less score at the start", "agent")]
    cover_reference: Annotated[FloatArray, about("ratio", "debt service cover at the start", "agent")]
    covenant_strikes: Annotated[IntArray, about("quarters", "tests failed in a row", "agent", block="G")]
    angel_spread: Annotated[FloatArray, about("per year", "spread from forced bond sales", "agent", block="G")]
    market_spread_own: Annotated[float, about("per year", "z without the scenario", block="G")]
    market_spread_before: Annotated[float, about("per year", "z a quarter earlier", block="H")]
    lending_standard_own: Annotated[float, about("share", "r without the scenario", block="G")]
    market_spread: Annotated[float, about("per year", "market spread factor z", block="G")]
    lending_standard: Annotated[float, about("share", "share of debt capacity withheld, r", block="G")]
    attention: Annotated[float, about("share", "creditors who reconsider", block="G")]
    loss_rate: Annotated[float, about("share", "losses over AI debt this quarter", block="G")]
    support_given: Annotated[
        FloatArray, about("USD bn", "support that a tenant has paid to its vehicle so far", "agent", block="J")
    ]
    recent_default: Annotated[float, about("index", "memory of named defaults", block="J")]
    risk_free: Annotated[float, about("per year", "policy rate", block="G")]
    long_rate: Annotated[float, about("per year", "ten-year rate", block="G")]

    ladder_years: Annotated[FloatArray, about("USD bn", "debt due by year, of the firm at hand", "year", block="G")]

    # --- H and I equity
    pairs: Annotated[int, about("count", "stakes of firms in firms", block="I")]
    pair_owner: Annotated[IntArray, about("agent", "owner of the stake, in order", "stake_pair", block="I")]
    pair_issuer: Annotated[IntArray, about("agent", "issuer of the stake", "stake_pair", block="I")]
    market_value: Annotated[FloatArray, about("USD bn", "market value", "agent", block="H")]
    market_value_before: Annotated[FloatArray, about("USD bn", "market value a quarter earlier", "agent", block="H")]
    fundamental_value: Annotated[FloatArray, about("USD bn", "fundamental value", "agent", block="H")]
    own_value: Annotated[FloatArray, about("USD bn", "value of the firm without its stakes", "agent", block="I")]
    own_value_before: Annotated[FloatArray, about("USD bn", "the same a quarter earlier", "agent", block="H")]
    value_anchor: Annotated[FloatArray, about("ratio", "own value over what H1 gave at the start", "agent")]
    value_return: Annotated[FloatArray, about("log points", "return on own value", "agent", block="H")]
    value_by_channel: Annotated[
        FloatArray, about("USD bn", "change of market value by channel", "agent", "channel", block="H")
    ]
    sentiment: Annotated[float, about("points", "sentiment S, 0 neutral", block="H")]
    sentiment_before: Annotated[float, about("points", "sentiment a quarter earlier", block="H")]
    sentiment_own: Annotated[float, about("points", "sentiment without the scenario", block="H")]
    disclosed: Annotated[float, about("points", "sentiment moved by disclosure so far", block="L")]
    capex_before: Annotated[float, about("USD bn", "capital spending of the sector a quarter earlier", block="H")]
    mispricing: Annotated[float, about("log points", "sector value over fundamental", block="H")]
    sector_return: Annotated[float, about("log points", "return of the sector", block="H")]
    market_flow: Annotated[float, about("share", "flow over market value", block="H")]
    forced_sales: Annotated[float, about("share", "forced sales over market value", block="H")]
    news_rate: Annotated[float, about("per quarter", "rate of bad news", block="H")]
    news_excitement: Annotated[float, about("per quarter", "self-excited part of it", block="H")]
    news_jump: Annotated[FloatArray, about("log points", "news of the quarter", "agent", block="H")]
    index_value: Annotated[float, about("USD bn", "market value of the share index", block="H")]
    index_before: Annotated[float, about("USD bn", "the same a quarter earlier", block="H")]
    rest_return: Annotated[float, about("share", "return of the index's other shares", block="H")]
    index_return: Annotated[float, about("share", "return of the index", block="H")]
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
    buyer_price: Annotated[float, about("ratio", "price of that capacity over cost", block="J")]
    inherited_cost: Annotated[FloatArray, about("USD bn", "paid for failed firms' capacity", "agent", block="J")]
    idle_capacity: Annotated[FloatArray, about("GW", "capacity a failed firm has for sale", "agent", block="J")]
    capacity_bought: Annotated[FloatArray, about("GW", "failed firms' capacity bought so far", "agent", block="J")]
    capacity_bought_cost: Annotated[FloatArray, about("USD bn", "paid for it so far", "agent", block="J")]
    support_due: Annotated[FloatArray, about("USD bn", "money from the parent this quarter", "agent", block="L")]
    parent: Annotated[IntArray, about("agent", "platform that the laboratory was merged into, -1 none", "agent")]
    cash_start: Annotated[FloatArray, about("USD bn", "cash at the start of the quarter", "agent")]
    moved: Annotated[FloatArray, about("USD bn", "cash and all dues to and from the firm", "agent", block="J")]
    turnover: Annotated[FloatArray, about("USD bn", "largest cash and dues of a quarter so far", "agent", block="J")]
    net_position: Annotated[FloatArray, about("USD bn", "cash after all dues if everybody pays", "agent", block="J")]
    rank_owed: Annotated[FloatArray, about("USD bn", "dues of a failed firm by rank", "agent", "rank", block="J")]
    rank_share: Annotated[FloatArray, about("share", "part of them that it can pay", "agent", "rank", block="J")]
    principal_paid: Annotated[FloatArray, about("USD bn", "principal paid", "agent", block="J")]
    income_lost: Annotated[FloatArray, about("USD bn", "interest that a lender did not get", "agent", block="J")]
    lines_drawn: Annotated[FloatArray, about("USD bn", "committed lines drawn", "agent", block="J")]
    new_default: Annotated[IntArray, about("switch", "1: defaulted this quarter", "agent", block="J")]

    # --- K economy
    gdp_gap: Annotated[float, about("share", "output gap", block="K")]
    consumption_gap: Annotated[float, about("USD bn per quarter", "consumption gap", block="K")]
    wealth_change: Annotated[FloatArray, about("USD bn", "change of equity wealth, newest first", "lag", block="K")]
    equity_loss: Annotated[FloatArray, about("USD bn", "equity lost since the start, by holder", "agent", block="K")]
    credit_loss: Annotated[FloatArray, about("USD bn", "credit lost since the start, by holder", "agent", block="K")]
    capex_reference: Annotated[float, about("USD bn per quarter", "capital spending of the base quarter", block="K")]
    securities_issued: Annotated[
        float, about("USD bn", "liquid securities the government owes for lack of deposits outside", block="K")
    ]
    fiscal_cost: Annotated[float, about("USD bn", "public money spent by levers", block="L")]
    support_loan: Annotated[FloatArray, about("USD bn", "loan of last resort asked for", "agent", block="L")]
    support_drawn: Annotated[FloatArray, about("USD bn", "backstop asked for", "agent", block="L")]
    public_claim: Annotated[FloatArray, about("USD bn", "public support not yet repaid", "agent", block="L")]
    wealth_settled: Annotated[float, about("USD bn", "wealth change older than the lags", block="K")]
    class_loss: Annotated[FloatArray, about("USD bn", "loss since the start, by class", "holder_class", block="K")]
    gap_before: Annotated[float, about("share", "output gap a quarter earlier", block="K")]
    unemployment: Annotated[float, about("share", "unemployment against its baseline", block="K")]
