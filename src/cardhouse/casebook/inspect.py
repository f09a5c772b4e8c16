"""Checking of a case folder, or of a single table or ``case.yaml``, without using it for anything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from cardhouse.basics.errors import CaseError, InputError, Problem, raise_if_any
from cardhouse.basics.tables import Table, read_table
from cardhouse.casebook.entities import ENTITY_COLUMNS, read_entities
from cardhouse.casebook.folder import CASE_FILE, collection_of, find_case, read_folder
from cardhouse.casebook.load import read_as_of
from cardhouse.casebook.opening import OPENING_COLUMNS, read_opening, recompute
from cardhouse.casebook.priors import PRIOR_COLUMNS, read_priors
from cardhouse.casebook.schema import read_case_file
from cardhouse.facts.fact import Fact
from cardhouse.facts.figures import FIGURE_COLUMNS, Setting, read_figures
from cardhouse.facts.register import Register
from cardhouse.facts.relation import RELATION_COLUMNS, read_relations
from cardhouse.facts.vocabulary import TierFilter
from cardhouse.network.checks import check_network


@dataclass(frozen=True)
class Inspection:
    """What a check found.

    Parameters
    ----------
    subject : str
        The case or file.
    counts : dict
        Rows by kind.
    findings : tuple of Problem
        Named checks of the network that fail although every file is well formed.
    conflicts : int
        Measures on which sources disagree; they are read as ranges.
    """

    subject: str
    counts: dict[str, int] = field(default_factory=dict)
    findings: tuple[Problem, ...] = ()
    conflicts: int = 0


def inspect(name_or_path: str, reference_case: str = "ai_2026") -> Inspection:
    """Check a packaged case, a case folder, or one file.

    Parameters
    ----------
    name_or_path : str
        What to check. A file inside a case folder is checked with its folder; a table that stands alone is checked
        against the entities, facts and base quarters of the reference case.
    reference_case : str
        The case whose identifiers a table that stands alone may use.

    Raises
    ------
    InputError
        With every problem found, when a file is malformed or breaks a rule.
    """
    path = Path(name_or_path)
    if path.is_file() and path.name != CASE_FILE and not (path.parent / CASE_FILE).is_file():
        return _inspect_table(path, reference_case)
    return _inspect_folder(find_case(path.parent if path.is_file() else name_or_path))


def _inspect_folder(path: Path) -> Inspection:
    folder = read_folder(path)
    problems = list(folder.problems)
    if problems:
        raise CaseError("", tuple(problems))
    days: list[dt.date | None] = [item.known_from for item in folder.case.base_quarters]
    findings: dict[str, Problem] = {}
    conflicts = 0
    for day in [*days, None]:
        case = read_as_of(folder, day, TierFilter.ALL)
        conflicts = len(case.register.conflicts)
        for finding in check_network(case.snapshot):
            findings.setdefault(str(finding.problem()), finding.problem())
    counts = {
        "facts": len(folder.facts),
        "contracts": len(folder.relations),
        "entities": len(folder.entities),
        "opening figures": sum(len(opening) for opening in folder.openings.values()),
        "priors": len(folder.priors or {}),
    }
    return Inspection(folder.case.name, counts, tuple(findings.values()), conflicts)


def _inspect_table(path: Path, reference_case: str) -> Inspection:
    if path.suffix in {".yaml", ".yml"}:
        read_case_file(path)
        return Inspection(str(path), {"case files": 1})
    table = read_table(path, (), str(path))
    kinds = {
        FIGURE_COLUMNS: "figures",
        RELATION_COLUMNS: "contracts",
        ENTITY_COLUMNS: "entities",
        OPENING_COLUMNS: "opening figures",
        PRIOR_COLUMNS: "priors",
    }
    # The kind of a table is told by its header: the one with the largest share of its columns in common.
    columns = max(kinds, key=lambda known: len(set(known) & set(table.columns)) / len(set(known) | set(table.columns)))
    table = read_table(path, columns, str(path))
    problems = _table_problems(table, columns, reference_case)
    raise_if_any(problems, InputError)
    return Inspection(str(path), {kinds[columns]: len(table)})


def _table_problems(table: Table, columns: tuple[str, ...], reference_case: str) -> list[Problem]:
    problems: list[Problem] = []
    folder = read_folder(find_case(reference_case))
    names = {entity.id for entity in folder.entities}
    setting = Setting(names, collection_of(folder.case))
    if columns == FIGURE_COLUMNS:
        problems += _identifier_problems(read_figures(table, setting, problems))
    elif columns == RELATION_COLUMNS:
        facts = [relation.fact for relation in read_relations(table, setting, problems)]
        problems += _identifier_problems(facts)
    elif columns == ENTITY_COLUMNS:
        read_entities(table, problems)
    elif columns == OPENING_COLUMNS:
        quarters = [item.quarter for item in folder.case.base_quarters]
        for opening in read_opening(table, names, quarters, problems).values():
            if not problems:
                recompute(opening, problems)
    else:
        read_priors(table, problems)
    return problems


def _identifier_problems(facts: list[Fact]) -> list[Problem]:
    try:
        Register(facts)
    except InputError as error:
        return list(error.problems)
    return []
