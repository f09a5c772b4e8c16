"""Reading of price and proxy files."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import InputError, Problem, raise_if_any
from cardhouse.basics.tables import Row, Table, read_table
from cardhouse.bubbles.series import Series, as_series, faults

_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_DATE_REMEDY = "write it as 2026-02-13, 2026-02 or 2026Q1"
_DATE_HEADERS = ("date", "day", "week", "month", "quarter", "year", "time", "period")


def read_series(path: Path, column: str = "", *, log: bool = False) -> Series:
    """Read one series from a CSV file with a date column and one or more value columns.

    Parameters
    ----------
    path : Path
        The file. The first column whose first cell reads as a date gives the dates: ``2026-02-13``, ``2026-02``,
        ``2026Q1``, or ``2026`` under the heading year.
    column : str
        The value column; by default ``close``, ``value`` or the only other column.
    log : bool
        Take the natural logarithm.

    Returns
    -------
    Series

    Raises
    ------
    InputError
        With file, line and column of everything that cannot be used.
    """
    table = _filled_table(path)
    date_column = _date_column(table)
    chosen = _value_column(table, column, date_column)
    problems: list[Problem] = []
    values = np.array([_number(row, chosen, problems) for row in table])
    days = _days(table, date_column, problems)
    raise_if_any(problems)
    for one in faults(values, np.arange(values.size) if days is None else days, log=log):
        line = table.rows[one.position].line if one.position >= 0 else 0
        key = date_column if one.of_dates else chosen
        problems.append(Problem(file=table.file, line=line, key=key, rule=one.rule, remedy=one.remedy))
    raise_if_any(problems)
    return as_series(values, log=log, name=chosen, dates=days)


@dataclass(frozen=True, kw_only=True)
class Proxies:
    """Proxies of fundamentals as a frame of their own: names, values of shape (n, proxy) and dates or none."""

    columns: tuple[str, ...]
    values: FloatArray
    index: AnyArray | None

    def __getitem__(self, name: str) -> Column:
        """Return one column."""
        return Column(self.values[:, self.columns.index(name)])


@dataclass(frozen=True)
class Column:
    """One column of proxies."""

    values: FloatArray

    def to_numpy(self) -> FloatArray:
        """Return the values."""
        return self.values


def read_proxies(path: Path) -> Proxies:
    """Read all value columns of a CSV file with a date column.

    Raises
    ------
    InputError
        With file, line and column of everything that cannot be used.
    """
    table = _filled_table(path)
    date_column = _date_column(table)
    names = tuple(column for column in table.columns if column != date_column)
    if not names:
        raise InputError("", (Problem(file=path.name, line=1, rule="the file has no value column"),))
    problems: list[Problem] = []
    values = np.array([[_number(row, name, problems) for name in names] for row in table])
    labels = _days(table, date_column, problems)
    raise_if_any(problems)
    return Proxies(columns=names, values=values, index=labels)


def _filled_table(path: Path) -> Table:
    table = read_table(path)
    if not table.rows:
        raise InputError("", (Problem(file=path.name, rule="the table has no rows", remedy="give a longer series"),))
    return table


def _date_column(table: Table) -> str:
    """Find the date column, or none; a first column of words that are no dates is refused, never passed over."""
    first = table.rows[0]
    for column in table.columns:
        if _day(first[column], column) is not None:
            return column
    column = table.columns[0]
    if column.lower() in _DATE_HEADERS or (len(table.columns) > 1 and not _is_number(first[column])):
        raise InputError("", (first.problem(column, "this is not a date", _DATE_REMEDY),))
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _days(table: Table, date_column: str, problems: list[Problem]) -> AnyArray | None:
    if not date_column:
        return None
    return np.array([_checked_day(row, date_column, problems) for row in table], dtype="datetime64[D]")


def _value_column(table: Table, column: str, date_column: str) -> str:
    candidates = [c for c in table.columns if c != date_column]
    if not candidates:
        remedy = "put dates and values into columns separated by commas"
        raise InputError("", (Problem(file=table.file, line=1, rule="the file has no value column", remedy=remedy),))
    if column:
        if column in candidates:
            return column
        rule = f"there is no value column of that name; the file has {', '.join(candidates)}"
        raise InputError("", (Problem(file=table.file, line=1, key=column, rule=rule),))
    lowered = {c.lower(): c for c in candidates}
    for usual in ("close", "value", "price"):
        if usual in lowered:
            return lowered[usual]
    if len(candidates) == 1:
        return candidates[0]
    rule = f"the file has several value columns: {', '.join(candidates)}"
    raise InputError("", (Problem(file=table.file, line=1, rule=rule, remedy="name one with --column"),))


def _day(text: str, column: str) -> dt.date | None:
    text = text.strip()
    quarter = _QUARTER.fullmatch(text)
    if quarter:
        text = f"{quarter[1]}-{3 * int(quarter[2]) - 2:02d}-01"
    elif len(text) == 7 and text[4] == "-":
        text += "-01"
    elif len(text) == 4 and column.lower() == "year":
        text += "-01-01"
    try:
        return dt.date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None


def _checked_day(row: Row, column: str, problems: list[Problem]) -> dt.date:
    day = _day(row[column], column)
    if day is None:
        problems.append(row.problem(column, "this is not a date", _DATE_REMEDY))
        return dt.date(1900, 1, 1)
    return day


def _number(row: Row, column: str, problems: list[Problem]) -> float:
    text = row[column]
    try:
        return float(text)
    except ValueError:
        rule = "the value is missing" if not text else "this is not a number"
        remedy = "cut the series to an unbroken stretch" if not text else "write digits with a point as decimal mark"
        problems.append(row.problem(column, rule, remedy))
        return 0.0
