from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from cardhouse.basics.errors import InputError
from cardhouse.simulation.marginals import Marginals


def one(shape: str, value: float, low: float, high: float) -> Marginals:
    return Marginals(names=("x",), value=np.array([value]), low=np.array([low]), high=np.array([high]), shape=(shape,))


@pytest.mark.parametrize(
    ("shape", "reference"),
    [
        ("uniform", stats.uniform(-1, 5)),
        ("triangular", stats.triang(0.2, -1, 5)),
        ("loguniform", stats.loguniform(0.5, 8)),
    ],
)
def test_shapes_are_the_inverse_distribution_functions_of_scipy(shape: str, reference: Any):
    low, high = (0.5, 8.0) if shape == "loguniform" else (-1.0, 4.0)
    mode = 0.0 if shape == "triangular" else 1.0
    uniform = np.linspace(0.001, 0.999, 57)
    values = one(shape, mode, low, high).at(uniform[:, None])[:, 0]
    np.testing.assert_allclose(values, reference.ppf(uniform), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("value", "low", "high"), [(0.0, 0.0, 1.0), (1.0, 0.0, 1.0)])
def test_a_triangle_with_its_peak_at_an_end_stays_inside_its_range(value: float, low: float, high: float):
    values = one("triangular", value, low, high).at(np.linspace(0, 1, 11)[:, None])
    assert np.isfinite(values).all()
    assert values.min() >= low
    assert values.max() <= high


def test_a_fixed_parameter_has_its_value_in_every_draw():
    assert (one("fixed", 3.0, 1.0, 5.0).at(np.random.default_rng(0).random((9, 1))) == 3.0).all()


def test_all_problems_of_the_priors_are_told_at_once():
    with pytest.raises(InputError, match="central value lies inside") as caught:
        Marginals(
            names=("a", "b", "c", "d"),
            value=np.array([2.0, np.nan, 1.0, 0.0]),
            low=np.array([0.0, 0.0, 0.0, -1.0]),
            high=np.array([1.0, 1.0, 2.0, 1.0]),
            shape=("uniform", "uniform", "trianglar", "loguniform"),
        )
    text = str(caught.value)
    for word in ("finite", "Did you mean 'triangular'", "above zero"):
        assert word in text


def test_an_unknown_parameter_is_told_with_the_nearest_name():
    with pytest.raises(InputError, match=r"'y'.*no such parameter.*x"):
        one("uniform", 1.0, 0.0, 2.0).index("y")
