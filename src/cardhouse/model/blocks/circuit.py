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
def _intermediary(w: World, s: State, ledger: Ledger, i: int) -> None:
    """Lenders and funds pass income on to savers, and savers refill them (rows 12, 18 and 19)."""
    before = s.cash_start[i]
    post(ledger, s.cash, i, w.households, PASSED_ON, passed_on(s.cash[i], before))
    tag = TO_LENDERS if w.role[i] == LENDER else TO_FUNDS
    post(ledger, s.cash, w.households, i, tag, refilled(s.cash[i], before))


@compiled
def close_circuit(w: World, s: State, ledger: Ledger) -> None:
    """Pass on what the rest of the economy received, so that only the sector's cash and households' change."""
    for i in range(w.firms, w.agents):
        if w.role[i] == LENDER or w.role[i] == HOLDER:
            _intermediary(w, s, ledger, i)
    for i in range(w.firms, w.agents):
        s.lender_capital[i] -= s.lender_loss[i]
    hh = w.households
    post(ledger, s.cash, w.suppliers, hh, WAGES_OF_SUPPLIERS, passed_on(s.cash[w.suppliers], s.cash_start[w.suppliers]))
    post(ledger, s.cash, w.government, hh, PUBLIC, passed_on(s.cash[w.government], s.cash_start[w.government]))
    post(ledger, s.cash, w.other_firms, hh, PASSED_ON, passed_on(s.cash[w.other_firms], s.cash_start[w.other_firms]))
    # What firms outside the sector spent on AI and on its products, households give back as consumption.
    post(ledger, s.cash, hh, w.other_firms, CONSUMPTION, refilled(s.cash[w.other_firms], s.cash_start[w.other_firms]))
    post(ledger, s.cash, hh, w.suppliers, CONSUMPTION, refilled(s.cash[w.suppliers], s.cash_start[w.suppliers]))
    post(ledger, s.cash, hh, w.government, TO_LENDERS, refilled(s.cash[w.government], s.cash_start[w.government]))
