"""What others count on: next year's claims on each firm against its means, backlog at risk, the price of leaving.

The model reads these figures off its books every quarter (D4 to D6); here they become ranges over the draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of, share_of
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.records import Range, ShareOfDraws
from cardhouse.basics.arrays import FloatArray
from cardhouse.simulation.results import Run

_NEEDED = ("exit_price", "expectation_mismatch", "backlog_impairment")


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What others count on from one firm, USD bn; quarters after its default are left out.

    Parameters
    ----------
    entity, name, role : str
        Who.
    exit_start, exit_end : Range
        Price of leaving the race in the first quarter, and in the last one in draws in which the firm survives.
    mismatch_start : Range
        What others plan to get from it in a year, less its means, in the first quarter. Positive: it must raise it.
    mismatch_worst : Range
        The same at its highest.
    mismatch_any : ShareOfDraws
        Draws in which plans exceed means in some quarter.
    backlog_start, backlog_worst : Range
        Value that it must expect to lose on its backlog, in the first quarter and at the highest.
    """

    entity: str
    name: str
    role: str
    exit_start: Range
    exit_end: Range
    mismatch_start: Range
    mismatch_worst: Range
    mismatch_any: ShareOfDraws
    backlog_start: Range
    backlog_worst: Range


def expectations(run: Run, cast: Cast) -> tuple[Expectation, ...]:
    """Return what others count on from every operating firm, largest mismatch first; empty without paths."""
    if not has_draws(run, *_NEEDED):
        return ()
    found = [_line(run, cast, place) for place in cast.places(OPERATING_ROLES)]
    return tuple(sorted(found, key=lambda line: (-(line.mismatch_worst.p50 or 0.0), line.entity)))


def _line(run: Run, cast: Cast, place: int) -> Expectation:
    when = good_draws(run, "default_quarter")[:, place]

    def get(name: str) -> FloatArray:
        """Return a path of the firm, unknown from the quarter of its default."""
        values = np.asarray(good_draws(run, name)[:, :, place], dtype=np.float64)
        gone = (when[:, np.newaxis] >= 0) & (np.arange(values.shape[1]) >= when[:, np.newaxis])
        return np.where(gone, np.nan, values)

    leaving, mismatch, backlog = get("exit_price"), get("expectation_mismatch"), get("backlog_impairment")
    member = cast.members[place]
    return Expectation(
        entity=member.id,
        name=member.name,
        role=member.role,
        exit_start=range_of(leaving[:, 0]),
        exit_end=range_of(leaving[:, -1]),
        mismatch_start=range_of(mismatch[:, 0]),
        mismatch_worst=range_of(highest(mismatch)),
        mismatch_any=share_of(np.asarray((mismatch > 0.0).any(axis=1)), run.sampling.news_per_row),
        backlog_start=range_of(backlog[:, 0]),
        backlog_worst=range_of(highest(backlog)),
    )


def highest(values: FloatArray) -> FloatArray:
    """Return the highest known value of each row; NaN where none is known.

    >>> highest(np.array([[1.0, 3.0, np.nan], [np.nan, np.nan, np.nan]])).tolist()
    [3.0, nan]
    """
    top = np.max(np.where(np.isnan(values), -np.inf, values), axis=1, initial=-np.inf)
    return np.asarray(np.where(np.isneginf(top), np.nan, top), dtype=np.float64)
