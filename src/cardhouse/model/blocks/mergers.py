"""Block L, mergers (L6): a laboratory that is short of cash is merged into a platform.

The laboratory stays a legal person, so that its customers, contracts and lenders keep their counterpart; the platform
owns all of it from then on and stands behind it. The other owners get shares of the platform: value moves between
owners, none is made.
"""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.lab_payments import invest
from cardhouse.model.equations.levers import parent_support, takeover_price
from cardhouse.model.ledger import Kind, Ledger, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import beyond_rounding
from cardhouse.model.shares import add_stake, list_stake
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import PLATFORM, Shock, World
from cardhouse.scenarios.variables import E_MERGER

SUPPORT = tag_of(Kind.STRATEGIC_EQUITY, "L6b")


@compiled
def shortfall(s: State, i: int) -> float:
    """Cash that a firm lacks for its dues after all new money and its lines; zero when it has enough."""
    left = s.position[i] + s.cash[i] - s.cash_mark[i] + s.undrawn_lines[i]
    return float(max(0.0, -beyond_rounding(left, s.turnover[i])))


@compiled
def has_parent(s: State, i: int) -> bool:
    """Tell whether a platform that is still in business stands behind a firm."""
    return bool(s.parent[i] >= 0 and s.status[s.parent[i]] < DEFAULT)


@compiled
def merge_laboratories(w: World, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Merge laboratories that lack cash where the scenario says so (L6), and let parents support them (L6b)."""
    is_merged = False
    for slot in range(w.laboratories):
        lab = as_index(w.laboratory[slot])
        s.support_due[lab] = 0.0
        wanted = s.status[lab] < DEFAULT and shock.entity[E_MERGER, lab] > 0.5
        if wanted and s.parent[lab] < 0 and shortfall(s, lab) > 0.0:
            _take_over(w, par, s, lab)
        is_merged = is_merged or s.parent[lab] >= 0
    if not is_merged:
        return
    for slot in range(w.laboratories):
        s.support_due[w.laboratory[slot]] = _support(w, s, w.laboratory[slot])
    for slot in range(w.laboratories):
        lab = w.laboratory[slot]
        if s.support_due[lab] > 0.0:
            s.pre_money[lab] = max(s.pre_money[lab], s.market_value[lab])
            invest(w, s, ledger, (lab, s.parent[lab], SUPPORT), s.support_due[lab])


@compiled(inline=True)
def _support(w: World, s: State, lab: int) -> float:
    """Money that a parent has for one laboratory: equal parts of what is lacking for all that it owns (L6b)."""
    parent = s.parent[lab]
    if s.status[lab] >= DEFAULT or not has_parent(s, lab) or shortfall(s, lab) <= 0.0:
        return 0.0
    lacks = 0.0
    for slot in range(w.laboratories):
        other = w.laboratory[slot]
        if s.parent[other] == parent and s.status[other] < DEFAULT:
            lacks += shortfall(s, other)
    free = s.position[parent] + s.cash[parent] - s.cash_mark[parent] - s.cash_floor[parent]
    support = parent_support(lacks, min(free, s.cash[parent]))
    return float(support * shortfall(s, lab) / lacks)


@compiled
def _partner(w: World, s: State, lab: int) -> int:
    """Return the platform with the largest stake in a laboratory, of equal ones the most valuable; -1 for none."""
    best = -1
    for i in range(w.firms):
        if w.role[i] == PLATFORM and s.status[i] < DEFAULT:
            more = best < 0 or s.stake[i, lab] > s.stake[best, lab]
            equal = best >= 0 and s.stake[i, lab] == s.stake[best, lab]
            if more or (equal and s.market_value[i] > s.market_value[best]):
                best = i
    return best


@compiled
def _take_over(w: World, par: Parameters, s: State, lab: int) -> None:
    """Give the owners of a laboratory shares of its new parent, and the parent all of the laboratory (L6)."""
    parent = _partner(w, s, lab)
    if parent < 0:
        return
    value, free = s.market_value[lab], 1.0 - s.stake[parent, lab]
    price = takeover_price(value, par.equity_bankruptcy_cost, s.stake[parent, lab])
    # the parent issues shares worth the price; with the laboratory it is worth that much more by its own value
    part = price / (s.market_value[parent] + free * value) if price > 0.0 else 0.0
    for owner in range(w.agents):
        s.stake[owner, parent] *= 1.0 - part
    for owner in range(w.agents):
        if owner != parent and s.stake[owner, lab] > 0.0:
            # what the owners give up below the last value is the parent's gain
            lost = s.stake[owner, lab] * (value - price / free)
            s.equity_loss[owner] += lost
            s.equity_loss[parent] -= lost
            add_stake(s, (owner, parent), part * s.stake[owner, lab] / free)
            s.stake[owner, lab] = 0.0
    list_stake(s, parent, lab)
    s.stake[parent, lab] = 1.0
    s.parent[lab] = parent
    s.stake_book[parent] += price
    s.stake_value[parent] += price
    s.equity_raised[parent] += price
