"""What the page says, in order: headline, cards, sections, limits. The template escapes all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cardhouse.analysis.cascade import Cascade
from cardhouse.analysis.defaults import LABELS_MEAN
from cardhouse.analysis.summary import Summary
from cardhouse.bubbles.page import PricePage
from cardhouse.casebook.case import Case
from cardhouse.report import cash, circular, fans, figures, footprint, headline, losses, order, standing
from cardhouse.report.figure import Figure
from cardhouse.report.headline import Card
from cardhouse.report.limits import LIMITS, Limit
from cardhouse.report.money_map import money_map
from cardhouse.report.prices import INTRO, episode_rows, price_figures
from cardhouse.report.sources import Source, sources_of
from cardhouse.report.view_parts import Table
from cardhouse.report.words import (
    in_a_hundred,
    money_range,
    percent,
    percent_range,
    plain_number,
    share,
    short,
    without_groups,
)
from cardhouse.scenarios.catalogue import library_names, packaged
from cardhouse.scenarios.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the page; the figures of a group stand side by side."""

    id: str
    short: str
    title: str
    intro: str = ""
    groups: Sequence[Sequence[Figure]] = field(default_factory=tuple)
    tables: Sequence[Table] = field(default_factory=tuple)
    sources: Sequence[Source] = field(default_factory=tuple)
    limits: Sequence[Limit] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class View:
    """Everything the page says."""

    title: str
    kicker: str
    headline: str
    standfirst: str
    facts: Sequence[tuple[str, str]]
    cards: Sequence[Card]
    warnings: Sequence[str]
    reading: str
    sections: Sequence[Section]
    cascade: Cascade | None
    footer: str
    fingerprint: str

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every chart of the page."""
        return tuple(figure for section in self.sections for group in section.groups for figure in group)


_READING = (
    "How to read the figures: every number is a result of a model under stated assumptions, not a forecast and not a "
    "statement about any company's intentions. A share of draws is a probability only as far as the assumptions hold. "
    "Ranges run from the 10 % to the 90 % quantile of the draws and the figure before them is the median, unless they "
    "say otherwise."
)
_FOOTER = (
    "Companies are named as their published figures name them. Nothing here is investment advice. Every opening figure "
    "is a cited fact or an assumption with a range and a reason: ask for it with cardhouse cite."
)


def build_view(
    summary: Summary, case: Case | None, scenarios: Sequence[Scenario], prices: Sequence[PricePage] = ()
) -> View:
    """Build what the page says from a summary, the case, the scenarios it was run with, and tested price series."""
    if not scenarios and summary.scenario in library_names():
        scenarios = (packaged(summary.scenario),)
    name = " + ".join(scenario.title for scenario in scenarios) or summary.scenario or "No shock"
    case_title = summary.case_title or summary.case or "A financial network"
    return View(
        title=f"{name}: {case_title}, stress test",
        kicker=f"Stress test · {case_title}",
        headline=name,
        standfirst=headline.standfirst(summary, scenarios),
        facts=headline.facts(summary),
        cards=headline.cards(summary),
        warnings=headline.warnings(summary),
        reading=_READING,
        sections=_sections(summary, case, scenarios, prices),
        cascade=summary.cascade,
        footer=_FOOTER,
        fingerprint=summary.fingerprint,
    )


def _groups(*groups: Sequence[Figure | None]) -> tuple[tuple[Figure, ...], ...]:
    """Drop the figures that a run cannot fill, and groups without any."""
    kept = [tuple(figure for figure in group if figure is not None) for group in groups]
    return tuple(group for group in kept if group)


def _sections(
    summary: Summary, case: Case | None, scenarios: Sequence[Scenario], prices: Sequence[PricePage]
) -> list[Section]:
    found = [
        Section(
            id="defaults",
            short="Defaults",
            title="Who falls first, and when",
            intro=_default_intro(summary),
            groups=_groups(
                [figures.timeline(summary)],
                [fans.any_default(summary), figures.regimes(summary)],
                [order.debt_or_income(summary)],
            ),
            tables=standing.joint_table(summary),
        ),
        Section(
            id="money",
            short="Money",
            title="Where the money goes round",
            intro="Suppliers finance customers, customers buy from suppliers, lenders and funds stand behind both.",
            groups=_groups([fans.gap(summary)], [money_map(case.snapshot) if case is not None else None]),
        ),
        Section(
            id="circular",
            short="Circular",
            title="How circular the money is over time",
            intro=circular.circular_intro(summary),
            groups=_groups(circular.sampled_figures(summary), circular.kept_figures(summary)),
            tables=circular.circular_table(summary),
        ),
        Section(
            id="footprint",
            short="Footprint",
            title="What it consumes: electricity and water",
            intro=footprint.footprint_intro(summary),
            groups=_groups(footprint.footprint_figures(summary)),
            tables=footprint.footprint_tables(summary),
        ),
        Section(id="paths", short="Paths", title="How the sector moves", groups=_groups(fans.small_fans(summary))),
        Section(
            id="losses",
            short="Losses",
            title="Who carries the loss",
            groups=_groups(
                [losses.class_losses(summary), losses.credit_losses(summary)],
                [losses.equity_losses(summary)],
                [losses.channels(summary)],
            ),
        ),
        Section(
            id="cash",
            short="Cash",
            title="Who takes cash out, and what claims are left",
            intro=cash.WHAT_COUNTS,
            groups=_groups([cash.taken_out(summary), cash.claims_left(summary)]),
            tables=cash.cash_tables(summary),
        ),
        Section(
            id="remains",
            short="Remains",
            title="What remains",
            groups=_groups([standing.survivors(summary)]),
            tables=(*standing.inheritance_table(summary), *standing.ownership_tables(summary)),
        ),
        Section(
            id="fragility",
            short="Fragility",
            title="How close to the edge",
            groups=_groups(
                [figures.clock_chart(summary)],
                [standing.mismatch(summary), standing.exit_prices(summary)],
                [figures.minsky(summary)],
            ),
            tables=(
                *_gap_table(summary),
                *standing.hurdle_table(summary),
                *standing.backlog_table(summary),
                *standing.warning_table(summary),
                *standing.commitment_table(summary),
                _horizon_table(summary),
            ),
        ),
        _prices(prices),
        _basis(summary, case, scenarios),
        Section(
            id="limits",
            short="Limits",
            title="What this cannot tell you",
            limits=LIMITS,
        ),
    ]
    return [section for section in found if section.groups or section.tables or section.limits]


def _default_intro(summary: Summary) -> str:
    defaults = summary.defaults
    if not defaults.lines:
        return f"No firm defaults in any of the {summary.draws_good:,} draws."
    text = f"In {in_a_hundred(defaults.any.share)} at least one firm defaults{without_groups(defaults)}."
    if len(defaults.at_least) > 1:
        text += f" Two or more default in {in_a_hundred(defaults.at_least[1].share)}, two within two quarters in "
        text += f"{in_a_hundred(defaults.together.share)}."
    if defaults.illiquid is not None:
        text += f" Of all defaults {percent(defaults.illiquid)} are illiquid, the rest insolvent. {LABELS_MEAN}"
    if defaults.never:
        text += f" In no draw: {', '.join(short(name) for name in defaults.never)}."
    return text


def _gap_table(summary: Summary) -> list[Table]:
    if not summary.funding_gaps:
        return []
    return [
        Table(
            title=f"New money that the laboratories need until {summary.funding_gaps[0].until}",
            lead="Opening cash and lines plus all free cash flow of the run; what is missing. No new equity or debt is "
            "counted. Draws in which the laboratory has defaulted by then are left out.",
            head=("laboratory", "missing (10 to 90 %)", "draws"),
            rows=[(gap.name, money_range(gap.gap), f"{gap.draws:,}") for gap in summary.funding_gaps],
        )
    ]


def _horizon_table(summary: Summary) -> Table:
    return Table(
        title="If one looks less far",
        lead="Results at several horizons: a cluster at the very end would be a sign of trouble in the model.",
        head=(
            "until",
            "at least one default",
            "mean defaults",
            "market value",
            "capital spending a year",
            "end users a year",
        ),
        rows=[
            (
                line.quarter,
                share(line.any_default),
                plain_number(line.mean_defaults),
                percent_range(line.market_value_change, signed=True),
                money_range(line.capex),
                money_range(line.end_user_spending),
            )
            for line in summary.horizons
        ],
    )


def _prices(pages: Sequence[PricePage]) -> Section:
    tables: list[Table] = []
    for page in pages:
        tables.append(
            Table(
                title=f"Verdict on {page.name} ({page.source})",
                lead=page.agreement,
                head=("test", "asks", "answer", "evidence"),
                rows=page.rows,
            )
        )
        tables.append(
            Table(
                title=f"Episodes of {page.name}",
                lead=f"Rule: {page.rule}. Base rate: {page.base_rate}.",
                head=("test of", "start", "peak", "end", "observations", "movement", "verdict"),
                rows=episode_rows(page),
            )
        )
    cautions = dict.fromkeys(caution for page in pages for caution in page.cautions)
    if cautions:
        tables.append(Table(title="What these tests cannot tell", head=("limit",), rows=[(text,) for text in cautions]))
    return Section(
        id="prices",
        short="Prices",
        title="What prices say",
        intro=INTRO,
        groups=[group for number, page in enumerate(pages) for group in price_figures(page, number)],
        tables=tables,
    )


def _basis(summary: Summary, case: Case | None, scenarios: Sequence[Scenario]) -> Section:
    tables = [_shock_table(scenarios)] if any(scenario.shocks for scenario in scenarios) else []
    if summary.parts:
        tables.append(_parts_table(summary))
    tables.append(_quality_table(summary))
    return Section(
        id="basis",
        short="Basis",
        title="What it rests on",
        intro="What was done to the world, which assumptions matter, and where the opening figures come from.",
        groups=_groups([figures.influence(summary)]),
        tables=tables,
        sources=sources_of(case) if case is not None else (),
    )


def _parts_table(summary: Summary) -> Table:
    return Table(
        title="Where the spread comes from",
        lead="Parts of the variance of draws. Draws of a row share parameters, not news and opening figures.",
        head=("result", "parameters", "news and opening figures"),
        rows=[(line.output, percent(line.parameters), percent(line.news)) for line in summary.parts],
    )


def _shock_table(scenarios: Sequence[Scenario]) -> Table:
    return Table(
        title="What was done to the world",
        head=("scenario", "variable", "whom", "size", "when", "basis", "why this size", "references"),
        rows=[
            (
                scenario.id,
                shock.variable.name.replace("_", " "),
                "the sector" if shock.target is None else str(shock.target).replace("_", " "),
                shock.describe_size(),
                shock.describe_time(),
                shock.basis,
                shock.rationale,
                "; ".join(reference.title for reference in shock.references),
            )
            for scenario in scenarios
            for shock in scenario.shocks
        ],
    )


def _quality_table(summary: Summary) -> Table:
    rows = [(line.meaning, f"{line.draws:,}") for line in summary.codes]
    if summary.worst_residual is not None:
        rows.append(("largest relative residual of an accounting identity", f"{summary.worst_residual:.1e}"))
    rows += circular.origin_rows(summary)
    rows += [("left out", text) for text in summary.left_out]
    return Table(title="Did the books close", head=("check", "draws or value"), rows=rows)
