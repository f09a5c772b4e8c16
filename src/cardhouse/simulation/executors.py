"""Where chunks are computed: in this thread, in threads, in processes, or on a cluster; the results are the same.

An executor yields finished chunks in any order. When asked to stop it hands out no new chunk, waits for those at work
and ends. A worker process that dies takes no finished chunk with it: its chunks are computed again by a fresh pool.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from typing import Protocol

from cardhouse.basics.compiled import compiling
from cardhouse.basics.errors import InputError, ModelError, Problem
from cardhouse.simulation.chunk import Chunk, ChunkResult, Job, compute_chunk

NAMES = ("auto", "serial", "threads", "processes", "dask", "dask:ADDRESS")
FRUITLESS_POOLS = 3
# How soon a request to stop is noticed while chunks are at work.
STOP_SECONDS = 0.2


class Executor(Protocol):
    """Computes chunks of a job."""

    @property
    def name(self) -> str:
        """How the user calls it."""

    @property
    def workers(self) -> int:
        """How many chunks are computed at once."""

    def compute(self, job: Job, chunks: Sequence[Chunk], stop: threading.Event) -> Iterator[ChunkResult]:
        """Yield the result of every chunk, in any order; after ``stop`` is set, only of those already handed out."""


def cores() -> int:
    """Count the processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def executor_named(name: str, workers: int | None = None) -> Executor:
    """Make an executor from its name.

    Parameters
    ----------
    name : str
        ``auto`` (threads when the model is compiled, because compiled code runs on all cores at once, else processes),
        ``serial``, ``threads``, ``processes``, ``dask`` (a cluster on this machine) or ``dask:ADDRESS``, for example
        ``dask:tcp://10.0.0.5:8786``.
    workers : int, optional
        All cores by default.

    Examples
    --------
    >>> executor_named("serial").name
    'serial'
    """
    if workers is not None and workers < 1:
        rule = "there is at least one worker"
        raise InputError("", (Problem(file="executor", key="workers", value=str(workers), rule=rule),))
    count = workers or cores()
    if name == "auto":
        name = "threads" if compiling() else "processes"
    if name == "serial":
        return Serial()
    if name == "threads":
        return Threads(count)
    if name == "processes":
        return Processes(count)
    if name == "dask" or name.startswith("dask:"):
        from cardhouse.simulation.cluster import Cluster

        return Cluster(name.removeprefix("dask").removeprefix(":"), workers)
    rule, remedy = "there is no such executor", f"use one of {', '.join(NAMES)}"
    raise InputError("", (Problem(file="executor", key="name", value=name, rule=rule, remedy=remedy),))


class Serial:
    """One chunk after another in the calling thread."""

    name = "serial"
    workers = 1

    def compute(self, job: Job, chunks: Sequence[Chunk], stop: threading.Event) -> Iterator[ChunkResult]:
        """Yield the chunks in order."""
        for chunk in chunks:
            if stop.is_set():
                return
            yield compute_chunk(job, chunk)


class Threads:
    """Threads of this process; worth it because compiled code releases the interpreter lock."""

    name = "threads"

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def compute(self, job: Job, chunks: Sequence[Chunk], stop: threading.Event) -> Iterator[ChunkResult]:
        """Yield chunks as they finish."""
        waiting = deque(chunks)
        with ThreadPoolExecutor(self.workers, thread_name_prefix="cardhouse") as pool:
            yield from _drain(lambda chunk: pool.submit(compute_chunk, job, chunk), waiting, self.workers + 1, stop)


class Processes:
    """Processes of this machine, started fresh (not forked), replaced when one dies."""

    name = "processes"

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def compute(self, job: Job, chunks: Sequence[Chunk], stop: threading.Event) -> Iterator[ChunkResult]:
        """Yield chunks as they finish; after the death of a worker go on with a new pool.

        Raises
        ------
        ModelError
            When several pools in a row die without finishing one chunk.
        """
        waiting = deque(chunks)
        fruitless = 0
        while waiting and not stop.is_set():
            finished_before = len(waiting)
            try:
                yield from self._one_pool(job, waiting, stop)
            except BrokenExecutor:
                fruitless = fruitless + 1 if len(waiting) == finished_before else 0
                if fruitless >= FRUITLESS_POOLS:
                    cause = "is there enough memory? Use fewer workers, or --executor serial to see the cause"
                    raise ModelError(f"worker processes die before they finish a chunk: {cause}") from None

    def _one_pool(self, job: Job, waiting: deque[Chunk], stop: threading.Event) -> Iterator[ChunkResult]:
        prepare(job)
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.workers, context, initializer=_begin_worker, initargs=(job,))
        try:
            yield from _drain(lambda chunk: pool.submit(_compute_in_worker, chunk), waiting, self.workers + 1, stop)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def prepare(job: Job) -> None:
    """Let a world do once, before workers start, what each of them would otherwise repeat, such as compiling."""
    ready = getattr(job.world, "prepare", None)
    if ready is not None:
        ready()


def _drain(
    submit: Callable[[Chunk], Future[ChunkResult]], waiting: deque[Chunk], window: int, stop: threading.Event
) -> Iterator[ChunkResult]:
    """Keep ``window`` chunks at work and yield results; on an error put unfinished chunks back before raising."""
    at_work: dict[Future[ChunkResult], Chunk] = {}
    try:
        while waiting or at_work:
            while waiting and len(at_work) < window and not stop.is_set():
                future = submit(waiting[0])  # may find that the pool is dead: the chunk must still be waiting then
                at_work[future] = waiting.popleft()
            if stop.is_set():
                _take_back(at_work, waiting)
            if not at_work:
                return
            finished, _ = wait(at_work, timeout=STOP_SECONDS, return_when=FIRST_COMPLETED)
            # results first: a dead worker fails all futures at once, and what was finished before must not be lost
            for future in sorted(finished, key=lambda item: item.exception() is not None):
                result = future.result()
                del at_work[future]
                yield result
    finally:
        for future in at_work:
            future.cancel()
        waiting.extendleft(sorted(at_work.values(), reverse=True))


def _take_back(at_work: dict[Future[ChunkResult], Chunk], waiting: deque[Chunk]) -> None:
    """Call off the chunks that no worker has begun."""
    for future in [future for future in at_work if future.cancel()]:
        waiting.appendleft(at_work.pop(future))


_job_of_worker: list[Job] = []


def _begin_worker(job: Job) -> None:
    """Prepare a worker process: keep the job, leave Ctrl-C to the parent, end when the parent has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _job_of_worker[:] = [job]
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _compute_in_worker(chunk: Chunk) -> ChunkResult:
    return compute_chunk(_job_of_worker[0], chunk)
