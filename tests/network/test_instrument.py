import pytest
from tests.network.builders import contract

from cardhouse.network.instrument import Amount, InstrumentKind, Status, Tag, View


@pytest.mark.parametrize("status", [Status.RUMOURED, Status.CANCELLED, Status.LETTER_OF_INTENT, Status.REDUCED])
def test_a_contract_without_live_status_enters_no_total(status: Status):
    assert not contract("a", InstrumentKind.LOAN, "x", "y", 1.0, status=status).counts


@pytest.mark.parametrize("tag", list(Tag))
def test_a_tagged_contract_enters_no_total(tag: Tag):
    assert not contract("a", InstrumentKind.LOAN, "x", "y", 1.0, tags=frozenset({tag})).counts


def test_unknown_is_not_zero():
    assert Amount().central is None
    assert Amount().bounds is None
    assert Amount(0.0).is_known


def test_each_view_has_its_own_amount():
    row = contract("a", InstrumentKind.LOAN, "x", "y", 5.0, binding=Amount(2.0), conditional=Amount(3.0))
    assert [row.amount(view).value for view in View] == [5.0, 2.0, 3.0]
