"""How circular the money of a run is over time, and whether its dollars keep their origins, from a few replayed draws.

Conover, W. J. (1999), *Practical Nonparametric Statistics*, 3rd edition, section 3.2, for the interval of a median.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from cardhouse.analysis.circularity.finn import finn_cycling_index
from cardhouse.analysis.circularity.hodge import hodge_split
from cardhouse.analysis.circularity.of_draws import MEASURES
from cardhouse.analysis.draws import Draws
from cardhouse.analysis.history import historical_flows, inside_firms
from cardhouse.analysis.records import number
from cardhouse.analysis.replays import Payments, payments_of, reason_of, replays_of
from cardhouse.analysis.tracer import opening_by_origin, origin_gaps
from cardhouse.analysis.tracing import trace
from cardhouse.basics.arrays import FloatArray, unknown
from cardhouse.basics.errors import CardhouseError
from cardhouse.casebook.case import Case
from cardhouse.model.identities import TOLERANCE
from cardhouse.simulation.results import Run

TOLD = ("finn", "circular_share", "reciprocal_share")
_ERROR = 0.05


@dataclass(frozen=True, kw_only=True)
class SampledBand:
    """A path over replayed draws, with the error that their small number leaves in its median.

    Parameters
    ----------
    name, long_name, unit : str
    p10, p50, p90 : tuple of float or None
        Quantiles over the replayed draws, quarter by quarter.
    low, high : tuple of float or None
        Ends of the 90 % interval of the median; None with fewer than five draws.
    """

    name: str
    long_name: str
    unit: str
    p10: tuple[float | None, ...]
    p50: tuple[float | None, ...]
    p90: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class CircularMoney:
    """How circular the money of a run is, from draws made again.

    Parameters
    ----------
    draws : tuple of int
        Numbers of the replayed draws.
    bands : tuple of SampledBand
        Cycling (Finn), circular share (Hodge), and what pairs pay both ways, by quarter.
    quarters_traced : int
        Quarters over all these draws in which identity I11 was asserted under the mixed rule.
    quarters_broken : int
        Those among them in which it does not hold; 0 unless something is wrong.
    worst_residual : float, optional
        Largest gap of an origin, as a share of all money that was there or came in.
    """

    draws: tuple[int, ...]
    bands: tuple[SampledBand, ...]
    quarters_traced: int
    quarters_broken: int
    worst_residual: float | None

    def band(self, name: str) -> SampledBand:
        """Return one band by name."""
        return next(band for band in self.bands if band.name == name)


def circular_money(run: Run, case: Case | None) -> tuple[CircularMoney | None, str]:
    """Replay some draws of a run and measure their payments.

    Parameters
    ----------
    run : Run
    case : Case, optional
        The case it was made from.

    Returns
    -------
    measures, reason
        None and a sentence where the draws cannot be made again.
    """
    try:
        draws = replays_of(run, case)
    except CardhouseError as error:
        return None, reason_of(error)
    if case is None:
        return None, "the case of the run is not at hand"
    return measure(draws, case), ""


def measure(draws: Draws, case: Case) -> CircularMoney:
    """Measure the payments of draws, and assert identity I11 in each of their quarters.

    Parameters
    ----------
    draws : Draws
    case : Case
        Gives the firms of the network and, from published payments, the origins of their opening cash.
    """
    inside = inside_firms(case.snapshot)
    composition = historical_flows(case.snapshot, case.register).composition()
    shape = (len(draws.rows), draws.setup.quarters)
    between = unknown(*shape, len(inside), len(inside))
    entering, leaving = unknown(2, *shape, len(inside))
    gaps = unknown(*shape)
    for d, payments in enumerate(payments_of(draws, inside)):
        opening = opening_by_origin(payments.opening_cash, inside, composition)
        gaps[d] = gaps_of(payments, opening)
        for t, flow in enumerate(payments.flows):
            between[d, t], leaving[d, t] = flow.inside, flow.to_outside
            entering[d, t] = flow.from_outside.sum(axis=0)
    split = hodge_split(between)
    found = {
        "finn": finn_cycling_index(between, entering, leaving),
        "circular_share": split.circular_share,
        "reciprocal_share": split.reciprocal_share,
    }
    return CircularMoney(
        draws=tuple(int(value) for value in draws.numbers),
        bands=tuple(sampled_band(name, MEASURES[name], found[name]) for name in TOLD),
        quarters_traced=gaps.size,
        quarters_broken=int(np.sum(~(gaps <= TOLERANCE))),
        worst_residual=number(gaps.max()),
    )


def gaps_of(payments: Payments, opening: FloatArray) -> FloatArray:
    """Return the largest gap of an origin in each quarter of a draw, traced under the mixed rule, shape (quarter,).

    Parameters
    ----------
    payments : Payments
        The draw's payments.
    opening : array, shape (origin, firm)
        Opening cash by origin, USD bn.
    """
    held, gaps = opening, []
    for flow, found in zip(payments.flows, trace(opening, payments.flows), strict=True):
        gaps.append(float(origin_gaps(held, flow, found).max()))
        held = found.cash
    return np.array(gaps)


def sampled_band(name: str, long_name: str, values: FloatArray, unit: str = "share") -> SampledBand:
    """Turn a measure of draws into a band with the error of its median.

    Parameters
    ----------
    name, long_name, unit : str
    values : array, shape (draw, quarter)
        NaN where the draw has none; such draws are left out of that quarter.

    Examples
    --------
    >>> values = np.arange(1.0, 10.0)[:, None]
    >>> band = sampled_band("finn", "cycling (Finn)", values)
    >>> band.p10, band.p50, band.p90, band.low, band.high
    ((1.8,), (5.0,), (8.2,), (2.0,), (8.0,))
    """
    columns = [_quantiles(column[np.isfinite(column)]) for column in values.T]
    p10, p50, p90, low, high = (tuple(row) for row in zip(*columns, strict=True))
    return SampledBand(name=name, long_name=long_name, unit=unit, p10=p10, p50=p50, p90=p90, low=low, high=high)


def _quantiles(known: FloatArray) -> Sequence[float | None]:
    """Return 10, 50 and 90 % quantile and the ends of the interval of the median, which are two of the values."""
    if known.size == 0:
        return (None,) * 5
    told = [number(value) for value in np.quantile(known, (0.1, 0.5, 0.9))]
    # each end is the value of a rank: so many draws, or fewer, lie below the true median in at most 5 of 100 samples
    rank = int(binom.ppf(_ERROR, known.size, 0.5))
    rank -= int(binom.cdf(rank, known.size, 0.5) > _ERROR)
    if rank < 0:
        return (*told, None, None)
    ordered = np.sort(known)
    return (*told, number(ordered[rank]), number(ordered[known.size - 1 - rank]))
