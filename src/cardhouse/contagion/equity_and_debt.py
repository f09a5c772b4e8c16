"""Firms that hold both shares and debt of one another (Suzuki): the joint value of every claim, without costs.

With debts alone this is Eisenberg-Noe clearing; with shares alone it is cross-holdings without costs of failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError, NetworkError, Problem
from cardhouse.contagion.orientation import ExposureMatrix, Labels, read_exposure, read_vector
from cardhouse.contagion.outcome import Convergence, Failures, LabelledOutcome

Solution = Literal["greatest", "least"]

_ROUNDS_BEFORE_EXACT = 20
_MOST_ROUNDS = 100_000


@dataclass(frozen=True, kw_only=True, eq=False)
class JointValue(LabelledOutcome):
    """Values of debt and shares.

    Parameters
    ----------
    labels : sequence
        The firms.
    firm_value : FloatArray
        Means of each firm: assets plus the value of the claims it holds, in money; shape (firm,).
    debt_value : FloatArray
        Value of each firm's debt, at most nominal, in money; shape (firm,).
    share_value : FloatArray
        Value of each firm's shares, in money; shape (firm,).
    failures : Failures
        Firms whose debt is not covered: round 0 at full payment of all debts, 1 otherwise. No cause is named.
    convergence : Convergence
        Residual: gap in the value equation, as a share of the firm's value.
    solution : {"greatest", "least"}
        Which solution this is; without closed groups they are the same.
    """

    columns: ClassVar[tuple[str, ...]] = ("firm_value", "debt_value", "share_value", "failure_round")

    labels: Labels
    firm_value: FloatArray
    debt_value: FloatArray
    share_value: FloatArray
    failures: Failures
    convergence: Convergence
    solution: Solution

    @property
    def failure_round(self) -> IntArray:
        """0 or 1 for firms in default, -1 for solvent ones; shape (firm,)."""
        return self.failures.round


def equity_and_debt(
    share_holdings: Any,
    debt_holdings: Any,
    assets: Any,
    nominal_debt: Any,
    *,
    solution: Solution = "greatest",
    tolerance: float = 1e-10,
) -> JointValue:
    r"""Value debt and shares of firms that hold both of one another.

    Parameters
    ----------
    share_holdings, debt_holdings : table
        ``holdings[holder, issuer]``: share of the issuer's stock, and of its debt, that the holder owns; columns add up
        to at most 1.
    assets : numbers by firm
        Assets other than claims on the firms, in money, not negative.
    nominal_debt : numbers by firm
        Debt of each firm, to firms and outside holders together, in money, not negative.
    solution : {"greatest", "least"}
        Which solution to find when closed groups allow several.
    tolerance : float
        Largest residual that counts as converged.

    Returns
    -------
    JointValue
        Values of firms, debts and shares.

    Raises
    ------
    NetworkError
        For bad tables or numbers, tables of different firms, holdings above 1, and groups that own themselves.
    InputError
        For an unknown `solution`.

    Notes
    -----
    :math:`V = a + M^d \min(V, b) + M^s (V - b)^+`.

    References
    ----------
    Suzuki (2002), *Valuing corporate debt: the effect of cross-holdings of stock and debt*, Journal of the Operations
    Research Society of Japan 45. Fischer (2014), *No-arbitrage pricing under systemic risk:
    accounting for cross-ownership*, Mathematical Finance 24.

    Examples
    --------
    Firm 1 owns half of firm 0's shares and a fifth of its debt.

    >>> shares, debts = [[0, 0], [0.5, 0]], [[0, 0], [0.2, 0]]
    >>> equity_and_debt(shares, debts, assets=[10, 1], nominal_debt=[4, 0]).firm_value
    array([10. ,  4.8])
    """
    if solution not in get_args(Solution):
        raise InputError(f"solution: {solution!r} is not one of 'greatest', 'least'.")
    stock = read_exposure(share_holdings, name="share_holdings")
    debt = read_exposure(debt_holdings, name="debt_holdings")
    if list(stock.labels) != list(debt.labels):
        raise NetworkError("", (Problem(file="debt_holdings", rule="the same firms in the order of share_holdings"),))
    for name, matrix in (("share_holdings", stock), ("debt_holdings", debt)):
        _check_shares(matrix, name)
    means = read_vector(assets, stock.labels, name="assets")
    owed = read_vector(nominal_debt, stock.labels, name="nominal_debt")
    problem = _Problem(sparse.csr_array(stock.as_sparse()), sparse.csr_array(debt.as_sparse()), means, owed)
    at_best = problem.upper_bound()
    value, rounds = problem.solve(at_best if solution == "greatest" else means.copy(), tolerance)
    failed = value < owed * (1.0 - 1e-12)
    when = np.where(failed, np.where(at_best < owed * (1.0 - 1e-12), 0, 1), -1).astype(np.int64)
    gap = np.abs(problem.step(value) - value) / np.maximum(value, 1e-300)
    return JointValue(
        labels=stock.labels,
        firm_value=value,
        debt_value=np.minimum(value, owed),
        share_value=np.maximum(value - owed, 0.0),
        failures=Failures(labels=stock.labels, round=when, cause=np.full(owed.size, -1, dtype=np.int64)),
        convergence=Convergence(rounds=rounds, residual_by_firm=gap, tolerance=tolerance),
        solution=solution,
    )


class _Problem:
    """The value equation and its solution."""

    def __init__(self, stock: Any, debt: Any, assets: FloatArray, owed: FloatArray) -> None:
        self.stock, self.debt, self.assets, self.owed = stock, debt, assets, owed

    def step(self, value: FloatArray) -> FloatArray:
        """Means of every firm when claims are worth what `value` says."""
        claims = self.debt @ np.minimum(value, self.owed) + self.stock @ np.maximum(value - self.owed, 0.0)
        return np.asarray(self.assets + claims, dtype=np.float64)

    def upper_bound(self) -> FloatArray:
        """Return a value no solution exceeds: all debts worth their nominal, shares worth the whole firm."""
        source = self.assets + self.debt @ self.owed
        bound = _solve(sparse.identity(self.owed.size, format="csr") - self.stock, source)
        if bound is None or (bound < -1e-9 * max(1.0, float(np.abs(source).max(initial=0.0)))).any():
            rule = "no group of firms is owned by nobody but itself"
            raise NetworkError("", (Problem(file="share_holdings", rule=rule),))
        return self.step(np.maximum(bound, self.assets))

    def solve(self, value: FloatArray, tolerance: float) -> tuple[FloatArray, int]:
        """Iterate from one side; where the solvent firms stay the same, solve their linear system exactly."""
        for turn in range(1, _MOST_ROUNDS + 1):
            after = self.step(value)
            change = np.abs(after - value) / np.maximum(after, 1e-300)
            value = after
            if change.max(initial=0.0) <= 0.01 * tolerance:
                return value, turn
            if turn % _ROUNDS_BEFORE_EXACT == 0:
                exact = self._exact(value >= self.owed)
                if exact is not None and ((exact >= self.owed) == (value >= self.owed)).all():
                    return exact, turn
        return value, _MOST_ROUNDS

    def _exact(self, solvent: BoolArray) -> FloatArray | None:
        """Solution when exactly these firms are solvent; None when the system is singular or it is negative."""
        keep, lose = sparse.diags_array(solvent.astype(float)), sparse.diags_array((~solvent).astype(float))
        slopes = self.stock @ keep + self.debt @ lose
        fixed = np.where(solvent, self.owed, 0.0)
        source = self.assets + self.debt @ fixed - self.stock @ fixed
        exact = _solve(sparse.identity(self.owed.size, format="csr") - slopes, source)
        return exact if exact is not None and (exact >= 0.0).all() else None


def _solve(system: Any, right: FloatArray) -> FloatArray | None:
    """Solve a sparse system; None when it is singular."""
    if right.size == 0:
        return right
    try:
        exact = np.asarray(linalg.splu(sparse.csc_array(system)).solve(right), dtype=np.float64)
    except RuntimeError:
        return None
    return exact if np.isfinite(exact).all() else None


def _check_shares(matrix: ExposureMatrix, name: str) -> None:
    """Refuse issuers that are owned for more than all of them."""
    total = matrix.owed()
    over = np.flatnonzero(total > 1.0 + 1e-12)
    if over.size:
        issuer, rule = str(matrix.labels[int(over[0])]), "shares held by other firms add up to at most 1"
        problem = Problem(file=name, key=f"issuer {issuer}", value=f"{total[over[0]]:.12g}", rule=rule)
        raise NetworkError("", (problem,))
