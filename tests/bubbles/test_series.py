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


def test_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        read_series(write(tmp_path / "a.csv", "date,close\n"))
