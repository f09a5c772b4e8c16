"""Run the validation suite and write its page: ``./run validate [--sample] [ID ...]``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

import validation
from validation.register import CHECKS, Verdict, run_check

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "validation.md"


def collect() -> None:
    """Import every module of the suite; one that fails to import fails the suite."""
    for module in pkgutil.iter_modules(validation.__path__):
        if module.name.endswith("checks"):
            importlib.import_module(f"validation.{module.name}")


def order(id_: str) -> tuple[str, int, str]:
    """Sort R-2 before R-10."""
    letter, _, rest = id_.partition("-")
    digits = "".join(c for c in rest if c.isdigit())
    return letter, int(digits or 0), rest


def row_of(verdict: Verdict) -> str:
    """Write the row of one check."""
    item = verdict.check
    result = "passed" if verdict.outcome.passed else "**failed**"
    cells = [item.id, item.title, item.criterion, verdict.outcome.figure, result, item.source]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def page(verdicts: Sequence[Verdict]) -> str:
    """Write the page: one row per check; a fail stays visible."""
    failed = sum(not v.outcome.passed for v in verdicts)
    lines = [
        "# Validation",
        "",
        "Written by `./run validate`: the demands of a sceptical reader and what came out. A fail stays visible.",
        "",
        f"{len(verdicts)} checks, {len(verdicts) - failed} passed, {failed} failed.",
        "",
        "| id | what | criterion | figure | result | source |",
        "|---|---|---|---|---|---|",
    ]
    lines += [row_of(verdict) for verdict in verdicts]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Run the checks named, or all of them; write the page when all were run in full."""
    parser = argparse.ArgumentParser(prog="./run validate", description=__doc__)
    parser.add_argument("ids", nargs="*", help="checks to run; all by default")
    parser.add_argument("--sample", action="store_true", help="smaller samples, for a quick look")
    options = parser.parse_args(arguments)
    collect()
    unknown = [id_ for id_ in options.ids if id_ not in CHECKS]
    if unknown:
        print(f"no such check: {', '.join(unknown)}. Known: {', '.join(sorted(CHECKS, key=order))}", file=sys.stderr)
        return 2
    verdicts = []
    for id_ in sorted(options.ids or CHECKS, key=order):
        verdict = run_check(CHECKS[id_], full=not options.sample)
        verdicts.append(verdict)
        result = "passed" if verdict.outcome.passed else "FAILED"
        print(
            f"{id_:7} {result:6} {verdict.seconds:6.1f} s  {verdict.check.title}: {verdict.outcome.figure}", flush=True
        )
    failed = sum(not v.outcome.passed for v in verdicts)
    print(f"{len(verdicts) - failed} passed, {failed} failed")
    if not options.ids and not options.sample:
        PAGE.write_text(page(verdicts))
        from validation import calibration_page

        found = {verdict.check.id: verdict for verdict in verdicts}
        calibration_page.write(calibration_page.blocks(found))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
