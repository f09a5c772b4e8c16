"""Typed contracts between two entities: who has the claim, who owes, and how much of it binds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class InstrumentKind(StrEnum):
    """What kind of contract joins holder and obligor."""

    EQUITY_STAKE = "equity_stake"
    CONDITIONAL_TRANCHE = "conditional_tranche"
    EQUITY_COMMITMENT = "equity_commitment"
    WARRANT = "warrant"
    LOAN = "loan"
    BOND = "bond"
    LEASE = "lease"
    PURCHASE_COMMITMENT = "purchase_commitment"
    CHIP_ORDER = "chip_order"
    VENDOR_CREDIT = "vendor_credit"
    GUARANTEE = "guarantee"
    REVENUE_SHARE = "revenue_share"
    CUSTOMER_REVENUE = "customer_revenue"


class Status(StrEnum):
    """How far a contract has come, as its source describes it."""

    SIGNED = "signed"
    COMPLETED = "completed"
    REPORTED = "reported"
    REDUCED = "reduced"
    LETTER_OF_INTENT = "letter_of_intent"
    RUMOURED = "rumoured"
    CANCELLED = "cancelled"


LIVE = frozenset({Status.SIGNED, Status.COMPLETED, Status.REPORTED})
"""Statuses that may enter a total; letters of intent, rumours, reduced and cancelled contracts never do."""


class View(StrEnum):
    """Which of the three amounts of a contract is meant; they are never added."""

    HEADLINE = "headline"
    BINDING = "binding"
    CONDITIONAL = "conditional"


class Tier(StrEnum):
    """Where the figure comes from, strongest first."""

    FILING = "filing"
    COMPANY_STATEMENT = "company_statement"
    MAJOR_PRESS = "major_press"
    SECONDARY = "secondary"
    ESTIMATE = "estimate"


class Tag(StrEnum):
    """Why a row must not be added to others."""

    AGGREGATE = "aggregate"  # a sum over many contracts
    OVERLAP = "overlap"  # the same money as another row
    SUPERSEDED = "superseded"  # an older state, kept so that the past can be read
    ACTUAL = "actual"  # spending measured over a period, not a promise
    VALUATION = "valuation"  # a paper gain; no cash moved


@dataclass(frozen=True)
class Amount:
    """Money in USD bn with its range; None means unknown, never zero.

    Parameters
    ----------
    value : float, optional
        The figure that the source states.
    low, high : float, optional
        The ends of its range.

    Examples
    --------
    >>> Amount(17.4, high=19.4).bounds
    (17.4, 19.4)
    >>> Amount(low=10, high=13).central, Amount().is_known
    (11.5, False)
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether there is any figure at all."""
        return self.central is not None

    @property
    def central(self) -> float | None:
        """The stated figure; without one, the middle of the range, or the only end that is known."""
        if self.value is not None:
            return self.value
        ends = [end for end in (self.low, self.high) if end is not None]
        return sum(ends) / len(ends) if ends else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Smallest and largest amount; an end that is not given is the central figure."""
        central = self.central
        if central is None:
            return None
        return (central if self.low is None else self.low, central if self.high is None else self.high)


UNKNOWN = Amount()


@dataclass(frozen=True)
class SourceNote:
    """Where a figure can be read: title, address, date of publication as the source gives it."""

    title: str
    address: str = ""
    date: str = ""


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """One contract or asset that joins two entities.

    ``exposure[holder, obligor]``: the holder loses when the obligor does not pay.

    Parameters
    ----------
    id : str
        Identifier.
    kind : InstrumentKind
        What it is.
    holder : str
        Entity with the claim or the asset: lender, seller, landlord, owner, company that was promised money, party that
        a guarantee protects.
    obligor : str
        Entity that owes: borrower, buyer, tenant, company owned, investor who promised, guarantor.
    headline, binding, conditional : Amount
        What was announced, the part that a court would enforce today, and the part that depends on a condition; USD bn.
        Contract totals over the whole life, not per year. They are three views and are never added.
    share_percent : float, optional
        Share of the obligor's equity (stakes), of the seller's revenue (sales) or of the obligor's revenue (revenue
        shares), percent.
    signed, start, end : date, optional
        Day of signing, first and last day.
    as_of : date, optional
        Day on which the figure was measured.
    status : Status
        How far the contract has come.
    tier : Tier
        Where the figure comes from.
    tags : frozenset of Tag
        Why the row must not be added to others; empty for most rows.
    trigger : str, optional
        What makes a conditional amount due, or whose failure calls a guarantee (an entity's identifier).
    take_or_pay_share : float, optional
        Share of the binding amount that is due even if the buyer uses nothing, 0 to 1.
    fact_ids : tuple of str
        Facts that the figures rest on.
    sources : tuple of SourceNote
        Where they can be read.
    note : str
        Free text.

    Examples
    --------
    >>> loan = Instrument(id="bank__acme__2026", kind=InstrumentKind.LOAN, holder="bank", obligor="acme",
    ...                   headline=Amount(2.0), binding=Amount(2.0), status=Status.SIGNED, tier=Tier.FILING)
    >>> loan.counts, loan.conditional.is_known
    (True, False)
    """

    id: str
    kind: InstrumentKind
    holder: str
    obligor: str
    headline: Amount = UNKNOWN
    binding: Amount = UNKNOWN
    conditional: Amount = UNKNOWN
    share_percent: float | None = None
    signed: dt.date | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    as_of: dt.date | None = None
    status: Status
    tier: Tier
    tags: frozenset[Tag] = field(default_factory=frozenset)
    trigger: str | None = None
    take_or_pay_share: float | None = None
    fact_ids: tuple[str, ...] = ()
    sources: tuple[SourceNote, ...] = ()
    note: str = ""

    @property
    def counts(self) -> bool:
        """Tell whether the row may enter a total: its status is live and no tag says its money stands elsewhere."""
        return not self.tags and self.status in LIVE

    def amount(self, view: View) -> Amount:
        """Return the headline, binding or conditional amount."""
        return {View.HEADLINE: self.headline, View.BINDING: self.binding, View.CONDITIONAL: self.conditional}[view]
