"""The model as a world that ensembles can run, and its priors as marginals."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.model.parameters import PARAMETERS, ParameterSet
from cardhouse.model.setup import ModelSetup
from cardhouse.model.simulate import Runner, run_draws
from cardhouse.model.variables import OUTPUTS, Variable
from cardhouse.simulation.digest import digest_of
from cardhouse.simulation.marginals import Marginals

CHANNELS = ("fundamental", "belief", "flow", "forced sale", "jump")
HOLDER_CLASSES = (
    "401(k) and other DC plans",
    "individual retirement accounts",
    "households directly",
    "defined benefit plans",
    "foreign holders",
    "all others",
)
MINSKY_DEFINITIONS = ("interest cover", "Mulligan", "commitments as debt service")


@dataclass(frozen=True)
class ModelWorld:
    """The model set up for one case and scenario.

    Parameters
    ----------
    setup : ModelSetup
        Network, shocks, gates and seed.
    """

    setup: ModelSetup

    @property
    def outputs(self) -> tuple[Variable, ...]:
        """The model's register of variables."""
        return OUTPUTS

    @functools.cached_property
    def coordinates(self) -> Mapping[str, tuple[str, ...]]:
        """Labels along every axis."""
        return {
            "quarter": self.setup.quarter_labels,
            "entity": self.setup.entity_ids,
            "channel": CHANNELS,
            "definition": MINSKY_DEFINITIONS,
            "holder_class": HOLDER_CLASSES,
        }

    @functools.cached_property
    def fingerprint(self) -> str:
        """A hash of the setup."""
        return digest_of(self.setup)

    def prepare(self) -> None:
        """Compile once, into the cache on disk, what every worker would otherwise compile for itself."""
        run_draws(self.setup, np.empty((0, len(PARAMETERS))), np.empty(0, np.int64))

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> Mapping[str, AnyArray]:
        """Run the draws; see :func:`cardhouse.model.simulate.run_draws`."""
        return run_draws(self.setup, parameters, draw_ids)

    def runner(self, *, keep: bool) -> Runner:
        """Return a function like :meth:`run` for one worker, which uses its memory again in every call."""
        return Runner(self.setup, keep=keep)


def marginals_of(priors: ParameterSet) -> Marginals:
    """Turn the priors of a case into marginals; the group of a parameter is its basis."""
    return Marginals(
        names=priors.names,
        value=priors.values,
        low=priors.low,
        high=priors.high,
        shape=priors.shape,
        group=priors.basis,
    )
