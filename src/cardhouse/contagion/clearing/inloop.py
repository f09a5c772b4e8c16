"""Clearing inside a compiled loop: `clear_into` settles one small network without allocating anything.

The simulation calls this once per draw and quarter. It takes the claims as a plain list (debtor, creditor, rank,
amount, due now or later), writes what every claim is paid into a workspace made once per worker, and returns a result
code; it never raises. The same text runs as plain Python when compilation is switched off.

Rules of the settlement, in the order they are applied:

1. A firm is in default when its outside assets and what it receives fall short of the claims on it that are due now.
2. A solvent firm pays what is due now in full and nothing on later claims.
3. The estate of a firm in default is ``outside_recovery_rate * outside assets + inside_recovery_rate * received``
   (Rogers and Veraart 2013; both rates 1 gives Eisenberg and Noe 2001). All claims on it fall due, later ones
   too (Kusnetsov and Veraart 2018, their algorithmic approach); ranks are paid in ascending order, pari passu inside a
   rank. To place accelerated claims behind those due now, give them a higher rank; to leave a later claim out of the
   estate, leave it off the list.
4. Defaults come in waves (the fictitious default sequence of Eisenberg and Noe 2001, section 3.1): the payments of the
   firms in default are solved, then the firms that this makes insolvent join, until none does. A firm that has
   joined stays.

Without later claims the result is the greatest clearing vector.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.basics.compiled import as_index, compiled

SETTLED = 0
"""Result code: every payment meets the tolerance."""
NOT_CONVERGED = 1
"""Result code: the limit of sweeps was reached before the tolerance."""
BAD_NUMBER = 2
"""Result code: an outside asset or an amount is negative or not a finite number."""

_SWEEPS_BEFORE_EXACT = 24
_MAX_SWEEPS = 20_000
_MOST_UNKNOWNS = 512
_SOLVENCY_SLACK = 1e-12
_TOLERANCE = 1e-12


class ClaimList(NamedTuple):
    """Claims of a small network, one array entry per claim (money in any one unit).

    `creditor` is -1 for a holder outside the network. `rank` 0 is paid first. `is_due` is false for a claim that falls
    due only after this settlement; it is paid now only out of the estate of a debtor in default.
    """

    debtor: IntArray
    creditor: IntArray
    rank: IntArray
    amount: FloatArray
    is_due: BoolArray


class EstateRates(NamedTuple):
    """Share of a failed firm's outside assets and of its receipts that reaches its creditors, shape (firm,)."""

    outside_recovery_rate: FloatArray
    inside_recovery_rate: FloatArray


class ClearingWorkspace(NamedTuple):
    """Results and scratch of `clear_into`; make it once with `clearing_workspace` and reuse it.

    Results: `payment` (claim,), `received` (firm,), `default_wave` (firm,) with -1 for solvent and 0 for firms that
    fail though everyone else pays; `report` holds (waves, sweeps, residual). The residual is the largest gap between a
    firm's estate and what it pays out, as a share of the claims on it. The other arrays are scratch.
    """

    payment: FloatArray
    received: FloatArray
    default_wave: IntArray
    report: FloatArray
    owed: FloatArray
    share: FloatArray
    owed_due: FloatArray
    previous: FloatArray
    place: IntArray
    system: FloatArray


def clearing_workspace(firms: int, claims: int, ranks: int) -> ClearingWorkspace:
    """Allocate what `clear_into` needs for `firms` firms, `claims` claims and `ranks` seniority ranks.

    Exact elimination in nearly closed loops serves up to 512 firms in default at once; beyond, sweeps alone must do.

    Examples
    --------
    >>> clearing_workspace(firms=3, claims=5, ranks=2).owed.shape
    (3, 2)
    """
    return ClearingWorkspace(
        payment=np.full(claims, np.nan),
        received=np.full(firms, np.nan),
        default_wave=np.full(firms, -1, dtype=np.int64),
        report=np.full(3, np.nan),
        owed=np.full((firms, ranks), np.nan),
        share=np.full((firms, ranks), np.nan),
        owed_due=np.full(firms, np.nan),
        previous=np.full(firms, np.nan),
        place=np.full(firms, -1, dtype=np.int64),
        system=np.full((min(firms, _MOST_UNKNOWNS), min(firms, _MOST_UNKNOWNS) + 1), np.nan),
    )


@compiled
def _start(outside_assets: FloatArray, claims: ClaimList, space: ClearingWorkspace) -> int:
    """Add up what each firm owes by rank and mark every firm solvent; BAD_NUMBER if an input is unusable."""
    space.owed[:, :] = 0.0
    space.share[:, :] = 1.0
    space.owed_due[:] = 0.0
    space.default_wave[:] = -1
    for firm in range(outside_assets.size):
        if not (outside_assets[firm] >= 0.0 and outside_assets[firm] < np.inf):
            return BAD_NUMBER
    for c in range(claims.amount.size):
        debtor, amount = as_index(claims.debtor[c]), claims.amount[c]
        if not (amount >= 0.0 and amount < np.inf):
            return BAD_NUMBER
        space.owed[debtor, as_index(claims.rank[c])] += amount
        if claims.is_due[c]:
            space.owed_due[debtor] += amount
    return SETTLED


@compiled
def _collect(claims: ClaimList, space: ClearingWorkspace) -> None:
    """Pay every claim from the current shares and add up what each firm receives."""
    space.received[:] = 0.0
    for c in range(claims.amount.size):
        debtor = as_index(claims.debtor[c])
        if space.default_wave[debtor] >= 0:
            paid = claims.amount[c] * space.share[debtor, as_index(claims.rank[c])]
        elif claims.is_due[c]:
            paid = claims.amount[c]
        else:
            paid = 0.0
        space.payment[c] = paid
        creditor = claims.creditor[c]
        if creditor >= 0:
            space.received[as_index(creditor)] += paid


@compiled
def _estate(firm: int, outside_assets: FloatArray, rates: EstateRates, space: ClearingWorkspace) -> float:
    """Money a failed firm's creditors can share."""
    outside = rates.outside_recovery_rate[firm] * outside_assets[firm]
    return float(outside + rates.inside_recovery_rate[firm] * space.received[firm])


@compiled
def _share_out(estate: float, owed: FloatArray, share: FloatArray) -> float:
    """Fill the ranks of one firm in order; return the total paid."""
    left = estate
    for rank in range(owed.size):
        if owed[rank] <= 0.0:
            share[rank] = 1.0
        elif left >= owed[rank]:
            share[rank] = 1.0
            left -= owed[rank]
        else:
            share[rank] = max(left, 0.0) / owed[rank]
            left = 0.0
    return estate - left


@compiled
def _sweep(outside_assets: FloatArray, claims: ClaimList, rates: EstateRates, space: ClearingWorkspace) -> float:
    """Share out every estate once and collect; return the largest change of an estate per unit owed."""
    for firm in range(outside_assets.size):
        if space.default_wave[firm] >= 0:
            space.previous[firm] = _estate(firm, outside_assets, rates, space)
            _share_out(space.previous[firm], space.owed[firm], space.share[firm])
    _collect(claims, space)
    worst = 0.0
    for firm in range(outside_assets.size):
        if space.default_wave[firm] >= 0:
            change = abs(_estate(firm, outside_assets, rates, space) - space.previous[firm])
            worst = max(worst, change / float(space.owed[firm].sum()))
    return float(worst)


@compiled
def _marginal_rank(estate: float, owed: FloatArray) -> int:
    """Rank that the last unit of the estate goes to, or -1 when everything is paid."""
    left = estate
    for rank in range(owed.size):
        if left < owed[rank]:
            return rank
        left -= owed[rank]
    return -1


@compiled
def _fill_system(outside_assets: FloatArray, claims: ClaimList, rates: EstateRates, space: ClearingWorkspace) -> int:
    """Write the linear equations of the estates, each on the piece of its waterfall where it lies now."""
    unknowns = 0
    for firm in range(outside_assets.size):
        space.place[firm] = -1
        if space.default_wave[firm] >= 0 and _marginal_rank(space.previous[firm], space.owed[firm]) >= 0:
            space.place[firm] = unknowns
            unknowns += 1
    system = space.system
    if unknowns > system.shape[0]:
        return 0
    for firm in range(outside_assets.size):
        row = space.place[firm]
        if row >= 0:
            system[row, : unknowns + 1] = 0.0
            system[row, row] = 1.0
            system[row, unknowns] = _estate(firm, outside_assets, rates, space)
    for c in range(claims.amount.size):
        debtor, creditor = claims.debtor[c], claims.creditor[c]
        if creditor < 0 or space.place[debtor] < 0 or space.place[creditor] < 0:
            continue
        rank = claims.rank[c]
        if _marginal_rank(space.previous[debtor], space.owed[debtor]) == rank:
            slope = rates.inside_recovery_rate[creditor] * claims.amount[c] / space.owed[debtor, rank]
            row, column = space.place[creditor], space.place[debtor]
            system[row, column] -= slope
            system[row, unknowns] -= slope * space.previous[debtor]
    return unknowns


@compiled
def _eliminate(system: FloatArray, unknowns: int) -> bool:
    """Gaussian elimination with row pivoting; the answer ends up in column `unknowns`. False if singular."""
    for column in range(unknowns):
        pivot = column
        for row in range(column + 1, unknowns):
            if abs(system[row, column]) > abs(system[pivot, column]):
                pivot = row
        if not abs(system[pivot, column]) > 1e-13:
            return False
        for k in range(column, unknowns + 1):
            held = system[column, k]
            system[column, k] = system[pivot, k]
            system[pivot, k] = held
        for row in range(unknowns):
            if row != column and system[row, column] != 0.0:
                factor = system[row, column] / system[column, column]
                for k in range(column, unknowns + 1):
                    system[row, k] -= factor * system[column, k]
    for row in range(unknowns):
        system[row, unknowns] /= system[row, row]
    return True


@compiled
def _jump_to_exact(outside_assets: FloatArray, claims: ClaimList, rates: EstateRates, space: ClearingWorkspace) -> bool:
    """Replace the estates by the exact solution of their linear piece, if that solution lies on the same piece.

    The sweeps fall towards the greatest solution. A solution on the piece where they stand has no other solution
    between itself and them (the piece is regular), so it is the one they are falling to.
    """
    unknowns = _fill_system(outside_assets, claims, rates, space)
    if unknowns == 0 or not _eliminate(space.system, unknowns):
        return False
    for firm in range(outside_assets.size):
        row = space.place[firm]
        if row >= 0:
            exact = space.system[row, unknowns]
            here = _marginal_rank(space.previous[firm], space.owed[firm])
            if not exact >= 0.0 or _marginal_rank(exact, space.owed[firm]) != here:
                return False
    for firm in range(outside_assets.size):
        row = space.place[firm]
        if row >= 0:
            _share_out(space.system[row, unknowns], space.owed[firm], space.share[firm])
    _collect(claims, space)
    return True


@compiled
def _solve_estates(
    outside_assets: FloatArray, claims: ClaimList, rates: EstateRates, space: ClearingWorkspace
) -> float:
    """Payments of the firms now in default, from full payment downwards; return the residual."""
    space.share[:, :] = 1.0
    _collect(claims, space)
    worst = np.inf
    for sweep in range(_MAX_SWEEPS):
        worst = _sweep(outside_assets, claims, rates, space)
        space.report[1] += 1.0
        if worst <= _TOLERANCE:
            break
        # A singular or crossed piece is tried again only now and then: the elimination costs more than a sweep.
        if (sweep + 1) % _SWEEPS_BEFORE_EXACT == 0:
            _jump_to_exact(outside_assets, claims, rates, space)
    return worst


@compiled
def _add_insolvent(outside_assets: FloatArray, wave: int, space: ClearingWorkspace) -> int:
    """Put firms that cannot pay what is due now into default; return how many joined."""
    joined = 0
    for firm in range(outside_assets.size):
        owed = space.owed_due[firm]
        short = owed - outside_assets[firm] - space.received[firm]
        if space.default_wave[firm] < 0 and short > _SOLVENCY_SLACK * owed:
            space.default_wave[firm] = wave
            joined += 1
    return joined


@compiled
def _run_waves(
    outside_assets: FloatArray, claims: ClaimList, rates: EstateRates, space: ClearingWorkspace, first: int
) -> int:
    """List insolvent firms and solve the estates, wave by wave from wave number `first`."""
    code, wave = SETTLED, first
    while _add_insolvent(outside_assets, wave, space) > 0:
        space.report[2] = _solve_estates(outside_assets, claims, rates, space)
        wave += 1
        if not space.report[2] <= _TOLERANCE:
            code = NOT_CONVERGED
            break
    space.report[0] = wave
    return code


@compiled(cache=True)
def clear_into(outside_assets: FloatArray, claims: ClaimList, rates: EstateRates, space: ClearingWorkspace) -> int:
    """Settle one network and write payments, receipts and default waves into `space`.

    Callable from compiled and from plain code; allocates nothing.

    Parameters
    ----------
    outside_assets
        Money each firm can pay from before receipts, shape (firm,), not negative.
    claims
        The claims; indices and ranks must lie inside the workspace (not checked).
    rates
        Recovery rates by firm, each in [0, 1].
    space
        From `clearing_workspace`, of matching sizes; results are read from it.

    Returns
    -------
    int
        `SETTLED`, `NOT_CONVERGED` or `BAD_NUMBER` (then the results mean nothing).

    Notes
    -----
    A firm's total payment is the sum of `payment` over its claims. Money is conserved: a solvent firm keeps outside
    assets plus receipts minus payments; a firm in default keeps what exceeds all its claims (possible only when later
    claims were small), and loses ``(1 - rate)`` of its assets to bankruptcy costs. Shortfalls below 1e-12 of the debts
    count as solvent.

    References
    ----------
    Eisenberg and Noe (2001), Management Science 47, section 3.1. Rogers and Veraart (2013), Management Science 59,
    Definition 3.6. Kusnetsov and Veraart (2018), SIAM Journal on Financial Mathematics 10.

    Examples
    --------
    Firm 0 owes 10 to firm 1 and has 4; firm 1 owes 7 to an outside holder and has 2.

    >>> claims = ClaimList(debtor=np.array([0, 1]), creditor=np.array([1, -1]), rank=np.array([0, 0]),
    ...                    amount=np.array([10.0, 7.0]), is_due=np.array([True, True]))
    >>> space = clearing_workspace(firms=2, claims=2, ranks=1)
    >>> clear_into(np.array([4.0, 2.0]), claims, EstateRates(np.ones(2), np.ones(2)), space)
    0
    >>> space.payment, space.default_wave
    (array([4., 6.]), array([0, 1]))
    """
    space.report[:] = 0.0
    code = _start(outside_assets, claims, space)
    if code != SETTLED:
        return code
    _collect(claims, space)
    return _run_waves(outside_assets, claims, rates, space, 0)


@compiled(cache=True)
def clear_with_estates(
    outside_assets: FloatArray, claims: ClaimList, rates: EstateRates, space: ClearingWorkspace, in_default: BoolArray
) -> int:
    """Settle as `clear_into` does when some firms are in default from before; theirs is wave 0, new ones follow.

    Examples
    --------
    >>> claims = ClaimList(debtor=np.array([0]), creditor=np.array([1]), rank=np.array([0]), amount=np.array([10.0]),
    ...                    is_due=np.array([False]))
    >>> space = clearing_workspace(firms=2, claims=1, ranks=1)
    >>> ones = np.ones(2)
    >>> clear_with_estates(np.array([4.0, 0.0]), claims, EstateRates(ones, ones), space, np.array([True, False]))
    0
    >>> space.payment
    array([4.])
    """
    space.report[:] = 0.0
    code = _start(outside_assets, claims, space)
    if code != SETTLED:
        return code
    for firm in range(in_default.size):
        if in_default[firm] and space.owed[firm].sum() > 0.0:
            space.default_wave[firm] = 0
    space.report[2] = _solve_estates(outside_assets, claims, rates, space)
    if not space.report[2] <= _TOLERANCE:
        return NOT_CONVERGED
    return _run_waves(outside_assets, claims, rates, space, 1)
