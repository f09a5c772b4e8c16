"""Which kind of world a draw was: labels computed afterwards from its paths, by rules printed beside them.

Nothing in the model is switched on by a label. The rules are tried in this order and the first that fits counts.
Windows are eight quarters long; a rule with a window fits when any window of the run fits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, share_of
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.defaults import ILLIQUID, INSOLVENT
from cardhouse.analysis.records import RegimeShare
from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.network.entity import Role
from cardhouse.simulation.results import Run

WINDOW = 8
_SOFT = (
    "no default of a firm in the whole run; the part of AI revenue paid by end users rises by 10 points or more; "
    "capital spending stays below 0.9 of operating cash in the last year; market value never falls 30 % below its peak"
)
_PLATEAU = (
    "in some eight quarters end-user spending grows less than 10 % a year and capital spending falls by more than "
    "25 %, with at most one default among chip makers, platforms and leveraged clouds"
)
_FIBRE = (
    "in some eight quarters capacity is used below 0.65 in four of them, with the rental price more than 30 % below "
    "its long-run cost, and two or more firms are insolvent in the run"
)
_RUN = "two or more illiquid defaults within four quarters while capacity is used above 0.75"
_MELT_UP = (
    "none of the above; the share index rises by more than 40 % in some eight quarters while the part of debt owed by "
    "Ponzi-class firms grows"
)
RULES: tuple[tuple[str, str], ...] = (
    ("soft landing", _SOFT),
    ("plateau", _PLATEAU),
    ("dark fibre", _FIBRE),
    ("funding run", _RUN),
    ("melt-up", _MELT_UP),
    ("none of these", "no rule fits"),
)
NEEDED = (
    *("default_quarter", "default_label", "organic_revenue", "sector_capex", "ebitda", "interest_due"),
    *("sector_market_value", "end_user_spending", "utilisation", "compute_price", "long_run_price", "sp500_index"),
    *("minsky_class", "debt"),
)


@dataclass(frozen=True)
class Paths:
    """The paths that the rules read, draws in the first axis."""

    quarters: IntArray
    labels: IntArray
    organic: FloatArray
    capex: FloatArray
    operating_cash: FloatArray
    value: FloatArray
    spending: FloatArray
    utilisation: FloatArray
    price: FloatArray
    long_run_price: FloatArray
    index: FloatArray
    ponzi: FloatArray
    listed: IntArray


def regime_shares(run: Run, cast: Cast) -> tuple[RegimeShare, ...]:
    """Return how often each label fits; empty when the run kept no paths."""
    if not has_draws(run, *NEEDED):
        return ()
    label = label_draws(_paths(run, cast))
    per_row = run.sampling.news_per_row
    return tuple(
        RegimeShare(regime=name, rule=rule, share=share_of(label == place, per_row))
        for place, (name, rule) in enumerate(RULES)
    )


def _paths(run: Run, cast: Cast) -> Paths:
    def get(name: str) -> FloatArray:
        return np.asarray(good_draws(run, name), dtype=np.float64)

    operating = list(cast.places(OPERATING_ROLES))
    listed = cast.places(frozenset({Role.CHIPS, Role.PLATFORM, Role.LEVERAGED_CLOUD}))
    debt = np.nan_to_num(get("debt")[:, :, operating])
    ponzi = good_draws(run, "minsky_class")[:, :, operating, 0] == 2
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (debt * ponzi).sum(axis=2) / debt.sum(axis=2)
    return Paths(
        quarters=good_draws(run, "default_quarter"),
        labels=good_draws(run, "default_label"),
        organic=get("organic_revenue"),
        capex=get("sector_capex"),
        operating_cash=np.nansum(get("ebitda")[:, :, operating] - get("interest_due")[:, :, operating], axis=2),
        value=get("sector_market_value"),
        spending=get("end_user_spending"),
        utilisation=get("utilisation"),
        price=get("compute_price"),
        long_run_price=get("long_run_price"),
        index=get("sp500_index"),
        ponzi=np.nan_to_num(part),
        listed=np.array(listed, dtype=np.int64),
    )


def label_draws(paths: Paths) -> IntArray:
    """Return the place in :data:`RULES` of the first rule that fits each draw, shape (draw,)."""
    fits = [_soft(paths), _plateau(paths), _dark_fibre(paths), _funding_run(paths), _melt_up(paths)]
    label = np.full(paths.value.shape[0], len(RULES) - 1, dtype=np.int64)
    for place in reversed(range(len(fits))):
        label[fits[place]] = place
    return label


def _soft(paths: Paths) -> BoolArray:
    calm = (paths.quarters < 0).all(axis=1)
    rise = paths.organic[:, -1] - paths.organic[:, 0] >= 0.10
    last = slice(-4, None)
    covered = paths.capex[:, last].sum(axis=1) < 0.9 * paths.operating_cash[:, last].sum(axis=1)
    peak = np.maximum.accumulate(paths.value, axis=1)
    result: BoolArray = calm & rise & covered & (paths.value >= 0.7 * peak).all(axis=1)
    return result


def _windows(count: int) -> list[tuple[int, int]]:
    return [(begin, begin + WINDOW) for begin in range(max(count - WINDOW, 0))]


def _plateau(paths: Paths) -> BoolArray:
    few = (paths.quarters[:, paths.listed] >= 0).sum(axis=1) <= 1
    fits = np.zeros(paths.value.shape[0], dtype=np.bool_)
    for begin, end in _windows(paths.value.shape[1]):
        slow = paths.spending[:, end] < paths.spending[:, begin] * 1.1 ** (WINDOW / 4)
        fits |= slow & (paths.capex[:, end] < 0.75 * paths.capex[:, begin])
    result: BoolArray = fits & few
    return result


def _dark_fibre(paths: Paths) -> BoolArray:
    insolvent = (paths.labels == INSOLVENT).sum(axis=1) >= 2
    idle = (paths.utilisation < 0.65) & (paths.price < 0.7 * paths.long_run_price)
    fits = np.zeros(paths.value.shape[0], dtype=np.bool_)
    for begin, end in _windows(paths.value.shape[1]):
        fits |= idle[:, begin:end].sum(axis=1) >= 4
    result: BoolArray = fits & insolvent
    return result


def _funding_run(paths: Paths) -> BoolArray:
    fits = np.zeros(paths.value.shape[0], dtype=np.bool_)
    count = paths.value.shape[1]
    for begin in range(count):
        end = min(begin + 4, count)
        inside = (paths.labels == ILLIQUID) & (paths.quarters >= begin) & (paths.quarters < end)
        busy = paths.utilisation[:, begin:end].min(axis=1) > 0.75
        fits |= (inside.sum(axis=1) >= 2) & busy
    return fits


def _melt_up(paths: Paths) -> BoolArray:
    fits = np.zeros(paths.value.shape[0], dtype=np.bool_)
    for begin, end in _windows(paths.value.shape[1]):
        up = paths.index[:, end] > 1.4 * paths.index[:, begin]
        fits |= up & (paths.ponzi[:, end] > paths.ponzi[:, begin])
    return fits
