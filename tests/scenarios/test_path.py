import numpy as np
import pytest

from cardhouse.basics.quarter import Quarter
from cardhouse.scenarios.path import ShockPaths, neutral_paths
from cardhouse.scenarios.variables import ENTITY_VARIABLES, G_SPOT_PRICE, GLOBAL_VARIABLES

QUARTERS = [Quarter(2026, 1) + k for k in range(3)]


def test_neutral_paths_hold_the_neutral_value_of_every_variable():
    calm = neutral_paths(QUARTERS, ["a", "b"])
    for row, variable in enumerate(GLOBAL_VARIABLES):
        assert np.array_equal(calm.global_[row], np.full(3, variable.neutral), equal_nan=True)
    for row, variable in enumerate(ENTITY_VARIABLES):
        assert np.array_equal(calm.entity[row], np.full((3, 2), variable.neutral), equal_nan=True)


def test_paths_cannot_be_changed_after_they_are_built():
    with pytest.raises(ValueError, match="read-only"):
        neutral_paths(QUARTERS, ["a"]).global_[0, 0] = 3.0


def test_a_changed_value_changes_digest_and_neutrality():
    calm = neutral_paths(QUARTERS, ["a"])
    shocked = calm.global_.copy()
    shocked[G_SPOT_PRICE, 1] = 0.5
    other = ShockPaths(calm.quarters, calm.entities, shocked, calm.entity)
    assert calm.is_neutral
    assert not other.is_neutral
    assert calm.digest != other.digest


def test_arrays_of_the_wrong_shape_are_refused():
    calm = neutral_paths(QUARTERS, ["a"])
    with pytest.raises(ValueError, match="shapes"):
        ShockPaths(calm.quarters[:2], calm.entities, calm.global_, calm.entity)
