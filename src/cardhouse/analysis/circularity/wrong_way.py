"""Wrong-way exposure: the part of a supplier's backlog that is owed by firms it finances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cardhouse.analysis.circularity.bounds import UNDEFINED, Ranged, share
from cardhouse.analysis.circularity.firms import Edges, only, ranged
from cardhouse.network.dollars import NOTHING, Dollars, summed, total
from cardhouse.network.instrument import Amount, View
from cardhouse.network.money import Purpose
from cardhouse.network.snapshot import Cell, NetworkSnapshot

_PREFIX = {View.HEADLINE: "backlog_received_from_", View.BINDING: "backlog_binding_from_"}


@dataclass(frozen=True)
class WrongWay:
    """A supplier's backlog and the part owed by firms that it finances.

    Parameters
    ----------
    supplier : str
        The firm, or the agent of the model when the figures come from opening balances.
    financed_buyers : tuple of str
        Buyers in the backlog to which the supplier gave or promised capital.
    owed : Dollars
        Their part of the backlog, USD bn.
    backlog : Dollars
        The whole, USD bn.
    share : Ranged
        The first over the second.
    basis : str
        ``reported backlog`` when the whole is the supplier's own figure, ``named contracts`` when it is their sum.
    """

    supplier: str
    financed_buyers: tuple[str, ...]
    owed: Dollars
    backlog: Dollars
    share: Ranged
    basis: str


def wrong_way_exposures(snapshot: NetworkSnapshot, edges: Edges, view: View = View.HEADLINE) -> tuple[WrongWay, ...]:
    """Measure the wrong-way exposure of every supplier that finances a buyer, largest amount first.

    Where the opening figures state a supplier's whole backlog and its parts, these are used: they belong to one day.
    Elsewhere the named contracts are added, and buyers without a name are missing from the whole.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        Opening figures and entities.
    edges : mapping of (payer, payee) to MoneyEdge
        The money graph of the same snapshot.
    view : View
        ``HEADLINE`` or ``BINDING``. The whole stays the reported backlog in both.
    """
    agents = {entity.id: entity.agent or entity.id for entity in snapshot.entities}
    financed = _financed(edges)
    reported = {agent for agent, items in snapshot.balances.items() if _figure(items, "backlog_received_total")}
    rows = [
        _from_balance(agent, snapshot.balances[agent], _as_agents(financed, agents, agent), view)
        for agent in sorted(reported)
    ]
    rows += [
        _from_contracts(supplier, buyers, edges, view)
        for supplier, buyers in sorted(financed.items())
        if agents[supplier] not in reported
    ]
    kept = [row for row in rows if row.owed != NOTHING]
    return tuple(sorted(kept, key=lambda row: (-(row.owed.value or 0.0), row.supplier)))


def _financed(edges: Edges) -> dict[str, set[str]]:
    financed: dict[str, set[str]] = {}
    for (payer, payee), edge in edges.items():
        if Purpose.FINANCING in edge.purposes:
            financed.setdefault(payer, set()).add(payee)
    return financed


def _as_agents(financed: Mapping[str, set[str]], agents: Mapping[str, str], agent: str) -> set[str]:
    found = {agents[payee] for payer, payees in financed.items() if agents[payer] == agent for payee in payees}
    return found - {agent}


def _figure(items: Mapping[str, Cell], item: str) -> Amount | None:
    cell = items.get(item)
    if cell is None or not cell.value:
        return None
    return Amount(cell.value, cell.low, cell.high)


def _from_balance(agent: str, items: Mapping[str, Cell], buyers: Iterable[str], view: View) -> WrongWay:
    parts = {buyer: _figure(items, _PREFIX[view] + buyer) for buyer in sorted(buyers)}
    owed = {buyer: amount for buyer, amount in parts.items() if amount is not None}
    whole = total(*(amount for amount in [_figure(items, "backlog_received_total")] if amount is not None))
    part = total(*owed.values())
    return WrongWay(agent, tuple(owed), part, whole, share(ranged(part), ranged(whole)), "reported backlog")


def _from_contracts(supplier: str, buyers: set[str], edges: Edges, view: View) -> WrongWay:
    orders = {payer: only(edge, Purpose.PURCHASE, view) for (payer, payee), edge in edges.items() if payee == supplier}
    owed = {buyer: amount for buyer, amount in sorted(orders.items()) if buyer in buyers and amount != NOTHING}
    part, rest = summed(list(owed.values())), summed([orders[buyer] for buyer in orders if buyer not in buyers])
    return WrongWay(supplier, tuple(owed), part, summed([part, rest]), _share_beside(part, rest), "named contracts")


def _share_beside(part: Dollars, rest: Dollars) -> Ranged:
    """Divide a part by part and rest together; an end that does not exist is 0 or 1."""
    value = _part_of(part.value, rest.value)
    if value is None:
        return UNDEFINED
    low, high = _part_of(part.low, rest.high), _part_of(part.high, rest.low)
    return Ranged(value, 0.0 if low is None else low, 1.0 if high is None else high)


def _part_of(part: float | None, rest: float | None) -> float | None:
    if part is None or rest is None or part + rest <= 0.0:
        return None
    return part / (part + rest)
