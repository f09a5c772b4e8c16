"""C-5, Oracle from September 2025 to February 2026, and C-6, 27 January 2025: blocks G1 and H."""

from __future__ import annotations

import math
from typing import Any

from cardhouse.model.equations.credit_price import credit_factor, leverage_spread
from cardhouse.model.equations.equity_price import index_return
from cardhouse.model.equations.equity_value import fundamental_return, h_model_value
from cardhouse.model.equations.sentiment import news_cluster, news_intensity
from validation.history.targets import Nuisance, Target, fact, opening
from validation.worlds import default_case

TEN_YEARS = 0.042
GROWTH_BEFORE = 0.16
"""Oracle's growth of sales a year that was guided before the contract."""
WEIGHTS = ("nvidia", "microsoft", "alphabet", "amazon", "meta", "broadcom", "amd")
QUARTERS_OF_NEWS = 4.5
"""From January 2025 to the cut-off in February 2026."""
LARGE = 10.0
"""Fall in percent that makes a piece of news large."""
FIRMS = ("nvidia", "broadcom", "microsoft", "alphabet", "amazon", "meta", "oracle")


def oracle_value(par: Any, growth: float, added: float = 0.0) -> float:
    """Fundamental value of Oracle per dollar of owner earnings (H1)."""
    required = TEN_YEARS + par.equity_premium + added
    return float(h_model_value(1.0, par.long_growth, growth, par.growth_half_life, required))


def oracle_jump(par: Any, free: Nuisance) -> float:
    """Log move of Oracle in the quarter of the contract (H1, H1d)."""
    before, after = oracle_value(par, GROWTH_BEFORE), oracle_value(par, free.guided_growth)
    return float(fundamental_return(after, before, par.value_adjustment, math.inf))


def oracle_fall(par: Any, free: Nuisance) -> float:
    """Log move over the two quarters in which the growth was doubted again and capital became dearer."""
    value = oracle_value(par, free.guided_growth)
    target = oracle_value(par, GROWTH_BEFORE, oracle_spread(par, free) / 1e4)
    total = 0.0
    for _ in range(2):
        move = fundamental_return(target, value, par.value_adjustment, math.inf)
        value *= math.exp(move)
        total += move
    return float(total)


def oracle_spread(par: Any, free: Nuisance) -> float:
    """Rise of Oracle's spread, basis points, when lenders look through to the debt foreseen for 2028 (G1a)."""
    earnings = 4.0 * opening("oracle", "ebitda_quarter")
    now = leverage_spread(
        par.spread_leverage_slope, fact("oracle.total_debt.2025-11-30"), earnings, par.leverage_reference
    )
    foreseen = fact("oracle.net_adjusted_debt_forecast.2025-11-01")
    then = leverage_spread(par.spread_leverage_slope, foreseen, earnings * free.earnings_growth, par.leverage_reference)
    return 1e4 * float(then - now)


def large_news(par: Any, free: Nuisance) -> float:
    """Return the large falls that news intensity and size let one expect over the time observed (H5, H5a, H5c)."""
    base = news_intensity(par.news_intensity, par.news_credit_slope * free.credit_share, 0.0, 0.0)
    cluster = 0.0
    for _ in range(8):
        cluster = news_cluster(cluster, par.news_excitation, base + cluster, par.news_decay)
    return float(QUARTERS_OF_NEWS * (base + cluster) * math.exp(math.log1p(-LARGE / 100.0) / par.news_size))


def _observed_news() -> int:
    """Days on which large firms lost a tenth or more: the first of a firm in a quarter, firms of one day once.

    Two firms that fall on one day fall for one piece of news. In the model a piece is about one firm, and all others
    take a part of its jump.
    """
    first: dict[tuple[str, str, int], str] = {}
    for item in default_case().register:
        if item.metric not in ("market_cap_change_event_pct", "share_price_change_event_pct") or item.value is None:
            continue
        day = item.id.rsplit(".", 1)[1][:10]
        if item.subject in FIRMS and item.value <= -LARGE and "2025-01" <= day[:7] <= "2026-02":
            key = (item.subject, day[:4], (int(day[5:7]) - 1) // 3)
            first[key] = min(day, first.get(key, day))
    return len(set(first.values()))


def index_fall(par: Any, _free: Nuisance) -> float:
    """Fall of the S&P 500 on 27 January 2025, points, when the rest of the sector shares a part (H5, H6)."""
    own = fact("nvidia.sp500_weight.2024-11-21") / 100.0
    sector = sum(fact(f"{firm}.sp500_weight.2024-11-21") for firm in WEIGHTS) / 100.0
    jump = fact("nvidia.market_cap_change_event_pct.2025-01-27")
    others = par.news_market_share * jump
    mean = (own * jump + (sector - own) * others) / sector
    return float(index_return(sector, mean, 0.0))


def spread_after_news(par: Any, _free: Nuisance) -> float:
    """Rise of the market's credit factor after the day, basis points, through worse mood alone (H2, G5)."""
    jump = -math.log1p(fact("nvidia.market_cap_change_event_pct.2025-01-27") / 100.0)
    fall = par.sentiment_news_slope * par.news_market_share * jump
    return 1e4 * float(credit_factor(par.spread_persistence, 0.0, 0.0, par.spread_sentiment_slope * fall, 0.0))


def jump_size(par: Any, _free: Nuisance) -> float:
    """Mean size of a piece of news in logs (H5c)."""
    return float(par.news_size)


def _size_target() -> Target:
    observed = -math.log1p(fact("nvidia.market_cap_change_event_pct.2025-01-27") / 100.0)
    return Target(
        id="C-6a",
        what="size of the news of 27 January 2025 against the mean size",
        unit="log",
        observed=observed,
        observation_error=0.005,
        model_discrepancy=0.10,
        tolerance="one draw of an exponential size, whose standard deviation is its mean of about a tenth",
        facts=("nvidia.market_cap_change_event_pct.2025-01-27",),
        equations="H5c",
        model=jump_size,
    )


TARGETS = (
    Target(
        id="C-5a",
        what="rise of Oracle with the contract of September 2025",
        unit="log",
        observed=math.log1p(fact("oracle.share_price_change_event_pct.2025-09-10") / 100.0),
        observation_error=0.10,
        model_discrepancy=0.20,
        tolerance="part of a day's move is gone within weeks; the model revises by quarters",
        facts=("oracle.share_price_change_event_pct.2025-09-10",),
        equations="H1, H1d",
        model=oracle_jump,
    ),
    Target(
        id="C-5b",
        what="fall of Oracle from the peak to 28 January 2026",
        unit="log",
        observed=math.log1p(fact("oracle.market_cap_change_event.2026-01-28") / fact("oracle.market_cap.2025-09-10")),
        observation_error=0.10,
        model_discrepancy=0.30,
        tolerance="from a day's peak; moods of single firms are not in the model, only the sector's",
        facts=("oracle.market_cap_change_event.2026-01-28", "oracle.market_cap.2025-09-10"),
        equations="H1, H1d, G1a",
        model=oracle_fall,
    ),
    Target(
        id="C-5c",
        what="rise of the spread on Oracle, November to December 2025, basis points",
        unit="basis points",
        observed=fact("oracle.cds_spread.2025-12-31") - fact("oracle.cds_spread.2025-11-01"),
        observation_error=15.0,
        model_discrepancy=40.0,
        tolerance="swaps are not loans; the model sees today's leverage, here it is given the leverage foreseen",
        facts=(
            "oracle.cds_spread.2025-11-01",
            "oracle.cds_spread.2025-12-31",
            "oracle.net_adjusted_debt_forecast.2025-11-01",
        ),
        equations="G1a",
        model=oracle_spread,
    ),
    _size_target(),
    Target(
        id="C-6b",
        what="fall of the S&P 500 on 27 January 2025, points",
        unit="percent",
        observed=fact("sp500.index_change.2025-01-27"),
        observation_error=0.05,
        model_discrepancy=0.5,
        tolerance="measured; the rest of the index rose that day for reasons of its own",
        facts=("sp500.index_change.2025-01-27", *(f"{firm}.sp500_weight.2024-11-21" for firm in WEIGHTS)),
        equations="H5, H6",
        model=index_fall,
    ),
    Target(
        id="C-6c",
        what="rise of the market's spread after that day, basis points: no credit event",
        unit="basis points",
        observed=0.0,
        observation_error=5.0,
        model_discrepancy=10.0,
        tolerance="indices of spreads moved by a few points; nothing was rationed",
        facts=("nvidia.market_cap_change_event_pct.2025-01-27",),
        equations="H2, G5",
        model=spread_after_news,
    ),
    Target(
        id="C-6d",
        what="days with falls of a tenth and more, January 2025 to February 2026, seven firms",
        unit="count",
        observed=float(_observed_news()),
        observation_error=1.0,
        model_discrepancy=2.0,
        tolerance="one count of a Poisson number; most days answered reports of results, which H1 and H2a hold too",
        facts=("microsoft.market_cap_change_event_pct.2026-01-29", "meta.market_cap_change_event_pct.2025-10-30"),
        equations="H5, H5a, H5c",
        model=large_news,
    ),
)
