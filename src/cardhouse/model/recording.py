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
def _classify_firm(s: State, out: QuarterOutputs, i: int) -> None:
    """Write Minsky's classes of a firm."""
    ebitda, interest, maturing, bill = s.ebitda[i], s.interest[i], s.maturing[i], s.compute_bill[i]
    out.minsky_class[i, 0] = minsky_by_cover(ebitda, interest, HEDGE_COVER)
    out.minsky_class[i, 1] = minsky_by_cash_flow(ebitda, interest, maturing)
    out.minsky_class[i, 2] = minsky_with_commitments(ebitda + bill, interest, maturing, bill)


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
    """Compute what is kept of a quarter besides fields of its state."""
    for i in range(w.firms):
        _classify_firm(s, out, i)
    out.end_user_spending = s.enterprise_spending + s.consumer_spending
    _record_sums(w, s, out)


@compiled
def add_channels(w: World, s: State, out: DrawOutputs) -> None:
    """Add the quarter's change of market value by channel to the draw's."""
    # as one long row, which the machine adds several numbers at a time
    so_far, change = out.loss_by_channel.reshape(-1), s.value_by_channel.reshape(-1)
    for k in range(w.firms * CHANNELS):
        so_far[k] += change[k]


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
