"""Tested price series as pages of a run: kept beside its results and written into its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardhouse.bubbles.page import PricePage

FOLDER = "prices"


def keep_page(page: PricePage, run: str) -> Path:
    """Keep a page with a run, write the run's report again and return its path.

    Parameters
    ----------
    page : PricePage
    run : str
        A run, by name, beginning of the name, or path.

    Raises
    ------
    CardhouseError
        When there is no such run, it is not complete, or a file cannot be written.
    """
    from cardhouse.analysis.experiment import Request, prepare
    from cardhouse.analysis.summary import summarise
    from cardhouse.basics.errors import Problem, StoreError
    from cardhouse.report.render import write_report
    from cardhouse.simulation.atomic import explained, write_atomic
    from cardhouse.simulation.folders import find_run
    from cardhouse.simulation.run import open_run

    folder = find_run(run)
    done = open_run(folder)
    if not done.complete:
        rule = f"only {done.draws.size:,} of its draws are there, so it has no report"
        problem = Problem(file=str(folder), rule=rule, remedy=f"finish it with: cardhouse run --resume {folder}")
        raise StoreError("", (problem,))
    text = json.dumps(page.to_plain(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    with explained(folder):
        (folder / FOLDER).mkdir(exist_ok=True)
    write_atomic(folder / FOLDER / f"{page.key}.json", f"{text}\n".encode())
    experiment = prepare(Request.from_plain(done.manifest["request"]))
    summary = summarise(done, experiment.case)
    return write_report(folder / "report.html", summary, experiment.case, experiment.scenarios, pages_of(folder))


def pages_of(folder: Path) -> tuple[PricePage, ...]:
    """Read the pages kept with a run, in the order of their file names.

    Raises
    ------
    StoreError
        When a file cannot be read or is not a page.
    """
    from cardhouse.basics.errors import Problem, StoreError
    from cardhouse.bubbles.page import PricePage
    from cardhouse.simulation.atomic import explained

    pages = []
    for path in sorted((folder / FOLDER).glob("*.json")):
        with explained(path):
            text = path.read_text(encoding="utf-8")
        try:
            record = json.loads(text)
        except ValueError:
            rule = "this is not JSON"
            raise StoreError("", (Problem(file=str(path), rule=rule, remedy="remove the file"),)) from None
        pages.append(PricePage.from_plain(record, str(path)))
    return tuple(pages)
