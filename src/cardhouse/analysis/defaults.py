"""Who defaults first, when, illiquid or insolvent, and in which share of the draws."""

from __future__ import annotations

from collections import Counter

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, one_share, quarter_range, range_of, share_of
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.records import DefaultLine, Defaults, Range, Trigger, number
from cardhouse.analysis.triggers import equation_of, meaning_of
from cardhouse.basics.arrays import BoolArray, IntArray
from cardhouse.simulation.results import Run
from cardhouse.simulation.summary import DefaultTimes

ILLIQUID, INSOLVENT = 1, 2
SAVED = "had its financiers looked at fundamentals only"
"""What would have saved an illiquid firm and not an insolvent one: the re-run that labels a default (decision 17)."""
LABELS_MEAN = (
    f"An illiquid firm would have survived the quarter {SAVED}: debt rolled over, credit neither rationed nor dearer "
    "than the firm's own risk, rounds as its results earn them, no bad mood. An insolvent firm would have failed "
    "anyway. Neither word speaks of a loss on debt: creditors of both may get all back."
)
"""What the two labels mean, for readers."""
_NEVER = 1 << 30


def summarise_defaults(run: Run, cast: Cast) -> Defaults:
    """Summarise all defaults of a run; draws with another result code than 0 are left out."""
    quarters = good_draws(run, "default_quarter")
    labels = good_draws(run, "default_label")
    times = run.default_times()
    per_row = run.sampling.news_per_row
    count = (quarters >= 0).sum(axis=1)
    first = _first(quarters)
    groups = cast.groups
    named = np.delete(quarters, groups, axis=1)
    most = int(most_joint(quarters, within=2).max(initial=1))
    lines = [_line(run, cast, place, times) for place in range(len(cast.ids)) if bool((quarters[:, place] >= 0).any())]
    lines.sort(key=lambda line: (-(line.ever.share or 0.0), line.entity))
    fallen = {line.entity for line in lines}
    return Defaults(
        any=share_of(count >= 1, per_row),
        named=share_of(np.asarray((named >= 0).any(axis=1)), per_row),
        groups=tuple(cast.name(cast.ids[place]) for place in groups if cast.ids[place] in fallen),
        by_quarter=tuple(one_share(times.first, place) for place in range(len(times.first.share))),
        at_least=tuple(share_of(count >= k, per_row) for k in range(1, max(2, int(count.max(initial=1))) + 1)),
        together=share_of(joint(quarters, within=2), per_row),
        joint=tuple(share_of(joint(quarters, within=2, firms=k), per_row) for k in range(2, max(2, most) + 1)),
        first_quarter=quarter_range(first[first >= 0].astype(np.float64), run.coordinates["quarter"]),
        illiquid=_part(labels[quarters >= 0]),
        lines=tuple(lines),
        never=tuple(
            cast.name(cast.ids[place]) for place in cast.places(OPERATING_ROLES) if cast.ids[place] not in fallen
        ),
    )


def _first(quarters: IntArray) -> IntArray:
    """Return the quarter of the first default of each draw, -1 for none."""
    earliest = np.where(quarters >= 0, quarters, _NEVER).min(axis=1, initial=_NEVER)
    return np.where(earliest == _NEVER, -1, earliest)


def most_joint(quarters: IntArray, within: int) -> IntArray:
    """Count for each draw the most entities that default inside one window of ``within`` quarters.

    >>> most_joint(np.array([[3, 4, 4, -1], [3, 9, -1, -1], [-1, -1, -1, -1]]), within=2).tolist()
    [3, 1, 0]
    """
    last = int(quarters.max(initial=0))
    counts = [((quarters >= start) & (quarters < start + within)).sum(axis=1) for start in range(last + 1)]
    return np.asarray(np.max(counts, axis=0), dtype=np.int64)


def joint(quarters: IntArray, within: int, firms: int = 2) -> BoolArray:
    """Tell for each draw whether a number of entities default less than ``within`` quarters apart.

    >>> joint(np.array([[3, 4, -1], [3, 9, -1]]), within=2).tolist()
    [True, False]
    """
    return np.asarray(most_joint(quarters, within) >= firms)


def _part(labels: IntArray) -> float | None:
    """Return the illiquid part of labelled defaults; None when there are none."""
    known = labels[(labels == ILLIQUID) | (labels == INSOLVENT)]
    return None if known.size == 0 else float((known == ILLIQUID).mean())


def _line(run: Run, cast: Cast, place: int, times: DefaultTimes) -> DefaultLine:
    quarters = good_draws(run, "default_quarter")
    mine = quarters[:, place]
    happened = mine >= 0
    is_first = happened & (mine == _first(quarters))
    member = cast.members[place]
    return DefaultLine(
        entity=member.id,
        name=member.name,
        role=member.role,
        ever=one_share(times.ever, place),
        by_quarter=tuple(number(value) for value in times.by_quarter.share[:, place]),
        first=share_of(is_first, run.sampling.news_per_row),
        quarter=quarter_range(mine[happened].astype(np.float64), run.coordinates["quarter"]),
        illiquid=_part(good_draws(run, "default_label")[happened, place]),
        triggers=_triggers(good_draws(run, "default_trigger")[happened, place]),
        recovery=_among(run, "recovery_rate", happened, place),
        recovery_secured=_among(run, "recovery_secured", happened, place),
        recovery_unsecured=_among(run, "recovery_unsecured", happened, place),
        unpaid=_among(run, "claims_unpaid", happened, place),
    )


def _among(run: Run, name: str, happened: BoolArray, place: int) -> Range:
    if not has_draws(run, name):
        return Range(p10=None, p50=None, p90=None)
    return range_of(good_draws(run, name)[happened, place])


def _triggers(codes: IntArray) -> tuple[Trigger, ...]:
    counts = Counter(int(code) for code in codes)
    total = sum(counts.values())
    return tuple(
        Trigger(equation=equation_of(code), meaning=meaning_of(code), share=count / total)
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
