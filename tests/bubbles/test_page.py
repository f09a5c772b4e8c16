"""A tested series as plain values: nothing is lost, and what is no page is refused."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from cardhouse.basics.errors import StoreError
from cardhouse.bubbles.detect import detect
from cardhouse.bubbles.page import PricePage, price_page
from cardhouse.bubbles.series import as_series
from cardhouse.bubbles.verdict import verdict
from cardhouse.bubbles.worlds import technology_boom

MONTHS = np.arange("2001-01", "2011-01", dtype="datetime64[M]").astype("datetime64[D]")


@cache
def page() -> PricePage:
    world = technology_boom(120, seed=1, draw=0)
    series = as_series(world.log_price, dates=MONTHS, name="log price")
    result = detect(series, fundamentals=world.proxies, replications=200)
    return price_page(result, verdict(result), "My prices.2026.csv")


def test_page_holds_both_tests_with_paths_of_matching_length() -> None:
    assert [test.of for test in page().tests] == ["prices as they are", "less fundamentals"]
    for test in page().tests:
        assert len(test.levels) == len(page().labels) == 120
        assert len(test.statistic) == len(test.critical) < 120
    assert page().tests[0].episodes
    assert {one["start"] for one in page().tests[0].episodes} <= set(page().labels)


def test_page_survives_json() -> None:
    text = json.dumps(page().to_plain(), allow_nan=False)
    assert PricePage.from_plain(json.loads(text), "file") == page()


def test_name_of_the_file_is_plain() -> None:
    assert page().key == "my-prices-2026-log-price"


@pytest.mark.parametrize("record", [{}, {"format": 1, "tests": 3}, {"format": 1, "tests": [{"of": "x"}]}])
def test_what_is_no_page_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(StoreError, match=r"prices/x\.json.*not a page of a tested price series.*--run NAME"):
        PricePage.from_plain(record, "prices/x.json")


def test_page_of_another_format_is_refused() -> None:
    with pytest.raises(StoreError, match="not a page"):
        PricePage.from_plain({**page().to_plain(), "format": 2}, "x.json")
