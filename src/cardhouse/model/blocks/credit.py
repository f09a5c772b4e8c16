"""Block G: terms of credit, debt service, rollover and new debt."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.debts import age_ladder, borrow, owe_interest, owe_principal
from cardhouse.model.equation import interest_due
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World

INTEREST = tag_of(Kind.INTEREST, "G0")
REPAYMENT = tag_of(Kind.REPAYMENT, "G0")
NEW_DEBT = tag_of(Kind.NEW_DEBT, "G2")


@compiled
def set_terms(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Set policy rate, spreads and debt capacity of the quarter (G1, G2)."""


@compiled
def owe_debt_service(w: World, s: State, ledger: Ledger) -> None:
    """Write interest and principal that are due now."""
    for i in range(w.firms):
        age_ladder(s, i)
        s.interest[i] = interest_due(s.debt_total[i], s.interest_rate[i])
        s.maturing[i] = s.debt[i, 0]
        owe_interest(w, s, ledger, i, INTEREST)
        owe_principal(w, s, ledger, i, REPAYMENT)


@compiled
def roll_over_and_borrow(w: World, s: State, ledger: Ledger) -> None:
    """Roll maturing debt over and lend for plans (G2 to G4)."""
    for i in range(w.firms):
        s.rolled[i] = s.maturing[i]
        borrow(w, s, ledger, i, (NEW_DEBT, 20, 0), s.rolled[i])
        s.new_debt[i] = max(0.0, min(s.cash_need[i], 2.0 * 4.0 * max(0.0, s.expected_ebitda[i]) - s.debt_total[i]))
        borrow(w, s, ledger, i, (NEW_DEBT, 20, 0), s.new_debt[i])


@compiled
def update_credit(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move market spread, lending standards and ratings (G5, G6), and test covenants (G7)."""
