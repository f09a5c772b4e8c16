"""Block G: maturing debt is rolled over or not, plans are financed with new debt, loans on stakes are called."""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.credit import INVESTMENT_GRADE, in_business
from cardhouse.model.debts import borrow, prepay
from cardhouse.model.equations.covenants import cash_swept, margin_call
from cardhouse.model.equations.default import recovery_of, value_to_creditors
from cardhouse.model.equations.levers import rolled_under_standstill
from cardhouse.model.equations.rollover import (
    attentive_share,
    fundamental_default_probability,
    liquidity_cover,
    realisable_liquidity,
    rolled_share,
    rolling_payoff,
    run_on_maturity,
)
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.ledger import Kind, Ledger, post, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.result_codes import NOT_CONVERGED
from cardhouse.model.shares import add_stake
from cardhouse.model.state import SWEEP, State
from cardhouse.model.world import (
    ASSET_BACKED,
    BOND,
    EQUITY_SPONSOR,
    LEVERAGED_CLOUD,
    LOAN,
    VEHICLE,
    VENDOR_CREDIT,
    Shock,
    World,
)
from cardhouse.scenarios.variables import (
    E_DEBT_ROLLOVER,
    G_POLICY_RATE,
    G_ROLLOVER_ATTENTION,
    G_ROLLOVER_SHARE,
    G_STANDSTILL,
)

ROLLED = tag_of(Kind.NEW_DEBT, "G3")
NEW_DEBT = tag_of(Kind.NEW_DEBT, "G2")
SWEPT = tag_of(Kind.REPAYMENT, "G7b")
CALLED = tag_of(Kind.REPAYMENT, "G8")
STAKE_SALE = tag_of(Kind.STAKE_SALE, "G8")

RUNGS = ROOM["maturity"]
RISK_PREMIUM_SHARE = 0.5
"""Half of a spread pays for expected default, the rest for risk and liquidity (Elton and others 2001, table VI)."""
LARGEST_FROM_SALE = 0.9
"""Recovery from a sale that creditors expect at most: sales cost time and fees."""
TOLERANCE = 1e-9
MOST_ROUNDS = 200


@compiled
def roll_over_and_borrow(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Roll maturing debt over and lend for plans (G2 to G4); sweep cash (G7) and call loans on stakes (G8)."""
    s.attention = attentive_share(
        par.attention_base,
        par.attention_spread_slope * s.market_spread,
        par.attention_default_slope * s.recent_default,
        shock.common[G_ROLLOVER_ATTENTION],
    )
    if gate.margin_loans > 0.5 and shock.common[G_STANDSTILL] < 0.5:
        for k in range(w.sponsors):
            _call_margin(w, par, s, ledger, as_index(w.sponsor[k]))
    _measure_covers(w, par, s)
    _ask_creditors(w, gate, par, shock, s)
    for i in range(w.firms):
        _lend(w, par, s, ledger, i, s.roll_share[i])
        if s.status[i] == SWEEP:
            prepay(w, s, ledger, i, SWEPT, cash_swept(s.position[i] + s.new_debt[i], 0.5, s.debt_total[i]))


@compiled(inline=True)
def _measure_covers(w: World, par: Parameters, s: State) -> None:
    """Find each firm's realisable liquidity over what falls due in a year (G3a, G3b)."""
    haircut = par.asset_haircut
    for i in range(w.firms):
        due = s.debt[i, 0] + s.debt[i, 1] + s.debt[i, 2] + s.debt[i, 3]
        secured = s.debt_by_class[i, ASSET_BACKED] + s.debt_by_class[i, VENDOR_CREDIT]
        assets = s.chips_economic[i] + s.shells_book[i] + s.other_property[i] + s.stake_value[i]
        assets += s.other_net_assets[i] if w.role[i] == EQUITY_SPONSOR else 0.0
        receipts = 4.0 * (s.expected_ebitda[i] - s.interest[i] - s.tax[i])
        liquidity = realisable_liquidity(s.cash[i], s.undrawn_lines[i], max(0.0, assets - secured), haircut, receipts)
        s.liquidity_cover[i] = liquidity_cover(liquidity, due)


@compiled(inline=True)
def _ask_creditors(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Find the share of each firm's maturing debt that is rolled over (G3, G4)."""
    outside = 1.0 + par.outside_return + shock.common[G_POLICY_RATE]
    runs, noise = gate.rollover_run > 0.5, par.rollover_noise
    for i in range(w.firms):
        s.roll_share[i] = _willing(w, par, s, i, (outside, noise, runs)) if s.debt_total[i] > 0.0 else 1.0
    if s.full_rollover > 0.5:
        for i in range(w.firms):
            s.roll_share[i] = 1.0
        return
    rationed, stands_still = shock.common[G_ROLLOVER_SHARE], shock.common[G_STANDSTILL]
    for i in range(w.firms):
        share = (s.roll_share[i] if runs else 1.0) * (rationed * shock.entity[E_DEBT_ROLLOVER, i])
        s.roll_share[i] = rolled_under_standstill(share, stands_still)


@compiled(inline=True)
def _willing(w: World, par: Parameters, s: State, i: int, terms: tuple[float, float, bool]) -> float:
    """Share that creditors would roll, at the fixed point of the chance of default over the ladder (G4).

    The terms are what a dollar earns outside, the noise in what creditors see, and whether they can run.
    """
    outside, noise, runs = terms
    cover = s.liquidity_cover[i]
    recovery = _expected_recovery(w, par, s, i)
    start = fundamental_default_probability(s.spread[i], recovery, RISK_PREMIUM_SHARE)
    s.default_probability[i] = start
    in_doubt = cover < 1.0 and runs
    if not in_doubt and s.maturing[i] <= 0.0:
        # nothing to roll and no run to fear: nobody is asked
        return 1.0
    rate = s.risk_free + s.spread[i]
    share = rolled_share(s.attention, rolling_payoff(cover, start, recovery, rate), outside, noise)
    if not in_doubt:
        return share
    chance = start
    rounds = 0
    _add_up_years(s, i)
    while True:
        after = _ladder_chance(s, i, (start, 1.0 - share, cover))
        share = rolled_share(s.attention, rolling_payoff(cover, after, recovery, rate), outside, noise)
        moved = abs(after - chance)
        chance = after
        rounds += 1
        if moved < TOLERANCE:
            break
        if rounds >= MOST_ROUNDS:
            s.code = NOT_CONVERGED
            break
    s.default_probability[i] = chance
    return share


@compiled
def going_concern_multiple(w: World, par: Parameters, s: State, i: int) -> float:
    """Debt that a failed firm can carry, times yearly earnings (J5): creditors of a vehicle inherit a running lease."""
    tenant = w.sponsor_of[i]
    if w.role[i] == VEHICLE and tenant >= 0 and in_business(s, tenant):
        return float(par.debt_multiple_vehicle)
    return float(par.restructured_multiple)


@compiled
def _expected_recovery(w: World, par: Parameters, s: State, i: int) -> float:
    """Part of the debt that creditors expect after a default: from a sale, or from a firm kept running (J5)."""
    assets = s.chips_economic[i] + s.shells_book[i] + s.other_property[i] + s.stake_value[i]
    sold = min(LARGEST_FROM_SALE, par.outside_recovery_rate * assets / s.debt_total[i])
    value = value_to_creditors(0.0, 0.0, going_concern_multiple(w, par, s, i), s.expected_ebitda[i])
    return float(max(sold, recovery_of(value, s.debt_total[i])))


@compiled
def _add_up_years(s: State, i: int) -> None:
    """Write what a firm owes in each year of its ladder."""
    for year in range(RUNGS // 4):
        due = 0.0
        for rung in range(4 * year, 4 * year + 4):
            due += s.debt[i, rung]
        s.ladder_years[year] = due


@compiled
def _ladder_chance(s: State, i: int, terms: tuple[float, float, float]) -> float:
    """Chance of default once every year of the ladder has had its say (G4); terms are start, unrolled, cover."""
    start, unrolled, cover = terms
    chance = start
    for year in range(RUNGS // 4):
        chance = run_on_maturity(chance, s.ladder_years[year] / s.debt_total[i], unrolled, cover)
    return chance


@compiled(inline=True)
def _lend(w: World, par: Parameters, s: State, ledger: Ledger, i: int, share: float) -> None:
    """Pay out rolled and new debt of one firm at today's rate."""
    if not in_business(s, i) and s.full_rollover < 0.5:
        return
    s.rolled[i] = share * s.maturing[i]
    need = s.cash_need[i] if in_business(s, i) else 0.0
    if w.role[i] == VEHICLE and in_business(s, i):
        # Loans of a vehicle are repaid out of its rents; only what these do not cover is rolled over.
        s.rolled[i] = min(s.rolled[i], need)
        need -= s.rolled[i]
    room = s.debt_capacity[i] - (s.debt_total[i] - s.maturing[i] + s.rolled[i])
    s.new_debt[i] = max(0.0, min(need, room))
    amount = s.rolled[i] + s.new_debt[i]
    if amount <= 0.0:
        return
    debt_class = _class_of_new_debt(w, s, i)
    maturity = int(par.new_debt_maturity)
    if s.rolled[i] > 0.0:
        borrow(w, s, ledger, i, (ROLLED, maturity, debt_class), s.rolled[i])
    if s.new_debt[i] > 0.0:
        borrow(w, s, ledger, i, (NEW_DEBT, maturity, debt_class), s.new_debt[i])
    weight = amount / s.debt_total[i]
    s.interest_rate[i] += weight * (s.risk_free + s.spread[i] - s.interest_rate[i])


@compiled
def _class_of_new_debt(w: World, s: State, i: int) -> int:
    """Class in which a firm of this role and rating borrows."""
    if w.role[i] == VEHICLE:
        return ASSET_BACKED
    if w.role[i] == LEVERAGED_CLOUD and s.rating[i] >= INVESTMENT_GRADE:
        return LOAN
    return BOND


@compiled
def _call_margin(w: World, par: Parameters, s: State, ledger: Ledger, i: int) -> None:
    """Call a sponsor's loans when they exceed their limit: it pays in cash, then sells assets, then stakes (G8)."""
    collateral = max(s.stake_value[i] + s.other_net_assets[i], 0.0)
    net_debt = s.debt_total[i] - s.cash[i]
    call = margin_call(net_debt, collateral, par.margin_limit)
    if call <= 0.0:
        return
    wanted = call / (1.0 - par.margin_limit)
    buyer = w.venture_investor
    from_assets = min(wanted, 0.5 * max(s.other_net_assets[i], 0.0))
    post(ledger, s.cash, buyer, i, STAKE_SALE, from_assets)
    s.other_net_assets[i] -= from_assets
    s.other_net_assets[buyer] += from_assets
    sold = from_assets + _sell_stakes(w, s, ledger, (i, buyer), wanted - from_assets)
    prepay(w, s, ledger, i, CALLED, min(call, sold))


@compiled
def _sell_stakes(w: World, s: State, ledger: Ledger, parties: tuple[int, int], wanted: float) -> float:
    """Sell the same part of every stake to a holder at market value; return the proceeds."""
    seller, buyer = parties
    if wanted <= 0.0 or s.stake_value[seller] <= 0.0:
        return 0.0
    part = min(wanted / s.stake_value[seller], 0.5)
    proceeds = 0.0
    for issuer in range(w.firms):
        moved = part * s.stake[seller, issuer]
        if moved > 0.0:
            proceeds += moved * s.market_value[issuer]
            s.stake[seller, issuer] -= moved
            add_stake(s, (buyer, issuer), moved)
    post(ledger, s.cash, buyer, seller, STAKE_SALE, proceeds)
    s.marks[seller] += proceeds - part * s.stake_book[seller]
    s.stake_book[seller] *= 1.0 - part
    s.stake_value[seller] -= proceeds
    s.own_value[seller] += proceeds
    return proceeds
