"""Measures of circular money quarter by quarter, on the payments of a ledger or of the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.circularity.finn import finn_cycling_index
from cardhouse.analysis.circularity.hodge import hodge_split
from cardhouse.analysis.circularity.ratios import round_trip_amount, share_of
from cardhouse.analysis.tracing import QuarterFlows
from cardhouse.basics.arrays import FloatArray

ROUND_TRIP_WINDOW = 8
"""Quarters over which finance given and goods bought are matched."""


@dataclass(frozen=True, kw_only=True)
class OverTime:
    """Measures by quarter, each of shape (quarter,) and NaN where nothing flows.

    Parameters
    ----------
    finn : array
        Share of all throughflow that passes the same firm again.
    circular_share : array
        Circular part of the net flows (Hodge).
    reciprocal_share : array
        Part of the gross flows that a pair pays both ways, which the net flows cannot show.
    round_trip_share : array
        Finance given over the last eight quarters that came back as purchases from the giver, over all sales.
    """

    finn: FloatArray
    circular_share: FloatArray
    reciprocal_share: FloatArray
    round_trip_share: FloatArray


def circularity_over_time(flows: Sequence[QuarterFlows]) -> OverTime:
    """Measure each quarter of a sequence of flows.

    Examples
    --------
    A closed ring of three cycles in full and has no pair that pays both ways:

    >>> ring = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [2.0, 0.0, 0.0]])
    >>> none = np.zeros((7, 3))
    >>> quarter = QuarterFlows(revenue=ring, finance=np.zeros((3, 3)), revenue_from_outside=none,
    ...     finance_from_outside=none, to_outside=np.zeros(3))
    >>> found = circularity_over_time([quarter])
    >>> found.finn.tolist(), found.circular_share.tolist(), found.reciprocal_share.tolist()
    ([1.0], [1.0], [0.0])
    """
    inside = np.array([flow.inside for flow in flows])
    entering = np.array([flow.from_outside.sum(axis=0) for flow in flows])
    leaving = np.array([flow.to_outside for flow in flows])
    split = hodge_split(inside)
    matched, sold = [], []
    for t in range(len(flows)):
        window = flows[max(0, t - ROUND_TRIP_WINDOW + 1) : t + 1]
        finance = np.sum([flow.finance for flow in window], axis=0)
        revenue = np.sum([flow.revenue for flow in window], axis=0)
        matched.append(float(round_trip_amount(finance, revenue).sum()))
        sold.append(float(revenue.sum() + sum(flow.revenue_from_outside.sum() for flow in window)))
    return OverTime(
        finn=finn_cycling_index(inside, entering, leaving),
        circular_share=split.circular_share,
        reciprocal_share=split.reciprocal_share,
        round_trip_share=share_of(np.array(matched), np.array(sold)),
    )
