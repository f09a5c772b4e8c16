"""Where rounding ends and a decision begins.

A firm that pays out exactly what it has is left with nothing, or with the last digit of a sum. Decisions that ask
whether something is left must not hang on that digit: it differs with the unit of account and with the order of a sum.
So amounts that are rounding beside what they were taken from count as nothing, everywhere by the same measure.
"""

from __future__ import annotations

from cardhouse.basics.compiled import compiled

MONEY_TOLERANCE = 1e-12
"""Part of the amounts that a difference is made of, below which it is rounding: sums of some hundred amounts are exact
to about 1e-14 of their size, and the identities allow 1e-9."""


@compiled
def beyond_rounding(amount: float, scale: float) -> float:
    """Return an amount, or zero when it is rounding beside the size of what it was worked out from.

    >>> beyond_rounding(-3.0, 100.0), beyond_rounding(-1e-13, 100.0)
    (-3.0, 0.0)
    """
    return amount if abs(amount) > MONEY_TOLERANCE * abs(scale) else 0.0


@compiled
def remainder(whole: float, taken: float) -> float:
    """Return what is left of a whole after a part was taken: never negative, and nothing when it is rounding.

    >>> remainder(10.0, 4.0), remainder(0.3, 0.1 + 0.2), remainder(0.1 + 0.2, 0.3)
    (6.0, 0.0, 0.0)
    """
    left = whole - taken
    return left if left > MONEY_TOLERANCE * abs(whole) else 0.0
