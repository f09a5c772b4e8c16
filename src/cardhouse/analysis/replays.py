"""A few draws of a run made again, for figures that need every payment: a run keeps none.

Which draws these are hangs on the run alone, so that the same run gives the same figures, and a longer run of the same
seed those of the shorter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.draws import Draws, draws_again
from cardhouse.analysis.experiment import Request, put_together
from cardhouse.analysis.tracer import nature_of, sort_payments
from cardhouse.analysis.tracing import QuarterFlows
from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import CardhouseError, InputError, ModelError, Problem
from cardhouse.casebook.case import Case
from cardhouse.model.chunk import Journal, new_journal, new_workspace
from cardhouse.model.ledger import KINDS, Kind, kind_of_tag
from cardhouse.model.packing import new_results
from cardhouse.model.parameters import as_records
from cardhouse.model.setup import ModelSetup
from cardhouse.model.simulate import JOURNAL_ROOM, run_in
from cardhouse.simulation.results import Run

REPLAYED = 64
"""How many draws are made again; a quantile of so few has an error that is told beside it."""

_NAMES = {int(kind): kind.name.lower() for kind in Kind}
_NATURE = nature_of([_NAMES.get(code, "") for code in range(KINDS)])


@dataclass(frozen=True, kw_only=True, eq=False)
class Payments:
    """Every payment of one draw, by quarter.

    Parameters
    ----------
    flows : list of QuarterFlows
        One per quarter.
    opening_cash : array, shape (firm,)
        Cash of the network's firms at the start, USD bn.
    """

    flows: list[QuarterFlows]
    opening_cash: FloatArray


def first_of_rows(draws: IntArray, per_row: int, count: int = REPLAYED) -> IntArray:
    """Choose one finished draw of each of the first parameter rows.

    Parameters
    ----------
    draws : array of int, shape (draw,)
        Numbers to choose from, rising.
    per_row : int
        Draws that share a parameter row.
    count : int
        How many, or fewer where the run has not so many rows.

    Notes
    -----
    The first rows, not rows at equal steps: a power of two of Sobol' points is balanced in every parameter from the
    first on, while points at equal steps can all lie in one half of a parameter's range, also when the step is odd.
    Which of a row's draws it is, a lot with a fixed seed decides, so that rows with the same news do not all show the
    first of them.

    Examples
    --------
    >>> first_of_rows(np.arange(20), 1, 3).tolist(), (first_of_rows(np.arange(20), 2, 3) // 2).tolist()
    ([0, 1, 2], [0, 1, 2])
    """
    _, first, size = np.unique(draws // per_row, return_index=True, return_counts=True)
    lot = np.random.default_rng(0).integers(0, size[:count])
    return np.asarray(draws[first[:count] + lot], dtype=np.int64)


def replays_of(run: Run, case: Case | None, count: int = REPLAYED) -> Draws:
    """Make some of a run's good draws again.

    Raises
    ------
    InputError
        When the case is not at hand or is another reading, or the run was not asked for in the usual way.
    StoreError
        When the draws come out otherwise than stored: the run was made by another version.
    CaseError, ScenarioError
        When what the run was asked cannot be put together any more, for example because a file is gone.
    """
    rule = ""
    if not run.manifest.get("request"):
        rule = "the run does not say what it was asked"
    elif case is None:
        rule = "the case of the run is not at hand"
    elif run.manifest.get("inputs", {}).get("case") != case.digest:
        rule = "the run was made from other evidence than the case at hand"
    if rule or case is None:
        remedy = "run it again with this case and version"
        raise InputError("", (Problem(file="run", rule=rule, remedy=remedy),))
    experiment = put_together(Request.from_plain(run.manifest["request"]), case)
    numbers = first_of_rows(run.draws[run.good], int(run.sampling.news_per_row), count)
    return draws_again(run, experiment, numbers, axes=())


def reason_of(error: CardhouseError) -> str:
    """Say in a few words why draws cannot be made again.

    >>> reason_of(InputError("", (Problem(file="run", rule="the case of the run is not at hand"),)))
    'the case of the run is not at hand'
    """
    return "; ".join([problem.rule for problem in error.problems] or [str(error)])


def payments_of(draws: Draws, inside: Sequence[str]) -> Iterator[Payments]:
    """Run draws one after the other and give their payments inside a network and with its outside.

    Parameters
    ----------
    draws : Draws
    inside : sequence of str
        Firms of the network; everyone else is outside.
    """
    setup = draws.setup
    journal, space = new_journal(JOURNAL_ROOM * setup.quarters), new_workspace(setup.world[0])
    results = new_results(setup.size_of_results(1))
    own = np.array([setup.entity_ids.index(name) for name in inside])
    records = as_records(draws.rows)
    for k, news in enumerate(draws.news):
        journal.used[0] = 0
        run_in(setup, records[k : k + 1], np.array([news], dtype=np.int64), results, journal, space)
        opening = np.array(results.draw_record[0].opening_cash[own], dtype=np.float64)
        yield Payments(flows=_flows(setup, journal, own), opening_cash=opening)


def _flows(setup: ModelSetup, journal: Journal, own: IntArray) -> list[QuarterFlows]:
    used = int(journal.used[0])
    if used > journal.amount.size:
        raise ModelError(f"the draw made {used} payments, more than a journal holds")
    place = np.full(len(setup.entity_ids), -1, dtype=np.int64)
    place[own] = np.arange(own.size)
    tags, back = np.unique(journal.tag[:used], return_inverse=True)
    kind = np.array([kind_of_tag(int(tag)) for tag in tags], dtype=np.int64)[back]
    financial, origin = _NATURE
    return sort_payments(
        journal.quarter[:used],
        (place[journal.payer[:used]], place[journal.payee[:used]]),
        journal.amount[:used],
        (financial[kind], origin[kind]),
        (setup.quarters, own.size),
    )
