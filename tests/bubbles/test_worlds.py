"""Made series: reproducible, and what they claim to be."""

from __future__ import annotations

import numpy as np

from cardhouse.bubbles.worlds import one_bubble, random_walk, technology_boom


def test_worlds_are_functions_of_seed_and_draw() -> None:
    assert (random_walk(50, seed=1, draw=2) == random_walk(50, seed=1, draw=2)).all()
    assert not (random_walk(50, seed=1, draw=2) == random_walk(50, seed=1, draw=3)).any()


def test_bubble_collapses_to_where_it_began() -> None:
    levels = one_bubble(200, seed=1, draw=0, start=100, end=140)
    assert abs(levels[141] - levels[99]) < 40.0 < levels[140] - levels[99]


def test_technology_boom_returns_to_its_trend() -> None:
    calm = technology_boom(200, seed=1, draw=0, gain=1e-9)
    boom = technology_boom(200, seed=1, draw=0)
    lift = boom.log_price - calm.log_price
    assert lift.max() > 0.9
    assert lift[-1] < 0.1 * lift.max()
    assert np.isfinite(boom.proxies).all()
