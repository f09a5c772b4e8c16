"""``cardhouse facts``: list, show and check the evidence, and say what is assumed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, read_case

if TYPE_CHECKING:
    from cardhouse.casebook.case import Case
    from cardhouse.casebook.gaps import Gap
    from cardhouse.facts.fact import Fact

commands = typer.Typer(
    help="The evidence: every number with its source, or its range and reason.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.add_typer(commands, name="facts")


@commands.command("list")
def list_facts(  # noqa: PLR0913, PLR0917 one argument per option of the command
    subject: Annotated[str | None, typer.Option("--subject", help="Only facts about this entity.")] = None,
    metric: Annotated[str | None, typer.Option("--metric", help="Only this measure or kind of contract.")] = None,
    unused: Annotated[bool, typer.Option("--unused", help="Only rows that nothing rests on, with the reason.")] = False,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Measures on which sources disagree.")] = False,
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    as_json: Json = False,
) -> None:
    """List facts as known on a day."""
    from cardhouse.casebook.records import fact_record

    reading = read_case(case, known_on, tier)
    if conflicts:
        _print_conflicts(reading, as_json)
        return
    _refuse_unknown(reading, subject, metric)
    facts = [
        fact
        for fact in reading.register.select(subject=subject, metric=metric)
        if not unused or reading.reason_unused(fact.id) is not None
    ]
    if as_json:
        _print_json(reading, facts=[fact_record(reading, fact) for fact in facts])
        return
    from cardhouse.cli.tables import print_list

    rows = [
        (fact.id, f"{_figure(fact)} {fact.unit}", str(fact.known_on), str(fact.confidence or ""), _use(reading, fact))
        for fact in facts
    ]
    print_list(("fact", "figure", "known on", "tier", "used"), rows)
    typer.echo(f"{len(facts)} facts of {len(reading.all_facts)}, as known on {reading.known_on}")


def _refuse_unknown(reading: Case, subject: str | None, metric: str | None) -> None:
    from cardhouse.basics.errors import CaseError
    from cardhouse.basics.identifiers import suggestion

    names = {entity.id for entity in reading.entities}
    if subject is not None and subject not in names:
        raise CaseError(f"there is no entity '{subject}' in case '{reading.name}': {suggestion(subject, names)}")
    metrics = {fact.metric for fact in reading.all_facts}
    if metric is not None and metric not in metrics:
        raise CaseError(f"no fact of case '{reading.name}' is a '{metric}': {suggestion(metric, metrics)}")


def _print_conflicts(reading: Case, as_json: bool) -> None:
    from dataclasses import asdict

    found = reading.register.conflicts
    if as_json:
        _print_json(reading, conflicts=[asdict(item) for item in found])
        return
    from cardhouse.cli.tables import print_list

    rows = [
        (f"{r.subject}.{r.metric}", r.period or r.as_of, f"{r.low:g} to {r.high:g}", r.unit, ", ".join(r.fact_ids))
        for r in found
    ]
    print_list(("measure", "period", "range", "unit", "facts"), rows)


@commands.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A fact, an opening figure written agent.item, or a parameter.")],
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    as_json: Json = False,
) -> None:
    """Show everything about one fact, opening figure or parameter range."""
    from cardhouse.casebook.records import find, record_of

    reading = read_case(case, known_on, tier)
    record = record_of(reading, find(reading, name))
    if as_json:
        _print_json(reading, **record)
        return
    for key, value in record.items():
        if value not in (None, [], ""):
            typer.echo(f"{key.replace('_', ' '):>15}  {_plain(value)}")


@commands.command("check")
def check(
    what: Annotated[str, typer.Argument(help="A packaged case, a case folder, or one of its files.")] = DEFAULT_CASE,
    case: Annotated[str, typer.Option("--case", help="Case whose names a single table may use.")] = DEFAULT_CASE,
    as_json: Json = False,
) -> None:
    """Check a case or a file; exit code 1 when the network breaks a named check, 2 when a file is wrong."""
    from cardhouse.casebook.inspect import inspect

    result = inspect(what, case)
    findings = [str(problem) for problem in result.findings]
    if as_json:
        record = {
            "subject": result.subject,
            "counts": result.counts,
            "conflicts": result.conflicts,
            "findings": findings,
        }
        typer.echo(json.dumps(record, ensure_ascii=False))
    else:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in result.counts.items())
        typer.echo(f"{result.subject}: {counts}; {result.conflicts} measures are ranges because sources disagree")
        for line in findings:
            typer.echo(line)
        verb = "check fails" if len(findings) == 1 else "checks fail"
        typer.echo(f"{len(findings)} {verb}" if findings else "every check passes")
    if findings:
        raise typer.Exit(1)


@commands.command("gaps")
def show_gaps(  # noqa: PLR0913, PLR0917 one argument per option of the command
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many to print; --json gives all.")] = 30,
    estimated: Annotated[bool, typer.Option("--estimated", help="Judgements anchored on a fact as well.")] = False,
    parameters: Annotated[bool, typer.Option("--parameters", help="Parameter ranges instead, widest first.")] = False,
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    as_json: Json = False,
) -> None:
    """Print what is assumed, largest amount first."""
    from dataclasses import asdict

    from cardhouse.casebook.gaps import GAP_BASES, gaps, parameter_gaps

    reading = read_case(case, known_on, tier)
    quarter = reading.require_opening()
    found = parameter_gaps(reading) if parameters else gaps(reading, GAP_BASES if estimated else GAP_BASES[:1])
    if as_json:
        _print_json(reading, gaps=[asdict(gap) for gap in found])
        return
    from cardhouse.cli.tables import print_list

    rows = [(f"{gap.agent}.{gap.item}", _range(gap), gap.unit, gap.basis, gap.reason) for gap in found[:limit]]
    print_list(("gap", "figure (range)", "unit", "basis", "reason"), rows)
    total, what = (len(reading.prior_rows), "parameters") if parameters else (len(reading.opening), "opening figures")
    typer.echo(f"{len(found)} of {total} {what} of {quarter} are gaps; {len(rows)} shown")


def _range(gap: Gap) -> str:
    value = "unknown" if gap.value is None else f"{gap.value:,.6g}"
    ends = "" if gap.low is None or gap.high is None else f" ({gap.low:,.6g} to {gap.high:,.6g})"
    return value + ends


def _figure(fact: Fact) -> str:
    if fact.text:
        return fact.text
    bounds = fact.bounds
    if bounds is None:
        return "unknown"
    low, high = bounds
    return f"{low:,.6g}" if low == high else f"{low:,.6g} to {high:,.6g}"


def _use(reading: Case, fact: Fact) -> str:
    reason = reading.reason_unused(fact.id)
    return "yes" if reason is None else f"no: {reason}"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(str(item) for item in value.values() if item)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _print_json(reading: Case, **content: Any) -> None:
    head = {"case": reading.name, "read_as_of": reading.known_on.isoformat(), "tier_filter": reading.tier.value}
    typer.echo(json.dumps({**head, **content}, ensure_ascii=False))
