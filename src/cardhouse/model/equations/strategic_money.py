"""Block F, strategic money (F3): suppliers that finance their customers, through five mechanisms with a switch each."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="F3a",
    symbol=r"\Pi_{j\leftarrow l,t}",
    formula=r"gm_j\, bill_{l\to j} + gm^{chain}_j\, spend_{l\to\cdot\to j}",
    unit="USD bn/quarter",
    source="own: gross profit of a giver from one taker's spending, direct and through the chain",
)
def profit_from_taker(
    gross_margin_direct: float, bill_direct: float, gross_margin_chain: float, spending_chain: float
) -> float:
    """Gross profit a giver earns from one lab's compute, directly and through those who buy capacity for the lab.

    Parameters
    ----------
    gross_margin_direct, gross_margin_chain : float
        Gross profit per dollar of sales, 0 to 1.
    bill_direct : float
        Compute bill the lab pays to the giver, USD bn a quarter.
    spending_chain : float
        Purchases from the giver by the lab's suppliers that the lab's bill pays for, USD bn a quarter.

    Examples
    --------
    >>> round(profit_from_taker(0.4, 2.0, 0.7, 3.0), 12)
    2.9
    """
    return gross_margin_direct * bill_direct + gross_margin_chain * spending_chain


@equation(
    id="F3b",
    symbol=r"c_t",
    formula=r"\mathrm{clip}(1 + b_g (S_t - S_0),\ 0,\ 1.3)",
    unit="ratio",
    source="own: givers too become cautious; clipped so that euphoria does not multiply without end",
)
def giver_mood(sensitivity: float, sentiment: float, sentiment_start: float) -> float:
    """Factor on strategic money from the mood of the market against the mood at the base date, 0 to 1.3.

    >>> giver_mood(1.0, -0.25, 0.25), giver_mood(1.0, 0.9, 0.25)
    (0.5, 1.3)
    """
    return min(max(1.0 + sensitivity * (sentiment - sentiment_start), 0.0), 1.3)


@equation(
    id="F3c",
    symbol=r"\eta_{j,t}",
    formula=r"1[M_j > \underline M_j]\, \min(1,\ V_j / V^{ref}_j)",
    unit="ratio",
    source="own; wrong-way risk: the giver's means fall with the taker's spending",
)
def giver_means(cash: float, cash_floor: float, value: float, value_reference: float) -> float:
    """Share of its plan that a giver can afford: nothing below its cash floor, less when its own shares fell.

    >>> giver_means(50.0, 10.0, 3000.0, 4500.0)
    0.6666666666666666
    >>> giver_means(9.0, 10.0, 4500.0, 4500.0)
    0.0
    """
    if cash <= cash_floor:
        return 0.0
    if value_reference <= 0.0:
        return 1.0
    return min(1.0, max(value, 0.0) / value_reference)


@equation(
    id="F3",
    symbol=r"V^{str}_{j\to l,t}",
    formula=r"\varphi_j\, \Pi_{j\leftarrow l}\, c_t\, \eta_j",
    unit="USD bn/quarter",
    source="own: suppliers recycle gross profit into their customers' equity",
)
def strategic_money(recycling: float, profit: float, mood: float, means: float) -> float:
    r"""Strategic money that a giver sets aside this quarter for one taker.

    Parameters
    ----------
    recycling : float
        Share :math:`\varphi` of the gross profit that goes back, 0 or more.
    profit : float
        Gross profit from the taker's spending, USD bn a quarter (F3a).
    mood, means : float
        Factors F3b and F3c.

    Examples
    --------
    >>> strategic_money(1.0, 2.9, 0.5, 2.0 / 3.0)
    0.9666666666666666
    """
    return max(0.0, recycling * profit) * mood * means


@equation(
    id="F3d",
    symbol=r"P_{j\to l,t}",
    formula=r"\min(P_{t-1} + V^{str}_t,\ 4 V^{str}_t)",
    unit="USD bn",
    source="own: rounds are lumpy, so that what is set aside waits, four quarters at most",
)
def strategic_pool(pool_lag: float, set_aside: float) -> float:
    """Money a giver stands ready to put into the taker's next round.

    Four quarters of today's flow at most, so that it shrinks when the flow shrinks: readiness is not a debt.

    >>> strategic_pool(6.0, 2.0), strategic_pool(6.0, 1.0)
    (8.0, 4.0)
    """
    return min(max(pool_lag, 0.0) + set_aside, 4.0 * set_aside)


@equation(
    id="F3e",
    symbol=r"V_{l,t}",
    formula=r"\max(0,\ V^{out}_l - (1 - add)\, V^{str}_l)",
    unit="USD bn/quarter",
    source="own, gate of additionality; the neutral case is Modigliani-Miller 1958, proposition I",
)
def outside_after_crowding(outside: float, strategic: float, additional: float) -> float:
    """Outside money that remains beside strategic money, when the share `additional` of it replaces none.

    At one the two add up. At zero each strategic dollar replaces an outside dollar, as it would if outside money were a
    perfect substitute. With the gate off, strategic money is also never more than the outside money it replaces: the
    round is as large as without it.

    >>> outside_after_crowding(8.0, 5.0, 1.0), outside_after_crowding(8.0, 5.0, 0.0)
    (8.0, 3.0)
    """
    return max(0.0, outside - (1.0 - additional) * strategic)


@equation(
    id="F3f",
    symbol=r"D^{sig}_t",
    formula=r"D_t \text{ (on)},\quad D_t - D^{loop}_t \text{ (off)}",
    unit="GW",
    source="own, gate of the signal: growth that the loop paid for looks like growth",
)
def demand_signal(demand: float, demand_loop_funded: float, signal: float) -> float:
    """Compute demand that beliefs extrapolate: all of it, or without the part that strategic money pays for.

    >>> demand_signal(20.0, 3.0, 1.0), demand_signal(20.0, 3.0, 0.0)
    (20.0, 17.0)
    """
    return demand if signal > 0.5 else max(demand - demand_loop_funded, 1e-9)


@equation(
    id="F3g",
    symbol=r"\rho_{r,t}",
    formula=r"\mathrm{clip}(financing_r / purchases_r,\ 0,\ 0.9)",
    unit="ratio",
    source="own, gate of price distortion; vendor rebates paid in equity, see Lucent's customer credit 1999-2001",
)
def price_rebate(financing: float, purchases: float) -> float:
    """Share of a bill that comes back to the buyer as the seller's equity money or warrants, 0 to 0.9.

    >>> price_rebate(2.0, 5.0)
    0.4
    """
    if purchases <= 0.0:
        return 0.0
    return min(max(financing / purchases, 0.0), 0.9)


@equation(
    id="F3h",
    symbol=r"p^{head}_t",
    formula=r"p_t / (1 - \rho_t)",
    unit="ratio",
    source="own, gate of price distortion: the headline holds what comes back to the buyer as equity",
)
def headline_price(price: float, rebate: float) -> float:
    """Headline price of a contract whose true price is `price` once the rebate is taken off.

    >>> headline_price(8.0, 0.2)
    10.0
    """
    return price / (1.0 - rebate)


@equation(
    id="F3i",
    symbol=r"R_{loop,t}",
    formula=r"\frac{dV^{str}}{d\,bill}\,\frac{d\,bill}{d\,funding} + \frac{dV^{str}}{dV_j}\,\frac{dV_j}{d\,funding}",
    unit="ratio",
    source="own: product of the derivatives once around the loop; spectral radius where several loops meet",
)
def loop_gain_edge(recycling_effect: float, bill_per_funding: float, stake_effect: float) -> float:
    """Strategic money that a dollar of strategic money brings forth a quarter later, on one giver-taker pair.

    Parameters
    ----------
    recycling_effect : float
        Dollars set aside per dollar of the taker's bill: recycling x gross margin x mood x means.
    bill_per_funding : float
        Dollars of compute bill per dollar of funding.
    stake_effect : float
        Dollars set aside per dollar of funding through the giver's own share price.

    Examples
    --------
    >>> loop_gain_edge(0.5, 0.8, 0.1)
    0.5
    """
    return recycling_effect * bill_per_funding + stake_effect


@equation(
    id="F3j",
    symbol=r"X_{o\to j,t}",
    formula=r"V^{str}_{j\to l}\, V_{o\to l} / \textstyle\sum_o V_{o\to l}",
    unit="USD bn/quarter",
    source="own, gates of additionality and of wrong-way risk: a stake sold on at cost to those it replaced",
)
def placed_part(strategic: float, outsider: float, outside_all: float) -> float:
    """Part of a giver's new stake that one outsider buys from it at cost, in proportion to what it would have given.

    With both gates off the outsider's own payment falls by the same amount, so that cash and shares of giver, taker and
    outsider end as if the giver had not been there.

    Parameters
    ----------
    strategic : float
        Strategic money of the giver, no more in sum over givers than `outside_all`, USD bn a quarter.
    outsider, outside_all : float
        What this outsider, and all outsiders, bring to the round without strategic money, USD bn a quarter.

    Examples
    --------
    >>> placed_part(4.0, 6.0, 8.0), placed_part(4.0, 2.0, 8.0)
    (3.0, 1.0)
    """
    return strategic * outsider / outside_all if outside_all > 0.0 else 0.0


@equation(
    id="F9",
    symbol=r"gm_t",
    formula=r"1 - \frac{c_{op} + c_{GW}(\theta_c/T_{book} + (1 - \theta_c)/T_{shell})}{\bar u\, p^c_t}",
    unit="ratio",
    source="accounting gross margin: price less running cost and book wear, over price",
)
def compute_gross_margin(price: float, cost_per_gw_year: float, utilisation: float) -> float:
    """Gross profit per dollar of rented compute, 0 to 0.9.

    >>> compute_gross_margin(10.0, 4.25, 0.85)
    0.5
    """
    if price <= 0.0 or utilisation <= 0.0:
        return 0.0
    return min(max(1.0 - cost_per_gw_year / (utilisation * price), 0.0), 0.9)
