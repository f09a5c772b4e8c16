"""Named filters that decide which log-periodic fits count as a bubble, as each paper prints them.

One definition of the number of oscillations is used throughout: turns of the log-periodic phase inside the window,
``w / (2 pi) * ln((tc - t1) / (tc - t2))``. Papers print other shortcuts, among them ``w / 2`` in place of
``w / (2 pi)`` and ratios that depend on the origin of the clock; thresholds are applied to the definition above.
Papers that let the critical time lie a little before the last observation (5 % of the window in the first two presets)
are applied with critical times after it, where this package searches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.identifiers import suggestion


@dataclass(frozen=True, kw_only=True)
class LpplsFilter:
    """Conditions on one fit.

    Parameters
    ----------
    name : str
        Name of the preset.
    source : str
        Where it is printed.
    offset_max : float
        Largest distance of the critical time after the last observation, as a share of the window.
    m, omega : tuple of float
        Ranges of exponent and angular log-frequency.
    oscillations_min, damping_min : float
        Least number of oscillations and least damping ``m |B| / (w |C|)``.
    relative_error_max : float
        Largest mean absolute error of the price, as a share of the price.
    """

    name: str
    source: str
    offset_max: float
    m: tuple[float, float]
    omega: tuple[float, float]
    oscillations_min: float
    damping_min: float
    relative_error_max: float = math.inf

    def passes(self, measures: dict[str, FloatArray]) -> BoolArray:
        """Tell for each fit whether it meets every condition; ``measures`` holds one array for each quantity."""
        result: BoolArray = (
            (measures["offset"] <= self.offset_max)
            & (measures["m"] >= self.m[0])
            & (measures["m"] <= self.m[1])
            & (measures["omega"] >= self.omega[0])
            & (measures["omega"] <= self.omega[1])
            & (measures["oscillations"] >= self.oscillations_min)
            & (measures["damping"] >= self.damping_min)
            & (measures["relative_error"] <= self.relative_error_max)
        )
        return result


FILTERS = {
    preset.name: preset
    for preset in (
        LpplsFilter(
            name="sornette-2015-warning",
            source="Sornette, Demos, Zhang, Cauwels, Filimonov and Zhang (2015), table 1, early warning",
            offset_max=0.1,
            m=(0.01, 1.2),
            omega=(2.0, 25.0),
            oscillations_min=2.5,
            damping_min=0.8,
            relative_error_max=0.05,
        ),
        LpplsFilter(
            name="sornette-2015-end",
            source="Sornette, Demos, Zhang, Cauwels, Filimonov and Zhang (2015), table 1, end of a bubble",
            offset_max=0.1,
            m=(0.01, 0.99),
            omega=(2.0, 25.0),
            oscillations_min=2.5,
            damping_min=1.0,
            relative_error_max=0.2,
        ),
        LpplsFilter(
            name="filimonov-2013",
            source="Filimonov and Sornette (2013), usual ranges of exponent and frequency",
            offset_max=0.5,
            m=(0.1, 0.9),
            omega=(6.0, 13.0),
            oscillations_min=0.0,
            damping_min=0.0,
        ),
        LpplsFilter(
            name="lppls-0.6",
            source="defaults of the Python package lppls 0.6, with its critical-time range after the last observation",
            offset_max=0.5,
            m=(0.0, 1.0),
            omega=(2.0, 15.0),
            oscillations_min=2.5,
            damping_min=0.5,
        ),
    )
}
"""The presets by name."""


def named_filter(name: str) -> LpplsFilter:
    """Find a preset, or say which ones there are.

    >>> named_filter("sornette-2015-warning").damping_min
    0.8
    """
    if name not in FILTERS:
        rule = f"the filters are {', '.join(FILTERS)}"
        problem = Problem(file="settings", key="filter", value=name, rule=rule, remedy=suggestion(name, list(FILTERS)))
        raise InputError("", (problem,))
    return FILTERS[name]
