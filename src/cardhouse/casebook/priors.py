"""Reading of the ranges of the model's parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from cardhouse.basics.errors import ModelError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.quarter import Quarter
from cardhouse.basics.tables import Table
from cardhouse.facts.cells import CellReader
from cardhouse.facts.figures import check_range
from cardhouse.facts.register import Register
from cardhouse.facts.source import NO_SOURCE, Source
from cardhouse.model.parameters import PARAMETERS, SHAPES, ParameterSet

PRIOR_COLUMNS = (
    "name",
    "value",
    "low",
    "high",
    "shape",
    "unit",
    "block",
    "basis",
    "reason",
    "fact_refs",
    "source_title",
    "source_url",
    "source_date",
    "base_quarter",
)
LOST_SUPPORT = "assumed in this reading, a fact behind it is later or of a weaker tier; "
BASES = ("reported", "derived", "literature", "estimated", "assumed")
_SPECS = {spec.name: spec for spec in PARAMETERS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """Value and range of one parameter, with what they rest on."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    shape: str
    basis: str
    reason: str
    fact_refs: tuple[str, ...]
    source: Source
    base_quarter: str
    file: str
    line: int


PriorTable = dict[tuple[str, str], Prior]


def read_priors(table: Table, problems: list[Problem]) -> PriorTable:
    """Turn the rows of a table of priors into priors by (name, base quarter); problems are added to ``problems``."""
    priors: PriorTable = {}
    for row in table:
        found: list[Problem] = []
        prior = _prior(CellReader(row, found))
        key = (row["name"], row["base_quarter"])
        if key in priors:
            rule = f"one row per parameter and base quarter; it stands also in line {priors[key].line}"
            found.append(row.problem("name", rule, "remove one"))
        problems.extend(found)
        if prior is not None and not found:
            priors[key] = prior
    return priors


def _prior(cells: CellReader) -> Prior | None:
    row = cells.row
    spec = _SPECS.get(cells.required("name"))
    if spec is None:
        if row["name"]:
            cells.reject("name", "the model has a parameter of this name", suggestion(row["name"], _SPECS))
        return None
    if row["unit"] != spec.unit:
        cells.reject("unit", f"{spec.name} is stated in {spec.unit}", "convert the figure")
    if row["block"] and row["block"] != spec.block:
        cells.reject("block", f"{spec.name} belongs to block {spec.block}", "correct the block")
    value, low, high = (
        cells.number(key, minimum=spec.lower, maximum=spec.upper, what=f"the {key}") for key in ("value", "low", "high")
    )
    check_range(cells, "value", "low", "high")
    if value is None and not row["value"]:
        cells.reject("value", "a parameter has a value", "fill it")
    _check_words(cells)
    refs = cells.references("fact_refs")
    if value is None:
        return None
    return Prior(
        name=spec.name,
        unit=spec.unit,
        value=value,
        low=value if low is None else low,
        high=value if high is None else high,
        shape=row["shape"],
        basis=row["basis"],
        reason=row["reason"],
        fact_refs=refs,
        source=_source(cells),
        base_quarter=row["base_quarter"],
        file=row.file,
        line=row.line,
    )


def _source(cells: CellReader) -> Source:
    row = cells.row
    if not (row["source_title"] or row["source_url"]):
        return NO_SOURCE
    title = cells.required("source_title", "name the page or the paper")
    address = cells.address("source_url") if row["source_url"] else ""
    return Source(title, address, cells.date("source_date", last=True), row["source_date"])


def _check_words(cells: CellReader) -> None:
    row = cells.row
    if row["shape"] not in SHAPES:
        cells.reject("shape", "the shape is a word of the list", suggestion(row["shape"], SHAPES))
    if row["basis"] not in BASES:
        cells.reject("basis", "the basis is a word of the list", suggestion(row["basis"], BASES))
    if row["basis"] == "assumed" and row["shape"] != "fixed" and not (row["low"] and row["high"]):
        cells.reject("low", "an assumption has a range", "fill low and high")
    cells.required("reason", "say why this value and this range")
    if row["base_quarter"]:
        try:
            Quarter.parse(row["base_quarter"])
        except ValueError as reason:
            cells.reject("base_quarter", str(reason), "leave it empty if the row holds for every base quarter")


def check_priors(priors: PriorTable, facts: Collection[str], file: str) -> list[Problem]:
    """Return parameters of the model that have no row for every base quarter, and references to nothing."""
    problems = [
        Problem(
            file=file,
            key="name",
            rule=f"every parameter of the model has a row without a base quarter; '{name}' has none",
            remedy="add a row with value, range and reason",
        )
        for name in _SPECS
        if (name, "") not in priors
    ]
    return problems + _missing_facts(priors, facts)


def parameter_set(
    priors: PriorTable, quarter: Quarter | None, register: Register, problems: list[Problem], file: str
) -> tuple[ParameterSet | None, tuple[Prior, ...], int]:
    """Choose the row of the base quarter where there is one, and order them as the model wants them.

    Parameters
    ----------
    priors : mapping
        What was read; every parameter has a row.
    quarter : Quarter, optional
        The base quarter of the reading.
    register : Register
        The facts of the reading. A prior that rests on any other fact becomes an assumption: value and range stay, and
        the reason says so.
    problems : list of Problem
        Grows with what the model refuses.
    file : str
        Name of the table, for messages.

    Returns
    -------
    priors, rows, count : ParameterSet or None, tuple of Prior, int
        The priors of the reading, their rows, and how many became assumptions.
    """
    chosen: dict[str, Prior] = {}
    lost = 0
    for name in _SPECS:
        prior = priors.get((name, str(quarter))) or priors[(name, "")]
        if any(reference not in register for reference in prior.fact_refs):
            prior = replace(prior, basis="assumed", reason=f"{LOST_SUPPORT}{prior.reason}", fact_refs=())
            lost += 1
        chosen[name] = prior
    return _assemble(chosen, problems, file), tuple(chosen.values()), lost


def _assemble(chosen: Mapping[str, Prior], problems: list[Problem], file: str) -> ParameterSet | None:
    rows = [chosen[name] for name in _SPECS]
    try:
        return ParameterSet(
            values=np.array([row.value for row in rows]),
            low=np.array([row.low for row in rows]),
            high=np.array([row.high for row in rows]),
            shape=tuple(row.shape for row in rows),
            basis=tuple(row.basis for row in rows),
            reason=tuple(row.reason for row in rows),
            fact_refs=tuple(" ".join(row.fact_refs) for row in rows),
        )
    except ModelError as error:
        lines = {row.name: row.line for row in rows}
        problems.extend(
            Problem(
                file=file,
                line=lines.get(item.key, 0),
                key=item.key,
                value=item.value,
                rule=item.rule,
                remedy=item.remedy,
            )
            for item in error.problems
        )
        return None


def _missing_facts(priors: PriorTable, known: Collection[str]) -> list[Problem]:
    return [
        Problem(
            file=prior.file,
            line=prior.line,
            key="fact_refs",
            value=name,
            rule="a reference names a fact of the case",
            remedy=suggestion(name, known),
        )
        for prior in priors.values()
        for name in prior.fact_refs
        if name not in known
    ]
