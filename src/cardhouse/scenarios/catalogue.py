"""Finding scenarios: those packaged with the project by name, and those of the user by path."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from cardhouse.basics.errors import Problem, ScenarioError
from cardhouse.basics.identifiers import suggestion
from cardhouse.scenarios.federal_reserve import macro_shocks
from cardhouse.scenarios.scenario import Scenario, read_scenario
from cardhouse.scenarios.shock import Moment

LIBRARY = Path(__file__).resolve().parent / "library"
BASELINE_FILE = LIBRARY / "federal_reserve_2026_baseline.csv"
ORDER: tuple[str, ...] = (
    *("BASE", "SOFT", "PLATEAU", "FIBRE", "RUN08", "LABFAIL", "ORACLE", "WALL", "PAUSE", "WORD", "MONEY", "SIMUL"),
    *("BOOM", "STRAT", "LIFE3", "POWER", "FEDSA", "RESCUE", "MERGER"),
)


def library_names() -> tuple[str, ...]:
    """Name the packaged scenarios: twelve core ones, then seven extensions and overlays.

    >>> library_names()[:3], len(library_names())
    (('BASE', 'SOFT', 'PLATEAU'), 19)
    """
    return ORDER


@functools.cache
def packaged(name: str) -> Scenario:
    """Read a packaged scenario.

    >>> packaged("PLATEAU").title
    'Five per cent'
    """
    return read_scenario(LIBRARY / f"{name.lower()}.yaml", _find, macro_shocks)


def load_scenario(name_or_path: str, folder: Path | None = None) -> Scenario:
    """Read a scenario by the name of a packaged one, or from a YAML file, or from a Federal Reserve CSV file.

    Parameters
    ----------
    name_or_path : str
        ``PLATEAU`` in any case, or a path that ends in ``.yaml``, ``.yml`` or ``.csv``. A CSV file is read against the
        packaged baseline of the same quarters and begins in the first simulated quarter.
    folder : Path, optional
        Folder to which a relative path belongs; the current one by default.

    Raises
    ------
    ScenarioError
        When there is no such scenario, or with every problem of the file.
    """
    return _find(name_or_path, folder or Path(), ())


def _find(name: str, folder: Path, within: Sequence[str]) -> Scenario:
    upper = name.upper()
    if upper in ORDER:
        if within:
            return read_scenario(LIBRARY / f"{upper.lower()}.yaml", _find, macro_shocks, within)
        return packaged(upper)
    path = folder / name
    if path.suffix.lower() in (".yaml", ".yml"):
        return read_scenario(path, _find, macro_shocks, within)
    if path.suffix.lower() == ".csv":
        return _from_table(path)
    near = suggestion(upper, ORDER)
    remedy = f"{near}{'' if near.endswith('?') else '.'} A file of your own ends in .yaml, .yml or .csv"
    problem = Problem(file="scenario", value=name, rule="there is no scenario of this name", remedy=remedy)
    raise ScenarioError("", (problem,))


def _from_table(path: Path) -> Scenario:
    return Scenario(
        id=path.stem,
        title=f"Macroeconomic path {path.name}",
        kind="own",
        story="A macroeconomic path in the column form of the Federal Reserve, read against the packaged baseline.",
        first_break="not stated",
        reference=path.name,
        shocks=macro_shocks(path, BASELINE_FILE, Moment(offset=0)),
        file=path.name,
    )
