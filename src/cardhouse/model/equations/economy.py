"""Block K: losses of holders, consumption out of wealth, gap of output and its way back."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="K1",
    symbol=r"\Delta W_{c,t}",
    formula=r"own_c\, (\Delta V^{sector}_t + \Delta V^{rest}_t)",
    unit="USD bn/quarter",
    source="own: share of listed equity held through a class times its change in value",
)
def holder_gain(share_held: float, value_change_sector: float, value_change_rest: float) -> float:
    """Change of a class of holders' wealth: its share of the sector's and the rest's change in value.

    >>> holder_gain(0.11, -4000.0, -1000.0)
    -550.0
    """
    return share_held * (value_change_sector + value_change_rest)


@equation(
    id="K2a",
    symbol=r"\varpi_k",
    formula=r"\min((k+1)/lag,\ 1)",
    unit="ratio",
    source="own: the response spreads evenly over its lag; size from chodorow-reich-nenov-simsek-2021",
)
def response_weight(lag_quarters: float, quarters_ago: float) -> float:
    """Share of the full yearly response that a change in wealth has reached after some quarters, rising on a line to 1.

    >>> response_weight(8.0, 0.0), response_weight(8.0, 3.0), response_weight(8.0, 11.0)
    (0.125, 0.5, 1.0)
    """
    return min((quarters_ago + 1.0) / max(lag_quarters, 1.0), 1.0)


@equation(
    id="K2",
    symbol=r"C_t-C^b_t",
    formula=r"\frac{mpc}{4} \sum_{k} \varpi_k\, \Delta W_{t-k}",
    unit="USD bn/quarter",
    source="chodorow-reich-nenov-simsek-2021: 3.2 cents a year per dollar of stock wealth, full after two years",
)
def consumption_response(propensity_annual: float, wealth_taken_in: float) -> float:
    """Consumption against its baseline, out of the change in wealth that households have taken in so far.

    >>> consumption_response(0.032, -20000.0)
    -160.0
    """
    return propensity_annual * wealth_taken_in / 4.0


@equation(
    id="K3a",
    symbol=r"I^{AI}_t",
    formula=r"capex_t\, (1 - imports)",
    unit="USD bn/quarter",
    source="national accounts: imported equipment adds nothing to home output",
)
def home_investment(capex: float, import_share: float) -> float:
    """Part of the sector's investment that is home output.

    >>> round(home_investment(150.0, 0.55), 9)
    67.5
    """
    return capex * (1.0 - import_share)


@equation(
    id="K3",
    symbol=r"gap_t",
    formula=r"[(C - C^b) + (I^{AI} - I^{AI,b}) + b_L \Delta L]\; mult / GDP",
    unit="ratio",
    source="own multiplier form; size checked against the crash arithmetic of Gopinath 2025",
)
def output_gap(
    consumption_gap: float, investment_gap: float, credit_effect: float, multiplier: float, output: float
) -> float:
    """Output against its baseline, as a share of output.

    Parameters
    ----------
    consumption_gap, investment_gap, credit_effect : float
        Each against the baseline, USD bn a quarter.
    multiplier : float
        Of spending.
    output : float
        Quarterly output, USD bn.

    Examples
    --------
    >>> round(output_gap(-160.0, 0.0, 0.0, 1.0, 7750.0), 6)
    -0.020645
    """
    return (consumption_gap + investment_gap + credit_effect) * multiplier / output


@equation(
    id="K3b",
    symbol=r"b_L\Delta L_t",
    formula=r"-b_L\; loss^{lenders}_t",
    unit="USD bn/quarter",
    source="bank capital and lending: Bernanke-Lown 1991",
)
def credit_effect(sensitivity: float, lenders_losses: float) -> float:
    """Spending that does not happen because lenders lost capital.

    >>> credit_effect(0.5, 40.0)
    -20.0
    """
    return -sensitivity * lenders_losses


@equation(
    id="K4a", symbol=r"u_t-u^b", formula=r"-okun\; gap_t", unit="ratio", source="okun-1962, coefficient about one half"
)
def unemployment_response(okun: float, gap: float) -> float:
    """Unemployment rate against its baseline.

    >>> unemployment_response(0.5, -0.02)
    0.01
    """
    return -okun * gap


@equation(
    id="K5",
    symbol=r"loss^{foreign}_{g,t}",
    formula=r"share_g\; loss^{foreign}_t",
    unit="USD bn",
    source="own: every region holds the same basket, in proportion to its holdings of US shares",
)
def regional_loss(share: float, foreign_loss: float) -> float:
    """Part of the loss of foreign holders that falls on a region; effects abroad end there.

    >>> regional_loss(0.5, 2000.0)
    1000.0
    """
    return share * foreign_loss


@equation(
    id="K6",
    symbol=r"\ell_{b,t}",
    formula=r"loss_b / capital_b",
    unit="ratio",
    source="own: write-offs over capital, which enters the lending standard (G5)",
)
def lender_loss_rate(loss: float, capital: float) -> float:
    """Loss of a class of lenders as a share of its capital.

    >>> lender_loss_rate(50.0, 2500.0)
    0.02
    """
    return loss / capital if capital > 0.0 else 0.0
