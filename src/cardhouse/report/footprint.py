"""Charts and a table of what the capacity in use consumes, beside what is built and what is paid for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from cardhouse.analysis.footprint import Consumed, Factor, Footprint
from cardhouse.analysis.records import Range
from cardhouse.analysis.summary import Summary
from cardhouse.report.fans import fan_of
from cardhouse.report.figure import Figure
from cardhouse.report.view_parts import Table
from cardhouse.report.words import DASH, money_range, percent, percent_range, plain_number

NAMES = {
    "power_draw_share": "mean draw over rated power",
    "water_on_site": "water for cooling on site",
    "water_of_power_plants": "water to make the electricity",
    "electricity_reference": "electricity compared with",
}


def footprint_intro(summary: Summary) -> str:
    """Say what is worked out from what, and what is left out."""
    found = summary.footprint
    if found is None:
        return ""
    few = found.draws < summary.draws_good
    behind = f" From {found.draws:,} draws made again, because the run kept no capacity by draw." if few else ""
    last = found.lines[-1]
    compared = found.factor("electricity_reference").value
    return (
        f"The AI capacity in use in {last.quarter} ({_numbers(last.in_use)} GW, median and 10 to 90 %) draws "
        f"{_numbers(last.electricity.draws)} TWh of electricity a year, {percent(last.share.draws.p50)} of what the "
        f"reference uses ({found.reference}: {compared:,.0f} TWh; not all sites stand there). A GW is power at the "
        "meter of a site, cooling included. The factors are no part of the draws: the table tells their ranges. Water "
        f"is what is consumed, not what is returned; land is not counted.{behind}"
    )


def footprint_figures(summary: Summary) -> list[Figure | None]:
    """Return the charts of electricity, of water on site and of water at power plants."""
    found = summary.footprint
    if found is None:
        return []
    fans = (
        (found.electricity, "Electricity of the AI capacity in use", ("power_draw_share",)),
        (found.water_on_site, "Water consumed for cooling on site", ("power_draw_share", "water_on_site")),
        (
            found.water_of_power_plants,
            "Water consumed to make the electricity",
            ("power_draw_share", "water_of_power_plants"),
        ),
    )
    few = f", {found.draws:,} of them made again" if found.draws < summary.draws_good else ""
    return [
        _cited(fan_of(summary, band, title), [found.factor(name) for name in names], few) for band, title, names in fans
    ]


def _cited(figure: Figure, factors: Sequence[Factor], few: str) -> Figure:
    facts = " and ".join(item.fact for item in factors)
    return replace(figure, source=f"{figure.source}{few}; {facts} of the case (cardhouse cite)")


def _numbers(value: Range) -> str:
    if value.p50 is None:
        return DASH
    return f"{plain_number(value.p50)} ({plain_number(value.p10)} to {plain_number(value.p90)})"


def footprint_tables(summary: Summary) -> list[Table]:
    """Return spending and footprint side by side, and the factors."""
    found = summary.footprint
    if found is None:
        return []
    spent = {line.quarter: line for line in summary.horizons}
    rows = [
        (
            line.quarter,
            money_range(spent[line.quarter].capex),
            money_range(spent[line.quarter].end_user_spending),
            _numbers(line.in_use),
            _numbers(line.electricity.draws),
            percent_range(line.share.draws),
            _numbers(line.water_on_site.draws),
            _numbers(line.water_of_power_plants.draws),
        )
        for line in found.lines
        if line.quarter in spent
    ]
    return [
        Table(
            title="What is built, what is paid for, what is consumed",
            lead="Median (10 to 90 % of the draws), all as a rate a year; water in billion litres. The factors are at "
            "their central values.",
            head=("quarter", "capex", "end users", "in use, GW", "TWh", "over reference", "water on site", "at plants"),
            rows=rows,
        ),
        Table(
            title=f"How far the factors reach, {found.lines[-1].quarter}",
            lead="The median draw with every factor at its central value, at its low and at its high end.",
            head=("a year", "central", "all low", "all high"),
            rows=_reach(found),
        ),
        Table(
            title="The factors of electricity and water",
            lead="Facts of the case, the same in every draw; cardhouse cite NAME tells the sources behind each.",
            head=("factor", "value (range)", "basis", "why, or what the page says", "source", "name"),
            rows=[_factor_row(item) for item in found.factors],
            folded="Show the factors",
        ),
    ]


def _reach(found: Footprint) -> list[tuple[str, ...]]:
    last = found.lines[-1]
    lines: tuple[tuple[str, Consumed, Callable[[float | None], str]], ...] = (
        ("electricity, TWh", last.electricity, plain_number),
        ("electricity over the reference", last.share, percent),
        ("water for cooling on site, billion litres", last.water_on_site, plain_number),
        ("water to make the electricity, billion litres", last.water_of_power_plants, plain_number),
    )
    return [(text, write(of.draws.p50), write(of.low), write(of.high)) for text, of, write in lines]


def _factor_row(item: Factor) -> tuple[str, ...]:
    number = percent if item.unit == "share" else plain_number
    unit = "" if item.unit == "share" else f" {item.unit}"
    spread = f" ({number(item.low)} to {number(item.high)})" if item.low < item.high else ""
    name = NAMES.get(item.name, item.name.replace("_", " "))
    return (name, f"{number(item.value)}{spread}{unit}", item.basis, item.reason, item.source or DASH, item.fact)
