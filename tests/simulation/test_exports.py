from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.simulation.toy import plan

from cardhouse.basics.errors import MissingExtraError
from cardhouse.simulation.exports import LONG_COLUMNS, long_rows, to_long_csv
from cardhouse.simulation.run import run_in_memory


def test_xarray_has_every_variable_with_axes_unit_and_long_name():
    pytest.importorskip("xarray")
    run = run_in_memory(plan(30))
    dataset = run.to_xarray()
    np.testing.assert_array_equal(dataset["cash"].values, run.results("cash"))
    assert dataset["cash"].dims == ("draw", "quarter", "entity")
    assert dataset["cash"].attrs == {"units": "USD bn", "long_name": "cash"}
    assert dataset["cash"].sel(entity="birch", quarter="2026Q2").shape == (30,)
    assert dataset["parameters"].sel(parameter="horizon").values.tolist() == [6.0] * 30
    assert dataset.attrs["scenario"] == "base"


def test_xarray_of_a_large_run_has_quantiles_in_place_of_paths():
    pytest.importorskip("xarray")
    run = run_in_memory(plan(30, keep="draws"))
    dataset = run.to_xarray()
    assert dataset["cash"].dims == ("probability", "quarter", "entity")
    np.testing.assert_array_equal(dataset["cash"].sel(probability=0.5), run.summary("cash").at(0.5))


def test_netcdf_read_back_is_the_run(tmp_path: Path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5py")
    run = run_in_memory(plan(30))
    run.to_netcdf(tmp_path / "run.nc")
    with xarray.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as dataset:
        np.testing.assert_array_equal(dataset["cash"].values, run.results("cash"))
        assert dataset["cash"].attrs["units"] == "USD bn"


def test_pandas_has_one_row_per_draw():
    pytest.importorskip("pandas")
    run = run_in_memory(plan(30))
    table = run.to_pandas()
    assert list(table.columns) == ["income", "volatility", "opening_cash", "horizon", "result_code", "worst_cash"]
    np.testing.assert_array_equal(table["worst_cash"].to_numpy(), run.results("worst_cash"))
    assert table.index.name == "draw"


def test_the_long_table_has_every_place_of_every_variable_with_its_quantiles(tmp_path: Path):
    run = run_in_memory(plan(60, scenario="=cmd()"))
    to_long_csv(run, tmp_path / "long.csv")
    with (tmp_path / "long.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == LONG_COLUMNS
    place = ("cash", "cedar", "2026Q3")
    cash = [row for row in rows if (row["variable"], row["entity"], row["quarter"]) == place]
    low, middle, high = np.quantile(run.results("cash")[run.good][:, 2, 2], (0.1, 0.5, 0.9))
    assert [float(cash[0][key]) for key in ("p10", "value", "p90")] == pytest.approx([low, middle, high], rel=1e-12)
    assert {row["scenario"] for row in rows} == {"'=cmd()"}
    assert {row["quarter"] for row in rows if row["variable"] == "worst_cash"} == {""}
    assert len(rows) == len(list(long_rows(run)))


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    run = run_in_memory(plan(5))
    for name in ("xarray", "pandas"):
        monkeypatch.setitem(sys.modules, name, None)
    for attempt in (run.to_xarray, run.to_pandas):
        with pytest.raises(MissingExtraError, match=r"pip install 'cardhouse\[frames\]'"):
            attempt()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match="NetCDF"):
        run.to_netcdf(tmp_path / "a.nc")
