"""Small networks made by hand, for tests of several packages."""

import datetime as dt
from typing import Any

from cardhouse.basics.quarter import Quarter
from cardhouse.network.entity import Entity, Role
from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, SourceNote, Status, Tier
from cardhouse.network.snapshot import Cell, NetworkSnapshot

DAY = dt.date(2026, 2, 13)
QUARTER = Quarter(2025, 4)


def entity(name: str, role: Role = Role.OTHER, **fields: Any) -> Entity:
    return Entity(id=name, name=name.title(), role=role, **fields)


def contract(
    name: str, kind: InstrumentKind, holder: str, obligor: str, amount: Any = None, **fields: Any
) -> Instrument:
    headline = amount if isinstance(amount, Amount) else Amount(amount)
    defaults: dict[str, Any] = {
        "headline": headline,
        "binding": headline,
        "status": Status.SIGNED,
        "tier": Tier.FILING,
        "fact_ids": (f"fact:{name}",),
        "sources": (SourceNote("Annual report", "https://example.org/report", "2026-02-01"),),
    }
    return Instrument(id=name, kind=kind, holder=holder, obligor=obligor, **(defaults | fields))


def cell(value: float | None, low: float | None = None, high: float | None = None, **fields: Any) -> Cell:
    defaults: dict[str, Any] = {"unit": "usd_bn", "basis": "reported", "formula": "balance sheet"}
    return Cell(value=value, low=low, high=high, **(defaults | fields))


def network(entities: Any, instruments: Any, balances: Any = None, market: Any = None) -> NetworkSnapshot:
    return NetworkSnapshot(
        as_of=DAY,
        base_quarter=QUARTER,
        entities=tuple(entities),
        instruments=tuple(instruments),
        balances=balances or {},
        market=market or {},
    )


def ring(*extra: Instrument) -> NetworkSnapshot:
    """Return a chip maker that invests 10 in a lab, which buys computing for 12 from a cloud, which buys chips for 9.

    A bank lends the cloud 3.
    """
    firms = (
        entity("maker", Role.CHIPS),
        entity("lab", Role.LAB),
        entity("cloud", Role.LEVERAGED_CLOUD),
        entity("bank", Role.LENDER),
        entity("crowd", Role.HOLDER, aggregate=True),
    )
    contracts = (
        contract("maker__lab__stake", InstrumentKind.EQUITY_STAKE, "maker", "lab", 10.0, share_percent=20.0),
        contract(
            "lab__cloud__compute", InstrumentKind.PURCHASE_COMMITMENT, "cloud", "lab", 12.0, tier=Tier.MAJOR_PRESS
        ),
        contract(
            "cloud__maker__chips",
            InstrumentKind.CHIP_ORDER,
            "maker",
            "cloud",
            Amount(9.0, 6.0, 9.0),
            status=Status.REPORTED,
            tier=Tier.SECONDARY,
            binding=Amount(4.0, 0.0, 9.0),
        ),
        contract("cloud__bank__loan", InstrumentKind.LOAN, "bank", "cloud", 3.0),
    )
    return network(firms, (*contracts, *extra))
