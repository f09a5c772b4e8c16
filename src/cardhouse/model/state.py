"""The state of one world in one draw: everything that changes from quarter to quarter.

Firms are the agents ``0 .. world.firms - 1``. Money is USD bn, flows are per quarter, rates per year, capacity GW.
"""

from __future__ import annotations

from cardhouse.basics.arrays import IntArray
from cardhouse.model.layout import Annotated, FloatArray, about
from cardhouse.model.tallied_state import TalliedState

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


class State(TalliedState):
    """One world at the end of a quarter.

    What the opening fixed, what the quarter hands on, what the draw adds up, what every quarter writes anew.
    """

    # --- money and balance sheets, by agent
    lender_loss: Annotated[FloatArray, about("USD bn", "credit losses of the quarter, by agent", "agent", block="J")]
    stakes_solved: Annotated[float, about("switch", "1 if market values follow the network of stakes", block="I")]

    # --- A adoption
    advertising: Annotated[float, about("USD per quarter", "advertising per user", block="A")]
    use_price: Annotated[float, about("ratio", "price of a unit of use relative to the start", block="A")]
    enterprise_spending: Annotated[float, about("USD bn per quarter", "AI spending of firms", block="A")]
    consumer_spending: Annotated[float, about("USD bn per quarter", "AI spending of consumers", block="A")]
    contribution_per_user: Annotated[float, about("USD per quarter", "contribution of one more user", block="A")]
    end_user_sales: Annotated[FloatArray, about("USD bn", "sales to end users offered", "agent", block="A")]

    # --- B compute market
    demand_before: Annotated[float, about("GW", "compute demanded a quarter earlier", block="B")]
    utilisation: Annotated[float, about("share", "load over capacity", block="B")]
    tightness: Annotated[float, about("ratio", "demand over usable capacity", block="B")]
    served: Annotated[float, about("share", "part of uncontracted demand that is served", block="B")]
    long_run_price: Annotated[float, about("USD bn per GW-year", "user cost with mark-up", block="B")]
    user_cost: Annotated[float, about("USD bn per GW-year", "cost of owning and running a GW in use", block="B")]
    overflow_served: Annotated[float, about("share", "part of the overflow that is served", block="B")]
    overflow: Annotated[float, about("GW", "demand that platforms pass on", block="B")]
    delivered: Annotated[FloatArray, about("GW", "capacity delivered this quarter", "agent", block="B")]
    energised: Annotated[FloatArray, about("GW", "capacity energised this quarter", "agent", block="B")]
    retired: Annotated[FloatArray, about("GW", "capacity retired this quarter", "agent", block="B")]
    lab_demand: Annotated[FloatArray, about("GW", "compute that a laboratory wants", "agent", block="B")]
    training: Annotated[FloatArray, about("GW", "of it beyond what sales need", "agent", block="B")]
    contracted_use: Annotated[FloatArray, about("GW", "compute used under contract, by buyer", "agent", block="D")]
    contract_use_share: Annotated[FloatArray, about("share", "part of contracted compute that is used", "agent")]
    room: Annotated[FloatArray, about("GW", "usable capacity left", "agent", block="B")]
    overflowing: Annotated[FloatArray, about("GW", "demand passed on by a platform", "agent", block="B")]
    unserved: Annotated[FloatArray, about("GW", "end-user demand that a leveraged cloud lacks room for", "agent")]
    overflow_load: Annotated[FloatArray, about("GW", "overflow served by a leveraged cloud", "agent", block="B")]
    spot_load: Annotated[FloatArray, about("GW", "spot compute sold", "agent", block="B")]
    contracted_load: Annotated[FloatArray, about("GW", "load under contract, by seller", "agent", block="D")]

    # --- C orders
    demand_growth: Annotated[float, about("per quarter", "growth of demand", block="C")]
    orders_allowed: Annotated[float, about("GW", "orders that supply allows", block="C")]
    power_limit: Annotated[float, about("GW per quarter", "power that becomes available", block="C")]
    wanted_orders: Annotated[FloatArray, about("GW", "orders wanted", "agent", block="C")]
    orders: Annotated[FloatArray, about("GW", "orders placed", "agent", block="C")]
    profit_factor: Annotated[float, about("ratio", "factor on wanted orders from the price of compute", block="C")]
    supply_line: Annotated[FloatArray, about("GW", "a builder's pipeline before new orders", "agent", block="C")]
    rivals_rate: Annotated[
        FloatArray, about("share", "rivals' orders over capacity before, by place among builders", "agent", block="C")
    ]
    order_limit: Annotated[IntArray, about("limit", "what bound the orders", "agent", block="C")]
    delivery_bill: Annotated[FloatArray, about("USD bn", "due for capacity delivered", "agent", block="C")]
    contracts_ahead: Annotated[FloatArray, about("GW", "compute promised a construction lag ahead", "agent")]
    planned_capex: Annotated[FloatArray, about("USD bn", "capital spending planned", "agent", block="C")]
    backlog_impairment: Annotated[
        FloatArray, about("USD bn", "value a supplier must expect to lose on its backlog", "agent", block="D")
    ]
    exit_price: Annotated[FloatArray, about("USD bn", "price of leaving the race", "agent", block="D")]
    expectation_mismatch: Annotated[
        FloatArray, about("USD bn", "what others plan to get in a year, less the firm's means", "agent", block="D")
    ]

    # --- D commitments, by relation
    billed: Annotated[FloatArray, about("USD bn", "billed this quarter", "relation", block="D")]
    signed: Annotated[FloatArray, about("USD bn", "signed this quarter", "relation", block="D")]
    expired: Annotated[FloatArray, about("USD bn", "met by deliveries of chips this quarter", "relation", block="D")]
    cancelled: Annotated[FloatArray, about("USD bn", "cancelled this quarter", "relation", block="D")]
    stretched: Annotated[FloatArray, about("USD bn", "moved to the tail this quarter", "relation", block="D")]
    contract_gw: Annotated[FloatArray, about("GW", "compute under the contract this quarter", "relation", block="D")]
    scheduled: Annotated[FloatArray, about("USD bn", "schedule of this quarter", "relation", block="D")]
    bill: Annotated[FloatArray, about("USD bn", "due under the contract this quarter", "relation", block="D")]
    stretch: Annotated[FloatArray, about("share", "part of its bills that a buyer moves to the tail", "agent")]
    contract_loss: Annotated[FloatArray, about("share", "of its contracts, that sellers expect to lose", "agent")]
    commitments_given: Annotated[FloatArray, about("USD bn", "backlog owed as a buyer", "agent", block="D")]
    cover: Annotated[FloatArray, about("ratio", "cash and lines over next year's outflow", "agent", block="D")]

    # --- E income
    other_sales: Annotated[FloatArray, about("USD bn", "sales of other business", "agent", block="E")]
    expected_ebitda: Annotated[FloatArray, about("USD bn", "the same from dues, before settlement", "agent", block="E")]
    depreciation: Annotated[FloatArray, about("USD bn", "book depreciation", "agent", block="E")]
    economic_depreciation: Annotated[FloatArray, about("USD bn", "economic depreciation", "agent", block="E")]
    rent_paid: Annotated[FloatArray, about("USD bn", "compute and leases paid", "agent", block="E")]
    tax_paid: Annotated[FloatArray, about("USD bn", "tax paid", "agent", block="E")]
    payout_paid: Annotated[FloatArray, about("USD bn", "dividends and buybacks paid", "agent", block="E")]
    dividends_received: Annotated[FloatArray, about("USD bn", "dividends of stakes", "agent", block="E")]
    other_gains: Annotated[FloatArray, about("USD bn", "support and damages less bankruptcy costs", "agent", block="E")]
    deposits_paid: Annotated[FloatArray, about("USD bn", "down payments paid", "agent", block="E")]
    building_paid: Annotated[FloatArray, about("USD bn", "construction paid on delivery", "agent", block="E")]
    completed: Annotated[FloatArray, about("USD bn", "construction that deliveries complete", "agent", block="E")]
    new_chips: Annotated[FloatArray, about("USD bn", "chips put into service", "agent", block="E")]
    chip_sales: Annotated[FloatArray, about("USD bn", "chips sold, paid", "agent", block="E")]
    net_income: Annotated[FloatArray, about("USD bn", "net income", "agent", block="E")]
    capex: Annotated[FloatArray, about("USD bn", "capital spending paid", "agent", block="E")]
    payout: Annotated[FloatArray, about("USD bn", "dividends and buybacks due", "agent", block="E")]
    equity_raised: Annotated[FloatArray, about("USD bn", "equity raised", "agent", block="E")]
    marks: Annotated[FloatArray, about("USD bn", "gains on stakes", "agent", block="I")]
    impairment: Annotated[FloatArray, about("USD bn", "write-downs of assets", "agent", block="J")]
    debt_relief: Annotated[FloatArray, about("USD bn", "debt written off or exchanged", "agent", block="J")]
    position: Annotated[FloatArray, about("USD bn", "cash after all dues, before new money", "agent", block="E")]
    cash_mark: Annotated[FloatArray, about("USD bn", "cash before new money of the quarter", "agent", block="E")]
    cash_need: Annotated[FloatArray, about("USD bn", "money to raise for plans", "agent", block="C")]

    # --- F laboratory funding
    round_need: Annotated[FloatArray, about("USD bn", "equity a laboratory needs", "agent", block="F")]
    bill_rise: Annotated[FloatArray, about("USD bn", "step of contracts' bills a quarter", "laboratory", block="F")]
    outside_equity: Annotated[FloatArray, about("USD bn", "outside equity raised", "agent", block="F")]
    strategic_in: Annotated[FloatArray, about("USD bn", "strategic money received", "agent", block="F")]
    strategic_added: Annotated[
        FloatArray, about("USD bn", "strategic money that replaced no outside money", "agent", block="F")
    ]
    strategic_out: Annotated[FloatArray, about("USD bn", "strategic money given", "agent", block="F")]
    next_round: Annotated[FloatArray, about("probability", "chance of a next round", "agent", block="F")]
    venture_gate: Annotated[float, about("ratio", "willingness of outside investors", block="F")]
    outside_money: Annotated[float, about("USD bn", "outside money on offer", block="F")]
    loop_gain: Annotated[float, about("ratio", "spectral radius of the funding loop", block="F")]
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
    strategic_total: Annotated[FloatArray, about("USD bn", "strategic money of all givers", "laboratory", block="F")]
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
    taker_share: Annotated[FloatArray, about("share", "part of a cloud's load for the taker", "agent", "laboratory")]
    loop_demand: Annotated[float, about("GW", "compute demand that strategic money pays for", block="F")]
    warrant_part: Annotated[FloatArray, about("share", "share of the issuer that vests now", "warrant", block="F")]

    # --- G credit
    spread: Annotated[FloatArray, about("per year", "credit spread", "agent", block="G")]
    backed_share: Annotated[FloatArray, about("share", "part of the debt that is asset-backed", "agent", block="G")]
    rating_score: Annotated[FloatArray, about("notch", "rating that the accounts alone give", "agent", block="G")]
    backlog_year: Annotated[FloatArray, about("USD bn per year", "bills of strong customers", "agent", block="G")]
    backlog_rise: Annotated[FloatArray, about("USD bn per year", "rise of these bills to come", "agent", block="G")]
    maturing: Annotated[FloatArray, about("USD bn", "principal due", "agent", block="G")]
    roll_share: Annotated[FloatArray, about("share", "part of maturing debt that is rolled over", "agent", block="G")]
    rolled: Annotated[FloatArray, about("USD bn", "principal rolled over", "agent", block="G")]
    new_debt: Annotated[FloatArray, about("USD bn", "new debt besides rollover", "agent", block="G")]
    default_probability: Annotated[FloatArray, about("probability", "over a year", "agent", block="G")]
    liquidity_cover: Annotated[FloatArray, about("ratio", "realisable over due in a year", "agent", block="G")]
    service_cover: Annotated[FloatArray, about("ratio", "EBITDA over debt service", "agent", block="G")]
    has_fallen: Annotated[FloatArray, about("switch", "1: fell out of investment grade this quarter", "agent")]
    market_spread: Annotated[float, about("per year", "market spread factor z", block="G")]
    lending_standard: Annotated[float, about("share", "share of debt capacity withheld, r", block="G")]
    attention: Annotated[float, about("share", "creditors who reconsider", block="G")]
    loss_rate: Annotated[float, about("share", "losses over AI debt this quarter", block="G")]
    long_rate: Annotated[float, about("per year", "ten-year rate", block="G")]
    ladder_years: Annotated[FloatArray, about("USD bn", "debt due by year, of the firm at hand", "year", block="G")]

    # --- H and I equity
    market_value_before: Annotated[FloatArray, about("USD bn", "market value a quarter earlier", "agent", block="H")]
    own_value_before: Annotated[FloatArray, about("USD bn", "the same a quarter earlier", "agent", block="H")]
    growth_priced: Annotated[FloatArray, about("per year", "growth that investors expect", "agent", block="H")]
    value_return: Annotated[FloatArray, about("log points", "return on own value", "agent", block="H")]
    value_by_channel: Annotated[
        FloatArray, about("USD bn", "change of market value by channel", "agent", "channel", block="H")
    ]
    price_return: Annotated[FloatArray, about("share", "return on one share", "agent", block="H")]
    sector_return: Annotated[float, about("log points", "return of the sector", block="H")]
    market_flow: Annotated[float, about("share", "flow over market value", block="H")]
    news_rate: Annotated[float, about("per quarter", "rate of bad news", block="H")]
    news_jump: Annotated[FloatArray, about("log points", "news of the quarter", "agent", block="H")]
    index_before: Annotated[float, about("USD bn", "the same a quarter earlier", block="H")]
    rest_return: Annotated[float, about("share", "return of the index's other shares", block="H")]
    index_return: Annotated[float, about("share", "return of the index", block="H")]

    # --- J default
    buyer_price: Annotated[float, about("ratio", "price of that capacity over cost", block="J")]
    inherited_cost: Annotated[FloatArray, about("USD bn", "paid for failed firms' capacity", "agent", block="J")]
    idle_capacity: Annotated[FloatArray, about("GW", "capacity a failed firm has for sale", "agent", block="J")]
    support_due: Annotated[FloatArray, about("USD bn", "money from the parent this quarter", "agent", block="L")]
    cash_start: Annotated[FloatArray, about("USD bn", "cash at the start of the quarter", "agent")]
    net_position: Annotated[FloatArray, about("USD bn", "cash after all dues if everybody pays", "agent", block="J")]
    rank_owed: Annotated[FloatArray, about("USD bn", "dues of a failed firm by rank", "agent", "rank", block="J")]
    rank_share: Annotated[FloatArray, about("share", "part of them that it can pay", "agent", "rank", block="J")]
    principal_due: Annotated[FloatArray, about("USD bn", "principal due, the sum of its dues", "agent", block="G")]
    principal_paid: Annotated[FloatArray, about("USD bn", "principal paid", "agent", block="J")]
    income_lost: Annotated[FloatArray, about("USD bn", "interest that a lender did not get", "agent", block="J")]
    lines_drawn: Annotated[FloatArray, about("USD bn", "committed lines drawn", "agent", block="J")]
    new_default: Annotated[IntArray, about("switch", "1: defaulted this quarter", "agent", block="J")]

    # --- K economy
    consumption_gap: Annotated[float, about("USD bn per quarter", "consumption gap", block="K")]
    investment_gap: Annotated[float, about("USD bn per quarter", "home investment gap", block="K")]
    support_loan: Annotated[FloatArray, about("USD bn", "loan of last resort asked for", "agent", block="L")]
    support_drawn: Annotated[FloatArray, about("USD bn", "backstop asked for", "agent", block="L")]
    unemployment: Annotated[float, about("share", "unemployment against its baseline", block="K")]
