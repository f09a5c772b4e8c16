"""What a report cannot tell its reader; shown in every report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """One limit: a heading and a sentence."""

    title: str
    text: str


LIMITS: tuple[Limit, ...] = (
    Limit(
        "When",
        "No date is predicted. Quarters of default are conditional on the scenario, the opening balance and the ranges "
        "of the assumptions.",
    ),
    Limit(
        "How likely, without conditions",
        "Shares of draws become probabilities only once the model has a record of forecasts scored against outcomes.",
    ),
    Limit(
        "What private contracts say",
        "Many contracts are not public. Binding amounts are bounds or estimates; headline amounts are never counted as "
        "binding.",
    ),
    Limit(
        "Whether the model is right",
        "Some of its own checks fail. They are listed with the reason in the documentation, on the pages Validation "
        "(docs/reference/validation.md) and Calibration (docs/explanation/calibration.md).",
    ),
    Limit(
        "How people will react",
        "Lenders, rating agencies, governments and managers react in ways no equation holds; the model has simple "
        "rules for them, each with a switch.",
    ),
    Limit(
        "Where technology goes",
        "Efficiency, adoption and the life of chips are assumptions with ranges, not results.",
    ),
    Limit(
        "What a share is worth",
        "The price equation is a stylised rule for stress tests. It is no valuation of any company and no advice.",
    ),
    Limit(
        "What happens abroad",
        "Only the United States economy is closed; losses abroad are first-round. Where a case splits them by region, "
        "it is by the residence of the holder or of its custodian, and every region is taken to hold the same shares.",
    ),
    Limit(
        "Whether circular financing is good or bad",
        "The sign is a result of the run. Switch the five circular channels off one by one and compare.",
    ),
)
