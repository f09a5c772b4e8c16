"""The regime of a draw, told afterwards from what happened: the first rule that fits.

Nothing in the model is switched on by a regime. The rules are those of the specification's table of regimes; decision
21 says where they were made sharper and what they leave out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from cardhouse.basics.arrays import AnyArray, BoolArray, IntArray
from cardhouse.model.equations.indicators import PONZI
from cardhouse.model.state import ILLIQUID, INSOLVENT

REGIMES: tuple[str, ...] = ("none", "soft landing", "plateau", "dark fibre", "funding run", "melt-up")
"""Names of the labels 0 to 5."""
NONE, SOFT_LANDING, PLATEAU, DARK_FIBRE, FUNDING_RUN, MELT_UP = range(6)
WINDOW = 8
BY_COMMITMENTS = 2
"""Place of the Minsky class that counts commitments as debt service."""


class Opening(NamedTuple):
    """What a label is told against.

    Parameters
    ----------
    firms : int
        Number of operating firms; they come first among the entities.
    listed : array of bool, shape (entity,)
        Whose shares are listed at the start.
    index_value : float
        Market value of the share index at the start, USD bn.
    """

    firms: int
    listed: BoolArray
    index_value: float


def _many_within(quarters: IntArray, chosen: BoolArray, window: int, count: int) -> BoolArray:
    """Tell which draws have at least ``count`` chosen defaults inside any window of quarters."""
    later = quarters[:, None, :] - quarters[:, :, None]
    together = (later >= 0) & (later < window) & chosen[:, None, :] & chosen[:, :, None]
    many: BoolArray = (together.sum(axis=2) >= count).any(axis=1)
    return many


def _are_dark_fibre(draws: Mapping[str, AnyArray]) -> BoolArray:
    """Tell of low use for a year, price far below user cost, and two insolvent firms."""
    low = draws["utilisation"] < 0.65
    starts = max(low.shape[1] - 3, 0)
    year = np.logical_and.reduce([low[:, k : k + starts] for k in range(4)]).any(axis=1)
    cheap = (draws["compute_price"] < 0.7 * draws["long_run_price"]).any(axis=1)
    fits: BoolArray = year & cheap & ((draws["default_label"] == INSOLVENT).sum(axis=1) >= 2)
    return fits


def _are_funding_run(draws: Mapping[str, AnyArray]) -> BoolArray:
    """Tell whether two firms are called illiquid within a year while capacity is well used."""
    quarters, illiquid = draws["default_quarter"], draws["default_label"] == ILLIQUID
    fits = np.zeros(len(quarters), dtype=np.bool_)
    several = np.flatnonzero(illiquid.sum(axis=1) >= 2)
    if several.size:
        when = quarters[several]
        used = np.take_along_axis(draws["utilisation"][several], np.maximum(when, 0), axis=1) > 0.75
        fits[several] = _many_within(when, illiquid[several] & used & (when >= 0), 4, 2)
    return fits


def _are_plateau(draws: Mapping[str, AnyArray], listed: BoolArray) -> BoolArray:
    """Tell of slow growth of end users, capital spending a quarter below its peak, and at most one listed default."""
    spending, capex = draws["end_user_spending"], draws["sector_capex"]
    if spending.shape[1] <= 4:
        return np.zeros(spending.shape[0], dtype=np.bool_)
    slow = (spending[:, 4:] < 1.1 * spending[:, :-4]).any(axis=1)
    after = np.arange(capex.shape[1]) >= np.argmax(capex, axis=1)[:, None]
    fall = (after & (capex < 0.75 * np.max(capex, axis=1, keepdims=True))).any(axis=1)
    few = ((draws["default_quarter"] >= 0) & listed).sum(axis=1) <= 1
    all_three: BoolArray = slow & fall & few
    return all_three


def _are_soft_landing(draws: Mapping[str, AnyArray], firms: int) -> BoolArray:
    """Tell of no default, organic revenue up, capital spending paid out of earnings, no deep fall of prices."""
    value = draws["sector_market_value"]
    fall = np.max(1.0 - value / np.maximum.accumulate(value, axis=1), axis=1)
    organic = draws["organic_revenue"]
    last = draws["ebitda"][:, -4:, :firms]
    earned = last.reshape(len(value), last.shape[1] * firms).sum(axis=1, dtype=np.float64)
    paid = draws["sector_capex"][:, -4:].sum(axis=1)
    calm = (draws["default_quarter"] < 0).all(axis=1)
    better = organic[:, -1] - organic[:, 0] >= 0.10
    return np.asarray(calm & better & (paid < 0.9 * earned) & (fall < 0.30))


def _are_melt_up(draws: Mapping[str, AnyArray], opening: Opening) -> BoolArray:
    """Tell of an index forty percent above all it was two years before, while more firms are in Ponzi finance.

    A rise is measured from the highest value so far: the way back from a crash is no melt-up.
    """
    index = np.asarray(draws["sp500_index"], dtype=np.float64)
    start = np.full((len(index), 1), opening.index_value)
    highest = np.maximum.accumulate(np.concatenate([start, index], axis=1), axis=1)
    up = index[:, WINDOW - 1 :] > 1.4 * highest[:, : max(index.shape[1] - WINDOW + 1, 0)]
    fits = np.zeros(len(index), dtype=np.bool_)
    risen = np.flatnonzero(up.any(axis=1))
    if risen.size:
        ponzi = (draws["minsky_class"][risen, :, : opening.firms, BY_COMMITMENTS] == PONZI).sum(axis=2)
        ends = np.arange(WINDOW - 1, index.shape[1])
        more = ponzi[:, ends] > ponzi[:, np.maximum(ends - WINDOW, 0)]
        fits[risen] = (up[risen] & more).any(axis=1)
    return fits


USED = (
    "utilisation",
    "compute_price",
    "long_run_price",
    "default_label",
    "default_quarter",
    "end_user_spending",
    "sector_capex",
    "sector_market_value",
    "organic_revenue",
    "ebitda",
    "sp500_index",
    "minsky_class",
)


def regime_labels(results: Mapping[str, AnyArray], opening: Opening) -> IntArray:
    """Return the label of every draw: the first rule that fits, in the order run, dark fibre, soft, plateau, melt-up.

    Parameters
    ----------
    results : mapping
        Results by name with the draw as first axis.
    opening : Opening
        What the rules compare with.
    """
    rules = (
        (FUNDING_RUN, _are_funding_run(results)),
        (DARK_FIBRE, _are_dark_fibre(results)),
        (SOFT_LANDING, _are_soft_landing(results, opening.firms)),
        (PLATEAU, _are_plateau(results, opening.listed)),
        (MELT_UP, _are_melt_up(results, opening)),
    )
    labels = np.full(len(rules[0][1]), NONE)
    for label, fits in reversed(rules):
        labels[fits] = label
    return labels.astype(results["regime"].dtype)


def regime_label(draw: Mapping[str, AnyArray], opening: Opening) -> int:
    """Return the label of one draw, given without an axis for draws."""
    several = {name: np.asarray(draw[name])[None] for name in USED}
    return int(regime_labels({**several, "regime": np.zeros(1, dtype=np.int64)}, opening)[0])
