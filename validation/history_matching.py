"""History matching: which parameter rows the years 2023 to 2025 rule out.

    ./run python -m validation.history_matching

There is no opening balance of 2023, so the model is not run from there. Each target drives the model's own equations of
a block with what was observed, and compares one number. Sobol' points of the priors, and of the numbers that nobody
published, are kept when no target is further off than three standard deviations of the errors of figure and model
(Craig, Goldstein, Seheult and Smith 1997; Vernon, Goldstein and Bower 2010). The accepted points go into the case, the
findings onto a page of the documentation.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np

from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.casebook.accepted import FILE, AcceptedSet, priors_digest
from cardhouse.casebook.folder import CASES
from cardhouse.model.parameters import as_records
from cardhouse.simulation.model_world import marginals_of
from cardhouse.simulation.sampling import sobol_points
from validation.history import compute, laboratories, orders, prices
from validation.history.page import page
from validation.history.targets import NUISANCE_RANGES, THRESHOLD, Target, nuisances
from validation.worlds import CASE, KNOWN_ON, case_priors

SEED, NUISANCE_SEED = 20260213, 20260214
CANDIDATES = 8192
EDGE = 2.0**-32
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "history-matching.md"
TARGETS: tuple[Target, ...] = (*compute.TARGETS, *orders.TARGETS, *laboratories.TARGETS, *prices.TARGETS)


def candidate_rows(first: int, last: int) -> FloatArray:
    """Return the parameter rows of candidates ``first`` to ``last - 1``, as in runs with ``--prior accepted``."""
    marginals = marginals_of(case_priors())
    points = np.clip(sobol_points(len(marginals.names), SEED, first, last), EDGE, 1.0 - EDGE)
    return marginals.at(points)


def model_values(first: int, last: int) -> FloatArray:
    """Return what the model gives for each target, shape (candidate, target)."""
    rows = as_records(candidate_rows(first, last))
    # independent numbers: two Sobol' sequences side by side would be dependent
    drawn = np.random.default_rng(NUISANCE_SEED).random((last, len(NUISANCE_RANGES)))
    free = nuisances(drawn[first:])
    return np.array([[target.model(row, other) for target in TARGETS] for row, other in zip(rows, free, strict=True)])


def implausibilities(values: FloatArray) -> FloatArray:
    """Return the implausibility of each candidate and target."""
    return np.array([[t.implausibility(v) for t, v in zip(TARGETS, row, strict=True)] for row in values.tolist()])


def accepted(implausible: FloatArray) -> BoolArray:
    """Tell which candidates no target rules out."""
    kept: BoolArray = np.asarray(implausible.max(axis=1) < THRESHOLD)
    return kept


def main() -> int:
    """Match, store the accepted set in the case, write the page."""
    values = model_values(0, CANDIDATES)
    implausible = implausibilities(values)
    kept = accepted(implausible)
    found = AcceptedSet(
        script="validation.history_matching",
        made_on=dt.datetime.now(dt.UTC).date().isoformat(),
        known_on=KNOWN_ON,
        seed=SEED,
        candidates=CANDIDATES,
        threshold=THRESHOLD,
        priors_digest=priors_digest(case_priors()),
        rows=tuple(int(row) for row in np.flatnonzero(kept)),
    )
    (CASES / CASE / FILE).write_text(found.to_json(), encoding="utf-8")
    PAGE.write_text(page(TARGETS, (values, implausible), candidate_rows(0, CANDIDATES), kept), encoding="utf-8")
    print(found.sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
