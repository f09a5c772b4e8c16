"""N: results are not degenerate, and do not depend on where the run stops."""

from __future__ import annotations

from functools import cache

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.model.regimes import REGIMES
from validation.ensembles import LAST_OF_2030, Ensemble, ensemble
from validation.register import Outcome, check

SOURCE = "specification, section 8 and lesson 5"
RUN_STARTS, RUN_AND_AFTER = 5, 12
"""Places of the quarters of the funding run and of the year after it."""
SCENARIOS = ("", "SOFT", "BOOM", "PLATEAU", "FIBRE", "RUN08")


def draws(full: bool) -> int:
    """Return the size of an ensemble."""
    return 1000 if full else 256


def _percent(value: float) -> str:
    return f"{100.0 * value:.0f} %"


@check("N-1", "Soft landing without defaults", "SOFT: a named default in at most 20 % of draws", SOURCE)
def soft(full: bool) -> Outcome:
    """Measure the share of SOFT draws with a named default, with accepted parameters and with the plain ranges."""
    found, plain = (ensemble("SOFT", draws(full), prior=prior) for prior in ("accepted", "ranges"))
    share = found.share_with_default()
    worst = max(zip(found.defaults().mean(axis=0), found.firms, strict=True))
    figure = f"{_percent(share)} ({_percent(plain.share_with_default())} with ranges; most often {worst[1]}, "
    return Outcome(figure + f"{_percent(float(worst[0]))})", share <= 0.20)


def _labels(found: Ensemble, first: int = 0, last: int = 10**6) -> tuple[float, int]:
    illiquid, insolvent = found.labels(first, last)
    count = illiquid + insolvent
    return (illiquid / count if count else float("nan")), count


@check("N-2", "A funding run makes illiquid defaults", "RUN08: more than half of the labels illiquid", SOURCE)
def funding_run(full: bool) -> Outcome:
    """Measure the labels of RUN08, and those of the run and the year after it alone."""
    found = ensemble("RUN08", draws(full))
    share, count = _labels(found)
    near, close = _labels(found, RUN_STARTS, RUN_AND_AFTER)
    figure = f"{_percent(share)} of {count} defaults; {_percent(near)} of {close} in the run and the year after"
    return Outcome(figure, bool(share > 0.5))


@check("N-3", "An overbuild makes insolvent defaults", "FIBRE: more than half of the labels insolvent", SOURCE)
def overbuild(full: bool) -> Outcome:
    """Measure the labels of FIBRE."""
    share, count = _labels(ensemble("FIBRE", draws(full)))
    return Outcome(f"{_percent(1.0 - share)} of {count} defaults", bool(share < 0.5))


@check("N-4", "A plateau makes insolvent defaults", "PLATEAU: more than half of the labels insolvent", SOURCE)
def plateau(full: bool) -> Outcome:
    """Measure the labels of PLATEAU."""
    share, count = _labels(ensemble("PLATEAU", draws(full)))
    return Outcome(f"{_percent(1.0 - share)} of {count} defaults", bool(share < 0.5))


@check("N-5", "All five regimes appear", "each in some scenario", SOURCE)
def regimes(full: bool) -> Outcome:
    """Find for each regime the scenario in which it is most frequent."""
    best: dict[str, tuple[float, str]] = {}
    for scenario in SCENARIOS:
        label = ensemble(scenario, draws(full)).results["regime"]
        for number, name in enumerate(REGIMES):
            share = float(np.mean(label == number))
            best[name] = max(best.get(name, (0.0, "")), (share, scenario or "BASE"))
    figure = "; ".join(f"{name} {_share(share)} in {where}" for name, (share, where) in best.items())
    return Outcome(figure, all(best[name][0] > 0.0 for name in REGIMES[1:]))


def _share(share: float) -> str:
    return f"{100.0 * share:.1f} %" if share < 0.01 else _percent(share)


def thirds(found: Ensemble) -> list[tuple[str, float, float]]:
    """Return the chance of a named default by 2030 in the lowest and highest third of each parameter, widest first."""
    hit = found.defaults(LAST_OF_2030).any(axis=1)
    rows = []
    for k, name in enumerate(found.names):
        column: FloatArray = found.parameters[:, k]
        if np.ptp(column) > 0.0:
            low, high = np.quantile(column, (1 / 3, 2 / 3))
            rows.append((name, float(hit[column <= low].mean()), float(hit[column >= high].mean())))
    return sorted(rows, key=lambda row: -abs(row[2] - row[1]))


@check("N-6", "The base run decides nothing", "BASE: a named default by 2030 in 5 to 95 % of draws", SOURCE)
def base(full: bool) -> Outcome:
    """Measure the chance of a named default by 2030, and which parameters it hangs on."""
    found, plain = (ensemble("", draws(full), prior=prior) for prior in ("accepted", "ranges"))
    share = found.share_with_default(LAST_OF_2030)
    widest = ", ".join(f"{name} {_percent(low)} to {_percent(high)}" for name, low, high in thirds(found)[:4])
    figure = (
        f"{_percent(share)} ({_percent(plain.share_with_default(LAST_OF_2030))} with ranges); by thirds of {widest}"
    )
    return Outcome(figure, 0.05 < share < 0.95)


def hazard(found: Ensemble) -> FloatArray:
    """Return the defaults of named nodes per node still alive, by quarter."""
    when = found.results["default_quarter"][:, found.named]
    counts = np.array([np.sum(when == quarter) for quarter in range(len(found.quarters))], dtype=np.float64)
    alive = when.size - np.concatenate([[0.0], np.cumsum(counts)[:-1]])
    rate: FloatArray = counts / alive
    return rate


@check(
    "N-7",
    "No cluster of defaults at the end",
    "hazard of the last four quarters at most 1.5 times that of the eight before, over 24 and over 32 quarters; the "
    "same hazard over the first 24 of both",
    SOURCE,
)
def end_of_sample(full: bool) -> Outcome:
    """Compare the hazard at the end of the sample across horizons."""
    short, long = (hazard(ensemble("", draws(full), quarters=quarters)) for quarters in (24, 32))
    ratios = [float(rate[-4:].mean() / rate[-12:-4].mean()) for rate in (short, long)]
    same = bool(np.array_equal(short, long[:24]))
    figure = f"ratio {ratios[0]:.2f} over 24 quarters, {ratios[1]:.2f} over 32; the first 24 quarters are "
    return Outcome(figure + ("equal" if same else "not equal"), same and max(ratios) <= 1.5)


@cache
def variance_parts(full: bool) -> tuple[float, float, float]:
    """Return the shares of the variance of the number of defaults in BASE: parameters, news, opening figures."""
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.analysis.uncertainty import split_of
    from cardhouse.model.simulate import run_draws

    found_parts = []
    for off in ((), ("opening_uncertainty",)):
        per_row = 4
        request = Request(draws=draws(full), news_per_row=per_row, prior="accepted", off=off)
        plan = prepare(request).plan()
        rows = plan.sampling.parameters(plan.marginals, 0, request.draws)
        found = run_draws(plan.world.setup, rows, plan.sampling.news_ids(np.arange(request.draws)))
        count = np.sum(found["default_quarter"] >= 0, axis=1).astype(np.float64)
        found_parts.append((split_of(count, per_row), float(np.var(count))))
    (whole, variance), (without, _) = found_parts
    news = without.news_variance / variance if variance > 0.0 else float("nan")
    return whole.parameter_share, news, whole.news_share - news


@check(
    "N-8",
    "Parameters, news and opening figures all matter",
    "each of the three explains some of the number of defaults, none all of it (nested draws, BASE)",
    "specification, section 11",
)
def parts(full: bool) -> Outcome:
    """Split the variance of the number of defaults with nested draws, with and without uncertain opening figures."""
    shares = variance_parts(full)
    parameters, news, opening = map(_percent, shares)
    figure = f"parameters {parameters}, news {news}, opening figures {opening}"
    return Outcome(figure, 0.0 < shares[0] < 1.0 and 0.0 < shares[1] + shares[2] < 1.0)
