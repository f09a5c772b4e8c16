"""The world of one case: what stays the same in every quarter and draw. Written once by setup."""

from __future__ import annotations

from enum import IntEnum

from cardhouse.basics.arrays import IntArray
from cardhouse.model.layout import Annotated, FloatArray, Layout, about


class AgentRole(IntEnum):
    """What an agent does; blocks find agents by role, never by name."""

    CHIPS = 0
    PLATFORM = 1
    LEVERAGED_CLOUD = 2
    VEHICLE = 3
    LABORATORY = 4
    EQUITY_SPONSOR = 5
    HOLDER = 6
    LENDER = 7
    OTHER_FIRMS = 8
    HOUSEHOLDS = 9
    SUPPLIERS = 10
    GOVERNMENT = 11


CHIPS = int(AgentRole.CHIPS)
PLATFORM = int(AgentRole.PLATFORM)
LEVERAGED_CLOUD = int(AgentRole.LEVERAGED_CLOUD)
VEHICLE = int(AgentRole.VEHICLE)
LABORATORY = int(AgentRole.LABORATORY)
EQUITY_SPONSOR = int(AgentRole.EQUITY_SPONSOR)
HOLDER = int(AgentRole.HOLDER)
LENDER = int(AgentRole.LENDER)

COMPUTE_CONTRACT = 0
SITE_LEASE = 1
CHIP_ORDER = 2
SUPPLY_LEASE = 3
"""Kinds of relations: compute rented from a cloud, site or chips leased from a vehicle, chips ordered from a chip
maker, sites leased from suppliers."""

BANKS = 0
PRIVATE_CREDIT = 1
BOND_FUNDS = 2
VENDORS = 3
"""Lender slots; each is an agent, see ``World.lender_agent``."""

BOND = 0
LOAN = 1
ASSET_BACKED = 2
VENDOR_CREDIT = 3
CONVERTIBLE = 4
"""Debt classes."""


class World(Layout):
    """Who is there, what binds them and what the opening figures are. Firms come first among the agents."""

    agents: Annotated[int, about("count", "number of agents")]
    firms: Annotated[int, about("count", "number of operating firms; they are agents 0 to firms-1")]
    quarters: Annotated[int, about("count", "quarters to simulate")]
    kinds: Annotated[int, about("count", "number of kinds of payment")]
    base_season: Annotated[int, about("quarter of the year", "season of the base quarter, 0 to 3")]
    chip_makers: Annotated[int, about("count", "number of chip makers; they are agents 0 to chip_makers-1")]
    role: Annotated[IntArray, about("role", "role of each agent", "agent")]
    givers: Annotated[int, about("count", "number of givers, chip makers and clouds; they are agents 0 to givers-1")]
    laboratories: Annotated[int, about("count", "number of laboratories")]
    laboratory: Annotated[
        IntArray, about("agent", "the laboratories; the place in this list is the slot", "laboratory")
    ]
    slot: Annotated[IntArray, about("slot", "place of a laboratory among the laboratories, -1 for others", "agent")]
    sponsors: Annotated[int, about("count", "number of equity sponsors")]
    sponsor: Annotated[IntArray, about("agent", "the equity sponsors", "agent")]
    investors: Annotated[int, about("count", "number of firms that may put money into laboratories")]
    investor: Annotated[IntArray, about("agent", "these firms: givers and sponsors, in order", "agent")]
    builders: Annotated[int, about("count", "number of firms that operate capacity and order more")]
    builder: Annotated[IntArray, about("agent", "these firms, in order", "agent")]
    households: Annotated[int, about("agent", "the households")]
    other_firms: Annotated[int, about("agent", "firms outside the sector: users and index constituents")]
    suppliers: Annotated[int, about("agent", "suppliers and rest of the world")]
    government: Annotated[int, about("agent", "the government")]
    venture_investor: Annotated[int, about("agent", "who buys new shares of private firms")]
    stake_buyer: Annotated[int, about("agent", "the holder that buys listed shares and stakes on offer")]
    lenders: Annotated[int, about("count", "number of lender slots in use")]
    lender_agent: Annotated[IntArray, about("agent", "agent of each lender slot", "lender")]
    noise_rank: Annotated[
        IntArray, about("rank", "rank of the agent's name in its role: its place in streams", "agent")
    ]

    relations: Annotated[int, about("count", "number of contracts")]
    buyer: Annotated[IntArray, about("agent", "who pays under the contract", "relation")]
    seller: Annotated[IntArray, about("agent", "who is paid under the contract", "relation")]
    contract: Annotated[IntArray, about("kind", "kind of the contract", "relation")]
    headline: Annotated[FloatArray, about("USD bn", "announced amount still to be billed", "relation")]
    binding: Annotated[FloatArray, about("USD bn", "amount that binds", "relation")]
    opening_bill: Annotated[FloatArray, about("USD bn per quarter", "bill of the base quarter", "relation")]
    site_leases: Annotated[int, about("count", "number of sites leased from vehicles")]
    site_lease: Annotated[IntArray, about("relation", "the leases of these sites", "relation")]
    lab_relations: Annotated[int, about("count", "number of contracts with a laboratory as buyer")]
    lab_relation: Annotated[IntArray, about("relation", "the contracts with a laboratory as buyer", "relation")]

    cash: Annotated[FloatArray, about("USD bn", "cash and liquid securities", "agent")]
    debt: Annotated[FloatArray, about("USD bn", "debt by remaining quarters, last one and later", "agent", "maturity")]
    lender_share: Annotated[FloatArray, about("share", "part of the debt that each lender holds", "agent", "lender")]
    class_share: Annotated[FloatArray, about("share", "part of the debt in each class", "agent", "debt_class")]
    interest_rate: Annotated[FloatArray, about("per year", "mean rate on the debt", "agent")]
    undrawn_lines: Annotated[FloatArray, about("USD bn", "committed lines not drawn", "agent")]
    lease_liability: Annotated[FloatArray, about("USD bn", "leases on the balance sheet", "agent")]
    revenue_ai: Annotated[FloatArray, about("USD bn per quarter", "AI sales", "agent")]
    revenue_other: Annotated[FloatArray, about("USD bn per quarter", "sales of other business", "agent")]
    ebitda: Annotated[FloatArray, about("USD bn per quarter", "earnings before interest, tax, wear", "agent")]
    operating_cash: Annotated[FloatArray, about("USD bn per quarter", "operating cash flow", "agent")]
    capex: Annotated[FloatArray, about("USD bn per quarter", "capital spending", "agent")]
    capex_plan: Annotated[FloatArray, about("USD bn per year", "published plan of capital spending", "agent")]
    capacity: Annotated[FloatArray, about("GW", "energised AI capacity operated", "agent")]
    pipeline: Annotated[FloatArray, about("GW", "capacity due, by quarters to energisation", "agent", "pipeline")]
    compute_used: Annotated[FloatArray, about("GW", "compute that a laboratory uses", "agent")]
    compute_bill: Annotated[FloatArray, about("USD bn per quarter", "a laboratory's compute bill", "agent")]
    chips_book: Annotated[FloatArray, about("USD bn", "chips at book value", "agent")]
    shells_book: Annotated[FloatArray, about("USD bn", "shells and power at book value", "agent")]
    construction: Annotated[FloatArray, about("USD bn", "construction in progress", "agent")]
    other_property: Annotated[FloatArray, about("USD bn", "property of the other business", "agent")]
    stake_book: Annotated[FloatArray, about("USD bn", "strategic stakes at book value", "agent")]
    other_net_assets: Annotated[FloatArray, about("USD bn", "all other assets less other liabilities", "agent")]
    book_equity: Annotated[FloatArray, about("USD bn", "book equity", "agent")]
    market_value: Annotated[FloatArray, about("USD bn", "market value, last round for private firms", "agent")]
    rating: Annotated[FloatArray, about("notch", "rating on a ladder: 0 AAA, 9 BBB-, 10 BB+, 17 CCC", "agent")]
    listed: Annotated[FloatArray, about("switch", "1 if the firm's shares are listed", "agent")]
    index_weight: Annotated[FloatArray, about("share", "weight in the share index", "agent")]
    vehicle_of: Annotated[IntArray, about("agent", "vehicle that a sponsor builds through, -1 none", "agent")]
    sponsor_of: Annotated[IntArray, about("agent", "sponsor of a vehicle, -1 none", "agent")]
    vehicle_lease: Annotated[IntArray, about("relation", "lease between sponsor and vehicle, -1 none", "agent")]
    vehicle_chip_part: Annotated[FloatArray, about("share", "chips in what a vehicle owns", "agent")]
    planned_orders: Annotated[FloatArray, about("GW per quarter", "orders that published plans imply", "agent")]
    cost_reference: Annotated[float, about("USD bn per GW", "cost at which the pipeline in GW was worked out")]
    low: Annotated[FloatArray, about("ratio", "low end of a figure's range over its value", "varied", "agent")]
    high: Annotated[FloatArray, about("ratio", "high end of a figure's range over its value", "varied", "agent")]
    binding_low: Annotated[FloatArray, about("ratio", "low end of the binding amount over its value", "relation")]
    binding_high: Annotated[FloatArray, about("ratio", "high end of the binding amount over its value", "relation")]
    opening_orders: Annotated[float, about("GW per quarter", "orders of the sector at the start")]
    outside_round: Annotated[FloatArray, about("USD bn", "outside money of the next quarter, known", "agent")]
    strategic_round: Annotated[FloatArray, about("USD bn", "strategic money of the next quarter, known", "agent")]
    conditional_tranche: Annotated[FloatArray, about("USD bn", "money promised on milestones", "agent")]
    scheduled_tranche: Annotated[FloatArray, about("USD bn", "money promised on dates", "agent")]
    margin_loan: Annotated[FloatArray, about("USD bn", "loans secured on stakes", "agent")]
    guarantees: Annotated[FloatArray, about("USD bn", "guarantees given", "agent")]
    outside_backlog: Annotated[FloatArray, about("USD bn", "backlog from customers outside the model", "agent")]
    lender_capital: Annotated[FloatArray, about("USD bn", "own equity of lenders", "agent")]
    total_assets: Annotated[FloatArray, about("USD bn", "total assets of holders and lenders", "agent")]
    stake: Annotated[FloatArray, about("share", "share of the issuer that the owner holds", "agent", "issuer")]
    warrants: Annotated[int, about("count", "number of warrants that vest on purchases")]
    warrant_holder: Annotated[IntArray, about("agent", "firm that gets the shares", "warrant")]
    warrant_issuer: Annotated[IntArray, about("agent", "firm whose shares they are", "warrant")]
    warrant_share: Annotated[FloatArray, about("share", "share of the issuer once all has vested", "warrant")]
    warrant_order: Annotated[FloatArray, about("USD bn", "purchases at which all of it has vested", "warrant")]

    enterprise_spending: Annotated[float, about("USD bn per quarter", "AI spending of firms")]
    consumer_spending: Annotated[float, about("USD bn per quarter", "AI spending of consumers")]
    pilots: Annotated[float, about("share", "firms in pilots")]
    adopters: Annotated[float, about("share", "firms in production")]
    users: Annotated[float, about("million users", "consumer users")]
    paying_share: Annotated[float, about("share", "users who pay")]
    fee: Annotated[float, about("USD per quarter", "fee of a paying user")]
    utilisation: Annotated[float, about("share", "compute demanded over capacity")]
    spot_price: Annotated[float, about("USD bn per GW-year", "spot price of compute")]
    contract_price: Annotated[float, about("USD bn per GW-year", "mean contract price of compute")]
    policy_rate: Annotated[float, about("per year", "policy rate")]
    ten_year_rate: Annotated[float, about("per year", "ten-year government bond rate")]
    gdp: Annotated[float, about("USD bn per year", "gross domestic product")]
    index_value: Annotated[float, about("USD bn", "market value of the share index")]
    outside_lab_money: Annotated[float, about("USD bn per quarter", "outside money for laboratories, known")]
    household_share: Annotated[float, about("share", "US households' share of listed US equity, all channels")]
    defined_contribution_share: Annotated[float, about("share", "defined contribution plans' share of it")]
    retirement_account_share: Annotated[float, about("share", "individual retirement accounts' share of it")]
    defined_benefit_share: Annotated[float, about("share", "defined benefit plans' share of it")]
    foreign_share: Annotated[float, about("share", "foreign holders' share of it")]
    wealth_consumption: Annotated[float, about("per year", "consumption per dollar of equity wealth, as published")]


class Shock(Layout):
    """Shocks of one quarter: rows ``G_<NAME>`` and ``E_<NAME>`` of :mod:`cardhouse.scenarios.variables`."""

    common: Annotated[FloatArray, about("as the variable", "global shocks", "global_shock")]
    entity: Annotated[FloatArray, about("as the variable", "shocks of one entity", "entity_shock", "agent")]
    noise: Annotated[FloatArray, about("standard normal", "random numbers of the quarter", "noise")]
    chance: Annotated[FloatArray, about("uniform", "random numbers of the quarter", "noise")]
