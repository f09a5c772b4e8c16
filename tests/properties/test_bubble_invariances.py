"""What must not change a bubble test: the unit and the origin of the price, and what comes after the end point."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.bubbles.recursive_adf import recursive_adf
from cardhouse.bubbles.scan import factor_series
from cardhouse.bubbles.worlds import random_walk

walks = st.builds(
    lambda n, draw, burst: random_walk(n, seed=41, draw=draw) * np.where(np.arange(n) > n // 2, burst, 1.0),
    st.integers(30, 90),
    st.integers(0, 10_000),
    st.sampled_from([1.0, 0.01, 30.0]),
)
lags = st.integers(0, 3)


def close(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    return bool(np.isfinite(one).all() and (np.abs(one - other) <= tolerance * np.maximum(1.0, np.abs(one))).all())


@given(walks, lags, st.integers(-60, 60))
@settings(max_examples=30)
def test_scale_by_a_power_of_two_changes_no_digit(values: np.ndarray, lag: int, power: int) -> None:
    one, other = recursive_adf(values, lag=lag), recursive_adf(np.ldexp(values, power), lag=lag)
    assert (one.bsadf == other.bsadf).all()
    assert (one.window_start == other.window_start).all()


@given(walks, lags, st.floats(0.01, 1000.0))
@settings(max_examples=30)
def test_any_unit_of_the_price_gives_the_same_statistics(values: np.ndarray, lag: int, unit: float) -> None:
    assert close(recursive_adf(values, lag=lag).bsadf, recursive_adf(unit * values, lag=lag).bsadf, 1e-9)


@given(walks, lags, st.sampled_from([1.0, -1e3, 1e6]))
@settings(max_examples=30)
def test_any_origin_of_the_price_gives_the_same_statistics(values: np.ndarray, lag: int, origin: float) -> None:
    # the level is rounded to the grid of the shifted one first, so that both series hold the same numbers
    rounded = (values + origin) - origin
    assert close(recursive_adf(rounded, lag=lag).bsadf, recursive_adf(rounded + origin, lag=lag).bsadf, 1e-9)


@given(walks, lags)
@settings(max_examples=30)
def test_statistic_at_an_end_point_does_not_see_the_future(values: np.ndarray, lag: int) -> None:
    whole = recursive_adf(values, lag=lag, min_window=14)
    early = recursive_adf(values[:-8], lag=lag, min_window=14)
    assert close(whole.bsadf[:-8], early.bsadf, 1e-12)


@given(walks, lags)
@settings(max_examples=40)
def test_fast_scan_equals_rotations(values: np.ndarray, lag: int) -> None:
    fast = recursive_adf(values, lag=lag)
    slow = np.empty((3, fast.bsadf.size))
    factor_series(values, lag, fast.min_window, slow)
    assert close(slow[0], fast.bsadf, 1e-9)


@given(walks, lags)
@settings(max_examples=20)
def test_statistics_are_ordered(values: np.ndarray, lag: int) -> None:
    result = recursive_adf(values, lag=lag)
    assert result.gsadf >= result.sadf - 1e-9 >= result.adf - 2e-9
    assert (result.bsadf >= result.badf - 1e-9 * np.maximum(1.0, np.abs(result.badf))).all()
