"""The last step of every figure of this floor: what it rests on goes under it, and it goes to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cardhouse.casebook.case import Case
from cardhouse.simulation.atomic import explained

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH = 150


def source_of(case: Case) -> str:
    """Name the evidence of a figure: program, case, and the day until which facts were known.

    >>> from cardhouse.casebook.load import load_case
    >>> source_of(load_case("three_firm_ring"))
    'Source: cardhouse, case three_firm_ring, facts known on 2026-02-10.'
    """
    tier = "" if case.tier.value == "all" else ", filings and company statements only"
    return f"Source: cardhouse, case {case.name}, facts known on {case.known_on.isoformat()}{tier}."


def save_figure(figure: Figure, path: Path, source: str) -> Path:
    """Write a figure with its source below, as the ending of the name says, and return the path.

    Raises
    ------
    StoreError
        When the file cannot be written.
    """
    if source:
        figure.supxlabel(source, x=0.01, ha="left", fontsize=7, color="0.35")
    with explained(path):
        figure.savefig(path, dpi=DOTS_PER_INCH)
    return path
