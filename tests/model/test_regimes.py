import numpy as np
import pytest

from cardhouse.model.regimes import (
    DARK_FIBRE,
    FUNDING_RUN,
    MELT_UP,
    NONE,
    PLATEAU,
    SOFT_LANDING,
    Opening,
    _are_melt_up,
    regime_label,
)
from cardhouse.model.state import ILLIQUID, INSOLVENT

QUARTERS = 12


def label(**changes: object) -> int:
    ones = np.ones(QUARTERS)
    draw = {
        "utilisation": 0.9 * ones,
        "compute_price": 12 * ones,
        "long_run_price": 12 * ones,
        "default_label": np.zeros(4, dtype=np.int64),
        "default_quarter": np.full(4, -1),
        "end_user_spending": 20 * np.exp(0.08 * np.arange(QUARTERS)),
        "sector_capex": 100 * ones,
        "sector_market_value": 1000 * ones,
        "organic_revenue": 0.3 * ones,
        "ebitda": 200 * np.ones((QUARTERS, 1)),
        "sp500_index": 1000 * ones,
        "minsky_class": np.zeros((QUARTERS, 4, 3), dtype=np.int64),
    }
    opening = Opening(firms=1, listed=np.array([True, True, False, False]), index_value=1000.0)
    return regime_label({**draw, **changes}, opening)  # type: ignore[dict-item] arrays by name


def test_a_world_in_which_nothing_happens_has_no_label() -> None:
    assert label() == NONE


@pytest.mark.parametrize(("second", "use", "expected"), [(5, 0.9, FUNDING_RUN), (9, 0.9, NONE), (5, 0.7, NONE)])
def test_funding_run_needs_two_illiquid_defaults_close_together_in_a_busy_world(
    second: int, use: float, expected: int
) -> None:
    labels, quarters = np.array([ILLIQUID, ILLIQUID, 0, 0]), np.array([3, second, -1, -1])
    assert label(default_label=labels, default_quarter=quarters, utilisation=np.full(QUARTERS, use)) == expected


def test_a_default_in_the_first_and_in_the_last_quarter_counts() -> None:
    labels = np.array([ILLIQUID, ILLIQUID, 0, 0])
    assert label(default_label=labels, default_quarter=np.array([0, 0, -1, -1])) == FUNDING_RUN
    last = QUARTERS - 1
    assert label(default_label=labels, default_quarter=np.array([last, last, -1, -1])) == FUNDING_RUN


def test_soft_landing_needs_a_rising_organic_part_and_no_default() -> None:
    rising = np.linspace(0.3, 0.5, QUARTERS)
    assert label(organic_revenue=rising) == SOFT_LANDING
    assert label(organic_revenue=rising, default_quarter=np.array([0, -1, -1, -1])) == NONE
    assert label(organic_revenue=rising, sector_capex=np.full(QUARTERS, 190.0)) == NONE


def test_dark_fibre_plateau_and_melt_up_have_their_signs() -> None:
    idle = {"utilisation": np.full(QUARTERS, 0.5), "compute_price": np.full(QUARTERS, 6.0)}
    assert label(**idle, default_label=np.array([INSOLVENT, INSOLVENT, 0, 0])) == DARK_FIBRE
    assert label(**idle) == NONE
    falling = np.linspace(100, 40, QUARTERS)
    assert label(end_user_spending=np.full(QUARTERS, 20.0), sector_capex=falling) == PLATEAU


@pytest.mark.parametrize(("quarters", "expected"), [([3, -1, 5, 7], PLATEAU), ([3, 4, -1, -1], NONE)])
def test_a_plateau_has_no_more_than_one_default_of_a_listed_firm(quarters: list[int], expected: int) -> None:
    flat, falling = np.full(QUARTERS, 20.0), np.linspace(100, 40, QUARTERS)
    found = label(end_user_spending=flat, sector_capex=falling, default_quarter=np.array(quarters))
    assert found == expected


def ponzi_from(quarter: int) -> np.ndarray:
    classes = np.zeros((QUARTERS, 4, 3), dtype=np.int64)
    classes[quarter:, 0, 2] = 2
    return classes


def test_a_melt_up_is_a_new_height_on_more_ponzi_finance() -> None:
    rising = np.linspace(1000, 2000, QUARTERS)
    assert label(sp500_index=rising, minsky_class=ponzi_from(6)) == MELT_UP
    assert label(sp500_index=rising) == NONE
    assert label(sp500_index=rising, minsky_class=ponzi_from(0)) == NONE


def test_the_way_back_from_a_crash_is_no_melt_up() -> None:
    back = np.concatenate([[900.0, 300.0, 280.0], np.linspace(300.0, 1300.0, QUARTERS - 3)])
    assert label(sp500_index=back, minsky_class=ponzi_from(6)) == NONE
    back[-1] = 1500.0
    assert label(sp500_index=back, minsky_class=ponzi_from(6)) == MELT_UP


def test_a_run_shorter_than_the_window_has_no_melt_up() -> None:
    opening = Opening(firms=1, listed=np.zeros(4, dtype=np.bool_), index_value=1000.0)
    assert not _are_melt_up({"sp500_index": np.full((2, 6), 9000.0)}, opening).any()


def test_a_rise_in_the_first_eight_quarters_counts_from_the_opening() -> None:
    early = np.full(QUARTERS, 1390.0)
    early[7] = 1450.0
    assert label(sp500_index=early, minsky_class=ponzi_from(6)) == MELT_UP
    assert label(sp500_index=np.minimum(early, 1395.0), minsky_class=ponzi_from(6)) == NONE
