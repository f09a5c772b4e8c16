"""Bubble tests against their peers: ratios of medians taken in turns in one run.

    ./run python benchmarks/bubbles.py [--quick]

The peers are not dependencies (one is under the GPL). Install them beside the project first, in an environment of their
own or in this one: ``pip install pyexuber lppls``. A peer that is missing is left out and its lines say so.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import os
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

# one thread on both sides; the variable is read when NumPy is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from cardhouse.bubbles import table_store
from cardhouse.bubbles.bootstrap import BootstrapSettings, wild_bootstrap
from cardhouse.bubbles.critical_values import null_distribution
from cardhouse.bubbles.lppls_grid import SearchBox
from cardhouse.bubbles.lppls_indicator import IndicatorSettings, lppls_indicator
from cardhouse.bubbles.panel import panel_gsadf
from cardhouse.bubbles.recursive_adf import recursive_adf
from cardhouse.bubbles.worlds import random_walk

Timed = Callable[[], object]


def in_turns(ours: Timed, theirs: Timed | None, repeats: int) -> tuple[float, float]:
    """Time two callables in turns and return the medians in seconds; NaN for an absent peer."""
    mine, other = [], []
    ours()
    for _ in range(repeats):
        begin = time.perf_counter()
        ours()
        mine.append(time.perf_counter() - begin)
        if theirs is not None:
            begin = time.perf_counter()
            theirs()
            other.append(time.perf_counter() - begin)
    return statistics.median(mine), statistics.median(other) if other else float("nan")


def line(name: str, ours: float, theirs: float, goal: str) -> None:
    """Print one result."""
    against = "peer absent" if np.isnan(theirs) else f"peer {theirs * 1e3:10.3f} ms, ratio {theirs / ours:7.1f}"
    print(f"{name:44s} {ours * 1e3:10.3f} ms  {against}  (goal {goal})", flush=True)


def peer(name: str) -> ModuleType | None:
    """Import a peer, or say that it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: its comparisons are left out")
        return None


def recursive(exuber: ModuleType | None, repeats: int) -> None:
    """Compare the statistic of one series, values included."""
    for lag, goal in ((0, "8"), (1, "15"), (2, "-")):
        for n in (100, 500, 1000, 2000):
            one_series(exuber, n, lag, goal if n == 1000 else "-", repeats)


def one_series(exuber: ModuleType | None, n: int, lag: int, goal: str, repeats: int) -> None:
    """Compare one sample size and lag; the peer counts its window in regression rows."""
    levels = random_walk(n, seed=1, draw=lag)
    result = recursive_adf(levels, lag=lag)

    def theirs() -> Any:
        return exuber.radf(levels, minw=result.regression_rows, lag=lag) if exuber else None

    ours, other = in_turns(lambda: recursive_adf(levels, lag=lag), theirs if exuber else None, repeats)
    line(f"BSADF, {n} observations, lag {lag}", ours, other, goal)
    if exuber:
        gap = float(np.abs(np.ravel(theirs().bsadf) - result.bsadf).max())
        assert gap < 1e-9, gap


def simulations(exuber: ModuleType | None, repeats: int) -> None:
    """Compare the simulation of critical values, the wild and the panel bootstrap."""
    for n, replications in ((200, 1000), (500, 2000)):
        simulate = functools.partial(null_distribution, n, replications=replications)
        theirs = functools.partial(exuber.radf_mc_cv, n, nrep=replications, seed=1) if exuber else None
        line(f"critical values, {n} observations, {replications}", *in_turns(simulate, theirs, repeats // 2), "10")
    simulate = functools.partial(null_distribution, 1680, replications=2000)
    line("critical values, 1680 observations, 2000", *in_turns(simulate, None, 3), "under 6 s")
    walk = random_walk(200, seed=2, draw=0)
    wild = functools.partial(wild_bootstrap, walk, settings=BootstrapSettings(replications=500))
    theirs = functools.partial(exuber.radf_wb_cv, walk, nboot=500, seed=1) if exuber else None
    line("wild bootstrap, 200, 500 draws, lag 0", *in_turns(wild, theirs, repeats // 2), "10")
    panel = np.column_stack([random_walk(200, seed=3, draw=i) for i in range(5)])
    resampled = BootstrapSettings(replications=500, weights="resampled")
    for lag in (0, 1, 2):
        ours = functools.partial(panel_gsadf, panel, lag=lag, settings=resampled)
        theirs = functools.partial(exuber.radf_sb_cv, panel, lag=lag, nboot=500, seed=1) if exuber else None
        line(f"panel bootstrap, 5 x 200, 500 draws, lag {lag}", *in_turns(ours, theirs, 3), "10")


def made_prices(n: int) -> np.ndarray:
    """Make prices with run-ups and breaks, so that log-periodic fits have something to find."""
    drift = 0.002 * np.sin(np.arange(n) / 45.0)
    return np.exp(np.cumsum(drift + 0.012 * np.diff(random_walk(n + 1, seed=4, draw=0))))


def log_periodic(package: ModuleType | None, prices: np.ndarray, quick: bool) -> None:
    """Compare a rolling indicator, and the squared errors window by window."""
    settings = IndicatorSettings(longest=120, shortest=35, step=5, stride=4 if quick else 2)
    tail = prices[: 180 if quick else 320]
    result = lppls_indicator(tail, settings=settings)
    if package is None:
        ours, _ = in_turns(lambda: lppls_indicator(tail, settings=settings), None, 5)
        line("log-periodic fit on a rolling indicator", ours / result.fits, float("nan"), "100")
        return
    model = package.LPPLS(observations=np.array([np.arange(tail.size, dtype=float), np.log(tail)]))
    ratios: list[float] = []
    seconds: list[float] = []
    mine: list[float] = []
    for at, n in enumerate(result.lengths.tolist()):
        # the whole indicator is timed once for each window length, in turns with the peer's fits of that length
        begin = time.perf_counter()
        lppls_indicator(tail, settings=settings)
        mine.append((time.perf_counter() - begin) / result.fits)
        for date, end in enumerate(result.ends.tolist()):
            window = np.array([np.arange(n, dtype=float), np.log(tail[end - n + 1 : end + 1])])
            begin = time.perf_counter()
            found = model.fit(25, obs=window)
            seconds.append(time.perf_counter() - begin)
            error = squared_error_inside(model, window, found)
            if error is not None:
                ratios.append(float(result.rows[at, date, 0]) / error)
    ours = statistics.median(mine)
    line("log-periodic fit, mean of the peer", ours, statistics.mean(seconds), "100")
    line("log-periodic fit, median of the peer", ours, statistics.median(seconds), "-")
    good = float(np.mean(np.array(ratios) <= 1.001))
    print(f"squared error at most 1.001 x the peer's in {good:.1%} of {len(ratios)} windows inside the box (goal 99%)")


def squared_error_inside(model: Any, window: np.ndarray, found: tuple[float, ...]) -> float | None:
    """Give the peer's squared error, or None when its fit failed or lies outside our search box."""
    tc, m, w, a, b, _, c1, c2, _, _ = found
    box, last = SearchBox(), window.shape[1] - 1
    inside = box.offset[0] / last <= tc / last - 1.0 <= box.offset[1]
    if not (inside and box.m[0] <= m <= box.m[1] and box.omega[0] <= w <= box.omega[1]):
        return None
    return float(((model.lppls(window[0], tc, m, w, a, b, c1, c2) - window[1]) ** 2).sum())


def main() -> None:
    """Run everything; ``--prices`` names a CSV file with one price in the last column for the log-periodic part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--prices", type=Path, help="prices for the log-periodic part; made ones by default")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    # the comparison is of computing, so nothing may be read from an earlier run
    table_store.load = lambda _: None  # type: ignore[assignment]  # a benchmark without a cache
    table_store.save = lambda *_: None  # type: ignore[assignment]  # a benchmark without a cache
    repeats = 5 if options.quick else 15
    exuber = peer("exuber")
    package = peer("lppls.lppls")
    recursive(exuber, repeats)
    simulations(exuber, repeats)
    prices = made_prices(400)
    if options.prices:
        prices = np.loadtxt(options.prices, delimiter=",", skiprows=1, usecols=-1)
    log_periodic(package, prices, options.quick)


if __name__ == "__main__":
    main()
