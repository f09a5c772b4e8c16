"""Draws scanned side by side give the digits of one series at a time."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.bubbles.scan import scan_series
from cardhouse.bubbles.scan_together import TOGETHER
from cardhouse.bubbles.simulate import RADEMACHER, draw_weights, rebuild, simulate_bootstrap
from cardhouse.bubbles.worlds import random_walk


@pytest.mark.parametrize("kink", [0.0, 1.0])
def test_together_as_alone(kink: float) -> None:
    # a change that is zero but for one jump leaves ill-conditioned windows, which go to the factorisation
    change = np.diff(random_walk(50, seed=8, draw=0))
    if kink:
        change[:] = 0.0
        change[30], change[33] = kink, 1e-9
    draws = np.arange(TOGETHER + 3)
    settings = np.array([5, 0, 14, RADEMACHER])
    paths = np.empty((2, draws.size, 37))
    simulate_bootstrap(change[None], np.empty((1, 0)), settings, draws, paths)
    weights, levels, out = np.empty(49), np.empty(50), np.empty((4, 37))
    for draw in (0, TOGETHER - 1, TOGETHER, TOGETHER + 2):
        draw_weights(weights, 5, draw, RADEMACHER)
        rebuild(change, np.empty(0), weights, RADEMACHER, levels)
        scan_series(levels, 0, 14, out)
        np.testing.assert_array_equal(paths[:, draw], out[[0, 3]])
