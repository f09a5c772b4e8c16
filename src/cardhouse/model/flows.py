"""The transaction-flow matrix of a quarter: every posting is added up once, by kind of payment and by agent.

The books read it after the settlement, and the audit reads it at the end of the quarter, when what was posted in
between has been added. One agent's numbers lie side by side, so that a posting touches two places.
"""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.ledger import KINDS, Ledger, kind_of_tag, relation_of_tag
from cardhouse.model.world import World


@compiled
def _clear_flows(w: World, ledger: Ledger) -> None:
    """Set all sums to zero."""
    for i in range(w.agents):
        for kind in range(KINDS):
            ledger.receipts[i, kind] = 0.0
            ledger.payments[i, kind] = 0.0
    for r in range(w.relations):
        ledger.along_relation[r] = 0.0


@compiled
def add_up_flows(w: World, ledger: Ledger) -> None:
    """Add the postings written since the last call; the first call in a quarter begins from zero.

    Parameters
    ----------
    w : World
        The world.
    ledger : Ledger
        The quarter's postings; ``receipts``, ``payments`` and ``along_relation`` hold the sums.
    """
    if ledger.summed == 0:
        _clear_flows(w, ledger)
    first = ledger.summed
    for place in range(ledger.postings - first):
        k = as_index(first + place)
        payer, payee, tag = as_index(ledger.payer[k]), as_index(ledger.payee[k]), as_index(ledger.tag[k])
        amount, kind, relation = ledger.amount[k], kind_of_tag(tag), relation_of_tag(tag)
        ledger.payments[payer, kind] += amount
        ledger.receipts[payee, kind] += amount
        if relation >= 0:
            ledger.along_relation[as_index(relation)] += amount
    ledger.summed = ledger.postings
