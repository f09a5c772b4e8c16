"""Results in the memory they are kept in: one flat block per variable, live agents only, in the type of the register.

A worker has one record of a quarter and one of a draw, which stay in the processor's cache. After each quarter their
numbers are copied out by a short table of places (:class:`Places`), made once per world from the layouts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray
from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.layout import ROOM, Layout, dtype_of, fields_of, new_records
from cardhouse.model.outputs_layout import DrawOutputs, QuarterOutputs
from cardhouse.model.variables import DRAW_VARIABLES, QUARTER_VARIABLES, Variable

SINGLE, DOUBLE, WHOLE = 0, 1, 2
"""Blocks of results by type: 4-byte floats, 8-byte floats, 4-byte integers."""
_TYPES = ("<f4", "<f8", "<i4")


class Places(NamedTuple):
    """Where the fields of a record go, one entry per field, shape (field,), but for the lists at the end.

    Parameters
    ----------
    source : array of int
        Place of the field in its record, in numbers of 8 bytes.
    kind : array of int
        Block it goes to: :data:`SINGLE`, :data:`DOUBLE` or :data:`WHOLE`.
    begin : array of int
        Where its numbers begin in the block, in numbers per draw.
    length : array of int
        How many numbers of it a record has that are of use.
    lone : array of int
        Fields that are one number of 8 bytes: there are many, and no loop is needed for them.
    rows : array of int
        All other fields.
    """

    source: IntArray
    kind: IntArray
    begin: IntArray
    length: IntArray
    lone: IntArray
    rows: IntArray


class Results(NamedTuple):
    """Room for the results of some draws.

    Parameters
    ----------
    quarter_record, draw_record : records
        One record each, with what the last quarter and the last draw left.
    places : tuple of Places
        For the two records.
    blocks : tuple of array
        Flat blocks by type.
    """

    quarter_record: AnyArray
    draw_record: AnyArray
    places: tuple[Places, Places]
    blocks: tuple[AnyArray, AnyArray, AnyArray]


def _length(variable: Variable, agents: int) -> int:
    """Count the numbers of a variable in one record; the agent is its first axis, so that they are neighbours."""
    axes = [axis for axis in variable.dims if axis != "quarter"]
    if "entity" in axes[1:]:
        msg = f"{variable.name}: the agent is the first axis of a result"
        raise TypeError(msg)
    return int(np.prod([agents if axis == "entity" else ROOM[axis] for axis in axes], dtype=np.int64))


def _places(layout: type[Layout], variables: tuple[Variable, ...], agents: int, rows: int, used: IntArray) -> Places:
    offsets = {name: dtype_of(layout).fields[name][1] // 8 for name in fields_of(layout)}  # type: ignore[index]  # records have fields
    columns: list[tuple[int, int, int, int]] = []
    for variable in variables:
        kind, length = _TYPES.index(variable.dtype), _length(variable, agents)
        columns.append((offsets[variable.name], kind, int(used[kind]), length))
        used[kind] += rows * length
    source, kind, begin, length = np.array(columns, dtype=np.int64).T.copy()
    lone: BoolArray = (kind == DOUBLE) & (length == 1)
    return Places(source, kind, begin, length, np.flatnonzero(lone), np.flatnonzero(~lone))


def new_results(draws: int, quarters: int, agents: int) -> Results:
    """Allocate room for the results of a number of draws."""
    used = np.zeros(len(_TYPES), dtype=np.int64)
    places = (
        _places(QuarterOutputs, QUARTER_VARIABLES, agents, quarters, used),
        _places(DrawOutputs, DRAW_VARIABLES, agents, 1, used),
    )
    single, double, whole = (np.empty(draws * int(used[k]), _TYPES[k]) for k in range(len(_TYPES)))
    return Results(new_records(QuarterOutputs, 1), new_records(DrawOutputs, 1), places, (single, double, whole))


def by_name(results: Results, draws: int, quarters: int, agents: int) -> dict[str, AnyArray]:
    """Return every result as an array with the draw as first axis; they share the memory of the blocks."""
    found: dict[str, AnyArray] = {}
    for variables, places, rows in (
        (QUARTER_VARIABLES, results.places[0], quarters),
        (DRAW_VARIABLES, results.places[1], 1),
    ):
        for k, variable in enumerate(variables):
            begin = draws * int(places.begin[k])
            block = results.blocks[int(places.kind[k])]
            shape = [_room(axis, quarters, agents) for axis in variable.dims]
            end = begin + draws * rows * int(places.length[k])
            found[variable.name] = block[begin:end].reshape(draws, *shape)
    return found


def _room(axis: str, quarters: int, agents: int) -> int:
    return {"quarter": quarters, "entity": agents}.get(axis, ROOM.get(axis, 0))


@compiled(inline=True)
def copy_record(
    words: tuple[FloatArray, IntArray],
    places: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
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
    source, kind, begin, length, lone, rows = places
    # an unsigned place spares the compiler the question whether it counts from the end
    for n in range(lone.size):
        k = as_index(lone[n])
        double[np.uint64(draws * begin[k] + row)] = words[0][np.uint64(source[k])]
    for n in range(rows.size):
        k = as_index(rows[n])
        first, target = np.uint64(source[k]), np.uint64(draws * begin[k] + row * length[k])
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
    quarter, draw, places, blocks = results
    words = (_words(quarter), _words(draw))
    return quarter[0], draw[0], words, (tuple(places[0]), tuple(places[1])), blocks


def _words(record: AnyArray) -> tuple[FloatArray, IntArray]:
    """Return the same memory as 8-byte floats and as 8-byte integers."""
    plain = record.view(np.ndarray)
    return plain.view(np.float64), plain.view(np.int64)
