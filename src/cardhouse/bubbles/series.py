"""The series under test: what comes in (NumPy, pandas, polars), and what is refused before any test runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import InputError, Problem, raise_if_any

MIN_OBSERVATIONS = 12

# Spans of the gap between two dates, in days, that count as one frequency; daily covers weekends and holidays.
_FREQUENCIES = (
    ("intraday", 0.0, 0.9),
    ("daily", 0.9, 5.5),
    ("weekly", 5.5, 12.0),
    ("monthly", 25.0, 35.0),
    ("quarterly", 80.0, 100.0),
    ("yearly", 355.0, 375.0),
)
_MIXED_SHARE = 0.05


@dataclass(frozen=True, kw_only=True)
class Series:
    """A finite, ordered series of levels with its labels.

    Parameters
    ----------
    values : array, shape (n,)
        Levels, or log levels when ``is_log``.
    labels : array, shape (n,)
        Dates (``datetime64``) or positions counted from 0.
    name : str
        Name for tables and figures.
    is_log : bool
        Whether the logarithm was taken.
    """

    values: FloatArray
    labels: AnyArray
    name: str = "series"
    is_log: bool = False

    def __len__(self) -> int:
        """Count the observations."""
        return int(self.values.size)

    @property
    def is_dated(self) -> bool:
        """Tell whether the labels are dates."""
        return bool(np.issubdtype(self.labels.dtype, np.datetime64))

    def label(self, position: int) -> str:
        """Write one label as text."""
        return str(self.labels[position])


def as_series(data: Any, *, log: bool = False, name: str = "", dates: Any = None) -> Series:
    """Turn data into a checked series.

    Parameters
    ----------
    data : Series, array, list, pandas Series, polars Series, or a frame with a date column and a value column
        Levels in time order.
    log : bool
        Take the natural logarithm; every level must then be positive.
    name : str
        Name; that of the data by default.
    dates : sequence, optional
        Dates of the levels when ``data`` carries none.

    Returns
    -------
    Series

    Raises
    ------
    InputError
        With every problem found: too short, constant, missing or infinite values, non-positive levels under ``log``,
        dates that repeat, run backwards or mix frequencies.

    Examples
    --------
    >>> as_series([1.0, 2.0, 4.0, 3.0, 5.0, 6.0, 5.0, 7.0, 8.0, 7.0, 9.0, 8.0], log=True).values[1].round(3)
    np.float64(0.693)
    """
    values, labels, own_name = _split(data)
    if dates is not None:
        labels = _dates(dates)
    name = name or own_name or "series"
    if labels is None:
        labels = np.arange(values.size)
    already_log = isinstance(data, Series) and data.is_log
    found = faults(values, labels, log=log and not already_log)
    raise_if_any(Problem(file=name, rule=one.rule, remedy=one.remedy) for one in found)
    if log and not already_log:
        values = np.log(values)
    return Series(values=np.ascontiguousarray(values), labels=labels, name=name, is_log=log or already_log)


def _split(data: Any) -> tuple[FloatArray, AnyArray | None, str]:
    """Take values, dates and name out of whatever frame or array came in."""
    if isinstance(data, Series):
        return data.values, data.labels, data.name
    columns = getattr(data, "columns", None)
    if columns is not None:
        return _split_frame(data, [str(column) for column in columns])
    name = getattr(data, "name", None)
    index = getattr(data, "index", None)
    labels = None
    if index is not None and not callable(index):
        labels = _index_dates(index)
    return _floats(data, str(name or "series")), labels, str(name) if name else ""


def _split_frame(data: Any, columns: list[str]) -> tuple[FloatArray, AnyArray | None, str]:
    dated = [c for c in columns if np.issubdtype(np.asarray(data[c].to_numpy()).dtype, np.datetime64)]
    valued = [c for c in columns if c not in dated]
    if len(valued) != 1 or len(dated) > 1:
        rule = f"one value column and at most one date column are needed; the frame has {', '.join(columns)}"
        raise InputError("", (Problem(file="frame", rule=rule, remedy="select the column to test"),))
    index = getattr(data, "index", None)
    labels = _dates(data[dated[0]].to_numpy()) if dated else (None if index is None else _index_dates(index))
    return _floats(data[valued[0]], valued[0]), labels, valued[0]


def _index_dates(index: Any) -> AnyArray | None:
    if hasattr(index, "to_timestamp"):
        index = index.to_timestamp()
    raw = np.asarray(index)
    return _dates(raw) if np.issubdtype(raw.dtype, np.datetime64) or raw.dtype == object else None


def _dates(dates: Any) -> AnyArray:
    try:
        labels = np.asarray(dates).astype("datetime64[s]")
    except (TypeError, ValueError):
        rule = "the labels are not dates"
        raise InputError("", (Problem(file="dates", rule=rule, remedy="write them as 2026-02-13"),)) from None
    whole = labels.astype("datetime64[D]")
    return whole if bool((whole == labels).all()) else labels


def _floats(data: Any, name: str) -> FloatArray:
    to_numpy = getattr(data, "to_numpy", None)
    try:
        values: FloatArray = np.array(to_numpy() if to_numpy else data, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("", (Problem(file=name, rule="the values are not numbers"),)) from None
    if values.ndim == 2 and 1 in values.shape:
        values = values.reshape(-1)
    if values.ndim != 1:
        rule = f"one series is tested at a time and the data have shape {values.shape}"
        raise InputError("", (Problem(file=name, rule=rule, remedy="use panel_gsadf for several columns"),))
    return values


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a series cannot be used.

    Parameters
    ----------
    position : int
        Observation it stands at, counted from 0; -1 when it concerns the whole series.
    of_dates : bool
        Whether it concerns the dates.
    rule, remedy : str
        What is required and what to do.
    """

    position: int = -1
    of_dates: bool = False
    rule: str
    remedy: str


def faults(values: FloatArray, labels: AnyArray, *, log: bool) -> list[Fault]:
    """Find everything that keeps a series from being tested.

    Parameters
    ----------
    values : array, shape (n,)
        Levels.
    labels : array, shape (n,)
        Dates or positions.
    log : bool
        Whether the logarithm is to be taken.

    Returns
    -------
    list of Fault
        Too short, constant, missing or infinite values, non-positive levels under ``log``, dates that repeat, run
        backwards or mix frequencies; empty for a usable series.
    """
    if labels.size != values.size:
        rule = f"there are {values.size} values and {labels.size} dates"
        return [Fault(rule=rule, remedy="give one date for each value")]
    return [*_value_faults(values, labels, log=log), *_label_faults(labels)]


def _value_faults(values: FloatArray, labels: AnyArray, *, log: bool) -> list[Fault]:
    found = []
    broken = np.flatnonzero(~np.isfinite(values))
    if broken.size:
        at = int(broken[0])
        rule = f"{broken.size} of {values.size} values are missing or infinite, the first at {labels[at]}"
        remedy = "cut the series to an unbroken stretch; values are never filled in"
        found.append(Fault(position=at, rule=rule, remedy=remedy))
    if values.size < MIN_OBSERVATIONS:
        rule = f"the series has {values.size} observations and {MIN_OBSERVATIONS} are the least that can be tested"
        found.append(Fault(rule=rule, remedy="give a longer series"))
    elif not broken.size and float(np.ptp(values)) == 0.0:
        found.append(Fault(rule="the series is constant", remedy="give a series that moves"))
    if log and not broken.size and values.size and float(values.min()) <= 0.0:
        at = int(np.argmax(values <= 0.0))
        rule = f"the logarithm needs positive levels and {labels[at]} has {values[at]:g}"
        found.append(Fault(position=at, rule=rule, remedy="test the level, or correct the value"))
    return found


def _label_faults(labels: AnyArray) -> list[Fault]:
    if not np.issubdtype(labels.dtype, np.datetime64) or labels.size < 2:
        return []
    gaps = np.diff(labels).astype("timedelta64[s]").astype(np.float64) / 86400.0
    if bool((gaps == 0.0).any()):
        at = int(np.argmax(gaps == 0.0)) + 1
        rule = f"the date {labels[at]} stands twice"
        return [Fault(position=at, of_dates=True, rule=rule, remedy="keep one value for each date")]
    if bool((gaps < 0.0).any()):
        at = int(np.argmax(gaps < 0.0)) + 1
        rule = f"the dates are not in order: {labels[at]} comes after {labels[at - 1]}"
        return [Fault(position=at, of_dates=True, rule=rule, remedy="sort the rows by date")]
    return _frequency_faults(gaps)


def _frequency_faults(gaps: FloatArray) -> list[Fault]:
    shares = {word: float(((gaps > low) & (gaps <= high)).mean()) for word, low, high in _FREQUENCIES}
    usual = max(shares, key=lambda word: shares[word])
    others = [
        word for word, share in shares.items() if word != usual and share > _MIXED_SHARE and share * gaps.size >= 3.0
    ]
    if not others:
        return []
    low, high = next((low, high) for word, low, high in _FREQUENCIES if word == others[0])
    at = int(np.argmax((gaps > low) & (gaps <= high))) + 1
    rule = f"the dates mix frequencies: {shares[usual]:.0%} {usual}, {shares[others[0]]:.0%} {others[0]}"
    return [Fault(position=at, of_dates=True, rule=rule, remedy="bring the whole series to one frequency")]
