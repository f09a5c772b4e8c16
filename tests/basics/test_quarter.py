from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardhouse.basics.quarter import Quarter, parse_day

QUARTERS = st.builds(Quarter, st.integers(1950, 2100), st.integers(1, 4))


@given(QUARTERS, st.integers(-100, 100))
def test_adding_and_subtracting_quarters_are_inverse(quarter: Quarter, steps: int) -> None:
    assert steps == (quarter + steps) - quarter


@given(QUARTERS)
def test_a_quarter_is_read_back_as_written(quarter: Quarter) -> None:
    assert quarter == Quarter.parse(str(quarter))
    assert quarter == Quarter.of(quarter.start)
    assert quarter == Quarter.of(quarter.end)
    assert (quarter + 1).start == quarter.end + dt.timedelta(days=1)


@pytest.mark.parametrize("text", ["2025", "2025Q5", "2025Q0", "Q42025", "1025Q1", "", "2025Q11"])
def test_an_impossible_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(text)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13", "2026-00-01", "26-02-13", "2026/02/13", "tomorrow", "9999-01-01"]
)
def test_an_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|day|year"):
        parse_day(text)


def test_a_month_means_its_last_day_when_asked_what_was_known() -> None:
    assert dt.date(2024, 2, 29) == parse_day("2024-02", last=True)
    assert dt.date(2026, 12, 31) == parse_day("2026", last=True)
