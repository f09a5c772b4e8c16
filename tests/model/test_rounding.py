"""Rounding is told from amounts, at any size and in any unit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cardhouse.model.debts import UNFELT
from cardhouse.model.rounding import MONEY_TOLERANCE, beyond_rounding, remainder

amounts = st.floats(1e-6, 1e6)


@given(parts=st.lists(amounts, min_size=2, max_size=60), unit=st.sampled_from([1.0, 7.0, 1e-3]))
def test_a_sum_less_its_parts_leaves_nothing_in_any_unit_and_order(parts: list[float], unit: float):
    scaled = [part * unit for part in parts]
    assert remainder(sum(scaled), sum(reversed(scaled))) == 0.0


@given(whole=amounts, share=st.floats(0.0, 0.999))
def test_what_is_left_is_the_difference(whole: float, share: float):
    assert remainder(whole, share * whole) == whole - share * whole


def test_the_line_is_drawn_relative_to_the_scale():
    assert beyond_rounding(2.0 * MONEY_TOLERANCE, 1.0) == 2.0 * MONEY_TOLERANCE
    assert beyond_rounding(2.0 * MONEY_TOLERANCE, 1000.0) == 0.0
    assert beyond_rounding(0.0, 0.0) == 0.0


@given(amount=st.floats(1e-300, 1e300))
def test_a_part_that_is_not_felt_leaves_every_amount_as_it_is(amount: float):
    assert amount - UNFELT * amount == amount


def test_twice_that_part_is_felt():
    assert 1.0 - 2.0 * UNFELT < 1.0
