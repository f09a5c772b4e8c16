"""From a run to a summary: plain records for the terminal, the report and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cardhouse.analysis.attribution import value_by_channel
from cardhouse.analysis.bands import band, has
from cardhouse.analysis.cascade import Cascade, typical_cascade
from cardhouse.analysis.cash_taken import CashTaken, cash_taken
from cardhouse.analysis.cast import cast_of
from cardhouse.analysis.changes import changed_in
from cardhouse.analysis.circularity.of_run import CircularMoney, circular_money
from cardhouse.analysis.clocks import clocks
from cardhouse.analysis.commitments import Commitment, commitments
from cardhouse.analysis.debt_or_income import DebtOrIncome, debt_or_income
from cardhouse.analysis.defaults import summarise_defaults
from cardhouse.analysis.early_warning import Gauge, early_warnings
from cardhouse.analysis.expectations import Expectation, expectations
from cardhouse.analysis.footprint import Footprint, footprint
from cardhouse.analysis.funding_gap import funding_gaps
from cardhouse.analysis.holders import class_losses, foreign_losses, holder_losses
from cardhouse.analysis.horizons import horizons
from cardhouse.analysis.hurdle import Hurdle, hurdle
from cardhouse.analysis.influence import influential_assumptions
from cardhouse.analysis.minsky import minsky_shares
from cardhouse.analysis.ownership import Merger, WarrantGain, mergers, warrant_gains
from cardhouse.analysis.records import (
    Assumption,
    Band,
    ChannelLoss,
    ClassLoss,
    Clock,
    CodeCount,
    Defaults,
    FundingGap,
    HolderLoss,
    Horizon,
    MinskyShares,
    RegimeShare,
    number,
    plain,
)
from cardhouse.analysis.regimes import regime_shares
from cardhouse.analysis.survivors import Inheritance, Survivor, inheritance, survivors
from cardhouse.analysis.uncertainty import Part, parts_of
from cardhouse.basics.errors import ModelError
from cardhouse.basics.units import QUARTERS_PER_YEAR
from cardhouse.casebook.case import Case
from cardhouse.model.result_codes import ResultCode
from cardhouse.simulation.results import Run

FORMAT = 1
_YEARLY = (
    "sector_capex",
    "end_user_spending",
    "chip_sales",
    "lab_revenue",
    "strategic_finance",
    "outside_equity",
    "consumption_gap",
    "investment_gap",
)
_LEVELS = (
    *("sector_market_value", "sp500_index", "utilisation", "compute_price", "contract_price", "used_chip_index"),
    *("organic_revenue", "credit_spread", "sentiment", "venture_gate", "gdp_gap", "loop_gain"),
    *("adopters", "compute_capacity", "compute_demand", "fiscal_cost", "inherited_capacity", "buyer_price"),
    *("unemployment", "limited_by_supply", "limited_by_finance"),
)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run says.

    Parameters
    ----------
    format : int
        Version of this record.
    case, case_title, scenario, known_on, tier, base_quarter : str
        What was run; empty when the run does not say.
    prior : str
        Where parameters were drawn from.
    changed : tuple of str
        Mechanisms switched off and parameters set by the user, in words.
    quarters : tuple of str
        The simulated quarters.
    draws, draws_done, draws_good : int
        Draws asked for, finished, and with result code 0; only the last enter the figures.
    seed : int
        Seed of everything random.
    fingerprint : str
        Hash of all that the results depend on.
    codes : tuple of CodeCount
        How the draws ended.
    worst_residual : float, optional
        Largest relative residual of an accounting identity in any draw.
    defaults : Defaults
    holders : tuple of HolderLoss
    classes : tuple of ClassLoss
    foreign : tuple of ClassLoss
        Loss of foreign holders by region; empty when the case does not say where they are.
    regimes : tuple of RegimeShare
    horizons : tuple of Horizon
    paths : dict of str to Band
        Paths of the sector; flows as USD bn a year.
    channels : tuple of str
        Names of the channels in ``value_by_channel``.
    value_by_channel : tuple of ChannelLoss
    minsky : tuple of MinskyShares
    clocks : tuple of Clock
    funding_gaps : tuple of FundingGap
    hurdle : Hurdle, optional
        Revenue needed for a return of ten per cent.
    expectations : tuple of Expectation
        What others count on from each firm, and what leaving the race would cost it.
    commitments : tuple of Commitment
        Announced and binding commitments in the opening balance; empty without a case.
    cash_taken : CashTaken, optional
        Who takes cash out of the sector, and what claims it is left with.
    debt_or_income : DebtOrIncome, optional
        Whether a debt problem or income of the sector's own came first.
    survivors : tuple of Survivor
    inheritance : Inheritance, optional
        What becomes of failed firms' capacity.
    mergers : tuple of Merger
    warrant_gains : tuple of WarrantGain
    early_warnings : tuple of Gauge
        Which gauges moved before the first default.
    cascade : Cascade, optional
    assumptions : tuple of Assumption
    parts : tuple of Part
        Variance of main outputs, split between parameters and news; empty when draws are not nested.
    circular : CircularMoney, optional
        How circular the money is over time, and whether it keeps its origin, from a few draws made again.
    footprint : Footprint, optional
        Electricity and water of the capacity in use.
    left_out : tuple of str
        What could not be computed from what the run kept, and why.
    """

    format: int
    case: str
    case_title: str
    scenario: str
    known_on: str
    tier: str
    base_quarter: str
    prior: str
    changed: tuple[str, ...]
    quarters: tuple[str, ...]
    draws: int
    draws_done: int
    draws_good: int
    seed: int
    fingerprint: str
    codes: tuple[CodeCount, ...]
    worst_residual: float | None
    defaults: Defaults
    holders: tuple[HolderLoss, ...]
    classes: tuple[ClassLoss, ...]
    foreign: tuple[ClassLoss, ...]
    regimes: tuple[RegimeShare, ...]
    horizons: tuple[Horizon, ...]
    paths: dict[str, Band]
    channels: tuple[str, ...]
    value_by_channel: tuple[ChannelLoss, ...]
    minsky: tuple[MinskyShares, ...]
    clocks: tuple[Clock, ...]
    funding_gaps: tuple[FundingGap, ...]
    hurdle: Hurdle | None
    expectations: tuple[Expectation, ...]
    commitments: tuple[Commitment, ...]
    cash_taken: CashTaken | None
    debt_or_income: DebtOrIncome | None
    survivors: tuple[Survivor, ...]
    inheritance: Inheritance | None
    mergers: tuple[Merger, ...]
    warrant_gains: tuple[WarrantGain, ...]
    early_warnings: tuple[Gauge, ...]
    cascade: Cascade | None
    assumptions: tuple[Assumption, ...]
    parts: tuple[Part, ...]
    circular: CircularMoney | None
    footprint: Footprint | None
    left_out: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the summary as dictionaries and lists for JSON; an unknown number is null."""
        record: dict[str, Any] = plain(self)
        return record


def summarise(run: Run, case: Case | None = None) -> Summary:
    """Summarise a run.

    Parameters
    ----------
    run : Run
        Finished or partly finished.
    case : Case, optional
        The case it was made from: gives names, roles, and reasons of assumptions.

    Raises
    ------
    ModelError
        When no draw ended well, so that there is nothing to summarise.
    """
    if not run.good.any():
        counts = "; ".join(f"{line.meaning}: {line.draws}" for line in _codes(run)) or "no draw was finished"
        raise ModelError(f"no draw of this run ended well, so there is no result ({counts})")
    cast = cast_of(run.coordinates["entity"], None if case is None else case.snapshot)
    priors = case.priors if case is not None and case.has_priors else None
    labels = run.manifest["labels"]
    circular, no_circular = circular_money(run, case)
    consumed, no_footprint = footprint(run, case)
    return Summary(
        format=FORMAT,
        case=labels.get("case", ""),
        case_title=case.title if case is not None else labels.get("case", ""),
        scenario=labels.get("scenario", ""),
        known_on=labels.get("known_on", "") or (case.known_on.isoformat() if case is not None else ""),
        tier=labels.get("tier", "") or (case.tier.value if case is not None else ""),
        base_quarter=labels.get("base_quarter", ""),
        prior=labels.get("prior", ""),
        changed=changed_in(run),
        quarters=run.coordinates["quarter"],
        draws=int(run.manifest["sampling"]["draws"]),
        draws_done=int(run.draws.size),
        draws_good=int(run.good.sum()),
        seed=int(run.manifest["sampling"]["seed"]),
        fingerprint=str(run.manifest["fingerprint"]),
        codes=_codes(run),
        worst_residual=_worst(run),
        defaults=summarise_defaults(run, cast),
        holders=holder_losses(run, cast),
        classes=class_losses(run),
        foreign=foreign_losses(run, None if case is None else case.snapshot),
        regimes=regime_shares(run),
        horizons=horizons(run),
        paths=_paths(run),
        channels=run.coordinates.get("channel", ()),
        value_by_channel=value_by_channel(run, cast),
        minsky=minsky_shares(run, cast),
        clocks=clocks(run, cast),
        funding_gaps=funding_gaps(run, cast),
        hurdle=hurdle(run),
        expectations=expectations(run, cast),
        commitments=commitments(case.snapshot) if case is not None else (),
        cash_taken=cash_taken(run, cast),
        debt_or_income=debt_or_income(run, cast),
        survivors=survivors(run, cast),
        inheritance=inheritance(run, cast),
        mergers=mergers(run, cast),
        warrant_gains=warrant_gains(run, cast),
        early_warnings=early_warnings(run),
        cascade=typical_cascade(run, cast),
        assumptions=influential_assumptions(run, priors),
        parts=parts_of(run),
        circular=circular,
        footprint=consumed,
        left_out=(
            *_left_out(run),
            *((f"cycling, circular share and money by origin over time: {no_circular}",) if no_circular else ()),
            *((f"electricity and water: {no_footprint}",) if no_footprint else ()),
        ),
    )


def _codes(run: Run) -> tuple[CodeCount, ...]:
    return tuple(
        CodeCount(code=code, meaning=ResultCode(code).sentence, draws=count)
        for code, count in sorted(run.result_codes.items())
    )


def _worst(run: Run) -> float | None:
    if not has(run, "worst_residual"):
        return None
    values = run.results("worst_residual")
    return number(values.max()) if values.size else None


def _paths(run: Run) -> dict[str, Band]:
    found = {name: band(run, name) for name in _LEVELS if _is_path(run, name)}
    for name in _YEARLY:
        if _is_path(run, name):
            found[name] = band(run, name, QUARTERS_PER_YEAR, "USD bn a year")
    return found


def _is_path(run: Run, name: str) -> bool:
    return has(run, name) and run.variables[name].dims == ("quarter",)


def _left_out(run: Run) -> tuple[str, ...]:
    if not any(item.sketched for item in run.variables.values()):
        return ()
    why = "this run keeps distributions only; run again with --keep paths, or with fewer draws"
    return tuple(
        f"{what}: {why}"
        for what in (
            "Minsky classes",
            "clocks",
            "funding gaps",
            "recovery and unpaid claims of firms",
            "what others count on and the price of leaving",
            "cash taken out and claims left",
            "whether a debt problem or income came first",
            "survivors and inherited capacity",
            "mergers and warrants",
            "gauges before the first default",
            "revenue needed for a return of ten per cent",
        )
    )
