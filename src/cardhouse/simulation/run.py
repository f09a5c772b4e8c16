"""Start, resume and open a run: scenario x draws, computed by any executor, kept in a folder or in memory."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cardhouse.basics.errors import ModelError, Problem, StoreError
from cardhouse.simulation.chunk import Chunk, ChunkResult, quick_chunk_draws, split
from cardhouse.simulation.executors import Executor, Serial
from cardhouse.simulation.manifest import RunPlan, first_manifest
from cardhouse.simulation.progress import Observer, Silent
from cardhouse.simulation.results import Run
from cardhouse.simulation.retention import RESULT_CODE
from cardhouse.simulation.room import check_room
from cardhouse.simulation.sketch import Sketch, SketchTotal
from cardhouse.simulation.sketch_file import read_sketches
from cardhouse.simulation.source import FolderSource, MemorySource
from cardhouse.simulation.store import RunStore, read_member
from cardhouse.simulation.world import World

MERGE_EVERY = 16
"""Chunks whose distributions are merged into one file; a run of fewer leaves them as they are."""


def run_in_memory(plan: RunPlan, executor: Executor | None = None, stop: threading.Event | None = None) -> Run:
    """Compute a run without writing anything, for short runs and for programs that keep their own books.

    Parameters
    ----------
    plan : RunPlan
    executor : Executor, optional
        Serial by default.
    stop : threading.Event, optional
        Set it to end early; the run then holds the draws that were finished.
    """
    _check_world(plan.world)
    executor = executor or Serial()
    size = plan.chunk_draws or quick_chunk_draws(plan.sampling.draws, plan.retention.keep, executor.workers)
    chunks = split(plan.sampling.draws, size)
    results = list(executor.compute(plan.job, chunks, stop or threading.Event()))
    results.sort(key=lambda result: result.chunk)
    manifest = first_manifest(plan)
    _count(manifest, ((result.chunk, result.codes) for result in results))
    return Run(manifest, MemorySource(results))


def start_run(
    plan: RunPlan,
    folder: Path,
    executor: Executor | None = None,
    observer: Observer | None = None,
    stop: threading.Event | None = None,
) -> Run:
    """Compute what a run folder lacks and return the run; chunks already there are verified and kept.

    Starting and resuming are the same: call it again with the same plan after a crash or Ctrl-C.

    Parameters
    ----------
    plan : RunPlan
    folder : Path
        New, empty, or begun with the same plan.
    executor, observer : optional
        Serial and silent by default.
    stop : threading.Event, optional
        Set it to end early with what is done.

    Raises
    ------
    StoreError
        When the folder holds something else, is being written by another process, or cannot be written, and when the
        disk has no room for the draws that are missing.
    """
    _check_world(plan.world)
    store = RunStore(folder)
    begun = store.manifest()
    _check_same(plan, begun, folder)
    finished = 0 if begun is None else len(list(store.chunks.glob("*-*.npz"))) * begun["chunk_draws"]
    check_room(plan, folder, finished)
    with store.locked():
        manifest = store.manifest() or first_manifest(plan)
        if manifest["state"] == "complete" and _all_there(store, manifest):
            return open_run(folder)
        manifest["state"] = "running"
        store.write_manifest(manifest)
        work = _Writer(plan, store, manifest, observer or Silent())
        work.run(executor or Serial(), stop or threading.Event())
    return open_run(folder)


def open_run(folder: Path) -> Run:
    """Open a run folder for reading; a run that is not complete holds the draws finished so far.

    Raises
    ------
    StoreError
        When there is no run in the folder.
    """
    store = RunStore(folder)
    manifest = store.manifest()
    if manifest is None:
        rule, remedy = "there is no run in this folder", "list the runs with: cardhouse runs list"
        raise StoreError("", (Problem(file=str(folder), rule=rule, remedy=remedy),))
    return Run(manifest, FolderSource(store, manifest))


def _check_world(world: World) -> None:
    if RESULT_CODE not in {item.name for item in world.outputs}:
        raise ModelError(f"the register of outputs has no variable '{RESULT_CODE}', so failed draws could not be told")


def _check_same(plan: RunPlan, manifest: Mapping[str, Any] | None, folder: Path) -> None:
    if manifest is None or manifest["fingerprint"] == plan.fingerprint:
        return
    rule, remedy = f"the folder holds another run ({_difference(plan, manifest)})", "choose another folder with --out"
    raise StoreError("", (Problem(file=str(folder), rule=rule, remedy=remedy),))


def _difference(plan: RunPlan, manifest: Mapping[str, Any]) -> str:
    now = first_manifest(plan)
    words = {
        "code": "the program has changed since",
        "libraries": "numerical libraries have changed since",
        "world": "other case, scenario or gates",
        "parameters": "other priors",
        "sampling": "other draws, seed or sampling",
        "keep": "other variables kept",
        "also": "other variables kept",
    }
    found = dict.fromkeys(text for key, text in words.items() if now[key] != manifest.get(key))
    return ", ".join(found) or "other inputs"


def _all_there(store: RunStore, manifest: Mapping[str, Any]) -> bool:
    chunks = split(manifest["sampling"]["draws"], manifest["chunk_draws"])
    needs_sketches = any(item["sketched"] for item in manifest["variables"])
    return len(store.finished_chunks(sketched=needs_sketches)) == len(chunks)


def _count(manifest: dict[str, Any], finished: Iterable[tuple[Chunk, Mapping[int, int]]]) -> None:
    codes: Counter[int] = Counter()
    for _, part in finished:
        codes.update(part)
    manifest["draws_done"] = sum(codes.values())
    manifest["result_codes"] = {str(code): count for code, count in sorted(codes.items())}
    done = manifest["draws_done"] == manifest["sampling"]["draws"]
    manifest["state"] = "complete" if done else "stopped"


class _Writer:
    """Stores chunks as they come and merges their distributions from time to time."""

    def __init__(self, plan: RunPlan, store: RunStore, manifest: dict[str, Any], observer: Observer) -> None:
        self.plan, self.store, self.manifest, self.observer = plan, store, manifest, observer
        self.names = [item.name for item in plan.retention.sketched(plan.world.outputs)]
        self.codes: dict[Chunk, Mapping[int, int]] = {}
        self.totals: dict[str, SketchTotal] = {}

    def run(self, executor: Executor, stop: threading.Event) -> None:
        """Compute the chunks that are missing; whatever happens, the manifest says what is there."""
        chunks = split(self.plan.sampling.draws, self.manifest["chunk_draws"])
        finished = self.store.finished_chunks(sketched=bool(self.names))
        for chunk in chunks:
            if chunk.index in finished:
                codes = read_member(finished[chunk.index], RESULT_CODE)
                self.codes[chunk] = Counter(int(code) for code in codes)
        missing = [chunk for chunk in chunks if chunk.index not in finished]
        self.observer.begin(self.plan.sampling.draws, sum(chunk.stop - chunk.start for chunk in self.codes))
        try:
            self._store(executor.compute(self.plan.job, missing, stop))
        finally:
            _count(self.manifest, self.codes.items())
            self.store.write_manifest(self.manifest)

    def _store(self, results: Iterator[ChunkResult]) -> None:
        # what is in the folder is read when it is merged, which a short run never is
        before = self.store.sketch_files() if self.names else ()
        unmerged = self.store.unmerged() if self.names else 0
        new: list[Mapping[str, Sketch]] = []
        for result in results:
            if self.store.write_chunk(result):
                new.append(result.sketches)
                unmerged += 1
            self.codes[result.chunk] = result.codes
            self.observer.advance(result.chunk.stop - result.chunk.start, result.codes)
            if unmerged >= MERGE_EVERY:
                for parts in itertools.chain(map(read_sketches, before), new):
                    self._add(parts)
                self.store.merge_sketches({name: total.sketch() for name, total in self.totals.items()})
                before, new, unmerged = (), [], 0

    def _add(self, parts: Mapping[str, Sketch]) -> None:
        for name, part in parts.items():
            if name not in self.totals:
                self.totals[name] = SketchTotal(len(part.unknown), self.plan.sampling.draws)
            self.totals[name].add(part)
