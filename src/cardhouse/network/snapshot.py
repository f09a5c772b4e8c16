"""The financial network as known on one day: entities, contracts, opening balances. Nothing in it can be changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from cardhouse.basics.errors import NetworkError
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.quarter import Quarter
from cardhouse.network.entity import Entity
from cardhouse.network.instrument import Instrument, SourceNote


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One opening figure with its pedigree.

    Parameters
    ----------
    value, low, high : float, optional
        Figure and range; None means unknown.
    text : str
        The figure in words where it is not a number (a rating); empty otherwise.
    unit : str
        For example ``usd_bn``, ``percent`` or ``text``.
    basis : str
        ``reported``, ``guided``, ``derived``, ``estimated`` or ``assumed``.
    fact_ids : tuple of str
        Facts it rests on.
    formula : str
        How it was worked out, or the reason of an assumption.
    source : SourceNote, optional
        Where it can be read.

    Examples
    --------
    >>> Cell(value=8.47, unit="usd_bn", basis="reported").value
    8.47
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    unit: str
    basis: str
    fact_ids: tuple[str, ...] = ()
    formula: str = ""
    source: SourceNote | None = None


def _no_balances() -> Mapping[str, Mapping[str, Cell]]:
    return MappingProxyType({})


def _no_market() -> Mapping[str, Cell]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class NetworkSnapshot:
    """The network on one day.

    Parameters
    ----------
    as_of : date
        The day on which all of it was known.
    base_quarter : Quarter
        Quarter at whose end the balances stand.
    entities : tuple of Entity
        Who takes part.
    instruments : tuple of Instrument
        All contracts, those that must not be added included; see :attr:`Instrument.counts`.
    balances : mapping of agent to item to Cell
        Opening figures by cash-holding agent.
    market : mapping of item to Cell
        Figures of the whole market.

    Notes
    -----
    The mappings are copied and made read-only; a snapshot pickles and compares by value.

    Examples
    --------
    >>> import datetime as dt
    >>> from cardhouse.network.entity import Role
    >>> snapshot = NetworkSnapshot(as_of=dt.date(2026, 2, 13), base_quarter=Quarter(2025, 4),
    ...                            entities=(Entity(id="acme", name="Acme", role=Role.LAB),), instruments=())
    >>> snapshot.entity("acme").name
    'Acme'
    """

    as_of: dt.date
    base_quarter: Quarter
    entities: tuple[Entity, ...]
    instruments: tuple[Instrument, ...]
    balances: Mapping[str, Mapping[str, Cell]] = field(default_factory=_no_balances)
    market: Mapping[str, Cell] = field(default_factory=_no_market)

    def __post_init__(self) -> None:
        """Copy what was given into read-only containers."""
        object.__setattr__(self, "entities", tuple(self.entities))
        object.__setattr__(self, "instruments", tuple(self.instruments))
        balances = {agent: MappingProxyType(dict(items)) for agent, items in self.balances.items()}
        object.__setattr__(self, "balances", MappingProxyType(balances))
        object.__setattr__(self, "market", MappingProxyType(dict(self.market)))

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Rebuild from plain containers: read-only mappings do not pickle."""
        balances = {agent: dict(items) for agent, items in self.balances.items()}
        fields = (self.as_of, self.base_quarter, self.entities, self.instruments, balances, dict(self.market))
        return (_rebuild, fields)

    @cached_property
    def _by_id(self) -> Mapping[str, Entity]:
        return MappingProxyType({entity.id: entity for entity in self.entities})

    def entity(self, entity_id: str) -> Entity:
        """Return an entity, or raise NetworkError naming the nearest identifiers."""
        found = self._by_id.get(entity_id)
        if found is None:
            remedy = suggestion(entity_id, self._by_id)
            raise NetworkError(f"there is no entity '{entity_id}' in this network: {remedy}")
        return found

    def instruments_of(self, entity_id: str) -> tuple[Instrument, ...]:
        """Return all contracts in which an entity is holder or obligor, in the order of the snapshot."""
        return tuple(item for item in self.instruments if entity_id in (item.holder, item.obligor))

    def balance_of(self, entity_id: str) -> Mapping[str, Cell]:
        """Return the opening figures of one entity, or an empty mapping when it has none of its own.

        The balance of a group of several firms says nothing about one member. It is given only to the entity whose
        identifier it bears, or to the only entity that belongs to it.
        """
        if entity_id in self.balances:
            return self.balances[entity_id]
        agent = self.entity(entity_id).agent
        if agent is None:
            return _no_market()
        members = [entity.id for entity in self.entities if entity.agent == agent]
        return self.balances.get(agent, _no_market()) if members == [entity_id] else _no_market()


def _rebuild(
    as_of: dt.date,
    base_quarter: Quarter,
    entities: Iterable[Entity],
    instruments: Iterable[Instrument],
    balances: Mapping[str, Mapping[str, Cell]],
    market: Mapping[str, Cell],
) -> NetworkSnapshot:
    return NetworkSnapshot(
        as_of=as_of,
        base_quarter=base_quarter,
        entities=tuple(entities),
        instruments=tuple(instruments),
        balances=balances,
        market=market,
    )
