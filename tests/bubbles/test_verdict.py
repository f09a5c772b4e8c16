"""The verdict page: agreement, disagreement, base rate."""

from __future__ import annotations

import numpy as np

from cardhouse.bubbles.detect import detect
from cardhouse.bubbles.lppls_indicator import indicator_at_end
from cardhouse.bubbles.series import as_series
from cardhouse.bubbles.verdict import base_rate, two_year_growth, verdict
from cardhouse.bubbles.worlds import one_bubble, random_walk, technology_boom

MONTHS = np.arange("2001-01", "2017-09", dtype="datetime64[M]").astype("datetime64[D]")


def test_disagreement_of_raw_and_adjusted_test_is_said() -> None:
    world = technology_boom(160, seed=1, draw=0)
    page = verdict(detect(world.log_price, fundamentals=world.proxies, replications=400))
    assert [row.answer for row in page.rows if row.test.startswith("GSADF")] == ["yes", "no"]
    assert "The tests disagree" in page.agreement
    assert "false" not in page.agreement


def test_calm_series_gets_no_from_every_test() -> None:
    page = verdict(detect(random_walk(120, seed=3, draw=1), fundamentals=np.arange(120.0), replications=400))
    assert {row.answer for row in page.rows} == {"no"}
    assert page.agreement == "Neither the raw nor the adjusted test rejects."


def test_running_bubble_is_reported_with_its_start() -> None:
    bubble = one_bubble(200, seed=2, draw=1, start=100, end=140, growth=0.07)[:141]
    page = verdict(detect(bubble, dates=MONTHS[:141]), indicator_at_end(as_series(bubble)))
    running = next(row for row in page.rows if row.test.startswith("BSADF"))
    assert running.answer == "yes"
    assert running.evidence.startswith("since 20")
    assert any(row.test.startswith("log-periodic") for row in page.rows)
    assert page.to_dict()["cautions"]


def test_base_rate_applies_only_to_run_ups_of_a_hundred_percent() -> None:
    slow = as_series(100.0 * 1.01 ** np.arange(60) + np.tile([0.0, 0.1], 30), dates=MONTHS[:60])
    fast = as_series(100.0 * 1.04 ** np.arange(60) + np.tile([0.0, 0.1], 30), dates=MONTHS[:60])
    assert "no such run-up" in base_rate(slow)
    assert ": such a run-up" in base_rate(fast)
    assert "21 lost 40% or more" in base_rate(fast)


def test_growth_is_unknown_without_dates_or_two_years() -> None:
    levels = 100.0 * 1.04 ** np.arange(60) + np.tile([0.0, 0.1], 30)
    assert two_year_growth(as_series(levels)) is None
    assert two_year_growth(as_series(levels[:20], dates=MONTHS[:20])) is None
    assert "unknown" in base_rate(as_series(levels))
