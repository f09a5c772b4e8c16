"""Which assumptions a result rests on: rank correlation of each uncertain parameter with the outcome of the draws.

A rank correlation shows direction and rough weight of one parameter at a time. It does not see parameters that act only
together; a Sobol analysis does.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from cardhouse.analysis.bands import good_draws, has_draws
from cardhouse.analysis.records import Assumption, number
from cardhouse.analysis.uncertainty import SHARES_BY, shares_by_thirds
from cardhouse.basics.arrays import FloatArray
from cardhouse.model.parameters import PARAMETERS, ParameterSet
from cardhouse.simulation.results import Run

SHOWN = 12
DRAWS_USED = 20_000


def influential_assumptions(run: Run, priors: ParameterSet | None, limit: int = SHOWN) -> tuple[Assumption, ...]:
    """Return the parameters with the largest influence on the outcome, largest first.

    Parameters
    ----------
    run : Run
    priors : ParameterSet, optional
        Reasons and bases; what the run itself recorded without it.
    limit : int
        How many.
    """
    rows = run.manifest["parameters"]
    outcome, outcome_name = _outcome(run)
    first = min(run.draws.size, DRAWS_USED)
    good = run.good[:first]
    table, outcome = run.parameters_between(0, first)[good], outcome[: int(good.sum())]
    varying = [place for place, row in enumerate(rows) if row["high"] > row["low"] and row["shape"] != "fixed"]
    per_row = run.sampling.news_per_row
    scores = {place: rank_correlation(table[:, place], outcome) for place in varying}
    noise = noise_level(len(outcome) // per_row, len(varying))
    hits = _defaulted(run)[: len(outcome)]
    order = sorted(varying, key=lambda place: (-abs(np.nan_to_num(scores[place])), rows[place]["name"]))
    return tuple(
        _assumption(rows[place], outcome_name, (scores[place], noise, *shares_by_thirds(table[:, place], hits)), priors)
        for place in order[:limit]
    )


def _defaulted(run: Run) -> FloatArray:
    """Return 1 for the draws with a default by the end of 2030, or of the run if that is earlier."""
    quarters = run.coordinates["quarter"]
    last = quarters.index(SHARES_BY) if SHARES_BY in quarters else len(quarters) - 1
    when = good_draws(run, "default_quarter")
    return np.asarray(((when >= 0) & (when <= last)).any(axis=1), dtype=np.float64)


def _outcome(run: Run) -> tuple[FloatArray, str]:
    """Return the number of defaults by draw, or the market value at the end when all draws have equally many."""
    count = np.asarray((good_draws(run, "default_quarter") >= 0).sum(axis=1), dtype=np.float64)
    if np.ptp(count) > 0 or not has_draws(run, "sector_market_value"):
        return count, "number of defaults"
    value: FloatArray = np.asarray(good_draws(run, "sector_market_value")[:, -1], dtype=np.float64)
    return value, "market value of the sector at the end"


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Spearman's rank correlation, NaN when one of the two does not vary.

    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 90.0]))
    1.0
    """
    if len(first) < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    one, two = (_ranks(values) for values in (first, second))
    return round(float(np.corrcoef(one, two)[0, 1]), 12)


def _ranks(values: FloatArray) -> FloatArray:
    from scipy.stats import rankdata

    ranks: FloatArray = rankdata(values)
    return ranks


def noise_level(draws: int, parameters: int) -> float:
    """Return the size that the strongest of many unrelated parameters exceeds in five of a hundred runs.

    >>> round(noise_level(500, 60), 3)
    0.15
    """
    if draws < 4 or parameters < 1:
        return float("nan")
    return float(-ndtri(0.025 / parameters)) / float(np.sqrt(draws - 1.0))


def _assumption(
    row: dict[str, object], outcome: str, found: tuple[float, float, float, float], priors: ParameterSet | None
) -> Assumption:
    score, noise, if_low, if_high = found
    name = str(row["name"])
    specs = {spec.name: spec for spec in PARAMETERS}
    spec = specs.get(name)
    place = priors.names.index(name) if priors is not None and name in priors.names else -1
    basis = str(row["group"])
    reason = ""
    if priors is not None and place >= 0:
        basis = priors.basis[place] if priors.basis else basis
        reason = priors.reason[place] if priors.reason else ""
    return Assumption(
        name=name,
        meaning=spec.meaning if spec else "",
        unit=spec.unit if spec else "",
        block=spec.block if spec else "",
        value=_float(row["value"]),
        low=_float(row["low"]),
        high=_float(row["high"]),
        basis=basis,
        reason=reason,
        outcome=outcome,
        influence=number(score),
        noise=number(noise),
        default_if_low=number(if_low),
        default_if_high=number(if_high),
    )


def _float(value: object) -> float:
    return float(str(value))
