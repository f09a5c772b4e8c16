"""The regime of a draw, told afterwards from what happened: the first rule that fits.

Nothing in the model is switched on by a regime. The rules look at windows of eight quarters.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray
from cardhouse.model.state import ILLIQUID, INSOLVENT

REGIMES: tuple[str, ...] = ("none", "soft landing", "plateau", "dark fibre", "funding run", "melt-up")
"""Names of the labels 0 to 5."""
NONE, SOFT_LANDING, PLATEAU, DARK_FIBRE, FUNDING_RUN, MELT_UP = range(6)
WINDOW = 8


def _defaults_within(quarters: IntArray, chosen: BoolArray, window: int) -> int:
    """Largest number of chosen defaults inside any window of quarters."""
    when = np.sort(quarters[chosen])
    return max((int(np.sum((when >= first) & (when < first + window))) for first in when), default=0)


def _is_dark_fibre(draw: Mapping[str, AnyArray]) -> bool:
    """Tell of low use for a year, price far below user cost, and two insolvent firms."""
    low = draw["utilisation"] < 0.65
    longest, run = 0, 0
    for quarter in low:
        run = run + 1 if quarter else 0
        longest = max(longest, run)
    cheap = bool(np.any(draw["compute_price"] < 0.7 * draw["long_run_price"]))
    return longest >= 4 and cheap and int(np.sum(draw["default_label"] == INSOLVENT)) >= 2


def _is_funding_run(draw: Mapping[str, AnyArray]) -> bool:
    """Tell whether two firms are called illiquid within a year while capacity is well used."""
    quarters, labels = draw["default_quarter"], draw["default_label"]
    used = np.array([draw["utilisation"][q] > 0.75 if q >= 0 else False for q in quarters])
    return _defaults_within(quarters, (labels == ILLIQUID) & used, 4) >= 2


def _is_plateau(draw: Mapping[str, AnyArray]) -> bool:
    """Tell of slow growth of end users, under ten percent a year, and of capital spending a quarter below its peak."""
    spending, capex = draw["end_user_spending"], draw["sector_capex"]
    if spending.size <= 4:
        return False
    slow = bool(np.any(spending[4:] < 1.1 * spending[:-4]))
    fall = bool(np.min(capex[int(np.argmax(capex)) :]) < 0.75 * np.max(capex))
    return slow and fall


def _is_soft_landing(draw: Mapping[str, AnyArray], firms: int) -> bool:
    """Tell of no default, organic revenue up, capital spending paid out of earnings, no deep fall of prices."""
    if np.any(draw["default_quarter"] >= 0):
        return False
    value = draw["sector_market_value"]
    fall = float(np.max(1.0 - value / np.maximum.accumulate(value)))
    organic = draw["organic_revenue"]
    earned = np.sum(draw["ebitda"][-4:, :firms])
    paid = np.sum(draw["sector_capex"][-4:])
    return bool(organic[-1] - organic[0] >= 0.10 and paid < 0.9 * earned and fall < 0.30)


def _is_melt_up(draw: Mapping[str, AnyArray]) -> bool:
    """Tell whether the index rises by more than forty percent in two years."""
    index = draw["sp500_index"]
    return bool(index.size > WINDOW and np.any(index[WINDOW:] / index[:-WINDOW] > 1.4))


def regime_label(draw: Mapping[str, AnyArray], firms: int) -> int:
    """Return the label of one draw: the first rule that fits, in the order run, dark fibre, plateau, soft, melt-up."""
    rules = (
        (FUNDING_RUN, _is_funding_run(draw)),
        (DARK_FIBRE, _is_dark_fibre(draw)),
        (SOFT_LANDING, _is_soft_landing(draw, firms)),
        (PLATEAU, _is_plateau(draw)),
        (MELT_UP, _is_melt_up(draw)),
    )
    return next((label for label, fits in rules if fits), NONE)


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
)


def regime_labels(results: Mapping[str, AnyArray], firms: int) -> IntArray | FloatArray:
    """Return the label of every draw.

    Parameters
    ----------
    results : mapping
        Results by name with the draw as first axis.
    firms : int
        Number of operating firms.
    """
    draws = results["default_quarter"].shape[0]
    labels = np.zeros(draws, dtype=results["regime"].dtype)
    for d in range(draws):
        labels[d] = regime_label({name: results[name][d] for name in USED}, firms)
    return labels
