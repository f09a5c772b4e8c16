"""Array aliases that carry their axes in words: ``FloatArray`` with the axes named in the docstring that uses it.

Axis order is ``(draw, quarter, entity)`` in results, ``exposure[creditor, debtor]`` and ``payment[payer, payee]`` in
matrices.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
AnyArray: TypeAlias = NDArray[Any]


def unknown(*shape: int) -> FloatArray:
    """Return an array born unknown: every element is NaN until something writes it.

    >>> unknown(2)
    array([nan, nan])
    """
    return np.full(shape, np.nan)


def within(actual: float, expected: float, relative: float) -> bool:
    """Tell whether two numbers agree within a relative tolerance; a NaN or infinity never does.

    >>> within(1.0, 1.0 + 1e-12, 1e-9), within(float("nan"), 1.0, 1e-9)
    (True, False)
    """
    if not (np.isfinite(actual) and np.isfinite(expected)):
        return False
    return bool(abs(actual - expected) <= relative * max(abs(actual), abs(expected), 1e-300))
