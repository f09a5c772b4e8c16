"""Speed and memory of the contagion kernels: medians and ratios, everything in one run on one machine.

    ./run python benchmarks/contagion.py            all goals
    ./run python benchmarks/contagion.py a c        some of them

Networks: n firms, about 15 debts each (10 at a million firms), lognormal amounts, capital 6 % of assets, outside assets
down 2 % everywhere and 30 % more at 5 % of the firms. Times are processor times; they depend on the machine and on who
else uses its caches. Yardsticks are timed in alternation with the kernels, so that the ratios mean something.

Goals: (a) a greatest clearing vector, input checks included, within 3 passes of SciPy's CSR product over the debts;
(b) a million firms within 2 passes that gather from random places, in at most 3 times the memory of the input;
(c) 200,000 scenarios a second on one core at 100 firms, the same for any batch size and number of threads;
(d) DebtRank to 1e-10 at least 5 times as fast as a plain SciPy iteration to the same tolerance.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from cardhouse.contagion.clearing import clear, clear_scenarios, debt_network
from cardhouse.contagion.debtrank import debtrank


def network(firms: int, debts: int, seed: int = 1) -> tuple[sparse.csc_array, np.ndarray, np.ndarray]:
    """Exposures [creditor, debtor], debts to outsiders, outside assets after the shock."""
    rng = np.random.default_rng(seed)
    debtor = np.repeat(np.arange(firms), debts)
    creditor = (debtor + 1 + rng.integers(0, firms - 1, debtor.size)) % firms
    table = sparse.coo_array((rng.lognormal(0, 1, debtor.size), (creditor, debtor)), shape=(firms, firms)).tocsc()
    owed, held = np.asarray(table.sum(axis=0)).ravel(), np.asarray(table.sum(axis=1)).ravel()
    assets = rng.lognormal(0, 0.3, firms) * held.mean() * 4
    outside_debt = np.maximum(0.94 * (assets + held) - owed, 0.0)
    return table, outside_debt, assets * np.where(rng.random(firms) < 0.05, 0.68, 0.98)


def alternate(times: int, **work: Callable[[], object]) -> dict[str, float]:
    """Return the median processor seconds of each piece of work, taken in turns: waiting for others does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    repeats = {}
    for name, piece in work.items():
        piece()
        begin = time.process_time()
        piece()
        repeats[name] = max(1, int(0.004 / max(time.process_time() - begin, 1e-6)))
    for _ in range(times):
        for name, piece in work.items():
            begin = time.process_time()
            for _ in range(repeats[name]):
                piece()
            seconds[name].append((time.process_time() - begin) / repeats[name])
    return {name: float(np.median(values)) for name, values in seconds.items()}


def plain_clearing(by_creditor: sparse.csr_array, owed: np.ndarray, assets: np.ndarray) -> np.ndarray:
    """Plain SciPy fixed point: what a careful user writes."""
    share = np.ones(owed.size)
    while True:
        after = np.minimum(1.0, (assets + by_creditor @ share) / owed)
        if np.abs(after - share).max() <= 1e-12:
            return after
        share = after


def verdict(met: bool) -> str:
    """Say whether a goal is met."""
    return "met" if met else "NOT met"


def goal_a() -> None:
    """Whole solve against one pass."""
    for firms in (5_000, 100_000):
        table, outside, assets = network(firms, 15)
        debts = debt_network(table, outside_debt=outside)
        by_creditor, anything = table.tocsr(), np.random.default_rng(0).random(firms)
        owed = debts.arrays.owed_total
        found = clear(debts, assets)
        assert found.convergence.converged
        gap = np.abs(found.payments / owed - plain_clearing(by_creditor, owed, assets)).max()
        took = alternate(
            31 if firms < 10_000 else 15,
            one_pass=lambda a=by_creditor, x=anything: a @ x,
            solve=lambda d=debts, e=assets: clear(d, e).payments,
            plain=lambda a=by_creditor, o=owed, e=assets: plain_clearing(a, o, e),
            prepare=lambda t=table, o=outside: debt_network(t, outside_debt=o),
        )
        ratio = took["solve"] / took["one_pass"]
        print(
            f"(a) n = {firms:,}, {debts.claims:,} debts, {found.failures.count} defaults:"
            f" solve {took['solve'] * 1e3:.3f} ms = {ratio:.2f} passes of {took['one_pass'] * 1e3:.3f} ms"
            f" (goal 3: {verdict(ratio <= 3)});"
            f" plain SciPy fixed point {took['plain'] / took['solve']:.1f} x;"
            f" preparing once {took['prepare'] * 1e3:.2f} ms;"
            f" largest difference {gap:.1e}"
        )


def linear_programme() -> None:
    """Time a small network by linear programming, as some packages do."""
    table, outside, assets = network(300, 10)
    debts = debt_network(table, outside_debt=outside)
    owed = debts.arrays.owed_total
    balance = sparse.identity(300, format="csr") - table.tocsr() @ sparse.diags_array(1.0 / owed)
    took = alternate(
        7,
        solve=lambda: clear(debts, assets).payments,
        programme=lambda: linprog(-np.ones(300), A_ub=balance, b_ub=assets, bounds=np.c_[np.zeros(300), owed]),
    )
    print(
        f"    n = 300 by linear programming (HiGHS): {took['programme'] / took['solve']:.0f} x the time of the kernel"
    )


CHILD = """
import sys
import numpy as np
from scipy import sparse
from cardhouse.contagion.clearing import clear, debt_network
def memory(key):
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(key))
clear(debt_network([[0, 1.0], [2.0, 0]], outside_debt=[1.0, 1.0]), [0.1, 0.2]).payments
open("/proc/self/clear_refs", "w").write("5")
before = memory("VmRSS")
folder = sys.argv[1]
parts = [np.load(f"{folder}/{name}.npy") for name in ("data", "indices", "indptr", "outside", "assets")]
size = sum(part.nbytes for part in parts)
firms = parts[3].size
kind = sparse.csc_array if sys.argv[2] == "csc" else sparse.csr_array
table = kind((parts[0], parts[1], parts[2]), shape=(firms, firms))
result = clear(debt_network(table, outside_debt=parts[3]), parts[4])
assert result.convergence.converged and np.isfinite(result.payments).all() and result.failures.count
print((memory("VmHWM") - before) / size)
"""


def goal_b() -> None:
    """Time a million firms against a random gather, and measure memory against the input."""
    table, outside, assets = network(1_000_000, 10)
    debts = debt_network(table, outside_debt=outside)
    by_creditor, anything = table.tocsr(), np.random.default_rng(0).random(1_000_000)
    took = alternate(9, gather=lambda: by_creditor @ anything, solve=lambda: clear(debts, assets).payments)
    ratio = took["solve"] / took["gather"]
    with tempfile.TemporaryDirectory() as folder:
        arrays = {"data": table.data, "indices": table.indices, "indptr": table.indptr}
        for name, values in (arrays | {"outside": outside, "assets": assets}).items():
            np.save(Path(folder) / f"{name}.npy", values)
        memory = {}
        for form in ("csc", "csr"):
            command = [sys.executable, "-c", CHILD, folder, form]
            memory[form] = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    print(
        f"(b) n = 1,000,000, {debts.claims:,} debts: solve {took['solve'] * 1e3:.0f} ms = {ratio:.2f} random gathers"
        f" over all debts of {took['gather'] * 1e3:.0f} ms (goal 2: {verdict(ratio <= 2)});"
        f" peak memory {memory['csc']:.2f} x the input if it lies by debtor, {memory['csr']:.2f} x if by creditor"
        f" (goal 3: {verdict(max(memory.values()) <= 3)})"
    )


def goal_c() -> None:
    """Scenarios a second at 100 firms."""
    table, outside, _ = network(100, 10, seed=3)
    debts = debt_network(table, outside_debt=outside)
    rng = np.random.default_rng(4)
    held = debts.arrays.held
    sound = np.maximum(debts.arrays.owed_total / 0.94 - held, 0.01)
    assets = sound * np.where(rng.random((20_000, 100)) < 0.05, 0.68, 0.98)
    once = clear_scenarios(debts, assets)
    assert once.converged.all()
    same_threads = np.array_equal(once.payments, clear_scenarios(debts, assets, threads=2).payments)
    parts = [clear_scenarios(debts, assets[k : k + 13]).payments for k in range(0, 1300, 13)]
    same_batches = np.array_equal(once.payments[:1300], np.vstack(parts))
    took = alternate(9, batch=lambda: clear_scenarios(debts, assets))
    rate = assets.shape[0] / took["batch"]
    print(
        f"(c) n = 100, {debts.claims} debts: {rate:,.0f} scenarios a second on one core"
        f" (goal 200,000: {verdict(rate >= 2e5)});"
        f" identical for 1 and 2 threads: {same_threads}, for batches of 13 and 20,000: {same_batches}"
    )


def goal_d() -> None:
    """DebtRank, with its default settings, against a plain SciPy iteration to the same tolerance."""
    rng = np.random.default_rng(2)
    table, _, _ = network(5_000, 15, seed=2)
    held = np.asarray(table.sum(axis=1)).ravel()
    equity = np.maximum(held / 0.92 * rng.uniform(0.95, 1.05, held.size), 1e-3)
    hit = rng.random(held.size) < 0.05
    for words, blow in (("nobody fails", 0.2), ("firms fail early", 0.9), ("and late", 0.6)):
        start = np.where(hit, blow, 0.0)

        def plain(start: np.ndarray = start) -> np.ndarray:
            leverage = sparse.csr_array(table.tocsr().multiply(1.0 / equity[:, None]))
            stress = start
            while True:
                after = np.minimum(1.0, start + leverage @ stress)
                if (np.abs(after - stress) <= 1e-10 * after).all():
                    return after
                stress = after

        took = alternate(
            21,
            plain=plain,
            kernel=lambda start=start: debtrank(table, equity, start),
            counted=lambda start=start: debtrank(table, equity, start).failures,
        )
        found = debtrank(table, equity, start)
        gap = np.abs(found.stress - plain()).max()
        ratio = took["plain"] / took["kernel"]
        print(
            f"(d) DebtRank n = 5,000, {words}: plain SciPy {took['plain'] * 1e3:.2f} ms, kernel"
            f" {took['kernel'] * 1e3:.2f} ms ({found.convergence.rounds} rounds) = {ratio:.1f} x (goal 5:"
            f" {verdict(ratio >= 5)}); {found.failures.count} failures, the last in round"
            f" {max(0, found.failures.round.max())}, counted when read: {took['counted'] * 1e3:.2f} ms ="
            f" {took['plain'] / took['counted']:.1f} x; largest difference {gap:.1e}"
        )


def main(asked: list[str]) -> None:
    """Run the goals asked for, or all."""
    for name, goal in {"a": goal_a, "lp": linear_programme, "b": goal_b, "c": goal_c, "d": goal_d}.items():
        if not asked or name in asked:
            goal()
    print(f"    (peak memory of this run {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB)")


if __name__ == "__main__":
    main(sys.argv[1:])
