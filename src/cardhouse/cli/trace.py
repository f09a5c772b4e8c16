"""``cardhouse trace``: of each dollar of a firm's revenue, so many cents came from an end user."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, RunName, Tier, check_figure, day_of, read_run


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("trace")(trace)


def trace(  # noqa: PLR0913, PLR0917 one argument per option of the command
    entity: Annotated[str, typer.Argument(help="The firm whose revenue is traced, for example nvidia.")],
    scenario: Annotated[list[str] | None, typer.Argument(help="Scenarios laid over one another.")] = None,
    draws: Annotated[int, typer.Option("--draws", help="Draws whose ledgers are traced.", min=1)] = 12,
    quarters: Annotated[int, typer.Option("--quarters", help="Quarters to simulate.")] = 12,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 1,
    run: RunName = "",
    past: Annotated[bool, typer.Option("--past", help="Trace the published payments since 2023Q1; no model.")] = False,
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    figure: Annotated[Path | None, typer.Option("--figure", help="Draw the origins into this .png or .svg.")] = None,
    as_json: Json = False,
) -> None:
    """Follow the money: where each dollar of a firm's revenue began, with the interval that fungibility leaves."""
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.analysis.origins import NETWORK_COLUMNS, trace_future, trace_past
    from cardhouse.cli.documents import head, print_json
    from cardhouse.cli.tables import print_line, print_table
    from cardhouse.simulation.progress import TerminalProgress

    check_figure(figure)
    request = Request(
        case=case,
        known_on=day_of(known_on),
        tier=tier,
        scenarios=tuple(scenario or ()),
        quarters=quarters,
        draws=draws,
        seed=seed,
    )
    experiment, stored = read_run(run, draws) if run else (prepare(request), None)
    if past:
        found = trace_past(experiment, entity)
    else:
        with TerminalProgress(experiment.scenario_name) as progress:
            found = trace_future(experiment, entity, stored, progress)
    if as_json:
        print_json({**head(experiment.case), **found.to_plain()})
    else:
        print_line(found.sentence())
        print_line()
        print_table(f"Origin of {found.name}'s revenue, cents of each dollar", found.columns(), found.rows())
        print_table(
            "Largest closed paths of payments through it, USD bn a year", ["money runs", "once around>"], found.paths()
        )
        headings = NETWORK_COLUMNS[: 5 if past else 6]
        print_table("The whole network over time", headings, found.network_rows())
        print_line(found.footnote())
    if figure is not None:
        from cardhouse.analysis.figure_file import source_of
        from cardhouse.analysis.tracer_figure import draw_origins

        source = source_of(experiment.case)
        path = draw_origins(found.tracing, entity, found.quarters, found.title(), figure, source)
        typer.echo(f"figure: {path}", err=True)
