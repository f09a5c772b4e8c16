"""What firms have announced and what of it binds, from the opening balance of a case."""

from __future__ import annotations

from dataclasses import dataclass

from cardhouse.network.snapshot import NetworkSnapshot

HEADLINE, BINDING = "commitment_given_to_", "commitment_binding_to_"


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """Commitments that one agent has given, USD bn.

    Parameters
    ----------
    entity, name : str
        Who.
    headline, binding : float
        As announced, and the part that must be paid by the case's estimate; only pairs with both figures count.
    ratio : float, optional
        Headline over binding; None when nothing binds.
    """

    entity: str
    name: str
    headline: float
    binding: float
    ratio: float | None


def commitments(snapshot: NetworkSnapshot) -> tuple[Commitment, ...]:
    """Return the commitments of every agent with any, largest headline first."""
    names = {entity.id: entity.name for entity in snapshot.entities}
    found = []
    for agent, balance in snapshot.balances.items():
        headline = binding = 0.0
        for item, cell in balance.items():
            bound = balance.get(BINDING + item.removeprefix(HEADLINE)) if item.startswith(HEADLINE) else None
            if bound is not None and cell.value and bound.value is not None:
                headline += cell.value
                binding += bound.value
        if headline > 0.0:
            ratio = headline / binding if binding > 0.0 else None
            found.append(Commitment(entity=agent, name=names[agent], headline=headline, binding=binding, ratio=ratio))
    return tuple(sorted(found, key=lambda line: (-line.headline, line.entity)))
