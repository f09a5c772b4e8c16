"""``cardhouse runs``: list, show, export and remove the runs of a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from cardhouse.simulation.folders import RunEntry
    from cardhouse.simulation.results import Run

Folder = Annotated[Path, typer.Option("--folder", help="Where the runs are.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Name = Annotated[str, typer.Argument(help="Name of the run, the beginning of it, or its path.")]
commands = typer.Typer(help="The runs made so far: list, show, export, remove.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.add_typer(commands, name="runs")


@commands.command("list")
def list_all(folder: Folder = Path("runs"), as_json: Json = False) -> None:
    """List the runs of a folder, newest first."""
    from cardhouse.simulation.folders import list_runs

    entries = list_runs(folder)
    if as_json:
        typer.echo(json.dumps({"runs": [_record(entry) for entry in entries]}, ensure_ascii=False))
    elif entries:
        _print_list(entries)
    else:
        typer.echo(f"no runs in {folder}")


def _print_list(entries: tuple[RunEntry, ...]) -> None:
    from cardhouse.cli.tables import print_list

    rows = [
        (
            entry.name,
            entry.case,
            entry.scenario,
            entry.state,
            f"{entry.done:,} of {entry.draws:,}",
            f"{entry.bytes / 1e6:,.1f} MB",
            entry.created[:16].replace("T", " "),
        )
        for entry in entries
    ]
    print_list(("run", "case", "scenario", "state", "draws", "size", "begun"), rows)


def _record(entry: RunEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "folder": str(entry.folder),
        "case": entry.case,
        "scenario": entry.scenario,
        "state": entry.state,
        "draws": entry.draws,
        "draws_done": entry.done,
        "created": entry.created,
        "bytes": entry.bytes,
    }


@commands.command("show")
def show(name: Name, folder: Folder = Path("runs"), as_json: Json = False) -> None:
    """Show what a run was asked, what it depends on, how its draws ended and which variables it holds."""
    from cardhouse.simulation.folders import describe, find_run
    from cardhouse.simulation.run import open_run

    place = find_run(name, folder)
    run, entry = open_run(place), describe(place)
    if as_json:
        codes = {str(code): count for code, count in run.result_codes.items()}
        typer.echo(json.dumps({**run.manifest, **_record(entry), "result_codes": codes}, ensure_ascii=False))
        return
    for key, value in _lines(run, entry):
        typer.echo(f"{key:<14} {value}")


def _lines(run: Run, entry: RunEntry) -> list[tuple[str, str]]:
    from cardhouse.analysis.changes import changed_in
    from cardhouse.model.result_codes import ResultCode

    manifest, quarters = run.manifest, run.coordinates["quarter"]
    sampling = manifest["sampling"]
    codes = ", ".join(f"{count:,} {ResultCode(code).name.lower()}" for code, count in run.result_codes.items())
    kept = [name for name, item in run.variables.items() if not item.sketched]
    binned = [name for name, item in run.variables.items() if item.sketched]
    lines = [
        ("run", entry.name),
        ("folder", str(entry.folder)),
        *((key.replace("_", " "), str(value)) for key, value in manifest["labels"].items()),
        ("changed", ", ".join(changed_in(run)) or "nothing"),
        ("quarters", f"{len(quarters)}, {quarters[0]} to {quarters[-1]}"),
        ("state", f"{entry.state}, {entry.done:,} of {entry.draws:,} draws"),
        ("result codes", codes or "none yet"),
        (
            "sampling",
            f"{sampling['scheme']}, seed {sampling['seed']}, {sampling['news_per_row']} draws a parameter row",
        ),
        ("program", f"cardhouse {manifest['code']['version']}, source {manifest['code']['digest'][:12]}"),
        ("libraries", ", ".join(f"{name} {version}" for name, version in manifest["libraries"].items())),
        ("fingerprint", manifest["fingerprint"]),
        ("begun", entry.created),
        ("size", f"{entry.bytes / 1e6:,.1f} MB"),
        ("every draw of", ", ".join(kept)),
    ]
    return lines if not binned else [*lines, ("distributions", ", ".join(binned))]


@commands.command("export")
def export(
    name: Name,
    out: Annotated[Path, typer.Argument(help="File to write: .csv (long table), .nc (NetCDF), or a folder (Parquet).")],
    folder: Folder = Path("runs"),
    as_json: Json = False,
) -> None:
    """Write a run for other programs; the ending of the name says how."""
    from cardhouse.basics.errors import InputError, Problem
    from cardhouse.simulation.exports import to_long_csv, to_netcdf
    from cardhouse.simulation.folders import find_run
    from cardhouse.simulation.run import open_run
    from cardhouse.simulation.tables import write_tables

    writers = {".csv": to_long_csv, ".nc": to_netcdf, "": write_tables}
    if out.suffix.lower() not in writers:
        rule, remedy = (
            "a run is written as .csv, .nc or a folder of Parquet files",
            "end the name in .csv, .nc or nothing",
        )
        raise InputError("", (Problem(file="OUT", value=str(out), rule=rule, remedy=remedy),))
    writers[out.suffix.lower()](open_run(find_run(name, folder)), out)
    typer.echo(json.dumps({"written": str(out)}, ensure_ascii=False) if as_json else f"wrote {out}")


@commands.command("remove")
def remove(
    name: Name,
    folder: Folder = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Remove a run: its own files, and its folder when nothing else is in it."""
    from cardhouse.simulation.folders import find_run, remove_run

    place = find_run(name, folder)
    if not yes:
        typer.confirm(f"Remove the run {place}?", abort=True, err=True)
    left = remove_run(place)
    if as_json:
        typer.echo(json.dumps({"removed": str(place), "left": list(left)}, ensure_ascii=False))
        return
    typer.echo(f"removed {place}" + (f"; left {', '.join(left)}, which is not part of a run" if left else ""))
