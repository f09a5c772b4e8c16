"""Reading of the entity table."""

from __future__ import annotations

from cardhouse.basics.errors import Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.tables import Table
from cardhouse.facts.cells import CellReader
from cardhouse.network.entity import Entity, Role

ENTITY_COLUMNS = ("id", "name", "role", "ticker", "parent", "agent", "aggregate", "aliases", "note")


def read_entities(table: Table, problems: list[Problem]) -> tuple[Entity, ...]:
    """Turn the rows of an entity table into entities; every problem is added to ``problems``."""
    entities: dict[str, Entity] = {}
    lines: dict[str, CellReader] = {}
    for row in table:
        cells = CellReader(row, problems)
        entity_id = cells.identifier("id")
        if entity_id in entities:
            rule = f"an identifier names one entity; it stands also in line {lines[entity_id].row.line}"
            cells.reject("id", rule, "give this one another identifier")
            continue
        if row["aggregate"] not in {"yes", "no"}:
            cells.reject("aggregate", "it is yes or no", "write yes for a group or a reporting line, else no")
        lines[entity_id] = cells
        entities[entity_id] = Entity(
            id=entity_id,
            name=cells.required("name"),
            role=cells.word("role", Role, Role.OTHER),
            ticker=row["ticker"] or None,
            parent=row["parent"] or None,
            agent=row["agent"] or None,
            aggregate=row["aggregate"] == "yes",
            note=row["note"],
        )
    for entity in entities.values():
        for key, other in (("parent", entity.parent), ("agent", entity.agent)):
            if other is not None and other not in entities:
                lines[entity.id].reject(key, f"the {key} is an entity of the case", suggestion(other, entities))
        if entity.parent == entity.id:
            lines[entity.id].reject("parent", "nobody is its own parent", "leave it empty")
    return tuple(entities.values())
