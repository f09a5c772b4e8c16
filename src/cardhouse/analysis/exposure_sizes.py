"""Sizes of firms that have no opening balance of their own, from the facts of a case."""

from __future__ import annotations

import datetime as dt

from cardhouse.analysis.exposure import HolderSize
from cardhouse.facts.fact import Fact
from cardhouse.facts.register import Register
from cardhouse.network.instrument import SourceNote
from cardhouse.network.snapshot import Cell

# a traded value says more than the price of a private round
_METRICS = ("private_valuation", "market_cap")


def sizes_from_facts(register: Register) -> dict[str, HolderSize]:
    """Return the newest market value of every firm that the facts give one for.

    Parameters
    ----------
    register : Register
        Facts of one reading; the newest day wins, a traded value before the price of a private round.

    Returns
    -------
    dict of entity to HolderSize
        Without book equity: the facts hold it for no firm outside the opening balances.
    """
    newest: dict[str, Fact] = {}
    for metric in _METRICS:
        traded: dict[str, Fact] = {}
        for fact in register.select(metric=metric):
            if _is_usable(fact) and _day(fact) >= _day(traded.get(fact.subject)):
                traded[fact.subject] = fact
        newest |= traded
    return {subject: HolderSize(market_value=_cell(fact)) for subject, fact in newest.items()}


def _is_usable(fact: Fact) -> bool:
    return fact.unit == "usd_bn" and fact.central is not None and fact.as_of is not None and fact.counts


def _day(fact: Fact | None) -> dt.date:
    return dt.date.min if fact is None or fact.as_of is None else fact.as_of


def _cell(fact: Fact) -> Cell:
    source = SourceNote(fact.source.title, fact.source.address, fact.source.date_text)
    return Cell(
        value=fact.central,
        low=fact.low,
        high=fact.high,
        unit=fact.unit,
        basis=fact.basis.value,
        fact_ids=(fact.id,),
        formula=f"{fact.metric} of {_day(fact)}",
        source=source,
    )
