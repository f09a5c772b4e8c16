"""A scenario: a story, and the shocks that tell it, read from a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardhouse.basics.documents import read_document, validate
from cardhouse.basics.errors import InputError, Problem, ScenarioError, raise_if_any
from cardhouse.scenarios.rules import shock_problems
from cardhouse.scenarios.schema import ScenarioEntry, ShockEntry, TargetEntry
from cardhouse.scenarios.shock import Moment, Reference, Shock
from cardhouse.scenarios.size import parse_size
from cardhouse.scenarios.target import TargetFilter
from cardhouse.scenarios.variables import VARIABLE_BY_NAME


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is done to the world, and why.

    Parameters
    ----------
    id : str
        Short name, as typed at the command line.
    title : str
        One line.
    kind : str
        ``core``, ``overlay`` (made to be combined with others) or ``own``.
    story : str
        What happens, in a paragraph.
    first_break : str
        What the author of the scenario expects to break first: a guess to be compared with the result.
    reference : str
        The outside reference for the size as a whole.
    shocks : tuple of Shock
        Everything that is done, including what came from included scenarios and macroeconomic paths. Empty for a
        scenario in which the case's own plans are carried out.
    includes : tuple of str
        Names of the scenarios taken in.
    file : str
        Where it was read from.
    """

    id: str
    title: str
    kind: str
    story: str
    first_break: str
    reference: str
    shocks: tuple[Shock, ...]
    includes: tuple[str, ...] = ()
    file: str = ""

    @property
    def first_moment(self) -> Moment | None:
        """The earliest relative start of a shock; None without shocks."""
        offsets = [shock.start.offset for shock in self.shocks if shock.start.offset is not None]
        return Moment(offset=min(offsets)) if offsets else None

    def beginning_at(self, moment: Moment) -> Scenario:
        """Return the scenario shifted so that its first shock begins at ``moment``.

        Raises
        ------
        ScenarioError
            When a shock or ``moment`` is tied to the calendar and cannot be shifted.
        """
        tied = [shock.variable.name for shock in self.shocks if shock.start.offset is None]
        if tied or moment.offset is None:
            what = f"{tied[0]} begins on a calendar quarter" if tied else f"{moment} is a calendar quarter"
            rule, remedy = f"{self.id} cannot be shifted: {what}", "write its quarters as q1, q2…"
            raise ScenarioError("", (Problem(file=self.file or self.id, rule=rule, remedy=remedy),))
        first = self.first_moment
        shift = moment.offset - (first.offset or 0 if first is not None else 0)
        return dataclasses.replace(self, shocks=tuple(_shifted(shock, shift) for shock in self.shocks))


def _shifted(shock: Shock, quarters: int) -> Shock:
    end = None if shock.end is None else shock.end.later(quarters)
    return dataclasses.replace(shock, start=shock.start.later(quarters), end=end)


Finder = Callable[[str, Path, Sequence[str]], Scenario]
MacroReader = Callable[[Path, Path, Moment], tuple[Shock, ...]]


def read_scenario(path: Path, find: Finder, macro: MacroReader, within: Sequence[str] = ()) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : Path
        The YAML file.
    find : callable
        Finds an included scenario: ``find(name, folder, within)``.
    macro : callable
        Reads a macroeconomic path: ``macro(file, baseline, start)``.
    within : sequence of str
        Files of the scenarios that include this one, to refuse circles.

    Raises
    ------
    ScenarioError
        With every problem of the file.
    """
    if str(path.resolve()) in within:
        rule = "a scenario does not include itself, directly or through others"
        raise ScenarioError("", (Problem(file=path.name, key="includes", rule=rule, remedy="break the circle"),))
    try:
        document = read_document(path)
    except InputError as error:
        raise ScenarioError(error.message, error.problems) from None
    problems: list[Problem] = []
    entry: ScenarioEntry | None = None
    try:
        entry = validate(document, ScenarioEntry, ScenarioError)
    except ScenarioError as error:
        problems += [_plainer(problem) for problem in error.problems]
    known = {(problem.line, problem.key) for problem in problems}
    problems += [problem for problem in shock_problems(document) if (problem.line, problem.key) not in known]
    raise_if_any(sorted(set(problems), key=lambda problem: (problem.line, problem.key, problem.rule)), ScenarioError)
    assert entry is not None  # noqa: S101 raise_if_any left when validation failed
    return _build(entry, path, (find, macro, within))


def _plainer(problem: Problem) -> Problem:
    """Drop from the key the names of alternatives that pydantic adds, and of equal problems keep one."""
    words = [word for word in problem.key.split(".") if not _is_branch(word)]
    rule = problem.rule.replace("Input should be", "it should be").replace("String should", "it should")
    return dataclasses.replace(problem, key=".".join(words), rule=rule)


def _is_branch(word: str) -> bool:
    return word in ("int", "float", "str", "TargetEntry") or "[" in word or "(" in word


def _build(entry: ScenarioEntry, path: Path, sources: tuple[Finder, MacroReader, Sequence[str]]) -> Scenario:
    find, macro, within = sources
    shocks = [_shock(item) for item in entry.shocks]
    if entry.macro is not None:
        files = (path.parent / entry.macro.file, path.parent / entry.macro.baseline)
        shocks += macro(*files, Moment.parse(entry.macro.start))
    for include in entry.includes:
        other = find(include.scenario, path.parent, (*within, str(path.resolve())))
        shocks += (other if include.start is None else other.beginning_at(Moment.parse(include.start))).shocks
    return Scenario(
        id=entry.id,
        title=entry.title,
        kind=entry.kind,
        story=" ".join(entry.story.split()),
        first_break=entry.first_break,
        reference=entry.reference,
        shocks=tuple(shocks),
        includes=tuple(include.scenario for include in entry.includes),
        file=path.name,
    )


def _shock(entry: ShockEntry) -> Shock:
    variable = VARIABLE_BY_NAME[entry.variable]
    return Shock(
        variable=variable,
        target=_target(entry.target),
        start=Moment.parse(entry.start),
        shape=entry.shape,
        size=float("nan") if entry.size is None else parse_size(entry.size, variable),
        values=tuple(parse_size(value, variable) for value in entry.values or ()),
        quarters=entry.quarters or 1,
        half_life=float(entry.half_life or 1.0),
        then=entry.then or "neutral",
        end=None if entry.end is None else Moment.parse(entry.end),
        basis=entry.basis,
        rationale=" ".join(entry.rationale.split()),
        references=tuple(Reference(title=r.title, address=r.address, date=r.date) for r in entry.references),
    )


def _target(entry: str | list[str] | TargetEntry | None) -> TargetFilter | None:
    if entry is None:
        return None
    if isinstance(entry, TargetEntry):
        return TargetFilter(
            everyone=entry.everyone,
            entity=_names(entry.entity),
            role=_names(entry.role),
            tag=_names(entry.tag),
            leave_out=_names(entry.except_),
        )
    return TargetFilter(entity=_names(entry))


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
