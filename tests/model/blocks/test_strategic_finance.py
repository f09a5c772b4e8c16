"""Strategic money in a small world: who gives how much, and what each of the five gates takes away."""

from __future__ import annotations

import numpy as np
import pytest
from tests.model.blocks.conftest import CHIP, CLOUD, LAB, PLATFORM, SPONSOR, VENTURE, Small, fresh

from cardhouse.model.agents import list_by_role
from cardhouse.model.blocks.lab_funding import raise_rounds
from cardhouse.model.blocks.lab_payments import pay_tranches
from cardhouse.model.blocks.strategic_finance import draw_pools, prepare_strategic_money
from cardhouse.model.ledger import Kind, kind_of_tag
from cardhouse.model.world import LABORATORY


def rounds(small: Small) -> None:
    raise_rounds(small.w, small.gate, small.par, small.shock, small.s, small.ledger)


def prepare(small: Small) -> None:
    prepare_strategic_money(small.w, small.gate, small.par, small.shock, small.s)


def in_need(small: Small, position: float = -5.0) -> None:
    small.s.position[LAB] = position


def test_a_cloud_sets_aside_the_gross_profit_on_the_bill(small: Small):
    prepare(small)
    wear = 36.0 * (0.52 / 6.0 + 0.48 / 20.0)
    margin = 1.0 - (1.5 + wear) / (0.85 * 11.5)
    assert small.s.strategic_aside[0, PLATFORM] == pytest.approx(3.0 * margin)
    assert small.s.strategic_aside[0, CLOUD] == pytest.approx(2.0 * margin)


def test_a_chip_maker_earns_through_the_clouds_that_serve_the_lab(small: Small):
    prepare(small)
    of_platform, of_cloud = 3.0 / (11.5 * 6.0 / 4.0), 2.0 / (11.5 * 1.6 / 4.0)
    earned = 40.0 / 60.0 * (of_platform * 15.0 + of_cloud * 6.0)
    assert small.s.strategic_aside[0, CHIP] == pytest.approx(earned)


def test_neither_labs_nor_sponsors_give_strategic_money(small: Small):
    prepare(small)
    assert small.s.strategic_aside[0, LAB] == small.s.strategic_aside[0, SPONSOR] == 0.0


def test_wrong_way_risk_a_giver_whose_shares_halved_gives_half(small: Small):
    prepare(small)
    before = small.s.strategic_aside[0, CHIP]
    small.s.market_value[CHIP] /= 2.0
    prepare(small)
    assert small.s.strategic_aside[0, CHIP] == pytest.approx(before / 2.0)


def test_without_wrong_way_risk_the_giver_ignores_its_means_and_the_takers_bill(small: Small):
    small.switch(circular_wrong_way=False)
    prepare(small)
    before = small.s.strategic_aside[0, CHIP]
    small.s.market_value[CHIP] /= 2.0
    small.s.scheduled[:2] = 0.0
    prepare(small)
    assert small.s.strategic_aside[0, CHIP] == pytest.approx(before)


def test_without_strategic_finance_nobody_gives(small: Small):
    small.switch(strategic_finance=False)
    in_need(small)
    rounds(small)
    assert small.s.strategic_in[LAB] == 0.0
    assert small.s.cash[PLATFORM] == 100.0


def test_with_additionality_a_lab_gets_both_kinds_of_money(small: Small):
    in_need(small)
    rounds(small)
    both = small.s.strategic_in[LAB] + small.s.outside_equity[LAB]
    outside_alone = 16.0 * 0.75
    assert small.s.strategic_in[LAB] > 0.0
    assert both == pytest.approx(small.s.strategic_in[LAB] + outside_alone)


def test_without_additionality_strategic_money_replaces_outside_money(small: Small):
    small.switch(circular_additionality=False)
    in_need(small)
    rounds(small)
    assert small.s.strategic_in[LAB] + small.s.outside_equity[LAB] == pytest.approx(16.0 * 0.75)


def test_without_wrong_way_risk_a_stake_ends_with_outsiders_and_the_giver_keeps_its_cash(small: Small):
    small.switch(circular_wrong_way=False)
    in_need(small)
    before = small.s.stake[:, LAB].copy()
    rounds(small)
    assert small.s.strategic_out[CHIP] > 0.0
    for giver in (CHIP, PLATFORM, CLOUD):
        assert small.s.cash[giver] == 100.0
        assert small.s.stake[giver, LAB] <= before[giver]
    tags = [int(tag) for tag in small.ledger.tag[: small.ledger.postings]]
    sold = sum(a for a, tag in zip(small.ledger.amount, tags, strict=False) if kind_of_tag(tag) == Kind.STAKE_SALE)
    assert sold == pytest.approx(small.s.strategic_in[LAB])


def test_with_additionality_and_wrong_way_off_cash_and_owners_end_as_without_givers():
    ends = []
    for change in ({"strategic_finance": False}, {}, {"strategic_from_suppliers": False}):
        world = fresh()
        world.switch(circular_additionality=False, circular_wrong_way=False, **change)
        in_need(world)
        rounds(world)
        ends.append((world.s.cash.copy(), world.s.stake.copy(), world.s.strategic_in[LAB]))
    assert ends[0][2] == 0.0
    assert min(ends[1][2], ends[2][2]) > 0.0
    for end in ends[1:]:
        np.testing.assert_array_equal(end[0], ends[0][0])
        np.testing.assert_array_equal(end[1], ends[0][1])


def test_replaced_money_is_never_more_than_outsiders_would_have_brought(small: Small):
    small.switch(circular_additionality=False)
    small.par.outside_lab_money = 1.0
    in_need(small)
    rounds(small)
    assert small.s.strategic_in[LAB] == pytest.approx(0.75)
    assert small.s.outside_equity[LAB] == pytest.approx(0.0, abs=1e-12)


def test_the_substitute_world_gives_the_same_money_from_outside(small: Small):
    in_need(small)
    small.switch(strategic_from_suppliers=False)
    rounds(small)
    given = small.s.strategic_in[LAB]
    assert given > 0.0
    assert small.s.cash[PLATFORM] == small.s.cash[CHIP] == small.s.cash[CLOUD] == 100.0
    kinds = [kind_of_tag(int(tag)) for tag in small.ledger.tag[: small.ledger.postings]]
    assert Kind.STRATEGIC_EQUITY not in kinds


def test_money_is_conserved_and_owners_add_up_to_one(small: Small):
    in_need(small)
    before = small.s.cash[: small.w.agents].sum()
    rounds(small)
    assert small.s.cash[: small.w.agents].sum() == pytest.approx(before, rel=1e-12)
    assert small.s.stake[:, LAB].sum() == pytest.approx(1.0, rel=1e-12)


def test_a_stake_bought_at_its_price_makes_the_giver_neither_richer_nor_poorer(small: Small):
    in_need(small)
    before = small.s.own_value[CHIP] + small.s.stake_value[CHIP]
    rounds(small)
    assert small.s.strategic_out[CHIP] > 0.0
    assert small.s.own_value[CHIP] + small.s.stake_value[CHIP] == pytest.approx(before)


def test_a_lab_with_cash_for_a_year_raises_nothing(small: Small):
    in_need(small, position=100.0)
    rounds(small)
    assert small.s.strategic_in[LAB] == small.s.outside_equity[LAB] == 0.0


def test_financing_risk_stops_outside_money_when_the_next_round_is_doubtful(small: Small):
    in_need(small, position=-60.0)
    small.par.next_round_base = -3.0
    rounds(small)
    assert small.s.outside_equity[LAB] == 0.0
    assert small.s.next_round[LAB] < 0.35


def test_financing_risk_can_be_switched_off(small: Small):
    in_need(small, position=-60.0)
    small.par.next_round_base = -3.0
    small.switch(financing_risk=False)
    rounds(small)
    assert small.s.outside_equity[LAB] == pytest.approx(12.0)


def test_a_tranche_waits_for_its_milestone(small: Small):
    in_need(small)
    small.s.tranche_left[LAB] = 35.0
    small.s.revenue[LAB] = 4.9
    rounds(small)
    assert small.s.tranche_left[LAB] == 35.0


def test_a_tranche_is_paid_on_its_milestone_as_far_as_cash_goes(small: Small):
    in_need(small)
    small.s.tranche_left[LAB] = 35.0
    rounds(small)
    assert small.s.tranche_left[LAB] == 0.0
    assert small.s.strategic_in[LAB] >= 35.0


def test_a_sponsor_over_its_margin_limit_brings_nothing(small: Small):
    in_need(small)
    small.s.debt_total[SPONSOR] = 200.0
    rounds(small)
    assert small.s.cash[SPONSOR] == 100.0
    assert small.s.outside_equity[LAB] == pytest.approx(6.0)
    assert small.s.cash[VENTURE] == pytest.approx(94.0)


def test_the_loop_gain_of_one_taker_is_what_comes_back_per_dollar(small: Small):
    in_need(small)
    rounds(small)
    sources = small.s.revenue[LAB] + small.s.strategic_in[LAB] + small.s.outside_equity[LAB]
    recycled = small.s.strategic_aside[0, :6].sum() / 5.0
    assert small.s.loop_gain == pytest.approx(recycled * 5.0 / sources)
    assert np.isfinite(small.s.loop_gain)


def test_rebates_lift_headline_prices_only_with_their_gate(small: Small):
    in_need(small)
    rounds(small)
    assert small.s.price_bias > 1.0


def test_without_the_price_gate_headline_prices_are_true(small: Small):
    in_need(small)
    small.switch(circular_price=False)
    rounds(small)
    assert small.s.price_bias == 1.0


def two_rounds(small: Small) -> None:
    """Let two laboratories ask a chip maker for more than it has, with a promise to one of them."""
    small.w.role[SPONSOR] = LABORATORY
    list_by_role(small.w)
    small.s.strategic_due[...] = 0.0
    small.s.cash[CHIP] = 60.0
    small.s.strategic_pool[:2, CHIP] = small.s.strategic_due[:2, CHIP] = (30.0, 90.0)
    draw_pools(small.w, small.gate, small.s)


def test_a_giver_short_of_cash_serves_every_round_alike(small: Small):
    two_rounds(small)
    assert small.s.strategic_due[:2, CHIP] == pytest.approx([15.0, 45.0])
    assert small.s.strategic_pool[:2, CHIP] == pytest.approx([15.0, 45.0])


def test_a_promise_beyond_the_givers_cash_is_paid_to_every_round_alike(small: Small):
    small.w.role[SPONSOR] = LABORATORY
    list_by_role(small.w)
    small.s.pre_money[[LAB, SPONSOR]] = 500.0
    small.s.tranche_due[LAB], small.s.tranche_due[SPONSOR] = 50.0, 150.0
    small.s.tranche_left[LAB], small.s.tranche_left[SPONSOR] = 50.0, 150.0
    small.s.tranche_from[0, CHIP], small.s.tranche_from[1, CHIP] = 50.0, 150.0
    pay_tranches(small.w, small.s, small.ledger)
    assert small.s.cash[CHIP] == pytest.approx(0.0, abs=1e-12)
    assert small.s.tranche_left[LAB] == pytest.approx(25.0)
    assert small.s.tranche_left[SPONSOR] == pytest.approx(75.0)
