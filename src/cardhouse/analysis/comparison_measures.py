"""What two runs are compared in: one value a draw for each measure, up to the last quarter that both runs have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws
from cardhouse.analysis.cash_taken import can_add_up, parts_of_cash, taken_by, who_leads
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.debt_or_income import can_tell as can_order
from cardhouse.analysis.debt_or_income import comes_first, debt_quarters, income_quarter
from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray
from cardhouse.basics.units import QUARTERS_PER_YEAR
from cardhouse.simulation.results import Run

RETIREMENT = (0, 1, 3)
"""Places of retirement plans among the classes of holders: defined contribution, individual, defined benefit."""

Values = Callable[[Run, int], FloatArray]
"""From a run and the place of the last quarter that counts to one value for each good draw."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One measure before it is taken.

    Parameters
    ----------
    name, text, unit : str
        As in :class:`~cardhouse.analysis.comparison.Measure`.
    values : callable
        From a run and the place of its last quarter that counts to one value for each good draw.
    needs : str
        The variable that a run must have kept draw by draw.
    happens : bool
        Whether a value tells if something happens in the draw, 1 or 0.
    whole : bool
        Whether the run keeps one number for all its quarters, which cannot be cut to fewer.
    """

    name: str
    text: str
    unit: str
    values: Values
    needs: str
    happens: bool = False
    whole: bool = False


def questions(first: Run, second: Run, ends: tuple[int, int], cast: Cast) -> list[Question]:
    """Return the measures that can be taken from what both runs kept.

    Parameters
    ----------
    first, second : Run
    ends : tuple of int
        Place of the last common quarter in each run.
    cast : Cast
        Names of the entities.
    """
    found = [*_defaults(), *_ever_defaults(first, second, ends, cast), *_amounts(), *_sums()]
    found = [item for item in found if has_draws(first, item.needs) and has_draws(second, item.needs)]
    if not cast.places(OPERATING_ROLES):
        return found
    if can_order(first) and can_order(second):
        found.append(_order(cast))
    if can_add_up(first) and can_add_up(second):
        found += _cash(first, second, ends, cast)
    return found


def _order(cast: Cast) -> Question:
    def values(run: Run, end: int) -> FloatArray:
        debt, income = (
            np.where(quarters <= end, quarters, -1)
            for quarters in (debt_quarters(run, cast)["any"], income_quarter(run))
        )
        return np.asarray(comes_first(debt, income), dtype=np.float64)

    return Question(
        name="debt_before_income",
        text="a debt problem before end users pay half",
        unit="share",
        values=values,
        needs="organic_revenue",
        happens=True,
    )


def _cash(first: Run, second: Run, ends: tuple[int, int], cast: Cast) -> list[Question]:
    """Return the cash taken out by whoever takes out the most in most draws of a run, and the largest part."""
    places = cast.places(OPERATING_ROLES)

    def taken(place: int) -> Values:
        return lambda run, end: taken_by(run, (places[place],), end + 1)[:, 0]

    def largest(run: Run, end: int) -> FloatArray:
        return np.asarray(np.nan_to_num(parts_of_cash(taken_by(run, places, end + 1)).max(axis=1)))

    tops = [_most_often(taken_by(run, places, end + 1)) for run, end in zip((first, second), ends, strict=True)]
    return [
        *(
            Question(
                name=f"cash_taken.{cast.members[places[k]].id}",
                text=f"cash taken out by {cast.members[places[k]].name.split(' (', 1)[0]}",
                unit="USD bn",
                values=taken(k),
                needs="free_cash_flow",
            )
            for k in sorted({top for top in tops if top is not None})
        ),
        Question(
            name="largest_part_of_cash",
            text="part of all cash taken out that the first firm takes",
            unit="share",
            values=largest,
            needs="free_cash_flow",
        ),
    ]


def _most_often(taken: FloatArray) -> int | None:
    """Return the place of the firm that takes out the most in most draws; None when none ever does."""
    leads = who_leads(taken)[0]
    return int(np.bincount(leads[leads >= 0]).argmax()) if bool((leads >= 0).any()) else None


def _defaults() -> list[Question]:
    quarters = "default_quarter"
    return [
        Question(
            name="any_default",
            text="at least one default",
            unit="share",
            values=_at_least(1),
            needs=quarters,
            happens=True,
        ),
        Question(
            name="two_defaults",
            text="two or more defaults",
            unit="share",
            values=_at_least(2),
            needs=quarters,
            happens=True,
        ),
        Question(name="defaults", text="number of defaults", unit="count", values=_count, needs=quarters),
        Question(
            name="illiquid_defaults",
            text="defaults labelled illiquid",
            unit="count",
            values=_illiquid,
            needs="default_label",
        ),
    ]


def _ever_defaults(first: Run, second: Run, ends: tuple[int, int], cast: Cast) -> list[Question]:
    fallen = _hits(first, ends[0]).any(axis=0) | _hits(second, ends[1]).any(axis=0)
    return [
        Question(
            name=f"ever_default.{cast.members[place].id}",
            text=f"default of {cast.members[place].name.split(' (', 1)[0]}",
            unit="share",
            values=_ever(int(place)),
            needs="default_quarter",
            happens=True,
        )
        for place in np.flatnonzero(fallen)
    ]


def _hits(run: Run, end: int) -> BoolArray:
    quarters = good_draws(run, "default_quarter")
    hits: BoolArray = (quarters >= 0) & (quarters <= end)
    return hits


def _count(run: Run, end: int) -> FloatArray:
    return np.asarray(_hits(run, end).sum(axis=1), dtype=np.float64)


def _at_least(count: int) -> Values:
    return lambda run, end: (_count(run, end) >= count).astype(np.float64)


def _ever(place: int) -> Values:
    return lambda run, end: _hits(run, end)[:, place].astype(np.float64)


def _illiquid(run: Run, end: int) -> FloatArray:
    labelled = _hits(run, end) & (good_draws(run, "default_label") == 1)
    return np.asarray(labelled.sum(axis=1), dtype=np.float64)


def _sum(values: AnyArray) -> FloatArray:
    """Add over entities; what is unknown (an entity that holds nothing of the kind) is left out."""
    return np.asarray(np.nansum(np.asarray(values, dtype=np.float64), axis=1))


def _at_end(name: str) -> Values:
    return lambda run, end: np.asarray(good_draws(run, name)[:, end], dtype=np.float64)


def _yearly_at_end(name: str) -> Values:
    return lambda run, end: QUARTERS_PER_YEAR * np.asarray(good_draws(run, name)[:, end], dtype=np.float64)


def _total(name: str) -> Values:
    return lambda run, end: _sum(good_draws(run, name)[:, end])


def _all(name: str) -> Values:
    return lambda run, _: _sum(good_draws(run, name))


def _retirement(run: Run, _: int) -> FloatArray:
    return _sum(good_draws(run, "class_loss")[:, list(RETIREMENT)])


def _leaving(run: Run, _: int) -> FloatArray:
    return _sum(good_draws(run, "exit_price")[:, 0])


def _peak_capex(run: Run, end: int) -> FloatArray:
    if end + 1 == len(run.coordinates["quarter"]):
        return np.asarray(4.0 * good_draws(run, "peak_capex"), dtype=np.float64)
    quarterly = np.asarray(good_draws(run, "sector_capex")[:, : end + 1], dtype=np.float64)
    return np.asarray(4.0 * quarterly.max(axis=1), dtype=np.float64)


def _beyond_means(run: Run, end: int) -> FloatArray:
    plans = np.asarray(good_draws(run, "expectation_mismatch")[:, : end + 1], dtype=np.float64)
    return np.asarray(np.maximum(np.nan_to_num(plans), 0.0).sum(axis=2).max(axis=1))


def _amounts() -> list[Question]:
    """Return the measures that follow the quarters."""
    lines: tuple[tuple[str, str, str, Values], ...] = (
        ("sector_market_value", "market value of the sector at the end", "USD bn", _at_end("sector_market_value")),
        ("peak_capex", "highest capital spending, a year", "USD bn", _peak_capex),
        ("organic_revenue", "AI revenue paid by end users at the end", "share", _at_end("organic_revenue")),
        ("loop_gain", "gain of the funding loop at the end", "ratio", _at_end("loop_gain")),
        ("utilisation", "AI capacity in use at the end", "share", _at_end("utilisation")),
        ("load", "AI capacity in use at the end, GW", "GW", _total("load")),
        ("equity_loss", "equity lost, all holders", "USD bn", _total("equity_loss")),
        ("credit_loss", "credit lost, all lenders", "USD bn", _total("credit_loss")),
        ("exit_price", "price of leaving the race at the start, all firms", "USD bn", _leaving),
        ("expectation_mismatch", "plans beyond means, highest, all firms", "USD bn", _beyond_means),
        ("gdp_gap", "output gap at the end", "share", _at_end("gdp_gap")),
        ("consumption_gap", "consumption gap at the end, a year", "USD bn", _yearly_at_end("consumption_gap")),
        ("investment_gap", "investment gap at the end, a year", "USD bn", _yearly_at_end("investment_gap")),
        ("fiscal_cost", "public money spent", "USD bn", _at_end("fiscal_cost")),
    )
    return [Question(name=name, text=text, unit=unit, values=values, needs=name) for name, text, unit, values in lines]


def _sums() -> list[Question]:
    """Return the measures of which a run keeps one number for the whole draw."""
    lines: tuple[tuple[str, str, str, Values], ...] = (
        ("class_loss", "loss of retirement plans on the share index", "USD bn", _retirement),
        ("claims_unpaid", "claims never paid", "USD bn", _all("claims_unpaid")),
        ("capacity_bought", "capacity of failed firms bought by survivors", "GW", _all("capacity_bought")),
    )
    return [
        Question(name=name, text=text, unit=unit, values=values, needs=name, whole=True)
        for name, text, unit, values in lines
    ]
