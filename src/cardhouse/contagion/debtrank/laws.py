"""The three laws of DebtRank, from exposures, equity and a shock to a labelled outcome."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import InputError, NetworkError, Problem
from cardhouse.contagion.debtrank.sweeps import (
    by_creditor,
    count_failures,
    hit_once,
    iterate,
    iterate_mixed,
    name_failures,
)
from cardhouse.contagion.orientation import ExposureMatrix, Labels, read_exposure, read_vector
from cardhouse.contagion.outcome import Convergence, Failures, LabelledOutcome


@dataclass(frozen=True, kw_only=True, eq=False)
class DebtRankOutcome(LabelledOutcome):
    """Stress after contagion.

    Parameters
    ----------
    labels : sequence
        The firms.
    stress : FloatArray
        Share of equity lost in the end, in [0, 1]; shape (firm,).
    initial_stress : FloatArray
        Share of equity lost to the shock itself; shape (firm,).
    equity : FloatArray
        Equity before the shock, in money; shape (firm,).
    weight : FloatArray
        Weights of the firms in the index, adding up to 1; shape (firm,).
    convergence : Convergence
        Residual: change of a firm's stress that one more round would bring, as a share of its stress.
    log : FailureLog
        What is known of failures, or what it takes to count their rounds; read :attr:`failures` instead.
    """

    columns: ClassVar[tuple[str, ...]] = ("stress", "initial_stress", "equity_loss", "failure_round")

    labels: Labels
    stress: FloatArray
    initial_stress: FloatArray
    equity: FloatArray
    weight: FloatArray
    convergence: Convergence
    log: FailureLog

    @cached_property
    def failures(self) -> Failures:
        """Firms whose equity is gone, in which round and through whom.

        The solver does not go round by round. Rounds are counted when this is first read: as many as it takes until the
        last firm fails. With `count_rounds` False, 1 stands for any round after the shock.
        """
        return self.log.failures(self.labels, self.initial_stress, self.stress)

    @property
    def equity_loss(self) -> FloatArray:
        """Equity lost, shock included, in money; shape (firm,)."""
        return self.stress * self.equity

    @property
    def failure_round(self) -> IntArray:
        """Round in which equity ran out, -1 for firms that stand; shape (firm,)."""
        return self.failures.round

    @property
    def index(self) -> float:
        """DebtRank: weighted stress that contagion adds to the shock, in [0, 1]."""
        return float(self.weight @ (self.stress - self.initial_stress))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Leverage:
    """Claims by creditor as shares of the creditor's equity."""

    labels: Labels
    start: IntArray
    debtor: NDArray[np.int32]
    weight: FloatArray

    @property
    def claims(self) -> tuple[IntArray, NDArray[np.int32], FloatArray]:
        """The arrays that the compiled sweeps take."""
        return self.start, self.debtor, self.weight


@dataclass(frozen=True, kw_only=True, eq=False)
class FailureLog:
    """Failures as far as they are known.

    Parameters
    ----------
    noted : Failures, optional
        Failures that the solver noted on its way.
    leverage : optional
        Claims from which rounds can be counted.
    count_rounds : bool
        Whether rounds are to be counted.
    tolerance : float
        Change of stress below which nothing moves.
    """

    noted: Failures | None = None
    leverage: _Leverage | None = None
    count_rounds: bool = True
    tolerance: float = 0.0

    def failures(self, labels: Labels, start: FloatArray, stress: FloatArray) -> Failures:
        """Return the failures noted, or name them from the stress at the start and in the end."""
        if self.noted is not None or self.leverage is None:
            nobody = np.full(stress.size, -1, dtype=np.int64)
            return self.noted or Failures(labels=labels, round=nobody, cause=nobody)
        when = np.where(start >= 1.0, 0, -1).astype(np.int64)
        cause = np.full(stress.size, -1, dtype=np.int64)
        if self.count_rounds:
            count_failures(self.leverage.claims, start, stress, (when, cause), self.tolerance)
        else:
            name_failures(self.leverage.claims, stress, when, cause)
        return Failures(labels=labels, round=when, cause=cause)


def debtrank(
    exposure: Any,
    equity: Any,
    initial_stress: Any,
    *,
    loss_given_default: Any = 1.0,
    count_rounds: bool = True,
    tolerance: float = 1e-10,
) -> DebtRankOutcome:
    r"""Pass every loss of equity on to creditors until nothing moves (linear, with cycles).

    Parameters
    ----------
    exposure : table
        ``exposure[creditor, debtor]`` in money.
    equity : numbers by firm
        Equity before the shock, in money, above zero.
    initial_stress : numbers by firm
        Share of equity that the shock takes, in [0, 1].
    loss_given_default : numbers by firm
        Share of a claim on each debtor that is lost when the debtor's equity is gone, in [0, 1].
    count_rounds : bool
        True counts the rounds of failure when `failures` is first read. False leaves them uncounted. The stress is the
        same: its fixed point is found by mixing past iterates (Anderson 1965), not round by round.
    tolerance : float
        Largest change of any firm's stress in one more round, as a share of that stress, that counts as converged.

    Returns
    -------
    DebtRankOutcome
        Final stress, losses, failures and convergence.

    Raises
    ------
    NetworkError
        For bad tables or numbers.

    Notes
    -----
    With leverage :math:`\Lambda_{ij} = g_j A_{ij} / E_i` the stress is the least solution of
    :math:`h_i = \min(1, h_i(1) + \sum_j \Lambda_{ij} h_j)`. It is the only one in which every stressed firm is
    reached by the shock, which is why mixing cannot end at another.

    References
    ----------
    Bardoscia, Battiston, Caccioli and Caldarelli (2015), *DebtRank: a microscopic foundation for shock propagation*,
    PLOS ONE 10, the equation for h(t+1) with its correction of July 2015; written here in summed form.

    Examples
    --------
    Firm 1 holds 5 of firm 0's debt and has equity 10; firm 0 loses 40 % of its equity.

    >>> debtrank([[0, 0], [5, 0]], equity=[4, 10], initial_stress=[0.4, 0]).stress
    array([0.4, 0.2])
    """
    leverage, equity_by_firm, start = _prepare(exposure, equity, initial_stress, loss_given_default)
    weight = equity_by_firm / equity_by_firm.sum() if equity_by_firm.size else equity_by_firm
    asked = _Asked(0.0, tolerance, count_rounds)
    return _propagate(leverage, start, asked, equity_by_firm, weight)


def nonlinear_debtrank(
    exposure: Any,
    equity: Any,
    initial_stress: Any,
    *,
    nonlinearity: float,
    loss_given_default: Any = 1.0,
    tolerance: float = 1e-10,
) -> DebtRankOutcome:
    r"""Pass losses on through a probability of default that is small while stress is small.

    Parameters
    ----------
    exposure, equity, initial_stress, loss_given_default, tolerance
        As in :func:`debtrank`.
    nonlinearity : float
        Not negative. At 0 a claim loses in proportion to its debtor's stress (:func:`debtrank`); the larger, the closer
        to losing nothing until the debtor fails.

    Returns
    -------
    DebtRankOutcome
        Final stress, losses, failures and convergence.

    Raises
    ------
    NetworkError
        For bad tables or numbers.
    InputError
        For a negative `nonlinearity`.

    References
    ----------
    Bardoscia, Caccioli, Perotti, Vivaldo and Caldarelli (2016), *Distress propagation in complex networks: the case of
    non-linear DebtRank*, PLOS ONE 11, with :math:`p_j = h_j e^{\alpha (h_j - 1)}`.

    Examples
    --------
    >>> nonlinear_debtrank([[0, 0], [5, 0]], [4, 10], [0.4, 0], nonlinearity=50.0).stress.round(9)
    array([0.4, 0. ])
    """
    if not (np.isfinite(nonlinearity) and nonlinearity >= 0.0):
        raise InputError(f"nonlinearity: {nonlinearity} is not a finite number of at least 0.")
    leverage, equity_by_firm, start = _prepare(exposure, equity, initial_stress, loss_given_default)
    weight = equity_by_firm / equity_by_firm.sum() if equity_by_firm.size else equity_by_firm
    return _propagate(leverage, start, _Asked(nonlinearity, tolerance, True), equity_by_firm, weight)


def single_hit_debtrank(
    exposure: Any, equity: Any, initial_stress: Any, *, economic_value: Any = None, loss_given_default: Any = 1.0
) -> DebtRankOutcome:
    """Pass stress on once for each firm, in the round after it is first hit.

    Parameters
    ----------
    exposure, equity, initial_stress, loss_given_default
        As in :func:`debtrank`.
    economic_value : numbers by firm, optional
        Weights in the index; by default the claims each firm holds, as in the paper, or equal weights without claims.

    Returns
    -------
    DebtRankOutcome
        Final stress, losses, failures and convergence.

    Raises
    ------
    NetworkError
        For bad tables or numbers.

    Notes
    -----
    Not monotone: a firm that the shock touches lightly has used its one hit when the heavy blow arrives, so a larger
    shock can end with less stress. :func:`debtrank` has no such gap.

    References
    ----------
    Battiston, Puliga, Kaushik, Tasca and Caldarelli (2012), *DebtRank: too central to fail? Financial networks, the FED
    and systemic risk*, Scientific Reports 2, eq. 1 to 3.

    Examples
    --------
    >>> single_hit_debtrank([[0, 3], [5, 0]], equity=[4, 10], initial_stress=[0.4, 0]).stress
    array([0.55, 0.2 ])
    """
    matrix = read_exposure(exposure)
    equity_by_firm = _read_equity(equity, matrix)
    start = read_vector(initial_stress, matrix.labels, name="initial_stress", at_most=1.0)
    lost = read_vector(loss_given_default, matrix.labels, name="loss_given_default", at_most=1.0)
    impact = matrix.amount * np.repeat(lost, np.diff(matrix.start)) / equity_by_firm[matrix.creditor]
    stress, when = start.copy(), np.where(start >= 1.0, 0, -1)
    cause = np.full(matrix.firms, -1, dtype=np.int64)
    rounds = hit_once(matrix.start, matrix.creditor, np.minimum(impact, 1.0), stress, (when, cause))
    value = (
        matrix.held() if economic_value is None else read_vector(economic_value, matrix.labels, name="economic_value")
    )
    if economic_value is None and not value.any():
        value = np.ones(matrix.firms)
    return DebtRankOutcome(
        labels=matrix.labels,
        stress=stress,
        initial_stress=start,
        equity=equity_by_firm,
        weight=value / max(float(value.sum()), 1e-300),
        convergence=Convergence(rounds=rounds, residual_by_firm=np.zeros(matrix.firms), tolerance=0.0),
        log=FailureLog(noted=Failures(labels=matrix.labels, round=when, cause=cause)),
    )


@dataclass(frozen=True)
class _Asked:
    """What the caller wants of the iteration."""

    nonlinearity: float
    tolerance: float
    count_rounds: bool


def _read_equity(equity: Any, matrix: ExposureMatrix) -> FloatArray:
    """Read equity, which must be above zero: stress is a share of it."""
    values = read_vector(equity, matrix.labels, name="equity")
    if (values <= 0.0).any():
        firm = matrix.labels[int(np.flatnonzero(values <= 0.0)[0])]
        remedy = (
            "take failed firms out and write their debts off, or give them a small equity and an initial stress of 1"
        )
        rule = "stress is a share of equity, so equity is above zero"
        raise NetworkError("", (Problem(file="equity", key=str(firm), value="0.0", rule=rule, remedy=remedy),))
    return values


def _prepare(exposure: Any, equity: Any, stress: Any, loss: Any) -> tuple[_Leverage, FloatArray, FloatArray]:
    """Check the input and store leverage by creditor."""
    matrix = read_exposure(exposure)
    equity_by_firm = _read_equity(equity, matrix)
    start = read_vector(stress, matrix.labels, name="initial_stress", at_most=1.0)
    lost = read_vector(loss, matrix.labels, name="loss_given_default", at_most=1.0)
    rows, debtor, weight = by_creditor((matrix.start, matrix.creditor, matrix.amount), lost, equity_by_firm)
    return _Leverage(labels=matrix.labels, start=rows, debtor=debtor, weight=weight), equity_by_firm, start


def _propagate(
    leverage: _Leverage, start: FloatArray, asked: _Asked, equity: FloatArray, weight: FloatArray
) -> DebtRankOutcome:
    """Iterate to the fixed point and write the result down."""
    stress, residual = start.copy(), np.zeros(start.size)
    if asked.nonlinearity > 0.0:
        when = np.where(start >= 1.0, 0, -1).astype(np.int64)
        cause = np.full(start.size, -1, dtype=np.int64)
        settings = (asked.nonlinearity, asked.tolerance)
        rounds = iterate(leverage.claims, start, stress, residual, (when, cause), settings)
        log = FailureLog(noted=Failures(labels=leverage.labels, round=when, cause=cause))
    else:
        rounds = iterate_mixed(leverage.claims, start, stress, residual, asked.tolerance)
        log = FailureLog(leverage=leverage, count_rounds=asked.count_rounds, tolerance=asked.tolerance)
    return DebtRankOutcome(
        labels=leverage.labels,
        stress=stress,
        initial_stress=start,
        equity=equity,
        weight=weight,
        convergence=Convergence(rounds=rounds, residual_by_firm=residual, tolerance=asked.tolerance),
        log=log,
    )
