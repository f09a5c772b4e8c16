"""The compiled entry: many draws of one world, one after the other, in memory allocated beforehand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.basics.streams import fill_normal, fill_uniform
from cardhouse.model.audit import Audit
from cardhouse.model.gates import Gates
from cardhouse.model.identities import check_identities
from cardhouse.model.layout import ROOM, new_records
from cardhouse.model.ledger import Ledger
from cardhouse.model.opening import open_state
from cardhouse.model.outputs_layout import DrawOutputs
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.recording import add_channels, begin_record, finish_record, record_quarter
from cardhouse.model.result_codes import BUFFER_FULL, NOT_FINITE, OK
from cardhouse.model.settlement import Clearing, new_clearing
from cardhouse.model.state import ILLIQUID, INSOLVENT, State
from cardhouse.model.step import advance
from cardhouse.model.world import Shock, World

NOISE = ROOM["noise"]
OPENING_STREAM, NOISE_STREAM, CHANCE_STREAM = 11, 12, 13
"""Purposes of the random streams; changing one changes every result."""
NOW, BEFORE, TWIN, BLANK = 0, 1, 2, 3
"""Places of the state, its copy at the start of the quarter, the re-run, and a state that nothing wrote."""


class Workspace(NamedTuple):
    """Memory of one worker."""

    states: AnyArray
    ledgers: AnyArray
    shocks: AnyArray
    audits: AnyArray
    noise: FloatArray
    chance: FloatArray
    opening: FloatArray
    clearing: Clearing


class Journal(NamedTuple):
    """Every posting of one draw; empty arrays when nothing is to be kept. ``used`` has one element."""

    used: IntArray
    quarter: IntArray
    payer: IntArray
    payee: IntArray
    tag: IntArray
    amount: FloatArray


class Job(NamedTuple):
    """What the draws of a chunk share: world, gates, shocks and seed, each in arrays."""

    world: AnyArray
    gates: AnyArray
    common: FloatArray
    entity: FloatArray
    seed: IntArray


class Results(NamedTuple):
    """Where the draws of a chunk are recorded: ``quarters`` (draw, quarter) and ``draws`` (draw,)."""

    quarters: AnyArray
    draws: AnyArray


def new_workspace(quarters: int) -> Workspace:
    """Allocate the memory that a worker needs for draws of a number of quarters."""
    ledgers = new_records(Ledger, 2)
    ledgers["postings"] = ledgers["dues"] = ledgers["overflow"] = 0
    return Workspace(
        states=new_records(State, 4),
        ledgers=ledgers,
        shocks=new_records(Shock, 1),
        audits=new_records(Audit, 1),
        noise=np.zeros(quarters * NOISE),
        chance=np.zeros(quarters * NOISE),
        opening=np.zeros(ROOM["varied"] * ROOM["agent"] + ROOM["relation"]),
        clearing=new_clearing(),
    )


def new_journal(room: int) -> Journal:
    """Allocate a journal for a number of postings; zero room keeps nothing."""
    whole = [np.zeros(room, dtype=np.int64) for _ in range(4)]
    return Journal(np.zeros(1, dtype=np.int64), whole[0], whole[1], whole[2], whole[3], np.zeros(room))


@compiled
def load_shock(job: Job, space: Workspace, shock: Shock, t: int, agents: int) -> None:
    """Bring the shocks and random numbers of one quarter together."""
    for v in range(job.common.shape[0]):
        shock.common[v] = job.common[v, t]
    for v in range(job.entity.shape[0]):
        for i in range(agents):
            shock.entity[v, i] = job.entity[v, t, i]
    for k in range(NOISE):
        shock.noise[k] = space.noise[t * NOISE + k]
        shock.chance[k] = space.chance[t * NOISE + k]


@compiled
def label_defaults(w: World, gate: Gates, par: Parameters, space: Workspace) -> None:
    """Run the quarter again with full rollover and tell illiquid from insolvent firms."""
    now, twin = space.states[NOW], space.states[TWIN]
    space.states[TWIN] = space.states[BEFORE]
    twin.full_rollover = 1.0
    advance(w, gate, par, space.shocks[0], twin, (space.ledgers[1], space.clearing))
    for i in range(w.firms):
        if now.new_default[i] > 0:
            now.default_label[i] = INSOLVENT if twin.new_default[i] > 0 else ILLIQUID


@compiled
def write_journal(journal: Journal, ledger: Ledger, quarter: int) -> None:
    """Append the quarter's postings to the journal."""
    for k in range(ledger.postings):
        place = journal.used[0]
        if place < journal.amount.size:
            journal.quarter[place] = quarter
            journal.payer[place] = ledger.payer[k]
            journal.payee[place] = ledger.payee[k]
            journal.tag[place] = ledger.tag[k]
            journal.amount[place] = ledger.amount[k]
        journal.used[0] = place + 1


@compiled
def judge_quarter(w: World, space: Workspace, out: DrawOutputs) -> None:
    """Give the draw a result code when something broke in this quarter."""
    now = space.states[NOW]
    if space.ledgers[0].overflow > 0 and now.code == OK:
        now.code = BUFFER_FULL
    broken, residual = check_identities(w, space.states[BEFORE], now, space.ledgers[0], space.audits[0])
    out.worst_residual = max(out.worst_residual, residual)
    if now.code == OK:
        now.code = broken
    if not (now.demand < np.inf and now.index_value < np.inf) and now.code == OK:
        now.code = NOT_FINITE
    if now.code != OK and out.broken_quarter < 0:
        out.broken_quarter = now.quarter - 1


@compiled
def run_one(
    job: Job, par: Parameters, draw: int, space: Workspace, out: tuple[AnyArray, DrawOutputs], journal: Journal
) -> None:
    """Run one draw from its opening to the horizon."""
    w, gate, shock = job.world[0], job.gates[0], space.shocks[0]
    now = space.states[NOW]
    quarters, whole = out
    fill_uniform(space.opening, job.seed[0], draw, OPENING_STREAM)
    fill_normal(space.noise, job.seed[0], draw, NOISE_STREAM)
    fill_uniform(space.chance, job.seed[0], draw, CHANCE_STREAM)
    # what an earlier draw of this worker left must not reach this one
    space.states[NOW] = space.states[BLANK]
    open_state(w, gate, par, now, space.opening)
    begin_record(w, now, whole)
    peak = 0.0
    for t in range(w.quarters):
        load_shock(job, space, shock, t, w.agents)
        space.states[BEFORE] = space.states[NOW]
        advance(w, gate, par, shock, now, (space.ledgers[0], space.clearing))
        failed = 0
        for i in range(w.firms):
            failed += max(0, now.new_default[i])
        if failed > 0:
            label_defaults(w, gate, par, space)
        judge_quarter(w, space, whole)
        write_journal(journal, space.ledgers[0], now.quarter)
        record_quarter(w, now, quarters[t])
        add_channels(w, now, whole)
        peak = max(peak, quarters[t].sector_capex)
    whole.peak_capex = peak
    finish_record(w, now, whole)


@compiled(cache=True)
def run_chunk(
    job: Job, parameters: AnyArray, draws: IntArray, space: Workspace, results: Results, journal: Journal
) -> None:
    """Run draws one after the other; each depends on its parameters, its number and the seed only.

    Parameters
    ----------
    job : Job
        World, gates, shocks, seed.
    parameters : array of Parameters, shape (draw,)
        One record per draw.
    draws : array of int, shape (draw,)
        Numbers of the random streams.
    space : Workspace
        Memory of this worker.
    results : Results
        Overwritten.
    journal : Journal
        Postings are appended to it if it has room.
    """
    for d in range(draws.size):
        run_one(job, parameters[d], draws[d], space, (results.quarters[d], results.draws[d]), journal)
