"""Block L: policy levers that move money. Levers that change terms act where the terms are set.

Backstop (L1) and loans of last resort (L2) are here, mergers (L6) in ``mergers``. Standstill (L3) acts on rollover,
covenants and margin calls, disclosure (L4) on sentiment, the stretch of take-or-pay (L5) on bills, limits (L10) on
debt capacity; capital spending of one platform, power and the life of chips are shocks of their own blocks.
"""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.mergers import merge_laboratories, shortfall
from cardhouse.model.equations.levers import backstop_drawn, fiscal_cost, last_resort_loan
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, post, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import ASSET_BACKED, LEVERAGED_CLOUD, VEHICLE, Shock, World
from cardhouse.scenarios.variables import G_ABS_LIQUIDITY, G_BACKSTOP_AMOUNT

BACKSTOP = tag_of(Kind.PUBLIC_SUPPORT, "L1")
LAST_RESORT = tag_of(Kind.PUBLIC_SUPPORT, "L2")
REPAID = tag_of(Kind.PUBLIC_SUPPORT, "L11")


@compiled
def pull_levers(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Merge laboratories, and repay and pay out public support, before settlement (L1, L2, L6, L11)."""
    if gate.levers < 0.5:
        return
    merge_laboratories(w, par, shock, s, ledger)
    outstanding = 0.0
    for i in range(w.firms):
        if s.public_claim[i] > 0.0:
            _repay(w, par, s, ledger, i)
        outstanding += s.public_claim[i]
    standby = max(shock.common[G_BACKSTOP_AMOUNT], 0.0)
    facility = max(shock.common[G_ABS_LIQUIDITY], 0.0)
    if standby + facility <= 0.0:
        return
    used = outstanding
    for i in range(w.firms):
        if w.role[i] in (VEHICLE, LEVERAGED_CLOUD) and s.status[i] < DEFAULT and s.debt_by_class[i, ASSET_BACKED] > 0.0:
            used += _support(w, par, s, ledger, i, (standby + facility - used, facility))


@compiled
def _support(w: World, par: Parameters, s: State, ledger: Ledger, i: int, left: tuple[float, float]) -> float:
    """Pay one firm what it lacks: a loan on collateral first, then the backstop; return the sum."""
    in_all, facility = left
    backed = s.debt_by_class[i, ASSET_BACKED] / s.debt_total[i] if s.debt_total[i] > 0.0 else 0.0
    unrolled = (s.maturing[i] - s.rolled[i]) * backed
    short = shortfall(s, i)
    loan = 0.0
    if facility > 0.0:
        loan = last_resort_loan(
            min(unrolled, short), s.chips_economic[i], par.support_haircut, min(facility, max(in_all, 0.0))
        )
    drawn = backstop_drawn(short - loan, in_all - loan if in_all > facility else 0.0)
    post(ledger, s.cash, w.government, i, LAST_RESORT, loan)
    post(ledger, s.cash, w.government, i, BACKSTOP, drawn)
    s.public_claim[i] += loan + drawn
    s.fiscal_cost += fiscal_cost(loan + drawn, 0.0)
    return loan + drawn


@compiled
def _repay(w: World, par: Parameters, s: State, ledger: Ledger, i: int) -> None:
    """Pay public support back out of spare cash, over the agreed term (L11)."""
    wanted = s.public_claim[i] / max(par.support_term, 1.0)
    paid = min(wanted, s.public_claim[i], max(s.position[i] - s.cash_floor[i], 0.0), max(s.cash[i], 0.0))
    post(ledger, s.cash, i, w.government, REPAID, paid)
    s.public_claim[i] -= max(paid, 0.0)
    s.fiscal_cost += fiscal_cost(0.0, max(paid, 0.0))
