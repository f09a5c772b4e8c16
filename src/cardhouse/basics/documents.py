"""Reading of YAML documents with line numbers, and their check against a schema, all problems at once."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken, ScalarToken, TagToken

from cardhouse.basics.errors import CardhouseError, InputError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.tables import read_text

_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
MAX_DOCUMENT_BYTES = 1_000_000
MAX_DEPTH = 12
Schema = TypeVar("Schema", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A YAML document as plain values, with the line of each key.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    data : dict
        Plain mappings, lists, strings, numbers and booleans.
    lines : mapping
        Line number by path; a path is a tuple of keys and positions.
    """

    file: str
    data: dict[str, Any]
    lines: Mapping[tuple[str | int, ...], int]

    def line_of(self, path: Sequence[str | int]) -> int:
        """Return the line of the deepest part of ``path`` that the document has; 1 when none is known."""
        for end in range(len(path), 0, -1):
            line = self.lines.get(tuple(path[:end]))
            if line is not None:
                return line
        return 1

    def problem(self, path: Sequence[str | int], value: object, rule: str, remedy: str = "") -> Problem:
        """Describe what is wrong at one place of this document."""
        key = ".".join(str(part) for part in path)
        shown = "" if value is None else str(value)
        return Problem(file=self.file, line=self.line_of(path), key=key, value=shown, rule=rule, remedy=remedy)


def read_document(path: Path, name: str = "") -> Document:
    """Read a YAML mapping from a file.

    Raises
    ------
    InputError
        When the file cannot be read, is not valid YAML, is no mapping at the top, repeats a key, is nested deeper than
        12 levels, or uses anchors, aliases or tags (they can hide or multiply content).
    """
    return parse_document(read_text(path, MAX_DOCUMENT_BYTES, name or path.name), name or path.name)


def parse_document(text: str, file: str) -> Document:
    r"""Read a YAML mapping from text; see :func:`read_document`.

    >>> document = parse_document("name: Ring\nfirms:\n  - a\n  - b\n", "ring.yaml")
    >>> document.data, document.line_of(("firms", 1))
    ({'name': 'Ring', 'firms': ['a', 'b']}, 4)
    """
    problem = _forbidden_token(text, file)
    if problem is not None:
        raise InputError("", (problem,))
    try:
        root = YAML(typ="rt", pure=True).load(io.StringIO(text))
    except YAMLError as reason:
        raise InputError("", (_yaml_problem(file, reason),)) from None
    except (ValueError, RecursionError) as reason:
        raise InputError("", (Problem(file=file, rule=f"the document is malformed: {reason}"),)) from None
    if not isinstance(root, CommentedMap):
        rule, remedy = "the document is a mapping of keys to values", "begin with 'key: value'"
        raise InputError("", (Problem(file=file, line=1, rule=rule, remedy=remedy),))
    lines: dict[tuple[str | int, ...], int] = {}
    try:
        data = _plain(root, (), lines)
    except ValueError as reason:
        raise InputError("", (Problem(file=file, rule=str(reason)),)) from None
    return Document(file, data, lines)


def _forbidden_token(text: str, file: str) -> Problem | None:
    names = {AliasToken: "an alias (*name)", AnchorToken: "an anchor (&name)", TagToken: "a tag (!name)"}
    key = ""
    try:
        for token in YAML(typ="rt", pure=True).scan(io.StringIO(text)):
            if type(token) in names:
                rule = f"the document uses no {names[type(token)].split(' ', 1)[1]}"
                line = token.start_mark.line + 1
                return Problem(file=file, line=line, rule=rule, remedy="write the value out, or quote the text")
            if isinstance(token, ScalarToken):
                if _is_impossible_day(token):
                    line = token.start_mark.line + 1
                    rule, remedy = "the calendar has no such day", "correct it"
                    return Problem(file=file, line=line, key=key, value=token.value, rule=rule, remedy=remedy)
                key = token.value
    except YAMLError as reason:
        return _yaml_problem(file, reason)
    except (ValueError, RecursionError) as reason:
        return Problem(file=file, rule=f"the document is malformed: {reason}")
    return None


def _is_impossible_day(token: ScalarToken) -> bool:
    # YAML turns a plain 2026-02-30 into a date before anyone can say where it stands.
    if not (token.plain and _DAY.fullmatch(token.value)):
        return False
    try:
        dt.date(*(int(part) for part in token.value.split("-")))
    except ValueError:
        return True
    return False


def _yaml_problem(file: str, reason: YAMLError) -> Problem:
    line = 0
    what = str(reason).splitlines()[0] if str(reason) else "malformed"
    if isinstance(reason, MarkedYAMLError):
        mark = reason.problem_mark or reason.context_mark
        line = mark.line + 1 if mark is not None else 0
        what = reason.problem or reason.context or what
    return Problem(file=file, line=line, rule=f"the document is not valid YAML: {what.splitlines()[0]}")


def _plain(node: Any, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    if len(path) > MAX_DEPTH:
        msg = f"the document is nested deeper than {MAX_DEPTH} levels"
        raise ValueError(msg)
    if isinstance(node, CommentedMap):
        plain: dict[str, Any] = {}
        for key, value in node.items():
            place = (*path, str(key))
            lines[place] = node.lc.key(key)[0] + 1
            plain[str(key)] = _plain(value, place, lines)
        return plain
    if isinstance(node, CommentedSeq):
        items = []
        for position, value in enumerate(node):
            place = (*path, position)
            lines[place] = node.lc.item(position)[0] + 1
            items.append(_plain(value, place, lines))
        return items
    return _scalar(node)


def _scalar(node: Any) -> Any:
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def validate(document: Document, schema: type[Schema], error: type[CardhouseError] = InputError) -> Schema:
    """Check a document against a pydantic schema and return the typed record, or raise with every problem found.

    Parameters
    ----------
    document : Document
        What was read.
    schema : type
        The pydantic model; it should refuse unknown keys (``extra="forbid"``).
    error : type
        The error to raise.
    """
    try:
        return schema.model_validate(document.data)
    except ValidationError as reason:
        problems = tuple(_schema_problem(document, schema, item) for item in reason.errors(include_url=False))
        raise error("", problems) from None


def _schema_problem(document: Document, schema: type[BaseModel], item: Any) -> Problem:
    path = tuple(part for part in item["loc"] if isinstance(part, str | int))
    rule = str(item["msg"]).removeprefix("Value error, ")
    remedy = ""
    value = None if item["type"] == "missing" or isinstance(item["input"], dict | list) else item["input"]
    if item["type"] == "extra_forbidden":
        rule = "there is no such key"
        value = None
        if len(path) == 1:
            remedy = suggestion(str(path[-1]), schema.model_fields)
    elif item["type"] == "missing":
        rule = "the key is missing"
    return document.problem(path, value, rule, remedy)
