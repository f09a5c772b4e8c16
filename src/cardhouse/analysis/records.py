"""The records of which a summary of a run is made. All become JSON; an unknown number is None, never 0."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ShareOfDraws:
    """A share of the draws with the ends of its 90 % interval for Monte Carlo error."""

    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Range:
    """Median and the 10 % and 90 % quantiles of a number over the draws."""

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, kw_only=True)
class Band:
    """A path with its spread: one value per quarter for each quantile.

    Parameters
    ----------
    name, long_name, unit : str
        As in the register of results.
    p05, p25, p50, p75, p95 : tuple of float or None
        Quantiles over the draws, quarter by quarter.
    """

    name: str
    long_name: str
    unit: str
    p05: tuple[float | None, ...]
    p25: tuple[float | None, ...]
    p50: tuple[float | None, ...]
    p75: tuple[float | None, ...]
    p95: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """What set off a default: an equation and its part of the entity's defaults."""

    equation: str
    meaning: str
    share: float


@dataclass(frozen=True, kw_only=True)
class DefaultLine:
    """How one entity fares: how often it defaults, when, and of which kind.

    Parameters
    ----------
    entity, name, role : str
        Who.
    ever : ShareOfDraws
        Share of draws with a default of this entity.
    by_quarter : tuple of float or None
        Share of draws in which it has defaulted by the end of each quarter.
    first : ShareOfDraws
        Share of draws in which its default is the first one (it may share the quarter with others).
    quarter : tuple of str or None
        10 %, 50 % and 90 % quantile of the quarter of default, among the draws with one.
    illiquid : float, optional
        Part of its defaults in which it would have survived had financiers looked at fundamentals only; None without a
        default.
    triggers : tuple of Trigger
        What set them off, most frequent first.
    recovery : Range
        Share of its debt recovered, among the draws with a default.
    recovery_secured, recovery_unsecured : Range
        The same for debt secured on its chips and sites, and for its other debt.
    unpaid : Range
        Claims on it that were never paid, USD bn, among the draws with a default.
    """

    entity: str
    name: str
    role: str
    ever: ShareOfDraws
    by_quarter: tuple[float | None, ...]
    first: ShareOfDraws
    quarter: tuple[str | None, str | None, str | None]
    illiquid: float | None
    triggers: tuple[Trigger, ...]
    recovery: Range
    recovery_secured: Range
    recovery_unsecured: Range
    unpaid: Range


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """Defaults of the whole sector.

    Parameters
    ----------
    any : ShareOfDraws
        At least one default.
    by_quarter : tuple of ShareOfDraws
        At least one default by the end of each quarter.
    at_least : tuple of ShareOfDraws
        At least one, two, three … defaults.
    together : ShareOfDraws
        At least two defaults within two quarters of each other.
    joint : tuple of ShareOfDraws
        At least two, three … defaults within two quarters of each other.
    first_quarter : tuple of str or None
        10 %, 50 %, 90 % quantile of the quarter of the first default, among draws with one.
    named : ShareOfDraws
        At least one default of a firm that the model holds one by one, or of its vehicles; groups of other firms are
        left out.
    groups : tuple of str
        Names of the groups of other firms that default in some draw.
    illiquid : float, optional
        Part of all defaults that are labelled illiquid.
    lines : tuple of DefaultLine
        Entities with a default in some draw, most frequent first.
    never : tuple of str
        Names of the operating firms that default in no draw.
    """

    any: ShareOfDraws
    named: ShareOfDraws
    groups: tuple[str, ...]
    by_quarter: tuple[ShareOfDraws, ...]
    at_least: tuple[ShareOfDraws, ...]
    together: ShareOfDraws
    joint: tuple[ShareOfDraws, ...]
    first_quarter: tuple[str | None, str | None, str | None]
    illiquid: float | None
    lines: tuple[DefaultLine, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HolderLoss:
    """Losses of one holder since the start, by the end of the run, USD bn; a gain is negative."""

    entity: str
    name: str
    role: str
    equity: Range
    credit: Range


@dataclass(frozen=True, kw_only=True)
class ClassLoss:
    """Loss of a class of shareholders on the whole share index since the start, USD bn; a gain is negative.

    The mean over draws adds up over classes; the quantiles do not.
    """

    name: str
    mean: float | None
    loss: Range


@dataclass(frozen=True, kw_only=True)
class RegimeShare:
    """How often a label fits, and the rule that decides it."""

    regime: str
    rule: str
    share: ShareOfDraws


@dataclass(frozen=True, kw_only=True)
class Horizon:
    """Results if one looks only this far.

    Parameters
    ----------
    quarters : int
        Quarters from the start.
    quarter : str
        The last of them.
    any_default : ShareOfDraws
        At least one default so far.
    mean_defaults : float, optional
        Mean number of defaults so far.
    market_value_change : Range
        Market value of the sector against the first quarter, as a share.
    capex : Range
        Capital spending of the sector, USD bn a year.
    end_user_spending : Range
        End-user spending, USD bn a year.
    """

    quarters: int
    quarter: str
    any_default: ShareOfDraws
    mean_defaults: float | None
    market_value_change: Range
    capex: Range
    end_user_spending: Range


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A parameter on which the result rests.

    Parameters
    ----------
    name, meaning, unit, block : str
        As in the register of parameters.
    value, low, high : float
        Central value and range.
    basis : str
        ``reported``, ``derived``, ``literature`` or ``assumed``; empty when not recorded.
    reason : str
        Why this value and range.
    outcome : str
        What the influence is on: the number of defaults, or the market value at the end when no draw differs in its
        number of defaults.
    influence : float, optional
        Rank correlation (Spearman) with the outcome, -1 to 1.
    noise : float, optional
        Size that chance alone exceeds in five of a hundred cases; an influence below it says nothing.
    default_if_low, default_if_high : float, optional
        Share of draws with a default by the end of 2030, or of the run, where the parameter is in its lowest and in its
        highest third.
    """

    name: str
    meaning: str
    unit: str
    block: str
    value: float
    low: float
    high: float
    basis: str
    reason: str
    outcome: str
    influence: float | None
    noise: float | None
    default_if_low: float | None
    default_if_high: float | None


@dataclass(frozen=True, kw_only=True)
class CodeCount:
    """How many draws ended with a result code; draws with another code than 0 enter no figure."""

    code: int
    meaning: str
    draws: int


@dataclass(frozen=True, kw_only=True)
class ChannelLoss:
    """Change of one issuer's market value since the start, split by channel; means over the draws, USD bn."""

    entity: str
    name: str
    by_channel: tuple[float | None, ...]
    total: float | None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How long a firm lasts if no new money comes in (quarters; None in a field means beyond the end).

    Parameters
    ----------
    entity, name : str
        Who.
    with_plans : Range
        Capital spending goes on as in the run.
    spending_stopped : Range
        Capital spending stops at once.
    beyond : float
        Share of draws in which it lasts to the end even with its plans.
    """

    entity: str
    name: str
    with_plans: Range
    spending_stopped: Range
    beyond: float


@dataclass(frozen=True, kw_only=True)
class FundingGap:
    """New money that a laboratory needs until a quarter, USD bn, in the draws in which it has not defaulted by then."""

    entity: str
    name: str
    until: str
    gap: Range
    draws: int


@dataclass(frozen=True, kw_only=True)
class MinskyShares:
    """Part of the sector's debt owed by each Minsky class, quarter by quarter, mean over draws, by one definition."""

    definition: str
    hedge: tuple[float | None, ...]
    speculative: tuple[float | None, ...]
    ponzi: tuple[float | None, ...]


def number(value: Any) -> float | None:
    """Turn a number into a float; NaN and infinity become None.

    >>> number(float("nan")), number(2)
    (None, 2.0)
    """
    result = float(value)
    return result if math.isfinite(result) else None


def plain(value: Any) -> Any:
    """Turn records into dictionaries and lists that JSON can hold.

    >>> plain(Range(p10=None, p50=1.0, p90=2.0))
    {'p10': None, 'p50': 1.0, 'p90': 2.0}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
