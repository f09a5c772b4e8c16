"""A case read as of a day holds nothing that became known later, and filtered readings rest on what they say."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.basics.errors import CaseError
from cardhouse.casebook.build import LOST_SUPPORT
from cardhouse.casebook.case import Case
from cardhouse.casebook.folder import Folder, find_case, read_folder
from cardhouse.casebook.load import load_case, parse_known_on, read_as_of
from cardhouse.facts.vocabulary import FILING_TIERS, Basis, Dating, TierFilter
from cardhouse.network.instrument import Status, Tag

FEBRUARY = dt.date(2026, 2, 13)


@pytest.fixture(scope="module")
def folder() -> Folder:
    return read_folder(find_case("ai_2026"))


@pytest.fixture(scope="module")
def february(folder: Folder) -> Case:
    return read_as_of(folder, FEBRUARY, TierFilter.ALL)


@given(offset=st.integers(min_value=-500, max_value=200))
@settings(max_examples=12, deadline=None)
def test_no_fact_or_page_of_a_later_day_is_in_a_reading(folder: Folder, offset: int):
    day = FEBRUARY + dt.timedelta(days=offset)
    case = read_as_of(folder, day, TierFilter.ALL)
    assert len(case.register) == sum(fact.known_on <= day for fact in case.all_facts)
    for fact in case.register:
        assert fact.as_of is None or fact.as_of <= day
        page = fact.source.date
        later = page is not None and min(page, case.newest_day) > day
        assert not later or fact.dating is Dating.VOUCHED, fact.id
    for item in case.snapshot.instruments:
        assert item.fact_ids[0] in case.register
    for items in case.snapshot.balances.values():
        for cell in items.values():
            assert all(name in case.register for name in cell.fact_ids)


def test_a_month_counts_from_its_last_day(folder: Folder):
    fact = next(fact for fact in folder.facts if fact.id == "openai__suppliers__compute_1400")
    assert dt.date(2025, 11, 30) == fact.known_on


def test_an_account_on_an_undated_page_counts_from_the_reporting_lag(folder: Folder):
    lagged = [fact for fact in folder.facts if fact.dating is Dating.AS_OF_WITH_LAG]
    assert len(lagged) > 100
    for fact in lagged:
        assert fact.as_of is not None
        assert fact.source.date is None
        assert fact.known_on == min(fact.as_of + dt.timedelta(days=40), folder.case.collected_until)


def test_an_undated_row_counts_only_from_the_end_of_the_collection(folder: Folder):
    cited = [fact for fact in folder.facts if fact.basis is not Basis.ASSUMED]
    undated = [fact for fact in cited if not fact.as_of_text and not fact.source.date_text]
    assert undated
    assert {folder.case.collected_until} == {fact.known_on for fact in undated}


def test_february_is_the_world_before_the_openai_round(february: Case):
    present = {item.id for item in february.snapshot.instruments}
    assert "nvidia__openai__round2026" not in present
    assert "openai__amazon__aws_100" not in present
    assert {"openai__amazon__aws_38", "openai__microsoft__azure_250"} <= present
    assert "2025Q4" == str(february.base_quarter)


def test_a_row_counts_until_the_row_that_repeats_it_is_known(folder: Folder, february: Case):
    then = {item.id: item for item in february.snapshot.instruments}
    now = {item.id: item for item in read_as_of(folder, None, TierFilter.ALL).snapshot.instruments}
    name = "openai__oracle__300_first_report"
    assert then[name].counts
    assert Tag.OVERLAP in now[name].tags
    assert now["openai__oracle__300"].counts
    order = "nvidia__suppliers__commit_2025q3"
    assert Tag.SUPERSEDED not in then[order].tags
    assert Tag.SUPERSEDED in now[order].tags


def test_opening_figures_from_a_later_page_say_so(february: Case):
    marked = [row for row in february.opening if row.vintage is not None]
    assert 25 <= len(marked) <= 40
    for row in february.opening:
        page = row.source.date
        assert page is None or page <= FEBRUARY or row.vintage is not None, (row.agent, row.item)
        late = [name for name in row.fact_refs if february.all_facts.get(name).known_on > FEBRUARY]
        assert not late or row.vintage is not None, (row.agent, row.item)


def test_before_the_first_opening_there_is_a_network_and_no_balance(folder: Folder):
    case = read_as_of(folder, dt.date(2025, 11, 30), TierFilter.ALL)
    assert case.base_quarter is None
    assert not case.snapshot.balances
    assert "2025Q3" == str(case.snapshot.base_quarter)
    assert any(item.status is Status.SIGNED for item in case.snapshot.instruments)
    with pytest.raises(CaseError, match="2026-02-13"):
        case.require_opening()


def test_filing_tier_leaves_only_filings_and_company_statements(folder: Folder):
    case = read_as_of(folder, None, TierFilter.FILING)
    assert {fact.confidence for fact in case.register if fact.basis is not Basis.ASSUMED} <= FILING_TIERS
    assert {item.tier.value for item in case.snapshot.instruments} <= {tier.value for tier in FILING_TIERS}
    lost = [row for row in case.opening if row.reason.startswith(LOST_SUPPORT)]
    assert len(lost) > 200
    for row in lost:
        assert row.basis is Basis.ASSUMED
        if row.value is not None:
            assert row.low is not None
            assert row.high is not None
            assert row.low <= row.value <= row.high
            assert row.low < row.high or row.value == 0
    for row in case.opening:
        supported = [case.all_facts.get(name).confidence for name in row.fact_refs]
        assert row.formula or row.basis is Basis.ASSUMED or set(supported) <= FILING_TIERS


def test_filing_tier_never_keeps_more_than_all(folder: Folder):
    both = [read_as_of(folder, FEBRUARY, tier) for tier in TierFilter]
    assert set(both[1].register) < set(both[0].register)


def test_notes_name_vouched_facts_and_lost_support(folder: Folder):
    notes = " ".join(read_as_of(folder, FEBRUARY, TierFilter.FILING).notes)
    assert "public on the day although the page" in notes
    assert "lost their support" in notes


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "2026-02-30", ""])
def test_a_day_that_is_none_is_refused(text: str):
    with pytest.raises(CaseError, match="--known-on"):
        parse_known_on(text)


def test_an_unknown_case_names_the_nearest():
    with pytest.raises(CaseError, match="ai_2026"):
        load_case("ai_2062")
