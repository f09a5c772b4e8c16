"""A chart with everything that belongs to it: data, words, table, source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cardhouse.analysis.summary import Summary


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One chart of the report.

    Parameters
    ----------
    id : str
        Identifier in the page.
    kind : str
        How it is drawn; the script of the page knows the kinds.
    title : str
        What it shows, with the unit.
    lead : str
        What it says, in a sentence or two.
    alt : str
        Text alternative for readers who cannot see it.
    data : mapping
        What the script needs; plain JSON.
    head, rows : sequences
        The table behind the chart, already in words.
    source : str
        Where the figures come from.
    height : int
        Height in pixels at full width.
    """

    id: str
    kind: str
    title: str
    lead: str
    alt: str
    data: Mapping[str, Any]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    source: str
    height: int = 320
    wide: bool = False


def run_source(summary: Summary) -> str:
    """Name the run under a chart."""
    parts = [f"cardhouse, {summary.draws_good:,} draws"]
    if summary.scenario:
        parts.append(f"scenario {summary.scenario}")
    if summary.known_on:
        parts.append(f"facts known on {summary.known_on}")
    return ", ".join(parts)
