"""The fast scan against the orthogonal factorisation, and both against least squares in 50 digits."""

from __future__ import annotations

import numpy as np
import pytest
from tests.bubbles.exact import exact_ratio, nasty_series

from cardhouse.basics.arrays import FloatArray
from cardhouse.bubbles.recursive_adf import recursive_adf
from cardhouse.bubbles.scan import LIMIT, REFACTORED, factor_series, refactor_end

ORDINARY = ("random walk", "plus 1e6", "plus 1e9", "exponential price", "small log volatility")


def reference(values: FloatArray, lag: int, window: int) -> FloatArray:
    out = np.empty((3, values.size - window + 1))
    factor_series(values, lag, window, out)
    return out


@pytest.mark.parametrize("lag", [0, 1, 2, 4])
def test_scan_equals_factorisation_at_every_end_point(lag: int) -> None:
    for seed in range(3):
        values = np.cumsum(np.random.default_rng(seed).standard_normal(230))
        fast = recursive_adf(values, lag=lag)
        slow = reference(values, lag, fast.min_window)
        assert np.isfinite(fast.bsadf).all()
        np.testing.assert_allclose(fast.bsadf, slow[0], rtol=0, atol=1e-11)
        assert (fast.window_start == slow[1]).all()


@pytest.mark.parametrize("name", ORDINARY)
@pytest.mark.parametrize("lag", [0, 1])
def test_largest_window_agrees_with_extended_precision(name: str, lag: int) -> None:
    values = nasty_series(name)
    result = recursive_adf(values, lag=lag)
    for at in range(0, result.bsadf.size, 9):
        expected = exact_ratio(values, int(result.window_start[at]), at + result.min_window - 1, lag)
        actual = float(result.bsadf[at])
        assert np.isfinite(actual)
        assert abs(actual - expected) <= 1e-9 * max(1.0, abs(expected))


@pytest.mark.parametrize("name", ORDINARY)
def test_no_other_window_is_larger_in_extended_precision(name: str) -> None:
    values = nasty_series(name)[:60]
    result = recursive_adf(values)
    for end in (result.min_window - 1, 40, 59):
        every = [exact_ratio(values, start, end, 0) for start in range(end - result.min_window + 2)]
        best = float(result.bsadf[end - result.min_window + 1])
        assert abs(best - max(every)) <= 1e-9 * max(1.0, abs(best))


@pytest.mark.parametrize("lag", [0, 1])
def test_near_deterministic_growth_keeps_six_digits(lag: int) -> None:
    values = nasty_series("deterministic growth")
    result = recursive_adf(values, lag=lag)
    for at in range(0, result.bsadf.size, 20):
        expected = exact_ratio(values, int(result.window_start[at]), at + result.min_window - 1, lag)
        assert abs(float(result.bsadf[at]) - expected) <= 1e-6 * max(1.0, abs(expected))


def test_exact_exponential_is_capped_and_flagged() -> None:
    result = recursive_adf(2.0 ** np.arange(60))
    assert np.isfinite(result.bsadf).all()
    assert result.gsadf == LIMIT
    assert not result.is_usable.any()
    assert "near-deterministic" in result.flags[0]


def test_stretch_without_variation_is_flagged_not_nan() -> None:
    values = np.concatenate([np.full(40, 7.0), 7.0 + np.cumsum(np.random.default_rng(4).standard_normal(60))])
    result = recursive_adf(values)
    assert np.isfinite(result.bsadf).all()
    assert not result.is_usable[0]
    assert result.is_usable[-1]
    assert "no variation" in result.flags[0]


def test_refactored_end_point_reports_its_state() -> None:
    values = np.cumsum(np.random.default_rng(0).standard_normal(50))
    out = np.empty(3)
    refactor_end(values, 49, 1, 12, out)
    assert out[2] == REFACTORED
    assert out[0] == pytest.approx(recursive_adf(values, lag=1, min_window=12).bsadf[-1], abs=1e-12)


def test_badf_equals_extended_precision_on_windows_from_the_first_observation() -> None:
    for name in ORDINARY:
        values = nasty_series(name)
        result = recursive_adf(values)
        for at in range(0, result.badf.size, 15):
            expected = exact_ratio(values, 0, at + result.min_window - 1, 0)
            assert abs(float(result.badf[at]) - expected) <= 1e-9 * max(1.0, abs(expected))
