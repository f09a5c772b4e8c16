"""Finding a case and reading all files of its folder, every problem of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from cardhouse.basics.documents import Document
from cardhouse.basics.errors import CaseError, InputError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.quarter import Quarter
from cardhouse.basics.tables import Table, read_table
from cardhouse.casebook.entities import ENTITY_COLUMNS, read_entities
from cardhouse.casebook.opening import OPENING_COLUMNS, Opening, read_opening
from cardhouse.casebook.priors import PRIOR_COLUMNS, PriorTable, read_priors
from cardhouse.casebook.schema import CaseFile, assumption_facts, read_case_file
from cardhouse.facts.dating import Collection as CollectionDates
from cardhouse.facts.fact import Fact
from cardhouse.facts.figures import FIGURE_COLUMNS, Setting, read_figures
from cardhouse.facts.relation import RELATION_COLUMNS, Relation, read_relations
from cardhouse.network.entity import Entity

CASES = Path(__file__).parent / "cases"
CASE_FILE = "case.yaml"
ENTITIES, RELATIONS, OPENING, PRIORS = "entities.csv", "relations.csv", "opening.csv", "priors.csv"


def packaged_cases() -> tuple[str, ...]:
    """Return the names of the cases that come with the package.

    >>> "ai_2026" in packaged_cases()
    True
    """
    return tuple(sorted(path.parent.name for path in CASES.glob(f"*/{CASE_FILE}")))


def collection_of(case: CaseFile) -> CollectionDates:
    """Return when the rows of a case were gathered, and the lag of its accounts in whole days."""
    return CollectionDates(case.collected_until, round(case.reporting_lag_days.value))


def find_case(name_or_path: str | Path) -> Path:
    """Return the folder of a packaged case or of a case of one's own.

    Raises
    ------
    CaseError
        When there is neither a packaged case of this name nor a folder with a ``case.yaml``.
    """
    text = str(name_or_path)
    if text in packaged_cases():
        return CASES / text
    path = Path(name_or_path)
    if path.is_file() and path.name == CASE_FILE:
        return path.parent
    if path.is_dir():
        if (path / CASE_FILE).is_file():
            return path
        raise CaseError("", (Problem(file=text, rule=f"the folder holds no {CASE_FILE}", remedy="add one"),))
    rule = "there is no packaged case and no folder of this name"
    raise CaseError("", (Problem(file=text, rule=rule, remedy=suggestion(text, packaged_cases())),))


@dataclass
class Folder:
    """Everything read from a case folder, before it is tied together.

    Parameters
    ----------
    path : Path
        The folder.
    case : CaseFile
        What ``case.yaml`` says.
    document : Document
        The same with line numbers.
    """

    path: Path
    case: CaseFile
    document: Document
    entities: tuple[Entity, ...] = ()
    facts: list[Fact] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    openings: dict[Quarter, Opening] = field(default_factory=dict)
    priors: PriorTable | None = None
    problems: list[Problem] = field(default_factory=list)

    def table(self, name: str, columns: Collection[str], folder: Path | None = None) -> Table | None:
        """Read a table of the folder; its problems are kept and None is returned when it cannot be used."""
        place = folder or self.path
        try:
            return read_table(place / name, tuple(columns), f"{place.name}/{name}")
        except InputError as error:
            self.problems.extend(error.problems)
            return None

    def has(self, name: str) -> bool:
        """Tell whether the folder holds a file."""
        return (self.path / name).exists()

    def digest(self) -> str:
        """Return the SHA-256 of all files that make up the case."""
        total = hashlib.sha256()
        names = [CASE_FILE, ENTITIES, RELATIONS, *self.case.figures, OPENING, PRIORS]
        places = [(self.path, name) for name in names]
        if self.case.priors_from is not None:
            places.append((CASES / self.case.priors_from, PRIORS))
        for place, name in places:
            if (place / name).is_file():
                total.update(f"{name}\n".encode())
                total.update((place / name).read_bytes())
        return total.hexdigest()


def read_folder(path: Path) -> Folder:
    """Read every file of a case; problems are gathered in the result, except those of ``case.yaml``, which raise."""
    case, document = read_case_file(path / CASE_FILE)
    folder = Folder(path, case, document)
    table = folder.table(ENTITIES, ENTITY_COLUMNS)
    if table is None:
        return folder
    folder.entities = read_entities(table, folder.problems)
    names = {entity.id for entity in folder.entities}
    setting = Setting(names, collection_of(case))
    folder.facts = assumption_facts(case, document)
    _read_facts(folder, setting)
    if folder.has(OPENING):
        table = folder.table(OPENING, OPENING_COLUMNS)
        quarters = [item.quarter for item in case.base_quarters]
        if table is not None:
            folder.openings = read_opening(table, names, quarters, folder.problems)
    _read_priors(folder)
    return folder


def _read_facts(folder: Folder, setting: Setting) -> None:
    table = folder.table(RELATIONS, RELATION_COLUMNS)
    if table is not None:
        folder.relations = read_relations(table, setting, folder.problems)
        folder.facts += [relation.fact for relation in folder.relations]
    for name in folder.case.figures:
        table = folder.table(name, FIGURE_COLUMNS)
        if table is not None:
            folder.facts += read_figures(table, setting, folder.problems)


def _read_priors(folder: Folder) -> None:
    base: PriorTable = {}
    origin = folder.case.priors_from
    if origin is not None:
        if origin not in packaged_cases():
            rule, remedy = "priors come from a packaged case", suggestion(origin, packaged_cases())
            folder.problems.append(folder.document.problem(("priors_from",), origin, rule, remedy))
        elif (CASES / origin / PRIORS).is_file():
            table = folder.table(PRIORS, PRIOR_COLUMNS, CASES / origin)
            base = {} if table is None else _without_references(read_priors(table, folder.problems))
    if folder.has(PRIORS):
        table = folder.table(PRIORS, PRIOR_COLUMNS)
        base |= {} if table is None else read_priors(table, folder.problems)
    folder.priors = base or None


def _without_references(priors: PriorTable) -> PriorTable:
    """Drop references to facts of the other case; value, range and reason stand by themselves."""
    return {(name, ""): replace(prior, fact_refs=()) for (name, quarter), prior in priors.items() if not quarter}
