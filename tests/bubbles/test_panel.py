"""The panel test: exact invariances, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.basics.errors import InputError
from cardhouse.bubbles.bootstrap import BootstrapSettings
from cardhouse.bubbles.panel import PanelADF, panel_gsadf
from cardhouse.bubbles.recursive_adf import recursive_adf
from cardhouse.bubbles.worlds import one_bubble, random_walk

CALM = np.column_stack([random_walk(100, seed=3, draw=i) for i in range(3)])
SETTINGS = BootstrapSettings(replications=200)


def same(one: PanelADF, other: PanelADF) -> bool:
    return bool(
        (one.bsadf == other.bsadf).all()
        and (one.null.gsadf == other.null.gsadf).all()
        and one.null.critical_value(0.05) == other.null.critical_value(0.05)
    )


def test_order_of_columns_changes_no_digit() -> None:
    assert same(panel_gsadf(CALM, settings=SETTINGS), panel_gsadf(CALM[:, [2, 0, 1]], settings=SETTINGS))


def test_duplicated_column_changes_no_digit() -> None:
    once = panel_gsadf(CALM, settings=SETTINGS)
    twice = panel_gsadf(CALM[:, [0, 1, 1, 2]], settings=SETTINGS)
    assert same(once, twice)
    assert twice.copies == ("2",)


@given(order=st.permutations(range(3)), copies=st.lists(st.integers(0, 2), max_size=3))
@settings(max_examples=15, deadline=None)
def test_any_order_and_any_copies_change_no_digit(order: list[int], copies: list[int]) -> None:
    small = BootstrapSettings(replications=100)
    assert same(panel_gsadf(CALM, settings=small), panel_gsadf(CALM[:, [*order, *copies]], settings=small))


def test_panel_of_one_series_is_that_series() -> None:
    panel = panel_gsadf(CALM[:, :1], settings=SETTINGS)
    assert (panel.bsadf == recursive_adf(CALM[:, 0]).bsadf).all()


def test_statistic_is_the_mean_of_the_members() -> None:
    panel = panel_gsadf(CALM, lag=1, settings=SETTINGS)
    each = [recursive_adf(CALM[:, i], lag=1).bsadf for i in range(3)]
    np.testing.assert_allclose(panel.bsadf, np.mean(each, axis=0), atol=1e-13)


def test_shared_bubble_is_found_and_calm_panel_is_not() -> None:
    booms = np.column_stack([one_bubble(100, seed=8, draw=i, start=55, end=75, growth=0.10) for i in range(3)])
    assert panel_gsadf(booms, settings=SETTINGS).p_value < 0.02
    assert panel_gsadf(CALM, settings=SETTINGS).p_value > 0.05


def test_frame_keeps_names_and_dates() -> None:
    pd = pytest.importorskip("pandas")
    months = pd.date_range("2001-01-01", periods=100, freq="MS")
    panel = panel_gsadf(pd.DataFrame(CALM, index=months, columns=["a", "b", "c"]), settings=SETTINGS)
    assert panel.names == ("a", "b", "c")
    assert str(panel.labels[-1]) == "2009-04-01"


@pytest.mark.parametrize(
    ("data", "names", "message"),
    [
        (CALM[:, 0], (), "two axes"),
        (CALM, ("a",), "3 columns and 1 names"),
        (np.empty((100, 0)), (), "0 columns"),
        (np.column_stack([CALM[:, 0], np.full(100, 2.0)]), (), "constant"),
    ],
)
def test_unusable_panels_are_refused(data: np.ndarray, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        panel_gsadf(data, names=names, settings=SETTINGS)
