"""Parts of a section of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a section; ``folded`` is the text of its switch, empty to show it at once."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    lead: str = ""
    folded: str = ""
