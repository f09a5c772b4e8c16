"""Circular money by simulated quarter: payments from the ledger of a draw, backlogs and stakes from its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.analysis.circularity.over_time import OverTime, circularity_over_time
from cardhouse.analysis.circularity.ratios import share_of
from cardhouse.analysis.draws import Draws
from cardhouse.analysis.tracer import flows_of
from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.model.replay import state_after
from cardhouse.model.simulate import record_draw
from cardhouse.simulation.progress import Observer, Silent

LEAST_STAKE = 1e-6
"""A supplier finances a buyer when it owns more than this part of it; less is the dust of sales and dilution."""

MEASURES: dict[str, str] = {
    "finn": "cycling (Finn)",
    "circular_share": "circular (Hodge)",
    "reciprocal_share": "paid both ways",
    "round_trip_share": "round trips",
}
"""Measures on payments, and their words."""


def backlog_of_financed(
    backlog: FloatArray, parties: tuple[AnyArray, AnyArray], stake: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Add up every supplier's backlog, and the part owed by firms that it owns part of.

    Parameters
    ----------
    backlog : array, shape (contract,)
        What is still to be delivered and paid, USD bn.
    parties : (buyer, seller), arrays of int, shape (contract,)
        Who owes, and who is owed.
    stake : array, shape (owner, firm)
        Parts owned, 0 to 1.

    Returns
    -------
    owed, whole : arrays, shape (firm,)
        USD bn; a firm's wrong-way exposure is the first over the second.

    Examples
    --------
    A cloud has orders of 30 from a laboratory, a tenth of which it owns, and of 10 from a stranger:

    >>> stake = np.array([[0.0, 0.1, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> owed, whole = backlog_of_financed(np.array([30.0, 10.0]), (np.array([1, 2]), np.array([0, 0])), stake)
    >>> owed.tolist(), whole.tolist()
    ([30.0, 0.0, 0.0], [40.0, 0.0, 0.0])
    """
    buyer, seller = parties
    count = stake.shape[1]
    financed = stake[seller, buyer] > LEAST_STAKE
    owed = np.bincount(seller, np.where(financed, backlog, 0.0), count)
    return np.asarray(owed, dtype=np.float64), np.asarray(np.bincount(seller, backlog, count), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class CircularDraws:
    """Measures of circular money by draw and simulated quarter.

    Parameters
    ----------
    quarters : tuple of str
    payments : tuple of OverTime
        Measures on the payments, one per draw.
    loop_gain : array, shape (draw, quarter)
        R_loop: above one the loop feeds itself, and starves itself on the way down.
    suppliers : tuple of str
        Firms with a backlog in any draw.
    owed, backlog : array, shape (draw, quarter, supplier)
        Backlog at the end of the quarter owed by firms the supplier owns part of, and all of it, USD bn.
    """

    quarters: tuple[str, ...]
    payments: tuple[OverTime, ...]
    loop_gain: FloatArray
    suppliers: tuple[str, ...]
    owed: FloatArray
    backlog: FloatArray

    def measure(self, name: str) -> FloatArray:
        """Return a measure on payments, shape (draw, quarter)."""
        return np.array([getattr(found, name) for found in self.payments])

    def wrong_way(self, supplier: str = "") -> FloatArray:
        """Return the wrong-way exposure of a supplier, of all together by default, shape (draw, quarter)."""
        if supplier:
            place = self.suppliers.index(supplier)
            return share_of(self.owed[:, :, place], self.backlog[:, :, place])
        return share_of(self.owed.sum(axis=2), self.backlog.sum(axis=2))

    def to_plain(self) -> dict[str, Any]:
        """Return means and ranges over draws as plain values for JSON; unknown is null."""
        return {
            "quarters": list(self.quarters),
            "draws": len(self.payments),
            "measures": {name: _bands(self.measure(name)) for name in MEASURES},
            "loop_gain": _bands(self.loop_gain),
            "wrong_way_exposure": _bands(self.wrong_way()),
            "wrong_way_by_supplier": {
                name: {
                    "share": _bands(self.wrong_way(name)),
                    "owed_usd_bn": _bands(self.owed[:, :, k]),
                    "backlog_usd_bn": _bands(self.backlog[:, :, k]),
                }
                for k, name in enumerate(self.suppliers)
            },
        }


def circularity_of_draws(draws: Draws, inside: Sequence[str], observer: Observer | None = None) -> CircularDraws:
    """Measure simulated draws quarter by quarter.

    Parameters
    ----------
    draws : Draws
        The draws.
    inside : sequence of str
        Firms of the network; payments to anyone else leave it.
    observer : Observer, optional
        Is told after each draw; nobody by default.
    """
    told = observer or Silent()
    told.begin(len(draws.rows), 0)
    setup = draws.setup
    quarters = setup.quarters
    world = setup.world[0]
    count = int(world.relations)
    parties = (np.asarray(world.buyer[:count]), np.asarray(world.seller[:count]))
    agents = len(setup.entity_ids)
    owed, backlog = np.zeros((2, len(draws.rows), quarters, agents))
    payments = []
    for d, (row, news) in enumerate(zip(draws.rows, draws.news, strict=True)):
        payments.append(circularity_over_time(flows_of(record_draw(setup, row, int(news)), inside, quarters)))
        for t in range(quarters):
            state = state_after(setup, row, int(news), t + 1)
            stake = np.asarray(state.stake[:agents, :agents])
            owed[d, t], backlog[d, t] = backlog_of_financed(np.asarray(state.backlog[:count]), parties, stake)
        told.advance(1, {})
    kept = [k for k in range(agents) if backlog[:, :, k].any()]
    return CircularDraws(
        quarters=setup.quarter_labels,
        payments=tuple(payments),
        loop_gain=np.asarray(draws.results()["loop_gain"], dtype=np.float64),
        suppliers=tuple(setup.entity_ids[k] for k in kept),
        owed=owed[:, :, kept],
        backlog=backlog[:, :, kept],
    )


def _bands(values: FloatArray) -> list[dict[str, float] | None]:
    """Return mean, lowest and highest over draws for every quarter."""
    bands: list[dict[str, float] | None] = []
    for column in values.T:
        known = column[np.isfinite(column)]
        summary = (
            {"mean": float(known.mean()), "low": float(known.min()), "high": float(known.max())} if known.size else None
        )
        bands.append(summary)
    return bands
