"""Processor time of each block of the model, from a clock between the calls of the step.

The instrumented step is made from the text of ``cardhouse.model.step`` itself: after each call a line reads the clock,
so that the profile cannot fall behind the model. The clock of the C library counts microseconds of the processor; over
thousands of quarters its steps average out, and what reading it costs is measured and taken off.
"""

from __future__ import annotations

import ctypes
import inspect
import re
import textwrap
from typing import Any

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.compiled import compiled
from cardhouse.model import chunk, step
from cardhouse.model.gates import Gates
from cardhouse.model.layout import dtype_of
from cardhouse.model.packing import Results, blank_results, new_results, unpacked_results
from cardhouse.model.parameters import as_records

CALL = re.compile(r"^    (\w+)\(.*\)(  #.*)?$")
clock = ctypes.CDLL(None).clock
clock.restype, clock.argtypes = ctypes.c_long, []


def instrumented() -> tuple[Any, list[str]]:
    """Return a copy of ``advance`` with a counter array, and the names of its parts in order."""
    lines, names = [], []
    for function in (step.decide, step.advance, step.conclude):
        for line in inspect.getsource(getattr(function, "py_func", function)).splitlines():
            found = CALL.match(line)
            if found is None or found[1] in ("decide", "conclude"):
                continue
            lines += [
                line.split("  #")[0],
                "    now = clock()",
                f"    spent[{len(names)}] += now - last",
                "    last = now",
            ]
            names.append(found[1])
    head = (
        "def advance_timed(w, gate, par, shock, s, books, spent):\n    ledger, clearing = books\n    last = clock()\n"
    )
    space = {**vars(step), "clock": clock}
    exec(head + "\n".join(lines), space)  # noqa: S102 the text of our own module
    return compiled(space["advance_timed"]), names


OTHER = ("opening", "quarters again after defaults", "identities", "recording")


def runner(advance_timed: Any, parts: int) -> Any:
    """Return a compiled loop over draws like that of ``cardhouse.model.chunk``, with the instrumented step.

    A test holds the two loops together: both must give the same results.
    """
    space = {**vars(chunk), "advance_timed": advance_timed, "clock": clock, "PARTS": parts}
    text = textwrap.dedent(
        """
        def run(fixed, parameters, draws, space, results, spent):
            w, gate, common, entity, seed = fixed
            states, (amounts, carried, runs), ledgers, shocks, audit, numbers, clearing = space
            now, twin, ledger = states[NOW], states[TWIN], ledgers[0]
            outputs, whole, words, places, blocks = results
            at_end = amounts[NOW], carried[NOW]
            load_shocks(common, entity, shocks, w.quarters)
            for d in range(draws.size):
                last = clock()
                par = parameters[d]
                copy_opened(carried, BLANK, NOW)
                carry(runs, carried, BLANK, NOW)
                draw_numbers(numbers, seed, draws[d], VARIED * w.agents + w.relations, count_laboratories(w))
                open_state(w, gate, par, now, numbers[0])
                begin_record(w, now, whole)
                spent[PARTS] += clock() - last
                for t in range(w.quarters):
                    shock = shocks[t]
                    load_numbers(numbers, shock, t)
                    carry(runs, carried, NOW, BEFORE)
                    advance_timed(w, gate, par, shock, now, (ledger, clearing), spent)
                    last = clock()
                    if count_failures(w, now) > 0:
                        copy_opened(carried, NOW, TWIN)
                        carry(runs, carried, BEFORE, TWIN)
                        shocks[w.quarters] = shocks[t]
                        fund_on_fundamentals(shocks[w.quarters], twin)
                        advance(w, gate, par, shocks[w.quarters], twin, (ledgers[1], clearing))
                        label_defaults(w, now, twin)
                    after = clock()
                    spent[PARTS + 1] += after - last
                    judge_quarter(w, states[BEFORE], now, ledger, audit, whole)
                    last = clock()
                    spent[PARTS + 2] += last - after
                    record_quarter(w, now, outputs)
                    copy_record(at_end, places[0], blocks, draws.size, d * w.quarters + t)
                    copy_record(words[0], places[1], blocks, draws.size, d * w.quarters + t)
                    add_channels(w, now, whole)
                    spent[PARTS + 3] += clock() - last
                last = clock()
                finish_record(w, now, whole)
                copy_record(words[1], places[2], blocks, draws.size, d)
                spent[PARTS + 3] += clock() - last
        """
    )
    exec(text, space)  # noqa: S102 our own text above
    return compiled(space["run"])


@compiled
def clock_cost(times: int) -> int:
    """Read the clock many times; return what that took."""
    begin = clock()
    for _ in range(times):
        clock()
    return clock() - begin


def timed_run(setup: Any, rows: FloatArray) -> tuple[dict[str, int], Results]:
    """Run draws twice with the clock; return microseconds by part, and the results, which are the model's own."""
    advance_timed, names = instrumented()
    run = runner(advance_timed, len(names))
    names = [*names, *OTHER]
    records, ids = as_records(rows), np.arange(len(rows))
    spent = np.zeros(len(names), np.int64)
    gates = np.ascontiguousarray(setup.gates).view(dtype_of(Gates)).view(np.recarray)
    fixed = (setup.world[0], gates[0], setup.common, setup.entity, setup.seed)
    space, room = chunk.unpacked(chunk.new_workspace(setup.world[0])), new_results(setup.size_of_results(len(rows)))
    results = unpacked_results(room)
    run(fixed, records[:1], ids[:1], space, results, spent)
    blank_results(room)
    spent[:] = 0
    run(fixed, records, ids, space, results, spent)
    return dict(zip(names, spent.tolist(), strict=True)), room


def profile(plan: Any, draws: int) -> None:
    """Print microseconds per draw and quarter by block, dearest first."""
    spent, _ = timed_run(plan.world.setup, plan.sampling.parameters(plan.marginals, 0, draws))
    once = clock_cost(100_000) / 100_000
    quarters = draws * plan.world.setup.quarters
    cost = {name: max(value / quarters - once, 0.0) for name, value in spent.items()}
    total = sum(cost.values())
    print(f"(p) {total:.1f} us per draw and quarter; reading the clock cost {once:.2f} us each time and is taken off")
    for name in sorted(cost, key=lambda key: -cost[key]):
        print(f"(p) {name:<30} {cost[name]:7.2f} us {cost[name] / total:6.1%}")
