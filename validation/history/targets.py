"""What a target of history matching is, the numbers that nobody observed, and the facts that the targets read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from cardhouse.basics.arrays import FloatArray
from validation.worlds import default_case

THRESHOLD = 3.0
"""Largest implausibility that is not ruled out: Pukelsheim's three-sigma rule, whatever the (unimodal) distribution."""


@dataclass(frozen=True)
class Nuisance:
    """Numbers that a target needs, that nobody published and that no parameter of the model stands for.

    Each has a range; they are sampled with the parameters, so that a parameter is only ruled out when no value of
    them saves it.
    """

    tightness_2024: float
    tightness_2025: float
    kilowatts_per_chip: float
    nvidia_share: float
    use_2023_25: float
    pilots_per_adopter: float
    laboratory_fixed_cost: float
    platform_ai_share: float
    earnings_growth: float
    guided_growth: float
    credit_share: float


NUISANCE_RANGES: dict[str, tuple[float, float, str]] = {
    "tightness_2024": (0.95, 1.25, "demand over usable capacity in 2024: shortage easing"),
    "tightness_2025": (0.85, 1.05, "the same in 2025: rents fell to what trackers call the loss line"),
    "kilowatts_per_chip": (
        1.2,
        1.5,
        "IT power of an H100 with its part of server and network; a server of eight is 10.2 kW",
    ),
    "nvidia_share": (0.75, 0.92, "part of the chips and network of a site that is Nvidia's"),
    "use_2023_25": (0.85, 0.97, "use of capacity while everybody spoke of shortage"),
    "pilots_per_adopter": (0.5, 6.0, "firms in a pilot per firm in production at the end of 2024"),
    "laboratory_fixed_cost": (2.0, 8.0, "staff and other fixed cost of OpenAI in 2025, USD bn"),
    "platform_ai_share": (0.45, 0.75, "AI part of the platforms' capital spending in 2024"),
    "earnings_growth": (1.0, 1.8, "Oracle's earnings in 2028 over those of 2025, as lenders saw them"),
    "guided_growth": (0.24, 0.38, "Oracle's growth a year with the contract of September 2025; 16 percent without"),
    "credit_share": (0.10, 0.40, "credit in the funding of capital spending in 2025"),
}


@dataclass(frozen=True)
class Target:
    """One observed number, and how the model would have made it.

    Parameters
    ----------
    id : str
        Target of the specification, with a letter for a part.
    what : str
    unit : str
        ``log`` for logarithms of ratios.
    observed, observation_error, model_discrepancy : float
        The error of the figure, and how far the model may be off though its parameters are right; one standard
        deviation each.
    tolerance : str
        Why these two.
    facts : tuple of str
        Identifiers in the case's register.
    equations : str
        Equations used.
    model : callable
        Takes a record of parameters and the nuisance numbers, returns the model's value.
    """

    id: str
    what: str
    unit: str
    observed: float
    observation_error: float
    model_discrepancy: float
    tolerance: str
    facts: tuple[str, ...]
    equations: str
    model: Callable[[Any, Nuisance], float]

    def implausibility(self, value: float) -> float:
        """Distance between model and observation in standard deviations of both errors; infinite for no number."""
        if not np.isfinite(value):
            return float("inf")
        return abs(value - self.observed) / float(np.hypot(self.observation_error, self.model_discrepancy))


@cache
def fact(identifier: str) -> float:
    """Return the figure of a fact known at the cut-off; the middle of its range when it has no value."""
    found = default_case().register.get(identifier)
    if found.value is not None:
        return float(found.value)
    if found.low is None or found.high is None:
        msg = f"fact {identifier} has no figure"
        raise ValueError(msg)
    return float(np.sqrt(found.low * found.high))


@cache
def opening(agent: str, item: str) -> float:
    """Return a figure of the opening balance as known at the cut-off."""
    for row in default_case().opening:
        if (row.agent, row.item) == (agent, item) and row.value is not None:
            return float(row.value)
    msg = f"the opening balance has no figure {item} of {agent}"
    raise ValueError(msg)


def nuisances(points: FloatArray) -> list[Nuisance]:
    """Turn numbers between 0 and 1, shape (draw, nuisance), into nuisance numbers, uniform over their ranges."""
    low = np.array([low for low, _, _ in NUISANCE_RANGES.values()])
    high = np.array([high for _, high, _ in NUISANCE_RANGES.values()])
    return [Nuisance(*map(float, row)) for row in low + points * (high - low)]
