"""Who takes cash out of the sector, and what claims firms are left with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cardhouse.analysis.cash_taken import CashLine, CashTaken
from cardhouse.analysis.records import Range
from cardhouse.analysis.summary import Summary
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.view_parts import Table
from cardhouse.report.words import in_a_hundred, money, money_range, percent, percent_range, share, short

FIRMS_SHOWN = 16
WHAT_COUNTS = (
    "Cash taken out is free cash flow after interest, tax and capital spending, less money given to other firms of the "
    "sector, plus such money received, added up to the end of the run or to a firm's default. Money that a supplier "
    "gives its customers comes back as sales; here it counts only net. Whole firms are counted: the other business of "
    "platforms is in it. Suppliers behind the chip firms, lenders and holders are no firms of the table."
)
"""What the section counts and why."""
LEAST = 0.05
"""Amounts below fifty million dollars in eight of ten draws are not worth a bar, USD bn."""


def who_stands_out(found: CashTaken) -> str:
    """Say who takes out the most, and whether that firm stands out."""
    top = next((line for line in found.lines if line.entity == found.leader), None)
    if top is None:
        return "No firm takes cash out of the sector in any draw."
    most, clear = in_a_hundred(top.most.share), in_a_hundred(top.clear.share)
    facts = f"takes the most cash out of the sector in {most}, at least twice as much as the next firm in {clear}"
    name = short(top.name)
    return f"{name} stands out: it {facts}." if found.stands_out else f"No firm stands out: {name} {facts}."


def taken_out(summary: Summary) -> Figure | None:
    """Return the cash that each firm takes out over the run."""
    found = summary.cash_taken
    if found is None:
        return None
    lines = _largest(found.lines, lambda line: line.taken_out)
    start, end = summary.quarters[0], summary.quarters[-1]
    lead = f"{who_stands_out(found)} Bars are medians, lines run from the 10 % to the 90 % quantile; below zero others "
    lead += "paid for the firm."
    return _bars(
        summary,
        ("cash-taken", f"Cash taken out, {start} to {end}, USD bn", lead, "cash taken out, 10 to 90 %"),
        [(line, line.taken_out) for line in lines],
        head=("firm", "taken out (10 to 90 %)", "mean", "free cash flow", "given", "received", "EBITDA", "capex"),
        rows=[
            (
                line.name,
                money_range(line.taken_out),
                money(line.mean, signed=True),
                money(line.free_cash_flow.p50),
                money(line.given.p50),
                money(line.received.p50),
                money(line.ebitda.p50),
                money(line.capex.p50),
            )
            for line in found.lines
        ],
    )


def claims_left(summary: Summary) -> Figure | None:
    """Return the claims on other firms that each firm has at the end."""
    found = summary.cash_taken
    if found is None:
        return None
    shown = sorted(found.lines, key=lambda line: (-(line.stakes.p50 or 0.0), line.entity))
    lines = [line for line in shown if _matters(line.stakes)][:FIRMS_SHOWN]
    if not lines:
        return None
    lead = (
        "Paper, not cash: stakes in other firms of the model at market value, in draws in which the firm survives. "
        f"Largest in the median draw: {short(lines[0].name)}, {money_range(lines[0].stakes)}. The table adds contracts "
        "of other firms not delivered yet, and claims never paid. Firms of the model pay bills in the quarter or "
        "never, and fund one another by buying shares: there are no receivables and no loans to add."
    )
    title = f"Claims left: stakes in other firms in {summary.quarters[-1]}, USD bn"
    return _bars(
        summary,
        ("claims-left", title, lead, "stakes at market value, 10 to 90 %"),
        [(line, line.stakes) for line in lines],
        head=(
            *("firm", "stakes", f"contracts not delivered in {summary.quarters[0]}", "the same at the end"),
            *("expected loss on them", "claims never paid"),
        ),
        rows=[
            (
                line.name,
                _amount(line.stakes),
                _amount(line.backlog_start),
                _amount(line.backlog),
                _amount(line.at_risk),
                _amount(line.never_paid),
            )
            for line in shown
        ],
    )


def _bars(
    summary: Summary,
    words: tuple[str, str, str, str],
    lines: Sequence[tuple[CashLine, Range]],
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
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
            "values": [
                [None if part is None else round(part, 3) for part in (value.p10, value.p50, value.p90)]
                for _, value in lines
            ],
            "unit": "USD bn",
            "what": what,
        },
        head=head,
        rows=rows,
        source=run_source(summary),
        height=60 + 32 * len(lines),
    )


def _amount(value: Range) -> str:
    """Write a range; what is smaller than five million dollars is nothing."""
    low, middle, high = (None if part is None else round(part, 2) for part in (value.p10, value.p50, value.p90))
    return money_range(Range(p10=low, p50=middle, p90=high))


def _reach(value: Range) -> float:
    return max((abs(part) for part in (value.p10, value.p50, value.p90) if part is not None), default=0.0)


def _matters(value: Range) -> bool:
    return _reach(value) >= LEAST


def _largest(lines: Sequence[CashLine], of: Callable[[CashLine], Range]) -> list[CashLine]:
    """Return the firms with the largest amounts of either sign, in the order in which they come."""
    ranked = sorted(lines, key=lambda line: (-_reach(of(line)), line.entity))
    kept = {line.entity for line in ranked[:FIRMS_SHOWN] if _matters(of(line))}
    return [line for line in lines if line.entity in kept]


def cash_tables(summary: Summary) -> list[Table]:
    """Return how far ahead firms are, what they took by each horizon, and where the cash went."""
    found = summary.cash_taken
    return [] if found is None else [_ahead(found), _by_horizon(found), _where_it_went(found)]


def _ahead(found: CashTaken) -> Table:
    lines = [line for line in found.lines if (line.part_of_cash.p90 or 0.0) >= 0.005 or line.most.share]
    return Table(
        title="How far ahead",
        lead="Draw by draw: a firm's part of the cash of all firms that take any out, and of the EBITDA of all "
        "operating firms. A firm stands out when it takes out at least twice as much as the next.",
        head=("firm", "part of the cash taken out", "part of EBITDA", "takes out the most", "twice the next or more"),
        rows=[
            (
                line.name,
                percent_range(line.part_of_cash),
                percent_range(line.part_of_ebitda),
                percent(line.most.share),
                share(line.clear),
            )
            for line in lines
        ],
    )


def _by_horizon(found: CashTaken) -> Table:
    return Table(
        title="Cash taken out so far",
        lead="From the start to the end of each quarter, medians.",
        head=("firm", *found.horizons),
        rows=[(line.name, *(money(value.p50) for value in line.at)) for line in found.lines],
        folded="Show the horizons",
    )


def _where_it_went(found: CashTaken) -> Table:
    return Table(
        title="Where the cash went",
        lead="In draws in which the firm survives. Cash taken out, outside equity and new debt either stay as cash or "
        "are paid to owners as dividends and buybacks, less dividends and other receipts.",
        head=("firm", "outside equity and net new debt", "change of cash", "paid to owners, net"),
        rows=[
            (line.name, _amount(line.outside_money), _amount(line.cash_change), _amount(line.paid_out))
            for line in found.lines
        ],
        folded="Show where it went",
    )
