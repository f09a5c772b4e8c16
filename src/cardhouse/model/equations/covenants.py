"""Block G, covenants (G7) and margin loans on stakes (G8)."""

from __future__ import annotations

from cardhouse.model.equation import equation

COVENANT_KEPT = 0
COVENANT_SWEEP = 1
COVENANT_EVENT = 2


@equation(
    id="G7a",
    symbol=r"DSCR_{i,t}",
    formula=r"cash / (interest + principal)",
    unit="ratio",
    source="debt service cover of project finance: Yescombe 2014, ch. 12",
)
def debt_service_cover(cash_for_service: float, interest: float, principal_scheduled: float) -> float:
    """Cash available for debt service over interest and scheduled principal; 99 when nothing is due.

    >>> debt_service_cover(1.2, 0.6, 0.4), debt_service_cover(1.0, 0.0, 0.0)
    (1.2, 99.0)
    """
    due = interest + principal_scheduled
    if due <= 0.0:
        return 99.0
    return cash_for_service / due


@equation(
    id="G7",
    symbol=r"cov_{i,t}",
    formula=r"1[DSCR_i < 1.20 \lor \text{test failed}] + 1[DSCR_i < 1.00]",
    unit="state",
    source="terms of delayed-draw chip loans of 2025-26: sweep below 1.20, event of default below 1.00",
)
def covenant_state(cover: float, sweep_below: float, event_below: float, test_failed: float) -> int:
    """State of a borrower under its covenants: 0 kept, 1 cash sweep, 2 event of default.

    Parameters
    ----------
    cover : float
        Debt service cover, ratio.
    sweep_below, event_below : float
        Thresholds, ratio.
    test_failed : float
        1 when a utilisation or contract-quality test failed, which is a sweep by itself.

    Examples
    --------
    >>> covenant_state(1.5, 1.2, 1.0, 0.0), covenant_state(1.1, 1.2, 1.0, 0.0), covenant_state(0.9, 1.2, 1.0, 0.0)
    (0, 1, 2)
    >>> covenant_state(1.5, 1.2, 1.0, 1.0)
    1
    """
    if cover < event_below:
        return COVENANT_EVENT
    if cover < sweep_below or test_failed > 0.5:
        return COVENANT_SWEEP
    return COVENANT_KEPT


@equation(
    id="G7b",
    symbol=r"sweep_{i,t}",
    formula=r"\min(\varsigma\, cash^+_i,\ B_i)",
    unit="USD bn/quarter",
    source="terms of delayed-draw chip loans: free cash goes to principal",
)
def cash_swept(cash_after_service: float, share_swept: float, debt: float) -> float:
    """Cash that lenders take for early repayment while a sweep lasts.

    >>> cash_swept(2.0, 0.5, 10.0), cash_swept(-1.0, 0.5, 10.0)
    (1.0, 0.0)
    """
    return min(max(cash_after_service, 0.0) * share_swept, debt)


@equation(
    id="G8",
    symbol=r"call_{i,t}",
    formula=r"\max(0,\ loan_i - \overline{LTV}\, a_{il} V_l)",
    unit="USD bn",
    source="brunnermeier-pedersen-2009, margin spiral; sale that restores the limit",
)
def margin_call(loan: float, collateral: float, limit: float) -> float:
    """Repayment that lenders call for, so that the loan is back at its limit.

    The borrower pays in cash or sells; a sale of the pledged shares themselves lowers the collateral too, so that it
    must be larger, by one over one minus the limit.

    >>> margin_call(10.0, 20.0, 0.35), margin_call(5.0, 20.0, 0.35)
    (3.0, 0.0)
    """
    return max(0.0, loan - limit * max(collateral, 0.0))
