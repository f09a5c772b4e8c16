"""What remains: who survives with which share of capacity, and what survivors inherit from failed firms at a price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of, share_of
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.records import Range, ShareOfDraws, number
from cardhouse.basics.arrays import FloatArray
from cardhouse.simulation.results import Run

_NEEDED = ("capacity", "capacity_bought", "capacity_bought_cost", "inherited_capacity", "buyer_price")


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """One firm with AI capacity at the end of the run.

    Parameters
    ----------
    entity, name, role : str
        Who.
    survives : ShareOfDraws
        Draws in which it does not default.
    share_start : float, optional
        Its median part of the sector's capacity in the first quarter.
    share_end : Range
        The same at the end, in draws in which it survives.
    bought : float, optional
        Capacity bought from failed firms, GW, mean over all draws.
    price : float, optional
        What it paid per GW, USD bn, over all draws; None when it never bought any.
    """

    entity: str
    name: str
    role: str
    survives: ShareOfDraws
    share_start: float | None
    share_end: Range
    bought: float | None
    price: float | None


@dataclass(frozen=True, kw_only=True)
class Inheritance:
    """What becomes of the capacity of failed firms, over the draws with a default.

    Parameters
    ----------
    draws : int
        Draws with a default.
    lost_firms : Range
        Part of the operating firms that default.
    passed_on : Range
        Capacity that passes to survivors, GW.
    price : float, optional
        Mean price per GW, USD bn; None when nothing was sold.
    price_ratio : Range
        Lowest price of such capacity over that of new build.
    still_running : Range
        Capacity of failed firms that still runs under a receiver at the end, GW.
    """

    draws: int
    lost_firms: Range
    passed_on: Range
    price: float | None
    price_ratio: Range
    still_running: Range


def survivors(run: Run, cast: Cast) -> tuple[Survivor, ...]:
    """Return the firms with AI capacity, largest part at the start first; empty when the run kept no paths."""
    if not has_draws(run, *_NEEDED):
        return ()
    capacity = np.asarray(good_draws(run, "capacity"), dtype=np.float64)
    places = [place for place in cast.places(OPERATING_ROLES) if bool((capacity[:, :, place] > 0.0).any())]
    total = np.nansum(capacity, axis=2)
    found = [_survivor(run, cast, place, capacity[:, :, place] / total) for place in places]
    return tuple(sorted(found, key=lambda line: (-(line.share_start or 0.0), line.entity)))


def _survivor(run: Run, cast: Cast, place: int, part: FloatArray) -> Survivor:
    alive = good_draws(run, "default_quarter")[:, place] < 0
    bought = np.asarray(good_draws(run, "capacity_bought")[:, place], dtype=np.float64)
    cost = np.asarray(good_draws(run, "capacity_bought_cost")[:, place], dtype=np.float64)
    member = cast.members[place]
    return Survivor(
        entity=member.id,
        name=member.name,
        role=member.role,
        survives=share_of(alive, run.sampling.news_per_row),
        share_start=number(np.median(part[:, 0])),
        share_end=range_of(part[alive, -1]),
        bought=number(np.nanmean(bought)),
        price=mean_price(cost, bought),
    )


def mean_price(cost: FloatArray, amount: FloatArray) -> float | None:
    """Return the price of an amount over all draws; None when nothing was bought.

    >>> mean_price(np.array([4.0, 2.0]), np.array([0.25, 0.25])), mean_price(np.array([0.0]), np.array([0.0]))
    (12.0, None)
    """
    whole = float(np.nansum(amount))
    return number(np.nansum(cost) / whole) if whole > 0.0 else None


def inheritance(run: Run, cast: Cast) -> Inheritance | None:
    """Return what becomes of failed firms' capacity; None without a default or without paths."""
    if not has_draws(run, *_NEEDED):
        return None
    operating = list(cast.places(OPERATING_ROLES))
    failed = (good_draws(run, "default_quarter")[:, operating] >= 0).sum(axis=1)
    hit = failed > 0
    if not hit.any():
        return None
    bought = np.nansum(np.asarray(good_draws(run, "capacity_bought"), dtype=np.float64)[hit], axis=1)
    cost = np.nansum(np.asarray(good_draws(run, "capacity_bought_cost"), dtype=np.float64)[hit], axis=1)
    return Inheritance(
        draws=int(hit.sum()),
        lost_firms=range_of(failed[hit] / len(operating)),
        passed_on=range_of(bought),
        price=mean_price(cost, bought),
        price_ratio=range_of(np.asarray(good_draws(run, "buyer_price"), dtype=np.float64)[hit].min(axis=1)),
        still_running=range_of(np.asarray(good_draws(run, "inherited_capacity"), dtype=np.float64)[hit, -1]),
    )
