"""Every named check is seen red by the smallest fault that it is there for, and green on a sound network."""

import datetime as dt
import re
from typing import Any

import pytest
from tests.network.builders import cell, contract, entity, network, ring

from cardhouse.basics.errors import NetworkError
from cardhouse.network.checks import CHECKS, check_network, require_sound
from cardhouse.network.instrument import Amount, InstrumentKind, Tag
from cardhouse.network.snapshot import NetworkSnapshot

A, B = entity("a"), entity("b")
STAKE, LOAN, GUARANTEE = InstrumentKind.EQUITY_STAKE, InstrumentKind.LOAN, InstrumentKind.GUARANTEE


def _with(**fields: Any):
    return network([A, B], [contract("c", LOAN, "a", "b", fields.pop("amount", 1.0), **fields)])


FAULTS = {
    "NET001": network([A, A, B], []),
    "NET002": network([A, B], [contract("c", LOAN, "a", "b", 1.0), contract("c", LOAN, "b", "a", 1.0)]),
    "NET003": network([entity("A b"), B], []),
    "NET004": network([A], [contract("c", LOAN, "a", "bb", 1.0)]),
    "NET005": network([A, B], [contract("c", LOAN, "a", "a", 1.0)]),
    "NET006": _with(amount=-1.0),
    "NET007": _with(amount=Amount(1.0, 2.0, 3.0)),
    "NET008": _with(share_percent=101.0),
    "NET009": _with(start=dt.date(2026, 1, 2), end=dt.date(2026, 1, 1)),
    "NET010": _with(as_of=dt.date(2026, 2, 14)),
    "NET011": network([entity("a", parent="b"), entity("b", parent="a")], []),
    "NET012": _with(take_or_pay_share=1.5),
    "NET013": _with(fact_ids=()),
    "NET014": _with(amount=1.0, binding=Amount(2.0)),
    "NET015": network(
        [A, B, entity("d")],
        [
            contract("s", STAKE, "a", "d", 1.0, share_percent=60.0),
            contract("t", STAKE, "b", "d", 1.0, share_percent=60.0),
        ],
    ),
    "NET016": network([A, B], [contract("g", GUARANTEE, "a", "b", 1.0, trigger="nobody")]),
    "NET017": network([A], [], {"a": {"cash": cell(float("nan"))}}),
    "NET018": network([entity("a", agent="c")], [], {"a": {"cash": cell(1.0)}}),
    "NET019": network([A], [], {"a": {"cash": cell(1.0, basis="assumed", formula="")}}),
}


def test_every_check_has_a_fault_that_shows_it_red():
    assert [check.code for check in CHECKS] == sorted(FAULTS)


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_the_check_finds_its_fault_and_no_other_check_does(code: str):
    assert {code} == {finding.code for finding in check_network(FAULTS[code])}


@pytest.mark.parametrize(
    "snapshot",
    [
        _with(amount=float("inf")),
        _with(amount=Amount(1.0, float("nan"))),
    ],
)
def test_an_amount_that_is_not_finite_is_found(snapshot: NetworkSnapshot):
    assert "NET006" in {finding.code for finding in check_network(snapshot)}


def test_an_unknown_parent_is_found():
    assert ["NET011"] == [finding.code for finding in check_network(network([entity("a", parent="z")], []))]


def test_a_network_without_faults_passes():
    require_sound(ring())


def test_repeated_stakes_are_allowed_when_tagged_as_overlap():
    rows = [
        contract("s", STAKE, "a", "b", 1.0, share_percent=60.0),
        contract("t", STAKE, "a", "b", 1.0, share_percent=60.0, tags=frozenset({Tag.OVERLAP})),
    ]
    assert () == check_network(network([A, B], rows))


def test_a_guarantee_may_be_called_by_a_condition_in_words():
    row = contract("g", GUARANTEE, "a", "b", 1.0, trigger="the capacity cannot be sold")
    assert () == check_network(network([A, B], [row]))


def test_all_findings_are_raised_at_once_with_rule_value_and_remedy():
    faulty = network([A], [contract("c", LOAN, "a", "aa", -1.0)])
    with pytest.raises(NetworkError) as caught:
        require_sound(faulty)
    text = str(caught.value)
    assert re.search(r"NET004: c: obligor: 'aa': both parties .* Did you mean 'a'\?", text)
    assert "NET006: c: headline: '-1'" in text
