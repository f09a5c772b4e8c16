"""Who is who in a run: names and roles for the identifiers of its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cardhouse.network.entity import Role
from cardhouse.network.snapshot import NetworkSnapshot

OPERATING_ROLES = frozenset({Role.CHIPS, Role.PLATFORM, Role.LEVERAGED_CLOUD, Role.VEHICLE, Role.LAB})
HOLDING_ROLES = frozenset({Role.EQUITY_SPONSOR, Role.HOLDER, Role.LENDER, Role.HOUSEHOLDS, Role.OTHER_FIRMS})


@dataclass(frozen=True)
class Member:
    """One entity of a run: identifier, name for people, role, and whether it stands for a group of firms."""

    id: str
    name: str
    role: str
    aggregate: bool = False


class Cast:
    """Names and roles of the entities of a run, in the order of its results.

    Parameters
    ----------
    members : sequence of Member
        In the order of the results.

    Examples
    --------
    >>> cast = cast_of(["other_labs", "banks"], None)
    >>> cast.name("other_labs"), cast.names
    ('Other labs', ('Other labs', 'Banks'))
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = tuple(members)
        self._by_id: Mapping[str, Member] = {member.id: member for member in members}

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers in the order of the results."""
        return tuple(member.id for member in self.members)

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the results."""
        return tuple(member.name for member in self.members)

    def name(self, entity_id: str) -> str:
        """Return the name of an entity; the identifier in words when it is not known."""
        found = self._by_id.get(entity_id)
        return found.name if found is not None else in_words(entity_id)

    def role(self, entity_id: str) -> str:
        """Return the role of an entity; ``other`` when it is not known."""
        found = self._by_id.get(entity_id)
        return found.role if found is not None else Role.OTHER.value

    def places(self, roles: frozenset[Role]) -> tuple[int, ...]:
        """Return the positions of the entities of some roles; of all entities when no role is known."""
        if all(member.role == Role.OTHER for member in self.members):
            return tuple(range(len(self.members)))
        return tuple(place for place, member in enumerate(self.members) if member.role in roles)

    @property
    def groups(self) -> tuple[int, ...]:
        """Positions of the groups of firms that the model treats as one firm each, such as all other laboratories.

        The vehicles of a named firm are counted with the named: they are its own.
        """
        return tuple(place for place in self.places(OPERATING_ROLES - {Role.VEHICLE}) if self.members[place].aggregate)


def in_words(identifier: str) -> str:
    """Write an identifier as a name.

    >>> in_words("bond_funds")
    'Bond funds'
    """
    text = identifier.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]


def cast_of(entity_ids: Sequence[str], snapshot: NetworkSnapshot | None) -> Cast:
    """Look up names and roles in a snapshot; identifiers it does not know keep their own words."""
    known = {} if snapshot is None else {entity.id: entity for entity in snapshot.entities}
    members = []
    for entity_id in entity_ids:
        entity = known.get(entity_id)
        if entity is None:
            members.append(Member(entity_id, in_words(entity_id), Role.OTHER.value))
        else:
            members.append(Member(entity_id, entity.name, entity.role.value, entity.aggregate))
    return Cast(members)
