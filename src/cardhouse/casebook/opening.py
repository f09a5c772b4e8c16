"""Reading of the opening table and recomputation of the cells that carry a formula."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from cardhouse.basics.errors import Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.quarter import Quarter
from cardhouse.basics.tables import Row, Table
from cardhouse.casebook.items import Item, item_of, item_suggestion
from cardhouse.facts.cells import CellReader
from cardhouse.facts.derivation import Cells, FormulaError, check_formula
from cardhouse.facts.figures import check_range, read_source
from cardhouse.facts.source import Source
from cardhouse.facts.vocabulary import Basis, Tier

OPENING_COLUMNS = (
    "agent",
    "item",
    "quarter",
    "value",
    "low",
    "high",
    "text",
    "unit",
    "basis",
    "formula",
    "reason",
    "fact_refs",
    "vintage",
    "source_title",
    "source_url",
    "source_date",
    "tier",
)
MARKETS = "markets"
# Stated figures are rounded to three or four digits; a recomputed one may differ by that much and no more.
ROUNDING_RELATIVE = 0.004
ROUNDING_ABSOLUTE = 0.05


class Vintage(StrEnum):
    """Why a figure may stand although its page is dated after the day on which the quarter is read."""

    LATER_PAGE = "later_page"  # the figure was public in time; the page that was seen is dated later
    UNDATED_PAGE = "undated_page"  # the page carries no date and repeats a figure of the time


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningRow:
    """One figure of an opening balance.

    Parameters
    ----------
    agent, item : str
        Whose figure it is, and which.
    value, low, high : float, optional
        Figure and range; None means unknown.
    text : str
        Words where the item is no number (a rating).
    unit : str
        Unit of the figure.
    basis : Basis
        How it came to be.
    formula : str
        Arithmetic on other cells that gives the value; empty when there is none.
    reason : str
        How it was worked out, or why it is assumed.
    fact_refs : tuple of str
        Facts it rests on.
    vintage : Vintage, optional
        Why a later page may stand behind it.
    source : Source
        Page it was read from.
    tier : Tier, optional
        Where the page's figure comes from; None when the facts say it, or when it is assumed.
    file, line : str, int
        Where it stands.
    """

    agent: str
    item: str
    value: float | None
    low: float | None
    high: float | None
    text: str
    unit: str
    basis: Basis
    formula: str
    reason: str
    fact_refs: tuple[str, ...]
    vintage: Vintage | None
    source: Source
    tier: Tier | None
    file: str
    line: int

    def problem(self, key: str, value: object, rule: str, remedy: str = "") -> Problem:
        """Describe what is wrong with this row."""
        return Problem(file=self.file, line=self.line, key=key, value=str(value), rule=rule, remedy=remedy)


Opening = dict[tuple[str, str], OpeningRow]


def read_opening(
    table: Table, entities: Collection[str], quarters: Collection[Quarter], problems: list[Problem]
) -> dict[Quarter, Opening]:
    """Turn the rows of an opening table into one opening per base quarter; problems are added to ``problems``."""
    openings: dict[Quarter, Opening] = {quarter: {} for quarter in quarters}
    known_quarters = {str(quarter): quarter for quarter in quarters}
    for row in table:
        found: list[Problem] = []
        cells = CellReader(row, found)
        quarter = known_quarters.get(row["quarter"])
        if quarter is None:
            cells.reject(
                "quarter", "the quarter is a base quarter of case.yaml", suggestion(row["quarter"], known_quarters)
            )
        opening_row = _row(cells, entities)
        key = (opening_row.agent, opening_row.item)
        if quarter is not None and key in openings[quarter]:
            rule = f"one figure per agent, item and quarter; it stands also in line {openings[quarter][key].line}"
            cells.reject("item", rule, "remove one")
        problems.extend(found)
        if quarter is not None and not found:
            openings[quarter][key] = opening_row
    return openings


def _row(cells: CellReader, entities: Collection[str]) -> OpeningRow:
    row = cells.row
    item = _item(cells)
    basis = cells.word("basis", Basis, Basis.ASSUMED)
    value, low, high = _numbers(cells, item)
    _check_basis(cells, basis, item)
    agent = row["agent"] if row["agent"] == MARKETS else cells.identifier("agent", entities)
    source, tier = _source(cells)
    if row["formula"]:
        try:
            check_formula(row["formula"])
        except FormulaError as reason:
            cells.reject("formula", str(reason), "see the reference of facts for what a formula may hold")
    return OpeningRow(
        agent=agent,
        item=row["item"],
        value=value,
        low=low,
        high=high,
        text=row["text"],
        unit=row["unit"],
        basis=basis,
        formula=row["formula"],
        reason=row["reason"],
        fact_refs=cells.references("fact_refs"),
        vintage=cells.optional_word("vintage", Vintage),
        source=source,
        tier=tier,
        file=row.file,
        line=row.line,
    )


def _item(cells: CellReader) -> Item | None:
    name = cells.required("item")
    item = item_of(name)
    if name and item is None:
        cells.reject("item", "the item is one of the register", item_suggestion(name))
    if item is not None and cells.row["unit"] != item.unit:
        cells.reject("unit", f"{name} is stated in {item.unit}", "convert the figure")
    return item


def _numbers(cells: CellReader, item: Item | None) -> tuple[float | None, float | None, float | None]:
    minimum = float("-inf") if item is None or item.signed else 0.0
    maximum = float("inf") if item is None or item.maximum is None else item.maximum
    if item is not None and item.unit == "text":
        cells.required("text")
        return None, None, None
    numbers = (
        cells.number("value", minimum=minimum, maximum=maximum, what="the figure"),
        cells.number("low", minimum=minimum, what="the low end"),
        cells.number("high", what="the high end"),
    )
    if not cells.row["value"]:
        cells.reject("value", "an opening figure is given", "state it, or assume one with a range and a reason")
    check_range(cells, "value", "low", "high")
    return numbers


def _check_basis(cells: CellReader, basis: Basis, item: Item | None) -> None:
    row = cells.row
    is_number = item is not None and item.unit != "text"
    if basis is Basis.ASSUMED and is_number and not (row["low"] and row["high"]):
        cells.reject("low", "an assumption has a range", "fill low and high")
    if basis in {Basis.ASSUMED, Basis.DERIVED, Basis.ESTIMATED} and not (row["reason"] or row["formula"]):
        cells.reject("reason", f"a figure that is {basis} says why", "write how it was worked out")
    if basis in {Basis.REPORTED, Basis.GUIDED} and not (row["fact_refs"] or row["source_title"]):
        cells.reject(
            "source_title", f"a figure that is {basis} has a source", "name facts or a page, or set it to assumed"
        )


def _source(cells: CellReader) -> tuple[Source, Tier | None]:
    row = cells.row
    tier = cells.optional_word("tier", Tier)
    if not (row["source_title"] or row["source_url"]):
        return Source("", ""), tier
    page = Row(row.file, row.line, {**row.cells, "tier": row["tier"] or Tier.SECONDARY})
    found: list[Problem] = []
    source, _ = read_source(CellReader(page, found), Basis.REPORTED)
    for problem in found:
        cells.reject(problem.key, problem.rule, problem.remedy)
    return source, tier


def recompute(opening: Opening, problems: list[Problem], *, check: bool = True) -> Opening:
    """Put the exact result of its formula into every cell that has one.

    Parameters
    ----------
    opening : mapping of (agent, item) to OpeningRow
        The figures as stated, rounded.
    problems : list of Problem
        Grows with formulas that cannot be computed, and with stated figures that their formula does not give.
    check : bool
        Whether to compare with the stated figure.

    Returns
    -------
    mapping
        A new opening in which computed cells hold unrounded results, so that balances close.
    """
    items: dict[str, dict[str, float | None]] = {}
    formulas: dict[tuple[str, str], str] = {}
    for (agent, item), row in opening.items():
        if row.unit != "text":
            items.setdefault(agent, {})[item] = row.value
        if row.formula:
            formulas[(agent, item)] = row.formula
    cells = Cells(items, formulas)
    result = dict(opening)
    for key in formulas:
        row = opening[key]
        try:
            value = cells.value(*key)
        except FormulaError as reason:
            problems.append(row.problem("formula", row.formula, str(reason), "correct the formula"))
            continue
        if check and row.value is not None and not _agrees(row.value, value):
            rule = f"the formula gives {value:.6g}, which is not the stated figure"
            problems.append(row.problem("value", row.value, rule, "correct one of them"))
            continue
        result[key] = replace(row, value=value, low=_lower(row.low, value), high=_upper(row.high, value))
    return result


def _agrees(stated: float, computed: float) -> bool:
    return abs(stated - computed) <= ROUNDING_RELATIVE * max(abs(stated), abs(computed)) + ROUNDING_ABSOLUTE


def _lower(low: float | None, value: float) -> float | None:
    return None if low is None else min(low, value)


def _upper(high: float | None, value: float) -> float | None:
    return None if high is None else max(high, value)
