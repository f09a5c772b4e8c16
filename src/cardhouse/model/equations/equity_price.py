"""Block H, prices: inelastic market (H4), index (H6), forced sales (H7), sum of channels."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="H4",
    symbol=r"\Delta\ln P_{mkt,t}",
    formula=r"\Delta\ln V^F_{mkt} + Mult\, f_t",
    unit="log",
    source="gabaix-koijen-2021, eq. 1: one dollar of flow moves value by the multiplier",
)
def market_return(fundamental: float, multiplier: float, flow: float) -> float:
    """Log return of the market: fundamental value, plus multiplier times flow.

    >>> round(market_return(0.01, 5.0, -0.01), 12)
    -0.04
    """
    return fundamental + multiplier * flow


@equation(
    id="H4a",
    symbol=r"\Delta\ln P_{i,t}",
    formula=r"\Delta\ln P_{mkt} + (\Delta\ln V^F_i - \Delta\ln V^F_{mkt}) + mult_x\, f_i",
    unit="log",
    source="gabaix-koijen-2021, sec. 3: the cross-section is more elastic than the aggregate",
)
def relative_return(
    market: float, fundamental: float, fundamental_market: float, multiplier: float, flow: float
) -> float:
    """Log return of one share: the market's, its own fundamental beyond the market's, its own flow.

    >>> round(relative_return(-0.04, 0.05, 0.01, 1.0, 0.02), 12)
    0.02
    """
    return market + (fundamental - fundamental_market) + multiplier * flow


@equation(
    id="H4b",
    symbol=r"b_{i,t}",
    formula=r"b_P\, \Delta S_t\, loading_i",
    unit="log",
    source="own: prices pay for growth that is believed before it is earned",
)
def belief_return(sensitivity: float, sentiment_change: float, loading: float) -> float:
    """Log return from a change of sentiment, beyond what the flow of funds does.

    >>> round(belief_return(0.1, -0.5, 1.5), 12)
    -0.075
    """
    return sensitivity * sentiment_change * loading


@equation(
    id="H4c",
    symbol=r"\Delta V_{i,c,t}",
    formula=r"\frac{V_t - V_{t-1}}{\sum_c part_c}\, part_c",
    unit="USD bn/quarter",
    source="own: exact split of a change in value by logarithmic mean weights, Ang 2004 (LMDI)",
)
def value_per_log(value: float, value_lag: float, log_total: float) -> float:
    r"""Dollars of value that a unit of the log return moved: times a channel's part of it, what the channel moved.

    Notes
    -----
    The logarithmic mean :math:`(V_t - V_{t-1})/total` of the two values, with :math:`total` the log of their ratio; the
    channels' dollars add up to the whole change, without a rest.

    Examples
    --------
    A fall of 19 per cent in logs, of which a half is one channel's:

    >>> round(value_per_log(81.0, 100.0, -0.210721031316) * -0.105360515658, 6)
    -9.5
    """
    if abs(log_total) < 1e-12:
        return 0.5 * (value + value_lag)
    return (value - value_lag) / log_total


@equation(
    id="H6",
    symbol=r"r^{idx}_t",
    formula=r"w\, r^{sector}_t + (1 - w)\, r^{rest}_t",
    unit="ratio",
    source="arithmetic of a value-weighted index",
)
def index_return(weight_sector: float, return_sector: float, return_rest: float) -> float:
    """Return of the index: sector and rest at their weights of a quarter ago.

    >>> round(index_return(0.4, -0.2, -0.05), 12)
    -0.11
    """
    return weight_sector * return_sector + (1.0 - weight_sector) * return_rest


@equation(
    id="H7",
    symbol=r"x_t",
    formula=r"share_{lev}\, lev\; loss_t\, 1[loss_t > \underline x]",
    unit="share of market value",
    source="greenwood-landier-thesmar-2015 eq. 3 (linear); threshold form: cont-schaanning-2017 sec. 3",
)
def forced_sales(leveraged_share: float, leverage: float, loss: float, threshold: float) -> float:
    """Shares that leveraged holders sell to get their leverage back, as a share of market value.

    Parameters
    ----------
    leveraged_share : float
        Share of the market that leveraged holders own.
    leverage : float
        Debt over equity of those holders: dollars sold per dollar lost.
    loss : float
        Loss of value this quarter, 0 to 1; gains give no sale.
    threshold : float
        Loss below which nobody sells; 0 gives the linear rule.

    Examples
    --------
    >>> round(forced_sales(0.05, 2.0, 0.10, 0.0), 12), forced_sales(0.05, 2.0, 0.10, 0.15)
    (0.01, 0.0)
    """
    if loss <= threshold:
        return 0.0
    return min(leveraged_share * leverage * max(loss, 0.0), leveraged_share)
