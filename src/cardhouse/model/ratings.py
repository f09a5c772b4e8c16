"""Ratings as numbers: a ladder of notches, 0 for AAA, 9 for BBB-, 17 for CCC."""

from __future__ import annotations

LADDER: tuple[str, ...] = (
    "AAA", "AA+", "AA", "AA-", "A+", "A", "A-", "BBB+", "BBB", "BBB-",
    "BB+", "BB", "BB-", "B+", "B", "B-", "CCC+", "CCC", "CCC-", "CC", "C", "D",
)  # fmt: skip
NOT_RATED = 14
"""Notch of a firm without a rating: as a B."""


def notch_of(text: str) -> int:
    """Turn a rating in words into its notch; an unknown or absent one counts as B.

    >>> notch_of("AAA"), notch_of("BBB-"), notch_of("not rated")
    (0, 9, 14)
    """
    word = text.strip().upper()
    return LADDER.index(word) if word in LADDER else NOT_RATED
