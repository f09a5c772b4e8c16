"""The results of a run as Parquet tables that pandas, polars, DuckDB and others open without this program.

One table per set of axes, for example ``by_quarter_entity.parquet`` with the columns ``draw, quarter, entity`` and one
column per variable; ``draws.parquet`` also holds the parameters; ``summary.parquet`` holds quantiles of every variable.
Units and long names stand in the metadata of each file under the key ``variables``.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cardhouse.basics.arrays import AnyArray
from cardhouse.simulation.atomic import explained, publish
from cardhouse.simulation.results import Run, StoredVariable

CELLS_PER_PART = 4_000_000
DUCKDB_MEMORY = "512MB"
ROW_GROUP = 16_384


def table_name(dims: Sequence[str]) -> str:
    """Name the table of a set of axes.

    >>> table_name(()), table_name(("quarter", "entity"))
    ('draws', 'by_quarter_entity')
    """
    return "by_" + "_".join(dims) if dims else "draws"


def tables_of(run: Run) -> dict[str, tuple[StoredVariable, ...]]:
    """Group the kept variables of a run by their axes."""
    kept = sorted((item for item in run.variables.values() if not item.sketched), key=lambda item: len(item.dims))
    return {
        table_name(dims): tuple(item for item in kept if item.dims == dims)
        for dims in dict.fromkeys(item.dims for item in kept)
    }


def tables_are_there(run: Run, folder: Path) -> bool:
    """Tell whether every table of the run has been written."""
    return all((folder / f"{name}.parquet").exists() for name in (*tables_of(run), "summary"))


def write_tables(run: Run, folder: Path) -> tuple[Path, ...]:
    """Write all tables of a run into a folder, each whole or not at all.

    Parameters
    ----------
    run : Run
    folder : Path
        Made when it is not there.

    Returns
    -------
    tuple of Path
        The files.
    """
    import duckdb

    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        # one thread and the order of insertion: the same run gives the same bytes
        connection.execute("SET threads = 1")
        connection.execute(f"SET memory_limit = '{DUCKDB_MEMORY}'")
        files = [_write_group(connection, run, items, folder) for items in tables_of(run).values()]
        files.append(_write_summary(connection, run, folder))
    return tuple(files)


def _write_group(connection: Any, run: Run, items: Sequence[StoredVariable], folder: Path) -> Path:
    dims = items[0].dims
    path = folder / f"{table_name(dims)}.parquet"
    labels = [run.coordinates[dimension] for dimension in dims]
    sizes = [len(names) for names in labels]
    arrays = {item.name: run.results(item.name) for item in items}
    parameters = () if dims else run.marginals.names
    names = (*parameters, *arrays)
    draws = run.draws
    step = max(1, CELLS_PER_PART // (int(np.prod(sizes, dtype=np.int64)) * len(names)))
    places = ", ".join(
        f"{_literal(names)}[{_quoted(d)} + 1] AS {_quoted(d)}" for d, names in zip(dims, labels, strict=True)
    )
    columns = ", ".join(["draw", *([places] if places else []), *(_quoted(name) for name in names)])
    parts = []
    with publish(path) as unfinished:
        for part, start in enumerate(range(0, max(1, draws.size), step)):
            table = _part(draws[start : start + step], dims, sizes)
            if parameters:
                table.update(zip(parameters, run.parameters_between(start, start + step).T, strict=True))
            table.update({name: array[start : start + step].reshape(-1) for name, array in arrays.items()})
            connection.register("part", table)
            single = step >= draws.size
            target = unfinished if single else unfinished.with_name(f"{unfinished.name}.{part}")
            query = f"SELECT {columns} FROM part"  # noqa: S608 names and labels are quoted above
            _copy(connection, query, target, _metadata(run, items))
            connection.unregister("part")
            parts.append(target)
        if parts != [unfinished]:
            query = f"SELECT * FROM read_parquet({_literal(parts)})"  # noqa: S608 our own quoted paths
            _copy(connection, query, unfinished, _metadata(run, items))
            for target in parts:
                target.unlink()
    return path


def _part(draws: AnyArray, dims: Sequence[str], sizes: Sequence[int]) -> dict[str, AnyArray]:
    """Write out the index columns of some draws: the draw, then the position along each axis."""
    inner = int(np.prod(sizes, dtype=np.int64))
    table: dict[str, AnyArray] = {"draw": np.repeat(draws, inner)}
    grid = np.indices(tuple(sizes)).reshape(len(sizes), -1) if sizes else np.zeros((0, 1), np.int64)
    for dimension, positions in zip(dims, grid, strict=True):
        table[dimension] = np.tile(positions.astype(np.int32), draws.size)
    return table


def _write_summary(connection: Any, run: Run, folder: Path) -> Path:
    path = folder / "summary.parquet"
    names = ("variable", "unit", "quarter", "entity", "other", "mean", "known")
    rows: dict[str, list[Any]] = {name: [] for name in names}
    quantiles: dict[str, list[AnyArray]] = {}
    for item in run.variables.values():
        found = run.summary(item.name)
        for place in itertools.product(*(run.coordinates[dimension] for dimension in item.dims)):
            where = dict(zip(item.dims, place, strict=True))
            rows["variable"].append(item.name)
            rows["unit"].append(item.unit)
            rows["quarter"].append(where.pop("quarter", ""))
            rows["entity"].append(where.pop("entity", ""))
            rows["other"].append("|".join(where.values()))
        rows["mean"].append(found.mean.reshape(-1))
        rows["known"].append(found.known.reshape(-1))
        for probability, *values in zip(found.probabilities, found.values, found.low, found.high, strict=True):
            for suffix, column in zip(("", "_low", "_high"), values, strict=True):
                quantiles.setdefault(f"p{round(100 * probability):02d}{suffix}", []).append(column.reshape(-1))
    table: dict[str, AnyArray] = {name: np.array(rows[name], dtype=object) for name in names[:5]}
    table.update({name: np.concatenate(rows[name]) for name in names[5:]})
    table.update({name: np.concatenate(columns) for name, columns in quantiles.items()})
    connection.register("part", table)
    with publish(path) as unfinished:
        _copy(connection, "SELECT * FROM part", unfinished, _metadata(run, run.variables.values()))
    connection.unregister("part")
    return path


def _copy(connection: Any, query: str, path: Path, metadata: Mapping[str, str]) -> None:
    pairs = ", ".join(f"{key}: {_literal(value)}" for key, value in metadata.items())
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, KV_METADATA {{{pairs}}}"
    connection.execute(f"COPY ({query}) TO {_literal(str(path))} ({options})")


def _metadata(run: Run, items: Iterable[StoredVariable]) -> dict[str, str]:
    variables = {item.name: {"unit": item.unit, "long_name": item.long_name} for item in items}
    labels = {key: str(value) for key, value in run.manifest["labels"].items()}
    return {
        "variables": json.dumps(variables, ensure_ascii=False),
        "labels": json.dumps(labels, ensure_ascii=False),
        "fingerprint": str(run.manifest["fingerprint"]),
    }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: object) -> str:
    """Write text, or a list of texts, as SQL; quotes are doubled, so that a label cannot become a command."""
    if isinstance(value, str | Path):
        return "'" + str(value).replace("'", "''") + "'"
    return "[" + ", ".join(_literal(item) for item in value) + "]" if isinstance(value, list | tuple) else str(value)
