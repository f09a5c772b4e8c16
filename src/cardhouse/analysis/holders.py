"""Who carries the losses: equity and credit lost by each holder since the start."""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.bands import has
from cardhouse.analysis.cast import Cast
from cardhouse.analysis.records import ClassLoss, HolderLoss, Range, number
from cardhouse.simulation.results import Run

_RANGE = (0.1, 0.5, 0.9)


def holder_losses(run: Run, cast: Cast) -> tuple[HolderLoss, ...]:
    """Return the losses of every holder by the end of the run, largest median first; holders without any are left out.

    A negative loss is a gain. Medians of different holders do not add up to the median of the sum.
    """
    if not (has(run, "equity_loss") and has(run, "credit_loss")):
        return ()
    equity, credit = _at_end(run, "equity_loss"), _at_end(run, "credit_loss")
    found = [
        HolderLoss(entity=member.id, name=member.name, role=member.role, equity=equity[place], credit=credit[place])
        for place, member in enumerate(cast.members)
    ]
    kept = [line for line in found if _size(line) > 0.0]
    return tuple(sorted(kept, key=lambda line: (-_size(line), line.entity)))


def class_losses(run: Run) -> tuple[ClassLoss, ...]:
    """Return the losses of the classes of shareholders, in the model's order; empty when the run has none."""
    if not has(run, "class_loss"):
        return ()
    quantiles = run.summary("class_loss", _RANGE)
    rows = zip(run.coordinates["holder_class"], quantiles.mean, *(quantiles.at(p) for p in _RANGE), strict=True)
    return tuple(
        ClassLoss(name=name, mean=number(mean), loss=Range(p10=number(a), p50=number(b), p90=number(c)))
        for name, mean, a, b, c in rows
    )


def _at_end(run: Run, name: str) -> list[Range]:
    quantiles = run.summary(name, _RANGE)
    last = [np.asarray(quantiles.at(p))[-1] for p in _RANGE]
    return [Range(p10=number(a), p50=number(b), p90=number(c)) for a, b, c in zip(*last, strict=True)]


def _size(line: HolderLoss) -> float:
    ends = [(side.p10, side.p50, side.p90) for side in (line.equity, line.credit)]
    return sum(max((abs(value) for value in side if value is not None), default=0.0) for side in ends)
