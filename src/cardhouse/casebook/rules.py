"""Rules that tie the files of a case together: references, no looking ahead, no row without a use or a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cardhouse.basics.errors import Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.casebook.folder import PRIORS, Folder
from cardhouse.casebook.opening import Opening, OpeningRow
from cardhouse.casebook.priors import check_priors
from cardhouse.casebook.schema import FOOTPRINT_UNITS, BaseQuarter
from cardhouse.casebook.uses import uses_of_facts
from cardhouse.facts.derivation import Cells, FormulaError, check_formula
from cardhouse.facts.fact import Fact
from cardhouse.facts.register import Register
from cardhouse.facts.vocabulary import RelationKind


def check_folder(folder: Folder, everything: Register) -> list[Problem]:
    """Return every place where the files of a case contradict one another."""
    problems = list(_relations(folder))
    problems += _facts(folder, everything)
    for base in folder.case.base_quarters:
        opening = folder.openings.get(base.quarter, {})
        if not opening:
            path = ("base_quarters",)
            rule = "every base quarter has an opening balance in opening.csv"
            problems.append(folder.document.problem(path, base.quarter, rule, "add its rows or remove the quarter"))
        problems += _opening(opening, base, everything)
    problems += _agents(folder)
    problems += _footprint(folder, everything)
    if folder.priors is not None:
        problems += check_priors(folder.priors, {fact.id for fact in everything}, f"{folder.path.name}/{PRIORS}")
    return problems


def _fact_problem(fact: Fact, key: str, value: str, rule: str, remedy: str) -> Problem:
    return Problem(file=fact.file, line=fact.line, key=key, value=value, rule=rule, remedy=remedy)


def _relations(folder: Folder) -> Iterator[Problem]:
    known = {relation.fact.id for relation in folder.relations}
    entities = {entity.id for entity in folder.entities}
    for relation in folder.relations:
        for key, names in (("overlap_of", relation.overlap_of), ("superseded_by", relation.superseded_by)):
            for name in names:
                if name not in known:
                    rule, remedy = "the row names a contract of relations.csv", suggestion(name, known)
                    yield _fact_problem(relation.fact, key, name, rule, remedy)
                elif name == relation.fact.id:
                    yield _fact_problem(relation.fact, key, name, "a row does not name itself", "name the other row")
        trigger = relation.trigger
        if relation.kind is RelationKind.GUARANTEE and trigger and trigger not in entities:
            rule, remedy = "the failure that calls a guarantee is that of an entity", suggestion(trigger, entities)
            yield _fact_problem(relation.fact, "trigger", trigger, rule, remedy)


def _facts(folder: Folder, everything: Register) -> Iterator[Problem]:
    uses = uses_of_facts(folder)
    contracts = {relation.fact.id for relation in folder.relations}
    known = {fact.id for fact in everything}
    for fact in everything:
        for name in fact.inputs:
            if name not in known:
                rule, remedy = "an input names a fact of the case", suggestion(name, known)
                yield _fact_problem(fact, "inputs", name, rule, remedy)
        if fact.formula and all(name in known for name in fact.inputs):
            yield from _formula(fact, everything)
        if fact.unused is None and fact.id not in contracts and fact.id not in uses:
            rule = "a row that nothing rests on says why"
            remedy = "fill the column unused, or let an opening figure or a prior refer to the row"
            yield _fact_problem(fact, "unused", "", rule, remedy)


def _formula(fact: Fact, everything: Register) -> Iterator[Problem]:
    """Recompute a derived fact; the formula names its inputs x1, x2 and so on, in their order."""
    inputs: dict[str, float | None] = {
        f"x{place}": everything.get(name).central for place, name in enumerate(fact.inputs, 1)
    }
    try:
        check_formula(fact.formula)
        computed = Cells({"": inputs}, {("", "result"): fact.formula}).value("", "result")
    except FormulaError as reason:
        yield _fact_problem(fact, "formula", fact.formula, str(reason), "write arithmetic on numbers and x1, x2, …")
        return
    bounds = fact.bounds
    if bounds is None or not bounds[0] - _rounding(bounds[0]) <= computed <= bounds[1] + _rounding(bounds[1]):
        rule = f"the formula gives {computed:.6g}, which is not the stated figure"
        yield _fact_problem(fact, "value", str(fact.central), rule, "correct one of them")


def _rounding(value: float) -> float:
    """Half a unit of the last digit of a figure printed with two digits, at most an eightieth of it."""
    return 0.0125 * abs(value)


def _opening(opening: Opening, base: BaseQuarter, everything: Register) -> Iterator[Problem]:
    known = {fact.id for fact in everything}
    for row in opening.values():
        missing = [name for name in row.fact_refs if name not in known]
        for name in missing:
            yield row.problem("fact_refs", name, "a reference names a fact of the case", suggestion(name, known))
        if row.vintage is None and not missing:
            yield from _looks_ahead(row, base, everything)


def _looks_ahead(row: OpeningRow, base: BaseQuarter, everything: Register) -> Iterator[Problem]:
    remedy = "rest it on what was known, or say in the column vintage why a later page may stand behind it"
    for name in row.fact_refs:
        day = everything.get(name).known_on
        if day > base.known_from:
            rule = (
                f"a figure of {base.quarter} rests on what was known on {base.known_from}; this became known on {day}"
            )
            yield row.problem("fact_refs", name, rule, remedy)
    page = row.source.date
    if page is not None and page > base.known_from and not _same_month(row, base):
        rule = f"a figure of {base.quarter} was read by {base.known_from}"
        yield row.problem("source_date", row.source.date_text, rule, remedy)


def _same_month(row: OpeningRow, base: BaseQuarter) -> bool:
    # The newest pages of a collection carry only their month, which may end after the collection did.
    return row.source.date_text == f"{base.known_from:%Y-%m}"


def _agents(folder: Folder) -> Iterator[Problem]:
    if not folder.openings:
        return
    agents: Collection[str] = {agent for opening in folder.openings.values() for agent, _ in opening}
    for entity in folder.entities:
        if entity.agent is not None and entity.agent not in agents:
            rule = f"the agent of '{entity.id}' has opening figures"
            yield Problem(
                file=f"{folder.path.name}/entities.csv",
                key="agent",
                value=entity.agent,
                rule=rule,
                remedy=suggestion(entity.agent, agents),
            )


def _footprint(folder: Folder, everything: Register) -> Iterator[Problem]:
    """Refuse factors of electricity and water that are no facts of the case, or in another unit."""
    if folder.case.footprint is None:
        return
    known = {fact.id for fact in everything}
    for part, name in folder.case.footprint:
        path, unit = ("footprint", part), FOOTPRINT_UNITS[part].value
        if name not in known:
            rule, remedy = "a factor names a fact of the case", suggestion(name, known)
            yield folder.document.problem(path, name, rule, remedy)
        elif everything.get(name).unit != unit or everything.get(name).central is None:
            rule = f"this factor is a number in {unit}; the fact is stated in {everything.get(name).unit}"
            yield folder.document.problem(path, name, rule, "name another fact, or convert it")
