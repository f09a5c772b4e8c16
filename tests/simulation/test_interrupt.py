from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from tests.simulation.toy import ToyWorld, plan

from cardhouse.simulation.interrupt import stop_on_interrupt
from cardhouse.simulation.run import open_run, run_in_memory, start_run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to one process")


def test_the_first_interrupt_ends_a_run_with_what_is_done(tmp_path: Path):
    told: list[str] = []

    class Interrupts:
        def begin(self, *_: object) -> None:
            os.kill(os.getpid(), signal.SIGINT)

        def advance(self, *_: object) -> None:
            told.append("advance")

    before = signal.getsignal(signal.SIGINT)
    with stop_on_interrupt(lambda: told.append("told")) as stop:
        run = start_run(plan(100, ToyWorld(delay=0.01)), tmp_path / "run", observer=Interrupts(), stop=stop)
    assert told == ["told"]
    assert not run.complete
    assert open_run(tmp_path / "run").manifest["state"] == "stopped"
    assert start_run(plan(100), tmp_path / "run").digest() == run_in_memory(plan(100)).digest()
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_interrupt_ends_at_once():
    with stop_on_interrupt(lambda: None):
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_another_thread_is_left_alone():
    seen: list[bool] = []

    def work() -> None:
        with stop_on_interrupt(lambda: None) as stop:
            seen.append(stop.is_set())

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
    assert signal.getsignal(signal.SIGINT) is before
