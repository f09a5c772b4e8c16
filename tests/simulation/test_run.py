from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.simulation.toy import ToyWorld, plan

from cardhouse.basics.errors import InputError, StoreError
from cardhouse.simulation.executors import Threads
from cardhouse.simulation.room import bytes_per_draw
from cardhouse.simulation.run import open_run, run_in_memory, start_run


class Hook:
    """Calls back when a run begins or advances."""

    def __init__(self, begin: Callable[[], object] = int, advance: Callable[[], object] = int) -> None:
        self._begin, self._advance = begin, advance

    def begin(self, *_: object) -> None:
        self._begin()

    def advance(self, *_: object) -> None:
        self._advance()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal 9")
@pytest.mark.parametrize(("keep", "executor"), [("paths", "threads"), ("draws", "threads"), ("draws", "processes")])
def test_a_run_killed_at_a_random_moment_goes_on_to_the_bits_of_an_undisturbed_one(
    keep: str, executor: str, tmp_path: Path, start_toy_run: Callable[..., subprocess.Popen[bytes]]
):
    folder = tmp_path / "run"
    moment = random.Random()  # noqa: S311 the moment of a kill is no secret
    process = start_toy_run(folder, keep, executor, moment.randint(1, 30))
    time.sleep(moment.random() * 0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = len(list(folder.glob("chunks/*.npz")))
    assert 0 < before < 40
    # readable at once, without what was at work
    assert open_run(folder).draws.size == 10 * before
    run = start_run(plan(400, keep=keep, chunk_draws=10), folder, Threads(2))
    assert run.complete
    assert run.digest() == run_in_memory(plan(400, keep=keep)).digest()


@pytest.mark.parametrize("keep", ["paths", "draws"])
@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "missing"])
def test_a_damaged_file_is_noticed_and_made_again(keep: str, damage: Any, tmp_path: Path):
    folder = tmp_path / "run"
    whole = start_run(plan(100, keep=keep, chunk_draws=10), folder).digest()
    for kind in ("chunks", "sketches"):
        files = sorted((folder / kind).glob("*.npz"))
        for path in files[3:5] if kind == "chunks" else files:
            content = path.read_bytes()
            path.unlink()
            if damage != "missing":
                middle = len(content) // 2
                flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
                path.write_bytes({"cut": content[:middle], "flip": flipped, "empty": b""}[damage])
    again = start_run(plan(100, keep=keep, chunk_draws=10), folder)
    assert again.complete
    assert again.digest() == whole


@pytest.mark.parametrize("damage", [["000002"], ["000004", "000009"]])
def test_a_chunk_made_again_after_its_distributions_were_merged_counts_once(damage: Any, tmp_path: Path):
    whole = start_run(plan(200, keep="draws", chunk_draws=10), tmp_path / "run")
    reference = whole.digest()
    assert list((tmp_path / "run").glob("sketches/merged-000016-*"))
    for index in damage:
        for path in (tmp_path / "run" / "chunks").glob(f"{index}-*"):
            path.unlink()
    assert start_run(plan(200, keep="draws", chunk_draws=10), tmp_path / "run").digest() == reference


def test_a_crash_between_merging_and_tidying_counts_nothing_twice(tmp_path: Path):
    folder = tmp_path / "run"
    stop = threading.Event()
    stop.set()
    start_run(plan(200, keep="draws", chunk_draws=10), folder, stop=stop)
    kept = tmp_path / "kept"

    def copy() -> None:
        shutil.copytree(folder / "sketches", kept, dirs_exist_ok=True)

    reference = start_run(plan(200, keep="draws", chunk_draws=10), folder, observer=Hook(advance=copy)).digest()
    assert len(list(folder.glob("sketches/*.npz"))) < len(list(kept.glob("*.npz")))
    shutil.copytree(kept, folder / "sketches", dirs_exist_ok=True)
    assert open_run(folder).digest() == reference
    assert start_run(plan(200, keep="draws", chunk_draws=10), folder).digest() == reference


@pytest.mark.parametrize(("draws", "files"), [(150, 15), (160, 1), (350, 4)])
def test_distributions_are_merged_when_there_are_many_files_of_them(draws: int, files: int, tmp_path: Path):
    run = start_run(plan(draws, keep="draws", chunk_draws=10), tmp_path / "run")
    assert len(list((tmp_path / "run").glob("sketches/*.npz"))) == files
    assert run.digest() == run_in_memory(plan(draws, keep="draws")).digest()


def test_what_many_short_lives_of_a_run_left_is_merged_too(tmp_path: Path):
    for life in range(1, 11):
        stop, done = threading.Event(), []

        def end_after_two(stop: threading.Event = stop, done: list[int] = done) -> None:
            done.append(1)
            if len(done) == 2:
                stop.set()

        run = start_run(
            plan(200, keep="draws", chunk_draws=10), tmp_path / "run", observer=Hook(advance=end_after_two), stop=stop
        )
        assert run.draws.size == 20 * life
        assert len(list((tmp_path / "run").glob("sketches/*.npz"))) < 16
    assert run.digest() == run_in_memory(plan(200, keep="draws")).digest()


def test_a_stopped_run_keeps_what_is_done_and_goes_on(tmp_path: Path):
    stop = threading.Event()

    seen: list[int] = []

    def stop_after_two() -> None:
        seen.append(1)
        if len(seen) == 2:
            stop.set()

    run = start_run(plan(100, chunk_draws=10), tmp_path / "run", observer=Hook(advance=stop_after_two), stop=stop)
    assert not run.complete
    assert run.manifest["state"] == "stopped"
    assert run.draws.tolist() == list(range(20))
    assert run.parameters.shape == (20, 4)
    assert sum(run.result_codes.values()) == 20
    assert run.summary("cash").known.max() <= 20
    assert start_run(plan(100, chunk_draws=10), tmp_path / "run").digest() == run_in_memory(plan(100)).digest()


def test_a_finished_run_is_opened_and_not_computed_again(tmp_path: Path):
    start_run(plan(50), tmp_path / "run")

    stamp = (tmp_path / "run" / "manifest.json").read_bytes()
    again = start_run(plan(50), tmp_path / "run", observer=Hook(begin=pytest.fail, advance=pytest.fail))
    assert again.complete
    assert (tmp_path / "run" / "manifest.json").read_bytes() == stamp


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"world": ToyWorld(shift=0.1)}, "other case, scenario or gates"),
        ({"draws": 51}, "other draws, seed or sampling"),
        ({"seed": 4}, "other draws, seed or sampling"),
        ({"keep": "draws"}, "other variables kept"),
    ],
)
def test_the_folder_of_another_run_is_left_alone(change: dict[str, Any], reason: str, tmp_path: Path):
    start_run(plan(50), tmp_path / "run")
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    draws = change.pop("draws", 50)
    with pytest.raises(StoreError, match=f"another run .{reason}"):
        start_run(plan(draws, **change), tmp_path / "run")
    assert before == {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}


def test_bytes_of_a_draw_are_those_of_the_chunk_files(tmp_path: Path):
    for keep in ("paths", "draws"):
        start_run(plan(1000, keep=keep, chunk_draws=1000), tmp_path / keep)
        size = sum(path.stat().st_size for path in (tmp_path / keep / "chunks").glob("*.npz"))
        assert size == pytest.approx(1000 * bytes_per_draw(plan(1000, keep=keep)), abs=4000)


def test_a_run_that_cannot_fit_on_the_disk_is_refused_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    few = plan(30, keep="paths", chunk_draws=10)
    free = 20 * bytes_per_draw(few)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises(StoreError, match=r"'30 draws'.*at least.*GB free.*--keep draws"):
        start_run(few, tmp_path / "new" / "run")
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10 * free))
    stop = threading.Event()
    start_run(few, tmp_path / "run", observer=Hook(advance=stop.set), stop=stop)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert start_run(few, tmp_path / "run").complete


def test_two_runs_may_not_write_one_folder(tmp_path: Path):
    folder = tmp_path / "run"
    inside, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        inside.set()
        go_on.wait(30)

    first = threading.Thread(target=start_run, args=(plan(30), folder), kwargs={"observer": Hook(begin=wait)})
    first.start()
    assert inside.wait(30)
    try:
        with pytest.raises(StoreError, match="another process is writing this run"):
            start_run(plan(30), folder)
    finally:
        go_on.set()
        first.join()
    assert open_run(folder).complete


def test_equal_runs_have_equal_manifests_apart_from_time_and_machine(tmp_path: Path):
    start_run(plan(30), tmp_path / "one")
    start_run(plan(30), tmp_path / "two", Threads(2))
    one, two = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("one", "two"))
    for volatile in ("created", "machine"):
        one.pop(volatile)
        two.pop(volatile)
    assert one == two
    assert one["state"] == "complete"


def test_names_of_run_folders_follow_from_the_plan():
    assert plan(30).name == plan(30).name
    assert plan(30).name.startswith("toy-base-")
    assert len({plan(30).name, plan(31).name, plan(30, seed=4).name, plan(30, ToyWorld(shift=1.0)).name}) == 4
    assert "/" not in plan(3, scenario="../../etc").name


def test_scenarios_are_compared_under_the_same_draws():
    one, other = run_in_memory(plan(40)), run_in_memory(plan(40, ToyWorld(shift=0.25)))
    np.testing.assert_array_equal(one.parameters, other.parameters)
    step = 0.25 * np.arange(1, 7)[None, :, None]
    np.testing.assert_allclose(
        other.results("cash") - one.results("cash"), np.broadcast_to(step, (40, 6, 3)), rtol=1e-9
    )


def test_failed_draws_are_counted_and_left_out_of_quantiles():
    run = run_in_memory(plan(300))
    assert run.result_codes[20] > 0
    assert run.summary("cash").known.max() == run.result_codes[0]
    everything = run_in_memory(plan(300, ToyWorld(fail_above=9.0)))
    assert everything.summary("cash").known.max() == 300


def test_a_variable_kept_as_distribution_says_how_to_get_its_paths():
    run = run_in_memory(plan(30, keep="draws"))
    with pytest.raises(InputError, match="--keep paths"):
        run.results("cash")
    with pytest.raises(InputError, match=r"no such variable.*cash"):
        run.summary("cahs")
    assert run.results("default_quarter").dtype == np.int16


def test_a_folder_without_a_run_is_told(tmp_path: Path):
    with pytest.raises(StoreError, match="no run in this folder"):
        open_run(tmp_path / "nothing")
