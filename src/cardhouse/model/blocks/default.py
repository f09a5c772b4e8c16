"""Block J: who fails, what creditors recover, and what becomes of the capacity."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.debts import LAST, write_off
from cardhouse.model.equation import equation, equation_code
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import DEFAULT, RECEIVERSHIP, State
from cardhouse.model.world import ASSET_BACKED, World

SHORTFALL = equation_code("J1")
UNDER_WATER = equation_code("J1c")
EVENT = equation_code("G7")
PIPELINE = ROOM["pipeline"]
RESTRUCTURED_MATURITY = 20
"""Quarters over which a restructured debt runs."""
MEMORY = 0.6
"""Part of the memory of defaults that is left after a quarter."""
LEFT_OVER = 4
"""Rung to which a failed firm's unpaid principal moves."""


@equation(
    id="J1",
    symbol="short_i",
    formula=r"\max(0, due_i - M_i - received_i)",
    unit="USD bn",
    source="illiquidity after lines, sales and stretch; definition",
)
def shortfall(due: float, cash: float, received: float) -> float:
    """What a firm lacks to pay what is due."""
    return max(0.0, due - cash - received)


@equation(
    id="J1c",
    symbol="NW^q_i",
    formula=r"M_i + a V + \max(q k_i + property_i, x\,EBITDA_i) - B_i",
    unit="USD bn",
    source="own; net worth at market values of collateral or as a going concern",
)
def market_net_worth(liquid: float, property_value: float, going_concern: float, debt: float) -> float:
    """Net worth of a firm at market values: property or going concern, whichever is worth more."""
    return liquid + max(property_value, going_concern) - debt


@equation(
    id="J3",
    symbol=r"\Delta\ln q",
    formula=r"\psi\,GW^{offered}/GW^{absorb}",
    unit="log points",
    source="Shleifer and Vishny 1992, Liquidation values and debt capacity, section II",
)
def fire_sale_pressure(offered: float, absorbing: float, slope: float) -> float:
    """Fall of the used-chip index when failed firms' capacity meets few buyers."""
    return slope * min(1.0, offered / absorbing) if absorbing > 0.0 else slope


@equation(
    id="J4",
    symbol="rec_i",
    formula=r"\min(1, value_i/B_i)",
    unit="share",
    source="Altman, Brady, Resti and Sironi 2005, The link between default and recovery rates",
)
def recovery_of(value: float, debt: float) -> float:
    """Part of the debt that what is left of the firm is worth."""
    return min(1.0, max(0.0, value) / debt) if debt > 0.0 else 1.0


@equation(
    id="J5",
    symbol="value_i",
    formula=r"\max(\alpha(q k_i + property_i), x^{re} 4 EBITDA_i)",
    unit="USD bn",
    source="own; creditors choose liquidation or reorganisation",
)
def value_to_creditors(property_value: float, recovery: float, multiple: float, ebitda: float) -> float:
    """What creditors get: the property sold at a loss, or the firm kept running, whichever is more."""
    return max(recovery * property_value, multiple * 4.0 * max(0.0, ebitda))


@equation(
    id="J6",
    symbol="c_t/c_{GW}",
    formula=r"1 - \frac{w^{inh}}{w^{inh} + 4O_t}(1 - \min(1,q_t))",
    unit="ratio",
    source="own; inherited capacity sold at the used-chip index lowers the cost of new entrants",
)
def entry_cost_factor(inherited: float, orders: float, index: float) -> float:
    """Cost of capacity to a buyer relative to new build, when failed firms' capacity is on offer."""
    whole = inherited + 4.0 * orders
    return 1.0 - inherited / whole * (1.0 - min(1.0, index)) if whole > 0.0 else 1.0


@compiled
def property_at_market(s: State, i: int) -> float:
    """Chips at economic value, shells and other property at book, construction."""
    return float(s.chips_economic[i] + s.shells_book[i] + s.other_property[i] + s.construction[i])


@compiled
def judge_solvency(w: World, par: Parameters, s: State, i: int, wave: int) -> None:
    """Decide whether a firm fails this quarter: by shortfall, by event of default, or under water for long (J1)."""
    stakes = 0.0
    for j in range(w.firms):
        stakes += s.stake[i, j] * s.market_value[j]
    concern = par.restructured_multiple * 4.0 * max(0.0, s.expected_ebitda[i])
    worth = market_net_worth(s.cash[i] + stakes, property_at_market(s, i), concern, s.debt_total[i])
    s.under_water[i] = s.under_water[i] + 1 if worth < 0.0 else 0
    if s.status[i] >= DEFAULT:
        return
    trigger = 0
    if wave >= 0:
        trigger = SHORTFALL
    elif s.covenant_event[i] > 0.0:
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
    value = value_to_creditors(worth, par.outside_recovery_rate, par.restructured_multiple, s.expected_ebitda[i])
    s.recovery_rate[i] = recovery_of(value, debt)
    lost = write_off(w, s, i, 1.0 - s.recovery_rate[i])
    s.claims_unpaid[i] += lost
    for rung in range(LAST + 1):
        s.debt[i, rung] = 0.0
    s.debt[i, RESTRUCTURED_MATURITY] = s.debt_total[i]


@compiled
def _end_contracts(w: World, par: Parameters, s: State, i: int) -> None:
    """Cancel the part of a failed buyer's contracts that does not go on."""
    for r in range(w.relations):
        if w.buyer[r] == i:
            left = s.backlog[r] - s.billed[r] - s.cancelled[r]
            s.cancelled[r] += max(0.0, left) * (1.0 - par.contract_survival)
            s.survival[r] *= par.contract_survival


@compiled
def _stop_building(w: World, gate: Gates, par: Parameters, s: State, i: int) -> None:
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
            _stop_building(w, gate, par, s, i)
        elif s.status[i] < DEFAULT:
            # Peers that are short of cash themselves cannot take over specific assets.
            absorbing += s.capacity[i] if s.position[i] > s.cash_floor[i] else 0.0
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
        given = 1.0 - s.recovery_rate[i] if s.recovery_rate[i] < 1.0 and s.debt_total[i] > 0.0 else 0.0
        if given > 0.0:
            _give_to_lenders(w, s, i)


@compiled
def _give_to_lenders(w: World, s: State, i: int) -> None:
    """Wipe out the owners of a firm and hand it to its lenders by what they hold."""
    for owner in range(w.agents):
        if owner < w.firms and s.stake[owner, i] > 0.0:
            lost = min(s.stake_book[owner], s.stake[owner, i] * s.market_value[i])
            s.stake_book[owner] -= lost
            s.marks[owner] -= lost
        s.stake[owner, i] = 0.0
    for slot in range(w.lenders):
        s.stake[w.lender_agent[slot], i] += s.debt_by_lender[i, slot] / s.debt_total[i]
