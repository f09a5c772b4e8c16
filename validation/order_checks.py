"""S-6 and S-7: length of the time step, and order of financing and orders inside a quarter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from validation.register import Outcome, check

ROOT = Path(__file__).resolve().parent.parent


@check(
    "S-6",
    "A month instead of a quarter as time step",
    "main outputs of monthly steps agree with quarterly ones within 10 %",
    "robustness to discretisation",
)
def monthly_step(_full: bool) -> Outcome:
    """Say why the comparison cannot be made."""
    return Outcome(
        "not possible: the step is a quarter by construction. Debt ladder, pipeline, contract schedules, covenant "
        "tests and published balances count quarters; rates per quarter (adoption, prices, beliefs, spreads) enter "
        "without a step length, and the opening balance has no monthly figures. A monthly model needs all of them "
        "restated, not a smaller step",
        False,
    )


def _run_plain(draws: int, quarters: int) -> dict[str, dict[str, float]]:
    """Run the plain form of the step in a process of its own, in both orders."""
    command = [sys.executable, "-m", "validation.swapped_order", str(draws), str(quarters)]
    environment = os.environ | {"CARDHOUSE_COMPILE": "0", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(  # noqa: S603 the command is this interpreter and a module of this folder
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    answer: dict[str, dict[str, float]] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


@check(
    "S-7",
    "Orders before financing instead of after it",
    "every identity holds in both orders, and the mean number of defaults differs by less than one firm, peak capital "
    "spending by less than 10 %",
    "robustness to the sequence of a quarter (steps 6 and 7)",
)
def swapped_order(full: bool) -> Outcome:
    """Run the same draws in both orders."""
    found = _run_plain(12 if full else 1, 24 if full else 4)
    usual, swapped = found["usual"], found["swapped"]
    peak = swapped["peak"] / usual["peak"] - 1.0
    figure = (
        f"{usual['draws']:.0f} draws: defaults {usual['defaults']:.2f} and {swapped['defaults']:.2f}, peak spending "
        f"{usual['peak']:.1f} and {swapped['peak']:.1f} USD bn ({100 * peak:+.1f} %), broken identities "
        f"{usual['broken']:.0f} and {swapped['broken']:.0f}"
    )
    sound = usual["broken"] == 0.0 and swapped["broken"] == 0.0
    return Outcome(figure, sound and abs(usual["defaults"] - swapped["defaults"]) < 1.0 and abs(peak) < 0.1)
