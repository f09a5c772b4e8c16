"""Critical values and p-values of the recursive tests under a random walk, simulated here and kept on disk.

A distribution is a function of its settings (observations, lag, window, replications, seed) and of the kernels' text.
It is read from the cache folder or simulated; nothing is ever fetched.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles import table_store
from cardhouse.bubbles.recursive_adf import check_window
from cardhouse.bubbles.simulate import in_chunks, simulate_null

Kind = Literal["bsadf", "sadf"]
Draw = Callable[[IntArray, FloatArray, FloatArray], None]
LEVELS = (0.10, 0.05, 0.01)
DEFAULT_SEED = 20_151_104
DEFAULT_REPLICATIONS = 2000


@dataclass(frozen=True, kw_only=True)
class NullSettings:
    """What a table of critical values depends on.

    Parameters
    ----------
    n, lag, min_window : int
        Observations, lagged changes and shortest window in observations.
    replications, seed : int
        Replications drawn, and the seed of their streams.
    model : str
        What is drawn: ``"random walk"``, or the words of a bootstrap or projection with a hash of its data.
    control_window : int
        End points over which the backward critical path controls the size; 0 for a pointwise path.
    """

    n: int
    lag: int
    min_window: int
    replications: int = DEFAULT_REPLICATIONS
    seed: int = DEFAULT_SEED
    model: str = "random walk"
    control_window: int = 0

    @property
    def key(self) -> str:
        """Name of the table in the cache: settings and a hash of the kernels' text."""
        text = repr(sorted(asdict(self).items())) + table_store.kernel_digest()
        return f"null-{self.n}-{self.lag}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


@dataclass(frozen=True, kw_only=True)
class NullDistribution:
    """The recursive statistics under a random walk.

    Parameters
    ----------
    settings : NullSettings
        What was simulated.
    adf, sadf, gsadf : array, shape (replication,)
        Statistics of the whole sample, replication by replication.
    bsadf_path, sadf_path : array, shape (3, n - min_window + 1)
        Critical value of each end point at the levels 0.10, 0.05 and 0.01: quantiles of the backward sup statistic, and
        of the sup of the expanding statistic up to that end point.
    longest_run : array of int, shape (2, 3, replication)
        Longest stretch of the backward path above each critical path, by kind and level; it gives the false-alarm rate
        of any minimum duration.
    """

    settings: NullSettings
    adf: FloatArray
    sadf: FloatArray
    gsadf: FloatArray
    bsadf_path: FloatArray
    sadf_path: FloatArray
    longest_run: IntArray

    @cached_property
    def _sorted(self) -> dict[str, FloatArray]:
        return {"adf": np.sort(self.adf), "sadf": np.sort(self.sadf), "gsadf": np.sort(self.gsadf)}

    def critical_path(self, level: float = 0.05, kind: Kind = "bsadf") -> FloatArray:
        """Give the critical value of each end point.

        Parameters
        ----------
        level : {0.10, 0.05, 0.01}
            Pointwise level.
        kind : {"bsadf", "sadf"}
            Quantile of the backward sup statistic of that end point, the practice of Phillips, Shi and Yu, or of the
            sup ADF statistic of the sample up to it, their definition and the practice of exuber.
        """
        at = level_position(level)
        path: FloatArray = (self.bsadf_path if kind == "bsadf" else self.sadf_path)[at]
        return path

    def critical_value(self, level: float = 0.05, statistic: str = "gsadf") -> float:
        """Give the critical value of ``"gsadf"``, ``"sadf"`` or ``"adf"`` for the whole sample."""
        return float(np.quantile(self._sorted[statistic], 1.0 - level))

    def p_value(self, value: float, statistic: str = "gsadf") -> float:
        """Give the share of replications with a statistic as large, ``(1 + number) / (1 + replications)``."""
        values = self._sorted[statistic]
        above = values.size - int(np.searchsorted(values, value, side="left"))
        return (1.0 + above) / (1.0 + values.size)

    def false_alarm_rate(self, min_duration: int, *, level: float, kind: Kind, gated: bool) -> float:
        """Give the share of random walks in which the dating rule reports an episode.

        Parameters
        ----------
        min_duration : int
            Shortest episode in observations.
        level : {0.10, 0.05, 0.01}
            Level of the critical path and of the family-wise test.
        kind : {"bsadf", "sadf"}
            Kind of the critical path.
        gated : bool
            Whether episodes count only when the GSADF statistic of the sample exceeds its critical value.
        """
        run = self.longest_run[0 if kind == "bsadf" else 1, level_position(level)]
        alarm = run >= max(1, min_duration)
        if gated:
            alarm = alarm & (self.gsadf > self.critical_value(level))
        return float(alarm.mean())


def level_position(level: float) -> int:
    """Find a level among those tabulated, or say which ones are.

    >>> level_position(0.05)
    1
    """
    for at, known in enumerate(LEVELS):
        if math.isclose(level, known):
            return at
    rule = f"critical values exist for the levels {', '.join(map(str, LEVELS))}"
    raise InputError("", (Problem(file="settings", key="level", value=str(level), rule=rule),))


def null_distribution(
    n: int,
    *,
    lag: int = 0,
    min_window: int | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    workers: int = 1,
) -> NullDistribution:
    """Give the distribution of the recursive statistics of ``n`` observations without a bubble.

    Parameters
    ----------
    n : int
        Observations.
    lag : int
        Lagged changes, the same number as in the test.
    min_window : int, optional
        Shortest window in observations; the usual rule by default.
    replications, seed : int
        Random walks drawn, and the seed of their streams.
    workers : int
        Threads; the result does not depend on it.

    Returns
    -------
    NullDistribution

    Examples
    --------
    >>> null = null_distribution(60, replications=200)
    >>> null.critical_value(0.10) < null.critical_value(0.05) < null.critical_value(0.01)
    True
    """
    settings = NullSettings(
        n=n, lag=lag, min_window=check_window(n, lag, min_window), replications=replications, seed=seed
    )
    return simulated(settings, np.empty((0, n)), workers)


def simulated(settings: NullSettings, basis: FloatArray, workers: int) -> NullDistribution:
    """Read or simulate the distribution for random walks from which ``basis`` is projected out."""
    codes = np.array([settings.seed, settings.lag, settings.min_window], dtype=np.int64)

    def draw(draws: IntArray, bsadf: FloatArray, badf: FloatArray) -> None:
        simulate_null(basis, codes, draws, bsadf, badf)

    return kept_distribution(settings, draw, workers)


def kept_distribution(settings: NullSettings, draw: Draw, workers: int) -> NullDistribution:
    """Read a distribution from the cache, or draw its replications on ``workers`` threads and keep it.

    Raises
    ------
    InputError
        When there are fewer than 100 replications.
    """
    if settings.replications < 100:
        rule, remedy = "quantiles need 100 replications or more", "use 2000"
        text = str(settings.replications)
        raise InputError("", (Problem(file="settings", key="replications", value=text, rule=rule, remedy=remedy),))
    stored = table_store.load(settings.key)
    if stored is not None:
        return NullDistribution(settings=settings, **stored)
    size = settings.n - settings.min_window + 1
    bsadf = np.empty((settings.replications, size))
    badf = np.empty((settings.replications, size))

    def work(first: int, last: int) -> None:
        draw(np.arange(first, last, dtype=np.int64), bsadf[first:last], badf[first:last])

    with np.errstate(all="ignore"):
        in_chunks(work, settings.replications, workers)
    result = distribution_of(settings, bsadf, badf)
    table_store.save(settings.key, {name: getattr(result, name) for name in table_store.FIELDS})
    return result


def distribution_of(settings: NullSettings, bsadf: FloatArray, badf: FloatArray) -> NullDistribution:
    """Condense the paths of all replications, shape (replication, end point), into a distribution."""
    # end points first, so that every pass below runs over contiguous replications
    by_end = np.ascontiguousarray(bsadf.T)
    sadf_so_far = np.maximum.accumulate(np.ascontiguousarray(badf.T), axis=0)
    if settings.control_window:
        levels = [family_wise_critical_path(bsadf, settings.control_window, level) for level in LEVELS]
        bsadf_path = np.array(levels)
    else:
        bsadf_path = upper_quantiles(by_end)
    paths = [bsadf_path, upper_quantiles(sadf_so_far)]
    # one pass over the end points counts the runs above all critical paths together
    above = np.concatenate([by_end > path[at][:, None] for path in paths for at in range(len(LEVELS))], axis=1)
    runs = longest_run(above).reshape(len(paths), len(LEVELS), -1)
    return NullDistribution(
        settings=settings,
        adf=badf[:, -1].copy(),
        sadf=sadf_so_far[-1].copy(),
        gsadf=by_end.max(axis=0),
        bsadf_path=paths[0],
        sadf_path=paths[1],
        longest_run=runs,
    )


def upper_quantiles(values: FloatArray) -> FloatArray:
    """Give the upper quantiles of each row at :data:`LEVELS`, shape (3, row)."""
    # sorting contiguous rows is several times as fast as the selection of several ranks in numpy.quantile
    return np.asarray(np.quantile(np.sort(values, axis=1), [1.0 - level for level in LEVELS], axis=1), dtype=np.float64)


def longest_run(above: BoolArray) -> IntArray:
    """Give the length of the longest stretch of true values down each column.

    >>> longest_run(np.array([[True, False], [True, False], [False, False], [True, False]]))
    array([2, 0])
    """
    best = np.zeros(above.shape[1], dtype=np.int32)
    current = np.zeros(above.shape[1], dtype=np.int32)
    for row in above:
        current += 1
        current *= row
        np.maximum(best, current, out=best)
    return best.astype(np.int64)


def family_wise_critical_path(paths: FloatArray, control_window: int, level: float) -> FloatArray:
    """Give the critical value of each end point that controls the size over the last ``control_window`` end points.

    Parameters
    ----------
    paths : array, shape (replication, end point)
        Statistics under the null.
    control_window : int
        End points over which at most ``level`` of the replications may exceed the value (Phillips and Shi 2020).
    level : float
        Level, between 0 and 1.

    Returns
    -------
    array, shape (end point,)

    Examples
    --------
    >>> family_wise_critical_path(np.array([[0.0, 3.0, 1.0], [1.0, 0.0, 2.0]]), 2, 0.5)
    array([0.5, 2. , 2.5])
    """
    width = max(1, min(control_window, paths.shape[1]))
    padded = np.concatenate([np.full((paths.shape[0], width - 1), -np.inf), paths], axis=1)
    highest = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1).max(axis=2)
    return np.asarray(np.quantile(highest, 1.0 - level, axis=0), dtype=np.float64)
