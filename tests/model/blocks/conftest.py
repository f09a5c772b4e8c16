"""A small world for tests of single blocks: one firm of every role, all figures round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from cardhouse.model.agents import list_by_role
from cardhouse.model.gates import Gates, gate_values
from cardhouse.model.layout import Layout, fields_of, new_record
from cardhouse.model.ledger import Ledger, new_ledger
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.shares import list_stakes
from cardhouse.model.state import State
from cardhouse.model.world import ASSET_BACKED, BOND, COMPUTE_CONTRACT, AgentRole, Shock, World
from cardhouse.scenarios.variables import ENTITY_VARIABLES, GLOBAL_VARIABLES

CHIP, PLATFORM, CLOUD, VEHICLE, LAB, SPONSOR, VENTURE, BANK, USERS, HOUSEHOLDS, SUPPLIERS, STATE = range(12)
ROLES = (
    AgentRole.CHIPS,
    AgentRole.PLATFORM,
    AgentRole.LEVERAGED_CLOUD,
    AgentRole.VEHICLE,
    AgentRole.LABORATORY,
    AgentRole.EQUITY_SPONSOR,
    AgentRole.HOLDER,
    AgentRole.LENDER,
    AgentRole.OTHER_FIRMS,
    AgentRole.HOUSEHOLDS,
    AgentRole.SUPPLIERS,
    AgentRole.GOVERNMENT,
)
FIRMS = 6
VALUES = (4000.0, 3000.0, 400.0, 10.0, 500.0, 150.0)
DEBTS = (0.0, 50.0, 100.0, 20.0, 0.0, 60.0)
EBITDAS = (40.0, 45.0, 6.0, 1.0, -4.0, -0.2)
SALES = (60.0, 80.0, 16.0, 1.2, 5.0, 0.5)

PRIORS = {
    "outside_lab_money": 16.0,
    "strategic_recycling": 1.0,
    "strategic_sentiment_slope": 1.0,
    "strategic_additionality": 1.0,
    "gate_base": 0.75,
    "gate_sentiment_slope": 1.6,
    "gate_miss_slope": 1.0,
    "gate_maximum": 2.0,
    "next_round_threshold": 0.35,
    "next_round_runway_slope": 0.25,
    "next_round_gate_slope": 1.0,
    "valuation_multiple": 25.0,
    "milestone_revenue": 1.0,
    "plan_growth": 0.1,
    "belief_gain": 0.5,
    "growth_half_life": 4.0,
    "compute_contract_ramp": 16.0,
    "lease_ramp": 1.0,
    "cost_per_gw": 36.0,
    "chip_cost_share": 0.52,
    "chip_life_book": 6.0,
    "chip_life_economic": 5.0,
    "shell_life": 20.0,
    "operating_cost_per_gw_year": 1.5,
    "target_utilisation": 0.85,
    "spread_a": 0.008,
    "spread_bbb": 0.019,
    "spread_bb": 0.03,
    "spread_b": 0.045,
    "spread_ccc": 0.09,
    "spread_leverage_slope": 0.01,
    "spread_market_slope": 1.0,
    "spread_collateral_slope": 0.05,
    "leverage_reference": 4.0,
    "loan_to_value": 0.75,
    "backlog_advance": 0.5,
    "debt_multiple_platform": 3.0,
    "debt_multiple_leveraged_grade": 9.0,
    "debt_multiple_leveraged_junk": 6.5,
    "debt_multiple_vehicle": 9.0,
    "new_debt_maturity": 20.0,
    "rollover_noise": 0.05,
    "outside_return": 0.04,
    "asset_haircut": 0.5,
    "attention_base": -2.5,
    "attention_spread_slope": 60.0,
    "attention_default_slope": 2.0,
    "spread_persistence": 0.85,
    "spread_loss_slope": 0.5,
    "standard_spread_slope": 4.0,
    "standard_loss_slope": 2.0,
    "covenant_sweep": 1.2,
    "covenant_default": 1.0,
    "covenant_headroom": 1.4,
    "fallen_angel_sale_share": 0.2,
    "fallen_angel_depth": 20.0,
    "rating_speed": 1.0,
    "margin_limit": 0.35,
    "outside_recovery_rate": 0.6,
    "market_multiplier": 5.0,
    "cross_multiplier": 1.0,
    "equity_premium": 0.05,
    "long_growth": 0.03,
    "mature_margin": 0.2,
    "belief_slope": 0.3,
    "market_gap_slope": 2.0,
    "value_adjustment": 0.35,
    "sentiment_decay": 0.08,
    "sentiment_return_slope": 0.25,
    "sentiment_surprise_slope": 0.6,
    "sentiment_news_slope": 1.0,
    "sentiment_spread_slope": 2.0,
    "capex_news_slope": 1.0,
    "flow_sentiment_slope": 0.02,
    "saver_contributions": 0.005,
    "news_intensity": 0.12,
    "news_excitation": 0.4,
    "news_decay": 1.2,
    "news_size": 0.1,
    "news_market_share": 0.2,
    "leveraged_holder_share": 0.05,
    "equity_bankruptcy_cost": 0.3,
    "wealth_consumption": 0.032,
    "import_share": 0.55,
    "output_multiplier": 1.2,
    "loan_output_slope": 0.5,
    "household_equity_share": 0.62,
    "response_lag": 8.0,
    "disclosure_slope": 0.5,
    "support_haircut": 0.2,
    "support_term": 8.0,
    "other_business_growth": 0.02,
    "lease_life": 40.0,
}


@dataclass
class Small:
    """Everything that a block takes."""

    w: World
    gate: Gates
    par: Parameters
    shock: Shock
    s: State
    ledger: Ledger

    def switch(self, **gates: bool) -> None:
        """Turn gates on or off."""
        for name, on in gates.items():
            setattr(self.gate, name, 1.0 if on else 0.0)


def zeroed(layout: type[Layout]) -> Layout:
    """Return a record with every number zero."""
    record = new_record(layout)
    for name, (_, field) in fields_of(layout).items():
        if field.dimensions:
            getattr(record, name)[...] = 0
        else:
            setattr(record, name, 0)
    return record


def neutral_shock() -> Shock:
    """Return the null shock with every random number at one half."""
    shock = zeroed(Shock)
    for k, variable in enumerate(GLOBAL_VARIABLES):
        shock.common[k] = variable.neutral
    for k, variable in enumerate(ENTITY_VARIABLES):
        shock.entity[k, :] = variable.neutral
    shock.chance[:] = 0.5
    return shock


def small_world() -> World:
    """Return the world: the lab rents from platform and cloud, the cloud leases from the vehicle."""
    w = zeroed(World)
    w.agents, w.firms, w.relations, w.lenders = len(ROLES), FIRMS, 2, 1
    w.role[: len(ROLES)] = [int(role) for role in ROLES]
    w.other_firms, w.households, w.suppliers, w.government = USERS, HOUSEHOLDS, SUPPLIERS, STATE
    w.lender_agent[0] = BANK
    w.stake_buyer = w.venture_investor = VENTURE
    w.buyer[:2] = LAB
    w.seller[0], w.seller[1] = PLATFORM, CLOUD
    w.contract[:2] = COMPUTE_CONTRACT
    w.headline[:2], w.binding[:2] = 100.0, 50.0
    w.market_value[:FIRMS] = VALUES
    w.revenue_ai[LAB] = 5.0
    w.listed[[CHIP, PLATFORM, CLOUD]] = 1.0
    w.cash[: len(ROLES)] = 100.0
    w.policy_rate, w.ten_year_rate, w.gdp, w.index_value = 0.036, 0.042, 31000.0, 59000.0
    w.outside_round[:] = w.strategic_round[:] = np.nan
    w.household_share, w.defined_contribution_share, w.retirement_account_share = 0.62, 0.11, 0.14
    w.defined_benefit_share, w.foreign_share = 0.07, 0.18
    w.lender_share[:, 0] = 1.0
    list_by_role(w)
    return w


def small_state() -> State:
    """Return the state at the start."""
    s = zeroed(State)
    s.quarter = 2
    s.cash[: len(ROLES)] = 100.0
    s.ebitda[:FIRMS] = s.expected_ebitda[:FIRMS] = EBITDAS
    s.revenue[:FIRMS] = SALES
    s.other_sales[PLATFORM] = 70.0
    s.market_value[:FIRMS] = s.own_value[:FIRMS] = s.reference_value[:FIRMS] = VALUES
    s.debt_total[:FIRMS] = s.debt_by_lender[:FIRMS, 0] = DEBTS
    for i, debt in enumerate(DEBTS):
        s.debt[i, 1:21] = debt / 20.0
    s.debt_by_class[PLATFORM, BOND], s.debt_by_class[CLOUD, BOND] = 50.0, 100.0
    s.debt_by_class[SPONSOR, BOND], s.debt_by_class[VEHICLE, ASSET_BACKED] = 60.0, 20.0
    s.interest_rate[:FIRMS] = 0.055
    s.rating[:FIRMS] = s.rating_own[:FIRMS] = (3.0, 0.0, 8.0, 12.0, 17.0, 10.0)
    s.chips_economic[:FIRMS] = (0.0, 40.0, 20.0, 15.0, 1.0, 0.0)
    s.shells_book[:FIRMS] = (0.0, 40.0, 17.0, 5.0, 1.0, 0.0)
    s.other_net_assets[SPONSOR] = 200.0
    s.position[:FIRMS] = 100.0
    s.capacity[:FIRMS] = s.load[:FIRMS] = (0.0, 6.0, 1.6, 0.0, 0.0, 0.0)
    s.scheduled[:2] = s.billed[:2] = s.plateau[:2] = (3.0, 2.0)
    s.survival[:2], s.backlog[:2] = 1.0, (60.0, 40.0)
    s.compute_bill[LAB], s.lab_demand[LAB] = 5.0, 1.8
    s.chip_purchases[PLATFORM], s.chip_purchases[CLOUD], s.chip_share[CHIP] = 15.0, 6.0, 1.0
    s.contract_price, s.used_chip_index, s.price_bias = 11.5, 1.0, 1.0
    s.expected_growth = s.growth_belief = 0.08
    s.demand, s.demand_before, s.value_growth = 20.0, 20.0 / np.exp(0.08), np.nan
    s.plan_revenue[LAB] = 5.0
    s.risk_free, s.long_rate = 0.036, 0.042
    s.index_value = s.index_before = 59000.0
    s.index_weight[[CHIP, PLATFORM, CLOUD]] = (0.07, 0.05, 0.005)
    s.stake[PLATFORM, LAB], s.stake[SPONSOR, LAB], s.stake[VENTURE, LAB], s.stake[HOUSEHOLDS, LAB] = (
        0.27,
        0.11,
        0.11,
        0.51,
    )
    s.stake_value[PLATFORM], s.stake_value[SPONSOR] = 135.0, 55.0
    s.own_value[PLATFORM] -= 135.0
    s.own_value[SPONSOR] -= 55.0
    for firm in (CHIP, PLATFORM, CLOUD, VEHICLE, SPONSOR):
        s.stake[HOUSEHOLDS, firm] = 1.0
    s.fundamental_value[:FIRMS] = s.own_value[:FIRMS]
    s.lender_capital[BANK] = 1000.0
    s.default_quarter[:] = s.parent[:] = -1
    for unset in (
        s.recovery_secured,
        s.recovery_unsecured,
        s.rating_offset,
        s.cover_reference,
        s.value_anchor,
        s.strategic_profit,
        s.revenue_seen,
    ):
        unset[...] = np.nan
    list_stakes(small_world(), s)
    return s


def fresh() -> Small:
    """Return a small world at its start, all gates on, no shock."""
    par = zeroed(Parameters)
    for name, value in PRIORS.items():
        setattr(par, name, value)
    return Small(small_world(), gate_values({}), par, neutral_shock(), small_state(), new_ledger())


@pytest.fixture
def small() -> Small:
    """Return a small world at its start, all gates on, no shock."""
    return fresh()
