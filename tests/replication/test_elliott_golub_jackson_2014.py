"""Elliott, Golub and Jackson (2014), Financial networks and contagion: the example of two organisations."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.contagion.cross_holdings import cross_holdings

HALF_OF_EACH_OTHER = np.array([[0.0, 0.5], [0.5, 0.0]])


def test_dependency_matrix_of_two_organisations_that_hold_half_of_each_other():
    columns = [cross_holdings(HALF_OF_EACH_OTHER, unit).market_value for unit in ([1.0, 0.0], [0.0, 1.0])]
    np.testing.assert_allclose(np.column_stack(columns), [[2 / 3, 1 / 3], [1 / 3, 2 / 3]])


@pytest.mark.parametrize(
    ("assets", "best", "worst"),
    [
        ((110.0, 110.0), [False, False], [False, False]),
        ((90.0, 90.0), [False, False], [True, True]),
        ((60.0, 60.0), [False, False], [True, True]),
        ((40.0, 40.0), [True, True], [True, True]),
        ((45.0, 70.0), [False, False], [True, True]),
        ((40.0, 100.0), [False, False], [True, True]),
        ((15.0, 100.0), [True, False], [True, True]),
    ],
)
def test_regions_of_one_and_several_equilibria_with_threshold_and_cost_of_fifty(
    assets: tuple[float, float], best: list[bool], worst: list[bool]
):
    found = {
        solution: cross_holdings(
            HALF_OF_EACH_OTHER, assets, failure_threshold=50.0, failure_cost=50.0, solution=solution
        ).failures.has_failed.tolist()
        for solution in ("greatest", "least")
    }
    # by hand: v = A (assets - 50 * failed) with A = [[2/3, 1/3], [1/3, 2/3]]; failed means v < 50
    assert found == {"greatest": best, "least": worst}
