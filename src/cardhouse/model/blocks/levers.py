"""Block L: policy levers that move money. Levers that change terms act where the terms are set.

Backstop (L1) and loans of last resort (L2) are here, mergers (L6) in ``mergers``. Standstill (L3) acts on rollover,
covenants and margin calls, disclosure (L4) on sentiment, the stretch of take-or-pay (L5) on bills, limits (L10) on
debt capacity; capital spending of one platform, power and the life of chips are shocks of their own blocks. When
support is short of what is asked, every firm gets the same part.
"""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.mergers import merge_laboratories, shortfall
from cardhouse.model.equations.levers import backstop_drawn, fiscal_cost, last_resort_loan
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, post, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import remainder
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
    room = max(0.0, standby + facility - outstanding)
    loans = _ask_loans(w, par, s)
    by_loan = min(1.0, min(facility, room) / loans) if loans > 0.0 else 0.0
    lacking = _ask_backstop(w, s, by_loan)
    left = min(standby, room - loans * by_loan)
    by_backstop = min(1.0, backstop_drawn(lacking, left) / lacking) if lacking > 0.0 else 0.0
    for i in range(w.firms):
        if s.support_loan[i] > 0.0 or s.support_drawn[i] > 0.0:
            _support(w, s, ledger, i, (s.support_loan[i] * by_loan, s.support_drawn[i] * by_backstop))


@compiled
def _is_eligible(w: World, s: State, i: int) -> bool:
    """Tell whether a firm with debt secured on its assets can get public support."""
    return bool(
        w.role[i] in (VEHICLE, LEVERAGED_CLOUD) and s.status[i] < DEFAULT and s.debt_by_class[i, ASSET_BACKED] > 0.0
    )


@compiled
def _ask_loans(w: World, par: Parameters, s: State) -> float:
    """Write the loan on collateral that each firm asks for; return the sum (L2)."""
    total = 0.0
    for i in range(w.firms):
        s.support_loan[i] = 0.0
        if _is_eligible(w, s, i):
            backed = s.debt_by_class[i, ASSET_BACKED] / s.debt_total[i] if s.debt_total[i] > 0.0 else 0.0
            unrolled = (s.maturing[i] - s.rolled[i]) * backed
            asked = min(unrolled, shortfall(s, i))
            s.support_loan[i] = last_resort_loan(asked, s.chips_economic[i], par.support_haircut, max(asked, 0.0))
            total += s.support_loan[i]
    return total


@compiled
def _ask_backstop(w: World, s: State, by_loan: float) -> float:
    """Write what each firm lacks after its loan; return the sum (L1)."""
    total = 0.0
    for i in range(w.firms):
        s.support_drawn[i] = 0.0
        if _is_eligible(w, s, i):
            s.support_drawn[i] = remainder(shortfall(s, i), s.support_loan[i] * by_loan)
            total += s.support_drawn[i]
    return total


@compiled
def _support(w: World, s: State, ledger: Ledger, i: int, money: tuple[float, float]) -> None:
    """Pay one firm its loan on collateral and its part of the backstop (L1, L2)."""
    loan, drawn = money
    post(ledger, s.cash, w.government, i, LAST_RESORT, loan)
    post(ledger, s.cash, w.government, i, BACKSTOP, drawn)
    s.public_claim[i] += loan + drawn
    s.fiscal_cost += fiscal_cost(loan + drawn, 0.0)


@compiled
def _repay(w: World, par: Parameters, s: State, ledger: Ledger, i: int) -> None:
    """Pay public support back out of spare cash, over the agreed term (L11)."""
    wanted = s.public_claim[i] / max(par.support_term, 1.0)
    paid = min(wanted, s.public_claim[i], max(s.position[i] - s.cash_floor[i], 0.0), max(s.cash[i], 0.0))
    post(ledger, s.cash, i, w.government, REPAID, paid)
    s.public_claim[i] -= max(paid, 0.0)
    s.fiscal_cost += fiscal_cost(0.0, max(paid, 0.0))
