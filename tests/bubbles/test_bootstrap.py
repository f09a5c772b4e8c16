"""Bootstrap distributions: the fitted null, the weights, and independence of the number of workers."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.basics.errors import InputError
from cardhouse.bubbles import table_store
from cardhouse.bubbles.bootstrap import BootstrapSettings, fit_null, wild_bootstrap
from cardhouse.bubbles.critical_values import null_distribution
from cardhouse.bubbles.simulate import GAUSSIAN, RADEMACHER, SKEWED, draw_weights, rebuild
from cardhouse.bubbles.worlds import random_walk

WALK = random_walk(120, seed=5, draw=0)


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_store, "load", lambda _: None)
    monkeypatch.setattr(table_store, "save", lambda *_: None)


@pytest.mark.parametrize(("kind", "third"), [(RADEMACHER, 0.0), (GAUSSIAN, 0.0), (SKEWED, 1.0)])
def test_weights_have_mean_zero_variance_one_and_the_stated_skewness(kind: int, third: float) -> None:
    weights = np.empty(40_000)
    draw_weights(weights, 1, 2, kind)
    assert weights.mean() == pytest.approx(0.0, abs=0.03)
    assert weights.var() == pytest.approx(1.0, abs=0.04)
    assert (weights**3).mean() == pytest.approx(third, abs=0.08)


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_unit_weights_rebuild_the_series_less_its_drift(lag: int) -> None:
    residual, slopes = fit_null(WALK, lag)
    levels = np.empty(WALK.size)
    rebuild(residual, slopes, np.ones(residual.size), RADEMACHER, levels)
    change = np.diff(WALK)
    if lag == 0:
        expected = change - change.mean()
        np.testing.assert_allclose(np.diff(levels), expected, atol=1e-12)
    else:
        fitted = sum(slopes[i] * np.diff(levels)[lag - 1 - i : -1 - i] for i in range(lag))
        np.testing.assert_allclose(np.diff(levels)[lag:] - fitted, residual[lag:], atol=1e-12)


def test_draws_do_not_depend_on_workers() -> None:
    alone = wild_bootstrap(WALK, lag=1, settings=BootstrapSettings(replications=120))
    shared = wild_bootstrap(WALK, lag=1, settings=BootstrapSettings(replications=120, workers=3))
    for name in table_store.FIELDS:
        assert (getattr(alone, name) == getattr(shared, name)).all()


def test_constant_volatility_gives_about_the_simulated_critical_value() -> None:
    wild = wild_bootstrap(WALK, settings=BootstrapSettings(replications=999))
    assert wild.critical_value(0.05) == pytest.approx(null_distribution(120).critical_value(0.05), abs=0.25)


def test_volatility_that_jumps_raises_the_critical_value() -> None:
    burst = np.cumsum(np.diff(random_walk(161, seed=9, draw=1)) * np.where(np.arange(160) < 110, 1.0, 8.0))
    wild = wild_bootstrap(burst, settings=BootstrapSettings(replications=999))
    assert wild.critical_value(0.05) > null_distribution(160).critical_value(0.05) + 0.3


def test_control_window_lifts_the_path_above_the_pointwise_one() -> None:
    pointwise = wild_bootstrap(WALK, settings=BootstrapSettings(replications=200))
    controlled = wild_bootstrap(WALK, settings=BootstrapSettings(replications=200, control_window=24))
    assert (controlled.bsadf_path >= pointwise.bsadf_path).all()
    assert controlled.bsadf_path[1, -1] > pointwise.bsadf_path[1, -1]


def test_unknown_weights_are_refused() -> None:
    with pytest.raises(InputError, match="weights are one of rademacher"):
        wild_bootstrap(WALK, settings=BootstrapSettings(weights="loaded"))  # type: ignore[arg-type]  # the point of it
