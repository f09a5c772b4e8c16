from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.simulation.digest import digest_of
from cardhouse.simulation.sketch import SketchTotal, edges_of

BIN = 1 / 32


def total_of(values: np.ndarray) -> SketchTotal:
    total = SketchTotal(values.shape[1])
    total.count(values)
    return total


def sample(kind: str, size: int = 5000) -> np.ndarray:
    random = np.random.default_rng(4)
    return {
        "normal": random.normal(0, 50, (size, 2)),
        "lognormal": random.lognormal(2, 2, (size, 2)),
        "share": random.beta(0.5, 3, (size, 2)),
        "spike": np.where(random.random((size, 2)) < 0.4, 0.0, -random.exponential(3, (size, 2))),
    }[kind]


@pytest.mark.parametrize("kind", ["normal", "lognormal", "share", "spike"])
def test_a_quantile_is_wrong_by_less_than_a_bin(kind: str):
    values = sample(kind)
    total = total_of(values)
    for probability in (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0):
        rank = np.full(2, probability * (len(values) - 1))
        exact = np.quantile(values, probability, axis=0)
        np.testing.assert_allclose(total.value_at_rank(rank), exact, rtol=BIN, atol=2e-3)


def test_the_extremes_are_exact_and_beyond_every_bin_too():
    values = np.array([[3e-9, -7.0], [1e12, 2.0]])
    total = total_of(values)
    assert total.minimum.tolist() == [3e-9, -7.0]
    assert total.value_at_rank(np.ones(2)).tolist() == [1e12, 2.0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_any_cutting_and_any_order_give_the_same_counts(seed: int, cuts: list[int]):
    random = np.random.default_rng(seed)
    values = random.normal(0, 10 ** random.uniform(-3, 5), (400, 3))
    values[random.random(values.shape) < 0.05] = np.nan
    parts = [total_of(part).sketch() for part in np.split(values, sorted(cuts)) if len(part)]
    joined = SketchTotal(3)
    for k in random.permutation(len(parts)):
        joined.add(parts[k])
    assert digest_of(joined.sketch()) == digest_of(total_of(values).sketch())


def test_unknown_values_are_counted_apart():
    values = np.array([[np.nan, 1.0], [np.nan, np.nan]])
    total = total_of(values)
    assert total.known.tolist() == [0, 1]
    assert total.unknown.tolist() == [2, 1]
    assert np.isnan(total.value_at_rank(np.zeros(2))[0])
    assert np.isnan(total.mean()[0])


def test_small_whole_numbers_are_exact():
    values = np.random.default_rng(1).integers(-5, 32, (999, 2)).astype(float)
    total = total_of(values)
    for rank in (0, 250, 499, 998):
        exact = np.sort(values, axis=0)[rank]
        np.testing.assert_array_equal(total.value_at_rank(np.full(2, float(rank)), exact=True), exact)
    np.testing.assert_allclose(total.mean(exact=True), values.mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize("kind", ["normal", "lognormal", "share", "spike"])
def test_counts_above_a_threshold_are_right_to_the_share_of_one_bin(kind: str):
    values = sample(kind)
    total = total_of(values)
    for threshold in (-20.0, -1.0, 0.0, 0.07, 3.0, 1e9):
        exact = (values > threshold).sum(axis=0)
        inside = (np.abs(values - threshold) <= np.abs(threshold) * 2 * BIN + 2.0**-14).sum(axis=0)
        assert (np.abs(total.count_above(threshold) - exact) <= inside + 1e-9).all()


@given(st.integers(-2800, 2800))
def test_bins_follow_one_another_without_gap(code: int):
    _, high = edges_of(np.array([code]))
    low, _ = edges_of(np.array([code + 1]))
    if code in (-1, 0):
        assert abs(low[0] - high[0]) <= 2.0**-14
    else:
        assert low[0] == high[0]


def test_an_empty_sketch_has_no_values():
    total = SketchTotal(2)
    total.add(SketchTotal(2).sketch())
    assert np.isnan(total.value_at_rank(np.zeros(2))).all()
    assert total.count_above(0.0).tolist() == [0.0, 0.0]


def test_a_cleared_total_is_as_good_as_new():
    used = total_of(sample("normal"))
    used.clear()
    used.count(sample("share"))
    assert digest_of(used.sketch()) == digest_of(total_of(sample("share")).sketch())


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_small_counters_count_the_same_and_zero_has_one_sign(kind: type):
    values = np.where(sample("normal") < 0, -0.0, sample("normal")).astype(kind)
    small, large = SketchTotal(2, most=60_000), SketchTotal(2)
    small.count(values)
    large.count(values[::-1])
    assert digest_of(small.sketch()) == digest_of(large.sketch())
