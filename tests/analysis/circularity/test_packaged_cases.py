"""The teaching case by hand, and what must hold for the packaged evidence."""

import dataclasses

import pytest

from cardhouse.analysis.circularity.report import Circularity, measure_circularity
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case
from cardhouse.network.checks import check_network
from cardhouse.network.dollars import Dollars
from cardhouse.network.instrument import Status, Tag, View


@pytest.fixture(scope="module")
def teaching() -> Circularity:
    return measure_circularity(load_case("three_firm_ring").snapshot)


@pytest.fixture(scope="module")
def evidence() -> Case:
    return load_case("ai_2026")


@pytest.fixture(scope="module")
def measured(evidence: Case) -> Circularity:
    return measure_circularity(evidence.snapshot)


def test_the_loop_of_the_teaching_case(teaching: Circularity):
    # anvil gives 10 and promises 5 more, beacon promises 40 (24 firm), cumulus orders 20 (12 firm)
    loop = teaching.loops[0]
    assert loop.firms == ("anvil", "beacon", "cumulus")
    assert loop.dollars(View.HEADLINE) == Dollars(15.0, 15.0, 15.0)
    assert loop.dollars(View.BINDING) == Dollars(10.0, 10.0, 10.0)
    # with the tranche paid 15 could start, but only 12 of the chips are firm: 2 more than the 10
    assert loop.dollars(View.CONDITIONAL) == Dollars(2.0, 2.0, 2.0)


def test_cycling_in_the_teaching_case(teaching: Circularity):
    headline, binding = teaching.networks
    # headline: anvil takes in 25 (20 + 5) and passes on 15, beacon passes on all of its 40, cumulus 20 of 55 (40 + 15)
    assert headline.cycling_index.value == pytest.approx((15 / 25) * (20 / 55) * (25 + 40 + 55) / (25 + 40 + 55 + 20))
    # binding: 10 of 17, all of 24, 12 of 39
    assert binding.cycling_index.value == pytest.approx((10 / 17) * (12 / 39) * (17 + 24 + 39) / (17 + 24 + 39 + 20))


def test_circular_share_in_the_teaching_case(teaching: Circularity):
    # Two independent loops: anvil-beacon-cumulus, and bank-cumulus-anvil against bank-anvil. Projecting the flows
    # 15, 40, 20, 15, 5 on them gives 3x + y = 75 and x + 3y = 30, so x = 24.375 and y = 1.875.
    share = (24.375 * 75 + 1.875 * 30) / (15**2 + 40**2 + 20**2 + 15**2 + 5**2)
    assert teaching.networks[0].circular_share.value == pytest.approx(share)


def test_dependence_in_the_teaching_case(teaching: Circularity):
    rows = {row.firm: row for row in teaching.dependences}
    assert rows["beacon"].promised_share.value == pytest.approx(15 / 40)
    assert rows["cumulus"].promised_share.value == pytest.approx(15 / 20)
    # beacon sells 1.5 in the quarter, burns 2 and invests 0.1: it pays out 3.6, of which 2.1 is not covered
    assert rows["beacon"].quarter_gap_share.value == pytest.approx(2.1 / 3.6)


def test_the_packaged_networks_pass_every_check(evidence: Case):
    assert check_network(evidence.snapshot) == ()
    assert check_network(load_case("three_firm_ring").snapshot) == ()


def test_pledges_of_2026_close_the_loops_that_their_sources_describe(measured: Circularity):
    loops = {loop.firms: loop for loop in measured.loops}
    # 15 paid in and 35 on a condition, against 38 and 100 of computing
    assert loops["amazon", "openai"].dollars(View.HEADLINE).value == 50.0
    assert loops["amazon", "openai"].dollars(View.CONDITIONAL).value == 35.0
    # 13 paid in and 20 on a condition, against 100
    assert loops["amazon", "anthropic"].dollars(View.HEADLINE).value == 33.0
    # 13 of funding against 250 of computing
    assert loops["microsoft", "openai"].dollars(View.HEADLINE) == Dollars(13.0, 13.0, 13.0)
    # 30 of shares, 300 of computing, 40 of chips
    assert loops["nvidia", "openai", "oracle"].dollars(View.HEADLINE) == Dollars(30.0, 30.0, 30.0)


def test_wrong_way_exposure_agrees_with_what_is_reported(measured: Circularity):
    rows = {row.supplier: row for row in measured.wrong_way[View.HEADLINE]}
    # "about 45 percent" of Microsoft's 627 is OpenAI, 30 more are Anthropic
    assert rows["microsoft"].share.value == pytest.approx((282 + 30) / 627, abs=0.005)
    # Anthropic's 200 are "more than 40 percent" of Google Cloud's 462
    assert rows["alphabet"].share.value == pytest.approx(200 / 462, abs=0.005)


def test_every_measure_lies_within_its_bounds(measured: Circularity):
    rows = [row for network in measured.networks for row in dataclasses.astuple(network)[1:5]]
    rows += [dataclasses.astuple(row.share) for row in measured.wrong_way[View.HEADLINE]]
    rows += [dataclasses.astuple(row.share_of_purchases) for row in measured.round_trips[View.HEADLINE]]
    assert len(rows) > 15
    for value, low, high in rows:
        assert low <= value <= high


@pytest.mark.parametrize("mark", ["tag", "status"])
def test_a_headline_that_only_repeats_changes_no_total(evidence: Case, measured: Circularity, mark: str):
    (oracle,) = (row for row in evidence.snapshot.instruments if row.id == "openai__oracle__300")
    change = {"tags": frozenset({Tag.OVERLAP})} if mark == "tag" else {"status": Status.RUMOURED}
    again = dataclasses.replace(oracle, id="openai__oracle__again", **change)
    snapshot = dataclasses.replace(evidence.snapshot, instruments=(*evidence.snapshot.instruments, again))
    found = measure_circularity(snapshot)
    assert dataclasses.replace(found, left_out={}) == dataclasses.replace(measured, left_out={})


def test_filings_alone_support_fewer_loops(measured: Circularity):
    filings = measure_circularity(load_case("ai_2026", tier="filing").snapshot)
    assert len(filings.loops) < len(measured.loops)


def test_a_listed_firm_is_no_group_of_unnamed_members(evidence: Case):
    # a group closes no loop, so a firm taken for one would silently lose its loops
    assert [entity.id for entity in evidence.snapshot.entities if entity.ticker and entity.aggregate] == []
