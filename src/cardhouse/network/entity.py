"""Who takes part in a financial network, and in which role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an entity does in the sector; the default case calls chip makers, clouds and laboratories by these names."""

    CHIPS = "chips"
    PLATFORM = "platform"
    LEVERAGED_CLOUD = "leveraged_cloud"
    VEHICLE = "vehicle"
    LAB = "lab"
    EQUITY_SPONSOR = "equity_sponsor"
    HOLDER = "holder"
    LENDER = "lender"
    OTHER_FIRMS = "other_firms"
    HOUSEHOLDS = "households"
    SUPPLIERS = "suppliers"
    GOVERNMENT = "government"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A firm, a vehicle, a fund, or a group that sources report as one line.

    Parameters
    ----------
    id : str
        Identifier, for example ``openai``.
    name : str
        Name as people write it.
    role : Role
        What it does in the sector.
    ticker : str, optional
        Exchange symbol; None for private firms and groups.
    parent : str, optional
        Identifier of the entity that controls it.
    agent : str, optional
        Identifier of the cash-holding agent of the model that carries its balance: usually its own identifier, else
        that of a group (``iren`` belongs to ``other_neoclouds``); None when it stands outside the model.
    aggregate : bool
        True for a reporting line or a group of unnamed members ("hyperscalers"): not one firm.
    note : str
        Free text.

    Examples
    --------
    >>> Entity(id="openai", name="OpenAI", role=Role.LAB).role
    <Role.LAB: 'lab'>
    """

    id: str
    name: str
    role: Role
    ticker: str | None = None
    parent: str | None = None
    agent: str | None = None
    aggregate: bool = False
    note: str = ""
