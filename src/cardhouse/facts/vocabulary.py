"""The closed lists of words that a row of evidence may use."""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """How a number came to be."""

    REPORTED = "reported"  # stated by a source
    GUIDED = "guided"  # a firm's own outlook, or a plan or forecast that a source states
    DERIVED = "derived"  # arithmetic on other numbers, with the formula kept
    ESTIMATED = "estimated"  # a judgement anchored on at least one number
    ASSUMED = "assumed"  # no usable number; a range and a reason instead


class Tier(StrEnum):
    """Where a figure comes from, strongest first."""

    FILING = "filing"
    COMPANY_STATEMENT = "company_statement"
    MAJOR_PRESS = "major_press"
    SECONDARY = "secondary"
    ESTIMATE = "estimate"


class TierFilter(StrEnum):
    """Which tiers a case is read with."""

    ALL = "all"
    FILING = "filing"  # filings and company statements


FILING_TIERS = frozenset({Tier.FILING, Tier.COMPANY_STATEMENT})


class Tag(StrEnum):
    """Why a row must not be added to others, and whether it is in doubt."""

    AGGREGATE = "aggregate"  # a sum over many contracts
    OVERLAP = "overlap"  # the same money as another row
    SUPERSEDED = "superseded"  # an older state, kept so that the past can be read
    ACTUAL = "actual"  # spending measured over a period, not a promise
    VALUATION = "valuation"  # a paper gain; no cash moved
    OTHER_DEFINITION = "other_definition"  # the same name for a wider or narrower measure (debt with leases)
    DOUBTFUL = "doubtful"  # definition, year, size or binding force is unclear; the row still counts


class Status(StrEnum):
    """How far a contract has come, as its source describes it."""

    SIGNED = "signed"
    COMPLETED = "completed"
    REPORTED = "reported"
    REDUCED = "reduced"
    LETTER_OF_INTENT = "letter_of_intent"
    RUMOURED = "rumoured"
    CANCELLED = "cancelled"


class RelationKind(StrEnum):
    """What kind of contract or asset joins two entities; the words are those of the network."""

    EQUITY_STAKE = "equity_stake"
    CONDITIONAL_TRANCHE = "conditional_tranche"
    EQUITY_COMMITMENT = "equity_commitment"
    WARRANT = "warrant"
    LOAN = "loan"
    BOND = "bond"
    LEASE = "lease"
    PURCHASE_COMMITMENT = "purchase_commitment"
    CHIP_ORDER = "chip_order"
    VENDOR_CREDIT = "vendor_credit"
    GUARANTEE = "guarantee"
    REVENUE_SHARE = "revenue_share"
    CUSTOMER_REVENUE = "customer_revenue"


class Unit(StrEnum):
    """Units of figures."""

    USD_BN = "usd_bn"
    USD = "usd"
    PERCENT = "percent"
    RATIO = "ratio"
    BPS = "bps"
    COUNT = "count"
    GW = "gw"
    TWH = "twh"
    BN_LITRES = "bn_litres"
    LITRES_PER_KWH = "litres_per_kwh"
    YEARS = "years"
    TEXT = "text"


class Dating(StrEnum):
    """What the day on which a fact became known rests on."""

    STATED = "stated"  # the row names the day
    VOUCHED = "vouched"  # the row names a day before its page is dated: the figure was public, the page seen is later
    SOURCE = "source"  # the later of the day it holds for and the date of the page
    AS_OF = "as_of"  # the page has no date: the day it holds for
    AS_OF_WITH_LAG = "as_of_with_lag"  # no page date, and an account: the day it holds for and the reporting lag
    COLLECTION = "collection"  # no date at all: the day the collection ended


class Unused(StrEnum):
    """Why no part of the model rests on a row."""

    OTHER_DATE = "other_date"  # same measure at a day that is no base quarter
    OTHER_SOURCE = "other_source"  # same measure and day from another page or definition
    OUTSIDE_MODEL = "outside_model"  # about a firm or group that is no agent of the model
    FORECAST = "forecast"  # an outlook; results are compared with it, they do not start from it
    EVENT = "event"  # a price move on a day, kept to judge price sensitivity
    FINER_THAN_MODEL = "finer_than_model"  # a detail that the model carries only in total
    NO_OPENING = "no_opening"  # the case has no opening balance that could rest on it
    CONTEXT = "context"  # background that no equation reads
    WORDS = "words"  # text, not a number
