import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cardhouse.analysis.circularity.finn import finn_cycling_index, return_share, throughflow
from cardhouse.analysis.circularity.hodge import hodge_split, reciprocal_share
from cardhouse.analysis.circularity.ratios import (
    funding_dependence,
    outlay_gap_share,
    round_trip_amount,
    round_trip_ratio,
    wrong_way_share,
)
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError


def flows(size: int, **amounts: float) -> FloatArray:
    """Build a flow matrix from letters: ``ab=2.0`` is a payment of 2 from the first to the second firm."""
    matrix = np.zeros((size, size))
    for pair, amount in amounts.items():
        matrix["abcdefgh".index(pair[0]), "abcdefgh".index(pair[1])] = amount
    return matrix


RING = flows(3, ab=2.0, bc=2.0, ca=2.0)
CHAIN = flows(3, ab=2.0, bc=2.0)
TREE = flows(5, ab=3.0, ac=1.0, cd=0.5, ce=4.0)
PAIR = flows(2, ab=5.0, ba=3.0)
# the four firms of the hand-made network: maker, lab, cloud, bank
HAND = flows(4, ab=10.0, bc=12.0, ca=9.0, dc=3.0)

random_flows = arrays(np.float64, (5, 5), elements=st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.0, 7.0]))


def test_finn_is_one_in_a_closed_ring_and_zero_in_a_tree():
    assert [1.0, 0.0] == finn_cycling_index(np.stack([RING, CHAIN])).tolist()
    assert finn_cycling_index(TREE) == 0.0


def test_finn_of_the_hand_made_network():
    # The cloud passes on 9 of the 15 it receives, the lab and the maker pass on all they have: a dollar at any of the
    # three returns with probability 9/15 = 0.6. Throughflow is 10 + 12 + 15 + 3 = 40, of which 0.6 * 37 = 22.2 cycles.
    assert return_share(HAND) == pytest.approx([0.6, 0.6, 0.6, 0.0], rel=1e-12)
    assert throughflow(HAND).tolist() == [10.0, 12.0, 15.0, 3.0]
    assert float(finn_cycling_index(HAND)) == pytest.approx(22.2 / 40.0, rel=1e-12)


def test_finn_of_a_pair_is_what_each_sends_back():
    # of the 5 at each firm 3 come back in a round: the second firm returns 3/5
    assert return_share(PAIR) == pytest.approx([0.6, 0.6], rel=1e-12)


def test_finn_falls_when_money_leaves_the_network():
    leak = np.array([1.0, 0.0, 0.0])
    assert finn_cycling_index(RING, inflow_outside=leak, outflow_outside=leak) < 1.0


def test_two_rings_that_touch_are_one_group():
    two = flows(5, ab=1.0, bc=1.0, ca=1.0, cd=1.0, de=1.0, ec=1.0)
    assert float(finn_cycling_index(two)) == pytest.approx(1.0, rel=1e-9)


def test_payments_to_oneself_are_no_cycle():
    assert finn_cycling_index(flows(2, aa=5.0, ab=1.0)) == 0.0


def test_nothing_flows_nothing_is_measured():
    empty = np.zeros((3, 3))
    assert np.isnan(finn_cycling_index(empty))
    assert np.isnan(hodge_split(empty).circular_share)
    assert np.isnan(reciprocal_share(empty))


def test_hodge_is_one_in_a_ring_and_zero_in_a_tree():
    assert hodge_split(RING).circular_share == pytest.approx(1.0, rel=1e-12)
    assert hodge_split(CHAIN).circular_share == 0.0
    assert hodge_split(TREE).circular_share == 0.0


def test_hodge_of_the_hand_made_network():
    # The bank's loan lies on no loop: it is all gradient. In the triangle the circular flow is the mean of 10, 12 and
    # 9, so the share is 3 * (31/3)**2 over 10**2 + 12**2 + 9**2 + 3**2.
    split = hodge_split(HAND)
    assert float(split.circular[0, 1]) == pytest.approx(31.0 / 3.0, rel=1e-12)
    assert float(split.circular[3, 2]) == pytest.approx(0.0, abs=1e-12)
    assert float(split.circular_share) == pytest.approx(3.0 * (31.0 / 3.0) ** 2 / 334.0, rel=1e-12)


def test_a_loop_of_two_is_seen_by_the_reciprocal_share_only():
    equal = flows(2, ab=4.0, ba=4.0)
    assert reciprocal_share(equal) == 1.0
    assert np.isnan(hodge_split(equal).circular_share)
    assert float(reciprocal_share(PAIR)) == pytest.approx(6.0 / 8.0)


@settings(max_examples=60, deadline=None)
@given(random_flows)
def test_hodge_parts_add_up_and_circular_flow_stays_at_every_firm(payment: FloatArray):
    split = hodge_split(payment)
    net = payment - payment.T
    assert np.allclose(net, split.gradient + split.circular, rtol=0.0, atol=1e-9)
    assert np.allclose(0.0, split.circular.sum(axis=1), rtol=0.0, atol=1e-9)
    assert np.isnan(split.circular_share) or 0.0 <= split.circular_share <= 1.0


@settings(max_examples=60, deadline=None)
@given(random_flows, st.permutations(range(5)))
def test_measures_do_not_depend_on_order_or_currency(payment: FloatArray, order: list[int]):
    other = 1000.0 * payment[np.ix_(order, order)]
    for measure in (finn_cycling_index, reciprocal_share, lambda flow: hodge_split(flow).circular_share):
        first, second = float(measure(payment)), float(measure(other))
        assert np.isnan(first) == np.isnan(second)
        assert np.isnan(first) or first == pytest.approx(second, rel=1e-7, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(random_flows)
def test_return_share_agrees_with_the_textbook_inverse(payment: FloatArray):
    # give every firm a leak, so that the whole matrix can be inverted at once
    np.fill_diagonal(payment, 0.0)
    leak = np.ones(5)
    through = throughflow(payment, outflow_outside=leak, inflow_outside=leak)
    visits = np.linalg.inv(np.eye(5) - payment / through[:, None])
    expected = 1.0 - 1.0 / np.diagonal(visits)
    assert np.allclose(expected, return_share(payment, leak, leak), rtol=0.0, atol=1e-9)


def test_a_series_of_quarters_gives_the_same_as_quarter_by_quarter():
    series = np.stack([HAND, 2.0 * HAND, np.roll(HAND, 1, axis=(0, 1))])
    assert finn_cycling_index(series).tolist() == [float(finn_cycling_index(one)) for one in series]
    assert hodge_split(series).circular_share.tolist() == [float(hodge_split(one).circular_share) for one in series]


@pytest.mark.parametrize("bad", [np.full((2, 2), np.nan), np.full((2, 2), -1.0), np.zeros((2, 3)), np.zeros(3)])
def test_a_matrix_that_is_no_flow_is_refused(bad: FloatArray):
    with pytest.raises(InputError, match="a flow matrix"):
        finn_cycling_index(bad)


def test_round_trip_is_the_smaller_of_gift_and_order():
    given_, bought = flows(2, ab=10.0), flows(2, ba=4.0)
    assert round_trip_amount(given_, bought)[0, 1] == 4.0
    assert round_trip_amount(given_, bought)[1, 0] == 0.0
    ratio = round_trip_ratio(np.stack([given_, 2 * given_]), np.stack([bought, bought]), np.array([16.0, 0.0]))
    assert ratio[:, 0, 1].tolist() == [0.25, 0.25]
    assert np.isnan(ratio[:, 1, 0]).all()


def test_dependence_is_unknown_where_nothing_is_paid():
    assert np.isnan(funding_dependence(np.array(1.0), np.array(0.0)))


@pytest.mark.parametrize(("flow", "capex", "revenue", "share"), [(-4.0, 1.0, 5.0, 0.5), (9.0, 3.0, 20.0, 0.0)])
def test_outlay_gap_share_of_a_firm_that_burns_and_one_that_earns(
    flow: float, capex: float, revenue: float, share: float
):
    assert float(outlay_gap_share(np.array(flow), np.array(capex), np.array(revenue))) == pytest.approx(share)


def test_wrong_way_share_counts_only_buyers_that_the_supplier_finances():
    backlog = flows(3, ab=45.0, ac=55.0)
    assert wrong_way_share(backlog, flows(3, ab=1.0))[0] == pytest.approx(0.45)
    assert wrong_way_share(backlog, flows(3, cb=1.0))[0] == 0.0
    assert wrong_way_share(backlog, flows(3, ab=1.0), np.array([90.0, 0.0, 0.0]))[0] == pytest.approx(0.5)
