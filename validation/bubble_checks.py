"""B-1 to B-5: size, power, exactness and a replication, beyond the sample that every test run looks at."""

from __future__ import annotations

import math

import numpy as np

from cardhouse.bubbles.critical_values import NullSettings, null_distribution, simulated
from cardhouse.bubbles.detect import detect
from cardhouse.bubbles.fundamentals import project
from cardhouse.bubbles.recursive_adf import recursive_adf
from cardhouse.bubbles.scan import factor_series
from cardhouse.bubbles.series import as_series
from cardhouse.bubbles.series_files import read_series
from cardhouse.bubbles.worlds import one_bubble, random_walk, technology_boom
from validation.register import Outcome, check
from validation.sp500_vintages import PRINTED_GSADF, REVISED_RATIO, episodes_met, ratio_of_2011


@check(
    "B-1",
    "Bubble-free samples with a reported episode",
    "at most 6% at 100, 200 and 500 observations, critical values and samples from different seeds",
    "size of the gated dating rule",
)
def size(full: bool) -> Outcome:
    """Date fresh random walks with the gated rule."""
    shares = []
    for n in (100, 200, 500):
        critical = null_distribution(n, replications=4000 if full else 1000)
        fresh = null_distribution(n, replications=8000 if full else 1000, seed=4)
        run = fresh.longest_run[0, 1] >= math.floor(math.log(n))
        shares.append(float((run & (fresh.gsadf > critical.critical_value(0.05))).mean()))
    return Outcome(", ".join(f"{share:.1%}" for share in shares), max(shares) <= 0.06)


@check(
    "B-2",
    "Power against one bubble of 40 in 200 observations",
    "GSADF at 5% rejects in at least 60% of the samples, and more often than SADF",
    "design of Phillips, Shi and Yu (2015a)",
)
def power(full: bool) -> Outcome:
    """Count rejections of both tests."""
    null = null_distribution(200)
    hits = np.zeros(2)
    worlds = 1000 if full else 150
    for draw in range(worlds):
        found = recursive_adf(one_bubble(200, seed=31, draw=draw, start=100, end=139))
        hits += (found.gsadf > null.critical_value(0.05), found.sadf > null.critical_value(0.05, "sadf"))
    gsadf, sadf = hits / worlds
    return Outcome(f"GSADF {gsadf:.1%}, SADF {sadf:.1%}", bool(gsadf >= 0.6 and gsadf >= sadf))


@check(
    "B-3",
    "Technology boom without a bubble",
    "raw tests reject in at least 93%, the test less fundamentals in at most 10% of the samples",
    "mechanism of arXiv 2604.25826, own calibration",
)
def technology(full: bool) -> Outcome:
    """Count rejections of the raw and the adjusted test, critical values simulated for each set of proxies."""
    n, worlds = 200, 200 if full else 30
    raw = null_distribution(n).critical_value(0.05)
    hits = np.zeros(3)
    time = np.arange(n)
    for draw in range(worlds):
        world = technology_boom(n, seed=21, draw=draw)
        detrended = world.log_price - np.polyval(np.polyfit(time, world.log_price, 1), time)
        projection = project(as_series(detrended), world.proxies)
        settings = NullSettings(n=n, lag=0, min_window=27, replications=400, model=projection.digest)
        adjusted = simulated(settings, projection.basis, 1).critical_value(0.05)
        hits += (
            recursive_adf(detrended).gsadf > raw,
            recursive_adf(np.exp(world.log_price - world.log_dividend)).gsadf > raw,
            recursive_adf(projection.residual).gsadf > adjusted,
        )
    log_price, ratio, residual = hits / worlds
    figure = f"log price {log_price:.1%}, price/dividend {ratio:.1%}, less fundamentals {residual:.1%}"
    return Outcome(figure, bool(min(log_price, ratio) >= 0.93 and residual <= 0.10))


@check(
    "B-4",
    "Fast scan against orthogonal rotations",
    "largest difference 1e-9 over random walks of 60 to 400 observations and lags 0 to 4",
    "row-append QR",
)
def rotations(full: bool) -> Outcome:
    """Compare every end point."""
    worst = 0.0
    for draw in range(60 if full else 10):
        values = random_walk(60 + 34 * (draw % 11), seed=32, draw=draw)
        for lag in (0, 1, 2, 4):
            fast = recursive_adf(values, lag=lag)
            slow = np.empty((3, fast.bsadf.size))
            factor_series(values, lag, fast.min_window, slow)
            worst = max(worst, float(np.abs(slow[0] - fast.bsadf).max()))
    return Outcome(f"{worst:.1e}", bool(np.isfinite(worst)) and worst <= 1e-9)


@check(
    "B-5",
    "S&P 500 price/dividend ratio 1871-2010",
    "GSADF 4.21 to the printed digit on the dividends of 2011, and at least 6 of the 7 printed episodes",
    "Phillips, Shi and Yu (2015a), table 8 and figure 7",
)
def sp500(full: bool) -> Outcome:
    """Test the ratio as it stood when the paper was written, and say what the later revision does."""
    result = detect(ratio_of_2011(), replications=2000 if full else 500)
    statistic, hits = result.statistic("gsadf"), sum(episodes_met(result.significant_episodes))
    revised = recursive_adf(read_series(REVISED_RATIO)).gsadf
    figure = f"GSADF {statistic:.4f}, {hits} of 7 episodes; {revised:.4f} on the dividends as revised since"
    return Outcome(figure, round(statistic, 2) == PRINTED_GSADF and hits >= 6)
