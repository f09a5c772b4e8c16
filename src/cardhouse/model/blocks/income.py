"""Block E: running the business, and the books at the end of the quarter."""

from __future__ import annotations

import math

import numpy as np

from cardhouse.basics.arrays import BoolArray
from cardhouse.basics.compiled import as_index, compiled, lowest_bit
from cardhouse.model.equation import equation_code
from cardhouse.model.equations.income import (
    book_depreciation,
    ebitda_of,
    economic_depreciation,
    economic_return,
    free_cash_flow_of,
    net_income_of,
    other_business_sales,
    payout_due,
    tax_due,
)
from cardhouse.model.flows import add_up_flows
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.ledger import KINDS, Kind, Ledger, equation_of_tag, kind_of_tag, owe, post, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import CHIPS, EQUITY_SPONSOR, LABORATORY, PLATFORM, VEHICLE, Shock, World
from cardhouse.scenarios.variables import G_BOOK_LIFE_YEARS, G_DEPRECIATION_ECONOMIC

CONSUMER_SALE = tag_of(Kind.AI_CONSUMER, "A8")
BUSINESS_SALE = tag_of(Kind.AI_BUSINESS, "A8")
OTHER_SALE = tag_of(Kind.OTHER_SALES, "E1a")
OUTSIDE_CHIPS = tag_of(Kind.CHIPS, "E1a")
WAGES = tag_of(Kind.WAGES, "E1")
SUPPLIES = tag_of(Kind.OPERATING_COST, "E1")
TAX = tag_of(Kind.TAX, "E3b")
PAYOUT = tag_of(Kind.PAYOUT, "E4b")
DEPOSIT = equation_code("C5b")
PIPELINE = ROOM["pipeline"]
HOUSEHOLD_PART = 0.5
"""Part of platforms' other sales that households pay; firms pay the rest."""
RESERVE = 0.6
"""Interest reserve as a part of today's gap times the quarters left: the gap closes as the lease ramps up."""
OTHER_PROPERTY_LIFE = 12.0
"""Years over which property of the other business is written down."""

K_CONSUMER, K_BUSINESS, K_OTHER, K_COMPUTE, K_LEASE, K_CHIPS = 1, 2, 3, 5, 6, 7
K_CONSTRUCTION, K_COST, K_WAGES, K_TAX, K_INTEREST, K_PAYOUT = 8, 9, 10, 11, 13, 15
K_OTHER_CAPEX, K_BANKRUPTCY, K_SUPPORT, K_DAMAGES = 22, 23, 25, 26

_SALES = (K_CONSUMER, K_BUSINESS, K_OTHER, K_COMPUTE, K_LEASE, K_CHIPS)
_RUNNING_COSTS = (K_COMPUTE, K_LEASE, K_COST, K_WAGES)
IS_SALE: BoolArray = np.isin(np.arange(KINDS), _SALES)
"""Kinds of payment that are a sale of the payee."""
IS_RUNNING_COST: BoolArray = np.isin(np.arange(KINDS), _RUNNING_COSTS)
"""Kinds of payment that are a running cost of the payer."""


@compiled(inline=True)
def _sell(w: World, s: State, ledger: Ledger, i: int, growth: float, gap_factor: float) -> None:
    """Post a firm's sales to end users and of its other business, grown since the start: customers pay at once."""
    households, other_firms = as_index(w.households), as_index(w.other_firms)
    if s.end_user_sales[i] > 0.0:
        consumer = 0.0
        pool = s.consumer_spending + s.lab_spending_share * s.enterprise_spending
        if w.role[i] == LABORATORY and pool > 0.0:
            consumer = s.end_user_sales[i] * s.consumer_spending / pool
            post(ledger, s.cash, households, i, CONSUMER_SALE, consumer)
        post(ledger, s.cash, other_firms, i, BUSINESS_SALE, s.end_user_sales[i] - consumer)
    s.other_sales[i] = other_business_sales(s.other_start[i], growth, gap_factor)
    if w.role[i] == CHIPS:
        s.other_sales[i] *= s.other_chip_output
        outside = other_business_sales(s.outside_chip_sales[i], growth, 1.0)
        post(ledger, s.cash, as_index(w.suppliers), i, OUTSIDE_CHIPS, outside)
    business = s.other_sales[i]
    if w.role[i] == PLATFORM:
        post(ledger, s.cash, households, i, OTHER_SALE, s.other_sales[i] * HOUSEHOLD_PART)
        business *= 1.0 - HOUSEHOLD_PART
    post(ledger, s.cash, other_firms, i, OTHER_SALE, business)


@compiled(inline=True)
def _running_cost(w: World, par: Parameters, s: State, i: int, staff_growth: float) -> tuple[float, float]:
    """Return what a firm owes in wages and to suppliers for running the business."""
    fixed = s.fixed_cost[i]
    if w.role[i] == LABORATORY and s.status[i] < DEFAULT:
        fixed *= staff_growth
    cost = s.other_sales[i] * (1.0 - s.other_margin[i]) + fixed
    if w.role[i] == LABORATORY:
        cost += par.laboratory_cost_share * s.end_user_sales[i]
    cost += s.variable_cost[i] * s.chip_sales_before[i]
    power = par.operating_cost_per_gw_year * min(s.load[i], s.capacity[i]) / 4.0
    return par.wage_share * cost, (1.0 - par.wage_share) * cost + power


@compiled
def run_business(w: World, par: Parameters, s: State, ledger: Ledger) -> None:
    """Sell to end users and write running costs as due (E1)."""
    growth = (1.0 + par.other_business_growth) ** s.quarter
    staff_growth = (1.0 + par.laboratory_cost_growth) ** s.quarter
    gap_factor = max(0.0, 1.0 + par.other_business_gap_elasticity * s.gdp_gap)
    for i in range(w.firms):
        _sell(w, s, ledger, i, growth, gap_factor)
        wages, supplies = _running_cost(w, par, s, i, staff_growth)
        owe(ledger, i, w.households, WAGES, wages)
        owe(ledger, i, w.suppliers, SUPPLIES, supplies)


@compiled
def expect_earnings(w: World, s: State, ledger: Ledger) -> None:
    """Find each firm's expected operating earnings from its sales and the dues of its business (E1).

    It stands before the dues of debt service, which are most of a quarter's and no part of earnings.
    """
    firms = w.firms
    for i in range(firms):
        s.expected_ebitda[i] = 0.0
    for k in range(ledger.postings):
        payee = as_index(ledger.payee[k])
        if payee < firms:
            s.expected_ebitda[payee] += ledger.amount[k]
    for k in range(ledger.dues):
        debtor, creditor, amount = as_index(ledger.debtor[k]), as_index(ledger.creditor[k]), ledger.due_amount[k]
        kind = kind_of_tag(as_index(ledger.due_tag[k]))
        if is_running_cost(kind):
            s.expected_ebitda[debtor] -= amount
        if creditor < firms and is_sale(kind):
            s.expected_ebitda[creditor] += amount


@compiled
def is_sale(kind: int) -> bool:
    """Tell whether a payment of this kind is a sale of the payee."""
    return bool(IS_SALE[kind])


@compiled
def is_running_cost(kind: int) -> bool:
    """Tell whether a payment of this kind is a running cost of the payer."""
    return bool(IS_RUNNING_COST[kind])


@compiled
def book_life(par: Parameters, shock: Shock) -> float:
    """Accounting life of chips in years, as the scenario sets it or as the parameter says."""
    life = shock.common[G_BOOK_LIFE_YEARS]
    return float(par.chip_life_book) if math.isnan(life) else float(life)


@compiled
def _wear(s: State, i: int, chip_life: float, shell_life: float) -> tuple[float, float, float]:
    """Return the quarter's book depreciation of chips, shells and other property (E2)."""
    chips = book_depreciation(s.chips_gross[i], s.chips_book[i], chip_life)
    return chips, s.shells_book[i] / (4.0 * shell_life), s.other_property[i] / (4.0 * OTHER_PROPERTY_LIFE)


@compiled
def _owe_payout(s: State, ledger: Ledger, i: int, amount: float) -> None:
    """Write a firm's payout as due to the funds, households and firms that own it."""
    if amount <= 0.0:
        return
    left = s.owners[i]
    while left != 0:
        owner = lowest_bit(left)
        owe(ledger, i, owner, PAYOUT, amount * s.stake[owner, i] if owner != i else 0.0)
        left &= left - 1


@compiled
def take_positions(w: World, par: Parameters, s: State, ledger: Ledger, life: float) -> None:
    """Find profit and cash before new money, and write tax and payouts as due (E3, E4)."""
    for i in range(w.firms):
        s.position[i] = s.cash[i] + (ledger.receivable[i] - ledger.payable[i])
    shell_life, tax_rate, cash_quarters = par.shell_life, par.tax_rate, par.minimum_cash_quarters
    for i in range(w.firms):
        wear = _wear(s, i, life, shell_life)
        s.depreciation[i] = wear[0] + wear[1] + wear[2]
        profit = s.expected_ebitda[i] - s.depreciation[i] - s.interest[i]
        s.tax[i] = tax_due(tax_rate, profit) if w.role[i] != EQUITY_SPONSOR else 0.0
        s.position[i] -= s.tax[i]
        running = s.compute_bill[i] + s.interest[i] + max(0.0, -s.expected_ebitda[i])
        s.cash_floor[i] = cash_quarters * running
        s.payout[i] = 0.0
        s.cash_mark[i] = s.cash[i]
    for i in range(w.firms):
        owe(ledger, i, w.government, TAX, s.tax[i])
        if w.role[i] == VEHICLE:
            # Until its lease runs in full, a vehicle keeps a reserve for interest that the lease does not cover.
            gap = max(0.0, s.interest[i] - s.expected_ebitda[i])
            s.cash_floor[i] += RESERVE * gap * max(0.0, par.lease_ramp - s.quarter)
        if (w.role[i] == CHIPS or w.role[i] == PLATFORM) and s.status[i] < DEFAULT:
            s.payout[i] = payout_due(par.payout_share, s.free_cash_flow[i], s.position[i] - s.cash_floor[i])
            _owe_payout(s, ledger, i, s.payout[i])
            s.position[i] -= s.payout[i]


@compiled
def _read_flows(w: World, s: State, ledger: Ledger) -> None:
    """Read the quarter's income lines of each firm from what was really paid."""
    for i in range(w.firms):
        got, gave = ledger.receipts[i], ledger.payments[i]
        s.chip_sales[i] = got[K_CHIPS]
        sold_to_users = got[K_CONSUMER] + got[K_BUSINESS] + got[K_OTHER]
        s.revenue[i] = sold_to_users + got[K_COMPUTE] + got[K_LEASE] + got[K_CHIPS]
        s.rent_paid[i] = gave[K_COMPUTE] + gave[K_LEASE]
        s.ebitda[i] = ebitda_of(s.revenue[i], s.rent_paid[i], gave[K_COST] + gave[K_WAGES])
        s.interest_paid[i], s.tax_paid[i] = gave[K_INTEREST], gave[K_TAX]
        s.payout_paid[i], s.dividends_received[i] = gave[K_PAYOUT], got[K_PAYOUT]
        # a firm that is paid for property is a failed one selling capacity; the property itself is in impairments
        gains = got[K_SUPPORT] + got[K_DAMAGES] + got[K_OTHER_CAPEX]
        s.other_gains[i] = gains - gave[K_BANKRUPTCY] - gave[K_DAMAGES] - gave[K_SUPPORT]


@compiled
def _read_capex(w: World, s: State, ledger: Ledger) -> None:
    """Split each firm's capital spending: down payments wait in construction, the rest becomes an asset at once."""
    for i in range(w.firms):
        gave = ledger.payments[i]
        s.chip_purchases[i], s.building_paid[i], s.deposits_paid[i] = gave[K_CHIPS], gave[K_CONSTRUCTION], 0.0
        s.capex[i] = gave[K_CHIPS] + gave[K_CONSTRUCTION] + gave[K_OTHER_CAPEX]
    for k in range(ledger.down_payments, ledger.dues):
        tag = as_index(ledger.due_tag[k])
        if equation_of_tag(tag) == DEPOSIT:
            debtor, paid = as_index(ledger.debtor[k]), ledger.due_paid[k]
            s.deposits_paid[debtor] += paid
            if kind_of_tag(tag) == K_CHIPS:
                s.chip_purchases[debtor] -= paid
            else:
                s.building_paid[debtor] -= paid


@compiled
def _finish_construction(w: World, s: State) -> None:
    """Find what of each firm's construction its own or its sponsor's deliveries complete."""
    for i in range(w.firms):
        s.completed[i] = 0.0
        builder = as_index(w.sponsor_of[i] if w.sponsor_of[i] >= 0 else i)
        if s.construction[i] == 0.0 or s.delivered[builder] == 0.0:
            continue
        line = s.delivered[builder] - s.orders[builder]
        for due in range(PIPELINE):
            line += s.pipeline[builder, due]
        s.completed[i] = s.construction[i] * (min(1.0, s.delivered[builder] / line) if line > 0.0 else 0.0)


@compiled
def _book_assets(w: World, par: Parameters, s: State, life: float) -> None:
    """Wear what is in service, then add what was paid for and what left construction (E2)."""
    shell_life, chip_share = par.shell_life, par.chip_cost_share
    for i in range(w.firms):
        chips, shells, other = _wear(s, i, life, shell_life)
        s.depreciation[i] = chips + shells + other
        moved = s.completed[i]
        mix = w.vehicle_chip_part[i] if w.sponsor_of[i] >= 0 else chip_share
        bought = s.inherited_cost[i]
        new_chips = s.chip_purchases[i] + moved * mix + bought * chip_share
        s.construction[i] += s.deposits_paid[i] - moved
        s.chips_book[i] += new_chips - chips
        s.chips_gross[i] += new_chips - s.chips_gross[i] / (4.0 * life)
        s.shells_book[i] += s.building_paid[i] + moved * (1.0 - mix) + bought * (1.0 - chip_share) - shells
        other_paid = s.capex[i] - s.chip_purchases[i] - s.building_paid[i] - s.deposits_paid[i] - bought
        s.other_property[i] += other_paid - other
        s.new_chips[i] = new_chips


@compiled
def _book_economics(w: World, par: Parameters, shock: Shock, s: State) -> None:
    """Wear chips at market terms and find the economic return (E2, E5)."""
    wear = min(1.0, shock.common[G_DEPRECIATION_ECONOMIC] / (4.0 * par.chip_life_economic))
    ratio = s.used_chip_index / s.used_chip_before
    shell_life = par.shell_life
    for i in range(w.firms):
        fall = economic_depreciation(s.chips_economic[i], wear, ratio)
        s.economic_depreciation[i] = fall
        s.chips_economic[i] += s.new_chips[i] - fall
        capital = s.chips_economic[i] + s.shells_book[i] + s.construction[i] + s.other_property[i]
        worn = fall + s.shells_book[i] / (4.0 * shell_life)
        s.return_on_capital[i] = economic_return(s.ebitda[i], worn, capital)


@compiled
def close_books(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Draw up income and assets from what was paid (E1 to E5); gains on stakes follow in :func:`close_equity`."""
    add_up_flows(w, ledger)
    _read_flows(w, s, ledger)
    _read_capex(w, s, ledger)
    life = book_life(par, shock)
    _finish_construction(w, s)
    _book_assets(w, par, s, life)
    if gate.economic_depreciation > 0.0:
        _book_economics(w, par, shock, s)
    else:
        for i in range(w.firms):
            s.economic_depreciation[i] = s.depreciation[i]
            s.chips_economic[i] = s.chips_book[i]
    for i in range(w.firms):
        s.free_cash_flow[i] = free_cash_flow_of(s.ebitda[i], s.interest_paid[i], s.tax_paid[i], s.capex[i])
        s.chip_sales_before[i] = s.chip_sales[i]


@compiled
def close_equity(w: World, s: State) -> None:
    """Find net income and roll book equity forward, after marks and write-offs are known (E3)."""
    for i in range(w.firms):
        gains = s.marks[i] - s.impairment[i] + s.debt_relief[i] + s.other_gains[i]
        s.net_income[i] = net_income_of(s.ebitda[i], s.depreciation[i], s.interest_paid[i] + s.tax_paid[i], gains)
        paid_out = s.payout_paid[i] - s.dividends_received[i]
        s.book_equity[i] += s.net_income[i] + s.equity_raised[i] - paid_out
