"""The money graph: all contracts of a pair of firms in one edge, with dollars per view and the strongest evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cardhouse.network.dollars import Dollars, total
from cardhouse.network.instrument import Instrument, Status, Tier, View
from cardhouse.network.money import MoneyLink, Purpose

_STATUS_ORDER = tuple(Status)
_STATUS_STRENGTH = {Status.COMPLETED: 0, Status.SIGNED: 1, Status.REPORTED: 2}
_TIER_STRENGTH = {tier: rank for rank, tier in enumerate(Tier)}


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
        has, when its headline is known, no such part; else that part is unknown too. A guarantee moves money only if a
        third party fails, so it counts in the conditional view alone.
        """
        amounts = [
            link.instrument.amount(view)
            for link in self.links
            if (view is View.CONDITIONAL or link.purpose is not Purpose.SUPPORT)
            and (link.instrument.amount(view).is_known or not _has_known_size(link.instrument))
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
