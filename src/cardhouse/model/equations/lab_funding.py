"""Block F, rounds of the labs: what they need, what outsiders give, when a round fails, what they are worth."""

from __future__ import annotations

import math

from cardhouse.model.equation import equation


@equation(
    id="F1",
    symbol=r"N_{l,t}",
    formula=r"\max(0,\ 4\,b^e_l + \Delta\mathrm{Bill}^e_l + M_{\min} - M_l)",
    unit="USD bn",
    source="own arithmetic: one year of burn and of bill growth, plus a cash floor",
)
def funding_need(burn_expected: float, bill_growth_expected: float, cash_minimum: float, cash: float) -> float:
    r"""Money a lab asks for, so that the next four quarters are paid and the floor is kept.

    Parameters
    ----------
    burn_expected : float
        Expected cash outflow of the next quarter before financing, USD bn a quarter; negative when the lab earns cash.
    bill_growth_expected : float
        Growth of the compute bill over the next four quarters beyond today's burn, USD bn in total.
    cash_minimum, cash : float
        Floor and stock of cash, USD bn.

    Returns
    -------
    float
        :math:`\max(0,\ 4\,burn + \Delta Bill + M_{min} - M)`.

    Examples
    --------
    >>> funding_need(5.0, 8.0, 4.0, 12.0)
    20.0
    """
    return max(0.0, 4.0 * burn_expected + bill_growth_expected + cash_minimum - cash)


@equation(
    id="F2a",
    symbol=r"miss_{l,t}",
    formula=r"R_l / R^{plan}_l - 1",
    unit="ratio",
    source="own definition: revenue against the path investors hold the lab to",
)
def plan_miss(revenue: float, revenue_plan: float) -> float:
    """Revenue above (positive) or below (negative) plan, as a share of the plan; zero where there is no plan.

    >>> plan_miss(4.5, 5.0)
    -0.09999999999999998
    """
    if revenue_plan <= 0.0:
        return 0.0
    return revenue / revenue_plan - 1.0


@equation(
    id="F2",
    symbol=r"G_{l,t}",
    formula=r"\mathrm{clip}(g_0 + g_S S_t + g_m\,miss_l,\ 0,\ G_{\max})",
    unit="ratio",
    source="own reduced form: belief and delivery decide how much of the dry powder is given",
)
def outside_will(base: float, by_sentiment: float, by_miss: float, ceiling: float) -> float:
    r"""Willingness of outside investors, 1 = the share of capacity that falls to the lab is given in full.

    Parameters
    ----------
    base : float
        Will at neutral sentiment and on plan.
    by_sentiment, by_miss : float
        :math:`g_S S_t` and :math:`g_m miss_l`.
    ceiling : float
        Largest will, at least zero.

    Examples
    --------
    >>> round(outside_will(0.75, 1.6 * 0.25, -0.1, 2.0), 12)
    1.05
    >>> outside_will(0.75, -1.6, 0.0, 2.0)
    0.0
    """
    return min(max(base + by_sentiment + by_miss, 0.0), ceiling)


@equation(
    id="F2b",
    symbol=r"V^{out}_{l,t}",
    formula=r"\min(\bar V_t\, share_l\, G_l,\ N_l)",
    unit="USD bn/quarter",
    source="own: dry powder of the quarter times share times will",
)
def outside_money(capacity: float, lab_share: float, will: float, need: float) -> float:
    """Money that outside investors bring this quarter, never more than the lab asks for.

    >>> outside_money(16.0, 0.5, 1.05, 20.0), outside_money(16.0, 0.5, 1.05, 3.0)
    (8.4, 3.0)
    """
    return min(max(capacity * lab_share * will, 0.0), need)


@equation(
    id="F4",
    symbol=r"T_{r,t}",
    formula=r"\min(T^{open}_r\, 1[milestone]\, paid_r,\ M_i)",
    unit="USD bn/quarter",
    source="own; the form of the February 2026 rounds: amounts that fall due on a milestone",
)
def tranche_paid(amount_open: float, milestone_met: float, share_paid: float, payer_cash: float) -> float:
    """Part of a conditional tranche that is paid this quarter.

    Parameters
    ----------
    amount_open : float
        Promised and not yet paid, USD bn.
    milestone_met : float
        1 when the condition holds this quarter, 0 otherwise.
    share_paid : float
        Share that the giver pays although the condition holds (scenarios lower it), 0 to 1.
    payer_cash : float
        What the giver can spend, USD bn.

    Examples
    --------
    >>> tranche_paid(35.0, 1.0, 1.0, 20.0), tranche_paid(35.0, 0.0, 1.0, 90.0)
    (20.0, 0.0)
    """
    return max(0.0, min(amount_open * milestone_met * share_paid, payer_cash))


@equation(
    id="F5",
    symbol=r"\Pr(next)_{l,t}",
    formula=r"\mathrm{logistic}[b_0 + b_1(runway_l - 4) + b_2 G_l]",
    unit="probability",
    source="nanda-rhodes-kropf-2017, financing risk; logistic form is ours",
)
def next_round_probability(constant: float, by_runway: float, runway_quarters: float, by_will: float) -> float:
    r"""Chance, as investors see it, that the lab will find its next round.

    Parameters
    ----------
    constant : float
        Log-odds at a runway of four quarters and zero will.
    by_runway : float
        Log-odds per quarter of runway beyond four.
    runway_quarters : float
        Quarters that cash after this round lasts.
    by_will : float
        :math:`b_2 G_l`.

    Examples
    --------
    >>> round(next_round_probability(-1.0, 0.25, 6.0, 1.5), 6)
    0.731059
    """
    return 1.0 / (1.0 + math.exp(-(constant + by_runway * (runway_quarters - 4.0) + by_will)))


@equation(
    id="F5a",
    symbol=r"V^{out}_{l,t}",
    formula=r"V^{out}_l\, 1[\Pr(next)_l \ge \underline p]",
    unit="USD bn/quarter",
    source="nanda-rhodes-kropf-2017: no one is the last to pay",
)
def outside_money_with_financing_risk(money: float, probability: float, threshold: float) -> float:
    """Outside money once investors have asked who will pay the next round: all of it, or nothing.

    >>> outside_money_with_financing_risk(8.4, 0.30, 0.35), outside_money_with_financing_risk(8.4, 0.40, 0.35)
    (0.0, 8.4)
    """
    return money if probability >= threshold else 0.0


@equation(
    id="F6",
    symbol=r"V_{l,t}",
    formula=r"m_0\, e^{b_{mS} S_t + b_{mg}(g_l - g_{l,0})}\, 4 R_l",
    unit="USD bn",
    source="own reduced form: price-to-sales multiple that moves with sentiment and growth",
)
def post_money(multiple: float, mood: float, run_rate: float) -> float:
    r"""Value of a lab after its round, from its run rate.

    Parameters
    ----------
    multiple : float
        Value per dollar of yearly run rate at neutral sentiment and at the opening growth.
    mood : float
        The same for all labs: :math:`e^{b_{mS} S_t + b_{mg}(g - g_0)}`; `g` is growth a quarter.
    run_rate : float
        Revenue at annual rate, USD bn.

    Examples
    --------
    >>> post_money(25.0, 1.0, 20.0)
    500.0
    """
    return multiple * mood * run_rate


@equation(id="F6a", symbol=r"n_{l,t}", formula=r"money_l / V_l", unit="ratio", source="arithmetic of a primary round")
def new_share(money: float, value_post: float) -> float:
    """Fraction of the lab that the new money buys; old holders keep one minus this.

    >>> new_share(50.0, 500.0)
    0.1
    """
    if value_post <= 0.0:
        return 0.0
    return min(max(money, 0.0) / value_post, 0.95)


@equation(
    id="F6b",
    symbol=r"\Delta n_{k,t}",
    formula=r"\min(n_k\,purchases_t/order_k,\ left_k)",
    unit="share",
    source="own; form of the warrants of October 2025 and February 2026: shares vest with purchases",
)
def vested_share(whole: float, purchases: float, order: float, left: float) -> float:
    """Share of the issuer that vests this quarter, in step with what the holder buys.

    >>> vested_share(0.1, 9.0, 90.0, 0.1), vested_share(0.1, 9.0, 90.0, 0.004)
    (0.01, 0.004)
    """
    return max(0.0, min(whole * purchases / order, left)) if order > 0.0 else 0.0


@equation(
    id="F6c",
    symbol=r"X^{war}_{i,t}",
    formula=r"\Delta n\,V_{i,t-1}",
    unit="USD bn/quarter",
    source="arithmetic of an issue without payment: what the new holder gains the old ones lose",
)
def vested_value(share: float, value: float) -> float:
    """Value of shares that change hands because warrants vest; the exercise price of a cent is not counted.

    >>> vested_value(0.01, 2000.0)
    20.0
    """
    return share * value


@equation(
    id="F7",
    symbol=r"gain_{j,t}",
    formula=r"a_{jl}\,(V_{l,t} - money_l - V_{l,t-1})",
    unit="USD bn/quarter",
    source="fair value of equity stakes (ASC 321), non-cash",
)
def mark_gain(stake: float, value: float, value_lag: float, money_raised: float) -> float:
    """Non-cash gain of a holder: its stake times the rise in value that new money does not explain.

    Parameters
    ----------
    stake : float
        Fraction owned before this quarter's round.
    value, value_lag : float
        Value after and before, USD bn.
    money_raised : float
        New money in `value`, USD bn.

    Examples
    --------
    >>> mark_gain(0.25, 800.0, 500.0, 100.0)
    50.0
    """
    return stake * (value - money_raised - value_lag)


@equation(
    id="F8",
    symbol=r"R^{plan}_{l,t}",
    formula=r"\min(R^{plan}_l,\ guidance_l) \text{ after a round or a year, else } R^{plan}_l",
    unit="USD bn/quarter",
    source="own: a round, or the guidance of a new year, resets the plan to the lower of old plan and guidance",
)
def rebased_plan(plan: float, guidance: float, round_closed: float) -> float:
    """Revenue path investors hold the lab to, after a round.

    A plan that compounds for ever turns every lab into a failure near the horizon, so that each round re-bases it.

    >>> rebased_plan(9.0, 7.0, 1.0), rebased_plan(9.0, 7.0, 0.0)
    (7.0, 9.0)
    """
    return min(plan, guidance) if round_closed > 0.5 else plan
