"""Two runs side by side: what changes, and whether chance alone could do it.

Two runs with the same draws, seed, sampling and priors see the same worlds (common random numbers). Their difference is
then taken draw by draw, which is far more precise than the difference of two independent runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws
from cardhouse.analysis.cast import Cast, cast_of
from cardhouse.analysis.records import number, plain
from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.casebook.case import Case
from cardhouse.simulation.results import Run

NORMAL_90 = 1.6448536269514722
RETIREMENT = (0, 1, 3)
"""Places of retirement plans among the classes of holders: defined contribution, individual, defined benefit."""


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
    differ : tuple of str
        What was asked differently, in words.
    paired : bool
        Whether differences were taken draw by draw.
    draws : int
        Draws that enter (those with result code 0 in both when paired).
    measures : tuple of Measure
    """

    first: dict[str, str]
    second: dict[str, str]
    differ: tuple[str, ...]
    paired: bool
    draws: int
    measures: tuple[Measure, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as dictionaries and lists for JSON."""
        record: dict[str, Any] = plain(self)
        return record


Values = Callable[[Run], FloatArray]


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
        When the runs have different entities, or one has no good draw.
    """
    _check(first, second)
    paired = are_paired(first, second)
    both = first.good & second.good if paired else np.ones(0, dtype=np.bool_)
    cast = cast_of(first.coordinates["entity"], None if case is None else case.snapshot)
    measures = []
    for name, (text, unit, values) in _measures(first, second, cast).items():
        one, two = _chosen(first, values, both), _chosen(second, values, both)
        measures.append(_measure((name, text, unit), one, two, paired=paired))
    return Comparison(
        first={key: str(value) for key, value in first.manifest["labels"].items()},
        second={key: str(value) for key, value in second.manifest["labels"].items()},
        differ=_differences(first.manifest, second.manifest),
        paired=paired,
        draws=int(both.sum()) if paired else int(min(first.good.sum(), second.good.sum())),
        measures=tuple(measure for measure in measures if measure.first or measure.second),
    )


def are_paired(first: Run, second: Run) -> bool:
    """Tell whether two runs have the same draws of the same parameters and news."""
    same = all(first.manifest[key] == second.manifest[key] for key in ("sampling", "parameters"))
    return same and np.array_equal(first.draws, second.draws)


def _check(first: Run, second: Run) -> None:
    rule, remedy = "", ""
    if first.coordinates["entity"] != second.coordinates["entity"]:
        rule, remedy = "the two runs have different entities", "compare runs of the same case"
    elif not (first.good.any() and second.good.any()):
        rule, remedy = "one of the runs has no draw that ended well", "look at it with: cardhouse runs show"
    if rule:
        raise InputError("", (Problem(file="compare", rule=rule, remedy=remedy),))


def _chosen(run: Run, values: Values, both: BoolArray) -> FloatArray:
    """Return the values of the good draws, or of the draws good in both runs when they are paired."""
    found = values(run)
    return found if both.size == 0 else found[both[run.good]]


def _measure(words: tuple[str, str, str], one: FloatArray, two: FloatArray, *, paired: bool) -> Measure:
    if paired:
        change = two - one
        difference, error = float(np.mean(change)), _error(change)
    else:
        difference = float(np.mean(two) - np.mean(one))
        error = float(np.hypot(_error(one), _error(two)))
    return Measure(
        name=words[0],
        text=words[1],
        unit=words[2],
        first=number(np.mean(one)),
        second=number(np.mean(two)),
        difference=number(difference),
        low=number(difference - NORMAL_90 * error),
        high=number(difference + NORMAL_90 * error),
    )


def _error(values: FloatArray) -> float:
    """Return the standard error of a mean; unknown (NaN) with fewer than two values."""
    return float(np.std(values, ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")


def _measures(first: Run, second: Run, cast: Cast) -> dict[str, tuple[str, str, Values]]:
    found: dict[str, tuple[str, str, Values]] = {
        "any_default": ("at least one default", "share", _any),
        "two_defaults": ("two or more defaults", "share", lambda run: (_hits(run).sum(axis=1) >= 2).astype(np.float64)),
        "defaults": ("number of defaults", "count", lambda run: _hits(run).sum(axis=1).astype(np.float64)),
        "illiquid_defaults": ("defaults labelled illiquid", "count", _illiquid),
    }
    for place, member in enumerate(cast.members):
        if _hits(first)[:, place].any() or _hits(second)[:, place].any():
            found[f"ever_default.{member.id}"] = (f"default of {member.name.split(' (', 1)[0]}", "share", _ever(place))
    for name, text, unit, values in _amounts():
        if has_draws(first, name) and has_draws(second, name):
            found[name] = (text, unit, values)
    return found


def _hits(run: Run) -> BoolArray:
    hits: BoolArray = good_draws(run, "default_quarter") >= 0
    return hits


def _any(run: Run) -> FloatArray:
    return np.asarray(_hits(run).any(axis=1), dtype=np.float64)


def _ever(place: int) -> Values:
    return lambda run: _hits(run)[:, place].astype(np.float64)


def _illiquid(run: Run) -> FloatArray:
    return np.asarray((good_draws(run, "default_label") == 1).sum(axis=1), dtype=np.float64)


def _sum(values: AnyArray) -> FloatArray:
    """Add over entities; what is unknown (an entity that holds nothing of the kind) is left out."""
    return np.asarray(np.nansum(np.asarray(values, dtype=np.float64), axis=1))


def _amounts() -> list[tuple[str, str, str, Values]]:
    def at_end(name: str) -> Values:
        return lambda run: np.asarray(good_draws(run, name)[:, -1], dtype=np.float64)

    def whole(name: str, scale: float = 1.0) -> Values:
        return lambda run: np.asarray(good_draws(run, name) * scale, dtype=np.float64)

    def total(name: str) -> Values:
        return lambda run: _sum(good_draws(run, name)[:, -1])

    def retirement(run: Run) -> FloatArray:
        return _sum(good_draws(run, "class_loss")[:, list(RETIREMENT)])

    def unpaid(run: Run) -> FloatArray:
        return _sum(good_draws(run, "claims_unpaid"))

    def bought(run: Run) -> FloatArray:
        return _sum(good_draws(run, "capacity_bought"))

    def leaving(run: Run) -> FloatArray:
        return _sum(good_draws(run, "exit_price")[:, 0])

    def beyond_means(run: Run) -> FloatArray:
        gaps = np.maximum(np.nan_to_num(np.asarray(good_draws(run, "expectation_mismatch"), dtype=np.float64)), 0.0)
        return np.asarray(gaps.sum(axis=2).max(axis=1))

    return [
        ("sector_market_value", "market value of the sector at the end", "USD bn", at_end("sector_market_value")),
        ("peak_capex", "highest capital spending, a year", "USD bn", whole("peak_capex", 4.0)),
        ("organic_revenue", "AI revenue paid by end users at the end", "share", at_end("organic_revenue")),
        ("utilisation", "AI capacity in use at the end", "share", at_end("utilisation")),
        ("equity_loss", "equity lost, all holders", "USD bn", total("equity_loss")),
        ("class_loss", "loss of retirement plans on the share index", "USD bn", retirement),
        ("credit_loss", "credit lost, all lenders", "USD bn", total("credit_loss")),
        ("claims_unpaid", "claims never paid", "USD bn", unpaid),
        ("capacity_bought", "capacity of failed firms bought by survivors", "GW", bought),
        ("exit_price", "price of leaving the race at the start, all firms", "USD bn", leaving),
        ("expectation_mismatch", "plans beyond means, highest, all firms", "USD bn", beyond_means),
        ("gdp_gap", "output gap at the end", "share", at_end("gdp_gap")),
        ("fiscal_cost", "public money spent", "USD bn", at_end("fiscal_cost")),
    ]


def _differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    keys = sorted({*first["labels"], *second["labels"]})
    for key in keys:
        one, two = str(first["labels"].get(key, "")), str(second["labels"].get(key, ""))
        if one != two:
            found.append(f"{key.replace('_', ' ')}: {one or 'none'} against {two or 'none'}")
    for key, text in (
        ("parameters", "priors"),
        ("sampling", "draws, seed or sampling"),
        ("code", "version of the program"),
    ):
        if first[key] != second[key]:
            found.append(f"other {text}")
    return tuple(found)
