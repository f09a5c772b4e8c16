"""``cardhouse scenarios``: list, show, check and begin scenarios."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, KnownOn, day_of

if TYPE_CHECKING:
    from cardhouse.scenarios.scenario import Scenario

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
commands = typer.Typer(help="What can be done to the world: named scenarios and your own.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.add_typer(commands, name="scenarios")


@commands.command("list")
def list_scenarios(as_json: Json = False) -> None:
    """List the packaged scenarios: twelve core ones, then six to be combined with others."""
    from cardhouse.scenarios.catalogue import library_names, packaged

    scenarios = [packaged(name) for name in library_names()]
    if as_json:
        typer.echo(json.dumps({"scenarios": [_short(scenario) for scenario in scenarios]}, ensure_ascii=False))
        return
    from cardhouse.cli.tables import print_list

    rows = [(s.id, s.kind, s.title, str(s.first_moment or "-"), str(len(s.shocks)), s.first_break) for s in scenarios]
    print_list(("name", "kind", "title", "begins", "shocks", "expected first break"), rows)


def _short(scenario: Scenario) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "kind": scenario.kind,
        "title": scenario.title,
        "begins": None if scenario.first_moment is None else str(scenario.first_moment),
        "shocks": len(scenario.shocks),
        "first_break": scenario.first_break,
        "reference": scenario.reference,
    }


@commands.command("show")
def show(
    scenario: Annotated[
        str | None, typer.Argument(help="Name of a packaged scenario, or a .yaml or .csv file.")
    ] = None,
    variables: Annotated[bool, typer.Option("--variables", help="Show everything that can be changed.")] = False,
    as_json: Json = False,
) -> None:
    """Show one scenario with its reasons and references, or every shock variable."""
    from cardhouse.basics.errors import Problem, ScenarioError

    if variables:
        _show_variables(as_json)
    elif scenario is not None:
        _show_scenario(scenario, as_json)
    else:
        problem = Problem(file="scenario", rule="a name is missing", remedy="give one, or ask for --variables")
        raise ScenarioError("", (problem,))


def _show_variables(as_json: bool) -> None:
    from cardhouse.scenarios.describe import variable_record
    from cardhouse.scenarios.variables import SHOCK_VARIABLES

    records = [variable_record(variable) for variable in SHOCK_VARIABLES]
    if as_json:
        typer.echo(json.dumps({"variables": records}, ensure_ascii=False))
        return
    from cardhouse.cli.tables import print_list

    rows = [(r["name"], r["target"], r["operation"], r["unit"], r["meaning"]) for r in records]
    print_list(("variable", "concerns", "does", "unit", "meaning"), rows)


def _show_scenario(name: str, as_json: bool) -> None:
    from cardhouse.scenarios.catalogue import load_scenario
    from cardhouse.scenarios.describe import scenario_record

    record = scenario_record(load_scenario(name))
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False))
        return
    typer.echo(f"{record['id']}: {record['title']}\n\n{record['story']}\n")
    typer.echo(f"Expected first break: {record['first_break']}\nReference: {record['reference']}\n")
    for shock in record["shocks"]:
        whom = shock["target"] or "sector"
        typer.echo(f"{shock['variable']} · {whom} · {shock['in_words']} · {shock['basis']}")
        typer.echo(textwrap.indent(textwrap.fill(shock["rationale"], 96), "    "))
    if not record["shocks"]:
        typer.echo("No shock: the plans of the case are carried out.")
    typer.echo()
    for title, line in {r["title"]: r for s in record["shocks"] for r in s["references"]}.items():
        typer.echo(f"- {title} {line['date']} {line['address']}".rstrip())


@commands.command("check")
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario files (.yaml, .csv) or names.")],
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    quarters: Annotated[int, typer.Option("--quarters", help="Quarters of the run it is meant for.")] = 24,
    as_json: Json = False,
) -> None:
    """Check scenario files as a run of the case would, and report every problem, with file, line and key."""
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.basics.errors import Problem, ScenarioError

    calm = prepare(Request(case=case, known_on=day_of(known_on), quarters=quarters))

    results: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for name in files:
        try:
            asked = calm.changed(scenarios=(name,))
            asked.paths()  # what a run does with it: targets, quarters, settings that contradict each other
            shocks = len(asked.scenarios[0].shocks)
            results.append({"file": name, "ok": True, "shocks": shocks, "problems": []})
        except ScenarioError as error:
            problems += error.problems
            results.append({"file": name, "ok": False, "problems": [str(problem) for problem in error.problems]})
    if as_json:
        typer.echo(json.dumps({"files": results}, ensure_ascii=False))
    else:
        for result in results:
            if result["ok"]:
                typer.echo(f"{result['file']}: good, {result['shocks']} shocks")
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found"
        raise ScenarioError(count, problems)


@commands.command("schema")
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors that complete and check as one types."""
    from cardhouse.scenarios.describe import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@commands.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario; the file is NAME.yaml.")],
    folder: Annotated[Path, typer.Option("--folder", help="Where to write it.")] = Path(),
    like: Annotated[str | None, typer.Option("--like", help="Copy a packaged scenario.")] = None,
    as_json: Json = False,
) -> None:
    """Write a scenario file to begin with; it explains itself and is valid as it stands."""
    from cardhouse.scenarios.template import new_scenario

    path = new_scenario(name, folder, like)
    typer.echo(
        json.dumps({"file": str(path)}) if as_json else f"wrote {path}; check it with: cardhouse scenarios check {path}"
    )
