"""From a network and priors to a world that draws can run in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import ModelError
from cardhouse.basics.quarter import Quarter
from cardhouse.model.agents import firm_count, list_by_role, model_agents
from cardhouse.model.contracts import contracts_of
from cardhouse.model.gates import gate_array, gate_values
from cardhouse.model.layout import ROOM, dtype_of, new_record
from cardhouse.model.ledger import KINDS
from cardhouse.model.packing import Size
from cardhouse.model.parameters import ParameterSet
from cardhouse.model.world import AgentRole, World
from cardhouse.model.world_figures import Balances, fill_balance, fill_market
from cardhouse.network.snapshot import NetworkSnapshot
from cardhouse.scenarios.path import ShockPaths

MAX_QUARTERS = 120
"""Longest horizon: beyond it a quarterly model of today's contracts says nothing."""


@dataclass(frozen=True, eq=False)
class ModelSetup:
    """Everything that is the same for all draws of a run; it pickles, and nothing in it changes.

    Parameters
    ----------
    world : array of one record
        The :class:`~cardhouse.model.world.World`, as a record array so that it pickles.
    gates : array, shape (gate,)
        Switches in the order of ``GATES``.
    common : array, shape (global variable, quarter)
        Global shocks.
    entity : array, shape (entity variable, quarter, agent)
        Shocks of agents.
    seed : int
        Seed of all streams.
    entity_ids : tuple of str
        Agents in order; operating firms first.
    roles : tuple of str
        Role of each agent.
    base_quarter : Quarter
        The quarter at whose end the opening figures stand.
    quarters : int
        Quarters to simulate.
    """

    world: AnyArray
    gates: FloatArray
    common: FloatArray
    entity: FloatArray
    seed: int
    entity_ids: tuple[str, ...]
    roles: tuple[str, ...]
    base_quarter: Quarter
    quarters: int

    @property
    def firms(self) -> int:
        """Number of operating firms; they are the first agents."""
        return int(self.world[0].firms)

    def size_of_results(self, draws: int) -> Size:
        """Return for how much the results of a number of draws need room."""
        return Size(draws, self.quarters, len(self.entity_ids), self.firms)

    @property
    def quarter_labels(self) -> tuple[str, ...]:
        """The simulated quarters in words."""
        return tuple(str(self.base_quarter + k) for k in range(1, self.quarters + 1))


def build_setup(
    snapshot: NetworkSnapshot,
    priors: ParameterSet,
    paths: ShockPaths,
    quarters: int,
    seed: int,
    gates: Mapping[str, bool] | None = None,
) -> ModelSetup:
    """Build the world of a case.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        Network with opening balances.
    priors : ParameterSet
        The case's parameters; only central values are read here.
    paths : ShockPaths
        Shocks for the agents that :func:`~cardhouse.model.agents.model_agents` names, in that order.
    quarters : int
        Quarters to simulate, as many as the paths have.
    seed : int
        Seed of all streams.
    gates : mapping, optional
        Gates that differ from their default.

    Returns
    -------
    ModelSetup

    Raises
    ------
    ModelError
        If the case lacks a figure that the model cannot do without, or the paths are for other entities.
    """
    agents, roles = model_agents(snapshot)
    if paths.entities != agents:
        raise ModelError(
            "the shock paths are for other entities than the model's agents; compile them for model_agents()"
        )
    if quarters != len(paths.quarters):
        raise ModelError(f"the shock paths have {len(paths.quarters)} quarters, not {quarters}")
    if not 1 <= quarters <= MAX_QUARTERS:
        raise ModelError(f"the model runs 1 to {MAX_QUARTERS} quarters, not {quarters}")
    if not 0 <= seed < 2**63:
        raise ModelError(f"a seed is between 0 and 2**63 - 1, not {seed}")
    world = new_record(World)
    world.quarters, world.kinds = quarters, KINDS
    world.base_season = snapshot.base_quarter.number - 1
    _place_agents(world, agents, roles)
    balances = Balances(snapshot, agents)
    fill_balance(world, balances, roles)
    fill_market(world, balances)
    world.venture_investor = _largest_holder(world, 0.0, agents)
    world.stake_buyer = _largest_holder(world, 1.0, agents)
    _place_contracts(world, agents, roles, snapshot)
    _place_builders(world, roles, balances, priors)
    list_by_role(world)
    return ModelSetup(
        world=_frozen(world),
        gates=gate_array(gate_values(gates or {})),
        common=np.ascontiguousarray(paths.global_),
        entity=np.ascontiguousarray(paths.entity),
        seed=seed,
        entity_ids=agents,
        roles=tuple(role.name.lower() for role in roles),
        base_quarter=snapshot.base_quarter,
        quarters=quarters,
    )


def _frozen(world: World) -> AnyArray:
    records = np.zeros(1, dtype_of(World)).view(np.recarray)
    records[0] = world
    return records


def _place_agents(world: World, agents: Sequence[str], roles: Sequence[AgentRole]) -> None:
    world.agents = len(agents)
    world.firms = firm_count(tuple(roles))
    for i, role in enumerate(roles):
        world.role[i] = int(role)
        peers = sorted(agents[k] for k in range(len(agents)) if roles[k] == role)
        world.noise_rank[i] = peers.index(agents[i])
    laboratories = sum(role == AgentRole.LABORATORY for role in roles)
    if laboratories > ROOM["laboratory"]:
        raise ModelError(f"the model has room for {ROOM['laboratory']} laboratories, the case has {laboratories}")
    world.households = roles.index(AgentRole.HOUSEHOLDS)
    world.other_firms = roles.index(AgentRole.OTHER_FIRMS)
    world.suppliers = roles.index(AgentRole.SUPPLIERS)
    world.government = roles.index(AgentRole.GOVERNMENT)
    lenders = [i for i, role in enumerate(roles) if role == AgentRole.LENDER]
    # Suppliers lend too: vendor credit stands in the last slot.
    slots = [*lenders, int(world.suppliers)]
    if len(slots) > ROOM["lender"]:
        raise ModelError(f"the model has room for {ROOM['lender'] - 1} lenders, the case has {len(lenders)}")
    world.lenders = len(slots)
    for slot, agent in enumerate(slots):
        world.lender_agent[slot] = agent


def _largest_holder(world: World, listed: float, agents: Sequence[str]) -> int:
    """Return the holder with the largest stakes in listed or in unlisted firms; households if there is no holder.

    Who holds most of the unlisted ones funds young firms, who holds most of the listed ones buys what is on offer.
    Among equals the first by name is taken, so that the order of a case's files decides nothing.
    """
    value = np.where(world.listed[: world.firms] == listed, world.market_value[: world.firms], 0.0)
    owned = [
        (-float(np.sum(world.stake[agent, : world.firms] * value)), agents[agent], agent)
        for agent in range(world.firms, world.agents)
        if world.role[agent] == AgentRole.HOLDER
    ]
    return min(owned)[2] if owned else int(world.households)


def _place_contracts(
    world: World, agents: Sequence[str], roles: Sequence[AgentRole], snapshot: NetworkSnapshot
) -> None:
    figures = {"compute_bill": world.compute_bill.tolist(), "revenue_ai": world.revenue_ai.tolist()}
    found = contracts_of(agents, roles, snapshot.balances, figures)
    world.relations = len(found)
    for r, contract in enumerate(found):
        world.buyer[r], world.seller[r], world.contract[r] = contract.buyer, contract.seller, contract.kind
        world.headline[r], world.binding[r] = contract.headline, contract.binding
        world.opening_bill[r] = contract.opening_bill
        scale = contract.binding if contract.binding > 0.0 else 1.0
        world.binding_low[r] = contract.low / scale
        world.binding_high[r] = contract.high / scale


def _place_builders(world: World, roles: Sequence[AgentRole], balances: Balances, priors: ParameterSet) -> None:
    """Tie vehicles to sponsors and find the orders that the pipeline implies."""
    world.cost_reference = priors.value("cost_per_gw")
    world.opening_orders = 0.0
    for i in range(world.agents):
        world.vehicle_of[i] = world.sponsor_of[i] = world.vehicle_lease[i] = -1
        world.planned_orders[i] = balances.last_due(i) if i < world.firms else 0.0
        world.opening_orders += world.planned_orders[i]
    for r in range(world.relations):
        buyer, seller = int(world.buyer[r]), int(world.seller[r])
        if roles[seller] == AgentRole.VEHICLE and world.sponsor_of[seller] < 0 and world.vehicle_of[buyer] < 0:
            world.sponsor_of[seller], world.vehicle_of[buyer] = buyer, seller
            world.vehicle_lease[seller] = r
    for i in range(world.firms):
        chips, shells = float(world.chips_book[i]), float(world.shells_book[i])
        # A vehicle that owns nothing yet is a building site: chips come last.
        world.vehicle_chip_part[i] = chips / (chips + shells) if chips + shells > 0.0 else 0.0
