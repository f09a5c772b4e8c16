"""The money map: who pays, funds and owes whom at the start, from the cited contracts and balances of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cardhouse.network.entity import Role
from cardhouse.network.money import MoneyLink, Purpose, money_links
from cardhouse.network.snapshot import NetworkSnapshot
from cardhouse.report.figure import Figure
from cardhouse.report.words import money, short

LINKS_SHOWN = 60
_COLUMN: Mapping[Role, int] = {
    Role.HOUSEHOLDS: 0,
    Role.OTHER_FIRMS: 0,
    Role.HOLDER: 0,
    Role.EQUITY_SPONSOR: 0,
    Role.LENDER: 0,
    Role.LAB: 1,
    Role.PLATFORM: 2,
    Role.LEVERAGED_CLOUD: 2,
    Role.VEHICLE: 3,
    Role.CHIPS: 4,
    Role.SUPPLIERS: 4,
    Role.GOVERNMENT: 4,
    Role.OTHER: 4,
}
COLUMNS = ("investors, lenders", "laboratories", "platforms and clouds", "vehicles", "chips and suppliers")
_LENDERS = ("banks", "private_credit_and_insurers", "bond_funds", "suppliers_and_rest_of_world")
_PAYS, _FUNDS, _OWES, _SUPPORTS = "pays", "funds", "owes", "supports"
_WORD = {
    Purpose.PURCHASE: _PAYS,
    Purpose.REVENUE_SHARE: _PAYS,
    Purpose.FINANCING: _FUNDS,
    Purpose.SUPPORT: _SUPPORTS,
}


@dataclass(frozen=True, kw_only=True)
class MapLink:
    """Money between two agents for one purpose: all contracts together, USD bn over their whole life."""

    payer: str
    payee: str
    kind: str
    headline: float | None
    low: float | None
    high: float | None
    contracts: int
    sources: tuple[tuple[str, str], ...]

    @property
    def size(self) -> float:
        """The amount that gives the line its width: the middle of what binds, else the headline."""
        if self.low is not None and self.high is not None and self.high > 0:
            return (self.low + self.high) / 2
        return self.headline or 0.0

    @property
    def is_binding(self) -> bool:
        """Tell whether a part that binds is known."""
        return self.high is not None


def map_links(snapshot: NetworkSnapshot) -> tuple[MapLink, ...]:
    """Return all links between agents of the model, largest first.

    Contracts of entities that belong to an agent (``iren`` to ``other_neoclouds``) count for the agent. Money inside an
    agent is left out. Debts come from the balances: borrower to lender, kind ``owes``.
    """
    groups: dict[tuple[str, str, str], list[MoneyLink]] = {}
    agents = {entity.id: entity.agent or entity.id for entity in snapshot.entities}
    for link in money_links(snapshot):
        payer, payee = agents.get(link.payer, link.payer), agents.get(link.payee, link.payee)
        if payer != payee and payer in snapshot.balances and payee in snapshot.balances:
            groups.setdefault((payer, payee, _WORD[link.purpose]), []).append(link)
    found = [_total(key, links) for key, links in groups.items()] + _debts(snapshot)
    known = [link for link in found if link.size > 0.0]
    return tuple(sorted(known, key=lambda link: (-link.size, link.payer, link.payee, link.kind)))


def _total(key: tuple[str, str, str], links: list[MoneyLink]) -> MapLink:
    headlines = [link.instrument.headline.central for link in links]
    bounds = [link.instrument.binding.bounds for link in links]
    known = [pair for pair in bounds if pair is not None]
    sources = {(note.title, note.address) for link in links for note in link.instrument.sources}
    return MapLink(
        payer=key[0],
        payee=key[1],
        kind=key[2],
        headline=sum(value for value in headlines if value is not None)
        if any(v is not None for v in headlines)
        else None,
        low=sum(pair[0] for pair in known) if known else None,
        high=sum(pair[1] for pair in known) if known else None,
        contracts=len(links),
        sources=tuple(sorted(sources)),
    )


def _debts(snapshot: NetworkSnapshot) -> list[MapLink]:
    found = []
    for borrower, items in snapshot.balances.items():
        for lender in _LENDERS:
            cell = items.get(f"debt_held_by_{lender}")
            if cell is None or cell.value is None or lender not in snapshot.balances or lender == borrower:
                continue
            low = cell.value if cell.low is None else cell.low
            high = cell.value if cell.high is None else cell.high
            note = () if cell.source is None else ((cell.source.title, cell.source.address),)
            found.append(
                MapLink(
                    payer=borrower,
                    payee=lender,
                    kind=_OWES,
                    headline=cell.value,
                    low=low,
                    high=high,
                    contracts=1,
                    sources=note,
                )
            )
    return found


def money_map(snapshot: NetworkSnapshot) -> Figure | None:
    """Return the chart; None when the case has no contract between agents of the model."""
    links = map_links(snapshot)
    if not links:
        return None
    shown = links[:LINKS_SHOWN]
    agents = sorted({end for link in shown for end in (link.payer, link.payee)})
    largest = next((link for link in shown if link.kind == _PAYS), shown[0])
    lead = (
        f"The largest purchase: {_name(snapshot, largest.payer)} to {_name(snapshot, largest.payee)}, "
        f"{_amount(largest)}. Lines show contract totals over their whole life, not yearly flows, and are not to be "
        f"added. A dashed line has no known binding part. The {len(shown)} largest of {len(links)} links."
    )
    return Figure(
        id="money-map",
        kind="map",
        title=f"Who pays, funds and owes whom at the end of {snapshot.base_quarter}, USD bn",
        lead=lead,
        alt=f"Network of {len(agents)} agents in five columns from investors to chip makers. {lead}",
        data={
            "columns": list(COLUMNS),
            "nodes": [_node(snapshot, agent) for agent in agents],
            "links": [_link(snapshot, link) for link in shown],
        },
        head=("payer or debtor", "payee or creditor", "kind", "headline", "binding", "contracts"),
        rows=[_row(snapshot, link) for link in links],
        source=f"Contracts and balances of the case as known on {snapshot.as_of.isoformat()}; sources below",
        height=620,
        wide=True,
    )


def _name(snapshot: NetworkSnapshot, agent: str) -> str:
    return short(snapshot.entity(agent).name)


def _node(snapshot: NetworkSnapshot, agent: str) -> dict[str, object]:
    entity = snapshot.entity(agent)
    cell = snapshot.balances.get(agent, {}).get("market_value")
    return {
        "id": agent,
        "name": short(entity.name),
        "column": _COLUMN[entity.role],
        "role": entity.role.value.replace("_", " "),
        "value": None if cell is None else cell.value,
    }


def _link(snapshot: NetworkSnapshot, link: MapLink) -> dict[str, object]:
    return {
        "source": link.payer,
        "target": link.payee,
        "kind": link.kind,
        "size": round(link.size, 4),
        "binding": link.is_binding,
        "text": f"{_name(snapshot, link.payer)} {link.kind} {_name(snapshot, link.payee)}: {_amount(link)}",
    }


def _amount(link: MapLink) -> str:
    headline = "headline unknown" if link.headline is None else f"headline {money(link.headline)}"
    if link.low is None or link.high is None:
        return f"{headline}, binding part unknown"
    if link.kind == _OWES:
        return money(link.headline)
    return f"{headline}, binding {money(link.low)} to {money(link.high)}"


def _row(snapshot: NetworkSnapshot, link: MapLink) -> tuple[str, ...]:
    binding = "unknown" if link.low is None else f"{money(link.low)} to {money(link.high)}"
    return (
        snapshot.entity(link.payer).name,
        snapshot.entity(link.payee).name,
        link.kind,
        money(link.headline),
        binding,
        str(link.contracts),
    )
