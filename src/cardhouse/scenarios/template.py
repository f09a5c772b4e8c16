"""A scenario file to begin with: it is valid as it stands and shows every shape."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from cardhouse.basics.errors import Problem, ScenarioError, raise_if_any
from cardhouse.basics.identifiers import suggestion
from cardhouse.scenarios.catalogue import LIBRARY, library_names
from cardhouse.scenarios.schema import NAME_PATTERN

_TABLE = re.compile(r"^  (?:file|baseline): (\S+\.csv)$", re.MULTILINE)
"""Tables that a packaged scenario reads."""
_BODY = """\
# A scenario: what is done to the world, when, to whom, how much, and why that much.
# Check it with:  cardhouse scenarios check {id}.yaml
# Run it with:    cardhouse run {id}.yaml
# Every variable: cardhouse scenarios show --variables
format: 1
id: {id}
title: Lenders ask more of one firm
story: >
  Tell in a few sentences what happens in this world and how it comes about.
first_break: what you expect to break first
reference: what the size as a whole is compared with
shocks:
  # A step: full size from the first simulated quarter (q1) on. Sizes are numbers in the variable's unit, or text
  # with bp, pp or per cent.
  - variable: firm_spread
    target: oracle
    start: q1
    shape: step
    size: +150 bp
    basis: assumed        # reported, literature or assumed
    rationale: Say why this size and not half or double.
    references:
      - title: Where the size comes from
        address: https://example.org/source
        date: 2026-01
  # A pulse lasts some quarters. Factors multiply: 0.7 means a fall by 30 per cent.
  - variable: strategic_finance
    target: {{role: chips}}
    start: q4
    shape: pulse
    quarters: 2
    size: 0.7
    rationale: Say why.
  # A ramp goes in a straight line to its full size. Quarters can be calendar quarters too: 2027Q1.
  - variable: capex_plan
    target: {{role: platform, except: [microsoft]}}
    start: q3
    shape: ramp
    quarters: 4
    size: 0.9
    rationale: Say why.
  # A decay starts at full size and halves every so many quarters.
  - variable: credit_spread
    start: q6
    shape: decay
    half_life: 2
    size: 0.01
    rationale: Say why.
  # A path gives each quarter's value.
  - variable: gdp_gap
    start: q2
    shape: path
    values: [-0.2 %, -0.4 %, -0.2 %]
    then: neutral
    rationale: Say why.
"""


def new_scenario(name: str, folder: Path, like: str | None = None) -> Path:
    """Write a new scenario file and return its path.

    Parameters
    ----------
    name : str
        Identifier of the scenario and name of the file.
    folder : Path
        Where to write it; made if absent.
    like : str, optional
        A packaged scenario to copy instead of the annotated example, with the tables that it reads.

    Raises
    ------
    ScenarioError
        When the name cannot be a name, is that of a packaged scenario, or the file exists already.
    """
    raise_if_any(_faults(name, like), ScenarioError)
    path = folder / f"{name}.yaml"
    if like is None:
        text = _BODY.format(id=name)
    else:
        text = (LIBRARY / f"{like.lower()}.yaml").read_text(encoding="utf-8")
        text = text.replace(f"id: {like.upper()}\n", f"id: {name}\n", 1)
        text = text.replace("kind: core\n", "kind: own\n", 1).replace("kind: overlay\n", "kind: own\n", 1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy_tables(text, folder)
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        rule, remedy = "the file exists already and is not overwritten", "choose another name, or remove it"
        raise ScenarioError("", (Problem(file=str(path), rule=rule, remedy=remedy),)) from None
    except OSError as reason:
        rule = f"the file cannot be written: {reason.strerror}"
        raise ScenarioError("", (Problem(file=str(path), rule=rule, remedy="choose another folder"),)) from None
    return path


def _copy_tables(text: str, folder: Path) -> None:
    """Put the tables that a packaged scenario reads beside its copy; a table that is there already stays.

    Raises
    ------
    ScenarioError
        When another file has the name of a table.
    """
    for name in sorted(set(_TABLE.findall(text))):
        source, target = LIBRARY / name, folder / name
        if not target.exists():
            shutil.copyfile(source, target)
        elif target.read_bytes() != source.read_bytes():
            rule, remedy = "another file has the name of a table that the scenario reads", "choose another folder"
            raise ScenarioError("", (Problem(file=str(target), rule=rule, remedy=remedy),))


def _faults(name: str, like: str | None) -> list[Problem]:
    found = []
    if NAME_PATTERN.fullmatch(name) is None:
        rule = "a name has letters, digits, '.', '-' and '_', at most 40, and begins with a letter or digit"
        found.append(Problem(file="name", value=name, rule=rule, remedy="choose another name"))
    elif name.upper() in library_names():
        rule = "a packaged scenario has this name"
        found.append(Problem(file="name", value=name, rule=rule, remedy="choose another name"))
    if like is not None and like.upper() not in library_names():
        remedy = suggestion(like, [known.lower() for known in library_names()])
        found.append(
            Problem(file="--like", value=like, rule="there is no packaged scenario of this name", remedy=remedy)
        )
    return found
