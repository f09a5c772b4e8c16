"""Invariances of the recursive statistics, and the fast scan against row-append QR, on whatever hypothesis makes up."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.basics.arrays import FloatArray
from cardhouse.bubbles.recursive_adf import recursive_adf
from cardhouse.bubbles.scan import factor_series

SEEDS = st.integers(0, 2**32 - 1)
LAGS = st.integers(0, 3)
GRID = 2.0**-20


def walk(seed: int, n: int = 80) -> FloatArray:
    """Make a random walk on a grid, so that shifting it by whole numbers rounds nothing."""
    steps = np.random.default_rng(seed).standard_normal(n)
    values: FloatArray = np.round(np.cumsum(steps) / GRID) * GRID
    return values


def largest_gap(one: FloatArray, other: FloatArray) -> float:
    assert np.isfinite(one).all()
    assert np.isfinite(other).all()
    return float((np.abs(one - other) / np.maximum(1.0, np.abs(one))).max())


@given(seed=SEEDS, lag=LAGS, shift=st.integers(-(2**20), 2**20))
@settings(max_examples=40, deadline=None)
def test_adding_a_constant_changes_nothing(seed: int, lag: int, shift: int) -> None:
    values = walk(seed)
    found, moved = recursive_adf(values, lag=lag), recursive_adf(values + shift, lag=lag)
    assert largest_gap(found.bsadf, moved.bsadf) <= 1e-10
    assert largest_gap(found.badf, moved.badf) <= 1e-10


@given(seed=SEEDS, lag=LAGS, power=st.integers(-40, 40), sign=st.sampled_from((-1.0, 1.0)))
@settings(max_examples=40, deadline=None)
def test_another_unit_or_sign_changes_nothing(seed: int, lag: int, power: int, sign: float) -> None:
    values = walk(seed)
    found, scaled = recursive_adf(values, lag=lag), recursive_adf(sign * 2.0**power * values, lag=lag)
    assert largest_gap(found.bsadf, scaled.bsadf) <= 1e-12
    assert (found.window_start == scaled.window_start).all()


@given(seed=SEEDS, lag=LAGS, level=st.floats(-6.0, 6.0), volatility=st.floats(-5.0, 2.0), growth=st.floats(-0.05, 0.05))
@settings(max_examples=40, deadline=None)
def test_fast_scan_equals_row_append_qr(seed: int, lag: int, level: float, volatility: float, growth: float) -> None:
    noise = 10.0**volatility * walk(seed)
    values = 10.0**level + noise + np.exp(growth * np.arange(noise.size))
    fast = recursive_adf(values, lag=lag)
    slow = np.empty((3, fast.bsadf.size))
    factor_series(values, lag, fast.min_window, slow)
    # what rounding of the data itself leaves: an ulp of the level against the size of a step
    lost = np.finfo(float).eps * np.abs(values).max() / np.abs(np.diff(values)).std()
    assert largest_gap(slow[0], fast.bsadf) <= 1e-9 + 100.0 * lost


@given(seed=SEEDS, extra=st.integers(1, 20))
@settings(max_examples=20, deadline=None)
def test_later_observations_never_change_an_earlier_end_point(seed: int, extra: int) -> None:
    values = walk(seed)
    whole, part = recursive_adf(values, min_window=20), recursive_adf(values[:-extra], min_window=20)
    assert (whole.bsadf[:-extra] == part.bsadf).all()
