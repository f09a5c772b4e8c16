"""Run draws of a world and give the results as arrays by name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.errors import ModelError
from cardhouse.model.chunk import Journal, Workspace, new_journal, new_workspace, run_chunk, unpacked
from cardhouse.model.equation import equation_id
from cardhouse.model.gates import Gates
from cardhouse.model.layout import dtype_of
from cardhouse.model.ledger import Kind, equation_of_tag, kind_of_tag, relation_of_tag
from cardhouse.model.packing import Results, Size, blank_results, by_name, new_results, unpacked_results
from cardhouse.model.parameters import as_records
from cardhouse.model.regimes import Opening, regime_labels
from cardhouse.model.second_half import compile_ahead
from cardhouse.model.setup import ModelSetup

JOURNAL_ROOM = 1500
"""Postings per quarter for which a journal is allocated."""

POSTING = np.dtype(
    [
        ("quarter", "<i4"),
        ("payer", "<U48"),
        ("payee", "<U48"),
        ("kind", "<U24"),
        ("amount", "<f8"),
        ("relation", "<i4"),
        ("equation", "<U4"),
    ]
)
"""One posting of a journal."""


def run_in(
    setup: ModelSetup,
    records: AnyArray,
    draws: IntArray,
    results: Results,
    journal: Journal,
    space: Workspace | None = None,
) -> Workspace:
    """Run draws into results and a journal; return the worker's memory as the last draw left it.

    Parameters
    ----------
    records : array of Parameters, shape (draw,)
        From :func:`~cardhouse.model.parameters.as_records`.
    draws : array of int, shape (draw,)
        Numbers of the random streams.
    results : Results
        From :func:`~cardhouse.model.packing.new_results`, overwritten.
    journal : Journal
        Payments are appended to it if it has room.
    space : Workspace, optional
        A worker's memory from an earlier call for the same setup; new memory by default.
    """
    space = space or new_workspace(setup.world[0])
    gates = np.ascontiguousarray(setup.gates).view(dtype_of(Gates)).view(np.recarray)
    fixed = (setup.world[0], gates[0], setup.common, setup.entity, setup.seed)
    compile_ahead()
    run_chunk(fixed, records, draws, unpacked(space), unpacked_results(results), journal)
    return space


class Runner:
    """Runs draws of one setup again and again in the same memory, which is dear to get from the system.

    Parameters
    ----------
    setup : ModelSetup
        The world.
    keep : bool
        Whether results stay as they are after the next call; if not, their memory is used again.
    """

    def __init__(self, setup: ModelSetup, *, keep: bool = True) -> None:
        self._setup = setup
        self._keep = keep
        self._space: Workspace | None = None
        self._room: tuple[Size, Results] | None = None
        self._last: Size | None = None
        world = setup.world[0]
        listed = np.asarray(world.listed[: len(setup.entity_ids)]) > 0.0
        self._opening = Opening(setup.firms, listed, float(world.index_value))

    def __call__(self, parameters: FloatArray, draw_ids: IntArray) -> dict[str, AnyArray]:
        """Run draws and return every result by name; see :func:`run_draws`.

        Raises
        ------
        ModelError
            If shapes do not fit.
        """
        records = as_records(parameters)
        draws = np.ascontiguousarray(draw_ids, dtype=np.int64)
        if draws.shape != records.shape:
            raise ModelError(f"{records.shape[0]} rows of parameters for {draws.shape} draw numbers")
        setup = self._setup
        size = setup.size_of_results(draws.size)
        results = self._results(size)
        self._space = run_in(setup, records, draws, results, new_journal(0), self._space)
        found = by_name(results, draws.size)
        found["regime"] = regime_labels(found, self._opening)
        found["peak_capex"] = np.max(found["sector_capex"], axis=1)
        return found

    def _results(self, size: Size) -> Results:
        if self._keep:
            return new_results(size)
        if self._room is None or self._room[0].draws < size.draws:
            self._room = (size, new_results(size))
        elif self._last != size:
            blank_results(self._room[1])
        self._last = size
        return self._room[1]


def run_draws(setup: ModelSetup, parameters: FloatArray, draw_ids: IntArray) -> dict[str, AnyArray]:
    """Run draws and return every result by name.

    A draw depends on its parameters, its number and the seed of the setup only, whatever the grouping.

    Parameters
    ----------
    setup : ModelSetup
        The world.
    parameters : array, shape (draw, parameter)
        Parameters in the order of :data:`cardhouse.model.parameters.PARAMETERS`.
    draw_ids : array of int, shape (draw,)
        Number of the random stream of each draw.

    Returns
    -------
    dict of str to array
        Name in :data:`cardhouse.model.variables.OUTPUTS` to array with the draw as first axis.

    Raises
    ------
    ModelError
        If shapes do not fit.
    """
    return Runner(setup)(parameters, draw_ids)


@dataclass(frozen=True, eq=False)
class DrawJournal:
    """Every payment of one draw.

    Parameters
    ----------
    postings : structured array of :data:`POSTING`
        In the order in which money moved.
    opening_cash : dict of str to float
        Cash of every agent at the start, USD bn.
    result_code : int
        How the draw ended.
    """

    postings: AnyArray
    opening_cash: dict[str, float]
    result_code: int

    @property
    def closing_cash(self) -> dict[str, float]:
        """Cash of every agent at the end: opening cash and all payments."""
        cash = dict(self.opening_cash)
        for posting in self.postings:
            cash[str(posting["payer"])] -= float(posting["amount"])
            cash[str(posting["payee"])] += float(posting["amount"])
        return cash


def named_postings(setup: ModelSetup, journal: Journal) -> AnyArray:
    """Return the payments of a journal with the names of agents, kinds and equations.

    Raises
    ------
    ModelError
        If there were more payments than the journal holds.
    """
    count = int(journal.used[0])
    if count > journal.amount.size:
        raise ModelError(f"the draw made {count} payments, more than a journal holds")
    names = np.array(setup.entity_ids)
    postings = np.zeros(count, dtype=POSTING)
    postings["quarter"] = journal.quarter[:count]
    postings["payer"] = names[journal.payer[:count]]
    postings["payee"] = names[journal.payee[:count]]
    postings["amount"] = journal.amount[:count]
    tags = [int(tag) for tag in journal.tag[:count]]
    postings["kind"] = [Kind(kind_of_tag(tag)).name.lower() for tag in tags]
    postings["relation"] = [relation_of_tag(tag) for tag in tags]
    postings["equation"] = [equation_id(equation_of_tag(tag)) for tag in tags]
    return postings


def record_draw(setup: ModelSetup, parameters_row: FloatArray, draw_id: int) -> DrawJournal:
    """Run one draw again and return every payment it made.

    Parameters
    ----------
    setup : ModelSetup
        The world.
    parameters_row : array, shape (parameter,)
        The draw's parameters.
    draw_id : int
        The draw's number.

    Returns
    -------
    DrawJournal
    """
    records = as_records(np.atleast_2d(parameters_row))
    results = new_results(setup.size_of_results(1))
    journal = new_journal(JOURNAL_ROOM * setup.quarters)
    draws = np.array([draw_id], dtype=np.int64)
    run_in(setup, records, draws, results, journal)
    postings = named_postings(setup, journal)
    whole = results.draw_record[0]
    opening = {agent: float(whole.opening_cash[i]) for i, agent in enumerate(setup.entity_ids)}
    return DrawJournal(postings, opening, int(whole.result_code))
