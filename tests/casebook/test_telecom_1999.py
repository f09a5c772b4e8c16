"""The telecom case: facts and a network as known on a day, and a plain word about what it cannot do."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from cardhouse.basics.errors import CaseError
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case
from cardhouse.network.checks import check_network
from cardhouse.network.instrument import InstrumentKind

IN_2002 = dt.date(2002, 11, 30)


@pytest.fixture(scope="module")
def then() -> Case:
    return load_case("telecom_1999", IN_2002)


def test_every_contract_and_every_shippable_figure_is_there(then: Case):
    assert 62 == len(then.relations)
    files = Counter(fact.file for fact in then.all_facts)
    assert (62, 416) == (files["telecom_1999/relations.csv"], files["telecom_1999/figures.csv"])
    assert all(then.fact_uses.get(fact.id) or then.reason_unused(fact.id) for fact in then.all_facts)
    assert not any("LoPucki" in fact.source.title for fact in then.all_facts)


def test_vendors_hold_the_loans_and_carriers_owe_them(then: Case):
    loans = {item.id: item for item in then.snapshot.instruments if item.kind is InstrumentKind.VENDOR_CREDIT}
    drawn, promised = loans["t003"], loans["t001"]
    assert ("lucent_technologies", "winstar_communications") == (drawn.holder, drawn.obligor)
    assert (0.7, 2.0) == (drawn.binding.value, promised.headline.value)
    assert drawn.counts
    assert not promised.counts


def test_a_guarantee_is_called_when_the_customer_fails(then: Case):
    guarantee = next(item for item in then.snapshot.instruments if item.id == "t044")
    assert ("iridium_lenders", "motorola", "iridium") == (guarantee.holder, guarantee.obligor, guarantee.trigger)


def test_the_network_is_sound_and_nothing_of_2003_is_in_it(then: Case):
    assert () == tuple(check_network(then.snapshot))
    assert all(fact.known_on <= IN_2002 for fact in then.register)
    assert len(then.register) < len(then.all_facts)


def test_it_says_that_it_cannot_be_run(then: Case):
    assert any("cannot be run" in note for note in then.notes)
    with pytest.raises(CaseError, match="no parameter ranges"):
        _ = then.priors
    with pytest.raises(CaseError, match="it has none at all"):
        then.require_opening()
