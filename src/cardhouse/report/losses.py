"""Charts of losses: by holder, and by issuer and channel."""

from __future__ import annotations

from cardhouse.analysis.records import HolderLoss
from cardhouse.analysis.summary import Summary
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.words import money, money_range, short

HOLDERS_SHOWN = 14
ISSUERS_SHOWN = 14


def holders(summary: Summary) -> Figure | None:
    """Return losses by holder at the end of the run, equity and credit."""
    lines = summary.holders[:HOLDERS_SHOWN]
    if not lines:
        return None
    worst = max(lines, key=lambda line: line.equity.p50 or 0.0)
    lead = "In the median draw no holder loses equity. "
    if (worst.equity.p50 or 0.0) > 0.0:
        lead = f"The largest equity loss in the median draw: {short(worst.name)}, {money_range(worst.equity)}. "
    lead += "Bars are medians, lines run from the 10 % to the 90 % quantile; a negative loss is a gain."
    return Figure(
        id="holders",
        kind="holders",
        title=f"Losses by holder, from the start to {summary.quarters[-1]}, USD bn",
        lead=lead,
        alt=f"Horizontal bars by holder for equity and credit. {lead}",
        data={
            "names": [short(line.name) for line in lines],
            "equity": [_ends(line, "equity") for line in lines],
            "credit": [_ends(line, "credit") for line in lines],
        },
        head=("holder", "equity lost (10 to 90 %)", "credit lost (10 to 90 %)"),
        rows=[(line.name, money_range(line.equity), money_range(line.credit)) for line in summary.holders],
        source=run_source(summary),
        height=90 + 38 * len(lines),
        wide=True,
    )


def _ends(line: HolderLoss, side: str) -> list[float | None]:
    value = line.equity if side == "equity" else line.credit
    return [None if part is None else round(part, 3) for part in (value.p10, value.p50, value.p90)]


def channels(summary: Summary) -> Figure | None:
    """Return the change of market value by issuer and channel."""
    lines = summary.value_by_channel[:ISSUERS_SHOWN]
    if not lines:
        return None
    sums = [
        sum(part[k] or 0.0 for part in (line.by_channel for line in summary.value_by_channel))
        for k in range(len(summary.channels))
    ]
    order = sorted(range(len(sums)), key=lambda k: -abs(sums[k]))
    lead = (
        f"Over all issuers the largest part comes through the channel '{summary.channels[order[0]]}' "
        f"({money(sums[order[0]], signed=True)}). Means over the draws, which add up; medians do not."
    )
    return Figure(
        id="channels",
        kind="stack",
        title=f"Change of market value by issuer and channel, to {summary.quarters[-1]}, USD bn",
        lead=lead,
        alt=f"Stacked horizontal bars by issuer. {lead}",
        data={
            "names": [short(line.name) for line in lines],
            "parts": [
                {
                    "name": channel,
                    "values": [
                        None if line.by_channel[k] is None else round(line.by_channel[k] or 0.0, 3) for line in lines
                    ],
                }
                for k, channel in enumerate(summary.channels)
            ],
        },
        head=("issuer", *summary.channels, "total"),
        rows=[
            (line.name, *(money(part, signed=True) for part in line.by_channel), money(line.total, signed=True))
            for line in summary.value_by_channel
        ],
        source=run_source(summary),
        height=100 + 30 * len(lines),
        wide=True,
    )
