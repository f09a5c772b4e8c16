import pytest
from tests.network.builders import contract, ring

from cardhouse.analysis.circularity.edges import money_edges
from cardhouse.analysis.circularity.loops import count_by_length, money_loops
from cardhouse.basics.errors import InputError
from cardhouse.network.dollars import Dollars
from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, Status, Tag, View
from cardhouse.network.money import money_links

K = InstrumentKind


def loops_of(*extra: Instrument, length: int = 4):
    return money_loops(money_edges(money_links(ring(*extra))), length)


def test_the_ring_has_one_loop_with_its_dollars_and_weakest_link():
    (loop,) = loops_of()
    assert loop.firms == ("cloud", "maker", "lab")
    assert Dollars(9.0, 6.0, 9.0) == loop.dollars(View.HEADLINE)
    assert Dollars(4.0, 0.0, 9.0) == loop.dollars(View.BINDING)
    assert (loop.weakest_edge.payer, loop.weakest_edge.payee) == ("cloud", "maker")
    assert loop.weakest_edge.strongest.status is Status.REPORTED
    assert loop.is_financed


def test_a_conditional_tranche_stays_apart_from_what_binds():
    orders = contract("b", K.PURCHASE_COMMITMENT, "bank", "maker", 50.0)
    tranche = contract(
        "t", K.CONDITIONAL_TRANCHE, "maker", "bank", 20.0, binding=Amount(0.0), conditional=Amount(20.0, 0.0, 20.0)
    )
    stake = contract("s", K.EQUITY_STAKE, "bank", "maker", 5.0)
    found = {loop.firms: loop for loop in loops_of(orders, tranche, stake)}
    loop = found["bank", "maker"]
    assert loop.dollars(View.HEADLINE).value == 25.0
    assert Dollars(5.0, 5.0, 5.0) == loop.dollars(View.BINDING)
    assert Dollars(20.0, 0.0, 20.0) == loop.dollars(View.CONDITIONAL)


def test_contracts_of_a_pair_are_one_edge():
    second = contract("two", K.CHIP_ORDER, "maker", "cloud", 2.0)
    (loop,) = loops_of(second)
    assert loop.dollars(View.HEADLINE).value == 10.0
    assert loop.smallest_edge is not None
    assert loop.smallest_edge.payer == "maker"


def test_the_best_contract_of_a_pair_decides_its_strength():
    second = contract("two", K.CHIP_ORDER, "maker", "cloud", 2.0)
    (loop,) = loops_of(second)
    assert (loop.weakest_edge.payer, loop.weakest_edge.payee) == ("lab", "cloud")


def test_an_order_of_unknown_size_leaves_a_loop_without_lower_end():
    order = contract("o", K.PURCHASE_COMMITMENT, "bank", "cloud", None)
    found = {loop.firms: loop for loop in loops_of(order)}
    assert Dollars(3.0, 0.0, 3.0) == found["bank", "cloud"].dollars(View.HEADLINE)


def test_firms_that_only_trade_are_not_called_financed():
    rows = [
        contract("x", K.PURCHASE_COMMITMENT, "bank", "maker", 5.0),
        contract("y", K.PURCHASE_COMMITMENT, "maker", "bank", 5.0),
    ]
    found = {loop.firms: loop for loop in loops_of(*rows)}
    assert not found["bank", "maker"].is_financed


@pytest.mark.parametrize("tag", list(Tag))
def test_a_tagged_row_makes_no_loop(tag: Tag):
    row = contract("x", K.PURCHASE_COMMITMENT, "bank", "cloud", 5.0, tags=frozenset({tag}))
    assert loops_of() == loops_of(row)


def test_loops_longer_than_asked_for_are_left_out():
    assert loops_of(length=2) == ()
    assert count_by_length(loops_of(length=3)) == {3: 1}


@pytest.mark.parametrize("length", [1, 9])
def test_a_length_out_of_range_is_refused(length: int):
    with pytest.raises(InputError, match=f"the length given is {length}"):
        loops_of(length=length)


def test_a_guarantee_is_money_only_if_it_is_called():
    guarantee = contract(
        "g", K.GUARANTEE, "lab", "maker", 6.0, binding=Amount(0.0), conditional=Amount(6.0), trigger="cloud"
    )
    (loop,) = loops_of(guarantee)
    assert loop.dollars(View.HEADLINE).value == 9.0
    backstop = contract("b", K.GUARANTEE, "bank", "cloud", 2.0, binding=Amount(0.0), conditional=Amount(2.0))
    found = {loop.firms: loop for loop in loops_of(backstop)}
    loop = found["bank", "cloud"]
    assert loop.dollars(View.HEADLINE).value == 0.0
    assert loop.dollars(View.CONDITIONAL).value == 2.0
