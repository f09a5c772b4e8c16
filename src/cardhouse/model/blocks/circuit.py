"""The rest of the economy passes money on, so that every dollar the sector pays comes round again."""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.equation import equation
from cardhouse.model.ledger import Kind, Ledger, post, tag_of
from cardhouse.model.state import State
from cardhouse.model.world import HOLDER, LENDER, World

PASSED_ON = tag_of(Kind.INCOME_PASSED_ON, "K7")
WAGES_OF_SUPPLIERS = tag_of(Kind.WAGES, "K7")
PUBLIC = tag_of(Kind.PUBLIC_SPENDING, "K7")
CONSUMPTION = tag_of(Kind.OTHER_CONSUMPTION, "K7")
TO_FUNDS = tag_of(Kind.SAVER_CONTRIBUTION, "K8")
TO_LENDERS = tag_of(Kind.SAVER_LENDING, "K8")
PLACED = tag_of(Kind.SECURITIES, "K9")


@equation(
    id="K7",
    symbol="T_a",
    formula=r"\max(0, M_a - M_{a,start})",
    unit="USD bn per quarter",
    source="own; sectors outside keep their cash and pass on what they earn",
)
def passed_on(cash: float, cash_before: float) -> float:
    """Return what an agent outside the sector pays on: the cash it gained in the quarter."""
    return max(0.0, cash - cash_before)


@equation(
    id="K8",
    symbol="C_a",
    formula=r"\max(0, M_{a,start} - M_a)",
    unit="USD bn per quarter",
    source="own; savers refill funds and lenders",
)
def refilled(cash: float, cash_before: float) -> float:
    """Return what savers pay in to an intermediary that paid out more than it received."""
    return max(0.0, cash_before - cash)


@equation(
    id="K9",
    symbol="T_g",
    formula=r"\max(0, -M_{hh}) - \min(Z, \max(0, M_{hh}))",
    unit="USD bn per quarter",
    source="own; deposits that the sector hoards come back to the outside economy through public debt",
)
def securities_placed(cash: float, outstanding: float) -> float:
    """Return what the government pays to households beyond its means, against liquid securities; negative if redeemed.

    The other side of the securities is what firms hold as cash and liquid securities.

    Parameters
    ----------
    cash : float
        Households' cash before it, USD bn.
    outstanding : float
        Securities issued so far, USD bn.

    Examples
    --------
    >>> securities_placed(-30.0, 10.0), securities_placed(4.0, 10.0), securities_placed(15.0, 10.0)
    (30.0, -4.0, -10.0)
    """
    return max(0.0, -cash) - min(outstanding, max(0.0, cash))


@compiled
def _refill(w: World, s: State, ledger: Ledger, i: int, tag: int) -> None:
    """Households pay in what an agent lacks against the start of the quarter."""
    post(ledger, s.cash, w.households, i, tag, refilled(s.cash[i], s.cash_start[i]))


@compiled
def _place_securities(w: World, s: State, ledger: Ledger) -> None:
    """Give households the deposits they lack, on the government's account, or take them back (K9)."""
    placed = securities_placed(s.cash[w.households], s.securities_issued)
    post(ledger, s.cash, w.government, w.households, PLACED, placed)
    post(ledger, s.cash, w.households, w.government, PLACED, -placed)
    s.securities_issued += placed


@compiled
def close_circuit(w: World, s: State, ledger: Ledger) -> None:
    """Pass on what the rest of the economy received, so that only the sector's cash and households' change.

    Everything is passed on to households before they pay anything in. When firms hoard more than households ever had,
    the government owes the difference (K9): nobody outside the sector is left with less than nothing.
    """
    hh = w.households
    for agent in range(w.firms, w.agents):
        i = as_index(agent)
        s.lender_capital[i] -= s.lender_loss[i]
        if w.role[i] == LENDER or w.role[i] == HOLDER:
            post(ledger, s.cash, i, hh, PASSED_ON, passed_on(s.cash[i], s.cash_start[i]))
    post(ledger, s.cash, w.suppliers, hh, WAGES_OF_SUPPLIERS, passed_on(s.cash[w.suppliers], s.cash_start[w.suppliers]))
    post(ledger, s.cash, w.government, hh, PUBLIC, passed_on(s.cash[w.government], s.cash_start[w.government]))
    post(ledger, s.cash, w.other_firms, hh, PASSED_ON, passed_on(s.cash[w.other_firms], s.cash_start[w.other_firms]))
    for agent in range(w.firms, w.agents):
        i = as_index(agent)
        if w.role[i] == LENDER:
            _refill(w, s, ledger, i, TO_LENDERS)
        elif w.role[i] == HOLDER:
            _refill(w, s, ledger, i, TO_FUNDS)
    # What firms outside the sector spent on AI and on its products, households give back as consumption.
    _refill(w, s, ledger, w.other_firms, CONSUMPTION)
    _refill(w, s, ledger, w.suppliers, CONSUMPTION)
    _refill(w, s, ledger, w.government, TO_LENDERS)
    _place_securities(w, s, ledger)
