import datetime as dt

import pytest

from cardhouse.basics.errors import Problem
from cardhouse.basics.tables import Row, Table
from cardhouse.facts.dating import Collection
from cardhouse.facts.figures import Setting
from cardhouse.facts.relation import RELATION_COLUMNS, LeftOut, Relation, read_relations
from cardhouse.facts.vocabulary import Tag

SETTING = Setting({"acme", "bank"}, Collection(dt.date(2026, 7, 3), 40))
LOAN = {
    "id": "bank__acme__loan",
    "kind": "loan",
    "holder": "bank",
    "obligor": "acme",
    "headline": "10",
    "binding": "10",
    "status": "signed",
    "as_of": "2026-01-05",
    "basis": "reported",
    "source_title": "A page",
    "source_url": "https://example.org/a",
    "source_date": "2026-01-06",
    "tier": "filing",
}


def relation(**cells: str) -> Relation:
    row = Row("relations.csv", 2, dict.fromkeys(RELATION_COLUMNS, "") | LOAN | cells)
    problems: list[Problem] = []
    (found,) = read_relations(Table("relations.csv", RELATION_COLUMNS, (row,)), SETTING, problems)
    assert not problems
    return found


def test_a_plain_contract_counts():
    assert relation().left_out() is None


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"tags": "aggregate"}, LeftOut.AGGREGATE),
        ({"tags": "valuation doubtful"}, LeftOut.VALUATION),
        ({"tags": "actual"}, LeftOut.ACTUAL),
        ({"tags": "overlap"}, LeftOut.OVERLAP),
        ({"tags": "superseded"}, LeftOut.SUPERSEDED),
        ({"status": "rumoured"}, LeftOut.RUMOURED),
        ({"status": "letter_of_intent"}, LeftOut.LETTER_OF_INTENT),
        ({"status": "cancelled"}, LeftOut.CANCELLED),
        ({"status": "reduced"}, LeftOut.REDUCED),
        ({"headline": "", "binding": ""}, LeftOut.NO_AMOUNT),
    ],
)
def test_a_contract_that_does_not_count_says_why(cells: dict[str, str], reason: LeftOut):
    assert reason is relation(**cells).left_out()


def test_doubt_alone_does_not_leave_a_contract_out():
    doubted = relation(tags="doubtful")
    assert doubted.left_out() is None
    assert doubted.fact.counts


def test_an_overlap_counts_while_the_other_row_is_unknown():
    row = relation(tags="overlap", overlap_of="other; another")
    assert row.left_out({"bank__acme__loan"}) is None
    assert LeftOut.OVERLAP is row.left_out({"another"})
    assert Tag.OVERLAP not in row.tags_when_known(set())


def test_the_holder_has_the_claim_and_the_obligor_owes():
    fact = relation().fact
    assert ("bank", "acme", "loan", 10.0) == (fact.subject, fact.counterparty, fact.metric, fact.value)
