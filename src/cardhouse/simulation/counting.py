"""Counting a table of numbers into bins, block by block, so that what is looked at twice is still in the cache.

The first look at a block finds the extremes of every cell and how many of its values are unknown. Most cells are done
with that: they have no value at all, as a bank has no capacity, or all of them lie in one bin, as those of a firm that
never issues shares. Only the others are counted one by one.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.simulation.bins import LARGEST_CODE, SCALES, code_of

# Values of a block fill a part of the second cache; the counters of a variable need the rest.
_BLOCK_BYTES = 1 << 18
_FEWEST_DRAWS = 8

Block: TypeAlias = tuple[AnyArray, AnyArray]
"""Numbers of shape (draw, cell), and the same memory as whole numbers."""
Counters: TypeAlias = tuple[AnyArray, int, int, tuple[int, int]]
"""Counts of all cells one after another, how many bins a cell has, the code of the first, and the scale of codes."""
Known: TypeAlias = tuple[FloatArray, FloatArray, IntArray]
"""Minimum, maximum and number of unknown values of every cell so far."""
Ends: TypeAlias = tuple[AnyArray, AnyArray, AnyArray, AnyArray, AnyArray, AnyArray]
"""Of every cell of a block: minimum, maximum, the bits of both, and the number of unknown values. The last one is room
for lists of cells."""


class Room:
    """Memory for one block of a table.

    Parameters
    ----------
    cells : int
        Cells of a row.
    dtype : NumPy type
        Of the tables; all but singles are counted as doubles.
    """

    def __init__(self, cells: int, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self.floating = dtype in (np.float32, np.float64)
        kind, whole = (np.float32, np.int32) if dtype == np.float32 else (np.float64, np.int64)
        self.scale = SCALES[np.dtype(kind).itemsize]
        self.draws = max(_FEWEST_DRAWS, _BLOCK_BYTES // (np.dtype(kind).itemsize * max(cells, 1)))
        # other numbers are turned into doubles here
        self.table: AnyArray = np.empty((0 if self.floating else self.draws, cells), kind)
        self.bits: AnyArray = self.table.view(whole)
        ends: AnyArray = np.empty((2, cells), kind)
        bits = ends.view(whole)
        self.ends = (ends[0], ends[1], bits[0], bits[1], np.empty(cells, np.int32), np.empty(cells, np.int64))


def count_from(
    values: AnyArray, begin: int, counters: tuple[AnyArray, int, int], known: Known, room: Room
) -> tuple[int, int, int]:
    """Count rows of a table from ``begin`` on, until one lies in a bin that has no counter.

    Parameters
    ----------
    values : array, shape (draw, cell)
        Of the type that the room was made for, in one piece.
    begin : int
        The first row.
    counters : tuple
        Counts of all cells one after another, how many bins a cell has, and the code of the first of them.
    known : tuple of array, shape (cell,)
        Minimum, maximum and number of unknown values so far; brought up to date.
    room : Room

    Returns
    -------
    (int, int, int)
        The row to go on from, and the lowest and the highest code that its block needs.
    """
    rows, scaled = (begin, room.draws), (*counters, room.scale)
    if room.floating:
        return _count_floating((values, values.view(room.bits.dtype)), rows, scaled, known, room.ends)
    return _count_others(values, (room.table, room.bits), rows, scaled, known, room.ends)


@compiled(cache=True)
def _count_floating(
    table: Block, rows: tuple[int, int], counters: Counters, known: Known, ends: Ends
) -> tuple[int, int, int]:
    values, bits = table
    begin, step = rows
    for first in range(begin, values.shape[0], step):
        last = min(first + step, values.shape[0])
        lowest, highest = _count_block((values[first:last], bits[first:last]), counters, known, ends)
        if lowest <= highest:
            return first, lowest, highest
    return values.shape[0], 0, 0


@compiled(cache=True)
def _count_others(
    values: AnyArray, block: Block, rows: tuple[int, int], counters: Counters, known: Known, ends: Ends
) -> tuple[int, int, int]:
    table, bits = block
    begin, step = rows
    for first in range(begin, values.shape[0], step):
        draws = min(step, values.shape[0] - first)
        for draw in range(draws):
            _convert(values[first + draw], table[draw])
        lowest, highest = _count_block((table[:draws], bits[:draws]), counters, known, ends)
        if lowest <= highest:
            return first, lowest, highest
    return values.shape[0], 0, 0


@compiled
def _convert(row: AnyArray, target: AnyArray) -> None:
    for cell in range(row.size):
        target[cell] = row[cell]


@compiled
def _count_block(block: Block, counters: Counters, known: Known, ends: Ends) -> tuple[int, int]:
    """Count a block; or count nothing and return the lowest and the highest code that it needs."""
    table = block[0]
    low, high, _, _, missing, _ = ends
    low[:], high[:], missing[:] = np.inf, -np.inf, 0
    for draw in range(table.shape[0]):
        _look(table[draw], low, high, missing)
    _, width, offset, scale = counters
    lowest, highest = _range_of(ends, scale)
    if lowest <= highest and (lowest < offset or highest >= offset + width):
        return lowest, highest
    _settle(block, counters, known, ends)
    return 0, -1


@compiled
def _look(row: AnyArray, low: AnyArray, high: AnyArray, missing: IntArray) -> None:
    """Bring the extremes of a block up to date with one row; all of it is done for many cells at once."""
    for cell in range(row.size):
        value = row[cell]
        low[cell] = value if value < low[cell] else low[cell]
        high[cell] = value if value > high[cell] else high[cell]
        missing[cell] += np.int32(value != value)  # noqa: PLR0124 the quickest way to see a NaN


@compiled
def _range_of(ends: Ends, scale: tuple[int, int]) -> tuple[int, int]:
    """Return the lowest and the highest code of a block, the wrong way round when it has no value."""
    low, high, low_bits, high_bits, _, _ = ends
    first, last = 0, 0
    for cell in range(low.size):
        # codes grow with values, so the extremes tell which bins are needed
        first = cell if low[cell] < low[first] else first
        last = cell if high[cell] > high[last] else last
    if not (low.size > 0 and low[first] <= high[last]):
        return 0, -1
    return code_of(low_bits[first], scale[0], scale[1]), code_of(high_bits[last], scale[0], scale[1])


@compiled
def _settle(block: Block, counters: Counters, known: Known, ends: Ends) -> None:
    """Count the cells whose values lie in one bin at once, the others by value."""
    flat, width, offset, scale = counters
    minimum, maximum, unknown = known
    low, high, low_bits, high_bits, missing, cells = ends
    positive, signed = 0, low.size
    for cell in range(low.size):
        unknown[cell] += missing[cell]
        if not low[cell] <= high[cell]:
            continue
        minimum[cell] = min(minimum[cell], np.float64(low[cell]))
        maximum[cell] = max(maximum[cell], np.float64(high[cell]))
        first = code_of(low_bits[cell], scale[0], scale[1])
        last = code_of(high_bits[cell], scale[0], scale[1])
        zero = cell * width - offset
        if first == last:
            flat[zero + first] += np.uint32(block[0].shape[0] - missing[cell])
        elif missing[cell] > 0:
            _count_known(block, scale, flat, cell, zero)
        elif low[cell] >= 0 and last < LARGEST_CODE:
            cells[positive] = cell
            positive += 1
        else:
            signed -= 1
            cells[signed] = cell
    _count_spread(block[1], counters, cells[:positive], False)
    _count_spread(block[1], counters, cells[signed:], True)


@compiled(inline=True)
def _bin(bits: int, scale: tuple[int, int], is_signed: bool) -> int:
    """Return the code of a number, by the short way when it is neither negative nor beyond the last bin."""
    return code_of(bits, scale[0], scale[1]) if is_signed else max(bits >> scale[0], scale[1]) - scale[1]


# Unsigned places spare the compiler the question whether they count from the end. ``zero`` is where zeros are counted.


@compiled(inline=True)
def _count_spread(bits: AnyArray, counters: Counters, cells: IntArray, is_signed: bool) -> None:
    """Count the values of cells none of which is unknown.

    Four cells at a time: values of one often lie in the same bin, and a counter that is to grow by one waits until it
    has grown the last time.
    """
    flat, width, offset, scale = counters
    one, fours = np.uint32(1), cells.size - cells.size % 4
    for k in range(0, fours, 4):
        a, b, c, d = np.uint64(cells[k]), np.uint64(cells[k + 1]), np.uint64(cells[k + 2]), np.uint64(cells[k + 3])
        zero = cells[k] * width - offset
        to_b, to_c = (cells[k + 1] - cells[k]) * width, (cells[k + 2] - cells[k]) * width
        to_d = (cells[k + 3] - cells[k]) * width
        for draw in range(bits.shape[0]):
            flat[np.uint64(zero + _bin(bits[draw, a], scale, is_signed))] += one
            flat[np.uint64(zero + to_b + _bin(bits[draw, b], scale, is_signed))] += one
            flat[np.uint64(zero + to_c + _bin(bits[draw, c], scale, is_signed))] += one
            flat[np.uint64(zero + to_d + _bin(bits[draw, d], scale, is_signed))] += one
    for cell in cells[fours:]:
        column, zero = np.uint64(cell), cell * width - offset
        for draw in range(bits.shape[0]):
            flat[np.uint64(zero + _bin(bits[draw, column], scale, is_signed))] += one


@compiled
def _count_known(block: Block, scale: tuple[int, int], flat: AnyArray, cell: int, zero: int) -> None:
    """Count those values of a cell that are known."""
    table, bits = block
    column, one = np.uint64(cell), np.uint32(1)
    for draw in range(table.shape[0]):
        if not np.isnan(table[draw, column]):
            flat[np.uint64(zero + code_of(bits[draw, column], scale[0], scale[1]))] += one
