"""The register of shock variables: everything a scenario can do to the world, and where compiled code finds it.

A shock variable is a number per quarter (``global``) or per quarter and entity (``entity``). Its *operation* says how
the model uses it: ``multiply`` and ``add`` change the model's own value, ``set`` replaces it. With every variable at
its *neutral* value nothing happens: that is the null shock. NaN as neutral value of a ``set`` variable: "no change".

The constants ``G_<NAME>`` and ``E_<NAME>`` are the row numbers in :class:`cardhouse.scenarios.path.ShockPaths`; they
are plain integers so that compiled code can use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Target = Literal["global", "entity"]
Operation = Literal["multiply", "add", "set"]

OKUN = 0.5
"""Okun's coefficient: points of unemployment per point of output (K4). Shocks to unemployment come on top of it."""
NAN = float("nan")
INF = float("inf")


@dataclass(frozen=True)
class ShockVariable:
    """One thing that a scenario can change.

    Parameters
    ----------
    name : str
        Name used in scenario files.
    target : {"global", "entity"}
        Whether the variable has one value per quarter, or one per quarter and entity.
    operation : {"multiply", "add", "set"}
        How the model uses the value.
    neutral : float
        The value that changes nothing; NaN for "no change" of a ``set`` variable.
    unit : str
        Unit of the value; ``factor`` for a multiplier.
    meaning : str
        What it is, with the sign: what a larger value does.
    block : str
        Letter of the model block that reads it.
    lower, upper : float
        Smallest and largest value that a scenario may give.
    """

    name: str
    target: Target
    operation: Operation
    neutral: float
    unit: str
    meaning: str
    block: str
    lower: float
    upper: float


def _factor(name: str, block: str, meaning: str, *, target: Target = "global", upper: float = 100.0) -> ShockVariable:
    return ShockVariable(name, target, "multiply", 1.0, "factor", meaning, block, 0.0, upper)


def _added(name: str, unit: str, block: str, meaning: str, limit: float, *, target: Target = "global") -> ShockVariable:
    return ShockVariable(name, target, "add", 0.0, unit, meaning, block, -limit, limit)


GLOBAL_VARIABLES: tuple[ShockVariable, ...] = (
    _factor("adoption_ceiling", "A", "Highest share of addressable firms that pilot or use (A1); below 1 fewer."),
    _factor("imitation_rate", "A", "Speed at which firms imitate users (A1); above 1 faster adoption."),
    ShockVariable(
        "pilot_success",
        "global",
        "set",
        NAN,
        "share",
        "Share of ending pilots that go to production (A3).",
        "A",
        0.0,
        1.0,
    ),
    ShockVariable(
        "churn_base", "global", "set", NAN, "share per quarter", "Base rate at which users leave (A4).", "A", 0.0, 1.0
    ),
    _added(
        "efficiency_growth",
        "per quarter",
        "B",
        "Added growth of revenue per GW-year of compute (B1); less compute.",
        1.0,
    ),
    _factor("energised_share", "B", "Share of due capacity that gets power and shells (B2); below 1 late.", upper=1.0),
    _factor("supply_growth_limit", "C", "Largest growth of deliveries per quarter (C4); above 1 more can be built."),
    _factor("spot_price", "B", "Spot rental price of compute after the price equation (B5)."),
    _factor(
        "used_chip_index", "B", "Index of used chips after the rent equation (B8); collateral of asset-backed debt."
    ),
    _factor("overflow_demand", "B", "Demand that platforms pass on to leveraged clouds (B4)."),
    _factor("user_growth", "A", "Growth rate of consumer users (A6)."),
    _factor("paying_share", "A", "Share of consumer users who pay (A6)."),
    _added("policy_rate", "per year", "G", "Added to the policy rate; borrowers and discount rates follow.", 0.5),
    _added("term_premium", "per year", "G", "Added to long rates over the policy rate.", 0.5),
    _added("equity_required_return", "per year", "H", "Added to the required return on equity (H1); prices fall.", 0.5),
    _added("credit_spread", "per year", "G", "Added to the market spread factor z (G5); above 0 dearer credit.", 0.5),
    _added(
        "lending_standard", "share", "G", "Added to the share of debt capacity that lenders withhold (G2, G5).", 1.0
    ),
    _added(
        "rollover_attention", "share", "G", "Added to the share of creditors who reconsider rolling over (G3).", 1.0
    ),
    _factor("rollover_share", "G", "Share of maturing debt that is rolled over (G3); 0 means none.", upper=1.0),
    _added("sentiment", "index points", "H", "Added to sentiment S (H2); below 0 pessimism.", 10.0),
    _factor("news_intensity", "H", "Rate at which news jumps arrive (H5)."),
    ShockVariable(
        "news_cluster",
        "global",
        "set",
        NAN,
        "per quarter",
        "Self-excitation of news: rise of the rate after a jump (H5).",
        "H",
        0.0,
        10.0,
    ),
    _factor("venture_capacity", "F", "Outside money on offer for labs (F2)."),
    _factor("venture_gate", "F", "Willingness of outside investors in labs (F2)."),
    _added("market_flow", "share of market value", "H", "Net flow into equities (H3); below 0 sales.", 1.0),
    _added("gdp_gap", "share of GDP", "K", "Added to the output gap from outside the sector (K3).", 0.5),
    _added(
        "unemployment",
        "share of labour force",
        "K",
        "Added to the unemployment that comes with the output gap (K4).",
        0.5,
    ),
    ShockVariable(
        "book_life_years",
        "global",
        "set",
        NAN,
        "years",
        "Accounting life of chips (E2); shorter, more book depreciation.",
        "E",
        0.5,
        50.0,
    ),
    _added("loan_to_value", "share", "G", "Added to the loan-to-value limit of asset-backed debt (G2).", 1.0),
    _factor("depreciation_economic", "E", "Economic wear of chips (E2); above 1 faster."),
    ShockVariable(
        "standstill",
        "global",
        "set",
        0.0,
        "switch",
        "1: creditors agree not to accelerate or call (lever L).",
        "L",
        0.0,
        1.0,
    ),
    ShockVariable(
        "disclosure",
        "global",
        "set",
        0.0,
        "switch",
        "1: binding amounts become known, sentiment jumps once (lever L).",
        "L",
        0.0,
        1.0,
    ),
    ShockVariable(
        "backstop_amount",
        "global",
        "set",
        0.0,
        "USD bn",
        "Public standby for asset-backed notes (lever L).",
        "L",
        0.0,
        1e5,
    ),
    ShockVariable(
        "abs_liquidity",
        "global",
        "set",
        0.0,
        "USD bn",
        "Lender of last resort on asset-backed notes (lever L).",
        "L",
        0.0,
        1e5,
    ),
    _factor("power_acceleration", "L", "Power that becomes available in a quarter (C4, lever L); above 1 sooner."),
)

ENTITY_VARIABLES: tuple[ShockVariable, ...] = (
    _factor("outside_equity", "F", "Outside equity offered to this entity (F2).", target="entity"),
    _factor("strategic_finance", "F", "Money this entity gives to its own customers (F3).", target="entity"),
    _factor(
        "conditional_tranche_paid",
        "F",
        "Money due to this entity on a milestone (F4); 0: withheld. Dated money comes.",
        target="entity",
    ),
    _factor("capex_plan", "C", "Orders of capacity that this entity wants (C2).", target="entity"),
    _factor("order_appetite", "C", "Weight of expected growth in this entity's orders (C2).", target="entity"),
    _factor("hostage", "C", "Inability of this entity to leave the race (C3).", target="entity"),
    _factor("compute_ramp", "D", "Contracted compute ramp of this buyer (D1); below 1 smaller.", target="entity"),
    ShockVariable(
        "take_or_pay_stretch",
        "entity",
        "set",
        0.0,
        "share",
        "Share of this buyer's due take-or-pay moved to the tail (D3).",
        "D",
        0.0,
        1.0,
    ),
    _factor("credit_access", "G", "Debt capacity of this entity (G2); 0: none.", target="entity"),
    _added("firm_spread", "per year", "G", "Added to this entity's credit spread (G1).", 0.5, target="entity"),
    ShockVariable(
        "forced_bond_sale",
        "entity",
        "set",
        0.0,
        "share",
        "Share of this entity's bonds that holders must sell (G6).",
        "G",
        0.0,
        1.0,
    ),
    _added("rating_notches", "notches", "G", "Added to the rating; below 0 a downgrade (G6).", 20.0, target="entity"),
    _factor("lease_step_up", "D", "Lease payments that this entity owes (D1).", target="entity"),
    ShockVariable(
        "contract_test_fails",
        "entity",
        "set",
        0.0,
        "switch",
        "1: the contract test of this entity's facility fails (G7).",
        "G",
        0.0,
        1.0,
    ),
    _added(
        "price_jump", "log points", "H", "Firm news: jump of this entity's market value (H5).", 5.0, target="entity"
    ),
    _factor("revenue_shift", "A", "Sales of this entity to end users (A8).", target="entity"),
    _factor("debt_rollover", "G", "Share of this entity's maturing debt rolled over (G3).", target="entity", upper=1.0),
    ShockVariable(
        "merger",
        "entity",
        "set",
        0.0,
        "switch",
        "1: this laboratory is merged into a platform once it is short of cash (lever L).",
        "L",
        0.0,
        1.0,
    ),
)

SHOCK_VARIABLES: tuple[ShockVariable, ...] = GLOBAL_VARIABLES + ENTITY_VARIABLES
VARIABLE_BY_NAME: dict[str, ShockVariable] = {variable.name: variable for variable in SHOCK_VARIABLES}

G_ADOPTION_CEILING = 0
G_IMITATION_RATE = 1
G_PILOT_SUCCESS = 2
G_CHURN_BASE = 3
G_EFFICIENCY_GROWTH = 4
G_ENERGISED_SHARE = 5
G_SUPPLY_GROWTH_LIMIT = 6
G_SPOT_PRICE = 7
G_USED_CHIP_INDEX = 8
G_OVERFLOW_DEMAND = 9
G_USER_GROWTH = 10
G_PAYING_SHARE = 11
G_POLICY_RATE = 12
G_TERM_PREMIUM = 13
G_EQUITY_REQUIRED_RETURN = 14
G_CREDIT_SPREAD = 15
G_LENDING_STANDARD = 16
G_ROLLOVER_ATTENTION = 17
G_ROLLOVER_SHARE = 18
G_SENTIMENT = 19
G_NEWS_INTENSITY = 20
G_NEWS_CLUSTER = 21
G_VENTURE_CAPACITY = 22
G_VENTURE_GATE = 23
G_MARKET_FLOW = 24
G_GDP_GAP = 25
G_UNEMPLOYMENT = 26
G_BOOK_LIFE_YEARS = 27
G_LOAN_TO_VALUE = 28
G_DEPRECIATION_ECONOMIC = 29
G_STANDSTILL = 30
G_DISCLOSURE = 31
G_BACKSTOP_AMOUNT = 32
G_ABS_LIQUIDITY = 33
G_POWER_ACCELERATION = 34

E_OUTSIDE_EQUITY = 0
E_STRATEGIC_FINANCE = 1
E_CONDITIONAL_TRANCHE_PAID = 2
E_CAPEX_PLAN = 3
E_ORDER_APPETITE = 4
E_HOSTAGE = 5
E_COMPUTE_RAMP = 6
E_TAKE_OR_PAY_STRETCH = 7
E_CREDIT_ACCESS = 8
E_FIRM_SPREAD = 9
E_FORCED_BOND_SALE = 10
E_RATING_NOTCHES = 11
E_LEASE_STEP_UP = 12
E_CONTRACT_TEST_FAILS = 13
E_PRICE_JUMP = 14
E_REVENUE_SHIFT = 15
E_DEBT_ROLLOVER = 16
E_MERGER = 17
