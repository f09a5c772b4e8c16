"""Bring collected tables (contracts, figures, parameters, entities, opening balance) into a case folder, cleaned.

Usage: python tools/import_evidence.py COLLECTED_FOLDER CASE_FOLDER

The case folder is then the place where rows are corrected and added; this script ran once and is kept so that anyone
can see how every typed field came about.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from import_entities import AGENT_OF, MODEL_AGENTS, ROLE_OF_ENTITY, ROLE_OF_KIND, is_aggregate
from import_figures import figure_rows, is_account, mark_unused, merged_metrics, metric_rows
from import_notes import clean_note
from import_opening import References, add_formulas, lender_remainder, opening_rows, outside_backlog, spell_out_same
from import_relations import earlier_states, relation_row

from cardhouse.casebook.entities import ENTITY_COLUMNS
from cardhouse.casebook.opening import OPENING_COLUMNS
from cardhouse.facts.dating import Collection, known_day
from cardhouse.facts.figures import FIGURE_COLUMNS
from cardhouse.facts.metrics import METRIC_COLUMNS
from cardhouse.facts.relation import RELATION_COLUMNS

CUT_OFFS = {"2025Q4": dt.date(2026, 2, 13), "2026Q1": dt.date(2026, 7, 2)}
COLLECTION = Collection(dt.date(2026, 7, 3), 40)


def read(path: Path) -> list[dict[str, str]]:
    """Read a collected table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: (cell or "").strip() for key, cell in row.items()} for row in csv.DictReader(file)]


def write(path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    """Write a table with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


def entity_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Turn collected entities into the entity table and add the agents of the model that are no entity yet."""
    result = []
    for row in rows:
        kind = row["kind"]
        result.append(
            {
                "id": row["id"],
                "name": row["name"],
                "role": ROLE_OF_ENTITY.get(row["id"], ROLE_OF_KIND[kind]),
                "ticker": row["ticker"],
                "parent": row["parent"],
                "agent": AGENT_OF.get(row["id"], ""),
                "aggregate": "yes" if is_aggregate(kind, row["name"], row["note"]) else "no",
                "aliases": row["aliases"],
                "note": clean_note(row["note"])[0],
            }
        )
    known = {row["id"] for row in result}
    for agent, (name, role) in MODEL_AGENTS.items():
        if agent not in known:
            note = "group that the model treats as one agent"
            result.append(dict(zip(ENTITY_COLUMNS, (agent, name, role, "", "", agent, "yes", "", note), strict=True)))
    return sorted(result, key=lambda row: row["id"])


def add_vintage(opening: list[dict[str, str]], facts: dict[str, dict[str, str]]) -> int:
    """Mark the rows whose page or fact is dated after the day on which the quarter is read."""
    marked = 0
    for row in opening:
        cut_off = CUT_OFFS[row["quarter"]]
        days = []
        for name in filter(None, row["fact_refs"].split("; ")):
            fact = facts[name]
            account = "metric" in fact and is_account(fact["metric"]) and fact["basis"] != "guided"
            days.append(
                known_day(
                    COLLECTION,
                    stated=fact["known_on"],
                    as_of=fact["as_of"],
                    source_date=fact["source_date"],
                    is_account=account,
                )
            )
        if row["source_date"]:
            days.append(known_day(COLLECTION, stated="", as_of="", source_date=row["source_date"], is_account=False))
        late = [how for day, how in days if day > cut_off]
        if late:
            row["vintage"] = "undated_page" if all(how == "collection" for how in late) else "later_page"
            marked += 1
    return marked


def main(collected: Path, case: Path) -> None:
    """Read every collected table and write the tables of the case."""
    relations_old, firms_old, parameters_old = (
        read(collected / f"ai_{name}.csv") for name in ("relations", "firms", "parameters")
    )
    taken: dict[str, int] = {}
    relations = [relation_row(row) for row in relations_old]
    firms, parameters = figure_rows(firms_old, taken), figure_rows(parameters_old, taken)
    references = References()
    references.add("ai_relations", relations_old, relations)
    references.add("ai_firms", firms_old, firms)
    references.add("ai_parameters", parameters_old, parameters)
    opening = opening_rows(read(collected / "ai_opening.csv"), references)
    spell_out_same(opening)
    for quarter in CUT_OFFS:
        print(quarter, "formulas:", add_formulas(opening, quarter))
        outside_backlog(opening, quarter)
        lender_remainder(opening, quarter)
    facts = {row["id"]: row for row in [*relations, *firms, *parameters]}
    print("rows from a later page:", add_vintage(opening, facts))
    used = {name for row in opening for name in row["fact_refs"].split("; ")}
    mark_unused(firms, used)
    mark_unused(parameters, used)
    case.mkdir(parents=True, exist_ok=True)
    write(case / "entities.csv", ENTITY_COLUMNS, entity_rows(read(collected / "entities.csv")))
    write(case / "relations.csv", RELATION_COLUMNS, [*relations, *earlier_states(relations)])
    write(case / "firms.csv", FIGURE_COLUMNS, firms)
    write(case / "parameters.csv", FIGURE_COLUMNS, parameters)
    write(case / "opening.csv", OPENING_COLUMNS, opening)
    root = Path(__file__).resolve().parent.parent
    register = root / "src" / "cardhouse" / "facts" / "metrics.csv"
    write(register, METRIC_COLUMNS, merged_metrics(register, metric_rows([firms, parameters])))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
