"""What a check is, and the register of all of them."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Parameters
    ----------
    figure : str
        The number or numbers, in words that can be read beside the criterion.
    passed : bool
        Whether the criterion is met.
    """

    figure: str
    passed: bool


@dataclass(frozen=True)
class Check:
    """One line of the validation page: what is demanded, by whom, and how it is computed."""

    id: str
    title: str
    criterion: str
    source: str
    compute: Callable[[bool], Outcome]


@dataclass(frozen=True)
class Verdict:
    """A check with what came out of it."""

    check: Check
    outcome: Outcome
    seconds: float


CHECKS: dict[str, Check] = {}


def check(
    id: str, title: str, criterion: str, source: str
) -> Callable[[Callable[[bool], Outcome]], Callable[[bool], Outcome]]:
    """Register a function as the check ``id``; it takes ``full`` (the whole test, or a sample for CI)."""

    def add(compute: Callable[[bool], Outcome]) -> Callable[[bool], Outcome]:
        if id in CHECKS:
            msg = f"there are two checks with the id {id}"
            raise ValueError(msg)
        CHECKS[id] = Check(id, title, criterion, source, compute)
        return compute

    return add


def run_check(item: Check, full: bool) -> Verdict:
    """Run one check; an error is a fail with the error as its figure, so that the rest of the page is still made."""
    begin = time.monotonic()
    try:
        outcome = item.compute(full)
    except Exception:  # noqa: BLE001 the page shows the failure instead of losing the other checks
        outcome = Outcome("error: " + traceback.format_exc().strip().splitlines()[-1], False)
    return Verdict(item, outcome, time.monotonic() - begin)


def agree(found: float, expected: float, relative: float) -> bool:
    """Tell whether two finite numbers agree within a relative tolerance."""
    return bool(np.isfinite(found) and np.isfinite(expected) and abs(found - expected) <= relative * abs(expected))
