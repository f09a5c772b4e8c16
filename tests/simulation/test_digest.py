from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.simulation.toy import PRIORS, ToyWorld

from cardhouse.simulation.digest import code_digest, digest_of


def test_equal_content_gives_an_equal_hash_whatever_the_order_of_keys():
    one = {"a": np.arange(3), "b": [1, (2.5, None)], "c": dt.date(2026, 1, 1)}
    other = {"c": dt.date(2026, 1, 1), "b": [1, (2.5, None)], "a": np.arange(3)}
    assert digest_of(one) == digest_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        ("1", 1),
        (np.zeros(2), np.zeros((1, 2))),
        (np.zeros(2), np.zeros(2, np.float32)),
        ([1, [2]], [1, 2]),
        ({"a": 1}, {"b": 1}),
        (Path("a"), "a"),
        (ToyWorld(seed=1), ToyWorld(seed=2)),
        (0.0, -0.0),
    ],
)
def test_different_content_gives_another_hash(one: Any, other: Any):
    assert digest_of(one) != digest_of(other)


def test_a_value_whose_content_cannot_be_told_is_refused():
    with pytest.raises(TypeError, match="cannot be hashed"):
        digest_of({"f": lambda: None})


def test_the_hash_of_priors_and_code_is_stable_within_a_process():
    assert digest_of(PRIORS) == digest_of(PRIORS)
    assert code_digest() == code_digest()
    assert len(code_digest()) == 32
