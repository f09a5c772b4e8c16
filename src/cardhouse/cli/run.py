"""``cardhouse run``: simulate a case under a scenario, print a short table, write a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, day_of

if TYPE_CHECKING:
    from cardhouse.analysis.experiment import Experiment, Request
    from cardhouse.analysis.summary import Summary
    from cardhouse.simulation.manifest import RunPlan
    from cardhouse.simulation.results import Run

INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("run")(run)


def run(  # noqa: PLR0913, PLR0917 one argument per option of the command
    scenario: Annotated[
        list[str] | None,
        typer.Argument(help="Scenarios by name or file, laid over one another; see: cardhouse scenarios list."),
    ] = None,
    case: CaseName = DEFAULT_CASE,
    draws: Annotated[int, typer.Option("--draws", help="Number of draws.")] = 500,
    quarters: Annotated[int, typer.Option("--quarters", help="Quarters to simulate.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 1,
    known_on: KnownOn = None,
    tier: Tier = "all",
    off: Annotated[list[str] | None, typer.Option("--off", help="Switch off a mechanism (gate); repeat.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Parameter as name=0.5 or name=0.3..0.6; repeat.")
    ] = None,
    prior: Annotated[
        str, typer.Option("--prior", help="ranges, or accepted: parameters that history matching did not rule out.")
    ] = "ranges",
    sampling: Annotated[str, typer.Option("--sampling", help="sobol, latin, plain or central.")] = "sobol",
    news_per_row: Annotated[
        int, typer.Option("--news-per-row", help="Draws that share a parameter row and differ in news; 1: not nested.")
    ] = 2,
    news: Annotated[str, typer.Option("--news", help="own, or shared: the same news for every parameter row.")] = "own",
    correlate: Annotated[
        list[str] | None, typer.Option("--correlate", help="Rank correlation as first,second=0.4; repeat.")
    ] = None,
    keep: Annotated[
        str, typer.Option("--keep", help="paths (all of every draw), draws (scalars and labels), or auto.")
    ] = "auto",
    executor: Annotated[
        str, typer.Option("--executor", help="auto, serial, threads, processes, dask or dask:ADDRESS.")
    ] = "auto",
    workers: Annotated[int | None, typer.Option("--workers", help="How many at once; all cores by default.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Run folder; under runs/ by default.")] = None,
    resume: Annotated[str | None, typer.Option("--resume", help="Go on with this run, by name or path.")] = None,
    as_json: Json = False,
) -> None:
    """Stress-test a case: many worlds, who falls first and why, who carries the loss; with a report to open."""
    from cardhouse.analysis.experiment import Request, parse_correlation, parse_setting, prepare

    if resume is not None:
        request, out = _resumed(resume)
    else:
        request = Request(
            case=case,
            known_on=day_of(known_on),
            tier=tier,
            scenarios=tuple(scenario or ()),
            off=tuple(off or ()),
            settings=tuple(parse_setting(text) for text in settings or ()),
            quarters=quarters,
            draws=draws,
            seed=seed,
            scheme=sampling,
            news_per_row=news_per_row,
            news=news,
            correlations=tuple(parse_correlation(text) for text in correlate or ()),
            keep=keep,
            prior=prior,
        )
    experiment = prepare(request)
    plan = experiment.plan()
    folder = _folder(out, plan)
    done = _compute(plan, folder, executor, workers)
    if not done.complete:
        typer.echo(f"stopped with {done.draws.size:,} of {request.draws:,} draws; go on with:", err=True)
        typer.echo(f"  cardhouse run --resume {folder}", err=True)
        raise typer.Exit(INTERRUPTED)
    _tell(done, experiment, folder, as_json)
    if any(done.result_codes.get(code) for code in done.result_codes if code):
        raise typer.Exit(1)


def _resumed(name: str) -> tuple[Request, Path]:
    from cardhouse.analysis.experiment import Request
    from cardhouse.simulation.folders import find_run
    from cardhouse.simulation.run import open_run

    folder = find_run(name)
    return Request.from_plain(open_run(folder).manifest["request"]), folder


def _folder(out: Path | None, plan: RunPlan) -> Path:
    from cardhouse.simulation.folders import RUNS

    return RUNS / plan.name if out is None else out


def _compute(plan: RunPlan, folder: Path, executor: str, workers: int | None) -> Run:
    from cardhouse.model.result_codes import ResultCode
    from cardhouse.simulation.executors import executor_named
    from cardhouse.simulation.interrupt import stop_on_interrupt
    from cardhouse.simulation.progress import TerminalProgress
    from cardhouse.simulation.run import start_run
    from cardhouse.simulation.tables import tables_are_there, write_tables

    names = {int(code): code.name.lower().replace("_", " ") for code in ResultCode}
    engine = executor_named(executor, workers)
    title = plan.labels.get("scenario", "")
    with TerminalProgress(title, names) as progress, stop_on_interrupt(progress.stopping) as stop:
        run = start_run(plan, folder, engine, progress, stop)
    if run.complete and not tables_are_there(run, folder / "results"):
        write_tables(run, folder / "results")
    return run


def _tell(done: Run, experiment: Experiment, folder: Path, as_json: bool) -> None:
    from cardhouse.analysis.summary import summarise
    from cardhouse.cli.price_pages import pages_of
    from cardhouse.report.render import write_report
    from cardhouse.simulation.atomic import write_atomic

    summary = summarise(done, experiment.case)
    document = {"folder": str(folder), "report": str(folder / "report.html"), "summary": summary.to_json()}
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    write_atomic(folder / "summary.json", f"{text}\n".encode())
    write_report(folder / "report.html", summary, experiment.case, experiment.scenarios, pages_of(folder))
    if as_json:
        typer.echo(text)
    else:
        _print(summary, folder)


def _print(summary: Summary, folder: Path) -> None:
    from cardhouse.report.terminal import summary_lines

    for line in summary_lines(summary):
        typer.echo(line)
    typer.echo(f"report: {folder / 'report.html'}")
