"""Block D: contracts, minimum bills, renegotiation."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
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
def contract_plateau(amount: float, opening: float, quarters: float, weight: float) -> float:
    """Plateau at which a ramped schedule adds up to the contract amount over its life.

    Parameters
    ----------
    amount, opening : float
        Amount of the contract, USD bn, and its opening bill, USD bn a quarter.
    quarters, weight : float
        Length of the schedule in quarters, and how many quarters of the plateau it holds, see :func:`ramp_weight`.
    """
    return max(0.0, opening + (amount - quarters * opening) / weight)


@compiled
def ramp_weight(life: float, ramp: float) -> tuple[float, float]:
    """Return the whole quarters of a life, and the sum over them of how far the ramp has come.

    >>> ramp_weight(4.5, 2.0)
    (4.0, 3.5)
    """
    quarters = int(life)
    weight = 0.0
    for quarter in range(1, quarters + 1):
        weight += min(1.0, quarter / ramp)
    return float(quarters), weight


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
    id="D4b",
    symbol=r"\delta_r",
    formula=r"1 - (1+k)^{-T}",
    unit="share",
    source="present value of a later payment; definition",
)
def delay_discount(rate_annual: float, years: float) -> float:
    """Part of a payment's value that is lost when it comes years later.

    >>> delay_discount(0.25, 1.0)
    0.19999999999999996
    """
    return float(1.0 - (1.0 + rate_annual) ** -years)


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


@equation(
    id="D5b",
    symbol="E_i",
    formula=r"exit_i + hc\,WIP_i + \Delta V^{race}_i",
    unit="USD bn",
    source="own; what it costs to leave the race: break fees, building sites, and value that rests on growth",
)
def exit_price(fees: float, stranded: float, lost_value: float) -> float:
    """Price of leaving the race now: break fees, what is lost on building sites, and the lost growth option.

    >>> exit_price(10.0, 4.0, 100.0)
    114.0
    """
    return fees + stranded + lost_value


@equation(
    id="D6a",
    symbol="means_i",
    formula=r"\max(0, M_i + lines_i + 4(EBITDA_i + rent_i))",
    unit="USD bn",
    source="own; means of a year without new money, before compute and leases",
)
def means_of_a_year(liquid: float, earned_before_rent: float) -> float:
    """Cash and lines of a firm and what it earns in a year before compute, leases and debt service; never negative.

    >>> means_of_a_year(20.0, -1.5), means_of_a_year(2.0, -1.5)
    (14.0, 0.0)
    """
    return max(0.0, liquid + 4.0 * earned_before_rent)


@equation(
    id="D6",
    symbol="mismatch_i",
    formula=r"\sum_j planned_{i\to j} - means_i",
    unit="USD bn",
    source="own, after the Bank of England's system-wide exploratory scenario 2024: sum of plans against sum of means",
)
def expectation_mismatch(planned: float, means: float) -> float:
    """Difference of what others plan to get from a firm in a year and its means; positive: money yet to be raised.

    >>> expectation_mismatch(60.0, 45.0), expectation_mismatch(10.0, 45.0)
    (15.0, -35.0)
    """
    return planned - means
