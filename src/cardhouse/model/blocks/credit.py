"""Block G: terms of credit, debt service, and what moves spreads, standards and ratings afterwards."""

from __future__ import annotations

import math

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.debts import age_ladder, owe_lenders
from cardhouse.model.equation import interest_due
from cardhouse.model.equations.covenants import COVENANT_EVENT, covenant_state, debt_service_cover
from cardhouse.model.equations.credit_price import (
    borrowing_capacity,
    collateral_spread,
    collateral_value,
    credit_factor,
    fallen_angel_spread,
    lending_standard,
    leverage_spread,
    loan_spread,
    rating_after,
    rating_score,
    rating_spread,
)
from cardhouse.model.equations.economy import lender_loss_rate
from cardhouse.model.equations.levers import ltv_limit
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import ALIVE, DEFAULT, RECEIVERSHIP, SWEEP, State
from cardhouse.model.world import (
    ASSET_BACKED,
    BOND,
    CHIPS,
    EQUITY_SPONSOR,
    LABORATORY,
    LEVERAGED_CLOUD,
    PLATFORM,
    VEHICLE,
    Shock,
    World,
)
from cardhouse.scenarios.variables import (
    E_CONTRACT_TEST_FAILS,
    E_CREDIT_ACCESS,
    E_FIRM_SPREAD,
    E_FORCED_BOND_SALE,
    E_RATING_NOTCHES,
    G_CREDIT_SPREAD,
    G_LENDING_STANDARD,
    G_LOAN_TO_VALUE,
    G_POLICY_RATE,
    G_STANDSTILL,
    G_TERM_PREMIUM,
)

INTEREST = tag_of(Kind.INTEREST, "G0")
REPAYMENT = tag_of(Kind.REPAYMENT, "G0")

INVESTMENT_GRADE = 9.5
"""Ratings below this number (BBB- is 9) are investment grade."""
WEAK_CUSTOMER = 17.0
"""A customer rated CCC or worse gives a lender nothing to lend on."""
CURE_QUARTERS = 4
"""Failed tests in a row that lenders waive or let the borrower cure before they call default."""
UNLIMITED = 1e9


@compiled
def in_business(s: State, firm: int) -> bool:
    """Tell whether a firm can still raise money: neither in default nor under a receiver."""
    return bool(s.status[firm] != DEFAULT and s.status[firm] != RECEIVERSHIP)


@compiled
def set_terms(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Set policy rate, market factor, spreads and debt capacity of the quarter (G1, G2)."""
    rate_before = s.risk_free
    s.risk_free = w.policy_rate + shock.common[G_POLICY_RATE]
    s.long_rate = w.ten_year_rate + shock.common[G_POLICY_RATE] + shock.common[G_TERM_PREMIUM]
    s.market_spread = max(0.0, s.market_spread_own + shock.common[G_CREDIT_SPREAD])
    s.lending_standard = min(max(s.lending_standard_own + shock.common[G_LENDING_STANDARD], 0.0), 1.0)
    if s.risk_free != rate_before:
        for i in range(w.firms):
            fixed = s.debt_by_class[i, BOND] / s.debt_total[i] if s.debt_total[i] > 0.0 else 1.0
            s.interest_rate[i] += (1.0 - fixed) * (s.risk_free - rate_before)
    for i in range(w.firms):
        s.rating[i] = min(max(s.rating_own[i] - shock.entity[E_RATING_NOTCHES, i], 0.0), 20.0)
    _weigh_backlogs(w, s)
    _set_spreads(w, gate, par, shock, s)
    for i in range(w.firms):
        s.debt_capacity[i] = UNLIMITED if gate.credit_limit < 0.5 else _capacity(w, gate, par, shock, s, i)
    if s.quarter == 1:
        _agree_known_loans(w, shock, s)


@compiled(inline=True)
def _set_spreads(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Set the spread of every firm (G1)."""
    buckets = (par.spread_a, par.spread_bbb, par.spread_bb, par.spread_b, par.spread_ccc)
    if gate.credit_spreads < 0.5:
        for i in range(w.firms):
            by_rating = rating_spread(s.rating[i], buckets) + s.angel_spread[i]
            s.spread[i] = loan_spread(by_rating, 0.0, shock.entity[E_FIRM_SPREAD, i], 0.0)
        return
    slope, reference = par.spread_leverage_slope, par.leverage_reference
    for i in range(w.firms):
        # the part of the leverage first, on its own: numbers at hand would have to step aside for each logarithm
        s.spread[i] = leverage_spread(slope, s.debt_total[i], 4.0 * s.ebitda[i], reference)
        s.backed_share[i] = s.debt_by_class[i, ASSET_BACKED] / s.debt_total[i] if s.debt_total[i] > 0.0 else 0.0
    for_all = par.spread_market_slope * s.market_spread
    if_all_backed = collateral_spread(par.spread_collateral_slope, s.used_chip_index, 1.0)
    for i in range(w.firms):
        by_rating = rating_spread(s.rating[i], buckets) + s.angel_spread[i]
        by_market = for_all + shock.entity[E_FIRM_SPREAD, i]
        s.spread[i] = loan_spread(by_rating, s.spread[i], by_market, if_all_backed * s.backed_share[i])


@compiled
def _agree_known_loans(w: World, shock: Shock, s: State) -> None:
    """Count as agreed what a firm was known to raise in the first quarter."""
    for i in range(w.firms):
        if w.role[i] != LABORATORY:
            known = s.debt_total[i] + max(0.0, w.outside_round[i]) * shock.entity[E_CREDIT_ACCESS, i]
            s.debt_capacity[i] = max(s.debt_capacity[i], known)


@compiled(inline=True)
def _capacity(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, i: int) -> float:
    """Debt capacity of one firm (G2); firms of investment grade borrow on their earnings alone."""
    access = shock.entity[E_CREDIT_ACCESS, i]
    earnings = 4.0 * max(s.ebitda[i], 0.0) + par.backlog_advance * s.backlog_rise[i]
    if w.role[i] == EQUITY_SPONSOR:
        by_holdings = par.margin_limit * max(s.stake_value[i] + s.other_net_assets[i], 0.0)
        return float(access * borrowing_capacity(UNLIMITED, 0.0, by_holdings, s.lending_standard))
    by_earnings = _debt_multiple(w, par, s, i) * earnings
    if s.rating[i] < INVESTMENT_GRADE and w.role[i] != VEHICLE:
        return float(access * borrowing_capacity(UNLIMITED, 0.0, by_earnings, s.lending_standard))
    pledged = gate.double_pledging * par.double_pledging
    chips = collateral_value(1.0, s.chips_economic[i], pledged) + s.shells_book[i] + s.construction[i]
    by_collateral = ltv_limit(par.loan_to_value, shock.common[G_LOAN_TO_VALUE]) * chips
    advance = par.backlog_advance * s.backlog_year[i]
    return float(access * borrowing_capacity(by_collateral, advance, by_earnings, s.lending_standard))


@compiled
def _debt_multiple(w: World, par: Parameters, s: State, i: int) -> float:
    """Debt over yearly earnings that lenders allow a firm of this role and rating."""
    role = w.role[i]
    if role in (CHIPS, PLATFORM):
        return par.debt_multiple_platform
    if role == VEHICLE:
        return par.debt_multiple_vehicle
    if role == LEVERAGED_CLOUD and s.rating[i] < INVESTMENT_GRADE:
        return par.debt_multiple_leveraged_grade
    return par.debt_multiple_leveraged_junk


@compiled
def _weigh_backlogs(w: World, s: State) -> None:
    """Write what strong customers' contracts bring each seller in a year, and what they will add to earnings.

    A customer of investment grade counts in full, one rated CCC not at all, on a line between.
    """
    for i in range(w.agents):
        s.backlog_year[i] = s.backlog_rise[i] = 0.0
    for r in range(w.relations):
        buyer, seller = as_index(w.buyer[r]), as_index(w.seller[r])
        if s.backlog[r] > 0.0 and buyer < w.firms:
            strength = (WEAK_CUSTOMER - s.rating[buyer]) / (WEAK_CUSTOMER - INVESTMENT_GRADE)
            weight = min(max(strength, 0.0), 1.0)
            plateau = min(4.0 * s.plateau[r] * s.survival[r], s.backlog[r])
            s.backlog_year[seller] += weight * plateau
            s.backlog_rise[seller] += weight * max(plateau - 4.0 * s.scheduled[r], 0.0)


@compiled
def owe_debt_service(w: World, s: State, ledger: Ledger) -> None:
    """Write interest and principal that are due now."""
    for i in range(w.firms):
        age_ladder(s, i)
        interest = interest_due(s.debt_total[i], s.interest_rate[i])
        maturing = s.debt[i, 0]
        owe_lenders(w, s, ledger, i, INTEREST, interest)
        s.principal_due[i] = owe_lenders(w, s, ledger, i, REPAYMENT, maturing)
        s.interest[i], s.maturing[i] = interest, maturing


@compiled
def update_credit(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move market spread, lending standards and ratings (G5, G6), and test covenants (G7)."""
    _update_market(w, gate, par, s)
    _score_accounts(w, s)
    _update_ratings(w, gate, par, shock, s)
    _sell_fallen_bonds(w, gate, par, shock, s)
    for i in range(w.firms):
        amortised = s.debt_total[i] / max(par.new_debt_maturity, 1.0)
        s.service_cover[i] = debt_service_cover(s.ebitda[i] - s.tax[i], s.interest[i], amortised)
    for i in range(w.firms):
        if gate.covenants >= 0.5 and _is_tested(w, par, s, i):
            _test_covenants(par, shock, s, i)
        else:
            s.covenant_event[i] = 0.0
            s.covenant_strikes[i] = 0


@compiled
def _update_market(w: World, gate: Gates, par: Parameters, s: State) -> None:
    """Market factor and lending standard (G5)."""
    debt = 0.0
    for i in range(w.firms):
        debt += s.debt_total[i]
    lost = 0.0
    worst = 0.0
    for slot in range(w.lenders):
        agent = w.lender_agent[slot]
        loss = max(s.lender_loss[agent], 0.0)
        lost += loss
        worst = max(worst, lender_loss_rate(loss, s.lender_capital[agent]))
    s.loss_rate = lost / (debt + lost) if debt + lost > 0.0 else 0.0
    if gate.market_credit > 0.5:
        by_losses = par.spread_loss_slope * s.loss_rate
        by_mood = par.spread_sentiment_slope * max(0.0, -s.sentiment)
        s.market_spread_own = credit_factor(par.spread_persistence, s.market_spread_own, by_losses, by_mood, 0.0)
        s.lending_standard_own = lending_standard(
            par.standard_spread_slope * s.market_spread, par.standard_loss_slope * worst
        )


@compiled
def _score_accounts(w: World, s: State) -> None:
    """Find the rating that the accounts of each firm alone would give (G6a)."""
    for i in range(w.firms):
        leverage = 99.0
        if s.debt_total[i] <= 0.0:
            leverage = 0.0
        elif s.ebitda[i] > 0.0:
            leverage = min(s.debt_total[i] / (4.0 * s.ebitda[i]), 99.0)
        cover = min(s.ebitda[i] / s.interest[i], 99.0) if s.interest[i] > 0.0 else 99.0
        s.rating_score[i] = rating_score(leverage, cover)
        if math.isnan(s.rating_offset[i]):
            s.rating_offset[i] = s.rating_own[i] - s.rating_score[i]


@compiled(inline=True)
def _update_ratings(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Let ratings follow the accounts (G6), and note who fell out of investment grade."""
    migrates, speed = gate.rating_migration > 0.5, par.rating_speed
    for i in range(w.firms):
        before = s.rating[i]
        if migrates:
            change = s.rating_score[i] + s.rating_offset[i] - s.rating_own[i]
            s.rating_own[i] = rating_after(s.rating_own[i], change, speed, 0.0)
        s.rating[i] = min(max(s.rating_own[i] - shock.entity[E_RATING_NOTCHES, i], 0.0), 20.0)
        s.has_fallen[i] = 1.0 if before < INVESTMENT_GRADE <= s.rating[i] else 0.0


@compiled(inline=True)
def _sell_fallen_bonds(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Widen the spread of bonds whose holders must sell (G6c); the widening fades like other spreads."""
    at_once = par.fallen_angel_sale_share if gate.rating_migration > 0.5 else 0.0
    fading, depth = par.spread_persistence, par.fallen_angel_depth
    for i in range(w.firms):
        forced = max(shock.entity[E_FORCED_BOND_SALE, i], at_once * s.has_fallen[i])
        fallen = fallen_angel_spread(forced, s.debt_by_class[i, BOND], depth)
        s.angel_spread[i] = max(s.angel_spread[i] * fading, fallen)


@compiled(inline=True)
def _is_tested(w: World, par: Parameters, s: State, i: int) -> bool:
    """Tell whether a firm's lenders test its covenants now.

    Loans secured on chips and sites carry maintenance tests; bonds and bank loans of whole firms do not. The test waits
    until most of a borrower's assets are in service and, for a vehicle, until its lease runs in full: before that the
    interest reserve pays, and a sweep would take the reserve itself.
    """
    if not s.debt_by_class[i, ASSET_BACKED] > 0.5 * s.debt_total[i] or s.debt_total[i] <= 0.0:
        return False
    in_service = s.chips_economic[i] + s.shells_book[i] >= s.construction[i]
    return bool(in_service and (w.role[i] != VEHICLE or s.quarter > par.lease_ramp))


@compiled(inline=True)
def _test_covenants(par: Parameters, shock: Shock, s: State, i: int) -> None:
    """Say what the lenders of one firm may do, given its debt service cover (G7).

    The cover is compared with the one at the start: lenders are taken to have signed with headroom, so that nobody
    starts in breach. A year of failed tests in a row makes an event of default, as waivers and cure rights have it.
    """
    if math.isnan(s.cover_reference[i]):
        s.cover_reference[i] = s.service_cover[i]
    headroom = max(1.0, par.covenant_headroom / max(s.cover_reference[i], 0.1))
    failed = shock.entity[E_CONTRACT_TEST_FAILS, i]
    state = covenant_state(s.service_cover[i] * headroom, par.covenant_sweep, par.covenant_default, failed)
    s.covenant_strikes[i] = s.covenant_strikes[i] + 1 if state == COVENANT_EVENT else 0
    stands_still = shock.common[G_STANDSTILL] > 0.5
    s.covenant_event[i] = 1.0 if s.covenant_strikes[i] >= CURE_QUARTERS and not stands_still else 0.0
    if s.status[i] in (ALIVE, SWEEP):
        s.status[i] = SWEEP if state > 0 else ALIVE
