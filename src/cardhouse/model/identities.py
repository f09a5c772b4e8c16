"""The accounting identities, checked after every quarter of every draw against the postings themselves.

There are sixteen. I11 says where money came from and is asserted by whoever traces it, from the same postings
(:mod:`cardhouse.analysis.tracer`); the other fifteen are asserted here.

Each check returns its largest residual relative to the size of what it compares. A residual that is not a finite number
breaks its identity. The result code names the first identity that is broken. Checks that go agent by agent write their
residuals down and look for the largest afterwards: a loop that only writes works on several agents at once.
"""

from __future__ import annotations

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.compiled import compiled
from cardhouse.model.audit import Audit, take_audit
from cardhouse.model.debts import CLASSES, LAST, LENDERS
from cardhouse.model.ledger import KINDS, Kind, Ledger
from cardhouse.model.state import State
from cardhouse.model.world import World

TOLERANCE = 1e-9
"""Largest relative residual of an identity."""
BROKEN = 1e9
"""Residual of an identity that is broken outright."""
IDENTITIES = 16
K_INTEREST, K_NEW_DEBT, K_REPAYMENT = int(Kind.INTEREST), int(Kind.NEW_DEBT), int(Kind.REPAYMENT)


@compiled
def gap(left: float, right: float, scale: float) -> float:
    """Difference of two sums relative to a scale; broken outright when it is not a finite number.

    >>> gap(1.0, 1.5, 10.0), gap(float("nan"), 1.0, 1.0) == BROKEN
    (0.05, True)
    """
    size = max(abs(scale), 1.0)
    residual = abs(left - right) / size
    return residual if residual < BROKEN else BROKEN


@compiled(inline=True)
def worst_of(gaps: FloatArray, count: int) -> float:
    """Return the largest of the first residuals, 0 if there are none."""
    worst = 0.0
    for k in range(count):
        worst = max(worst, gaps[k])
    return worst


@compiled
def rows_sum_to_zero(audit: Audit) -> float:
    """I1: what one agent pays under a heading, others receive."""
    for kind in range(KINDS):
        received, spent = audit.kind_received[kind], audit.kind_spent[kind]
        audit.gaps[kind] = gap(received, spent, received + spent)
    return worst_of(audit.gaps, KINDS)


@compiled
def columns_sum_to_zero(w: World, before: State, now: State, audit: Audit) -> float:
    """I2: an agent's receipts less payments under all headings are its change of deposits."""
    for i in range(w.agents):
        size = audit.received[i] + abs(before.cash[i])
        audit.gaps[i] = gap(audit.column[i], now.cash[i] - before.cash[i], size)
    return worst_of(audit.gaps, w.agents)


@compiled(inline=True)
def _cash_gap(before: float, now: float, issued: float, received: float, spent: float) -> float:
    """Return the larger residual of an agent's cash: against its flows, and against the least that it may hold."""
    size = abs(before) + received + spent
    return max(gap(before + received - spent, now, size), gap(min(0.0, now + issued), 0.0, size + issued))


@compiled
def cash_follows_postings(w: World, before: State, now: State, audit: Audit) -> float:
    """I3: cash is what it was, plus receipts, less payments; nobody's is negative after settlement.

    The government may owe: its cash is negative by no more than the liquid securities it has issued.
    """
    for i in range(w.agents):
        audit.gaps[i] = _cash_gap(before.cash[i], now.cash[i], 0.0, audit.received[i], audit.spent[i])
    i = w.government
    audit.gaps[i] = _cash_gap(before.cash[i], now.cash[i], now.securities_issued, audit.received[i], audit.spent[i])
    return worst_of(audit.gaps, w.agents)


@compiled(any_order=True)
def debt_rolls_forward(w: World, before: State, now: State, ledger: Ledger, gaps: FloatArray) -> float:
    """I4: debt is what it was, plus new, less repaid and written off, on both sides and in every view."""
    for i in range(w.firms):
        by_rung, by_lender, by_class = 0.0, 0.0, 0.0
        # a year at a time: no addition waits for more than the one a year before
        for rung in range(0, LAST, 4):
            first, second = now.debt[i, rung] + now.debt[i, rung + 1], now.debt[i, rung + 2] + now.debt[i, rung + 3]
            by_rung += first + second
        # all slots, those that nobody uses too: a fixed count is quicker than a loop
        for slot in range(LENDERS):
            by_lender += now.debt_by_lender[i, slot]
        for debt_class in range(CLASSES):
            by_class += now.debt_by_class[i, debt_class]
        size = before.debt_total[i] + ledger.receipts[i, K_NEW_DEBT]
        total, rolled = now.debt_total[i], size - ledger.payments[i, K_REPAYMENT] - now.debt_relief[i]
        apart = abs(by_rung - total) + abs(by_lender - total) + abs(by_class - total) + abs(rolled - total)
        gaps[i] = gap(apart, 0.0, size)
    return worst_of(gaps, w.firms)


@compiled
def owners_sum_to_one(w: World, now: State, gaps: FloatArray) -> float:
    """I5: the shares of a firm's owners sum to one."""
    stake, whole = now.stake, w.agents - w.agents % 4
    for j in range(w.firms):
        gaps[j] = 0.0
    # four owners at a time: a sum is fetched and stored less often
    for i in range(0, whole, 4):
        for j in range(w.firms):
            gaps[j] += (stake[i, j] + stake[i + 1, j]) + (stake[i + 2, j] + stake[i + 3, j])
    for i in range(whole, w.agents):
        for j in range(w.firms):
            gaps[j] += stake[i, j]
    for j in range(w.firms):
        gaps[j] = gap(gaps[j], 1.0, 1.0)
    return worst_of(gaps, w.firms)


@compiled
def net_worth_balances(w: World, now: State, gaps: FloatArray) -> float:
    """I6: book equity, rolled forward by income and issues, equals assets less liabilities."""
    for i in range(w.firms):
        fixed = now.chips_book[i] + now.shells_book[i] + now.construction[i] + now.other_property[i]
        assets = now.cash[i] + fixed + now.stake_book[i] + now.other_net_assets[i]
        size = now.cash[i] + fixed + abs(now.stake_book[i]) + abs(now.other_net_assets[i]) + now.debt_total[i]
        gaps[i] = gap(assets - now.debt_total[i] - now.lease_liability[i], now.book_equity[i], size)
    return worst_of(gaps, w.firms)


@compiled(any_order=True)
def commitments_roll_forward(w: World, before: State, now: State, ledger: Ledger, gaps: FloatArray) -> float:
    """I7: commitments given equal backlog received; a backlog moves by what is signed, billed, cancelled, expired."""
    given, received = 0.0, 0.0
    for r in range(w.relations):
        gone = ledger.along_relation[r] + now.cancelled[r] + now.expired[r]
        moved = gap(before.backlog[r] + now.signed[r] - gone, now.backlog[r], before.backlog[r])
        gaps[r] = max(moved, gap(min(0.0, now.backlog[r]), 0.0, before.backlog[r]))
    for i in range(w.agents):
        given += now.commitments_given[i]
        received += now.backlog_received[i]
    return max(worst_of(gaps, w.relations), gap(given, received, given))


@compiled
def capacity_rolls_forward(w: World, before: State, now: State, audit: Audit) -> float:
    """I8: capacity moves by energised and retired; property moves by capital spending, wear and write-downs."""
    for i in range(w.firms):
        physical = before.capacity[i] + now.energised[i] - now.retired[i]
        old = before.chips_book[i] + before.shells_book[i] + before.construction[i] + before.other_property[i]
        new = now.chips_book[i] + now.shells_book[i] + now.construction[i] + now.other_property[i]
        rolled = old + audit.invested[i] - now.depreciation[i] - now.impairment[i]
        moved = gap(physical, now.capacity[i], before.capacity[i])
        audit.gaps[i] = max(moved, gap(rolled, new, old + audit.invested[i]))
    return worst_of(audit.gaps, w.firms)


@compiled(any_order=True)
def sector_consolidates(w: World, before: State, now: State, audit: Audit) -> float:
    """I9: the sector's cash changes only by money that crosses its border."""
    change, size = 0.0, 0.0
    for i in range(w.firms):
        change += now.cash[i] - before.cash[i]
        size += audit.received[i] + abs(before.cash[i])
    return gap(change, audit.crossing, size)


@compiled
def _all_paid(ledger: Ledger) -> bool:
    """Tell whether every due was paid to the cent; a NaN counts as not paid."""
    unpaid = 0
    for k in range(ledger.dues):
        unpaid += ledger.due_paid[k] != ledger.due_amount[k]
    return unpaid == 0


@compiled
def waterfall_holds(w: World, ledger: Ledger, least: FloatArray) -> float:
    """I10: nobody gets more than owed, and no junior due is paid while a senior one of the same debtor is short."""
    if _all_paid(ledger):
        return 0.0
    worst, short = 0.0, False
    for i in range(w.firms):
        least[i] = 99.0
    for k in range(ledger.dues):
        amount, paid = ledger.due_amount[k], ledger.due_paid[k]
        worst = max(worst, gap(max(paid, amount), amount, amount))
        worst = max(worst, gap(min(paid, 0.0), 0.0, amount))
        if amount - paid > TOLERANCE * max(1.0, amount):
            short = True
            least[ledger.debtor[k]] = min(least[ledger.debtor[k]], float(ledger.due_rank[k]))
    if short:
        for k in range(ledger.dues):
            if ledger.due_rank[k] > least[ledger.debtor[k]]:
                worst = max(worst, gap(ledger.due_paid[k], 0.0, ledger.due_amount[k]))
    return worst


@compiled(any_order=True)
def stakes_are_solved(w: World, now: State, gaps: FloatArray) -> float:
    """I12: a firm is worth its own value and its stakes, and what outsiders hold is worth what is really there."""
    outside, underlying = 0.0, 0.0
    if now.stakes_solved <= 0.0:
        return 0.0
    for i in range(w.firms):
        held = 0.0
        for j in range(w.firms):
            held += now.stake[i, j] * now.market_value[j]
        gaps[i] = gap(now.own_value[i] + held, now.market_value[i], now.market_value[i])
        outside += now.market_value[i] - held
        underlying += now.own_value[i]
    return max(worst_of(gaps, w.firms), gap(outside, underlying, underlying))


@compiled(any_order=True)
def index_adds_up(w: World, before: State, now: State) -> float:
    """I13: index weights sum to one with the rest of the index, and the index moves by the weighted returns."""
    weight, moved, after = 0.0, 0.0, 0.0
    for i in range(w.firms):
        weight += before.index_weight[i]
        after += now.index_weight[i]
        if now.market_value_before[i] > 0.0:
            price = (now.market_value[i] - now.equity_raised[i]) / now.market_value_before[i] - 1.0
            moved += before.index_weight[i] * price
    total = moved + (1.0 - weight) * now.rest_return
    rest = (1.0 - weight) * (1.0 + now.rest_return) / (1.0 + now.index_return)
    return max(gap(total, now.index_value / before.index_value - 1.0, 1.0), gap(after + rest, 1.0, 1.0))


@compiled(any_order=True)
def losses_are_shared(w: World, before: State, now: State) -> float:
    """I14: holders lose what issuers lost, and lenders lose what was written off."""
    held, lost, lenders, relief, size = 0.0, 0.0, 0.0, 0.0, 1.0
    for i in range(w.agents):
        held += now.equity_loss[i] - before.equity_loss[i]
        lenders += now.lender_loss[i]
    for i in range(w.firms):
        lost += now.market_value_before[i] - (now.market_value[i] - now.equity_raised[i])
        relief += now.debt_relief[i]
        size += now.market_value_before[i]
    return max(gap(held, lost, size), gap(lenders, relief, relief))


@compiled(any_order=True)
def world_nets_to_zero(w: World, before: State, now: State, audit: Audit) -> float:
    """I15: every financial claim has a debtor.

    Money is neither made nor lost, lenders' claims are firms' debts, and the securities that the government owes are
    those it was paid for.
    """
    money, money_before, claims, debts = 0.0, 0.0, 0.0, 0.0
    for i in range(w.agents):
        money += now.cash[i]
        money_before += before.cash[i]
    for i in range(w.firms):
        debts += now.debt_total[i]
        for slot in range(LENDERS):
            claims += now.debt_by_lender[i, slot]
    owed = gap(before.securities_issued + audit.placed, now.securities_issued, before.securities_issued)
    return max(gap(money, money_before, money_before), gap(claims, debts, debts), owed)


@compiled
def metrics_follow_postings(w: World, now: State, ledger: Ledger, audit: Audit) -> float:
    """I16: every posting carries an equation, and reported figures are sums of postings."""
    for i in range(w.firms):
        sold = gap(audit.sold[i], now.revenue[i], audit.sold[i])
        invested = gap(audit.invested[i], now.capex[i], audit.invested[i])
        interest = ledger.payments[i, K_INTEREST]
        audit.gaps[i] = max(sold, invested, gap(interest, now.interest_paid[i], interest))
    return max(worst_of(audit.gaps, w.firms), BROKEN if audit.unsigned > 0 else 0.0)


@compiled
def _residuals(w: World, before: State, now: State, ledger: Ledger, audit: Audit, found: FloatArray) -> None:
    """Write the residual of every identity, at its number less one."""
    found[0] = rows_sum_to_zero(audit)
    found[1] = columns_sum_to_zero(w, before, now, audit)
    found[2] = cash_follows_postings(w, before, now, audit)
    found[3] = debt_rolls_forward(w, before, now, ledger, audit.gaps)
    found[4] = owners_sum_to_one(w, now, audit.gaps)
    found[5] = net_worth_balances(w, now, audit.gaps)
    found[6] = commitments_roll_forward(w, before, now, ledger, audit.gaps)
    found[7] = capacity_rolls_forward(w, before, now, audit)
    found[8] = sector_consolidates(w, before, now, audit)
    found[9] = waterfall_holds(w, ledger, audit.least)
    # I11, money by origin, is asserted where origins are traced: in the analysis of a run's postings
    found[10] = 0.0
    found[11] = stakes_are_solved(w, now, audit.gaps)
    found[12] = index_adds_up(w, before, now)
    found[13] = losses_are_shared(w, before, now)
    found[14] = world_nets_to_zero(w, before, now, audit)
    found[15] = metrics_follow_postings(w, now, ledger, audit)


@compiled
def first_broken(w: World, before: State, now: State, ledger: Ledger, audit: Audit) -> tuple[int, float]:
    """Hold an audit against the state: number of the first identity that is broken, 0 if none, and largest residual."""
    _residuals(w, before, now, ledger, audit, audit.residual)
    first, largest = 0, 0.0
    for k in range(IDENTITIES):
        residual = audit.residual[k]
        # written so that a NaN counts as broken
        if first == 0 and not residual <= TOLERANCE:
            first = k + 1
        largest = max(largest, residual)
    return first, largest


@compiled
def check_identities(w: World, before: State, now: State, ledger: Ledger, audit: Audit) -> tuple[int, float]:
    """Check all identities of one quarter.

    Parameters
    ----------
    w : World
        The world.
    before, now : State
        The state at the start and at the end of the quarter.
    ledger : Ledger
        The quarter's postings and dues.
    audit : Audit
        Scratch memory, overwritten with sums over the postings.

    Returns
    -------
    (int, float)
        Number of the first identity that is broken, 0 if all hold; the largest residual.
    """
    take_audit(w, ledger, audit)
    return first_broken(w, before, now, ledger, audit)
