"""Clearing of debts with several maturities, date by date, with a stated rule for debt not yet due.

A firm defaults at the first date at which cash and receipts fall short of what is due then. What happens to its debts
of later dates is a legal question, so the caller answers it (:data:`LaterDebt`):

``accelerate``
    All its debts fall due at once and share the estate pari passu (Kusnetsov and Veraart 2018).
``subordinate``
    All fall due, but debts of later dates are paid only after those due now.
``wait``
    Debts of later dates keep their date; the estate meets them then, with what is left.

An estate stays open: outside cash and receipts of later dates go to its unpaid creditors, and a firm that has defaulted
stays in default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray, unknown
from cardhouse.basics.errors import InputError, NetworkError, Problem
from cardhouse.contagion.clearing.debts import NO_BANKRUPTCY_COSTS, RecoveryRates
from cardhouse.contagion.clearing.inloop import (
    NOT_CONVERGED,
    SETTLED,
    ClaimList,
    ClearingWorkspace,
    EstateRates,
    clear_with_estates,
    clearing_workspace,
)
from cardhouse.contagion.orientation import ExposureMatrix, Labels, Orientation, read_exposure, read_vector
from cardhouse.contagion.outcome import Convergence, Failures, LabelledOutcome

LaterDebt = Literal["accelerate", "subordinate", "wait"]
"""Rule for a defaulter's debts of later dates."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DebtLadder:
    """Debts by maturity date; see :func:`debt_ladder`. Arrays over claims; creditor -1 is a holder outside."""

    labels: Labels
    dates: int
    debtor: IntArray
    creditor: IntArray
    date: IntArray
    amount: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class MaturityClearing(LabelledOutcome):
    """Payments at every maturity date.

    Parameters
    ----------
    labels : sequence
        The firms.
    payments : FloatArray
        What each firm pays at each date; shape (date, payer).
    received : FloatArray
        What each firm receives from other firms at each date; shape (date, payee).
    cash : FloatArray
        Cash, or undistributed estate, after each date; shape (date, firm).
    unpaid : FloatArray
        Debt of each firm that is still unpaid after the last date; shape (firm,).
    bankruptcy_loss : FloatArray
        What bankruptcy costs have taken; shape (firm,).
    default_date : IntArray
        Index of the date of default, -1 for firms that never default; shape (firm,).
    failures : Failures
        Round of default within its date, and no cause: several claims of several dates may share in it.
    convergence : Convergence
        Largest residual over the dates, as a share of a firm's debts.
    """

    columns: ClassVar[tuple[str, ...]] = ("unpaid", "bankruptcy_loss", "default_date")

    labels: Labels
    payments: FloatArray
    received: FloatArray
    cash: FloatArray
    unpaid: FloatArray
    bankruptcy_loss: FloatArray
    default_date: IntArray
    failures: Failures
    convergence: Convergence


def debt_ladder(
    exposures: Sequence[Any], *, outside_debt: Sequence[Any] | None = None, orientation: Orientation = "creditor_debtor"
) -> DebtLadder:
    """Prepare debts by maturity.

    Parameters
    ----------
    exposures : sequence of tables
        ``exposure[creditor, debtor]`` in money for each date, the earliest first.
    outside_debt : sequence of numbers by firm, optional
        Debts to holders outside the network for each date; none by default.
    orientation : {"creditor_debtor", "debtor_creditor"}
        Meaning of rows and columns of the tables.

    Returns
    -------
    DebtLadder
        Debts ready for :func:`clear_maturities`.

    Raises
    ------
    NetworkError
        For bad tables, tables of different firms, and lists of different lengths.

    Examples
    --------
    >>> debt_ladder([[[0, 0], [4, 0]], [[0, 0], [2, 0]]]).amount
    array([4., 2.])
    """
    tables = [
        read_exposure(table, name=f"exposure of date {date}", orientation=orientation)
        for date, table in enumerate(exposures)
    ]
    if not tables:
        raise NetworkError("exposures: at least one date is needed.")
    labels = tables[0].labels
    for date, table in enumerate(tables):
        if list(table.labels) != list(labels):
            rule = "every date lists the same firms in the same order as date 0"
            raise NetworkError("", (Problem(file=f"exposure of date {date}", rule=rule),))
    outside = [0.0] * len(tables) if outside_debt is None else list(outside_debt)
    if len(outside) != len(tables):
        rule = f"one entry for each of the {len(tables)} dates"
        raise NetworkError("", (Problem(file="outside_debt", value=f"{len(outside)} entries", rule=rule),))
    parts = [_claims_of_date(table, date, outside[date]) for date, table in enumerate(tables)]
    debtor, creditor, when = (np.concatenate([part[k] for part in parts]).astype(np.int64) for k in range(3))
    amount = np.concatenate([part[3] for part in parts])
    return DebtLadder(
        labels=labels, dates=len(tables), debtor=debtor, creditor=creditor, date=when, amount=np.asarray(amount)
    )


def _claims_of_date(table: ExposureMatrix, date: int, outside: Any) -> tuple[Any, Any, Any, FloatArray]:
    """List the claims of one date: debtor, creditor, date, amount."""
    owed = read_vector(outside, table.labels, name=f"outside_debt of date {date}")
    debtor = np.concatenate([np.repeat(np.arange(table.firms), np.diff(table.start)), np.flatnonzero(owed)])
    creditor = np.concatenate([table.creditor.astype(np.int64), np.full(np.count_nonzero(owed), -1)])
    return debtor, creditor, np.full(debtor.size, date), np.concatenate([table.amount, owed[owed > 0.0]])


def clear_maturities(
    debts: DebtLadder,
    outside_cash: Any,
    *,
    later_debt: LaterDebt,
    recovery: RecoveryRates = NO_BANKRUPTCY_COSTS,
    tolerance: float = 1e-10,
) -> MaturityClearing:
    """Clear debts date by date.

    Parameters
    ----------
    debts : DebtLadder
        From :func:`debt_ladder`.
    outside_cash : array
        Cash from outside the network that arrives at each date, in money, not negative; shape (date, firm).
    later_debt : {"accelerate", "subordinate", "wait"}
        What happens to a defaulter's debts of later dates. There is no default: the answer changes who is paid.
    recovery : RecoveryRates
        Share of a defaulter's cash and of its receipts that reaches creditors; applied once to what it holds when it
        defaults and to what comes in later.
    tolerance : float
        Largest residual that counts as converged.

    Returns
    -------
    MaturityClearing
        Payments, receipts and cash by date, and dates of default.

    Raises
    ------
    NetworkError
        For cash of another shape, negative or not finite.
    InputError
        For an unknown rule.

    Notes
    -----
    Within a date defaults come in waves and are final, as in the algorithmic approach of the paper: an accelerated
    claim that is paid may help its holder at that same date, but never undoes a default.

    References
    ----------
    Kusnetsov and Veraart (2018), *Interbank clearing in financial networks with multiple maturities*, SIAM Journal on
    Financial Mathematics (algorithmic approach). Deviations: bankruptcy costs, more than two dates, and the rules
    ``subordinate`` and ``wait``.

    Examples
    --------
    Firm 0 owes 6 now to firm 1 and 6 later to firm 2, and has 4 now and nothing later.

    >>> debts = debt_ladder([[[0, 0, 0], [6, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0], [6, 0, 0]]])
    >>> for rule in ("accelerate", "subordinate", "wait"):
    ...     print(rule, clear_maturities(debts, [[4, 0, 0], [0, 0, 0]], later_debt=rule).received[0])
    accelerate [0. 2. 2.]
    subordinate [0. 4. 0.]
    wait [0. 4. 0.]
    """
    if later_debt not in get_args(LaterDebt):
        raise InputError(f"later_debt: {later_debt!r} is not one of {', '.join(get_args(LaterDebt))}.")
    ladder = _Ladder(debts, outside_cash, recovery, later_debt)
    for date in range(debts.dates):
        ladder.settle(date)
    return ladder.report(tolerance)


class _Ladder:
    """State carried from date to date: cash, unpaid claims, and who is in default."""

    def __init__(self, debts: DebtLadder, outside_cash: Any, recovery: RecoveryRates, rule: LaterDebt) -> None:
        firms = len(debts.labels)
        self.debts, self.rule = debts, rule
        self.income = _read_cash(outside_cash, debts)
        self.outside_rate = read_vector(recovery.outside, debts.labels, name="recovery.outside", at_most=1.0)
        self.inside_rate = read_vector(recovery.inside, debts.labels, name="recovery.inside", at_most=1.0)
        self.left = debts.amount.copy()
        self.cash = np.zeros(firms)
        self.loss = np.zeros(firms)
        self.default_date = np.full(firms, -1, dtype=np.int64)
        self.default_round = np.full(firms, -1, dtype=np.int64)
        self.residual = 0.0
        self.sweeps = 0
        self.paid, self.received, self.kept = (unknown(debts.dates, firms) for _ in range(3))

    def settle(self, date: int) -> None:
        """Settle one date and carry the rest forward."""
        firms, debts = self.cash.size, self.debts
        was_failed = self.default_date >= 0
        arriving = np.where(was_failed, self.outside_rate, 1.0) * self.income[date]
        assets = self.cash + arriving
        rates = EstateRates(np.where(was_failed, 1.0, self.outside_rate), self.inside_rate)
        open_claims = np.flatnonzero((self.left > 0.0) & self._takes_part(date))
        rank, is_due = self._terms(date, open_claims, was_failed)
        space = clearing_workspace(firms, open_claims.size, 2)
        claims = ClaimList(debts.debtor[open_claims], debts.creditor[open_claims], rank, self.left[open_claims], is_due)
        code = clear_with_estates(assets, claims, rates, space, was_failed)
        self._note_result(space, code)
        fresh = (space.default_wave >= 0) & ~was_failed
        self.default_date[fresh] = date
        self.default_round[fresh] = space.default_wave[fresh] - 1
        self.left[open_claims] -= np.minimum(space.payment, self.left[open_claims])
        paid = np.bincount(claims.debtor, space.payment, firms).astype(np.float64)
        self._carry(date, assets, space.received, paid, was_failed | fresh)
        self.loss += np.where(was_failed, self.income[date] - arriving, 0.0)

    def _takes_part(self, date: int) -> BoolArray:
        """Claims that can be paid at this date: those of later dates only where they could be accelerated."""
        return np.asarray(self.debts.date <= date) | (self.rule != "wait")

    def _terms(self, date: int, claims: IntArray, was_failed: BoolArray) -> tuple[IntArray, BoolArray]:
        """Rank of each claim in an estate, and whether it is due; an estate owes all it can pay now."""
        is_later = self.debts.date[claims] > date
        rank = np.where(is_later & (self.rule == "subordinate"), 1, 0).astype(np.int64)
        return rank, np.asarray(~is_later & ~was_failed[self.debts.debtor[claims]])

    def _note_result(self, space: ClearingWorkspace, code: int) -> None:
        """Keep the worst residual of the dates; infinity when one has none."""
        usable = code in (SETTLED, NOT_CONVERGED) and bool(np.isfinite(space.report[2]))
        self.residual = max(self.residual, float(space.report[2]) if usable else np.inf)
        self.sweeps += int(space.report[1])

    def _carry(self, date: int, assets: FloatArray, received: FloatArray, paid: FloatArray, failed: BoolArray) -> None:
        """Carry cash forward; what a defaulter's haircut takes is lost."""
        fresh = self.default_date == date
        outside = np.where(fresh, self.outside_rate, 1.0) * assets
        inside = np.where(failed, self.inside_rate, 1.0) * received
        self.loss += assets + received - outside - inside
        self.cash = np.maximum(outside + inside - paid, 0.0)
        self.paid[date], self.received[date], self.kept[date] = paid, received, self.cash

    def report(self, tolerance: float) -> MaturityClearing:
        """Write down the result."""
        firms = self.cash.size
        labels = self.debts.labels
        residual = np.full(firms, self.residual) if firms else np.zeros(0)
        return MaturityClearing(
            labels=labels,
            payments=self.paid,
            received=self.received,
            cash=self.kept,
            unpaid=np.bincount(self.debts.debtor, self.left, firms).astype(np.float64),
            bankruptcy_loss=self.loss,
            default_date=self.default_date,
            failures=Failures(labels=labels, round=self.default_round, cause=np.full(firms, -1, dtype=np.int64)),
            convergence=Convergence(rounds=self.sweeps, residual_by_firm=residual, tolerance=tolerance),
        )


def _read_cash(outside_cash: Any, debts: DebtLadder) -> FloatArray:
    """Check cash by date and firm."""
    cash = np.asarray(outside_cash, dtype=np.float64)
    shape = (debts.dates, len(debts.labels))
    if cash.shape != shape:
        rule = f"one row for each of the {shape[0]} dates and one column for each of the {shape[1]} firms"
        raise NetworkError("", (Problem(file="outside_cash", value=f"shape {cash.shape}", rule=rule),))
    wrong = np.argwhere(~((cash >= 0.0) & np.isfinite(cash)))
    if wrong.size:
        date, firm = (int(index) for index in wrong[0])
        key, rule = f"date {date}, firm {debts.labels[firm]}", "a finite number, not negative"
        raise NetworkError("", (Problem(file="outside_cash", key=key, value=str(cash[date, firm]), rule=rule),))
    return cash
