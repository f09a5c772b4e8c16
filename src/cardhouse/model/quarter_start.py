"""The start of a quarter: an empty ledger, and the flows of the quarter at zero."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.default import transfer_ownership
from cardhouse.model.ledger import Ledger, clear_ledger
from cardhouse.model.state import State
from cardhouse.model.world import World


@compiled
def begin_quarter(w: World, s: State, ledger: Ledger) -> None:
    """Move the clock and set the quarter's flows to zero."""
    s.quarter += 1
    clear_ledger(ledger)
    for i in range(w.agents):
        s.cash_start[i] = s.cash[i]
        s.lender_loss[i] = 0.0
        s.equity_raised[i] = 0.0
        s.marks[i] = 0.0
        s.impairment[i] = 0.0
        s.debt_relief[i] = 0.0
        s.outside_equity[i] = 0.0
        s.strategic_in[i] = 0.0
        s.strategic_out[i] = 0.0
        s.new_debt[i] = 0.0
        s.rolled[i] = 0.0
        s.lines_drawn[i] = 0.0
        s.inherited_cost[i] = 0.0
        s.new_default[i] = 0
    transfer_ownership(w, s)
    for r in range(w.relations):
        s.signed[r] = 0.0
        s.billed[r] = 0.0
        s.cancelled[r] = 0.0
        s.bill[r] = 0.0
        s.expired[r] = 0.0
        s.stretched[r] = 0.0
