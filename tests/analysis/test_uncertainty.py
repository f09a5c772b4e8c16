"""The split of a variance between parameters and news, and shares by thirds of a parameter."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.analysis.uncertainty import shares_by_thirds, split_of


def test_an_output_of_parameters_alone_has_no_news():
    found = split_of(np.repeat([1.0, 5.0, 2.0, 9.0], 3), 3)
    assert (found.parameter_share, found.news_share) == (1.0, 0.0)


def test_known_parts_are_found():
    rng = np.random.default_rng(4)
    values = np.repeat(rng.normal(0.0, 2.0, 4000), 4) + rng.normal(0.0, 1.0, 16000)
    found = split_of(values, 4)
    assert found.parameter_share == pytest.approx(0.8, abs=0.02)
    assert found.parameter_share + found.news_share == pytest.approx(1.0)
    assert found.news_variance == pytest.approx(1.0, abs=0.03)
    assert found.rows == 4000


def test_an_unfinished_last_row_is_left_out():
    assert split_of(np.array([0.0, 2.0, 10.0, 12.0, 99.0]), 2) == split_of(np.array([0.0, 2.0, 10.0, 12.0]), 2)


def test_an_output_that_does_not_vary_has_no_parts():
    assert np.isnan(split_of(np.ones(8), 2).parameter_share)


@pytest.mark.parametrize(("size", "per_row"), [(8, 1), (3, 2), (4, 0)])
def test_draws_that_are_not_nested_are_refused(size: int, per_row: int):
    with pytest.raises(ValueError, match="two rows of two draws"):
        split_of(np.arange(float(size)), per_row)


def test_thirds_are_of_the_parameter_not_of_the_draws():
    column = np.array([9.0, 1.0, 5.0, 2.0, 8.0, 4.0])
    hits = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
    assert shares_by_thirds(column, hits) == (0.0, 1.0)
