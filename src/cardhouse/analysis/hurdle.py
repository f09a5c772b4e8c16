"""The revenue that the sector's capacity must earn for a return of ten per cent, beside what end users spend.

    needed a year = capacity * (cost per GW * (chips * A(life of chips) + shells * A(life of shells)) + running cost)

with the annuity factors A of B7 at ten per cent: what J.P. Morgan published for the whole build-out is of this kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of
from cardhouse.analysis.funding_gap import UNTIL
from cardhouse.analysis.records import Range
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.units import QUARTERS_PER_YEAR
from cardhouse.simulation.results import Run

RETURN = 0.10
_NEEDED = ("compute_capacity", "end_user_spending")
_PARAMETERS = ("cost_per_gw", "chip_cost_share", "chip_life_economic", "shell_life", "operating_cost_per_gw_year")


@dataclass(frozen=True, kw_only=True)
class Hurdle:
    """Revenue needed for a return of ten per cent, USD bn a year.

    Parameters
    ----------
    quarter : str
        The quarter to which the figures belong.
    needed : Range
        Revenue that the capacity of that quarter must earn.
    spent : Range
        What end users spend on AI, at the rate of that quarter.
    covered : Range
        What they spend over what is needed.
    """

    quarter: str
    needed: Range
    spent: Range
    covered: Range


def annuity_factor(rate: float, years: FloatArray) -> FloatArray:
    """Return the yearly payment per dollar over a life.

    >>> annuity_factor(0.1, np.array([1.0])).round(9).tolist()
    [1.1]
    """
    return np.asarray(rate / (1.0 - (1.0 + rate) ** -years), dtype=np.float64)


def hurdle(run: Run) -> Hurdle | None:
    """Return the revenue needed at the end of 2030, or at the end of a shorter run; None when the run kept no paths."""
    names = [row["name"] for row in run.manifest["parameters"]]
    if not has_draws(run, *_NEEDED) or not set(_PARAMETERS) <= set(names):
        return None
    labels = run.coordinates["quarter"]
    place = labels.index(UNTIL) if UNTIL in labels else len(labels) - 1
    table = run.parameters_between(0, run.draws.size)[run.good]
    cost, chips, chip_life, shell_life, running = (table[:, names.index(name)] for name in _PARAMETERS)
    capital = cost * (chips * annuity_factor(RETURN, chip_life) + (1.0 - chips) * annuity_factor(RETURN, shell_life))
    needed = np.asarray(good_draws(run, "compute_capacity")[:, place], dtype=np.float64) * (capital + running)
    spent = QUARTERS_PER_YEAR * np.asarray(good_draws(run, "end_user_spending")[:, place], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        covered = spent / needed
    return Hurdle(quarter=labels[place], needed=range_of(needed), spent=range_of(spent), covered=range_of(covered))
