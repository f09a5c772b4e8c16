"""The frontier method: greatest clearing payments by visiting only firms in default and the claims on them.

Most firms pay in full, and a firm that pays in full tells its creditors nothing new. So the solver starts from full
payment, keeps the list of firms in default (the frontier), and works in waves: solve the payments of the listed firms,
telling creditors what they miss; then list whoever this made insolvent. The waves are the fictitious default sequence
of Eisenberg and Noe (2001, section 3.1). Inside a wave a queue holds the listed firms whose receipts have changed
(Gauss-Seidel relaxation), so that a debt is read only when its debtor has news.

The claims on listed firms are copied next to one another when their debtor is listed: from then on every pass over
them reads a small block of memory instead of scattered rows of a large one. Claims that listed firms hold come first in
each row, so that sweeps skip the others. Where a pass has to go to random places, it asks for those some steps ahead of
it: a large network is slow to clear because of waiting for memory, not because of arithmetic.

Arrays are stored by debtor: cell ``debtor * ranks + rank`` owns the claims ``start[cell]:start[cell + 1]``. A *place*
is a position in the list of firms in default.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled, prefetch

FINISHED = 0
"""No firm is left that is insolvent and not listed."""
STUCK = 1
"""The queue of a wave ran too long; an exact solve is worth its price."""
NEEDS_ROOM = 2
"""The copies of the claims do not fit; enlarge them to ``counts[NEEDED]`` and go on."""

SOLVENCY_SLACK = 1e-12
"""A shortfall below this share of the debts counts as solvent: it is rounding, not default."""

LISTED, WAVES, SWEEPS, NEEDED, WAITING, FOUND, SLIGHT, LATEST = 0, 1, 2, 3, 4, 5, 6, 7
"""Positions in ``FrontierState.counts``; ``SLIGHT`` is 1 once a firm taken as solvent may fall short by a rounding,
``LATEST`` the first place of the latest listing."""

LARGE = 2**17
"""Claims above which a network outgrows the cache of one core, so that asking for memory ahead of its use pays."""

_NEWS = 1e-14
_ROWS_AHEAD = 6
_CLAIMS_AHEAD = 32

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

    By firm: `place` (-1 for solvent), `is_listed` (one bit each, so that the bits of a million firms stay in the cache)
    and `record`, side by side because they are read together: receipts missing, and how much may be missing before the
    firm cannot pay (infinite once it is found insolvent, or if it owes nothing).

    By place: `member` (the firm), `wave`, `estate_full` (estate if all receipts came), `rate` (recovery rate on
    receipts), `missing` receipts and `owed_total`. By place and rank: `row` (where the copied claims begin, and where
    those begin that no listed firm held when they were copied), `owed`, `share` paid and `pushed`, the share that
    creditors have been told. `queue` has two sides: a sweep reads one and writes the other.
    """

    place: Index32
    is_listed: Flag8
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
        is_listed=np.empty(firms // 8 + 1, dtype=np.uint8),
        record=np.empty((firms, 2)),
        member=np.empty(firms, dtype=np.int32),
        wave=np.empty(firms, dtype=np.int32),
        estate_full=np.empty(firms),
        rate=np.empty(firms),
        missing=np.empty(firms),
        owed_total=np.empty(firms),
        row=np.empty((firms * ranks + 1, 2), dtype=np.int64),
        owed=np.empty(firms * ranks),
        share=np.empty(firms * ranks),
        pushed=np.empty(firms * ranks),
        queue=np.empty((2, firms), dtype=np.int32),
        queued=np.empty(firms, dtype=np.uint8),
        counts=np.zeros(8, dtype=np.int64),
    )


def claim_copies(room: int) -> ClaimCopies:
    """Allocate room for the copies of `room` claims."""
    return ClaimCopies(np.empty(room, dtype=np.int32), np.empty(room))


@compiled(inline=True)
def begin(debts: DebtArrays, shock: Shock, state: FrontierState, everyone: bool) -> None:
    """Everyone pays in full; write down firms that cannot (or all that owe), without listing them yet.

    Everything needed of these firms is taken here, where the arrays are read in order.
    """
    ranks = debts.owed.size // debts.held.size
    state.place[:] = -1
    state.is_listed[:] = 0
    state.counts[:] = 0
    state.row[0, 0] = 0
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


@compiled(inline=True)
def _note_insolvent(firm: int, state: FrontierState) -> None:
    """Write a firm behind the list, once."""
    state.record[firm, 1] = np.inf
    state.member[state.counts[LISTED] + state.counts[FOUND]] = firm
    state.counts[FOUND] += 1


@compiled(inline=True)
def _describe_found(debts: DebtArrays, shock: Shock, state: FrontierState) -> None:
    """Take what is needed of the firms found, as it stands after the last push."""
    ranks = debts.owed.size // debts.held.size
    last = shock.inside_rate.size - 1
    listed = state.counts[LISTED]
    state.counts[NEEDED] = state.row[listed * ranks, 0]
    for place in range(listed, listed + state.counts[FOUND]):
        firm = state.member[place]
        rate = shock.inside_rate[min(firm, last)]
        outside = shock.outside_rate[min(firm, last)] * shock.outside_assets[firm]
        state.rate[place] = rate
        state.estate_full[place] = outside + rate * debts.held[firm]
        state.missing[place] = state.record[firm, 0]
        state.owed_total[place] = debts.owed_total[firm]
        state.counts[NEEDED] += debts.start[(firm + 1) * ranks] - debts.start[firm * ranks]


@compiled(inline=True)
def _list_found(debts: DebtArrays, state: FrontierState, copies: ClaimCopies) -> None:
    """List the firms found, copy the claims on them and queue them."""
    ranks = debts.owed.size // debts.held.size
    listed, found = state.counts[LISTED], state.counts[FOUND]
    for place in range(listed, listed + found):
        firm = state.member[place]
        state.place[firm] = place
        state.is_listed[firm >> 3] |= np.uint8(1 << (firm & 7))
        state.wave[place] = state.counts[WAVES]
        state.queued[place] = 1
        state.queue[0, place - listed] = place
    _copy_claims(debts, state, copies, ranks)
    state.counts[WAITING] = found
    state.counts[FOUND] = 0
    state.counts[LATEST] = listed
    state.counts[LISTED] = listed + found
    state.counts[WAVES] += 1


@compiled(inline=True)
def _copy_claims(debts: DebtArrays, state: FrontierState, copies: ClaimCopies, ranks: int) -> None:
    """Copy the claims on the firms found; in each row, those that listed firms hold come first.

    Written without a branch on who is listed, which no processor could guess.
    """
    first, last = state.counts[LISTED], state.counts[LISTED] + state.counts[FOUND]
    start, creditor, amount, owed = debts.start, debts.creditor, debts.amount, debts.owed
    member, is_listed, row = state.member, state.is_listed, state.row
    copied_creditor, copied_amount = copies.creditor, copies.amount
    at = row[first * ranks, 0]
    is_large = amount.size > LARGE
    for place in range(first, last):
        if is_large:
            later, soon = min(place + 2 * _ROWS_AHEAD, last - 1), min(place + _ROWS_AHEAD, last - 1)
            _fetch_rows(debts, member[later], member[soon])
        for rank in range(ranks):
            here, there = place * ranks + rank, member[place] * ranks + rank
            state.owed[here] = owed[there]
            state.share[here] = 1.0
            state.pushed[here] = 1.0
            front, back = at, at + start[there + 1] - start[there]
            at = back
            for claim in range(start[there], start[there + 1]):
                holder = creditor[claim]
                is_held = (is_listed[holder >> 3] >> (holder & 7)) & 1
                back -= 1 - is_held
                to = front if is_held else back
                copied_creditor[to] = holder
                copied_amount[to] = amount[claim]
                front += is_held
            row[here, 1] = front
            row[here + 1, 0] = at


@compiled(inline=True)
def _fetch_rows(debts: DebtArrays, later: int, soon: int) -> None:
    """Ask for what copying the claims on one firm will read, and for where to find them of a firm later in turn."""
    ranks = debts.owed.size // debts.held.size
    prefetch(debts.start, later * ranks)
    prefetch(debts.owed, later * ranks)
    first, last = debts.start[soon * ranks], debts.start[(soon + 1) * ranks] - 1
    prefetch(debts.creditor, first)
    prefetch(debts.creditor, last)
    prefetch(debts.amount, first)
    prefetch(debts.amount, first + 8)  # one cache line; long rows are read ahead by the processor itself
    prefetch(debts.amount, last)


@compiled(inline=True)
def _sweep(state: FrontierState, copies: ClaimCopies, ranks: int, side: int, visits: int) -> int:
    """Visit the places on one side of the queue, write those that this gives news to on the other, return how many.

    One function with its arrays at hand: a call per visit would cost more than the visit. Rows copied at the latest
    listing have the claims of all listed firms in front; in earlier rows, firms listed since may come anywhere.
    """
    place_of, missing, queued, share_of = state.place, state.missing, state.queued, state.share
    row, creditor, amount, queue = state.row, copies.creditor, copies.amount, state.queue
    latest, other, waiting = state.counts[LATEST], 1 - side, 0
    for turn in range(visits):
        place = queue[side, turn]
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
            end = row[cell, 1] if place >= latest else row[cell + 1, 0]
            for claim in range(row[cell, 0], end):
                holder = place_of[creditor[claim]]
                if holder >= 0:
                    lost = amount[claim] * fall
                    missing[holder] += lost
                    # little to a debtor with large debts can be much to a creditor with small ones
                    if queued[holder] == 0 and (is_news or abs(lost) > _NEWS * state.owed_total[holder]):
                        queued[holder] = 1
                        queue[other, waiting] = holder
                        waiting += 1
    return waiting


@compiled(inline=True)
def _settle_listed(state: FrontierState, copies: ClaimCopies, ranks: int, limit: int) -> bool:
    """Sweep until no listed firm has news; False when `limit` sweeps did not do."""
    for _ in range(limit // 2):
        if state.counts[WAITING] == 0:
            return True
        waiting = _sweep(state, copies, ranks, 0, state.counts[WAITING])
        state.counts[WAITING] = _sweep(state, copies, ranks, 1, waiting)
        state.counts[SWEEPS] += 2
    return bool(state.counts[WAITING] == 0)


@compiled(inline=True)
def _push_outward(debts: DebtArrays, state: FrontierState, copies: ClaimCopies, ranks: int) -> None:
    """Tell creditors what they will miss, and note those that this makes insolvent.

    Listed creditors know it already from the sweeps; their record is not read before it is added up afresh.
    """
    record, pushed, share = state.record, state.pushed, state.share
    creditor, amount, row = copies.creditor, copies.amount, state.row
    cells = state.counts[LISTED] * ranks
    last = row[cells, 0] - 1
    is_large = debts.amount.size > LARGE
    for cell in range(cells):
        fall = pushed[cell] - share[cell]
        if fall == 0.0:
            continue
        pushed[cell] = share[cell]
        for claim in range(row[cell, 0], row[cell + 1, 0]):
            if is_large:
                prefetch(record, 2 * creditor[min(claim + _CLAIMS_AHEAD, last)])
            holder = np.uint32(creditor[claim])  # unsigned: no test for a negative index
            missing = record[holder, 0] + amount[claim] * fall
            record[holder, 0] = missing
            over = missing - record[holder, 1]
            if over > 0.0:
                if over > SOLVENCY_SLACK * debts.owed_total[holder]:
                    _note_insolvent(creditor[claim], state)
                else:
                    state.counts[SLIGHT] = 1


@compiled(inline=True)
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
def refresh_record(state: FrontierState, copies: ClaimCopies, ranks: int) -> None:
    """Add up afresh what every creditor misses, free of the rounding that increments leave behind."""
    record, creditor, amount, row = state.record, copies.creditor, copies.amount, state.row
    record[:, 0] = 0.0
    for cell in range(state.counts[LISTED] * ranks):
        state.pushed[cell] = state.share[cell]
        unpaid = 1.0 - state.share[cell]
        if unpaid != 0.0:
            for claim in range(row[cell, 0], row[cell + 1, 0]):
                record[np.uint32(creditor[claim]), 0] += amount[claim] * unpaid


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
    refresh_record(state, copies, ranks)
    state.counts[SLIGHT] = 1
    for firm in range(debts.held.size):
        if state.record[firm, 0] - state.record[firm, 1] > SOLVENCY_SLACK * debts.owed_total[firm]:
            _note_insolvent(firm, state)
    state.counts[WAITING] = state.counts[LISTED]
    for place in range(state.counts[LISTED]):
        state.missing[place] = state.record[state.member[place], 0]
        state.queued[place] = 1
        state.queue[0, place] = place
