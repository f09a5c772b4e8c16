"""Files for other programs: CSV, JSON, GraphML and Parquet."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cardhouse.basics.errors import InputError, NetworkError, Problem
from cardhouse.network.graph import to_networkx
from cardhouse.network.records import (
    BALANCE_COLUMNS,
    ENTITY_COLUMNS,
    INSTRUMENT_COLUMNS,
    NetworkRecords,
    Record,
    Value,
    from_records,
    to_records,
)
from cardhouse.network.snapshot import NetworkSnapshot

if TYPE_CHECKING:
    import duckdb

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SQL_TYPES: Mapping[type, str] = {str: "VARCHAR", float: "DOUBLE", bool: "BOOLEAN"}


class FileFormat(StrEnum):
    """File formats that a network can be written in."""

    CSV = "csv"
    JSON = "json"
    GRAPHML = "graphml"
    PARQUET = "parquet"


def export_network(snapshot: NetworkSnapshot, folder: Path, file_format: FileFormat) -> tuple[Path, ...]:
    """Write a snapshot into a folder; each file appears complete or not at all.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        What to write.
    folder : Path
        Made when absent; files of the same name are replaced.
    file_format : FileFormat
        CSV and Parquet write one file each for entities, contracts and opening figures; JSON and GraphML write one.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InputError
        When the folder cannot be made or written.
    """
    writers: Mapping[FileFormat, Callable[[NetworkSnapshot, Path], tuple[Path, ...]]] = {
        FileFormat.CSV: _write_csv,
        FileFormat.JSON: _write_json,
        FileFormat.GRAPHML: _write_graphml,
        FileFormat.PARQUET: _write_parquet,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return writers[file_format](snapshot, folder)
    except OSError as reason:
        rule = f"the folder cannot be written: {reason.strerror or reason}"
        raise InputError("", (Problem(file=str(folder), rule=rule, remedy="choose another folder"),)) from None


def _tables(records: NetworkRecords) -> tuple[tuple[str, Mapping[str, type], list[Record]], ...]:
    return (
        ("entities", ENTITY_COLUMNS, records.entities),
        ("instruments", INSTRUMENT_COLUMNS, records.instruments),
        ("balances", BALANCE_COLUMNS, records.balances),
    )


def _replace(path: Path, write: Callable[[Path], None]) -> Path:
    part = path.with_name(path.name + ".part")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def safe_cell(value: Value) -> str:
    """Write a value so that a spreadsheet shows it instead of running it.

    Text that begins like a formula gets an apostrophe in front; numbers stay numbers.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-4.5), safe_cell(None), safe_cell(True)
    ("'=HYPERLINK(1)", '-4.5', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> str:
    """Write rows as comma-separated text with a header; every cell passes :func:`safe_cell`."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(row[column]) for column in columns])
    return target.getvalue()


def _write_csv(snapshot: NetworkSnapshot, folder: Path) -> tuple[Path, ...]:
    paths = []
    for name, columns, rows in _tables(to_records(snapshot)):
        text = csv_text(tuple(columns), rows)
        paths.append(_replace(folder / f"{name}.csv", functools.partial(_write_text, text)))
    return tuple(paths)


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_json(snapshot: NetworkSnapshot, folder: Path) -> tuple[Path, ...]:
    text = json.dumps(asdict(to_records(snapshot)), ensure_ascii=False, indent=1, allow_nan=False)
    return (_replace(folder / "network.json", functools.partial(_write_text, text + "\n")),)


def read_json(path: Path) -> NetworkSnapshot:
    """Read a network from the JSON file that :func:`export_network` writes.

    Raises
    ------
    NetworkError
        When the document is not JSON or lacks a part of a network.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        records = NetworkRecords(**document)
    except (OSError, ValueError, TypeError) as reason:
        problem = Problem(file=path.name, rule=f"it is not a network in JSON: {reason}", remedy="export it again")
        raise NetworkError("", (problem,)) from None
    return from_records(records)


def _write_graphml(snapshot: NetworkSnapshot, folder: Path) -> tuple[Path, ...]:
    import networkx as nx

    graph = to_networkx(snapshot)
    # GraphML holds plain values only; the opening figures are in the other formats
    del graph.graph["balances"]
    target = folder / "network.graphml"
    return (_replace(target, lambda part: nx.write_graphml(graph, part, edge_id_from_attribute="id")),)


def _copy_table(table: duckdb.DuckDBPyRelation, path: Path) -> None:
    table.write_parquet(str(path))


def _write_parquet(snapshot: NetworkSnapshot, folder: Path) -> tuple[Path, ...]:
    import duckdb

    paths = []
    with duckdb.connect(":memory:") as database:
        for name, columns, rows in _tables(to_records(snapshot)):
            fields = ", ".join(f'"{column}" {_SQL_TYPES[kind]}' for column, kind in columns.items())
            database.execute(f"CREATE TABLE {name} ({fields})")
            if rows:
                marks = ", ".join("?" for _ in columns)
                values = [[row[column] for column in columns] for row in rows]
                # only names of this module enter the statement; values travel as parameters
                database.executemany(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608 names are ours
            table = database.table(name)
            paths.append(_replace(folder / f"{name}.parquet", functools.partial(_copy_table, table)))
    return tuple(paths)
