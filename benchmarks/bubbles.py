"""Bubble tests against their goals and their peers: every goal, its figure, met or not, in one run.

    ./run python benchmarks/bubbles.py                             all parts, about six minutes
    ./run python benchmarks/bubbles.py --part sp500 --part lppls   some of them
    ./run python benchmarks/bubbles.py --quick                     fewer repeats and windows, about two minutes

Parts: recursive, exactness, critical, bootstrap, sp500, size, lppls. Times are processor seconds of one thread, medians
of repeats taken in turns with the peer, so that load on the machine falls on both sides.

The peers are not dependencies (one is under the GPL). Install them beside the project, in an environment of their own:

    python -m venv peers && peers/bin/pip install -r requirements/dev.lock && peers/bin/pip install pyexuber lppls
    PYTHONPATH=src peers/bin/python benchmarks/bubbles.py

Goals that need a peer which is missing are listed as not measured. The exit code is 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import math
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

# one thread on both sides; the variable is read when NumPy is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from tests.bubbles.exact import exact_ratio, nasty_series
from validation.sp500_vintages import PRINTED_GSADF, REVISED_RATIO, episodes_met, ratio_of_2011

from cardhouse.bubbles import table_store
from cardhouse.bubbles.bootstrap import BootstrapSettings, wild_bootstrap
from cardhouse.bubbles.critical_values import null_distribution
from cardhouse.bubbles.detect import detect
from cardhouse.bubbles.lppls import fit_lppls
from cardhouse.bubbles.lppls_grid import SearchBox
from cardhouse.bubbles.lppls_indicator import IndicatorSettings, LpplsIndicator, lppls_indicator
from cardhouse.bubbles.panel import panel_gsadf
from cardhouse.bubbles.recursive_adf import recursive_adf
from cardhouse.bubbles.series_files import read_series
from cardhouse.bubbles.worlds import random_walk

Timed = Callable[[], object]
clock = time.process_time


@dataclass(kw_only=True)
class Book:
    """Peers, size of the run, and what was found."""

    quick: bool
    prices: Path | None
    exuber: ModuleType | None
    lppls: ModuleType | None
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def repeats(self) -> int:
        """Repeats of a short measurement."""
        return 5 if self.quick else 15

    def goal(self, name: str, figure: str, met: bool | None) -> None:
        """Note a goal; None stands for not measured."""
        self.lines.append((name, figure, "not measured" if met is None else "met" if met else "NOT MET"))

    def ratio(self, name: str, ours: float, theirs: float, least: float) -> None:
        """Note a goal of the form: at least so many times as fast as the peer."""
        figure = f"{ours * 1e3:.3f} ms, peer {theirs * 1e3:.3f} ms: {theirs / ours:.1f} x (goal {least:g} x)"
        self.goal(name, figure, None if math.isnan(theirs) else theirs / ours >= least)


def in_turns(ours: Timed, theirs: Timed | None, repeats: int) -> tuple[float, float]:
    """Time two callables in turns and return the medians in processor seconds; NaN for an absent peer."""
    mine, other = [], []
    ours()
    for _ in range(repeats):
        begin = clock()
        ours()
        mine.append(clock() - begin)
        if theirs is not None:
            begin = clock()
            theirs()
            other.append(clock() - begin)
    return statistics.median(mine), statistics.median(other) if other else float("nan")


def line(name: str, ours: float, theirs: float) -> None:
    """Print one measurement."""
    against = "peer absent" if math.isnan(theirs) else f"peer {theirs * 1e3:10.3f} ms, ratio {theirs / ours:7.1f}"
    print(f"{name:44s} {ours * 1e3:10.3f} ms  {against}", flush=True)


def peer(name: str) -> ModuleType | None:
    """Import a peer, or say that it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: its comparisons are left out")
        return None


def recursive(book: Book) -> None:
    """Compare the statistic of one series, values included."""
    for lag, least in ((0, 8.0), (1, 15.0), (2, 0.0)):
        for n in (100, 500, 1000, 2000):
            ours, theirs = one_series(book, n, lag)
            if n == 1000 and least:
                book.ratio(f"BSADF, 1,000 observations, lag {lag}", ours, theirs, least)


def one_series(book: Book, n: int, lag: int) -> tuple[float, float]:
    """Compare one sample size and lag; the peer counts its window in regression rows."""
    levels, exuber = random_walk(n, seed=1, draw=lag), book.exuber
    result = recursive_adf(levels, lag=lag)

    def theirs() -> Any:
        return exuber.radf(levels, minw=result.regression_rows, lag=lag) if exuber else None

    found = in_turns(lambda: recursive_adf(levels, lag=lag), theirs if exuber else None, book.repeats)
    line(f"BSADF, {n} observations, lag {lag}", *found)
    if exuber:
        gap = float(np.abs(np.ravel(theirs().bsadf) - result.bsadf).max())
        assert gap < 1e-9, gap
    return found


def exactness(book: Book) -> None:
    """Compare with least squares in rational arithmetic on the series that break floating-point implementations."""
    for name in ("random walk", "plus 1e6", "plus 1e9", "exponential price", "small log volatility"):
        worst = max(largest_error(name, lag) for lag in (0, 1))
        book.goal(f"exactness, {name}", f"{worst:.1e} (goal 1e-9)", worst <= 1e-9)
    worst = max(largest_error("deterministic growth", lag) for lag in (0, 1))
    book.goal("exactness, 1.05^t + 1e-6 noise", f"{worst:.1e} (goal 1e-6)", worst <= 1e-6)


def largest_error(name: str, lag: int) -> float:
    """Return the largest error relative to max(1, |t|) over twenty end points."""
    values = nasty_series(name)
    result = recursive_adf(values, lag=lag)
    worst = 0.0
    for at in np.linspace(0, result.bsadf.size - 1, 20).astype(int).tolist():
        expected = exact_ratio(values, int(result.window_start[at]), at + result.min_window - 1, lag)
        error = abs(float(result.bsadf[at]) - expected) / max(1.0, abs(expected))
        worst = max(worst, error if math.isfinite(error) else math.inf)
    return worst


def critical(book: Book) -> None:
    """Compare the simulation of critical values."""
    for n, replications in ((200, 1000), (500, 2000)):
        simulate = functools.partial(null_distribution, n, replications=replications)
        theirs = None
        if book.exuber:
            theirs = functools.partial(book.exuber.radf_mc_cv, n, nrep=replications, seed=1)
        found = in_turns(simulate, theirs, max(2, book.repeats // 3))
        line(f"critical values, {n} observations, {replications}", *found)
    book.ratio("critical values, 500 observations, 2,000", *found, 10.0)
    ours, _ = in_turns(functools.partial(null_distribution, 1680, replications=2000), None, 3)
    book.goal("critical values, 1,680 observations, 2,000", f"{ours:.2f} s (goal under 6 s)", ours < 6.0)


def bootstrap(book: Book) -> None:
    """Compare the wild and the panel bootstrap; check both invariants of the panel."""
    walk = random_walk(200, seed=2, draw=0)
    wild = functools.partial(wild_bootstrap, walk, settings=BootstrapSettings(replications=500))
    theirs = functools.partial(book.exuber.radf_wb_cv, walk, nboot=500, seed=1) if book.exuber else None
    found = in_turns(wild, theirs, book.repeats)
    line("wild bootstrap, 200, 500 draws, lag 0", *found)
    book.ratio("wild bootstrap, 200 observations, 500 draws", *found, 10.0)
    panel = np.column_stack([random_walk(200, seed=3, draw=i) for i in range(5)])
    resampled = BootstrapSettings(replications=500, weights="resampled")
    for lag in (0, 1, 2):
        ours = functools.partial(panel_gsadf, panel, lag=lag, settings=resampled)
        theirs = functools.partial(book.exuber.radf_sb_cv, panel, lag=lag, nboot=500, seed=1) if book.exuber else None
        found = in_turns(ours, theirs, 2 if book.quick else 3)
        line(f"panel bootstrap, 5 x 200, 500 draws, lag {lag}", *found)
        book.ratio(f"panel bootstrap, lag {lag}", *found, 10.0)
    once = panel_gsadf(panel, settings=resampled)
    for name, columns in (("order", [4, 2, 0, 1, 3]), ("duplication", [0, 1, 2, 2, 3, 4])):
        other = panel_gsadf(panel[:, columns], settings=resampled)
        same = bool((once.bsadf == other.bsadf).all() and (once.null.gsadf == other.null.gsadf).all())
        book.goal(f"panel, {name} of columns", "no digit changes" if same else "digits change", same)


def sp500(book: Book) -> None:
    """Test the S&P 500 price/dividend ratio 1871-2010 as it stood when the paper was written."""
    result = detect(ratio_of_2011(), replications=500 if book.quick else 2000)
    statistic, hits = result.statistic("gsadf"), sum(episodes_met(result.significant_episodes))
    first, last = (result.recursion.series.label(at)[:7] for at in result.recursion.gsadf_window)
    revised = recursive_adf(read_series(REVISED_RATIO)).gsadf
    figure = (
        f"{statistic:.4f}, {first} to {last}; {revised:.4f} on dividends as revised since (printed {PRINTED_GSADF})"
    )
    book.goal("S&P 500 1871-2010, GSADF", figure, round(statistic, 2) == PRINTED_GSADF)
    book.goal("S&P 500 1871-2010, episodes", f"{hits} of 7 (goal 6)", hits >= 6)


def size(book: Book) -> None:
    """Count bubble-free samples with a reported episode, critical values and samples from different seeds."""
    for n in (100, 200, 500):
        known = null_distribution(n, replications=2000 if book.quick else 4000)
        fresh = null_distribution(n, replications=2000 if book.quick else 8000, seed=4)
        reported = (fresh.longest_run[0, 1] >= math.floor(math.log(n))) & (fresh.gsadf > known.critical_value(0.05))
        share = float(reported.mean())
        book.goal(f"size, {n} observations", f"{share:.1%} (goal at most 6%)", share <= 0.06)


def made_prices(n: int) -> np.ndarray:
    """Make prices with run-ups and breaks, so that log-periodic fits have something to find."""
    drift = 0.002 * np.sin(np.arange(n) / 45.0)
    return np.exp(np.cumsum(drift + 0.012 * np.diff(random_walk(n + 1, seed=4, draw=0))))


def log_periodic(book: Book) -> None:
    """Run the same rolling indicator on both sides, and compare the squared errors window by window."""
    prices = made_prices(400)
    if book.prices:
        prices = np.loadtxt(book.prices, delimiter=",", skiprows=1, usecols=-1)
    settings = IndicatorSettings(longest=120, shortest=35, step=5, stride=4 if book.quick else 2)
    tail = prices[: 180 if book.quick else 320]
    result = lppls_indicator(tail, settings=settings)
    total, _ = in_turns(lambda: lppls_indicator(tail, settings=settings), None, book.repeats)
    if book.lppls is None:
        line("log-periodic fit, mean", total / result.fits, float("nan"))
        book.goal("log-periodic fits, same rolling indicator", f"{total / result.fits * 1e6:.0f} µs a fit", None)
    else:
        seconds, ratios = peer_fits(book.lppls, tail, result)
        name = f"log-periodic, {result.fits} fits of one indicator"
        book.ratio(f"{name}: total time", total, sum(seconds), 100.0)
        middle = statistics.median(seconds) / (total / result.fits)
        mean = statistics.mean(seconds) * 1e3
        print(f"peer: {mean:.1f} ms a fit in the mean, {statistics.median(seconds) * 1e3:.1f} ms in the median")
        print(
            f"ours: {total / result.fits * 1e3:.3f} ms a fit in the mean, {middle:.1f} x as fast as the peer's median"
        )
        good = float(np.mean(np.array(ratios) <= 1.001)) if ratios else 0.0
        figure = f"{good:.1%} of {len(ratios)} windows inside the box at most 1.001 x the peer's (goal 99%)"
        book.goal("log-periodic, squared error", figure, good >= 0.99)
    again = lppls_indicator(tail, settings=settings)
    shared = lppls_indicator(tail, settings=IndicatorSettings(**{**vars(settings), "workers": 3}))
    same = bool((again.rows == result.rows).all() and (shared.rows == result.rows).all())
    book.goal("log-periodic, rerun and three workers", "identical" if same else "different", same)
    worst = max(recovery_error(*truth) for truth in ((0.05, 0.3, 6.5), (0.1, 0.5, 8.0), (0.2, 0.8, 12.0)))
    book.goal("log-periodic, noise-free parameters", f"{worst:.1e} (goal 1e-6)", worst <= 1e-6)


def peer_fits(package: ModuleType, tail: np.ndarray, result: LpplsIndicator) -> tuple[list[float], list[float]]:
    """Fit the windows of an indicator with the peer; return its times and our squared errors over its own."""
    model = package.LPPLS(observations=np.array([np.arange(tail.size, dtype=float), np.log(tail)]))
    seconds: list[float] = []
    ratios: list[float] = []
    for at, n in enumerate(result.lengths.tolist()):
        for date, end in enumerate(result.ends.tolist()):
            window = np.array([np.arange(n, dtype=float), np.log(tail[end - n + 1 : end + 1])])
            begin = clock()
            found = model.fit(25, obs=window)
            seconds.append(clock() - begin)
            error = squared_error_inside(model, window, found)
            if error is not None:
                ratios.append(float(result.rows[at, date, 0]) / error)
    return seconds, ratios


def squared_error_inside(model: Any, window: np.ndarray, found: tuple[float, ...]) -> float | None:
    """Give the peer's squared error, or None when its fit failed or lies outside our search box."""
    tc, m, w, a, b, _, c1, c2, _, _ = found
    box, last = SearchBox(), window.shape[1] - 1
    inside = box.offset[0] / last <= tc / last - 1.0 <= box.offset[1]
    if not (inside and box.m[0] <= m <= box.m[1] and box.omega[0] <= w <= box.omega[1]):
        return None
    return float(((model.lppls(window[0], tc, m, w, a, b, c1, c2) - window[1]) ** 2).sum())


def recovery_error(offset: float, m: float, omega: float) -> float:
    """Return the largest relative error of the parameters of a curve without noise."""
    tau = offset + np.linspace(1.0, 0.0, 180)
    fit = fit_lppls(np.exp(7.0 - tau**m * (1.2 - 0.05 * np.cos(omega * np.log(tau) + 1.0))))
    return max(abs(fit.offset / offset - 1.0), abs(fit.m / m - 1.0), abs(fit.omega / omega - 1.0))


PARTS: dict[str, Callable[[Book], None]] = {
    "recursive": recursive,
    "exactness": exactness,
    "critical": critical,
    "bootstrap": bootstrap,
    "sp500": sp500,
    "size": size,
    "lppls": log_periodic,
}


def main() -> int:
    """Run the parts asked for and print every goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", action="append", choices=list(PARTS), help="repeat for several; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer repeats and windows")
    parser.add_argument("--prices", type=Path, help="CSV with a price in the last column for the log-periodic part")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    # the comparison is of computing, so nothing may be read from an earlier run
    table_store.load = lambda _: None  # type: ignore[assignment]  # a benchmark without a cache
    table_store.save = lambda *_: None  # type: ignore[assignment]  # a benchmark without a cache
    book = Book(quick=options.quick, prices=options.prices, exuber=peer("exuber"), lppls=peer("lppls.lppls"))
    for name in options.part or list(PARTS):
        begin = time.perf_counter()
        PARTS[name](book)
        print(f"part {name}: {time.perf_counter() - begin:.0f} s", flush=True)
    print()
    for name, figure, word in book.lines:
        print(f"{word:12s}  {name:46s} {figure}")
    missed = sum(word == "NOT MET" for _, _, word in book.lines)
    print(f"\n{sum(word == 'met' for _, _, word in book.lines)} of {len(book.lines)} goals met, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
