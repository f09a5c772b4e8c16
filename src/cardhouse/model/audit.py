"""The audit of a quarter: what its postings add up to, for the identities to be checked against."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.flows import add_up_flows
from cardhouse.model.layout import Annotated, FloatArray, Layout, about
from cardhouse.model.ledger import KINDS, Kind, Ledger, equation_of_tag
from cardhouse.model.world import World

CAPEX_KINDS = (int(Kind.CHIPS), int(Kind.CONSTRUCTION), int(Kind.OTHER_CAPEX))
SALE_KINDS = (
    int(Kind.AI_CONSUMER),
    int(Kind.AI_BUSINESS),
    int(Kind.OTHER_SALES),
    int(Kind.COMPUTE_RENT),
    int(Kind.LEASE),
    int(Kind.CHIPS),
)
K_SECURITIES = int(Kind.SECURITIES)


class Audit(Layout, on_lines=True):
    """Sums over the transaction-flow matrix of one quarter."""

    kind_received: Annotated[FloatArray, about("USD bn", "receipts of everybody", "kind")]
    kind_spent: Annotated[FloatArray, about("USD bn", "payments of everybody", "kind")]
    column: Annotated[FloatArray, about("USD bn", "receipts less payments, kind by kind", "agent")]
    received: Annotated[FloatArray, about("USD bn", "all receipts", "agent")]
    spent: Annotated[FloatArray, about("USD bn", "all payments", "agent")]
    sold: Annotated[FloatArray, about("USD bn", "sales received", "agent")]
    invested: Annotated[FloatArray, about("USD bn", "capital spending paid", "agent")]
    least: Annotated[FloatArray, about("rank", "lowest rank with an unpaid due", "agent")]
    gaps: Annotated[
        FloatArray, about("share", "residuals of one identity, agent by agent or relation by relation", "relation")
    ]
    residual: Annotated[FloatArray, about("share", "residual of each identity", "identity")]
    crossing: Annotated[float, about("USD bn", "money that entered the sector less money that left it")]
    placed: Annotated[float, about("USD bn", "securities that the government placed less redeemed")]
    unsigned: Annotated[int, about("count", "postings without an equation, or not positive")]


@compiled(any_order=True)
def _add_both_ways(w: World, ledger: Ledger, audit: Audit) -> None:
    """Add up each kind of payment over everybody, and everybody's payments over all kinds."""
    # a count that the compiler does not know keeps it from writing out the loop, and it adds several kinds at once
    kinds = w.kinds
    for kind in range(KINDS):
        audit.kind_received[kind] = audit.kind_spent[kind] = 0.0
    for i in range(w.agents):
        received, spent, column = 0.0, 0.0, 0.0
        for kind in range(kinds):
            receipt, payment = ledger.receipts[i, kind], ledger.payments[i, kind]
            audit.kind_received[kind] += receipt
            audit.kind_spent[kind] += payment
            received += receipt
            spent += payment
            column += receipt - payment
        audit.received[i], audit.spent[i], audit.column[i] = received, spent, column


@compiled
def _add_metrics(w: World, ledger: Ledger, audit: Audit) -> None:
    """Add up firms' sales and capital spending."""
    for i in range(w.firms):
        sold, invested = 0.0, 0.0
        for kind in SALE_KINDS:
            sold += ledger.receipts[i, kind]
        for kind in CAPEX_KINDS:
            invested += ledger.payments[i, kind]
        audit.sold[i], audit.invested[i] = sold, invested


@compiled
def _count_unsigned(ledger: Ledger) -> int:
    """Count postings that no equation gave, or that moved nothing."""
    unsigned = 0
    for k in range(ledger.postings):
        signed = (equation_of_tag(ledger.tag[k]) > 0) & (ledger.amount[k] > 0.0)
        unsigned += 1 - signed
    return unsigned


@compiled
def take_audit(w: World, ledger: Ledger, audit: Audit) -> None:
    """Add up the quarter's postings, those that the books have read and those since."""
    add_up_flows(w, ledger)
    _add_both_ways(w, ledger, audit)
    _add_metrics(w, ledger, audit)
    audit.unsigned = _count_unsigned(ledger)
    audit.crossing = 0.0
    for i in range(w.firms, w.agents):
        # what those outside paid more than they received went to the sector
        audit.crossing -= audit.column[i]
    state = w.government
    audit.placed = ledger.payments[state, K_SECURITIES] - ledger.receipts[state, K_SECURITIES]
