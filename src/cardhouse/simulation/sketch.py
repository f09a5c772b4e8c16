"""Distributions of many numbers in little memory: counts in fixed bins of equal relative width.

The bin of a value follows from its own bits, so counts can be added in any order and from any chunks, and the result
is the same to the last bit. A quantile read from it is wrong by less than the width of a bin, 3.1 % of its size;
between the edges of a bin it is interpolated, so that the error is usually far smaller. Values nearer to zero than
0.00006 count as zero, those beyond four million as four million; the minimum and the maximum are exact. The
construction is that of DDSketch (Masson, Rim and Lee 2019, section 2.1) with the exponent of the floating-point number
as its logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.compiled import compiled

_SUB_BINS_BITS = 5
_SUB_BINS = 1 << _SUB_BINS_BITS
_LOWEST_EXPONENT = -14
_HIGHEST_EXPONENT = 21
_LARGEST_CODE = (_HIGHEST_EXPONENT - _LOWEST_EXPONENT + 1) * _SUB_BINS
_STEP = 256
# Cells counted together: their counters stay in the cache, and their values stand beside one another in memory.
_TILE = 16


@dataclass(frozen=True)
class Sketch:
    """Counts of values in a number of cells (one per quarter, entity and so on), packed for storage.

    Parameters
    ----------
    first, length : array of int, shape (cell,)
        Code of the first bin of each cell, and how many bins follow one another.
    counts : array of int, shape (sum of length,)
        Counts of all bins, cell after cell.
    unknown : array of int, shape (cell,)
        How many values were NaN.
    minimum, maximum : array, shape (cell,)
        Exact extremes; ``inf`` and ``-inf`` where there was no value.
    """

    first: IntArray
    length: IntArray
    counts: AnyArray
    unknown: IntArray
    minimum: FloatArray
    maximum: FloatArray


class SketchTotal:
    """Counts that grow: of values directly, or of other sketches.

    Parameters
    ----------
    cells : int
        Number of cells.

    Examples
    --------
    >>> total = SketchTotal(1)
    >>> total.count(np.array([[1.0], [1.0], [3.0]]))
    >>> total.known, total.minimum, total.value_at_rank(np.array([2.0]), exact=True)
    (array([3]), array([1.]), array([3.]))
    """

    def __init__(self, cells: int) -> None:
        self.offset = 0
        self.counts: AnyArray = np.zeros((cells, 0), np.uint32)
        self.unknown: IntArray = np.zeros(cells, np.int64)
        self.minimum: FloatArray = np.full(cells, np.inf)
        self.maximum: FloatArray = np.full(cells, -np.inf)

    @property
    def known(self) -> IntArray:
        """Number of values that are not NaN, shape (cell,)."""
        result: IntArray = self.counts.sum(axis=1, dtype=np.int64)
        return result

    def count(self, values: AnyArray) -> None:
        """Count values of shape ``(draw, cell)``; singles are counted as they are, all else as doubles."""
        single = values.dtype == np.float32
        table = np.ascontiguousarray(values, dtype=np.float32 if single else np.float64)
        bits = table.view(np.int32 if single else np.int64)
        # sign bit away, mantissa down to the bits of a bin, lowest exponent to code 1
        mantissa, bias = (23, 127) if single else (52, 1023)
        scale = (mantissa - _SUB_BINS_BITS, (_LOWEST_EXPONENT + bias) * _SUB_BINS - 1)
        lowest, highest = _code_range(table, bits, scale)
        if highest >= lowest:
            self._widen(lowest, highest)
        _count(table, bits, scale, (self.counts, self.offset), (self.unknown, self.minimum, self.maximum))

    def add(self, part: Sketch) -> None:
        """Add the counts of a sketch; the order of additions does not matter."""
        filled = part.length > 0
        if filled.any():
            self._widen(int(part.first[filled].min()), int((part.first + part.length)[filled].max()) - 1)
        _add(self.counts, self.offset, part.first, part.length, part.counts.astype(np.uint32))
        self.unknown += part.unknown
        np.minimum(self.minimum, part.minimum, out=self.minimum)
        np.maximum(self.maximum, part.maximum, out=self.maximum)

    def _widen(self, lowest: int, highest: int) -> None:
        width = self.counts.shape[1]
        if width and lowest >= self.offset and highest < self.offset + width:
            return
        start = min(lowest, self.offset) if width else lowest
        stop = max(highest + 1, self.offset + width) if width else highest + 1
        start, stop = start - start % _STEP, stop + (-stop) % _STEP
        wider = np.zeros((self.counts.shape[0], stop - start), np.uint32)
        if width:
            wider[:, self.offset - start : self.offset - start + width] = self.counts
        self.offset, self.counts = start, wider

    def sketch(self) -> Sketch:
        """Pack the counts for storage; equal counts give equal bytes, whatever the path to them."""
        begin, end = np.zeros((2, self.counts.shape[0]), np.int64)
        size = _spans(self.counts, begin, end)
        flat = np.empty(size, np.uint32)
        largest = _pack(self.counts, begin, end, flat)
        return Sketch(
            first=np.where(end > begin, begin + self.offset, 0),
            length=end - begin,
            counts=flat.astype(np.min_scalar_type(largest)),
            unknown=self.unknown.copy(),
            minimum=self.minimum.copy(),
            maximum=self.maximum.copy(),
        )

    def value_at_rank(self, rank: FloatArray, *, exact: bool = False) -> FloatArray:
        """Return the value of given rank in each cell, counting from 0 for the smallest; a rank may be broken.

        Parameters
        ----------
        rank : array, shape (cell,)
        exact : bool
            Values are whole numbers below 32, so that each has a bin of its own: answer with the value itself.

        Returns
        -------
        array, shape (cell,)
            NaN where a cell has no value.
        """
        known = self.known
        if not self.counts.shape[1]:
            return np.full(known.shape, np.nan)
        cumulated = np.cumsum(self.counts, axis=1, dtype=np.int64)
        last = np.maximum(known - 1, 0)
        below = np.floor(np.clip(rank, 0, last)).astype(np.int64)
        first = self._order_statistic(cumulated, below, exact=exact)
        second = self._order_statistic(cumulated, np.minimum(below + 1, last), exact=exact)
        return np.where(known > 0, first + (np.clip(rank, 0, last) - below) * (second - first), np.nan)

    def _order_statistic(self, cumulated: IntArray, rank: IntArray, *, exact: bool) -> FloatArray:
        """Return the value of a whole rank per cell, spreading the values of a bin evenly over it."""
        place = np.minimum((cumulated <= rank[:, None]).sum(axis=1), self.counts.shape[1] - 1)
        cell = np.arange(place.size)
        inside = self.counts[cell, place].astype(np.float64)
        before = cumulated[cell, place] - inside
        low, high = edges_of(place + self.offset)
        if exact:
            low = high = np.where(place + self.offset < 0, high, low)
        value = low + (rank - before + 0.5) / np.maximum(inside, 1.0) * (high - low)
        filled = cumulated[:, -1] > 0
        minimum, maximum = np.where(filled, self.minimum, 0.0), np.where(filled, self.maximum, 0.0)
        value = np.where(rank == cumulated[:, -1] - 1, maximum, np.where(rank == 0, minimum, value))
        return np.clip(value, minimum, maximum)

    def mean(self, *, exact: bool = False) -> FloatArray:
        """Return the mean of each cell from the middle of its bins; NaN where a cell has no value."""
        low, high = edges_of(np.arange(self.counts.shape[1]) + self.offset)
        middle = np.where(low < 0, high, low) if exact else 0.5 * (low + high)
        known = self.known
        return np.where(known > 0, (self.counts * middle).sum(axis=1) / np.maximum(known, 1), np.nan)

    def count_above(self, threshold: float) -> FloatArray:
        """Return how many values lie above a threshold in each cell; inside its own bin they count in proportion."""
        if not self.counts.shape[1]:
            return np.zeros(self.counts.shape[0])
        low, high = edges_of(np.arange(self.counts.shape[1]) + self.offset)
        width = np.where(high > low, high - low, 1.0)
        share = np.where(high > low, np.clip((high - threshold) / width, 0.0, 1.0), (low > threshold).astype(float))
        # summed from the top in a fixed order: a matrix product may round differently for another number of cells
        above: FloatArray = (self.counts * share).sum(axis=1)
        return above


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


@compiled
def _code_of(bits: int, shift: int, base: int) -> int:
    """Turn the bits of a number into the code of its bin: 0 for nearly zero, negative for negative values."""
    magnitude = bits & 0x7FFFFFFF if shift < 32 else bits & 0x7FFFFFFFFFFFFFFF
    code = (magnitude >> shift) - base
    if code < 1:
        return 0
    code = min(code, _LARGEST_CODE)
    return -code if bits < 0 else code


@compiled(cache=True)
def _code_range(table: AnyArray, bits: AnyArray, scale: tuple[int, int]) -> tuple[int, int]:
    lowest, highest = _LARGEST_CODE + 1, -_LARGEST_CODE - 1
    for draw in range(table.shape[0]):
        for cell in range(table.shape[1]):
            if not np.isnan(table[draw, cell]):
                code = _code_of(bits[draw, cell], scale[0], scale[1])
                lowest = min(lowest, code)
                highest = max(highest, code)
    return lowest, highest


@compiled(cache=True)
def _count(
    table: AnyArray,
    bits: AnyArray,
    scale: tuple[int, int],
    counters: tuple[Any, int],
    extremes: tuple[IntArray, FloatArray, FloatArray],
) -> None:
    counts, offset = counters
    unknown, minimum, maximum = extremes
    one = np.uint32(1)
    draws, cells = table.shape
    for first in range(0, cells, _TILE):
        last = min(first + _TILE, cells)
        for draw in range(draws):
            for cell in range(first, last):
                value = np.float64(table[draw, cell])
                if np.isnan(value):
                    unknown[cell] += 1
                else:
                    counts[cell, _code_of(bits[draw, cell], scale[0], scale[1]) - offset] += one
                    minimum[cell] = min(minimum[cell], value)
                    maximum[cell] = max(maximum[cell], value)


@compiled(cache=True)
def _spans(counts: AnyArray, begin: IntArray, end: IntArray) -> int:
    """Find the first and the last filled bin of every cell; return how many bins all spans have."""
    size = 0
    for cell in range(counts.shape[0]):
        low, high = 0, counts.shape[1]
        while low < high and counts[cell, low] == 0:
            low += 1
        while high > low and counts[cell, high - 1] == 0:
            high -= 1
        begin[cell], end[cell] = low, high
        size += high - low
    return size


@compiled(cache=True)
def _pack(counts: AnyArray, begin: IntArray, end: IntArray, flat: AnyArray) -> int:
    """Copy the spans one after the other; return the largest count."""
    position, largest = 0, 0
    for cell in range(begin.size):
        for place in range(begin[cell], end[cell]):
            flat[position] = counts[cell, place]
            largest = max(largest, int(flat[position]))
            position += 1
    return largest


@compiled(cache=True)
def _add(counts: AnyArray, offset: int, first: IntArray, length: IntArray, flat: AnyArray) -> None:
    position = 0
    for cell in range(first.size):
        for k in range(length[cell]):
            counts[cell, first[cell] - offset + k] += flat[position]
            position += 1
