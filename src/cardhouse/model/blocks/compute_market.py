"""Block B: capacity, demand for compute, who serves it, and at what price."""

from __future__ import annotations

import math

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.equations.compute_market import (
    annuity,
    capacity_after,
    compute_needed,
    contract_price_after,
    discounted_rents,
    energised_now,
    served_share,
    spot_for_sales,
    spot_price_after,
    training_wanted,
    usable_share,
    user_cost,
)
from cardhouse.model.gates import Gates
from cardhouse.model.layout import ROOM
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import remainder
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import COMPUTE_CONTRACT, LABORATORY, LEVERAGED_CLOUD, PLATFORM, Shock, World
from cardhouse.scenarios.variables import (
    G_EFFICIENCY_GROWTH,
    G_ENERGISED_SHARE,
    G_OVERFLOW_DEMAND,
    G_SPOT_PRICE,
    G_USED_CHIP_INDEX,
)

LAST_DUE = ROOM["pipeline"] - 1
LATE_QUARTERS = 4.0
"""Mean wait, in quarters, of capacity that was delivered before power and shell were ready."""
FIRE_SALE_FADE = 0.75
"""Part of a fire-sale discount that is left after a quarter."""


@compiled
def energise_capacity(w: World, par: Parameters, shock: Shock, s: State) -> None:
    """Deliver what is due, energise what gets power, retire what is old (B2)."""
    share = min(1.0, max(0.0, shock.common[G_ENERGISED_SHARE]))
    slip, retirement = par.energisation_slip, par.capacity_retirement
    for i in range(w.firms):
        s.delivered[i] = s.pipeline[i, 0]
        for due in range(0, LAST_DUE, 4):
            # a year at a time, which the machine moves as one; the last place is emptied below
            first, second, third = s.pipeline[i, due + 1], s.pipeline[i, due + 2], s.pipeline[i, due + 3]
            fourth = s.pipeline[i, min(due + 4, LAST_DUE)]
            s.pipeline[i, due], s.pipeline[i, due + 1] = first, second
            s.pipeline[i, due + 2], s.pipeline[i, due + 3] = third, fourth
        s.pipeline[i, LAST_DUE] = 0.0
    for i in range(w.firms):
        s.energised[i] = share * energised_now(s.delivered[i], s.late[i], slip, LATE_QUARTERS)
        s.late[i] += s.delivered[i] - s.energised[i]
        s.retired[i] = retirement * s.capacity[i]
        s.capacity[i] = capacity_after(s.capacity[i], retirement, s.energised[i])
    total = 0.0
    for i in range(w.firms):
        total += s.capacity[i]
    s.capacity_total = total


@compiled
def _training_runway(par: Parameters, s: State, i: int, growth: float) -> float:
    """Quarters that a laboratory's money would last if it trained in full (B1b).

    The burn of the quarter before says little when training was cut in it: what full training would add on the spot
    market counts too, or a laboratory whose saving shows in its books would order what it cannot pay.
    """
    if s.status[i] >= DEFAULT:
        return 0.0
    burn = -(s.ebitda[i] - s.interest_paid[i])
    if s.quarter > 1:
        covered = usable_share(par.target_utilisation) * s.capacity[i] + s.contracted_use[i]
        full = compute_needed(s.end_user_sales[i], s.revenue_per_gw_year, s.training_start[i] * growth)
        burn += max(0.0, max(0.0, full - covered) - s.spot_use[i]) * s.spot_price / 4.0
    return float((s.cash[i] + s.undrawn_lines[i]) / burn) if burn > 0.0 else 8.0


@compiled
def _sales_served(par: Parameters, s: State, i: int, runway: float) -> float:
    """Compute that a laboratory puts behind its sales: on the spot market at a loss only as its money lasts (B1c)."""
    need = compute_needed(s.end_user_sales[i], s.revenue_per_gw_year, 0.0)
    ready = min(need, usable_share(par.target_utilisation) * s.capacity[i] + s.contracted_use[i])
    margin = s.revenue_per_gw_year * (1.0 - par.laboratory_cost_share) - s.spot_price
    return float(ready + spot_for_sales(need - ready, margin, runway))


@compiled
def _laboratories_want(w: World, par: Parameters, s: State) -> None:
    """Find what compute each laboratory wants, and what of it no contract covers (B1)."""
    growth = (1.0 + par.training_growth) ** s.quarter
    for slot in range(w.laboratories):
        i = as_index(w.laboratory[slot])
        runway = _training_runway(par, s, i, growth)
        s.training[i] = training_wanted(s.training_start[i], growth, runway)
        s.lab_demand[i] = _sales_served(par, s, i, runway) + s.training[i]
        s.load[i] = min(usable_share(par.target_utilisation) * s.capacity[i], s.lab_demand[i])
        left = remainder(s.lab_demand[i], s.load[i])
        s.contract_use_share[i] = served_share(left, s.contracted_use[i])
        s.contracted_use[i] = min(s.contracted_use[i], left)
        s.spot_use[i] = remainder(left, s.contracted_use[i])
        s.demand += s.lab_demand[i]


@compiled
def _load_contracts(w: World, s: State) -> None:
    """Add up the load that contracts put on each seller."""
    for i in range(w.firms):
        s.contracted_load[i] = 0.0
    for r in range(w.relations):
        buyer, seller = as_index(w.buyer[r]), as_index(w.seller[r])
        if w.contract[r] == COMPUTE_CONTRACT and seller < w.firms:
            s.contracted_load[seller] += s.contract_gw[r] * s.contract_use_share[buyer]


@compiled
def _platforms_serve(w: World, par: Parameters, s: State, growth: float) -> None:
    """Serve platforms' own use and end users from own capacity after contracts; the rest overflows (B4)."""
    usable = usable_share(par.target_utilisation)
    s.overflow = 0.0
    for cloud in range(w.chip_makers, w.givers):
        i = as_index(cloud)
        sales_load = compute_needed(s.end_user_sales[i], s.revenue_per_gw_year, 0.0)
        want = s.own_use[i] * growth + sales_load
        s.demand += want
        want = remainder(want, s.contracted_use[i])
        room = remainder(usable * s.capacity[i], s.contracted_load[i])
        own = min(want, room)
        s.load[i] = min(s.contracted_load[i], usable * s.capacity[i]) + own
        s.room[i] = remainder(room, own)
        s.overflowing[i] = remainder(want, own) if w.role[i] == PLATFORM else 0.0
        s.unserved[i] = remainder(want, own) if w.role[i] == LEVERAGED_CLOUD else 0.0
        s.overflow += s.overflowing[i]


@compiled
def _overflow_is_served(w: World, gate: Gates, shock: Shock, s: State) -> None:
    """Let leveraged clouds with room serve the overflow (B4)."""
    s.overflow *= max(0.0, shock.common[G_OVERFLOW_DEMAND]) * gate.overflow
    room = 0.0
    for cloud in range(w.chip_makers, w.givers):
        i = as_index(cloud)
        if w.role[i] == LEVERAGED_CLOUD:
            room += s.room[i]
    taken = min(s.overflow, room)
    s.overflow_served = taken / s.overflow if s.overflow > 0.0 else 1.0
    for cloud in range(w.chip_makers, w.givers):
        i = as_index(cloud)
        s.overflow_load[i] = 0.0
        if w.role[i] == LEVERAGED_CLOUD and room > 0.0:
            s.overflow_load[i] = taken * s.room[i] / room
            s.load[i] += s.overflow_load[i]
            s.room[i] = remainder(s.room[i], s.overflow_load[i])


@compiled
def _spot_is_served(w: World, s: State) -> None:
    """Let clouds with room left serve laboratories without a contract, rationed if need be (B3)."""
    wanted, room = 0.0, 0.0
    for slot in range(w.laboratories):
        wanted += s.spot_use[as_index(w.laboratory[slot])]
    for cloud in range(w.chip_makers, w.givers):
        room += s.room[as_index(cloud)]
    s.served = served_share(room, wanted)
    taken = wanted * s.served
    for slot in range(w.laboratories):
        s.spot_use[as_index(w.laboratory[slot])] *= s.served
    for cloud in range(w.chip_makers, w.givers):
        i = as_index(cloud)
        s.spot_load[i] = 0.0
        if room > 0.0:
            s.spot_load[i] = taken * s.room[i] / room
            s.load[i] += s.spot_load[i]
            s.room[i] = remainder(s.room[i], s.spot_load[i])


@compiled
def _ration_sales(w: World, gate: Gates, s: State) -> None:
    """Cut end-user sales where compute is short, training first (B3)."""
    for i in range(w.firms):
        if gate.demand_rationing <= 0.0 or s.end_user_sales[i] <= 0.0:
            continue
        need = compute_needed(s.end_user_sales[i], s.revenue_per_gw_year, 0.0)
        if w.role[i] == LABORATORY:
            have = s.load[i] + s.contracted_use[i] + s.spot_use[i]
            s.end_user_sales[i] *= served_share(have, need)
        elif w.role[i] == PLATFORM:
            unserved = s.overflowing[i] * (1.0 - s.overflow_served)
            s.end_user_sales[i] *= served_share(max(0.0, need - unserved), need)
        elif w.role[i] == LEVERAGED_CLOUD:
            s.end_user_sales[i] *= served_share(max(0.0, need - s.unserved[i]), need)


@compiled
def match_demand(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Bring demand for compute to capacity in merit order (B1, B3, B4)."""
    s.revenue_per_gw_year *= 1.0 + par.efficiency_growth + shock.common[G_EFFICIENCY_GROWTH]
    s.demand_before = s.demand
    s.demand = 0.0
    _laboratories_want(w, par, s)
    _load_contracts(w, s)
    _platforms_serve(w, par, s, (1.0 + par.internal_demand_growth) ** s.quarter)
    _overflow_is_served(w, gate, shock, s)
    _spot_is_served(w, s)
    _ration_sales(w, gate, s)
    load = 0.0
    for i in range(w.firms):
        load += s.load[i]
    s.utilisation = load / s.capacity_total if s.capacity_total > 0.0 else 0.0
    usable = par.target_utilisation * s.capacity_total
    s.tightness = s.demand / usable if usable > 0.0 else 1.0


@compiled
def set_prices(gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move user cost, spot and contract price (B5 to B7)."""
    rate = max(0.001, par.capital_cost_rate + s.risk_free - s.risk_free_start)
    running = par.operating_cost_per_gw_year
    chip = annuity(rate, par.chip_life_economic)
    shell = annuity(rate, par.shell_life)
    cost = par.cost_per_gw * s.cost_factor
    s.user_cost = user_cost(cost, par.chip_cost_share, chip, shell, running) / par.target_utilisation
    s.long_run_price = s.user_cost * (1.0 + par.price_markup)
    if gate.spot_price > 0.0:
        price = spot_price_after(s.spot_base, par.price_adjustment, s.long_run_price, s.tightness, par.price_exponent)
        s.spot_base = min(max(price, running), par.price_ceiling_factor * s.user_cost)
    s.spot_price = s.spot_base * shock.common[G_SPOT_PRICE]
    s.contract_price = contract_price_after(s.contract_price, s.spot_price, par.contract_duration)


@compiled
def revalue_chips(gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Value used chips by their rents and by fire sales (B8, J3)."""
    s.used_chip_before = s.used_chip_index
    rate = (par.capital_cost_rate + s.market_spread) / 4.0
    quarters = 4.0 * par.chip_life_economic
    rents = discounted_rents(s.spot_price, par.operating_cost_per_gw_year, par.rent_decay, rate, quarters)
    index = rents / s.rent_value if gate.used_chip_index > 0.0 and s.rent_value > 0.0 else 1.0
    s.fire_sale_discount *= FIRE_SALE_FADE
    s.used_chip_index = max(0.01, index * math.exp(-s.fire_sale_discount) * shock.common[G_USED_CHIP_INDEX])
