"""What is kept of a quarter and of a draw."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.orders import is_builder
from cardhouse.model.equations.indicators import minsky_by_cash_flow, minsky_by_cover, minsky_with_commitments
from cardhouse.model.layout import ROOM
from cardhouse.model.outputs_layout import DrawOutputs, QuarterOutputs
from cardhouse.model.state import DEFAULT, LIMIT_FINANCE, LIMIT_SUPPLY, State
from cardhouse.model.world import LABORATORY, World

HEDGE_COVER = 4.0
"""Interest cover from which a firm counts as hedge-financed (Davis, de Souza and Hernandez 2019)."""
CHANNELS = ROOM["channel"]
HOLDER_CLASSES = ROOM["holder_class"]


@compiled(inline=True)
def _record_firms(w: World, s: State, out: QuarterOutputs) -> None:
    """Copy firms' income, capital and funding of the quarter."""
    for i in range(w.firms):
        out.fundamental_value[i] = s.fundamental_value[i]
        out.market_value[i] = s.market_value[i]
        out.book_equity[i] = s.book_equity[i]
        out.revenue[i] = s.revenue[i]
        out.ebitda[i] = s.ebitda[i]
        out.net_income[i] = s.net_income[i]
        out.depreciation[i] = s.depreciation[i]
        out.economic_depreciation[i] = s.economic_depreciation[i]
        out.free_cash_flow[i] = s.free_cash_flow[i]
        out.capex[i] = s.capex[i]
        out.capacity[i] = s.capacity[i]
        out.load[i] = s.load[i]
        out.orders[i] = s.orders[i]
        out.interest_due[i] = s.interest[i]
        out.principal_due[i] = s.maturing[i]
        out.compute_bill[i] = s.compute_bill[i]
        out.equity_raised[i] = s.equity_raised[i]
        out.strategic_received[i] = s.strategic_in[i]
        out.strategic_given[i] = s.strategic_out[i]
        out.new_debt[i] = s.new_debt[i]
        out.rolled_over[i] = s.rolled[i]
        out.stake_value[i] = s.stake_value[i]
        out.undrawn_lines[i] = s.undrawn_lines[i]
        out.rating[i] = s.rating[i]
        out.spread[i] = s.spread[i]
        out.end_user_sales[i] = s.end_user_sales[i]
        out.status[i] = s.status[i]
        out.backlog_impairment[i] = s.backlog_impairment[i]
        out.exit_price[i] = s.exit_price[i]
        out.expectation_mismatch[i] = s.expectation_mismatch[i]


@compiled(inline=True)
def _classify_firm(s: State, out: QuarterOutputs, i: int) -> None:
    """Write Minsky's classes of a firm, and the change of its value by channel."""
    ebitda, interest, maturing, bill = s.ebitda[i], s.interest[i], s.maturing[i], s.compute_bill[i]
    out.minsky_class[i, 0] = minsky_by_cover(ebitda, interest, HEDGE_COVER)
    out.minsky_class[i, 1] = minsky_by_cash_flow(ebitda, interest, maturing)
    out.minsky_class[i, 2] = minsky_with_commitments(ebitda + bill, interest, maturing, bill)
    for channel in range(CHANNELS):
        out.value_by_channel[i, channel] = s.value_by_channel[i, channel]


@compiled
def _record_market(s: State, out: QuarterOutputs) -> None:
    """Copy the state of the markets."""
    out.utilisation = s.utilisation
    out.compute_price = s.spot_price
    out.contract_price = s.contract_price
    out.long_run_price = s.long_run_price
    out.used_chip_index = s.used_chip_index
    out.compute_demand = s.demand
    out.compute_capacity = s.capacity_total
    out.enterprise_spending = s.enterprise_spending
    out.consumer_spending = s.consumer_spending
    out.end_user_spending = s.enterprise_spending + s.consumer_spending
    out.sp500_index = s.index_value
    out.credit_spread = s.market_spread
    out.lending_standard = s.lending_standard
    out.sentiment = s.sentiment
    out.venture_gate = s.venture_gate
    out.gdp_gap = s.gdp_gap
    out.consumption_gap = s.consumption_gap
    out.investment_gap = s.investment_gap
    out.unemployment = s.unemployment
    out.loop_gain = s.loop_gain
    out.adopters = s.adopters
    out.pilots = s.pilots
    out.users = s.users
    out.contribution_per_user = s.contribution_per_user
    out.expected_growth = s.expected_growth
    out.inherited_capacity = s.inherited_capacity
    out.buyer_price = s.buyer_price
    out.wafer_share = s.wafer_share
    out.fiscal_cost = s.fiscal_cost


@compiled
def _record_sums(w: World, s: State, out: QuarterOutputs) -> None:
    """Add up the sector."""
    capex, chips, labs, value, strategic, outside = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    organic, rented = 0.0, 0.0
    builders, by_supply, by_finance = 0, 0, 0
    for i in range(w.firms):
        if is_builder(w, i) and s.status[i] < DEFAULT:
            builders += 1
            by_supply += s.order_limit[i] == LIMIT_SUPPLY
            by_finance += s.order_limit[i] == LIMIT_FINANCE
        # capacity bought from failed firms only changes hands: it is no spending of the sector
        capex += s.capex[i] - s.inherited_cost[i]
        chips += s.chip_purchases[i] + s.deposits_paid[i]
        value += s.market_value[i]
        strategic += s.strategic_in[i]
        outside += s.outside_equity[i]
        organic += s.end_user_sales[i]
        rented += s.compute_bill[i]
        if w.role[i] == LABORATORY:
            labs += s.revenue[i]
    out.limited_by_supply = by_supply / max(builders, 1)
    out.limited_by_finance = by_finance / max(builders, 1)
    out.sector_capex = capex
    out.chip_sales = chips
    out.lab_revenue = labs
    out.sector_market_value = value
    out.strategic_finance = strategic
    out.outside_equity = outside
    out.organic_revenue = organic / (organic + rented) if organic + rented > 0.0 else 0.0


@compiled(cache=True)
def record_quarter(w: World, s: State, out: QuarterOutputs) -> None:
    """Copy what a quarter leaves behind."""
    for i in range(w.agents):
        out.cash[i] = s.cash[i]
        out.debt[i] = s.debt_total[i]
        out.backlog[i] = s.backlog_received[i]
        out.commitments[i] = s.commitments_given[i]
        out.equity_loss[i] = s.equity_loss[i]
        out.credit_loss[i] = s.credit_loss[i]
    _record_firms(w, s, out)
    for i in range(w.firms):
        _classify_firm(s, out, i)
    _record_market(s, out)
    _record_sums(w, s, out)


@compiled
def add_channels(w: World, s: State, out: DrawOutputs) -> None:
    """Add the quarter's change of market value by channel to the draw's."""
    for i in range(w.firms):
        for channel in range(CHANNELS):
            out.loss_by_channel[i, channel] += s.value_by_channel[i, channel]


@compiled
def begin_record(w: World, s: State, out: DrawOutputs) -> None:
    """Begin a draw's record with its opening cash."""
    for i in range(w.agents):
        out.opening_cash[i] = s.cash[i]
        for channel in range(CHANNELS):
            out.loss_by_channel[i, channel] = 0.0
    out.broken_quarter = -1
    out.worst_residual = 0.0
    out.regime = 0


@compiled
def finish_record(w: World, s: State, out: DrawOutputs) -> None:
    """Copy what a draw leaves behind as a whole."""
    out.result_code = s.code
    first, count = -1, 0
    for i in range(w.agents):
        # the state counts quarters from 1; results give the position among the simulated quarters, from 0
        out.default_quarter[i] = s.default_quarter[i] - 1 if s.default_quarter[i] > 0 else -1
        out.default_label[i] = s.default_label[i]
        out.default_trigger[i] = s.default_trigger[i]
        out.default_round[i] = s.default_round[i]
        out.claims_unpaid[i] = s.claims_unpaid[i]
        out.claims_lost[i] = s.claims_lost[i]
        out.recovery_rate[i] = s.recovery_rate[i]
        out.recovery_secured[i] = s.recovery_secured[i]
        out.recovery_unsecured[i] = s.recovery_unsecured[i]
        out.capacity_bought[i] = s.capacity_bought[i]
        out.capacity_bought_cost[i] = s.capacity_bought_cost[i]
        out.warrant_gain[i] = s.warrant_gain[i]
        out.merged_into[i] = s.parent[i]
        if s.default_quarter[i] > 0:
            count += 1
            if first < 0 or s.default_quarter[i] - 1 < first:
                first = s.default_quarter[i] - 1
    out.first_default_quarter = first
    out.defaults_count = count
    for k in range(HOLDER_CLASSES):
        out.class_loss[k] = s.class_loss[k]
