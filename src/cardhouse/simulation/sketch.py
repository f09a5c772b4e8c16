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
from cardhouse.simulation.bins import SCALES, code_of, edges_of
from cardhouse.simulation.counting import Room, count_from

_STEP = 64
# From this count on a number does not fit into the byte of its bin.
LARGE = 255


@dataclass(frozen=True)
class Sketch:
    """Counts of values in a number of cells (one per quarter, entity and so on), packed for storage.

    The bins of a cell go from that of its minimum to that of its maximum; most of them are empty, and most counts are
    small.

    Parameters
    ----------
    filled : array of uint8
        One bit per bin, cell after cell: whether anything was counted in it; the lowest bit of a byte comes first.
    counts : array of uint8
        Counts of the filled bins; 255 stands for a number in ``large``.
    large : array of uint32
        Counts from 255 on, in order.
    unknown : array of int, shape (cell,)
        How many values were NaN.
    minimum, maximum : array, shape (cell,)
        Exact extremes; ``inf`` and ``-inf`` where there was no value.
    """

    filled: AnyArray
    counts: AnyArray
    large: AnyArray
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
        self._room: Room | None = None

    @property
    def known(self) -> IntArray:
        """Number of values that are not NaN, shape (cell,)."""
        result: IntArray = self.counts.sum(axis=1, dtype=np.int64)
        return result

    def count(self, values: AnyArray) -> None:
        """Count values of shape ``(draw, cell)``."""
        table = np.ascontiguousarray(values)
        if self._room is None or self._room.dtype != table.dtype:
            self._room = Room(table.shape[1], table.dtype)
        known = (self.minimum, self.maximum, self.unknown)
        row = 0
        while True:
            counters = (self.counts.reshape(-1), self.counts.shape[1], self.offset)
            row, lowest, highest = count_from(table, row, counters, known, self._room)
            if row == table.shape[0]:
                return
            self._widen(lowest, highest)

    def add(self, part: Sketch) -> None:
        """Add the counts of a sketch; the order of additions does not matter."""
        first, length = _bins_between(part.minimum, part.maximum)
        filled = length > 0
        if filled.any():
            self._widen(int(first[filled].min()), int((first + length)[filled].max()) - 1)
        # one more, so that what is behind the last count can be looked at and left
        counts = np.append(part.counts, np.uint8(0))
        _add(self.counts, (first - self.offset, length), part.filled, counts, part.large)
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
            # memory of cells that never have a value is not even touched
            used = np.flatnonzero(self.minimum <= self.maximum)
            wider[used, self.offset - start : self.offset - start + width] = self.counts[used]
        self.offset, self.counts = start, wider

    def sketch(self) -> Sketch:
        """Pack the counts for storage; equal counts give equal bytes, whatever the path to them."""
        return self._packed(clear=False)

    def take(self) -> Sketch:
        """Pack the counts and begin anew in the same memory."""
        found = self._packed(clear=True)
        self.unknown[:] = 0
        self.minimum[:], self.maximum[:] = np.inf, -np.inf
        return found

    def _packed(self, *, clear: bool) -> Sketch:
        first, length = _bins_between(self.minimum, self.maximum)
        bins = int(length.sum())
        filled, small, large = np.empty(bins, np.bool_), np.empty(bins + 1, np.uint8), np.empty(bins, np.uint32)
        used, long = _pack(self.counts, (first - self.offset, length), filled, (small, large), clear)
        return Sketch(
            filled=np.packbits(filled, bitorder="little"),
            counts=small[:used].copy(),
            large=large[:long].copy(),
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


def _bins_between(minimum: FloatArray, maximum: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the code of the first bin of every cell and the number of its bins; none where there is no value."""
    first, length = np.empty(minimum.size, np.int64), np.empty(minimum.size, np.int64)
    bits = (np.ascontiguousarray(minimum).view(np.int64), np.ascontiguousarray(maximum).view(np.int64))
    _find_bins((minimum, maximum), bits, SCALES[8], first, length)
    return first, length


@compiled(cache=True)
def _find_bins(
    ends: tuple[FloatArray, FloatArray],
    bits: tuple[IntArray, IntArray],
    scale: tuple[int, int],
    first: IntArray,
    length: IntArray,
) -> None:
    for cell in range(first.size):
        first[cell] = length[cell] = 0
        if ends[0][cell] <= ends[1][cell]:
            first[cell] = code_of(bits[0][cell], scale[0], scale[1])
            length[cell] = code_of(bits[1][cell], scale[0], scale[1]) - first[cell] + 1


@compiled(cache=True)
def _pack(
    counts: AnyArray, bins: tuple[IntArray, IntArray], filled: AnyArray, packed: tuple[AnyArray, AnyArray], clear: bool
) -> tuple[int, int]:
    """Tell which bins are filled and with how many; return how many are filled, and how many of those with many.

    Nothing is asked of a bin on the way that the processor would have to guess: most guesses would be wrong.
    """
    begin, length = bins
    small, large = packed
    start, used, long = 0, 0, 0
    for cell in range(begin.size):
        row = counts[cell, begin[cell] : begin[cell] + length[cell]]
        for k in range(row.size):
            filled[start + k] = row[k] > 0
        start += row.size
        for k in range(row.size):
            count = row[k]
            small[np.uint64(used)] = min(count, LARGE)
            used += count > 0
            if count >= LARGE:
                large[long] = count
                long += 1
        if clear:
            row[:] = 0
    return used, long


@compiled(cache=True)
def _add(counts: AnyArray, bins: tuple[IntArray, IntArray], filled: AnyArray, small: AnyArray, large: AnyArray) -> None:
    """Add what :func:`_pack` has written."""
    begin, length = bins
    place, used, long = 0, 0, 0
    for cell in range(begin.size):
        row = counts[cell, begin[cell] : begin[cell] + length[cell]]
        for k in range(row.size):
            bit = (filled[np.uint64(place >> 3)] >> (place & 7)) & 1
            count = np.uint32(small[np.uint64(used)] * bit)
            if count == LARGE:
                count = large[long]
                long += 1
            row[k] += count
            used += bit
            place += 1
