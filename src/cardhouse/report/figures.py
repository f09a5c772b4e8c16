"""Charts of firms and draws: default timeline, kinds of worlds, Minsky classes, clocks, influence of assumptions."""

from __future__ import annotations

from cardhouse.analysis.clocks import group_clock
from cardhouse.analysis.records import Clock
from cardhouse.analysis.summary import Summary
from cardhouse.report.fans import percent_points
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.words import DASH, in_a_hundred, money, percent, plain_number, quarters, share, short


def timeline(summary: Summary) -> Figure | None:
    """Return the default timeline: share of draws in which each firm has defaulted, by quarter."""
    lines = summary.defaults.lines
    if not lines:
        return None
    top = lines[0]
    lead = (
        f"Most often: {short(top.name)}, in {in_a_hundred(top.ever.share)}, with {top.quarter[1]} in the middle. "
        "A cell gives the share of draws in which the firm has defaulted by the end of the quarter."
    )
    return Figure(
        id="timeline",
        kind="timeline",
        title="Who has defaulted by when, % of draws",
        lead=lead,
        alt=f"Heat map with one row per firm and one column per quarter. {lead}",
        data={
            "quarters": list(summary.quarters),
            "names": [short(line.name) for line in lines],
            "values": [[None if v is None else round(100 * v, 2) for v in line.by_quarter] for line in lines],
            "illiquid": [None if line.illiquid is None else round(100 * line.illiquid) for line in lines],
        },
        head=(
            "firm",
            "ever (90 % interval)",
            "first to fall",
            "quarter",
            "illiquid",
            "decided by",
            "recovery",
            "secured debt",
            "other debt",
            "unpaid",
        ),
        rows=[
            (
                line.name,
                share(line.ever),
                share(line.first),
                quarters(line.quarter),
                percent(line.illiquid),
                ", ".join(f"{t.equation or '?'} {percent(t.share)}" for t in line.triggers[:3]) or DASH,
                percent(line.recovery.p50),
                percent(line.recovery_secured.p50),
                percent(line.recovery_unsecured.p50),
                money(line.unpaid.p50),
            )
            for line in lines
        ],
        source=run_source(summary),
        height=90 + 30 * len(lines),
        wide=True,
    )


def regimes(summary: Summary) -> Figure | None:
    """Return how often each label fits."""
    if not summary.regimes:
        return None
    top = max(summary.regimes, key=lambda item: item.share.share or 0.0)
    lead = f"Most frequent: {top.regime}, {in_a_hundred(top.share.share)}. Labels are computed afterwards by the rules "
    lead += "in the table."
    return Figure(
        id="regimes",
        kind="bars",
        title="Which kind of world, % of draws",
        lead=lead,
        alt=f"Bars by label. {lead}",
        data={
            "names": [item.regime for item in summary.regimes],
            "values": [
                [percent_points(item.share.low), percent_points(item.share.share), percent_points(item.share.high)]
                for item in summary.regimes
            ],
            "unit": "%",
            "what": "share of draws, 90 % interval",
        },
        head=("label", "share of draws (90 % interval)", "rule"),
        rows=[(item.regime, share(item.share), item.rule) for item in summary.regimes],
        source=run_source(summary),
        height=290,
    )


def minsky(summary: Summary) -> Figure | None:
    """Return the part of debt by Minsky class, first definition in the chart, all in the table."""
    if not summary.minsky:
        return None
    first = summary.minsky[0]
    lead = (
        f"Part of the sector's debt owed by firms that earn neither interest nor principal: {percent(first.ponzi[0])} "
        f"in {summary.quarters[0]}, {percent(first.ponzi[-1])} in {summary.quarters[-1]} ({first.definition}). "
        "Classes move in long waves; a single quarter says little."
    )
    rows = [
        (item.definition, quarter, percent(item.hedge[k]), percent(item.speculative[k]), percent(item.ponzi[k]))
        for item in summary.minsky
        for k, quarter in enumerate(summary.quarters)
    ]
    return Figure(
        id="minsky",
        kind="area",
        title="Debt by Minsky class, % of the sector's debt",
        lead=lead,
        alt=f"Stacked areas over the quarters. {lead}",
        data={
            "quarters": list(summary.quarters),
            "parts": [
                {"name": "hedge: pays interest and principal", "values": [percent_points(v) for v in first.hedge]},
                {"name": "speculative: pays interest", "values": [percent_points(v) for v in first.speculative]},
                {"name": "Ponzi: pays neither", "values": [percent_points(v) for v in first.ponzi]},
            ],
        },
        head=("definition", "quarter", "hedge", "speculative", "Ponzi"),
        rows=rows,
        source=run_source(summary),
    )


def clock_chart(summary: Summary) -> Figure | None:
    """Return the clocks: quarters that each firm lasts without new money."""
    lines = [clock for clock in summary.clocks if clock.with_plans.p10 is not None]
    if not lines:
        return None
    one, three = group_clock(summary.clocks)
    lead = "If no new money came to this firm alone while the rest went on as in the run. "
    if one is not None:
        lead += f"The shortest median clock is {one:.0f} quarters ({short(lines[0].name)})"
        lead += f", the third shortest {three:.0f}. " if three is not None else ". "
    lead += "Arithmetic, not a forecast: a firm whose clock runs out would act before."
    count = len(summary.quarters)
    return Figure(
        id="clocks",
        kind="clocks",
        title="How long the money lasts, quarters from the start",
        lead=lead,
        alt=f"Bars by firm from the 10 % to the 90 % quantile. {lead}",
        data={
            "names": [short(line.name) for line in lines],
            "end": count,
            "plans": [_clock_ends(line, plans=True, count=count) for line in lines],
            "stopped": [_clock_ends(line, plans=False, count=count) for line in lines],
        },
        head=("firm", "with its plans (10 to 90 %)", "capital spending stopped (10 to 90 %)", "lasts to the end"),
        rows=[
            (line.name, _clock_words(line, plans=True), _clock_words(line, plans=False), percent(line.beyond))
            for line in summary.clocks
        ],
        source=run_source(summary),
        height=90 + 30 * len(lines),
        wide=True,
    )


def _clock_ends(line: Clock, *, plans: bool, count: int) -> list[float]:
    value = line.with_plans if plans else line.spending_stopped
    return [count + 1.0 if part is None else part for part in (value.p10, value.p50, value.p90)]


def _clock_words(line: Clock, *, plans: bool) -> str:
    value = line.with_plans if plans else line.spending_stopped
    words = ["beyond" if part is None else f"{part:.0f}" for part in (value.p10, value.p50, value.p90)]
    return f"{words[1]} ({words[0]} to {words[2]})"


def influence(summary: Summary) -> Figure | None:
    """Return the assumptions with the largest influence on the outcome."""
    lines = [line for line in summary.assumptions if line.influence is not None]
    if not lines:
        return None
    noise, outcome = lines[0].noise, lines[0].outcome
    clear = [line for line in lines if noise is not None and abs(line.influence or 0.0) > noise]
    lead = "No single parameter stands out from chance; more draws would tell more."
    if clear:
        verb = "stands" if len(clear) == 1 else "stand"
        lead = f"{len(clear)} of the {len(lines)} parameters shown {verb} out from what chance alone can do (dashed). "
        more = "more defaults" if outcome == "number of defaults" else f"a higher {outcome}"
        lead += f"To the right: a higher value comes with {more}."
    return Figure(
        id="influence",
        kind="influence",
        title=f"What the result rests on: rank correlation with the {outcome}",
        lead=lead,
        alt=f"Bars to the left and right of zero, one per parameter. {lead}",
        data={
            "names": [line.name.replace("_", " ").replace("gw", "GW") for line in lines],
            "values": [round(line.influence or 0.0, 4) for line in lines],
            "noise": noise,
        },
        head=(
            *("parameter", "meaning", "value", "range", "unit", "basis", "why", "influence"),
            "a default by the end of 2030, or of the run, if low, if high",
        ),
        rows=[
            (
                line.name,
                line.meaning,
                plain_number(line.value),
                f"{plain_number(line.low)} to {plain_number(line.high)}",
                line.unit,
                line.basis,
                line.reason,
                f"{line.influence:+.2f}".replace("-", "−") if line.influence is not None else DASH,
                f"{percent(line.default_if_low)}, {percent(line.default_if_high)}",
            )
            for line in lines
        ],
        source=run_source(summary),
        height=90 + 26 * len(lines),
        wide=True,
    )
