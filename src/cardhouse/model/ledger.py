"""The ledger of one quarter: dues say who owes whom, postings move money, and nothing else does.

A payment has a *tag*, one integer that says what it is for: its kind (a row of the transaction-flow matrix), the
equation that gave its size, and the relation it runs along. The buffers are allocated once per worker.

>>> ledger, cash = new_ledger(), np.array([10.0, 0.0])
>>> post(ledger, cash, 0, 1, tag_of(Kind.INTEREST, "G0"), 4.0)
>>> cash.tolist(), kind_of_tag(int(ledger.tag[0])) == Kind.INTEREST, equation_of_tag(int(ledger.tag[0]))
([6.0, 4.0], True, 7000)
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.equation import equation_code
from cardhouse.model.layout import ROOM, Annotated, Layout, about, new_record


class Kind(IntEnum):
    """What a payment is: the rows of the transaction-flow matrix, some of them in two parts."""

    AI_CONSUMER = 1
    AI_BUSINESS = 2
    OTHER_SALES = 3
    OTHER_CONSUMPTION = 4
    COMPUTE_RENT = 5
    LEASE = 6
    CHIPS = 7
    CONSTRUCTION = 8
    OPERATING_COST = 9
    WAGES = 10
    TAX = 11
    PUBLIC_SPENDING = 12
    INTEREST = 13
    INCOME_PASSED_ON = 14
    PAYOUT = 15
    NEW_DEBT = 16
    REPAYMENT = 17
    OUTSIDE_EQUITY = 18
    STRATEGIC_EQUITY = 19
    SAVER_CONTRIBUTION = 20
    SAVER_LENDING = 21
    OTHER_CAPEX = 22
    BANKRUPTCY_COST = 23
    STAKE_SALE = 24
    PUBLIC_SUPPORT = 25
    CONTRACT_DAMAGES = 26
    SECURITIES = 27


KINDS = 28
"""Room for kinds: one more than the largest."""

RANK_OF_KIND: IntArray = np.full(KINDS, 1, dtype=np.int64)
"""Seniority of a due, 0 paid first: running costs and tax before service on debt and contracts, deposits last."""
for _kind in (Kind.WAGES, Kind.TAX, Kind.OPERATING_COST):
    RANK_OF_KIND[_kind] = 0
for _kind in (Kind.CHIPS, Kind.CONSTRUCTION, Kind.OTHER_CAPEX, Kind.PAYOUT, Kind.CONTRACT_DAMAGES):
    RANK_OF_KIND[_kind] = 2
RANKS = 3

ROOM_POSTINGS = ROOM["posting"]
ROOM_DUES = ROOM["due"]
ROOM_AGENTS = ROOM["agent"]

# A tag is read for every payment of every quarter: its parts are bits, because shifts are quicker than divisions.
_KIND_SHIFT, _RELATION_SHIFT = 15, 22
_EQUATION_MASK, _KIND_MASK = (1 << _KIND_SHIFT) - 1, (1 << (_RELATION_SHIFT - _KIND_SHIFT)) - 1

K_PAYOUT, K_OTHER_CAPEX = int(Kind.PAYOUT), int(Kind.OTHER_CAPEX)
DEPOSIT = equation_code("C5b")
"""Equation of the down payments on orders."""


class Ledger(Layout, on_lines=True):
    """The postings and the dues of one quarter, in the order in which they arose."""

    postings: Annotated[int, about("count", "number of postings")]
    payer: Annotated[IntArray, about("agent", "who paid", "posting")]
    payee: Annotated[IntArray, about("agent", "who received", "posting")]
    tag: Annotated[IntArray, about("code", "kind, equation and relation of the posting", "posting")]
    amount: Annotated[FloatArray, about("USD bn", "money moved, positive", "posting")]
    dues: Annotated[int, about("count", "number of dues")]
    debtor: Annotated[IntArray, about("agent", "who owes", "due")]
    creditor: Annotated[IntArray, about("agent", "who is owed", "due")]
    due_tag: Annotated[IntArray, about("code", "kind, equation and relation of the due", "due")]
    due_rank: Annotated[IntArray, about("rank", "seniority, 0 paid first", "due")]
    due_amount: Annotated[FloatArray, about("USD bn", "money owed, positive", "due")]
    due_paid: Annotated[FloatArray, about("USD bn", "money paid on the due at settlement", "due")]
    down_payments: Annotated[int, about("place", "dues from here on may be down payments on orders")]
    summed: Annotated[int, about("count", "number of postings that the sums below hold")]
    receipts: Annotated[FloatArray, about("USD bn", "receipts by kind", "agent", "kind")]
    payments: Annotated[FloatArray, about("USD bn", "payments by kind", "agent", "kind")]
    along_relation: Annotated[FloatArray, about("USD bn", "paid along the relation", "relation")]
    plans: Annotated[int, about("count", "number of dues that a firm in need can drop")]
    plan: Annotated[IntArray, about("due", "these dues, in order", "due")]
    payable: Annotated[FloatArray, about("USD bn", "sum of the agent's dues to others", "agent")]
    receivable: Annotated[FloatArray, about("USD bn", "sum of others' dues to the agent", "agent")]
    voids: Annotated[int, about("count", "number of dues of which nothing is left")]
    void: Annotated[IntArray, about("due", "these dues, in order", "due")]
    overflow: Annotated[int, about("switch", "1 if a buffer was full")]


def new_ledger() -> Ledger:
    """Allocate an empty ledger."""
    ledger = new_record(Ledger)
    clear_ledger(ledger)
    return ledger


def tag_of(kind: Kind, equation: str) -> int:
    """Build a tag for a kind of payment and the equation that gives its size; call it at import time."""
    return (int(kind) << _KIND_SHIFT) + equation_code(equation)


@compiled
def along(tag: int, relation: int) -> int:
    """Return the tag of a payment along a relation, given by its number."""
    return tag + ((relation + 1) << _RELATION_SHIFT)


@compiled
def kind_of_tag(tag: int) -> int:
    """Return the kind of payment in a tag."""
    return (tag >> _KIND_SHIFT) & _KIND_MASK


@compiled
def equation_of_tag(tag: int) -> int:
    """Return the code of the equation in a tag."""
    return tag & _EQUATION_MASK


@compiled
def relation_of_tag(tag: int) -> int:
    """Return the number of the relation in a tag, -1 for none."""
    return (tag >> _RELATION_SHIFT) - 1


@compiled
def is_plan(tag: int) -> bool:
    """Tell whether a due with this tag is for something that its debtor can do without: payouts, orders, building.

    Most tags are known when the model is compiled, so that nothing is asked when it runs.
    """
    kind = kind_of_tag(tag)
    return kind == K_PAYOUT or kind == K_OTHER_CAPEX or equation_of_tag(tag) == DEPOSIT  # noqa: PLR1714 a set is slow


@compiled
def clear_ledger(ledger: Ledger) -> None:
    """Begin a quarter with no postings and no dues."""
    ledger.postings = 0
    ledger.dues = 0
    ledger.plans = 0
    ledger.voids = 0
    ledger.overflow = 0
    ledger.down_payments = 0
    ledger.summed = 0
    for i in range(ROOM_AGENTS):
        ledger.payable[i] = ledger.receivable[i] = 0.0


@compiled
def post(ledger: Ledger, cash: FloatArray, payer: int, payee: int, tag: int, amount: float) -> None:
    """Move cash from payer to payee and write the posting. Nothing else in the model moves cash.

    Parameters
    ----------
    ledger : Ledger
        The quarter's ledger.
    cash : array, shape (agent,)
        Cash by agent, changed in place.
    payer, payee : int
        Agents.
    tag : int
        What the payment is for, from :func:`tag_of` and :func:`along`.
    amount : float
        USD bn; nothing happens when it is not positive.
    """
    if amount > 0.0:
        place = ledger.postings
        after = post_at(ledger, place, payer, payee, tag, amount)
        ledger.postings = after
        if after > place:
            move_net(cash, payer, payee, amount)


@compiled
def post_at(ledger: Ledger, place: int, payer: int, payee: int, tag: int, amount: float) -> int:
    """Write a posting at a place; return the next free place, which is the same one when there was no room.

    A caller that writes many postings counts places itself, puts the last one into ``ledger.postings``, and moves the
    cash of what was written with :func:`move_net`.
    """
    if place >= ROOM_POSTINGS:
        ledger.overflow = 1
        return place
    place = as_index(place)
    ledger.payer[place] = payer
    ledger.payee[place] = payee
    ledger.tag[place] = tag
    ledger.amount[place] = amount
    return place + 1


@compiled
def has_room(ledger: Ledger, count: int) -> bool:
    """Tell whether so many postings more fit into the ledger."""
    return ledger.postings + count <= ROOM_POSTINGS


@compiled
def _list_void(ledger: Ledger, k: int) -> None:
    """Add a due of which nothing is left to the list of these, which is in order and short."""
    place = ledger.voids
    while place > 0 and ledger.void[place - 1] > k:
        ledger.void[place] = ledger.void[place - 1]
        place -= 1
    ledger.void[place] = k
    ledger.voids += 1


@compiled
def pay_all_dues(ledger: Ledger, cash: FloatArray, agents: int) -> None:
    """Pay every due as it stands: write its posting, and move the cash of all of them at once.

    The ledger must have room for them; ``cash`` has an entry for each of the agents.
    """
    _post_dues(ledger)
    for i in range(agents):
        cash[i] += ledger.receivable[i] - ledger.payable[i]


@compiled
def _post_dues(ledger: Ledger) -> None:
    """Write a posting for every due of which something is left."""
    place, first = ledger.postings, 0
    for which in range(ledger.voids):
        last = ledger.void[which]
        place = _post_run(ledger, place, first, last)
        first = last + 1
    ledger.postings = _post_run(ledger, place, first, ledger.dues)


@compiled
def _post_run(ledger: Ledger, place: int, first: int, last: int) -> int:
    """Copy the dues from ``first`` to before ``last`` to postings from a place on; return the next free place."""
    count = last - first
    if count <= 0:
        return place
    # one list after another: the machine copies several numbers at once
    begin, place = as_index(first), as_index(place)
    for k in range(count):
        ledger.payer[place + k] = ledger.debtor[begin + k]
    for k in range(count):
        ledger.payee[place + k] = ledger.creditor[begin + k]
    for k in range(count):
        ledger.tag[place + k] = ledger.due_tag[begin + k]
    for k in range(count):
        ledger.amount[place + k] = ledger.due_amount[begin + k]
    return place + count


@compiled
def post_within(ledger: Ledger, payer: int, payee: int, tag: int, amount: float) -> None:
    """Write a posting that is part of a chain of payments made in one instant; :func:`move_net` moves its cash.

    Money that enters and leaves an agent in the same instant does not touch its cash, not even by a rounding error: a
    difference in the last digit can decide, quarters later, on which side of a threshold a firm falls.
    """
    if amount > 0.0:
        ledger.postings = post_at(ledger, ledger.postings, payer, payee, tag, amount)


@compiled
def take(cash: FloatArray, payer: int, amount: float) -> None:
    """Take the cash of a posting from its payer: one of many for one payee, who gets the sum of them by :func:`give`.

    A payee's cash that is fetched and stored for each posting makes the next one wait for it.
    """
    cash[payer] -= amount


@compiled
def give(cash: FloatArray, payee: int, amount: float) -> None:
    """Give a payee the cash of all the postings for which :func:`take` took it from their payers."""
    cash[payee] += amount


@compiled
def move_net(cash: FloatArray, payer: int, payee: int, amount: float) -> None:
    """Move the cash of a posting, or of a chain of postings from its first payer to its last payee.

    The postings of the chain, written with :func:`post_within`, must sum to ``amount`` out of the payer and into the
    payee, and to nothing at every agent between; the identities of cash check that they do.
    """
    if amount > 0.0:
        cash[payer] -= amount
        cash[payee] += amount


@compiled
def owe(ledger: Ledger, debtor: int, creditor: int, tag: int, amount: float) -> None:
    """Write that ``debtor`` owes ``creditor`` money at this quarter's settlement; nothing moves yet."""
    if amount > 0.0:
        ledger.dues = owe_at(ledger, ledger.dues, debtor, creditor, tag, amount)


@compiled
def owe_at(ledger: Ledger, place: int, debtor: int, creditor: int, tag: int, amount: float) -> int:
    """Write a due at a place; return the next free place, which is the same one when there was no room.

    A caller that writes many dues counts places itself and puts the last one into ``ledger.dues``.
    """
    after = enter_due(ledger, place, debtor, creditor, tag, amount)
    if after > place:
        ledger.payable[as_index(debtor)] += amount
    return after


@compiled
def enter_due(ledger: Ledger, place: int, debtor: int, creditor: int, tag: int, amount: float) -> int:
    """Write a due as :func:`owe_at` does, but not yet into what its debtor owes in all.

    For many dues of one debtor in a row: the caller adds them up and writes ``ledger.payable`` once. A sum that is
    fetched and stored for each due makes the next one wait for it.
    """
    if place >= ROOM_DUES:
        ledger.overflow = 1
        return place
    place = as_index(place)
    ledger.debtor[place] = debtor
    ledger.creditor[place] = creditor
    ledger.due_tag[place] = tag
    ledger.due_rank[place] = RANK_OF_KIND[kind_of_tag(tag)]
    ledger.due_amount[place] = amount
    ledger.receivable[as_index(creditor)] += amount
    if is_plan(tag):
        ledger.plan[as_index(ledger.plans)] = place
        ledger.plans += 1
    return place + 1


@compiled
def take_off(ledger: Ledger, k: int, amount: float) -> None:
    """Take an amount off a due: the two sides settle it otherwise, or not at all."""
    ledger.due_amount[k] -= amount
    if amount > 0.0 and ledger.due_amount[k] <= 0.0:
        _list_void(ledger, k)
    ledger.payable[as_index(ledger.debtor[k])] -= amount
    ledger.receivable[as_index(ledger.creditor[k])] -= amount
