"""The only place where names become indices: entity index, exposure and payment matrices, edge arrays.

Orientation is fixed: ``exposure[creditor, debtor]`` and ``payment[payer, payee]``, USD bn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import NetworkError
from cardhouse.basics.identifiers import suggestion
from cardhouse.network.instrument import Amount, Instrument, View
from cardhouse.network.money import MoneyLink
from cardhouse.network.snapshot import NetworkSnapshot


@dataclass(frozen=True)
class EntityIndex:
    """A fixed order of entities: position by name and name by position.

    Parameters
    ----------
    ids : tuple of str
        Identifiers in order.

    Examples
    --------
    >>> index = EntityIndex(("bank", "lab"))
    >>> index.position("lab"), index.ids[0], len(index)
    (1, 'bank', 2)
    """

    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a name that stands twice."""
        if len(set(self.ids)) != len(self.ids):
            twice = sorted({name for name in self.ids if self.ids.count(name) > 1})
            raise NetworkError(f"an index names each entity once; twice: {', '.join(twice)}")

    @classmethod
    def of(cls, snapshot: NetworkSnapshot) -> EntityIndex:
        """Index all entities of a snapshot in its order."""
        return cls(tuple(entity.id for entity in snapshot.entities))

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return MappingProxyType({name: position for position, name in enumerate(self.ids)})

    def position(self, entity_id: str) -> int:
        """Return the position of an entity, or raise NetworkError naming the nearest identifiers."""
        found = self._positions.get(entity_id)
        if found is None:
            raise NetworkError(f"there is no entity '{entity_id}' in the index: {suggestion(entity_id, self.ids)}")
        return found

    def __contains__(self, entity_id: object) -> bool:
        return entity_id in self._positions

    def __len__(self) -> int:
        return len(self.ids)

    def __reduce__(self) -> tuple[type[EntityIndex], tuple[tuple[str, ...]]]:
        """Rebuild from the names: the lookup table is not worth sending."""
        return (EntityIndex, (self.ids,))


@dataclass(frozen=True)
class EdgeArrays:
    """Contracts as parallel arrays, for compiled code.

    Parameters
    ----------
    creditor, debtor : int array, shape (edge,)
        Positions of holder and obligor.
    central, low, high : float array, shape (edge,)
        USD bn; NaN where unknown.
    instrument_ids : tuple of str
        Contract by edge.
    """

    creditor: IntArray
    debtor: IntArray
    central: FloatArray
    low: FloatArray
    high: FloatArray
    instrument_ids: tuple[str, ...]


def edge_arrays(instruments: Iterable[Instrument], index: EntityIndex, view: View = View.HEADLINE) -> EdgeArrays:
    """Turn contracts into arrays, in the order given.

    Raises
    ------
    NetworkError
        When a holder or obligor is not in the index.
    """
    rows = tuple(instruments)
    numbers = np.array([_numbers(row.amount(view)) for row in rows], dtype=np.float64).reshape(len(rows), 3)
    return EdgeArrays(
        creditor=np.array([index.position(row.holder) for row in rows], dtype=np.int64),
        debtor=np.array([index.position(row.obligor) for row in rows], dtype=np.int64),
        central=numbers[:, 0].copy(),
        low=numbers[:, 1].copy(),
        high=numbers[:, 2].copy(),
        instrument_ids=tuple(row.id for row in rows),
    )


def _numbers(amount: Amount) -> tuple[float, float, float]:
    central, bounds = amount.central, amount.bounds
    if central is None or bounds is None:
        return (np.nan, np.nan, np.nan)
    return (central, *bounds)


@dataclass(frozen=True)
class AmountMatrix:
    """Sums of amounts over pairs, and how many contracts of each pair have no known amount.

    Parameters
    ----------
    central, low, high : float array, shape (n, n)
        Sums of the known amounts, USD bn. A pair without any contract has 0; so has a pair whose contracts are all of
        unknown size, which ``unknown`` tells apart.
    unknown : int array, shape (n, n)
        Contracts of the pair without any known amount.
    """

    central: FloatArray
    low: FloatArray
    high: FloatArray
    unknown: IntArray


def exposure_matrix(instruments: Iterable[Instrument], index: EntityIndex, view: View = View.HEADLINE) -> AmountMatrix:
    """Sum what each creditor has outstanding with each debtor: ``exposure[creditor, debtor]``.

    Parameters
    ----------
    instruments : iterable of Instrument
        The contracts to add; pass only those whose kinds may be added.
    index : EntityIndex
        Order of the entities.
    view : View
        Which amount.

    Returns
    -------
    AmountMatrix
        Rows are creditors (holders), columns debtors (obligors).

    Examples
    --------
    >>> from cardhouse.network.instrument import InstrumentKind, Status, Tier
    >>> loan = Instrument(id="l", kind=InstrumentKind.LOAN, holder="bank", obligor="lab",
    ...                   headline=Amount(2.0, high=3.0), status=Status.SIGNED, tier=Tier.FILING)
    >>> exposure_matrix([loan], EntityIndex(("bank", "lab"))).high
    array([[0., 3.],
           [0., 0.]])
    """
    rows = [(row.holder, row.obligor, row.amount(view)) for row in instruments]
    return _sum_over_pairs(rows, index)


def payment_matrix(links: Iterable[MoneyLink], index: EntityIndex, view: View = View.HEADLINE) -> AmountMatrix:
    """Sum what each payer pays or promises each payee: ``payment[payer, payee]``.

    Returns
    -------
    AmountMatrix
        Rows are payers, columns payees.
    """
    rows = [(link.payer, link.payee, link.instrument.amount(view)) for link in links]
    return _sum_over_pairs(rows, index)


def _sum_over_pairs(rows: Iterable[tuple[str, str, Amount]], index: EntityIndex) -> AmountMatrix:
    shape = (len(index), len(index))
    sums = np.zeros((3, *shape))
    unknown = np.zeros(shape, dtype=np.int64)
    for source, target, amount in rows:
        pair = (index.position(source), index.position(target))
        if amount.is_known:
            sums[(slice(None), *pair)] += _numbers(amount)
        else:
            unknown[pair] += 1
    return AmountMatrix(central=sums[0], low=sums[1], high=sums[2], unknown=unknown)
