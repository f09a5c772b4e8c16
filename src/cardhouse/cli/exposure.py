"""``cardhouse exposure ENTITY``: who holds what kind of claim on a firm, one hop away, without assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cardhouse.cli.documents import head, print_json
from cardhouse.cli.reading import DEFAULT_CASE, CaseName, Json, KnownOn, Tier, read_case

if TYPE_CHECKING:
    from cardhouse.analysis.exposure import ExposureTable, HolderTotal
    from cardhouse.casebook.case import Case
    from cardhouse.cli.tables import Footnotes
    from cardhouse.network.dollars import Dollars
    from cardhouse.network.snapshot import Cell

_SHORT = {
    "promised capital": "capital",
    "revenue share": "revenue cut",
    "guarantee called": "called",
    "guarantee lost": "guarantee",
}


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("exposure")(exposure)


def exposure(
    entity: Annotated[str, typer.Argument(help="Identifier of the firm that stops paying, for example openai.")],
    case: CaseName = DEFAULT_CASE,
    known_on: KnownOn = None,
    tier: Tier = "all",
    every: Annotated[bool, typer.Option("--all", help="Show rows that enter no total, too.")] = False,
    as_json: Json = False,
) -> None:
    """Show who would be hit if one firm stopped paying: published claims, nothing discounted, no second round."""
    from cardhouse.analysis.exposure import exposure_table
    from cardhouse.analysis.exposure_document import exposure_document
    from cardhouse.analysis.exposure_sizes import sizes_from_facts

    found = read_case(case, known_on, tier)
    table = exposure_table(found.snapshot, entity, sizes_from_facts(found.register))
    if as_json:
        print_json({**head(found), **exposure_document(table)})
        return
    _print_table(found, table, every=every)


def _print_table(case: Case, table: ExposureTable, *, every: bool) -> None:
    from cardhouse.cli.tables import Footnotes, print_line, print_table

    notes = Footnotes()
    shown = [row for row in table.totals if every or any(not claim.left_out for claim in row.rows)]
    name = case.snapshot.entity(table.entity).name
    if not shown:
        print_line(f"Nobody is known to hold a claim on {name} in this reading.")
    else:
        print_table(
            f"If {name} stops paying: claims on it, USD bn as known on {case.known_on}",
            ("holder!", "claim!", "headline>", "binding>", "if met>", "of value>", "of equity>", "weakest row", "src"),
            [_claim_cells(row, notes) for row in shown],
        )
    _print_stakes(table, notes)
    for row in table.coverage:
        mark = _source_mark(row.reported, notes)
        print_line(
            f"{row.item.replace('_', ' ')}: {_figure(row.reported)} ({row.reported.basis}{mark}); named above: "
            f"{_dollars(row.named)}."
        )
    if table.vehicles:
        print_line(f"Claims on entities it controls are not in the table: {', '.join(table.vehicles)}.")
    hidden = sum(bool(claim.left_out) for row in table.totals for claim in row.rows)
    print_line(
        "Published amounts over the whole life of each contract; nothing is discounted, no loss rate is assumed. "
        "'of value' and 'of equity' divide the headline by the holder's market value and book equity. 'called' is a "
        "guarantee that the holder would have to pay."
    )
    if hidden:
        where = "" if every else ": --all and --json show them"
        print_line(f"Rows that enter no total (they repeat money, ended, or never bound): {hidden}{where}.")
    notes.print()


def _dollars(amount: Dollars) -> str:
    from cardhouse.cli.tables import interval

    return interval(amount.value, amount.low, amount.high)


def _range(amount: Dollars) -> str:
    from cardhouse.cli.tables import span

    return span(amount.value, amount.low, amount.high)


def _claim_cells(row: HolderTotal, notes: Footnotes) -> tuple[str, ...]:
    from cardhouse.analysis.circularity.edges import weakness
    from cardhouse.cli.tables import clip, evidence, percent

    counted = [claim.instrument for claim in row.rows if not claim.left_out]
    contracts = counted or [claim.instrument for claim in row.rows]
    sources = dict.fromkeys(source for contract in contracts for source in contract.sources)
    figures = (
        _dollars(row.headline),
        _range(row.binding),
        _range(row.conditional) if row.conditional.value else "",
        _relative(row, row.size.market_value, notes),
        percent(row.relative_to(row.size.book_equity)),
    )
    return (
        clip(row.holder, 20),
        _SHORT.get(row.claim.value, row.claim.value),
        *(figures if counted else ("", "", "", "", "")),
        evidence(max(contracts, key=weakness)) + ("" if counted else f" [{row.rows[0].left_out}]"),
        notes.mark(sources),
    )


def _relative(row: HolderTotal, cell: Cell | None, notes: Footnotes) -> str:
    from cardhouse.cli.tables import percent

    share = row.relative_to(cell)
    if share is None or cell is None:
        return "–"
    return percent(share).replace(" ", "") + _source_mark(cell, notes)


def _source_mark(cell: Cell, notes: Footnotes) -> str:
    return f" [{notes.mark((cell.source,))}]" if cell.source is not None and cell.source.title else ""


def _figure(cell: Cell) -> str:
    from cardhouse.cli.tables import interval

    return interval(cell.value, cell.low, cell.high)


def _print_stakes(table: ExposureTable, notes: Footnotes) -> None:
    from cardhouse.cli.tables import percent, print_table

    if not table.stakes_at_value or table.valuation is None:
        return
    mark = _source_mark(table.valuation, notes)
    print_table(
        f"Shares of it at its last valuation, {_figure(table.valuation)} ({table.valuation.basis}{mark})",
        ("holder!", "share %>", "worth>", "of value>", "of equity>", "share is", "src"),
        [
            (
                row.holder,
                _figure(row.percent),
                f"{row.value:.3g}",
                percent(_ratio(row.value, row.size.market_value)),
                percent(_ratio(row.value, row.size.book_equity)),
                row.percent.basis,
                "" if row.percent.source is None else notes.mark((row.percent.source,)),
            )
            for row in table.stakes_at_value
        ],
    )


def _ratio(value: float, cell: Cell | None) -> float | None:
    return None if cell is None or not cell.value or cell.value <= 0.0 else value / cell.value
