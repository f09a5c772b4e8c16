"""Exact payments of the firms in default: one sparse linear solve on the piece of the waterfalls where sweeps stand.

Sweeps approach the greatest payments from above, or the least from below, by a constant factor a sweep; in a nearly
closed loop that factor is close to one. On a fixed piece (each firm in default knows which rank its last dollar
reaches) the payments solve a linear system. If its solution lies on the piece where the sweeps stand and the system is
regular, no other solution lies between the two, so it is the one the sweeps approach.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.contagion.clearing.frontier import LISTED, SOLVENCY_SLACK, ClaimCopies, FrontierState

_MOST_UNKNOWNS = 4000


def _marginal_rank(estate: FloatArray, ceiling: FloatArray) -> IntArray:
    """Rank that the last unit of each estate goes to; equal to the number of ranks when all is paid."""
    return np.asarray((estate[:, None] >= ceiling).sum(axis=1), dtype=np.int64)


def solve_piece(state: FrontierState, copies: ClaimCopies, ranks: int) -> bool:
    """Set the shares of the listed firms to the exact solution of their piece; False if there is none there.

    The state must agree with its shares (see `adopt_shares`).
    """
    listed = int(state.counts[LISTED])
    owed = state.owed[: listed * ranks].reshape(listed, ranks)
    share = state.share[: listed * ranks].reshape(listed, ranks)
    ceiling = np.cumsum(owed, axis=1)
    estate = np.maximum(state.estate_full[:listed] - state.rate[:listed] * state.missing[:listed], 0.0)
    rank = _marginal_rank(estate, ceiling)
    unknown = np.flatnonzero((rank < ranks) & np.isfinite(estate))
    if unknown.size == 0 or unknown.size > _MOST_UNKNOWNS:
        return False
    cell = unknown * ranks + rank[unknown]
    slopes = _slopes(state, copies, unknown, cell)
    system = sparse.identity(unknown.size, format="csc") - slopes
    top = ceiling[unknown, rank[unknown]]
    senior, slack = top - owed[unknown, rank[unknown]], SOLVENCY_SLACK * top
    exact = _solve(system, _estates_without(state, copies, cell)[unknown] - slopes @ senior)
    # a piece has its ends: a firm that can pay its rank to the cent, or none of it, is on it, whatever the last digit
    if exact is None or not ((exact >= senior - slack) & (exact <= top + slack)).all():
        return False
    exact = np.clip(exact, senior, top)
    share[unknown] = np.arange(ranks) < rank[unknown][:, None]
    share[unknown, rank[unknown]] = (exact - senior) / owed[unknown, rank[unknown]]
    return True


def _estates_without(state: FrontierState, copies: ClaimCopies, cell: IntArray) -> FloatArray:
    """Estates of the listed firms if nothing were paid on some cells, which are the marginal ranks of some firms.

    Added up afresh: the difference between what is missing now and what is paid would be rounding in a closed loop.
    """
    listed = int(state.counts[LISTED])
    cells = listed * (state.share.size // state.member.size)
    begins = state.row[: cells + 1, 0]
    unpaid = 1.0 - state.share[:cells]
    unpaid[cell] = 1.0
    entries = slice(int(begins[0]), int(begins[-1]))
    lost = copies.amount[entries] * np.repeat(unpaid, np.diff(begins))
    holder = state.place[copies.creditor[entries]]
    held = holder >= 0
    missing = np.bincount(holder[held], weights=lost[held], minlength=listed)
    return np.asarray(state.estate_full[:listed] - state.rate[:listed] * missing)


def _slopes(state: FrontierState, copies: ClaimCopies, unknown: IntArray, cell: IntArray) -> sparse.csc_array:
    """By how much the estate in a row grows when the estate in a column pays one unit more."""
    position = np.full(int(state.counts[LISTED]), -1, dtype=np.int64)
    position[unknown] = np.arange(unknown.size)
    lengths = state.row[cell + 1, 0] - state.row[cell, 0]
    entries = np.repeat(state.row[cell, 0] - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))
    holder = state.place[copies.creditor[entries]].astype(np.int64)
    row = np.where(holder >= 0, position[holder], -1)
    column = np.repeat(np.arange(unknown.size), lengths)
    slope = copies.amount[entries] / np.repeat(state.owed[cell], lengths)
    keep = row >= 0
    slope = slope[keep] * state.rate[unknown[row[keep]]]
    shape = (unknown.size, unknown.size)
    return sparse.csc_array(sparse.coo_array((slope, (row[keep], column[keep])), shape=shape))


def _solve(system: sparse.csc_array, right: FloatArray) -> FloatArray | None:
    """Solve a sparse system; None when it is singular."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", linalg.MatrixRankWarning)
        try:
            exact = np.asarray(linalg.splu(system.tocsc()).solve(right), dtype=np.float64)
        except RuntimeError:
            return None
    return exact if np.isfinite(exact).all() else None
