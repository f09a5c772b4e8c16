"""Who is in a network and how much each is owed and owes, from the contracts that may be added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cardhouse.network.dollars import Dollars, total
from cardhouse.network.instrument import Instrument, View
from cardhouse.network.money import is_share_without_amount
from cardhouse.network.snapshot import NetworkSnapshot


@dataclass(frozen=True)
class EntityOverview:
    """One entity in figures.

    Parameters
    ----------
    id, name, role : str
        The entity.
    aggregate : bool
        True for a group of unnamed members.
    contracts : int
        Contracts on either side, those that may not be added included.
    held, owed : Dollars
        Headline sums of what it is owed or owns, and of what it owes, promised or issued; USD bn.
    owed_binding : Dollars
        The binding part of the second.
    """

    id: str
    name: str
    role: str
    aggregate: bool
    contracts: int
    held: Dollars
    owed: Dollars
    owed_binding: Dollars


def overview(snapshot: NetworkSnapshot) -> tuple[EntityOverview, ...]:
    """Describe every entity, the one with the largest headline sums first."""
    held: dict[str, list[Instrument]] = {}
    owed: dict[str, list[Instrument]] = {}
    for row in snapshot.instruments:
        held.setdefault(row.holder, []).append(row)
        owed.setdefault(row.obligor, []).append(row)
    rows = [
        EntityOverview(
            id=entity.id,
            name=entity.name,
            role=entity.role.value,
            aggregate=entity.aggregate,
            contracts=len(held.get(entity.id, [])) + len(owed.get(entity.id, [])),
            held=sum_of(held.get(entity.id, []), View.HEADLINE),
            owed=sum_of(owed.get(entity.id, []), View.HEADLINE),
            owed_binding=sum_of(owed.get(entity.id, []), View.BINDING),
        )
        for entity in snapshot.entities
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.held.value or 0.0) - (row.owed.value or 0.0), row.id)))


def sum_of(contracts: Iterable[Instrument], view: View) -> Dollars:
    """Add one view of the contracts that may be added.

    A contract of unknown size leaves the sum without an upper end. One whose headline is known but that has no figure
    in the view asked for has no such part. Rows that give a share and no amount are left out.
    """
    counted = [row for row in contracts if row.counts and not is_share_without_amount(row)]
    sized = [row for row in counted if row.amount(view).is_known or not row.headline.is_known]
    return total(*(row.amount(view) for row in sized))
