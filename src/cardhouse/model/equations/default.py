"""Block J: shortfall, recovery, fire sale, what becomes of capacity."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="J1a",
    symbol="draw_i",
    formula=r"\min(short_i, lines_i)",
    unit="USD bn",
    source="committed credit lines, Holmstrom and Tirole 1998",
)
def line_draw(shortfall: float, lines: float) -> float:
    """Return what a firm draws on its committed lines."""
    return min(max(0.0, shortfall), max(0.0, lines))


@equation(
    id="J1b",
    symbol="sold_i",
    formula=r"\min(1, short_i/((1-hc) A_i))",
    unit="share",
    source="fire-sale discount, Shleifer and Vishny 1992",
)
def part_sold(shortfall: float, value: float, haircut: float) -> float:
    """Part of its liquid assets that a firm must sell to raise a shortfall at a discount."""
    cash = value * (1.0 - haircut)
    return min(1.0, shortfall / cash) if cash > 0.0 else 0.0


@equation(
    id="J1d",
    symbol="issue_i",
    formula=r"\min(short_i, \varsigma V_i \max(0, 1+S))",
    unit="USD bn",
    source="own; a listed firm sells new shares as long as the market takes them",
)
def rights_issue(shortfall: float, value: float, share: float, mood: float) -> float:
    """Return what a listed firm in need can raise with new shares: a part of its value, less in bad times."""
    return min(max(0.0, shortfall), share * max(0.0, value) * max(0.0, 1.0 + mood))


@equation(
    id="J1e",
    symbol="support_i",
    formula=r"\min(short_v, spare_i)\,1[u_i \ge \underline u]",
    unit="USD bn",
    source="implicit recourse of sponsors: Gorton and Souleles 2007, Special purpose vehicles and securitization",
)
def tenant_support(shortfall: float, spare: float, use: float, least_use: float) -> float:
    """Money with which a tenant keeps the vehicle alive whose site it needs; none once its capacity stands idle.

    >>> tenant_support(0.5, 2.0, 0.9, 0.75), tenant_support(3.0, 2.0, 0.9, 0.75), tenant_support(0.5, 2.0, 0.6, 0.75)
    (0.5, 2.0, 0.0)
    """
    return min(max(0.0, shortfall), max(0.0, spare)) if use >= least_use else 0.0


@equation(
    id="J1",
    symbol="short_i",
    formula=r"\max(0, due_i - M_i - received_i)",
    unit="USD bn",
    source="illiquidity after lines, sales and stretch; definition",
)
def shortfall(due: float, cash: float, received: float) -> float:
    """Return what a firm lacks to pay what is due."""
    return max(0.0, due - cash - received)


@equation(
    id="J1c",
    symbol="NW^q_i",
    formula=r"M_i + a V + \max(q k_i + property_i, x\,EBITDA_i) - B_i",
    unit="USD bn",
    source="own; net worth at market values of collateral or as a going concern",
)
def market_net_worth(liquid: float, property_value: float, going_concern: float, debt: float) -> float:
    """Net worth of a firm at market values: property or going concern, whichever is worth more."""
    return liquid + max(property_value, going_concern) - debt


@equation(
    id="J2",
    symbol=r"burnt_i",
    formula=r"(1-\alpha) A_i + (1-\beta) received_i",
    unit="USD bn",
    source="Rogers and Veraart 2013, Failure and rescue in an interbank network, definition 2.3",
)
def bankruptcy_cost(assets: float, received: float, outside_recovery: float, inside_recovery: float) -> float:
    """Return what bankruptcy destroys: parts of a failed firm's own assets and of what it receives.

    >>> bankruptcy_cost(10.0, 5.0, 0.6, 0.8)
    5.0
    """
    return (1.0 - outside_recovery) * assets + (1.0 - inside_recovery) * received


@equation(
    id="J3",
    symbol=r"\Delta\ln q",
    formula=r"\psi\,GW^{offered}/GW^{absorb}",
    unit="log points",
    source="Shleifer and Vishny 1992, Liquidation values and debt capacity, section II",
)
def fire_sale_pressure(offered: float, absorbing: float, slope: float) -> float:
    """Fall of the used-chip index when failed firms' capacity meets few buyers."""
    return slope * min(1.0, offered / absorbing) if absorbing > 0.0 else slope


@equation(
    id="J4",
    symbol="rec_i",
    formula=r"\min(1, value_i/B_i)",
    unit="share",
    source="Altman, Brady, Resti and Sironi 2005, The link between default and recovery rates",
)
def recovery_of(value: float, debt: float) -> float:
    """Part of the debt that what is left of the firm is worth."""
    return min(1.0, max(0.0, value) / debt) if debt > 0.0 else 1.0


@equation(
    id="J4b",
    symbol="rec^{uns}_i",
    formula=r"(P_i - s_i)/(B_i - s_i),\quad s_i = \min(B^{sec}_i, collateral_i, P_i)",
    unit="share",
    source="order of payment in bankruptcy: collateral first, what it leaves open ranks with unsecured debt",
)
def unsecured_recovery(paid: float, debt: float, by_collateral: float) -> float:
    """Part of unsecured debt that is paid, when `by_collateral` of what is paid goes to secured creditors first.

    >>> unsecured_recovery(40.0, 100.0, 20.0)
    0.25
    """
    return min(1.0, max(0.0, paid - by_collateral) / (debt - by_collateral)) if debt > by_collateral else 1.0


@equation(
    id="J4c",
    symbol="rec^{sec}_i",
    formula=r"(s_i + rec^{uns}_i (B^{sec}_i - s_i))/B^{sec}_i",
    unit="share",
    source="order of payment in bankruptcy, as J4b",
)
def secured_recovery(secured: float, by_collateral: float, unsecured_rate: float) -> float:
    """Part of secured debt that is paid: the collateral, and on the rest what unsecured creditors get.

    >>> secured_recovery(50.0, 20.0, 0.25)
    0.55
    """
    return (by_collateral + unsecured_rate * (secured - by_collateral)) / secured


@equation(
    id="J5",
    symbol="value_i",
    formula=r"\max(\alpha(q k_i + property_i), x^{re} 4 EBITDA_i)",
    unit="USD bn",
    source="own; creditors choose liquidation or reorganisation",
)
def value_to_creditors(property_value: float, recovery: float, multiple: float, ebitda: float) -> float:
    """Return what creditors get: the property sold at a loss, or the firm kept running, whichever is more."""
    return max(recovery * property_value, multiple * 4.0 * max(0.0, ebitda))


@equation(
    id="J6",
    symbol="c_t/c_{GW}",
    formula=r"1 - \frac{w^{inh}}{w^{inh} + 4O_t}(1 - \min(1,q_t))",
    unit="ratio",
    source="own; inherited capacity sold at the used-chip index lowers the cost of new entrants",
)
def entry_cost_factor(inherited: float, orders: float, index: float) -> float:
    """Cost of capacity to a buyer relative to new build, when failed firms' capacity is on offer."""
    whole = inherited + 4.0 * orders
    return 1.0 - inherited / whole * (1.0 - min(1.0, index)) if whole > 0.0 else 1.0


@equation(
    id="J6b",
    symbol="w^{inh}_{i,t}",
    formula=r"O_{i,t}\,\frac{w^{inh}}{w^{inh} + 4O_t}",
    unit="GW",
    source="own; a buyer takes over the part of its orders that inherited capacity makes up of all capacity on offer",
)
def inherited_purchase(orders: float, inherited: float, orders_total: float) -> float:
    """Capacity of failed firms that a buyer takes over: its orders times the weight that J6 gives such capacity.

    >>> inherited_purchase(0.5, 2.0, 0.5)
    0.25
    """
    whole = inherited + 4.0 * orders_total
    return orders * inherited / whole if whole > 0.0 else 0.0


@equation(
    id="J6c",
    symbol="P^{inh}_t",
    formula=r"\min(1, q_t)\,c_{GW}",
    unit="USD bn per GW",
    source="own; capacity of failed firms sells at the used-chip index, never above new build",
)
def inherited_price(price_ratio: float, cost_per_gw: float) -> float:
    """Price of a failed firm's capacity.

    >>> inherited_price(0.5, 36.0)
    18.0
    """
    return min(1.0, price_ratio) * cost_per_gw
