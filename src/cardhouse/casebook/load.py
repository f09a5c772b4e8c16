"""Loading of a case as known on a day, down to a tier of sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from cardhouse.basics.errors import CaseError, FactError, Problem, raise_if_any
from cardhouse.basics.quarter import Quarter, parse_day
from cardhouse.casebook.build import at_tier, build_snapshot, span_conflicts
from cardhouse.casebook.case import Case
from cardhouse.casebook.folder import PRIORS, Folder, find_case, read_folder
from cardhouse.casebook.opening import Opening, recompute
from cardhouse.casebook.priors import Prior, parameter_set
from cardhouse.casebook.rules import check_folder
from cardhouse.casebook.schema import BaseQuarter
from cardhouse.casebook.uses import uses_of_facts
from cardhouse.facts.fact import Fact
from cardhouse.facts.register import Register
from cardhouse.facts.vocabulary import Dating, TierFilter
from cardhouse.model.parameters import ParameterSet


def load_case(name_or_path: str | Path, known_on: dt.date | None = None, tier: TierFilter | str = "all") -> Case:
    """Read a case as it was known on a day.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a packaged case, or a folder with a ``case.yaml``.
    known_on : date, optional
        The day of the reading; by default the newest day of the case, which a later day means too: nothing is known
        of the time between. Nothing measured, stated or published after the day is in the result.
    tier : {"all", "filing"}
        ``filing`` keeps filings and company statements only: contracts of other tiers are gone, and opening figures
        whose support is gone become assumptions with their range.

    Returns
    -------
    Case

    Raises
    ------
    CaseError
        When the case cannot be found, breaks a rule (with every problem of every file), or has no opening balance that
        was known on the day.

    Examples
    --------
    >>> import datetime as dt
    >>> str(load_case("ai_2026", dt.date(2026, 2, 13)).base_quarter)
    '2025Q4'
    """
    folder = read_folder(find_case(name_or_path))
    raise_if_any(folder.problems, CaseError)
    return read_as_of(folder, known_on, TierFilter(tier))


def parse_known_on(text: str) -> dt.date:
    """Read the day of a reading as a user types it; raise CaseError when it is no date.

    >>> parse_known_on("2026-02-13")
    datetime.date(2026, 2, 13)
    """
    try:
        return parse_day(text, last=True)
    except ValueError as reason:
        rule = str(reason).removeprefix(f"'{text}' is ").split(";", maxsplit=1)[0]
        remedy = "write a day as 2026-02-13"
        raise CaseError("", (Problem(file="--known-on", value=text, rule=rule, remedy=remedy),)) from None


def read_as_of(folder: Folder, known_on: dt.date | None, tier: TierFilter) -> Case:
    """Tie the files of a case together and read them as of a day; see :func:`load_case`."""
    try:
        everything = Register(folder.facts)
    except FactError as error:
        raise CaseError("", error.problems) from None
    problems = check_folder(folder, everything)
    openings = {quarter: recompute(opening, problems) for quarter, opening in folder.openings.items()}
    raise_if_any(problems, CaseError)
    newest = min(everything.newest_day, folder.case.collected_until) if len(everything) else folder.case.collected_until
    day = newest if known_on is None else min(known_on, newest)
    base = _base_quarter(folder, day)
    known = everything.known_on(day)
    register = known.at_tier(tier)
    opening: Opening = {} if base is None else span_conflicts(openings[base.quarter], register)
    opening, lost = at_tier(opening, known, tier, folder.case.range_of_lost_support_percent.value / 100)
    snapshot = build_snapshot(
        day=day,
        quarter=_quarter_of(base, day),
        entities=folder.entities,
        relations=folder.relations,
        opening=opening,
        register=register,
    )
    priors: ParameterSet | None = None
    prior_rows: tuple[Prior, ...] = ()
    lost_priors = 0
    if folder.priors is not None:
        table = f"{folder.path.name}/{PRIORS}"
        priors, prior_rows, lost_priors = parameter_set(
            folder.priors, None if base is None else base.quarter, register, problems, table
        )
    raise_if_any(problems, CaseError)
    return Case(
        name=folder.case.name,
        title=folder.case.title,
        kind=folder.case.kind,
        known_on=day,
        newest_day=newest,
        tier=tier,
        base_quarter=None if base is None else base.quarter,
        all_facts=everything,
        register=register,
        relations=tuple(folder.relations),
        entities=folder.entities,
        opening=tuple(opening.values()),
        prior_rows=prior_rows,
        fact_uses=uses_of_facts(folder),
        digest=folder.digest(),
        notes=_notes(folder, register, tier, lost, lost_priors),
        first_opening=folder.case.base_quarters[0].known_from if folder.case.base_quarters else None,
        footprint=_footprint(folder, register),
        _snapshot=snapshot,
        _priors=priors,
    )


def _footprint(folder: Folder, register: Register) -> Mapping[str, Fact]:
    names = {} if folder.case.footprint is None else dict(folder.case.footprint)
    if not all(name in register for name in names.values()):
        return {}
    return {part: register.get(name) for part, name in names.items()}


def _base_quarter(folder: Folder, day: dt.date) -> BaseQuarter | None:
    known = [item for item in folder.case.base_quarters if item.known_from <= day]
    return known[-1] if known else None


def _quarter_of(base: BaseQuarter | None, day: dt.date) -> Quarter:
    return Quarter.of(day) + -1 if base is None else base.quarter


def _notes(folder: Folder, register: Register, tier: TierFilter, lost: int, lost_priors: int) -> tuple[str, ...]:
    notes = list(folder.case.limits)
    vouched = sum(fact.dating is Dating.VOUCHED for fact in register)
    if vouched:
        notes.append(f"{vouched} facts were public on the day although the page that was seen is dated later.")
    if tier is TierFilter.FILING:
        notes.append(
            f"Read from filings and company statements alone: {lost} opening figures lost their support and are "
            "assumed with their range."
        )
    if lost_priors:
        notes.append(f"{lost_priors} parameter ranges rest on a later or weaker fact and are assumed in this reading.")
    return tuple(notes)
