"""Block G, rollover of maturing debt as a coordination problem: realisable liquidity, attention, runs."""

from __future__ import annotations

import math

from cardhouse.model.equation import equation


@equation(
    id="G3a",
    symbol=r"\ell_{i,t}",
    formula=r"M_i + lines_i + (1 - hc)\, free_i + receipts_i",
    unit="USD bn",
    source="own: what can be turned into cash within a year; cash alone would put every leveraged name in a run",
)
def realisable_liquidity(
    cash: float, committed_lines: float, unpledged_value: float, haircut: float, receipts: float
) -> float:
    """Means a firm can raise within four quarters without new lenders.

    Parameters
    ----------
    cash, committed_lines : float
        USD bn.
    unpledged_value : float
        Market value of assets that secure no debt, USD bn.
    haircut : float
        Share of that value kept after a quick sale is one minus this, 0 to 1.
    receipts : float
        Contracted net receipts of the next four quarters; negative when the firm burns cash.

    Examples
    --------
    >>> realisable_liquidity(20.0, 5.0, 30.0, 0.5, 4.0)
    44.0
    """
    return max(0.0, cash + committed_lines + (1.0 - haircut) * unpledged_value + receipts)


@equation(
    id="G3b",
    symbol=r"\lambda_{i,t}",
    formula=r"\min(1,\ \ell_i / due_{i,4q})",
    unit="ratio",
    source="morris-shin-2016, illiquidity component of credit risk, sec. 2; here with realisable liquidity",
)
def liquidity_cover(liquidity: float, due_within_year: float) -> float:
    """Share of the debt due within a year that could be paid if nobody rolled, at most 1.

    >>> liquidity_cover(44.0, 55.0), liquidity_cover(3.0, 0.0)
    (0.8, 1.0)
    """
    if due_within_year <= 0.0:
        return 1.0
    return min(1.0, liquidity / due_within_year)


@equation(
    id="G3c",
    symbol=r"\pi_{i,t}",
    formula=r"[\lambda(1-PD) + (1 - \lambda(1-PD))\, rec_i]\,(1 + r + s_i)",
    unit="ratio",
    source="morris-shin-2016 sec. 2 with recovery added",
)
def rolling_payoff(cover: float, default_probability: float, recovery_rate: float, rate: float) -> float:
    r"""Return the expected payoff of rolling one dollar, to be set against what the dollar earns outside.

    Notes
    -----
    With beliefs about the other creditors uniform on the unit interval, the chance of outliving the run equals
    :math:`\lambda`, so that :math:`\pi = [\lambda(1-PD) + (1-\lambda(1-PD))\,rec](1+r+s)`.

    Examples
    --------
    >>> round(rolling_payoff(0.8, 0.05, 0.5, 0.07), 6)
    0.9416
    """
    survives = cover * (1.0 - default_probability)
    return (survives + (1.0 - survives) * recovery_rate) * (1.0 + rate)


@equation(
    id="G3d",
    symbol=r"att_t",
    formula=r"\mathrm{logistic}(a_0 + a_1 z_t + a_2\, named_t) + shock",
    unit="ratio",
    source="own; calm and run at the rates of the asset-backed paper market: Covitz-Liang-Suarez 2013",
)
def attentive_share(constant: float, by_factor: float, by_named_default: float, shock: float) -> float:
    """Share of creditors that ask, before they roll, what the other creditors will do.

    >>> round(attentive_share(-2.5, 60.0 * 0.0, 0.0, 0.0), 6), round(attentive_share(-2.5, 60.0 * 0.04, 2.0, 0.0), 6)
    (0.075858, 0.869892)
    """
    log_odds = min(max(constant + by_factor + by_named_default, -40.0), 40.0)
    return min(max(1.0 / (1.0 + math.exp(-log_odds)) + shock, 0.0), 1.0)


@equation(
    id="G3",
    symbol=r"roll_{i,t}",
    formula=r"1 - att_t \{1 - \Phi[(\pi_i - 1 - r_{out})/\sigma]\}",
    unit="ratio",
    source="morris-shin-2016; att = 1 and sigma to 0 give their rule, att is our addition",
)
def rolled_share(attention: float, payoff: float, outside_payoff: float, noise: float) -> float:
    r"""Share of maturing debt that is rolled: the inattentive always roll, the attentive when rolling pays.

    Parameters
    ----------
    attention : float
        Attentive share, 0 to 1.
    payoff, outside_payoff : float
        Expected payoff of rolling, and of a dollar outside, both per dollar.
    noise : float
        Standard deviation of creditors' private signals; 0 gives a threshold.

    Notes
    -----
    :math:`1 - att\,\{1 - \Phi[(\pi - 1 - r_{out})/\sigma]\}`.

    Examples
    --------
    >>> rolled_share(1.0, 0.94, 1.04, 0.0), rolled_share(1.0, 1.04, 1.04, 0.05)
    (0.0, 0.5)
    >>> round(rolled_share(0.5, 0.99, 1.04, 0.05), 6)
    0.579328
    """
    gap = payoff - outside_payoff
    willing = 1.0 if gap >= 0.0 else 0.0
    if noise > 0.0:
        willing = 0.5 * (1.0 + math.erf(gap / (noise * math.sqrt(2.0))))
    return 1.0 - attention * (1.0 - willing)


@equation(
    id="G4a",
    symbol=r"PD^0_{i,t}",
    formula=r"s_i (1 - premium) / (1 - rec_i)",
    unit="probability",
    source="reduced form: spread over loss given default, Duffie-Singleton 1999",
)
def fundamental_default_probability(spread: float, recovery_rate: float, risk_premium_share: float) -> float:
    """Chance of default within a year that a spread implies, less the part that pays for risk and liquidity.

    >>> fundamental_default_probability(0.045, 0.4, 0.5)
    0.0375
    """
    return min(max(spread * (1.0 - risk_premium_share) / max(1.0 - recovery_rate, 0.05), 0.0), 1.0)


@equation(
    id="G4",
    symbol=r"PD_{i,t}",
    formula=r"1 - (1 - PD)\,(1 - due_k\,(1 - roll_k)\,(1 - \lambda_i))",
    unit="probability",
    source="he-xiong-2012, dynamic debt runs: each creditor fears the later maturities; discrete ladder is ours",
)
def run_on_maturity(default_probability: float, due_share: float, unrolled: float, cover: float) -> float:
    """Chance of default after one more rung of the ladder: the part that is not rolled and not covered breaks the firm.

    Parameters
    ----------
    default_probability : float
        Chance of default up to this rung.
    due_share : float
        Share of debt due at the rung, 0 to 1.
    unrolled : float
        Share of that rung that is not rolled.
    cover : float
        Share of a year's maturities that liquidity covers.

    Examples
    --------
    >>> round(run_on_maturity(0.02, 0.25, 0.4, 0.5), 6)
    0.069
    """
    breaks = due_share * unrolled * (1.0 - cover)
    return 1.0 - (1.0 - default_probability) * (1.0 - breaks)
