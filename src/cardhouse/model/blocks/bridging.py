"""Block J, before default: what a firm short of cash does first."""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.stakes import value_of_stakes
from cardhouse.model.debts import borrow
from cardhouse.model.equations.commitments import stretched_share
from cardhouse.model.equations.default import line_draw, part_sold, rights_issue, tenant_support
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.ledger import Kind, Ledger, kind_of_tag, post, relation_of_tag, tag_of, take_off
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import beyond_rounding
from cardhouse.model.shares import add_stake, issue_shares
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import EQUITY_SPONSOR, LOAN, World

LINE = tag_of(Kind.NEW_DEBT, "J1a")
ISSUE = tag_of(Kind.OUTSIDE_EQUITY, "J1d")
SALE = tag_of(Kind.STAKE_SALE, "J1b")
SUPPORT = tag_of(Kind.CONTRACT_DAMAGES, "J1e")
K_COMPUTE = int(Kind.COMPUTE_RENT)
LINE_MATURITY = 12
"""Quarters until a drawn line is due."""
PASSES = 3
"""Rounds of bridging: help for one firm can leave another short."""
LAST_DUE = ROOM["pipeline"] - 1
NEEDED_USE = 0.75
"""Use of a tenant's capacity from which it needs every site; the line that also divides a run from an overbuild."""
FLOOR_LEFT = 0.5
"""Part of its cash floor that a tenant keeps when it supports its vehicle."""


@compiled
def net_positions(w: World, s: State, ledger: Ledger) -> bool:
    """Write each firm's cash after all dues if everybody pays; tell whether anyone is short.

    What is rounding beside the largest sum of cash and dues that the firm ever had in a quarter is zero: a firm that
    pays its last dollar is not short, nor is one that has long stopped and holds the last digit of a sum.
    """
    for i in range(w.firms):
        s.net_position[i] = s.cash[i] + (ledger.receivable[i] - ledger.payable[i])
        s.turnover[i] = max(s.turnover[i], abs(s.cash[i]) + ledger.receivable[i] + ledger.payable[i])
    return anyone_short(w, s)


@compiled
def anyone_short(w: World, s: State) -> bool:
    """Take net positions that are rounding for zero; tell whether one is below."""
    # counted, not asked until one is found: the loop works on several firms at once
    short = 0
    for i in range(w.firms):
        position = beyond_rounding(s.net_position[i], s.turnover[i])
        s.net_position[i] = position
        short += 1 if position < 0.0 else 0
    return short > 0


@compiled
def forgo(w: World, s: State, ledger: Ledger, k: int, amount: float) -> None:
    """Take an amount off a due, and off the net positions of its two sides."""
    debtor, creditor = as_index(ledger.debtor[k]), as_index(ledger.creditor[k])
    take_off(ledger, k, amount)
    s.net_position[debtor] += amount
    if creditor < w.firms:
        s.net_position[creditor] -= amount


@compiled
def _has_plans(s: State, i: int) -> bool:
    """Tell whether a firm wants to pay owners, to order, or to build for its other business this quarter."""
    return bool(s.payout[i] > 0.0 or s.orders[i] > 0.0 or s.other_capex[i] > 0.0)


@compiled
def _drop_plans(w: World, s: State, ledger: Ledger, i: int, slot: int) -> None:
    """Cancel what a firm that cannot pay can do without: payouts, other building, new orders and their deposits."""
    for place in range(ledger.plans):
        k = as_index(ledger.plan[place])
        if ledger.debtor[k] == i:
            forgo(w, s, ledger, k, ledger.due_amount[k])
    s.pipeline[i, slot] = max(0.0, s.pipeline[i, slot] - s.orders[i])
    s.orders_total -= s.orders[i]
    s.orders[i] = 0.0


@compiled
def _draw_lines(w: World, s: State, ledger: Ledger, i: int) -> None:
    """Draw committed lines (J1a)."""
    draw = line_draw(-s.net_position[i], s.undrawn_lines[i])
    borrow(w, s, ledger, i, (LINE, LINE_MATURITY, LOAN), draw)
    s.undrawn_lines[i] -= draw
    s.lines_drawn[i] += draw
    s.net_position[i] += draw


@compiled
def _sell_holdings(w: World, par: Parameters, s: State, ledger: Ledger, i: int) -> None:
    """Sell an equity sponsor's other holdings and any firm's stakes to the funds, at a discount (J1b)."""
    holdings = max(0.0, s.other_net_assets[i]) if w.role[i] == EQUITY_SPONSOR else 0.0
    stakes = value_of_stakes(s, i)
    part = part_sold(-s.net_position[i], holdings + stakes, par.asset_haircut)
    if part <= 0.0:
        return
    proceeds = part * (holdings + stakes) * (1.0 - par.asset_haircut)
    post(ledger, s.cash, w.stake_buyer, i, SALE, proceeds)
    s.net_position[i] = beyond_rounding(s.net_position[i] + proceeds, s.turnover[i])
    book = part * s.stake_book[i] if stakes > 0.0 else 0.0
    s.stake_book[i] -= book
    s.stake_value[i] -= part * stakes
    s.other_net_assets[i] -= part * holdings
    s.marks[i] += proceeds - book - part * holdings
    for j in range(w.firms):
        moved = part * s.stake[i, j]
        if moved > 0.0:
            s.stake[i, j] -= moved
            add_stake(s, (w.stake_buyer, j), moved)


@compiled
def _issue_shares(w: World, par: Parameters, s: State, ledger: Ledger, i: int) -> None:
    """Let a listed firm sell new shares to the funds (J1d)."""
    amount = rights_issue(-s.net_position[i], s.market_value[i], par.rights_issue_share, s.sentiment)
    issue_shares(w, s, ledger, (i, w.stake_buyer, ISSUE), (amount, s.market_value[i] + amount))
    s.own_value[i] += amount
    s.fundamental_value[i] += amount
    s.market_value[i] += amount
    s.net_position[i] += amount


@compiled
def _tenant_pays(w: World, s: State, ledger: Ledger, v: int) -> None:
    """Let the tenant for whom a vehicle was built pay what it lacks, if it needs the site or has guaranteed (J1e)."""
    tenant = w.sponsor_of[v]
    if tenant < 0 or s.status[tenant] >= DEFAULT or s.capacity[tenant] <= 0.0:
        return
    spare = min(s.cash[tenant], s.net_position[tenant]) - FLOOR_LEFT * s.cash_floor[tenant]
    guaranteed = min(w.guarantees[tenant] - s.support_given[tenant], spare, -s.net_position[v])
    needed = tenant_support(-s.net_position[v], spare, s.load[tenant] / s.capacity[tenant], NEEDED_USE)
    amount = max(needed, guaranteed, 0.0)
    s.support_given[tenant] += amount
    post(ledger, s.cash, tenant, v, SUPPORT, amount)
    s.net_position[tenant] -= amount
    s.net_position[v] += amount


@compiled
def _ask_for_time(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger, i: int) -> None:
    """Move part of the quarter's compute bills to the tail of their contracts (D3)."""
    part = gate.renegotiation * stretched_share(0.0, 1.0, par.stretch_limit, par.contract_enforcement)
    for k in range(ledger.dues):
        if ledger.debtor[k] == i and kind_of_tag(ledger.due_tag[k]) == K_COMPUTE:
            relation = relation_of_tag(ledger.due_tag[k])
            if relation >= 0 and s.stretched[relation] <= 0.0:
                moved = part * ledger.due_amount[k]
                s.stretched[relation] += moved
                forgo(w, s, ledger, k, moved)


@compiled
def _can_act(s: State, i: int) -> bool:
    """Tell whether a firm is short and may still help itself."""
    return bool(s.net_position[i] < 0.0 and s.status[i] < DEFAULT)


@compiled
def _raise_money(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger, i: int) -> None:
    """Take one short firm through what is left to it, in order, as long as it is short."""
    _draw_lines(w, s, ledger, i)
    if s.net_position[i] < 0.0 and w.listed[i] > 0.0:
        _issue_shares(w, par, s, ledger, i)
    if s.net_position[i] < 0.0:
        _sell_holdings(w, par, s, ledger, i)
    if s.net_position[i] < 0.0:
        _ask_for_time(w, gate, par, s, ledger, i)
    if s.net_position[i] < 0.0 and gate.tenant_support > 0.0:
        _tenant_pays(w, s, ledger, i)


@compiled
def bridge_shortfalls(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger) -> bool:
    """Let firms that are short drop plans, draw lines, sell holdings, ask for time and turn to their tenant.

    Net positions must be up to date, and are kept so by every step; tell whether anyone is still short.
    """
    slot = min(LAST_DUE, max(1, round(par.construction_lag))) - 1
    short = True
    for _ in range(PASSES):
        acting = False
        for i in range(w.firms):
            if _can_act(s, i):
                acting = True
                if _has_plans(s, i):
                    _drop_plans(w, s, ledger, i, slot)
        if not acting:
            break
        short = anyone_short(w, s)
        if not short:
            break
        for i in range(w.firms):
            if _can_act(s, i):
                _raise_money(w, gate, par, s, ledger, i)
        short = anyone_short(w, s)
    return short
