"""What came first: a debt problem, or income of the sector's own."""

from __future__ import annotations

from cardhouse.analysis.debt_or_income import DebtOrIncome, Order
from cardhouse.analysis.summary import Summary
from cardhouse.report.fans import percent_points
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.words import DASH, in_a_hundred, percent, share


def what_came_first(found: DebtOrIncome) -> str:
    """Say in a sentence or two what came first."""
    first = found.orders[0]
    text = (
        f"A debt problem comes before income in {in_a_hundred(first.event_first.share)}, income comes first in "
        f"{in_a_hundred(first.income_first.share)}"
    )
    if first.neither.share:
        text += f", and neither comes by the end in {in_a_hundred(first.neither.share)}"
    text += "."
    if found.at_start.share:
        text += (
            f" Income is there already in the first quarter in {in_a_hundred(found.at_start.share)}: end users pay "
            f"{percent(found.start.p50)} of AI revenue then, in the median draw."
        )
    if found.falls_back.share:
        text += f" In {in_a_hundred(found.falls_back.share)} the share falls back to half or less later."
    return text


def debt_or_income(summary: Summary) -> Figure | None:
    """Return in which part of the draws a debt problem, and income, have come by each quarter."""
    found = summary.debt_or_income
    if found is None:
        return None
    lead = (
        f"{what_came_first(found)} Income: end users pay more than half of AI revenue for the first time. Debt "
        "problem: creditors leave a quarter or more of the maturing debt of a firm below investment grade, or lenders "
        "sweep a firm's cash after a failed covenant test, or a firm fails that is illiquid and not insolvent."
    )
    return Figure(
        id="debt-or-income",
        kind="path",
        title="What has come so far: a debt problem, income, % of draws",
        lead=lead,
        alt=f"Two rising curves by quarter. {lead}",
        data={
            "labels": list(summary.quarters),
            "lines": [
                {
                    "name": "end users have paid more than half",
                    "values": [percent_points(point.share) for point in found.income_by_quarter],
                    "dashed": False,
                },
                {
                    "name": "a debt problem has come",
                    "values": [percent_points(point.share) for point in found.debt_by_quarter],
                    "dashed": True,
                },
            ],
            "shades": [],
        },
        head=(
            *("debt problem", "happens", "it comes first", "of these: no income by the end", "same quarter"),
            *("income comes first", "of these: no debt problem by the end", "neither"),
            *("quarters from income to debt problem, where both come (10 to 90 %)", "draws"),
        ),
        rows=[_row(line) for line in found.orders],
        source=run_source(summary),
        height=300,
        wide=True,
    )


def _row(line: Order) -> tuple[str, ...]:
    distance = line.distance
    words = DASH
    if distance.p10 is not None and distance.p50 is not None and distance.p90 is not None:
        low, middle, high = (f"{round(part)}".replace("-", "−") for part in (distance.p10, distance.p50, distance.p90))
        words = f"{middle} ({low} to {high})"
    return (
        line.text,
        share(line.happens),
        share(line.event_first),
        percent(line.event_only.share),
        percent(line.same_quarter.share),
        share(line.income_first),
        percent(line.income_only.share),
        percent(line.neither.share),
        words,
        f"{line.both:,}",
    )
