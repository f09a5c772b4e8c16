"""Indicators that blocks F to K own: Minsky's classes under three definitions."""

from __future__ import annotations

from cardhouse.model.equation import equation

HEDGE = 0
SPECULATIVE = 1
PONZI = 2


@equation(
    id="M1",
    symbol=r"class^{cover}_{i,t}",
    formula=r"2 \text{ if } E < \iota,\quad 1 \text{ if } E < c\,\iota,\quad 0 \text{ otherwise}",
    unit="class",
    source="davis-desouza-hernandez-2019: interest cover",
)
def minsky_by_cover(earnings: float, interest: float, hedge_cover: float) -> int:
    """Minsky class by interest cover: 0 hedge, 1 speculative, 2 Ponzi.

    Hedge at or above `hedge_cover`, Ponzi below one.

    >>> minsky_by_cover(8.0, 1.0, 4.0), minsky_by_cover(2.0, 1.0, 4.0)
    (0, 1)
    >>> minsky_by_cover(0.5, 1.0, 4.0), minsky_by_cover(-1.0, 0.0, 4.0)
    (2, 2)
    """
    if earnings < interest or earnings < 0.0:
        return PONZI
    if earnings < hedge_cover * interest:
        return SPECULATIVE
    return HEDGE


@equation(
    id="M2",
    symbol=r"class^{flow}_{i,t}",
    formula=r"2 \text{ if } CF < \iota,\quad 1 \text{ if } CF < \iota + due,\quad 0 \text{ otherwise}",
    unit="class",
    source="mulligan-2013: cash flow against interest and principal",
)
def minsky_by_cash_flow(cash_flow: float, interest: float, principal_due: float) -> int:
    """Minsky class by what cash flow pays: interest and principal (0), interest only (1), not even interest (2).

    >>> minsky_by_cash_flow(5.0, 1.0, 3.0), minsky_by_cash_flow(3.0, 1.0, 3.0), minsky_by_cash_flow(0.5, 1.0, 3.0)
    (0, 1, 2)
    """
    if cash_flow < interest:
        return PONZI
    if cash_flow < interest + principal_due:
        return SPECULATIVE
    return HEDGE


@equation(
    id="M3",
    symbol=r"class^{commit}_{i,t}",
    formula=r"2 \text{ if } CF < \iota + T,\quad 1 \text{ if } CF < \iota + due + T,\quad 0 \text{ otherwise}",
    unit="class",
    source="own extension of minsky-1986, ch. 9: commitments are debt service under another name",
)
def minsky_with_commitments(cash_flow: float, interest: float, principal_due: float, commitments_due: float) -> int:
    """Minsky class when binding commitments count as debt service.

    `cash_flow` is before the commitments are paid.

    >>> minsky_with_commitments(9.0, 1.0, 3.0, 4.0), minsky_with_commitments(6.0, 1.0, 3.0, 4.0)
    (0, 1)
    >>> minsky_with_commitments(4.0, 1.0, 3.0, 4.0)
    2
    """
    if cash_flow < interest + commitments_due:
        return PONZI
    if cash_flow < interest + principal_due + commitments_due:
        return SPECULATIVE
    return HEDGE
