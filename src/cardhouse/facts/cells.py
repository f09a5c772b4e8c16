"""Reading of single cells of a row: numbers, words of a closed list, dates, identifiers; every problem is kept."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from cardhouse.basics.errors import Problem
from cardhouse.basics.identifiers import is_identifier, suggestion
from cardhouse.basics.quarter import parse_day
from cardhouse.basics.tables import Row

Word = TypeVar("Word", bound=StrEnum)
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")


class CellReader:
    """Reads the cells of one row and collects what is wrong with them.

    Parameters
    ----------
    row : Row
        The row.
    problems : list of Problem
        Grows with every problem found.

    Examples
    --------
    >>> problems = []
    >>> reader = CellReader(Row("a.csv", 2, {"amount": "-4", "percent": ""}), problems)
    >>> reader.number("amount", minimum=0), reader.number("percent"), len(problems)
    (None, None, 1)
    """

    def __init__(self, row: Row, problems: list[Problem]) -> None:
        self.row = row
        self._problems = problems

    def reject(self, key: str, rule: str, remedy: str = "") -> None:
        """Record a problem with one cell."""
        self._problems.append(self.row.problem(key, rule, remedy))

    def required(self, key: str, remedy: str = "") -> str:
        """Return the text of a cell that must not be empty."""
        text = self.row[key]
        if not text:
            self.reject(key, "the cell is empty", remedy or "fill it")
        return text

    def number(
        self, key: str, *, minimum: float = -math.inf, maximum: float = math.inf, what: str = "the number"
    ) -> float | None:
        """Return a number, or None for an empty cell, which means unknown."""
        text = self.row[key]
        if not text:
            return None
        if _NUMBER.fullmatch(text) is None:
            self.reject(key, f"{what} is written with digits and a point", "leave it empty if it is unknown")
            return None
        value = float(text)
        if not math.isfinite(value):
            self.reject(key, f"{what} is finite", "check the exponent")
            return None
        if value < minimum:
            bound = "is not negative" if minimum == 0 else f"is at least {minimum:g}"
            self.reject(key, f"{what} {bound}", "check the sign, or swap the two sides of the contract")
            return None
        if value > maximum:
            self.reject(key, f"{what} is at most {maximum:g}", "check the unit")
            return None
        return value

    def word(self, key: str, words: type[Word], default: Word) -> Word:
        """Return a word of a closed list; the default stands in for a wrong one, which is recorded."""
        text = self.required(key)
        if not text:
            return default
        try:
            return words(text)
        except ValueError:
            self.reject(key, f"the {key} is a word of the list", suggestion(text, [word.value for word in words]))
            return default

    def optional_word(self, key: str, words: type[Word]) -> Word | None:
        """Return a word of a closed list, or None for an empty cell."""
        return self.word(key, words, next(iter(words))) if self.row[key] else None

    def word_set(self, key: str, words: type[Word]) -> frozenset[Word]:
        """Return the words of a cell that lists them with spaces between."""
        found = set()
        for text in self.row[key].split():
            try:
                found.add(words(text))
            except ValueError:
                self.reject(key, f"'{text}' is a word of the list", suggestion(text, [word.value for word in words]))
        return frozenset(found)

    def date(self, key: str, *, last: bool = False) -> dt.date | None:
        """Return a day, or None for an empty cell; a month or year means its first day, or its last one."""
        text = self.row[key]
        if not text:
            return None
        try:
            return parse_day(text, last=last)
        except ValueError as reason:
            self.reject(key, str(reason), "leave it empty if it is unknown")
            return None

    def identifier(self, key: str, known: Collection[str] | None = None) -> str:
        """Return an identifier, which must be one of ``known`` if given."""
        text = self.required(key)
        if not text:
            return ""
        if not is_identifier(text):
            rule = "an identifier has lower-case letters, digits, '_', '-' and '.' only, at most 120"
            self.reject(key, rule, "rewrite it")
        elif known is not None and text not in known:
            self.reject(key, f"the {key} is an entity of the case", suggestion(text, known))
        return text

    def references(self, key: str) -> tuple[str, ...]:
        """Return the identifiers of a cell that lists them with semicolons between."""
        names = tuple(part.strip() for part in self.row[key].split(";") if part.strip())
        for name in names:
            if not is_identifier(name):
                self.reject(key, f"'{name}' is no identifier", "separate identifiers with a semicolon")
        return names

    def address(self, key: str) -> str:
        """Return a web address."""
        text = self.required(key, "name the page; a number without a source is an assumption")
        if text and _ADDRESS.fullmatch(text) is None:
            self.reject(key, "an address begins with http:// or https:// and names a host", "copy it from the page")
        return text

    def in_order(self, lower: str, upper: str, rule: str) -> None:
        """Require that the number of one cell is not above that of another; empty cells are in any order."""
        first, second = self.row[lower], self.row[upper]
        if _NUMBER.fullmatch(first) and _NUMBER.fullmatch(second) and float(first) > float(second):
            self.reject(upper, f"{rule}; {lower} is {first}", "swap them or correct one")
