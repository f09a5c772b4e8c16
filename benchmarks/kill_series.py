"""Kill a run at twenty random moments, resume it, and compare with an undisturbed run bit by bit.

    ./run python benchmarks/kill_series.py          20 kills, the packaged case, 2,000 draws in chunks of 100
    ./run python benchmarks/kill_series.py 5        5 kills

Every other run keeps whole paths, every other one distributions, by threads and by processes in turn. The kill comes a
random time after a random number of chunks, so it falls into the start, a chunk, the writing of one, a merge or the
end.
A part of the series runs as a test on a toy world; this one takes the real model.
"""

from __future__ import annotations

import dataclasses
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.simulation.executors import executor_named
from cardhouse.simulation.manifest import RunPlan
from cardhouse.simulation.run import run_in_memory, start_run

DRAWS, CHUNKS = 2_000, 20
LONGEST_WAIT = 0.1
KINDS = (("paths", "threads"), ("draws", "threads"), ("draws", "processes"), ("paths", "processes"))


def plan(keep: str) -> RunPlan:
    """Return the run that is killed: small chunks, so that there are many moments that differ."""
    return dataclasses.replace(prepare(Request(draws=DRAWS, keep=keep)).plan(), chunk_draws=DRAWS // CHUNKS)


def child(keep: str, executor: str, folder: str) -> None:
    """Run in a process of its own."""
    ready = plan(keep)
    ready.world.prepare()
    print("ready", flush=True)
    start_run(ready, Path(folder), executor_named(executor, 2))


def begin(keep: str, executor: str, folder: Path) -> subprocess.Popen[str]:
    """Start the child and wait until it begins to compute."""
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\nif __name__ == '__main__':\n"
    code += f"    import kill_series\n    kill_series.child({keep!r}, {executor!r}, {str(folder)!r})\n"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def finished(folder: Path) -> int:
    """Count the chunks that are there in whole."""
    return len(list(folder.glob("chunks/[!.]*.npz")))


def main(kills: int) -> int:
    """Run the series; the exit code is 1 if any run ended differently."""
    seed = random.randrange(10**6)  # noqa: S311 the moment of a kill is no secret
    moment = random.Random(seed)  # noqa: S311 as above
    equal, interrupted = 0, 0
    whole = {keep: run_in_memory(plan(keep), executor_named("threads")).digest() for keep in ("paths", "draws")}
    for number in range(kills):
        keep, executor = KINDS[number % len(KINDS)]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "run"
            process = begin(keep, executor, folder)
            chunks = moment.randrange(CHUNKS)
            while finished(folder) < chunks and process.poll() is None:
                time.sleep(0.001)
            time.sleep(moment.random() * LONGEST_WAIT)
            process.send_signal(signal.SIGKILL)
            process.wait()
            before = finished(folder)
            run = start_run(plan(keep), folder, executor_named("threads"))
            same = run.complete and run.digest() == whole[keep]
        equal, interrupted = equal + same, interrupted + (before < CHUNKS)
        print(
            f"{number + 1:>2}  {keep:<5} {executor:<9} killed with {before:>2} of {CHUNKS} chunks: {same}", flush=True
        )
    print(f"{equal} of {kills} resumed runs equal the undisturbed one (seed {seed}); {interrupted} were cut short")
    return 0 if equal == kills else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
