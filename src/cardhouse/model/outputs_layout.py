"""What one draw leaves behind: one record per quarter, one record for the draw."""

from __future__ import annotations

from cardhouse.basics.arrays import IntArray
from cardhouse.model.layout import Annotated, FloatArray, Layout, about, fields_of
from cardhouse.model.state import State


class QuarterOutputs(Layout):
    """Results of one quarter."""

    cash: Annotated[FloatArray, about("USD bn", "Cash", "agent", block="J")]
    debt: Annotated[FloatArray, about("USD bn", "Debt", "agent", block="G")]
    market_value: Annotated[FloatArray, about("USD bn", "Market value", "agent", block="H")]
    fundamental_value: Annotated[FloatArray, about("USD bn", "Fundamental value", "agent", block="H")]
    book_equity: Annotated[FloatArray, about("USD bn", "Book equity", "agent", block="E")]
    revenue: Annotated[FloatArray, about("USD bn per quarter", "Revenue", "agent", block="E")]
    ebitda: Annotated[FloatArray, about("USD bn per quarter", "EBITDA", "agent", block="E")]
    net_income: Annotated[FloatArray, about("USD bn per quarter", "Net income", "agent", block="E")]
    depreciation: Annotated[FloatArray, about("USD bn per quarter", "Book depreciation", "agent", block="E")]
    economic_depreciation: Annotated[
        FloatArray, about("USD bn per quarter", "Economic depreciation", "agent", block="E")
    ]
    free_cash_flow: Annotated[FloatArray, about("USD bn per quarter", "Free cash flow", "agent", block="E")]
    capex: Annotated[FloatArray, about("USD bn per quarter", "Capital spending", "agent", block="C")]
    capacity: Annotated[FloatArray, about("GW", "Energised AI capacity", "agent", block="B")]
    load: Annotated[FloatArray, about("GW", "Capacity in use", "agent", block="B")]
    orders: Annotated[FloatArray, about("GW per quarter", "Capacity ordered", "agent", block="C")]
    interest_due: Annotated[FloatArray, about("USD bn per quarter", "Interest due", "agent", block="G")]
    principal_due: Annotated[FloatArray, about("USD bn per quarter", "Principal due", "agent", block="G")]
    compute_bill: Annotated[FloatArray, about("USD bn per quarter", "Compute and lease bill", "agent", block="D")]
    equity_raised: Annotated[FloatArray, about("USD bn per quarter", "Equity raised", "agent", block="F")]
    strategic_received: Annotated[
        FloatArray, about("USD bn per quarter", "Strategic money received", "agent", block="F")
    ]
    strategic_given: Annotated[FloatArray, about("USD bn per quarter", "Strategic money given", "agent", block="F")]
    new_debt: Annotated[FloatArray, about("USD bn per quarter", "New debt besides rollover", "agent", block="G")]
    rolled_over: Annotated[FloatArray, about("USD bn per quarter", "Debt rolled over", "agent", block="G")]
    stake_value: Annotated[FloatArray, about("USD bn", "Stakes in other firms at market value", "agent", block="I")]
    undrawn_lines: Annotated[FloatArray, about("USD bn", "Committed lines not drawn", "agent", block="G")]
    backlog: Annotated[FloatArray, about("USD bn", "Backlog received from the model's firms", "agent", block="D")]
    commitments: Annotated[FloatArray, about("USD bn", "Commitments given", "agent", block="D")]
    backlog_impairment: Annotated[
        FloatArray, about("USD bn", "Value a supplier must expect to lose on its backlog", "agent", block="D")
    ]
    exit_price: Annotated[FloatArray, about("USD bn", "Price of leaving the race now", "agent", block="D")]
    expectation_mismatch: Annotated[
        FloatArray,
        about("USD bn", "What others plan to get in a year, less the firm's means", "agent", block="D"),
    ]
    rating: Annotated[FloatArray, about("notch", "Rating, 0 AAA, 9 BBB-, 17 CCC", "agent", block="G")]
    spread: Annotated[FloatArray, about("per year", "Credit spread", "agent", block="G")]
    end_user_sales: Annotated[FloatArray, about("USD bn per quarter", "Sales to end users", "agent", block="A")]
    status: Annotated[IntArray, about("status", "Status", "agent", block="J")]
    minsky_class: Annotated[
        IntArray, about("class", "Minsky class by definition: 0 hedge, 1 speculative, 2 Ponzi", "agent", "definition")
    ]
    value_by_channel: Annotated[
        FloatArray, about("USD bn per quarter", "Change of market value by channel", "agent", "channel", block="H")
    ]
    equity_loss: Annotated[FloatArray, about("USD bn", "Equity lost since the start, by holder", "agent", block="K")]
    credit_loss: Annotated[FloatArray, about("USD bn", "Credit lost since the start, by holder", "agent", block="K")]
    utilisation: Annotated[float, about("share", "Utilisation of AI capacity", block="B")]
    compute_price: Annotated[float, about("USD bn per GW-year", "Spot price of compute", block="B")]
    contract_price: Annotated[float, about("USD bn per GW-year", "Contract price of compute", block="B")]
    long_run_price: Annotated[float, about("USD bn per GW-year", "User cost of compute with mark-up", block="B")]
    used_chip_index: Annotated[float, about("index", "Used-chip index", block="B")]
    compute_demand: Annotated[float, about("GW", "Compute demanded", block="B")]
    compute_capacity: Annotated[float, about("GW", "Energised AI capacity of the sector", block="B")]
    end_user_spending: Annotated[float, about("USD bn per quarter", "End-user spending on AI", block="A")]
    enterprise_spending: Annotated[float, about("USD bn per quarter", "AI spending of firms", block="A")]
    consumer_spending: Annotated[float, about("USD bn per quarter", "AI spending of consumers", block="A")]
    sector_capex: Annotated[float, about("USD bn per quarter", "Capital spending of the sector", block="C")]
    chip_sales: Annotated[float, about("USD bn per quarter", "Chips sold to the sector", block="C")]
    lab_revenue: Annotated[float, about("USD bn per quarter", "Revenue of the laboratories", block="A")]
    organic_revenue: Annotated[float, about("share", "Part of AI revenue paid by end users", block="E")]
    sector_market_value: Annotated[float, about("USD bn", "Market value of the sector's firms", block="H")]
    sp500_index: Annotated[float, about("USD bn", "Market value of the share index", block="H")]
    credit_spread: Annotated[float, about("per year", "Market spread factor", block="G")]
    lending_standard: Annotated[float, about("share", "Debt capacity withheld by lenders", block="G")]
    sentiment: Annotated[float, about("points", "Sentiment", block="H")]
    strategic_finance: Annotated[float, about("USD bn per quarter", "Strategic finance of the sector", block="F")]
    outside_equity: Annotated[float, about("USD bn per quarter", "Outside equity raised by the sector", block="F")]
    venture_gate: Annotated[float, about("ratio", "Willingness of outside investors", block="F")]
    gdp_gap: Annotated[float, about("share", "Output gap", block="K")]
    consumption_gap: Annotated[float, about("USD bn per quarter", "Consumption gap", block="K")]
    investment_gap: Annotated[
        float, about("USD bn per quarter", "Home part of capital spending less that of the base quarter", block="K")
    ]
    unemployment: Annotated[float, about("share", "Unemployment against its baseline", block="K")]
    limited_by_supply: Annotated[float, about("share", "Part of builders whose orders supply limits", block="C")]
    limited_by_finance: Annotated[float, about("share", "Part of builders whose orders finance limits", block="C")]
    loop_gain: Annotated[float, about("ratio", "Gain of the funding loop", block="F")]
    adopters: Annotated[float, about("share", "Firms with AI in production", block="A")]
    pilots: Annotated[float, about("share", "Firms in pilots", block="A")]
    users: Annotated[float, about("million users", "Consumer users", block="A")]
    contribution_per_user: Annotated[float, about("USD per quarter", "Contribution of one more user", block="A")]
    expected_growth: Annotated[float, about("per quarter", "Expected growth of compute demand", block="C")]
    inherited_capacity: Annotated[float, about("GW", "Capacity of failed firms still running", block="J")]
    buyer_price: Annotated[float, about("ratio", "Price of failed firms' capacity over new build", block="J")]
    wafer_share: Annotated[float, about("share", "AI share of wafers", block="C")]
    fiscal_cost: Annotated[float, about("USD bn", "Public money spent by levers", block="L")]


class DrawOutputs(Layout):
    """Results of one draw as a whole."""

    default_quarter: Annotated[
        IntArray, about("quarter", "Place of the quarter of default, from 0, -1 never", "agent", block="J")
    ]
    default_label: Annotated[IntArray, about("label", "0 none, 1 illiquid, 2 insolvent", "agent", block="J")]
    default_trigger: Annotated[IntArray, about("code", "Equation that triggered the default", "agent", block="J")]
    default_round: Annotated[IntArray, about("wave", "Round of the cascade inside its quarter", "agent", block="J")]
    claims_unpaid: Annotated[FloatArray, about("USD bn", "Claims on the firm never paid", "agent", block="J")]
    claims_lost: Annotated[FloatArray, about("USD bn", "Claims of the agent never paid", "agent", block="J")]
    recovery_rate: Annotated[
        FloatArray, about("share", "Debt recovered at default, NaN without one", "agent", block="J")
    ]
    recovery_secured: Annotated[
        FloatArray, about("share", "Secured debt recovered at default, NaN without one", "agent", block="J")
    ]
    recovery_unsecured: Annotated[
        FloatArray, about("share", "Other debt recovered at default, NaN without one", "agent", block="J")
    ]
    loss_by_channel: Annotated[
        FloatArray, about("USD bn", "Change of market value since the start by channel", "agent", "channel", block="H")
    ]
    class_loss: Annotated[
        FloatArray,
        about("USD bn", "Loss on the share index since the start by class of holder", "holder_class", block="K"),
    ]
    opening_cash: Annotated[FloatArray, about("USD bn", "Cash at the start of the draw", "agent")]
    capacity_bought: Annotated[FloatArray, about("GW", "Capacity bought from failed firms", "agent", block="J")]
    capacity_bought_cost: Annotated[FloatArray, about("USD bn", "Paid for it", "agent", block="J")]
    warrant_gain: Annotated[
        FloatArray, about("USD bn", "Value that vested warrants moved to the agent, loss negative", "agent", block="F")
    ]
    merged_into: Annotated[
        IntArray,
        about("agent", "Platform that the laboratory was merged into, -1 none", "agent", block="L"),
    ]
    result_code: Annotated[int, about("code", "Result code of the draw")]
    broken_quarter: Annotated[int, about("quarter", "Place of the quarter of a bad result code, from 0, -1 none")]
    regime: Annotated[int, about("regime", "0 none, 1 soft landing, 2 plateau, 3 dark fibre, 4 funding run, 5 melt-up")]
    first_default_quarter: Annotated[
        int, about("quarter", "Place of the quarter of the first default, from 0, -1 never", block="J")
    ]
    defaults_count: Annotated[
        int, about("count", "Number of firms in default, groups of other firms counted as one each", block="J")
    ]
    peak_capex: Annotated[float, about("USD bn per quarter", "Highest capital spending of the sector", block="C")]
    worst_residual: Annotated[float, about("share", "Largest relative residual of an identity")]


_NAMES_IN_STATE = {
    "debt": "debt_total",
    "backlog": "backlog_received",
    "commitments": "commitments_given",
    "interest_due": "interest",
    "principal_due": "maturing",
    "strategic_received": "strategic_in",
    "strategic_given": "strategic_out",
    "rolled_over": "rolled",
    "compute_price": "spot_price",
    "compute_demand": "demand",
    "compute_capacity": "capacity_total",
    "sp500_index": "index_value",
    "credit_spread": "market_spread",
}


def _is_field_of_state(result: str) -> bool:
    """Tell whether the state has the same numbers by the same agents; a name alone may mean a sum there."""
    found = fields_of(State).get(_NAMES_IN_STATE.get(result, result))
    kind, field = fields_of(QuarterOutputs)[result]
    axes = ["agent" if axis == "firm" else axis for axis in found[1].dimensions] if found else None
    return found is not None and found[0] == kind and axes == list(field.dimensions)


COPIED: dict[str, str] = {
    name: _NAMES_IN_STATE.get(name, name) for name in fields_of(QuarterOutputs) if _is_field_of_state(name)
}
"""Results of a quarter that are a field of the state at its end, and the field; the others are computed."""

OF_EVERYBODY = frozenset({"cash", "debt", "backlog", "commitments", "equity_loss", "credit_loss"})
"""Results of a quarter by agent that agents outside the sector have too; of the others they have none."""
