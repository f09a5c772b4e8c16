"""The rest of the economy passes money on, so that every dollar the sector pays comes round again."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
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


@compiled
def _refill(w: World, s: State, ledger: Ledger, i: int, tag: int) -> None:
    """Households pay in what an agent lacks against the start of the quarter, as far as their own cash goes."""
    missing = refilled(s.cash[i], s.cash_start[i])
    post(ledger, s.cash, w.households, i, tag, min(missing, max(0.0, s.cash[w.households])))


@compiled
def close_circuit(w: World, s: State, ledger: Ledger) -> None:
    """Pass on what the rest of the economy received, so that only the sector's cash and households' change.

    Everything is passed on to households before they pay anything in, so that their cash stays above zero.
    """
    hh = w.households
    for i in range(w.firms, w.agents):
        s.lender_capital[i] -= s.lender_loss[i]
        if w.role[i] == LENDER or w.role[i] == HOLDER:
            post(ledger, s.cash, i, hh, PASSED_ON, passed_on(s.cash[i], s.cash_start[i]))
    post(ledger, s.cash, w.suppliers, hh, WAGES_OF_SUPPLIERS, passed_on(s.cash[w.suppliers], s.cash_start[w.suppliers]))
    post(ledger, s.cash, w.government, hh, PUBLIC, passed_on(s.cash[w.government], s.cash_start[w.government]))
    post(ledger, s.cash, w.other_firms, hh, PASSED_ON, passed_on(s.cash[w.other_firms], s.cash_start[w.other_firms]))
    for i in range(w.firms, w.agents):
        if w.role[i] == LENDER:
            _refill(w, s, ledger, i, TO_LENDERS)
        elif w.role[i] == HOLDER:
            _refill(w, s, ledger, i, TO_FUNDS)
    # What firms outside the sector spent on AI and on its products, households give back as consumption.
    _refill(w, s, ledger, w.other_firms, CONSUMPTION)
    _refill(w, s, ledger, w.suppliers, CONSUMPTION)
    _refill(w, s, ledger, w.government, TO_LENDERS)
