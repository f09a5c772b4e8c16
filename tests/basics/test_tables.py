from __future__ import annotations

from pathlib import Path

import pytest

from cardhouse.basics.errors import InputError
from cardhouse.basics.tables import read_table


def refused(path: Path, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read_table(path, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_rows_keep_their_line_numbers_across_quoted_newlines(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,note\na,"two\nlines"\n\nb,x\n')
    table = read_table(path)
    assert [(2, "a"), (5, "b")] == [(row.line, row["id"]) for row in table]


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,amonut\na,1,2\nb,=cmd()\nc,-4\n")
    text = refused(path, columns=("id", "amount"))
    assert "t.csv:1: amount: the column is missing" in text
    assert "t.csv:1: amonut: there is no such column. Did you mean 'amount'?" in text
    assert "t.csv:2: the row has 3 cells and the header 2" in text
    assert "t.csv:3: amonut: '=cmd()': a cell does not begin like a spreadsheet formula" in text
    assert "t.csv:4" not in text


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is a binary file"),
        (b"id\n\xff\xfe\n", "t.csv:2: the text is not UTF-8"),
        (b'id,x\n"open,1\n', "malformed"),
        (b"id,id\n1,2\n", "the column stands twice"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_clear_message(tmp_path: Path, content: bytes, sign: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert sign in refused(path)


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as out:
        out.truncate(100_000_000)
    assert "the file has 100,000,000 bytes and the limit is 20,000,000" in refused(path)


def test_an_absent_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "absent.csv")
    assert "it is not a file" in refused(tmp_path)
