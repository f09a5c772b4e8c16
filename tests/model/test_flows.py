"""The transaction-flow matrix of a quarter: each posting is added up once, whenever it was written."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.model.flows import add_up_flows
from cardhouse.model.layout import new_record
from cardhouse.model.ledger import Kind, Ledger, along, clear_ledger, new_ledger, post, tag_of
from cardhouse.model.world import World

INTEREST, RENT = tag_of(Kind.INTEREST, "G0"), tag_of(Kind.COMPUTE_RENT, "D1")


@pytest.fixture
def world() -> World:
    world = new_record(World)
    world.agents, world.firms, world.relations = 3, 2, 2
    return world


def paid(ledger: Ledger, payer: int, payee: int, tag: int, amount: float) -> None:
    post(ledger, np.array([100.0, 100.0, 100.0]), payer, payee, tag, amount)


def test_postings_written_after_the_first_reading_are_added_once(world: World):
    ledger = new_ledger()
    paid(ledger, 0, 1, along(RENT, 1), 4.0)
    paid(ledger, 0, 1, along(RENT, 1), 0.5)
    add_up_flows(world, ledger)
    assert ledger.receipts[1, Kind.COMPUTE_RENT] == ledger.payments[0, Kind.COMPUTE_RENT] == 4.5
    paid(ledger, 1, 2, INTEREST, 2.0)
    add_up_flows(world, ledger)
    add_up_flows(world, ledger)
    assert ledger.receipts[:3].sum() == ledger.payments[:3].sum() == 6.5
    assert ledger.payments[1, Kind.INTEREST] == ledger.receipts[2, Kind.INTEREST] == 2.0
    assert ledger.along_relation[:2].tolist() == [0.0, 4.5]


def test_a_new_quarter_begins_from_zero(world: World):
    ledger = new_ledger()
    paid(ledger, 0, 1, along(RENT, 0), 4.0)
    add_up_flows(world, ledger)
    clear_ledger(ledger)
    paid(ledger, 1, 0, INTEREST, 1.0)
    add_up_flows(world, ledger)
    assert ledger.payments[:3].sum() == 1.0
    assert ledger.along_relation[:2].tolist() == [0.0, 0.0]
