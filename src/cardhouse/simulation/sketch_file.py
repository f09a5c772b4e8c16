"""Distributions of many variables as a handful of arrays, so that a file of them has few members.

Variables stand one after another in every array; ``names`` and ``cells`` say where each one ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from cardhouse.basics.arrays import AnyArray
from cardhouse.simulation.atomic import explained
from cardhouse.simulation.sketch import Sketch

_JOINED = ("filled", "counts", "large")


def arrays_of(sketches: Mapping[str, Sketch]) -> dict[str, AnyArray]:
    """Join distributions into arrays for a file.

    >>> from cardhouse.simulation.sketch import SketchTotal
    >>> total = SketchTotal(2)
    >>> total.count(np.array([[1.0, 2.0], [1.0, 3.0]]))
    >>> found = arrays_of({"cash": total.sketch()})
    >>> found["names"].tolist(), found["cells"].tolist(), found["counts"].dtype
    (['cash'], [2], dtype('uint8'))
    """
    parts = list(sketches.values())
    single = [_are_singles(part) for part in parts]
    unknown = np.concatenate([part.unknown for part in parts])
    return {
        "names": np.array(list(sketches), dtype=np.str_),
        "cells": np.array([part.unknown.size for part in parts], dtype=np.int64),
        "sizes": np.array([[getattr(part, name).size for name in _JOINED] for part in parts], dtype=np.int64),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _JOINED},
        "unknown": unknown.astype(np.min_scalar_type(int(unknown.max(initial=0)))),
        "single": np.array(single, dtype=np.bool_),
        "ends_single": _ends([part for part, small in zip(parts, single, strict=True) if small], np.float32),
        "ends_double": _ends([part for part, small in zip(parts, single, strict=True) if not small], np.float64),
    }


def _are_singles(part: Sketch) -> bool:
    """Tell whether the extremes lose nothing as single-precision numbers, because the values were such numbers."""
    with np.errstate(over="ignore"):
        return all(bool((ends.astype(np.float32) == ends).all()) for ends in (part.minimum, part.maximum))


def _ends(parts: Sequence[Sketch], kind: type) -> AnyArray:
    pairs: list[AnyArray] = [np.array([part.minimum, part.maximum], dtype=kind) for part in parts]
    return np.concatenate([np.empty((2, 0), kind), *pairs], axis=1)


def read_sketches(path: Path) -> dict[str, Sketch]:
    """Read the distributions of all variables of a file."""
    with explained(path), np.load(path, allow_pickle=False) as archive:
        whole = {name: archive[name] for name in archive.files}
    joined = [_Cut(whole[name]) for name in _JOINED]
    unknown = _Cut(whole["unknown"].astype(np.int64))
    ends = {True: _Cut(whole["ends_single"].astype(np.float64)), False: _Cut(whole["ends_double"])}
    found = {}
    rows = zip(whole["names"], whole["cells"].tolist(), whole["sizes"].tolist(), whole["single"].tolist(), strict=True)
    for name, cells, sizes, single in rows:
        filled, counts, large = (cut.take(size) for cut, size in zip(joined, sizes, strict=True))
        minimum, maximum = ends[single].take(cells)
        found[str(name)] = Sketch(filled, counts, large, unknown.take(cells), minimum, maximum)
    return found


class _Cut:
    """Hands out an array piece by piece along its last axis."""

    def __init__(self, whole: AnyArray) -> None:
        self._whole, self._place = whole, 0

    def take(self, size: int) -> AnyArray:
        begin, self._place = self._place, self._place + size
        return self._whole[..., begin : self._place]
