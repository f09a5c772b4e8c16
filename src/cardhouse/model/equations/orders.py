"""Block C: beliefs about demand and orders for capacity."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="C1a",
    symbol=r"\hat g_t",
    formula=r"\hat g_{t-1} + \gamma(g_t - \hat g_{t-1})",
    unit="per quarter",
    source="adaptive expectations, Cagan 1956",
)
def adaptive_growth(belief: float, growth: float, gain: float) -> float:
    """Belief about growth after one more observation."""
    return belief + gain * (growth - belief)


@equation(
    id="C1",
    symbol="g^e_t",
    formula=r"\hat g_t + \theta(g_t - \hat g_{t-1}) + b_S S_t",
    unit="per quarter",
    source="Bordalo, Gennaioli and Shleifer 2018, Diagnostic expectations and credit cycles, eq. 5",
)
def diagnostic_growth(belief: float, news: float, diagnosticity: float, mood: float) -> float:
    """Return expected growth: belief, exaggerated in the direction of news, and coloured by mood."""
    return belief + diagnosticity * news + mood


@equation(
    id="C2",
    symbol="O^*_i",
    formula=r"\max\{0, (g^e+\delta)K_i + \alpha_K(D_i/\bar u - K_i)"
    r" + \alpha_K(1-\nu)[L(g^e+\delta)K_i - \sum w_i]\}(p/\bar p)^{b_p}",
    unit="GW per quarter",
    source="Sterman 1989, Modeling managerial behavior, eq. 9-12; Greenwood and Hanson 2015 for neglect of rivals",
)
def wanted_orders(replace_and_grow: float, gap: float, line_gap: float, profit_factor: float) -> float:
    """Orders wanted: replacement and growth, part of the capacity gap, part of the gap in the supply line."""
    return max(0.0, replace_and_grow + gap + line_gap) * profit_factor


@equation(
    id="C3",
    symbol="O^h_i",
    formula=r"h_i \kappa_h K_i\,\overline{O_{j,t-1}/K_j}",
    unit="GW per quarter",
    source="own; pre-emption race, Fudenberg and Tirole 1985",
)
def hostage_orders(hostage: float, scale: float, capacity: float, rivals_rate: float) -> float:
    """Orders that a firm cannot go below without leaving the race."""
    return hostage * scale * capacity * rivals_rate


@equation(
    id="C4",
    symbol=r"\bar O_t",
    formula=r"\min((1+\bar g_{sup})\sum O_{t-1}, power_t)",
    unit="GW per quarter",
    source="own; limits of packaging, memory and grid connection",
)
def orders_allowed(orders_before: float, growth_limit: float, power: float) -> float:
    """Orders of the whole sector that suppliers and grid can take."""
    return min((1.0 + growth_limit) * orders_before, power)


@equation(
    id="C5",
    symbol="O_i",
    formula=r"\min(O^*_i, Fin_i/c_{GW})",
    unit="GW per quarter",
    source="own; finance constraint, Fazzari, Hubbard and Petersen 1988",
)
def affordable_orders(wanted: float, funds: float, cost: float) -> float:
    """Orders that available funds can pay for."""
    return min(wanted, max(0.0, funds) / cost)


@equation(
    id="C5b",
    symbol="deposit_i",
    formula=r"d_0 c_{GW} O_i",
    unit="USD bn",
    source="own; down payment",
)
def deposit_due(orders: float, cost: float, deposit_share: float) -> float:
    """Down payment at order."""
    return orders * cost * deposit_share


@equation(
    id="C5c",
    symbol="I^{other}_{i,t}",
    formula=r"I^{other}_{i,0}(1+g)^t",
    unit="USD bn",
    source="own; spending of the other business follows its sales",
)
def other_capital_spending(start: float, growth_index: float) -> float:
    """Capital spending of a firm's other business."""
    return start * growth_index


@equation(
    id="C6",
    symbol="a_t",
    formula=r"a_{t-1} + v(a^*_t - a_{t-1})",
    unit="share",
    source="own; partial adjustment of wafer allocation to demand",
)
def wafer_share_after(share: float, wanted: float, speed: float) -> float:
    """AI share of wafers on its way to the share that AI orders ask for."""
    return min(0.95, max(0.0, share + speed * (wanted - share)))


@equation(
    id="C3b",
    symbol=r"\Delta V^{race}_i",
    formula=r"V_i\,\frac{H(g_i - g_L)^+}{1 + g_L + H(g_i - g_L)^+}",
    unit="USD bn",
    source="own; the part of an H-model value (Fuller and Hsia 1984) that pays for growth above the long-run rate",
)
def lost_growth_option(value: float, growth_long: float, growth_now: float, half_life: float) -> float:
    """Value that a firm loses when it leaves the race: the part that pays for growth above the long-run rate.

    >>> lost_growth_option(142.0, 0.02, 0.12, 4.0)
    40.0
    """
    extra = half_life * max(0.0, growth_now - growth_long)
    return max(0.0, value) * extra / (1.0 + growth_long + extra)
