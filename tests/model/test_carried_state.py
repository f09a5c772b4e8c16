"""What is not carried from quarter to quarter is written before it is read: results do not see what it held."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.model.carried_state import OPENED, CarriedState, carried_runs
from cardhouse.model.layout import dtype_of, fields_of
from cardhouse.model.opened_state import OpenedState
from cardhouse.model.replay import state_after
from cardhouse.model.state import State
from cardhouse.model.tallied_state import TalliedState

# Plain Python, because compiled code cannot be changed from outside: the copy at the start of a quarter also spoils
# everything that it leaves behind, but what the opening fixed, and in the draw itself what it adds up. At last it
# spoils one number too many: that must show, or the test is blind.
SNIPPET = """
import sys
import numpy as np
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.model import chunk
from cardhouse.model.gates import Gates
from cardhouse.model.layout import dtype_of, fields_of
from cardhouse.model.carried_state import CarriedState
from cardhouse.model.state import State
from cardhouse.model.tallied_state import TalliedState

off = tuple(fields_of(Gates)) if sys.argv[1] == "off" else ()
plan = prepare(Request(scenarios=("RUN08",), off=off, draws=64, quarters=9)).plan()
rows, draws = plan.sampling.parameters(plan.marginals, 0, 64)[[13]], np.array([13])
kinds = [(name, kind) for name, (kind, _) in fields_of(State).items()]
layout = dtype_of(State)
spoiled = np.zeros(layout.itemsize // 8, np.int64)
for name, kind in kinds:
    begin, length = layout.fields[name][1] // 8, layout.fields[name][0].itemsize // 8
    spoiled[begin : begin + length] = -7 if kind is int else np.array(np.nan).view(np.int64)
tallied = np.zeros(layout.itemsize // 8, bool)
for name in set(fields_of(TalliedState)) - set(fields_of(CarriedState)):
    begin, length = layout.fields[name][1] // 8, layout.fields[name][0].itemsize // 8
    tallied[begin : begin + length] = True
honest = chunk.carry
opened, worth = chunk.OPENED, layout.fields["gap_before"][1] // 8

def left_behind(runs, words):
    # the copy moves a one to all numbers but these
    marks = np.zeros((2, words.shape[1]), np.int64)
    marks[0] = 1
    honest(runs, marks, 0, 1)
    left = marks[1] == 0
    left[:opened] = False
    left[worth] |= too_many
    return left

def spoiling(runs, words, source, target):
    left = left_behind(runs, words)
    honest(runs, words, source, target)
    words[target, left] = spoiled[left]
    if source == chunk.NOW:
        words[chunk.NOW, left & ~tallied] = spoiled[left & ~tallied]

def run(carry):
    chunk.carry = carry
    found = plan.world.run(rows, draws)
    return b"".join(np.ascontiguousarray(found[name]).tobytes() for name in sorted(found)), found

too_many = False
before, found = run(honest)
after, _ = run(spoiling)
too_many = True
seen, _ = run(spoiling)
print(before == after, before != seen, int(found["defaults_count"][0]), int(found["result_code"][0]))
"""


def test_what_is_opened_and_carried_lies_at_the_front_of_the_state() -> None:
    whole, front, tallied = dtype_of(State), dtype_of(CarriedState), dtype_of(TalliedState)
    assert dtype_of(OpenedState).itemsize < front.itemsize < tallied.itemsize < whole.itemsize
    assert all(whole.fields[name] == front.fields[name] for name in fields_of(CarriedState))  # type: ignore[index]  # records have fields


def test_runs_hold_every_carried_number_that_the_world_uses_once_and_nothing_opened_or_tallied() -> None:
    world = prepare(Request(draws=1, quarters=4)).plan().world.setup.world[0]
    held = np.zeros(dtype_of(State).itemsize // 8, dtype=np.int64)
    for first, length, step, times in carried_runs(world).tolist():
        for k in range(times):
            held[first + k * step : first + k * step + length] += 1
    assert held.max() == 1
    assert not held[:OPENED].any()
    assert not held[dtype_of(CarriedState).itemsize // 8 :].any()
    used = {"agent": world.agents, "firm": world.firms, "issuer": world.firms}
    used |= {"relation": world.relations, "laboratory": world.laboratories}
    for name in set(fields_of(CarriedState)) - set(fields_of(OpenedState)):
        kind, place = dtype_of(CarriedState).fields[name]  # type: ignore[index]  # records have fields
        field = held[place // 8 : (place + kind.itemsize) // 8].reshape(kind.shape)
        for axis in fields_of(CarriedState)[name][1].dimensions:
            field = np.moveaxis(field[: used.get(axis)], 0, -1)
        assert field.all(), name


def test_no_quarter_changes_what_the_opening_fixed() -> None:
    plan = prepare(Request(scenarios=("RUN08",), draws=40, quarters=9)).plan()
    rows = plan.sampling.parameters(plan.marginals, 0, 40)
    for draw in (3, 13):
        early = state_after(plan.world.setup, rows[draw], draw, 1)
        late = state_after(plan.world.setup, rows[draw], draw, 9)
        for name in fields_of(OpenedState):
            assert np.array_equal(getattr(early, name), getattr(late, name), equal_nan=True), name


@pytest.mark.parametrize("gates", ["on", "off"])
def test_a_quarter_reads_nothing_of_the_last_one_but_the_carried_part(gates: str) -> None:
    environment = {**os.environ, "CARDHOUSE_COMPILE": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SNIPPET, gates]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    same, seen, defaults, code = done.stdout.split()
    assert (same, seen, code) == ("True", "True", "0")
    assert gates == "off" or int(defaults) > 0
