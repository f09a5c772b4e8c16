"""Compile the model into the cache, so that tests which run it side by side do not each compile it."""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.model.simulate import run_draws
from cardhouse.simulation.model_world import marginals_of

if __name__ == "__main__":
    experiment = prepare(Request(case="three_firm_ring", draws=1, quarters=2))
    parameters = experiment.request.sampling.parameters(marginals_of(experiment.priors), 0, 1)
    run_draws(experiment.world().setup, parameters, np.arange(1))
