"""Where the results of a run are read from: its folder, or memory."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from cardhouse.basics.arrays import AnyArray, IntArray
from cardhouse.simulation.atomic import explained
from cardhouse.simulation.chunk import ChunkResult, split
from cardhouse.simulation.sketch import Sketch, SketchTotal
from cardhouse.simulation.sketch_file import read_sketches
from cardhouse.simulation.store import RunStore, read_member


class Source(Protocol):
    """Arrays and distributions of the finished draws, in the order of the draws."""

    def draws(self) -> IntArray:
        """Return the numbers of the finished draws, ascending."""

    def array(self, name: str) -> AnyArray:
        """Return a kept variable, shape (draw, *dims)."""

    def total(self, name: str) -> SketchTotal:
        """Return the distribution of a variable that is not kept."""


KEPT_BYTES = 256 * 1024 * 1024
"""Arrays that are asked for again and again are kept up to this many bytes per run."""
OPEN_FILES = 64
"""A run of at most this many files has them open while it is read: opening one costs more than reading from it."""


class _Kept:
    """Keeps arrays that were put together from chunks, until its room is used up; they cannot be changed."""

    def __init__(self) -> None:
        self._arrays: dict[str, AnyArray] = {}
        self._left = KEPT_BYTES

    def get(self, name: str, make: Callable[[], AnyArray]) -> AnyArray:
        if name in self._arrays:
            return self._arrays[name]
        array = make()
        array.flags.writeable = False
        if array.nbytes <= self._left:
            self._arrays[name] = array
            self._left -= array.nbytes
        return array


class MemorySource:
    """Results held in memory."""

    def __init__(self, results: Sequence[ChunkResult]) -> None:
        self._results = results
        self._kept = _Kept()

    def draws(self) -> IntArray:
        """Return the numbers of the finished draws, ascending."""
        ranges = [np.arange(item.chunk.start, item.chunk.stop, dtype=np.int64) for item in self._results]
        return np.concatenate([np.zeros(0, np.int64), *ranges])

    def array(self, name: str) -> AnyArray:
        """Return a kept variable."""
        return self._kept.get(name, lambda: np.concatenate([item.arrays[name] for item in self._results]))

    def total(self, name: str) -> SketchTotal:
        """Return the distribution of a variable that is not kept."""
        return _sum([item.sketches[name] for item in self._results])


class FolderSource:
    """Results read from a run folder, variable by variable; files are verified when the run is written and resumed."""

    def __init__(self, store: RunStore, manifest: Mapping[str, Any]) -> None:
        self._store = store
        self._chunks = split(manifest["sampling"]["draws"], manifest["chunk_draws"])
        self._files = {int(path.name.split("-")[0]): path for path in sorted(store.chunks.glob("*-*.npz"))}
        self._kept = _Kept()

    def draws(self) -> IntArray:
        """Return the numbers of the finished draws, ascending."""
        ranges = [
            np.arange(item.start, item.stop, dtype=np.int64) for item in self._chunks if item.index in self._files
        ]
        return np.concatenate([np.zeros(0, np.int64), *ranges])

    def array(self, name: str) -> AnyArray:
        """Return a kept variable."""
        return self._kept.get(name, lambda: np.concatenate([self._read(path, name) for path in self._in_order]))

    @property
    def _in_order(self) -> list[Path]:
        return [path for _, path in sorted(self._files.items())]

    def _read(self, path: Path, name: str) -> AnyArray:
        if len(self._files) > OPEN_FILES:
            return read_member(path, name)
        with explained(path):
            array: AnyArray = self._archives[path][name]
        return array

    @functools.cached_property
    def _archives(self) -> dict[Path, Any]:
        opened = {}
        for path in self._in_order:
            with explained(path):
                opened[path] = np.load(path, allow_pickle=False)
        return opened

    def total(self, name: str) -> SketchTotal:
        """Return the distribution of a variable that is not kept."""
        return _sum([parts[name] for parts in self._distributions])

    @functools.cached_property
    def _distributions(self) -> list[dict[str, Sketch]]:
        return [read_sketches(path) for path in self._store.sketch_files()]


def _sum(parts: Sequence[Sketch]) -> SketchTotal:
    total = SketchTotal(len(parts[0].unknown))
    for part in parts:
        total.add(part)
    return total
