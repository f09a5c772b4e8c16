"""Charts of losses: by holder, and by issuer and channel."""

from __future__ import annotations

from cardhouse.analysis.records import Range
from cardhouse.analysis.summary import Summary
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.words import money, money_range, short

HOLDERS_SHOWN = 14
ISSUERS_SHOWN = 14


def equity_losses(summary: Summary) -> Figure | None:
    """Return the equity lost by each holder at the end of the run."""
    return _losses(summary, "equity", "Equity lost")


def credit_losses(summary: Summary) -> Figure | None:
    """Return the credit lost by each lender at the end of the run."""
    return _losses(summary, "credit", "Credit lost")


def _losses(summary: Summary, side: str, title: str) -> Figure | None:
    found = [(line, line.equity if side == "equity" else line.credit) for line in summary.holders]
    lines = sorted((pair for pair in found if _moves(pair[1])), key=lambda pair: (-_reach(pair[1]), pair[0].entity))
    if not lines:
        return None
    lines = lines[:HOLDERS_SHOWN]
    worst, loss = max(lines, key=lambda pair: (pair[1].p50 or 0.0, pair[0].entity))
    lead = f"Nobody loses {side} in the median draw. "
    if (loss.p50 or 0.0) > 0.0:
        lead = f"The largest in the median draw: {short(worst.name)}, {money_range(loss)}. "
    lead += "Bars are medians, lines run from the 10 % to the 90 % quantile"
    lead += "; a negative loss is a gain." if any((value.p10 or 0.0) < 0.0 for _, value in lines) else "."
    return Figure(
        id=f"{side}-losses",
        kind="bars",
        title=f"{title}, from the start to {summary.quarters[-1]}, USD bn",
        lead=lead,
        alt=f"Horizontal bars by holder. {lead}",
        data={
            "names": [short(line.name) for line, _ in lines],
            "values": [_ends(value) for _, value in lines],
            "unit": "USD bn",
            "what": f"{side} lost, 10 to 90 %",
        },
        head=("holder", f"{side} lost (10 to 90 %)"),
        rows=[(line.name, money_range(value)) for line, value in found if _moves(value)],
        source=run_source(summary),
        height=60 + 32 * len(lines),
    )


def class_losses(summary: Summary) -> Figure | None:
    """Return the losses of classes of shareholders on the share index."""
    if not summary.classes:
        return None
    lines = summary.classes
    lead = "Losses on the whole share index by who owns it in the end: retirement plans, households, foreigners. "
    lead += "Bars are medians, lines run from the 10 % to the 90 % quantile; a negative loss is a gain."
    if summary.foreign:
        lead += " The table splits the loss of foreigners by where holders, or those who hold for them, live."
    abroad = [(f"foreign: {line.name}", line) for line in summary.foreign]
    return Figure(
        id="class-losses",
        kind="bars",
        title=f"Loss on the share index by owner, to {summary.quarters[-1]}, USD bn",
        lead=lead,
        alt=f"Horizontal bars by class of owner. {lead}",
        data={
            "names": [line.name for line in lines],
            "values": [_ends(line.loss) for line in lines],
            "unit": "USD bn",
            "what": "loss on the index, 10 to 90 %",
        },
        head=("owner", "loss (10 to 90 %)", "mean"),
        rows=[
            (name, money_range(line.loss), money(line.mean, signed=True))
            for name, line in [*((line.name, line) for line in lines), *abroad]
        ],
        source=run_source(summary),
        height=60 + 32 * len(lines),
    )


def _reach(value: Range) -> float:
    return max((abs(part) for part in (value.p10, value.p50, value.p90) if part is not None), default=0.0)


def _moves(value: Range) -> bool:
    """Tell whether anything above 50 million dollars is lost or won in most draws."""
    return _reach(value) >= 0.05


def _ends(value: Range) -> list[float | None]:
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
