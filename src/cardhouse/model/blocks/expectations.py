"""Block D, what others count on: claims on a firm against its means, backlog at risk, and the price of leaving.

Planned inflows are contract bills, interest, principal and deliveries of ordered capacity. Nothing here feeds back on
behaviour: the figures are read off the books of the quarter once all is settled.
"""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.rollover import RISK_PREMIUM_SHARE
from cardhouse.model.equations.commitments import (
    backlog_impairment,
    contract_schedule,
    delay_discount,
    exit_cost,
    exit_price,
    expectation_mismatch,
    means_of_a_year,
)
from cardhouse.model.equations.orders import lost_growth_option
from cardhouse.model.equations.rollover import fundamental_default_probability
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import CHIP_ORDER, COMPUTE_CONTRACT, LABORATORY, World

MIDDLE_OF_YEAR = 2.5
"""Quarters ahead at which a straight ramp stands at its mean over the next four quarters."""


@compiled
def weigh_expectations(w: World, par: Parameters, s: State) -> None:
    """Find backlog at risk (D4), the price of leaving the race (D5) and planned inflows against means (D6)."""
    on_delivery = par.cost_per_gw * (1.0 - par.order_deposit)
    _expect_losses(w, par, s)
    for i in range(w.firms):
        s.backlog_impairment[i] = 0.0
        planned = 4.0 * s.interest[i]
        for quarter in range(4):
            planned += s.debt[i, quarter + 1] + s.pipeline[i, quarter] * on_delivery
        s.expectation_mismatch[i] = planned
    middle = s.quarter + MIDDLE_OF_YEAR
    ramped = (min(1.0, middle / par.compute_contract_ramp), min(1.0, middle / par.lease_ramp))
    for r in range(w.relations):
        if s.backlog[r] > 0.0:
            _weigh_contract(w, par, s, r, ramped)
    exit_share, stranded_share = par.exit_cost_share, par.asset_haircut
    long_growth, half_life = par.long_growth, par.growth_half_life
    for i in range(w.firms):
        means = means_of_a_year(s.cash[i] + s.undrawn_lines[i], s.ebitda[i] + s.compute_bill[i])
        s.expectation_mismatch[i] = expectation_mismatch(s.expectation_mismatch[i], means)
        fees = exit_cost(s.commitments_given[i], exit_share)
        option = lost_growth_option(s.own_value[i], long_growth, s.growth_priced[i], half_life)
        s.exit_price[i] = exit_price(fees, s.construction[i] * stranded_share, option)
    for i in range(w.firms):
        if s.status[i] >= DEFAULT:
            # creditors of a failed firm count on what is left, and it has left the race
            s.expectation_mismatch[i] = s.exit_price[i] = 0.0


@compiled
def _expect_losses(w: World, par: Parameters, s: State) -> None:
    """Write the part of every firm's contracts that its sellers must expect to lose: chance of default times loss."""
    survival = par.contract_survival
    for i in range(w.firms):
        chance = fundamental_default_probability(s.spread[i], survival, RISK_PREMIUM_SHARE)
        s.contract_loss[i] = max(chance, s.default_probability[i]) * (1.0 - survival)


@compiled(inline=True)
def _weigh_contract(w: World, par: Parameters, s: State, r: int, ramped: tuple[float, float]) -> None:
    """Add one contract to what others plan to get from its buyer, and to what its seller may lose.

    Parameters
    ----------
    ramped : (compute, lease)
        How far the ramps of compute contracts and of leases have come by the middle of the next year.
    """
    buyer, seller, kind = as_index(w.buyer[r]), as_index(w.seller[r]), w.contract[r]
    compute = kind in (COMPUTE_CONTRACT, CHIP_ORDER)
    if buyer < w.firms and (kind != CHIP_ORDER or w.role[buyer] == LABORATORY):
        reached = ramped[0] if compute else ramped[1]
        rate = contract_schedule(w.opening_bill[r], s.plateau[r], reached, 1.0) * s.survival[r]
        s.expectation_mismatch[buyer] += min(4.0 * (rate + s.added_bill[r]), s.backlog[r])
    if seller >= w.firms or buyer >= w.firms or s.status[buyer] >= DEFAULT:
        return
    discount = 0.0
    if s.stretched[r] > 0.0:
        life = par.compute_contract_life if compute else par.lease_life
        discount = delay_discount(par.capital_cost_rate, max(life - s.quarter, 1.0) / 4.0)
    s.backlog_impairment[seller] += backlog_impairment(s.stretched[r], discount, s.contract_loss[buyer] * s.backlog[r])
