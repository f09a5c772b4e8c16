"""What a settlement leaves behind: residuals, payments, missing receipts and causes of default."""

from __future__ import annotations

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled, prefetch
from cardhouse.contagion.clearing.frontier import (
    LARGE,
    LISTED,
    SLIGHT,
    WAVES,
    ClaimCopies,
    DebtArrays,
    FrontierState,
    Index32,
    Shock,
    refresh_record,
)

_FEW_WAVES = 16
_FIRMS_AHEAD = 16


@compiled(inline=True)
def _bring_record_up(state: FrontierState, copies: ClaimCopies, ranks: int) -> None:
    """Make the record hold what every creditor misses at the shares paid in the end.

    After a few waves in which everything was told, it does: a sum with a few more terms than a fresh one. Otherwise it
    is added up afresh.
    """
    is_told = state.counts[WAVES] <= _FEW_WAVES
    for cell in range(state.counts[LISTED] * ranks):
        is_told = is_told and state.pushed[cell] == state.share[cell]
    if not is_told:
        refresh_record(state, copies, ranks)
        state.counts[SLIGHT] = 1


@compiled(inline=True)
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


@compiled(inline=True)
def _write_listed_residuals(debts: DebtArrays, shock: Shock, state: FrontierState, ranks: int) -> None:
    """Write into `missing`, which is no longer needed, the residual of every listed firm.

    It is the gap between what the firm pays and what it should pay given its receipts, as a share of its debts.
    """
    record, estate_full, rate = state.record, state.estate_full, state.rate
    member, wave, owed_total, residual = state.member, state.wave, state.owed_total, state.missing
    share, owed, last = state.share, state.owed, state.counts[LISTED] - 1
    is_large = debts.amount.size > LARGE
    for place in range(last + 1):
        if is_large:
            prefetch(record, 2 * member[min(place + _FIRMS_AHEAD, last)])
        firm = member[place]
        estate = estate_full[place] - rate[place] * record[firm, 0]
        if wave[place] < 0:  # released: it is solvent after all, and nothing is lost of what it has
            estate = shock.outside_assets[firm] + debts.held[firm] - record[firm, 0]
        paid = 0.0
        for cell in range(place * ranks, (place + 1) * ranks):
            paid += share[cell] * owed[cell]
        residual[place] = abs(min(max(estate, 0.0), owed_total[place]) - paid) / owed_total[place]


@compiled(inline=True)
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
    """Recompute receipts from the final payments; write the residual of every firm."""
    ranks = debts.owed.size // debts.held.size
    residual[:] = 0.0
    _bring_record_up(state, copies, ranks)
    _write_solvent_residuals(debts, state, residual)
    _write_listed_residuals(debts, shock, state, ranks)
    for place in range(state.counts[LISTED]):
        residual[state.member[place]] = state.missing[place]


@compiled(cache=True)
def write_payments(debts: DebtArrays, firms: Index32, paid_share: FloatArray, payments: FloatArray) -> None:
    """Write what these firms pay, given the shares (place, rank) of their debts that they pay."""
    ranks, last = paid_share.shape[1], firms.size - 1
    is_large = debts.amount.size > LARGE
    for place in range(firms.size):
        if is_large:
            later = firms[min(place + _FIRMS_AHEAD, last)]
            prefetch(debts.owed, later * ranks)
            prefetch(payments, later)
        paid = 0.0
        for rank in range(ranks):
            paid += paid_share[place, rank] * debts.owed[firms[place] * ranks + rank]
        payments[firms[place]] = paid


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
