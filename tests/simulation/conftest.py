from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from pathlib import Path
from cardhouse.simulation.executors import executor_named
from cardhouse.simulation.run import start_run
from tests.simulation.toy import ToyWorld, plan

if __name__ == "__main__":
    folder, keep, executor = sys.argv[1:]
    start_run(plan(400, ToyWorld(delay=0.02), keep=keep, chunk_draws=10), Path(folder), executor_named(executor, 2))
"""


@pytest.fixture
def start_toy_run(tmp_path: Path):
    """Start the toy run in another process, wait until some chunks are there, and hand the process over."""

    def start(folder: Path, keep: str, executor: str, chunks: int) -> subprocess.Popen[bytes]:
        script = tmp_path / "toy_run.py"
        script.write_text(SCRIPT)
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        process = subprocess.Popen([sys.executable, str(script), str(folder), keep, executor], env=environment)
        deadline = time.monotonic() + 60
        while len(list(folder.glob("chunks/*.npz"))) < chunks and process.poll() is None:
            assert time.monotonic() < deadline, "the run did not get going"
            time.sleep(0.005)
        return process

    return start
