"""Log-periodic fits: exact on noise-free curves, deterministic, bounded, and never a bare date."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.basics.errors import InputError
from cardhouse.bubbles.lppls import fit_lppls
from cardhouse.bubbles.lppls_filters import FILTERS, named_filter
from cardhouse.bubbles.lppls_grid import SearchBox, build_grid
from cardhouse.bubbles.lppls_indicator import IndicatorSettings, indicator_at_end, lppls_indicator, windows_passing
from cardhouse.bubbles.lppls_kernel import fill_waves
from cardhouse.bubbles.series import as_series
from cardhouse.bubbles.worlds import normals, random_walk


def curve(n: int, offset: float, m: float, omega: float, *, sign: float = -1.0) -> np.ndarray:
    tau = offset + (n - 1.0 - np.arange(n)) / (n - 1.0)
    return np.exp(7.0 + sign * tau**m * (1.2 - 0.05 * np.cos(omega * np.log(tau) + 1.0)))


@pytest.mark.parametrize("truth", [(0.05, 0.3, 6.5), (0.1, 0.5, 8.0), (0.2, 0.8, 12.0), (0.03, 0.6, 17.0)])
def test_noise_free_parameters_come_back(truth: tuple[float, float, float]) -> None:
    fit = fit_lppls(curve(180, *truth))
    np.testing.assert_allclose([fit.offset, fit.m, fit.omega], truth, rtol=1e-6)
    assert fit.has_converged
    assert fit.at_bound == ()
    assert fit.direction == 1


def test_waves_are_cosine_and_sine_to_the_last_digits() -> None:
    angles = np.concatenate([np.linspace(-260.0, 20.0, 20_001), np.arange(-160, 12) * (np.pi / 2)])
    columns = np.ones((4, angles.size))
    fill_waves(angles, 1.0, columns)
    np.testing.assert_allclose(columns[2], np.cos(angles), rtol=0, atol=3e-16)
    np.testing.assert_allclose(columns[3], np.sin(angles), rtol=0, atol=3e-16)


def test_falling_curve_is_a_negative_bubble() -> None:
    assert fit_lppls(curve(150, 0.1, 0.5, 8.0, sign=1.0)).direction == -1


def test_fit_is_the_same_on_every_run_and_under_any_scale_of_the_price() -> None:
    price = curve(120, 0.1, 0.5, 8.0) * np.exp(0.02 * normals(120, 3, 1))
    one, again, scaled = fit_lppls(price), fit_lppls(price), fit_lppls(8.0 * price)
    assert one.squared_error == again.squared_error
    assert one.m == again.m
    assert scaled.squared_error == pytest.approx(one.squared_error, rel=1e-6)


def test_interval_covers_the_true_critical_time_and_is_not_a_point() -> None:
    inside = 0
    for draw in range(12):
        price = curve(200, 0.1, 0.5, 8.0) * np.exp(0.02 * normals(200, 4, draw))
        interval = fit_lppls(price).interval
        assert interval.high > interval.low
        assert np.isfinite(interval.squared_error).all()
        inside += interval.low <= 199 * 1.1 <= interval.high
    assert inside >= 9


def test_words_of_a_fit_give_an_interval_and_name_bounds() -> None:
    narrow = SearchBox(offset=(0.5, 0.2), m=(0.6, 0.9), omega=(4.0, 12.0))
    fit = fit_lppls(curve(120, 0.1, 0.3, 8.0), box=narrow)
    assert "m" in fit.at_bound
    assert " to " in str(fit)
    assert "at the bound of" in str(fit)


def test_residual_tests_tell_noise_from_a_random_walk() -> None:
    smooth = fit_lppls(curve(200, 0.1, 0.5, 8.0) * np.exp(0.02 * normals(200, 5, 0)))
    assert abs(smooth.residual_autocorrelation) < 0.3
    assert smooth.is_residual_stationary
    wandering = fit_lppls(np.exp(0.02 * random_walk(400, seed=5, draw=1)))
    assert wandering.residual_autocorrelation > 0.7


def test_squared_error_is_that_of_the_fitted_curve() -> None:
    fit = fit_lppls(np.exp(0.02 * random_walk(150, seed=5, draw=2)))
    assert float(fit.residual @ fit.residual) == pytest.approx(fit.squared_error, rel=1e-8)


def test_best_grid_point_is_never_better_than_the_fit() -> None:
    price = np.exp(0.02 * random_walk(100, seed=5, draw=3))
    grid = build_grid(100, SearchBox())
    centred = np.log(price) - np.log(price).mean()
    shares = (grid.waves @ centred) ** 2
    trend = np.repeat((grid.trend @ centred) ** 2, grid.shape[2])
    best = float(centred @ centred - (shares.sum(axis=0) + trend).max())
    assert fit_lppls(price).squared_error <= best * (1 + 1e-9)


def test_indicator_is_the_same_for_any_number_of_workers() -> None:
    price = np.exp(0.02 * random_walk(160, seed=5, draw=4))
    settings = {"longest": 80, "shortest": 40, "step": 10, "stride": 7}
    alone = lppls_indicator(price, settings=IndicatorSettings(**settings))
    shared = lppls_indicator(price, settings=IndicatorSettings(**settings, workers=3))
    assert (alone.rows == shared.rows).all()
    assert alone.fits == alone.lengths.size * alone.ends.size
    assert np.isfinite(alone.rows).all()


def test_indicator_sees_a_singular_run_up_and_its_sign() -> None:
    rising = curve(120, 0.03, 0.5, 9.0) * np.exp(0.002 * normals(120, 6, 0))
    settings = IndicatorSettings(longest=120, shortest=90, step=5, filter="sornette-2015-warning")
    up = lppls_indicator(rising, settings=settings)
    assert up.positive[-1] > 0.5
    assert up.negative[-1] == 0.0
    down = lppls_indicator(1.0 / rising, settings=settings)
    assert down.negative[-1] > 0.5
    assert set(windows_passing(up, list(FILTERS))) == set(FILTERS)


def test_indicator_at_the_end_needs_prices_with_a_logarithm() -> None:
    assert indicator_at_end(as_series(random_walk(100, seed=1, draw=0))) is None
    assert indicator_at_end(as_series(curve(30, 0.1, 0.5, 8.0))) is None
    found = indicator_at_end(as_series(curve(120, 0.1, 0.5, 8.0)))
    assert found is not None
    assert found.ends.tolist() == [119]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_lppls(random_walk(100, seed=1, draw=0)), "positive levels"),
        (lambda: fit_lppls(curve(100, 0.1, 0.5, 8.0), box=SearchBox(m=(0.5, 0.2))), "from a positive number"),
        (lambda: named_filter("sornette"), "the filters are"),
        (lambda: lppls_indicator(curve(60, 0.1, 0.5, 8.0)), "longest window has 120"),
        (
            lambda: lppls_indicator(curve(60, 0.1, 0.5, 8.0), settings=IndicatorSettings(longest=50, shortest=4)),
            "at least 12 observations",
        ),
    ],
)
def test_unusable_input_is_refused(call, message: str) -> None:  # noqa: ANN001 a parametrised lambda
    with pytest.raises(InputError, match=message):
        call()
