"""The audit of a quarter: sums taken anew from the postings, for the identities to be checked against."""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.circuit import PLACED
from cardhouse.model.layout import ROOM, Annotated, FloatArray, Layout, about
from cardhouse.model.ledger import Kind, Ledger, equation_of_tag, kind_of_tag, relation_of_tag
from cardhouse.model.world import World

K_INTEREST, K_NEW_DEBT, K_REPAYMENT = int(Kind.INTEREST), int(Kind.NEW_DEBT), int(Kind.REPAYMENT)
CAPEX_KINDS = (int(Kind.CHIPS), int(Kind.CONSTRUCTION), int(Kind.OTHER_CAPEX))
SALE_KINDS = (
    int(Kind.AI_CONSUMER),
    int(Kind.AI_BUSINESS),
    int(Kind.OTHER_SALES),
    int(Kind.COMPUTE_RENT),
    int(Kind.LEASE),
    int(Kind.CHIPS),
)
KINDS = ROOM["kind"]


class Audit(Layout):
    """Sums over the postings of one quarter; receipts less payments are the transaction-flow matrix."""

    receipts: Annotated[FloatArray, about("USD bn", "receipts by kind", "kind", "agent")]
    payments: Annotated[FloatArray, about("USD bn", "payments by kind", "kind", "agent")]
    column: Annotated[FloatArray, about("USD bn", "receipts less payments, kind by kind", "agent")]
    received: Annotated[FloatArray, about("USD bn", "all receipts", "agent")]
    spent: Annotated[FloatArray, about("USD bn", "all payments", "agent")]
    sold: Annotated[FloatArray, about("USD bn", "sales received", "agent")]
    invested: Annotated[FloatArray, about("USD bn", "capital spending paid", "agent")]
    billed: Annotated[FloatArray, about("USD bn", "paid along the relation", "relation")]
    least: Annotated[FloatArray, about("rank", "lowest rank with an unpaid due", "agent")]
    gaps: Annotated[
        FloatArray, about("share", "residuals of one identity, agent by agent or relation by relation", "relation")
    ]
    residual: Annotated[FloatArray, about("share", "residual of each identity", "identity")]
    crossing: Annotated[float, about("USD bn", "money that entered the sector less money that left it")]
    placed: Annotated[float, about("USD bn", "securities that the government placed less redeemed")]
    unsigned: Annotated[int, about("count", "postings without an equation, or not positive")]


@compiled
def _reset(w: World, audit: Audit) -> None:
    """Set all sums to zero."""
    for kind in range(KINDS):
        for i in range(w.agents):
            audit.receipts[kind, i] = audit.payments[kind, i] = 0.0
    for i in range(w.agents):
        audit.sold[i] = audit.invested[i] = 0.0
    for r in range(w.relations):
        audit.billed[r] = 0.0
    audit.crossing = 0.0
    audit.placed = 0.0
    audit.unsigned = 0


@compiled
def _add_kinds(w: World, audit: Audit) -> None:
    """Add up receipts and payments over all kinds, and over those that are sales or capital spending."""
    for i in range(w.agents):
        received, spent, column = 0.0, 0.0, 0.0
        for kind in range(KINDS):
            receipt, payment = audit.receipts[kind, i], audit.payments[kind, i]
            received += receipt
            spent += payment
            column += receipt - payment
        audit.received[i], audit.spent[i], audit.column[i] = received, spent, column
    for kind in SALE_KINDS:
        for i in range(w.agents):
            audit.sold[i] += audit.receipts[kind, i]
    for kind in CAPEX_KINDS:
        for i in range(w.agents):
            audit.invested[i] += audit.payments[kind, i]


@compiled
def take_audit(w: World, ledger: Ledger, audit: Audit) -> None:
    """Add up the quarter's postings."""
    _reset(w, audit)
    crossing, placed, unsigned = 0.0, 0.0, 0
    firms = w.firms
    for k in range(ledger.postings):
        payer, payee, tag = as_index(ledger.payer[k]), as_index(ledger.payee[k]), as_index(ledger.tag[k])
        amount = ledger.amount[k]
        kind, equation, relation = kind_of_tag(tag), equation_of_tag(tag), relation_of_tag(tag)
        audit.payments[kind, payer] += amount
        audit.receipts[kind, payee] += amount
        if relation >= 0:
            audit.billed[relation] += amount
        enters = payee < firms
        if enters != (payer < firms):
            crossing += amount if enters else -amount
        if equation == PLACED:
            placed += amount if payer == w.government else -amount
        if not (equation > 0 and amount > 0.0):
            unsigned += 1
    audit.crossing, audit.placed, audit.unsigned = crossing, placed, unsigned
    _add_kinds(w, audit)
