"""The page on price series: what the user's own prices look like to the bubble tests, beside the simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cardhouse.bubbles.page import RAW, DrawnTest, PricePage
from cardhouse.bubbles.result import shown_p_value
from cardhouse.report.figure import Figure
from cardhouse.report.words import percent

ROWS = 40
INTRO = (
    "These tests look at price series supplied by the user and use nothing of the simulation. They ask whether a price "
    "behaved like a bubble and since when, and say how often such an answer is wrong."
)


def price_figures(page: PricePage, number: int) -> tuple[tuple[Figure, ...], ...]:
    """Return the charts of one series: the price and its statistic, side by side, for each test.

    Parameters
    ----------
    page : PricePage
    number : int
        Place among the series of the report, for identifiers.
    """
    return tuple(
        (_level(page, test, f"{number}-{place}"), _statistic(page, test, f"{number}-{place}"))
        for place, test in enumerate(page.tests)
    )


def episode_rows(page: PricePage) -> list[tuple[str, ...]]:
    """Return the dated episodes of every test of a series, or one row that says that there are none."""
    rows: list[tuple[str, ...]] = [
        (
            test.of,
            str(one["start"]),
            str(one["peak"]),
            f"{one['end']} (running)" if one["is_ongoing"] else str(one["end"]),
            f"{one['duration']:,}",
            str(one["movement"]),
            "significant" if one["is_significant"] else "not significant",
        )
        for test in page.tests
        for one in test.episodes
    ]
    return rows or [("every test", "no episode", "", "", "", "", "")]


def _level(page: PricePage, test: DrawnTest, place: str) -> Figure:
    word = "rejects" if test.is_significant else "does not reject"
    count = sum(bool(one["is_significant"]) for one in test.episodes)
    lead = (
        f"GSADF {test.gsadf:.2f}, {shown_p_value(test.p_value)}: the test of the whole sample {word} the absence of "
        f"bubbles. {_shading(test, count)}"
    )
    name = f"log of {page.name}" if page.is_log else page.name
    name = name if test.of == RAW else f"{name} {test.of}"
    return Figure(
        id=f"price-{place}",
        kind="path",
        title=f"{name}, {page.labels[0]} to {page.labels[-1]}",
        lead=lead,
        alt=f"Line of the tested series over time with episodes shaded. {lead}",
        data=_data(page, test, [(name, test.levels, False)]),
        head=("date", name),
        rows=_rows(page.labels, [test.levels]),
        source=_source(page),
    )


def _statistic(page: PricePage, test: DrawnTest, place: str) -> Figure:
    critical = f"{percent(1.0 - page.level)} critical path"
    lead = "An episode runs while the backward statistic stands above its critical path long enough."
    first = len(page.labels) - len(test.statistic)
    empty: list[float | None] = [None] * first
    lines: list[tuple[str, Sequence[float | None], bool]] = [
        ("backward statistic (BSADF)", [*empty, *test.statistic], False),
        (critical, [*empty, *test.critical], True),
    ]
    return Figure(
        id=f"statistic-{place}",
        kind="path",
        title=f"Backward statistic of {page.name}, {test.of}, t-ratio",
        lead=lead,
        alt=f"Line of the statistic and dashed line of its critical path over time, episodes shaded. {lead}",
        data=_data(page, test, lines),
        head=("date", "statistic", critical),
        rows=_rows(page.labels[first:], [test.statistic, test.critical]),
        source=_source(page),
    )


def _shading(test: DrawnTest, significant: int) -> str:
    if not test.episodes:
        return "No episode is dated."
    if significant:
        return f"Shaded: {significant} significant episode{'s' if significant > 1 else ''}."
    return f"Outlined: {len(test.episodes)} stretch{'es' if len(test.episodes) > 1 else ''}, not significant."


def _data(
    page: PricePage, test: DrawnTest, lines: Sequence[tuple[str, Sequence[float | None], bool]]
) -> Mapping[str, Any]:
    return {
        "labels": list(page.labels),
        "lines": [
            {"name": name, "values": [_six_digits(v) for v in values], "dashed": dashed}
            for name, values, dashed in lines
        ],
        "shades": [{"from": one["start"], "to": one["end"], "solid": one["is_significant"]} for one in test.episodes],
    }


def _six_digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def _rows(labels: Sequence[str], columns: Sequence[Sequence[float]]) -> list[tuple[str, ...]]:
    """Return about forty evenly spaced observations, the first and the last among them."""
    count = min(ROWS, len(labels))
    places = sorted({round(k * (len(labels) - 1) / max(1, count - 1)) for k in range(count)})
    return [(labels[at], *(f"{column[at]:.4g}" for column in columns)) for at in places]


def _source(page: PricePage) -> str:
    less = f"; proxies {', '.join(page.proxies)}" if page.proxies else ""
    return f"cardhouse, prices of {page.source}{less}; the table shows {ROWS} observations at most, evenly spaced"
