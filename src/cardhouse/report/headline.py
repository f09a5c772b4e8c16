"""The head of the page: standfirst, what was run, cards with the main figures, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cardhouse.analysis.summary import Summary
from cardhouse.report.words import in_a_hundred, interval, money, percent, quarters, short, without_groups
from cardhouse.scenarios.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Card:
    """One headline figure."""

    label: str
    value: str
    more: str


def standfirst(summary: Summary, scenarios: Sequence[Scenario]) -> str:
    """Return the story in a paragraph."""
    if len(scenarios) == 1:
        return scenarios[0].story
    if scenarios:
        return " ".join(f"{scenario.title}: {scenario.story}" for scenario in scenarios)
    return f"{summary.draws_good:,} draws of {len(summary.quarters)} quarters."


def facts(summary: Summary) -> list[tuple[str, str]]:
    """Return what was run, as pairs of name and value."""
    known = [
        ("scenario", summary.scenario),
        ("facts known on", summary.known_on),
        ("sources", "" if summary.tier in ("", "all") else "filings and company statements only"),
        ("opening balance", f"end of {summary.base_quarter}" if summary.base_quarter else ""),
        ("simulated", f"{summary.quarters[0]} to {summary.quarters[-1]}"),
        ("draws", f"{summary.draws_good:,}"),
        ("seed", str(summary.seed)),
        ("parameters from", summary.prior),
        ("changed", ", ".join(summary.changed).replace("_", " ")),
    ]
    return [(name, value) for name, value in known if value]


def cards(summary: Summary) -> list[Card]:
    """Return the cards with the main figures; a figure that the run does not have has no card."""
    defaults = summary.defaults
    end = summary.quarters[-1]
    found = [
        Card(
            label=f"At least one default by {end}",
            value=percent(defaults.any.share),
            more=f"of the draws ({interval(defaults.any)} with Monte Carlo error){without_groups(defaults)}. The "
            f"first one comes in {quarters(defaults.first_quarter)}.",
        )
    ]
    if defaults.lines:
        first = max(defaults.lines, key=lambda line: (line.first.share or 0.0, line.entity))
        found.append(
            Card(
                label="First to fall most often",
                value=short(first.name),
                more=f"first, or among the first, in {in_a_hundred(first.first.share)}; illiquid, not insolvent, in "
                f"{percent(first.illiquid)} of its defaults.",
            )
        )
    found += [*_value_card(summary), *_organic_card(summary), *_loss_card(summary), *_regime_card(summary)]
    return found


def _value_card(summary: Summary) -> list[Card]:
    last = summary.horizons[-1].market_value_change
    if last.p50 is None:
        return []
    low, high = percent(last.p10, signed=True), percent(last.p90, signed=True)
    more = f"in the median draw, {summary.quarters[0]} to {summary.quarters[-1]}; eight of ten draws: {low} to {high}."
    more += _trough(summary)
    return [Card(label="Market value of the sector", value=percent(last.p50, signed=True), more=more)]


def _trough(summary: Summary) -> str:
    """Say where the median path of market value is lowest, when that is below its end."""
    band = summary.paths.get("sector_market_value")
    path = [] if band is None else [(value, place) for place, value in enumerate(band.p50) if value is not None]
    if not path or path[0][1] != 0 or path[0][0] <= 0.0:
        return ""
    value, place = min(path)
    if place in (0, len(summary.quarters) - 1):
        return ""
    return f" The median is lowest in {summary.quarters[place]}, at {percent(value / path[0][0] - 1.0, signed=True)}."


def _organic_card(summary: Summary) -> list[Card]:
    path = summary.paths.get("organic_revenue")
    if path is None or path.p50[0] is None:
        return []
    more = f"of AI revenue is paid by end users in {summary.quarters[0]}, {percent(path.p50[-1])} in the median draw"
    more += f" in {summary.quarters[-1]}."
    return [Card(label="Organic revenue", value=percent(path.p50[0]), more=more)]


def _loss_card(summary: Summary) -> list[Card]:
    credit = [line for line in summary.holders if line.role == "lender"]
    if not credit:
        return []
    worst = max(credit, key=lambda line: (line.credit.p50 or 0.0, line.credit.p90 or 0.0, line.entity))
    low, high = money(worst.credit.p10), money(worst.credit.p90)
    who = f"credit lost by {short(worst.name)}, the lenders hit hardest"
    if (worst.credit.p50 or 0.0) <= 0.0 < (worst.credit.p90 or 0.0):
        # a median of nothing would read as if lenders could lose nothing
        return [
            Card(label="Losses of lenders", value=f"up to {high}", more=f"{who}, in nine of ten draws; none in half.")
        ]
    more = f"{who}; eight of ten draws: {low} to {high}."
    return [Card(label="Losses of lenders", value=money(worst.credit.p50), more=more)]


def _regime_card(summary: Summary) -> list[Card]:
    if not summary.regimes:
        return []
    top = max(summary.regimes, key=lambda item: item.share.share or 0.0)
    more = f"fits {in_a_hundred(top.share.share)}, by a rule applied afterwards."
    return [Card(label="Kind of world", value=top.regime.capitalize(), more=more)]


def warnings(summary: Summary) -> list[str]:
    """Return what a reader must know before the figures."""
    found = []
    if summary.draws_done < summary.draws:
        found.append(f"The run is not complete: {summary.draws_done:,} of {summary.draws:,} draws were finished.")
    bad = summary.draws_done - summary.draws_good
    if bad:
        kinds = "; ".join(f"{line.draws} × {line.meaning}" for line in summary.codes if line.code != 0)
        found.append(f"{bad:,} of {summary.draws_done:,} draws ended with a result code and enter no figure: {kinds}.")
    if summary.circular is not None and summary.circular.quarters_broken:
        broken, traced = summary.circular.quarters_broken, summary.circular.quarters_traced
        found.append(f"Money does not keep its origin (I11) in {broken:,} of {traced:,} quarters of replayed draws.")
    return found
