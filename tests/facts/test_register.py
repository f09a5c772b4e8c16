import datetime as dt
from typing import Any

import pytest

from cardhouse.basics.errors import FactError
from cardhouse.facts.fact import Fact
from cardhouse.facts.register import Register
from cardhouse.facts.vocabulary import Basis, Dating, Tag, Tier


def fact(name: str, value: float | None, **fields: Any) -> Fact:
    base: dict[str, Any] = {
        "id": name,
        "subject": "acme",
        "metric": "debt",
        "value": value,
        "unit": "usd_bn",
        "period": "CY2025",
        "known_on": dt.date(2026, 1, 31),
        "dating": Dating.STATED,
        "basis": Basis.REPORTED,
        "confidence": Tier.SECONDARY,
    }
    return Fact(**(base | fields))


def test_sources_that_differ_become_a_range_with_the_best_tier_first():
    register = Register([fact("a", 100.0), fact("b", 120.0, confidence=Tier.FILING), fact("c", 90.0)])
    (reading,) = register.conflicts
    assert (120.0, 90.0, 120.0) == (reading.value, reading.low, reading.high)
    assert ("b", "a", "c") == reading.fact_ids


def test_sources_that_agree_are_no_conflict():
    assert () == Register([fact("a", 100.0), fact("b", 100.0)]).conflicts


@pytest.mark.parametrize("tag", [Tag.SUPERSEDED, Tag.OTHER_DEFINITION])
def test_rows_that_measure_something_else_are_not_set_against_others(tag: Tag):
    assert () == Register([fact("a", 100.0), fact("b", 120.0, tags=frozenset({tag}))]).conflicts


def test_a_later_or_weaker_source_brings_no_conflict_into_an_earlier_or_stricter_reading():
    late = fact("b", 120.0, known_on=dt.date(2026, 6, 1))
    firm = fact("c", 90.0, confidence=Tier.FILING)
    register = Register([fact("a", 100.0), late, firm])
    assert {"a", "c"} == {item.id for item in register.known_on(dt.date(2026, 2, 13))}
    assert ["c"] == [item.id for item in register.at_tier("filing")]
    assert () == register.at_tier("filing").conflicts


def test_an_identifier_that_stands_twice_is_refused_with_both_places():
    rows = [fact("a", 1.0, file="x.csv", line=2), fact("a", 2.0, file="y.csv", line=7)]
    with pytest.raises(FactError, match=r"y\.csv:7: id: 'a': .*x\.csv:2"):
        Register(rows)


def test_an_unknown_fact_names_the_nearest():
    with pytest.raises(FactError, match=r"'acme\.debt'"):
        Register([fact("acme.debt", 1.0)]).get("acme.dept")


def test_select_finds_a_contract_from_both_sides():
    contract = fact("loan", 5.0, counterparty="bank", metric="loan")
    register = Register([contract, fact("a", 1.0)])
    assert (contract,) == register.select(subject="bank")
    assert 2 == len(register.select(subject="acme"))
    assert (contract,) == register.select(metric="loan")


def test_unknown_is_a_value_and_not_zero():
    unknown = fact("a", None)
    assert unknown.bounds is None
    assert unknown.central is None
    assert (2.0, 4.0) == fact("b", None, low=2.0, high=4.0).bounds
    assert () == Register([unknown, fact("b", 3.0)]).conflicts
