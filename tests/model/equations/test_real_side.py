"""Real side and default (blocks A to E, J and the circuit): every equation with a number worked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from cardhouse.model import equation
from cardhouse.model.blocks import circuit
from cardhouse.model.equations import adoption, commitments, compute_market, default, income, orders

Case = tuple[Callable[..., float], tuple[float, ...], float]

ADOPTION: list[Case] = [
    # (0.01 + 0.4 * 0.1) * (1 - 0.2 / 0.8) = 0.05 * 0.75
    (adoption.new_pilots, (0.01, 0.4, 0.1, 0.2, 0.8), 0.0375),
    (adoption.new_pilots, (0.01, 0.4, 0.1, 0.9, 0.8), 0.0),
    # 0.12 + 0.03 - 0.12 / 3
    (adoption.pilots_after, (0.12, 0.03, 1 / 3), 0.11),
    (adoption.adopters_after, (0.10, 0.02, 0.05), 0.115),
    (adoption.churn_rate, (0.02, 0.5, 1.0), 0.02),
    (adoption.churn_rate, (0.02, 0.5, 3.0), 0.02 * math.exp(-1.0)),
    # 1000 / 4 * 0.04 at today's price; half the price with elasticity 2 doubles it
    (adoption.enterprise_spending, (1000.0, 0.04, 1.0, 2.0, 1.0), 10.0),
    (adoption.enterprise_spending, (1000.0, 0.04, 0.5, 2.0, 1.0), 20.0),
    (adoption.users_after, (800.0, 0.1, 1600.0), 840.0),
    # 900 m users, 5.5 % pay 50, 0.5 of advertising: 3.25 dollars each
    (adoption.consumer_spending, (900.0, 0.055, 50.0, 0.5), 2.925),
    # 0.8 GW for 900 m users at 10.8 a GW-year cost 2.4 dollars a quarter
    (adoption.contribution_per_user, (3.25, 0.8 / 900.0, 10.8), 0.85),
    (adoption.sales_of_share, (20.0, 2.0, 5.0), 8.0),
    (adoption.sales_of_share, (20.0, 2.0, 0.0), 0.0),
]

COMPUTE: list[Case] = [
    (compute_market.compute_needed, (5.0, 10.0, 0.5), 2.5),
    (compute_market.training_wanted, (1.0, 1.2, 2.0), 0.6),
    (compute_market.training_wanted, (1.0, 1.2, 9.0), 1.2),
    # two quarters of money: half of what loses money is bought
    (compute_market.spot_for_sales, (3.0, -1.0, 2.0), 1.5),
    (compute_market.spot_for_sales, (3.0, 0.5, 2.0), 3.0),
    (compute_market.capacity_after, (10.0, 0.03, 1.0), 10.7),
    # 70 percent of 2 on time, a quarter of the 4 that wait
    (compute_market.energised_now, (2.0, 4.0, 0.3, 4.0), 2.4),
    (compute_market.served_share, (8.0, 10.0), 0.8),
    (compute_market.served_share, (10.0, 8.0), 1.0),
    (compute_market.usable_share, (0.85,), 0.925),
    # 10 + 0.5 (12 * 1.5^2 - 10) = 10 + 0.5 * 17
    (compute_market.spot_price_after, (10.0, 0.5, 12.0, 1.5, 2.0), 18.5),
    (compute_market.contract_price_after, (11.5, 8.5, 10.0), 11.2),
    (compute_market.annuity, (0.0, 5.0), 0.2),
    (compute_market.annuity, (0.1, 1.0), 1.1),
    # 36 (0.5 * 0.25 + 0.5 * 0.1) + 1.5
    (compute_market.user_cost, (36.0, 0.5, 0.25, 0.1, 1.5), 7.8),
]

ORDERS: list[Case] = [
    (orders.adaptive_growth, (0.05, 0.15, 0.5), 0.10),
    (orders.diagnostic_growth, (0.10, 0.10, 0.9, 0.01), 0.20),
    (orders.wanted_orders, (1.0, -0.5, 0.25, 1.2), 0.9),
    (orders.wanted_orders, (1.0, -2.0, 0.0, 1.2), 0.0),
    (orders.hostage_orders, (0.7, 0.5, 10.0, 0.1), 0.35),
    (orders.orders_allowed, (2.0, 0.16, 5.0), 2.32),
    (orders.orders_allowed, (2.0, 0.16, 1.0), 1.0),
    (orders.affordable_orders, (2.0, 36.0, 36.0), 1.0),
    (orders.affordable_orders, (2.0, -5.0, 36.0), 0.0),
    (orders.deposit_due, (2.0, 36.0, 0.2), 14.4),
    (orders.other_capital_spending, (5.0, 1.1), 5.5),
    (orders.wafer_share_after, (0.5, 0.7, 0.25), 0.55),
]

COMMITMENTS: list[Case] = [
    (commitments.take_or_pay_bill, (10.0, 4.0, 0.9), 9.0),
    (commitments.take_or_pay_bill, (10.0, 9.5, 0.9), 9.5),
    (commitments.contract_schedule, (2.0, 10.0, 4.0, 16.0), 4.0),
    (commitments.contract_schedule, (2.0, 10.0, 20.0, 16.0), 10.0),
    # two quarters, ramp two: weights 0.5 + 1; (11 - 2 * 1) / 1.5 on top of 1
    (commitments.contract_plateau, (11.0, 1.0, 2.0, 1.5), 7.0),
    (commitments.lease_of_new_property, (40.0, 0.2), 2.0),
    (commitments.outflow_cover, (15.0, 10.0), 1.5),
    (commitments.outflow_cover, (15.0, -10.0), 99.0),
    (commitments.stretched_share, (0.75, 1.5, 0.5, 0.6), 0.1),
    (commitments.stretched_share, (2.0, 1.5, 0.5, 0.6), 0.0),
    (commitments.backlog_impairment, (10.0, 0.05, 2.0), 2.5),
    (commitments.exit_cost, (100.0, 0.2), 20.0),
]

INCOME: list[Case] = [
    (equation.interest_due, (100.0, 0.08), 2.0),
    (income.other_business_sales, (10.0, 1.1, 0.9), 9.9),
    (income.ebitda_of, (10.0, 4.0, 3.0), 3.0),
    (income.book_depreciation, (48.0, 30.0, 6.0), 2.0),
    (income.book_depreciation, (48.0, 1.0, 6.0), 1.0),
    # 20 (1 - 0.95 * 0.9)
    (income.economic_depreciation, (20.0, 0.05, 0.9), 2.9),
    (income.economic_depreciation, (20.0, 0.05, 1.2), -2.8),
    (income.net_income_of, (10.0, 3.0, 2.0, 1.0), 6.0),
    (income.tax_due, (0.2, 10.0), 2.0),
    (income.tax_due, (0.2, -10.0), 0.0),
    (income.free_cash_flow_of, (10.0, 1.0, 2.0, 4.0), 3.0),
    (income.payout_due, (0.5, 10.0, 3.0), 3.0),
    (income.payout_due, (0.5, -10.0, 3.0), 0.0),
    (income.economic_return, (5.0, 2.0, 100.0), 0.12),
]

DEFAULT: list[Case] = [
    (default.line_draw, (8.0, 5.0), 5.0),
    (default.line_draw, (-1.0, 5.0), 0.0),
    (default.rights_issue, (8.0, 100.0, 0.05, -0.2), 4.0),
    (default.rights_issue, (3.0, 100.0, 0.05, 0.0), 3.0),
    (default.rights_issue, (3.0, 100.0, 0.05, -1.5), 0.0),
    (default.tenant_support, (0.5, 2.0, 0.9, 0.75), 0.5),
    (default.tenant_support, (3.0, 2.0, 0.9, 0.75), 2.0),
    (default.tenant_support, (0.5, 2.0, 0.6, 0.75), 0.0),
    (default.tenant_support, (0.5, -2.0, 0.9, 0.75), 0.0),
    (default.part_sold, (10.0, 40.0, 0.5), 0.5),
    (default.part_sold, (10.0, 0.0, 0.5), 0.0),
    (default.shortfall, (10.0, 4.0, 3.0), 3.0),
    (default.fire_sale_pressure, (1.0, 4.0, 0.8), 0.2),
    (default.fire_sale_pressure, (1.0, 0.0, 0.8), 0.8),
    (default.recovery_of, (25.0, 100.0), 0.25),
    (default.recovery_of, (150.0, 100.0), 1.0),
    (default.value_to_creditors, (50.0, 0.6, 4.0, 1.0), 30.0),
    (default.value_to_creditors, (50.0, 0.6, 4.0, 3.0), 48.0),
    # inherited 2 beside 4 * 0.5 = 2 of new orders: half the entry at half the price
    (default.entry_cost_factor, (2.0, 0.5, 0.5), 0.75),
    (circuit.passed_on, (12.0, 10.0), 2.0),
    (circuit.refilled, (7.0, 10.0), 3.0),
    (circuit.securities_placed, (-30.0, 10.0), 30.0),
    (circuit.securities_placed, (4.0, 10.0), -4.0),
    (circuit.securities_placed, (15.0, 10.0), -10.0),
]


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [*ADOPTION, *COMPUTE, *ORDERS, *COMMITMENTS, *INCOME, *DEFAULT],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_equation_gives_the_number_worked_by_hand(
    function: Callable[..., float], arguments: tuple[float, ...], expected: float
):
    assert function(*arguments) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_rents_of_one_quarter_are_price_less_running_cost_and_never_negative():
    assert compute_market.discounted_rents(10.0, 2.0, 0.0, 0.0, 1.0) == pytest.approx(2.0)
    assert compute_market.discounted_rents(10.0, 2.0, 0.0, 1.0, 2.0) == pytest.approx(3.0)
    assert compute_market.discounted_rents(1.0, 2.0, 0.0, 0.0, 8.0) == 0.0


def test_a_firm_is_worth_its_property_or_its_business_whichever_is_more():
    assert default.market_net_worth(5.0, 40.0, 30.0, 50.0) == -5.0
