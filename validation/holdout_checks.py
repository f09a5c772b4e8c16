"""H: hold-outs. What became known after 13 February 2026 against a run that knows nothing later; never used to tune."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case
from cardhouse.model.equations.credit_price import rating_spread
from cardhouse.model.replay import replay
from cardhouse.model.world import AgentRole
from validation.ensembles import Ensemble, ensemble
from validation.register import Outcome, check
from validation.worlds import CASE, KNOWN_ON

SOURCE = "specification, 13.H"
BAND = (0.05, 0.95)
QUARTERS = 8
NOTCH_STRONG, NOTCH_WEAK = 8.0, 14.0
"""BBB and B, of a strong and of a weak customer."""
CONSTANT_HAZARD = 0.02
"""Defaults per named node and year of the benchmark: long-run mean of B and BBB firms in equal parts."""


@cache
def later() -> Case:
    """Return the newest reading of the case: what is known now."""
    return load_case(CASE)


def fact(identifier: str) -> float:
    """Return a figure that became known after the cut-off."""
    found = later().register.get(identifier)
    if found.value is not None:
        return float(found.value)
    low, high = float(found.low or math.nan), float(found.high or math.nan)
    return math.sqrt(low * high)


def headline(identifier: str) -> float:
    """Return the announced amount of a contract that became known after the cut-off, USD bn."""
    found = next(item for item in later().relations if item.fact.id == identifier)
    if found.headline.value is None:
        msg = f"contract {identifier} has no amount"
        raise ValueError(msg)
    return float(found.headline.value)


def february(full: bool) -> Ensemble:
    """Return BASE as known on the day of the cut-off, with accepted parameters."""
    return ensemble("", 1000 if full else 256, KNOWN_ON, quarters=QUARTERS)


def _inside(values: FloatArray, observed: float, unit: str) -> Outcome:
    low, high = np.quantile(values, BAND)
    place = float(np.mean(values < observed))
    figure = f"{observed:.3g} {unit} observed; band {low:.3g} to {high:.3g}, at quantile {100.0 * place:.0f} %"
    return Outcome(figure, bool(low <= observed <= high))


@check("H-1", "Rebound of the rent of an H100", "March over October 2025 inside the 90 % band", SOURCE)
def rebound(full: bool) -> Outcome:
    """Compare the rise of rents to March 2026 with the model's price less the decay of a generation."""
    found = february(full)
    before, after = (fact(f"gpu_h100.rental_price_per_hour.{day}") for day in ("2025-10-31", "2026-03-31"))
    decay = found.parameters[:, found.names.index("rent_decay")]
    ratio = found.paths("compute_price")[:, 0] / found.opening_price * np.exp(-decay)
    return _inside(ratio, after / before, "times the rent of October 2025")


@check("H-2a", "Sales of OpenAI", "first quarter of 2026 inside the 90 % band", SOURCE)
def openai(full: bool) -> Outcome:
    """Compare OpenAI's sales of the first quarter after the cut-off."""
    return _inside(february(full).paths("revenue", "openai")[:, 0], fact("openai.revenue.2026-03-31"), "USD bn")


@check("H-2b", "Sales of Anthropic", "first quarter of 2026 inside the 90 % band", SOURCE)
def anthropic(full: bool) -> Outcome:
    """Compare Anthropic's sales of the first quarter after the cut-off."""
    return _inside(february(full).paths("revenue", "anthropic")[:, 0], fact("anthropic.revenue.2026-03-31"), "USD bn")


@check("H-2c", "Run rate of Anthropic", "end of May 2026 inside the 90 % band of the second quarter", SOURCE)
def run_rate(full: bool) -> Outcome:
    """Compare Anthropic's run rate with four times the sales of the second quarter."""
    rate = 4.0 * february(full).paths("revenue", "anthropic")[:, 1]
    return _inside(rate, fact("anthropic.annualized_revenue_run_rate.2026-05-31"), "USD bn a year")


def _round_of_february() -> tuple[float, float]:
    """Money that OpenAI got or was to get unconditionally, and the part of it from suppliers and clouds."""
    suppliers = headline("amazon__openai__round2026_tranche1") + headline("nvidia__openai__round2026")
    others = headline("softbank__openai__round2026") + headline("other_investors__openai__round2026")
    return suppliers + others, suppliers / (suppliers + others)


@check("H-3a", "Size of OpenAI's round of February 2026", "unconditional part inside the 90 % band", SOURCE)
def round_size(full: bool) -> Outcome:
    """Compare the money that OpenAI raises in the first half of 2026 with what it was promised without conditions."""
    found = february(full)
    raised = found.paths("equity_raised", "openai")[:, :2].sum(axis=1)
    return _inside(raised, _round_of_february()[0], "USD bn")


@check("H-3b", "Who gave it", "share of suppliers and clouds inside the 90 % band", SOURCE)
def composition(full: bool) -> Outcome:
    """Compare the part of strategic money in the first half of 2026."""
    found = february(full)
    given = found.paths("strategic_received", "openai")[:, :2].sum(axis=1)
    raised = found.paths("equity_raised", "openai")[:, :2].sum(axis=1)
    share = np.divide(given, raised, out=np.zeros_like(given), where=raised > 0.0)
    return _inside(share, _round_of_february()[1], "of the round")


@check("H-4", "Credit of the customer in chip loans", "same sign, within half of the gap reported", SOURCE)
def customer_credit(full: bool) -> Outcome:
    """Compare the gap between loans on a strong and on a weak customer with that of two rating buckets."""
    found = february(full)
    names = ("spread_a", "spread_bbb", "spread_bb", "spread_b", "spread_ccc")
    columns = [found.parameters[:, found.names.index(name)] for name in names]
    gaps = [
        1e4 * (rating_spread(NOTCH_WEAK, buckets) - rating_spread(NOTCH_STRONG, buckets))
        for buckets in zip(*(column.tolist() for column in columns), strict=True)
    ]
    observed, middle = fact("coreweave.spread_gap_by_customer_rating.2026-05-18"), float(np.median(gaps))
    figure = f"{observed:.0f} basis points reported; {middle:.0f} between rating buckets. Not a clean hold-out: the "
    figure += "reason of a bucket quotes the same loans, and the model's vehicles borrow at their own rating"
    return Outcome(figure, bool(0.5 * observed <= middle <= 1.5 * observed))


def _room(draws: int) -> FloatArray:
    """Return what lenders would add to the loans of SoftBank at the end of the second quarter, USD bn."""
    from cardhouse.analysis.experiment import Request, prepare

    plan = prepare(Request(draws=draws, known_on=KNOWN_ON, prior="accepted", quarters=QUARTERS)).plan()
    setup = plan.world.setup
    rows = plan.sampling.parameters(plan.marginals, 0, draws)
    sponsor = setup.entity_ids.index("softbank")
    if setup.world["role"][0, sponsor] != int(AgentRole.EQUITY_SPONSOR):
        msg = "SoftBank is no equity sponsor in this case"
        raise ValueError(msg)
    limit = plan.marginals.index("margin_limit")
    found = []
    for draw in range(draws):
        state = replay(setup, rows[draw], draw, 2).state
        holdings = float(state.stake_value[sponsor] + state.other_net_assets[sponsor])
        found.append(rows[draw, limit] * holdings - float(state.debt_total[sponsor] - state.cash[sponsor]))
    return np.array(found)


@check("H-5", "Lenders cut the loan on shares of OpenAI", "less room than was asked for in half of the draws", SOURCE)
def margin_loan(full: bool) -> Outcome:
    """Compare the loan that SoftBank asked for in April 2026 with the room under the loan-to-value limit."""
    asked = headline("softbank__margin_loan__april2026")
    room = _room(64 if full else 24)
    share = float(np.mean(room < asked))
    figure = f"{asked:.0f} USD bn asked for, cut to 6 a month later; room below that in {100.0 * share:.0f} % of draws "
    return Outcome(figure + f"(median room {np.median(room):.0f})", share >= 0.5)


@check("H-6", "No named default by July 2026", "log score no worse than that of a constant hazard", SOURCE)
def no_default(full: bool) -> Outcome:
    """Score the chance of no named default in the first two quarters."""
    found = february(full)
    chance = 1.0 - found.share_with_default(found.quarters[1])
    nodes = int(found.named.sum())
    benchmark = math.exp(-CONSTANT_HAZARD * nodes * 0.5)
    rate = np.clip(chance, 1e-6, 1.0)
    figure = f"{100.0 * chance:.1f} % for none, score {math.log(rate):.3f}; constant hazard {math.log(benchmark):.3f}"
    return Outcome(figure, bool(math.log(rate) >= math.log(benchmark)))
