"""Where market value went: the change since the start of each issuer, split by channel."""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.bands import has
from cardhouse.analysis.cast import Cast
from cardhouse.analysis.records import ChannelLoss, number
from cardhouse.basics.arrays import FloatArray
from cardhouse.simulation.results import Run


def value_by_channel(run: Run, cast: Cast) -> tuple[ChannelLoss, ...]:
    """Return the mean change of market value by issuer and channel, largest change first.

    Means are used because they add up: over channels to the issuer, over issuers to the sector. Medians do not.
    """
    if not has(run, "loss_by_channel"):
        return ()
    mean = np.asarray(run.summary("loss_by_channel", (0.5,)).mean, dtype=np.float64)
    found = [_line(cast, place, mean[place]) for place in range(mean.shape[0])]
    moved = [line for line in found if line.total is not None and any(line.by_channel)]
    return tuple(sorted(moved, key=lambda line: (-abs(line.total or 0.0), line.entity)))


def _line(cast: Cast, place: int, row: FloatArray) -> ChannelLoss:
    member = cast.members[place]
    parts = tuple(number(value) for value in row)
    known = [part for part in parts if part is not None]
    total = sum(known) if known else None
    return ChannelLoss(entity=member.id, name=member.name, by_channel=parts, total=total)


def sum_by_channel(lines: tuple[ChannelLoss, ...]) -> tuple[float, ...]:
    """Add the issuers' changes by channel.

    >>> sum_by_channel((ChannelLoss(entity="a", name="A", by_channel=(-1.0, -2.0), total=-3.0),))
    (-1.0, -2.0)
    """
    if not lines:
        return ()
    table = np.array([[part or 0.0 for part in line.by_channel] for line in lines])
    return tuple(float(value) for value in table.sum(axis=0))
