"""Network valuation (NEVA): many contagion models as one equation for equity, told apart by how a claim is valued.

Equity of a firm is its outside net worth plus the value of its claims minus its debts; the value of a claim depends on
the debtor's equity. The choice of that valuation gives clearing, DebtRank, Furfine's cascade, or a valuation before
maturity with uncertain outside assets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, get_args

import numpy as np
from scipy import sparse
from scipy.special import ndtr

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.errors import InputError
from cardhouse.contagion.orientation import Labels, read_exposure, read_vector
from cardhouse.contagion.outcome import Convergence, Failures, LabelledOutcome

Solution = Literal["greatest", "least"]

_MOST_ROUNDS = 200_000


@dataclass(frozen=True, kw_only=True)
class Book:
    """What a valuation may look at, all in money, shape (firm,): outside assets and debts, debts to and by firms."""

    outside_assets: FloatArray
    outside_debt: FloatArray
    owed: FloatArray
    held: FloatArray

    @property
    def equity(self) -> FloatArray:
        """Equity when every claim is worth its face value."""
        return self.outside_assets - self.outside_debt + self.held - self.owed


class Valuation(Protocol):
    """Value per unit of claims on each firm, in [0, 1], not falling in the firm's equity."""

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:
        """Value claims on every firm at these equities; shape (debtor,)."""


def _recovered(estate: FloatArray, owed: FloatArray) -> FloatArray:
    """Share of debts to firms that an estate covers, outside debts already paid."""
    return np.clip(estate / np.where(owed > 0.0, owed, 1.0), 0.0, 1.0)


@dataclass(frozen=True)
class EisenbergNoe:
    """Ex-post value under limited liability; outside debts rank before debts to firms (Eisenberg and Noe 2001)."""

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:
        """Full value while equity lasts, then what is left for firms."""
        return np.where(equity >= 0.0, 1.0, _recovered(equity + book.owed, book.owed))


@dataclass(frozen=True)
class RogersVeraart:
    """As Eisenberg-Noe with recovery rates on a failed firm's outside assets and claims (2013)."""

    outside_recovery_rate: float = 1.0
    inside_recovery_rate: float = 1.0

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:
        """Full value while equity lasts, then what bankruptcy leaves for firms."""
        inside = equity + book.owed + book.outside_debt - book.outside_assets
        estate = self.outside_recovery_rate * book.outside_assets + self.inside_recovery_rate * inside
        return np.where(equity >= 0.0, 1.0, _recovered(estate - book.outside_debt, book.owed))


@dataclass(frozen=True)
class Furfine:
    """Full value while equity lasts, then a fixed recovery rate (Furfine 2003)."""

    recovery_rate: float = 0.0

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:  # noqa: ARG002 the protocol hands every book in
        """One or the recovery rate."""
        return np.where(equity >= 0.0, 1.0, self.recovery_rate)


@dataclass(frozen=True, eq=False)
class LinearDebtRank:
    """Value in proportion to the debtor's equity, full at each firm's own reference equity (Bardoscia et al. 2015).

    `reference_equity` is equity before the shock, in money, shape (firm,); a claim on a firm without any is worthless.
    """

    reference_equity: FloatArray
    recovery_rate: float = 0.0

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:
        """Share of reference equity that is left, at least the recovery rate."""
        reference = read_vector(self.reference_equity, range(book.owed.size), name="reference_equity", at_least=-np.inf)
        left = np.clip(equity / np.where(reference > 0.0, reference, 1.0), 0.0, 1.0)
        left = np.where(reference > 0.0, left, 0.0)
        return self.recovery_rate + (1.0 - self.recovery_rate) * left


def _log_distance(equity: FloatArray, book: Book, margin: FloatArray) -> FloatArray:
    """Logarithm of outside assets over the level at which equity plus `margin` is gone; infinite if there is none."""
    level = book.outside_assets - equity - margin
    usable = (level > 0.0) & (book.outside_assets > 0.0)
    with np.errstate(divide="ignore"):
        distance = np.log(np.where(usable, book.outside_assets, 1.0) / np.where(usable, level, 1.0))
    hopeless = (book.outside_assets <= 0.0) & (equity + margin < 0.0)
    return np.where(usable, distance, np.where(hopeless, -np.inf, np.inf))


def _expected_shortfall(equity: FloatArray, book: Book, deviation: float, margin: FloatArray) -> FloatArray:
    """Price Black's put: expected amount by which equity plus `margin` falls below zero, outside assets lognormal."""
    distance = _log_distance(equity, book, margin)
    level = np.maximum(book.outside_assets - equity - margin, 0.0)
    upper = distance / deviation + 0.5 * deviation
    return level * ndtr(deviation - upper) - book.outside_assets * ndtr(-upper)


@dataclass(frozen=True)
class ExAnteEisenbergNoe:
    """Expected Eisenberg-Noe value at maturity when outside assets follow a geometric Brownian motion.

    `volatility` is a year's, as a fraction; `years` runs to maturity; no interest.
    """

    volatility: float
    years: float = 1.0

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:
        """One minus the expected loss on debts to firms, which stand behind outside debts."""
        deviation = _deviation(self.volatility, self.years)
        first = _expected_shortfall(equity, book, deviation, np.zeros_like(equity))
        beyond = _expected_shortfall(equity, book, deviation, book.owed)
        loss = np.maximum(first - beyond, 0.0) / np.where(book.owed > 0.0, book.owed, 1.0)
        return np.where(book.owed > 0.0, np.clip(1.0 - loss, 0.0, 1.0), 1.0)


@dataclass(frozen=True)
class Merton:
    """Default only at maturity, fixed recovery rate, outside assets a geometric Brownian motion (Merton 1974)."""

    volatility: float
    recovery_rate: float = 0.0
    years: float = 1.0

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:
        """One minus probability of default times loss given default."""
        deviation = _deviation(self.volatility, self.years)
        distance = _log_distance(equity, book, np.zeros_like(equity))
        default = ndtr(0.5 * deviation - distance / deviation)
        return 1.0 - (1.0 - self.recovery_rate) * default


@dataclass(frozen=True)
class BlackCox:
    """Default as soon as equity is gone before maturity, fixed recovery rate (Black and Cox 1976)."""

    volatility: float
    recovery_rate: float = 0.0
    years: float = 1.0

    def __call__(self, equity: FloatArray, book: Book) -> FloatArray:
        """One minus probability of touching the barrier times loss given default."""
        deviation = _deviation(self.volatility, self.years)
        distance = np.clip(_log_distance(equity, book, np.zeros_like(equity)), 0.0, 700.0)
        below = ndtr(0.5 * deviation - distance / deviation)
        reflected = np.exp(distance) * ndtr(-0.5 * deviation - distance / deviation)
        default = np.where(equity <= 0.0, 1.0, np.clip(below + reflected, 0.0, 1.0))
        return 1.0 - (1.0 - self.recovery_rate) * default


def _deviation(volatility: float, years: float) -> float:
    """Return the standard deviation of the logarithm at maturity."""
    if not (np.isfinite(volatility * years) and volatility > 0.0 and years > 0.0):
        raise InputError(f"volatility {volatility} and years {years}: both are finite and above zero.")
    return float(volatility * np.sqrt(years))


@dataclass(frozen=True, kw_only=True)
class OutsideBook:
    """Assets and debts with holders outside the network, numbers by firm in money."""

    assets: Any
    debt: Any = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkValue(LabelledOutcome):
    """Equities and claim values that agree.

    Parameters
    ----------
    labels : sequence
        The firms.
    equity : FloatArray
        Equity of each firm, negative where debts exceed means, in money; shape (firm,).
    claim_value : FloatArray
        Value per unit of claims on each firm, in [0, 1]; shape (debtor,).
    failures : Failures
        Firms with negative equity, by the round in which it turned negative on the way down; in the least solution 0.
        No cause is named: every debtor has a share.
    convergence : Convergence
        Residual: gap in the equity equation, as a share of the firm's assets and debts at face value.
    solution : {"greatest", "least"}
        Which solution this is.
    """

    columns: ClassVar[tuple[str, ...]] = ("equity", "claim_value", "failure_round")

    labels: Labels
    equity: FloatArray
    claim_value: FloatArray
    failures: Failures
    convergence: Convergence
    solution: Solution

    @property
    def failure_round(self) -> IntArray:
        """Round in which equity turned negative, -1 if it did not; shape (firm,)."""
        return self.failures.round


def network_value(
    exposure: Any,
    outside: OutsideBook,
    valuation: Valuation,
    *,
    solution: Solution = "greatest",
    tolerance: float = 1e-10,
) -> NetworkValue:
    r"""Find equities that agree with the value they give to claims.

    Parameters
    ----------
    exposure : table
        ``exposure[creditor, debtor]`` at face value, in money.
    outside : OutsideBook
        Assets and debts with holders outside the network.
    valuation : Valuation
        How a claim is valued at its debtor's equity; one of this module's or your own.
    solution : {"greatest", "least"}
        Start from claims at face value and go down, or from worthless claims and go up.
    tolerance : float
        Largest residual that counts as converged.

    Returns
    -------
    NetworkValue
        Equities, claim values, failures and convergence.

    Raises
    ------
    NetworkError
        For bad tables or numbers.
    InputError
        For an unknown `solution` or a valuation whose parameters are out of range.

    Notes
    -----
    :math:`E_i = A^e_i - L^e_i + \sum_j A_{ij} V_j(E_j) - \sum_j A_{ji}`.

    References
    ----------
    Barucca, Bardoscia, Caccioli, D'Errico, Visentin, Caldarelli and Battiston (2020), *Network valuation in financial
    systems*, Mathematical Finance 30: the balance-sheet equation of section 2, its greatest and least solution
    (theorem 1), and the table of valuation functions.

    Examples
    --------
    >>> result = network_value([[0, 0], [4, 0]], OutsideBook(assets=[3, 1]), EisenbergNoe())
    >>> result.equity, result.claim_value
    (array([-1.,  4.]), array([0.75, 1.  ]))
    """
    if solution not in get_args(Solution):
        raise InputError(f"solution: {solution!r} is not one of 'greatest', 'least'.")
    matrix = read_exposure(exposure)
    book = Book(
        outside_assets=read_vector(outside.assets, matrix.labels, name="outside.assets"),
        outside_debt=read_vector(outside.debt, matrix.labels, name="outside.debt"),
        owed=matrix.owed(),
        held=matrix.held(),
    )
    claims = sparse.csr_array(matrix.as_sparse())
    own = book.outside_assets - book.outside_debt - book.owed
    size = np.maximum(book.outside_assets + book.outside_debt + book.owed + book.held, 1e-300)
    equity = book.equity if solution == "greatest" else own
    when = np.full(matrix.firms, -1, dtype=np.int64)
    turn, gap = 0, np.zeros(matrix.firms)
    for turn in range(_MOST_ROUNDS):
        if solution == "greatest":
            when[(equity < 0.0) & (when < 0)] = turn
        after = own + claims @ valuation(equity, book)
        gap = np.abs(after - equity) / size
        if gap.max(initial=0.0) <= 0.01 * tolerance:
            break
        equity = after
    if solution == "least":
        when[equity < 0.0] = 0
    return NetworkValue(
        labels=matrix.labels,
        equity=equity,
        claim_value=valuation(equity, book),
        failures=Failures(labels=matrix.labels, round=when, cause=np.full(matrix.firms, -1, dtype=np.int64)),
        convergence=Convergence(rounds=turn, residual_by_firm=gap, tolerance=tolerance),
        solution=solution,
    )
