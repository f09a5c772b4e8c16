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
from validation.calibration_page import write
from validation.history import compute, economy, laboratories, orders, prices
from validation.history.page import page
from validation.history.targets import NUISANCE_RANGES, THRESHOLD, Target, nuisances
from validation.worlds import CASE, KNOWN_ON, case_priors

SEED, NUISANCE_SEED = 20260213, 20260214
CANDIDATES = 8192
EDGE = 2.0**-32
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "history-matching.md"
TARGETS: tuple[Target, ...] = (
    *compute.TARGETS,
    *orders.TARGETS,
    *laboratories.TARGETS,
    *prices.TARGETS,
    *economy.TARGETS,
)


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


def _middle(rows: FloatArray, kept: BoolArray, name: str, level: float = 0.5) -> tuple[float, float]:
    """Return a quantile of a parameter among accepted rows and among all."""
    column = rows[:, case_priors().names.index(name)]
    return float(np.quantile(column[kept], level)), float(np.quantile(column, level))


def matching_block(implausible: FloatArray, kept: BoolArray) -> str:
    """Say how many points are left, and what rents rule out, for the page on calibration."""
    out = implausible >= THRESHOLD
    rents = np.array([target.id.startswith("C-1") for target in TARGETS])
    by_rents, by_others = out[:, rents].any(axis=1), out[:, ~rents].any(axis=1)
    share, alone = (100.0 * float(np.mean(hit[~kept])) for hit in (by_rents, by_rents & ~by_others))
    return (
        f"Of {kept.size:,} points {int(kept.sum()):,} are left. Of those ruled out, rents of C-1 rule out "
        f"{share:.0f} per cent, {alone:.0f} per cent alone."
    )


def learned_block(rows: FloatArray, kept: BoolArray) -> str:
    """Say in numbers what accepted rows teach, for the page on calibration."""
    decay, decay_prior = (100.0 * value for value in _middle(rows, kept, "rent_decay"))
    cost, cost_prior = _middle(rows, kept, "cost_per_gw")
    life, life_prior = _middle(rows, kept, "chip_life_economic")
    limit, limit_prior = (100.0 * value for value in _middle(rows, kept, "supply_growth_limit", 0.05))
    wealth, wealth_prior = (100.0 * value for value in _middle(rows, kept, "wealth_consumption", 0.95))
    return f"""- **Rents of a chip generation**: they fall by {decay:.1f} per cent a quarter in the middle of accepted
  rows, by {decay_prior:.1f} in the prior. This is the one strong lesson.
- **Cost and life of a site**: {cost:.1f} billion dollars a GW in the middle instead of {cost_prior:.1f}, and chips that
  live {life:.1f} years instead of {life_prior:.1f}. The two trade off against one another, and against the utilisation
  that sites reach.
- **Growth of supply**: one in twenty accepted rows lets deliveries grow by less than {limit:.0f} per cent a quarter, in
  the prior by less than {limit_prior:.0f}. Slower growth cannot make Nvidia's sales.
- **Spending out of wealth**: one in twenty accepted rows has more than {wealth:.1f} cents a year per dollar, in the
  prior more than {wealth_prior:.1f}. Only rows with a strong wealth effect and a high multiplier are lost."""


def main() -> int:
    """Match, store the accepted set in the case, write the page and the figures of the page on calibration."""
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
    rows = candidate_rows(0, CANDIDATES)
    PAGE.write_text(page(TARGETS, (values, implausible), rows, kept), encoding="utf-8")
    write({"matching": matching_block(implausible, kept), "learned": learned_block(rows, kept)})
    print(found.sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
