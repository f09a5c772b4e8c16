"""The default case with other names and orders, or with one of its agents split: what must change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cardhouse.model.agents import model_agents
from cardhouse.model.setup import ModelSetup, build_setup
from cardhouse.network.snapshot import Cell, NetworkSnapshot
from cardhouse.scenarios.compose import compile_scenario
from validation.worlds import QUARTERS, case_priors, case_setup, default_case

CENTRAL = {"opening_uncertainty": False}
"""The opening's random numbers are dealt by place among the agents: with them, a new order is a new draw."""


BY_PLACE = CENTRAL | {"news_jumps": False}
"""The same for news: which firm it hits is drawn along the order of firms."""


def setup_of(snapshot: NetworkSnapshot, gates: Mapping[str, bool] = CENTRAL) -> ModelSetup:
    """Build a setup for a snapshot, without shocks and with opening figures at their central values."""
    agents, _ = model_agents(snapshot)
    roles = [snapshot.entity(agent).role.value for agent in agents]
    span = [snapshot.base_quarter + k for k in range(1, QUARTERS + 1)]
    paths = compile_scenario([], span, agents, roles)
    return build_setup(snapshot, case_priors(), paths, QUARTERS, 1, gates)


def reordered_setup() -> ModelSetup:
    """Build the default case with agents, their items, entities and contracts in reverse order."""
    snapshot = default_case().snapshot
    balances = {
        agent: dict(reversed(list(items.items()))) for agent, items in reversed(list(snapshot.balances.items()))
    }
    return setup_of(
        replace(
            snapshot,
            entities=tuple(reversed(snapshot.entities)),
            instruments=tuple(reversed(snapshot.instruments)),
            balances=balances,
        ),
        BY_PLACE,
    )


def _half(cell: Cell) -> Cell:
    """Halve an amount or a share; a rating in words stays."""
    if cell.value is None or cell.unit not in {"usd_bn", "percent"}:
        return cell
    return replace(
        cell,
        value=cell.value / 2.0,
        low=None if cell.low is None else cell.low / 2.0,
        high=None if cell.high is None else cell.high / 2.0,
    )


def _with_two_holders(items: Mapping[str, Cell], lender: str, second: str) -> dict[str, Cell]:
    """Halve what a firm owes the lender and owe the other half to the second one."""
    changed = dict(items)
    owed = items.get(f"debt_held_by_{lender}")
    if owed is not None:
        changed[f"debt_held_by_{lender}"] = _half(owed)
        changed[f"debt_held_by_{second}"] = _half(owed)
    return changed


def split_lender_setup(lender: str) -> tuple[ModelSetup, ModelSetup, str, tuple[str, str]]:
    """Split one lender of the default case into two with half of everything each.

    Returns
    -------
    (ModelSetup, ModelSetup, str, (str, str))
        The case without shocks, the case with two halves, the lender, and the halves.
    """
    snapshot = default_case().snapshot
    second = f"{lender}_second_half"
    entity = snapshot.entity(lender)
    balances: dict[str, Mapping[str, Cell]] = {}
    for agent, items in snapshot.balances.items():
        if agent == lender:
            half = {item: _half(cell) for item, cell in items.items()}
            balances[lender], balances[second] = half, dict(half)
        else:
            balances[agent] = _with_two_holders(items, lender, second)
    twin = replace(entity, id=second, name=f"{entity.name} (second half)")
    split = replace(snapshot, entities=(*snapshot.entities, twin), balances=balances)
    return case_setup((), CENTRAL), setup_of(split), lender, (lender, second)
