"""Block H, fundamental value (H1): one rule per class of firm, none of which jumps when earnings change their sign."""

from __future__ import annotations

import math

from cardhouse.model.equation import equation


@equation(
    id="H1",
    symbol=r"V^F_{i,t}",
    formula=r"EO_i\, [(1+g_L) + H_i (g^e_i - g_L)]/(k_i - g_L)",
    unit="USD bn",
    source="fuller-hsia-1984, H-model, eq. 7",
)
def h_model_value(
    owner_earnings: float, growth_long: float, growth_now: float, half_life: float, required_return: float
) -> float:
    r"""Fundamental value of a mature firm: growth fades on a line from today's to the long-run rate.

    Parameters
    ----------
    owner_earnings : float
        Yearly owner earnings, with economic depreciation, USD bn.
    growth_long, growth_now, required_return : float
        Per year; `required_return` above `growth_long`.
    half_life : float
        Half of the years that the fade takes.

    Returns
    -------
    float
        :math:`EO\,[(1+g_L) + H(g-g_L)]/(k-g_L)`; zero for negative earnings (limited liability), without a jump.

    Examples
    --------
    >>> round(h_model_value(10.0, 0.03, 0.13, 4.0, 0.08), 6)
    286.0
    """
    spread = max(required_return - growth_long, 0.01)
    return max(0.0, owner_earnings * max(1.0 + growth_long + half_life * (growth_now - growth_long), 0.0) / spread)


@equation(
    id="H1a",
    symbol=r"V^F_{i,t}",
    formula=r"\sum_{n=1}^{10} \frac{R_n m_n}{(1+k)^n} + \frac{R_{10} m_{10} (1+g_L)}{(1+k)^{10}(k - g_L)}",
    unit="USD bn",
    source="own, after Damodaran 2001 on firms with negative earnings: margins fade to a norm while sales grow",
)
def fading_path_value(
    owner_earnings: float,
    revenue: float,
    margin_long: float,
    growth: tuple[float, float, float],
    required_return: float,
) -> float:
    r"""Value of the operations of a growing firm whose earnings may be negative today.

    Sales grow at a rate that fades to the long-run rate; the margin fades from today's, whatever its sign, to a norm.
    Ten years are summed, then the H-model's steady state follows. It is linear in today's earnings, hence smooth where
    they change sign.

    Parameters
    ----------
    owner_earnings, revenue : float
        Yearly, USD bn.
    margin_long : float
        Owner earnings per dollar of sales once the firm is mature.
    growth : tuple of three floats
        Growth a year now and in the long run, and the share of the distance that is left after each year.
    required_return : float
        Per year.

    Examples
    --------
    Without growth and with today's margin as the norm it is a perpetuity:

    >>> round(fading_path_value(2.0, 10.0, 0.2, (0.0, 0.0, 0.8), 0.10), 9)
    20.0
    """
    growth_now, growth_long, fade = growth
    rate = max(required_return, growth_long + 0.01)
    sales = max(revenue, 1e-9)
    gap_growth = growth_now - growth_long
    gap_margin = owner_earnings / sales - margin_long
    value, discounted, yearly = 0.0, sales, 1.0 / (1.0 + rate)
    for _ in range(10):
        gap_growth *= fade
        gap_margin *= fade
        discounted *= max(1.0 + growth_long + gap_growth, 0.0) * yearly
        value += discounted * (margin_long + gap_margin)
    return value + discounted * (margin_long + gap_margin) * (1.0 + growth_long) / (rate - growth_long)


@equation(
    id="H1b",
    symbol=r"V^F_{i,t}",
    formula=r"Q\, m\, \frac{1 - e^{-kT}}{kT} + salvage\; e^{-kT}",
    unit="USD bn",
    source="own: a vehicle is worth the contracts it holds and what its chips fetch",
)
def backlog_value(backlog: float, margin: float, years: float, required_return: float, salvage: float) -> float:
    r"""Value of the operations of a vehicle: present value of the contracted margin, plus its assets at the end.

    Parameters
    ----------
    backlog : float
        Binding payments to come, USD bn, spread evenly over `years`.
    margin : float
        Cash margin on them, 0 to 1.
    years : float
        At least a quarter.
    required_return : float
        Per year.
    salvage : float
        Expected value of the assets at the end, USD bn of that time.

    Examples
    --------
    >>> round(backlog_value(50.0, 0.8, 5.0, 0.0, 3.0), 6)
    43.0
    """
    life = max(years, 0.25)
    if required_return <= 1e-12:
        return backlog * margin + salvage
    at_the_end = math.exp(-required_return * life)
    annuity = (1.0 - at_the_end) / (required_return * life)
    return backlog * margin * annuity + salvage * at_the_end


@equation(
    id="H1c",
    symbol=r"V^{F,eq}_{i,t}",
    formula=r"\tfrac12 \left(x + \sqrt{x^2 + w^2}\right),\quad x = operations - net\ debt",
    unit="USD bn",
    source="merton-1974: equity of a firm with limited liability is a call; Black-Scholes bounds, smooth floor",
)
def limited_liability_value(operations: float, net_debt: float, option_width: float) -> float:
    r"""Value of equity given the value of operations and net debt: never below zero, no kink.

    Notes
    -----
    :math:`\tfrac12\,(x + \sqrt{x^2 + w^2})` with :math:`x` operations less net debt; `w` stands for the option value.

    Examples
    --------
    >>> limited_liability_value(50.0, 20.0, 0.0), limited_liability_value(20.0, 50.0, 0.0)
    (30.0, 0.0)
    >>> limited_liability_value(20.0, 20.0, 4.0)
    2.0
    """
    surplus = operations - net_debt
    return max(0.0, 0.5 * (surplus + math.sqrt(surplus * surplus + option_width * option_width)))


@equation(
    id="H1d",
    symbol=r"\Delta\ln V^F_{i,t}",
    formula=r"\mathrm{clip}(\kappa_V \ln(V^*_t / V^F_{t-1}),\ -c,\ c)",
    unit="log",
    source="own: analysts revise by steps, which keeps one odd quarter from becoming a price",
)
def fundamental_return(value_target: float, value_lag: float, speed: float, largest: float) -> float:
    """Change of the log of fundamental value this quarter.

    Parameters
    ----------
    value_target, value_lag : float
        What H1 gives now, and the fundamental value of a quarter ago, USD bn.
    speed : float
        Share of the gap that is closed in a quarter, 0 to 1.
    largest : float
        Largest move either way.

    Examples
    --------
    >>> round(fundamental_return(121.0, 100.0, 0.5, 1.0), 9)
    0.09531018
    """
    if value_lag <= 0.0:
        return 0.0
    move = speed * math.log(max(value_target, 1e-6) / value_lag)
    return min(max(move, -largest), largest)
