"""The money graph: all contracts of a pair of firms in one edge, with dollars per view and the strongest evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cardhouse.network.instrument import Amount, Instrument, Status, Tier, View
from cardhouse.network.money import MoneyLink, Purpose

_STATUS_ORDER = tuple(Status)
_STATUS_STRENGTH = {Status.COMPLETED: 0, Status.SIGNED: 1, Status.REPORTED: 2}
_TIER_STRENGTH = {tier: rank for rank, tier in enumerate(Tier)}


@dataclass(frozen=True)
class Dollars:
    """A sum of amounts, some of which may be unknown.

    Parameters
    ----------
    value : float, optional
        Sum of what is known, USD bn; None when nothing is known.
    low : float
        Sum of the low ends; an unknown amount adds nothing here.
    high : float, optional
        Sum of the high ends; None when an amount is unknown, so that no upper end exists.

    Examples
    --------
    >>> total(Amount(2.0), Amount(3.0, high=5.0))
    Dollars(value=5.0, low=5.0, high=7.0)
    >>> total(Amount(2.0), Amount())
    Dollars(value=2.0, low=2.0, high=None)
    >>> total()
    Dollars(value=0.0, low=0.0, high=0.0)
    """

    value: float | None
    low: float
    high: float | None


NOTHING = Dollars(0.0, 0.0, 0.0)


def total(*amounts: Amount) -> Dollars:
    """Add amounts; see :class:`Dollars` for what an unknown one does."""
    known = [(amount.central, amount.bounds) for amount in amounts]
    values = [central for central, _ in known if central is not None]
    bounds = [pair for _, pair in known if pair is not None]
    complete = len(bounds) == len(amounts)
    return Dollars(
        value=float(sum(values)) if values or not amounts else None,
        low=float(sum(low for low, _ in bounds)),
        high=float(sum(high for _, high in bounds)) if complete else None,
    )


def smallest(parts: Iterable[Dollars]) -> Dollars:
    """Return the least of several sums: what can pass all of them in a row.

    The value is None only when no part is known. An unknown part may be smaller than any known one, so its low end (0)
    is the low end of the whole.

    >>> smallest([Dollars(5.0, 5.0, 7.0), Dollars(None, 0.0, None)])
    Dollars(value=5.0, low=0.0, high=7.0)
    """
    rows = tuple(parts)
    values = [part.value for part in rows if part.value is not None]
    highs = [part.high for part in rows if part.high is not None]
    return Dollars(
        value=min(values, default=None),
        low=min(part.low for part in rows),
        high=min(highs, default=None),
    )


@dataclass(frozen=True)
class MoneyEdge:
    """All money that one firm pays or promises another.

    Parameters
    ----------
    payer, payee : str
        Firms.
    links : tuple of MoneyLink
        The contracts, in the order of the snapshot.
    """

    payer: str
    payee: str
    links: tuple[MoneyLink, ...]

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What the money is for, each purpose once."""
        found = {link.purpose for link in self.links}
        return tuple(purpose for purpose in Purpose if purpose in found)

    def dollars(self, view: View) -> Dollars:
        """Add the amounts of one view.

        A contract without any headline figure is of unknown size. A contract without binding or conditional figure
        has, when its headline is known, no such part; else that part is unknown too.
        """
        amounts = [
            link.instrument.amount(view)
            for link in self.links
            if link.instrument.amount(view).is_known or not _has_known_size(link.instrument)
        ]
        return total(*amounts)

    @property
    def strongest(self) -> Instrument:
        """Return the contract with the best evidence: by status, then by origin of the figure."""
        return min((link.instrument for link in self.links), key=weakness)


def _has_known_size(instrument: Instrument) -> bool:
    return any(instrument.amount(view).is_known for view in View)


def weakness(instrument: Instrument) -> tuple[int, int]:
    """Rank evidence: completed before signed before reported, then filing before statement before press.

    Returns
    -------
    tuple of int
        Smaller is stronger.
    """
    status = _STATUS_STRENGTH.get(instrument.status, 3 + _STATUS_ORDER.index(instrument.status))
    return (status, _TIER_STRENGTH[instrument.tier])


def money_edges(links: Iterable[MoneyLink]) -> dict[tuple[str, str], MoneyEdge]:
    """Gather links by payer and payee."""
    gathered: dict[tuple[str, str], list[MoneyLink]] = defaultdict(list)
    for link in links:
        gathered[link.payer, link.payee].append(link)
    return {pair: MoneyEdge(*pair, tuple(rows)) for pair, rows in gathered.items()}
