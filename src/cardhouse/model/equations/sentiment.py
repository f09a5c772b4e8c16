"""Block H, sentiment (H2), flows (H3) and self-exciting news (H5)."""

from __future__ import annotations

import math

from cardhouse.model.equation import equation


@equation(
    id="H2a",
    symbol=r"b_c(ROIC^e_i-k_i)\Delta capex_i",
    formula=r"b_c\,(ROIC^e_i - k_i)\,\Delta \ln capex_i",
    unit="ratio",
    source="own: the same announcement lifts or sinks a share as the return stands above or below its cost",
)
def capex_news_response(
    sensitivity: float, return_on_capital: float, required_return: float, capex_change: float
) -> float:
    """Response of sentiment to news of more spending; its sign is that of the return less its cost.

    Parameters
    ----------
    sensitivity : float
        Per unit of relative change of spending and unit of return.
    return_on_capital, required_return : float
        Per year.
    capex_change : float
        Relative change of spending this quarter.

    Examples
    --------
    >>> round(capex_news_response(5.0, 0.15, 0.10, 0.2), 12), round(capex_news_response(5.0, 0.05, 0.10, 0.2), 12)
    (0.05, -0.05)
    """
    return sensitivity * (return_on_capital - required_return) * capex_change


@equation(
    id="H2",
    symbol=r"S_t",
    formula=r"(1-d_S) S_{t-1} + b_r r_{t-1} + b_x surprise_t + b_n N_t - b_z \Delta z_t",
    unit="index",
    source="extrapolation of returns: barberis-greenwood-jin-shleifer-2015; other terms own",
)
def sentiment(decay: float, sentiment_lag: float, by_return: float, by_surprise: float, by_credit: float) -> float:
    r"""Sentiment, 0 = neutral, between -1 and 1.

    Parameters
    ----------
    decay, sentiment_lag : float
        Share forgotten in a quarter, and value of a quarter ago.
    by_return : float
        :math:`b_r r_{t-1}`.
    by_surprise : float
        Surprises of revenue and returns against plan, capex response and news.
    by_credit : float
        :math:`b_z \Delta z_t`, subtracted.

    Examples
    --------
    >>> round(sentiment(0.1, 0.2, 0.25 * 0.1, 0.05, 0.02), 12)
    0.235
    """
    level = (1.0 - decay) * sentiment_lag + by_return + by_surprise - by_credit
    return min(max(level, -1.0), 1.0)


@equation(
    id="H3",
    symbol=r"f_t",
    formula=r"b_f \Delta S_t + contributions_t - forced_t + shock",
    unit="share of market value",
    source="gabaix-koijen-2021, flows as a share of the market",
)
def equity_flow(by_sentiment: float, contributions: float, forced_sales: float, shock: float) -> float:
    """Net flow into shares this quarter, as a share of market value.

    >>> round(equity_flow(0.02 * -0.5, 0.004, 0.01, 0.0), 12)
    -0.016
    """
    return by_sentiment + contributions - forced_sales + shock


@equation(
    id="H5",
    symbol=r"\lambda_t",
    formula=r"l_0 + l_1 credit_t + l_2 mispricing_t + c_t",
    unit="news/quarter",
    source="hawkes-1971; ait-sahalia-cacho-diaz-laeven-2015 eq. 5; credit-dependent base: grasselli-nguyen-huu-2026",
)
def news_intensity(base: float, by_credit: float, by_mispricing: float, cluster: float) -> float:
    """Return the bad news to expect: base, credit in funding, dear prices, and what earlier news still stirs.

    >>> round(news_intensity(0.12, 0.05, 0.03, 0.2), 12), news_intensity(0.1, 0.0, -0.5, 0.0)
    (0.4, 0.0)
    """
    return max(0.0, base + by_credit + by_mispricing + cluster)


@equation(
    id="H5a",
    symbol=r"c_t",
    formula=r"(c_{t-1} + \alpha n_{t-1})\, e^{-\beta}",
    unit="news/quarter",
    source="hawkes-1971, exponential kernel; the sum over past news as a recursion, Ogata 1981",
)
def news_cluster(cluster_lag: float, jump: float, news_lag: float, decay: float) -> float:
    """Intensity that earlier news leaves behind: each adds a jump, all fade.

    >>> round(news_cluster(0.2, 0.4, 1.0, 1.2), 6)
    0.180717
    """
    return (cluster_lag + jump * news_lag) * math.exp(-decay)


@equation(
    id="H5b",
    symbol=r"n_t",
    formula=r"\min\{n : u \le \textstyle\sum_{k\le n} e^{-\lambda}\lambda^k/k!\}",
    unit="count",
    source="inversion of the Poisson distribution, Devroye 1986, ch. 10",
)
def news_count(intensity: float, uniform: float) -> int:
    """Draw the number of bad news in the quarter, by inversion of the Poisson distribution; eight at most.

    >>> news_count(0.5, 0.60), news_count(0.5, 0.61), news_count(0.5, 0.95)
    (0, 1, 2)
    """
    probability = math.exp(-intensity)
    cumulated = probability
    count = 0
    while uniform > cumulated and count < 8:
        count += 1
        probability *= intensity / count
        cumulated += probability
    return count


@equation(id="H5c", symbol=r"J_t", formula=r"\mu_J \ln u", unit="log", source="exponential jump sizes: Kou 2002")
def jump_size(mean_size: float, uniform: float) -> float:
    """Log return of one piece of bad news: minus an exponential number.

    >>> round(jump_size(0.1, 0.36787944117144233), 12)
    -0.1
    """
    return mean_size * math.log(uniform)
