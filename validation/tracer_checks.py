"""R-12: the money tracer on a ring that one outside dollar feeds."""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.tracing import ORIGINS, Fungibility, QuarterFlows, trace
from validation.register import Outcome, check


@check(
    "R-12",
    "Money tracer on a closed ring of three firms",
    "outside share of every firm's revenue is 1 within 1e-6 after 200 quarters, under each of the four rules",
    "limit of an absorbing Markov chain",
)
def closed_ring(full: bool) -> Outcome:
    """Feed a ring with one dollar of outside equity a quarter and let one dollar leave."""
    entering = np.zeros((len(ORIGINS), 3))
    entering[ORIGINS.index("outside_equity"), 0] = 1.0
    flows = QuarterFlows(
        revenue=np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [1.0, 0.0, 0.0]]),
        finance=np.zeros((3, 3)),
        revenue_from_outside=np.zeros((len(ORIGINS), 3)),
        finance_from_outside=entering,
        to_outside=np.array([0.0, 0.0, 1.0]),
    )
    worst = 0.0
    for rule in Fungibility:
        revenue = trace(np.array([3.0, 2.0, 4.0]), [flows] * (400 if full else 200), rule)[-1].revenue
        share = revenue[ORIGINS.index("outside_equity")] / revenue.sum(axis=0)
        worst = max(worst, float(np.abs(share - 1.0).max()))
    return Outcome(f"largest distance from 1: {worst:.1e}", bool(np.isfinite(worst)) and worst <= 1e-6)
