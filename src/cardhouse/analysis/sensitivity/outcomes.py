"""The five outcomes that a sensitivity analysis explains, one number per draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.simulation.results import Run


@dataclass(frozen=True)
class Outcome:
    """One number per draw.

    Parameters
    ----------
    name, unit, meaning : str
    needs : tuple of str
        Variables that the run must keep draw by draw.
    of : callable
        Turns a run into an array of shape (draw,).
    """

    name: str
    unit: str
    meaning: str
    needs: tuple[str, ...]
    of: Callable[[Run], FloatArray]


def _defaults(run: Run) -> FloatArray:
    return run.results("defaults_count").astype(np.float64)


def _first_default(run: Run) -> FloatArray:
    quarter = run.results("first_default_quarter").astype(np.float64)
    return np.where(quarter < 0, float(len(run.coordinates["quarter"])), quarter)


def _claims_unpaid(run: Run) -> FloatArray:
    unpaid = np.nan_to_num(run.results("claims_unpaid").astype(np.float64))
    total: FloatArray = unpaid.sum(axis=1)
    return total


def _market_value(run: Run) -> FloatArray:
    value = run.results("sector_market_value").astype(np.float64)
    return np.log(value[:, -1] / value[:, 0])


def _end_user_spending(run: Run) -> FloatArray:
    return 4.0 * run.results("end_user_spending").astype(np.float64)[:, -1]


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("defaults", "firms", "firms that default, groups of others among them", ("defaults_count",), _defaults),
    Outcome(
        "first default",
        "quarters",
        "quarters until the first default; the whole horizon when there is none",
        ("first_default_quarter",),
        _first_default,
    ),
    Outcome(
        "claims unpaid", "USD bn", "claims on failed firms that are never paid", ("claims_unpaid",), _claims_unpaid
    ),
    Outcome(
        "market value",
        "log change",
        "change of the sector's market value from the first to the last quarter",
        ("sector_market_value",),
        _market_value,
    ),
    Outcome(
        "end-user spending",
        "USD bn per year",
        "spending of end users on AI in the last quarter, at an annual rate",
        ("end_user_spending",),
        _end_user_spending,
    ),
)


def needed_variables() -> tuple[str, ...]:
    """Return the variables that a run for sensitivity keeps draw by draw."""
    return tuple(dict.fromkeys(name for outcome in OUTCOMES for name in outcome.needs))
