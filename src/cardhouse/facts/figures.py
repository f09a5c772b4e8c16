"""Reading of the tables of figures: one row is one cited number about one subject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection as IdCollection
from dataclasses import dataclass

from cardhouse.basics.errors import Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.tables import Table
from cardhouse.facts.cells import CellReader
from cardhouse.facts.dating import Collection, known_day
from cardhouse.facts.fact import Fact
from cardhouse.facts.metrics import Metric, metric_register
from cardhouse.facts.source import Source
from cardhouse.facts.vocabulary import Basis, Dating, Tag, Tier, Unit, Unused

FIGURE_COLUMNS = (
    "id",
    "subject",
    "metric",
    "value",
    "low",
    "high",
    "text",
    "unit",
    "period",
    "as_of",
    "known_on",
    "basis",
    "tags",
    "unused",
    "formula",
    "inputs",
    "source_title",
    "source_url",
    "source_date",
    "tier",
    "note",
)


@dataclass(frozen=True)
class Setting:
    """What a reader of rows must know about the case.

    Parameters
    ----------
    entities : collection of str
        Identifiers that a row may name.
    collection : Collection
        When the rows were gathered.
    """

    entities: IdCollection[str]
    collection: Collection


def read_figures(table: Table, setting: Setting, problems: list[Problem]) -> list[Fact]:
    """Turn the rows of a table of figures into facts; every problem is added to ``problems``.

    A row with a problem gives no fact, so the caller must raise if ``problems`` has grown.
    """
    facts = []
    for row in table:
        found: list[Problem] = []
        fact = _figure(CellReader(row, found), setting)
        if found or fact is None:
            problems.extend(found)
        else:
            facts.append(fact)
    return facts


def _figure(cells: CellReader, setting: Setting) -> Fact | None:
    row = cells.row
    metric = _metric(cells)
    unit = cells.word("unit", Unit, Unit.TEXT)
    basis = cells.word("basis", Basis, Basis.REPORTED)
    value, low, high = _numbers(cells, metric, unit)
    _check_basis(cells, basis, unit)
    source, tier = read_source(cells, basis)
    check_order_of_dates(cells, basis)
    day = read_known_day(cells, setting, is_account=metric is not None and metric.account and basis is not Basis.GUIDED)
    fact_id = cells.identifier("id")
    subject = cells.identifier("subject", setting.entities)
    as_of = cells.date("as_of")
    inputs = cells.references("inputs")
    tags = cells.word_set("tags", Tag)
    unused = cells.optional_word("unused", Unused)
    if day is None:
        return None
    return Fact(
        id=fact_id,
        subject=subject,
        metric=row["metric"],
        value=value,
        low=low,
        high=high,
        text=row["text"],
        unit=unit.value,
        period=row["period"],
        as_of=as_of,
        as_of_text=row["as_of"],
        known_on=day[0],
        dating=day[1],
        basis=basis,
        source=source,
        confidence=tier,
        tags=tags,
        unused=unused,
        note=row["note"],
        formula=row["formula"],
        inputs=inputs,
        file=row.file,
        line=row.line,
    )


def _metric(cells: CellReader) -> Metric | None:
    name = cells.required("metric")
    register = metric_register()
    metric = register.get(name)
    if name and metric is None:
        remedy = f"{suggestion(name, register)} A new measure is first entered in facts/metrics.csv"
        cells.reject("metric", "the metric is a measure of the register", remedy)
    return metric


def _numbers(cells: CellReader, metric: Metric | None, unit: Unit) -> tuple[float | None, float | None, float | None]:
    if metric is not None and unit not in metric.units:
        allowed = " or ".join(sorted(metric.units))
        cells.reject("unit", f"{metric.name} is stated in {allowed}", "convert the figure, or correct the metric")
    minimum = float("-inf") if metric is None or metric.signed else 0.0
    maximum = float("inf") if metric is None or metric.maximum is None or unit is not Unit.PERCENT else metric.maximum
    value, low, high = (
        cells.number(key, minimum=minimum, maximum=maximum, what=f"the {key}") for key in ("value", "low", "high")
    )
    if unit is Unit.TEXT:
        cells.required("text", "a row in words needs its words")
    elif not (cells.row["value"] or (cells.row["low"] and cells.row["high"])):
        cells.reject("value", "a figure or both ends of a range are given", "fill value, or low and high")
    check_range(cells, "value", "low", "high")
    return value, low, high


def check_range(cells: CellReader, value: str, low: str, high: str) -> None:
    """Require low <= value <= high among the cells that are filled."""
    cells.in_order(low, high, "the range runs upwards")
    cells.in_order(low, value, "the figure lies inside its range")
    cells.in_order(value, high, "the figure lies inside its range")


def _check_basis(cells: CellReader, basis: Basis, unit: Unit) -> None:
    row = cells.row
    if basis is Basis.ASSUMED and unit is not Unit.TEXT and not (row["low"] and row["high"]):
        cells.reject("low", "an assumption has a range", "fill low and high")
    if basis is Basis.ASSUMED and not row["note"]:
        cells.reject("note", "an assumption has a reason", "write it into the note")
    if basis is Basis.DERIVED and not (row["formula"] or row["note"]):
        cells.reject("formula", "a derived number says how it was worked out", "fill formula and inputs")


def read_source(cells: CellReader, basis: Basis) -> tuple[Source, Tier | None]:
    """Read title, address, date and tier; only an assumption may do without."""
    row = cells.row
    if basis is Basis.ASSUMED and not (row["source_title"] or row["source_url"]):
        return Source("", ""), cells.optional_word("tier", Tier)
    title = cells.required("source_title", "name the page; a number without a source is an assumption")
    address = cells.address("source_url")
    date = cells.date("source_date", last=True)
    return Source(title, address, date, row["source_date"]), cells.word("tier", Tier, Tier.SECONDARY)


def check_order_of_dates(cells: CellReader, basis: Basis) -> None:
    """Refuse a figure that holds for a day after the page that states it, unless it is an outlook."""
    row = cells.row
    if basis is Basis.GUIDED or not (row["as_of"] and row["source_date"]):
        return
    held, page = quiet_date(cells, "as_of"), quiet_date(cells, "source_date", last=True)
    if held is not None and page is not None and held > page:
        rule = f"a page cannot report a later day; its date is {row['source_date']}"
        cells.reject("as_of", rule, "correct one of the dates, or set the basis to guided")


def quiet_date(cells: CellReader, key: str, *, last: bool = False) -> dt.date | None:
    """Read a date without recording a problem, for comparisons; the cell is judged elsewhere."""
    return CellReader(cells.row, []).date(key, last=last)


def read_known_day(cells: CellReader, setting: Setting, *, is_account: bool) -> tuple[dt.date, Dating] | None:
    """Return the day from which the row may be used; None when a date is malformed, which is recorded."""
    row = cells.row
    try:
        return known_day(
            setting.collection,
            stated=row["known_on"],
            as_of=row["as_of"],
            source_date=row["source_date"],
            is_account=is_account,
        )
    except ValueError:
        for key in ("known_on", "as_of", "source_date"):
            cells.date(key)
        return None
