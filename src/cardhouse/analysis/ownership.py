"""Who came to own what: laboratories that were merged, and value that vested warrants moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of, share_of
from cardhouse.analysis.cast import Cast
from cardhouse.analysis.records import Range, ShareOfDraws, number
from cardhouse.simulation.results import Run

LEAST_MOVED = 0.005
"""Means below this many USD bn are not shown."""


@dataclass(frozen=True, kw_only=True)
class Merger:
    """How often a laboratory was merged, and into whom most often."""

    entity: str
    name: str
    share: ShareOfDraws
    into: str


@dataclass(frozen=True, kw_only=True)
class WarrantGain:
    """Value that vested warrants moved to an agent by the end, USD bn; a loss by dilution is negative."""

    entity: str
    name: str
    mean: float | None
    gain: Range


def mergers(run: Run, cast: Cast) -> tuple[Merger, ...]:
    """Return the laboratories that were merged in some draw, most frequent first."""
    if not has_draws(run, "merged_into"):
        return ()
    into = good_draws(run, "merged_into")
    found = []
    for place, member in enumerate(cast.members):
        parents = into[:, place]
        if not bool((parents >= 0).any()):
            continue
        top = Counter(int(parent) for parent in parents if parent >= 0).most_common(1)[0][0]
        share = share_of(parents >= 0, run.sampling.news_per_row)
        found.append(Merger(entity=member.id, name=member.name, share=share, into=cast.members[top].name))
    return tuple(sorted(found, key=lambda line: (-(line.share.share or 0.0), line.entity)))


def warrant_gains(run: Run, cast: Cast) -> tuple[WarrantGain, ...]:
    """Return who won and who lost by warrants that vested, largest gain first; means add up to zero."""
    if not has_draws(run, "warrant_gain"):
        return ()
    table = np.nan_to_num(np.asarray(good_draws(run, "warrant_gain"), dtype=np.float64))
    found = [
        WarrantGain(entity=member.id, name=member.name, mean=number(values.mean()), gain=range_of(values))
        for member, values in zip(cast.members, table.T, strict=True)
        if abs(float(values.mean())) >= LEAST_MOVED
    ]
    return tuple(sorted(found, key=lambda line: (-(line.mean or 0.0), line.entity)))
