"""The ledger: paying all dues at once is paying them one by one, and what it counts along the way is right."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.model.ledger import (
    Kind,
    Ledger,
    along,
    clear_ledger,
    has_room,
    new_ledger,
    owe,
    pay_all_dues,
    post,
    tag_of,
    take_off,
)

AGENTS = 6
RENT = tag_of(Kind.COMPUTE_RENT, "D1")
WAGES = tag_of(Kind.WAGES, "E1")
PAYOUT = tag_of(Kind.PAYOUT, "E4b")
OTHER_CAPEX = tag_of(Kind.OTHER_CAPEX, "C5")
DEPOSIT = tag_of(Kind.CHIPS, "C5b")
TAGS = (along(RENT, 0), WAGES, PAYOUT, OTHER_CAPEX, DEPOSIT)


def random_dues(seed: int) -> Ledger:
    """Write forty dues, then take off a part of some and the whole of others, in no order."""
    rng = np.random.default_rng(seed)
    ledger = new_ledger()
    for _ in range(40):
        debtor, creditor = rng.choice(AGENTS, 2, replace=False)
        owe(ledger, int(debtor), int(creditor), TAGS[rng.integers(len(TAGS))], float(rng.uniform(0.1, 9.0)))
    for k in rng.choice(40, 8, replace=False):
        take_off(ledger, int(k), float(ledger.due_amount[k]) * rng.choice((0.25, 1.0)))
    return ledger


def postings(ledger: Ledger) -> list[tuple[int, int, int, float]]:
    return [
        (int(ledger.payer[k]), int(ledger.payee[k]), int(ledger.tag[k]), float(ledger.amount[k]))
        for k in range(ledger.postings)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_paying_all_dues_at_once_is_paying_them_one_by_one(seed: int):
    together, one_by_one = random_dues(seed), random_dues(seed)
    cash, other = np.full(AGENTS, 100.0), np.full(AGENTS, 100.0)
    pay_all_dues(together, cash, AGENTS)
    for k in range(one_by_one.dues):
        due = one_by_one
        post(due, other, int(due.debtor[k]), int(due.creditor[k]), int(due.due_tag[k]), float(due.due_amount[k]))
    assert 30 <= together.postings < 40
    assert postings(together) == postings(one_by_one)
    assert cash == pytest.approx(other, rel=1e-13)


@pytest.mark.parametrize("seed", range(3))
def test_balances_are_the_sums_of_the_dues(seed: int):
    ledger = random_dues(seed)
    for i in range(AGENTS):
        amount = ledger.due_amount[: ledger.dues]
        assert ledger.payable[i] == pytest.approx(amount[ledger.debtor[: ledger.dues] == i].sum())
        assert ledger.receivable[i] == pytest.approx(amount[ledger.creditor[: ledger.dues] == i].sum())


def test_a_new_quarter_begins_without_dues():
    ledger = random_dues(0)
    clear_ledger(ledger)
    assert (ledger.dues, ledger.plans, ledger.voids, ledger.postings) == (0, 0, 0, 0)
    assert not ledger.payable.any()
    assert not ledger.receivable.any()


def test_what_a_firm_can_do_without_is_listed():
    ledger = new_ledger()
    for tag in TAGS:
        owe(ledger, 0, 1, tag, 1.0)
    listed = [int(ledger.due_tag[ledger.plan[place]]) for place in range(ledger.plans)]
    assert listed == [PAYOUT, OTHER_CAPEX, DEPOSIT]


def test_dues_of_which_nothing_is_left_are_listed_once_and_in_order():
    ledger = new_ledger()
    for _ in range(5):
        owe(ledger, 0, 1, WAGES, 1.0)
    for k in (3, 1, 4, 1):
        take_off(ledger, k, float(ledger.due_amount[k]))
    assert ledger.void[: ledger.voids].tolist() == [1, 3, 4]


def test_room_ends_where_the_list_ends():
    ledger = new_ledger()
    ledger.postings = ledger.payer.size - 3
    assert has_room(ledger, 3)
    assert not has_room(ledger, 4)
