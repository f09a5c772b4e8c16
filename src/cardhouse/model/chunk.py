"""The compiled entry: many draws of one world, one after the other, in memory allocated beforehand."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.basics.streams import fill_normal, fill_uniform, news_draw, opening_draw
from cardhouse.model.audit import Audit
from cardhouse.model.carried_state import OPENED, carried_runs
from cardhouse.model.gates import Gates
from cardhouse.model.identities import check_identities
from cardhouse.model.layout import ROOM, new_records
from cardhouse.model.ledger import Ledger
from cardhouse.model.opening import open_state
from cardhouse.model.outputs_layout import DrawOutputs
from cardhouse.model.packing import copy_record, words_of
from cardhouse.model.recording import add_channels, begin_record, finish_record, record_quarter
from cardhouse.model.result_codes import BUFFER_FULL, NOT_FINITE, OK
from cardhouse.model.settlement import Clearing, new_clearing
from cardhouse.model.state import ILLIQUID, INSOLVENT, State
from cardhouse.model.step import advance
from cardhouse.model.world import LABORATORY, Shock, World
from cardhouse.scenarios.variables import (
    E_CONDITIONAL_TRANCHE_PAID,
    E_CREDIT_ACCESS,
    E_DEBT_ROLLOVER,
    E_FIRM_SPREAD,
    E_OUTSIDE_EQUITY,
    E_STRATEGIC_FINANCE,
    ENTITY_VARIABLES,
    G_CREDIT_SPREAD,
    G_LENDING_STANDARD,
    G_ROLLOVER_ATTENTION,
    G_ROLLOVER_SHARE,
    G_VENTURE_CAPACITY,
    G_VENTURE_GATE,
    GLOBAL_VARIABLES,
)

NOISE, VARIED = ROOM["noise"], ROOM["varied"]
OPENING_STREAM, NOISE_STREAM, CHANCE_STREAM = 11, 12, 13
"""Purposes of the random streams; changing one changes every result."""
NOW, BEFORE, TWIN, BLANK = 0, 1, 2, 3
"""Places of the state, its carried part at the start of the quarter, the re-run, and a state that nothing wrote."""

_COMMON = (
    G_CREDIT_SPREAD,
    G_LENDING_STANDARD,
    G_ROLLOVER_ATTENTION,
    G_ROLLOVER_SHARE,
    G_VENTURE_CAPACITY,
    G_VENTURE_GATE,
)
_ENTITY = (
    E_OUTSIDE_EQUITY,
    E_STRATEGIC_FINANCE,
    E_CONDITIONAL_TRANCHE_PAID,
    E_CREDIT_ACCESS,
    E_FIRM_SPREAD,
    E_DEBT_ROLLOVER,
)
FUNDING_COMMON, FUNDING_ENTITY = np.array(_COMMON), np.array(_ENTITY)
"""Shocks to what financiers do; the re-run that labels a default is without them."""
FUNDING_COMMON_NEUTRAL = np.array([GLOBAL_VARIABLES[v].neutral for v in _COMMON])
FUNDING_ENTITY_NEUTRAL = np.array([ENTITY_VARIABLES[v].neutral for v in _ENTITY])


class Workspace(NamedTuple):
    """Memory of one worker."""

    states: AnyArray
    runs: IntArray
    ledgers: AnyArray
    shocks: AnyArray
    audits: AnyArray
    numbers: tuple[FloatArray, FloatArray, FloatArray]
    clearing: Clearing


PlainWorkspace: TypeAlias = tuple[
    AnyArray,
    tuple[FloatArray, IntArray, IntArray],
    AnyArray,
    AnyArray,
    Audit,
    tuple[FloatArray, FloatArray, FloatArray],
    Clearing,
]
"""The same as a plain tuple; with the states' places as plain numbers, (state, number), as floats and as integers, go
the runs of them that a quarter hands on."""


class Journal(NamedTuple):
    """Every posting of one draw; empty arrays when nothing is to be kept. ``used`` has one element."""

    used: IntArray
    quarter: IntArray
    payer: IntArray
    payee: IntArray
    tag: IntArray
    amount: FloatArray


def new_workspace(w: World) -> Workspace:
    """Allocate the memory that a worker needs for draws of a world."""
    ledgers = new_records(Ledger, 2)
    ledgers["postings"] = ledgers["dues"] = ledgers["overflow"] = 0
    opening = np.zeros(VARIED * ROOM["agent"] + ROOM["relation"])
    return Workspace(
        states=new_records(State, 4),
        runs=carried_runs(w),
        ledgers=ledgers,
        shocks=new_records(Shock, int(w.quarters) + 1),
        audits=new_records(Audit, 1),
        numbers=(opening, np.zeros(int(w.quarters) * NOISE), np.zeros(int(w.quarters) * NOISE)),
        clearing=new_clearing(),
    )


def new_journal(room: int) -> Journal:
    """Allocate a journal for a number of postings; zero room keeps nothing."""
    whole = [np.zeros(room, dtype=np.int64) for _ in range(4)]
    return Journal(np.zeros(1, dtype=np.int64), whole[0], whole[1], whole[2], whole[3], np.zeros(room))


@compiled
def load_shocks(common: FloatArray, entity: FloatArray, shocks: AnyArray, quarters: int) -> None:
    """Bring the shocks of each quarter together; they are the same in every draw."""
    for t in range(quarters):
        shock = shocks[t]
        for v in range(common.shape[0]):
            shock.common[v] = common[v, t]
        for v in range(entity.shape[0]):
            for i in range(entity.shape[2]):
                shock.entity[v, i] = entity[v, t, i]


@compiled(inline=True)
def load_numbers(numbers: tuple[FloatArray, FloatArray, FloatArray], shock: Shock, t: int) -> None:
    """Bring the random numbers of one quarter together."""
    for k in range(NOISE):
        shock.noise[k] = numbers[1][t * NOISE + k]
        shock.chance[k] = numbers[2][t * NOISE + k]


@compiled
def count_laboratories(w: World) -> int:
    """Count the laboratories: as many numbers a quarter move their quality."""
    found = 0
    for i in range(w.firms):
        found += w.role[i] == LABORATORY
    return found


@compiled
def draw_numbers(
    numbers: tuple[FloatArray, FloatArray, FloatArray], seed: int, draw: int, opening: int, laboratories: int
) -> None:
    """Draw all random numbers that one draw can use, each purpose from its own stream.

    Parameters
    ----------
    numbers : tuple of array
        Memory for the numbers of the opening, the laboratories' quality and the news.
    seed, draw : int
        Seed of the run, number of the draw.
    opening, laboratories : int
        How many numbers the opening takes, and the laboratories each quarter.
    """
    fill_uniform(numbers[0][:opening], seed, opening_draw(draw), OPENING_STREAM)
    for first in range(0, numbers[1].size, NOISE):
        quarter = numbers[1][first : first + laboratories]
        fill_normal(quarter, seed, news_draw(draw), NOISE_STREAM, first)
    fill_uniform(numbers[2], seed, news_draw(draw), CHANCE_STREAM)


@compiled(inline=True)
def copy_opened(words: IntArray, source: int, target: int) -> None:
    """Copy what the opening of a draw fixed from one state to another; arguments are those of :func:`carry`."""
    for k in range(OPENED):
        words[target, k] = words[source, k]


@compiled
def carry(runs: IntArray, words: IntArray, source: int, target: int) -> None:
    """Copy what a quarter hands on from one state to another.

    Parameters
    ----------
    runs : array of int, shape (run, 4)
        From :func:`~cardhouse.model.carried_state.carried_runs`.
    words : array of int, shape (state, number)
        The states as plain numbers of 8 bytes; moving bits asks nothing of what they mean.
    source, target : int
        Places of the two states.
    """
    for k in range(runs.shape[0]):
        # an unsigned place spares the compiler the question whether it counts from the end
        first, length, step = np.uint64(runs[k, 0]), np.uint64(runs[k, 1]), np.uint64(runs[k, 2])
        for _ in range(runs[k, 3]):
            for n in range(length):
                words[target, first + n] = words[source, first + n]
            first += step


@compiled
def count_failures(w: World, now: State) -> int:
    """Count the firms that failed in this quarter."""
    failed = 0
    for i in range(w.firms):
        failed += max(0, now.new_default[i])
    return failed


@compiled
def fund_on_fundamentals(shock: Shock, twin: State) -> None:
    """Take out of a quarter what financiers do for reasons other than the firm: the re-run that labels a default.

    Maturing debt is rolled, credit is neither rationed nor dearer than the firm's own risk, and rounds come at the will
    that delivery against plan earns: no closed window, no fear that the next round fails, no bad mood. Demand, prices,
    costs, the firm's own contracts and its cash stay as they are.
    """
    twin.full_rollover = 1.0
    twin.sentiment = max(twin.sentiment, 0.0)
    twin.market_spread_own = twin.lending_standard_own = 0.0
    for v in range(FUNDING_COMMON.size):
        shock.common[FUNDING_COMMON[v]] = FUNDING_COMMON_NEUTRAL[v]
    for v in range(FUNDING_ENTITY.size):
        for i in range(shock.entity.shape[1]):
            shock.entity[FUNDING_ENTITY[v], i] = FUNDING_ENTITY_NEUTRAL[v]


@compiled
def label_defaults(w: World, now: State, twin: State) -> None:
    """Tell illiquid from insolvent firms: who fails with funding on fundamentals too is insolvent."""
    for i in range(w.firms):
        if now.new_default[i] > 0:
            now.default_label[i] = INSOLVENT if twin.new_default[i] > 0 else ILLIQUID


@compiled(inline=True)
def write_journal(journal: Journal, ledger: Ledger, quarter: int) -> None:
    """Append the quarter's postings to the journal; those beyond its room are counted only."""
    first = journal.used[0]
    for k in range(min(ledger.postings, max(journal.amount.size - first, 0))):
        journal.quarter[first + k] = quarter
        journal.payer[first + k] = ledger.payer[k]
        journal.payee[first + k] = ledger.payee[k]
        journal.tag[first + k] = ledger.tag[k]
        journal.amount[first + k] = ledger.amount[k]
    journal.used[0] = first + ledger.postings


@compiled(cache=True)
def judge_quarter(w: World, before: State, now: State, ledger: Ledger, audit: Audit, out: DrawOutputs) -> None:
    """Give the draw a result code when something broke in this quarter."""
    if ledger.overflow > 0 and now.code == OK:
        now.code = BUFFER_FULL
    broken, residual = check_identities(w, before, now, ledger, audit)
    out.worst_residual = max(out.worst_residual, residual)
    if now.code == OK:
        now.code = broken
    if not (now.demand < np.inf and now.index_value < np.inf) and now.code == OK:
        now.code = NOT_FINITE
    if now.code != OK and out.broken_quarter < 0:
        out.broken_quarter = now.quarter - 1


@compiled(cache=True)
def run_chunk(
    fixed: tuple[World, Gates, FloatArray, FloatArray, int],
    parameters: AnyArray,
    draws: IntArray,
    space: PlainWorkspace,
    results: tuple[Any, Any, Any, Any, tuple[AnyArray, AnyArray, AnyArray]],
    journal: Journal,
) -> None:
    """Run draws one after the other; each depends on its parameters, its number and the seed only.

    Parameters
    ----------
    fixed : tuple
        World, gates, global shocks (variable, quarter), shocks of agents (variable, quarter, agent), seed.
    parameters : array of Parameters, shape (draw,)
        One record per draw.
    draws : array of int, shape (draw,)
        Numbers of the random streams.
    space : tuple
        Memory of this worker, see :func:`unpacked`.
    results : tuple
        Room for the results, see :func:`~cardhouse.model.packing.unpacked_results`, overwritten.
    journal : Journal
        Postings are appended to it if it has room.
    """
    w, gate, common, entity, seed = fixed
    states, (amounts, carried, runs), ledgers, shocks, audit, numbers, clearing = space
    outputs, whole, words, places, blocks = results
    at_end = amounts[NOW], carried[NOW]
    now, twin, ledger = states[NOW], states[TWIN], ledgers[0]
    load_shocks(common, entity, shocks, w.quarters)
    laboratories = count_laboratories(w)
    for d in range(draws.size):
        par = parameters[d]
        # what an earlier draw of this worker left must not reach this one; a quarter reads no more of a state
        copy_opened(carried, BLANK, NOW)
        carry(runs, carried, BLANK, NOW)
        draw_numbers(numbers, seed, draws[d], VARIED * w.agents + w.relations, laboratories)
        open_state(w, gate, par, now, numbers[0])
        begin_record(w, now, whole)
        for t in range(w.quarters):
            shock = shocks[t]
            load_numbers(numbers, shock, t)
            carry(runs, carried, NOW, BEFORE)
            advance(w, gate, par, shock, now, (ledger, clearing))
            if count_failures(w, now) > 0:
                # the same quarter again, with financiers who look at fundamentals only
                copy_opened(carried, NOW, TWIN)
                carry(runs, carried, BEFORE, TWIN)
                shocks[w.quarters] = shocks[t]
                fund_on_fundamentals(shocks[w.quarters], twin)
                advance(w, gate, par, shocks[w.quarters], twin, (ledgers[1], clearing))
                label_defaults(w, now, twin)
            judge_quarter(w, states[BEFORE], now, ledger, audit, whole)
            write_journal(journal, ledger, now.quarter)
            record_quarter(w, now, outputs)
            copy_record(at_end, places[0], blocks, draws.size, d * w.quarters + t)
            copy_record(words[0], places[1], blocks, draws.size, d * w.quarters + t)
            add_channels(w, now, whole)
        finish_record(w, now, whole)
        copy_record(words[1], places[2], blocks, draws.size, d)


def unpacked(space: Workspace) -> PlainWorkspace:
    """Return a workspace as the plain tuple that :func:`run_chunk` takes.

    Names of tuple types with records in them become part of every symbol the compiler makes, and records have long
    names; plain tuples keep the symbols short and the compilation quick.
    """
    amounts, carried = words_of(space.states)
    words = amounts.reshape(space.states.size, -1), carried.reshape(space.states.size, -1), space.runs
    return space.states, words, space.ledgers, space.shocks, space.audits[0], space.numbers, space.clearing
