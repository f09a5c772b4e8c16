"""Run one draw again up to a quarter, to look at its payments and its state."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import ModelError
from cardhouse.model.chunk import NOW, Journal, new_journal
from cardhouse.model.packing import new_results
from cardhouse.model.parameters import as_records
from cardhouse.model.setup import ModelSetup
from cardhouse.model.simulate import JOURNAL_ROOM, named_postings, run_in
from cardhouse.model.state import State


@dataclass(frozen=True, eq=False)
class Replay:
    """One draw at the end of a quarter.

    Parameters
    ----------
    postings : structured array
        Payments of that quarter, as in a draw's journal.
    state : State
        State at its end.
    """

    postings: AnyArray
    state: State


def replay(setup: ModelSetup, parameters_row: FloatArray, draw_id: int, quarter: int) -> Replay:
    """Run one draw up to a quarter: the same numbers as in the run, because a draw does not look ahead.

    Parameters
    ----------
    setup : ModelSetup
        World of the run.
    parameters_row : array, shape (parameter,)
        The draw's parameters.
    draw_id : int
        Number of the draw.
    quarter : int
        1 is the first simulated quarter.

    Raises
    ------
    ModelError
        If the quarter is not simulated.
    """
    journal = new_journal(JOURNAL_ROOM * quarter)
    state = _run_to(setup, parameters_row, draw_id, quarter, journal)
    postings = named_postings(setup, journal)
    return Replay(postings[postings["quarter"] == quarter], state)


def state_after(setup: ModelSetup, parameters_row: FloatArray, draw_id: int, quarter: int) -> State:
    """Run one draw up to a quarter and return its state alone, which is much cheaper than its payments.

    Parameters and errors are those of :func:`replay`.
    """
    return _run_to(setup, parameters_row, draw_id, quarter, new_journal(0))


def _run_to(setup: ModelSetup, parameters_row: FloatArray, draw_id: int, quarter: int, journal: Journal) -> State:
    if not 1 <= quarter <= setup.quarters:
        raise ModelError(f"quarter {quarter} is not simulated; the run has quarters 1 to {setup.quarters}")
    world = setup.world.copy()
    world["quarters"] = quarter
    short = replace(setup, world=world, quarters=quarter)
    records = as_records(np.atleast_2d(parameters_row))
    draws = np.array([draw_id], dtype=np.int64)
    state: State = run_in(short, records, draws, new_results(short.size_of_results(1)), journal).states[NOW]
    return state
