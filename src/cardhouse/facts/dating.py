"""From which day a row may be used without looking ahead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cardhouse.basics.quarter import parse_day
from cardhouse.facts.vocabulary import Dating


@dataclass(frozen=True)
class Collection:
    """When the rows of a case were gathered, and how late accounts appear.

    Parameters
    ----------
    ended : date
        Day of the newest page; no row can have become known later.
    reporting_lag_days : int
        Days between the end of a period and the publication of its accounts, used only for accounts whose page carries
        no date.
    """

    ended: dt.date
    reporting_lag_days: int


def known_day(
    collection: Collection, *, stated: str, as_of: str, source_date: str, is_account: bool
) -> tuple[dt.date, Dating]:
    """Return the day from which a row may be used, and what that day rests on.

    The rule: a day that the row states (marked as vouched for when it is earlier than the rest of the rule gives); else
    the later of the day it holds for and the date of the page; else, for a page without a date, the day it holds for,
    plus the reporting lag if the row is an account of a period; else the end of the collection. A day known only by its
    month or year counts from the last day of that month or year. No day is later than the end of the collection.

    Parameters
    ----------
    collection : Collection
        When the rows were gathered.
    stated, as_of, source_date : str
        The three dates of the row, each empty when unknown.
    is_account : bool
        True for sales, profit, cash, debt and the like, which are published after their period has ended.

    Raises
    ------
    ValueError
        When a date is malformed.

    Examples
    --------
    >>> end = Collection(dt.date(2026, 7, 3), 40)
    >>> known_day(end, stated="", as_of="2025-12-31", source_date="2026-01", is_account=True)
    (datetime.date(2026, 1, 31), <Dating.SOURCE: 'source'>)
    >>> known_day(end, stated="", as_of="2025-12-31", source_date="", is_account=True)
    (datetime.date(2026, 2, 9), <Dating.AS_OF_WITH_LAG: 'as_of_with_lag'>)
    """
    if stated:
        usual, _ = known_day(collection, stated="", as_of=as_of, source_date=source_date, is_account=is_account)
        day = min(parse_day(stated, last=True), collection.ended)
        return day, Dating.VOUCHED if day < usual else Dating.STATED
    held = parse_day(as_of, last=True) if as_of else None
    page = parse_day(source_date, last=True) if source_date else None
    if page is not None:
        latest = page if held is None else max(held, page)
        return min(latest, collection.ended), Dating.SOURCE
    if held is None:
        return collection.ended, Dating.COLLECTION
    if is_account:
        return min(held + dt.timedelta(days=collection.reporting_lag_days), collection.ended), Dating.AS_OF_WITH_LAG
    return min(held, collection.ended), Dating.AS_OF
