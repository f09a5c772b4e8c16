"""The audit of a quarter: sums taken anew from the postings, for the identities to be checked against."""

from __future__ import annotations

from cardhouse.basics.arrays import IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.model.layout import ROOM, Annotated, FloatArray, Layout, about
from cardhouse.model.ledger import Kind, Ledger, equation_of_tag, kind_of_tag, relation_of_tag
from cardhouse.model.world import World

K_INTEREST, K_NEW_DEBT, K_REPAYMENT = int(Kind.INTEREST), int(Kind.NEW_DEBT), int(Kind.REPAYMENT)
CAPEX_FIRST, CAPEX_SECOND, CAPEX_THIRD = int(Kind.CHIPS), int(Kind.CONSTRUCTION), int(Kind.OTHER_CAPEX)
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
    """Sums over the postings of one quarter; ``flow`` is the transaction-flow matrix with receipts positive."""

    flow: Annotated[FloatArray, about("USD bn", "receipts less payments by kind", "kind", "agent")]
    used: Annotated[IntArray, about("switch", "1 if the kind occurs", "kind")]
    column: Annotated[FloatArray, about("USD bn", "receipts less payments of all kinds", "agent")]
    received: Annotated[FloatArray, about("USD bn", "all receipts", "agent")]
    spent: Annotated[FloatArray, about("USD bn", "all payments", "agent")]
    borrowed: Annotated[FloatArray, about("USD bn", "new debt received", "agent")]
    repaid: Annotated[FloatArray, about("USD bn", "debt repaid", "agent")]
    sold: Annotated[FloatArray, about("USD bn", "sales received", "agent")]
    invested: Annotated[FloatArray, about("USD bn", "capital spending paid", "agent")]
    interest: Annotated[FloatArray, about("USD bn", "interest paid", "agent")]
    billed: Annotated[FloatArray, about("USD bn", "paid along the relation", "relation")]
    least: Annotated[FloatArray, about("rank", "lowest rank with an unpaid due", "agent")]
    residual: Annotated[FloatArray, about("share", "residual of each identity", "identity")]
    crossing: Annotated[float, about("USD bn", "money that entered the sector less money that left it")]
    unsigned: Annotated[int, about("count", "postings without an equation, or not positive")]


@compiled
def _reset(w: World, audit: Audit) -> None:
    """Set all sums to zero."""
    for i in range(w.agents):
        audit.received[i] = audit.spent[i] = audit.borrowed[i] = audit.repaid[i] = 0.0
        audit.sold[i] = audit.invested[i] = audit.interest[i] = 0.0
    for kind in range(KINDS):
        audit.used[kind] = 0
    for r in range(w.relations):
        audit.billed[r] = 0.0
    audit.crossing = 0.0
    audit.unsigned = 0


@compiled
def _add_kind(audit: Audit, kind: int, payer: int, payee: int, amount: float) -> None:
    """Add one posting to the sums of its kind."""
    if kind == K_INTEREST:
        audit.interest[payer] += amount
    elif kind == K_NEW_DEBT:
        audit.borrowed[payee] += amount
    elif kind == K_REPAYMENT:
        audit.repaid[payer] += amount
    if kind in SALE_KINDS:
        audit.sold[payee] += amount
    if kind in (CAPEX_FIRST, CAPEX_SECOND, CAPEX_THIRD):
        audit.invested[payer] += amount


@compiled
def take_audit(w: World, ledger: Ledger, audit: Audit) -> None:
    """Add up the quarter's postings."""
    _reset(w, audit)
    for k in range(ledger.postings):
        payer, payee, amount, tag = ledger.payer[k], ledger.payee[k], ledger.amount[k], ledger.tag[k]
        kind = kind_of_tag(tag)
        if audit.used[kind] == 0:
            audit.used[kind] = 1
            for i in range(w.agents):
                audit.flow[kind, i] = 0.0
        audit.flow[kind, payer] -= amount
        audit.flow[kind, payee] += amount
        audit.spent[payer] += amount
        audit.received[payee] += amount
        _add_kind(audit, kind, payer, payee, amount)
        relation = relation_of_tag(tag)
        if relation >= 0:
            audit.billed[relation] += amount
        if payer >= w.firms and payee < w.firms:
            audit.crossing += amount
        elif payer < w.firms and payee >= w.firms:
            audit.crossing -= amount
        if equation_of_tag(tag) <= 0 or not amount > 0.0:
            audit.unsigned += 1
