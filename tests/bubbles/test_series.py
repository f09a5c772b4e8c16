"""What comes in, and what is refused with one clear message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cardhouse.basics.errors import InputError
from cardhouse.bubbles.series import as_series
from cardhouse.bubbles.series_files import read_series

GOOD = np.linspace(1.0, 2.0, 30) ** 2 + np.tile([0.0, 0.1, -0.1], 10)
MONTHS = np.arange("2001-01", "2003-07", dtype="datetime64[M]").astype("datetime64[D]")


def test_numpy_list_and_series_give_the_same_values() -> None:
    first = as_series(GOOD, name="x")
    assert (as_series(list(GOOD)).values == first.values).all()
    assert as_series(first).name == "x"
    assert not first.is_dated


def test_pandas_series_keeps_dates_and_name() -> None:
    pd = pytest.importorskip("pandas")
    series = as_series(pd.Series(GOOD, index=pd.DatetimeIndex(MONTHS), name="index"))
    assert series.name == "index"
    assert series.is_dated
    assert series.label(0) == "2001-01-01"
    by_period = as_series(pd.Series(GOOD, index=pd.period_range("2001-01", periods=30, freq="M")))
    assert (by_period.labels == series.labels).all()


def test_polars_series_and_frame_come_in() -> None:
    pl = pytest.importorskip("polars")
    assert as_series(pl.Series("price", GOOD)).name == "price"
    frame = as_series(pl.DataFrame({"date": MONTHS, "price": GOOD}))
    assert frame.is_dated
    assert frame.name == "price"


def test_logarithm_is_taken_once() -> None:
    logged = as_series(GOOD, log=True)
    assert (as_series(logged, log=True).values == logged.values).all()


def broken(position: int, value: float) -> np.ndarray:
    values = GOOD.copy()
    values[position] = value
    return values


DAYS = np.arange("2001-01-01", "2001-01-16", dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (GOOD[:8], {}, "8 observations and 12 are the least"),
        (np.full(30, 3.0), {}, "constant"),
        (broken(3, np.nan), {}, "missing or infinite, the first at 3"),
        (broken(3, np.inf), {}, "missing or infinite"),
        (broken(4, -1.0), {"log": True}, "positive levels and 4 has -1"),
        (np.ones((10, 3)), {}, "one series is tested at a time"),
        (["a"] * 20, {}, "not numbers"),
        (GOOD, {"dates": MONTHS[:-1]}, "30 values and 29 dates"),
        (GOOD, {"dates": np.concatenate([MONTHS[:2], MONTHS[1:-1]])}, "2001-02-01 stands twice"),
        (GOOD, {"dates": MONTHS[::-1]}, "not in order"),
        (GOOD, {"dates": ["soon"] * 30}, "not dates"),
        (GOOD, {"dates": np.concatenate([MONTHS[:15], MONTHS[15] + np.arange(15)])}, "mix frequencies"),
    ],
)
def test_bad_input_is_named_in_one_message(data: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        as_series(data, **options)


def test_business_days_with_holidays_are_one_frequency() -> None:
    days = np.arange("2001-01-01", "2003-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)]
    keep = np.ones(days.size, dtype=bool)
    keep[[40, 41, 200, 201, 202, 203]] = False
    assert as_series(np.arange(keep.sum()) ** 1.1, dates=days[keep]).is_dated


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def table(rows: list[str], header: str = "date,close") -> str:
    return "\n".join([header, *rows]) + "\n"


def good_rows() -> list[str]:
    return [f"{day},{value:.4f}" for day, value in zip(MONTHS, GOOD, strict=True)]


def test_csv_with_dates_is_read(tmp_path: Path) -> None:
    series = read_series(write(tmp_path / "a.csv", table(good_rows())))
    assert len(series) == 30
    assert series.name == "close"
    assert series.label(29) == "2003-06-01"


def test_column_is_chosen_by_name(tmp_path: Path) -> None:
    rows = [f"{row},7.{i}" for i, row in enumerate(good_rows())]
    path = write(tmp_path / "a.csv", table(rows, "date,price index,other"))
    assert read_series(path, "other").values[3] == 7.3
    with pytest.raises(InputError, match="several value columns: price index, other"):
        read_series(path)
    with pytest.raises(InputError, match="no value column of that name"):
        read_series(path, "absent")


def test_every_bad_cell_of_a_file_is_reported_with_its_line(tmp_path: Path) -> None:
    rows = good_rows()
    rows[2] = "2001-03-01,"
    rows[5] = "2001-13-01,4.0"
    rows[7] = "2001-08-01,many"
    with pytest.raises(InputError) as caught:
        read_series(write(tmp_path / "a.csv", table(rows)))
    text = str(caught.value)
    assert "a.csv:4: close: the value is missing" in text
    assert "a.csv:7: date: '2001-13-01': this is not a date" in text
    assert "a.csv:9: close: 'many': this is not a number" in text


def swapped(rows: list[str], position: int, row: str) -> list[str]:
    return [*rows[:position], row, *rows[position + 1 :]]


@pytest.mark.parametrize(
    ("rows", "log", "message"),
    [
        (good_rows()[:8], False, r"a\.csv: close: the series has 8 observations"),
        ([f"{day},5" for day in MONTHS], False, r"a\.csv: close: the series is constant"),
        (swapped(good_rows(), 3, "2001-04-01,NaN"), False, r"a\.csv:5: close: 1 of 30 values are missing or infinite"),
        (swapped(good_rows(), 3, "2001-03-01,1.0"), False, r"a\.csv:5: date: the date 2001-03-01 stands twice"),
        (swapped(good_rows(), 3, "2001-01-15,1.0"), False, r"a\.csv:5: date: the dates are not in order"),
        (swapped(good_rows(), 3, "2001-04-01,-2"), True, r"a\.csv:5: close: the logarithm needs positive levels"),
        (
            [*good_rows(), *(f"2003-06-{day:02d},{day}" for day in range(2, 20))],
            False,
            r"a\.csv:32: date: the dates mix frequencies",
        ),
        (["04/01/2001,1.0", "05/01/2001,2.0"], False, r"a\.csv:2: date: '04/01/2001': this is not a date"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_line_and_column(
    tmp_path: Path, rows: list[str], log: bool, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_series(write(tmp_path / "a.csv", table(rows)), log=log)


def test_several_faults_of_a_file_come_in_one_message(tmp_path: Path) -> None:
    rows = swapped(good_rows(), 3, "2001-03-01,-1.0")
    with pytest.raises(InputError) as caught:
        read_series(write(tmp_path / "a.csv", table(rows)), log=True)
    assert str(caught.value).count("a.csv:5") == 2


def test_file_without_a_value_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no value column.*separated by commas"):
        read_series(write(tmp_path / "a.csv", "date;close\n2001-01-01;5\n"))


@pytest.mark.parametrize(
    ("header", "labels", "second"),
    [
        ("quarter,close", [f"{2001 + k // 4}Q{k % 4 + 1}" for k in range(30)], "2001-04-01"),
        ("quarter,close", [f"{2001 + k // 4}-q{k % 4 + 1}" for k in range(30)], "2001-04-01"),
        ("year,close", [str(1950 + k) for k in range(30)], "1951-01-01"),
        ("month,close", [str(month)[:7] for month in MONTHS], "2001-02-01"),
    ],
)
def test_quarters_years_and_months_are_dates(tmp_path: Path, header: str, labels: list[str], second: str) -> None:
    rows = [f"{label},{value}" for label, value in zip(labels, GOOD, strict=True)]
    assert read_series(write(tmp_path / "a.csv", table(rows, header))).label(1) == second


def test_file_with_values_only_has_positions(tmp_path: Path) -> None:
    rows = [str(value) for value in GOOD]
    assert not read_series(write(tmp_path / "a.csv", table(rows, "close"))).is_dated


def test_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        read_series(write(tmp_path / "a.csv", "date,close\n"))
