"""The opening of a draw: figures inside their ranges, balanced, and constants that make the first quarter fit."""

from __future__ import annotations

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.compiled import compiled
from cardhouse.model.debts import CLASSES, LAST, LENDERS
from cardhouse.model.equations.commitments import contract_plateau, ramp_weight
from cardhouse.model.equations.compute_market import annuity, compute_needed, discounted_rents, user_cost
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.opening_finance import open_finance
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import (
    CHIP_ORDER,
    CHIPS,
    COMPUTE_CONTRACT,
    LABORATORY,
    LEVERAGED_CLOUD,
    PLATFORM,
    SITE_LEASE,
    VEHICLE,
    World,
)

CASH, DEBT, EBITDA, CAPACITY, PIPELINE, PROPERTY, MARKET_VALUE, OUTSIDE_ROUND, STRATEGIC_ROUND = range(9)
"""Figures that vary inside their ranges from draw to draw: the axis ``varied``."""
CONTRACTS = 8
"""Blocks of random numbers, one number an agent, before those of the contracts."""
DUES = ROOM["pipeline"]


@compiled
def inside_range(value: float, low: float, high: float, chance: float) -> float:
    """Place a figure inside its range: half the draws below the value, half above, uniform on each side.

    >>> inside_range(10.0, 8.0, 14.0, 0.25), inside_range(10.0, 8.0, 14.0, 0.5), inside_range(10.0, 8.0, 14.0, 1.0)
    (9.0, 10.0, 14.0)
    """
    if chance < 0.5:
        return value + (low - value) * (1.0 - 2.0 * chance)
    return value + (high - value) * (2.0 * chance - 1.0)


@compiled
def _factor(w: World, chance: FloatArray, varied: int, i: int) -> float:
    """Return the factor on one varied figure of one agent."""
    # the ninth figure came later: it takes its numbers behind the contracts, so that all others kept theirs
    after = w.relations if varied >= CONTRACTS else 0
    return inside_range(1.0, w.low[varied, i], w.high[varied, i], chance[varied * w.agents + after + i])


@compiled
def _zero(w: World, s: State) -> None:
    """Set all agents' flows to zero, so that a figure that is not there counts as nothing."""
    for i in range(w.agents):
        s.status[i] = 0
        s.default_quarter[i] = -1
        s.default_label[i] = s.default_trigger[i] = s.default_round[i] = s.under_water[i] = 0
        s.claims_unpaid[i] = s.claims_lost[i] = 0.0
        s.recovery_secured[i] = s.recovery_unsecured[i] = np.nan
        s.new_default[i] = 0
        s.parent[i] = -1
        s.inherited_cost[i] = s.idle_capacity[i] = s.capacity_bought[i] = s.capacity_bought_cost[i] = 0.0
        s.backlog_impairment[i] = s.exit_price[i] = s.expectation_mismatch[i] = s.warrant_gain[i] = 0.0
        s.covenant_event[i] = 0.0
        s.late[i] = s.delivered[i] = s.energised[i] = s.retired[i] = s.orders[i] = 0.0
        s.load[i] = s.room[i] = s.overflowing[i] = s.unserved[i] = s.overflow_load[i] = s.spot_load[i] = 0.0
        s.spot_use[i] = s.contracted_use[i] = s.contracted_load[i] = s.lab_demand[i] = s.training[i] = 0.0
        s.training_start[i] = s.own_use[i] = s.end_user_share[i] = s.end_user_sales[i] = 0.0
        s.fixed_cost[i] = s.variable_cost[i] = s.other_margin[i] = s.other_start[i] = s.other_sales[i] = 0.0
        s.chip_share[i] = s.outside_chip_sales[i] = s.chip_sales_before[i] = s.chip_sales[i] = 0.0
        s.quality[i] = 1.0
        s.wanted_orders[i] = s.planned_capex[i] = s.delivery_bill[i] = s.cash_need[i] = s.other_capex[i] = 0.0
        s.order_limit[i] = 0
        s.maturing[i] = s.interest[i] = s.interest_paid[i] = s.tax[i] = s.tax_paid[i] = s.position[i] = s.cash_floor[
            i
        ] = 0.0
        s.expected_ebitda[i] = s.free_cash_flow[i] = s.compute_bill[i] = s.stretch[i] = s.payout[i] = 0.0
        s.debt_capacity[i] = 0.0
        s.return_on_capital[i] = s.order_rate[i] = s.contracts_ahead[i] = 0.0
        s.lender_capital[i] = w.lender_capital[i]


@compiled
def _open_balance(w: World, gate: Gates, par: Parameters, s: State, chance: FloatArray, i: int) -> None:
    """Set an agent's cash, and a firm's balance sheet, inside the ranges of the figures; rebalance it."""
    vary = gate.opening_uncertainty
    s.cash[i] = w.cash[i] * (1.0 + vary * (_factor(w, chance, CASH, i) - 1.0))
    for issuer in range(w.agents):
        s.stake[i, issuer] = w.stake[i, issuer] if issuer < w.firms else 0.0
    s.debt_total[i] = 0.0
    scale = 1.0 + vary * (_factor(w, chance, DEBT, i) - 1.0)
    for rung in range(LAST + 1):
        s.debt[i, rung] = w.debt[i, rung] * scale
    for rung in range(LAST + 1):
        s.debt_total[i] += s.debt[i, rung]
    s.debt_capacity[i] = s.debt_total[i] + (max(0.0, w.outside_round[i]) if i < w.firms else 0.0)
    for slot in range(LENDERS):
        s.debt_by_lender[i, slot] = s.debt_total[i] * w.lender_share[i, slot]
    for debt_class in range(CLASSES):
        s.debt_by_class[i, debt_class] = s.debt_total[i] * w.class_share[i, debt_class]
    s.interest_rate[i] = w.interest_rate[i]
    s.covered_funds[i] = w.undrawn_lines[i] + w.cash[i]
    s.undrawn_lines[i] = w.undrawn_lines[i]
    scale = 1.0 + vary * (_factor(w, chance, PROPERTY, i) - 1.0)
    s.chips_book[i] = s.chips_economic[i] = w.chips_book[i] * scale
    s.chips_gross[i] = s.chips_book[i] / (1.0 - par.opening_wear)
    s.shells_book[i] = w.shells_book[i] * scale
    s.construction[i] = w.construction[i]
    s.other_property[i] = w.other_property[i]
    s.stake_book[i] = w.stake_book[i]
    s.lease_liability[i] = w.lease_liability[i]
    s.book_equity[i] = w.book_equity[i]
    known = s.cash[i] + s.chips_book[i] + s.shells_book[i] + s.construction[i] + s.other_property[i] + s.stake_book[i]
    s.other_net_assets[i] = s.book_equity[i] + s.debt_total[i] + s.lease_liability[i] - known
    s.market_value[i] = w.market_value[i] * (1.0 + vary * (_factor(w, chance, MARKET_VALUE, i) - 1.0))
    s.market_value_before[i] = s.reference_value[i] = s.market_value[i]
    if i < w.firms:
        s.known_outside[i] = w.outside_round[i] * (1.0 + vary * (_factor(w, chance, OUTSIDE_ROUND, i) - 1.0))
        s.known_strategic[i] = w.strategic_round[i] * (1.0 + vary * (_factor(w, chance, STRATEGIC_ROUND, i) - 1.0))


@compiled
def _open_capacity(w: World, gate: Gates, par: Parameters, s: State, chance: FloatArray, i: int) -> None:
    """Set a firm's capacity and pipeline; dearer capacity means less of it for the same plans in dollars.

    The case knows some quarters of the pipeline, a draw has a construction lag of its own: what a firm plans beyond
    the lag is not ordered yet, and between the last known quarter and the first new order the last known rate goes on.
    A vehicle builds the site that it was made for, no less and no more.
    """
    vary = gate.opening_uncertainty
    s.capacity[i] = w.capacity[i] * (1.0 + vary * (_factor(w, chance, CAPACITY, i) - 1.0))
    scale = (1.0 + vary * (_factor(w, chance, PIPELINE, i) - 1.0)) * w.cost_reference / par.cost_per_gw
    known = 0
    for due in range(DUES):
        s.pipeline[i, due] = w.pipeline[i, due] * scale
        if w.pipeline[i, due] > 0.0:
            known = due + 1
    if w.role[i] != VEHICLE:
        ordered = min(DUES, max(1, round(par.construction_lag)))
        for due in range(min(known, ordered), DUES):
            s.pipeline[i, due] = w.planned_orders[i] * scale if known <= due < ordered else 0.0
    s.order_rate[i] = w.planned_orders[i] * scale / s.capacity[i] if s.capacity[i] > 0.0 else 0.0
    s.capacity_total += s.capacity[i]


@compiled
def _open_contracts(w: World, gate: Gates, par: Parameters, s: State, chance: FloatArray) -> None:
    """Set what each contract binds to, and the plateau of its schedule."""
    first = CONTRACTS * w.agents
    life, lease_life = par.compute_contract_life, par.lease_life
    # a lease of chips runs as long as a compute contract
    compute = ramp_weight(life, min(par.compute_contract_ramp, life))
    chip_lease = ramp_weight(life, min(par.lease_ramp, life))
    lease = ramp_weight(lease_life, min(par.lease_ramp, lease_life))
    for r in range(w.relations):
        low = w.binding[r] * w.binding_low[r]
        high = w.binding[r] * w.binding_high[r]
        place = chance[first + r] if gate.opening_uncertainty > 0.0 else 0.5
        amount = inside_range(w.binding[r], low, high, place)
        s.backlog[r] = amount + par.headline_share * max(0.0, w.headline[r] - amount)
        if w.contract[r] == SITE_LEASE:
            # A lessee that stays pays the whole lease; what binds is what it pays if it leaves.
            s.backlog[r] = max(s.backlog[r], w.headline[r])
        schedule = lease
        if w.contract[r] == COMPUTE_CONTRACT or w.contract[r] == CHIP_ORDER:
            schedule = compute
        elif w.contract[r] == SITE_LEASE and w.vehicle_chip_part[w.seller[r]] > 0.5:
            schedule = chip_lease
        s.plateau[r] = contract_plateau(s.backlog[r], w.opening_bill[r], schedule[0], schedule[1])
        s.survival[r] = 1.0
        s.added_bill[r] = 0.0
        s.scheduled[r] = w.opening_bill[r]
        s.contract_gw[r] = 4.0 * w.opening_bill[r] / w.contract_price if w.contract[r] == COMPUTE_CONTRACT else 0.0
        s.contracted_use[w.buyer[r]] += s.contract_gw[r]
        if w.seller[r] < w.firms:
            s.contracted_load[w.seller[r]] += s.contract_gw[r]
        if w.contract[r] != CHIP_ORDER:
            s.compute_bill[w.buyer[r]] += w.opening_bill[r]
        s.commitments_given[w.buyer[r]] += s.backlog[r]
        s.backlog_received[w.seller[r]] += s.backlog[r]


@compiled
def _open_spending(w: World, par: Parameters, s: State) -> None:
    """Set adoption so that opening spending comes out for any size of the market, and find who sells it."""
    active = 4.0 * w.enterprise_spending / par.addressable_spend
    s.pilots = min(w.pilots, 0.5 * active / max(par.pilot_intensity, 1e-9))
    s.adopters = active - par.pilot_intensity * s.pilots
    s.users, s.paying_share, s.fee = w.users, w.paying_share, w.fee
    s.enterprise_spending, s.consumer_spending = w.enterprise_spending, w.consumer_spending
    s.advertising_start = max(0.0, 1000.0 * w.consumer_spending / w.users - w.paying_share * w.fee)
    s.advertising = s.advertising_start
    s.use_price = 1.0
    labs, clouds = 0.0, 0.0
    for i in range(w.firms):
        if w.role[i] == LABORATORY:
            labs += w.revenue_ai[i]
        elif w.role[i] == PLATFORM or w.role[i] == LEVERAGED_CLOUD:
            clouds += _residual_sales(w, i)
    share = (labs - w.consumer_spending) / w.enterprise_spending if w.enterprise_spending > 0.0 else 0.0
    s.lab_spending_share = min(1.0, max(0.0, share))
    pool = (1.0 - s.lab_spending_share) * w.enterprise_spending
    for i in range(w.firms):
        s.other_start[i] = w.revenue_other[i]
        if w.role[i] == LABORATORY:
            s.end_user_share[i] = w.revenue_ai[i] / labs if labs > 0.0 else 0.0
            s.end_user_sales[i] = w.revenue_ai[i]
        elif w.role[i] == PLATFORM or w.role[i] == LEVERAGED_CLOUD:
            sold = _residual_sales(w, i)
            s.end_user_share[i] = sold / max(clouds, pool) if clouds > 0.0 else 0.0
            s.end_user_sales[i] = pool * s.end_user_share[i]
            s.other_start[i] += sold - s.end_user_sales[i]


@compiled
def _residual_sales(w: World, i: int) -> float:
    """AI sales of a cloud that no contract of the model explains."""
    billed = 0.0
    for r in range(w.relations):
        if w.seller[r] == i:
            billed += w.opening_bill[r]
    return float(max(0.0, w.revenue_ai[i] - billed))


@compiled
def _open_user_cost(par: Parameters, s: State) -> None:
    """Work out the annuities at the cost of capital, which serve the whole draw, and the user cost they make."""
    s.chip_annuity = annuity(par.capital_cost_rate, par.chip_life_economic)
    s.shell_annuity = annuity(par.capital_cost_rate, par.shell_life)
    cost, running = par.cost_per_gw, par.operating_cost_per_gw_year
    yearly = user_cost(cost, par.chip_cost_share, s.chip_annuity, s.shell_annuity, running)
    s.user_cost = yearly / par.target_utilisation


@compiled
def _open_market(w: World, par: Parameters, s: State) -> None:
    """Set prices, demand and beliefs of the compute market."""
    s.revenue_per_gw_year = s.density_start = par.revenue_per_gw_year
    s.spot_price = s.spot_base = w.spot_price
    s.contract_price = w.contract_price
    s.cost_factor = 1.0
    s.price_bias = 1.0
    _open_user_cost(par, s)
    running = par.operating_cost_per_gw_year
    s.long_run_price = s.user_cost * (1.0 + par.price_markup)
    rate = par.capital_cost_rate / 4.0
    s.rent_value = discounted_rents(w.spot_price, running, par.rent_decay, rate, 4.0 * par.chip_life_economic)
    s.used_chip_index = s.used_chip_before = 1.0
    s.fire_sale_discount = 0.0
    s.utilisation = w.utilisation
    s.overflow = 0.0
    s.overflow_served = s.served = 1.0
    s.demand = 0.0
    for i in range(w.firms):
        needed = compute_needed(s.end_user_sales[i], s.revenue_per_gw_year, 0.0)
        if w.role[i] == LABORATORY:
            s.training_start[i] = max(0.0, w.compute_used[i] - needed)
            s.demand += max(w.compute_used[i], needed)
        elif w.role[i] == PLATFORM:
            outside = s.contracted_load[i] + needed - s.contracted_use[i]
            s.own_use[i] = max(0.0, w.utilisation * s.capacity[i] - outside)
            s.demand += s.own_use[i] + needed
        elif w.role[i] == LEVERAGED_CLOUD:
            s.demand += needed
    s.demand_before = s.demand
    s.tightness = s.demand / (par.target_utilisation * s.capacity_total) if s.capacity_total > 0.0 else 1.0
    growth = w.opening_orders / s.capacity_total - par.capacity_retirement if s.capacity_total > 0.0 else 0.0
    s.growth_belief = s.expected_growth = s.demand_growth = min(0.25, max(0.0, growth))
    s.orders_total = w.opening_orders * w.cost_reference / par.cost_per_gw
    s.wafer_share = par.wafer_share_start
    s.other_chip_output = 1.0
    s.loop_before = 0.0
    s.loop_demand = 0.0
    s.inherited_capacity = 0.0
    s.buyer_price = 1.0
    s.recent_default = 0.0


@compiled
def _open_income(w: World, gate: Gates, par: Parameters, s: State, chance: FloatArray, i: int) -> None:
    """Set margins and fixed cost so that the opening earnings come out."""
    s.support_given[i] = 0.0
    earned = w.operating_cash[i] if w.role[i] == LABORATORY else w.ebitda[i]
    shift = earned * (_factor(w, chance, EBITDA, i) - 1.0) * gate.opening_uncertainty
    s.ebitda[i] = w.ebitda[i] + shift
    s.interest[i] = s.interest_paid[i] = s.debt_total[i] * s.interest_rate[i] / 4.0
    power = par.operating_cost_per_gw_year * w.utilisation * s.capacity[i] / 4.0
    rent = 0.0
    for r in range(w.relations):
        if w.buyer[r] == i and w.contract[r] == COMPUTE_CONTRACT:
            rent += w.opening_bill[r]
    if w.role[i] == CHIPS:
        sales = w.revenue_ai[i] + w.revenue_other[i]
        margin = (s.ebitda[i] + rent) / sales if sales > 0.0 else 0.0
        s.other_margin[i] = margin
        s.variable_cost[i] = 1.0 - margin
        s.chip_sales_before[i] = w.revenue_ai[i]
    elif w.role[i] == LABORATORY:
        s.ebitda[i] = w.operating_cash[i] + s.interest[i] + shift
        s.other_margin[i] = 1.0
        sales = w.revenue_ai[i] + w.revenue_other[i]
        known = w.compute_bill[i] + power + par.laboratory_cost_share * w.revenue_ai[i]
        s.fixed_cost[i] = max(0.0, sales - known - s.ebitda[i])
        s.compute_bill[i] = max(s.compute_bill[i], w.compute_bill[i])
    else:
        ai = w.revenue_ai[i] - (s.other_start[i] - w.revenue_other[i]) - power - rent
        margin = (s.ebitda[i] - ai) / s.other_start[i] if s.other_start[i] > 0.0 else 0.0
        s.other_margin[i] = min(0.95, max(-1.0, margin))
        s.fixed_cost[i] = ai + s.other_margin[i] * s.other_start[i] - s.ebitda[i]
    s.expected_ebitda[i] = s.ebitda[i]
    s.free_cash_flow[i] = s.ebitda[i] * (1.0 - par.tax_rate) - s.interest[i] - w.capex[i]


@compiled
def _open_capex(w: World, par: Parameters, s: State, i: int) -> None:
    """Split a firm's capital spending into AI capacity and the rest, by its published plan where there is one."""
    year = 0.0
    for due in range(4):
        year += s.pipeline[i, due]
    deliveries = year * par.cost_per_gw * (1.0 - par.order_deposit) / 4.0
    scale = w.cost_reference / par.cost_per_gw
    deposits = w.planned_orders[i] * scale * par.cost_per_gw * par.order_deposit
    plan = w.capex_plan[i] / 4.0 if w.capex_plan[i] > 0.0 else w.capex[i]
    if w.role[i] != VEHICLE:
        s.other_capex[i] = max(0.0, plan - deliveries - deposits)
    s.capex[i] = w.capex[i]


@compiled
def _open_chip_market(w: World, par: Parameters, s: State) -> None:
    """Find each chip maker's share of the sector's chip spending, and its sales outside the sector."""
    made, bought = 0.0, 0.0
    for i in range(w.firms):
        if w.role[i] == CHIPS:
            made += w.revenue_ai[i]
        else:
            bought += max(0.0, w.capex[i] - s.other_capex[i]) * par.chip_cost_share
    for i in range(w.firms):
        if w.role[i] == CHIPS and made > 0.0:
            s.chip_share[i] = w.revenue_ai[i] / made
            s.outside_chip_sales[i] = max(0.0, made - bought) * s.chip_share[i]
    sold = 0.0
    for k in range(w.chip_makers):
        sold += s.chip_share[k]
    s.chip_share_outside = max(0.0, 1.0 - sold)


@compiled(cache=True)
def open_state(w: World, gate: Gates, par: Parameters, s: State, chance: FloatArray) -> None:
    """Set the state at the end of the base quarter.

    Parameters
    ----------
    chance : array, shape (varied * agent + relation,)
        Uniform numbers of the opening's own stream.
    """
    s.quarter = 0
    s.full_rollover = 0.0
    s.code = 0
    s.stakes_solved = 0.0
    s.capacity_total = 0.0
    s.gdp_gap = 0.0
    s.consumption_gap = 0.0
    s.investment_gap = 0.0
    s.fiscal_cost = 0.0
    s.securities_issued = 0.0
    s.risk_free = s.risk_free_start = w.policy_rate
    s.long_rate = w.ten_year_rate
    s.market_spread = 0.0
    s.lending_standard = 0.0
    s.sentiment = 0.0
    for i in range(w.agents):
        s.commitments_given[i] = s.backlog_received[i] = 0.0
    _zero(w, s)
    for i in range(w.agents):
        _open_balance(w, gate, par, s, chance, i)
    for i in range(w.firms):
        _open_capacity(w, gate, par, s, chance, i)
    _open_contracts(w, gate, par, s, chance)
    _open_spending(w, par, s)
    _open_market(w, par, s)
    for i in range(w.firms):
        _open_income(w, gate, par, s, chance, i)
        _open_capex(w, par, s, i)
    _open_chip_market(w, par, s)
    open_finance(w, par, s)
