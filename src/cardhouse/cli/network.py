"""``cardhouse network``: who is in the network, and every contract of one firm."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.cli.documents import head, print_json
from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, read_case

if TYPE_CHECKING:
    from cardhouse.casebook.case import Case
    from cardhouse.cli.tables import Footnotes
    from cardhouse.network.checks import Finding
    from cardhouse.network.instrument import Amount, Instrument
    from cardhouse.network.snapshot import NetworkSnapshot

SHOWN = 20
FORMATS = ("csv", "json", "graphml", "parquet")

commands = typer.Typer(help="Who is in the network, and all contracts of one firm.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.add_typer(commands, name="network")


@commands.callback()
def network(
    context: typer.Context,
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    as_json: Json = False,
    export: Annotated[
        str | None,
        typer.Option("--export", help="Write files: FOLDER/csv, FOLDER/json, FOLDER/graphml, FOLDER/parquet."),
    ] = None,
) -> None:
    """Show who is in the network and what each owes and is owed; check it; write it to files."""
    if context.invoked_subcommand is not None:
        return
    from cardhouse.network.checks import check_network

    found = read_case(case, known_on, tier)
    written = [] if export is None else _export(found.snapshot, Path(export))
    findings = check_network(found.snapshot)
    document = _overview(found, findings, written)
    if as_json:
        print_json(document)
    else:
        _print_overview(found, document)
    if findings:
        raise typer.Exit(1)


def _export(snapshot: NetworkSnapshot, target: Path) -> list[str]:
    from cardhouse.network.export import FileFormat, export_network

    if target.name not in FORMATS:
        remedy = f"end the path with the format, for example out/csv; {suggestion(target.name, FORMATS)}"
        problem = Problem(file="--export", value=str(target), rule="the last part names a format", remedy=remedy)
        raise InputError("", (problem,))
    return [str(path) for path in export_network(snapshot, target, FileFormat(target.name))]


def _overview(case: Case, findings: tuple[Finding, ...], written: list[str]) -> dict[str, Any]:
    from cardhouse.network.checks import CHECKS
    from cardhouse.network.overview import overview

    rows = overview(case.snapshot)
    return {
        **head(case),
        "entities": [dataclasses.asdict(row) for row in rows],
        "contracts": len(case.snapshot.instruments),
        "contracts_in_totals": sum(row.counts for row in case.snapshot.instruments),
        "checks": len(CHECKS),
        "findings": [str(finding.problem()) for finding in findings],
        "written": written,
    }


def _print_overview(case: Case, document: dict[str, Any]) -> None:
    from cardhouse.cli.tables import interval, print_line, print_table, span

    entities = document["entities"]
    with_contracts = [row for row in entities if row["contracts"]]
    print_table(
        f"{case.title}: who is in it, USD bn as known on {case.known_on}",
        ("entity!", "role", "rows>", "is owed or owns>", "owes or promised>", "of it binding>"),
        [
            (
                row["id"] + (" *" if row["aggregate"] else ""),
                row["role"].replace("_", " "),
                str(row["contracts"]),
                interval(**row["held"]),
                interval(**row["owed"]),
                span(**row["owed_binding"]),
            )
            for row in with_contracts[:SHOWN]
        ],
    )
    more = len(with_contracts) - SHOWN
    others = f"; {more} more have contracts" if more > 0 else ""
    print_line(
        f"* a group. {len(entities)} entities{others}. {document['contracts']} rows, of which "
        f"{document['contracts_in_totals']} count in totals: the others repeat money, or never bound. Headline amounts "
        "over the whole life of a contract; '+ ?' marks contracts of unknown size."
    )
    failed = f"{len(document['findings'])} findings" if document["findings"] else "all passed"
    print_line(f"{document['checks']} checks: {failed}. One firm: cardhouse network show ENTITY")
    for text in [*document["findings"], *(f"written: {path}" for path in document["written"])]:
        print_line(text)


@commands.command("show")
def show(
    entity: Annotated[str, typer.Argument(help="Identifier of a firm or group, for example openai.")],
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    every: Annotated[bool, typer.Option("--all", help="Show rows that enter no total, too.")] = False,
    as_json: Json = False,
) -> None:
    """Show all contracts of one firm, in and out, with amounts, dates, status, tier and sources."""
    from cardhouse.network.records import entity_record, instrument_record

    found = read_case(case, known_on, tier)
    firm = found.snapshot.entity(entity)
    contracts = found.snapshot.instruments_of(entity)
    if as_json:
        owed, owes = _sides(entity, contracts)
        document = {
            **head(found),
            "entity": entity_record(firm),
            "is_owed_or_owns": [instrument_record(row) | {"counts": row.counts} for row in owed],
            "owes_or_promised": [instrument_record(row) | {"counts": row.counts} for row in owes],
        }
        print_json(document)
        return
    _print_firm(found, entity, every=every)


def _sides(entity: str, contracts: tuple[Instrument, ...]) -> tuple[list[Instrument], list[Instrument]]:
    return [row for row in contracts if row.holder == entity], [row for row in contracts if row.obligor == entity]


def _print_firm(case: Case, entity: str, *, every: bool) -> None:
    from cardhouse.cli.tables import Footnotes, print_line

    firm = case.snapshot.entity(entity)
    contracts = case.snapshot.instruments_of(entity)
    facts = [firm.role.value.replace("_", " "), firm.ticker or "", f"part of {firm.parent}" if firm.parent else ""]
    print_line(f"{firm.name} ({', '.join(fact for fact in facts if fact)}), USD bn as known on {case.known_on}")
    notes = Footnotes()
    shown = tuple(row for row in contracts if row.counts or every)
    owed, owes = _sides(entity, shown)
    for title, rows, other in (
        (f"{entity} is owed, owns or is promised", owed, "obligor"),
        (f"{entity} owes, promised or is owned", owes, "holder"),
    ):
        if rows:
            _print_contracts(title, rows, other, notes)
    hidden = len(contracts) - len(shown)
    if hidden:
        print_line(f"{hidden} more rows repeat money, were superseded or never bound: --all shows them.")
    if not contracts:
        print_line("No contract of this entity is known in this reading.")
    notes.print()


def _print_contracts(title: str, rows: list[Instrument], other: str, notes: Footnotes) -> None:
    from cardhouse.cli.tables import clip, evidence, interval, print_table, short, span

    ordered = sorted(rows, key=lambda row: (not row.counts, row.kind.value, -(row.headline.central or 0.0), row.id))
    print_table(
        title,
        ("kind!", "counterparty!", "%>", "headline>", "binding>", "if met>", "years!", "evidence", "src"),
        [
            (
                short(row.kind.value),
                clip(getattr(row, other)),
                "" if row.share_percent is None else f"{row.share_percent:g}",
                _amount(row.headline, interval) or ("" if row.share_percent is not None else "?"),
                _amount(row.binding, span),
                _amount(row.conditional, interval),
                _years(row),
                " ".join([evidence(row), *(f"[{tag.value}]" for tag in sorted(row.tags))]),
                notes.mark(row.sources),
            )
            for row in ordered
        ],
    )


def _amount(amount: Amount, write: Callable[[float | None, float, float], str]) -> str:
    bounds = amount.bounds
    return "" if bounds is None else write(amount.central, *bounds)


def _years(row: Instrument) -> str:
    start, end = (f"{day:%Y}" if day else "" for day in (row.start, row.end))
    return start if start == end else f"{start}–{end}"
