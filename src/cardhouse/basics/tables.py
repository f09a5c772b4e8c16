"""Reading of tables (CSV) with line numbers, limits and refusal of what no table of figures contains."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardhouse.basics.errors import InputError, Problem, raise_if_any
from cardhouse.basics.identifiers import suggestion

MAX_TABLE_BYTES = 20_000_000
_FORMULA_STARTS = ("=", "@", "+", "-", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    line : int
        Line number, counted from 1 (the header is line 1).
    cells : mapping of str to str
        Text by column, stripped; an empty string means unknown.
    """

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text of a column."""
        return self.cells[column]

    def problem(self, key: str, rule: str, remedy: str = "") -> Problem:
        """Describe what is wrong with one cell of this row."""
        return Problem(file=self.file, line=self.line, key=key, value=self.cells.get(key, ""), rule=rule, remedy=remedy)


@dataclass(frozen=True)
class Table:
    """A table read from a file: column names and rows, all text."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)


def read_text(path: Path, limit: int = MAX_TABLE_BYTES, name: str = "") -> str:
    """Read a text file, or say in one line why it cannot be read.

    Raises
    ------
    InputError
        When the file is absent, a folder, empty, larger than ``limit`` bytes, not UTF-8, or binary.
    """
    shown = name or path.name
    problem = _unreadable(path, limit, shown)
    if problem is not None:
        raise InputError("", (problem,))
    try:
        content = path.read_bytes()
    except OSError as reason:
        raise InputError("", (Problem(file=shown, rule=f"it cannot be read: {reason.strerror}"),)) from None
    if b"\x00" in content:
        rule, remedy = "it is a binary file", "give a plain text file"
        raise InputError("", (Problem(file=shown, rule=rule, remedy=remedy),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = content[: reason.start].count(b"\n") + 1
        rule, remedy = "the text is not UTF-8", "save the file as UTF-8"
        raise InputError("", (Problem(file=shown, line=line, rule=rule, remedy=remedy),)) from None
    if not text.strip():
        raise InputError("", (Problem(file=shown, rule="the file is empty", remedy="fill it or leave it out"),))
    return text


def _unreadable(path: Path, limit: int, shown: str) -> Problem | None:
    if not path.exists():
        return Problem(file=shown, rule="there is no such file", remedy="check the path")
    if not path.is_file():
        return Problem(file=shown, rule="it is not a file", remedy="give the path of a file")
    size = path.stat().st_size
    if size > limit:
        rule = f"the file has {size:,} bytes and the limit is {limit:,}"
        return Problem(file=shown, rule=rule, remedy="split it, or remove what is not needed")
    return None


def read_table(path: Path, columns: Sequence[str] = (), name: str = "", limit: int = MAX_TABLE_BYTES) -> Table:
    """Read a comma-separated table with a header.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        The columns that must be there, no more and no fewer; empty to take any header.
    name : str
        Name of the file in messages; its last path component by default.
    limit : int
        Largest size in bytes.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        With every problem of the file: unreadable, wrong header, ragged rows, cells that a spreadsheet would run.
    """
    shown = name or path.name
    text = read_text(path, limit, shown)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    try:
        header = [cell.strip() for cell in next(reader)]
        problems += _header_problems(shown, header, columns)
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                rule = f"the row has {len(cells)} cells and the header {len(header)}"
                problems.append(Problem(file=shown, line=line, rule=rule, remedy="quote cells that contain a comma"))
                continue
            row = Row(shown, line, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
            problems += _formula_problems(row, cells, header)
            rows.append(row)
    except csv.Error as reason:
        problems.append(Problem(file=shown, line=reader.line_num, rule=f"the table is malformed: {reason}"))
    raise_if_any(problems)
    return Table(shown, tuple(header), tuple(rows))


def _header_problems(file: str, header: list[str], columns: Sequence[str]) -> list[Problem]:
    problems = [
        Problem(file=file, line=1, key=column, rule="the column stands twice in the header", remedy="rename one")
        for column in sorted({column for column in header if header.count(column) > 1})
    ]
    if not columns:
        return problems
    for column in columns:
        if column not in header:
            problems.append(Problem(file=file, line=1, key=column, rule="the column is missing", remedy="add it"))
    for column in header:
        if column not in columns:
            rule = "there is no such column"
            problems.append(Problem(file=file, line=1, key=column, rule=rule, remedy=suggestion(column, columns)))
    return problems


def _formula_problems(row: Row, cells: Sequence[str], header: Sequence[str]) -> list[Problem]:
    rule, remedy = "a cell does not begin like a spreadsheet formula", "write the value itself"
    return [
        row.problem(column, rule, remedy)
        for column, cell in zip(header, cells, strict=True)
        if cell.startswith(_FORMULA_STARTS) and not _is_number(cell)
    ]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
