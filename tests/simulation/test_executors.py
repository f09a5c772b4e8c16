"""One suite for every executor: same results as the serial one, also when a worker is killed in the middle."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.simulation.toy import Deadly, ToyWorld, plan

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import InputError, ModelError
from cardhouse.simulation.chunk import compute_chunk, split
from cardhouse.simulation.executors import Processes, Threads, executor_named
from cardhouse.simulation.run import run_in_memory, start_run


@pytest.mark.parametrize("keep", ["paths", "draws"])
@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("chunk_draws", [13, 93, 250])
def test_threads_give_the_bits_of_the_serial_run(keep: str, workers: int, chunk_draws: int):
    reference = run_in_memory(plan(300, keep=keep)).digest()
    found = run_in_memory(plan(300, keep=keep, chunk_draws=chunk_draws), Threads(workers)).digest()
    assert found == reference


@pytest.mark.parametrize(("executor", "keep"), [("processes", "paths"), ("dask", "draws")])
def test_a_killed_worker_loses_no_result(executor: str, keep: str, tmp_path: Path):
    if executor == "dask":
        pytest.importorskip("distributed")
    markers = tmp_path / "markers"
    markers.mkdir()
    world = Deadly(markers=str(markers), kills=1)
    run = start_run(plan(120, world, keep=keep, chunk_draws=13), tmp_path / "run", executor_named(executor, 2))
    assert len(list(markers.iterdir())) == 1
    assert run.complete
    assert run.digest() == run_in_memory(plan(120, keep=keep)).digest()


def test_workers_that_always_die_end_in_a_clear_message(tmp_path: Path):
    world = Deadly(markers=str(tmp_path), kills=99)
    with pytest.raises(ModelError, match="worker processes die before they finish a chunk"):
        run_in_memory(plan(20, world), Processes(1))


class Broken(ToyWorld):
    def run(self, parameters: FloatArray, draw_ids: IntArray):
        raise ModelError(f"draw {int(draw_ids[0])} of {len(parameters)} is impossible")


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_an_error_of_the_model_reaches_the_caller(executor: str):
    with pytest.raises(ModelError, match=r"draw \d+ of \d+ is impossible"):
        run_in_memory(plan(60, Broken()), executor_named(executor, 2))


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_a_stopped_executor_finishes_what_it_began_and_no_more(executor: str):
    stop = threading.Event()
    chunks = split(400, 10)
    seen = []
    for result in executor_named(executor, 2).compute(plan(400, ToyWorld(delay=0.01)).job, chunks, stop):
        seen.append(result.chunk)
        stop.set()
    assert 1 <= len(seen) <= 4


@pytest.mark.parametrize("name", ["gpu", "", "Threads"])
def test_an_unknown_executor_is_told_with_those_there_are(name: str):
    with pytest.raises(InputError, match=r"no such executor.*processes"):
        executor_named(name)


def test_no_workers_are_refused():
    with pytest.raises(InputError, match="at least one worker"):
        executor_named("threads", 0)


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("cardhouse.simulation.cluster.JOIN_SECONDS", 1)
    with pytest.raises(InputError, match=r"tcp://127.0.0.1:9.*scheduler does not answer"):
        run_in_memory(plan(5), executor_named("dask:tcp://127.0.0.1:9"))


def test_a_world_that_breaks_its_promise_is_refused():
    class Short(ToyWorld):
        def run(self, parameters: FloatArray, draw_ids: IntArray):
            return {**super().run(parameters, draw_ids), "cash": parameters}

    with pytest.raises(ModelError, match=r"'cash' with shape \(25, 4\); its register says \(25, 6, 3\)"):
        run_in_memory(plan(60, Short()))


def test_a_worker_of_the_cluster_unpacks_a_job_once_and_keeps_its_memory(monkeypatch: pytest.MonkeyPatch):
    packing = pytest.importorskip("distributed").protocol.pickle
    from cardhouse.simulation import cluster

    desks = []
    monkeypatch.setattr(cluster, "compute_chunk", lambda job, chunk: desks.append(id(job)) or compute_chunk(job, chunk))
    job = plan(26, keep="draws").job
    found = [cluster.compute_packed(packing.dumps(job), chunk) for chunk in split(26, 13)]
    assert len(desks) == 2
    assert len(set(desks)) == 1
    assert [part.codes for part in found] == [compute_chunk(job, chunk).codes for chunk in split(26, 13)]
