"""``cardhouse reverse``: the least that breaks several firms, and the least adoption that breaks none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, check_figure, day_of

if TYPE_CHECKING:
    from cardhouse.analysis.breaking_point import ReverseStress

INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("reverse")(reverse)


def reverse(  # noqa: PLR0913, PLR0917 one argument per option of the command
    scenario: Annotated[
        list[str] | None, typer.Argument(help="Scenarios that hold in any case; the search adds to them.")
    ] = None,
    defaults: Annotated[
        int, typer.Option("--defaults", help="How many firms must default, groups of others among them.")
    ] = 3,
    share: Annotated[float, typer.Option("--share", help="In which share of the draws, 0 to 1.")] = 0.5,
    axis: Annotated[
        list[str] | None, typer.Option("--axis", help="Scenario that may happen in part; repeat for more.")
    ] = None,
    draws: Annotated[int, typer.Option("--draws", help="Draws behind every point.")] = 64,
    generations: Annotated[int, typer.Option("--generations", help="How long to search.")] = 4,
    case: CaseName = DEFAULT_CASE,
    quarters: Annotated[int, typer.Option("--quarters", help="Quarters to simulate.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 1,
    known_on: KnownOn = None,
    tier: Tier = "all",
    executor: Annotated[str, typer.Option("--executor", help="As for cardhouse run.")] = "auto",
    workers: Annotated[int | None, typer.Option("--workers", help="How many at once; all cores by default.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of answers; call again with it to go on.")] = None,
    figure: Annotated[Path | None, typer.Option("--figure", help="Draw the frontier into this .png or .svg.")] = None,
    as_json: Json = False,
) -> None:
    """Ask backwards: how little has to happen until several firms fail, and how much adoption until none does."""
    from cardhouse.analysis.breaking_point import (
        DEFAULT_AXES,
        InterruptedSearchError,
        Question,
        reverse_stress,
        search_subject,
    )
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.simulation.executors import executor_named
    from cardhouse.simulation.folders import RUNS
    from cardhouse.simulation.interrupt import stop_on_interrupt

    check_figure(figure)
    question = Question(axes=tuple(axis or DEFAULT_AXES), defaults=defaults, wanted=share, generations=generations)
    request = Request(
        case=case,
        known_on=day_of(known_on),
        tier=tier,
        scenarios=tuple(scenario or ()),
        quarters=quarters,
        draws=draws,
        seed=seed,
    )
    experiment = prepare(request)
    folder = out or RUNS / f"reverse-{experiment.plan().name}-{search_subject(experiment, question)[:6]}"
    engine = executor_named(executor, workers)
    with stop_on_interrupt(lambda: typer.echo("stopping after the point at work", err=True)) as stop:
        try:
            answer = reverse_stress(experiment, question, engine, folder / "answers.jsonl", stop)
        except InterruptedSearchError:
            typer.echo(f"stopped; go on with the same command and --out {folder}", err=True)
            raise typer.Exit(INTERRUPTED) from None
    _tell(answer, folder, as_json)
    if figure is not None and len(answer.frontier) < 2:
        typer.echo("no frontier within one and a half times the shocks, so no figure", err=True)
    elif figure is not None:
        from cardhouse.analysis.figure_file import source_of
        from cardhouse.analysis.frontier_figure import draw_frontier

        draw_frontier(answer, figure, source_of(experiment.case))


def _tell(answer: ReverseStress, folder: Path, as_json: bool) -> None:
    from cardhouse.simulation.atomic import write_atomic

    text = json.dumps(answer.to_json(), ensure_ascii=False, indent=2, allow_nan=False)
    write_atomic(folder / "answer.json", f"{text}\n".encode())
    if as_json:
        typer.echo(text)
        return
    for sentence in answer.sentences():
        typer.echo(sentence)
    typer.echo("")
    for name, single in zip(answer.smallest.axes, answer.smallest.singles, strict=True):
        alone = f"{single:.0%} of it" if single < float("inf") else "not within one and a half times its size"
        typer.echo(f"{name:<10} alone: {alone}")
    typer.echo(f"{answer.smallest.points} points of {answer.draws} draws; kept in {folder}")
