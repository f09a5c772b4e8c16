"""Two runs side by side: what changes, and whether chance alone could do it.

Two runs with the same draws, seed and sampling see the same worlds (common random numbers), also when some parameters
have another range: each parameter has numbers of its own, so that a change of one leaves all others as they are. The
difference is then taken draw by draw, which is far more precise than the difference of two independent runs. Runs of
unequal length are compared up to their last common quarter.

References
----------
Newcombe, R. G. (1998), "Interval estimation for the difference between independent proportions: comparison of eleven
methods", Statistics in Medicine 17, 873-890, method 10.

Bonett, D. G. and Price, R. M. (2012), "Adjusted Wald confidence interval for a difference of binomial proportions based
on paired data", Journal of Educational and Behavioral Statistics 37, 479-488.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.analysis.cast import cast_of
from cardhouse.analysis.changes import changed_in
from cardhouse.analysis.comparison_measures import Question, questions
from cardhouse.analysis.records import number, plain
from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.casebook.case import Case
from cardhouse.simulation.results import Run
from cardhouse.simulation.summary import wilson

NORMAL_90 = 1.6448536269514722
RANGES_NAMED = 4
"""So many parameters with another range are named in what differs; more are counted."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure in both runs.

    Parameters
    ----------
    name : str
        Identifier, for example ``ever_default.openai``.
    text : str
        What it is, for people.
    unit : str
        ``share``, ``count``, ``USD bn`` and so on.
    first, second : float, optional
        Means over the draws.
    difference, low, high : float, optional
        Second less first with the ends of its 90 % interval for Monte Carlo error.
    """

    name: str
    text: str
    unit: str
    first: float | None
    second: float | None
    difference: float | None
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        """Tell whether the interval of the difference leaves out zero."""
        return self.low is not None and self.high is not None and (self.low > 0.0 or self.high < 0.0)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two runs side by side.

    Parameters
    ----------
    first, second : dict of str to str
        Labels of the runs: case, scenario, day, gates.
    changed_first, changed_second : tuple of str
        Mechanisms switched off and parameters set in each run, in words.
    differ : tuple of str
        What was asked differently, in words.
    quarters : tuple of str
        First and last quarter that the figures cover: those that both runs have.
    left_out : tuple of str
        Measures of which a run keeps one number for all its quarters, where the runs are not equally long.
    paired : bool
        Whether differences were taken draw by draw.
    draws : int
        Draws that enter (those with result code 0 in both when paired).
    measures : tuple of Measure
    """

    first: dict[str, str]
    second: dict[str, str]
    changed_first: tuple[str, ...]
    changed_second: tuple[str, ...]
    differ: tuple[str, ...]
    quarters: tuple[str, str]
    left_out: tuple[str, ...]
    paired: bool
    draws: int
    measures: tuple[Measure, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as dictionaries and lists for JSON."""
        record: dict[str, Any] = plain(self)
        return record


def compare(first: Run, second: Run, case: Case | None = None) -> Comparison:
    """Set two runs side by side.

    Parameters
    ----------
    first, second : Run
        Of the same entities; usually the same case under two scenarios or with other gates.
    case : Case, optional
        For names.

    Raises
    ------
    InputError
        When the runs have different entities or no common quarter, or one has no good draw.
    """
    _check(first, second)
    start, end = _common_quarters(first, second)
    ends = (first.coordinates["quarter"].index(end), second.coordinates["quarter"].index(end))
    is_cut = any(place + 1 < len(run.coordinates["quarter"]) for place, run in zip(ends, (first, second), strict=True))
    sides = _sides(first, second)
    cast = cast_of(first.coordinates["entity"], None if case is None else case.snapshot)
    asked = questions(first, second, ends, cast)
    measures = [_measure(item, sides, ends) for item in asked if not (is_cut and item.whole)]
    return Comparison(
        first={key: str(value) for key, value in first.manifest["labels"].items()},
        second={key: str(value) for key, value in second.manifest["labels"].items()},
        changed_first=changed_in(first),
        changed_second=changed_in(second),
        differ=_differences(first, second),
        quarters=(start, end),
        left_out=tuple(item.text for item in asked if is_cut and item.whole),
        paired=are_paired(first, second),
        draws=min(int(side.chosen.sum()) for side in sides),
        measures=tuple(measure for measure in measures if measure.first or measure.second),
    )


def are_paired(first: Run, second: Run) -> bool:
    """Tell whether two runs have the same draws: the same numbers behind the same parameters, and the same news."""
    names = [[row["name"] for row in run.manifest["parameters"]] for run in (first, second)]
    same = first.manifest["sampling"] == second.manifest["sampling"] and names[0] == names[1]
    return same and np.array_equal(first.draws, second.draws)


def _check(first: Run, second: Run) -> None:
    rule, remedy = "", ""
    if first.coordinates["entity"] != second.coordinates["entity"]:
        rule, remedy = "the two runs have different entities", "compare runs of the same case"
    elif first.draws.size == 0 or second.draws.size == 0:
        rule, remedy = "one of the runs has no finished draw yet", "go on with: cardhouse run --resume NAME"
    elif not (first.good.any() and second.good.any()):
        rule, remedy = "one of the runs has no draw that ended well", "look at it with: cardhouse runs show"
    elif not set(first.coordinates["quarter"]) & set(second.coordinates["quarter"]):
        rule, remedy = "the two runs have no quarter in common", "run both on the same day with --known-on"
    if rule:
        raise InputError("", (Problem(file="compare", rule=rule, remedy=remedy),))


def _common_quarters(first: Run, second: Run) -> tuple[str, str]:
    """Return the first and the last quarter that both runs have."""
    there = set(second.coordinates["quarter"])
    common = [quarter for quarter in first.coordinates["quarter"] if quarter in there]
    return common[0], common[-1]


@dataclass(frozen=True)
class _Side:
    """One run with its draws that enter, by place among the good ones, and the parameter row of each."""

    run: Run
    chosen: BoolArray
    rows: IntArray

    def values(self, question: Question, end: int) -> FloatArray:
        return question.values(self.run, end)[self.chosen]


def _sides(first: Run, second: Run) -> tuple[_Side, ...]:
    paired = are_paired(first, second)
    both = first.good & second.good if paired else None
    sides = []
    for run in (first, second):
        chosen = np.ones(int(run.good.sum()), dtype=np.bool_) if both is None else both[run.good]
        rows = run.draws[run.good][chosen] // run.sampling.news_per_row
        sides.append(_Side(run, chosen, np.unique(rows, return_inverse=True)[1]))
    return tuple(sides)


def _measure(question: Question, sides: tuple[_Side, ...], ends: tuple[int, int]) -> Measure:
    one, two = (side.values(question, end) for side, end in zip(sides, ends, strict=True))
    paired = are_paired(sides[0].run, sides[1].run)
    rows = (sides[0].rows, sides[1].rows)
    if not question.happens:
        low, high = _mean_ends(one, two, rows, paired=paired)
    elif paired:
        low, high = _paired_share_ends(one, two, rows[0])
    else:
        low, high = _share_ends(one, two, rows)
    return Measure(
        name=question.name,
        text=question.text,
        unit=question.unit,
        first=number(np.mean(one)),
        second=number(np.mean(two)),
        difference=number(np.mean(two) - np.mean(one)),
        low=number(low),
        high=number(high),
    )


def _mean_ends(
    one: FloatArray, two: FloatArray, rows: tuple[IntArray, IntArray], *, paired: bool
) -> tuple[float, float]:
    """Return the ends of the interval of a difference of means, from its standard error."""
    difference = float(np.mean(two) - np.mean(one))
    error = _error(two - one, rows[0]) if paired else float(np.hypot(_error(one, rows[0]), _error(two, rows[1])))
    return difference - NORMAL_90 * error, difference + NORMAL_90 * error


def _error(values: FloatArray, rows: IntArray) -> float:
    """Return the standard error of a mean over draws of which those with one parameter row are not independent.

    Deviations are added within a row before they are squared; with one draw a row this is the usual error. Unknown
    (NaN) with fewer than two rows.
    """
    sums = np.bincount(rows, weights=values - values.mean())
    if sums.size < 2:
        return float("nan")
    return float(np.sqrt(sums.size / (sums.size - 1.0) * np.sum(sums**2)) / values.size)


def _share_ends(one: FloatArray, two: FloatArray, rows: tuple[IntArray, IntArray]) -> tuple[float, float]:
    """Return the ends of Newcombe's interval of the difference of two shares, from Wilson's of each.

    As everywhere, draws that share a parameter row count once.
    """
    counts = np.array([float(row.max() + 1) for row in rows])
    shares = np.array([np.mean(one), np.mean(two)])
    found = wilson(shares * counts, counts)
    down, up = shares - found.low, found.high - shares
    difference = float(shares[1] - shares[0])
    return difference - float(np.hypot(up[0], down[1])), difference + float(np.hypot(down[0], up[1]))


def _paired_share_ends(one: FloatArray, two: FloatArray, rows: IntArray) -> tuple[float, float]:
    """Return the ends of Bonett and Price's interval of the difference of two shares in the same draws.

    It looks at the draws in which one run is hit and the other not, and adds one of each kind: where no draw differs,
    an error is left.
    """
    change = two - one
    size = _independent(change, rows)
    gained, lost = ((float(np.mean(part)) * size + 1.0) / (size + 2.0) for part in (change > 0.0, change < 0.0))
    middle = gained - lost
    error = NORMAL_90 * float(np.sqrt((gained + lost - middle**2) / (size + 2.0)))
    return max(middle - error, -1.0), min(middle + error, 1.0)


def _independent(values: FloatArray, rows: IntArray) -> float:
    """Return how many independent draws tell as much as these; parameter rows at least, and at most all draws.

    Where no value differs from another, nothing is known of the dependence, and rows count.
    """
    spread, count = float(np.var(values)), float(rows.max() + 1)
    if spread == 0.0 or count < 2.0:
        return count
    return float(np.clip(spread / _error(values, rows) ** 2, count, values.size))


def _differences(first: Run, second: Run) -> tuple[str, ...]:
    one, two = first.manifest, second.manifest
    found = []
    for key in sorted({*one["labels"], *two["labels"]}):
        found += _pair(key.replace("_", " "), one["labels"].get(key, ""), two["labels"].get(key, ""))
    found += _pair("quarters", *(f"{len(run.coordinates['quarter'])}" for run in (first, second)))
    for key in sorted({*one["sampling"], *two["sampling"]}):
        found += _pair(key.replace("_", " "), one["sampling"].get(key, ""), two["sampling"].get(key, ""))
    found += _ranges(one["parameters"], two["parameters"])
    if one["code"] != two["code"]:
        found.append("other version of the program")
    return tuple(found)


def _pair(what: str, one: object, two: object) -> list[str]:
    first, second = _written(one), _written(two)
    if one == two:
        return []
    return [f"{what}: {first} against {second}" if len(first) + len(second) < 80 else f"other {what}"]


def _written(value: object) -> str:
    return "none" if value in ("", (), []) else str(value)


def _ranges(one: list[dict[str, Any]], two: list[dict[str, Any]]) -> list[str]:
    there = {row["name"]: row for row in two}
    changed = [(row, there[row["name"]]) for row in one if row["name"] in there and row != there[row["name"]]]
    if len(changed) > RANGES_NAMED:
        return [f"other ranges of {len(changed)} parameters"]
    return [f"{row['name']}: {_range(row)} against {_range(other)}" for row, other in changed]


def _range(row: Mapping[str, Any]) -> str:
    """Write the range of a parameter, or its value where it is fixed."""
    low, high = float(row["low"]), float(row["high"])
    return f"{low:g} to {high:g}" if high > low else f"{float(row['value']):g}"
