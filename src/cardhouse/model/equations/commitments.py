"""Block D: contracts, minimum bills, renegotiation."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="D1",
    symbol="bill_{l,j,t}",
    formula=r"\max(\tau_r Q_{r,t}, use_{r,t})\,p_r",
    unit="USD bn per quarter",
    source="take-or-pay contract; definition",
)
def take_or_pay_bill(scheduled: float, used: float, take_or_pay_share: float) -> float:
    """Bill under a contract: what is used, or the agreed minimum if that is more."""
    return max(take_or_pay_share * scheduled, used)


@equation(
    id="D1b",
    symbol="Q_{r,t}",
    formula=r"c_0 + (c^* - c_0)\min(1, t/R)",
    unit="USD bn per quarter",
    source="own; linear ramp to a plateau that uses up the contract over its life",
)
def contract_schedule(opening: float, plateau: float, quarter: float, ramp: float) -> float:
    """Contracted amount of a quarter: a straight ramp from the opening bill to the plateau."""
    return opening + (plateau - opening) * min(1.0, quarter / ramp)


@equation(
    id="D1c",
    symbol="c^*_r",
    formula=r"c_0 + (Q_r - N c_0)/\sum_{t\le N}\min(1, t/R)",
    unit="USD bn per quarter",
    source="own; the schedule adds up to the contract",
)
def contract_plateau(amount: float, opening: float, life: float, ramp: float) -> float:
    """Plateau at which a ramped schedule adds up to the contract amount over its life."""
    quarters = int(life)
    weight = 0.0
    for quarter in range(1, quarters + 1):
        weight += min(1.0, quarter / ramp)
    return max(0.0, opening + (amount - quarters * opening) / weight)


@equation(
    id="D1d",
    symbol="l_v",
    formula=r"I_v\,A(r, T)/4",
    unit="USD bn per quarter",
    source="annuity lease of what the vehicle built",
)
def lease_of_new_property(built: float, annuity_rate: float) -> float:
    """Quarterly lease that pays a vehicle for what it built, with interest, over the life of the property."""
    return built * annuity_rate / 4.0


@equation(
    id="D2",
    symbol="cover_i",
    formula=r"(M_i + lines_i)/outflow_{i,4q}",
    unit="ratio",
    source="own; liquidity cover over a year",
)
def outflow_cover(liquid: float, outflow_year: float) -> float:
    """Cash and committed lines over the net outflow expected in four quarters."""
    return min(99.0, max(0.0, liquid) / outflow_year) if outflow_year > 0.0 else 99.0


@equation(
    id="D3",
    symbol="h_r",
    formula=r"h_{max}(1 - cover_i/\underline c)(1 - enforce_r)",
    unit="share",
    source="own; renegotiation of long-term contracts under distress",
)
def stretched_share(cover: float, floor: float, limit: float, enforcement: float) -> float:
    """Part of a bill that a weak buyer moves to the tail of its contract."""
    return limit * max(0.0, 1.0 - cover / floor) * (1.0 - enforcement) if floor > 0.0 else 0.0


@equation(
    id="D4",
    symbol="impair_j",
    formula=r"PV(moved) + PD_i\,LGD_i\,Q_r",
    unit="USD bn",
    source="expected credit loss, IFRS 9 section 5.5; vocabulary of take-or-pay accounting",
)
def backlog_impairment(moved: float, delay_discount: float, expected_loss: float) -> float:
    """Value a supplier loses on a backlog: later payment, and payment that may not come."""
    return moved * delay_discount + expected_loss


@equation(
    id="D5",
    symbol="exit_i",
    formula=r"\xi_r Q_r",
    unit="USD bn",
    source="own; break fee of a contract",
)
def exit_cost(remaining: float, exit_share: float) -> float:
    """Return what leaving a contract at will costs."""
    return remaining * exit_share
