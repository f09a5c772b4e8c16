"""Orders that no published contract states, taken from the opening balances, as links of the weakest evidence."""

from __future__ import annotations

import dataclasses

from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, Status, Tier
from cardhouse.network.money import Purpose, money_links
from cardhouse.network.snapshot import Cell, NetworkSnapshot

_GIVEN, _BINDING = "commitment_given_to_", "commitment_binding_to_"


def with_estimated_orders(snapshot: NetworkSnapshot) -> NetworkSnapshot:
    """Add an order for every pair whose commitment stands in the opening balances but in no published contract.

    A guarantee counts as a published contract: the opening balances hold a promise to take unsold capacity as a
    commitment.

    Chip makers report their large customers without names, so that the payments which close the best-known loops are
    public only as a total. The opening balances split that total; here the parts become purchase commitments with the
    status ``reported`` and the tier ``estimate``, which marks them as the weakest link of every loop they close.

    Returns
    -------
    NetworkSnapshot
        A new snapshot; the contracts of the old one come first.
    """
    named = {entity.id: entity for entity in snapshot.entities if not entity.aggregate}
    agents = {entity.id: entity.agent or entity.id for entity in snapshot.entities}
    published = {
        (agents[link.payer], agents[link.payee])
        for link in money_links(snapshot)
        if link.purpose in (Purpose.PURCHASE, Purpose.SUPPORT)
    }
    added = [
        _order(buyer, item.removeprefix(_GIVEN), cell, items.get(_BINDING + item.removeprefix(_GIVEN)))
        for buyer, items in snapshot.balances.items()
        for item, cell in items.items()
        if item.startswith(_GIVEN)
        and buyer in named
        and item.removeprefix(_GIVEN) in named
        and (buyer, item.removeprefix(_GIVEN)) not in published
    ]
    return dataclasses.replace(snapshot, instruments=(*snapshot.instruments, *added))


def _order(buyer: str, seller: str, given: Cell, binding: Cell | None) -> Instrument:
    return Instrument(
        id=f"opening__{buyer}__{seller}",
        kind=InstrumentKind.PURCHASE_COMMITMENT,
        holder=seller,
        obligor=buyer,
        headline=_amount(given),
        binding=_amount(binding),
        status=Status.REPORTED,
        tier=Tier.ESTIMATE,
        fact_ids=given.fact_ids or (f"opening:{buyer}.{_GIVEN}{seller}",),
        sources=() if given.source is None else (given.source,),
        note=f"from the opening balance ({given.basis}): {given.formula}",
    )


def _amount(cell: Cell | None) -> Amount:
    return Amount() if cell is None else Amount(cell.value, cell.low, cell.high)
