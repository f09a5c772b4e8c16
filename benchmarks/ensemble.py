"""Speed and memory of ensembles of the real model: medians and ratios, everything in one run on one machine.

    ./run python benchmarks/ensemble.py             all parts but the long ones
    ./run python benchmarks/ensemble.py a d         some of them
    ./run python benchmarks/ensemble.py m           memory of a million draws (long)

Absolute times depend on the machine and on who else uses it. Beside each stands the processor time, and what is
compared is timed in alternation, so that the ratios mean something. The model is compiled before anything is timed.

Parts and goals:
(a) 10,000 draws x 24 quarters of the packaged case on two cores in at most 5 s; two cores at least 1.7 times one;
(b) store and streaming at most 15 % more processor time than the model alone;
(c) 500 draws of one scenario in a warm process in at most 250 ms;
(d) settlement for 30 to 1,000 agents: cost in proportion to the number of relations, and at least 5 times less than
    the same step in NumPy over a batch of draws;
(f) the market part and the settlement together, the same way, with equal results;
(e) the distributed engine on one machine at most 25 % over threads;
(p) cost per draw and quarter by block of the model;
(s) the step: microseconds a draw on one core (goal 300), seconds of one draw in plain Python (goal 5) and how many
    times as long that is, seconds to compile into an empty cache (goal 60);
(m) a million draws within 3 GB of memory.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.simulation.executors import cores, executor_named
from cardhouse.simulation.manifest import RunPlan
from cardhouse.simulation.run import run_in_memory, start_run


def plan(draws: int, quarters: int = 24, keep: str = "auto") -> RunPlan:
    """Return the run of the packaged case without a shock, compiled."""
    found = prepare(Request(draws=draws, quarters=quarters, keep=keep)).plan()
    found.world.prepare()
    return found


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of a piece of work."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def alternate(times: int, **work: Callable[[], object]) -> dict[str, tuple[float, float]]:
    """Median wall and processor seconds of each piece of work, taken in turns after one warm-up."""
    for piece in work.values():
        piece()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for _ in range(times):
        for name, piece in work.items():
            found[name].append(seconds(piece))
    return {name: tuple(np.median(np.array(values), axis=0)) for name, values in found.items()}


def part_a(draws: int = 10_000) -> None:
    """Time the full model, and two cores against one."""
    some = plan(draws)
    found = alternate(
        3,
        one=lambda: run_in_memory(some, executor_named("threads", 1)),
        two=lambda: run_in_memory(some, executor_named("threads", 2)),
    )
    for name, (wall, processor) in found.items():
        per = 1e6 * processor / draws
        print(f"(a) {draws:,} draws, {name} core: {wall:.2f} s, {processor:.2f} s of processor, {per:.0f} us a draw")
    print(f"(a) two cores over one: {found['one'][0] / found['two'][0]:.2f} times (goal 1.7)")


def part_b(draws: int = 6_000) -> None:
    """Time what storing and streaming add to the model alone."""
    some = plan(draws, keep="draws")
    rows = some.sampling.parameters(some.marginals, 0, draws)

    def alone() -> None:
        for start in range(0, draws, 200):
            some.world.run(rows[start : start + 200], np.arange(start, min(start + 200, draws)))

    def stored() -> None:
        with tempfile.TemporaryDirectory() as folder:
            start_run(some, Path(folder) / "run")

    found = alternate(3, alone=alone, memory=lambda: run_in_memory(some), stored=stored)
    for name, (wall, processor) in found.items():
        more = processor / found["alone"][1] - 1.0
        print(f"(b) {name}: {wall:.2f} s, {processor:.2f} s of processor, {more:+.0%} over the model alone (goal 15 %)")


def part_c() -> None:
    """Time a warm run of 500 draws: the same one again, and with another value of a parameter, as behind a slider."""
    experiment = prepare(Request(draws=500))
    name = "diagnosticity"
    middle = experiment.priors.value(name)
    steps = iter(np.linspace(0.5 * middle, middle, 100))

    def moved() -> None:
        changed = experiment.changed(settings=((name, value := float(next(steps)), value),))
        run_in_memory(changed.plan(), executor_named("threads"))

    some = experiment.plan()
    found = alternate(7, again=lambda: run_in_memory(some, executor_named("threads")), slider=moved)
    for what, (wall, processor) in found.items():
        print(f"(c) 500 draws, {what}: {1000 * wall:.0f} ms, {1000 * processor:.0f} ms of processor (goal 250 ms)")


def settlement(firms: int, draws: int) -> tuple[Any, Any, Any, Any]:
    """Return a network of ten debts per firm, what each owes, assets by draw, and the network for the kernel."""
    from cardhouse.contagion.clearing import debt_network

    random = np.random.default_rng(firms)
    debtor = np.repeat(np.arange(firms), 10)
    creditor = (debtor + 1 + random.integers(0, firms - 1, debtor.size)) % firms
    table = sparse.coo_array((random.lognormal(0, 1, debtor.size), (creditor, debtor)), shape=(firms, firms)).tocsr()
    owed, claims = np.asarray(table.sum(axis=0)).ravel(), np.asarray(table.sum(axis=1)).ravel()
    assets = (np.maximum(owed - claims, 0.0) + 0.3 * owed.mean()) * random.uniform(0.2, 1.2, (draws, firms))
    assert (np.diff(table.indptr) > 0).all()
    return table, owed, assets, debt_network(table)


def batch_settlement(table: Any, owed: Any, assets: Any) -> Any:
    """Settle all draws at once: gather what every relation pays, add up by creditor, until the slowest converged."""
    share = np.ones(assets.shape)
    while True:
        paid = share[:, table.indices] * table.data
        after = np.minimum(1.0, (assets + np.add.reduceat(paid, table.indptr[:-1], axis=1)) / owed)
        if np.abs(after - share).max() <= 1e-10:
            return after * owed
        share = after


def part_d(draws: int = 200) -> None:
    """Time the settlement of one quarter for growing networks, against NumPy over a batch of draws.

    Both find the greatest payments without bankruptcy costs to 1e-10; about one firm in five fails.
    """
    from cardhouse.contagion.clearing import clear_scenarios

    for firms in (30, 100, 300, 1_000):
        table, owed, assets, debts = settlement(firms, draws)

        def batch(table: Any = table, owed: Any = owed, assets: Any = assets) -> Any:
            return batch_settlement(table, owed, assets)

        def kernel(debts: Any = debts, assets: Any = assets) -> Any:
            return clear_scenarios(debts, assets).payments

        payments = kernel()
        gap = np.abs(payments - batch()).max() / owed.max()
        assert gap <= 1e-7, gap
        failed = float((payments < owed * (1 - 1e-9)).mean())
        found = alternate(7, kernel=kernel, numpy=batch)
        mine, theirs = (1e6 * found[name][1] / draws for name in ("kernel", "numpy"))
        per = 1e3 * mine / (10 * firms)
        print(
            f"(d) {firms:>5} agents, {table.nnz:>6,} relations, {failed:.0%} fail: {mine:8.1f} us a draw, {per:.1f} ns "
            f"a relation; NumPy over a batch {theirs / mine:.1f} times (goal 5)"
        )


def part_f(draws: int = 200) -> None:
    """Time the market part and the settlement of one quarter together, for growing networks, against NumPy."""
    import market_part

    from cardhouse.contagion.clearing import clear_scenarios

    for agents in (30, 100, 300, 1_000):
        market = market_part.new_market(agents, 10 * agents, draws, agents)
        table, owed, assets, debts = settlement(agents, draws)
        out = market_part.new_outcome(market)

        def kernel(market: Any = market, out: Any = out, debts: Any = debts, assets: Any = assets) -> Any:
            market_part.by_draw(market, out)
            return clear_scenarios(debts, assets).payments

        def batch(market: Any = market, table: Any = table, owed: Any = owed, assets: Any = assets) -> Any:
            market_part.by_batch(market)
            return batch_settlement(table, owed, assets)

        kernel()
        for mine, theirs in zip(out, market_part.by_batch(market), strict=True):
            assert np.isfinite(mine).all()
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)
        found = alternate(
            7,
            kernel=kernel,
            numpy=batch,
            market=lambda market=market, out=out: market_part.by_draw(market, out),
            market_numpy=lambda market=market: market_part.by_batch(market),
        )
        mine, theirs = found["kernel"][1], found["numpy"][1]
        alone = found["market_numpy"][1] / found["market"][1]
        print(
            f"(f) {agents:>5} agents, {10 * agents:>6,} relations: {1e6 * mine / draws:8.1f} us a draw, "
            f"{1e8 * mine / draws / agents:.1f} ns a relation; NumPy over a batch {theirs / mine:.1f} times (goal 5), "
            f"in the market part alone {alone:.1f} times"
        )


def part_e(draws: int = int(os.environ.get("DRAWS", "100_000"))) -> None:
    """Time the distributed engine on this machine against threads."""
    some = plan(draws)
    for name in ("threads", "dask"):
        wall, _ = seconds(lambda name=name: run_in_memory(some, executor_named(name)))
        print(f"(e) {draws:,} draws by {name}: {wall:.1f} s, start of the engine included")


def part_p(draws: int = 400) -> None:
    """Take processor time by block, read from a clock between the calls of the step's own text."""
    from profile_blocks import profile

    profile(plan(draws), draws)


STEP = """
import time
import numpy as np
from ensemble import plan
begin = time.perf_counter()
some = plan(1)
ready = time.perf_counter()
some.world.run(some.sampling.parameters(some.marginals, 0, 1), np.arange(1))
print(ready - begin, time.perf_counter() - ready)
"""


def in_a_process(**environment: str) -> tuple[float, float]:
    """Seconds to make a plan ready and to run one draw of it in a new process."""
    command = [sys.executable, "-c", STEP]
    where = Path(__file__).parent
    done = subprocess.run(
        command, cwd=where, env={**os.environ, **environment}, check=True, capture_output=True, text=True
    )
    ready, draw = done.stdout.split()
    return float(ready), float(draw)


CHUNK = 250
"""Draws of a chunk when the step is timed."""


def part_s(draws: int = 1_000) -> None:
    """Time the step alone: compiled, in plain Python, and its compilation.

    Draws run in chunks whose results take the same memory again, as the workers of a run do: what the system needs to
    hand out fresh memory is not the step.
    """
    some = plan(draws)
    rows, numbers = some.sampling.parameters(some.marginals, 0, draws), np.arange(draws)
    run = some.world.runner(keep=False)

    def model() -> None:
        for first in range(0, draws, CHUNK):
            run(rows[first : first + CHUNK], numbers[first : first + CHUNK])

    found = alternate(7, model=model)
    each = found["model"][1] / draws
    _, plain = in_a_process(CARDHOUSE_COMPILE="0")
    with tempfile.TemporaryDirectory() as folder:
        cold, _ = in_a_process(CARDHOUSE_CACHE=folder)
    print(f"(s) compiled: {1e6 * each:.0f} us a draw (goal 300), {1 / each:,.0f} draws a second on one core")
    print(f"(s) plain Python: {plain:.1f} s a draw (goal 5), {plain / each:,.0f} times as long")
    print(f"(s) ready from an empty cache: {cold:.0f} s (goal 60)")


def part_m(draws: int = int(os.environ.get("DRAWS", "1_000_000"))) -> None:
    """Measure peak memory of a million draws, or of as many as DRAWS says, in a process of its own."""
    code = f"import ensemble; ensemble.million({draws})"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, check=True)


def million(draws: int) -> None:
    """Run the draws into a folder, write the tables, and print the peak memory."""
    from cardhouse.simulation.tables import write_tables

    some = plan(draws)
    with tempfile.TemporaryDirectory() as folder:
        wall, _ = seconds(lambda: start_run(some, Path(folder) / "run", executor_named("auto")))
        run = start_run(some, Path(folder) / "run")
        assert run.complete
        write_tables(run, Path(folder) / "results")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"(m) {draws:,} draws: {wall:.0f} s, peak memory {peak:.2f} GB (goal 3), folder {size / 1e9:.2f} GB")


PARTS: dict[str, Any] = {
    "a": part_a,
    "b": part_b,
    "c": part_c,
    "d": part_d,
    "e": part_e,
    "f": part_f,
    "p": part_p,
    "s": part_s,
    "m": part_m,
}


if __name__ == "__main__":
    print(f"{cores()} cores")
    for letter in sys.argv[1:] or ["a", "b", "c", "d", "f", "e"]:
        PARTS[letter]()
