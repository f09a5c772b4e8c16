from __future__ import annotations

import numpy as np
import pytest

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.analysis.origins import Origins, trace_future, trace_past
from cardhouse.analysis.tracer import assert_origins, flows_of, largest_loops, trace_journals
from cardhouse.analysis.tracing import ORIGINS, Fungibility, trace
from cardhouse.basics.errors import InputError, ModelError
from cardhouse.model.simulate import POSTING, DrawJournal


def journal(*rows: tuple[int, str, str, str, float]) -> DrawJournal:
    postings = np.zeros(len(rows), dtype=POSTING)
    for k, (quarter, payer, payee, kind, amount) in enumerate(rows):
        postings[k]["quarter"], postings[k]["payer"], postings[k]["payee"] = quarter, payer, payee
        postings[k]["kind"], postings[k]["amount"] = kind, amount
    return DrawJournal(postings, {"lab": 0.0, "cloud": 0.0, "people": 9.0, "fund": 9.0}, 0)


BOOK = journal(
    (1, "people", "lab", "ai_consumer", 3.0),
    (1, "fund", "lab", "outside_equity", 1.0),
    (1, "lab", "cloud", "compute_rent", 2.0),
    (1, "cloud", "people", "wages", 0.5),
)


def test_postings_become_flows_of_the_network_by_hand() -> None:
    flow = flows_of(BOOK, ["lab", "cloud"], 1)[0]
    assert flow.revenue.tolist() == [[0.0, 2.0], [0.0, 0.0]]
    assert flow.finance.sum() == 0.0
    assert flow.revenue_from_outside[ORIGINS.index("end_user")].tolist() == [3.0, 0.0]
    assert flow.finance_from_outside[ORIGINS.index("outside_equity")].tolist() == [1.0, 0.0]
    assert flow.to_outside.tolist() == [0.0, 0.5]


def test_three_quarters_of_the_clouds_revenue_began_with_people() -> None:
    found = trace_journals([BOOK], ["lab", "cloud"], 1)
    mixed = list(Fungibility).index(Fungibility.MIXED)
    assert found.organic_share("cloud", 0)[mixed, 0] == pytest.approx(0.75)
    assert found.conservation < 1e-12


@pytest.mark.parametrize("fault", [0.001, np.nan], ids=["lost", "unknown"])
def test_money_that_changes_its_origin_breaks_identity_i11(fault: float) -> None:
    flow = flows_of(BOOK, ["lab", "cloud"], 1)[0]
    nothing = np.zeros((len(ORIGINS), 2))
    found = trace(nothing, [flow], Fungibility.MIXED)[0]
    assert assert_origins(nothing, flow, found) < 1e-12
    place = ORIGINS.index("outside_equity")
    found.cash[place, 0] -= fault
    with pytest.raises(ModelError, match=r"I11 does not hold: dollars of origin 'outside_equity'"):
        assert_origins(nothing, flow, found)


def test_the_origins_of_opening_cash_can_be_given() -> None:
    book = DrawJournal(journal((1, "lab", "cloud", "compute_rent", 2.0)).postings, {"lab": 4.0, "cloud": 0.0}, 0)
    all_from_users = np.eye(len(ORIGINS))[ORIGINS.index("end_user")]
    assert trace_journals([book], ["lab", "cloud"], 1).organic_share("cloud", 0)[0, 0] == 0.0
    given = trace_journals([book], ["lab", "cloud"], 1, {"lab": all_from_users})
    assert given.organic_share("cloud", 0)[0, 0] == pytest.approx(1.0)


def test_a_loop_carries_its_smallest_payment() -> None:
    payments = np.array([[0.0, 7.0, 0.0], [0.0, 0.0, 5.0], [2.0, 4.0, 0.0]])
    loops = largest_loops(payments, ["a", "b", "c"])
    assert [(set(loop.firms), loop.dollars) for loop in loops] == [({"b", "c"}, 4.0), ({"a", "b", "c"}, 2.0)]


@pytest.fixture(scope="module")
def past() -> Origins:
    return trace_past(prepare(Request()), "microsoft")


def test_the_past_is_told_with_unknown_payers_counted_both_ways(past: Origins) -> None:
    low, mixed, high = past.organic_bounds()
    assert 0.0 < low <= mixed <= high <= 1.0 + 1e-12
    assert "cents of each dollar that Microsoft books" in past.sentence()
    assert past.tracing.conservation < 1e-9


def test_a_run_is_traced_and_its_dollars_are_conserved() -> None:
    found = trace_future(prepare(Request(draws=2, quarters=6)), "nvidia")
    low, mixed, high = found.organic_bounds()
    assert 0.0 <= low <= mixed <= high <= 1.0 + 1e-12
    assert found.tracing.conservation < 1e-9
    assert len(found.rows()) == len(ORIGINS)


def test_an_entity_that_is_no_firm_of_the_network_is_refused() -> None:
    with pytest.raises(InputError, match="no firm of the network"):
        trace_past(prepare(Request()), "nvida")


def test_the_network_over_time_is_told_by_hand() -> None:
    """The fund's 1 and people's 3 enter, the lab pays its cloud 2: a chain, so nothing cycles."""
    found = trace_journals([BOOK], ["lab", "cloud"], 1).over_time[0]
    assert found.finn.tolist() == [0.0]
    assert found.reciprocal_share.tolist() == [0.0]
    assert found.round_trip_share.tolist() == [0.0]


def test_finance_that_comes_back_as_a_purchase_is_a_round_trip() -> None:
    """The cloud gives the lab 1, the lab buys 2 from the cloud and sells 3 to people: 1 of 5 sold went round."""
    book = journal(
        (1, "people", "lab", "ai_consumer", 3.0),
        (1, "cloud", "lab", "strategic_equity", 1.0),
        (1, "lab", "cloud", "compute_rent", 2.0),
    )
    funded = DrawJournal(book.postings, {"lab": 0.0, "cloud": 1.0}, 0)
    found = trace_journals([funded], ["lab", "cloud"], 1).over_time[0]
    assert found.round_trip_share[0] == pytest.approx(0.2)
    assert found.reciprocal_share[0] > 0.0
