from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.simulation.toy import plan

from cardhouse.basics.errors import StoreError
from cardhouse.simulation import tables
from cardhouse.simulation.run import run_in_memory
from cardhouse.simulation.tables import tables_are_there, write_tables


def read(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query.replace("FILE", f"'{path}'")).fetchall()


def test_every_kept_variable_stands_in_the_table_of_its_axes(tmp_path: Path):
    run = run_in_memory(plan(40))
    files = write_tables(run, tmp_path)
    assert {path.name for path in files} == {
        "draws.parquet",
        "by_entity.parquet",
        "by_quarter.parquet",
        "by_quarter_entity.parquet",
        "summary.parquet",
    }
    assert tables_are_there(run, tmp_path)
    (cash,) = read(
        tmp_path / "by_quarter_entity.parquet",
        "SELECT list(cash) FROM (SELECT * FROM FILE WHERE entity = 'birch' AND quarter = '2026Q4' ORDER BY draw)",
    )
    np.testing.assert_array_equal(cash[0], run.results("cash")[:, 3, 1])
    (draws,) = read(tmp_path / "draws.parquet", "SELECT list(income), list(worst_cash) FROM (FROM FILE ORDER BY draw)")
    np.testing.assert_array_equal(draws[0], run.parameters[:, 0])
    np.testing.assert_array_equal(draws[1], run.results("worst_cash"))


def test_units_and_long_names_stand_in_the_metadata(tmp_path: Path):
    write_tables(run_in_memory(plan(5)), tmp_path)
    rows = read(tmp_path / "by_entity.parquet", "SELECT decode(key), decode(value) FROM parquet_kv_metadata(FILE)")
    metadata = {str(key): str(value) for key, value in rows}
    assert json.loads(metadata["variables"])["lost"]["unit"] == "USD bn"
    assert json.loads(metadata["labels"]) == {"case": "toy", "scenario": "base"}


def test_a_large_run_is_written_in_parts_to_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run = run_in_memory(plan(40))
    write_tables(run, tmp_path / "whole")
    monkeypatch.setattr(tables, "CELLS_PER_PART", 500)
    write_tables(run, tmp_path / "parts")
    for name in ("by_quarter_entity", "draws"):
        one, other = (read(tmp_path / kind / f"{name}.parquet", "FROM FILE") for kind in ("whole", "parts"))
        assert one == other
    assert not list((tmp_path / "parts").glob(".*"))


def test_the_same_run_gives_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        write_tables(run_in_memory(plan(30)), tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_summary_has_quantiles_with_their_error_also_of_large_runs(tmp_path: Path):
    run = run_in_memory(plan(200, keep="draws"))
    write_tables(run, tmp_path)
    query = (
        "SELECT p50, p50_low, p50_high, known FROM FILE WHERE variable='cash' AND quarter='2026Q2' AND entity='alder'"
    )
    ((middle, low, high, known),) = read(tmp_path / "summary.parquet", query)
    found = run.summary("cash")
    assert (middle, low, high) == (found.at(0.5)[1, 0], found.low[3][1, 0], found.high[3][1, 0])
    assert known == found.known[1, 0]
    assert not (tmp_path / "by_quarter_entity.parquet").exists()


def test_a_label_cannot_become_a_command(tmp_path: Path):
    run = run_in_memory(plan(5, scenario="it's '); DROP TABLE x; --"))
    write_tables(run, tmp_path)
    rows = read(
        tmp_path / "draws.parquet", "SELECT decode(value) FROM parquet_kv_metadata(FILE) WHERE decode(key) = 'labels'"
    )
    assert json.loads(str(rows[0][0]))["scenario"] == "it's '); DROP TABLE x; --"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="a part of the path is a file"):
        write_tables(run_in_memory(plan(5)), tmp_path / "file" / "results")
