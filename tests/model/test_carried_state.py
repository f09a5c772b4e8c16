"""What is not carried from quarter to quarter is written before it is read: results do not see what it held."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cardhouse.model.carried_state import CarriedState
from cardhouse.model.chunk import CARRIED
from cardhouse.model.layout import dtype_of, fields_of
from cardhouse.model.state import State

# Plain Python, because compiled code cannot be changed from outside: the copy at the start of a quarter also spoils
# everything that it leaves behind. At last it spoils one number too many: that must show, or the test is blind.
SNIPPET = """
import sys
import numpy as np
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.model import chunk
from cardhouse.model.gates import Gates
from cardhouse.model.layout import dtype_of, fields_of
from cardhouse.model.state import State

off = tuple(fields_of(Gates)) if sys.argv[1] == "off" else ()
plan = prepare(Request(scenarios=("RUN08",), off=off, draws=64, quarters=9)).plan()
rows, draws = plan.sampling.parameters(plan.marginals, 0, 64)[[13]], np.array([13])
kinds = [(name, kind) for name, (kind, _) in fields_of(State).items()]
layout = dtype_of(State)
spoiled = np.zeros(layout.itemsize // 8, np.int64)
for name, kind in kinds:
    begin, length = layout.fields[name][1] // 8, layout.fields[name][0].itemsize // 8
    spoiled[begin : begin + length] = -7 if kind is int else np.array(np.nan).view(np.int64)
honest = chunk.carry

def spoiling(words, source, target):
    honest(words, source, target)
    for place in (chunk.NOW, target) if source == chunk.NOW else (target,):
        words[place, chunk.CARRIED :] = spoiled[chunk.CARRIED :]

def run(carry):
    chunk.carry = carry
    found = plan.world.run(rows, draws)
    return b"".join(np.ascontiguousarray(found[name]).tobytes() for name in sorted(found)), found

before, found = run(honest)
after, _ = run(spoiling)
chunk.CARRIED -= 1
seen, _ = run(spoiling)
print(before == after, before != seen, int(found["defaults_count"][0]), int(found["result_code"][0]))
"""


def test_the_carried_part_lies_at_the_front_of_the_state() -> None:
    carried, whole = dtype_of(CarriedState), dtype_of(State)
    assert CARRIED * 8 == carried.itemsize < whole.itemsize
    assert all(whole.fields[name] == carried.fields[name] for name in fields_of(CarriedState))  # type: ignore[index]  # records have fields


@pytest.mark.parametrize("gates", ["on", "off"])
def test_a_quarter_reads_nothing_of_the_last_one_but_the_carried_part(gates: str) -> None:
    environment = {**os.environ, "CARDHOUSE_COMPILE": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SNIPPET, gates]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    same, seen, defaults, code = done.stdout.split()
    assert (same, seen, code) == ("True", "True", "0")
    assert gates == "off" or int(defaults) > 0
