"""The page on price series: charts, words, and names from files that stay text."""

from __future__ import annotations

import dataclasses
import html
import json
from functools import cache

import pytest
from tests.bubbles.test_page import page
from tests.report.test_render import HOSTILE, read, summary

from cardhouse.report.prices import ROWS, episode_rows, price_figures
from cardhouse.report.render import render_report


@cache
def text() -> str:
    return render_report(summary(), prices=[page()])


def test_report_without_prices_has_no_such_section() -> None:
    assert 'id="prices"' not in render_report(summary())


def test_report_shows_raw_and_adjusted_test_with_rule_base_rate_and_limits() -> None:
    shown = html.unescape(text())
    assert 'href="#prices"' in text()
    assert page().agreement in shown
    assert page().rule in shown
    assert "Greenwood, Shleifer and You 2019" in shown
    assert "none is advice" in shown
    assert "less fundamentals" in shown
    charts = json.loads(read(text()).scripts[0])
    assert {"price-0-0", "statistic-0-0", "price-0-1", "statistic-0-1"} <= set(charts)


def test_chart_marks_every_episode_on_a_label_that_it_draws() -> None:
    (level, statistic), _ = price_figures(page(), 0)
    for figure in (level, statistic):
        labels = figure.data["labels"]
        assert all(shade["from"] in labels and shade["to"] in labels for shade in figure.data["shades"])
        assert len(figure.data["shades"]) == len(page().tests[0].episodes)
        assert all(len(line["values"]) == len(labels) for line in figure.data["lines"])
        assert len(figure.rows) == ROWS
        assert figure.rows[-1][0] == page().labels[-1]
    assert statistic.data["lines"][0]["values"][0] is None


def test_series_without_episodes_says_so() -> None:
    calm = dataclasses.replace(page().tests[0], episodes=())
    bare = dataclasses.replace(page(), tests=(calm,))
    assert episode_rows(bare)[0][1] == "no episode"
    assert "No episode is dated" in price_figures(bare, 0)[0][0].lead


def test_stretches_that_are_not_significant_are_called_so() -> None:
    first = page().tests[0]
    doubtful = dataclasses.replace(first, episodes=({**first.episodes[0], "is_significant": False},))
    bare = dataclasses.replace(page(), tests=(doubtful,))
    assert "1 stretch, not significant" in price_figures(bare, 0)[0][0].lead
    assert episode_rows(bare)[0][-1] == "not significant"


@pytest.mark.parametrize("field", ["name", "source", "agreement"])
def test_text_from_price_files_cannot_become_markup(field: str) -> None:
    hostile = dataclasses.replace(page(), **{field: HOSTILE})
    reader = read(render_report(summary(), prices=[hostile]))
    assert len(reader.scripts) == 3
    assert not any("onerror" in attributes for _, attributes in reader.tags)
