"""The page of findings: how much each target rules out, and what the accepted rows say of each parameter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.model.parameters import PARAMETERS, as_records
from validation.history.economy import revenue_for_the_build_out
from validation.history.targets import NUISANCE_RANGES, THRESHOLD, Target
from validation.worlds import KNOWN_ON, case_priors

LEVELS = (0.05, 0.5, 0.95)
RANGES = tuple(NUISANCE_RANGES.items())
SIGNIFICANCE = 1.95
"""Kolmogorov-Smirnov: the distance that chance exceeds once in a thousand is this over the root of the sample."""


UNUSED = {
    "C-7a": "HSBC's funding gap of OpenAI to 2030: no parameter, the bank's own inputs are typed into a formula",
    "C-7b": "J.P. Morgan's 650 a year for 5,000 of investment{}: to be explained, not fitted; it leaves most of the "
    "replacement of chips out, and a row would meet it with chips that live fifteen years, far beyond their range",
    "C-8": "backlog of three clouds and OpenAI's part of it: no parameter, it speaks about the table of contracts",
    "C-9b": "the Fund's moderate correction: neither the fall of shares nor the tightening is in a public text at "
    "hand, and the figure is for the world",
    "C-9c": "Oxford Economics' slump of technology: the fall of shares was reported (25 %), the cut of investment and "
    "the baseline were not",
}
"""Targets of the specification that rule nothing out, and why; each is a check of the validation page."""
USED = (
    "C-1 to C-9 of the specification. A target rules points out when it speaks about sampled parameters and is a "
    "figure that the model should make. None speaks about the import share of investment: C-9a holds investment."
)


def distance(kept: FloatArray, whole: FloatArray) -> float:
    """Return the largest distance of two distribution functions.

    >>> distance(np.array([3.0, 4.0]), np.array([1.0, 2.0, 3.0, 4.0]))
    0.5
    """
    points = np.sort(whole)
    one = np.searchsorted(np.sort(kept), points, side="right") / kept.size
    other = np.searchsorted(points, points, side="right") / points.size
    return float(np.max(np.abs(one - other)))


def learned(rows: FloatArray, kept: BoolArray) -> list[tuple[str, float]]:
    """Return the parameters whose accepted values differ from their prior by more than chance, largest first."""
    names = case_priors().names
    limit = SIGNIFICANCE / float(np.sqrt(kept.sum()))
    scores = [(name, distance(rows[kept, k], rows[:, k])) for k, name in enumerate(names) if np.ptp(rows[:, k]) > 0.0]
    return sorted([item for item in scores if item[1] > limit], key=lambda item: -item[1])


def _numbers(values: FloatArray) -> str:
    known = values[np.isfinite(values)]
    return " / ".join(f"{v:.3g}" for v in np.quantile(known, LEVELS))


def _target_rows(targets: Sequence[Target], found: tuple[FloatArray, FloatArray], kept: BoolArray) -> list[str]:
    values, implausible = found
    out = implausible >= THRESHOLD
    lines = [
        "| target | what | observed | errors: figure, model | why | model: prior | accepted | rules out | alone | by |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for k, target in enumerate(targets):
        alone = float(np.mean(out[:, k] & (out.sum(axis=1) == 1)))
        lines.append(
            f"| {target.id} | {target.what} ({target.unit}) | {target.observed:.3g} | {target.observation_error:g}, "
            f"{target.model_discrepancy:.3g} | {target.tolerance} | {_numbers(values[:, k])} | "
            f"{_numbers(values[kept, k])} | {np.mean(out[:, k]):.1%} | {alone:.1%} | {target.equations} |"
        )
    return lines


def _parameter_rows(rows: FloatArray, kept: BoolArray) -> list[str]:
    priors = case_priors()
    lines = ["| parameter | unit | prior | accepted | distance |", "|---|---|---|---|---|"]
    for name, score in learned(rows, kept):
        k = priors.names.index(name)
        unit = next(spec.unit for spec in PARAMETERS if spec.name == name)
        lines.append(f"| `{name}` | {unit} | {_numbers(rows[:, k])} | {_numbers(rows[kept, k])} | {score:.2f} |")
    return lines


def _use_rows(targets: Sequence[Target], rows: FloatArray, kept: BoolArray) -> list[str]:
    """List every target of the specification: used, or not used and why."""
    lines = ["| target | used to rule out | what, or why not |", "|---|---|---|"]
    families: dict[str, list[Target]] = {}
    for target in targets:
        families.setdefault(target.id[:3], []).append(target)
    hurdles = np.array([revenue_for_the_build_out(row) for row in as_records(rows)])
    for family, members in families.items():
        parts = "; ".join(f"{target.id}: {target.what}" for target in members)
        lines.append(f"| {family} | yes | {parts} |")
    low, middle, high = np.quantile(hurdles[kept], LEVELS)
    asked = f" (accepted rows: {low:.0f} / {middle:.0f} / {high:.0f})"
    lines += [f"| {name} | no | {why.format(asked)} |" for name, why in UNUSED.items()]
    return [*lines[:2], *sorted(lines[2:])]


def page(targets: Sequence[Target], found: tuple[FloatArray, FloatArray], rows: FloatArray, kept: BoolArray) -> str:
    """Write the page."""
    silent = int(np.sum(np.ptp(rows, axis=0) > 0.0)) - len(learned(rows, kept))
    head = (
        "Written by `./run python -m validation.history_matching`. "
        f"{rows.shape[0]:,} Sobol' points of the priors, information to {KNOWN_ON}; {int(kept.sum()):,} "
        f"({kept.mean():.0%}) are within {THRESHOLD:g} standard deviations of every target. "
        "Model values are quantiles 5, 50 and 95 per cent. What it means stands in "
        "[the page on calibration](../explanation/calibration.md)."
    )
    told = (
        "Parameters whose accepted values differ from the prior by more than chance (Kolmogorov-Smirnov distance, one "
        f"in a thousand). Of the other {silent} uncertain parameters the targets say nothing."
    )
    free = [f"| {name.replace('_', ' ')} | {low:g} to {high:g} | {why} |" for name, (low, high, why) in RANGES]
    lines = ["# History matching", "", head, "", "## What each target rules out", ""]
    lines += [*_target_rows(targets, found, kept), "", "## Which targets are used", "", USED, ""]
    lines += [*_use_rows(targets, rows, kept), "", "## What was learned", "", told, ""]
    lines += [*_parameter_rows(rows, kept), "", "## Numbers that nobody published", ""]
    lines += ["Sampled with the parameters, uniform; a parameter is ruled out only when none of them saves it.", ""]
    lines += ["| number | range | what it is |", "|---|---|---|", *free, ""]
    return "\n".join(lines)
