"""``cardhouse bubbles``: test a price series for bubbles and print what the tests say, with their false alarms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from cardhouse.bubbles.result import BubbleTest
    from cardhouse.bubbles.verdict import Verdict


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("bubbles")(bubbles)


def bubbles(  # noqa: PLR0913, PLR0917 one argument per option of the command
    file: Annotated[Path, typer.Argument(help="CSV file with a date column and a price column.")],
    column: Annotated[str, typer.Option("--column", help="Price column, when there are several.")] = "",
    log: Annotated[bool, typer.Option("--log", help="Test logarithms (of the fundamentals too).")] = False,
    fundamentals: Annotated[
        Path | None, typer.Option("--fundamentals", help="CSV file with proxies of fundamentals on the same dates.")
    ] = None,
    lag: Annotated[int, typer.Option("--lag", help="Lagged changes in each regression.")] = 0,
    level: Annotated[float, typer.Option("--level", help="0.10, 0.05 or 0.01.")] = 0.05,
    critical: Annotated[
        str, typer.Option("--critical", help="simulated, or wild: keeps the volatility.")
    ] = "simulated",
    replications: Annotated[int, typer.Option("--replications", help="Replications of the critical values.")] = 2000,
    workers: Annotated[int, typer.Option("--workers", help="Threads; results do not depend on it.", min=1)] = 1,
    lppls: Annotated[bool, typer.Option("--lppls/--no-lppls", help="Add the log-periodic indicator.")] = True,
    figure: Annotated[Path | None, typer.Option("--figure", help="Save the figure here (PNG, SVG or PDF).")] = None,
    run: Annotated[str, typer.Option("--run", help="Add the result to the report of this run.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the page.")] = False,
) -> None:
    """Test a price series for bubbles and date them, with the rate at which such dates are false alarms.

    Without --log values of any sign are tested, such as a spread or a price less its fundamentals; the log-periodic
    indicator and the two-year growth need positive ones and are left out where there are none.
    """
    from cardhouse.bubbles.detect import detect
    from cardhouse.bubbles.lppls_indicator import indicator_at_end
    from cardhouse.bubbles.page import price_page
    from cardhouse.bubbles.series_files import read_proxies, read_series
    from cardhouse.bubbles.verdict import verdict
    from cardhouse.cli.price_pages import keep_page

    price = read_series(file, column, log=log)
    proxies = None if fundamentals is None else read_proxies(fundamentals)
    changes: dict[str, Any] = {"lag": lag, "level": level, "critical": critical, "replications": replications}
    result = detect(price, fundamentals=proxies, log=log, workers=workers, **changes)
    indicator = indicator_at_end(price, workers) if lppls else None
    page = verdict(result, indicator, price)
    if figure is not None:
        result.plot(figure)
    report = keep_page(price_page(result, page, file.name), run) if run else None
    if as_json:
        typer.echo(json.dumps({**result.to_dict(), "verdict": page.to_dict()}, ensure_ascii=False, indent=2))
        return
    _print_page(result, page)
    if figure is not None:
        typer.echo(f"figure: {figure}")
    if report is not None:
        typer.echo(f"report: {report}")


def _print_page(result: BubbleTest, page: Verdict) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    series = result.recursion.series
    kind = "log of " if series.is_log else ""
    console.print(
        f"{kind}{series.name}, {series.label(0)} to {series.label(-1)}, {len(series)} observations", style="bold"
    )
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("test", "asks", "answer", "evidence"):
        table.add_column(heading, overflow="fold")
    for row in page.rows:
        table.add_row(row.test, row.question, row.answer, row.evidence)
    console.print(table)
    _print_episodes(console, result, "Episodes")
    if result.adjusted is not None:
        _print_episodes(console, result.adjusted, "Episodes after fundamentals")
    for text in (page.agreement, f"Rule: {page.rule}.", f"Base rate: {page.base_rate}.", *result.recursion.flags):
        console.print(text)
    for text in page.cautions:
        console.print(f"- {text}", style="dim")


def _print_episodes(console: Any, result: BubbleTest, title: str) -> None:
    from rich.table import Table

    if not result.episodes:
        console.print(f"{title}: none.")
        return
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for heading in ("start", "peak", "end", "observations", "movement", "verdict"):
        table.add_column(heading)
    for one in result.episodes:
        end = f"{one.end_label} (running)" if one.is_ongoing else one.end_label
        table.add_row(one.start_label, one.peak_label, end, str(one.duration), one.movement, one.verdict)
    console.print(table)
