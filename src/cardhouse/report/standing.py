"""Charts and tables of where firms stand: claims against means, price of leaving, survivors, who came to own what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cardhouse.analysis.expectations import Expectation
from cardhouse.analysis.records import Range
from cardhouse.analysis.summary import Summary
from cardhouse.network.entity import Role
from cardhouse.report.fans import percent_points
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.view_parts import Table
from cardhouse.report.words import (
    DASH,
    gigawatts,
    money,
    money_range,
    percent,
    percent_range,
    plain_number,
    share,
    short,
    with_unit,
)

FIRMS_SHOWN = 14
RACING = (Role.PLATFORM.value, Role.LEVERAGED_CLOUD.value, Role.LAB.value)
"""Roles of those who are in the race for capacity; suppliers and vehicles serve it."""


def mismatch(summary: Summary) -> Figure | None:
    """Return by how much plans of others exceed a firm's means, in its worst quarter."""
    lines = [line for line in summary.expectations if (line.mismatch_worst.p90 or 0.0) > 0.0][:FIRMS_SHOWN]
    if not lines:
        return None
    often = max(lines, key=lambda line: (line.mismatch_any.share or 0.0, line.entity))
    lead = (
        "What others plan to get from a firm in the coming year (contract bills, deliveries ordered, interest and "
        "principal) less its cash, lines and earnings: above zero it must raise the rest. Each in its worst quarter. "
        f"Plans exceed means most often for {short(often.name)}, in {percent(often.mismatch_any.share)} of the draws."
    )
    return _bars(
        summary,
        ("mismatch", "Plans beyond means, worst quarter, USD bn", lead, "plans less means, 10 to 90 %"),
        [(line, line.mismatch_worst) for line in lines],
        head=("firm", "worst quarter (10 to 90 %)", "first quarter", "draws above zero"),
        row=lambda line: (
            line.name,
            money_range(line.mismatch_worst),
            money_range(line.mismatch_start),
            share(line.mismatch_any),
        ),
    )


def exit_prices(summary: Summary) -> Figure | None:
    """Return what leaving the race would cost each firm that is in it."""
    lines = [line for line in summary.expectations if line.role in RACING and line.exit_start.p50 is not None]
    lines = sorted(lines, key=lambda line: (-(line.exit_start.p50 or 0.0), line.entity))[:FIRMS_SHOWN]
    if not lines:
        return None
    lead = (
        "Break fees of contracts, what is lost on building sites, and the part of its value that pays for growth. "
        f"Highest for {short(lines[0].name)}: {money_range(lines[0].exit_start)} in {summary.quarters[0]}."
    )
    return _bars(
        summary,
        ("exit-price", f"Price of leaving the race in {summary.quarters[0]}, USD bn", lead, "price, 10 to 90 %"),
        [(line, line.exit_start) for line in lines],
        head=("firm", summary.quarters[0], f"{summary.quarters[-1]}, if it survives"),
        row=lambda line: (line.name, money_range(line.exit_start), money_range(line.exit_end)),
    )


def _bars(
    summary: Summary,
    words: tuple[str, str, str, str],
    lines: Sequence[tuple[Expectation, Range]],
    head: Sequence[str],
    row: Callable[[Expectation], Sequence[str]],
) -> Figure:
    name, title, lead, what = words
    return Figure(
        id=name,
        kind="bars",
        title=title,
        lead=lead,
        alt=f"Horizontal bars by firm. {lead}",
        data={
            "names": [short(line.name) for line, _ in lines],
            "values": [[_rounded(part) for part in (value.p10, value.p50, value.p90)] for _, value in lines],
            "unit": "USD bn",
            "what": what,
        },
        head=head,
        rows=[row(line) for line, _ in lines],
        source=run_source(summary),
        height=60 + 32 * len(lines),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def survivors(summary: Summary) -> Figure | None:
    """Return the part of the sector's capacity that each survivor has at the end."""
    lines = [line for line in summary.survivors if line.share_end.p50 is not None][:FIRMS_SHOWN]
    if not lines:
        return None
    safest = sum(1 for line in summary.survivors if line.survives.share == 1.0)
    lead = f"Part of the sector's AI capacity at the end, in draws in which the firm survives. {safest} of "
    lead += f"{len(summary.survivors)} firms with capacity survive in every draw."
    found = summary.inheritance
    if found is not None and found.price is not None:
        lead += f" In the median draw with a default {gigawatts(found.passed_on.p50)} GW pass from failed firms to "
        lead += f"survivors; what is sold fetches {money(found.price)} a GW on average."
    return Figure(
        id="survivors",
        kind="bars",
        title=f"Survivors' share of capacity in {summary.quarters[-1]}, %",
        lead=lead,
        alt=f"Horizontal bars by firm. {lead}",
        data={
            "names": [short(line.name) for line in lines],
            "values": [
                [percent_points(part) for part in (line.share_end.p10, line.share_end.p50, line.share_end.p90)]
                for line in lines
            ],
            "unit": "%",
            "what": "share of capacity, 10 to 90 %",
        },
        head=("firm", "survives", f"share in {summary.quarters[0]}", "share at the end", "bought, GW", "price a GW"),
        rows=[
            (
                line.name,
                share(line.survives),
                percent(line.share_start, 1),
                percent_range(line.share_end),
                gigawatts(line.bought),
                money(line.price),
            )
            for line in lines
        ],
        source=run_source(summary),
        height=60 + 32 * len(lines),
    )


def inheritance_table(summary: Summary) -> list[Table]:
    """Return what becomes of failed firms' capacity."""
    found = summary.inheritance
    if found is None:
        return []
    rows = [
        ("part of the operating firms that fail", percent_range(found.lost_firms)),
        ("capacity that passes to survivors, GW", _gigawatt_range(found.passed_on)),
        ("mean price of a GW", money(found.price)),
        ("lowest price over that of new build", _plain_range(found.price_ratio)),
        ("capacity still run by receivers at the end, GW", _gigawatt_range(found.still_running)),
    ]
    return [
        Table(
            title="What becomes of the capacity of failed firms",
            lead=f"Over the {found.draws:,} draws with a default. What contracts keep busy goes on under a receiver; "
            "idle capacity is for sale at the used-chip price, and the proceeds go to the lenders.",
            head=("figure", "median (10 to 90 %)"),
            rows=rows,
        )
    ]


def _gigawatt_range(value: Range) -> str:
    if value.p50 is None:
        return DASH
    return f"{gigawatts(value.p50)} ({gigawatts(value.p10)} to {gigawatts(value.p90)})"


def _plain_range(value: Range) -> str:
    if value.p50 is None:
        return DASH
    return f"{plain_number(value.p50)} ({plain_number(value.p10)} to {plain_number(value.p90)})"


def ownership_tables(summary: Summary) -> list[Table]:
    """Return mergers, and what warrants moved."""
    tables = []
    if summary.mergers:
        tables.append(
            Table(
                title="Laboratories merged into platforms",
                head=("laboratory", "draws", "most often into"),
                rows=[(line.name, share(line.share), line.into) for line in summary.mergers],
            )
        )
    if summary.warrant_gains:
        tables.append(
            Table(
                title="Value moved by warrants that vested",
                lead="Shares that a supplier promised to customers vest as they buy. What the holders gain the other "
                "owners lose by dilution; means add up to zero.",
                head=("holder", "mean", "median (10 to 90 %)"),
                rows=[
                    (line.name, money(line.mean, signed=True), money_range(line.gain)) for line in summary.warrant_gains
                ],
            )
        )
    return tables


def commitment_table(summary: Summary) -> list[Table]:
    """Return announced against binding commitments."""
    if not summary.commitments:
        return []
    return [
        Table(
            title="Commitments: announced and binding",
            lead="From the opening balance: contracts between agents of the model. The binding part is an estimate.",
            head=("firm", "announced", "binding", "announced over binding"),
            rows=[
                (line.name, money(line.headline), money(line.binding), plain_number(line.ratio))
                for line in summary.commitments
            ],
            folded="Show the commitments",
        )
    ]


def backlog_table(summary: Summary) -> list[Table]:
    """Return what suppliers must expect to lose on their backlog."""
    lines = [line for line in summary.expectations if (line.backlog_worst.p50 or 0.0) >= 0.05]
    if not lines:
        return []
    lines = sorted(lines, key=lambda line: (-(line.backlog_worst.p50 or 0.0), line.entity))
    return [
        Table(
            title="Backlog at risk",
            lead="What a supplier must expect to lose on its contracts: bills moved to later years, and the chance "
            "that the customer fails.",
            head=("supplier", "first quarter", "worst quarter (10 to 90 %)"),
            rows=[(line.name, money_range(line.backlog_start), money_range(line.backlog_worst)) for line in lines],
        )
    ]


def hurdle_table(summary: Summary) -> list[Table]:
    """Return the revenue needed for a return of ten per cent."""
    found = summary.hurdle
    if found is None or found.needed.p50 is None:
        return []
    return [
        Table(
            title=f"What the capacity of {found.quarter} must earn for a return of 10 %",
            lead="Yearly revenue that pays for chips and shells over their lives at 10 % and for running them.",
            head=("needed a year", "end users spend a year", "covered"),
            rows=[(money_range(found.needed), money_range(found.spent), percent_range(found.covered))],
        )
    ]


def joint_table(summary: Summary) -> list[Table]:
    """Return how often several firms default together."""
    if len(summary.defaults.joint) < 2:
        return []
    return [
        Table(
            title="Defaults within two quarters of each other",
            head=("firms", "share of draws (90 % interval)"),
            rows=[(f"{k} or more", share(value)) for k, value in enumerate(summary.defaults.joint, start=2)],
        )
    ]


def warning_table(summary: Summary) -> list[Table]:
    """Return which gauges moved before the first default."""
    if not summary.early_warnings:
        return []
    return [
        Table(
            title="Which gauge moved before the first default",
            lead="A gauge rings beyond a threshold that one in ten quiet quarters of every second draw passes; the "
            "rates are those of the other draws. Quiet: no default within four quarters.",
            head=("gauge", "rings", "announced", "lead, quarters", "false alarms"),
            rows=[
                (
                    line.text,
                    f"{line.rings} {with_unit(line.threshold, line.unit)}",
                    percent(line.hits),
                    DASH if line.lead is None else f"{line.lead:.1f}",
                    percent(line.false_alarms),
                )
                for line in summary.early_warnings
            ],
        )
    ]
