"""How much new money each laboratory needs until a year: the figure that analysts publish as a funding gap.

    gap = max(0, -(opening cash + committed lines + sum of free cash flow to the end of the year))

with the compute bills, sales and prices of the run. It counts no new equity and no new debt, so it says what has to be
found; whether somebody gives it is another question.
"""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of
from cardhouse.analysis.cast import Cast
from cardhouse.analysis.records import FundingGap
from cardhouse.basics.arrays import FloatArray
from cardhouse.network.entity import Role
from cardhouse.simulation.results import Run

UNTIL = "2030Q4"
_NEEDED = ("opening_cash", "undrawn_lines", "free_cash_flow")


def gap_of(means: FloatArray, flow: FloatArray) -> FloatArray:
    """Return the money that is missing at the end, 0 when none is.

    Parameters
    ----------
    means : array, shape (draw,)
        Cash and lines at the start, USD bn.
    flow : array, shape (draw, quarter)
        Free cash flow of each quarter, USD bn.

    Examples
    --------
    >>> gap_of(np.array([10.0, 10.0]), np.array([[-8.0, -8.0], [-8.0, 4.0]])).tolist()
    [6.0, 0.0]
    """
    return np.asarray(np.maximum(0.0, -(means + flow.sum(axis=1))), dtype=np.float64)


def funding_gaps(run: Run, cast: Cast) -> tuple[FundingGap, ...]:
    """Return the gap of every laboratory, largest first; empty when the run kept no paths or has no laboratory.

    After a default the figures of a firm are no longer its own: such draws are left out and counted.
    """
    labels = run.coordinates["quarter"]
    end = labels.index(UNTIL) + 1 if UNTIL in labels else len(labels)
    if not has_draws(run, *_NEEDED):
        return ()
    places = [place for place, member in enumerate(cast.members) if member.role == Role.LAB]
    found = [_gap(run, cast, place, end) for place in places]
    return tuple(sorted(found, key=lambda gap: (-(gap.gap.p50 or 0.0), gap.entity)))


def _gap(run: Run, cast: Cast, place: int, end: int) -> FundingGap:
    def get(name: str) -> FloatArray:
        return np.asarray(good_draws(run, name)[..., place], dtype=np.float64)

    when = good_draws(run, "default_quarter")[:, place]
    alive = (when < 0) | (when >= end)
    means = get("opening_cash") + np.nan_to_num(get("undrawn_lines")[:, 0])
    values = gap_of(means[alive], get("free_cash_flow")[alive, :end])
    member = cast.members[place]
    return FundingGap(
        entity=member.id,
        name=member.name,
        until=run.coordinates["quarter"][end - 1],
        gap=range_of(values),
        draws=int(alive.sum()),
    )
