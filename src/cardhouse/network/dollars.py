"""Sums of amounts, some of which may be unknown or given as a range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardhouse.network.instrument import Amount


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


def summed(parts: Sequence[Dollars]) -> Dollars:
    """Add sums; an unknown part leaves the whole without an upper end."""
    values = [part.value for part in parts if part.value is not None]
    highs = [part.high for part in parts if part.high is not None]
    complete = len(highs) == len(parts)
    value = float(sum(values)) if values or not parts else None
    return Dollars(value, float(sum(part.low for part in parts)), float(sum(highs)) if complete else None)
