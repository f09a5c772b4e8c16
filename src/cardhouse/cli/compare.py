"""``cardhouse compare``: two runs side by side, with the error of each difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cardhouse.analysis.comparison import Comparison, Measure
    from cardhouse.casebook.case import Case
    from cardhouse.simulation.results import Run


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("compare")(compare_runs)


def compare_runs(
    first: Annotated[str, typer.Argument(help="A run, by name, beginning of the name, or path.")],
    second: Annotated[str, typer.Argument(help="Another run of the same case.")],
    folder: Annotated[Path, typer.Option("--folder", help="Where the runs are.")] = Path("runs"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
) -> None:
    """Set two runs side by side, up to their last common quarter; the same draws are compared draw by draw."""
    from cardhouse.analysis.comparison import compare
    from cardhouse.cli.documents import print_json
    from cardhouse.simulation.folders import find_run
    from cardhouse.simulation.run import open_run

    runs = [open_run(find_run(name, folder)) for name in (first, second)]
    found = compare(runs[0], runs[1], _case(runs[0]))
    if as_json:
        print_json(found.to_json())
    else:
        _print(found)


def _case(run: Run) -> Case | None:
    """Load the case for the names of entities; None when it is not at hand any more."""
    from cardhouse.basics.errors import CardhouseError
    from cardhouse.casebook.load import load_case

    try:
        return load_case(str(run.manifest["request"].get("case") or run.manifest["labels"].get("case", "")))
    except CardhouseError:
        return None


def _print(found: Comparison) -> None:
    from cardhouse.cli.tables import print_line, print_table

    how = "draw by draw" if found.paired else "as two independent runs"
    print_line(
        f"{found.draws:,} draws, compared {how}, from {found.quarters[0]} to {found.quarters[1]}. "
        "Intervals hold the Monte Carlo error alone."
    )
    print_line(f"  first:  {_told(found.first, found.changed_first)}")
    print_line(f"  second: {_told(found.second, found.changed_second)}")
    if found.differ:
        print_line("What differs:")
    for text in found.differ:
        print_line(f"  {text}")
    rows = [_row(measure) for measure in found.measures]
    head = (found.first.get("scenario", "first"), found.second.get("scenario", "second"))
    if head[0] == head[1]:
        head = ("first", "second")
    columns = ("measure", f"{head[0]}>", f"{head[1]}>", "difference>", "90 % interval!", "beyond chance")
    print_table("Means over the draws", columns, rows)
    if found.left_out:
        print_line(f"Left out, because a run keeps one number of it for all its quarters: {'; '.join(found.left_out)}.")


def _told(labels: dict[str, str], changed: tuple[str, ...]) -> str:
    """Write what a run was asked: its scenario and what was changed."""
    return ", ".join((labels.get("scenario", "") or "no scenario", *changed))


def _row(measure: Measure) -> tuple[str, ...]:
    from cardhouse.report.words import money, percent, plain_number

    def write(value: float | None, *, signed: bool = False) -> str:
        if measure.unit == "share":
            return percent(value, 1, signed=signed)
        if measure.unit == "USD bn":
            return money(value, signed=signed)
        sign = "+" if signed and value is not None and value > 0 else ""
        return sign + plain_number(value)

    interval = f"{write(measure.low, signed=True)} to {write(measure.high, signed=True)}"
    values = (write(measure.first), write(measure.second), write(measure.difference, signed=True))
    return (measure.text, *values, interval, "yes" if measure.is_clear else "")
