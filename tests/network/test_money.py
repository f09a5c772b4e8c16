import pytest
from tests.network.builders import contract, ring

from cardhouse.network.instrument import Amount, InstrumentKind, Status, Tag
from cardhouse.network.money import Purpose, money_link, money_links

K = InstrumentKind


@pytest.mark.parametrize(
    ("kind", "payer", "purpose"),
    [
        (K.EQUITY_STAKE, "holder", Purpose.FINANCING),
        (K.WARRANT, "holder", Purpose.FINANCING),
        (K.LOAN, "holder", Purpose.FINANCING),
        (K.BOND, "holder", Purpose.FINANCING),
        (K.VENDOR_CREDIT, "holder", Purpose.FINANCING),
        (K.EQUITY_COMMITMENT, "obligor", Purpose.FINANCING),
        (K.CONDITIONAL_TRANCHE, "obligor", Purpose.FINANCING),
        (K.LEASE, "obligor", Purpose.PURCHASE),
        (K.PURCHASE_COMMITMENT, "obligor", Purpose.PURCHASE),
        (K.CHIP_ORDER, "obligor", Purpose.PURCHASE),
        (K.CUSTOMER_REVENUE, "obligor", Purpose.PURCHASE),
        (K.REVENUE_SHARE, "obligor", Purpose.REVENUE_SHARE),
        (K.GUARANTEE, "obligor", Purpose.SUPPORT),
    ],
)
def test_money_moves_the_right_way(kind: InstrumentKind, payer: str, purpose: Purpose):
    link = money_link(contract("c", kind, "holder", "obligor", 1.0))
    assert (payer, purpose) == (link.payer, link.purpose)
    assert {"holder", "obligor"} == {link.payer, link.payee}


def test_every_kind_of_contract_has_a_direction():
    for kind in InstrumentKind:
        money_link(contract("c", kind, "holder", "obligor", 1.0))


EXTRA = {
    "aggregate": contract("x", K.CHIP_ORDER, "maker", "cloud", 99.0, tags=frozenset({Tag.AGGREGATE})),
    "overlap": contract("x", K.CHIP_ORDER, "maker", "cloud", 99.0, tags=frozenset({Tag.OVERLAP})),
    "superseded": contract("x", K.CHIP_ORDER, "maker", "cloud", 99.0, tags=frozenset({Tag.SUPERSEDED})),
    "rumoured": contract("x", K.CHIP_ORDER, "maker", "cloud", 99.0, status=Status.RUMOURED),
    "sales under a contract": contract("x", K.CUSTOMER_REVENUE, "maker", "cloud", 99.0),
    "ownership without price": contract("x", K.EQUITY_STAKE, "maker", "lab", None, share_percent=21.0),
    "rate of a revenue share": contract("x", K.REVENUE_SHARE, "maker", "lab", None, share_percent=20.0),
    "warrant without price": contract("x", K.WARRANT, "lab", "maker", None, share_percent=10.0),
}


@pytest.mark.parametrize("name", sorted(EXTRA))
def test_money_is_not_counted_twice(name: str):
    assert money_links(ring()) == money_links(ring(EXTRA[name]))


def test_sales_without_a_contract_are_a_link():
    row = contract("x", K.CUSTOMER_REVENUE, "lab", "maker", 1.0)
    assert "x" in [link.instrument.id for link in money_links(ring(row))]


def test_a_priced_warrant_is_a_link():
    row = contract("x", K.WARRANT, "maker", "lab", Amount(2.0, 0.0, 2.0))
    assert "x" in [link.instrument.id for link in money_links(ring(row))]


def test_groups_of_unnamed_firms_are_links_only_on_request():
    row = contract("x", K.BOND, "crowd", "cloud", 7.0)
    assert money_links(ring()) == money_links(ring(row))
    assert "x" in [link.instrument.id for link in money_links(ring(row), with_groups=True)]
