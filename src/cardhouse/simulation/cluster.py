"""The distributed engine: Dask ``distributed``, on this machine or at the address of a scheduler.

It needs the extra ``distributed``. Tasks are one named function with plain arguments. Every worker must have the same
source text and numerical libraries as this process, otherwise results could differ in the last digit; that is checked
before the first chunk.
"""

from __future__ import annotations

import functools
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from cardhouse.basics.errors import InputError, ModelError, Problem, missing_extra
from cardhouse.simulation.chunk import Chunk, ChunkResult, Job, compute_chunk
from cardhouse.simulation.digest import code_digest, library_versions

LOST_WORKERS_PER_CHUNK = 20
JOIN_SECONDS = 15


class Cluster:
    """Dask workers.

    Parameters
    ----------
    address : str
        Address of a scheduler, for example ``tcp://10.0.0.5:8786`` or ``tls://…``; empty to start a cluster on this
        machine that listens on the loopback address only.
    workers : int, optional
        Number of worker processes of a cluster on this machine; all cores by default.
    """

    def __init__(self, address: str = "", workers: int | None = None) -> None:
        from cardhouse.simulation.executors import cores

        self.address = address
        self.workers = workers or cores()
        self.name = f"dask:{address}" if address else "dask"

    def compute(self, job: Job, chunks: Sequence[Chunk], stop: threading.Event) -> Iterator[ChunkResult]:
        """Yield chunks as they finish; chunks of a lost worker are computed again by another.

        Raises
        ------
        MissingExtraError
            Without the extra ``distributed``.
        InputError
            When the scheduler does not answer.
        ModelError
            When the cluster has no worker, or one with other source text or libraries.
        """
        try:
            import distributed
        except ImportError:
            raise missing_extra("distributed", "the executor 'dask'") from None
        import dask

        from cardhouse.simulation.executors import prepare

        if not self.address:
            prepare(job)
        settings = {"distributed.scheduler.allowed-failures": LOST_WORKERS_PER_CHUNK}
        with dask.config.set(settings), self._client(distributed) as client:
            self._check(client)
            yield from self._stream(distributed, client, (job, chunks), stop)

    def _client(self, distributed: Any) -> Any:
        if self.address:
            try:
                return distributed.Client(self.address, timeout=JOIN_SECONDS, set_as_default=False)
            except (OSError, ValueError) as reason:
                rule = f"the scheduler does not answer: {str(reason).splitlines()[0]}"
                remedy = "give an address such as dask:tcp://10.0.0.5:8786"
                problem = Problem(file="executor", key="address", value=self.address, rule=rule, remedy=remedy)
                raise InputError("", (problem,)) from None
        return distributed.Client(
            n_workers=self.workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            set_as_default=False,
            silence_logs=50,
        )

    def _check(self, client: Any) -> None:
        answers = client.run(worker_versions)
        if not answers:
            where = self.address or "this machine"
            raise ModelError(f"the cluster at {where} has no worker: start one with: dask worker {where}")
        own = worker_versions()
        for worker, versions in sorted(answers.items()):
            differing = sorted(name for name in own if versions.get(name) != own[name])
            if differing:
                told = ", ".join(f"{name} {versions.get(name)} (here {own[name]})" for name in differing)
                raise ModelError(f"worker {worker} differs: {told}. Install the same cardhouse and libraries there.")
        if self.address:
            self.workers = sum(client.nthreads().values())

    def _stream(
        self, distributed: Any, client: Any, work: tuple[Job, Sequence[Chunk]], stop: threading.Event
    ) -> Iterator[ChunkResult]:
        job, chunks = work
        packed: bytes = distributed.protocol.pickle.dumps(job)
        waiting = deque(chunks)
        at_work: dict[Any, Chunk] = {}
        finished = distributed.as_completed(loop=client.loop)
        lost = 0
        while waiting or at_work:
            while waiting and len(at_work) < 2 * self.workers and not stop.is_set():
                # the job goes along with every task: data kept on workers would be lost with them
                future = client.submit(compute_packed, packed, waiting[0], pure=False)
                at_work[future] = waiting.popleft()
                finished.add(future)
            if not at_work:
                return
            done = next(finished)
            chunk = at_work.pop(done)
            result = self._result(distributed, done)
            if result is not None:
                lost = 0
                yield result
                continue
            lost += 1
            if lost > LOST_WORKERS_PER_CHUNK:
                raise ModelError("the cluster loses tasks before it finishes one: look at the log of its scheduler")
            waiting.appendleft(chunk)

    def _result(self, distributed: Any, done: Any) -> ChunkResult | None:
        """Return the result of a finished task; None when the cluster lost it."""
        try:
            result: ChunkResult = done.result(timeout=JOIN_SECONDS)
        except distributed.CancelledError:
            return None
        except distributed.KilledWorker as reason:
            cause = "is there enough memory? Use fewer draws per chunk, or --executor serial to see the cause"
            raise ModelError(f"workers die on draws of one chunk: {cause} ({reason.task})") from None
        return result


@functools.lru_cache(maxsize=2)
def _unpacked(job: bytes) -> Job:
    from distributed.protocol import pickle

    unpacked: Job = pickle.loads(job)  # type: ignore[no-untyped-call]  # Dask gives no types
    return unpacked


def compute_packed(job: bytes, chunk: Chunk) -> ChunkResult:
    """Compute a chunk on a worker, which unpacks a job once and keeps its memory from one chunk to the next.

    Parameters
    ----------
    job : bytes
        A packed :class:`~cardhouse.simulation.chunk.Job`.
    chunk : Chunk
        The draws.
    """
    return compute_chunk(_unpacked(job), chunk)


def worker_versions() -> dict[str, str]:
    """Return what must be the same on every worker: the hash of the source text, and library versions."""
    return {"cardhouse": code_digest(), **library_versions()}
