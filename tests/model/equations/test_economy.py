"""Economy, levers and indicators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardhouse.model.equations import economy, indicators, levers

money = st.floats(-1e4, 1e4)


def test_a_crash_of_twenty_trillion_costs_three_per_cent_of_consumption():
    # Gopinath 2025: about 3.5 per cent of consumption of 20.5 trillion a year
    yearly = 4.0 * economy.consumption_response(0.032, -20000.0)
    assert yearly == pytest.approx(-640.0)
    assert yearly / 20500.0 == pytest.approx(-0.0312, abs=1e-4)


def test_a_class_loses_its_share():
    assert economy.holder_gain(0.2, -50.0, 10.0) == pytest.approx(-8.0)


def test_response_weights_rise_to_one():
    weights = [economy.response_weight(4.0, float(k)) for k in range(6)]
    assert weights == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]


def test_imported_equipment_adds_nothing_to_home_output():
    assert economy.home_investment(100.0, 1.0) == 0.0


def test_output_gap_multiplies_the_sum():
    assert economy.output_gap(-10.0, -20.0, -5.0, 1.2, 7000.0) == pytest.approx(-0.006)


def test_lost_capital_shrinks_spending():
    assert economy.credit_effect(0.4, 50.0) == -20.0


def test_unemployment_rises_when_output_falls():
    assert economy.unemployment_response(0.5, -0.04) == pytest.approx(0.02)


def test_lenders_without_capital_have_no_loss_rate():
    assert economy.lender_loss_rate(5.0, 0.0) == 0.0
    assert economy.lender_loss_rate(5.0, 50.0) == 0.1


@given(shortfall=money, left=st.floats(0.0, 1e4))
def test_a_backstop_pays_no_more_than_is_needed_or_left(shortfall: float, left: float):
    drawn = levers.backstop_drawn(shortfall, left)
    assert 0.0 <= drawn <= max(left, 0.0)
    assert drawn <= max(shortfall, 0.0)


def test_last_resort_lends_against_collateral_after_a_haircut():
    assert levers.last_resort_loan(10.0, 10.0, 0.2, 100.0) == 8.0
    assert levers.last_resort_loan(10.0, 10.0, 0.2, 0.0) == 0.0


def test_a_standstill_rolls_everything():
    assert levers.rolled_under_standstill(0.0, 1.0) == 1.0


def test_disclosure_of_agreeing_numbers_moves_nothing():
    assert levers.disclosure_surprise(0.5, 100.0, 100.0) == 0.0
    assert levers.disclosure_surprise(0.5, 0.0, 0.0) == 0.0
    assert levers.disclosure_surprise(0.5, 25.0, 100.0) == pytest.approx(-0.375)


def test_the_ltv_limit_stays_a_share():
    assert levers.ltv_limit(0.1, -0.4) == 0.0


def test_repayments_lower_the_fiscal_cost():
    assert levers.fiscal_cost(10.0, 12.0) == -2.0


def test_three_minsky_definitions_can_disagree():
    # interest is covered five times, yet neither the principal nor the commitments are
    assert indicators.minsky_by_cover(5.0, 1.0, 4.0) == indicators.HEDGE
    assert indicators.minsky_by_cash_flow(5.0, 1.0, 10.0) == indicators.SPECULATIVE
    assert indicators.minsky_with_commitments(5.0, 1.0, 10.0, 8.0) == indicators.PONZI
