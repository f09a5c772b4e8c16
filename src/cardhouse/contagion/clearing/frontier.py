"""The frontier method: greatest clearing payments by visiting only firms in default and the claims on them.

Most firms pay in full, and a firm that pays in full tells its creditors nothing new. So the solver starts from full
payment, keeps the list of firms in default (the frontier), and works in waves: solve the payments of the listed firms,
telling creditors what they miss; then list whoever this made insolvent. The waves are the fictitious default sequence
of Eisenberg and Noe (2001, section 3.1). Inside a wave a queue holds the listed firms whose receipts have changed
(Gauss-Seidel relaxation), so that a debt is read only when its debtor has news.

The claims on listed firms are copied next to one another when their debtor is listed: from then on every pass over
them reads a small block of memory instead of scattered rows of a large one.

Arrays are stored by debtor: cell ``debtor * ranks + rank`` owns the claims ``start[cell]:start[cell + 1]``. A *place*
is a position in the list of firms in default.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled

FINISHED = 0
"""No firm is left that is insolvent and not listed."""
STUCK = 1
"""The queue of a wave ran too long; an exact solve is worth its price."""
NEEDS_ROOM = 2
"""The copies of the claims do not fit; enlarge them to ``counts[NEEDED]`` and go on."""

SOLVENCY_SLACK = 1e-12
"""A shortfall below this share of the debts counts as solvent: it is rounding, not default."""

LISTED, WAVES, SWEEPS, NEEDED, WAITING, FOUND, SLIGHT = 0, 1, 2, 3, 4, 5, 6
"""Positions in ``FrontierState.counts``; ``SLIGHT`` is 1 once a firm taken as solvent may fall short by a rounding."""

_NEWS = 1e-14
_FEW_WAVES = 16

Index32 = NDArray[np.int32]
Flag8 = NDArray[np.uint8]


class DebtArrays(NamedTuple):
    """Debts by debtor and rank: structure, amounts and totals (`owed` by cell, `owed_total` and `held` by firm)."""

    start: IntArray
    creditor: Index32
    amount: FloatArray
    owed: FloatArray
    owed_total: FloatArray
    held: FloatArray


class Shock(NamedTuple):
    """What a settlement starts from: outside assets (firm,) and the two recovery rates, (firm,) or (1,) for all."""

    outside_assets: FloatArray
    outside_rate: FloatArray
    inside_rate: FloatArray


class FrontierState(NamedTuple):
    """State of a settlement.

    By firm: `place` (-1 for solvent) and `record`, side by side because they are read together: receipts missing, and
    how much may be missing before the firm cannot pay (infinite once it is found insolvent, or if it owes nothing).
    By place: `member` (the firm), `wave`, `estate_full` (estate if all receipts came), `rate` (recovery rate on
    receipts), `missing` receipts and `owed_total`. By place and rank: `row` (where the copied claims begin), `owed`,
    `share` paid and `pushed`, the share that creditors have been told.
    """

    place: Index32
    record: FloatArray
    member: Index32
    wave: Index32
    estate_full: FloatArray
    rate: FloatArray
    missing: FloatArray
    owed_total: FloatArray
    row: IntArray
    owed: FloatArray
    share: FloatArray
    pushed: FloatArray
    queue: Index32
    next_queue: Index32
    queued: Flag8
    counts: IntArray


class ClaimCopies(NamedTuple):
    """Copies of the claims on listed firms, in list order."""

    creditor: Index32
    amount: FloatArray


def frontier_state(firms: int, ranks: int) -> FrontierState:
    """Allocate the state for a network of `firms` firms and `ranks` ranks; untouched parts cost no memory."""
    return FrontierState(
        place=np.empty(firms, dtype=np.int32),
        record=np.empty((firms, 2)),
        member=np.empty(firms, dtype=np.int32),
        wave=np.empty(firms, dtype=np.int32),
        estate_full=np.empty(firms),
        rate=np.empty(firms),
        missing=np.empty(firms),
        owed_total=np.empty(firms),
        row=np.zeros(firms * ranks + 1, dtype=np.int64),
        owed=np.empty(firms * ranks),
        share=np.empty(firms * ranks),
        pushed=np.empty(firms * ranks),
        queue=np.empty(firms, dtype=np.int32),
        next_queue=np.empty(firms, dtype=np.int32),
        queued=np.empty(firms, dtype=np.uint8),
        counts=np.zeros(7, dtype=np.int64),
    )


def claim_copies(room: int) -> ClaimCopies:
    """Allocate room for the copies of `room` claims."""
    return ClaimCopies(np.empty(room, dtype=np.int32), np.empty(room))


@compiled
def begin(debts: DebtArrays, shock: Shock, state: FrontierState, everyone: bool) -> None:
    """Everyone pays in full; write down firms that cannot (or all that owe), without listing them yet.

    Everything needed of these firms is taken here, where the arrays are read in order.
    """
    ranks = debts.owed.size // debts.held.size
    state.place[:] = -1
    state.counts[:] = 0
    state.row[0] = 0
    record, outside_assets, held, owed_totals = state.record, shock.outside_assets, debts.held, debts.owed_total
    outside_rate, inside_rate, last = shock.outside_rate, shock.inside_rate, shock.inside_rate.size - 1
    place, claims = 0, 0
    for firm in range(held.size):
        owed = owed_totals[firm]
        bearable = outside_assets[firm] + held[firm] - owed
        record[firm, 0] = 0.0
        record[firm, 1] = bearable if owed > 0.0 else np.inf
        if owed > 0.0 and (everyone or -bearable > SOLVENCY_SLACK * owed):
            record[firm, 1] = np.inf
            state.member[place] = firm
            rate = inside_rate[min(firm, last)]
            state.rate[place] = rate
            state.estate_full[place] = outside_rate[min(firm, last)] * outside_assets[firm] + rate * held[firm]
            state.missing[place] = 0.0
            state.owed_total[place] = owed
            place += 1
            claims += debts.start[(firm + 1) * ranks] - debts.start[firm * ranks]
        elif owed > 0.0 and bearable < 0.0:
            state.counts[SLIGHT] = 1
    state.counts[FOUND] = place
    state.counts[NEEDED] = claims


@compiled
def _note_insolvent(firm: int, state: FrontierState) -> None:
    """Write a firm behind the list, once."""
    state.record[firm, 1] = np.inf
    state.member[state.counts[LISTED] + state.counts[FOUND]] = firm
    state.counts[FOUND] += 1


@compiled
def _describe_found(debts: DebtArrays, shock: Shock, state: FrontierState) -> None:
    """Take what is needed of the firms found, as it stands after the last push."""
    ranks = debts.owed.size // debts.held.size
    last = shock.inside_rate.size - 1
    listed = state.counts[LISTED]
    state.counts[NEEDED] = state.row[listed * ranks]
    for place in range(listed, listed + state.counts[FOUND]):
        firm = state.member[place]
        rate = shock.inside_rate[min(firm, last)]
        outside = shock.outside_rate[min(firm, last)] * shock.outside_assets[firm]
        state.rate[place] = rate
        state.estate_full[place] = outside + rate * debts.held[firm]
        state.missing[place] = state.record[firm, 0]
        state.owed_total[place] = debts.owed_total[firm]
        state.counts[NEEDED] += debts.start[(firm + 1) * ranks] - debts.start[firm * ranks]


@compiled
def _list_found(debts: DebtArrays, state: FrontierState, copies: ClaimCopies) -> None:
    """List the firms found, copy the claims on them and queue them."""
    ranks = debts.owed.size // debts.held.size
    listed, found = state.counts[LISTED], state.counts[FOUND]
    at = state.row[listed * ranks]
    start, creditor, amount, row = debts.start, debts.creditor, debts.amount, state.row
    copied_creditor, copied_amount = copies.creditor, copies.amount
    for place in range(listed, listed + found):
        firm = state.member[place]
        state.place[firm] = place
        state.wave[place] = state.counts[WAVES]
        state.queued[place] = 1
        state.queue[place - listed] = place
        for rank in range(ranks):
            here, there = place * ranks + rank, firm * ranks + rank
            state.owed[here] = debts.owed[there]
            state.share[here] = 1.0
            state.pushed[here] = 1.0
            for claim in range(start[there], start[there + 1]):
                copied_creditor[at] = creditor[claim]
                copied_amount[at] = amount[claim]
                at += 1
            row[here + 1] = at
    state.counts[WAITING] = found
    state.counts[FOUND] = 0
    state.counts[LISTED] = listed + found
    state.counts[WAVES] += 1


@compiled
def _sweep(state: FrontierState, copies: ClaimCopies, ranks: int, queue: Index32, following: Index32) -> int:
    """Visit the queued places, write those that this gives news to into `following`, return how many.

    One function with its arrays at hand: a call per visit would cost more than the visit.
    """
    place_of, missing, queued, share_of = state.place, state.missing, state.queued, state.share
    waiting = 0
    for turn in range(queue.size):
        place = queue[turn]
        queued[place] = 0
        left = max(state.estate_full[place] - state.rate[place] * missing[place], 0.0)
        threshold = _NEWS * state.owed_total[place]
        for cell in range(place * ranks, (place + 1) * ranks):
            owed = state.owed[cell]
            share = 1.0 if left >= owed else left / owed
            left = max(left - owed, 0.0)
            fall = share_of[cell] - share
            if fall == 0.0:
                continue
            share_of[cell] = share
            is_news = abs(fall) * owed > threshold
            for claim in range(state.row[cell], state.row[cell + 1]):
                holder = place_of[copies.creditor[claim]]
                if holder >= 0:
                    missing[holder] += copies.amount[claim] * fall
                    if is_news and queued[holder] == 0:
                        queued[holder] = 1
                        following[waiting] = holder
                        waiting += 1
    return waiting


@compiled
def _settle_listed(state: FrontierState, copies: ClaimCopies, ranks: int, limit: int) -> bool:
    """Sweep until no listed firm has news; False when `limit` sweeps did not do."""
    for _ in range(limit // 2):
        if state.counts[WAITING] == 0:
            return True
        waiting = _sweep(state, copies, ranks, state.queue[: state.counts[WAITING]], state.next_queue)
        state.counts[WAITING] = _sweep(state, copies, ranks, state.next_queue[:waiting], state.queue)
        state.counts[SWEEPS] += 2
    return bool(state.counts[WAITING] == 0)


@compiled
def _push_outward(debts: DebtArrays, state: FrontierState, copies: ClaimCopies, ranks: int) -> None:
    """Tell creditors what they will miss, and note those that this makes insolvent.

    Listed creditors know it already from the sweeps; their record is not read before it is added up afresh.
    """
    record, pushed, share = state.record, state.pushed, state.share
    creditor, amount, row = copies.creditor, copies.amount, state.row
    for cell in range(state.counts[LISTED] * ranks):
        fall = pushed[cell] - share[cell]
        if fall == 0.0:
            continue
        pushed[cell] = share[cell]
        for claim in range(row[cell], row[cell + 1]):
            holder = np.uint32(creditor[claim])  # unsigned: no test for a negative index
            missing = record[holder, 0] + amount[claim] * fall
            record[holder, 0] = missing
            over = missing - record[holder, 1]
            if over > 0.0:
                if over > SOLVENCY_SLACK * debts.owed_total[holder]:
                    _note_insolvent(creditor[claim], state)
                else:
                    state.counts[SLIGHT] = 1


@compiled
def run_waves(debts: DebtArrays, shock: Shock, state: FrontierState, copies: ClaimCopies, limit: int) -> int:
    """Work wave by wave until no firm is newly insolvent; STUCK when a wave takes over `limit` sweeps."""
    ranks = debts.owed.size // debts.held.size
    while True:
        if not _settle_listed(state, copies, ranks, limit):
            return STUCK
        _push_outward(debts, state, copies, ranks)
        if state.counts[FOUND] == 0:
            return FINISHED
        if state.counts[LISTED] > 0:  # the first firms were described when they were found, before anything was pushed
            _describe_found(debts, shock, state)
        if state.counts[NEEDED] > copies.amount.size:
            return NEEDS_ROOM
        _list_found(debts, state, copies)


@compiled
def _bring_record_up(state: FrontierState, copies: ClaimCopies, ranks: int) -> None:
    """Make the record hold what every creditor misses at the shares paid in the end.

    After a few waves in which everything was told, it does: a sum with a few more terms than a fresh one. Otherwise it
    is added up afresh.
    """
    is_told = state.counts[WAVES] <= _FEW_WAVES
    for cell in range(state.counts[LISTED] * ranks):
        is_told = is_told and state.pushed[cell] == state.share[cell]
    if not is_told:
        _refresh_record(state, copies, ranks)
        state.counts[SLIGHT] = 1


@compiled
def _refresh_record(state: FrontierState, copies: ClaimCopies, ranks: int) -> None:
    """Add up afresh what every creditor misses, free of the rounding that increments leave behind."""
    record, creditor, amount, row = state.record, copies.creditor, copies.amount, state.row
    record[:, 0] = 0.0
    for cell in range(state.counts[LISTED] * ranks):
        state.pushed[cell] = state.share[cell]
        unpaid = 1.0 - state.share[cell]
        if unpaid != 0.0:
            for claim in range(row[cell], row[cell + 1]):
                record[np.uint32(creditor[claim]), 0] += amount[claim] * unpaid


@compiled
def _write_solvent_residuals(debts: DebtArrays, state: FrontierState, residual: FloatArray) -> None:
    """For firms that pay in full: by how much their assets fall short of it, as a share of their debts.

    Whoever was told of a loss was compared with what it can bear; no firm is read again when none fell short.
    """
    if state.counts[SLIGHT] == 0:
        return
    record = state.record
    for firm in range(residual.size):
        if record[firm, 0] > record[firm, 1]:
            residual[firm] = (record[firm, 0] - record[firm, 1]) / debts.owed_total[firm]


@compiled(cache=True)
def run_frontier(debts: DebtArrays, shock: Shock, state: FrontierState, copies: ClaimCopies, limit: int) -> int:
    """Settle on from `state` (see `begin`); FINISHED, STUCK or NEEDS_ROOM."""
    return run_waves(debts, shock, state, copies, limit)


@compiled(cache=True)
def settle_listed(state: FrontierState, copies: ClaimCopies, ranks: int, limit: int) -> bool:
    """Sweep over the listed firms only, listing nobody; False when `limit` sweeps did not do."""
    return _settle_listed(state, copies, ranks, limit)


@compiled(cache=True)
def list_debtors(debts: DebtArrays, shock: Shock, state: FrontierState, copies: ClaimCopies) -> None:
    """List every firm that owes anything, paying nothing: wave 0 if it fails though all pay, wave 1 otherwise."""
    ranks = debts.owed.size // debts.held.size
    begin(debts, shock, state, True)
    found = state.counts[FOUND]
    _list_found(debts, state, copies)
    state.share[: found * ranks] = 0.0
    for place in range(found):
        firm = state.member[place]
        owed = debts.owed_total[firm]
        full = shock.outside_assets[firm] + debts.held[firm]
        state.wave[place] = 0 if full < owed - SOLVENCY_SLACK * owed else 1


@compiled(cache=True)
def release_solvent(debts: DebtArrays, shock: Shock, state: FrontierState) -> int:
    """Let listed firms whose assets cover their debts pay in full and queue them; return how many."""
    released = 0
    for place in range(state.counts[LISTED]):
        firm = state.member[place]
        owed = state.owed_total[place]
        assets = shock.outside_assets[firm] + debts.held[firm] - state.missing[place]
        if state.wave[place] >= 0 and assets >= owed - SOLVENCY_SLACK * owed:
            state.wave[place] = -1
            state.estate_full[place] = np.inf
            released += 1
    return released


@compiled(cache=True)
def adopt_shares(debts: DebtArrays, state: FrontierState, copies: ClaimCopies) -> None:
    """Make the state agree with shares of the listed firms that were set from outside, and queue them all."""
    ranks = debts.owed.size // debts.held.size
    _refresh_record(state, copies, ranks)
    state.counts[SLIGHT] = 1
    for firm in range(debts.held.size):
        if state.record[firm, 0] - state.record[firm, 1] > SOLVENCY_SLACK * debts.owed_total[firm]:
            _note_insolvent(firm, state)
    state.counts[WAITING] = state.counts[LISTED]
    for place in range(state.counts[LISTED]):
        state.missing[place] = state.record[state.member[place], 0]
        state.queued[place] = 1
        state.queue[place] = place


@compiled
def _write_listed_residuals(debts: DebtArrays, shock: Shock, state: FrontierState, ranks: int) -> None:
    """Write into `missing`, which is no longer needed, the residual of every listed firm.

    It is the gap between what the firm pays and what it should pay given its receipts, as a share of its debts.
    """
    record, estate_full, rate = state.record, state.estate_full, state.rate
    member, wave, owed_total, residual = state.member, state.wave, state.owed_total, state.missing
    share, owed = state.share, state.owed
    for place in range(state.counts[LISTED]):
        firm = member[place]
        estate = estate_full[place] - rate[place] * record[firm, 0]
        if wave[place] < 0:  # released: it is solvent after all, and nothing is lost of what it has
            estate = shock.outside_assets[firm] + debts.held[firm] - record[firm, 0]
        paid = 0.0
        for cell in range(place * ranks, (place + 1) * ranks):
            paid += share[cell] * owed[cell]
        residual[place] = abs(min(max(estate, 0.0), owed_total[place]) - paid) / owed_total[place]


@compiled
def check_settlement(debts: DebtArrays, shock: Shock, state: FrontierState, copies: ClaimCopies) -> float:
    """Recompute receipts from the final payments; return the largest residual of any firm."""
    ranks = debts.owed.size // debts.held.size
    _bring_record_up(state, copies, ranks)
    record, worst = state.record, 0.0
    for firm in range(debts.held.size):
        if record[firm, 0] > record[firm, 1]:
            worst = max(worst, (record[firm, 0] - record[firm, 1]) / debts.owed_total[firm])
    _write_listed_residuals(debts, shock, state, ranks)
    for place in range(state.counts[LISTED]):
        if not state.missing[place] <= worst:
            worst = state.missing[place]
    return float(worst)


@compiled(cache=True)
def finish_frontier(
    debts: DebtArrays, shock: Shock, state: FrontierState, copies: ClaimCopies, residual: FloatArray
) -> None:
    """Recompute receipts from the final payments; write every residual above zero.

    `residual` comes in as zeros.
    """
    ranks = debts.owed.size // debts.held.size
    _bring_record_up(state, copies, ranks)
    _write_solvent_residuals(debts, state, residual)
    _write_listed_residuals(debts, shock, state, ranks)
    for place in range(state.counts[LISTED]):
        residual[state.member[place]] = state.missing[place]


@compiled(cache=True)
def missing_receipts(debts: DebtArrays, firms: Index32, paid_share: FloatArray) -> FloatArray:
    """Add up what each creditor misses when these firms pay these shares (place, rank) of their debts."""
    missing = np.zeros(debts.held.size)
    ranks = paid_share.shape[1]
    for place in range(firms.size):
        for rank in range(ranks):
            unpaid = 1.0 - paid_share[place, rank]
            cell = firms[place] * ranks + rank
            for claim in range(debts.start[cell], debts.start[cell + 1]):
                missing[debts.creditor[claim]] += debts.amount[claim] * unpaid
    return missing


@compiled(cache=True)
def name_causes(
    debts: DebtArrays, firms: Index32, rounds: Index32, paid_share: FloatArray, same_round: bool
) -> IntArray:
    """For each firm in default find the firm of an earlier (or the same) round that leaves it the largest unpaid claim.

    Arrays by place, with `firms` the firm at each place; the answer is a firm, -1 if there is none.
    """
    ranks = paid_share.shape[1]
    place_of = np.full(debts.held.size, -1, dtype=np.int32)
    for place in range(firms.size):
        place_of[firms[place]] = place
    worst, cause = np.zeros(firms.size), np.full(firms.size, -1, dtype=np.int64)
    ahead = 0 if same_round else 1
    for place in range(firms.size):
        for rank in range(ranks):
            unpaid_share = 1.0 - paid_share[place, rank]
            cell = firms[place] * ranks + rank
            for claim in range(debts.start[cell], debts.start[cell + 1]):
                holder = place_of[debts.creditor[claim]]
                if holder >= 0 and rounds[holder] > 0 and rounds[holder] >= rounds[place] + ahead:
                    unpaid = debts.amount[claim] * unpaid_share
                    if unpaid > worst[holder]:
                        worst[holder] = unpaid
                        cause[holder] = firms[place]
    return cause
