"""Compilation on two cores: a child process compiles the second half of a quarter beside the first half.

The compiler works on one core. A child compiles the settlement and what comes after it into the cache on disk;
meanwhile the decisions are compiled here, and then the entry point finds both. If the child fails, the entry
point compiles the rest itself: results never depend on who compiled.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading

import numpy as np

from cardhouse.basics.compiled import compile_for, is_on_disk
from cardhouse.model.audit import Audit
from cardhouse.model.chunk import judge_quarter, run_chunk
from cardhouse.model.gates import Gates
from cardhouse.model.layout import new_record, new_records
from cardhouse.model.ledger import Ledger
from cardhouse.model.opening import open_state
from cardhouse.model.outputs_layout import DrawOutputs, QuarterOutputs
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.recording import record_quarter
from cardhouse.model.settlement import new_clearing, settle
from cardhouse.model.state import State
from cardhouse.model.step import conclude, decide
from cardhouse.model.world import Shock, World


def compile_first_half() -> None:
    """Compile the opening, the decisions and what is kept of a quarter: half of the work."""
    world, gate, par = new_record(World), new_record(Gates), new_records(Parameters, 1)[0]
    state, ledger = new_records(State, 1)[0], new_records(Ledger, 1)[0]
    compile_for(decide, world, gate, par, new_records(Shock, 1)[0], state, ledger)
    compile_for(record_quarter, world, state, new_records(QuarterOutputs, 1)[0])
    compile_for(open_state, world, gate, par, state, np.zeros(1))


def compile_second_half() -> None:
    """Compile the settlement and what comes after it."""
    world, gate, par = new_record(World), new_record(Gates), new_records(Parameters, 1)[0]
    state, ledger = new_records(State, 1)[0], new_records(Ledger, 1)[0]
    compile_for(settle, world, gate, par, state, ledger, new_clearing())
    compile_for(conclude, world, gate, par, new_records(Shock, 1)[0], state, ledger)
    audit, outputs = new_records(Audit, 1)[0], new_records(DrawOutputs, 1)[0]
    compile_for(judge_quarter, world, state, state, ledger, audit, outputs)


_ONE_AT_A_TIME = threading.Lock()


def compile_ahead() -> None:
    """Compile both halves side by side, once in a process, unless the entry point is compiled already."""
    with _ONE_AT_A_TIME:
        _compile_halves()


@functools.cache
def _compile_halves() -> None:
    if is_on_disk(run_chunk) or (os.cpu_count() or 1) < 2:
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
        compile_first_half()
        child.wait()
    finally:
        child.terminate()
        child.wait()


if __name__ == "__main__":
    compile_second_half()
