"""Kernels of the log-periodic power law singularity fit: variable projection and Levenberg-Marquardt.

Time is scaled to the window: the last observation stands at 0, the first at 1, and the critical time at ``-offset``.
With ``tau = offset + time`` the log price is ``A + (B + C1 cos(w ln tau) + C2 sin(w ln tau)) tau**m``. Given offset,
``m`` and ``w``, the linear parameters follow by least squares, so that only three are searched (Filimonov and Sornette
2013). The Jacobian is that of Kaufman (1975) and every projection is orthogonal.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.compiled import compiled
from cardhouse.bubbles.scan import rotate_in

CONVERGED, AT_LIMIT, DEGENERATE = 0, 1, 2
"""State of a fit: converged, stopped at the limit of iterations, or without an identified basis."""

ROW = 10
"""Numbers of one fit: squared error, log offset, m, w, A, B, C1, C2, iterations, state."""

FULL_STEPS, FULL_TOLERANCE = 80, 1e-10
"""Limits of a careful fit."""

QUICK_STEPS, QUICK_TOLERANCE = 40, 1e-6
"""Limits of one fit among thousands, whose squared error is then right to about six digits."""

_SCREENING_STEPS = 3
_NEAR, _LEAPS, _PLACES = 4.0, (-0.8, 0.8), (0.03, 0.7, 3.0)
_PROBING_STEPS, _WORTH_FOLLOWING = 2, 1.01
_DAMPING = 0.1
_CANCELLED = 0.01
_TURNS = 2.0 / math.pi
_TURN_HIGH, _TURN_MIDDLE, _TURN_LOW = (
    float.fromhex(part) for part in ("0x1.921fb54400000p+0", "0x1.0b4611a600000p-34", "0x1.3198a2e037073p-69")
)
_SHARES, _LINEAR, _FREE, _LENGTHS, _ROW, _FIRST = 0, 1, 2, 3, 4, 5


class Work(NamedTuple):
    """Arrays of one window length, allocated once for many fits."""

    time: FloatArray
    columns: FloatArray
    basis: FloatArray
    logs: FloatArray
    slopes: FloatArray
    reduced: FloatArray
    residual: FloatArray
    triangle: FloatArray
    small: FloatArray
    vectors: FloatArray


@compiled
def workspace(n: int) -> Work:
    """Allocate the arrays for windows of ``n`` observations."""
    time = np.empty(n)
    for t in range(n):
        time[t] = (n - 1.0 - t) / (n - 1.0)
    columns = np.empty((4, n))
    basis = np.empty((4, n))
    triangle = np.zeros((4, 4))
    columns[0] = 1.0
    basis[0] = 1.0 / math.sqrt(float(n))
    triangle[0, 0] = math.sqrt(float(n))
    return Work(
        time,
        columns,
        basis,
        np.empty(n),
        np.empty((3, n)),
        np.empty((3, n)),
        np.empty(n),
        triangle,
        np.zeros((4, 4)),
        np.zeros((8, 4)),
    )


@compiled
def _dot(left: FloatArray, right: FloatArray) -> float:
    a = 0.0
    b = 0.0
    c = 0.0
    d = 0.0
    n = left.shape[0]
    whole = n - n % 4
    for t in range(0, whole, 4):
        a += left[t] * right[t]
        b += left[t + 1] * right[t + 1]
        c += left[t + 2] * right[t + 2]
        d += left[t + 3] * right[t + 3]
    for t in range(whole, n):
        a += left[t] * right[t]
    return (a + b) + (c + d)


@compiled
def _subtract(target: FloatArray, direction: FloatArray, amount: float) -> None:
    for t in range(target.shape[0]):
        target[t] -= amount * direction[t]


@compiled
def _scale(target: FloatArray, factor: float) -> None:
    for t in range(target.shape[0]):
        target[t] *= factor


@compiled
def _orthonormalise(columns: FloatArray, basis: FloatArray, triangle: FloatArray) -> bool:
    """Factor ``columns`` (rows of the array) into ``basis`` and ``triangle`` by Gram-Schmidt.

    The first column is the constant, whose direction is there already. A vector that loses nine tenths of its length
    is made orthogonal once more; the others lose one digit at most.
    """
    for i in range(1, columns.shape[0]):
        vector = basis[i]
        vector[:] = columns[i]
        taken = 0.0
        for k in range(i):
            share = _dot(basis[k], vector)
            triangle[k, i] = share
            taken += share * share
            _subtract(vector, basis[k], share)
        left = _dot(vector, vector)
        if left < _CANCELLED * taken:
            for k in range(i):
                share = _dot(basis[k], vector)
                triangle[k, i] += share
                _subtract(vector, basis[k], share)
            left = _dot(vector, vector)
        if left <= 1e-22 * taken:
            return False
        triangle[i, i] = math.sqrt(left)
        _scale(vector, 1.0 / triangle[i, i])
    return True


@compiled
def fill_waves(logs: FloatArray, omega: float, columns: FloatArray) -> None:
    """Fill cosine and sine of ``omega * logs``, both times the power law.

    The library's functions are called element by element; plain arithmetic is done in lanes and gives the same digits
    on every machine. Angles are reduced by quarter turns in three parts, then both series run to the last digit.
    """
    for t in range(logs.shape[0]):
        angle = omega * logs[t]
        turns = np.floor(angle * _TURNS + 0.5)
        r = ((angle - turns * _TURN_HIGH) - turns * _TURN_MIDDLE) - turns * _TURN_LOW
        z = r * r
        tail = -1.0 / 39916800.0 + z * (1.0 / 6227020800.0 - z / 1307674368000.0)
        tail = -1.0 / 6.0 + z * (1.0 / 120.0 + z * (-1.0 / 5040.0 + z * (1.0 / 362880.0 + z * tail)))
        sine = r + r * z * tail
        tail = -1.0 / 3628800.0 + z * (1.0 / 479001600.0 + z * (-1.0 / 87178291200.0 + z / 20922789888000.0))
        tail = 1.0 / 24.0 + z * (-1.0 / 720.0 + z * (1.0 / 40320.0 + z * tail))
        cosine = 1.0 - 0.5 * z + z * z * tail
        quarter = turns - 4.0 * np.floor(0.25 * turns)
        swapped = abs(quarter - 2.0) == 1.0
        upper = 1.0 if abs(quarter - 1.5) > 1.0 else -1.0
        right = 1.0 if quarter < 2.0 else -1.0
        columns[2, t] = columns[1, t] * upper * (sine if swapped else cosine)
        columns[3, t] = columns[1, t] * right * (cosine if swapped else sine)


@compiled
def _columns(time: FloatArray, theta: FloatArray, columns: FloatArray, logs: FloatArray) -> None:
    offset = math.exp(theta[0])
    m = theta[1]
    for t in range(time.shape[0]):
        logs[t] = math.log(offset + time[t])
        columns[1, t] = math.exp(m * logs[t])
    fill_waves(logs, theta[2], columns)


@compiled
def _evaluate(y: FloatArray, theta: FloatArray, work: Work) -> float:
    """Fill basis, residual and linear parameters at ``theta`` and return the squared error, infinite if degenerate."""
    _columns(work.time, theta, work.columns, work.logs)
    if not _orthonormalise(work.columns, work.basis, work.triangle):
        return math.inf
    shares = work.vectors[_SHARES]
    linear = work.vectors[_LINEAR]
    work.residual[:] = y
    for i in range(4):
        shares[i] = _dot(work.basis[i], work.residual)
        _subtract(work.residual, work.basis[i], shares[i])
    for i in range(3, -1, -1):
        total = shares[i]
        for k in range(i + 1, 4):
            total -= work.triangle[i, k] * linear[k]
        linear[i] = total / work.triangle[i, i]
    return _dot(work.residual, work.residual)


@compiled
def _differentiate(theta: FloatArray, work: Work) -> None:
    """Fill the derivatives of the model by log offset, m and w, with the linear columns projected out."""
    offset = math.exp(theta[0])
    m = theta[1]
    w = theta[2]
    b, c, s = work.vectors[_LINEAR, 1], work.vectors[_LINEAR, 2], work.vectors[_LINEAR, 3]
    for t in range(work.logs.shape[0]):
        wave = work.columns[2, t]
        quarter = work.columns[3, t]
        level = b * work.columns[1, t] + c * wave + s * quarter
        turn = s * wave - c * quarter
        work.slopes[0, t] = offset * (m * level + w * turn) / (offset + work.time[t])
        work.slopes[1, t] = work.logs[t] * level
        work.slopes[2, t] = work.logs[t] * turn
    for i in range(3):
        for k in range(4):
            _subtract(work.slopes[i], work.basis[k], _dot(work.basis[k], work.slopes[i]))


@compiled
def _reduce(theta: FloatArray, box: FloatArray, work: Work) -> float:
    """Compress the rows of the least squares problem and return the gain that its undamped solution promises.

    A parameter that descent drives out of the box is held.
    """
    is_free = work.vectors[_FREE]
    lengths = work.vectors[_LENGTHS]
    for i in range(3):
        descent = _dot(work.slopes[i], work.residual)
        low = theta[i] <= box[i, 0] and descent < 0.0
        high = theta[i] >= box[i, 1] and descent > 0.0
        is_free[i] = 0.0 if low or high else 1.0
    work.vectors[_FIRST : _FIRST + 3] = 0.0
    promise = 0.0
    for i in range(3):
        column = work.reduced[i]
        column[:] = work.slopes[i]
        before = 0.0
        for k in range(i):
            share = _dot(work.reduced[k], column) * is_free[k] * is_free[i]
            work.vectors[_FIRST + k, i] = share
            before += share * share
            _subtract(column, work.reduced[k], share)
        length = math.sqrt(_dot(column, column)) * is_free[i]
        lengths[i] = math.sqrt(before + length * length)
        work.vectors[_FIRST + i, i] = length
        _scale(column, 1.0 / length if length > 0.0 else 0.0)
        work.vectors[_FIRST + i, 3] = _dot(column, work.residual)
        promise += work.vectors[_FIRST + i, 3] ** 2
    return float(promise)


@compiled
def _solve(damping: float, work: Work, step: FloatArray) -> float:
    """Solve the compressed problem with damping rows rotated in and return the gain that the step promises."""
    small = work.small
    row = work.vectors[_ROW]
    small[:] = 0.0
    small[:3] = work.vectors[_FIRST : _FIRST + 3]
    for i in range(3):
        row[:] = 0.0
        held = work.vectors[_FREE, i] == 0.0 or work.vectors[_LENGTHS, i] == 0.0
        row[i] = 1.0 if held else math.sqrt(damping) * work.vectors[_LENGTHS, i]
        rotate_in(small, row)
    for i in range(2, -1, -1):
        total = small[i, 3]
        for k in range(i + 1, 3):
            total -= small[i, k] * step[k]
        step[i] = total / small[i, i]
    promise = 0.0
    for i in range(3):
        along = 0.0
        for k in range(i, 3):
            along += work.vectors[_FIRST + i, k] * step[k]
        promise += 2.0 * along * work.vectors[_FIRST + i, 3] - along * along
    return float(promise)


@compiled
def _move(theta: FloatArray, step: FloatArray, box: FloatArray, trial: FloatArray) -> float:
    moved = 0.0
    for i in range(3):
        trial[i] = min(max(theta[i] + step[i], box[i, 0]), box[i, 1])
        moved = max(moved, abs(trial[i] - theta[i]) / (1.0 + abs(theta[i])))
    return moved


@compiled
def _descend(y: FloatArray, box: FloatArray, work: Work, out: FloatArray, trial: FloatArray) -> float:
    """Try steps of growing damping until one lowers the error; return the gain, 0 when none does.

    The damping follows Nielsen (1999): it falls with the share of the promised gain that was realised.
    """
    step = np.zeros(3)
    theta = out[1:4]
    growth = 2.0
    for _ in range(12):
        promise = _solve(trial[3], work, step)
        moved = _move(theta, step, box, trial)
        if moved < 1e-12 or promise <= 0.1 * box[3, 1] * out[0]:
            return 0.0
        tried = _evaluate(y, trial[:3], work)
        if tried < out[0]:
            gain = out[0] - tried
            out[0] = tried
            theta[:] = trial[:3]
            trial[3] = max(trial[3] * max(0.1, 1.0 - (2.0 * gain / promise - 1.0) ** 3), 1e-12)
            return float(gain)
        trial[3] *= growth
        growth *= 2.0
    return 0.0


@compiled
def polish(y: FloatArray, box: FloatArray, work: Work, out: FloatArray) -> None:
    """Improve a start by Levenberg-Marquardt steps inside a box.

    Parameters
    ----------
    y : array, shape (n,)
        Log prices.
    box : array, shape (4, 2)
        Lowest and highest log offset, m and w (equal values hold a parameter), then most steps and relative tolerance.
    work : Work
        Arrays for windows of ``n`` observations.
    out : array, shape (10,)
        Holds the start in places 1 to 3 and receives the numbers listed at :data:`ROW` but the linear parameters.
    """
    trial = np.zeros(4)
    trial[3] = _DAMPING
    _move(out[1:4].copy(), np.zeros(3), box, out[1:4])
    out[0] = _evaluate(y, out[1:4], work)
    out[9] = DEGENERATE if out[0] == math.inf else AT_LIMIT
    floor = 1e-26 * (1.0 + _dot(y, y))
    used = 0
    while out[9] == AT_LIMIT and used < box[3, 0]:
        used += 1
        _differentiate(out[1:4], work)
        promise = _reduce(out[1:4], box, work)
        gain = _descend(y, box, work, out, trial) if promise > 0.1 * box[3, 1] * out[0] else 0.0
        if gain <= box[3, 1] * out[0] or out[0] <= floor:
            out[9] = CONVERGED
    out[8] = used


@compiled
def _try_valleys(y: FloatArray, box: FloatArray, work: Work, out: FloatArray, trial: FloatArray) -> None:
    """Look for other valleys of a fit whose critical time lies close to the last observation, where there are several.

    Places are tried nearer, farther, and at fixed distances of less than one, one and several observations. A few steps
    are taken from each; one that comes close to the best so far is followed to the end.
    """
    last = y.shape[0] - 1.0
    if box[0, 0] >= box[0, 1] or out[1] > math.log(_NEAR / last):
        return
    probing = box.copy()
    probing[3, 0] = min(_PROBING_STEPS, box[3, 0])
    start = out[1:4].copy()
    for k in range(5):
        place = start[0] + _LEAPS[k] if k < 2 else math.log(_PLACES[k - 2] / last)
        if k >= 2 and abs(place - start[0]) < 0.5:
            continue
        trial[1] = place
        trial[2:4] = start[1:]
        polish(y, probing, work, trial)
        if trial[0] < _WORTH_FOLLOWING * out[0]:
            polish(y, box, work, trial)
        if trial[0] < out[0]:
            out[:] = trial


@compiled
def _search(y: FloatArray, starts: FloatArray, box: FloatArray, work: Work, rows: FloatArray, out: FloatArray) -> None:
    """Take a few steps from each start and follow the best third (rounded) to the end; ``out`` receives the best."""
    count = starts.shape[0]
    screening = box.copy()
    if count > 1:
        screening[3, 0] = min(_SCREENING_STEPS, box[3, 0])
    for k in range(count):
        rows[k, 1:4] = starts[k]
        polish(y, screening, work, rows[k])
    out[:] = rows[0]
    if count > 1:
        out[0] = math.inf
        for _ in range(max(1, (count + 1) // 3)):
            best = int(np.argmin(rows[:, 0]))
            polish(y, box, work, rows[best])
            if rows[best, 0] < out[0]:
                out[:] = rows[best]
            rows[best, 0] = math.inf


@compiled(cache=True)
def polish_windows(windows: FloatArray, starts: FloatArray, box: FloatArray, out: FloatArray) -> None:
    """Fit every window from several starts.

    Parameters
    ----------
    windows : array, shape (window, n)
        Log prices.
    starts : array, shape (window, start, 3)
        Log offset, m and w.
    box : array, shape (4, 2)
        As for :func:`polish`.
    out : array, shape (window, 10)
        Receives the numbers listed at :data:`ROW`.
    """
    work = workspace(windows.shape[1])
    rows = np.zeros((starts.shape[1], ROW))
    trial = np.zeros(ROW)
    for i in range(windows.shape[0]):
        _search(windows[i], starts[i], box, work, rows, out[i])
        _try_valleys(windows[i], box, work, out[i], trial)
        if out[i, 9] != DEGENERATE:
            _evaluate(windows[i], out[i, 1:4], work)
            out[i, 4:8] = work.vectors[_LINEAR]
