"""Settlement: everyone pays what is due; who falls short draws lines, sells, and at last passes the shortfall on."""

from __future__ import annotations

from cardhouse.basics.arrays import IntArray
from cardhouse.basics.compiled import as_index, compiled
from cardhouse.contagion.clearing import (
    SETTLED,
    ClaimList,
    ClearingWorkspace,
    EstateRates,
    clear_into,
)
from cardhouse.model.blocks.bridging import anyone_short, bridge_shortfalls, forgo, net_positions
from cardhouse.model.blocks.default import judge_solvency, name_defaults
from cardhouse.model.debts import shrink
from cardhouse.model.equations.default import bankruptcy_cost
from cardhouse.model.gates import Gates
from cardhouse.model.layout import Annotated, FloatArray, Layout, about, new_record
from cardhouse.model.ledger import (
    RANKS,
    Kind,
    Ledger,
    has_room,
    kind_of_tag,
    move_net,
    pay_all_dues,
    post,
    post_at,
    relation_of_tag,
    tag_of,
)
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.result_codes import NOT_CONVERGED
from cardhouse.model.rounding import remainder
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import LENDER, World

BANKRUPTCY = tag_of(Kind.BANKRUPTCY_COST, "J2")
K_REPAYMENT = int(Kind.REPAYMENT)


class Clearing(Layout):
    """Memory for the settlement, one record per worker; see :class:`~cardhouse.contagion.clearing.ClearingWorkspace`.

    It is a record because arrays that came from Python are counted each time they are handed on.
    """

    outside: Annotated[FloatArray, about("USD bn", "cash before the settlement", "agent")]
    outside_recovery_rate: Annotated[FloatArray, about("share", "part of it that reaches creditors", "agent")]
    inside_recovery_rate: Annotated[FloatArray, about("share", "part of receipts that reaches creditors", "agent")]
    is_due: Annotated[IntArray, about("switch", "1: due now", "due")]
    payment: Annotated[FloatArray, about("USD bn", "money paid", "due")]
    received: Annotated[FloatArray, about("USD bn", "money received", "agent")]
    default_wave: Annotated[IntArray, about("wave", "wave of default, -1 solvent", "agent")]
    report: Annotated[FloatArray, about("number", "waves, sweeps, residual", "clearing_report")]
    owed: Annotated[FloatArray, about("USD bn", "money owed by rank", "agent", "rank")]
    share: Annotated[FloatArray, about("share", "part of it that is paid", "agent", "rank")]
    owed_due: Annotated[FloatArray, about("USD bn", "money owed now", "agent")]
    previous: Annotated[FloatArray, about("USD bn", "estate a sweep earlier", "agent")]
    place: Annotated[IntArray, about("row", "row of the firm in the system", "agent")]
    system: Annotated[FloatArray, about("number", "linear equations of the estates", "agent", "unknown")]


def new_clearing() -> Clearing:
    """Allocate memory for settlements of the largest world."""
    clearing = new_record(Clearing)
    clearing.is_due[:] = 1
    return clearing


@compiled
def _clear(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger, clearing: Clearing) -> None:
    """Find what is paid on every due when some firms cannot pay in full (J2)."""
    burning = gate.default_clearing
    for i in range(w.agents):
        clearing.outside[i] = max(0.0, s.cash[i])
        fresh = i < w.firms and s.status[i] < DEFAULT
        clearing.outside_recovery_rate[i] = 1.0 - burning * (1.0 - par.outside_recovery_rate) if fresh else 1.0
        clearing.inside_recovery_rate[i] = 1.0 - burning * (1.0 - par.inside_recovery_rate) if fresh else 1.0
    n = ledger.dues
    claims = ClaimList(
        ledger.debtor[:n],
        ledger.creditor[:n],
        ledger.due_rank[:n],
        ledger.due_amount[:n],
        clearing.is_due[:n],  # type: ignore[arg-type]  # records hold whole numbers for switches
    )
    rates = EstateRates(clearing.outside_recovery_rate, clearing.inside_recovery_rate)
    space = ClearingWorkspace(
        clearing.payment,
        clearing.received,
        clearing.default_wave,
        clearing.report,
        clearing.owed,
        clearing.share,
        clearing.owed_due,
        clearing.previous,
        clearing.place,
        clearing.system,
    )
    code = clear_into(clearing.outside[: w.agents], claims, rates, space)
    if code != SETTLED and s.code == 0:
        s.code = NOT_CONVERGED
    for k in range(n):
        ledger.due_paid[k] = clearing.payment[k]


@compiled
def _pay_in_full(w: World, s: State, ledger: Ledger) -> None:
    """Pay every due as it stands, when everybody has the money: what :func:`_pay` does, without looking for gaps."""
    pay_all_dues(ledger, s.cash, w.agents)
    # bills of contracts are the first dues of a quarter; identity I7 breaks if one comes later
    for k in range(ledger.dues):
        relation = relation_of_tag(as_index(ledger.due_tag[k]))
        if relation < 0:
            break
        s.billed[relation] += ledger.due_amount[k]
    for i in range(w.firms):
        s.principal_paid[i] = s.principal_due[i]


@compiled
def _pay(w: World, s: State, ledger: Ledger) -> None:
    """Post what is paid on every due, and book what is not."""
    for i in range(w.agents):
        s.principal_paid[i] = 0.0
    place = ledger.postings
    for k in range(ledger.dues):
        debtor, creditor, tag = as_index(ledger.debtor[k]), as_index(ledger.creditor[k]), as_index(ledger.due_tag[k])
        amount, paid = ledger.due_amount[k], ledger.due_paid[k]
        if paid > 0.0:
            after = post_at(ledger, place, debtor, creditor, tag, paid)
            if after > place:
                move_net(s.cash, debtor, creditor, paid)
            place = after
        relation = relation_of_tag(tag)
        if relation >= 0:
            s.billed[relation] += paid
        if kind_of_tag(tag) == K_REPAYMENT:
            s.principal_paid[debtor] += paid
        if paid != amount:
            _book_unpaid(w, s, ledger, k, remainder(amount, paid))
    ledger.postings = place


@compiled
def _burn(w: World, s: State, ledger: Ledger, clearing: Clearing) -> None:
    """Pay the costs of bankruptcy of firms that fail in this settlement (J2)."""
    for i in range(w.firms):
        if clearing.default_wave[i] >= 0:
            cost = bankruptcy_cost(
                clearing.outside[i],
                clearing.received[i],
                clearing.outside_recovery_rate[i],
                clearing.inside_recovery_rate[i],
            )
            post(ledger, s.cash, i, w.suppliers, BANKRUPTCY, min(cost, max(0.0, s.cash[i])))


@compiled
def _book_unpaid(w: World, s: State, ledger: Ledger, k: int, unpaid: float) -> None:
    """Book the part of a due that will never be paid, if there is one; unpaid principal stays a debt."""
    if not unpaid > 0.0:
        return
    debtor, creditor, tag = ledger.debtor[k], ledger.creditor[k], ledger.due_tag[k]
    relation = relation_of_tag(tag)
    if relation >= 0:
        s.cancelled[relation] += unpaid
    if kind_of_tag(tag) != K_REPAYMENT:
        s.claims_unpaid[debtor] += unpaid
        s.claims_lost[creditor] += unpaid
        if w.role[creditor] == LENDER:
            s.income_lost[creditor] += unpaid


@compiled
def _is_short(s: State, i: int) -> bool:
    """Tell whether a firm that failed in an earlier quarter lacks money for its dues."""
    return bool(s.status[i] >= DEFAULT and s.net_position[i] < 0.0)


@compiled
def _share_by_rank(s: State, i: int) -> None:
    """Find what part of its dues of each rank a failed firm can pay."""
    left = s.net_position[i]
    for rank in range(RANKS):
        left += s.rank_owed[i, rank]
    for rank in range(RANKS):
        paid = min(max(left, 0.0), s.rank_owed[i, rank])
        s.rank_share[i, rank] = paid / s.rank_owed[i, rank] if s.rank_owed[i, rank] > 0.0 else 1.0
        left -= paid


@compiled
def _receivers_pay_what_they_can(w: World, s: State, ledger: Ledger) -> bool:
    """Cut the dues of firms that failed before to what their money covers, by rank; tell whether any was cut.

    They cannot fail again, so there is no need to clear the whole network for them.
    """
    found = 0
    for i in range(w.firms):
        found += 1 if _is_short(s, i) else 0
    if found == 0:
        return False
    for i in range(w.firms):
        for rank in range(RANKS):
            s.rank_owed[i, rank] = 0.0
            s.rank_share[i, rank] = 1.0
    for k in range(ledger.dues):
        s.rank_owed[as_index(ledger.debtor[k]), as_index(ledger.due_rank[k])] += ledger.due_amount[k]
    for i in range(w.firms):
        if _is_short(s, i):
            _share_by_rank(s, i)
    for k in range(ledger.dues):
        share = s.rank_share[as_index(ledger.debtor[k]), as_index(ledger.due_rank[k])]
        if share < 1.0:
            unpaid = ledger.due_amount[k] * (1.0 - share)
            forgo(w, s, ledger, k, unpaid)
            _book_unpaid(w, s, ledger, k, unpaid)
    return True


@compiled(cache=True)
def settle(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger, clearing: Clearing) -> None:
    """Pay all dues of the quarter, in full where money suffices, else by the clearing rule; then name defaults."""
    for i in range(w.agents):
        s.income_lost[i] = 0.0
    short = net_positions(w, s, ledger)
    cut = short and _receivers_pay_what_they_can(w, s, ledger)
    if cut:
        short = anyone_short(w, s)
    if short:
        short = bridge_shortfalls(w, gate, par, s, ledger)
    if short:
        _clear(w, gate, par, s, ledger, clearing)
    else:
        for k in range(ledger.dues):
            ledger.due_paid[k] = ledger.due_amount[k]
    if short or cut or not has_room(ledger, ledger.dues):
        _pay(w, s, ledger)
    else:
        _pay_in_full(w, s, ledger)
    if short:
        _burn(w, s, ledger, clearing)
    for i in range(w.firms):
        shrink(s, i, 0, s.principal_paid[i])
        wave = clearing.default_wave[i] if short else -1
        judge_solvency(w, par, s, i, wave)
    name_defaults(w, gate, par, s)
