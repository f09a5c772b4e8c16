"""One call from a series to a dated, gated and honestly labelled result."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.bubbles.bootstrap import BootstrapSettings, Weights, wild_bootstrap
from cardhouse.bubbles.critical_values import (
    DEFAULT_REPLICATIONS,
    DEFAULT_SEED,
    Kind,
    NullDistribution,
    NullSettings,
    null_distribution,
    simulated,
)
from cardhouse.bubbles.episodes import date_episodes, default_min_duration
from cardhouse.bubbles.fundamentals import Projection, project
from cardhouse.bubbles.recursive_adf import RecursiveADF, recursive_adf
from cardhouse.bubbles.result import BubbleTest, Rule
from cardhouse.bubbles.series import Series, as_series


@dataclass(frozen=True, kw_only=True)
class DetectionSettings:
    """Everything a test depends on besides its data.

    Parameters
    ----------
    lag : int
        Lagged changes in each regression.
    min_window : int, optional
        Shortest window in observations; ``floor((0.01 + 1.8 / sqrt(n)) n)`` by default.
    log : bool
        Test the logarithm of the price.
    level : {0.10, 0.05, 0.01}
        Level of the critical path and of the family-wise test.
    kind : {"bsadf", "sadf"}
        Critical path, see :meth:`~cardhouse.bubbles.critical_values.NullDistribution.critical_path`.
    critical : {"simulated", "wild"}
        Random walks of constant volatility, or a wild bootstrap that keeps the volatility of the series.
    weights : str
        Weights of the wild bootstrap.
    control_window : int
        End points over which the wild critical path controls the size; 0 for a pointwise path.
    min_duration : int, optional
        Shortest episode in observations; ``floor(log n)`` by default.
    gated : bool
        Report an episode as significant only when the family-wise test rejects.
    replications, seed, workers : int
        Replications, the seed of their streams, and threads.
    """

    lag: int = 0
    min_window: int | None = None
    log: bool = False
    level: float = 0.05
    kind: Kind = "bsadf"
    critical: Literal["simulated", "wild"] = "simulated"
    weights: Weights = "rademacher"
    control_window: int = 0
    min_duration: int | None = None
    gated: bool = True
    replications: int = DEFAULT_REPLICATIONS
    seed: int = DEFAULT_SEED
    workers: int = 1

    def with_changes(self, changes: dict[str, Any]) -> DetectionSettings:
        """Return settings with some fields changed.

        Raises
        ------
        InputError
            When a field does not exist or a word is not one of its choices.
        """
        known = [field.name for field in dataclasses.fields(self)]
        for key in changes:
            if key not in known:
                rule = "there is no such setting"
                raise InputError("", (Problem(file="settings", key=key, rule=rule, remedy=suggestion(key, known)),))
        result = dataclasses.replace(self, **changes)
        for key, value, choices in (
            ("kind", result.kind, ("bsadf", "sadf")),
            ("critical", result.critical, ("simulated", "wild")),
        ):
            if value not in choices:
                rule = f"it is one of {', '.join(choices)}"
                raise InputError("", (Problem(file="settings", key=key, value=str(value), rule=rule),))
        return result


def detect(
    data: Any, *, fundamentals: Any = None, dates: Any = None, settings: DetectionSettings | None = None, **changes: Any
) -> BubbleTest:
    """Test a price series for bubbles and date them.

    Parameters
    ----------
    data : array, list, pandas or polars Series, frame with one value column, or Series
        Prices in time order.
    fundamentals : array, Series or frame, optional
        Proxies of the fundamentals. The price is then projected on them and the residual tested as well; the result
        carries both, side by side.
    dates : sequence, optional
        Dates, when ``data`` carries none.
    settings : DetectionSettings, optional
        Settings; single fields can also be given by name, for example ``lag=1``.
    **changes
        Fields of :class:`DetectionSettings`.

    Returns
    -------
    BubbleTest
        With the adjusted test in ``adjusted`` when fundamentals were given.

    Raises
    ------
    InputError
        When data or settings cannot be used.

    Examples
    --------
    >>> levels = [100 + 3 * (t % 5) - t % 7 + 1.12 ** min(t, 60) for t in range(80)]
    >>> result = detect(levels, replications=200)
    >>> result.is_significant, result.episodes[0].is_significant
    (True, True)
    >>> 0.0 < result.rule.false_alarm_rate < 0.06
    True
    """
    chosen = (settings or DetectionSettings()).with_changes(changes)
    series = as_series(data, log=chosen.log, dates=dates)
    if chosen.critical == "wild":
        drawn = BootstrapSettings(
            weights=chosen.weights,
            replications=chosen.replications,
            seed=chosen.seed,
            control_window=chosen.control_window,
            workers=chosen.workers,
        )
        null = wild_bootstrap(series, lag=chosen.lag, min_window=chosen.min_window, settings=drawn)
    else:
        null = null_distribution(
            len(series),
            lag=chosen.lag,
            min_window=chosen.min_window,
            replications=chosen.replications,
            seed=chosen.seed,
            workers=chosen.workers,
        )
    raw = _test(series, chosen, null)
    if fundamentals is None:
        return raw
    projection = project(series, fundamentals)
    adjusted = _test(projection.residual, chosen, _projected_null(projection, raw.recursion, chosen))
    return dataclasses.replace(raw, adjusted=adjusted, projection=projection)


def _projected_null(projection: Projection, recursion: RecursiveADF, chosen: DetectionSettings) -> NullDistribution:
    settings = NullSettings(
        n=len(recursion.series),
        lag=recursion.lag,
        min_window=recursion.min_window,
        replications=chosen.replications,
        seed=chosen.seed,
        model=f"random walk less proxies {projection.digest}",
    )
    return simulated(settings, projection.basis, chosen.workers)


def _test(series: Series, chosen: DetectionSettings, null: NullDistribution) -> BubbleTest:
    recursion = recursive_adf(series, lag=chosen.lag, min_window=chosen.min_window)
    duration = default_min_duration(len(series)) if chosen.min_duration is None else max(1, chosen.min_duration)
    usable = np.where(recursion.is_usable, recursion.bsadf, -np.inf)
    p_gsadf = null.p_value(float(usable.max()))
    rejects = p_gsadf <= chosen.level
    path = null.critical_path(chosen.level, chosen.kind)
    ungated = null.false_alarm_rate(duration, level=chosen.level, kind=chosen.kind, gated=False)
    gated = null.false_alarm_rate(duration, level=chosen.level, kind=chosen.kind, gated=True)
    return BubbleTest(
        recursion=recursion,
        null=null,
        critical_path=path,
        p_values={
            "adf": null.p_value(recursion.adf, "adf"),
            "sadf": null.p_value(recursion.sadf, "sadf"),
            "gsadf": p_gsadf,
        },
        episodes=date_episodes(recursion, path, duration, is_significant=rejects or not chosen.gated),
        rule=Rule(
            level=chosen.level,
            kind=chosen.kind,
            min_duration=duration,
            is_gated=chosen.gated,
            false_alarm_rate=gated if chosen.gated else ungated,
            ungated_rate=ungated,
        ),
    )
