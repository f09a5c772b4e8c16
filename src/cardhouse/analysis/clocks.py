"""How long a firm lasts when no new money comes in: cash, lines and earnings against what falls due.

The clock of firm ``i`` is the first quarter in which

    opening cash + committed lines + sum(EBITDA - interest - principal due - capital spending) < 0

while the rest of the world goes on as in the run. It is arithmetic and no forecast: a firm whose clock runs out would
act before. Two versions bracket the answer: capital spending goes on as in the run, or stops at once.
"""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.records import Clock, Range
from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.simulation.results import Run

_NEEDED = ("opening_cash", "undrawn_lines", "ebitda", "interest_due", "principal_due", "capex")


def time_to_insolvency(means: FloatArray, flow: FloatArray) -> FloatArray:
    """Count quarters until the means are used up.

    Parameters
    ----------
    means : array, shape (draw,)
        Cash and lines at the start, USD bn.
    flow : array, shape (draw, quarter)
        Net receipts of each quarter, USD bn.

    Returns
    -------
    array, shape (draw,)
        Quarters from 1; infinity when they last to the end; NaN when a number is unknown before that.

    Examples
    --------
    >>> time_to_insolvency(np.array([10.0, 10.0]), np.array([[-6.0, -6.0, -6.0], [-1.0, 2.0, 3.0]])).tolist()
    [2.0, inf]
    """
    left = means[:, np.newaxis] + np.cumsum(flow, axis=1)
    gone = left < 0.0
    quarter = np.where(gone.any(axis=1), gone.argmax(axis=1) + 1.0, np.inf)
    unknown = np.isnan(left)
    first_unknown = np.where(unknown.any(axis=1), unknown.argmax(axis=1) + 1.0, np.inf)
    result: FloatArray = np.where(first_unknown < quarter, np.nan, quarter)
    return result


def clocks(run: Run, cast: Cast) -> tuple[Clock, ...]:
    """Return the clocks of the operating firms, shortest first; empty when the run kept no paths."""
    if not has_draws(run, *_NEEDED):
        return ()
    found = [_clock(run, cast, place) for place in cast.places(OPERATING_ROLES)]
    return tuple(sorted(found, key=lambda clock: (_key(clock.with_plans), clock.beyond, clock.entity)))


def group_clock(found: tuple[Clock, ...]) -> tuple[float | None, float | None]:
    """Return the first and the third shortest median clock, in quarters; None when it lies beyond the end."""
    medians = [clock.with_plans.p50 for clock in found]
    return (medians[0] if medians else None, medians[2] if len(medians) > 2 else None)


def _key(value: Range) -> float:
    return value.p50 if value.p50 is not None else float("inf")


def _clock(run: Run, cast: Cast, place: int) -> Clock:
    def get(name: str) -> FloatArray:
        return np.asarray(good_draws(run, name)[..., place], dtype=np.float64)

    means = get("opening_cash") + np.nan_to_num(get("undrawn_lines")[:, 0])
    flow = get("ebitda") - get("interest_due") - get("principal_due")
    alive = _until_default(run, place, flow.shape[1])
    stopped = time_to_insolvency(means, np.where(alive, flow, np.nan))
    planned = time_to_insolvency(means, np.where(alive, flow - get("capex"), np.nan))
    known = planned[~np.isnan(planned)]
    member = cast.members[place]
    return Clock(
        entity=member.id,
        name=member.name,
        with_plans=_range_with_end(planned),
        spending_stopped=_range_with_end(stopped),
        beyond=float(np.isinf(known).mean()) if known.size else float("nan"),
    )


def _until_default(run: Run, place: int, quarters: int) -> BoolArray:
    """Tell for which quarters the firm is alive: figures after a default are not its own."""
    when = good_draws(run, "default_quarter")[:, place]
    alive: BoolArray = (when[:, np.newaxis] < 0) | (np.arange(quarters) <= when[:, np.newaxis])
    return alive


def _range_with_end(values: FloatArray) -> Range:
    """Return the range of quarters; a quantile beyond the end is None."""
    known = np.sort(values[~np.isnan(values)])
    if known.size == 0:
        return range_of(known)
    low, middle, high = (float(known[int(p * (known.size - 1))]) for p in (0.1, 0.5, 0.9))
    words = [None if np.isinf(value) else value for value in (low, middle, high)]
    return Range(p10=words[0], p50=words[1], p90=words[2])
