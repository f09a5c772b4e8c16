"""Macroeconomic paths in the column form in which the Federal Reserve publishes its supervisory scenarios.

A severe path is read against a baseline path of the same quarters; the difference becomes shocks. Columns that the
model has no place for are accepted and left unused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from cardhouse.basics.errors import InputError, Problem, ScenarioError, raise_if_any
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.quarter import Quarter
from cardhouse.basics.tables import Row, Table, read_table
from cardhouse.scenarios.shock import Moment, Reference, Shock
from cardhouse.scenarios.variables import OKUN, VARIABLE_BY_NAME

PUBLISHED_COLUMNS: tuple[str, ...] = (
    "Scenario Name",
    "Date",
    "Real GDP growth",
    "Nominal GDP growth",
    "Real disposable income growth",
    "Nominal disposable income growth",
    "Unemployment rate",
    "CPI inflation rate",
    "3-month Treasury rate",
    "5-year Treasury yield",
    "10-year Treasury yield",
    "BBB corporate yield",
    "Mortgage rate",
    "Prime rate",
    "Dow Jones Total Stock Market Index (Level)",
    "House Price Index (Level)",
    "Commercial Real Estate Price Index (Level)",
    "Market Volatility Index (Level)",
)
MARKET_MULTIPLIER = 5.0
_GDP, _JOBS, _BILL, _LONG, _BBB, _STOCKS = (PUBLISHED_COLUMNS[k] for k in (2, 6, 8, 10, 11, 14))
USED_COLUMNS: tuple[str, ...] = (_GDP, _JOBS, _BILL, _LONG, _BBB, _STOCKS)
_SOURCE = Reference(
    title="Board of Governors of the Federal Reserve System, proposed 2026 stress test scenarios",
    address="https://www.federalreserve.gov/supervisionreg/stress-tests-capital-planning.htm",
    date="2025-10",
)
_GABAIX_KOIJEN = Reference(
    title="Gabaix and Koijen, In search of the origins of financial fluctuations: the inelastic markets hypothesis",
    address="https://www.nber.org/papers/w28967",
    date="2021",
)
Figures = dict[str, list[float]]


def macro_shocks(path: Path, baseline: Path, start: Moment) -> tuple[Shock, ...]:
    """Turn a severe path and its baseline into shocks.

    Parameters
    ----------
    path, baseline : Path
        CSV files with the published columns, one row per quarter, the same quarters in both. Rates and growth in per
        cent a year, indices as levels.
    start : Moment
        The simulated quarter of the first row.

    Returns
    -------
    tuple of Shock
        Paths for the policy rate (3-month rate), term premium (10-year less 3-month), credit spread (BBB less
        10-year), market flow, unemployment and output gap, each as severe less baseline. The output gap brings
        unemployment with it (K4); the shock to unemployment is the rest of the published rise, so that it is not
        counted twice. What the sector itself does to output, unemployment and share prices comes on top of the
        published path. The market flow is the change of the log distance between the two index levels, divided by the
        aggregate multiplier of 5 of Gabaix and Koijen (2021): fed through the model's price equation at its central
        multiplier it gives the published fall. Levels are held after the last row, flows end.

    Raises
    ------
    ScenarioError
        With every problem of both files.
    """
    severe, calm = _read(path), _read(baseline)
    problems = _mismatch(severe, calm, path, baseline)
    raise_if_any(problems, ScenarioError)
    return _shocks(severe[1], calm[1], start)


def _shocks(severe: Figures, calm: Figures, start: Moment) -> tuple[Shock, ...]:
    def gap(figures: Callable[[Figures], list[float]]) -> list[float]:
        return [bad - good for bad, good in zip(figures(severe), figures(calm), strict=True)]

    growth = gap(lambda data: data[_GDP])
    output = [sum(growth[: k + 1]) / 400.0 for k in range(len(growth))]
    logs = gap(lambda data: [math.log(level) for level in data[_STOCKS]])
    flows = [(logs[k] - (logs[k - 1] if k else 0.0)) / MARKET_MULTIPLIER for k in range(len(logs))]
    jobs = gap(lambda data: data[_JOBS])
    levels = {
        "policy_rate": [x / 100 for x in gap(lambda data: data[_BILL])],
        "term_premium": [x / 100 for x in gap(lambda data: _less(data[_LONG], data[_BILL]))],
        "credit_spread": [x / 100 for x in gap(lambda data: _less(data[_BBB], data[_LONG]))],
        "unemployment": [rate / 100 + OKUN * below for rate, below in zip(jobs, output, strict=True)],
        "gdp_gap": output,
    }
    shocks = [_path(name, values, start) for name, values in levels.items()]
    return (*shocks, _path("market_flow", flows, start))


def _less(first: list[float], second: list[float]) -> list[float]:
    return [a - b for a, b in zip(first, second, strict=True)]


def _path(name: str, values: Sequence[float], start: Moment) -> Shock:
    flow = name == "market_flow"
    why = "Severely adverse less baseline path of the published scenario"
    if flow:
        why += ", divided by the aggregate multiplier of 5, so that the price equation gives the published fall"
    return Shock(
        variable=VARIABLE_BY_NAME[name],
        start=start,
        shape="path",
        values=tuple(round(value, 12) for value in values),
        then="neutral" if flow else "hold",
        basis="reported",
        rationale=why + ".",
        references=(_SOURCE, _GABAIX_KOIJEN) if flow else (_SOURCE,),
    )


def _read(path: Path) -> tuple[list[Quarter], Figures]:
    try:
        table = read_table(path)
    except InputError as error:
        raise ScenarioError(error.message, error.problems) from None
    raise_if_any(_header(table), ScenarioError)
    problems: list[Problem] = []
    quarters: list[Quarter] = []
    figures: Figures = {column: [] for column in USED_COLUMNS}
    for row in table:
        quarters += _quarter(row, quarters, problems)
        for column in PUBLISHED_COLUMNS[2:]:
            value = _number(row, column, problems)
            if column in figures:
                figures[column].append(value)
    if not len(table):
        problems.append(Problem(file=table.file, rule="the table has no rows", remedy="give one row per quarter"))
    names = {row["Scenario Name"] for row in table}
    if len(names) > 1:
        rule, remedy = "the file holds one scenario", "split it by scenario name"
        problems.append(
            Problem(file=table.file, key="Scenario Name", value=", ".join(sorted(names)), rule=rule, remedy=remedy)
        )
    raise_if_any(problems, ScenarioError)
    return quarters, figures


def _header(table: Table) -> list[Problem]:
    missing = [column for column in PUBLISHED_COLUMNS if column not in table.columns]
    unknown = [column for column in table.columns if column not in PUBLISHED_COLUMNS]
    found = [Problem(file=table.file, line=1, key=c, rule="the column is missing", remedy="add it") for c in missing]
    for column in unknown:
        remedy = suggestion(column, PUBLISHED_COLUMNS)
        found.append(Problem(file=table.file, line=1, key=column, rule="there is no such column", remedy=remedy))
    return found


def _quarter(row: Row, before: list[Quarter], problems: list[Problem]) -> list[Quarter]:
    try:
        quarter = Quarter.parse(row["Date"].replace(" ", ""))
    except ValueError:
        problems.append(row.problem("Date", "the date is a quarter", "write it as 2026 Q1"))
        return []
    if before and quarter - before[-1] != 1:
        problems.append(row.problem("Date", f"the quarters follow one another: after {before[-1]}", "sort or complete"))
    return [quarter]


def _number(row: Row, column: str, problems: list[Problem]) -> float:
    try:
        value = float(row[column])
    except ValueError:
        problems.append(row.problem(column, "it is not a number", "write a number with a decimal point"))
        return math.nan
    if not math.isfinite(value):
        problems.append(row.problem(column, "the number is finite", "fill the gap"))
    elif column.endswith("(Level)") and value <= 0:
        problems.append(row.problem(column, "a level is above 0", "check the column"))
    elif not column.endswith("(Level)") and abs(value) > 100:
        problems.append(row.problem(column, "a rate lies between -100 and 100 per cent", "give it in per cent a year"))
    return value


def _mismatch(
    severe: tuple[list[Quarter], Figures], calm: tuple[list[Quarter], Figures], path: Path, baseline: Path
) -> list[Problem]:
    if severe[0] == calm[0]:
        return []
    spans = [f"{quarters[0]} to {quarters[-1]}" for quarters in (severe[0], calm[0])]
    rule = f"both files have the same quarters; this one has {spans[0]}, {baseline.name} has {spans[1]}"
    return [Problem(file=path.name, key="Date", rule=rule, remedy="cut the longer one")]
