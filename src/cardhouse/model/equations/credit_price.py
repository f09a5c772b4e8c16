"""Block G, price and amount of credit: spreads, what can be borrowed, the market-wide factor, ratings."""

from __future__ import annotations

import math

from cardhouse.model.equation import equation


@equation(
    id="G1",
    symbol=r"s_{i,t}",
    formula=r"\max(0,\ s_\rho + s^{lev}_i + b_z z_t + s^q_i)",
    unit="ratio/year",
    source="gilchrist-zakrajsek-2012 for the market factor; bernanke-gertler-gilchrist-1999 eq. 3.8 for leverage",
)
def loan_spread(by_rating: float, by_leverage: float, by_market: float, by_collateral: float) -> float:
    """Spread over the safe rate at which a firm borrows, per year.

    Parameters
    ----------
    by_rating : float
        Spread of the firm's rating bucket.
    by_leverage : float
        G1a.
    by_market : float
        Loading times the market factor `z`, plus any scenario spread.
    by_collateral : float
        G1b; zero for debt that no chips secure.

    Examples
    --------
    >>> loan_spread(0.019, 0.004, 0.01, 0.0)
    0.033
    """
    return max(0.0, by_rating + by_leverage + by_market + by_collateral)


@equation(
    id="G1a",
    symbol=r"s^{lev}_{i,t}",
    formula=r"b_{lev} \ln^+\!\left(\frac{B_i}{EBITDA_i\, x^{ref}}\right)",
    unit="ratio/year",
    source="bernanke-gertler-gilchrist-1999 eq. 3.8, logarithmic form",
)
def leverage_spread(sensitivity: float, debt: float, earnings: float, leverage_reference: float) -> float:
    """Spread for debt beyond the reference multiple of earnings; without earnings, as at ten times it.

    >>> round(leverage_spread(0.01, 80.0, 10.0, 4.0), 6)
    0.006931
    """
    if debt <= 0.0:
        return 0.0
    ratio = 10.0
    if earnings > 0.0:
        ratio = min(debt / (earnings * leverage_reference), 10.0)
    return sensitivity * math.log(ratio) if ratio > 1.0 else 0.0


@equation(
    id="G1b",
    symbol=r"s^{q}_{i,t}",
    formula=r"b_q (1 - q_t)^+\, share^{abs}_i",
    unit="ratio/year",
    source="own; collateral value as in kiyotaki-moore-1997",
)
def collateral_spread(sensitivity: float, used_chip_index: float, asset_backed_share: float) -> float:
    """Spread for asset-backed debt when used chips sell below their value at the base date.

    >>> round(collateral_spread(0.05, 0.6, 0.5), 12)
    0.01
    """
    return sensitivity * max(1.0 - used_chip_index, 0.0) * asset_backed_share


@equation(
    id="G9",
    symbol=r"\tilde q k_{i,t}",
    formula=r"q_t k_i / (1 + \delta_{dp})",
    unit="USD bn",
    source="own, after the remark of the Bank for International Settlements 2026 on collateral pledged twice",
)
def collateral_value(used_chip_index: float, chips: float, double_pledging: float) -> float:
    """Value that lenders can count on in chips, when a part is pledged to more than one of them.

    >>> collateral_value(0.8, 10.0, 0.25)
    6.4
    """
    return used_chip_index * chips / (1.0 + double_pledging)


@equation(
    id="G2",
    symbol=r"\bar B_{i,t}",
    formula=r"\min\{LTV_t\, \tilde q k_i + adv\, Q^{IG}_i,\ x_i\, EBITDA_i\}\,(1 - r_t)",
    unit="USD bn",
    source="kiyotaki-moore-1997 eq. 3 for collateral; earnings limit: Lian-Ma 2021",
)
def borrowing_capacity(by_collateral: float, by_backlog: float, by_earnings: float, standard: float) -> float:
    r"""Largest debt that lenders allow.

    Parameters
    ----------
    by_collateral : float
        Loan-to-value times collateral value (G9).
    by_backlog : float
        Advance rate times the backlog owed by strong customers.
    by_earnings : float
        Multiple times yearly earnings; negative earnings give no capacity.
    standard : float
        Lending standard :math:`r_t`, 0 easy to 1 closed.

    Examples
    --------
    >>> borrowing_capacity(10.0, 5.0, 18.0, 0.2)
    12.0
    """
    return max(0.0, min(by_collateral + by_backlog, max(by_earnings, 0.0))) * (1.0 - standard)


@equation(
    id="G5",
    symbol=r"z_t",
    formula=r"\max(0,\ \rho_z z_{t-1} + b_d\, loss_t + b_s S^-_t + shock)",
    unit="ratio/year",
    source="gilchrist-zakrajsek-2012 for persistence; acharya-gale-yorulmazer-2011 for the freeze",
)
def credit_factor(persistence: float, z_lag: float, by_losses: float, by_mood: float, shock: float) -> float:
    """Market-wide credit spread beyond its calm level, per year.

    Parameters
    ----------
    persistence, z_lag : float
        Coefficient and value of a quarter ago.
    by_losses : float
        Sensitivity times the loss rate on the sector's debt.
    by_mood : float
        Sensitivity times how far sentiment lies below zero.
    shock : float
        Scenario shock, added once.

    Examples
    --------
    >>> round(credit_factor(0.85, 0.01, 0.5 * 0.02, 0.0, 0.0), 12)
    0.0185
    """
    return max(0.0, persistence * z_lag + by_losses + by_mood + shock)


@equation(
    id="G5a",
    symbol=r"r_t",
    formula=r"1 - e^{-(r_z z_t + r_\ell\, loss_t)}",
    unit="ratio",
    source="own form, from easy (0) to closed (1); tightening after lenders' losses: Bernanke-Lown 1991",
)
def lending_standard(by_factor: float, by_losses: float) -> float:
    """Share of borrowing capacity that lenders withhold, 0 in calm times, towards 1 in a freeze.

    Parameters
    ----------
    by_factor : float
        Slope times the market factor `z`.
    by_losses : float
        Slope times the losses of the worst-hit class of lenders over its capital.

    Examples
    --------
    >>> lending_standard(0.0, 0.0), round(lending_standard(4.0 * 0.05, 2.0 * 0.05), 6)
    (0.0, 0.259182)
    """
    return 1.0 - math.exp(-max(by_factor + by_losses, 0.0))


@equation(
    id="G6a",
    symbol=r"\rho^*_{i,t}",
    formula=r"1 + 3.5\log_2(1 + B/EBITDA) + 1.5 \log_2^+(16\, \iota / EBITDA)",
    unit="notch",
    source="own mapping of leverage and interest cover to letters, in the manner of agencies' financial grids",
)
def rating_score(leverage: float, interest_cover: float) -> float:
    """Rating that the accounts alone would give, on a ladder: 0 = AAA, 9 = BBB-, 10 = BB+, 17 = CCC, 20 = lowest.

    Parameters
    ----------
    leverage : float
        Debt over yearly earnings before interest, tax and depreciation; at least 0, 99 when earnings are negative.
    interest_cover : float
        The same earnings over interest; 99 when there is no interest.

    Notes
    -----
    Three and a half notches per doubling of one plus leverage, one and a half per halving of cover below sixteen.

    Examples
    --------
    >>> rating_score(0.0, 99.0), rating_score(3.0, 8.0), rating_score(99.0, 0.0)
    (1.0, 9.5, 20.0)
    """
    heavy = max(1.0 + leverage, 1.0)
    thin = 16.0 / min(max(interest_cover, 0.0625), 16.0)
    # half a notch per doubling of a product: one logarithm for both
    return min(max(1.0 + 0.5 * math.log2(heavy**7 * thin**3), 0.0), 20.0)


@equation(
    id="G6",
    symbol=r"\rho_{i,t}",
    formula=r"\rho_{t-1} + \mathrm{clip}(\rho^*_t - \rho_{t-1},\ -1,\ 1) + shock",
    unit="notch",
    source="own; ratings lag: Altman-Rijken 2004, through-the-cycle ratings move slowly",
)
def rating_after(rating_lag: float, score_change: float, largest_move: float, shock_notches: float) -> float:
    """Rating of this quarter: it follows the change of the score, by one notch a quarter at most, either way.

    Parameters
    ----------
    rating_lag : float
        Rating a quarter ago, in notches.
    score_change : float
        Score now less score at the base date, plus rating at the base date, less `rating_lag`.
    largest_move : float
        Notches an agency moves in a quarter, 1 by default; a very large number switches the lag off.
    shock_notches : float
        Scenario: notches added at once (positive is worse).

    Examples
    --------
    >>> rating_after(9.0, 3.2, 1.0, 0.0), rating_after(9.0, -0.4, 1.0, 2.0)
    (10.0, 10.6)
    """
    move = min(max(score_change, -largest_move), largest_move)
    return min(max(rating_lag + move + shock_notches, 0.0), 20.0)


@equation(
    id="G6b",
    symbol=r"s^{\rho}_{i,t}",
    formula=r"s_{b} + (\rho - b)\,(s_{b+1} - s_b)",
    unit="ratio/year",
    source="own: linear between the bucket spreads of A, BBB, BB, B and CCC",
)
def rating_spread(rating: float, by_bucket: tuple[float, float, float, float, float]) -> float:
    """Spread of a rating, on a line through the buckets A (5), BBB (8), BB (11), B (14) and CCC (17).

    >>> spreads = (0.008, 0.019, 0.030, 0.045, 0.090)
    >>> rating_spread(8.0, spreads), round(rating_spread(9.5, spreads), 12), rating_spread(20.0, spreads)
    (0.019, 0.0245, 0.09)
    """
    if math.isnan(rating):
        return math.nan
    place = min(max((rating - 5.0) / 3.0, 0.0), 4.0)
    # the two buckets around it, found without a jump: a loop over firms then works on several at once
    a, bbb, bb, b, ccc = by_bucket
    start, low, high = 3.0, b, ccc
    if place < 3.0:
        start, low, high = 2.0, bb, b
    if place < 2.0:
        start, low, high = 1.0, bbb, bb
    if place < 1.0:
        start, low, high = 0.0, a, bbb
    return low + (place - start) * (high - low)


@equation(
    id="G6c",
    symbol=r"s^{sell}_{i,t}",
    formula=r"0.01\, f_{IG}\, B_i / depth",
    unit="ratio/year",
    source="forced sales of fallen angels: Ellul-Jotikasthira-Lundblad 2011",
)
def fallen_angel_spread(share_forced: float, bonds: float, depth: float) -> float:
    """Extra spread when holders bound to investment grade must sell.

    Parameters
    ----------
    share_forced : float
        Share of the bonds that must be sold.
    bonds : float
        Bonds outstanding, USD bn.
    depth : float
        Sales that move the spread by one percentage point, USD bn.

    Examples
    --------
    >>> fallen_angel_spread(0.2, 60.0, 12.0)
    0.01
    """
    return 0.01 * share_forced * bonds / depth
