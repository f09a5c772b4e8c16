"""The packaged case: nothing of the evidence is lost, and every row has a use or a reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case
from cardhouse.facts.vocabulary import Basis, RelationKind
from cardhouse.network.checks import check_network


@pytest.fixture(scope="module")
def newest() -> Case:
    return load_case("ai_2026")


@pytest.fixture(scope="module")
def february() -> Case:
    return load_case("ai_2026", dt.date(2026, 2, 13))


def test_every_collected_row_is_in_the_case(newest: Case):
    files = Counter(fact.file for fact in newest.all_facts)
    assert (848, 331) == (files["ai_2026/firms.csv"], files["ai_2026/parameters.csv"])
    assert 259 == sum(not relation.fact.id.endswith(".before") for relation in newest.relations)
    assert 260 == len(newest.relations) == files["ai_2026/relations.csv"]
    assert len(newest.entities) >= 225


def test_all_kinds_of_contract_keep_their_number_of_rows(newest: Case):
    kinds = Counter(item.kind for item in newest.relations if not item.fact.id.endswith(".before"))
    assert 38 == kinds[RelationKind.EQUITY_STAKE]
    commitments = (RelationKind.EQUITY_COMMITMENT, RelationKind.CONDITIONAL_TRANCHE, RelationKind.WARRANT)
    assert 38 == sum(kinds[kind] for kind in commitments)
    assert 53 == sum(kinds[kind] for kind in (RelationKind.LOAN, RelationKind.BOND, RelationKind.VENDOR_CREDIT))
    others = {
        RelationKind.PURCHASE_COMMITMENT: 54,
        RelationKind.CHIP_ORDER: 25,
        RelationKind.LEASE: 17,
        RelationKind.GUARANTEE: 16,
        RelationKind.CUSTOMER_REVENUE: 12,
        RelationKind.REVENUE_SHARE: 6,
    }
    assert others == {kind: kinds[kind] for kind in others}


def test_both_opening_balances_are_complete(newest: Case, february: Case):
    assert 1127 == len(newest.opening)
    assert 1119 == len(february.opening)
    assert ("2026Q1", "2025Q4") == (str(newest.base_quarter), str(february.base_quarter))


def test_every_row_is_used_or_says_why_not(newest: Case):
    contracts = {relation.fact.id: relation for relation in newest.relations}
    for fact in newest.all_facts:
        relation = contracts.get(fact.id)
        reason = relation.left_out() if relation else newest.reason_unused(fact.id)
        assert newest.fact_uses.get(fact.id) or reason is not None, fact.id


def test_headline_binding_and_conditional_amounts_are_three_fields(newest: Case):
    tranche = next(item for item in newest.relations if item.fact.id == "amazon__openai__round2026_tranche2")
    assert (35.0, 0.0, 35.0) == (tranche.headline.value, tranche.binding.value, tranche.conditional.value)
    contract = next(item for item in newest.relations if item.fact.id == "anthropic__spacex__colossus")
    assert (45.0, None, 3.75) == (contract.headline.value, contract.binding.value, contract.binding.low)


def test_every_assumption_has_a_range_and_a_reason(newest: Case):
    assumed = [row for row in newest.opening if row.basis is Basis.ASSUMED and row.unit != "text"]
    assert len(assumed) > 400
    for row in assumed:
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.value <= row.high
        assert row.reason or row.formula


@pytest.mark.parametrize("tier", ["all", "filing"])
@pytest.mark.parametrize("day", [None, dt.date(2026, 2, 13)])
def test_the_network_passes_every_named_check(day: dt.date | None, tier: str):
    assert () == tuple(check_network(load_case("ai_2026", day, tier).snapshot))


def test_february_shows_the_letter_of_intent_that_was_cancelled_later(newest: Case, february: Case):
    then = {item.id: item for item in february.snapshot.instruments}
    assert "letter_of_intent" == then["nvidia__openai__loi_100.before"].status
    assert not then["nvidia__openai__loi_100.before"].counts
    assert "cancelled" == {item.id: item for item in newest.snapshot.instruments}["nvidia__openai__loi_100"].status


def test_figures_from_memory_are_no_evidence(newest: Case):
    for fact in newest.all_facts:
        assert not fact.id.startswith("u_")
        assert (
            "memory" not in fact.note.replace("memory makers", "").replace("memory prices", "") or "chips" in fact.note
        )
        assert fact.basis is Basis.ASSUMED or (fact.source.title and fact.source.address), fact.id
