"""``cardhouse sensitivity``: what the results depend on, parameter by parameter and group by group."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, day_of

if TYPE_CHECKING:
    from cardhouse.analysis.sensitivity.groups import GroupIndex
    from cardhouse.analysis.sensitivity.screening import Effect
    from cardhouse.analysis.sensitivity.study import Study
    from cardhouse.simulation.executors import Executor
    from cardhouse.simulation.manifest import RunPlan
    from cardhouse.simulation.results import Run

INTERRUPTED = 130
SHOWN = 8


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("sensitivity")(sensitivity)


def sensitivity(  # noqa: PLR0913, PLR0917 one argument per option of the command
    scenario: Annotated[
        list[str] | None, typer.Argument(help="Scenarios by name or file, laid over one another.")
    ] = None,
    trajectories: Annotated[
        int, typer.Option("--trajectories", help="Times each parameter is changed alone, for the screening.")
    ] = 12,
    base: Annotated[
        int, typer.Option("--base", help="Rows of the two samples behind the variance shares: 64, 128, 256…")
    ] = 512,
    case: CaseName = DEFAULT_CASE,
    quarters: Annotated[int, typer.Option("--quarters", help="Quarters to simulate.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 1,
    known_on: KnownOn = None,
    tier: Tier = "all",
    executor: Annotated[str, typer.Option("--executor", help="As for cardhouse run.")] = "auto",
    workers: Annotated[int | None, typer.Option("--workers", help="How many at once; all cores by default.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of both runs; call again with it to go on.")] = None,
    as_json: Json = False,
) -> None:
    """Say what the results depend on: single parameters, and data ranges, assumptions and news as groups."""
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.analysis.sensitivity.study import groups_plan, screening_plan, study_of
    from cardhouse.simulation.atomic import write_atomic
    from cardhouse.simulation.executors import executor_named
    from cardhouse.simulation.folders import RUNS

    request = Request(
        case=case,
        known_on=day_of(known_on),
        tier=tier,
        scenarios=tuple(scenario or ()),
        quarters=quarters,
        seed=seed,
    )
    experiment = prepare(request)
    plans = {"screening": screening_plan(experiment, trajectories), "groups": groups_plan(experiment, base)}
    engine = executor_named(executor, workers)
    folders = {name: (RUNS / plan.name if out is None else out / name) for name, plan in plans.items()}
    runs = [_compute(plans[name], folder, engine) for name, folder in folders.items()]
    study = study_of(*runs)
    text = json.dumps(study.to_json(), ensure_ascii=False, indent=2, allow_nan=False)
    write_atomic(folders["groups"] / "sensitivity.json", f"{text}\n".encode())
    if as_json:
        typer.echo(text)
        return
    _print(study)
    typer.echo(f"runs: {folders['screening']} and {folders['groups']}")


def _compute(plan: RunPlan, folder: Path, engine: Executor) -> Run:
    from cardhouse.simulation.interrupt import stop_on_interrupt
    from cardhouse.simulation.progress import TerminalProgress
    from cardhouse.simulation.run import start_run

    with TerminalProgress(plan.labels["design"]) as progress, stop_on_interrupt(progress.stopping) as stop:
        run = start_run(plan, folder, engine, progress, stop)
    if not run.complete:
        typer.echo("stopped; the same command goes on from here", err=True)
        raise typer.Exit(INTERRUPTED)
    return run


def _print(study: Study) -> None:
    from cardhouse.analysis.sensitivity.outcomes import OUTCOMES

    for outcome in OUTCOMES:
        typer.echo(f"{outcome.name}: {outcome.meaning} ({outcome.unit})")
        for line in outcome_lines(study, outcome.name):
            typer.echo(f"  {line}")
        typer.echo("")
    if study.failed_draws:
        typer.echo(f"{study.failed_draws:,} draws ended badly and were left out")


def outcome_lines(study: Study, outcome: str) -> list[str]:
    """Say what one outcome depends on."""
    groups = _group_lines([index for index in study.indices if index.outcome == outcome])
    effects = [effect for effect in study.effects if effect.outcome == outcome]
    if all(effect.size == 0.0 for effect in effects):
        return [*groups, "single parameters: the outcome did not move when one was changed alone"]
    return [
        *groups,
        "largest effects of single parameters, over their whole prior:",
        *(f"  {_effect_line(effect)}" for effect in effects[:SHOWN]),
        f"  {_agreement_words(study.agreement[outcome])}",
    ]


def _agreement_words(agreed: float) -> str:
    if math.isnan(agreed):
        return "the two halves of the trajectories cannot be compared: one is empty, or the outcome did not move in it"
    return f"the two halves of the trajectories agree with rank correlation {agreed:.2f}"


def _group_lines(indices: list[GroupIndex]) -> list[str]:
    lines = []
    for group in dict.fromkeys(index.group for index in indices):
        growing = sorted((index for index in indices if index.group == group), key=lambda index: index.draws)
        last = growing[-1]
        if math.isnan(last.total):
            lines.append(f"{group:<12} {_unmoved_words(last)}")
            continue
        totals = ", ".join(_total_words(index) for index in growing)
        lines.append(
            f"{group:<12} alone {last.first:.2f} ({_ends(last.first_low, last.first_high)}), with interactions "
            f"{last.total:.2f} ({_ends(last.total_low, last.total_high)}); totals by rows: {totals}"
        )
    return lines


def _ends(low: float, high: float) -> str:
    return f"{low:.2f} to {high:.2f}" if math.isfinite(low) and math.isfinite(high) else "interval unknown"


def _unmoved_words(index: GroupIndex) -> str:
    if index.moved == 0:
        return "the outcome did not move, so there is no variance to share out"
    return f"the outcome moved in {index.moved} of {index.draws} rows alone, too few to share its variance out"


def _total_words(index: GroupIndex) -> str:
    if math.isfinite(index.total):
        return f"{index.total:.2f} at {index.draws}"
    return f"not moved at {index.draws}" if index.moved == 0 else f"unknown at {index.draws}"


def _effect_line(effect: Effect) -> str:
    from cardhouse.report.words import plain_number

    if effect.trajectories < 2:
        count = "one trajectory" if effect.trajectories else "no trajectory could tell"
        return f"{effect.parameter:<34} {plain_number(effect.size):>10}, error unknown: {count}"
    return (
        f"{effect.parameter:<34} {plain_number(effect.size):>10} ± {plain_number(effect.error)}, "
        f"mean {plain_number(effect.mean)}, spread {plain_number(effect.spread)}"
    )
