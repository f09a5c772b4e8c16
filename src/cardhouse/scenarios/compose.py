"""Scenarios become paths: several are laid over one another, on the entities and quarters of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import Problem, ScenarioError, raise_if_any
from cardhouse.basics.quarter import Quarter
from cardhouse.scenarios.path import ShockPaths, neutral_paths
from cardhouse.scenarios.scenario import Scenario
from cardhouse.scenarios.shock import Shock
from cardhouse.scenarios.target import World
from cardhouse.scenarios.variables import ENTITY_VARIABLES, GLOBAL_VARIABLES, ShockVariable

_ROW = {variable.name: row for group in (GLOBAL_VARIABLES, ENTITY_VARIABLES) for row, variable in enumerate(group)}


def compile_scenario(
    scenarios: Scenario | Sequence[Scenario],
    quarters: Sequence[Quarter],
    entity_ids: Sequence[str],
    roles: Sequence[str],
    tags: dict[str, frozenset[str]] | None = None,
) -> ShockPaths:
    """Lay one or more scenarios over one another and turn them into paths.

    Factors are multiplied, additions added. Two shocks that *set* the same variable in the same quarter must agree.
    Multiplied and added paths are kept inside the limits of their variable. The order of the scenarios is of no effect.

    Parameters
    ----------
    scenarios : Scenario or sequence of Scenario
        What is done; an empty sequence gives the null shock.
    quarters : sequence of Quarter
        The simulated quarters, in order, without gaps; the first one is ``q1``.
    entity_ids, roles : sequence of str
        Entities of the model and their roles (values of ``cardhouse.network.entity.Role``), in the model's order.
    tags : dict, optional
        Tags by entity.

    Raises
    ------
    ScenarioError
        With every problem: a target that the case does not have, a quarter outside the run, two settings that
        contradict each other, a scenario named twice.

    Examples
    --------
    >>> from cardhouse.scenarios.catalogue import packaged
    >>> from cardhouse.scenarios.variables import G_ADOPTION_CEILING
    >>> span = [Quarter(2026, 1) + k for k in range(4)]
    >>> paths = compile_scenario(packaged("PLATEAU"), span, ["openai"], ["lab"])
    >>> paths.global_[G_ADOPTION_CEILING].tolist()
    [1.0, 1.0, 0.45, 0.45]
    """
    chosen = [scenarios] if isinstance(scenarios, Scenario) else sorted(scenarios, key=lambda scenario: scenario.id)
    world = World(entities=entity_ids, roles=roles, tags=tags or {})
    problems = _twice(chosen)
    for scenario in chosen:
        problems += _misfits(scenario, quarters, world)
    raise_if_any(problems, ScenarioError)
    calm = neutral_paths(quarters, entity_ids)
    global_, entity = calm.global_.copy(), calm.entity.copy()
    for scenario in chosen:
        for shock in scenario.shocks:
            problems += _apply(scenario, shock, (global_, entity), world, quarters)
    raise_if_any(sorted(set(problems)), ScenarioError)
    _keep_inside_limits(global_, entity)
    return ShockPaths(tuple(quarters), tuple(entity_ids), global_, entity, tuple(scenario.id for scenario in chosen))


def _twice(scenarios: Sequence[Scenario]) -> list[Problem]:
    ids = [scenario.id for scenario in scenarios]
    rule, remedy = "the scenario is named twice", "name it once"
    return [
        Problem(file="scenarios", value=name, rule=rule, remedy=remedy)
        for name in sorted(set(ids))
        if ids.count(name) > 1
    ]


def _misfits(scenario: Scenario, quarters: Sequence[Quarter], world: World) -> list[Problem]:
    found: list[Problem] = []
    late: list[Shock] = []
    for shock in scenario.shocks:
        position = shock.start.position(quarters[0])
        if position < 0:
            rule = f"{shock.variable.name} begins in {shock.start}, before the first simulated quarter {quarters[0]}"
            found.append(_problem(scenario, shock, "start", rule, "begin it later, or choose an earlier base quarter"))
        if position >= len(quarters):
            late.append(shock)
        faults = shock.target.faults(world) if shock.target is not None else []
        found += [_problem(scenario, shock, "target", rule, remedy, value) for value, rule, remedy in faults]
    if late and len(late) == len(scenario.shocks):
        rule = f"every shock begins after the last simulated quarter {quarters[-1]}"
        found.append(_problem(scenario, late[0], "start", rule, "simulate more quarters"))
    return found


def _problem(scenario: Scenario, shock: Shock, key: str, rule: str, remedy: str, value: str = "") -> Problem:
    shown = value or str(shock.start)
    place = f"{shock.variable.name}.{key}"
    return Problem(file=scenario.file or scenario.id, key=place, value=shown, rule=rule, remedy=remedy)


def _apply(
    scenario: Scenario, shock: Shock, arrays: tuple[FloatArray, FloatArray], world: World, quarters: Sequence[Quarter]
) -> list[Problem]:
    row = _ROW[shock.variable.name]
    values = shock.over(len(quarters), quarters[0])
    if shock.variable.target == "global":
        return _combine(scenario, shock, arrays[0][row][:, np.newaxis], values, quarters)
    assert shock.target is not None  # noqa: S101 the rules of the file require a target
    columns = np.flatnonzero(shock.target.mask(world))
    block = arrays[1][row][:, columns]
    problems = _combine(scenario, shock, block, values, quarters)
    arrays[1][row][:, columns] = block
    return problems


def _combine(
    scenario: Scenario, shock: Shock, block: FloatArray, values: FloatArray, quarters: Sequence[Quarter]
) -> list[Problem]:
    """Lay ``values`` over ``block``, shape (quarter, entity), in place."""
    variable = shock.variable
    if variable.operation == "multiply":
        block *= values[:, np.newaxis]
        return []
    if variable.operation == "add":
        block += values[:, np.newaxis]
        return []
    problems = []
    for position in shock.active(len(quarters), quarters[0]):
        for column in range(block.shape[1]):
            before, now = float(block[position, column]), float(values[position])
            if not (_same(before, variable.neutral) or _same(before, now)):
                rule = f"another shock sets it to {before:g} in {quarters[position]} already"
                problems.append(_problem(scenario, shock, "size", rule, "leave one of them out", f"{now:g}"))
            block[position, column] = now
    return problems[:1]


def _same(first: float, second: float) -> bool:
    return first == second or (math.isnan(first) and math.isnan(second))


def _keep_inside_limits(global_: FloatArray, entity: FloatArray) -> None:
    groups: tuple[tuple[tuple[ShockVariable, ...], FloatArray], ...] = (
        (GLOBAL_VARIABLES, global_),
        (ENTITY_VARIABLES, entity),
    )
    for variables, array in groups:
        for row, variable in enumerate(variables):
            if variable.operation != "set":
                np.clip(array[row], variable.lower, variable.upper, out=array[row])
