"""Networks from their margins: who might owe whom when only totals are known.

:func:`maximum_entropy` spreads totals as evenly as they allow; :func:`minimum_density` uses as few claims as it can.
Real networks lie between the two, and contagion on the one is often far from contagion on the other: run both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.basics.errors import InputError, NetworkError, Problem
from cardhouse.contagion.orientation import ExposureMatrix, Labels, read_exposure, read_vector
from cardhouse.contagion.outcome import Convergence

_MOST_ROUNDS = 20_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Reconstruction:
    """A network that has given totals.

    Parameters
    ----------
    labels : sequence
        The firms.
    exposure : ExposureMatrix
        The claims found; every kernel takes it as it is.
    convergence : Convergence
        Residual: gap between a firm's totals and the ones given, as a share of the given ones.
    """

    labels: Labels
    exposure: ExposureMatrix
    convergence: Convergence

    @property
    def claims(self) -> int:
        """Number of claims."""
        return int(self.exposure.amount.size)

    @property
    def density(self) -> float:
        """Claims as a share of all possible ones."""
        firms = len(self.labels)
        return self.claims / max(1, firms * (firms - 1))


def maximum_entropy(held: Any, owed: Any, *, possible: Any = None, tolerance: float = 1e-12) -> Reconstruction:
    r"""Spread claims as evenly as the totals allow, none of a firm on itself.

    Parameters
    ----------
    held : numbers by firm
        What each firm is owed by all others, in money; a mapping or series gives the labels.
    owed : numbers by firm
        What each firm owes to all others, in money; the same sum.
    possible : boolean table, optional
        ``possible[creditor, debtor]``: where a claim may be; everywhere off the diagonal by default.
    tolerance : float
        Largest residual that counts as converged.

    Returns
    -------
    Reconstruction
        The network. Not converged if no network has these totals and zeros.

    Raises
    ------
    NetworkError
        For totals that differ in sum, and a firm whose total is more than all others together can be party to.

    Notes
    -----
    The result is :math:`r_i m_{ij} c_j`, where m is 1 for possible claims and 0 elsewhere; rows and columns are scaled
    in turn (RAS).

    References
    ----------
    Upper and Worms (2004), *Estimating bilateral exposures in the German interbank market*, European Economic Review
    48, section 3.

    Examples
    --------
    >>> maximum_entropy([3, 3, 3], [3, 3, 3]).exposure.as_dense()[0]
    array([0. , 1.5, 1.5])
    """
    labels, row_total, column_total = _read_totals(held, owed)
    firms = len(labels)
    mask = np.ones((firms, firms), dtype=np.bool_) if possible is None else np.asarray(possible, dtype=np.bool_)
    if mask.shape != (firms, firms):
        raise NetworkError("", (Problem(file="possible", value=f"shape {mask.shape}", rule="one cell for each pair"),))
    table = np.where(mask & ~np.eye(firms, dtype=np.bool_), np.outer(row_total, column_total), 0.0)
    total = float(row_total.sum())
    table /= total if total > 0.0 else 1.0
    rounds, gap = 0, np.zeros(firms)
    while rounds < _MOST_ROUNDS:
        rounds += 1
        table *= _factor(row_total, table.sum(axis=1))[:, None]
        table *= _factor(column_total, table.sum(axis=0))
        gap = _gap(table, row_total, column_total)
        if gap.max(initial=0.0) <= tolerance:
            break
    found = read_exposure(sparse.csc_array(table))
    return _report(labels, found, Convergence(rounds=rounds, residual_by_firm=gap, tolerance=tolerance))


def minimum_density(
    held: Any, owed: Any, *, seed: int = 0, trials: int = 20, tolerance: float = 1e-9
) -> Reconstruction:
    """Find a network with the given totals and few claims.

    Parameters
    ----------
    held, owed : numbers by firm
        As in :func:`maximum_entropy`.
    seed : int
        Seed of the random choices; the same seed gives the same network.
    trials : int
        Networks to draw; the one with the fewest claims is returned.
    tolerance : float
        Largest residual that counts as converged.

    Returns
    -------
    Reconstruction
        The network, with at most twice as many claims as firms, roughly.

    Raises
    ------
    NetworkError
        As for :func:`maximum_entropy`.
    InputError
        For fewer than one trial.

    Notes
    -----
    Claims are drawn one at a time, each as large as both totals allow, with the paper's preference for small firms that
    deal with large ones. A firm that is left with claims on itself only gives them to an existing claim and takes its
    two halves. Finding the fewest claims is hard; the result is good, not proven best.

    References
    ----------
    Anand, Craig and von Peter (2015), *Filling in the blanks: network structure and interbank contagion*, Quantitative
    Finance 15, section 3 (selection probabilities and loading; deviation: totals are met exactly in every draw and the
    best draw is kept, instead of a penalty).

    Examples
    --------
    >>> minimum_density([4, 0, 3], [3, 4, 0]).claims
    2
    """
    if trials < 1:
        raise InputError(f"trials: {trials} is less than 1.")
    labels, row_total, column_total = _read_totals(held, owed)
    best: dict[tuple[int, int], float] | None = None
    for trial in range(trials):
        claims = _draw_network(row_total, column_total, np.random.default_rng([seed, trial]))
        if best is None or len(claims) < len(best):
            best = claims
    pairs, firms = best or {}, len(labels)
    creditor, debtor = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    table = sparse.coo_array((list(pairs.values()), (creditor, debtor)), shape=(firms, firms), dtype=np.float64)
    found = read_exposure(table)
    gap = _gap(found.as_dense(), row_total, column_total)
    return _report(labels, found, Convergence(rounds=trials, residual_by_firm=gap, tolerance=tolerance))


def _read_totals(held: Any, owed: Any) -> tuple[Labels, FloatArray, FloatArray]:
    """Read both totals and check that a network can have them."""
    if hasattr(held, "keys"):
        labels: Labels = tuple(held.keys())
    else:
        labels = range(len(held))
    row_total = read_vector(held, labels, name="held")
    column_total = read_vector(owed, labels, name="owed")
    total, other = float(row_total.sum()), float(column_total.sum())
    if abs(total - other) > 1e-9 * max(total, other):
        rule, remedy = "what all hold is what all owe", "scale one of the two, or add a firm for the rest of the world"
        raise NetworkError("", (Problem(file="held", value=f"{total} against {other}", rule=rule, remedy=remedy),))
    column_total *= total / other if other > 0.0 else 1.0
    crowded = np.flatnonzero(row_total + column_total > total * (1.0 + 1e-12))
    if crowded.size:
        rule = "what a firm holds and owes together is at most the total: it has no claims on itself"
        key = str(labels[int(crowded[0])])
        value = f"{row_total[crowded[0]]} and {column_total[crowded[0]]}"
        raise NetworkError("", (Problem(file="held and owed", key=key, value=value, rule=rule),))
    return labels, row_total, column_total


def _factor(wanted: FloatArray, found: FloatArray) -> FloatArray:
    """Scale that takes sums from found to wanted; 0 where nothing is wanted."""
    scale = np.zeros_like(wanted)
    np.divide(wanted, found, out=scale, where=found > 0.0)
    return scale


def _gap(table: FloatArray, row_total: FloatArray, column_total: FloatArray) -> FloatArray:
    """Gap between wanted and found totals as a share of the wanted ones."""
    rows = np.abs(table.sum(axis=1) - row_total) / np.where(row_total > 0.0, row_total, 1.0)
    columns = np.abs(table.sum(axis=0) - column_total) / np.where(column_total > 0.0, column_total, 1.0)
    return np.asarray(np.maximum(rows, columns), dtype=np.float64)


def _report(labels: Labels, found: ExposureMatrix, convergence: Convergence) -> Reconstruction:
    """Put the labels on the network."""
    exposure = ExposureMatrix(labels=labels, start=found.start, creditor=found.creditor, amount=found.amount)
    return Reconstruction(labels=labels, exposure=exposure, convergence=convergence)


def _draw_network(
    row_total: FloatArray, column_total: FloatArray, generator: np.random.Generator
) -> dict[tuple[int, int], float]:
    """Draw claims until both totals are used up."""
    lend, borrow = row_total.copy(), column_total.copy()
    dust = 1e-13 * max(float(row_total.sum()), 1e-300)
    claims: dict[tuple[int, int], float] = {}
    while True:
        lenders, borrowers = np.flatnonzero(lend > dust), np.flatnonzero(borrow > dust)
        if lenders.size == 0 or borrowers.size == 0:
            return claims
        allowed = lenders[:, None] != borrowers[None, :]
        if not allowed.any():
            _split_own_claim(int(lenders[0]), float(min(lend[lenders[0]], borrow[lenders[0]])), claims)
            return claims
        creditor, debtor = _choose_pair(lend[lenders], borrow[borrowers], allowed, generator)
        pair = (int(lenders[creditor]), int(borrowers[debtor]))
        amount = float(min(lend[pair[0]], borrow[pair[1]]))
        claims[pair] = claims.get(pair, 0.0) + amount
        lend[pair[0]] -= amount
        borrow[pair[1]] -= amount


def _choose_pair(
    lend: FloatArray, borrow: FloatArray, allowed: BoolArray, generator: np.random.Generator
) -> tuple[int, int]:
    """Choose a pair with probability growing in how unequal the two are (Anand, Craig and von Peter 2015)."""
    ratio = lend[:, None] / borrow[None, :]
    weight = np.where(allowed, np.maximum(ratio, 1.0 / ratio), 0.0).ravel()
    cumulative = np.cumsum(weight / weight.max())
    place = int(np.searchsorted(cumulative, generator.random() * cumulative[-1], side="right"))
    place = min(place, weight.size - 1)
    return place // borrow.size, place % borrow.size


def _split_own_claim(firm: int, amount: float, claims: dict[tuple[int, int], float]) -> None:
    """Get rid of a firm's claim on itself: reroute it through claims between others, which keeps all totals."""
    for (creditor, debtor), size in sorted(claims.items(), key=lambda entry: (-entry[1], entry[0])):
        if amount <= 0.0:
            return
        if firm in (creditor, debtor):
            continue
        moved = min(amount, size)
        for pair, change in (((creditor, debtor), -moved), ((creditor, firm), moved), ((firm, debtor), moved)):
            claims[pair] = claims.get(pair, 0.0) + change
        if claims[creditor, debtor] <= 0.0:
            del claims[creditor, debtor]
        amount -= moved
