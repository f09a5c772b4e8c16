"""Cross-holdings of shares with costs of failure (Elliott, Golub and Jackson).

Firms own assets and shares of one another. A firm whose market value falls below a threshold loses a further amount,
its holders become poorer, and so on. Market values count only what final owners hold: nothing is counted twice.
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


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossHoldings(LabelledOutcome):
    """Values of firms that hold shares of one another.

    Parameters
    ----------
    labels : sequence
        The firms.
    total_value : FloatArray
        Value of all claims on each firm, holdings by other firms included, in money; shape (firm,).
    market_value : FloatArray
        Value of each firm to its final owners, in money; shape (firm,).
    failure_cost : FloatArray
        What failure has cost each firm, at most what it had; shape (firm,).
    failures : Failures
        Firms below their threshold. Round 0 fails at the asset values given, round r through rounds before r; in the
        least solution round 1 holds every other failure, because they fail together.
    convergence : Convergence
        Residual: gap in the value equation, as a share of the firm's value before failures.
    solution : {"greatest", "least"}
        The best or the worst consistent set of failures.
    """

    columns: ClassVar[tuple[str, ...]] = ("total_value", "market_value", "failure_cost", "failure_round")

    labels: Labels
    total_value: FloatArray
    market_value: FloatArray
    failure_cost: FloatArray
    failures: Failures
    convergence: Convergence
    solution: Solution

    @property
    def failure_round(self) -> IntArray:
        """Round of failure, -1 for firms that stand; shape (firm,)."""
        return self.failures.round


def cross_holdings(
    holdings: Any,
    asset_value: Any,
    *,
    failure_threshold: Any = 0.0,
    failure_cost: Any = 0.0,
    solution: Solution = "greatest",
    tolerance: float = 1e-10,
) -> CrossHoldings:
    r"""Value firms that hold shares of one another, with costs of failure.

    Parameters
    ----------
    holdings : table
        ``holdings[holder, issuer]``: share of the issuer that the holder owns, columns adding up to at most 1.
    asset_value : numbers by firm
        Value of the assets that each firm owns outside the network, in money, not negative.
    failure_threshold : numbers by firm
        Market value below which a firm fails, in money.
    failure_cost : numbers by firm
        What failure destroys, in money, not negative; a firm cannot lose more than it has.
    solution : {"greatest", "least"}
        The best consistent set of failures, found from none upwards, or the worst, found from all downwards.
    tolerance : float
        Largest residual that counts as converged.

    Returns
    -------
    CrossHoldings
        Values and failures.

    Raises
    ------
    NetworkError
        For bad tables or numbers, issuers owned for more than 1, and groups that own themselves entirely.
    InputError
        For an unknown `solution`.

    Notes
    -----
    :math:`V_i = \max(0,\ a_i + \sum_j C_{ij} V_j - \beta_i 1[v_i < \underline v_i])` and
    :math:`v_i = (1 - \sum_j C_{ji}) V_i`. Without failures the market values add up to the asset values.

    References
    ----------
    Elliott, Golub and Jackson (2014), *Financial networks and contagion*, American Economic Review 104, the value
    equations of section I and its algorithm for hierarchies of failures. Deviation: limited liability, the outer
    maximum.

    Examples
    --------
    Two firms hold half of each other (an illustration in the paper).

    >>> cross_holdings([[0, 0.5], [0.5, 0]], asset_value=[1, 0]).market_value.round(12)
    array([0.66666667, 0.33333333])
    """
    if solution not in get_args(Solution):
        raise InputError(f"solution: {solution!r} is not one of 'greatest', 'least'.")
    matrix = read_exposure(holdings, name="holdings")
    _check_shares(matrix)
    assets = read_vector(asset_value, matrix.labels, name="asset_value")
    threshold = read_vector(failure_threshold, matrix.labels, name="failure_threshold")
    cost = read_vector(failure_cost, matrix.labels, name="failure_cost")
    problem = _Valuation(matrix, assets, cost)
    when, cause, rounds = _find_failures(problem, threshold, solution)
    value = problem.value(when >= 0)
    scale = np.maximum(problem.value(np.zeros(matrix.firms, dtype=np.bool_)), 1e-300)
    means = assets + problem.shares @ value
    paid = np.where(when >= 0, np.minimum(cost, means), 0.0)
    return CrossHoldings(
        labels=matrix.labels,
        total_value=value,
        market_value=problem.outside_share * value,
        failure_cost=paid,
        failures=Failures(labels=matrix.labels, round=when, cause=cause),
        convergence=Convergence(
            rounds=rounds, residual_by_firm=np.abs(means - paid - value) / scale, tolerance=tolerance
        ),
        solution=solution,
    )


class _Valuation:
    """Values of all firms given who has failed."""

    def __init__(self, matrix: ExposureMatrix, assets: FloatArray, cost: FloatArray) -> None:
        self.shares = sparse.csr_array(matrix.as_sparse())
        self.assets, self.cost = assets, cost
        self.outside_share = np.maximum(1.0 - matrix.owed(), 0.0)

    def value(self, failed: BoolArray) -> FloatArray:
        """Solve the value equation by policy iteration: firms worth nothing are added or released until all agree."""
        source = self.assets - np.where(failed, self.cost, 0.0)
        value = np.zeros(source.size)
        alive = source > 0.0
        while True:
            value = self._solve(alive, source)
            again = source + self.shares @ value > 0.0
            if (again <= alive).all():
                return value
            alive |= again

    def _solve(self, alive: BoolArray, source: FloatArray) -> FloatArray:
        """Values of the firms worth something, the others at 0."""
        chosen = np.flatnonzero(alive)
        value = np.zeros(source.size)
        if chosen.size:
            system = sparse.identity(chosen.size, format="csc") - self.shares[chosen][:, chosen].tocsc()
            try:
                value[chosen] = linalg.splu(sparse.csc_array(system)).solve(source[chosen])
            except RuntimeError as error:
                rule = "no group of firms is owned by nobody but itself"
                raise NetworkError("", (Problem(file="holdings", rule=rule),)) from error
        return np.maximum(value, 0.0)


def _check_shares(matrix: ExposureMatrix) -> None:
    """Refuse issuers that are owned for more than all of them."""
    total = matrix.owed()
    over = np.flatnonzero(total > 1.0 + 1e-12)
    if over.size:
        issuer, rule = str(matrix.labels[int(over[0])]), "shares held by other firms add up to at most 1"
        problem = Problem(file="holdings", key=f"issuer {issuer}", value=f"{total[over[0]]:.12g}", rule=rule)
        raise NetworkError("", (problem,))


def _find_failures(problem: _Valuation, threshold: FloatArray, solution: Solution) -> tuple[IntArray, IntArray, int]:
    """Find the smallest or the largest consistent set of failures; rounds, causes, number of rounds."""
    firms = threshold.size
    nobody = np.zeros(firms, dtype=np.bool_)
    at_start = problem.value(nobody)
    slack = 1e-12 * np.maximum(threshold, problem.assets)
    failed = problem.outside_share * at_start < threshold - slack
    when = np.where(failed, 0, -1).astype(np.int64)
    cause = np.full(firms, -1, dtype=np.int64)
    if solution == "least":
        failed = threshold > 0.0
    turn = 0
    while True:
        turn += 1
        below = problem.outside_share * problem.value(failed) < threshold - slack
        after = failed | below if solution == "greatest" else failed & below
        if solution == "greatest":
            fresh = after & ~failed
            when[fresh] = turn
            cause[fresh] = _largest_hit(problem, failed, fresh, at_start)
        if (after == failed).all():
            break
        failed = after
    if solution == "least":
        when[failed & (when < 0)] = 1
        others = failed & (when == 1)
        cause[others] = _largest_hit(problem, failed, others, at_start)
    return when, cause, turn


def _largest_hit(problem: _Valuation, failed: BoolArray, fresh: BoolArray, before: FloatArray) -> IntArray:
    """For each fresh failure the failed firm whose loss of value hits its holdings hardest; -1 if it holds none."""
    lost = np.where(failed, before - problem.value(failed), 0.0)
    hits = sparse.csr_array(problem.shares[np.flatnonzero(fresh)].multiply(lost[None, :]))
    if hits.shape[0] == 0:
        return np.zeros(0, dtype=np.int64)
    largest = np.asarray(hits.argmax(axis=1), dtype=np.int64).ravel()
    return np.where(np.asarray(hits.max(axis=1).todense()).ravel() > 0.0, largest, -1)
