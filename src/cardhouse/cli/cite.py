"""``cardhouse cite``: the sources that a number rests on."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, read_case


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("cite")(cite)


def cite(
    name: Annotated[
        str, typer.Argument(help="A fact, a contract, an opening figure written agent.item, or a parameter.")
    ],
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    as_json: Json = False,
) -> None:
    """Print the sources that a number rests on, those behind its formula included."""
    from cardhouse.casebook.records import citations, find, record_of

    reading = read_case(case, known_on, tier)
    records = citations(reading, name)
    if as_json:
        typer.echo(json.dumps({"id": name, "case": reading.name, "citations": records}, ensure_ascii=False))
        return
    own = record_of(reading, find(reading, name))
    if "reason" in own:
        how = "; ".join(part for part in (own.get("formula"), own["reason"]) if part)
        typer.echo(f"{name} = {own.get('text') or _figure(own)} {own['unit']}, {own['basis']}: {how}")
    for record in records:
        typer.echo(_line(record))
    if not records:
        typer.echo("no page states it; the reason is above")


def _line(record: dict[str, Any]) -> str:
    source = record["source"] or {}
    figure = record.get("text") or _figure(record)
    where = ", ".join(part for part in (source.get("title"), source.get("date"), source.get("address")) if part)
    where = where or f"{record['basis']}: {record.get('note') or record.get('reason')}"
    tier = f" [{record['tier']}]" if record.get("tier") else ""
    return f"- {record['id']}: {figure} {record['unit']}{tier}. {where}"


def _figure(record: dict[str, Any]) -> str:
    if record["value"] is not None:
        ends = (record["low"], record["high"])
        spread = f" ({ends[0]:g} to {ends[1]:g})" if None not in ends and ends[0] < ends[1] else ""
        return f"{record['value']:g}{spread}"
    if record["low"] is None and record["high"] is None:
        return "unknown"
    return f"{record['low']:g} to {record['high']:g}" if record["low"] is not None else f"up to {record['high']:g}"
