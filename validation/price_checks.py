"""R-9, R-10, C-7 to C-9: published sizes of effects, with the model's own equations (G1, H4, K, B7)."""

from __future__ import annotations

import datetime as dt

import numpy as np
from scipy.optimize import brentq

from cardhouse.analysis.funding_gap import gap_of
from cardhouse.casebook.load import load_case, parse_known_on
from cardhouse.facts.vocabulary import RelationKind
from cardhouse.model.equations.compute_market import annuity, user_cost
from cardhouse.model.equations.credit_price import leverage_spread, rating_score, rating_spread
from cardhouse.model.equations.economy import consumption_response, holder_gain, output_gap
from cardhouse.model.equations.equity_price import market_return
from cardhouse.model.parameters import ParameterSet
from validation.register import Outcome, agree, check

CASE = "ai_2026"
PUBLISHED_TOLERANCE = 0.4
"""Published sizes of effects are met within this share; one tolerance for all of them."""
CONSUMPTION_SHARE = 0.68
"""Household consumption over output, United States 2024 (national accounts)."""


def priors() -> ParameterSet:
    """Return the parameters of the default case."""
    found = load_case(CASE).priors
    if found is None:
        msg = f"case {CASE} has no parameters"
        raise ValueError(msg)
    return found


def yearly_output() -> float:
    """Gross domestic product of the default case, USD bn a year."""
    value = load_case(CASE).snapshot.balances["government"]["gdp_year"].value
    return float("nan") if value is None else float(value)


@check(
    "R-9",
    "Gabaix-Koijen: a dollar of flow moves the value of the market by five",
    "value change per dollar of flow is 5 within 1 % for flows up to a thousandth of the market, with the case's "
    "central multiplier",
    "Gabaix and Koijen 2021, In search of the origins of financial fluctuations",
)
def inelastic_market(full: bool) -> Outcome:
    """Let a flow in, with nothing else moving."""
    multiplier = priors().value("market_multiplier")
    flows = np.geomspace(1e-5, 1e-3, 20 if full else 3)
    found = [float(np.expm1(market_return(0.0, multiplier, float(flow))) / flow) for flow in flows]
    return Outcome(
        f"{found[0]:.3f} to {found[-1]:.3f} dollars per dollar", all(agree(value, 5.0, 0.01) for value in found)
    )


@check(
    "R-10",
    "Financial accelerator: elasticity of the spread to leverage",
    "rating and leverage terms of G1 together answer a doubling of debt over earnings (3 to 6, cover 8 to 4) as the "
    "published elasticity 0.05 does, ln 2 × 0.05 = 3.47 points, within 40 %",
    "Bernanke, Gertler and Gilchrist 1999, The financial accelerator, section 5; at their leverage of two, a per cent "
    "more debt is a per cent more leverage",
)
def spread_elasticity(_full: bool) -> Outcome:
    """Move leverage alone in the rating grid (G6a, G6b) and in the leverage term (G1a)."""
    found = priors()
    buckets = tuple(found.value(f"spread_{grade}") for grade in ("a", "bbb", "bb", "b", "ccc"))
    slope, reference = found.value("spread_leverage_slope"), found.value("leverage_reference")
    spreads = []
    by_leverage = []
    for multiple, cover in ((3.0, 8.0), (6.0, 4.0)):
        term = leverage_spread(slope, multiple, 1.0, reference)
        by_leverage.append(term)
        spreads.append(rating_spread(rating_score(multiple, cover), buckets) + term)
    change = spreads[1] - spreads[0]
    alone = by_leverage[1] - by_leverage[0]
    figure = f"{100 * change:.2f} points, of which {100 * alone:.2f} through the leverage term alone"
    return Outcome(figure, agree(change, 0.05 * float(np.log(2.0)), PUBLISHED_TOLERANCE))


@check(
    "C-7a",
    "HSBC: OpenAI's funding gap to 2030 with the bank's inputs typed in",
    "cloud bill 792 less free cash flow 282 less facilities and partners' money 50 gives the published gap of 207 "
    "within 5 %",
    "HSBC Global Investment Research, November 2025, as reported by Fortune and others",
)
def hsbc_gap(_full: bool) -> Outcome:
    """Type the published inputs into the formula of the funding gap."""
    found = float(gap_of(np.array([50.0]), np.array([[282.0, -792.0]]))[0])
    figure = (
        f"{found:.0f}: the parts in public reports do not add up to 207; {found - 207.0:.0f} of further means, or a "
        "bill that free cash flow has paid in part already, are not in them"
    )
    return Outcome(figure, agree(found, 207.0, 0.05))


def _required_revenue(capital: float, rate: float, chip_share: float, chip_life: float, shell_life: float) -> float:
    """Yearly payment on capital that returns it with interest, running cost left out (B7)."""
    return float(user_cost(capital, chip_share, annuity(rate, chip_life), annuity(rate, shell_life), 0.0))


@check(
    "C-7b",
    "J.P. Morgan: revenue for a return of ten per cent on the build-out",
    "user cost of 5,000 at 10 % with the case's chip share and lives is 650 within 10 %",
    "J.P. Morgan, November 2025: 650 a year in perpetuity on about 5,000 of investment to 2030",
)
def morgan_revenue(_full: bool) -> Outcome:
    """Compute the user cost with the lives of the case, and the life that would give the published figure."""
    found = priors()
    share, chips, shells = (found.value(name) for name in ("chip_cost_share", "chip_life_economic", "shell_life"))
    revenue = _required_revenue(5000.0, 0.10, share, chips, shells)
    life = float(brentq(lambda years: 5000.0 * annuity(0.10, years) - 650.0, 2.0, 200.0))
    figure = (
        f"{revenue:.0f} with chips of {chips:g} and shells of {shells:g} years; 650 (13 % of capital a year) is what a "
        f"life of {life:.1f} years for everything gives, so the published hurdle leaves out most of the replacement of "
        "chips"
    )
    return Outcome(figure, agree(revenue, 650.0, 0.10))


@check(
    "C-8",
    "Morgan Stanley: OpenAI's part of the backlog of Microsoft, Oracle and CoreWeave",
    "contracts of OpenAI with the three that were known before its Azure contract of 28 October 2025 add up to 330 "
    "within 10 %",
    "Morgan Stanley, October 2025, as reported by Reportify: more than 330 of about 880",
)
def backlog_of_openai(_full: bool) -> Outcome:
    """Add up the contracts of the relation table as known on the day before; their total backlog is not in it."""
    case = load_case(CASE, known_on=parse_known_on("2026-02-13"))
    sellers = ("microsoft", "oracle", "coreweave")
    known = {fact.id for fact in case.register}
    found = {
        item.fact.id: float(item.headline.value)
        for item in case.relations
        if item.fact.id in known
        and item.fact.counterparty == "openai"
        and item.fact.subject in sellers
        and item.kind is RelationKind.PURCHASE_COMMITMENT
        and item.left_out(known) is None
        and item.fact.as_of is not None
        and item.fact.as_of < dt.date(2025, 10, 28)
        and item.headline.value is not None
    }
    total = sum(found.values())
    figure = f"{total:.0f} USD bn in {len(found)} contracts; the 880 are no row of the table: backlogs of the three at "
    return Outcome(figure + "the end of September 2025 are not all in it", agree(total, 330.0, 0.10))


@check(
    "C-9a",
    "Gopinath: a fall of dot-com size, through block K",
    "20,000 of lost household wealth lowers output by 2 % and consumption by 3.5 %, each within 40 %, with investment "
    "and credit held",
    "Gopinath in The Economist, 15 October 2025",
)
def dotcom_fall(_full: bool) -> Outcome:
    """Feed the loss of wealth to K2 and K3 with the case's parameters."""
    found, output = priors(), yearly_output()
    spending = consumption_response(found.value("wealth_consumption"), -20000.0)
    gap = output_gap(spending, 0.0, 0.0, found.value("output_multiplier"), output / 4.0)
    consumption = 4.0 * spending / (CONSUMPTION_SHARE * output)
    figure = f"output {100 * gap:.2f} %, consumption {100 * consumption:.2f} %"
    passed = agree(gap, -0.02, PUBLISHED_TOLERANCE) and agree(consumption, -0.035, PUBLISHED_TOLERANCE)
    return Outcome(figure, passed)


def _fall_behind(gap: float) -> float:
    """Fall of the share index, as a share of it, that gives an output gap through consumption alone."""
    found = priors()
    index = load_case(CASE).snapshot.market["sp500_market_value"].value
    value = float("nan") if index is None else float(index)
    per_point = holder_gain(found.value("household_equity_share"), -value, 0.0)
    spending = consumption_response(found.value("wealth_consumption"), per_point)
    whole = output_gap(spending, 0.0, 0.0, found.value("output_multiplier"), yearly_output() / 4.0)
    return float(gap / whole)


@check(
    "C-9b",
    "International Monetary Fund: moderate correction of AI shares with tighter conditions",
    "0.4 % less world growth within 40 % when the Fund's shock is fed to block K",
    "World Economic Outlook Update, January 2026, on a scenario of October 2025",
)
def fund_correction(_full: bool) -> Outcome:
    """Say what the model would need; the Fund's shock is not in the public text."""
    fall = _fall_behind(-0.004)
    figure = (
        "not possible: the public text gives no size of the fall of shares or of the tightening, and block K closes "
        f"the United States only; 0.4 % of US output needs a fall of the index by {100 * fall:.0f} % through "
        "consumption alone"
    )
    return Outcome(figure, False)


@check(
    "C-9c",
    "Oxford Economics: slump of technology investment and shares",
    "US growth of 0.8 % in 2026 instead of the baseline, within 40 % of the difference",
    "Oxford Economics, October 2025, as reported by Fortune",
)
def oxford_slump(_full: bool) -> Outcome:
    """Feed the reported fall of technology shares; the cut of investment is not in the public text."""
    found = priors()
    index = load_case(CASE).snapshot.market["sp500_market_value"].value
    value = float("nan") if index is None else float(index)
    spending = consumption_response(
        found.value("wealth_consumption"), holder_gain(found.value("household_equity_share"), -0.25 * 0.44 * value, 0.0)
    )
    gap = output_gap(spending, 0.0, 0.0, found.value("output_multiplier"), yearly_output() / 4.0)
    figure = (
        "not possible: the cut of investment and the baseline are not in the public text; the reported fall of "
        f"technology shares by 25 % (44 % of the index) lowers output by {-100 * gap:.2f} % through consumption alone"
    )
    return Outcome(figure, False)
