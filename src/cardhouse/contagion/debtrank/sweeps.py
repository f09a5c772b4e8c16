"""The sweeps of DebtRank on the flat list of claims: plain, mixed with earlier sweeps, and single hit; compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled

_MOST_ROUNDS = 200_000
_MOST_MIXED_ROUNDS = 300
_MEMORY = 4
"""Past rounds that are mixed; :func:`_products` and :func:`_mix` are written out for this number."""


@compiled(cache=True)
def by_creditor(
    claims: tuple[IntArray, NDArray[np.int32], FloatArray], lost: FloatArray, equity: FloatArray
) -> tuple[IntArray, NDArray[np.int32], FloatArray]:
    """Turn claims by debtor into leverage by creditor: what is lost of each claim as a share of its holder's equity."""
    start, creditor, amount = claims
    firms = equity.size
    rows = np.zeros(firms + 1, dtype=np.int64)
    for claim in range(creditor.size):
        rows[creditor[claim] + 1] += 1
    for firm in range(firms):
        rows[firm + 1] += rows[firm]
    place = rows[:-1].copy()
    debtors, weight = np.empty(creditor.size, dtype=np.int32), np.empty(creditor.size)
    for debtor in range(firms):
        for claim in range(start[debtor], start[debtor + 1]):
            firm = creditor[claim]
            debtors[place[firm]] = debtor
            weight[place[firm]] = amount[claim] * lost[debtor]
            place[firm] += 1
    for firm in range(firms):  # a pass of its own: divisions by one number go several at a time
        for claim in range(rows[firm], rows[firm + 1]):
            weight[claim] /= equity[firm]
    return rows, debtors, weight


@compiled
def _step(
    claims: tuple[IntArray, NDArray[np.int32], FloatArray], start: FloatArray, marked: FloatArray, after: FloatArray
) -> None:
    """One round: stress of the shock plus what debtors pass on, at most 1."""
    rows, debtor, weight = claims
    for firm in range(start.size):
        total = start[firm]
        for claim in range(rows[firm], rows[firm + 1]):
            total += weight[claim] * marked[np.uint32(debtor[claim])]  # unsigned: no test for a negative index
        after[firm] = total if total < 1.0 else 1.0


@compiled
def _write_residual(stress: FloatArray, after: FloatArray, residual: FloatArray) -> float:
    """Change of each firm's stress as a share of it; return the largest."""
    worst = 0.0
    for firm in range(stress.size):
        change = abs(after[firm] - stress[firm])
        residual[firm] = change / after[firm] if after[firm] > 0.0 else change
        worst = max(worst, residual[firm])
    return worst


@compiled
def _name_cause(claims: tuple[IntArray, NDArray[np.int32], FloatArray], firm: int, marked: FloatArray) -> int:
    """Debtor that takes most from a firm."""
    rows, debtor, weight = claims
    most, cause = 0.0, -1
    for claim in range(rows[firm], rows[firm + 1]):
        if weight[claim] * marked[debtor[claim]] > most:
            most = weight[claim] * marked[debtor[claim]]
            cause = debtor[claim]
    return int(cause)


@compiled
def name_failures(
    claims: tuple[IntArray, NDArray[np.int32], FloatArray], stress: FloatArray, when: IntArray, cause: IntArray
) -> None:
    """Name firms that failed after the shock, in uncounted rounds."""
    for firm in range(stress.size):
        if stress[firm] >= 1.0 and when[firm] < 0:
            when[firm] = 1
            cause[firm] = _name_cause(claims, firm, stress)


@compiled(cache=True)
def iterate(
    claims: tuple[IntArray, NDArray[np.int32], FloatArray],
    start: FloatArray,
    stress: FloatArray,
    residual: FloatArray,
    log: tuple[IntArray, IntArray],
    settings: tuple[float, float],
) -> int:
    """Go round by round to the fixed point, noting in which round each firm fails."""
    nonlinearity, tolerance = settings
    when, cause = log
    after, marked = np.empty_like(stress), np.empty_like(stress)
    for turn in range(1, _MOST_ROUNDS):
        for firm in range(stress.size):
            marked[firm] = stress[firm]
            if nonlinearity > 0.0:
                marked[firm] *= np.exp(nonlinearity * (stress[firm] - 1.0))
        _step(claims, start, marked, after)
        worst = _write_residual(stress, after, residual)
        for firm in range(stress.size):
            if after[firm] >= 1.0 and when[firm] < 0:
                when[firm] = turn
                cause[firm] = _name_cause(claims, firm, marked)
            stress[firm] = after[firm]
        if worst <= tolerance:
            return turn
    return _MOST_ROUNDS


@compiled(cache=True)
def count_failures(
    claims: tuple[IntArray, NDArray[np.int32], FloatArray],
    start: FloatArray,
    stress: FloatArray,
    log: tuple[IntArray, IntArray],
    tolerance: float,
) -> int:
    """Go round by round only until every firm that `stress` says fails has failed; return the rounds it took.

    A firm that reaches 1 only in the limit fails in the round after which nothing moves by more than the tolerance.
    """
    when, cause = log
    before, after, change = start.copy(), np.empty_like(stress), np.empty_like(stress)
    missing = 0
    for firm in range(stress.size):
        if stress[firm] >= 1.0 and when[firm] < 0:
            missing += 1
    for turn in range(1, _MOST_ROUNDS):
        if missing == 0:
            return turn - 1
        _step(claims, start, before, after)
        is_still = _write_residual(before, after, change) <= tolerance
        for firm in range(stress.size):
            if when[firm] < 0 and stress[firm] >= 1.0 and (after[firm] >= 1.0 or is_still):
                when[firm] = turn
                cause[firm] = _name_cause(claims, firm, before)
                missing -= 1
        before[:] = after
    return _MOST_ROUNDS


@compiled
def _relax(claims: tuple[IntArray, NDArray[np.int32], FloatArray], start: FloatArray, stress: FloatArray) -> None:
    """One Gauss-Seidel round in place: later firms see the new stress of earlier ones."""
    rows, debtor, weight = claims
    for firm in range(start.size):
        total = start[firm]
        for claim in range(rows[firm], rows[firm + 1]):
            total += weight[claim] * stress[np.uint32(debtor[claim])]  # unsigned: no test for a negative index
        stress[firm] = total if total < 1.0 else 1.0


@compiled
def _solve_small(matrix: FloatArray, right: FloatArray) -> None:
    """Gaussian elimination for a small positive definite system; the answer replaces `right`."""
    size = right.size
    for column in range(size):
        pivot = matrix[column, column]
        for row in range(column + 1, size):
            factor = matrix[row, column] / pivot
            for k in range(column, size):
                matrix[row, k] -= factor * matrix[column, k]
            right[row] -= factor * right[column]
    for row in range(size - 1, -1, -1):
        for k in range(row + 1, size):
            right[row] -= matrix[row, k] * right[k]
        right[row] /= matrix[row, row]


@compiled
def _note_change(
    history: tuple[FloatArray, FloatArray], relaxed: FloatArray, stress: FloatArray, gap: FloatArray, slot: int
) -> None:
    """Keep by how much the gap of a round differs from the last one; the move of that round becomes the whole step."""
    steps, changes = history
    for firm in range(gap.size):
        new_gap = relaxed[firm] - stress[firm]
        change = new_gap - gap[firm]
        changes[firm, slot] = change
        steps[firm, slot] += change
        gap[firm] = new_gap


@compiled
def _products(changes: FloatArray, gap: FloatArray, slot: int, gram: FloatArray, right: FloatArray) -> None:
    """Products of all changes with the newest and with the gap; sums in scalars, which stay in registers."""
    new_0, new_1, new_2, new_3 = 0.0, 0.0, 0.0, 0.0
    gap_0, gap_1, gap_2, gap_3 = 0.0, 0.0, 0.0, 0.0
    for firm in range(gap.size):
        newest, here = changes[firm, slot], gap[firm]
        new_0 += changes[firm, 0] * newest
        new_1 += changes[firm, 1] * newest
        new_2 += changes[firm, 2] * newest
        new_3 += changes[firm, 3] * newest
        gap_0 += changes[firm, 0] * here
        gap_1 += changes[firm, 1] * here
        gap_2 += changes[firm, 2] * here
        gap_3 += changes[firm, 3] * here
    gram[slot, 0], gram[slot, 1], gram[slot, 2], gram[slot, 3] = new_0, new_1, new_2, new_3
    gram[:, slot] = gram[slot, :]
    right[0], right[1], right[2], right[3] = gap_0, gap_1, gap_2, gap_3


@compiled
def _mix(
    history: tuple[FloatArray, FloatArray], gram: FloatArray, gap: FloatArray, relaxed: FloatArray, turn: int
) -> None:
    """Combine past rounds so that their linear model has the least gap; `relaxed` becomes the next iterate."""
    steps, changes = history
    kept = min(turn, _MEMORY)
    right = np.zeros(_MEMORY)
    _products(changes, gap, (turn - 1) % _MEMORY, gram, right)
    system = gram[:kept, :kept].copy()
    for row in range(kept):
        system[row, row] = system[row, row] * (1.0 + 1e-14) + 1e-300
    _solve_small(system, right[:kept])
    right[kept:] = 0.0
    by_0, by_1, by_2, by_3 = right[0], right[1], right[2], right[3]
    for firm in range(gap.size):
        now = relaxed[firm]
        correction = by_0 * steps[firm, 0] + by_1 * steps[firm, 1] + by_2 * steps[firm, 2] + by_3 * steps[firm, 3]
        relaxed[firm] = now - correction if now < 1.0 else now


@compiled(cache=True)
def iterate_mixed(
    claims: tuple[IntArray, NDArray[np.int32], FloatArray],
    start: FloatArray,
    stress: FloatArray,
    residual: FloatArray,
    tolerance: float,
) -> int:
    """Go to the fixed point of the linear law by Gauss-Seidel rounds with Anderson mixing."""
    firms = stress.size
    steps, changes = np.zeros((firms, _MEMORY)), np.zeros((firms, _MEMORY))
    gram = np.zeros((_MEMORY, _MEMORY))
    relaxed, gap = np.empty(firms), np.zeros(firms)
    for turn in range(_MOST_ROUNDS):
        relaxed[:] = stress
        _relax(claims, start, relaxed)
        if _write_residual(stress, relaxed, residual) <= tolerance:
            _step(claims, start, relaxed, stress)
            if _write_residual(relaxed, stress, residual) <= tolerance:
                return turn + 2
            relaxed[:] = stress
        _note_change((steps, changes), relaxed, stress, gap, (turn - 1) % _MEMORY)
        if 0 < turn < _MOST_MIXED_ROUNDS:
            _mix((steps, changes), gram, gap, relaxed, turn)
        slot = turn % _MEMORY
        for firm in range(firms):
            following = min(1.0, max(start[firm], relaxed[firm]))
            steps[firm, slot] = following - stress[firm]
            stress[firm] = following
    return _MOST_ROUNDS


@compiled(cache=True)
def hit_once(
    rows: IntArray,
    creditor: NDArray[np.int32],
    impact: FloatArray,
    stress: FloatArray,
    log: tuple[IntArray, IntArray],
) -> int:
    """Let every firm pass its stress on in the round after it is first stressed; return the number of rounds."""
    when, cause = log
    firms = stress.size
    spent = np.zeros(firms, dtype=np.bool_)
    most = np.zeros(firms)
    for turn in range(1, firms + 2):
        passing = stress.copy()
        active = 0
        for debtor in range(firms):
            if spent[debtor] or passing[debtor] <= 0.0:
                continue
            spent[debtor] = True
            active += 1
            for claim in range(rows[debtor], rows[debtor + 1]):
                hit = impact[claim] * passing[debtor]
                firm = creditor[claim]
                stress[firm] += hit
                if hit > most[firm] and when[firm] < 0:
                    most[firm] = hit
                    cause[firm] = debtor
        _cap(stress, when, turn)
        if active == 0:
            break
    for firm in range(firms):
        if when[firm] < 1:
            cause[firm] = -1
    return turn


@compiled
def _cap(stress: FloatArray, when: IntArray, turn: int) -> None:
    """Limit stress to 1 and note new failures."""
    for firm in range(stress.size):
        if stress[firm] >= 1.0:
            stress[firm] = 1.0
            if when[firm] < 0:
                when[firm] = turn
