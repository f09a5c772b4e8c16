"""Ensembles of the default case under a scenario, as ``cardhouse run`` makes them, kept for several checks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray
from cardhouse.model.simulate import run_draws
from cardhouse.model.state import ILLIQUID, INSOLVENT

AGGREGATES = ("other_labs", "other_neoclouds", "other_silicon")
"""Groups that the model treats as one firm; their default is not one of a named node."""
LAST_OF_2030 = "2030Q4"


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Results of an ensemble.

    Parameters
    ----------
    results : dict of str to array
    parameters : array, shape (draw, parameter)
    firms, quarters : tuple of str
    names : tuple of str
        Parameter names.
    opening_price : float
        Spot price of compute at the base date.
    """

    results: dict[str, AnyArray]
    parameters: FloatArray
    firms: tuple[str, ...]
    quarters: tuple[str, ...]
    names: tuple[str, ...]
    opening_price: float

    @property
    def named(self) -> BoolArray:
        """Which firms are named nodes: firms and vehicles, without the three groups of others."""
        return np.array([firm not in AGGREGATES for firm in self.firms])

    def defaults(self, until: str = "") -> BoolArray:
        """Tell which named firms defaulted up to a quarter, shape (draw, firm); the end by default."""
        last = self.quarters.index(until) if until else len(self.quarters) - 1
        when = self.results["default_quarter"]
        hit: BoolArray = (when >= 0) & (when <= last) & self.named
        return hit

    def share_with_default(self, until: str = "") -> float:
        """Share of draws with at least one default of a named node."""
        return float(self.defaults(until).any(axis=1).mean())

    def labels(self, first: int = 0, last: int = 10**6) -> tuple[int, int]:
        """Count illiquid and insolvent defaults of named nodes, in places ``first`` to ``last`` of the quarters."""
        when: IntArray = self.results["default_quarter"]
        label = self.results["default_label"][self.defaults() & (when >= first) & (when <= last)]
        return int(np.sum(label == ILLIQUID)), int(np.sum(label == INSOLVENT))

    def paths(self, name: str, firm: str = "") -> FloatArray:
        """Return a path by draw, shape (draw, quarter), of the sector or of one firm."""
        values = self.results[name]
        path: FloatArray = values[..., self.firms.index(firm)] if firm else values
        return path


@cache
def ensemble(
    scenario: str = "", draws: int = 400, known_on: str = "", prior: str = "accepted", quarters: int = 24
) -> Ensemble:
    """Run an ensemble; the newest reading of the case by default."""
    scenarios = (scenario,) if scenario else ()
    request = Request(scenarios=scenarios, draws=draws, known_on=known_on, prior=prior, quarters=quarters)
    plan = prepare(request).plan()
    setup = plan.world.setup
    rows = plan.sampling.parameters(plan.marginals, 0, draws)
    found = run_draws(setup, rows, np.arange(draws))
    return Ensemble(
        results=found,
        parameters=rows,
        firms=tuple(setup.entity_ids),
        quarters=tuple(map(str, setup.quarter_labels)),
        names=plan.marginals.names,
        opening_price=float(setup.world["spot_price"][0]),
    )
