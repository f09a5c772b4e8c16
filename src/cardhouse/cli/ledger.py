"""``cardhouse ledger``: who paid whom in one quarter of one draw, and the balance sheets at its end."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.reading import Json

if TYPE_CHECKING:
    from cardhouse.analysis.ledger_views import Matrix


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("ledger")(ledger)


def ledger(  # noqa: PLR0913, PLR0917 one argument per option of the command
    run: Annotated[str, typer.Argument(help="Name of the run, the beginning of it, or its path.")],
    quarter: Annotated[str, typer.Option("--quarter", help="A quarter of the run, for example 2027Q2.")],
    draw: Annotated[int, typer.Option("--draw", help="Number of the draw.")] = 0,
    matrix: Annotated[str, typer.Option("--matrix", help="flows or balance.")] = "flows",
    by: Annotated[str, typer.Option("--by", help="sector or agent.")] = "sector",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values and nothing else.")] = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="Write both matrices to a spreadsheet with sums as formulas.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the transaction-flow or the balance-sheet matrix of one quarter of one draw, with computed totals."""
    from cardhouse.analysis.draws import stored_draws
    from cardhouse.analysis.ledger_views import ledger_view
    from cardhouse.analysis.spreadsheet import workbook
    from cardhouse.basics.errors import InputError, Problem
    from cardhouse.simulation.atomic import write_atomic
    from cardhouse.simulation.folders import find_run
    from cardhouse.simulation.run import open_run

    if xlsx is not None and xlsx.suffix.lower() != ".xlsx":
        rule, remedy = "a spreadsheet ends in .xlsx", "end the name in it"
        raise InputError("", (Problem(file="--xlsx", value=str(xlsx), rule=rule, remedy=remedy),))
    _, draws = stored_draws(open_run(find_run(run)), 1, (draw,))
    setup, row, news = draws.setup, draws.rows[0], int(draws.news[0])
    shown = ledger_view(setup, row, news, (quarter, matrix, by))
    if xlsx is not None:
        sheets = [(name, ledger_view(setup, row, news, (quarter, name, by))) for name in ("flows", "balance")]
        write_atomic(xlsx, workbook(sheets))
        typer.echo(f"wrote {xlsx}", err=True)
    if as_json:
        typer.echo(json.dumps(shown.to_json(), ensure_ascii=False, allow_nan=False))
    elif as_csv:
        _write_csv(shown)
    else:
        _print(shown)


def _write_csv(shown: Matrix) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["USD bn", *shown.columns, "sum"])
    for label, values, total in zip(shown.rows, shown.values, shown.row_totals, strict=True):
        writer.writerow([label, *(repr(float(value)) for value in values), repr(float(total))])
    writer.writerow(["sum", *(repr(float(value)) for value in shown.column_totals), ""])


def _print(shown: Matrix) -> None:
    from cardhouse.cli.tables import console, print_table

    labels = [*shown.rows, "sum"]
    columns = [
        [name, *(_amount(v) for v in column)] for name, column in zip(shown.columns, shown.values.T, strict=True)
    ]
    for column, total in zip(columns, shown.column_totals, strict=True):
        column.append(_total(total))
    columns.append(["sum", *(_total(value) for value in shown.row_totals), ""])
    # beside its text a column has a space on its right and a rule on its left, and the table a rule on either side
    room = console().width - max(map(len, labels)) - 3
    for place, block in enumerate(_blocks([max(4, *map(len, column)) + 2 for column in columns], room)):
        heads = [f"{columns[k][0]}>!" for k in block]
        rows = [[label, *(columns[k][row] for k in block)] for row, label in enumerate(labels, start=1)]
        print_table(shown.title if place == 0 else f"{shown.title}, continued", ["USD bn!", *heads], rows)
    console().print(shown.note, style="dim")


def _blocks(widths: Sequence[int], room: int) -> list[list[int]]:
    """Divide columns into blocks that fit side by side; a number is never broken over two lines.

    >>> _blocks([5, 5, 5, 12], 11)
    [[0, 1], [2], [3]]
    """
    blocks: list[list[int]] = [[]]
    left = room
    for place, width in enumerate(widths):
        if blocks[-1] and width > left:
            blocks.append([])
            left = room
        blocks[-1].append(place)
        left -= width
    return blocks


def _amount(value: float) -> str:
    """Write an amount short; what is smaller than half a hundredth is a zero of arithmetic.

    >>> _amount(-12.345), _amount(1e-12), _amount(0.0)
    ('-12.35', '0', '')
    """
    if value == 0.0:
        return ""
    return "0" if abs(value) < 0.005 else f"{value:,.2f}"


def _total(value: float) -> str:
    return _amount(value) or "0"
