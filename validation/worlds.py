"""Worlds to validate the model in: the default case, and random ones made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case, parse_known_on
from cardhouse.model.agents import model_agents
from cardhouse.model.layout import dtype_of
from cardhouse.model.parameters import ParameterSet
from cardhouse.model.setup import ModelSetup, build_setup
from cardhouse.model.simulate import run_draws
from cardhouse.model.world import World
from cardhouse.scenarios.catalogue import packaged
from cardhouse.scenarios.compose import compile_scenario
from cardhouse.scenarios.path import ShockPaths
from cardhouse.scenarios.variables import ENTITY_VARIABLES, GLOBAL_VARIABLES, ShockVariable

CASE = "ai_2026"
KNOWN_ON = "2026-02-13"
QUARTERS = 24


@cache
def default_case() -> Case:
    """Return the default case as known on the day to which it is calibrated."""
    return load_case(CASE, known_on=parse_known_on(KNOWN_ON))


def case_priors() -> ParameterSet:
    """Return the parameters of the default case.

    Raises
    ------
    ValueError
        If the case has none.
    """
    found = default_case().priors
    if found is None:
        msg = f"case {CASE} has no parameters"
        raise ValueError(msg)
    return found


def shock_paths(scenarios: Sequence[str] = (), quarters: int = QUARTERS) -> ShockPaths:
    """Compile scenarios of the library for the agents of the default case."""
    snapshot = default_case().snapshot
    agents, _ = model_agents(snapshot)
    roles = [snapshot.entity(agent).role.value for agent in agents]
    span = [snapshot.base_quarter + k for k in range(1, quarters + 1)]
    return compile_scenario([packaged(name) for name in scenarios], span, agents, roles)


def case_setup(
    scenarios: Sequence[str] = (), gates: Mapping[str, bool] | None = None, quarters: int = QUARTERS, seed: int = 1
) -> ModelSetup:
    """Build the default case under scenarios of the library, with some gates changed."""
    return build_setup(
        default_case().snapshot, case_priors(), shock_paths(scenarios, quarters), quarters, seed, gates or {}
    )


def sampled_parameters(draws: int, seed: int, spread: float = 1.0) -> FloatArray:
    """Sample parameters uniformly from their ranges.

    Parameters
    ----------
    draws : int
        Rows.
    seed : int
        Seed of the sample.
    spread : float
        Part of the range around the central value that is used.
    """
    found = case_priors()
    rng = np.random.default_rng(seed)
    low = found.values - spread * (found.values - found.low)
    high = found.values + spread * (found.high - found.values)
    rows: FloatArray = low + (high - low) * rng.random((draws, low.size))
    return rows


def central_parameters(draws: int = 1) -> FloatArray:
    """Return the central values in every row."""
    return np.tile(case_priors().values, (draws, 1))


def with_world(setup: ModelSetup, world: World) -> ModelSetup:
    """Return the setup with another world."""
    records = np.zeros(1, dtype_of(World)).view(np.recarray)
    records[0] = world
    return replace(setup, world=records)


def copy_of_world(setup: ModelSetup) -> World:
    """Return a copy of a setup's world that can be changed."""
    world: World = setup.world.copy()[0]
    return world


def run(setup: ModelSetup, parameters: FloatArray, first_draw: int = 0) -> dict[str, AnyArray]:
    """Run draws numbered from ``first_draw``."""
    return run_draws(setup, parameters, np.arange(first_draw, first_draw + parameters.shape[0]))


SCALED = (
    "cash",
    "debt",
    "interest_rate",
    "undrawn_lines",
    "lease_liability",
    "revenue_ai",
    "revenue_other",
    "ebitda",
    "operating_cash",
    "capex",
    "capacity",
    "compute_used",
    "compute_bill",
    "chips_book",
    "shells_book",
    "construction",
    "other_property",
    "stake_book",
    "book_equity",
    "market_value",
    "outside_round",
    "strategic_round",
    "conditional_tranche",
    "scheduled_tranche",
    "margin_loan",
    "guarantees",
    "outside_backlog",
    "lender_capital",
    "pipeline",
)
"""Figures of agents that a random world multiplies by a random factor each."""
SHOCK_LIMIT = 6
"""Largest number of shock variables that move at once in a random world."""
LARGEST_ADDED = 0.1
"""Largest addition, as a share of the limit of its variable: points of rates, a tenth of the market."""


def _random_stakes(world: World, rng: np.random.Generator) -> None:
    """Deal the shares of every firm anew among a few agents; nobody owns itself, households own a fifth at least."""
    for issuer in range(int(world.firms)):
        owners = rng.choice(int(world.agents), size=int(rng.integers(1, 6)), replace=False)
        owners = owners[owners != issuer]
        world.stake[: world.agents, issuer] = 0.0
        if owners.size > 0:
            world.stake[owners, issuer] = 0.8 * rng.dirichlet(np.ones(owners.size))
        world.stake[int(world.households), issuer] += 1.0 - float(world.stake[: world.agents, issuer].sum())


def _random_shocks(setup: ModelSetup, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Let up to six shock variables move at random for one to six quarters."""
    common, entity = setup.common.copy(), setup.entity.copy()
    chosen = rng.choice(len(GLOBAL_VARIABLES) + len(ENTITY_VARIABLES), int(rng.integers(0, SHOCK_LIMIT + 1)), False)
    for number in chosen:
        start = int(rng.integers(0, setup.quarters))
        span = slice(start, start + int(rng.integers(1, 7)))
        if number < len(GLOBAL_VARIABLES):
            common[number, span] = _random_size(GLOBAL_VARIABLES[number], rng)
        else:
            row = int(number) - len(GLOBAL_VARIABLES)
            firms = rng.random(entity.shape[2]) < 0.4
            entity[row, span, firms] = _random_size(ENTITY_VARIABLES[row], rng)
    return common, entity


def _random_size(variable: ShockVariable, rng: np.random.Generator) -> float:
    if variable.operation == "multiply":
        return float(rng.uniform(0.0, min(variable.upper, 2.0)))
    if variable.operation == "add":
        return float(rng.uniform(-LARGEST_ADDED, LARGEST_ADDED) * variable.upper)
    low, high = max(variable.lower, 0.0), min(variable.upper, 200.0)
    return float(rng.uniform(low, high))


def random_world(base: ModelSetup, seed: int) -> tuple[ModelSetup, FloatArray]:
    """Make a world that looks like no real one: other sizes, owners, ratings, shocks, gates and parameters.

    Parameters
    ----------
    base : ModelSetup
        Setup whose agents and contracts are kept.
    seed : int
        Number of the world.

    Returns
    -------
    (ModelSetup, array of shape (1, parameter))
    """
    rng = np.random.default_rng([seed, 20260213])
    world = copy_of_world(base)
    agents, relations = int(world.agents), int(world.relations)
    width = float(rng.uniform(0.1, 0.9))
    for name in SCALED:
        values = getattr(world, name)[:agents]
        factor = np.exp(width * rng.standard_normal(agents))
        values *= factor.reshape((agents,) + (1,) * (values.ndim - 1))
    for name in ("headline", "binding"):
        getattr(world, name)[:relations] *= np.exp(width * rng.standard_normal(relations))
    world.rating[:agents] = np.where(world.rating[:agents] >= 0.0, rng.uniform(0.0, 17.0, agents), -1.0)
    world.index_weight[:agents] *= rng.uniform(0.2, 1.0)
    _random_stakes(world, rng)
    gates = np.where(rng.random(base.gates.size) < 0.1, 1.0 - base.gates, base.gates)
    common, entity = _random_shocks(base, rng)
    setup = replace(with_world(base, world), gates=gates, common=common, entity=entity, seed=seed)
    return setup, sampled_parameters(1, seed)
