"""What others count on (D4 to D6), with every number worked by hand on the small world."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import CLOUD, LAB, PLATFORM, Small

from cardhouse.model.blocks.expectations import weigh_expectations
from cardhouse.model.blocks.fundamental import price_growth
from cardhouse.model.state import DEFAULT


def prepare(small: Small) -> None:
    small.par.contract_survival, small.par.capital_cost_rate, small.par.compute_contract_life = 0.4, 0.25, 6.0
    small.par.exit_cost_share, small.par.order_deposit = 0.1, 0.25
    small.s.value_growth = 0.02
    small.s.pipeline[...] = 0.0


def test_planned_inflows_are_bills_debt_service_and_deliveries(small: Small):
    prepare(small)
    small.s.pipeline[CLOUD, 1] = 0.5
    small.s.interest[CLOUD] = 1.5
    weigh_expectations(small.w, small.par, small.s)
    # 4 x 1.5 interest, four rungs of 5, half a GW at three quarters of 36; against 100 cash and 4 x 6 earned
    assert small.s.expectation_mismatch[CLOUD] == pytest.approx(6.0 + 20.0 + 13.5 - 124.0)


def test_a_laboratory_owes_a_year_of_its_contracts(small: Small):
    prepare(small)
    small.s.interest[...] = 0.0
    weigh_expectations(small.w, small.par, small.s)
    # ramps stand at 4.5 of 16 quarters; cash 100, earnings before rent 4 x (-4 + 5)
    planned = 4.0 * (3.0 + 2.0) * 4.5 / 16.0
    assert small.s.expectation_mismatch[LAB] == pytest.approx(planned - 104.0)


def test_a_supplier_must_expect_late_payment_and_failure(small: Small):
    prepare(small)
    small.s.spread[LAB], small.s.stretched[0] = 0.06, 5.0
    weigh_expectations(small.w, small.par, small.s)
    # five moved by a year at 25 %: 5 x 0.2; failure 0.06/2/0.6 a year, 60 % lost, backlog 60
    assert small.s.backlog_impairment[PLATFORM] == pytest.approx(5.0 * 0.2 + 0.05 * 0.6 * 60.0)
    assert small.s.backlog_impairment[CLOUD] == pytest.approx(0.05 * 0.6 * 40.0)


def test_leaving_costs_fees_building_sites_and_growth(small: Small):
    prepare(small)
    small.s.commitments_given[LAB], small.s.construction[LAB] = 100.0, 8.0
    price_growth(small.w, small.par, small.s)
    weigh_expectations(small.w, small.par, small.s)
    # growth 4 x 0.02 a year against 0.03, half-life 4 years: 0.2 of 1.23 of the value
    assert small.s.exit_price[LAB] == pytest.approx(10.0 + 4.0 + 500.0 * 0.2 / 1.23)


def test_a_failed_firm_has_left_and_its_backlog_is_cancelled_elsewhere(small: Small):
    prepare(small)
    small.s.status[LAB] = DEFAULT
    weigh_expectations(small.w, small.par, small.s)
    assert small.s.exit_price[LAB] == small.s.expectation_mismatch[LAB] == 0.0
    assert small.s.backlog_impairment[PLATFORM] == 0.0
