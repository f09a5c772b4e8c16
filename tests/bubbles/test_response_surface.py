"""The packaged quantiles against a fresh simulation with another seed, and the edges of the surface."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.basics.errors import InputError
from cardhouse.basics.tables import read_table
from cardhouse.bubbles.critical_values import null_distribution
from cardhouse.bubbles.recursive_adf import check_window
from cardhouse.bubbles.response_surface import (
    PROBABILITIES,
    TABLE,
    surface_critical_value,
    surface_p_value,
    surface_quantiles,
)


@pytest.mark.parametrize(("n", "lag"), [(90, 0), (240, 0), (90, 1)])
@pytest.mark.parametrize("statistic", ["adf", "sadf", "gsadf"])
def test_surface_agrees_with_a_fresh_simulation_at_a_size_not_tabulated(n: int, lag: int, statistic: str) -> None:
    null = null_distribution(n, lag=lag, replications=3000, seed=8)
    for level in (0.10, 0.05):
        fresh = null.critical_value(level, statistic)
        assert surface_critical_value(level, n, lag=lag, statistic=statistic) == pytest.approx(fresh, abs=0.10)
        assert surface_p_value(fresh, n, lag=lag, statistic=statistic) == pytest.approx(level, abs=0.02)


def test_every_row_states_window_size_and_seed() -> None:
    rows = read_table(TABLE).rows
    assert len(rows) == 66
    for row in rows:
        n, lag = int(row["n"]), int(row["lag"])
        assert int(row["min_window"]) == check_window(n, lag, None)
        assert int(row["replications"]) >= 8000
        values = [float(row[str(p)]) for p in PROBABILITIES]
        assert values == sorted(values)


def test_quantiles_rise_with_the_probability_at_every_size() -> None:
    for n in (50, 77, 500, 2200, 5000):
        assert (np.diff(surface_quantiles(n)) >= 0).all()


def test_surface_refuses_what_it_does_not_cover() -> None:
    with pytest.raises(InputError, match="from 50 to 5000"):
        surface_quantiles(30)
    with pytest.raises(InputError, match="lag 0 or 1"):
        surface_quantiles(100, lag=5)
