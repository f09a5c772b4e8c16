from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.simulation.atomic import write_arrays
from cardhouse.simulation.bins import edges_of
from cardhouse.simulation.digest import digest_of
from cardhouse.simulation.sketch import SketchTotal
from cardhouse.simulation.sketch_file import arrays_of, read_sketches

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


def test_a_total_whose_counts_were_taken_is_as_good_as_new():
    used = total_of(sample("normal"))
    used.take()
    used.count(sample("share"))
    assert digest_of(used.sketch()) == digest_of(total_of(sample("share")).sketch())


def cells_of_every_kind(kind: type, draws: int) -> np.ndarray:
    """Make a table whose cells are counted in every way that there is."""
    random = np.random.default_rng(draws)
    columns = [
        np.zeros(draws),
        np.full(draws, -0.0),
        np.full(draws, 7.0),
        np.full(draws, np.nan),
        random.uniform(1.0, 1.03, draws),
        random.lognormal(0, 2, draws),
        np.where(random.random(draws) < 0.5, 0.0, random.lognormal(0, 2, draws)),
        np.where(random.random(draws) < 0.5, -0.0, random.lognormal(0, 2, draws)),
        random.normal(0, 9, draws),
        -random.lognormal(0, 2, draws),
        random.uniform(1e6, 1e7, draws),
        random.uniform(-1e7, 1e7, draws),
        random.choice([0.0, 1e-9, 1e-40, -1e-9], draws),
        random.choice([-np.inf, 1.0, np.inf], draws),
        np.where(random.random(draws) < 0.3, np.nan, random.normal(0, 9, draws)),
        np.where(random.random(draws) < 0.3, -np.nan, 5.0),
        np.where(np.arange(draws) < draws - 1, np.nan, 3.0),
        np.where(np.arange(draws) < draws // 2, 1.0, np.nan),
    ]
    return np.array(columns).T.astype(kind)


def codes_of(values: np.ndarray) -> np.ndarray:
    """Find the bins of values by their edges."""
    low, _ = edges_of(np.arange(1, 1153))
    size = np.searchsorted(low, np.abs(values), side="right")
    return np.where(values < 0, -size, size)


def counts_by_sorting(values: np.ndarray) -> tuple[list[dict[int, int]], list[int]]:
    """Count bins and unknown values of every cell another way."""
    known = [column[~np.isnan(column)].astype(np.float64) for column in values.T]
    bins = [dict(zip(*np.unique(codes_of(column), return_counts=True), strict=True)) for column in known]
    return bins, np.isnan(values).sum(axis=0).tolist()


def counts_in(total: SketchTotal) -> list[dict[int, int]]:
    return [{int(place) + total.offset: int(row[place]) for place in np.flatnonzero(row)} for row in total.counts]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("draws", [1, 2, 300, 5_000, 40_000])
def test_every_kind_of_cell_is_counted_as_by_sorting(kind: type, draws: int):
    values = cells_of_every_kind(kind, draws)
    total = total_of(values)
    bins, unknown = counts_by_sorting(values)
    assert counts_in(total) == bins
    assert total.unknown.tolist() == unknown
    present = [column[~np.isnan(column)] for column in values.T]
    assert total.minimum.tolist() == [column.min(initial=np.inf) for column in present]
    assert total.maximum.tolist() == [column.max(initial=-np.inf) for column in present]


@pytest.mark.parametrize("kind", [np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint32])
def test_whole_numbers_of_every_type_are_counted_as_doubles(kind: type):
    values = np.random.default_rng(3).integers(0, 120, (9000, 5)).astype(kind)
    values[0, 0] = np.iinfo(kind).max if kind is not np.bool_ else True
    assert digest_of(total_of(values).sketch()) == digest_of(total_of(values.astype(np.float64)).sketch())


def test_wide_tables_are_counted_block_by_block():
    values = np.random.default_rng(3).normal(0, 50, (700, 900)).astype(np.float32)
    values[600:] *= 1e4
    assert counts_in(total_of(values)) == counts_by_sorting(values)[0]


@pytest.mark.parametrize("count", [1, 127, 128, 254, 255, 256, 65_535, 65_536, 200_000])
def test_a_packed_count_comes_back_whatever_its_size(count: int):
    first = np.concatenate([np.full(count, 3.0), np.full(2, 9.0), np.full(300, 20.0)])
    values = np.stack([first, np.where(np.arange(first.size) < 260, 5.0, 50.0)], axis=1)
    back = SketchTotal(2)
    back.add(total_of(values).sketch())
    assert counts_in(back) == counts_in(total_of(values))


def test_a_file_of_distributions_holds_what_was_written(tmp_path: Path):
    found = {
        "single": total_of(cells_of_every_kind(np.float32, 900)).sketch(),
        "double": total_of(cells_of_every_kind(np.float64, 900)).sketch(),
        "empty": SketchTotal(3).sketch(),
    }
    path = write_arrays(tmp_path, "000000", arrays_of(found))
    back = read_sketches(path)
    assert list(back) == list(found)
    assert [digest_of(back[name]) for name in found] == [digest_of(found[name]) for name in found]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_small_counters_count_the_same_and_zero_has_one_sign(kind: type):
    values = np.where(sample("normal") < 0, -0.0, sample("normal")).astype(kind)
    small, large = SketchTotal(2, most=60_000), SketchTotal(2)
    small.count(values)
    large.count(values[::-1])
    assert digest_of(small.sketch()) == digest_of(large.sketch())
