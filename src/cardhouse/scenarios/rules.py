"""Rules of a scenario file that join several keys; every breach is found in one pass, with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cardhouse.basics.documents import Document
from cardhouse.basics.errors import Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.scenarios.shock import Moment
from cardhouse.scenarios.size import SizeError, parse_size
from cardhouse.scenarios.target import ROLES
from cardhouse.scenarios.variables import VARIABLE_BY_NAME, ShockVariable

_NEEDS = {
    "step": ("size",),
    "pulse": ("size",),
    "ramp": ("size", "quarters"),
    "decay": ("size", "half_life"),
    "path": ("values",),
}
_TAKES = {
    "step": ("size", "end"),
    "pulse": ("size", "quarters"),
    "ramp": ("size", "quarters", "end"),
    "decay": ("size", "half_life", "end"),
    "path": ("values", "then"),
}
_SHAPE_KEYS = ("size", "values", "quarters", "half_life", "then", "end")
Place = tuple[str | int, ...]


def shock_problems(document: Document) -> list[Problem]:
    """Check every shock of a document that has the right types, and those that have not as far as they can be read."""
    shocks = document.data.get("shocks")
    found: list[Problem] = []
    for position, shock in enumerate(shocks if isinstance(shocks, list) else []):
        if isinstance(shock, dict):
            found += _one_shock(document, ("shocks", position), shock)
    for place, text in _moments(document.data):
        found += _moment(document, place, text)
    return found


def _one_shock(document: Document, place: Place, shock: dict[str, Any]) -> Iterator[Problem]:
    yield from _shape(document, place, shock)
    name = shock.get("variable")
    if not isinstance(name, str):
        return
    variable = VARIABLE_BY_NAME.get(name)
    if variable is None:
        remedy = suggestion(name, VARIABLE_BY_NAME)
        yield document.problem((*place, "variable"), name, "there is no such shock variable", remedy)
        return
    yield from _sizes(document, place, shock, variable)
    yield from _target(document, place, shock, variable)
    yield from _shape_of_variable(document, place, shock, variable)


def _shape(document: Document, place: Place, shock: dict[str, Any]) -> Iterator[Problem]:
    shape = shock.get("shape", "step")
    if shape not in _NEEDS:
        return
    for key in _NEEDS[shape]:
        if shock.get(key) is None:
            yield document.problem((*place, key), None, f"a {shape} needs '{key}'", f"add '{key}'")
    for key in _SHAPE_KEYS:
        if shock.get(key) is not None and key not in _TAKES[shape]:
            rule = f"a {shape} takes no '{key}'"
            yield document.problem((*place, key), shock[key], rule, "remove it, or choose another shape")


def _sizes(document: Document, place: Place, shock: dict[str, Any], variable: ShockVariable) -> Iterator[Problem]:
    values = shock.get("values")
    cells: list[tuple[Place, Any]] = [((*place, "size"), shock.get("size"))]
    if isinstance(values, list):
        cells += [((*place, "values", position), value) for position, value in enumerate(values)]
    for where, value in cells:
        if not isinstance(value, int | float | str):
            continue
        try:
            parse_size(value, variable)
        except SizeError as fault:
            yield document.problem(where, value, *fault.args)


def _target(document: Document, place: Place, shock: dict[str, Any], variable: ShockVariable) -> Iterator[Problem]:
    target = shock.get("target")
    where = (*place, "target")
    if variable.target == "global":
        if target is not None:
            rule = f"{variable.name} concerns the whole sector and takes no target"
            yield document.problem(where, None, rule, "remove 'target'")
        return
    if not target:
        rule = f"{variable.name} needs a target"
        yield document.problem(where, None, rule, "name entities, a role, a tag, or 'everyone: true'")
        return
    roles = target.get("role", []) if isinstance(target, dict) else []
    for role in [roles] if isinstance(roles, str) else roles if isinstance(roles, list) else []:
        if isinstance(role, str) and role not in ROLES:
            yield document.problem((*where, "role"), role, "there is no such role", suggestion(role, ROLES))


def _shape_of_variable(
    document: Document, place: Place, shock: dict[str, Any], variable: ShockVariable
) -> Iterator[Problem]:
    gradual = shock.get("shape") in ("ramp", "decay")
    stepped = variable.unit == "switch" or variable.neutral != variable.neutral
    if gradual and stepped:
        rule = f"{variable.name} is set, and cannot move gradually from 'no change'"
        yield document.problem((*place, "shape"), shock["shape"], rule, "use a step, a pulse or a path")


def _moments(data: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    for key in ("shocks", "includes"):
        entries = data.get(key)
        for position, entry in enumerate(entries if isinstance(entries, list) else []):
            for name in ("start", "end"):
                if isinstance(entry, dict) and isinstance(entry.get(name), str):
                    yield (key, position, name), entry[name]
    macro = data.get("macro")
    if isinstance(macro, dict) and isinstance(macro.get("start"), str):
        yield ("macro", "start"), macro["start"]


def _moment(document: Document, place: Place, text: str) -> Iterator[Problem]:
    try:
        moment = Moment.parse(text)
    except ValueError as reason:
        yield document.problem(place, text, str(reason))
        return
    if place[-1] != "end":
        return
    entry = document.data["shocks"][place[1]] if place[0] == "shocks" else {}
    try:
        start = Moment.parse(str(entry.get("start", "")))
    except ValueError:
        return
    if (start.offset is None) != (moment.offset is None):
        rule = "start and end are counted in the same way"
        yield document.problem(place, text, rule, "use q1, q2… for both or calendar quarters for both")
    elif (moment.offset, moment.quarter and moment.quarter.index) < (
        start.offset,
        start.quarter and start.quarter.index,
    ):
        yield document.problem(place, text, f"the end is not before the start ({start})", "swap or correct them")
