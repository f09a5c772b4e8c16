"""The options with which every command chooses a case, a day and a tier, and the reading they ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cardhouse.analysis.draws import Draws
    from cardhouse.analysis.experiment import Experiment
    from cardhouse.casebook.case import Case

CaseName = Annotated[str, typer.Option("--case", help="Name of a packaged case, or a case folder.")]
KnownOn = Annotated[
    str | None, typer.Option("--known-on", help="Read the case as known on this day, for example 2026-02-13.")
]
Tier = Annotated[str, typer.Option("--tier", help="all, or filing: filings and company statements alone.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
RunName = Annotated[
    str, typer.Option("--run", help="Read draws of this stored run instead: its name, its beginning, or its path.")
]
DEFAULT_CASE = "ai_2026"
FIGURES = (".png", ".svg")


def read_case(case: str, known_on: str | None, tier: str) -> Case:
    """Load a case from what a user typed; raise CaseError for anything that is wrong with it."""
    from cardhouse.basics.errors import CaseError, Problem
    from cardhouse.basics.identifiers import suggestion
    from cardhouse.casebook.load import load_case, parse_known_on
    from cardhouse.facts.vocabulary import TierFilter

    tiers = [word.value for word in TierFilter]
    if tier not in tiers:
        remedy = suggestion(tier, tiers)
        raise CaseError("", (Problem(file="--tier", value=tier, rule="the tier is a word of the list", remedy=remedy),))
    return load_case(case, None if known_on is None else parse_known_on(known_on), tier)


def day_of(known_on: str | None) -> str:
    """Turn the day that a user typed into an ISO day; empty when none was given.

    >>> day_of("2026-02"), day_of(None)
    ('2026-02-28', '')
    """
    from cardhouse.casebook.load import parse_known_on

    return "" if known_on is None else parse_known_on(known_on).isoformat()


def check_figure(path: Path | None) -> None:
    """Refuse a figure that could not be written, before anything is computed for it.

    Raises
    ------
    InputError
        When the name ends in something else than .png or .svg, or its folder does not exist.
    MissingExtraError
        When matplotlib is not installed.
    """
    from importlib.util import find_spec

    from cardhouse.basics.errors import InputError, Problem, missing_extra

    if path is None:
        return
    if path.suffix.lower() not in FIGURES:
        rule, remedy = f"a figure is saved as {' or '.join(FIGURES)}", "end the name in one of these"
        raise InputError("", (Problem(file="--figure", value=str(path), rule=rule, remedy=remedy),))
    if not path.parent.is_dir():
        rule, remedy = f"there is no folder {path.parent}", "make it, or choose another"
        raise InputError("", (Problem(file="--figure", value=str(path), rule=rule, remedy=remedy),))
    if find_spec("matplotlib") is None:
        raise missing_extra("plot", "--figure")


def read_run(name: str, count: int) -> tuple[Experiment, Draws]:
    """Open a stored run and make its first draws again, bit for bit; say so when it has fewer than asked."""
    from cardhouse.analysis.draws import stored_draws
    from cardhouse.simulation.folders import find_run
    from cardhouse.simulation.run import open_run

    run = open_run(find_run(name))
    if run.draws.size < count:
        typer.echo(
            f"--draws {count:,}: the run has {run.draws.size:,} finished draws, and all of them are read", err=True
        )
    return stored_draws(run, count)
