"""Threshold cascades: a firm fails when its losses on failed debtors use up a buffer, and only failures pass losses on.

:func:`furfine_cascade` takes capital and a loss given default; :func:`gai_kapadia_cascade` takes a balance sheet, with
no recovery on failed debtors. Both visit only the claims on firms that have just failed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.basics.errors import NetworkError, Problem
from cardhouse.contagion.orientation import ExposureMatrix, Labels, read_exposure, read_vector
from cardhouse.contagion.outcome import Convergence, Failures, LabelledOutcome


@dataclass(frozen=True, kw_only=True, eq=False)
class ThresholdOutcome(LabelledOutcome):
    """Result of a threshold cascade.

    Parameters
    ----------
    labels : sequence
        The firms.
    claim_loss : FloatArray
        What each firm loses on claims on failed firms, in money; shape (firm,).
    shock_loss : FloatArray
        What the shock itself costs each firm, in money; shape (firm,).
    buffer : FloatArray
        Loss that each firm can bear, before the shock, in money; shape (firm,).
    failures : Failures
        Round 0 fails through the shock, round r through failures of rounds before r.
    convergence : Convergence
        The cascade ends when nobody fails; its residual is 0.
    """

    columns: ClassVar[tuple[str, ...]] = ("claim_loss", "shock_loss", "buffer", "failure_round")

    labels: Labels
    claim_loss: FloatArray
    shock_loss: FloatArray
    buffer: FloatArray
    failures: Failures
    convergence: Convergence

    @property
    def failure_round(self) -> IntArray:
        """Round of failure, -1 for firms that stand; shape (firm,)."""
        return self.failures.round


@dataclass(frozen=True, kw_only=True)
class BankBalance:
    """Balance sheet beside the claims between firms.

    Parameters
    ----------
    illiquid_assets : numbers by firm
        Assets other than claims on firms, at book value in money.
    deposits : numbers by firm
        Debts to holders outside the network, in money.
    illiquid_price : float
        Price of the illiquid assets, 1 at book value.
    """

    illiquid_assets: Any
    deposits: Any
    illiquid_price: float = 1.0


def furfine_cascade(
    exposure: Any,
    capital: Any,
    *,
    initially_failed: Iterable[Hashable] = (),
    shock_loss: Any = 0.0,
    loss_given_default: Any = 1.0,
) -> ThresholdOutcome:
    """Let firms fail one after another when losses on failed debtors exceed capital.

    Parameters
    ----------
    exposure : table
        ``exposure[creditor, debtor]`` in money.
    capital : numbers by firm
        Loss a firm can bear, in money, not negative.
    initially_failed : labels
        Firms that the shock fails whatever their capital.
    shock_loss : numbers by firm
        Loss of capital through the shock, in money.
    loss_given_default : numbers by firm
        Share of a claim on each debtor that is lost when it fails, in [0, 1].

    Returns
    -------
    ThresholdOutcome
        Losses and failures.

    Raises
    ------
    NetworkError
        For bad tables or numbers, and labels that are no firm.

    Notes
    -----
    A firm fails when shock and claim losses together are greater than its capital; losses equal to capital leave it
    standing.

    References
    ----------
    Furfine (2003), *Interbank exposures: quantifying the risk of contagion*, Journal of Money, Credit and Banking 35
    (his sequence of failures; the shock to capital is added here).

    Examples
    --------
    >>> result = furfine_cascade([[0, 0, 0], [5, 0, 0], [0, 4, 0]], [1, 3, 6], initially_failed=[0])
    >>> result.failures.round, result.claim_loss
    (array([ 0,  1, -1]), array([0., 5., 4.]))
    """
    matrix = read_exposure(exposure)
    buffer = read_vector(capital, matrix.labels, name="capital")
    loss = read_vector(shock_loss, matrix.labels, name="shock_loss")
    share = read_vector(loss_given_default, matrix.labels, name="loss_given_default", at_most=1.0)
    failed = _read_failed(initially_failed, matrix) | (loss > buffer)
    return _run(matrix, share, (buffer, loss), failed, fails_when_equal=False)


def gai_kapadia_cascade(
    exposure: Any, balance: BankBalance, *, initially_failed: Iterable[Hashable] = ()
) -> ThresholdOutcome:
    r"""Let firms fail when their balance sheet is no longer above water, with nothing recovered from failed debtors.

    Parameters
    ----------
    exposure : table
        ``exposure[creditor, debtor]`` in money.
    balance : BankBalance
        Other assets and debts.
    initially_failed : labels
        Firms that the shock fails.

    Returns
    -------
    ThresholdOutcome
        Losses and failures; the buffer is net worth at the price given, at least 0.

    Raises
    ------
    NetworkError
        For bad tables or numbers, and labels that are no firm.

    Notes
    -----
    A firm stands while :math:`(1-\phi) A^{IB} + q A^{M} - L^{IB} - D > 0`, where :math:`\phi` is the share of its
    interbank assets on failed debtors. A firm that owes nothing cannot fail.

    References
    ----------
    Gai and Kapadia (2010), *Contagion in financial networks*, Proceedings of the Royal Society A 466, the
    solvency condition of section 2; claims of unequal size instead of their equal ones.

    Examples
    --------
    >>> balance = BankBalance(illiquid_assets=[10, 6, 8], deposits=[4, 9, 7])
    >>> gai_kapadia_cascade([[0, 0, 0], [5, 0, 0], [0, 1, 0]], balance, initially_failed=[0]).failures.round
    array([ 0,  1, -1])
    """
    matrix = read_exposure(exposure)
    price = float(read_vector(balance.illiquid_price, range(1), name="illiquid_price")[0])
    illiquid = read_vector(balance.illiquid_assets, matrix.labels, name="illiquid_assets")
    debts = read_vector(balance.deposits, matrix.labels, name="deposits") + matrix.owed()
    worth = matrix.held() + price * illiquid - debts
    buffer = np.where(debts > 0.0, np.maximum(worth, 0.0), np.inf)
    failed = _read_failed(initially_failed, matrix) | (buffer <= 0.0)
    loss = np.zeros(matrix.firms)
    outcome = _run(matrix, np.ones(matrix.firms), (buffer, loss), failed, fails_when_equal=True)
    return outcome


def _read_failed(initially_failed: Iterable[Hashable], matrix: ExposureMatrix) -> BoolArray:
    """Turn labels into a mask."""
    position = {label: place for place, label in enumerate(matrix.labels)}
    wanted = list(initially_failed)
    strangers = [str(label) for label in wanted if label not in position]
    if strangers:
        known = ", ".join(str(label) for label in list(matrix.labels)[:12])
        problem = Problem(
            file="initially_failed", value=", ".join(strangers), rule="every label is a firm", remedy=f"known: {known}"
        )
        raise NetworkError("", (problem,))
    mask = np.zeros(matrix.firms, dtype=np.bool_)
    mask[[position[label] for label in wanted]] = True
    return mask


def _run(
    matrix: ExposureMatrix,
    loss_share: FloatArray,
    bearing: tuple[FloatArray, FloatArray],
    failed: BoolArray,
    *,
    fails_when_equal: bool,
) -> ThresholdOutcome:
    """Run the cascade and write it down."""
    buffer, shock_loss = bearing
    firms = matrix.firms
    claim_loss, when = np.zeros(firms), np.where(failed, 0, -1).astype(np.int64)
    cause = np.full(firms, -1, dtype=np.int64)
    room = buffer - shock_loss
    rounds = _cascade(matrix.start, matrix.creditor, matrix.amount * np.repeat(loss_share, np.diff(matrix.start)),
                      (room, claim_loss, when, cause), fails_when_equal)  # fmt: skip
    return ThresholdOutcome(
        labels=matrix.labels,
        claim_loss=claim_loss,
        shock_loss=shock_loss,
        buffer=buffer,
        failures=Failures(labels=matrix.labels, round=when, cause=cause),
        convergence=Convergence(rounds=rounds, residual_by_firm=np.zeros(firms), tolerance=0.0),
    )


@compiled(cache=True)
def _cascade(
    start: IntArray,
    creditor: NDArray[np.int32],
    loss: FloatArray,
    state: tuple[FloatArray, FloatArray, IntArray, IntArray],
    fails_when_equal: bool,
) -> int:
    """Write claim losses, rounds and causes; return the number of rounds."""
    room, claim_loss, when, cause = state
    firms = room.size
    worst = np.zeros(firms)
    falling = np.flatnonzero(when == 0)
    turn = 0
    while falling.size > 0:
        turn += 1
        for debtor in falling:
            for claim in range(start[debtor], start[debtor + 1]):
                firm = creditor[claim]
                claim_loss[firm] += loss[claim]
                if when[firm] < 0 and loss[claim] > worst[firm]:
                    worst[firm] = loss[claim]
                    cause[firm] = debtor
        for firm in range(firms):
            over = claim_loss[firm] > room[firm] or (fails_when_equal and claim_loss[firm] >= room[firm])
            if over and when[firm] < 0 and claim_loss[firm] > 0.0:
                when[firm] = turn
        falling = np.flatnonzero(when == turn)
    for firm in range(firms):
        if when[firm] < 1:
            cause[firm] = -1
    return turn
