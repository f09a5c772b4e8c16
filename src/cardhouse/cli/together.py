"""``cardhouse together``: whether the losses of several scenarios add up, or do more or less than that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, check_figure, day_of

if TYPE_CHECKING:
    from cardhouse.analysis.additivity import Additivity
    from cardhouse.analysis.counterfactual import Effect


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("together")(together)


def together(  # noqa: PLR0913, PLR0917 one argument per option of the command
    scenario: Annotated[list[str], typer.Argument(help="Two scenarios or more, or one made of others, as SIMUL.")],
    draws: Annotated[int, typer.Option("--draws", help="Draws in every run.", min=2)] = 400,
    quarters: Annotated[int, typer.Option("--quarters", help="Quarters to simulate.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 1,
    off: Annotated[list[str] | None, typer.Option("--off", help="Mechanism off in every run; repeat.")] = None,
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    figure: Annotated[Path | None, typer.Option("--figure", help="Draw the sums into this .png or .svg.")] = None,
    as_json: Json = False,
) -> None:
    """Compare the loss of several scenarios at once with the sum of each alone, draw by draw."""
    from cardhouse.analysis.additivity import add_up, to_plain
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.cli.documents import head, print_json

    check_figure(figure)
    request = Request(
        case=case,
        known_on=day_of(known_on),
        tier=tier,
        scenarios=tuple(scenario),
        off=tuple(off or ()),
        quarters=quarters,
        draws=draws,
        seed=seed,
    )
    experiment = prepare(request)
    found = add_up(experiment, lambda name: typer.echo(f"run: {name}", err=True))
    if as_json:
        print_json({**head(experiment.case), **to_plain(found)})
    else:
        _print(found)
    if figure is not None:
        from cardhouse.analysis.additivity_figure import draw_sums
        from cardhouse.analysis.figure_file import source_of

        typer.echo(f"figure: {draw_sums(found, figure, source_of(experiment.case))}", err=True)


def _print(found: Additivity) -> None:
    from cardhouse.cli.tables import print_line, print_table

    print_line(found.sentence())
    print_line()
    columns = ["loss", *(f"{name}>" for name in found.scenarios), "sum>", "together>", "together less sum>"]
    rows = []
    for line in found.sums:
        parts = [line.parts[name] for name in found.scenarios]
        whole = sum(part.mean for part in parts)
        cells = [_number(part.mean) for part in parts]
        rows.append(
            [f"{line.words}, {line.unit}", *cells, _number(whole), _number(line.together.mean), _cell(line.excess)]
        )
    print_table("Loss beyond the run without a shock", columns, rows)
    kept = f"{found.draws:,} draws" + (f", {found.dropped:,} left out that did not end well" if found.dropped else "")
    print_line(f"{kept}, the same in every run. Brackets: 90 % Monte Carlo interval of the mean difference.")


def _number(value: float) -> str:
    return f"{value:+,.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"


def _cell(effect: Effect) -> str:
    return f"{_number(effect.mean)}\n({_number(effect.low)}, {_number(effect.high)})"
