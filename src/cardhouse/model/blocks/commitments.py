"""Block D: what contracts demand, what is billed, and what weak buyers move to the tail."""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.equations.commitments import (
    contract_schedule,
    lease_of_new_property,
    outflow_cover,
    stretched_share,
    take_or_pay_bill,
)
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, along, owe, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import beyond_rounding
from cardhouse.model.state import ALIVE, DEFAULT, RENEGOTIATING, State
from cardhouse.model.world import (
    CHIP_ORDER,
    COMPUTE_CONTRACT,
    LABORATORY,
    LEVERAGED_CLOUD,
    PLATFORM,
    SITE_LEASE,
    Shock,
    World,
)
from cardhouse.scenarios.variables import E_COMPUTE_RAMP, E_LEASE_STEP_UP, E_TAKE_OR_PAY_STRETCH

CONTRACT_BILL = tag_of(Kind.COMPUTE_RENT, "D1")
SPOT_BILL = tag_of(Kind.COMPUTE_RENT, "B5")
OVERFLOW_BILL = tag_of(Kind.COMPUTE_RENT, "B4")
LEASE_BILL = tag_of(Kind.LEASE, "D1b")
CHIP_BILL = tag_of(Kind.CHIPS, "D1b")
SAFE_COVER = 99.0
"""Cover of a firm that expects no net outflow."""


@compiled
def _hold_over(w: World, s: State, r: int, amount: float) -> None:
    """Let a tenant stay when its lease has run out: it pays what the property is worth by then (D1d).

    The capacity counts with the tenant, so that without this it would use the property for nothing.
    """
    seller = w.seller[r]
    chips = lease_of_new_property(s.chips_economic[seller], s.chip_annuity)
    shells = lease_of_new_property(s.shells_book[seller], s.shell_annuity)
    s.signed[r] += max(0.0, min(amount, chips + shells) - s.backlog[r])


@compiled
def schedule_contracts(w: World, par: Parameters, shock: Shock, s: State) -> None:
    """Find what every contract foresees for this quarter, and the compute it covers (D1)."""
    for i in range(w.firms):
        s.contracted_use[i] = 0.0
        s.contract_use_share[i] = 1.0
    compute_ramped = min(1.0, s.quarter / par.compute_contract_ramp)
    lease_ramped = min(1.0, s.quarter / par.lease_ramp)
    for r in range(w.relations):
        buyer, kind = as_index(w.buyer[r]), w.contract[r]
        compute = kind in (COMPUTE_CONTRACT, CHIP_ORDER)
        ramped = compute_ramped if compute else lease_ramped
        amount = contract_schedule(w.opening_bill[r], s.plateau[r], ramped, 1.0) * s.survival[r]
        amount += s.added_bill[r]
        if compute:
            amount *= shock.entity[E_COMPUTE_RAMP, buyer]
        elif kind == SITE_LEASE:
            amount *= shock.entity[E_LEASE_STEP_UP, buyer]
        if s.backlog[r] < amount and w.vehicle_lease[as_index(w.seller[r])] == r:
            _hold_over(w, s, r, amount)
        scheduled = min(amount, s.backlog[r] + s.signed[r])
        s.scheduled[r] = scheduled
        s.contract_gw[r] = 0.0
        if kind == COMPUTE_CONTRACT:
            covered = 4.0 * scheduled / w.contract_price
            s.contract_gw[r] = covered
            s.contracted_use[buyer] += covered


@compiled
def _measure_cover(w: World, s: State) -> None:
    """Compare each firm's cash and lines with the net outflow it must expect (D2)."""
    for i in range(w.firms):
        s.cover[i] = -s.compute_bill[i]
    for r in range(w.relations):
        if w.contract[r] != CHIP_ORDER:
            s.cover[as_index(w.buyer[r])] += s.scheduled[r]
    for i in range(w.firms):
        rise = max(0.0, s.cover[i])
        outflow = 4.0 * (s.interest_paid[i] - s.ebitda[i] + rise)
        for rung in range(1, 5):
            outflow += s.debt[i, rung]
        # a receiver pays out what comes in: what is left of the difference is rounding, not an outflow
        s.cover[i] = outflow_cover(s.cash[i] + s.undrawn_lines[i], beyond_rounding(outflow, s.turnover[i]))


@compiled
def _stretch_bills(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Find the part of its bills that each buyer moves to the tail, and mark who renegotiates (D3)."""
    floor, limit, enforcement = par.cover_floor, par.stretch_limit, par.contract_enforcement
    for i in range(w.firms):
        s.stretch[i] = stretched_share(s.cover[i], floor, limit, enforcement)
    is_open = gate.renegotiation > 0.0
    for i in range(w.firms):
        part = shock.entity[E_TAKE_OR_PAY_STRETCH, i]
        if is_open and s.status[i] < DEFAULT:
            own = s.stretch[i]
            part = max(part, own)
            if s.status[i] == ALIVE or s.status[i] == RENEGOTIATING:
                s.status[i] = RENEGOTIATING if own > 0.0 else ALIVE
        s.stretch[i] = min(1.0, max(0.0, part))


@compiled
def _bill_relation(w: World, s: State, r: int, minimum: float) -> float:
    """Return what a contract bills before any stretch, zero for orders that are billed on delivery."""
    buyer, kind = as_index(w.buyer[r]), w.contract[r]
    if kind == CHIP_ORDER and w.role[buyer] != LABORATORY:
        return 0.0
    if kind != COMPUTE_CONTRACT:
        return float(s.scheduled[r])
    used = s.scheduled[r] * s.contract_use_share[buyer]
    return take_or_pay_bill(s.scheduled[r], used, minimum)


@compiled
def bill_contracts(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Write the bills of all contracts, and of compute rented without one (D1 to D3)."""
    _measure_cover(w, s)
    _stretch_bills(w, gate, par, shock, s)
    for i in range(w.firms):
        s.compute_bill[i] = 0.0
    minimum = par.take_or_pay_share * gate.take_or_pay
    for r in range(w.relations):
        buyer, seller, kind = as_index(w.buyer[r]), w.seller[r], w.contract[r]
        full = _bill_relation(w, s, r, minimum)
        s.stretched[r] = full * s.stretch[buyer]
        bill = full - s.stretched[r]
        s.bill[r] = bill
        s.expired[r] = s.scheduled[r] if full <= 0.0 else 0.0
        if kind == CHIP_ORDER:
            owe(ledger, buyer, seller, along(CHIP_BILL, r), bill)
        else:
            owe(ledger, buyer, seller, along(CONTRACT_BILL if kind == COMPUTE_CONTRACT else LEASE_BILL, r), bill)
            s.compute_bill[buyer] += bill
    _bill_spot(w, s, ledger)
    _bill_overflow(w, s, ledger)


@compiled
def _bill_spot(w: World, s: State, ledger: Ledger) -> None:
    """Bill compute that laboratories rent without a contract, at the spot price, to the clouds that serve it."""
    sold = 0.0
    for cloud in range(w.chip_makers, w.givers):
        sold += s.spot_load[as_index(cloud)]
    if sold <= 0.0:
        return
    for slot in range(w.laboratories):
        i = as_index(w.laboratory[slot])
        if s.spot_use[i] > 0.0:
            bill = s.spot_use[i] * s.spot_price / 4.0
            s.compute_bill[i] += bill
            for cloud in range(w.chip_makers, w.givers):
                j = as_index(cloud)
                owe(ledger, i, j, SPOT_BILL, bill * s.spot_load[j] / sold)


@compiled
def _bill_overflow(w: World, s: State, ledger: Ledger) -> None:
    """Bill overflow at the spot price: platforms pay the leveraged clouds that serve it."""
    taken = 0.0
    passed = 0.0
    for cloud in range(w.chip_makers, w.givers):
        i = as_index(cloud)
        if w.role[i] == LEVERAGED_CLOUD:
            taken += s.overflow_load[i]
        else:
            passed += s.overflowing[i]
    if taken <= 0.0 or passed <= 0.0:
        return
    for cloud in range(w.chip_makers, w.givers):
        i = as_index(cloud)
        if w.role[i] == PLATFORM and s.overflowing[i] > 0.0:
            bill = taken * s.spot_price / 4.0 * s.overflowing[i] / passed
            s.compute_bill[i] += bill
            for other in range(w.chip_makers, w.givers):
                j = as_index(other)
                if w.role[j] == LEVERAGED_CLOUD:
                    owe(ledger, i, j, OVERFLOW_BILL, bill * s.overflow_load[j] / taken)


@compiled
def close_contracts(w: World, s: State) -> None:
    """Roll every backlog forward: signed, billed, cancelled, and what came to its end (I7)."""
    for i in range(w.agents):
        s.commitments_given[i] = 0.0
        s.backlog_received[i] = 0.0
    for r in range(w.relations):
        left = s.backlog[r] + s.signed[r] - s.billed[r] - s.cancelled[r] - s.expired[r]
        s.backlog[r] = left
        s.commitments_given[as_index(w.buyer[r])] += left
        s.backlog_received[as_index(w.seller[r])] += left
