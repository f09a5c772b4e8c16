"""Where a case uses each of its facts."""

from __future__ import annotations

from collections.abc import Mapping

from cardhouse.casebook.folder import Folder
from cardhouse.casebook.schema import ASSUMPTIONS


def uses_of_facts(folder: Folder) -> Mapping[str, tuple[str, ...]]:
    """Return, for each fact that anything rests on, the places: contracts, opening cells, priors, footprint, facts.

    A contract that totals leave out is shown in the network but not added, so it counts as used there only when it has
    no reason to be left out.
    """
    uses: dict[str, list[str]] = {f"reading.{name}": ["reading"] for name in ASSUMPTIONS}
    footprint = {} if folder.case.footprint is None else dict(folder.case.footprint)
    for part, name in footprint.items():
        uses[name] = [f"footprint {part}"]
    _add_references(folder, uses)
    return {name: tuple(places) for name, places in uses.items()}


def _add_references(folder: Folder, uses: dict[str, list[str]]) -> None:
    """Add what tables refer to."""
    for relation in folder.relations:
        if relation.left_out() is None:
            uses.setdefault(relation.fact.id, []).append("network")
    for quarter, opening in folder.openings.items():
        for row in opening.values():
            for name in row.fact_refs:
                uses.setdefault(name, []).append(f"opening {quarter} {row.agent}.{row.item}")
    for prior in (folder.priors or {}).values():
        for name in prior.fact_refs:
            uses.setdefault(name, []).append(f"prior {prior.name}")
    for fact in folder.facts:
        for name in fact.inputs:
            uses.setdefault(name, []).append(f"fact {fact.id}")
