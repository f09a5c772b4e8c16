"""Made series whose truth is known: no bubble, a bubble, and a technology boom that is no bubble."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.streams import fill_normal

PURPOSE = 605


def normals(n: int, seed: int, draw: int, place: int = 0) -> FloatArray:
    """Draw ``n`` standard normal numbers of the stream (seed, draw); ``place`` separates several of one world."""
    values = np.empty(n)
    fill_normal(values, seed, draw, PURPOSE + place)
    return values


def random_walk(n: int, *, seed: int, draw: int) -> FloatArray:
    """Make a series without a bubble: a random walk with unit changes, shape (n,)."""
    return np.cumsum(normals(n, seed, draw))


def one_bubble(n: int, *, seed: int, draw: int, start: int, end: int, growth: float = 0.04) -> FloatArray:
    """Make a series with one bubble: explosive from ``start`` to ``end``, then back at once.

    Parameters
    ----------
    n : int
        Observations.
    seed, draw : int
        Stream.
    start, end : int
        First and last explosive observation.
    growth : float
        Autoregressive root less one while the bubble lasts (the design of Phillips, Shi and Yu 2015a).

    Returns
    -------
    array, shape (n,)

    Examples
    --------
    >>> levels = one_bubble(200, seed=1, draw=0, start=100, end=140)
    >>> int(levels.argmax())
    140
    """
    shocks = 6.79 * normals(n, seed, draw)
    levels = np.empty(n)
    levels[0] = 100.0
    for t in range(1, n):
        if start <= t <= end:
            levels[t] = (1.0 + growth) * levels[t - 1] + shocks[t]
        elif t == end + 1:
            levels[t] = levels[start - 1] + shocks[t]
        else:
            levels[t] = levels[t - 1] + shocks[t]
    return levels


@dataclass(frozen=True, kw_only=True)
class TechnologyBoom:
    """A world in which a technology brings rents that come and are competed away, priced without any bubble.

    Parameters
    ----------
    log_price, log_dividend : array, shape (n,)
        Logs of price and dividend.
    proxies : array, shape (n, 2)
        Noisy measures of the value and of the present size of the rents.
    """

    log_price: FloatArray
    log_dividend: FloatArray
    proxies: FloatArray


def technology_boom(n: int, *, seed: int, draw: int, gain: float = 2.0, width: float = 0.12) -> TechnologyBoom:
    """Make a technology boom.

    The log of earnings is a trend plus a hump of height ``gain``. The price is the discounted sum of those earnings,
    known in advance, times a random walk of discount rates whose changes have a standard deviation of 0.02: there is no
    bubble in it. The dividend is paid out of the trend.

    Parameters
    ----------
    n : int
        Observations, quarters.
    seed, draw : int
        Stream.
    gain : float
        Height of the hump in logs; 2.0 multiplies earnings by seven at the top.
    width : float
        Standard deviation of the hump as a share of the sample.

    Returns
    -------
    TechnologyBoom

    Examples
    --------
    >>> world = technology_boom(120, seed=1, draw=0)
    >>> world.proxies.shape
    (120, 2)
    """
    rents = gain * np.exp(-0.5 * ((np.arange(2 * n) - 0.6 * n) / (width * n)) ** 2)
    weights = 0.985 ** np.arange(n)
    weights /= weights.sum()
    ahead = np.lib.stride_tricks.sliding_window_view(np.exp(rents), n)[:n]
    value = np.log(ahead @ weights)
    trend = 0.005 * np.arange(n)
    noise = 0.03 * normals(2 * n, seed, draw, 2).reshape(n, 2)
    return TechnologyBoom(
        log_price=trend + value + 0.02 * np.cumsum(normals(n, seed, draw, 0)),
        log_dividend=trend + 0.003 * np.cumsum(normals(n, seed, draw, 1)),
        proxies=np.column_stack([value, rents[:n]]) + noise,
    )
