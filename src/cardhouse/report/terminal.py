"""The summary of a run as a short text for the terminal."""

from __future__ import annotations

import io
import shutil

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cardhouse.analysis.records import HolderLoss, Range
from cardhouse.analysis.summary import Summary
from cardhouse.report.cash import who_stands_out
from cardhouse.report.order import what_came_first
from cardhouse.report.words import (
    DASH,
    gigawatts,
    in_a_hundred,
    interval,
    money,
    money_range,
    percent,
    percent_range,
    plain_number,
    quarters,
    share,
    short,
    without_groups,
)

WIDEST = 120
NAME_WIDTH = 28
FIRMS_SHOWN = 8
OWNERS_SHOWN = 4
LENDERS_SHOWN = 3
GAINS_SHOWN = 3
TAKERS_SHOWN = 3
SMALL = 0.005
"""Amounts below five million dollars are not worth a line, USD bn."""
ASSUMPTIONS_SHOWN = 5


def summary_lines(summary: Summary, width: int | None = None) -> list[str]:
    """Return a summary as lines of plain text.

    Parameters
    ----------
    summary : Summary
    width : int, optional
        Columns; those of the terminal by default, at most 120, and 100 where there is no terminal.
    """
    columns = width or min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
    console = Console(file=io.StringIO(), width=columns, color_system=None, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(summary_text(summary))
    return [line.rstrip() for line in captured.get().splitlines()]


def summary_text(summary: Summary) -> RenderableType:
    """Return the summary as something that Rich can print: headline, defaults, losses, sector, basis."""
    parts: list[RenderableType] = [Text(_headline(summary), style="bold"), Text(_first(summary)), Text()]
    if summary.defaults.lines:
        parts.append(_defaults(summary))
    if summary.holders:
        parts += _holders(summary)
    parts += [_sector(summary), Text(_basis(summary)), Text(_checks(summary))]
    return Group(*parts)


def _headline(summary: Summary) -> str:
    parts = [summary.scenario or "no scenario", f"{summary.quarters[0]} to {summary.quarters[-1]}"]
    parts.append(f"{summary.draws_good:,} draws, seed {summary.seed}")
    if summary.known_on:
        parts.append(f"facts known on {summary.known_on}")
    if summary.prior.startswith("accepted"):
        parts.append("accepted parameters")
    if summary.changed:
        parts.append(f"changed: {', '.join(summary.changed)}")
    return " · ".join(parts)


def _first(summary: Summary) -> str:
    defaults = summary.defaults
    text = (
        f"At least one default in {in_a_hundred(defaults.any.share)} ({interval(defaults.any)} with Monte Carlo error)"
        f"{without_groups(defaults)}"
    )
    if not defaults.lines:
        return text + "."
    first = max(defaults.lines, key=lambda line: (line.first.share or 0.0, line.entity))
    return (
        f"{text}; the first in {quarters(defaults.first_quarter)}, most often {short(first.name)} "
        f"({in_a_hundred(first.first.share)}). Of all defaults {percent(defaults.illiquid)} are illiquid, the rest "
        "insolvent."
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(columns):
        if place == 0:
            table.add_column(name, max_width=NAME_WIDTH, overflow="fold")
        else:
            table.add_column(name, no_wrap=True)
    return table


def _row(table: Table, *cells: str) -> None:
    table.add_row(Text(cells[0]), *(Text(_tight(cell)) for cell in cells[1:]))


def _tight(cell: str) -> str:
    """Write a range with a dash where no sign can be mistaken for it."""
    return cell if "−" in cell or "+" in cell else cell.replace(" to ", "–")


def _defaults(summary: Summary) -> Table:
    table = _table("Who falls", "firm", "defaults", "first", "quarter", "illiquid", "decided by")
    for line in summary.defaults.lines[:FIRMS_SHOWN]:
        triggers = ", ".join(trigger.equation or DASH for trigger in line.triggers[:3])
        cells = (share(line.ever), percent(line.first.share), quarters(line.quarter), percent(line.illiquid), triggers)
        _row(table, short(line.name), *cells)
    return table


def _holders(summary: Summary) -> list[RenderableType]:
    """Return the table of who loses most, the lenders among them, and a line on who gains most."""
    lose = [line for line in summary.holders if _loss(line)[1] > SMALL]
    credit = [line for line in summary.holders if (line.credit.p90 or 0.0) > SMALL]
    most = sorted(lose, key=lambda line: (_loss(line), line.entity), reverse=True)[:OWNERS_SHOWN]
    lenders = sorted(credit, key=lambda line: (line.credit.p50, line.credit.p90, line.entity), reverse=True)
    parts: list[RenderableType] = []
    if most:
        table = _table(
            f"Who loses to {summary.quarters[-1]}, median and 10 to 90 % (below zero: a gain)",
            "holder",
            "equity",
            "credit",
        )
        for line in dict.fromkeys([*most, *lenders[:LENDERS_SHOWN]]):
            _row(table, short(line.name), _amount(line.equity), _amount(line.credit))
        parts.append(table)
    gains = sorted((_gain(line), line.entity, line) for line in summary.holders if _gain(line) > SMALL)
    if gains:
        names = ", ".join(f"{short(line.name)} {money(gain)}" for gain, _, line in gains[: -GAINS_SHOWN - 1 : -1])
        parts += [Text(f"Gain most in the median draw: {names}."), Text()]
    return parts


def _loss(line: HolderLoss) -> tuple[float, float]:
    """Return how much a holder loses in equity and credit: in the median, 0 where it gains, and in one draw of ten."""
    middle = (line.equity.p50 or 0.0) + (line.credit.p50 or 0.0)
    return max(middle, 0.0), (line.equity.p90 or 0.0) + (line.credit.p90 or 0.0)


def _gain(line: HolderLoss) -> float:
    return -(line.equity.p50 or 0.0) - (line.credit.p50 or 0.0)


def _amount(value: Range) -> str:
    """Write a range; one word where nothing is lost or won in eight of ten draws."""
    nothing = all(abs(part or 0.0) < SMALL for part in (value.p10, value.p50, value.p90))
    return "none" if nothing and value.p50 is not None else money_range(value)


def _sector(summary: Summary) -> Table:
    table = _table("The sector", "until", "any default", "market value", "capex a year", "end users a year")
    for line in summary.horizons:
        cells = (percent_range(line.market_value_change, signed=True), money_range(line.capex))
        _row(table, line.quarter, share(line.any_default), *cells, money_range(line.end_user_spending))
    return table


def _basis(summary: Summary) -> str:
    lines = []
    organic = summary.paths.get("organic_revenue")
    if organic is not None:
        start, end = percent(organic.p50[0]), percent(organic.p50[-1])
        lines.append(f"Organic revenue: end users pay {start} of AI revenue at the start, {end} at the end (medians).")
    if summary.debt_or_income is not None:
        lines.append(what_came_first(summary.debt_or_income))
    if summary.cash_taken is not None:
        lines.append(f"{who_stands_out(summary.cash_taken)}{_takers(summary)}")
    lines += _circular(summary)
    lines += _consumed(summary)
    plans = [line for line in summary.expectations if (line.mismatch_any.share or 0.0) > 0.0]
    if plans:
        often = max(plans, key=lambda line: (line.mismatch_any.share or 0.0, line.entity))
        lines.append(
            f"Others plan to get more from {short(often.name)} in a year than it has, in "
            f"{in_a_hundred(often.mismatch_any.share)} (worst quarter {money_range(often.mismatch_worst)})."
        )
    found = summary.inheritance
    if found is not None and found.price is not None:
        lines.append(
            f"Of failed firms' capacity {gigawatts(found.passed_on.p50)} GW pass to survivors in the median draw "
            f"with a default; what is sold fetches {money(found.price)} a GW on average."
        )
    if summary.regimes:
        kinds = [f"{item.regime} {percent(item.share.share)}" for item in summary.regimes if item.share.share]
        lines.append(f"Kind of world: {', '.join(kinds)}.")
    for part in summary.parts:
        if part.output == "number of defaults" and part.parameters is not None:
            lines.append(
                f"Spread of the number of defaults: {percent(part.parameters)} of its variance from parameters, "
                f"{percent(part.news)} from news and opening figures."
            )
    strong = [
        f"{line.name} ({line.influence:+.2f}, {line.basis or 'basis unknown'})".replace("-0", "−0")
        for line in summary.assumptions[:ASSUMPTIONS_SHOWN]
        if line.influence is not None and line.noise is not None and abs(line.influence) > line.noise
    ]
    text = ", ".join(strong) or "no single parameter stands out from chance"
    outcome = summary.assumptions[0].outcome if summary.assumptions else "number of defaults"
    lines.append(f"It rests on (rank correlation with the {outcome}): {text}.")
    return "\n".join(lines)


def _takers(summary: Summary) -> str:
    """Return how much the firms take out that take most in the median draw."""
    lines = [] if summary.cash_taken is None else summary.cash_taken.lines[:TAKERS_SHOWN]
    words = [f"{short(line.name)} {money_range(line.taken_out)}" for line in lines if (line.taken_out.p50 or 0.0) > 0.0]
    return f" Taken out by {summary.quarters[-1]}: {', '.join(words)}." if words else ""


def _checks(summary: Summary) -> str:
    bad = [f"{line.draws} × {line.meaning}" for line in summary.codes if line.code != 0]
    residual = "unknown" if summary.worst_residual is None else f"{summary.worst_residual:.0e}"
    if bad:
        return f"Left out: {'; '.join(bad)}. Largest residual of an identity {residual}."
    return (
        "Fifteen accounting identities held in every quarter of every draw (largest relative residual "
        f"{residual}); the sixteenth, money by origin, {_origins(summary)}."
    )


def _origins(summary: Summary) -> str:
    found = summary.circular
    if found is None or found.worst_residual is None:
        return "is asserted wherever money is traced"
    if found.quarters_broken:
        return f"is broken in {found.quarters_broken:,} of {found.quarters_traced:,} quarters of replayed draws"
    return (
        f"in all {found.quarters_traced:,} quarters of {len(found.draws):,} replayed draws ({found.worst_residual:.0e})"
    )


def _circular(summary: Summary) -> list[str]:
    found = summary.circular
    if found is None:
        return []
    finn, ring = found.band("finn").p50, found.band("circular_share").p50
    text = f"Circular money ({len(found.draws):,} draws replayed): of all money through the firms {percent(finn[0], 2)}"
    text += f" passes the same firm again at the start, {percent(finn[-1], 2)} at the end; {percent(ring[0])} and "
    text += f"{percent(ring[-1])} of net payments run in rings (medians)."
    return [text]


def _consumed(summary: Summary) -> list[str]:
    if summary.footprint is None:
        return []
    last = summary.footprint.lines[-1]
    water = plain_number(last.water_on_site.draws.p50)
    text = f"Footprint in {last.quarter}: {plain_number(last.in_use.p50)} GW in use draw "
    text += f"{plain_number(last.electricity.draws.p50)} TWh a year ({percent(last.share.draws.p50)} of "
    text += f"{summary.footprint.reference}) and {water} bn litres of water on site (medians, central factors)."
    return [text]
