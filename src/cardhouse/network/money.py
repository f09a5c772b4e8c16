"""In which direction the money of a contract moves, and for what purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cardhouse.network.instrument import Instrument, InstrumentKind, View
from cardhouse.network.snapshot import NetworkSnapshot


class Purpose(StrEnum):
    """Why money moves along a contract."""

    FINANCING = "financing"  # equity or credit, paid in or promised
    PURCHASE = "purchase"  # goods, compute, space
    REVENUE_SHARE = "revenue_share"  # a cut of sales handed on
    SUPPORT = "support"  # a guarantee: paid only if a third party fails


_TO_OBLIGOR = {
    InstrumentKind.EQUITY_STAKE: Purpose.FINANCING,
    InstrumentKind.WARRANT: Purpose.FINANCING,
    InstrumentKind.LOAN: Purpose.FINANCING,
    InstrumentKind.BOND: Purpose.FINANCING,
    InstrumentKind.VENDOR_CREDIT: Purpose.FINANCING,
}
_TO_HOLDER = {
    InstrumentKind.CONDITIONAL_TRANCHE: Purpose.FINANCING,
    InstrumentKind.EQUITY_COMMITMENT: Purpose.FINANCING,
    InstrumentKind.LEASE: Purpose.PURCHASE,
    InstrumentKind.PURCHASE_COMMITMENT: Purpose.PURCHASE,
    InstrumentKind.CHIP_ORDER: Purpose.PURCHASE,
    InstrumentKind.CUSTOMER_REVENUE: Purpose.PURCHASE,
    InstrumentKind.REVENUE_SHARE: Purpose.REVENUE_SHARE,
    InstrumentKind.GUARANTEE: Purpose.SUPPORT,
}
_SHARE_KINDS = frozenset({InstrumentKind.WARRANT, InstrumentKind.EQUITY_STAKE, InstrumentKind.REVENUE_SHARE})
_ORDERS = frozenset({InstrumentKind.PURCHASE_COMMITMENT, InstrumentKind.CHIP_ORDER, InstrumentKind.LEASE})


@dataclass(frozen=True)
class MoneyLink:
    """Money that one contract moves, or promises to move, from payer to payee.

    Parameters
    ----------
    payer, payee : str
        Entities.
    purpose : Purpose
        What the money is for.
    instrument : Instrument
        The contract.
    """

    payer: str
    payee: str
    purpose: Purpose
    instrument: Instrument


def money_link(instrument: Instrument) -> MoneyLink:
    """Say who pays whom under a contract.

    Money goes to the obligor when the holder paid for its claim (a stake, a loan), and to the holder when the obligor
    promised to pay (a purchase, a rent, a share of revenue, an investment not yet made, a guarantee). The repayment of
    a loan is not a link of its own: it would turn every loan into a loop.

    Examples
    --------
    >>> from cardhouse.network.instrument import Status, Tier
    >>> order = Instrument(id="o", kind=InstrumentKind.CHIP_ORDER, holder="maker", obligor="cloud",
    ...                    status=Status.SIGNED, tier=Tier.FILING)
    >>> link = money_link(order)
    >>> link.payer, link.payee, link.purpose.value
    ('cloud', 'maker', 'purchase')
    """
    purpose = _TO_OBLIGOR.get(instrument.kind)
    if purpose is not None:
        return MoneyLink(instrument.holder, instrument.obligor, purpose, instrument)
    return MoneyLink(instrument.obligor, instrument.holder, _TO_HOLDER[instrument.kind], instrument)


def money_links(snapshot: NetworkSnapshot, *, with_groups: bool = False) -> tuple[MoneyLink, ...]:
    """Return the links of all contracts that may enter a total, each dollar once.

    Left out are rows with a tag or without a live status (:attr:`Instrument.counts`), sales measured over a period
    where the same buyer and seller also have a contract (the sales are made under it), and rows that give a share but
    no amount: ownership, warrants without a price, rates of a revenue share.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        The network.
    with_groups : bool
        Whether links to or from a group of unnamed firms are wanted. They are money of the named party, but a group
        closes no loop that anyone could trace.

    Returns
    -------
    tuple of MoneyLink
        In the order of the snapshot.
    """
    links = [money_link(row) for row in snapshot.instruments if row.counts and not is_share_without_amount(row)]
    groups = frozenset() if with_groups else frozenset(entity.id for entity in snapshot.entities if entity.aggregate)
    named = [link for link in links if link.payer not in groups and link.payee not in groups]
    under_contract = _pairs_with_orders(named)
    return tuple(link for link in named if not _is_measured_twice(link, under_contract))


def is_share_without_amount(row: Instrument) -> bool:
    """Tell whether a row states a share of something and no money: it moves none, and its size is no unknown sum.

    A share of a buyer's or seller's volume ("66 percent of its memory") is an order of unknown size, not such a row.
    """
    return row.kind in _SHARE_KINDS and not any(row.amount(view).is_known for view in View)


def _pairs_with_orders(links: Iterable[MoneyLink]) -> frozenset[tuple[str, str]]:
    return frozenset((link.payer, link.payee) for link in links if link.instrument.kind in _ORDERS)


def _is_measured_twice(link: MoneyLink, under_contract: frozenset[tuple[str, str]]) -> bool:
    sales = link.instrument.kind is InstrumentKind.CUSTOMER_REVENUE
    return sales and (link.payer, link.payee) in under_contract
