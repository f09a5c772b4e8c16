"""Credit: spreads, capacity, ratings, rollover, covenants, margin loans."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardhouse.model.equations import covenants, credit_price, rollover

share = st.floats(0.0, 1.0)
BUCKETS = (0.008, 0.019, 0.030, 0.045, 0.090)


def test_spread_adds_its_parts_and_is_never_negative():
    assert credit_price.loan_spread(0.02, 0.01, 0.03, 0.005) == pytest.approx(0.065)
    assert credit_price.loan_spread(0.01, 0.0, -0.05, 0.0) == 0.0


def test_leverage_below_the_reference_costs_nothing_and_doubling_it_costs_the_log_of_two():
    assert credit_price.leverage_spread(0.01, 30.0, 10.0, 4.0) == 0.0
    assert credit_price.leverage_spread(0.01, 80.0, 10.0, 4.0) == pytest.approx(0.01 * math.log(2.0))


def test_a_firm_without_earnings_pays_the_largest_leverage_spread_without_a_jump():
    tiny = credit_price.leverage_spread(0.01, 80.0, 1e-9, 4.0)
    none = credit_price.leverage_spread(0.01, 80.0, -1e-9, 4.0)
    assert tiny == none == pytest.approx(0.01 * math.log(10.0))


def test_only_falling_chips_and_only_secured_debt_widen_the_collateral_spread():
    assert credit_price.collateral_spread(0.05, 1.3, 1.0) == 0.0
    assert credit_price.collateral_spread(0.05, 0.5, 0.0) == 0.0
    assert credit_price.collateral_spread(0.05, 0.5, 1.0) == pytest.approx(0.025)


def test_double_pledging_divides_the_collateral():
    assert credit_price.collateral_value(1.0, 10.0, 0.25) == 8.0


def test_capacity_is_the_smaller_limit_less_what_standards_withhold():
    assert credit_price.borrowing_capacity(10.0, 5.0, 30.0, 0.0) == 15.0
    assert credit_price.borrowing_capacity(10.0, 5.0, 9.0, 0.5) == 4.5
    assert credit_price.borrowing_capacity(10.0, 5.0, -9.0, 0.0) == 0.0


def test_the_market_factor_fades_without_losses():
    assert credit_price.credit_factor(0.85, 0.04, 0.0, 0.0, 0.0) == pytest.approx(0.034)


@given(factor=st.floats(-1e6, 1e6), losses=st.floats(0.0, 1e6))
def test_the_lending_standard_stays_a_share(factor: float, losses: float):
    assert 0.0 <= credit_price.lending_standard(factor, losses) <= 1.0


def test_the_lending_standard_is_open_in_calm_times():
    assert credit_price.lending_standard(0.0, 0.0) == 0.0
    assert credit_price.lending_standard(math.log(2.0), 0.0) == pytest.approx(0.5)


def test_more_debt_and_less_cover_give_a_worse_score():
    strong = credit_price.rating_score(1.0, 16.0)
    assert strong == pytest.approx(4.5)
    assert credit_price.rating_score(3.0, 16.0) == pytest.approx(8.0)
    assert credit_price.rating_score(1.0, 4.0) == pytest.approx(7.5)


def test_a_rating_moves_one_notch_a_quarter_and_reaches_the_score_late():
    rating, path = 8.0, []
    for _ in range(4):
        rating = credit_price.rating_after(rating, 11.0 - rating, 1.0, 0.0)
        path.append(rating)
    assert path == [9.0, 10.0, 11.0, 11.0]


def test_rating_spreads_pass_through_the_buckets():
    for bucket, spread in zip((5.0, 8.0, 11.0, 14.0, 17.0), BUCKETS, strict=True):
        assert credit_price.rating_spread(bucket, BUCKETS) == pytest.approx(spread)
    assert credit_price.rating_spread(1.0, BUCKETS) == BUCKETS[0]


def test_a_fallen_angel_pays_for_the_bonds_that_must_be_sold():
    assert credit_price.fallen_angel_spread(0.5, 24.0, 12.0) == pytest.approx(0.01)


def test_liquidity_counts_what_sells_after_a_haircut():
    assert rollover.realisable_liquidity(1.0, 2.0, 10.0, 0.3, -4.0) == pytest.approx(6.0)
    assert rollover.realisable_liquidity(1.0, 0.0, 0.0, 0.3, -4.0) == 0.0


def test_nothing_due_is_fully_covered():
    assert rollover.liquidity_cover(0.0, 0.0) == 1.0


def test_full_cover_without_default_risk_pays_the_whole_rate():
    assert rollover.rolling_payoff(1.0, 0.0, 0.1, 0.07) == pytest.approx(1.07)
    assert rollover.rolling_payoff(0.0, 0.0, 0.4, 0.0) == pytest.approx(0.4)


def test_morris_shin_threshold_is_the_limit_of_full_attention_and_no_noise():
    assert rollover.rolled_share(1.0, 1.05, 1.04, 0.0) == 1.0
    assert rollover.rolled_share(1.0, 1.03, 1.04, 0.0) == 0.0


@given(attention=share, payoff=st.floats(0.0, 2.0), noise=st.floats(0.0, 0.5))
def test_the_inattentive_share_always_rolls(attention: float, payoff: float, noise: float):
    rolled = rollover.rolled_share(attention, payoff, 1.04, noise)
    assert 1.0 - attention - 1e-12 <= rolled <= 1.0


def test_attention_is_calm_at_eight_per_cent_and_jumps_after_a_named_default():
    assert rollover.attentive_share(-2.5, 0.0, 0.0, 0.0) == pytest.approx(1.0 / (1.0 + math.exp(2.5)))
    assert rollover.attentive_share(-2.5, 2.4, 2.0, 0.0) == pytest.approx(1.0 / (1.0 + math.exp(-1.9)))
    assert rollover.attentive_share(-2.5, 0.0, 0.0, 5.0) == 1.0


def test_default_probability_of_a_spread_is_spread_over_loss():
    assert rollover.fundamental_default_probability(0.03, 0.4, 0.0) == pytest.approx(0.05)


@given(start=share, due=share, unrolled=share, cover=share)
def test_one_more_rung_never_lowers_the_chance_of_default(start: float, due: float, unrolled: float, cover: float):
    after = rollover.run_on_maturity(start, due, unrolled, cover)
    assert start - 1e-12 <= after <= 1.0 + 1e-12


def test_covenants_sweep_before_they_break():
    states = [covenants.covenant_state(cover, 1.2, 1.0, 0.0) for cover in (1.25, 1.15, 0.95)]
    assert states == [covenants.COVENANT_KEPT, covenants.COVENANT_SWEEP, covenants.COVENANT_EVENT]


def test_a_failed_test_is_a_sweep_even_with_good_cover():
    assert covenants.covenant_state(3.0, 1.2, 1.0, 1.0) == covenants.COVENANT_SWEEP


def test_service_cover_of_a_firm_that_owes_nothing_is_large():
    assert covenants.debt_service_cover(-5.0, 0.0, 0.0) == 99.0
    assert covenants.debt_service_cover(3.0, 1.0, 1.0) == 1.5


def test_a_sweep_takes_no_more_than_the_debt():
    assert covenants.cash_swept(50.0, 1.0, 10.0) == 10.0


def test_a_margin_loan_is_called_back_to_its_limit():
    assert covenants.margin_call(10.0, 20.0, 0.3) == pytest.approx(4.0)
