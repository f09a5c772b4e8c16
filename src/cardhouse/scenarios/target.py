"""Whom a shock hits: entities by identifier, by role or by tag."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cardhouse.basics.arrays import BoolArray, unknown
from cardhouse.basics.identifiers import suggestion
from cardhouse.network.entity import Role

ROLES: tuple[str, ...] = tuple(role.value for role in Role)


@dataclass(frozen=True, kw_only=True)
class World:
    """The entities that a scenario can meet, in the order of the model.

    Parameters
    ----------
    entities : sequence of str
        Identifiers.
    roles : sequence of str
        Role of each entity, in the same order.
    tags : mapping of str to collection of str
        Tags by entity; an absent entity has none.
    """

    entities: Sequence[str]
    roles: Sequence[str]
    tags: Mapping[str, Collection[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse lists of different length."""
        if len(self.entities) != len(self.roles):
            msg = f"{len(self.entities)} entities but {len(self.roles)} roles"
            raise ValueError(msg)

    @property
    def all_tags(self) -> set[str]:
        """Every tag that some entity has."""
        return {tag for tags in self.tags.values() for tag in tags}


@dataclass(frozen=True, kw_only=True)
class TargetFilter:
    """A choice of entities: all those named, or of a role, or with a tag, except some.

    Parameters
    ----------
    everyone : bool
        True to begin with all entities.
    entity, role, tag : tuple of str
        Begin with the entities that match any of these.
    leave_out : tuple of str
        Entities taken out again (``except`` in a file).

    Examples
    --------
    >>> world = World(entities=["oracle", "meta", "openai"], roles=["leveraged_cloud", "platform", "lab"])
    >>> TargetFilter(role=("platform", "leveraged_cloud"), leave_out=("meta",)).mask(world).tolist()
    [True, False, False]
    >>> str(TargetFilter(role=("platform",), leave_out=("meta",)))
    'every platform except meta'
    """

    everyone: bool = False
    entity: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    def mask(self, world: World) -> BoolArray:
        """Return which entities of ``world`` are hit, in its order."""
        chosen = [
            name not in self.leave_out
            and (
                self.everyone
                or name in self.entity
                or role in self.role
                or any(tag in self.tag for tag in world.tags.get(name, ()))
            )
            for name, role in zip(world.entities, world.roles, strict=True)
        ]
        result: BoolArray = unknown(len(chosen)) > 0
        result[:] = chosen
        return result

    def faults(self, world: World) -> list[tuple[str, str, str]]:
        """List what this filter names and ``world`` has not: (value, rule, remedy)."""
        found = [
            (name, "the case has no such entity", suggestion(name, world.entities))
            for name in (*self.entity, *self.leave_out)
            if name not in world.entities
        ]
        found += [
            (role, "the case has no entity of this role", suggestion(role, set(world.roles)))
            for role in self.role
            if role not in world.roles
        ]
        found += [
            (tag, "no entity of the case has this tag", suggestion(tag, world.all_tags))
            for tag in self.tag
            if tag not in world.all_tags
        ]
        if not found and not self.mask(world).any():
            found.append((str(self), "the target leaves nobody over", "name fewer entities under 'except'"))
        return found

    def __str__(self) -> str:
        """Write the filter in words."""
        parts = ["everyone"] if self.everyone else []
        parts += self.entity
        parts += [f"every {role.replace('_', ' ')}" for role in self.role]
        parts += [f"everyone tagged {tag}" for tag in self.tag]
        text = ", ".join(parts)
        return f"{text} except {', '.join(self.leave_out)}" if self.leave_out else text
