import numpy as np
import pytest
from tests.network.builders import contract, ring

from cardhouse.basics.errors import NetworkError
from cardhouse.network.instrument import Amount, InstrumentKind, View
from cardhouse.network.matrices import EntityIndex, edge_arrays, exposure_matrix, payment_matrix
from cardhouse.network.money import money_links

LOAN = InstrumentKind.LOAN


def test_exposure_runs_from_creditor_to_debtor():
    index = EntityIndex(("bank", "firm"))
    exposure = exposure_matrix([contract("l", LOAN, "bank", "firm", 4.0)], index)
    assert [[0.0, 4.0], [0.0, 0.0]] == exposure.central.tolist()


def test_payment_runs_from_payer_to_payee():
    snapshot = ring()
    index = EntityIndex.of(snapshot)
    payment = payment_matrix(money_links(snapshot), index)
    expected = {("maker", "lab"): 10.0, ("lab", "cloud"): 12.0, ("cloud", "maker"): 9.0, ("bank", "cloud"): 3.0}
    for (payer, payee), amount in expected.items():
        assert amount == payment.central[index.position(payer), index.position(payee)]
    assert sum(expected.values()) == payment.central.sum()


def test_amounts_of_a_pair_are_added_and_unknown_ones_counted():
    index = EntityIndex(("bank", "firm"))
    rows = [
        contract("l", LOAN, "bank", "firm", Amount(4.0, 3.0, 6.0)),
        contract("m", LOAN, "bank", "firm", 1.0),
        contract("n", LOAN, "bank", "firm", None),
    ]
    found = exposure_matrix(rows, index)
    sums = (found.central[0, 1], found.low[0, 1], found.high[0, 1], found.unknown[0, 1])
    assert (5.0, 4.0, 7.0, 1) == sums


def test_edge_arrays_hold_nan_where_the_amount_is_unknown():
    rows = [contract("l", LOAN, "bank", "firm", 4.0), contract("m", LOAN, "bank", "firm", None)]
    edges = edge_arrays(rows, EntityIndex(("firm", "bank")))
    assert [1, 1] == edges.creditor.tolist()
    assert [0, 0] == edges.debtor.tolist()
    assert 4.0 == edges.central[0]
    assert np.isnan([edges.central[1], edges.low[1], edges.high[1]]).all()
    assert ("l", "m") == edges.instrument_ids


def test_edge_arrays_of_no_contracts_are_empty():
    assert (0,) == edge_arrays([], EntityIndex(("a",)), View.BINDING).central.shape


def test_sums_do_not_depend_on_the_order_of_entities():
    rows = [contract("l", LOAN, "a", "b", 1.0), contract("m", LOAN, "b", "c", 2.0), contract("n", LOAN, "a", "c", 5.0)]
    first = exposure_matrix(rows, EntityIndex(("a", "b", "c"))).central
    second = exposure_matrix(rows, EntityIndex(("c", "a", "b"))).central
    assert np.array_equal(first, second[np.ix_([1, 2, 0], [1, 2, 0])])


def test_a_name_outside_the_index_is_refused():
    with pytest.raises(NetworkError, match=r"no entity 'frm' in the index: did you mean 'firm'\?"):
        exposure_matrix([contract("l", LOAN, "bank", "frm", 4.0)], EntityIndex(("bank", "firm")))


def test_a_name_that_stands_twice_is_refused():
    with pytest.raises(NetworkError, match="twice: a"):
        EntityIndex(("a", "b", "a"))
