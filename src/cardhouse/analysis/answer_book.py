"""A book of answers already computed: one line per question, so that a search that was stopped goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cardhouse.basics.errors import Problem, StoreError
from cardhouse.simulation.atomic import explained

FORMAT = "cardhouse-answers-1"


class AnswerBook:
    """Answers by question, kept in a text file that grows line by line.

    Parameters
    ----------
    path : Path, optional
        None keeps them in memory only.
    subject : str
        What the answers are about, for example a fingerprint; a file about something else is left alone.

    Raises
    ------
    StoreError
        When the file is no such book, or about another subject.

    Examples
    --------
    >>> book = AnswerBook(None, "demonstration")
    >>> book.ask((0.5,), lambda: 0.25), book.ask((0.5,), lambda: 1.0)
    (0.25, 0.25)
    """

    def __init__(self, path: Path | None, subject: str) -> None:
        self._path = path
        self._answers: dict[tuple[float, ...], float] = {}
        if path is None:
            return
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_bytes().split(b"\n") if path.exists() else []
        if not lines or lines == [b""]:
            self._append({"format": FORMAT, "subject": subject})
            return
        self._read(lines, subject)

    def _read(self, lines: list[bytes], subject: str) -> None:
        records = [record for record in map(_parsed, lines[:-1]) if record is not None]
        head = records[0] if records else {}
        if head.get("format") != FORMAT or head.get("subject") != subject:
            rule = (
                "the file holds the answers of another search"
                if head.get("format") == FORMAT
                else "no answers are in it"
            )
            raise StoreError("", (Problem(file=str(self._path), rule=rule, remedy="choose another folder with --out"),))
        for record in records[1:]:
            self._answers[tuple(record["question"])] = float(record["answer"])
        if lines[-1]:
            # the last line was being written when the search stopped; a new line begins after it
            self._write(b"\n")

    def __len__(self) -> int:
        """Count the answers."""
        return len(self._answers)

    def ask(self, question: tuple[float, ...], compute: Callable[[], float]) -> float:
        """Return the answer to a question, computed only when the book does not have it."""
        if question not in self._answers:
            self._answers[question] = compute()
            if self._path is not None:
                self._append({"question": list(question), "answer": self._answers[question]})
        return self._answers[question]

    def _append(self, record: dict[str, object]) -> None:
        self._write(json.dumps(record).encode() + b"\n")

    def _write(self, content: bytes) -> None:
        assert self._path is not None  # noqa: S101 only called for a book with a file
        with explained(self._path), self._path.open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
