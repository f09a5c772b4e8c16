"""Results at several horizons, so that a cluster of defaults at the end of the sample cannot hide."""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of, share_of
from cardhouse.analysis.records import Horizon, Range, number
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.units import QUARTERS_PER_YEAR
from cardhouse.simulation.results import Run

STEPS = (4, 8, 12, 16, 20, 24, 32, 40)


def horizons(run: Run) -> tuple[Horizon, ...]:
    """Return the main results after one, two, three … years, and at the end of the run."""
    return tuple(_at(run, end) for end in ends_of(len(run.coordinates["quarter"])))


def ends_of(quarters: int) -> list[int]:
    """Return the numbers of quarters at which results are told: years, and the length of the run.

    >>> ends_of(10)
    [4, 8, 10]
    """
    return sorted({step for step in STEPS if step < quarters} | {quarters})


def _at(run: Run, quarters: int) -> Horizon:
    when = good_draws(run, "default_quarter")
    hit = (when >= 0) & (when < quarters)
    return Horizon(
        quarters=quarters,
        quarter=run.coordinates["quarter"][quarters - 1],
        any_default=share_of(np.asarray(hit.any(axis=1)), run.sampling.news_per_row),
        mean_defaults=number(hit.sum(axis=1).mean()) if len(hit) else None,
        market_value_change=_change(run, quarters),
        capex=_yearly(run, "sector_capex", quarters),
        end_user_spending=_yearly(run, "end_user_spending", quarters),
    )


def _change(run: Run, quarters: int) -> Range:
    if not has_draws(run, "sector_market_value"):
        return Range(p10=None, p50=None, p90=None)
    value = np.asarray(good_draws(run, "sector_market_value"), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        change: FloatArray = value[:, quarters - 1] / value[:, 0] - 1.0
    return range_of(change)


def _yearly(run: Run, name: str, quarters: int) -> Range:
    if name not in run.variables:
        return Range(p10=None, p50=None, p90=None)
    quantiles = run.summary(name, (0.1, 0.5, 0.9))
    low, middle, high = (number(QUARTERS_PER_YEAR * np.asarray(quantiles.at(p))[quarters - 1]) for p in (0.1, 0.5, 0.9))
    return Range(p10=low, p50=middle, p90=high)
