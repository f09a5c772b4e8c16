"""Free cash flow of C-3, and C-4: revenue, compute and burn of laboratories, blocks A, B, D and E."""

from __future__ import annotations

import math
from typing import Any

from cardhouse.model.equations.adoption import adopters_after, churn_rate, new_pilots, pilots_after
from cardhouse.model.equations.commitments import take_or_pay_bill
from cardhouse.model.equations.compute_market import compute_needed
from cardhouse.model.equations.income import ebitda_of, free_cash_flow_of, payout_due, tax_due
from validation.history.compute import long_run_price
from validation.history.targets import Nuisance, Target, fact, opening

PLATFORMS = ("microsoft", "alphabet", "amazon", "meta")
COMPUTE_2025 = 1.25
"""GW that OpenAI used on average in 2025: 1.9 at the end, a third of it at the start."""
OPENAI_2025, OPENAI_2024 = "openai.revenue.2025-12-31-3", "openai.revenue.2024-12-31"
SURVEY = ("enterprise_ai.genai_spending_annual.2023-11-17", "enterprise_ai.genai_spending_annual.2025-12-31")


def operating_cash(par: Any, _free: Nuisance) -> float:
    """Operating cash of the four platforms in the base quarter, as the model counts it (E3b, E4), in logs."""
    total = 0.0
    for firm in PLATFORMS:
        earned, interest = opening(firm, "ebitda_quarter"), opening(firm, "interest_expense_quarter")
        life = 4.0 * par.chip_life_book
        worn = opening(firm, "chips_book") / life + opening(firm, "shells_book") / (4.0 * par.shell_life)
        worn += opening(firm, "other_property_book") / 48.0
        tax = tax_due(par.tax_rate, earned - worn - interest)
        total += free_cash_flow_of(earned, interest, tax, 0.0)
    return math.log(total)


def payout_of_alphabet(par: Any, _free: Nuisance) -> float:
    """Payout of Alphabet in 2025 out of its free cash flow, USD bn (E4b)."""
    return float(payout_due(par.payout_share, fact("alphabet.free_cash_flow.2025-12-31"), math.inf))


def spending_growth(par: Any, free: Nuisance) -> float:
    """Log growth of spending of firms over 2025 when pilots and users stood so that the opening shares come out."""
    pilots, adopters = opening("markets", "adoption_pilots_x"), opening("markets", "adoption_production_y")
    active = par.pilot_intensity * pilots + adopters
    start = active * math.exp(-_observed_growth())
    y = start / (1.0 + par.pilot_intensity * free.pilots_per_adopter)
    x = free.pilots_per_adopter * y
    for _ in range(4):
        churn = churn_rate(par.churn_base, par.churn_benefit_slope, 1.0)
        started = new_pilots(
            par.innovation_rate, par.imitation_rate, y + par.pilot_imitation_weight * x, x + y, par.adoption_ceiling
        )
        succeeded = par.pilot_ending_rate * par.pilot_success * x
        x = pilots_after(x, started, par.pilot_ending_rate)
        y = adopters_after(y, succeeded, churn)
    return math.log((par.pilot_intensity * x + y) / start)


def _observed_growth() -> float:
    """Mean of OpenAI's growth of revenue over 2025 and of the yearly growth of a survey of firms' spending."""
    survey = 0.5 * math.log(fact(SURVEY[1]) / fact(SURVEY[0]))
    return 0.5 * (math.log(fact(OPENAI_2025) / fact(OPENAI_2024)) + survey)


def compute_behind_sales(par: Any, _free: Nuisance) -> float:
    """GW behind OpenAI's sales of 2025, in logs (B1)."""
    return math.log(compute_needed(fact(OPENAI_2025) / 4.0, par.revenue_per_gw_year, 0.0))


def burn(par: Any, free: Nuisance) -> float:
    """OpenAI's burn of 2025, USD bn: compute at a new site's price, cost of sales, fixed cost, less sales (E1)."""
    price = long_run_price(par)
    bill = take_or_pay_bill(COMPUTE_2025 * price, COMPUTE_2025 * price, par.take_or_pay_share)
    sales = fact(OPENAI_2025)
    return float(-ebitda_of(sales, bill, par.laboratory_cost_share * sales + free.laboratory_fixed_cost))


TARGETS = (
    Target(
        id="C-3b",
        what="operating cash of the four platforms in the base quarter, USD bn",
        unit="log",
        observed=math.log(sum(opening(firm, "operating_cash_flow_quarter") for firm in PLATFORMS)),
        observation_error=0.05,
        model_discrepancy=0.15,
        tolerance="earnings are estimated from margins; pay in shares and working capital are not in the model",
        facts=("alphabet.operating_cash_flow.2025-12-31", "meta.operating_cash_flow.2025-12-31"),
        equations="E2, E3b, E4",
        model=operating_cash,
    ),
    Target(
        id="C-3c",
        what="dividends and buybacks of Alphabet in 2025, USD bn",
        unit="USD bn",
        observed=fact("alphabet.shareholder_returns.2025-12-31"),
        observation_error=2.0,
        model_discrepancy=11.0,
        tolerance="reported; firms differ by 15 points of free cash flow around a common share",
        facts=("alphabet.shareholder_returns.2025-12-31", "alphabet.free_cash_flow.2025-12-31"),
        equations="E4b",
        model=payout_of_alphabet,
    ),
    Target(
        id="C-4a",
        what="growth of AI spending over 2025",
        unit="log",
        observed=_observed_growth(),
        observation_error=0.15,
        model_discrepancy=0.30,
        tolerance="revenue and survey differ by a tenth; spending per firm grew too, unknown to the model's diffusion",
        facts=(OPENAI_2024, OPENAI_2025, *SURVEY),
        equations="A1-A4",
        model=spending_growth,
    ),
    Target(
        id="C-4b",
        what="compute of OpenAI in 2025, GW on average",
        unit="log",
        observed=math.log(COMPUTE_2025),
        observation_error=0.15,
        model_discrepancy=0.20,
        tolerance="only the end of the year is reported; training beside sales is part of the figure",
        facts=("openai.compute_capacity.2025-12-31", OPENAI_2025),
        equations="B1",
        model=compute_behind_sales,
    ),
    Target(
        id="C-4c",
        what="cash burn of OpenAI in 2025, USD bn",
        unit="USD bn",
        observed=fact("openai.cash_burn.2025-12-31"),
        observation_error=1.0,
        model_discrepancy=3.0,
        tolerance="8 or 9 by report; compute on credits and share pay are not split off",
        facts=("openai.cash_burn.2025-12-31", OPENAI_2025),
        equations="B7, D1, E1",
        model=burn,
    ),
)
