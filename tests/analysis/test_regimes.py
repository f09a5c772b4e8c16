import dataclasses

import numpy as np
import pytest

from cardhouse.analysis.regimes import RULES, Paths, label_draws

QUARTERS = 12


def calm_world() -> Paths:
    ones = np.ones((1, QUARTERS))
    return Paths(
        quarters=np.full((1, 4), -1),
        labels=np.zeros((1, 4), dtype=np.int64),
        organic=0.3 * ones,
        capex=100 * ones,
        operating_cash=200 * ones,
        value=1000 * ones,
        spending=20 * np.exp(0.08 * np.arange(QUARTERS))[None],
        utilisation=0.9 * ones,
        price=12 * ones,
        long_run_price=12 * ones,
        index=1000 * ones,
        ponzi=0.1 * ones,
        listed=np.array([0, 1]),
    )


def label(**changes: object) -> str:
    return RULES[int(label_draws(dataclasses.replace(calm_world(), **changes))[0])][0]  # type: ignore[arg-type]


def test_a_world_in_which_nothing_happens_has_no_label() -> None:
    assert label() == "none of these"


def test_soft_landing_needs_a_rising_organic_part_and_covered_spending() -> None:
    rising = np.linspace(0.3, 0.5, QUARTERS)[None]
    assert label(organic=rising) == "soft landing"
    assert label(organic=rising, capex=np.full((1, QUARTERS), 190.0)) == "none of these"
    assert label(organic=rising, quarters=np.array([[3, -1, -1, -1]])) == "none of these"
    drop = np.where(np.arange(QUARTERS) == 6, 600.0, 1000.0)[None]
    assert label(organic=rising, value=drop) == "none of these"


def test_plateau_needs_slow_users_and_falling_spending() -> None:
    flat, falling = np.full((1, QUARTERS), 20.0), np.linspace(100, 40, QUARTERS)[None]
    assert label(spending=flat, capex=falling) == "plateau"
    assert label(capex=falling) == "none of these"
    assert label(spending=flat, capex=falling, quarters=np.array([[2, 3, -1, -1]])) == "none of these"


def test_dark_fibre_needs_idle_cheap_capacity_and_two_insolvent_firms() -> None:
    idle = {"utilisation": np.full((1, QUARTERS), 0.5), "price": np.full((1, QUARTERS), 6.0)}
    insolvent = {"labels": np.array([[2, 2, 0, 0]]), "quarters": np.array([[2, 9, -1, -1]])}
    assert label(**idle, **insolvent) == "dark fibre"
    assert label(**idle) == "none of these"
    assert label(**insolvent) == "none of these"


@pytest.mark.parametrize(
    ("second", "use", "expected"), [(5, 0.9, "funding run"), (9, 0.9, "none of these"), (5, 0.7, "none of these")]
)
def test_funding_run_needs_two_illiquid_defaults_close_together_in_a_busy_world(
    second: int, use: float, expected: str
) -> None:
    found = label(
        labels=np.array([[1, 1, 0, 0]]),
        quarters=np.array([[3, second, -1, -1]]),
        utilisation=np.full((1, QUARTERS), use),
    )
    assert found == expected


def test_melt_up_needs_a_rising_index_and_a_rising_ponzi_part() -> None:
    rising, part = np.linspace(1000, 2000, QUARTERS)[None], np.linspace(0.1, 0.3, QUARTERS)[None]
    assert label(index=rising, ponzi=part) == "melt-up"
    assert label(index=rising) == "none of these"
