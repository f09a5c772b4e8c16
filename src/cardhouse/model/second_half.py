"""Compilation on two cores: a child process compiles the second half of a quarter beside the first half.

The compiler works on one core. The entry point meets the parts of a quarter in their order, so while it is busy with
the decisions and the settlement, a child compiles what comes after them into the cache on disk, and the entry point
finds it there. If the child is late, the entry point compiles the rest itself: results never depend on who compiled.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cardhouse.basics.compiled import compile_for, is_on_disk
from cardhouse.model.audit import Audit
from cardhouse.model.chunk import judge_quarter, run_chunk
from cardhouse.model.gates import Gates
from cardhouse.model.layout import new_record, new_records
from cardhouse.model.ledger import Ledger
from cardhouse.model.outputs_layout import DrawOutputs, QuarterOutputs
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.recording import record_quarter
from cardhouse.model.state import State
from cardhouse.model.step import conclude
from cardhouse.model.world import Shock, World


def compile_second_half() -> None:
    """Compile what comes after settlement, the dearest part first."""
    world, state, ledger = new_record(World), new_records(State, 1)[0], new_records(Ledger, 1)[0]
    compile_for(
        conclude, world, new_record(Gates), new_records(Parameters, 1)[0], new_records(Shock, 1)[0], state, ledger
    )
    audit, outputs = new_records(Audit, 1)[0], new_records(DrawOutputs, 1)[0]
    compile_for(judge_quarter, world, state, state, ledger, audit, outputs)
    compile_for(record_quarter, world, state, new_records(QuarterOutputs, 1)[0])


@contextmanager
def helped_compilation() -> Iterator[None]:
    """Let a child process compile the second half for as long as the context lasts, if nothing is compiled yet."""
    if is_on_disk(run_chunk) or (os.cpu_count() or 1) < 2:
        yield
        return
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    child = subprocess.Popen(
        [sys.executable, "-m", "cardhouse.model.second_half"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        child.terminate()
        child.wait()


if __name__ == "__main__":
    compile_second_half()
