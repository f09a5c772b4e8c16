"""Who of a network becomes an agent of the model, in which order and role."""

from __future__ import annotations

from collections.abc import Mapping

from cardhouse.basics.errors import ModelError
from cardhouse.model.blocks.orders import is_builder
from cardhouse.model.layout import ROOM
from cardhouse.model.world import SITE_LEASE, AgentRole, World
from cardhouse.network.entity import Role
from cardhouse.network.snapshot import Cell, NetworkSnapshot

ROLE_OF: dict[Role, AgentRole] = {
    Role.CHIPS: AgentRole.CHIPS,
    Role.PLATFORM: AgentRole.PLATFORM,
    Role.LEVERAGED_CLOUD: AgentRole.LEVERAGED_CLOUD,
    Role.VEHICLE: AgentRole.VEHICLE,
    Role.LAB: AgentRole.LABORATORY,
    Role.EQUITY_SPONSOR: AgentRole.EQUITY_SPONSOR,
    Role.HOLDER: AgentRole.HOLDER,
    Role.LENDER: AgentRole.LENDER,
    Role.OTHER_FIRMS: AgentRole.OTHER_FIRMS,
    Role.HOUSEHOLDS: AgentRole.HOUSEHOLDS,
    Role.SUPPLIERS: AgentRole.SUPPLIERS,
    Role.GOVERNMENT: AgentRole.GOVERNMENT,
}
FIRM_ROLES = (
    AgentRole.CHIPS,
    AgentRole.PLATFORM,
    AgentRole.LEVERAGED_CLOUD,
    AgentRole.VEHICLE,
    AgentRole.LABORATORY,
    AgentRole.EQUITY_SPONSOR,
)
GIVER_ROLES = (AgentRole.CHIPS, AgentRole.PLATFORM, AgentRole.LEVERAGED_CLOUD)
SINGLE_ROLES = (AgentRole.OTHER_FIRMS, AgentRole.HOUSEHOLDS, AgentRole.SUPPLIERS, AgentRole.GOVERNMENT)


def _role(snapshot: NetworkSnapshot, agent: str, balance: Mapping[str, Cell]) -> AgentRole:
    role = snapshot.entity(agent).role
    if role not in ROLE_OF:
        raise ModelError(
            f"agent '{agent}' has an opening balance but role '{role.value}', which the model does not know"
        )
    found = ROLE_OF[role]
    # A fund group among the sponsors has no operating income: it holds shares for others.
    if found == AgentRole.EQUITY_SPONSOR and "ebitda_quarter" not in balance:
        return AgentRole.HOLDER
    return found


def model_agents(snapshot: NetworkSnapshot) -> tuple[tuple[str, ...], tuple[AgentRole, ...]]:
    """Return the agents of the model in order, and their roles; operating firms come first.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        A network with opening balances.

    Raises
    ------
    ModelError
        If a role is missing that money must flow through, or there are more agents than the model has room for.
    """
    roles = {agent: _role(snapshot, agent, balance) for agent, balance in snapshot.balances.items()}
    for needed in SINGLE_ROLES:
        count = sum(role == needed for role in roles.values())
        if count != 1:
            raise ModelError(f"the model needs exactly one agent of role '{needed.name.lower()}', found {count}")
    if not any(role == AgentRole.LENDER for role in roles.values()):
        raise ModelError("the model needs at least one lender with an opening balance")
    if len(roles) > ROOM["agent"]:
        raise ModelError(f"the model has room for {ROOM['agent']} agents, the case has {len(roles)}")
    order = sorted(roles, key=lambda agent: (roles[agent] not in FIRM_ROLES, roles[agent]))
    return tuple(order), tuple(roles[agent] for agent in order)


def list_by_role(world: World) -> None:
    """List laboratories, their contracts, who may fund them, builders, and sites on lease, from roles and contracts.

    A quarter needs them again and again; without the lists it would go through all firms and contracts each time.

    Parameters
    ----------
    world : World
        With roles, capacity and contracts; the lists in it are overwritten.
    """
    firms, relations = range(world.firms), range(world.relations)
    # firms stand in the order of their roles, so that chip makers and then the other givers of money come first
    world.chip_makers = sum(world.role[i] == AgentRole.CHIPS for i in firms)
    world.givers = sum(world.role[i] in GIVER_ROLES for i in firms)
    laboratories = [i for i in firms if world.role[i] == AgentRole.LABORATORY]
    world.laboratories = len(laboratories)
    world.slot[:] = -1
    for slot, lab in enumerate(laboratories):
        world.laboratory[slot], world.slot[lab] = lab, slot
    sponsors = [i for i in firms if world.role[i] == AgentRole.EQUITY_SPONSOR]
    world.sponsors = len(sponsors)
    world.sponsor[: len(sponsors)] = sponsors
    investors = [*range(world.givers), *sponsors]
    world.investors = len(investors)
    world.investor[: len(investors)] = investors
    builders = [i for i in firms if is_builder(world, i)]
    world.builders = len(builders)
    world.builder[: len(builders)] = builders
    leases = [r for r in relations if world.contract[r] == SITE_LEASE and world.seller[r] < world.firms]
    world.site_leases = len(leases)
    world.site_lease[: len(leases)] = leases
    bought = [r for r in relations if world.slot[world.buyer[r]] >= 0]
    world.lab_relations = len(bought)
    world.lab_relation[: len(bought)] = bought


def firm_count(roles: tuple[AgentRole, ...]) -> int:
    """Return the number of operating firms among the agents."""
    return sum(role in FIRM_ROLES for role in roles)
