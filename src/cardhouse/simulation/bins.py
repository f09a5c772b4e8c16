"""Bins of equal relative width: the bin of a number follows from its own bits.

Bin 0 holds what is nearer to zero than 0.00006, bins 1 to 1,152 the positive numbers, 32 to every doubling, and those
below zero mirror them; what lies beyond four million counts in the last one.
"""

from __future__ import annotations

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled

_SUB_BINS_BITS = 5
_SUB_BINS = 1 << _SUB_BINS_BITS
_LOWEST_EXPONENT = -14
_HIGHEST_EXPONENT = 21
LARGEST_CODE = (_HIGHEST_EXPONENT - _LOWEST_EXPONENT + 1) * _SUB_BINS
SCALES = {
    4: (23 - _SUB_BINS_BITS, (_LOWEST_EXPONENT + 127) * _SUB_BINS - 1),
    8: (52 - _SUB_BINS_BITS, (_LOWEST_EXPONENT + 1023) * _SUB_BINS - 1),
}
"""By bytes of a number: the shift that leaves the exponent and the mantissa's bits of a bin, and what to take off, so
that the lowest exponent gets code 1."""


@compiled
def code_of(bits: int, shift: int, base: int) -> int:
    """Turn the bits of a number into the code of its bin: 0 for nearly zero, negative for negative values.

    Parameters
    ----------
    bits : int
        The floating-point number as a whole number of the same bytes.
    shift, base : int
        From :data:`SCALES`.

    >>> code_of(np.array([1.0]).view(np.int64)[0], *SCALES[8]), code_of(np.float32(-1.0).view(np.int32), *SCALES[4])
    (449, -449)
    """
    magnitude = bits & (0x7FFFFFFF if shift < 32 else 0x7FFFFFFFFFFFFFFF)
    code = min(max((magnitude >> shift) - base, 0), LARGEST_CODE)
    return -code if bits < 0 else code


def edges_of(code: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper edge of bins; bin 0 is zero itself.

    >>> low, high = edges_of(np.array([1, 0, -1]))
    >>> low[0] == 2.0**-14, high[0] / low[0] == 1 + 2.0**-5, low[1], high[2] == -low[0]
    (np.True_, np.True_, np.float64(0.0), np.True_)
    """
    size = np.abs(code).astype(np.int64)
    near, far = _edge(size - 1), _edge(size)
    zero = size == 0
    low = np.where(zero, 0.0, np.where(code > 0, near, -far))
    high = np.where(zero, 0.0, np.where(code > 0, far, -near))
    return low, high


def _edge(step: IntArray) -> FloatArray:
    edge: FloatArray = np.ldexp(1.0 + (step % _SUB_BINS) / _SUB_BINS, step // _SUB_BINS + _LOWEST_EXPONENT)
    return edge
