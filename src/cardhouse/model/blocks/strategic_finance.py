"""Block F, strategic money (F3): what suppliers set aside for their customers, and how strong the loop is.

A *giver* is a chip maker or a cloud; a *taker* is a laboratory. A giver earns from a taker directly, when the taker
rents its compute, and through the chain, when the clouds that serve the taker buy its chips.
"""

from __future__ import annotations

import math

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.credit import in_business
from cardhouse.model.blocks.lab_payments import covered_part, gives_own_money
from cardhouse.model.equations.strategic_money import (
    compute_gross_margin,
    giver_means,
    giver_mood,
    headline_price,
    loop_gain_edge,
    price_rebate,
    profit_from_taker,
    strategic_money,
    strategic_pool,
)
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import remainder
from cardhouse.model.state import State
from cardhouse.model.world import (
    CHIPS,
    COMPUTE_CONTRACT,
    Shock,
    World,
)
from cardhouse.scenarios.variables import E_STRATEGIC_FINANCE

POWER_ROUNDS = 12
"""Rounds of the power iteration for the loop gain; the matrix is small and has a clear largest eigenvalue."""
MOST_TAKERS = ROOM["laboratory"]
FEW_TAKERS = MOST_TAKERS // 2
"""Some loops go over all places for takers, or half of them, with zeros in free ones: a fixed count takes fewer
steps than one that is only known when the loop begins."""


@compiled
def prepare_strategic_money(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Set aside the strategic money of every giver for every taker (F3a to F3d)."""
    _read_contracts(w, s)
    _add_up_chips(w, s)
    mood = giver_mood(par.strategic_sentiment_slope, s.sentiment, 0.0)
    margin = _margin(par, s)
    for slot in range(w.laboratories):
        s.strategic_total[slot] = 0.0
    for giver in range(w.givers):
        if gate.strategic_finance > 0.5 and in_business(s, giver):
            _set_aside(w, gate, par, s, giver, (margin, mood, shock.entity[E_STRATEGIC_FINANCE, giver]))
        else:
            for slot in range(w.laboratories):
                s.strategic_earned[slot, giver] = s.strategic_aside[slot, giver] = s.strategic_pool[slot, giver] = 0.0


@compiled
def _read_contracts(w: World, s: State) -> None:
    """Find what each taker's contracts say about its givers.

    They give the bill at every cloud, the part of every cloud's load that is the taker's, and the same for the vehicles
    behind those clouds.
    """
    for i in range(w.firms):
        for slot in range(MOST_TAKERS):
            s.taker_share[i, slot] = 0.0
    for slot in range(w.laboratories):
        for giver in range(w.givers):
            s.strategic_earned[slot, giver] = 0.0
    for k in range(w.lab_relations):
        r = as_index(w.lab_relation[k])
        if w.contract[r] == COMPUTE_CONTRACT:
            slot, seller = as_index(w.slot[as_index(w.buyer[r])]), as_index(w.seller[r])
            if s.load[seller] > 0.0:
                bill_of_all = s.contract_price * s.load[seller] / 4.0
                s.taker_share[seller, slot] = min(s.taker_share[seller, slot] + s.scheduled[r] / bill_of_all, 1.0)
            if seller < w.givers:
                s.strategic_earned[slot, seller] += s.scheduled[r]
    _share_vehicles(w, s)


@compiled
def _share_vehicles(w: World, s: State) -> None:
    """Give every taker the part of a vehicle that it has of the vehicle's tenant: all of it when it is the tenant."""
    for k in range(w.site_leases):
        r = as_index(w.site_lease[k])
        buyer, seller = as_index(w.buyer[r]), as_index(w.seller[r])
        own = w.slot[buyer]
        for slot in range(MOST_TAKERS):
            s.taker_share[seller, slot] = max(s.taker_share[seller, slot], s.taker_share[buyer, slot])
        if own >= 0:
            s.taker_share[seller, own] = 1.0


@compiled
def _add_up_chips(w: World, s: State) -> None:
    """Find the chips bought last quarter to serve each taker."""
    for slot in range(w.laboratories):
        chips = 0.0
        for i in range(w.firms):
            chips += s.taker_share[i, slot] * s.chip_purchases[i]
        s.chips_behind[slot] = chips


@compiled(inline=True)
def _set_aside(w: World, gate: Gates, par: Parameters, s: State, giver: int, terms: tuple[float, float, float]) -> None:
    """Set aside what one giver has for each taker this quarter (F3); terms are margin on compute, mood and shock.

    Without wrong-way risk the giver acts as it would have at the base date, whatever the taker spends and whatever
    happened to its own cash and shares. Outsiders who give the same money give the same share of the same sales, in
    any mood; whether a giver bears wrong-way risk is nothing to them.
    """
    margin, mood, factor = terms
    chip_share, chip_margin = _chip_terms(w, s, giver)
    means = 1.0
    if gives_own_money(gate):
        means = giver_means(s.cash[giver], s.cash_floor[giver], s.market_value[giver], s.reference_value[giver])
    is_supplier = gate.strategic_from_suppliers > 0.5
    if not is_supplier:
        mood = 1.0
    as_at_start = is_supplier and gate.circular_wrong_way < 0.5
    for slot in range(w.laboratories):
        chips = s.chips_behind[slot] * chip_share
        profit = profit_from_taker(margin, s.strategic_earned[slot, giver], chip_margin, chips)
        s.strategic_earned[slot, giver] = profit
        if math.isnan(s.strategic_profit[slot, giver]):
            s.strategic_profit[slot, giver] = profit
        if as_at_start:
            profit = s.strategic_profit[slot, giver]
        aside = strategic_money(par.strategic_recycling, profit, mood, means) * factor
        s.strategic_aside[slot, giver] = aside
        s.strategic_pool[slot, giver] = strategic_pool(s.strategic_pool[slot, giver], aside)


@compiled
def _chip_terms(w: World, s: State, giver: int) -> tuple[float, float]:
    """Share of all chips that a giver sells, and its gross profit per dollar of them; nothing for a cloud (F3a)."""
    if w.role[giver] == CHIPS and s.revenue[giver] > 0.0:
        return s.chip_share[giver], min(max(s.ebitda[giver] / s.revenue[giver], 0.0), 0.9)
    return 0.0, 0.0


@compiled
def _margin(par: Parameters, s: State) -> float:
    """Gross profit per dollar of rented compute (F9)."""
    wear = par.cost_per_gw * (par.chip_cost_share / par.chip_life_book + (1.0 - par.chip_cost_share) / par.shell_life)
    return compute_gross_margin(s.contract_price, par.operating_cost_per_gw_year + wear, par.target_utilisation)


@compiled(inline=True)
def ask_pools(w: World, gate: Gates, shock: Shock, s: State, round_of: tuple[int, int], most: float) -> None:
    """Write what one round asks of every giver's pool, ``most`` at most; ``round_of`` is (laboratory, its slot) (F3).

    The first quarter's strategic money was known at the base date and is shared out like the pools.
    """
    lab, slot = round_of
    ready = 0.0
    for giver in range(w.givers):
        ready += s.strategic_pool[slot, giver]
    if ready <= 0.0 or not in_business(s, lab):
        for giver in range(w.givers):
            s.strategic_due[slot, giver] = 0.0
        return
    wanted = min(ready, most)
    if s.quarter == 1 and w.strategic_round[lab] >= 0.0:
        wanted = s.known_strategic[lab]
    for giver in range(w.givers):
        s.strategic_due[slot, giver] = wanted * s.strategic_pool[slot, giver] / ready
    if s.quarter == 1:
        for giver in range(w.givers):
            s.strategic_due[slot, giver] *= shock.entity[E_STRATEGIC_FINANCE, giver]
    if gate.circular_additionality < 0.5:
        _limit_due(w, s, slot, most)


@compiled
def _limit_due(w: World, s: State, slot: int, most: float) -> None:
    """Cut what a round asks of pools to the outside money that it replaces: there cannot be more of it than that."""
    asked = 0.0
    for giver in range(w.givers):
        asked += s.strategic_due[slot, giver]
    if asked > most:
        for giver in range(w.givers):
            s.strategic_due[slot, giver] *= most / asked


@compiled
def draw_pools(w: World, gate: Gates, s: State) -> None:
    """Take out of the pools what rounds ask for, as far as the cash of those who pay in the end goes (F3).

    Rounds are served together: each gets the same part of what it asks of a payer, and none comes first because it
    stands earlier in a list. Money that outsiders bring in their own place needs no other cash than theirs.
    """
    asked_of_all = _add_up_asked(w, s)
    if asked_of_all <= 0.0:
        return
    is_own = gives_own_money(gate)
    together = 1.0
    if not is_own and gate.circular_additionality > 0.5:
        together = covered_part(s.cash[w.venture_investor], asked_of_all)
    for giver in range(w.givers):
        if s.giver_asked[giver] > 0.0:
            part = covered_part(s.cash[giver], s.giver_asked[giver]) if is_own else together
            for slot in range(w.laboratories):
                if s.strategic_due[slot, giver] > 0.0:
                    due = s.strategic_due[slot, giver] * part
                    s.strategic_due[slot, giver] = due
                    s.strategic_pool[slot, giver] = remainder(s.strategic_pool[slot, giver], due)
                    s.strategic_total[slot] += due


@compiled
def _add_up_asked(w: World, s: State) -> float:
    """Write what all rounds ask of each giver, and nothing as what they get; return the sum over givers."""
    for giver in range(w.givers):
        s.giver_asked[giver] = 0.0
    for slot in range(w.laboratories):
        s.strategic_total[slot] = 0.0
        for giver in range(w.givers):
            s.giver_asked[giver] += s.strategic_due[slot, giver]
    asked_of_all = 0.0
    for giver in range(w.givers):
        asked_of_all += s.giver_asked[giver]
    return asked_of_all


@compiled
def write_loop_measures(w: World, gate: Gates, s: State) -> None:
    """Write what the loop did this quarter: compute it paid for, rebates in prices, and its gain (F3f, F3g, F3i).

    Money from outsiders makes no loop. Money that replaced outside money paid for no growth, since the growth would
    have come without it.
    """
    s.loop_demand = 0.0
    s.loop_gain = 0.0
    bills = 0.0
    money = 0.0
    if gate.strategic_from_suppliers > 0.5:
        for slot in range(w.laboratories):
            lab = as_index(w.laboratory[slot])
            sources = s.revenue[lab] + s.strategic_in[lab] + s.outside_equity[lab]
            if sources > 0.0:
                s.loop_demand += s.lab_demand[lab] * s.strategic_added[lab] / sources
            bills += s.compute_bill[lab]
            money += s.strategic_total[slot]
    rebate = price_rebate(money, 4.0 * bills)
    s.price_bias += 0.25 * (headline_price(1.0, rebate * gate.circular_price) - s.price_bias)
    if gives_own_money(gate) and gate.circular_additionality > 0.5:
        s.loop_gain = _loop_gain(w, s)


@compiled
def _loop_gain(w: World, s: State) -> float:
    """Spectral radius of the map from strategic money to strategic money, by power iteration over takers (F3i)."""
    takers = w.laboratories
    # takers that do not touch each other need no iteration: the largest diagonal entry is the gain
    rounds = POWER_ROUNDS if _fill_loop_matrix(w, s, takers) else 1
    for a in range(MOST_TAKERS):
        s.loop_vector[a] = 1.0
    if takers <= FEW_TAKERS:
        return _iterate(s, takers, FEW_TAKERS, rounds)
    return _iterate(s, takers, MOST_TAKERS, rounds)


@compiled(inline=True)
def _iterate(s: State, takers: int, places: int, rounds: int) -> float:
    """Power iteration; ``places`` is the fixed count of places for takers that sums go over.

    The weights are not brought back to one between rounds, which would wait for a division each time: a few rounds
    move them by a few orders of magnitude at most. The gain is the growth of the largest in the last round.
    """
    before, after = 0.0, 1.0
    for _ in range(rounds):
        before, after = after, 0.0
        for a in range(takers):
            image = 0.0
            for b in range(places):
                image += s.loop_matrix[a, b] * s.loop_vector[b]
            s.loop_image[a] = image
            after = max(after, image)
        for a in range(takers):
            s.loop_vector[a] = s.loop_image[a]
    return after / before if before > 0.0 else 0.0


@compiled
def _fill_loop_matrix(w: World, s: State, takers: int) -> bool:
    """Fill entry (a, b): dollars set aside for taker a per dollar given to taker b; tell whether takers touch."""
    for row in range(takers):
        for column in range(MOST_TAKERS):
            s.loop_matrix[row, column] = 0.0
    is_coupled = False
    for column in range(takers):
        lab = as_index(w.laboratory[column])
        bill = s.compute_bill[lab]
        sources = s.revenue[lab] + s.strategic_in[lab] + s.outside_equity[lab]
        if bill > 0.0 and sources > 0.0:
            spent = min(bill / sources, 1.0)
            for giver in range(w.givers):
                if s.strategic_earned[column, giver] > 0.0:
                    moves = _add_giver(s, giver, (column, takers), (bill, spent))
                    is_coupled = is_coupled or moves
    return is_coupled


@compiled(inline=True)
def _add_giver(s: State, giver: int, place: tuple[int, int], taker: tuple[float, float]) -> bool:
    """Add what one giver sets aside for every taker per dollar given to one of them; ``place`` is (column, takers).

    On the diagonal a giver recycles the profit that it earns from the taker. In every place its share price, which
    stands for its means, rises with its earnings, and with it all that it sets aside. Tell whether it does.
    """
    column, takers = place
    bill, spent = taker
    recycled = s.strategic_aside[column, giver] / bill
    moves = s.ebitda[giver] > 0.0 and remainder(s.reference_value[giver], s.market_value[giver]) > 0.0
    if not moves:
        s.loop_matrix[column, column] += loop_gain_edge(recycled, spent, 0.0)
        return False
    earned = s.strategic_earned[column, giver]
    for row in range(takers):
        by_value = s.strategic_aside[row, giver] * earned / bill / s.ebitda[giver]
        s.loop_matrix[row, column] += loop_gain_edge(recycled if row == column else 0.0, spent, by_value * spent)
    return True
