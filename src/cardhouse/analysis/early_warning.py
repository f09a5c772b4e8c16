"""Which gauges moved before the first default, how long before, and how often they cried wolf.

A gauge rings in a quarter when it is beyond a threshold. Direction and threshold are chosen on every second draw, so
that one in ten quiet quarters rings; what is reported comes from the other draws. A quarter is quiet when no firm
defaults within the next four. These are gauges inside the model: they tell what would have been visible in its worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws
from cardhouse.analysis.records import number
from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.simulation.results import Run

AHEAD = 4
FALSE_ALARMS = 0.1
FEWEST = 20
"""Draws with a default that each half must have; with fewer the rates say nothing."""
GAUGES: dict[str, str] = {
    "credit_spread": "market credit spread",
    "organic_revenue": "part of AI revenue paid by end users",
    "utilisation": "AI capacity in use",
    "compute_price": "spot price of compute",
    "used_chip_index": "price of used chips",
    "venture_gate": "willingness of outside investors",
    "sentiment": "sentiment",
    "loop_gain": "gain of the funding loop",
    "strategic_finance": "suppliers' money for their customers",
    "sector_market_value": "market value of the sector's firms",
}


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """How one gauge does in the draws that did not choose its threshold.

    Parameters
    ----------
    gauge, text : str
        Which one.
    rings : str
        ``above`` or ``below`` the threshold.
    threshold : float
    unit : str
        Unit of the threshold, as the run names it.
    hits : float, optional
        Part of the first defaults that it announced in one of the four quarters before.
    lead : float, optional
        Mean number of quarters between its first ring of those and the default.
    false_alarms : float, optional
        Part of the quiet quarters in which it rang.
    """

    gauge: str
    text: str
    rings: str
    threshold: float
    unit: str
    hits: float | None
    lead: float | None
    false_alarms: float | None


def early_warnings(run: Run) -> tuple[Gauge, ...]:
    """Return the gauges, best first; empty without paths or with too few defaults."""
    if not has_draws(run, "default_quarter"):
        return ()
    quarters = good_draws(run, "default_quarter")
    first = np.where(quarters >= 0, quarters, 1 << 30).min(axis=1)
    half = np.arange(first.size) % 2 == 0
    struck = first < 1 << 30
    if min(int((struck & half).sum()), int((struck & ~half).sum())) < FEWEST:
        return ()
    units = {name: run.variables[name].unit for name in run.variables}
    found = [_judge(name, units[name], values, first, half) for name, values in _gauges(run).items()]
    return tuple(sorted(found, key=lambda line: (-(line.hits or 0.0), line.gauge)))


def _gauges(run: Run) -> Mapping[str, FloatArray]:
    found = {
        name: np.asarray(good_draws(run, name), dtype=np.float64)
        for name in GAUGES
        if has_draws(run, name) and run.variables[name].dims == ("quarter",)
    }
    if has_draws(run, "expectation_mismatch"):
        gaps = np.nan_to_num(np.asarray(good_draws(run, "expectation_mismatch"), dtype=np.float64))
        found["expectation_mismatch"] = np.maximum(gaps, 0.0).sum(axis=2)
    return found


def kinds_of_quarters(first: IntArray, quarters: int) -> tuple[BoolArray, BoolArray]:
    """Tell which quarters come within four before the first default, and which are quiet; later ones are neither.

    >>> before, quiet = kinds_of_quarters(np.array([5]), 6)
    >>> before[0].astype(int).tolist(), quiet[0].astype(int).tolist()
    ([0, 1, 1, 1, 1, 0], [1, 0, 0, 0, 0, 0])
    """
    away = first[:, np.newaxis] - np.arange(quarters)
    before = (away > 0) & (away <= AHEAD)
    # the last quarters of a draw without a default are no evidence of quiet: what follows is not seen
    seen = np.arange(quarters) < quarters - AHEAD
    return before, (away > AHEAD) & (seen | (first < 1 << 30)[:, np.newaxis])


def _judge(name: str, unit: str, values: FloatArray, first: IntArray, half: BoolArray) -> Gauge:
    before, quiet = kinds_of_quarters(first, values.shape[1])
    fit = half[:, np.newaxis]
    sign = 1.0 if np.median(values[before & fit]) >= np.median(values[quiet & fit]) else -1.0
    threshold = float(np.quantile(sign * values[quiet & fit], 1.0 - FALSE_ALARMS))
    rings = sign * values > threshold
    hits, lead = _announced(rings & before, first, ~half)
    return Gauge(
        gauge=name,
        text=GAUGES.get(name, "plans beyond means, all firms"),
        rings="above" if sign > 0 else "below",
        threshold=sign * threshold,
        unit=unit,
        hits=hits,
        lead=lead,
        false_alarms=number(rings[quiet & ~fit].mean()) if bool((quiet & ~fit).any()) else None,
    )


def _announced(rings: BoolArray, first: IntArray, chosen: BoolArray) -> tuple[float | None, float | None]:
    """Return the part of first defaults that were announced, and the mean lead of those."""
    struck = chosen & (first < 1 << 30)
    heard = rings.any(axis=1) & struck
    leads = first[heard] - rings[heard].argmax(axis=1)
    return number(heard.sum() / struck.sum()), number(leads.mean()) if heard.any() else None
