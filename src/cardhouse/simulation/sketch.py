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

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.compiled import compiled

_SUB_BINS_BITS = 5
_SUB_BINS = 1 << _SUB_BINS_BITS
_LOWEST_EXPONENT = -14
_HIGHEST_EXPONENT = 21
_LARGEST_CODE = (_HIGHEST_EXPONENT - _LOWEST_EXPONENT + 1) * _SUB_BINS
# By bytes of a number: shift that leaves the exponent and the mantissa's bits of a bin; lowest exponent gets code 1.
_SCALES = {
    4: (23 - _SUB_BINS_BITS, (_LOWEST_EXPONENT + 127) * _SUB_BINS - 1),
    8: (52 - _SUB_BINS_BITS, (_LOWEST_EXPONENT + 1023) * _SUB_BINS - 1),
}
_STEP = 64
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
    most : int
        How many values of one cell there will be at most; few of them need smaller counters.

    Examples
    --------
    >>> total = SketchTotal(1)
    >>> total.count(np.array([[1.0], [1.0], [3.0]]))
    >>> total.known, total.minimum, total.value_at_rank(np.array([2.0]), exact=True)
    (array([3]), array([1.]), array([3.]))
    """

    def __init__(self, cells: int, most: int = 2**32 - 1) -> None:
        self.offset = 0
        self.counts: AnyArray = np.zeros((cells, 0), np.uint16 if most < 2**16 else np.uint32)
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
        if table.size == 0:
            return
        bits = table.view(np.int32 if single else np.int64)
        extremes = np.empty((2, table.shape[1]), table.dtype)
        missing, *ends = _find_extremes(table, extremes, (self.minimum, self.maximum))
        if ends[0] > ends[1]:
            self.unknown += table.shape[0]
            return
        # codes grow with values, so the extremes tell which bins are needed
        scale = _SCALES[table.dtype.itemsize]
        self._widen(*(int(code) for code in codes_of(np.array(ends))))
        row = (self.counts.shape[1], self.offset)
        if missing:
            _count_known((table, bits), scale, self.counts.reshape(-1), row, self.unknown)
        else:
            _count_all(bits, scale, self.counts.reshape(-1), row)

    def clear(self) -> None:
        """Begin anew in the same memory."""
        self.counts[:] = 0
        self.unknown[:] = 0
        self.minimum[:], self.maximum[:] = np.inf, -np.inf

    def add(self, part: Sketch) -> None:
        """Add the counts of a sketch; the order of additions does not matter."""
        filled = part.length > 0
        if filled.any():
            self._widen(int(part.first[filled].min()), int((part.first + part.length)[filled].max()) - 1)
        _add(self.counts, self.offset, part.first, part.length, part.counts.astype(self.counts.dtype))
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
        wider = np.zeros((self.counts.shape[0], stop - start), self.counts.dtype)
        if width:
            wider[:, self.offset - start : self.offset - start + width] = self.counts
        self.offset, self.counts = start, wider

    def sketch(self) -> Sketch:
        """Pack the counts for storage; equal counts give equal bytes, whatever the path to them."""
        filled = self.minimum <= self.maximum
        first = np.where(filled, codes_of(np.where(filled, self.minimum, 0.0)), 0)
        length = np.where(filled, codes_of(np.where(filled, self.maximum, 0.0)) - first + 1, 0)
        flat = np.empty(int(length.sum()), self.counts.dtype)
        largest = _pack(self.counts, first - self.offset, length, flat)
        return Sketch(
            first=first,
            length=length,
            counts=flat.astype(np.min_scalar_type(largest), copy=False),
            unknown=self.unknown.copy(),
            # zero has two signs, and which of them came first must not show
            minimum=self.minimum + 0.0,
            maximum=self.maximum + 0.0,
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


def codes_of(values: FloatArray) -> IntArray:
    """Return the codes of the bins of values.

    >>> codes_of(np.array([0.0, 2.0**-14, -(2.0**-14), 1.0])).tolist()
    [0, 1, -1, 449]
    """
    shift, base = _SCALES[8]
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.int64)
    size = np.clip(((bits & 0x7FFFFFFFFFFFFFFF) >> shift) - base, 0, _LARGEST_CODE)
    codes: IntArray = np.where(bits < 0, -size, size)
    return codes


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


@compiled(cache=True)
def _code_of(bits: int, shift: int, base: int) -> int:
    """Turn the bits of a number into the code of its bin: 0 for nearly zero, negative for negative values."""
    magnitude = bits & (0x7FFFFFFF if shift < 32 else 0x7FFFFFFFFFFFFFFF)
    code = min(max((magnitude >> shift) - base, 0), _LARGEST_CODE)
    return -code if bits < 0 else code


@compiled(cache=True)
def _find_extremes(
    table: AnyArray, extremes: AnyArray, so_far: tuple[FloatArray, FloatArray]
) -> tuple[bool, float, float]:
    """Bring the extremes of every cell up to date, passing over NaN.

    Returns
    -------
    (bool, float, float)
        Whether there was a NaN; the lowest and the highest of all values, the wrong way round when there was none.
    """
    low, high = extremes[0], extremes[1]
    minimum, maximum = so_far
    missing, lowest, highest = 0, np.inf, -np.inf
    low[:], high[:] = np.inf, -np.inf
    for draw in range(table.shape[0]):
        for cell in range(table.shape[1]):
            value = table[draw, cell]
            low[cell] = value if value < low[cell] else low[cell]
            high[cell] = value if value > high[cell] else high[cell]
            missing += value != value  # noqa: PLR0124 the quickest way to see a NaN
    for cell in range(table.shape[1]):
        minimum[cell] = min(minimum[cell], np.float64(low[cell]))
        maximum[cell] = max(maximum[cell], np.float64(high[cell]))
        lowest, highest = min(lowest, np.float64(low[cell])), max(highest, np.float64(high[cell]))
    return missing > 0, lowest, highest


@compiled(cache=True)
def _count_all(bits: AnyArray, scale: tuple[int, int], flat: AnyArray, row: tuple[int, int]) -> None:
    """Count values none of which is unknown; ``row`` is the width of a cell's counters and the code of the first."""
    width, offset = row
    one = np.uint32(1)
    draws, cells = bits.shape
    for first in range(0, cells, _TILE):
        last = min(first + _TILE, cells)
        for draw in range(draws):
            for cell in range(first, last):
                # an unsigned place spares the compiler the question whether it counts from the end
                flat[np.uint64(cell * width - offset + _code_of(bits[draw, cell], scale[0], scale[1]))] += one


@compiled(cache=True)
def _count_known(
    both: tuple[AnyArray, AnyArray], scale: tuple[int, int], flat: AnyArray, row: tuple[int, int], unknown: IntArray
) -> None:
    """Count values and how many are unknown, from a table and its bits."""
    (table, bits), (width, offset) = both, row
    one = np.uint32(1)
    draws, cells = table.shape
    for first in range(0, cells, _TILE):
        last = min(first + _TILE, cells)
        for draw in range(draws):
            for cell in range(first, last):
                if np.isnan(table[draw, cell]):
                    unknown[cell] += 1
                else:
                    flat[np.uint64(cell * width - offset + _code_of(bits[draw, cell], scale[0], scale[1]))] += one


@compiled(cache=True)
def _pack(counts: AnyArray, begin: IntArray, length: IntArray, flat: AnyArray) -> int:
    """Copy the filled bins of every cell one after the other; return the largest count."""
    position, largest = 0, 0
    for cell in range(begin.size):
        for place in range(begin[cell], begin[cell] + length[cell]):
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
