"""The contracts of a world, from the commitments in the opening balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cardhouse.basics.errors import ModelError
from cardhouse.model.layout import ROOM
from cardhouse.model.world import CHIP_ORDER, COMPUTE_CONTRACT, SITE_LEASE, SUPPLY_LEASE, AgentRole
from cardhouse.network.snapshot import Cell

GIVEN = "commitment_given_to_"
BINDING = "commitment_binding_to_"
PLAIN_LIFE = 20.0
"""Quarters over which a contract that is not a laboratory's is taken to be billed evenly at the start."""
SHOWN = 0.9
"""Largest part of a cloud's other AI sales that contracts with other firms explain."""


@dataclass(frozen=True)
class Contract:
    """One commitment: who pays whom, under what kind of contract, how much."""

    buyer: int
    seller: int
    kind: int
    headline: float
    binding: float
    low: float
    high: float
    opening_bill: float = 0.0


def _kind(buyer: AgentRole, seller: AgentRole) -> int:
    if seller == AgentRole.VEHICLE:
        return SITE_LEASE
    if seller == AgentRole.CHIPS or (buyer == AgentRole.CHIPS and seller == AgentRole.SUPPLIERS):
        return CHIP_ORDER
    if seller == AgentRole.SUPPLIERS:
        return SUPPLY_LEASE
    return COMPUTE_CONTRACT


def _number(balance: Mapping[str, Cell], item: str) -> float:
    cell = balance.get(item)
    return 0.0 if cell is None or cell.value is None else cell.value


def _committed(
    agents: Sequence[str], roles: Sequence[AgentRole], balances: Mapping[str, Mapping[str, Cell]]
) -> list[Contract]:
    place = {agent: i for i, agent in enumerate(agents)}
    found = []
    for buyer, agent in enumerate(agents):
        for item, cell in balances[agent].items():
            seller = place.get(item.removeprefix(GIVEN), -1) if item.startswith(GIVEN) else -1
            if seller < 0 or not cell.value:
                continue
            bound = balances[agent].get(BINDING + agents[seller])
            binding = cell.value if bound is None or bound.value is None else bound.value
            low = binding if bound is None or bound.low is None else bound.low
            high = binding if bound is None or bound.high is None else bound.high
            kind = _kind(roles[buyer], roles[seller])
            found.append(Contract(buyer, seller, kind, cell.value, binding, low, max(high, binding)))
    return found


def _sponsored(
    agents: Sequence[str],
    roles: Sequence[AgentRole],
    balances: Mapping[str, Mapping[str, Cell]],
    found: Sequence[Contract],
) -> list[Contract]:
    """Add the lease of a vehicle that no commitment names: its largest strategic owner uses what it owns."""
    sold = {contract.seller for contract in found}
    extra = []
    for vehicle, agent in enumerate(agents):
        backlog = _number(balances[agent], "backlog_received_total")
        if roles[vehicle] != AgentRole.VEHICLE or vehicle in sold or backlog <= 0.0:
            continue
        shares = [
            (_number(balances[owner], f"stake_in_{agent}"), -i)
            for i, owner in enumerate(agents)
            if roles[i] in (AgentRole.PLATFORM, AgentRole.LEVERAGED_CLOUD, AgentRole.LABORATORY)
        ]
        share, place = max(shares, default=(0.0, 0))
        if share > 0.0:
            extra.append(Contract(-place, vehicle, SITE_LEASE, backlog, backlog, backlog, backlog))
    return extra


def _bills_of_laboratories(
    contracts: list[Contract], roles: Sequence[AgentRole], figures: Mapping[str, Sequence[float]]
) -> None:
    """Share each laboratory's compute bill over its contracts, vehicles first, by what binds."""
    bills, sales = figures["compute_bill"], figures["revenue_ai"]
    for lab, role in enumerate(roles):
        if role != AgentRole.LABORATORY:
            continue
        own = [k for k, c in enumerate(contracts) if c.buyer == lab and c.kind in (COMPUTE_CONTRACT, SITE_LEASE)]
        left = bills[lab]
        for k in own:
            if contracts[k].kind == SITE_LEASE:
                bill = min(left, sales[contracts[k].seller])
                contracts[k] = replace(contracts[k], opening_bill=bill)
                left -= bill
        rented = [k for k in own if contracts[k].kind == COMPUTE_CONTRACT]
        total = sum(contracts[k].binding for k in rented)
        for k in rented:
            bill = min(left * contracts[k].binding / total if total > 0.0 else 0.0, sales[contracts[k].seller])
            contracts[k] = replace(contracts[k], opening_bill=bill)


def _bills_of_others(
    contracts: list[Contract], roles: Sequence[AgentRole], figures: Mapping[str, Sequence[float]]
) -> None:
    """Give other buyers' contracts an even bill, as far as the seller's sales have room for it."""
    sales = figures["revenue_ai"]
    for seller, role in enumerate(roles):
        mine = [k for k, c in enumerate(contracts) if c.seller == seller]
        left = sales[seller] - sum(contracts[k].opening_bill for k in mine)
        open_ = [
            k
            for k in mine
            if contracts[k].kind in (COMPUTE_CONTRACT, SITE_LEASE) and roles[contracts[k].buyer] != AgentRole.LABORATORY
        ]
        room = left * (1.0 if role == AgentRole.VEHICLE else SHOWN)
        total = sum(contracts[k].binding for k in open_)
        for k in open_:
            even = contracts[k].binding / PLAIN_LIFE if contracts[k].kind == COMPUTE_CONTRACT else room
            bill = max(0.0, min(even, room * contracts[k].binding / total)) if total > 0.0 else 0.0
            contracts[k] = replace(contracts[k], opening_bill=bill)


def contracts_of(
    agents: Sequence[str],
    roles: Sequence[AgentRole],
    balances: Mapping[str, Mapping[str, Cell]],
    figures: Mapping[str, Sequence[float]],
) -> list[Contract]:
    """Return every commitment between agents, with the bill of the base quarter.

    Parameters
    ----------
    agents, roles : sequences
        Agents in the model's order.
    balances : mapping
        Opening balances by agent.
    figures : mapping
        ``compute_bill`` and ``revenue_ai`` by agent, in order.

    Raises
    ------
    ModelError
        If there are more commitments than the model has room for.
    """
    found = _committed(agents, roles, balances)
    found += _sponsored(agents, roles, balances, found)
    if len(found) > ROOM["relation"]:
        raise ModelError(f"the model has room for {ROOM['relation']} commitments, the case has {len(found)}")
    _bills_of_laboratories(found, roles, figures)
    _bills_of_others(found, roles, figures)
    return found
