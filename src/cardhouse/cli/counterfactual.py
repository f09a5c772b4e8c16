"""``cardhouse counterfactual``: what circular finance changes, against the same money from outside and against none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, check_figure, day_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cardhouse.analysis.counterfactual import Counterfactual, Effect


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("counterfactual")(counterfactual)


def counterfactual(  # noqa: PLR0913, PLR0917 one argument per option of the command
    scenario: Annotated[list[str] | None, typer.Argument(help="Scenarios under which the worlds are compared.")] = None,
    draws: Annotated[int, typer.Option("--draws", help="Draws in every world.", min=2)] = 400,
    quarters: Annotated[int, typer.Option("--quarters", help="Quarters to simulate.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 1,
    off: Annotated[list[str] | None, typer.Option("--off", help="Mechanism off in every world; repeat.")] = None,
    run: Annotated[
        str,
        typer.Option("--run", help="Ask under the request of this stored run: its scenarios, gates, priors and seed."),
    ] = "",
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    figure: Annotated[Path | None, typer.Option("--figure", help="Draw the effects into this .png or .svg.")] = None,
    as_json: Json = False,
) -> None:
    """Compare worlds with and without circular finance, draw by draw: one sentence, one table, one picture."""
    from cardhouse.analysis.counterfactual import compare_worlds, to_plain
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.cli.documents import head, print_json
    from cardhouse.simulation.folders import find_run
    from cardhouse.simulation.run import open_run

    check_figure(figure)
    request = Request(
        case=case,
        known_on=day_of(known_on),
        tier=tier,
        scenarios=tuple(scenario or ()),
        off=tuple(off or ()),
        quarters=quarters,
        draws=draws,
        seed=seed,
    )
    if run:
        # the worlds are run anew, from the parameters and the news of the run's own draws
        asked = Request.from_plain(open_run(find_run(run)).manifest["request"])
        request = replace(asked, draws=min(draws, asked.draws))
    experiment = prepare(request)
    found = compare_worlds(experiment, lambda world: typer.echo(f"world: {world}", err=True))
    if as_json:
        print_json({**head(experiment.case), **to_plain(found)})
    else:
        _print(found)
    if figure is not None:
        from cardhouse.analysis.counterfactual_figure import draw_effects
        from cardhouse.analysis.figure_file import source_of

        typer.echo(f"figure: {draw_effects(found, figure, source_of(experiment.case))}", err=True)


def _print(found: Counterfactual) -> None:
    from cardhouse.analysis.counterfactual import MEASURES, channel_name
    from cardhouse.cli.tables import print_line, print_table

    print_line(found.sentence())
    print_line()
    columns = ["as is, less", *(f"{measure.short}, {measure.unit}>" for measure in MEASURES)]
    rows = []
    for title, contrast in (("outside money", "circ - substitute"), ("no such money", "circ - none")):
        rows.append(_row(title, found.effects[contrast]))
        rows += [_row(f"  by {channel_name(gate)}", parts) for gate, parts in found.splits[contrast].items()]
    print_table("Effect of circular finance, and what each of its five channels adds", columns, rows)
    holders = sorted(found.holders.items(), key=lambda item: -abs(item[1].mean))[:8]
    print_table(
        "Losses on shares and credit by holder, as is less the same money from outside, USD bn",
        ["holder", "difference>", "share of draws higher>", "lower>"],
        [
            [name, _cell(effect).replace("\n", " "), f"{effect.share_up:.0%}", f"{effect.share_down:.0%}"]
            for name, effect in holders
        ],
    )
    kept = f"{found.draws:,} draws" + (f", {found.dropped:,} left out that did not end well" if found.dropped else "")
    print_line(
        f"{kept}. Brackets: 90 % Monte Carlo interval of the mean, not uncertainty about the model. A draw without a "
        f"default counts as quarter {found.quarters + 1}. What a channel adds is averaged over all orders of switching "
        "the five on, so that the five sum to the effect. With all five off the three worlds differ by "
        f"{found.rest:.0e} at most, relative to the mean, in any draw."
    )


def _row(name: str, effects: Mapping[str, Effect]) -> list[str]:
    return [name, *(_cell(effect) for effect in effects.values())]


def _cell(effect: Effect) -> str:
    digits = 0 if max(abs(effect.low), abs(effect.high)) >= 100 else 1 if abs(effect.mean) >= 2 else 2
    return f"{effect.mean:+,.{digits}f}\n({effect.low:+,.{digits}f}, {effect.high:+,.{digits}f})"
