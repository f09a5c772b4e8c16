"""The identities of the ledger: they hold on a real quarter, and each catches the fault that is planted for it.

I11, money by origin, is asserted where origins are traced: see the test of the tracer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cardhouse.basics.quarter import Quarter
from cardhouse.casebook.load import load_case
from cardhouse.model.agents import model_agents
from cardhouse.model.audit import Audit, take_audit
from cardhouse.model.chunk import BEFORE, NOW, new_journal
from cardhouse.model.identities import BROKEN, IDENTITIES, check_identities, first_broken, gap
from cardhouse.model.layout import new_record
from cardhouse.model.ledger import equation_of_tag
from cardhouse.model.packing import new_results
from cardhouse.model.parameters import as_records
from cardhouse.model.setup import build_setup
from cardhouse.model.simulate import run_in
from cardhouse.scenarios.path import neutral_paths

Pieces = tuple[Any, Any, Any, Any]
STRANGER = 39
"""A place among the agents that the world leaves empty."""
IN_THE_ANALYSIS = {11}
"""Identities that the model does not assert itself."""


@pytest.fixture(scope="module")
def quarter() -> Pieces:
    case = load_case("three_firm_ring")
    agents, _ = model_agents(case.snapshot)
    base: Quarter = case.snapshot.base_quarter
    quarters = [base + k for k in range(1, 5)]
    setup = build_setup(case.snapshot, case.priors, neutral_paths(quarters, agents), 4, 3)
    results = new_results(setup.size_of_results(1))
    space = run_in(setup, as_records(case.priors.values[None, :]), np.array([1]), results, new_journal(0))
    return setup.world[0], space.states[BEFORE], space.states[NOW], space.ledgers[0]


def audited(quarter: Pieces, plant: Callable[[Any, Any, Any], None]) -> int:
    """Plant a fault between the audit and the judgement: what a wrong sum over postings would look like."""
    world, *rest = quarter
    before, now, ledger = (np.array([piece], dtype=piece.dtype).view(np.recarray) for piece in rest)
    audit = new_record(Audit)
    take_audit(world, ledger[0], audit)
    plant(before[0], now[0], audit)
    return int(first_broken(world, before[0], now[0], ledger[0], audit)[0])


def judged(quarter: Pieces, plant: Callable[[Any, Any, Any], None] | None = None) -> tuple[int, float]:
    world, *rest = quarter
    before, now, ledger = (np.array([piece], dtype=piece.dtype).view(np.recarray) for piece in rest)
    if plant is not None:
        plant(before[0], now[0], ledger[0])
    ledger[0].summed = 0  # read every posting again, with the fault
    number, residual = check_identities(world, before[0], now[0], ledger[0], new_record(Audit))
    return int(number), float(residual)


def test_all_identities_hold_on_a_quarter_that_was_run(quarter: Pieces):
    number, residual = judged(quarter)
    assert number == 0
    assert residual < 1e-12


def lose_cash(before: Any, now: Any, ledger: Any) -> None:
    now.cash[1] -= 0.001


def pay_a_stranger(before: Any, now: Any, ledger: Any) -> None:
    """Send money to nobody of this world."""
    ledger.payee[0] = STRANGER


def owe_cash(before: Any, now: Any, ledger: Any) -> None:
    """Leave a firm with less than nothing at both ends of the quarter: every flow still adds up."""
    held = now.cash[1] + 50.0
    before.cash[1] -= held
    now.cash[1] -= held


def owe_securities_nobody_bought(before: Any, now: Any, ledger: Any) -> None:
    now.securities_issued += 0.001


def forget_debt(before: Any, now: Any, ledger: Any) -> None:
    now.debt_by_lender[2, 0] += 0.001


def give_shares(before: Any, now: Any, ledger: Any) -> None:
    now.stake[0, 1] += 0.001


def polish_equity(before: Any, now: Any, ledger: Any) -> None:
    now.book_equity[0] += 0.001


def sign_in_secret(before: Any, now: Any, ledger: Any) -> None:
    now.backlog[0] += 0.001


def build_for_nothing(before: Any, now: Any, ledger: Any) -> None:
    now.capacity[2] += 0.001


def pay_too_much(before: Any, now: Any, ledger: Any) -> None:
    ledger.due_paid[0] = 1.5 * ledger.due_amount[0]


def invent_value(before: Any, now: Any, ledger: Any) -> None:
    now.own_value[1] += 1.0


def move_index(before: Any, now: Any, ledger: Any) -> None:
    now.index_value *= 1.001


def hide_a_loss(before: Any, now: Any, ledger: Any) -> None:
    now.equity_loss[3] += 1.0


def inflate_revenue(before: Any, now: Any, ledger: Any) -> None:
    now.revenue[0] += 0.001


def drop_the_equation(before: Any, now: Any, ledger: Any) -> None:
    ledger.tag[0] -= equation_of_tag(int(ledger.tag[0]))


def leave_alone(before: Any, now: Any, audit: Any) -> None:
    return


def let_money_in_unseen(before: Any, now: Any, audit: Any) -> None:
    audit.crossing += 0.001


PLANTED = [
    (1, pay_a_stranger),
    (3, owe_cash),
    (15, owe_securities_nobody_bought),
    (2, lose_cash),
    (4, forget_debt),
    (5, give_shares),
    (6, polish_equity),
    (7, sign_in_secret),
    (8, build_for_nothing),
    (10, pay_too_much),
    (12, invent_value),
    (13, move_index),
    (14, hide_a_loss),
    (16, inflate_revenue),
    (16, drop_the_equation),
]


@pytest.mark.parametrize(("number", "plant"), PLANTED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_planted_fault_is_found_by_its_identity(quarter: Pieces, number: int, plant: Callable[[Any, Any, Any], None]):
    found, residual = judged(quarter, plant)
    assert found == number
    assert residual > 1e-9


def test_money_that_crosses_the_border_unseen_breaks_the_sectors_account(quarter: Pieces):
    assert audited(quarter, leave_alone) == 0
    assert audited(quarter, let_money_in_unseen) == 9


def test_every_identity_of_the_model_has_been_seen_to_break():
    assert {number for number, _ in PLANTED} | {9} == set(range(1, IDENTITIES + 1)) - IN_THE_ANALYSIS


def test_a_number_that_is_not_finite_breaks_an_identity(quarter: Pieces):
    def lose_count(before: Any, now: Any, ledger: Any) -> None:
        now.debt[2, 5] = np.nan

    assert judged(quarter, lose_count)[0] == 4


def test_a_gap_without_a_number_counts_as_broken():
    assert gap(float("nan"), 0.0, 1.0) == BROKEN
    assert gap(float("inf"), 0.0, 1.0) == BROKEN
    assert gap(2.0, 1.0, 4.0) == 0.25
