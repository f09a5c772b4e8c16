"""Results in the memory they are kept in: one flat block per variable, live agents only, in the type of the register.

Most results of a quarter are fields of the state at its end, and go from there to their place; the few others are
computed into a record that a worker keeps, and so are those of a draw. Short tables say what goes where
(:class:`Places`); they are made once per world from the layouts.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray
from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.layout import ROOM, Layout, dtype_of, new_records
from cardhouse.model.outputs_layout import COPIED, OF_EVERYBODY, DrawOutputs, QuarterOutputs
from cardhouse.model.state import State
from cardhouse.model.variables import DRAW_VARIABLES, OUTPUTS, QUARTER_VARIABLES, VARIABLE

SINGLE, DOUBLE, WHOLE = 0, 1, 2
"""Blocks of results by type: 4-byte floats, 8-byte floats, 4-byte integers."""
_TYPES = ("<f4", "<f8", "<i4")
_NOTHING = (np.nan, np.nan, -1)
"""What a number is that nothing wrote, by type."""


class Size(NamedTuple):
    """How many draws, quarters, agents, and firms among the agents, results have room for; firms come first."""

    draws: int
    quarters: int
    agents: int
    firms: int


class Places(NamedTuple):
    """Where fields of a record go, one entry per field, shape (field,), but for the lists at the end.

    Parameters
    ----------
    source : array of int
        Place of the field in its record, in numbers of 8 bytes.
    kind : array of int
        Block it goes to: :data:`SINGLE`, :data:`DOUBLE` or :data:`WHOLE`.
    begin : array of int
        Where its numbers begin in the block, in numbers per draw.
    stride : array of int
        Numbers from one record to the next.
    length : array of int
        How many numbers of it are copied; those behind them stay what they are, see :func:`blank_results`.
    lone : array of int
        Fields that are one number of 8 bytes: there are many, and no loop is needed for them.
    rows : array of int
        All other fields.
    """

    source: IntArray
    kind: IntArray
    begin: IntArray
    stride: IntArray
    length: IntArray
    lone: IntArray
    rows: IntArray


class Field(NamedTuple):
    """One variable in its block: type, first number and count of numbers per draw, and shape of one draw."""

    kind: int
    begin: int
    length: int
    shape: tuple[int, ...]


class Results(NamedTuple):
    """Room for the results of some draws.

    Parameters
    ----------
    quarter_record, draw_record : records
        One record each: what the last quarter left besides its state, and what the last draw left.
    places : tuple of Places
        For the state, and for the two records.
    fields : dict of str to Field
        Every variable by name.
    blocks : tuple of array
        Flat blocks by type.
    """

    quarter_record: AnyArray
    draw_record: AnyArray
    places: tuple[Places, Places, Places]
    fields: dict[str, Field]
    blocks: tuple[AnyArray, AnyArray, AnyArray]


def _fields(size: Size) -> tuple[dict[str, Field], tuple[int, ...]]:
    """Say where each variable lies in its block, and how many numbers per draw each block has.

    Raises
    ------
    TypeError
        If the agent is not the first axis of a result by agent: an agent's numbers are neighbours.
    """
    used = [0] * len(_TYPES)
    found: dict[str, Field] = {}
    for variable in OUTPUTS:
        axes = tuple(axis for axis in variable.dims if axis != "quarter")
        if "entity" in axes[1:]:
            msg = f"{variable.name}: the agent is the first axis of a result"
            raise TypeError(msg)
        kind, shape = _TYPES.index(variable.dtype), tuple(_room(axis, size) for axis in variable.dims)
        found[variable.name] = Field(kind, used[kind], math.prod(shape), shape)
        used[kind] += math.prod(shape)
    return found, tuple(used)


def _places(layout: type[Layout], sources: dict[str, str], fields: dict[str, Field], size: Size) -> Places:
    """Make the table for the variables that come from fields of a record; ``sources`` gives the field of each."""
    columns: list[tuple[int, int, int, int, int]] = []
    for name, source in sources.items():
        place: int = dtype_of(layout).fields[source][1]  # type: ignore[index]  # records have fields
        dims, field = VARIABLE[name].dims, fields[name]
        stride = math.prod(field.shape[1:] if "quarter" in dims else field.shape)
        only_firms = "quarter" in dims and "entity" in dims and name not in OF_EVERYBODY
        length = stride // size.agents * size.firms if only_firms else stride
        columns.append((place // 8, field.kind, field.begin, stride, length))
    source, kind, begin, strides, lengths = np.array(columns, dtype=np.int64).T.copy()
    lone: BoolArray = (kind == DOUBLE) & (strides == 1)
    return Places(source, kind, begin, strides, lengths, np.flatnonzero(lone), np.flatnonzero(~lone))


def new_results(size: Size) -> Results:
    """Allocate room for results; all of it is blank."""
    fields, used = _fields(size)
    computed = {item.name: item.name for item in QUARTER_VARIABLES if item.name not in COPIED}
    places = (
        _places(State, COPIED, fields, size),
        _places(QuarterOutputs, computed, fields, size),
        _places(DrawOutputs, {item.name: item.name for item in DRAW_VARIABLES}, fields, size),
    )
    single, double, whole = (np.empty(size.draws * count, kind) for count, kind in zip(used, _TYPES, strict=True))
    records = new_records(QuarterOutputs, 1), new_records(DrawOutputs, 1)
    results = Results(*records, places, fields, (single, double, whole))
    blank_results(results)
    return results


def blank_results(results: Results) -> None:
    """Write that nothing is known: draws fill this in, but for what agents outside the sector do not have.

    Needed anew only when the room is used for another number of draws, which puts every number elsewhere.
    """
    for block, nothing in zip(results.blocks, _NOTHING, strict=True):
        block.fill(nothing)


def by_name(results: Results, draws: int) -> dict[str, AnyArray]:
    """Return every result as an array with the draw as first axis; they share the memory of the blocks."""
    found: dict[str, AnyArray] = {}
    for name, field in results.fields.items():
        numbers = results.blocks[field.kind][draws * field.begin : draws * (field.begin + field.length)]
        found[name] = numbers.reshape((draws, *field.shape))
    return found


def _room(axis: str, size: Size) -> int:
    return {"quarter": size.quarters, "entity": size.agents}.get(axis, ROOM.get(axis, 0))


@compiled(inline=True)
def copy_record(
    words: tuple[FloatArray, IntArray],
    places: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
    blocks: tuple[AnyArray, AnyArray, AnyArray],
    draws: int,
    row: int,
) -> None:
    """Copy the fields of a record to their places.

    Parameters
    ----------
    words : tuple of array
        The record as 8-byte floats and as 8-byte integers.
    places : tuple of array
        Where its fields go, as in :class:`Places`.
    blocks : tuple of array
        Results by type.
    draws : int
        Draws for which the blocks have room.
    row : int
        Which record this is, counted over all draws.
    """
    single, double, whole = blocks
    source, kind, begin, stride, length, lone, rows = places
    # an unsigned place spares the compiler the question whether it counts from the end
    for n in range(lone.size):
        k = as_index(lone[n])
        double[np.uint64(draws * begin[k] + row)] = words[0][np.uint64(source[k])]
    for n in range(rows.size):
        k = as_index(rows[n])
        first, target = np.uint64(source[k]), np.uint64(draws * begin[k] + row * stride[k])
        if kind[k] == SINGLE:
            for m in range(np.uint64(length[k])):
                single[target + m] = words[0][first + m]
        elif kind[k] == DOUBLE:
            for m in range(np.uint64(length[k])):
                double[target + m] = words[0][first + m]
        else:
            for m in range(np.uint64(length[k])):
                whole[target + m] = words[1][first + m]


def unpacked_results(results: Results) -> tuple[Any, ...]:
    """Return results as the plain tuple that the entry point takes: both records, their words, places and blocks."""
    quarter, draw, places, _, blocks = results
    words = (words_of(quarter), words_of(draw))
    return quarter[0], draw[0], words, tuple(tuple(table) for table in places), blocks


def words_of(records: AnyArray) -> tuple[FloatArray, IntArray]:
    """Return the memory of records as plain numbers, as 8-byte floats and as 8-byte integers, one after the other."""
    plain = records.view(np.ndarray)
    return plain.view(np.float64), plain.view(np.int64)
