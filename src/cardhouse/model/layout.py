"""Layouts: a class whose annotated fields say what a record of numbers holds, and from which its memory is made.

The compiled step sees a record as one pointer, so passing the whole world costs nothing, and a copy of the world is
one move of memory. Arrays have fixed room (:data:`ROOM`) so that one compilation serves every case; loops run to the
counts that the world holds. Every number is born NaN: a value that nothing wrote shows itself.

Examples
--------
>>> class Purse(Layout):
...     cash: Annotated[FloatArray, about("USD bn", "cash by agent", "agent")]
...     owners: Annotated[int, about("count", "number of owners")]
>>> purse = new_record(Purse)
>>> purse.cash.shape == (ROOM["agent"],), bool(np.isnan(purse.cash[0])), int(purse.owners)
(True, True, -1)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray

__all__ = ["ROOM", "Annotated", "Field", "FloatArray", "Layout", "about", "dtype_of", "fields_of", "new_record"]

ROOM: dict[str, int] = {
    "agent": 40,
    "firm": 40,
    "issuer": 40,
    "relation": 192,
    "maturity": 24,
    "lender": 6,
    "debt_class": 5,
    "pipeline": 12,
    "lag": 8,
    "channel": 5,
    "laboratory": 8,
    "posting": 2048,
    "due": 768,
    "global_shock": 48,
    "entity_shock": 32,
    "noise": 16,
    "definition": 3,
    "varied": 9,
    "warrant": 8,
    "year": 6,
    "rank": 3,
    "kind": 28,
    "identity": 16,
    "holder_class": 6,
    "unknown": 41,
    "clearing_report": 3,
}
"""Room along each named dimension; a case that needs more is refused when it is set up."""
CACHE_LINE = 64
"""Bytes that a processor moves at a time."""


@dataclass(frozen=True)
class Field:
    """What one field of a layout is.

    Parameters
    ----------
    unit : str
        Unit of the value.
    meaning : str
        What it is, with its sign.
    dimensions : tuple of str
        Names of its axes; empty for a single number.
    block : str
        Letter of the block that writes it; empty when setup does.
    """

    unit: str
    meaning: str
    dimensions: tuple[str, ...] = ()
    block: str = ""


def about(unit: str, meaning: str, *dimensions: str, block: str = "") -> Field:
    """Describe one field of a layout: unit, meaning, names of its axes, block that writes it."""
    return Field(unit, meaning, dimensions, block)


class Layout:
    """Base of all layouts; a subclass only lists annotated fields.

    With ``on_lines=True`` the arrays of a layout begin on cache lines, so that a move of several numbers never touches
    two of them. For memory that a draw works in; what is stored, hashed or made from rows of numbers stays packed.
    """

    _on_lines: ClassVar[bool] = False

    def __init_subclass__(cls, on_lines: bool = False) -> None:
        """Note how the memory of a layout is to be laid out; subclasses follow their base."""
        cls._on_lines = on_lines or cls._on_lines

    @classmethod
    def alignment(cls) -> int:
        """Return the number of bytes of which the place of an array is a multiple."""
        return CACHE_LINE if cls._on_lines else 8


L = TypeVar("L", bound=Layout)

_KNOWN: dict[type[Layout], dict[str, tuple[type, Field]]] = {}
_DTYPES: dict[type[Layout], np.dtype[Any]] = {}


def fields_of(layout: type[Layout]) -> dict[str, tuple[type, Field]]:
    """Return name, element type and description of every field, in the order written.

    Raises
    ------
    TypeError
        If a field has no description.
    """
    if layout in _KNOWN:
        return _KNOWN[layout]
    found: dict[str, tuple[type, Field]] = {}
    for name, hint in get_type_hints(layout, include_extras=True).items():
        if get_origin(hint) is ClassVar:
            continue
        description = [extra for extra in get_args(hint)[1:] if isinstance(extra, Field)]
        if get_origin(hint) is not Annotated or len(description) != 1:
            msg = f"{layout.__name__}.{name} has no description"
            raise TypeError(msg)
        base = get_args(hint)[0]
        whole = base is int or (get_args(base) and np.int64 in get_args(get_args(base)[-1]))
        found[name] = (int if whole else float, description[0])
    _KNOWN[layout] = found
    return found


def dtype_of(layout: type[Layout]) -> np.dtype[Any]:
    """Return the memory layout: 8-byte floats and integers, arrays of the room of their axes.

    The fields of a base lie at the front, where they lie in the base itself. On cache lines, single numbers come first
    and then the arrays axis by axis, whatever the order written: what is used together and as far lies together.
    """
    if layout not in _DTYPES:
        _DTYPES[layout] = _lay_out(layout)
    return _DTYPES[layout]


def _lay_out(layout: type[Layout]) -> np.dtype[Any]:
    base, line = layout.__mro__[1], layout.alignment()
    fields = fields_of(layout)
    offsets: dict[str, int] = {}
    if base is not Layout:
        offsets.update((name, place[1]) for name, place in (dtype_of(base).fields or {}).items())
    new = [name for name in fields if name not in offsets]
    if line > 8:
        new.sort(key=lambda name: (len(fields[name][1].dimensions), fields[name][1].dimensions))
    formats: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, (kind, field) in fields.items():
        formats[name] = ("<i8" if kind is int else "<f8", tuple(ROOM[dimension] for dimension in field.dimensions))
    end = 0 if base is Layout else dtype_of(base).itemsize
    for name in new:
        shape = formats[name][1]
        offsets[name] = _rounded(end, line) if shape else end
        end = offsets[name] + 8 * math.prod(shape)
    # in the order in which they lie: a record that jumps to and fro cannot be handed over as a buffer
    names, size = sorted(fields, key=lambda name: offsets[name]), _rounded(end, line)
    return np.dtype(
        {
            "names": names,
            "formats": [formats[name] for name in names],
            "offsets": [offsets[name] for name in names],
            "itemsize": size,
        }
    )


def _rounded(place: int, line: int) -> int:
    return -(-place // line) * line


def new_records(layout: type[Layout], count: int) -> AnyArray:
    """Allocate ``count`` records whose floats are NaN and whose integers are -1."""
    room, line = count * dtype_of(layout).itemsize, layout.alignment()
    memory = np.zeros(room + line, dtype=np.uint8)
    begin = -memory.ctypes.data % line
    records = memory[begin : begin + room].view(dtype_of(layout)).view(np.recarray)
    for name, (kind, _) in fields_of(layout).items():
        records[name] = -1 if kind is int else np.nan
    return records


def new_record(layout: type[L]) -> L:
    """Allocate one record whose floats are NaN and whose integers are -1."""
    record: L = new_records(layout, 1)[0]
    return record
