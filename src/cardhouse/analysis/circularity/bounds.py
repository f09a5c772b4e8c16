"""Bounds of a measure when the amounts it rests on are ranges."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import FloatArray


@dataclass(frozen=True)
class Ranged:
    """A measure with bounds; None where it is not defined or an end does not exist.

    Parameters
    ----------
    value : float, optional
        At the central amounts.
    low, high : float, optional
        Bounds over the ranges of the amounts.
    """

    value: float | None
    low: float | None
    high: float | None


UNDEFINED = Ranged(None, None, None)


def number(value: float) -> float | None:
    """Return a number, or None for NaN or infinity.

    >>> number(0.5), number(float("nan"))
    (0.5, None)
    """
    return float(value) if math.isfinite(value) else None


def quotient(part: Ranged, whole: Ranged) -> Ranged:
    """Divide two measures, each end by the end that makes it extreme; undefined where the whole may be zero.

    >>> quotient(Ranged(1.0, 1.0, 2.0), Ranged(4.0, 4.0, 5.0))
    Ranged(value=0.25, low=0.2, high=0.5)
    """
    return Ranged(
        value=_divide(part.value, whole.value),
        low=_divide(part.low, whole.high),
        high=_divide(part.high, whole.low),
    )


def share(part: Ranged, whole: Ranged) -> Ranged:
    """Divide a part by the whole that contains it: as :func:`quotient`, but an end that does not exist is 0 or 1.

    >>> share(Ranged(1.0, 1.0, None), Ranged(4.0, 0.0, None))
    Ranged(value=0.25, low=0.0, high=1.0)
    """
    plain = quotient(part, whole)
    if plain.value is None:
        return UNDEFINED
    return Ranged(
        value=min(plain.value, 1.0),
        low=0.0 if plain.low is None else min(plain.low, 1.0),
        high=1.0 if plain.high is None else min(plain.high, 1.0),
    )


def _divide(part: float | None, whole: float | None) -> float | None:
    return None if part is None or whole is None or whole <= 0.0 else part / whole


def search_bounds(
    measure: Callable[[FloatArray], float], central: FloatArray, low: FloatArray, high: FloatArray, passes: int = 3
) -> Ranged:
    """Move each uncertain amount to the end of its range that lowers, or raises, a measure most.

    Parameters
    ----------
    measure : callable
        Takes an array like ``central`` and returns a number, NaN where undefined.
    central, low, high : array, shape (n, n)
        Amounts and their ranges.
    passes : int
        Rounds over all uncertain amounts; the search stops early when a round changes nothing.

    Returns
    -------
    Ranged
        The value at the central amounts, and the least and greatest values found. The search goes one amount at a
        time, so the true range may be wider: these are inner bounds.

    Examples
    --------
    >>> spread = search_bounds(lambda x: float(x.sum()), np.array([[2.0]]), np.array([[1.0]]), np.array([[4.0]]))
    >>> spread
    Ranged(value=2.0, low=1.0, high=4.0)
    """
    uncertain = [tuple(place) for place in np.argwhere(low < high)]
    start = measure(central)
    if not math.isfinite(start):
        return UNDEFINED
    ends = [start]
    for sign in (1.0, -1.0):
        amounts, best = central.copy(), sign * start
        for _ in range(passes):
            before = best
            for place in uncertain:
                best = _best_end(lambda x: sign * measure(x), amounts, place, (low[place], high[place]), best)  # noqa: B023 called at once
            if best == before:
                break
        ends.append(sign * best)
    return Ranged(start, min(ends), max(ends))


def _best_end(
    measure: Callable[[FloatArray], float],
    amounts: FloatArray,
    place: tuple[int, ...],
    ends: tuple[float, float],
    best: float,
) -> float:
    """Set ``amounts[place]`` to the end that lowers the measure most, if any does, and return the least value."""
    kept = amounts[place]
    for end in ends:
        amounts[place] = end
        found = measure(amounts)
        if math.isfinite(found) and found < best:
            best, kept = found, end
    amounts[place] = kept
    return best
