"""Contracts and assets between two entities, as the evidence states them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection as IdCollection
from dataclasses import dataclass
from enum import StrEnum

from cardhouse.basics.errors import Problem
from cardhouse.basics.tables import Table
from cardhouse.facts.cells import CellReader
from cardhouse.facts.fact import Fact
from cardhouse.facts.figures import (
    Setting,
    check_order_of_dates,
    check_range,
    read_known_day,
    read_source,
)
from cardhouse.facts.vocabulary import Basis, RelationKind, Status, Tag, Unit

RELATION_COLUMNS = (
    "id",
    "kind",
    "holder",
    "obligor",
    "headline",
    "headline_low",
    "headline_high",
    "binding",
    "binding_low",
    "binding_high",
    "conditional",
    "conditional_low",
    "conditional_high",
    "percent",
    "start",
    "end",
    "status",
    "trigger",
    "take_or_pay_share",
    "as_of",
    "known_on",
    "basis",
    "tags",
    "overlap_of",
    "superseded_by",
    "source_title",
    "source_url",
    "source_date",
    "tier",
    "note",
)


class LeftOut(StrEnum):
    """Why a contract does not enter totals."""

    AGGREGATE = "aggregate"
    OVERLAP = "overlap"
    SUPERSEDED = "superseded"
    ACTUAL = "actual"
    VALUATION = "valuation"
    CANCELLED = "cancelled"
    RUMOURED = "rumoured"
    LETTER_OF_INTENT = "letter_of_intent"
    REDUCED = "reduced"
    NO_AMOUNT = "no_amount"  # the contract exists, its size was never published


_LEFT_OUT_TAGS = (Tag.SUPERSEDED, Tag.OVERLAP, Tag.AGGREGATE, Tag.ACTUAL, Tag.VALUATION)
_LEFT_OUT_STATUS = frozenset({Status.CANCELLED, Status.RUMOURED, Status.LETTER_OF_INTENT, Status.REDUCED})


@dataclass(frozen=True, slots=True)
class Range:
    """A figure in USD bn with its range; None means unknown."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether there is any number."""
        return (self.value, self.low, self.high) != (None, None, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """One contract or asset.

    Parameters
    ----------
    fact : Fact
        The row as a fact: headline amount, source, dates, tier, status, tags. Its subject is the holder, its
        counterparty the obligor.
    kind : RelationKind
        What it is.
    headline, binding, conditional : Range
        What was announced, what would have to be paid whatever happens, and what depends on a condition. Three views of
        one contract, never added.
    percent : float, optional
        Share of the obligor's equity, of the seller's sales or of the payer's revenue.
    start, end : date, optional
        First and last day.
    trigger : str
        What makes a conditional amount due.
    take_or_pay_share : float, optional
        Share of the binding amount due even if nothing is used, 0 to 1.
    overlap_of, superseded_by : tuple of str
        Contracts that hold the same money, or that replaced this one. As long as none of them is known, the row counts.
    """

    fact: Fact
    kind: RelationKind
    headline: Range
    binding: Range
    conditional: Range
    percent: float | None
    start: dt.date | None
    end: dt.date | None
    trigger: str
    take_or_pay_share: float | None
    overlap_of: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()

    def tags_when_known(self, known: IdCollection[str]) -> frozenset[Tag]:
        """Return the tags that hold while only the contracts of ``known`` are known.

        A row that repeats the money of another one, or was replaced by it, counts in full before that other row is
        known; otherwise the world of an earlier day would miss a contract that everyone knew.
        """
        tags = set(self.fact.tags)
        for tag, others in ((Tag.OVERLAP, self.overlap_of), (Tag.SUPERSEDED, self.superseded_by)):
            if others and not any(other in known for other in others):
                tags.discard(tag)
        return frozenset(tags)

    def left_out(self, known: IdCollection[str] | None = None) -> LeftOut | None:
        """Return why the contract does not enter totals; None when it does."""
        tags = self.fact.tags if known is None else self.tags_when_known(known)
        for tag in _LEFT_OUT_TAGS:
            if tag in tags:
                return LeftOut(tag.value)
        if self.fact.status in _LEFT_OUT_STATUS and self.fact.status is not None:
            return LeftOut(self.fact.status.value)
        if not (self.headline.is_known or self.percent is not None):
            return LeftOut.NO_AMOUNT
        return None


def read_relations(table: Table, setting: Setting, problems: list[Problem]) -> list[Relation]:
    """Turn the rows of a table of contracts into relations; every problem is added to ``problems``."""
    relations = []
    for row in table:
        found: list[Problem] = []
        relation = _relation(CellReader(row, found), setting)
        if found or relation is None:
            problems.extend(found)
        else:
            relations.append(relation)
    return relations


def _relation(cells: CellReader, setting: Setting) -> Relation | None:
    fact = _fact(cells, setting)
    headline, binding, conditional = (_range(cells, key) for key in ("headline", "binding", "conditional"))
    _check_within_headline(cells, headline, binding, conditional)
    kind = cells.word("kind", RelationKind, RelationKind.LOAN)
    percent = cells.number("percent", minimum=0, maximum=100, what="the percentage")
    start, end = cells.date("start"), cells.date("end", last=True)
    if start is not None and end is not None and end < start:
        cells.reject("end", f"a contract does not end before it starts; it starts {cells.row['start']}", "correct one")
    share = cells.number("take_or_pay_share", minimum=0, maximum=1, what="the share")
    overlap_of, superseded_by = cells.references("overlap_of"), cells.references("superseded_by")
    _check_tag_columns(cells, fact)
    if fact is None:
        return None
    return Relation(
        fact=fact,
        kind=kind,
        headline=headline,
        binding=binding,
        conditional=conditional,
        percent=percent,
        start=start,
        end=end,
        trigger=cells.row["trigger"],
        take_or_pay_share=share,
        overlap_of=overlap_of,
        superseded_by=superseded_by,
    )


def _fact(cells: CellReader, setting: Setting) -> Fact | None:
    row = cells.row
    basis = cells.word("basis", Basis, Basis.REPORTED)
    source, tier = read_source(cells, basis)
    if basis is Basis.ASSUMED:
        _check_assumed(cells)
    check_order_of_dates(cells, basis)
    day = read_known_day(cells, setting, is_account=False)
    fact_id = cells.identifier("id")
    holder = cells.identifier("holder", setting.entities)
    obligor = cells.identifier("obligor", setting.entities)
    if holder and holder == obligor:
        cells.reject("obligor", "nobody has a contract with itself", "name the other side")
    status = cells.word("status", Status, Status.REPORTED)
    tags = cells.word_set("tags", Tag)
    as_of = cells.date("as_of")
    if day is None:
        return None
    probe = CellReader(row, [])
    return Fact(
        id=fact_id,
        subject=holder,
        metric=row["kind"],
        counterparty=obligor,
        value=probe.number("headline"),
        low=probe.number("headline_low"),
        high=probe.number("headline_high"),
        unit=Unit.USD_BN.value,
        period="",
        as_of=as_of,
        as_of_text=row["as_of"],
        known_on=day[0],
        dating=day[1],
        basis=basis,
        source=source,
        confidence=tier,
        status=status,
        tags=tags,
        note=row["note"],
        file=row.file,
        line=row.line,
    )


def _check_assumed(cells: CellReader) -> None:
    if not (cells.row["headline_low"] and cells.row["headline_high"]):
        cells.reject("headline_low", "an assumption has a range", "fill headline_low and headline_high")
    if not cells.row["note"]:
        cells.reject("note", "an assumption has a reason", "write it into the note")


def _check_tag_columns(cells: CellReader, fact: Fact | None) -> None:
    if fact is None:
        return
    for column, tag in (("overlap_of", Tag.OVERLAP), ("superseded_by", Tag.SUPERSEDED)):
        if cells.row[column] and tag not in fact.tags:
            cells.reject(
                column, f"a row that names another one here carries the tag {tag.value}", f"add the tag {tag.value}"
            )


def _range(cells: CellReader, key: str) -> Range:
    value, low, high = (cells.number(name, minimum=0, what="an amount") for name in (key, f"{key}_low", f"{key}_high"))
    check_range(cells, key, f"{key}_low", f"{key}_high")
    return Range(value, low, high)


def _check_within_headline(cells: CellReader, headline: Range, binding: Range, conditional: Range) -> None:
    top = headline.high if headline.high is not None else headline.value
    if top is None:
        return
    for key, part in (("binding", binding), ("conditional", conditional)):
        for name, amount in ((key, part.value), (f"{key}_high", part.high)):
            if amount is not None and amount > top * (1 + 1e-9):
                cells.reject(name, f"a part is not larger than the headline amount of {top:g}", "correct one of them")
