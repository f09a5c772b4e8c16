"""Block L, levers of public and private rescue, and what they cost."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="L1",
    symbol=r"X_{i,t}",
    formula=r"\min(shortfall^+_i,\ left_t)",
    unit="USD bn/quarter",
    source="own: backstop of a named size, used in the order of need",
)
def backstop_drawn(shortfall: float, left: float) -> float:
    """Public money that covers a firm's shortfall, while the amount lasts.

    >>> backstop_drawn(8.0, 5.0), backstop_drawn(3.0, 5.0), backstop_drawn(-2.0, 5.0)
    (5.0, 3.0, 0.0)
    """
    return min(max(shortfall, 0.0), max(left, 0.0))


@equation(
    id="L2",
    symbol=r"Y_{i,t}",
    formula=r"\min(unrolled_i,\ q k_i (1 - hc),\ left_t)",
    unit="USD bn/quarter",
    source="bagehot-1873; form of the asset-backed facilities of 2008-09: lend on collateral, with a haircut",
)
def last_resort_loan(unrolled: float, collateral: float, haircut: float, left: float) -> float:
    """Loan of last resort on asset-backed notes not rolled: against collateral, after a haircut, while it lasts.

    >>> last_resort_loan(10.0, 8.0, 0.25, 100.0), last_resort_loan(10.0, 80.0, 0.25, 4.0)
    (6.0, 4.0)
    """
    return max(0.0, min(unrolled, collateral * (1.0 - haircut), left))


@equation(
    id="L3",
    symbol=r"roll^{ss}_{i,t}",
    formula=r"\max(roll_i,\ standstill_t)",
    unit="ratio",
    source="own: standstill, every creditor rolls what falls due",
)
def rolled_under_standstill(rolled: float, standstill: float) -> float:
    """Return the rolled share when a standstill is in force (1) or not (0).

    >>> rolled_under_standstill(0.3, 1.0), rolled_under_standstill(0.3, 0.0)
    (1.0, 0.3)
    """
    return max(rolled, standstill)


@equation(
    id="L4",
    symbol=r"\Delta S^{disc}_t",
    formula=r"-b_{disc}\,(1 - binding / headline)",
    unit="index",
    source="own: disclosure moves beliefs once, by how far headline amounts exceed binding ones",
)
def disclosure_surprise(sensitivity: float, binding: float, headline: float) -> float:
    """One-time move of sentiment when binding amounts are published beside headlines; zero when they agree.

    >>> disclosure_surprise(0.5, 60.0, 100.0)
    -0.2
    """
    if headline <= 0.0:
        return 0.0
    return -sensitivity * (1.0 - min(binding / headline, 1.0))


@equation(
    id="L6",
    symbol=r"P^{mer}_l",
    formula=r"(1-\beta)\,V_l\,(1 - a_{pl})",
    unit="USD bn",
    source="own: a rescue merger pays the other owners what a failure would have left them (I2)",
)
def takeover_price(value: float, failure_cost: float, owned: float) -> float:
    """Price that a platform pays, in its own shares, for the part of a failing laboratory that it does not own.

    >>> takeover_price(500.0, 0.3, 0.2)
    280.0
    """
    return max(0.0, value) * (1.0 - failure_cost) * (1.0 - owned)


@equation(
    id="L6b",
    symbol=r"X^{mer}_{l,t}",
    formula=r"\min(short_l,\ (M_p - M_{min,p})^+)",
    unit="USD bn/quarter",
    source="own: the parent stands behind the laboratory as far as its spare cash goes",
)
def parent_support(shortfall: float, spare: float) -> float:
    """Money that a parent puts into a laboratory that it has taken over.

    >>> parent_support(8.0, 5.0), parent_support(3.0, 5.0)
    (5.0, 3.0)
    """
    return max(0.0, min(shortfall, spare))


@equation(
    id="L10",
    symbol=r"LTV_t",
    formula=r"\mathrm{clip}(LTV_0 + shock,\ 0,\ 1)",
    unit="ratio",
    source="own: the scenario's move of the loan-to-value limit, kept between 0 and 1",
)
def ltv_limit(base: float, shock: float) -> float:
    """Loan-to-value limit in force.

    >>> round(ltv_limit(0.75, -0.2), 12)
    0.55
    """
    return min(max(base + shock, 0.0), 1.0)


@equation(
    id="L11",
    symbol=r"cost^{fisc}_t",
    formula=r"paid_t - repaid_t",
    unit="USD bn/quarter",
    source="own: public money paid out less repaid; positive is a cost",
)
def fiscal_cost(paid: float, repaid: float) -> float:
    """Fiscal cost of the levers this quarter.

    >>> fiscal_cost(5.0, 1.5)
    3.5
    """
    return paid - repaid
