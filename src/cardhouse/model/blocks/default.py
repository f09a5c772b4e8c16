"""Block J: who fails, what creditors recover, and what becomes of the capacity."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.rollover import going_concern_multiple
from cardhouse.model.blocks.stakes import value_of_stakes
from cardhouse.model.debts import CLASSES, LAST, write_off
from cardhouse.model.equation import equation_code
from cardhouse.model.equations.default import (
    entry_cost_factor,
    fire_sale_pressure,
    market_net_worth,
    recovery_of,
    secured_recovery,
    unsecured_recovery,
    value_to_creditors,
)
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import beyond_rounding
from cardhouse.model.shares import add_stake
from cardhouse.model.state import DEFAULT, RECEIVERSHIP, State
from cardhouse.model.world import ASSET_BACKED, EQUITY_SPONSOR, VEHICLE, World

SHORTFALL = equation_code("J1")
UNDER_WATER = equation_code("J1c")
EVENT = equation_code("G7")
PIPELINE = ROOM["pipeline"]
RESTRUCTURED_MATURITY = 20
"""Quarters over which a restructured debt runs."""
MEMORY = 0.6
"""Part of the memory of defaults that is left after a quarter."""
CUSHION = 0.1
"""Equity at market, as a part of debt, below which a firm counts as under water."""
LEFT_OVER = 4
"""Rung to which a failed firm's unpaid principal moves."""


@compiled
def property_at_market(s: State, i: int) -> float:
    """Chips at economic value, shells and other property at book, construction."""
    return float(s.chips_economic[i] + s.shells_book[i] + s.other_property[i] + s.construction[i])


@compiled(inline=True)
def _is_sunk(w: World, par: Parameters, s: State, i: int, supported: bool) -> bool:
    """Tell whether a firm's net worth at market values is negative (J1c)."""
    if w.role[i] == VEHICLE:
        # A vehicle owes what its lease brings: it fails by payment or by its covenants, not by its balance sheet.
        return False
    concern = par.restructured_multiple * 4.0 * max(0.0, s.expected_ebitda[i])
    # The share price speaks too: a firm whose equity is worth a tenth of its debt or more can still raise some.
    concern = max(concern, s.own_value[i] + (1.0 - CUSHION) * s.debt_total[i])
    other = max(0.0, s.other_net_assets[i]) if w.role[i] == EQUITY_SPONSOR else 0.0
    if supported:
        # a laboratory that was merged: its parent stands behind what it owes
        other += s.debt_total[i]
    belongings = property_at_market(s, i)
    # Stakes are worth nothing or more: whoever is afloat without them need not have them valued.
    if not market_net_worth(s.cash[i] + other, belongings, concern, s.debt_total[i]) < 0.0:
        return False
    liquid = s.cash[i] + value_of_stakes(s, i) + other
    return bool(market_net_worth(liquid, belongings, concern, s.debt_total[i]) < 0.0)


@compiled(inline=True)
def judge_solvency(w: World, par: Parameters, s: State, i: int, wave: int) -> None:
    """Decide whether a firm fails this quarter: by shortfall, by event of default, or under water for long (J1)."""
    supported = s.parent[i] >= 0 and s.status[s.parent[i]] < DEFAULT
    s.under_water[i] = s.under_water[i] + 1 if _is_sunk(w, par, s, i, supported) else 0
    if s.status[i] >= DEFAULT:
        return
    trigger = 0
    if wave >= 0:
        trigger = SHORTFALL
    elif s.covenant_event[i] > 0.0 and not supported:
        trigger = EVENT
    elif s.under_water[i] >= par.solvency_quarters:
        trigger = UNDER_WATER
    if trigger > 0:
        s.status[i] = DEFAULT
        s.new_default[i] = 1
        s.default_quarter[i] = s.quarter
        s.default_trigger[i] = trigger
        s.default_round[i] = max(0, wave)


@compiled
def _recover(w: World, par: Parameters, s: State, i: int) -> None:
    """Write a failed firm's debt down to what it is worth and stretch the rest (J4, J5)."""
    debt = s.debt_total[i]
    if debt <= 0.0:
        return
    pledged = s.debt_by_class[i, ASSET_BACKED] / debt * par.double_pledging
    worth = property_at_market(s, i) / (1.0 + pledged) + s.cash[i]
    multiple = going_concern_multiple(w, par, s, i)
    value = value_to_creditors(worth, par.outside_recovery_rate, multiple, s.expected_ebitda[i])
    s.recovery_rate[i] = recovery_of(value, debt)
    collateral = par.outside_recovery_rate * (s.chips_economic[i] + s.shells_book[i]) / (1.0 + pledged)
    _split_recovery(s, i, collateral)
    lost = write_off(w, s, i, 1.0 - s.recovery_rate[i])
    _rank_what_is_left(s, i)
    s.claims_unpaid[i] += lost
    for rung in range(LAST + 1):
        s.debt[i, rung] = 0.0
    s.debt[i, RESTRUCTURED_MATURITY] = s.debt_total[i]


@compiled
def _split_recovery(s: State, i: int, collateral: float) -> None:
    """Find what secured and unsecured creditors of a failed firm recover (J4b, J4c)."""
    debt, secured = s.debt_total[i], s.debt_by_class[i, ASSET_BACKED]
    paid = s.recovery_rate[i] * debt
    first = min(secured, collateral, paid)
    rate = unsecured_recovery(paid, debt, first)
    if secured > 0.0:
        s.recovery_secured[i] = secured_recovery(secured, first, rate)
    if secured < debt:
        s.recovery_unsecured[i] = rate


@compiled
def _rank_what_is_left(s: State, i: int) -> None:
    """Give each class of a failed firm's debt what it recovered, instead of the mean over classes."""
    if s.recovery_rate[i] <= 0.0:
        return
    for debt_class in range(CLASSES):
        if s.debt_by_class[i, debt_class] > 0.0:
            rate = s.recovery_secured[i] if debt_class == ASSET_BACKED else s.recovery_unsecured[i]
            s.debt_by_class[i, debt_class] *= rate / s.recovery_rate[i]


@compiled
def _end_contracts(w: World, par: Parameters, s: State, i: int) -> None:
    """Cancel the part of a failed buyer's contracts that does not go on."""
    for r in range(w.relations):
        if w.buyer[r] == i:
            left = s.backlog[r] - s.billed[r] - s.cancelled[r] - s.expired[r]
            s.cancelled[r] += max(0.0, left) * (1.0 - par.contract_survival)
            s.survival[r] *= par.contract_survival


@compiled
def _stop_building(gate: Gates, par: Parameters, s: State, i: int) -> None:
    """Stop a failed firm's construction; keep its capacity running, or scrap it when receivership is off (J5)."""
    for due in range(PIPELINE):
        s.pipeline[i, due] = 0.0
    lost = s.construction[i] * par.asset_haircut
    s.shells_book[i] += s.construction[i] - lost
    s.construction[i] = 0.0
    s.undrawn_lines[i] = 0.0
    if gate.receivership <= 0.0:
        lost += s.chips_book[i]
        s.chips_book[i] = s.chips_gross[i] = s.chips_economic[i] = 0.0
        s.retired[i] += s.capacity[i]
        s.capacity_total -= s.capacity[i]
        s.capacity[i] = 0.0
    s.impairment[i] += lost
    s.inherited_capacity += s.capacity[i]


@compiled
def name_defaults(w: World, gate: Gates, par: Parameters, s: State) -> None:
    """Carry out the consequences of this quarter's defaults (J3 to J6)."""
    offered, absorbing, failed = 0.0, 0.0, 0
    for i in range(w.firms):
        if s.new_default[i] > 0:
            failed += 1
            offered += s.capacity[i]
            _recover(w, par, s, i)
            _end_contracts(w, par, s, i)
            _stop_building(gate, par, s, i)
        elif s.status[i] < DEFAULT:
            # Peers that are short of cash themselves cannot take over specific assets.
            spare = beyond_rounding(s.position[i] - s.cash_floor[i], s.turnover[i])
            absorbing += s.capacity[i] if spare > 0.0 else 0.0
        elif s.debt[i, 0] > 0.0:
            s.debt[i, LEFT_OVER] += s.debt[i, 0]
            s.debt[i, 0] = 0.0
    s.recent_default = MEMORY * s.recent_default + float(failed)
    if failed > 0 and offered > 0.0 and gate.fire_sale > 0.0:
        s.fire_sale_discount += fire_sale_pressure(offered, absorbing, par.fire_sale_slope)
    s.buyer_price = min(1.0, s.used_chip_index)
    s.cost_factor = entry_cost_factor(s.inherited_capacity, s.orders_total, s.used_chip_index)
    s.inherited_capacity *= 1.0 - par.capacity_retirement


@compiled
def transfer_ownership(w: World, s: State) -> None:
    """Give the shares of firms that failed in the quarter before to their lenders, as far as debt was lost."""
    for i in range(w.firms):
        if s.status[i] != DEFAULT:
            continue
        s.status[i] = RECEIVERSHIP
        # A firm without debt has no recovery rate (NaN), and keeps its owners.
        if s.recovery_rate[i] < 1.0:
            _give_to_lenders(w, s, i)


@compiled
def _give_to_lenders(w: World, s: State, i: int) -> None:
    """Wipe out the owners of a firm and hand it to its lenders by what they hold."""
    for owner in range(w.agents):
        s.stake[owner, i] = 0.0
    for slot in range(w.lenders):
        held = s.debt_by_lender[i, slot] / s.debt_total[i] if s.debt_total[i] > 0.0 else w.lender_share[i, slot]
        add_stake(s, (w.lender_agent[slot], i), held)
