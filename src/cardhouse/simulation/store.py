"""The folder of a run: a manifest and one file per chunk, each named after its own checksum.

::

    runs/NAME/
        manifest.json                          what was asked, what it depends on, how far it is
        chunks/000012-<checksum>.npz           kept variables of one chunk of draws
        sketches/000012-<checksum>.npz         its distributions; in long runs until they are merged
        sketches/merged-000400-<checksum>.npz  distributions of many chunks (the list of them inside)
        results/*.parquet                      tables for other programs

A chunk is finished when its files are there and their content has the checksum in their names. Only one process writes,
held by a lock that the operating system gives back when the process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from cardhouse.basics.arrays import AnyArray
from cardhouse.basics.errors import Problem, StoreError
from cardhouse.simulation.atomic import checksum, explained, write_arrays, write_atomic
from cardhouse.simulation.chunk import ChunkResult
from cardhouse.simulation.sketch import Sketch
from cardhouse.simulation.sketch_file import arrays_of

MANIFEST = "manifest.json"
FORMAT = "cardhouse-run-3"
LOCK = ".lock"
_MERGED = "merged-"


class RunStore:
    """Reads and writes the files of one run folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chunks = folder / "chunks"
        self.sketches = folder / "sketches"
        # chunks whose distributions are in the folder, alone or merged: a chunk computed again must not count twice
        self._covered: set[int] = set()

    def manifest(self) -> dict[str, Any] | None:
        """Return the manifest; None when the folder is absent or empty.

        Raises
        ------
        StoreError
            When the folder holds something else than a run, or its manifest cannot be read.
        """
        path = self.folder / MANIFEST
        with explained(self.folder):
            if not self.folder.exists():
                return None
            if not self.folder.is_dir():
                self._refuse("it is a file, not a folder", "choose another folder with --out")
            if not path.exists():
                if any(item.name != LOCK and not item.name.endswith(".unfinished") for item in self.folder.iterdir()):
                    self._refuse("the folder holds something that is not a run", "choose another folder with --out")
                return None
            text = path.read_bytes()
        try:
            content = json.loads(text)
        except ValueError:
            self._refuse("its manifest.json is damaged", "remove the folder, or choose another with --out")
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            self._refuse(f"its manifest.json is not of format {FORMAT}", "open it with the version that wrote it")
        return dict(content)

    def _refuse(self, rule: str, remedy: str) -> None:
        raise StoreError("", (Problem(file=str(self.folder), rule=rule, remedy=remedy),))

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest atomically, creating the folder if need be."""
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        write_atomic(self.folder / MANIFEST, text.encode())

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run folder for writing.

        Raises
        ------
        StoreError
            When another process is writing into it.
        """
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = (self.folder / LOCK).open("a+b")
        with handle:
            if not _lock(handle):
                self._refuse("another process is writing this run", "wait for it, or choose another folder with --out")
            yield

    def write_chunk(self, result: ChunkResult) -> bool:
        """Store one chunk: its distributions first, so that the chunk file marks it as finished.

        Returns
        -------
        bool
            Whether its distributions were new; a chunk whose file was lost may still be in the merged ones.
        """
        new = bool(result.sketches) and result.chunk.index not in self._covered
        if new:
            write_arrays(self.sketches, f"{result.chunk.index:06d}", arrays_of(result.sketches))
            self._covered.add(result.chunk.index)
        write_arrays(self.chunks, f"{result.chunk.index:06d}", result.arrays)
        return new

    def finished_chunks(self, *, sketched: bool) -> dict[int, Path]:
        """Find the finished chunks, verify every file, and remove what is damaged or left over.

        Parameters
        ----------
        sketched : bool
            Whether a chunk also needs its distributions.

        Returns
        -------
        mapping of int to Path
            Chunk file by chunk index.
        """
        with explained(self.folder):
            for folder in (self.chunks, self.sketches):
                folder.mkdir(parents=True, exist_ok=True)
                for leftover in folder.glob(".*.unfinished"):
                    leftover.unlink(missing_ok=True)
            found = {int(path.name.split("-")[0]): path for path in self._intact(self.chunks)}
            if not sketched:
                return dict(sorted(found.items()))
            self._clean_sketches(found)
            return {index: path for index, path in sorted(found.items()) if index in self._covered}

    def _intact(self, folder: Path) -> list[Path]:
        good = []
        for path in sorted(folder.glob("*-*.npz")):
            if checksum(path.read_bytes()) == path.stem.rsplit("-", 1)[1]:
                good.append(path)
            else:
                path.unlink()
        return good

    def _clean_sketches(self, finished: Mapping[int, Path]) -> None:
        """Verify the distributions, and remove what a crash between two files has left."""
        self._intact(self.sketches)
        single, merged = self._sketch_index()
        single = {index: path for index, path in single.items() if index in finished}
        self._covered = set(single) | (_covers(merged) if merged else set())
        wanted = {*single.values(), merged}
        for path in self.sketches.glob("*-*.npz"):
            if path not in wanted:
                path.unlink()

    def _sketch_index(self) -> tuple[dict[int, Path], Path | None]:
        """Find the widest merged file, and the single files of chunks that it does not contain."""
        files = sorted(self.sketches.glob("*-*.npz"))
        merged = max((path for path in files if path.name.startswith(_MERGED)), default=None)
        covers = _covers(merged) if merged else set()
        single = {int(path.name.split("-")[0]): path for path in files if not path.name.startswith(_MERGED)}
        return {index: path for index, path in single.items() if index not in covers}, merged

    def unmerged(self) -> int:
        """Count the files of distributions that are in no merged one."""
        return len(self._sketch_index()[0])

    def sketch_files(self) -> tuple[Path, ...]:
        """Return the files of distributions that together hold every finished chunk once."""
        with explained(self.sketches):
            done = {int(path.name.split("-")[0]) for path in self.chunks.glob("*-*.npz")}
            single, merged = self._sketch_index()
            alone = [path for index, path in sorted(single.items()) if index in done]
            return (*((merged,) if merged else ()), *alone)

    def merge_sketches(self, totals: Mapping[str, Sketch]) -> None:
        """Replace the distributions of all chunks so far by their sum."""
        before = self.sketch_files()
        covers = {"covers": np.array(sorted(self._covered), np.int64)}
        path = write_arrays(self.sketches, f"{_MERGED}{len(self._covered):06d}", {**covers, **arrays_of(totals)})
        with explained(self.sketches):
            for old in before:
                if old != path:
                    old.unlink(missing_ok=True)


def _covers(merged: Path) -> set[int]:
    return {int(index) for index in read_member(merged, "covers")}


def read_member(path: Path, name: str) -> AnyArray:
    """Read one array of an ``.npz`` file."""
    with explained(path), np.load(path, allow_pickle=False) as archive:
        array: AnyArray = archive[name]
        return array


def _lock(handle: IO[bytes]) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
