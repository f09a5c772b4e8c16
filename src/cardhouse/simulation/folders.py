"""The runs in a folder: find one by name, list them, remove one and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardhouse.basics.errors import InputError, Problem, StoreError
from cardhouse.basics.identifiers import suggestion
from cardhouse.simulation.atomic import explained
from cardhouse.simulation.run import open_run
from cardhouse.simulation.store import LOCK, MANIFEST, RunStore

RUNS = Path("runs")
OWN_FOLDERS = ("chunks", "sketches", "results", "prices")


@dataclass(frozen=True, kw_only=True)
class RunEntry:
    """One run of a folder, as its manifest and files tell."""

    name: str
    folder: Path
    case: str
    scenario: str
    state: str
    draws: int
    done: int
    created: str
    bytes: int


def list_runs(folder: Path = RUNS) -> tuple[RunEntry, ...]:
    """List the runs of a folder, newest first; what is no run is passed over."""
    with explained(folder):
        places = sorted(folder.iterdir()) if folder.is_dir() else []
    entries = []
    for place in places:
        if place.is_dir() and (place / MANIFEST).exists():
            try:
                entries.append(describe(place))
            except StoreError as error:
                entries.append(_damaged(place, str(error)))
    return tuple(sorted(entries, key=lambda entry: entry.created, reverse=True))


def describe(folder: Path) -> RunEntry:
    """Describe one run by its manifest and files."""
    run = open_run(folder)
    manifest: dict[str, Any] = dict(run.manifest)
    done = int(run.draws.size)
    draws = int(manifest["sampling"]["draws"])
    return RunEntry(
        name=folder.name,
        folder=folder,
        case=str(manifest["labels"].get("case", "")),
        scenario=str(manifest["labels"].get("scenario", "")),
        state="complete" if done == draws else "can be resumed",
        draws=draws,
        done=done,
        created=str(manifest["created"]),
        bytes=_size(folder),
    )


def _damaged(folder: Path, reason: str) -> RunEntry:
    state = f"damaged ({reason.split(': ', 1)[-1]})"
    size = _size(folder)
    return RunEntry(
        name=folder.name, folder=folder, case="", scenario="", state=state, draws=0, done=0, created="", bytes=size
    )


def _size(folder: Path) -> int:
    with explained(folder):
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def find_run(name: str, folder: Path = RUNS) -> Path:
    """Find a run by its name in a folder, by the beginning of its name, or by its path.

    Raises
    ------
    InputError
        When no run, or more than one, fits.
    """
    for place in (folder / name, Path(name)):
        if (place / MANIFEST).is_file():
            return place
    known = sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}"))
    fitting = [item for item in known if name and item.startswith(name)]
    if len(fitting) == 1:
        return folder / fitting[0]
    rule = f"{len(fitting)} runs begin with this" if fitting else f"there is no such run in {folder}"
    remedy = f"give more of the name: {', '.join(fitting)}" if fitting else suggestion(name, known)
    raise InputError("", (Problem(file="run", key="name", value=name, rule=rule, remedy=remedy if known else ""),))


def remove_run(folder: Path) -> tuple[str, ...]:
    """Remove the files of a run, and its folder when nothing else is in it.

    Returns
    -------
    tuple of str
        Names of what was left because it does not belong to the run.

    Raises
    ------
    StoreError
        When the folder holds no run, or is being written.
    """
    store = RunStore(folder)
    open_run(folder)
    with store.locked(), explained(folder):
        for name in OWN_FOLDERS:
            place = folder / name
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
        # the manifest goes last but for the lock: what a crash leaves half removed is still known as a run
        for name in ("report.html", "summary.json", MANIFEST):
            (folder / name).unlink(missing_ok=True)
    with explained(folder):
        (folder / LOCK).unlink(missing_ok=True)
        left = tuple(sorted(path.name for path in folder.iterdir()))
        if not left:
            folder.rmdir()
    return left
