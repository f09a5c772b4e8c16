"""Battiston et al. (2012) and Bardoscia et al. (2015): statements on rings and on stability."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.contagion.debtrank import debtrank, single_hit_debtrank

RING = np.array([[0.0, 0.0, 3.0], [4.0, 0.0, 0.0], [0.0, 5.0, 0.0]])
EQUITY = np.array([8.0, 9.0, 11.0])


def test_on_a_ring_the_cyclic_law_sums_the_geometric_series_and_the_single_hit_law_its_first_turn():
    once_round = (3.0 / 8.0) * (4.0 / 9.0) * (5.0 / 11.0)
    start = np.array([0.2, 0.0, 0.0])
    assert debtrank(RING, EQUITY, start, tolerance=1e-14).stress[0] == pytest.approx(0.2 / (1 - once_round), rel=1e-12)
    assert single_hit_debtrank(RING, EQUITY, start).stress[0] == pytest.approx(0.2 * (1 + once_round), rel=1e-12)


def test_single_hit_never_exceeds_the_cyclic_law():
    rng = np.random.default_rng(12)
    for _ in range(20):
        exposure = rng.lognormal(0, 1, (10, 10)) * (rng.random((10, 10)) < 0.3) * (1 - np.eye(10))
        equity = np.maximum(exposure.sum(axis=1), exposure.max()) * rng.uniform(1.0, 2.0, 10)
        start = rng.random(10) * (rng.random(10) < 0.3)
        single = single_hit_debtrank(exposure, equity, start).stress
        assert (single <= debtrank(exposure, equity, start).stress + 1e-9).all()


@pytest.mark.parametrize(("scale", "fails"), [(0.99, False), (1.01, True)])
def test_a_small_shock_fails_someone_only_when_leverage_has_an_eigenvalue_above_one(scale: float, fails: bool):
    leverage = RING / EQUITY[:, None]
    radius = np.abs(np.linalg.eigvals(leverage)).max()
    result = debtrank(scale / radius * RING, EQUITY, [1e-6, 0.0, 0.0], tolerance=1e-12)
    assert result.convergence.converged
    assert (result.failures.count > 0) == fails
