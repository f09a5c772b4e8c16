"""Block F: how laboratories raise equity, from outsiders and from their own suppliers.

A round has four sources, in this order: tranches on dates and milestones, strategic money, outside money. Amounts are
decided here, strategic money is prepared in ``strategic_finance``, and ``lab_payments`` moves the cash. Each source is
settled for all laboratories together: a giver short of cash gives every round the same part.
"""

from __future__ import annotations

import math

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.credit import in_business
from cardhouse.model.blocks.lab_payments import (
    ask_tranches,
    pay_outside,
    pay_replaced,
    pay_strategic,
    pay_tranches,
    split_outside,
)
from cardhouse.model.blocks.strategic_finance import (
    ask_pools,
    draw_pools,
    prepare_strategic_money,
    write_loop_measures,
)
from cardhouse.model.equations.lab_funding import (
    funding_need,
    next_round_probability,
    outside_money,
    outside_money_with_financing_risk,
    outside_will,
    plan_miss,
    post_money,
    rebased_plan,
)
from cardhouse.model.equations.strategic_money import outside_after_crowding
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Ledger
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import remainder
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World
from cardhouse.scenarios.variables import (
    E_CONDITIONAL_TRANCHE_PAID,
    E_OUTSIDE_EQUITY,
    G_VENTURE_CAPACITY,
    G_VENTURE_GATE,
)

SCHEDULED_QUARTERS = 4
"""Tranches promised on dates are paid over the first year."""
SMALLEST_PRE_MONEY = 0.01
"""New money comes at no less than this part of the opening value: below it a round would be a takeover."""
LONG_RUNWAY = 40.0
"""Runway, in quarters, of a laboratory that does not burn cash."""


@compiled
def raise_rounds(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Sell new shares of laboratories to outside and strategic investors (F1 to F8)."""
    for i in range(w.firms):
        s.strategic_in[i] = s.strategic_out[i] = s.outside_equity[i] = s.strategic_added[i] = 0.0
    _size_rounds(w, gate, par, shock, s)
    prepare_strategic_money(w, gate, par, shock, s)
    fade = _fade(par, s)
    if _promise_tranches(w, gate, par, shock, s, fade) > 0.0:
        pay_tranches(w, s, ledger)
    if gate.circular_additionality > 0.5:
        _ask_givers(w, gate, shock, s)
        _decide_outside(w, gate, par, shock, s)
        for slot in range(w.laboratories):
            pay_strategic(w, gate, s, ledger, slot)
        split_outside(w, par, s)
    else:
        # Strategic money that replaces outside money is drawn last, when it is known what outsiders can bring: it
        # cannot be more than that, and what a sponsor lacks is lacking in every world.
        _decide_outside(w, gate, par, shock, s)
        split_outside(w, par, s)
        _ask_givers(w, gate, shock, s)
    _collect(w, gate, par, s, ledger, fade)
    write_loop_measures(w, gate, s)


@compiled
def _promise_tranches(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, fade: float) -> float:
    """Value laboratories before their rounds; find what falls due on dates and milestones, and from whom (F4, F6).

    Return the sum of what falls due.
    """
    promised = 0.0
    mood = _mood(par, s)
    for slot in range(w.laboratories):
        lab = as_index(w.laboratory[slot])
        s.pre_money[lab] = _pre_money(w, gate, par, s, lab, (fade, mood))
        _decide_tranches(w, gate, par, shock, s, lab)
        promised += ask_tranches(w, gate, s, slot)
    return promised


@compiled
def _ask_givers(w: World, gate: Gates, shock: Shock, s: State) -> None:
    """Ask givers for strategic money for all rounds, and draw it together (F3)."""
    for slot in range(w.laboratories):
        lab = as_index(w.laboratory[slot])
        most = s.outside_equity[lab]
        if gate.circular_additionality > 0.5:
            most = remainder(s.round_need[lab], s.tranche_due[lab] + s.scheduled_due[lab])
        ask_pools(w, gate, shock, s, (lab, slot), most)
    draw_pools(w, gate, s)


@compiled
def _collect(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger, fade: float) -> None:
    """Move outside money, or what has replaced it, and close the rounds (F2, F3, F8)."""
    for slot in range(w.laboratories):
        if gate.circular_additionality > 0.5:
            pay_outside(w, s, ledger, slot)
        else:
            pay_replaced(w, gate, s, ledger, slot)
        _reset(par, s, as_index(w.laboratory[slot]), fade)


@compiled
def _size_rounds(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Need of every laboratory, and what outsiders would bring (F1, F2)."""
    growth = (1.0 + par.outside_lab_money_growth) ** (s.quarter - 1)
    s.outside_money = par.outside_lab_money * growth * shock.common[G_VENTURE_CAPACITY]
    _write_needs(w, par, s)
    value_in_need = will_by_value = value = 0.0
    for slot in range(w.laboratories):
        lab = as_index(w.laboratory[slot])
        if in_business(s, lab):
            value += s.market_value[lab]
            will_by_value += _will(par, shock, s, lab) * s.market_value[lab]
            if s.round_need[lab] > 0.0:
                value_in_need += s.market_value[lab]
    s.venture_gate = will_by_value / value if value > 0.0 else 0.0
    if gate.lab_rounds < 0.5 or value_in_need <= 0.0:
        return
    for slot in range(w.laboratories):
        lab = as_index(w.laboratory[slot])
        if s.round_need[lab] > 0.0:
            share = s.market_value[lab] / value_in_need * shock.entity[E_OUTSIDE_EQUITY, lab]
            will = _will(par, shock, s, lab)
            s.outside_equity[lab] = outside_money(s.outside_money, share, will, s.round_need[lab])


@compiled
def _will(par: Parameters, shock: Shock, s: State, lab: int) -> float:
    """Willingness of outside investors towards one laboratory (F2)."""
    miss = plan_miss(s.revenue[lab], s.plan_revenue[lab])
    will = outside_will(
        par.gate_base, par.gate_sentiment_slope * s.sentiment, par.gate_miss_slope * miss, par.gate_maximum
    )
    return float(will * shock.common[G_VENTURE_GATE])


@compiled
def _burn(s: State, lab: int) -> float:
    """Cash that a laboratory expects to lose a quarter before new money."""
    return float(s.interest[lab] + s.tax[lab] + max(s.planned_capex[lab], 0.0) - s.expected_ebitda[lab])


@compiled
def _write_needs(w: World, par: Parameters, s: State) -> None:
    """Write what every laboratory asks for (F1), counting the ramp of its contracts over the next four quarters."""
    for slot in range(w.laboratories):
        s.bill_rise[slot] = 0.0
    quarters = max(par.compute_contract_ramp - s.quarter, 4.0)
    for k in range(w.lab_relations):
        r = as_index(w.lab_relation[k])
        left = max(s.plateau[r] * s.survival[r] - s.scheduled[r], 0.0)
        s.bill_rise[as_index(w.slot[as_index(w.buyer[r])])] += left / quarters
    for slot in range(w.laboratories):
        lab = as_index(w.laboratory[slot])
        s.round_need[lab] = 0.0
        # a laboratory that a platform took over asks its parent, not the market
        if in_business(s, lab) and s.parent[lab] < 0:
            growth = max(s.growth_belief, 0.0) * s.revenue[lab]
            # quarters one to four bring one, two, three and four steps of the ramp: ten in all
            bill_growth = 10.0 * max(s.bill_rise[slot] - growth, 0.0)
            s.round_need[lab] = funding_need(_burn(s, lab), bill_growth, s.cash_floor[lab], s.position[lab])


@compiled
def _decide_outside(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Decide the outside money of every round; nothing of it moves yet (F2, F3, F5)."""
    for slot in range(w.laboratories):
        _decide_one(w, gate, par, shock, s, (as_index(w.laboratory[slot]), s.strategic_total[slot]))


@compiled(inline=True)
def _decide_one(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, given: tuple[int, float]) -> None:
    """Decide the outside money of one round, beside the strategic money that is drawn already (F2, F3, F5)."""
    lab, strategic = given
    promised = s.tranche_due[lab] + s.scheduled_due[lab]
    need = remainder(s.round_need[lab], promised)
    is_known = s.quarter == 1 and gate.lab_rounds > 0.5 and w.outside_round[lab] >= 0.0
    if is_known:
        # the round of the first quarter was known at the base date, as far as reports tell its size
        known = s.known_outside[lab] * shock.common[G_VENTURE_CAPACITY] * shock.common[G_VENTURE_GATE]
        s.outside_equity[lab] = known * shock.entity[E_OUTSIDE_EQUITY, lab]
    before = s.outside_equity[lab]
    if not is_known:
        outside = outside_after_crowding(before, strategic, par.strategic_additionality)
        s.outside_equity[lab] = min(outside, remainder(need, strategic))
    # outsiders whom strategic money kept away would have paid for this part themselves
    s.strategic_added[lab] = remainder(strategic, min(before, need) - min(s.outside_equity[lab], need))
    if not is_known:
        s.outside_equity[lab] = _after_financing_risk(gate, par, s, lab, (s.outside_equity[lab], promised + strategic))


@compiled
def _after_financing_risk(gate: Gates, par: Parameters, s: State, lab: int, money: tuple[float, float]) -> float:
    """Outside money once investors asked whether the next round will come (F5)."""
    outside, raised = money
    burn = _burn(s, lab)
    runway = LONG_RUNWAY
    if burn > 0.0:
        runway = min(max(s.position[lab] + raised + outside, 0.0) / burn, LONG_RUNWAY)
    by_will = par.next_round_gate_slope * s.venture_gate
    s.next_round[lab] = next_round_probability(par.next_round_base, par.next_round_runway_slope, runway, by_will)
    if gate.financing_risk < 0.5 or s.full_rollover > 0.5:
        return outside
    return outside_money_with_financing_risk(outside, s.next_round[lab], par.next_round_threshold)


@compiled
def _pre_money(w: World, gate: Gates, par: Parameters, s: State, lab: int, terms: tuple[float, float]) -> float:
    """Value of a laboratory before new money, from its run rate (F6); terms are :func:`_fade` and :func:`_mood`.

    The multiple starts at the laboratory's own of the base date and fades to the sector's norm.
    """
    fade, mood = terms
    if gate.round_valuation < 0.5 or w.revenue_ai[lab] <= 0.0 or not in_business(s, lab):
        return float(s.market_value[lab])
    own = w.market_value[lab] / (4.0 * (w.revenue_ai[lab] + w.revenue_other[lab]))
    multiple = par.valuation_multiple * (own / par.valuation_multiple) ** fade
    by_run_rate = post_money(multiple, mood, 4.0 * s.revenue[lab])
    return float(max(by_run_rate, SMALLEST_PRE_MONEY * s.reference_value[lab]))


@compiled
def _mood(par: Parameters, s: State) -> float:
    """Factor on laboratories' multiples from sentiment and growth; growth counts once prices have seen some."""
    by_growth = 0.0
    if not math.isnan(s.value_growth):
        by_growth = par.valuation_growth_slope * (s.value_growth - s.growth_reference)
    return math.exp(par.valuation_sentiment_slope * s.sentiment + by_growth)


@compiled
def _fade(par: Parameters, s: State) -> float:
    """Part of an opening peculiarity that is left by now, with the half-life of high growth."""
    return float(0.5 ** (s.quarter / (4.0 * max(par.growth_half_life, 0.25))))


@compiled
def _decide_tranches(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, lab: int) -> None:
    """Tell what falls due on dates and on milestones (F4); the giver's cash is looked at when it pays."""
    s.tranche_due[lab] = 0.0
    s.scheduled_due[lab] = 0.0
    if gate.conditional_tranches < 0.5 or not in_business(s, lab) or s.parent[lab] >= 0:
        return
    share = shock.entity[E_CONDITIONAL_TRANCHE_PAID, lab]
    if s.quarter <= SCHEDULED_QUARTERS:
        s.scheduled_due[lab] = max(w.scheduled_tranche[lab], 0.0) / SCHEDULED_QUARTERS
    if s.tranche_left[lab] > 0.0 and s.revenue[lab] >= par.milestone_revenue * s.plan_revenue[lab]:
        s.tranche_due[lab] = min(share, 1.0) * s.tranche_left[lab]


@compiled
def _reset(par: Parameters, s: State, lab: int, fade: float) -> None:
    """Reset the plan after a round and once a year, or let it grow (F8)."""
    raised = s.strategic_in[lab] + s.outside_equity[lab]
    s.plan_revenue[lab] *= 1.0 + par.plan_growth * fade
    guidance = s.revenue[lab] * (1.0 + max(s.expected_growth, 0.0))
    yearly = s.quarter % 4 == 0
    s.plan_revenue[lab] = rebased_plan(s.plan_revenue[lab], guidance, 1.0 if raised > 0.0 or yearly else 0.0)
