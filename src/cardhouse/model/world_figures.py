"""The figures of a world: every opening balance item has its place here, and an unknown one says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from cardhouse.basics.errors import ModelError, Problem, raise_if_any
from cardhouse.basics.quarter import Quarter
from cardhouse.model.debts import LAST, LATER_QUARTERS
from cardhouse.model.layout import ROOM
from cardhouse.model.opening import (
    CAPACITY,
    CASH,
    DEBT,
    EBITDA,
    MARKET_VALUE,
    OUTSIDE_ROUND,
    PIPELINE,
    PROPERTY,
    STRATEGIC_ROUND,
)
from cardhouse.model.ratings import NOT_RATED, notch_of
from cardhouse.model.world import ASSET_BACKED, BOND, LOAN, VENDOR_CREDIT, AgentRole, World
from cardhouse.network.snapshot import Cell, NetworkSnapshot

_DUE = re.compile(r"under_construction_gw_due_(\d{4}Q[1-4])")

FIRM_ITEMS: dict[str, str] = {
    "interest_rate": "interest_rate",
    "undrawn_lines": "undrawn_committed_lines",
    "lease_liability": "lease_liabilities",
    "revenue_ai": "revenue_ai_quarter",
    "revenue_other": "revenue_other_quarter",
    "ebitda": "ebitda_quarter",
    "operating_cash": "operating_cash_flow_quarter",
    "capex": "capex_quarter",
    "capex_plan": "capex_plan_year",
    "capacity": "energised_ai_capacity_gw",
    "compute_used": "compute_used_gw",
    "compute_bill": "compute_bill_quarter",
    "chips_book": "chips_book",
    "shells_book": "shells_book",
    "construction": "construction_in_progress",
    "other_property": "other_property_book",
    "stake_book": "strategic_stakes_book",
    "other_net_assets": "other_net_assets",
    "book_equity": "equity_book",
    "market_value": "market_value",
    "outside_round": "outside_funding_next_quarter",
    "strategic_round": "strategic_funding_next_quarter",
    "conditional_tranche": "conditional_tranches",
    "scheduled_tranche": "scheduled_tranches",
    "guarantees": "guarantees_given",
    "outside_backlog": "backlog_received_from_outside",
}
"""Field of the world and the item of the opening balance behind it."""

NEEDED: tuple[str, ...] = ("cash", "debt_total", "revenue_ai_quarter", "ebitda_quarter", "market_value", "equity_book")
"""Items without which a firm cannot be set up; the others count as nothing when a case has no such thing."""

MARKET_ITEMS: dict[str, str] = {
    "enterprise_spending": "ai_enterprise_spend_quarter",
    "consumer_spending": "ai_consumer_spend_quarter",
    "pilots": "adoption_pilots_x",
    "adopters": "adoption_production_y",
    "users": "users_million",
    "paying_share": "paying_share",
    "fee": "fee_per_paying_user_quarter",
    "utilisation": "utilisation",
    "spot_price": "compute_price_bn_per_gw_year",
    "contract_price": "contract_price_bn_per_gw_year",
    "policy_rate": "policy_rate",
    "ten_year_rate": "treasury_10y",
    "gdp": "gdp_year",
    "index_value": "sp500_market_value",
    "outside_lab_money": "outside_lab_money_quarter",
    "household_share": "us_households_share_all_channels",
    "defined_contribution_share": "us_equity_share_401k_and_dc",
    "retirement_account_share": "us_equity_share_ira",
    "defined_benefit_share": "us_equity_share_db",
    "foreign_share": "us_equity_share_foreign",
}


class Balances:
    """Opening figures by agent and item, as plain numbers: percent become shares."""

    def __init__(self, snapshot: NetworkSnapshot, agents: Sequence[str]) -> None:
        self.snapshot = snapshot
        self.agents = tuple(agents)
        self.base: Quarter = snapshot.base_quarter

    def cell(self, i: int, item: str) -> Cell | None:
        """Return one figure of one agent; None when the case has none."""
        return self.snapshot.balances[self.agents[i]].get(item)

    def number(self, i: int, item: str) -> float:
        """Return one figure of one agent, zero when the case has no such thing."""
        return _plain(self.cell(i, item)) or 0.0

    def items(self, i: int) -> Mapping[str, Cell]:
        """Return all figures of one agent."""
        return self.snapshot.balances[self.agents[i]]

    def ratios(self, i: int, item: str) -> tuple[float, float]:
        """Return the range of a figure as ratios to its value; (1, 1) when it has none."""
        cell = self.cell(i, item)
        if cell is None or not cell.value or cell.low is None or cell.high is None:
            return 1.0, 1.0
        low, high = cell.low / cell.value, cell.high / cell.value
        return min(low, high, 1.0), max(low, high, 1.0)

    def last_due(self, i: int) -> float:
        """Return the capacity due in the last quarter of the pipeline that the case knows, GW."""
        dues = {Quarter.parse(found[1]): item for item in self.items(i) if (found := _DUE.fullmatch(item))}
        return self.number(i, dues[max(dues)]) if dues else 0.0


def _plain(cell: Cell | None) -> float | None:
    if cell is None or cell.value is None:
        return None
    return cell.value / 100.0 if cell.unit == "percent" else cell.value


def fill_balance(world: World, balances: Balances, roles: Sequence[AgentRole]) -> None:
    """Write the opening figures of every agent into the world.

    Raises
    ------
    ModelError
        If a firm lacks an item that it cannot do without; all of them at once.
    """
    raise_if_any(_missing(world, balances), ModelError, "the opening balance is incomplete")
    world.low[:] = 1.0
    world.high[:] = 1.0
    world.stake[:] = 0.0
    world.pipeline[:] = 0.0
    world.debt[:] = 0.0
    world.index_weight[:] = 0.0
    world.margin_loan[:] = 0.0
    for i in range(world.agents):
        for name, item in FIRM_ITEMS.items():
            getattr(world, name)[i] = balances.number(i, item) if i < world.firms else 0.0
        world.cash[i] = balances.number(i, "cash")
        world.total_assets[i] = balances.number(i, "total_assets")
        world.lender_capital[i] = balances.number(i, "equity_book") if roles[i] == AgentRole.LENDER else 0.0
        world.rating[i] = NOT_RATED
        world.listed[i] = 0.0
        world.lender_share[i] = world.class_share[i] = 0.0
        world.low[CASH, i], world.high[CASH, i] = balances.ratios(i, "cash")
        for issuer in range(world.firms):
            world.stake[i, issuer] = balances.number(i, f"stake_in_{balances.agents[issuer]}")
    for i in range(world.firms):
        _fill_firm(world, balances, roles, i)
    _close_ownership(world)
    _fill_warrants(world, balances)


def _fill_warrants(world: World, balances: Balances) -> None:
    """List the warrants that firms hold on one another, with the purchases that make them vest."""
    world.warrants = 0
    for holder in range(world.firms):
        for issuer in range(world.firms):
            name = balances.agents[issuer]
            share = balances.number(holder, f"warrant_on_{name}")
            order = balances.number(holder, f"warrant_order_{name}")
            if share <= 0.0 or order <= 0.0:
                continue
            k = int(world.warrants)
            if k >= ROOM["warrant"]:
                raise ModelError(f"the model has room for {ROOM['warrant']} warrants, the case has more")
            world.warrant_holder[k], world.warrant_issuer[k] = holder, issuer
            world.warrant_share[k], world.warrant_order[k] = share, order
            world.warrants = k + 1


def _missing(world: World, balances: Balances) -> list[Problem]:
    problems = []
    for i in range(world.firms):
        for item in NEEDED:
            if _plain(balances.cell(i, item)) is None:
                rule = f"a firm needs the item '{item}' in its opening balance"
                problems.append(
                    Problem(file="opening balance", key=balances.agents[i], rule=rule, remedy="add the row")
                )
    return problems


def _fill_firm(world: World, balances: Balances, roles: Sequence[AgentRole], i: int) -> None:
    cell = balances.cell(i, "rating")
    world.rating[i] = notch_of(cell.text) if cell is not None else NOT_RATED
    world.index_weight[i] = balances.number(i, "sp500_weight")
    listed = roles[i] not in (AgentRole.LABORATORY, AgentRole.VEHICLE)
    traded = world.index_weight[i] > 0.0 or balances.number(i, "free_float") > 0.0
    world.listed[i] = 1.0 if listed or traded else 0.0
    world.margin_loan[i] = balances.number(i, "margin_loan_on_listed_assets") + balances.number(
        i, "margin_loan_on_lab_stake"
    )
    earnings = "operating_cash_flow_quarter" if roles[i] == AgentRole.LABORATORY else "ebitda_quarter"
    for varied, item in (
        (DEBT, "debt_total"),
        (EBITDA, earnings),
        (CAPACITY, "energised_ai_capacity_gw"),
        (PIPELINE, "under_construction_gw_total"),
        (PROPERTY, "chips_book"),
        (MARKET_VALUE, "market_value"),
    ):
        world.low[varied, i], world.high[varied, i] = balances.ratios(i, item)
    if roles[i] == AgentRole.LABORATORY:
        # Others raise debt; for them the figure is a floor of what lenders allow, not money that comes.
        for varied, name in ((OUTSIDE_ROUND, "outside_round"), (STRATEGIC_ROUND, "strategic_round")):
            world.low[varied, i], world.high[varied, i] = balances.ratios(i, FIRM_ITEMS[name])
    if roles[i] == AgentRole.VEHICLE:
        # What a vehicle earns follows from its lease, which varies on its own.
        world.low[EBITDA, i] = world.high[EBITDA, i] = 1.0
    _fill_pipeline(world, balances, i)
    _fill_debt(world, balances, roles, i)


def _fill_pipeline(world: World, balances: Balances, i: int) -> None:
    for item in balances.items(i):
        found = _DUE.fullmatch(item)
        if found:
            ahead = Quarter.parse(found[1]) - balances.base - 1
            if 0 <= ahead < ROOM["pipeline"]:
                world.pipeline[i, ahead] = balances.number(i, item)


def _fill_debt(world: World, balances: Balances, roles: Sequence[AgentRole], i: int) -> None:
    total = balances.number(i, "debt_total")
    years = [balances.number(i, f"debt_due_{year}y") for year in range(1, 6)]
    for year, due in enumerate(years):
        for quarter in range(1, 5):
            world.debt[i, 4 * year + quarter] = due / 4.0
    later = total - sum(years)
    for rung in range(21, LAST):
        world.debt[i, rung] = max(0.0, later) / LATER_QUARTERS
    world.debt[i, LAST] = max(0.0, later) - float(world.debt[i, 21:LAST].sum())
    _fill_lenders(world, balances, i)
    classes = {BOND: 0.6, LOAN: 0.4}
    if roles[i] == AgentRole.VEHICLE:
        classes = {ASSET_BACKED: 1.0}
    elif world.lender_share[i, world.lenders - 1] > 0.0:
        vendor = float(world.lender_share[i, world.lenders - 1])
        classes = {BOND: 0.6 * (1.0 - vendor), LOAN: 0.4 * (1.0 - vendor), VENDOR_CREDIT: vendor}
    for debt_class, share in classes.items():
        world.class_share[i, debt_class] = share


def _fill_lenders(world: World, balances: Balances, i: int) -> None:
    held = [
        balances.number(i, f"debt_held_by_{balances.agents[int(world.lender_agent[slot])]}")
        for slot in range(world.lenders)
    ]
    total = sum(held)
    for slot in range(world.lenders):
        even = 1.0 / (world.lenders - 1) if slot < world.lenders - 1 else 0.0
        world.lender_share[i, slot] = held[slot] / total if total > 0.0 else even


def _close_ownership(world: World) -> None:
    """Give what no known owner holds of a firm to households, so that shares sum to one."""
    for issuer in range(world.firms):
        known = float(world.stake[: world.agents, issuer].sum())
        if known > 1.0:
            world.stake[: world.agents, issuer] /= known
        else:
            world.stake[world.households, issuer] += 1.0 - known


def fill_market(world: World, balances: Balances) -> None:
    """Write the state of the market, from the market's rows or the government's.

    Raises
    ------
    ModelError
        If an item is missing; all of them at once.
    """
    problems = []
    public = balances.items(int(world.government))
    for name, item in MARKET_ITEMS.items():
        value = _plain(balances.snapshot.market.get(item) or public.get(item))
        if value is None:
            rule = f"the market needs the item '{item}'"
            problems.append(Problem(file="opening balance", key="markets", rule=rule, remedy="add the row"))
        else:
            setattr(world, name, value)
    raise_if_any(problems, ModelError, "the opening balance is incomplete")
    published = _plain(balances.cell(int(world.households), "mpc_out_of_equity_wealth"))
    world.wealth_consumption = np.nan if published is None else published
