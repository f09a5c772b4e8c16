"""Block C: beliefs about demand, orders for capacity, and what builders pay for it."""

from __future__ import annotations

import math

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.equations.commitments import lease_of_new_property
from cardhouse.model.equations.orders import (
    adaptive_growth,
    affordable_orders,
    deposit_due,
    diagnostic_growth,
    hostage_orders,
    orders_allowed,
    other_capital_spending,
    wafer_share_after,
    wanted_orders,
)
from cardhouse.model.equations.strategic_money import demand_signal
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.ledger import Kind, Ledger, owe, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import remainder
from cardhouse.model.state import (
    DEFAULT,
    LIMIT_FINANCE,
    LIMIT_NONE,
    LIMIT_SUPPLY,
    State,
)
from cardhouse.model.world import LABORATORY, LEVERAGED_CLOUD, PLATFORM, Shock, World
from cardhouse.scenarios.variables import (
    E_CAPEX_PLAN,
    E_HOSTAGE,
    E_ORDER_APPETITE,
    G_POWER_ACCELERATION,
    G_SUPPLY_GROWTH_LIMIT,
)

CHIPS_DELIVERED = tag_of(Kind.CHIPS, "C5")
BUILDING_DELIVERED = tag_of(Kind.CONSTRUCTION, "C5")
CHIPS_DEPOSIT = tag_of(Kind.CHIPS, "C5b")
BUILDING_DEPOSIT = tag_of(Kind.CONSTRUCTION, "C5b")
OTHER_CAPEX = tag_of(Kind.OTHER_CAPEX, "C5c")
LAST_DUE = ROOM["pipeline"] - 1
PLAN_QUARTERS = 4
"""Quarters for which published plans of capital spending anchor orders."""
ORDERS_RESTART = 0.25
"""Orders, as a part of the opening ones, that suppliers can always take up again after a stop."""
SMALL_GROWTH = 0.5
"""Bound on expected growth per quarter, so that one odd quarter cannot order the world."""


@compiled
def is_builder(w: World, i: int) -> bool:
    """Tell whether a firm operates capacity and orders more."""
    own = w.role[i] == LABORATORY and w.capacity[i] > 0.0
    return bool(own or w.role[i] == PLATFORM or w.role[i] == LEVERAGED_CLOUD)


@compiled
def _pay_builders(w: World, s: State, ledger: Ledger, who: tuple[int, int, int], split: tuple[float, float]) -> None:
    """Write what a firm owes for chips and for buildings; ``who`` is (firm, chips tag, building tag)."""
    firm, chips_tag, building_tag = who
    chips, building = split
    if chips <= 0.0 and building <= 0.0:
        return
    for k in range(w.chip_makers):
        owe(ledger, firm, k, chips_tag, chips * s.chip_share[k])
    owe(ledger, firm, w.suppliers, chips_tag, chips * s.chip_share_outside)
    owe(ledger, firm, w.suppliers, building_tag, building)


@compiled
def postpone_deliveries(w: World, gate: Gates, par: Parameters, s: State) -> None:
    """Push deliveries that a builder cannot pay for into the next quarter (C5): suppliers do not ship without money."""
    if gate.orders_finance_limit <= 0.0:
        return
    cost = par.cost_per_gw * (1.0 - par.order_deposit)
    for i in range(w.firms):
        bill = cost * s.pipeline[i, 0]
        if bill <= 0.0:
            continue
        funds = _ready_funds(s, i)
        if w.vehicle_of[i] >= 0:
            funds += _ready_funds(s, w.vehicle_of[i])
        part = min(1.0, max(0.0, funds) / bill)
        pushed = (1.0 - part) * s.pipeline[i, 0]
        s.pipeline[i, 0] -= pushed
        s.pipeline[i, 1] += pushed


@compiled
def _ready_funds(s: State, i: int) -> float:
    """Money a firm can use for deliveries: spare cash, lines, free debt capacity, earnings after interest."""
    if s.status[i] >= DEFAULT:
        return 0.0
    spare = s.cash[i] - s.cash_floor[i] + s.ebitda[i] - s.interest[i] - s.tax[i]
    return float(spare + s.undrawn_lines[i] + max(0.0, s.debt_capacity[i] - s.debt_total[i]))


@compiled
def _vehicle_part(w: World, par: Parameters, s: State, v: int, split: tuple[float, float]) -> tuple[float, float]:
    """Return what of a delivery's chips and buildings the sponsor's vehicle pays out of its funds."""
    mix = w.vehicle_chip_part[v]
    chips = split[0] * mix * par.loan_to_value
    building = split[1] * (1.0 - mix) * par.loan_to_value
    wanted = chips + building
    funds = s.undrawn_lines[v] + max(0.0, s.debt_capacity[v] - s.debt_total[v]) + max(0.0, s.cash[v] - s.cash_floor[v])
    part = min(1.0, max(0.0, funds) / wanted) if wanted > 0.0 and s.status[v] < DEFAULT else 0.0
    return chips * part, building * part


@compiled
def owe_deliveries(w: World, par: Parameters, s: State, ledger: Ledger) -> None:
    """Write what is due for capacity delivered this quarter; a sponsor's vehicle pays its part (C5)."""
    cost = par.cost_per_gw * (1.0 - par.order_deposit)
    growth = (1.0 + par.other_business_growth) ** s.quarter
    for i in range(w.firms):
        s.delivery_bill[i] = 0.0
    for i in range(w.firms):
        other = other_capital_spending(s.other_capex[i], growth)
        if w.role[i] == LABORATORY:
            # what is not computing waits when money is short
            other = min(other, max(0.0, _ready_funds(s, i)))
        owe(ledger, i, w.suppliers, OTHER_CAPEX, other)
        if s.delivered[i] <= 0.0:
            continue
        bill = cost * s.delivered[i]
        split = (bill * par.chip_cost_share, bill * (1.0 - par.chip_cost_share))
        v = w.vehicle_of[i]
        if v >= 0:
            paid = _vehicle_part(w, par, s, v, split)
            _pay_builders(w, s, ledger, (v, CHIPS_DELIVERED, BUILDING_DELIVERED), paid)
            s.delivery_bill[v] = paid[0] + paid[1]
            _lease_new_property(w, par, s, v, paid)
            split = (split[0] - paid[0], split[1] - paid[1])
        s.delivery_bill[i] += split[0] + split[1]
        _pay_builders(w, s, ledger, (i, CHIPS_DELIVERED, BUILDING_DELIVERED), split)


@compiled
def _lease_new_property(w: World, par: Parameters, s: State, v: int, paid: tuple[float, float]) -> None:
    """Extend a vehicle's lease by what it builds beyond the money it had at the start (D1d)."""
    r = w.vehicle_lease[v]
    built = paid[0] + paid[1]
    covered = min(built, s.covered_funds[v])
    s.covered_funds[v] -= covered
    if r < 0 or built - covered <= 0.0:
        return
    part = (built - covered) / built
    chips = lease_of_new_property(paid[0] * part, s.chip_annuity)
    building = lease_of_new_property(paid[1] * part, s.shell_annuity)
    s.added_bill[r] += chips + building
    s.signed[r] += 4.0 * (chips * par.chip_life_economic + building * par.shell_life)


@compiled
def _capacity_wanted(s: State, i: int) -> float:
    """Return the demand that a builder plans for: its part of the market, or its contracts ahead if they are more."""
    market = s.capacity[i] * s.demand / s.capacity_total if s.capacity_total > 0.0 else 0.0
    return float(max(market, s.contracts_ahead[i]))


@compiled
def _look_ahead(w: World, par: Parameters, s: State) -> None:
    """Add up the compute that each seller has promised for the quarter in which an order would be delivered."""
    for i in range(w.firms):
        s.contracts_ahead[i] = 0.0
    ramp = par.compute_contract_ramp
    ramped_now = min(1.0, s.quarter / ramp)
    ramped_then = min(1.0, (float(s.quarter) + par.construction_lag) / ramp)
    for r in range(w.relations):
        seller = as_index(w.seller[r])
        if s.contract_gw[r] > 0.0 and seller < w.firms:
            now = w.opening_bill[r] + (s.plateau[r] - w.opening_bill[r]) * ramped_now
            then = w.opening_bill[r] + (s.plateau[r] - w.opening_bill[r]) * ramped_then
            if now > 0.0:
                s.contracts_ahead[seller] += s.contract_gw[r] * then / now


@compiled
def _watch_rivals(w: World, s: State) -> None:
    """Write the mean of rivals' orders over capacity in the quarter before, by place among builders."""
    racing, total = 0, 0.0
    for place in range(w.builders):
        i = as_index(w.builder[place])
        if s.status[i] < DEFAULT:
            racing += 1
            total += s.order_rate[i]
    for place in range(w.builders):
        i = as_index(w.builder[place])
        others = remainder(total, s.order_rate[i]) if s.status[i] < DEFAULT else total
        s.rivals_rate[place] = others / (racing - 1) if racing > 1 else 0.0


@compiled
def _hostage(w: World, par: Parameters, i: int) -> float:
    """Inability to leave the race, by role."""
    if w.role[i] == PLATFORM:
        return par.hostage_platform
    if w.role[i] == LEVERAGED_CLOUD:
        return par.hostage_leveraged_cloud
    return par.hostage_laboratory


@compiled(inline=True)
def _wanted(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, place: int) -> float:
    """Orders that one builder wants before limits (C2, C3), anchored to its published plan in the first year."""
    i = as_index(w.builder[place])
    growth = s.expected_growth * shock.entity[E_ORDER_APPETITE, i] + par.capacity_retirement
    replace_and_grow = growth * s.capacity[i]
    gap = par.order_adjustment * (_capacity_wanted(s, i) / par.target_utilisation - s.capacity[i])
    line = 0.0
    for due in range(LAST_DUE + 1):
        line += s.pipeline[i, due]
    s.supply_line[i] = line
    seen = 1.0 - par.supply_line_neglect * gate.orders_supply_line
    line_gap = par.order_adjustment * seen * (par.construction_lag * growth * s.capacity[i] - line)
    wanted = wanted_orders(replace_and_grow, gap, line_gap, s.profit_factor)
    if s.quarter <= PLAN_QUARTERS:
        wanted += par.plan_anchor * (w.planned_orders[i] - wanted)
    wanted *= shock.entity[E_CAPEX_PLAN, i]
    if gate.orders_hostage > 0.0:
        hostage = min(1.0, _hostage(w, par, i) * shock.entity[E_HOSTAGE, i])
        wanted = max(wanted, hostage_orders(hostage, par.hostage_scale, s.capacity[i], s.rivals_rate[place]))
    return float(wanted)


@compiled
def plan_orders(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Find the orders that builders want and the money they must raise for them (C2 to C4)."""
    _look_ahead(w, par, s)
    s.profit_factor = (s.spot_price * s.price_bias / s.long_run_price) ** par.order_price_exponent
    _watch_rivals(w, s)
    total = 0.0
    for i in range(w.firms):
        s.wanted_orders[i] = 0.0
        s.order_limit[i] = LIMIT_NONE
    for place in range(w.builders):
        i = as_index(w.builder[place])
        if s.status[i] < DEFAULT:
            s.wanted_orders[i] = _wanted(w, gate, par, shock, s, place)
            total += s.wanted_orders[i]
    s.power_limit = par.power_limit * (1.0 + par.power_growth) ** s.quarter * shock.common[G_POWER_ACCELERATION]
    limit = par.supply_growth_limit * shock.common[G_SUPPLY_GROWTH_LIMIT]
    s.orders_allowed = orders_allowed(max(s.orders_total, ORDERS_RESTART * w.opening_orders), limit, s.power_limit)
    if gate.orders_supply_limit > 0.0 and total > s.orders_allowed:
        for i in range(w.firms):
            if s.wanted_orders[i] > 0.0:
                s.wanted_orders[i] *= s.orders_allowed / total
                s.order_limit[i] = LIMIT_SUPPLY
    for i in range(w.firms):
        s.planned_capex[i] = deposit_due(s.wanted_orders[i], par.cost_per_gw, par.order_deposit) + s.delivery_bill[i]
        deposit = s.planned_capex[i] - s.delivery_bill[i]
        s.cash_need[i] = max(0.0, s.cash_floor[i] + deposit - s.position[i]) if s.status[i] < DEFAULT else 0.0


@compiled(inline=True)
def _funds(w: World, par: Parameters, s: State, i: int) -> float:
    """Money a builder can put behind new orders: cash, lines, free debt capacity and income, less its pipeline."""
    pipeline_bill = s.supply_line[i] * par.cost_per_gw * (1.0 - par.order_deposit)
    income = par.construction_lag * max(0.0, s.expected_ebitda[i] - s.interest[i] - s.tax[i])
    v = w.vehicle_of[i]
    vehicle = 0.0
    if v >= 0 and s.status[v] < DEFAULT:
        vehicle = s.undrawn_lines[v] + max(0.0, s.debt_capacity[v] - s.debt_total[v])
    credit = s.undrawn_lines[i] + max(0.0, s.debt_capacity[i] - s.debt_total[i])
    free = s.position[i] + s.cash[i] - s.cash_mark[i] - s.cash_floor[i]
    return float(free + credit + income + vehicle - pipeline_bill)


@compiled
def place_orders(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger) -> None:
    """Place the orders that funds allow and write the down payments (C5)."""
    total = 0.0
    ledger.down_payments = ledger.dues
    slot = min(LAST_DUE, max(1, round(par.construction_lag))) - 1
    for i in range(w.firms):
        s.orders[i] = s.order_rate[i] = 0.0
    for place in range(w.builders):
        i = as_index(w.builder[place])
        orders = s.wanted_orders[i]
        if gate.orders_finance_limit > 0.0 and orders > 0.0:
            orders = affordable_orders(orders, _funds(w, par, s, i), par.cost_per_gw)
            if orders < s.wanted_orders[i]:
                s.order_limit[i] = LIMIT_FINANCE
        s.orders[i] = orders
        s.order_rate[i] = orders / s.capacity[i] if s.capacity[i] > 0.0 else 0.0
        if orders <= 0.0:
            continue
        total += orders
        s.pipeline[i, slot] += orders
        deposit = deposit_due(orders, par.cost_per_gw, par.order_deposit)
        split = (deposit * par.chip_cost_share, deposit * (1.0 - par.chip_cost_share))
        _pay_builders(w, s, ledger, (i, CHIPS_DEPOSIT, BUILDING_DEPOSIT), split)
    s.orders_total = total


@compiled
def update_beliefs(w: World, gate: Gates, par: Parameters, s: State) -> None:
    """Learn about demand growth (C1) and shift wafers (C6)."""
    if s.quarter == 1 and s.demand > 0.0:
        # nobody has split the demand of the base quarter: take the same part of it as paid for by strategic money
        s.loop_before = s.loop_demand * s.demand_before / s.demand
    organic = demand_signal(s.demand, s.loop_demand, gate.circular_signal)
    before = demand_signal(s.demand_before, s.loop_before, gate.circular_signal)
    s.loop_before = s.loop_demand
    s.demand_growth = math.log(organic / before) if s.demand_before > 0.0 else 0.0
    news = s.demand_growth - s.growth_belief
    s.growth_belief = adaptive_growth(s.growth_belief, s.demand_growth, par.belief_gain)
    theta = par.diagnosticity * gate.orders_beliefs
    mood = par.sentiment_belief_slope * s.sentiment * gate.orders_beliefs
    expected = diagnostic_growth(s.growth_belief, news, theta, mood)
    s.expected_growth = min(SMALL_GROWTH, max(-SMALL_GROWTH, expected))
    if gate.wafer_allocation > 0.0:
        wanted = par.wafer_share_start * (s.orders_total / w.opening_orders if w.opening_orders > 0.0 else 1.0)
        s.wafer_share = wafer_share_after(s.wafer_share, min(0.9, wanted), par.wafer_shift_speed)
    s.other_chip_output = (1.0 - s.wafer_share) / (1.0 - par.wafer_share_start)
