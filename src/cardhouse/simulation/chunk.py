"""The unit of work: a consecutive range of draws, computed anywhere, with a result that says which draws it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.errors import ModelError
from cardhouse.simulation.designs import Design
from cardhouse.simulation.marginals import Marginals
from cardhouse.simulation.retention import RESULT_CODE, Retention
from cardhouse.simulation.sketch import Sketch, SketchTotal
from cardhouse.simulation.world import OutputVariable, World, shape_of

SMALLEST_CHUNK = 25
LARGEST_CHUNK = {"paths": 250, "draws": 5_000}
CHUNKS_OF_A_RUN = {"paths": 20, "draws": 6}
# Draws simulated at once inside a chunk, at most: bounds the memory of full paths that are only counted, 130 KB a draw.
# With fewer at once the counters travel to the processor more often.
BATCH = 1_000
# Draws of a chunk that the small counters of its distributions can hold.
MOST_OF_A_CHUNK = 2**16 - 1

Run: TypeAlias = Callable[[FloatArray, IntArray], Mapping[str, AnyArray]]


@dataclass(frozen=True, order=True)
class Chunk:
    """Draws ``start`` to ``stop - 1``; ``index`` counts chunks from 0."""

    index: int
    start: int
    stop: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """All that a worker needs: the world, its priors, the sampling plan and what to keep."""

    world: World
    marginals: Marginals
    sampling: Design
    retention: Retention
    desks: list[Desk] = field(default_factory=list, compare=False, repr=False)
    """Memory of workers that are idle; a worker takes one for a chunk and puts it back."""

    def __getstate__(self) -> dict[str, Any]:
        """Travel without the memory of workers."""
        return {**self.__dict__, "desks": []}


class Desk:
    """Memory of one worker: getting it from the system anew for every chunk costs more than filling it."""

    def __init__(self, job: Job, most: int) -> None:
        world = job.world
        sketched = job.retention.sketched(world.outputs)
        self.keep = not sketched
        make: Callable[..., Run] | None = getattr(world, "runner", None)
        self.run: Run = world.run if make is None else make(keep=self.keep)
        self.totals = {item.name: SketchTotal(_cells(world, item), most) for item in sketched}


@dataclass(frozen=True, kw_only=True)
class ChunkResult:
    """What a worker hands back.

    Parameters
    ----------
    chunk : Chunk
        The draws.
    arrays : mapping of str to array
        Kept variables, each of shape ``(draw, *dims)``.
    sketches : mapping of str to Sketch
        Distributions of the other variables, over draws whose result code is 0.
    codes : mapping of int to int
        Number of draws by result code.
    """

    chunk: Chunk
    arrays: Mapping[str, AnyArray]
    sketches: Mapping[str, Sketch] = field(default_factory=dict)
    codes: Mapping[int, int] = field(default_factory=dict)


def default_chunk_draws(draws: int, keep: str) -> int:
    """Choose the size of a chunk: small runs give every core something to do, large ones keep the store light.

    >>> default_chunk_draws(500, "paths"), default_chunk_draws(10_000, "draws"), default_chunk_draws(1_000_000, "draws")
    (25, 1667, 5000)
    """
    return min(max(-(-draws // CHUNKS_OF_A_RUN[keep]), SMALLEST_CHUNK), LARGEST_CHUNK[keep])


def quick_chunk_draws(draws: int, keep: str, workers: int) -> int:
    """Choose the size of a chunk where nothing is stored: a few chunks per worker, so that none waits long.

    >>> quick_chunk_draws(500, "paths", 2), quick_chunk_draws(10, "paths", 2)
    (63, 25)
    """
    return min(max(-(-draws // (4 * workers)), SMALLEST_CHUNK), LARGEST_CHUNK[keep])


def split(draws: int, size: int) -> tuple[Chunk, ...]:
    """Cut the draws of a run into chunks.

    >>> split(5, 2)
    (Chunk(index=0, start=0, stop=2), Chunk(index=1, start=2, stop=4), Chunk(index=2, start=4, stop=5))
    """
    starts = range(0, draws, size)
    return tuple(Chunk(index, start, min(start + size, draws)) for index, start in enumerate(starts))


def compute_chunk(job: Job, chunk: Chunk) -> ChunkResult:
    """Run the draws of one chunk.

    Raises
    ------
    ModelError
        When the world does not return what its register of outputs promises.
    """
    desk = _take_desk(job, chunk)
    parts: dict[str, list[AnyArray]] = {item.name: [] for item in job.retention.kept(job.world.outputs)}
    codes: Counter[int] = Counter()
    rows = job.sampling.parameters(job.marginals, chunk.start, chunk.stop)
    news = job.sampling.news_ids(np.arange(chunk.start, chunk.stop, dtype=np.int64))
    batch = len(news) if desk.keep else _even(len(news), BATCH)
    for start in range(0, len(news), batch):
        arrays = _run_batch(job.world, desk.run, rows[start : start + batch], news[start : start + batch])
        code = arrays[RESULT_CODE]
        codes.update(code.tolist())
        for name, pieces in parts.items():
            pieces.append(arrays[name] if desk.keep else arrays[name].copy())
        for name, total in desk.totals.items():
            values = arrays[name] if not code.any() else arrays[name][code == 0]
            total.count(values.reshape(values.shape[0], -1))
    result = ChunkResult(
        chunk=chunk,
        arrays={name: _joined(pieces) for name, pieces in parts.items()},
        sketches={name: total.take() for name, total in desk.totals.items()},
        codes=dict(sorted(codes.items())),
    )
    _put_back(job, chunk, desk)
    return result


def _even(draws: int, most: int) -> int:
    """Choose parts of equal size."""
    return -(-draws // max(1, -(-draws // most)))


def _take_desk(job: Job, chunk: Chunk) -> Desk:
    if chunk.stop - chunk.start > MOST_OF_A_CHUNK:
        return Desk(job, 2**32 - 1)
    try:
        return job.desks.pop()
    except IndexError:
        return Desk(job, MOST_OF_A_CHUNK)


def _put_back(job: Job, chunk: Chunk, desk: Desk) -> None:
    if chunk.stop - chunk.start <= MOST_OF_A_CHUNK:
        job.desks.append(desk)


def _cells(world: World, item: OutputVariable) -> int:
    return int(np.prod(shape_of(item, world.coordinates), dtype=np.int64))


def _joined(pieces: list[AnyArray]) -> AnyArray:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def _run_batch(world: World, run: Run, rows: FloatArray, news: IntArray) -> dict[str, AnyArray]:
    outcome = run(rows, news)
    return {item.name: _checked(world, item, outcome, len(news)) for item in world.outputs}


def _checked(world: World, item: OutputVariable, outcome: Mapping[str, AnyArray], draws: int) -> AnyArray:
    if item.name not in outcome:
        raise ModelError(f"the model returned no variable '{item.name}', though its register has one")
    array = np.asarray(outcome[item.name])
    expected = (draws, *shape_of(item, world.coordinates))
    if array.shape != expected:
        raise ModelError(f"the model returned '{item.name}' with shape {array.shape}; its register says {expected}")
    return array.astype(item.dtype, copy=False)
