from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.simulation.toy import plan

from cardhouse.simulation.run import run_in_memory
from cardhouse.simulation.summary import default_times, quantiles_of_array, wilson


def test_exact_quantiles_are_those_of_numpy_and_unknown_values_do_not_count():
    values = np.random.default_rng(0).normal(size=(101, 4))
    values[::7, 2] = np.nan
    values[:, 3] = np.nan
    found = quantiles_of_array(values, (0.1, 0.5, 0.9))
    np.testing.assert_allclose(found.values[:, :2], np.quantile(values[:, :2], (0.1, 0.5, 0.9), axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.at(0.5)[2], np.nanquantile(values[:, 2], 0.5), rtol=1e-12)
    assert np.isnan(found.values[:, 3]).all()
    assert found.known.tolist() == [101, 101, 86, 0]


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.95])
def test_the_interval_of_a_quantile_covers_the_truth_as_often_as_it_says(probability: float):
    random = np.random.default_rng(8)
    truth = stats.norm.ppf(probability)
    found = quantiles_of_array(random.normal(size=(200, 2000)), (probability,))
    covered = float(np.mean((found.low[0] <= truth) & (truth <= found.high[0])))
    assert 0.88 <= covered <= 0.97  # ranks are whole numbers, so the interval is a little wide


def test_the_interval_of_a_share_covers_the_truth_as_often_as_it_says():
    hits = np.random.default_rng(8).binomial(150, 0.07, 4000)
    found = wilson(hits, np.full(4000, 150))
    assert 0.87 <= float(np.mean((found.low <= 0.07) & (found.high >= 0.07))) <= 0.95


def test_draws_that_share_a_parameter_row_count_once():
    values = np.repeat(np.random.default_rng(3).normal(size=(100, 1)), 10, axis=0)
    apart, shared = quantiles_of_array(values, (0.5,)), quantiles_of_array(values, (0.5,), per_row=10)
    assert (shared.high - shared.low)[0, 0] > 2 * (apart.high - apart.low)[0, 0]
    rows = quantiles_of_array(values[::10], (0.5,))
    assert shared.low[0, 0] == pytest.approx(rows.low[0, 0], abs=0.05)


def test_no_draws_give_no_number():
    found = quantiles_of_array(np.empty((0, 2)), (0.5,))
    assert np.isnan(found.values).all()
    assert np.isnan(wilson(np.zeros(1), np.zeros(1)).share).all()


def test_streamed_quantiles_agree_with_exact_ones_and_say_so():
    exact = run_in_memory(plan(400, keep="paths")).summary("cash")
    streamed = run_in_memory(plan(400, keep="draws")).summary("cash")
    assert exact.exact
    assert not streamed.exact
    np.testing.assert_allclose(streamed.values, exact.values, rtol=1 / 32, atol=0.02)
    np.testing.assert_allclose(streamed.low, exact.low, rtol=1 / 32, atol=0.02)
    np.testing.assert_array_equal(streamed.known, exact.known)


def test_streamed_exceedance_agrees_with_exact_one():
    exact = run_in_memory(plan(400, keep="paths")).exceedance("cash", 2.0)
    streamed = run_in_memory(plan(400, keep="draws")).exceedance("cash", 2.0)
    np.testing.assert_allclose(streamed.share, exact.share, atol=0.01)
    np.testing.assert_array_equal(streamed.draws, exact.draws)


def test_default_times_count_first_defaults_and_never():
    quarters = np.array([[2, -1], [-1, -1], [0, 1], [5, 5]])
    times = default_times(quarters, 6, ("a", "b"))
    np.testing.assert_allclose(times.first.share, [0.25, 0.25, 0.5, 0.5, 0.5, 0.75])
    np.testing.assert_allclose(times.ever.share, [0.75, 0.5])
    np.testing.assert_allclose(times.by_quarter.share[:, 1], [0, 0.25, 0.25, 0.25, 0.25, 0.5])
