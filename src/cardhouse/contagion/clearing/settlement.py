"""Clearing of one network: greatest or least payments, and the gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from scipy import sparse

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError
from cardhouse.contagion.clearing import aftermath, frontier
from cardhouse.contagion.clearing.debts import (
    NO_BANKRUPTCY_COSTS,
    DebtNetwork,
    RecoveryRates,
    debt_network,
    read_shock,
)
from cardhouse.contagion.clearing.exact import solve_piece
from cardhouse.contagion.clearing.frontier import ClaimCopies, FrontierState, Index32, Shock
from cardhouse.contagion.orientation import Labels
from cardhouse.contagion.outcome import Convergence, Failures, LabelledOutcome

Solution = Literal["greatest", "least"]

_SWEEPS = 60
_SWEEPS_WITHOUT_EXACT = 20_000
_EXACT_TRIES = 40
_SWEEPS_BETWEEN = 2_000


@dataclass(frozen=True, kw_only=True, eq=False)
class DefaultList:
    """Firms in default, one entry each: index, round, and paid share by class (place, class)."""

    firm: Index32
    round: Index32
    paid_share: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Clearing(LabelledOutcome):
    """Payments that clear a network of debts; arrays over all firms are filled in when they are asked for.

    Parameters
    ----------
    labels : sequence
        The firms.
    defaults : DefaultList
        The firms in default; every other firm pays in full.
    convergence : Convergence
        Residual: payment against what the firm should pay given its receipts, as a share of its debts.
    solution : {"greatest", "least"}
        Which clearing vector this is.
    debts : DebtNetwork
        The debts that were cleared.
    outside_assets : FloatArray
        The outside assets they were cleared with; shape (firm,).
    """

    columns: ClassVar[tuple[str, ...]] = ("payments", "owed", "received", "equity", "bankruptcy_loss", "default_round")

    labels: Labels
    defaults: DefaultList
    convergence: Convergence
    solution: Solution
    debts: DebtNetwork
    outside_assets: FloatArray

    @cached_property
    def paid_share(self) -> FloatArray:
        """Paid share of the debts of each class, 1 where nothing is owed; shape (payer, class)."""
        share = np.ones((self.debts.firms, self.debts.ranks))
        share[self.defaults.firm] = self.defaults.paid_share
        return share

    @cached_property
    def payments(self) -> FloatArray:
        """What each firm pays in total, to firms and outside holders; shape (payer,)."""
        payments = self.owed.copy()
        aftermath.write_payments(self.debts.arrays, self.defaults.firm, self.defaults.paid_share, payments)
        return payments

    @cached_property
    def missing(self) -> FloatArray:
        """Claims on other firms that each firm is not paid; shape (payee,)."""
        return aftermath.missing_receipts(self.debts.arrays, self.defaults.firm, self.defaults.paid_share)

    @cached_property
    def received(self) -> FloatArray:
        """What each firm receives from other firms; shape (payee,)."""
        return np.maximum(self.debts.arrays.held - self.missing, 0.0)

    @cached_property
    def failures(self) -> Failures:
        """Firms in default: round 0 fails though everyone pays in full, round r because of rounds before r.

        Of a least solution, round 1 holds every other default: its firms fail together, in no order.
        """
        when, cause = (np.full(self.debts.firms, -1, dtype=np.int64) for _ in range(2))
        firm, rounds, same_round = self.defaults.firm, self.defaults.round, self.solution == "least"
        when[firm] = rounds
        arrays, shares = self.debts.arrays, self.defaults.paid_share
        cause[firm] = aftermath.name_causes(arrays, firm, rounds, shares, same_round)
        return Failures(labels=self.labels, round=when, cause=cause)

    @property
    def owed(self) -> FloatArray:
        """What each firm owes in total; shape (firm,)."""
        return self.debts.arrays.owed_total

    @property
    def default_round(self) -> Any:
        """Round of default, -1 for solvent firms; shape (firm,)."""
        return self.failures.round

    @property
    def equity(self) -> FloatArray:
        """What solvent firms keep, 0 for firms in default; shape (firm,)."""
        left = self.outside_assets + self.received - self.payments
        return np.where(self.failures.has_failed, 0.0, np.maximum(left, 0.0))

    @property
    def bankruptcy_loss(self) -> FloatArray:
        """What bankruptcy destroys: means of a firm in default that no creditor receives; shape (firm,)."""
        left = self.outside_assets + self.received - self.payments
        return np.where(self.failures.has_failed, np.maximum(left, 0.0), 0.0)

    def payment_matrix(self) -> sparse.csr_array[Any]:
        """Return ``payment[payer, payee]`` between firms."""
        arrays, firms, ranks = self.debts.arrays, self.debts.firms, self.debts.ranks
        cells = np.repeat(self.paid_share.ravel(), np.diff(arrays.start))
        start = arrays.start[::ranks]
        matrix = sparse.csr_array((arrays.amount * cells, arrays.creditor, start), shape=(firms, firms), copy=True)
        matrix.sum_duplicates()
        return matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class ClearingGap:
    """Greatest and least clearing payments side by side.

    Where they differ, payments rest on belief: if everyone expects to be paid, the greatest vector clears the debts; if
    nobody does, the least does. Closed loops of debt without outside money are the extreme case.
    """

    greatest: Clearing
    least: Clearing

    @property
    def payments(self) -> FloatArray:
        """Payments that are made only if everyone believes in them; shape (payer,)."""
        return self.greatest.payments - self.least.payments

    @property
    def equity(self) -> FloatArray:
        """Equity that exists only if everyone believes in the payments; shape (firm,)."""
        return self.greatest.equity - self.least.equity

    @property
    def total_payments(self) -> float:
        """Sum of the payments that rest on belief."""
        return float(self.payments.sum())

    @property
    def value(self) -> float:
        """Value to shareholders and outside holders that rests on belief: the difference in bankruptcy losses."""
        return float(self.least.bankruptcy_loss.sum() - self.greatest.bankruptcy_loss.sum())

    @property
    def converged(self) -> bool:
        """True only when both ends have converged."""
        return self.greatest.convergence.converged and self.least.convergence.converged


def clear(
    debts: Any,
    outside_assets: Any,
    *,
    recovery: RecoveryRates = NO_BANKRUPTCY_COSTS,
    solution: Solution = "greatest",
    tolerance: float = 1e-10,
) -> Clearing:
    """Find the payments that clear a network of debts.

    A firm whose outside assets and receipts cover its debts pays in full. Any other firm is in default and pays its
    creditors ``recovery.outside`` of its outside assets plus ``recovery.inside`` of its receipts, senior classes first,
    pari passu inside a class.

    Parameters
    ----------
    debts : DebtNetwork or table
        From :func:`debt_network`; or one table of ``exposure[creditor, debtor]`` without outside debts.
    outside_assets : numbers by firm
        Assets other than claims on the firms, in money, not negative; shape (firm,).
    recovery : RecoveryRates
        Bankruptcy costs; none by default.
    solution : {"greatest", "least"}
        The clearing vector to find when there are several. Payments of every clearing vector lie between the two.
    tolerance : float
        Largest residual, as a share of a firm's debts, that counts as converged.

    Returns
    -------
    Clearing
        Payments, receipts, equity, defaults and convergence.

    Raises
    ------
    NetworkError
        For bad tables or numbers.
    InputError
        For an unknown `solution`.

    Notes
    -----
    Assets that fall short of debts by less than 1e-12 of the debts count as solvent.

    References
    ----------
    Eisenberg and Noe (2001), *Systemic risk in financial systems*, Management Science 47, Definition 1 and section 3.1
    (fictitious default). Rogers and Veraart (2013), *Failure and rescue in an interbank network*, Management Science
    59, Definition 3.6 (greatest clearing vector) and section 3. Seniority: Elsinger (2009), *Financial networks,
    cross holdings, and limited liability*, OeNB working paper 156, section 3.

    Examples
    --------
    >>> result = clear(debt_network([[0, 0], [4, 0]], outside_debt=[0, 3]), outside_assets=[3, 0.5])
    >>> result.payments, result.equity, result.convergence.converged
    (array([3., 3.]), array([0. , 0.5]), True)
    >>> result.failures.in_order()
    [Failure(firm=0, round=0, cause=None)]
    """
    network = debts if isinstance(debts, DebtNetwork) else debt_network(debts)
    shock = read_shock(network, outside_assets, recovery)
    if solution == "greatest":
        state, copies = _settle_greatest(network, shock)
    elif solution == "least":
        state, copies = _settle_least(network, shock)
    else:
        raise InputError(f"solution: {solution!r} is not one of 'greatest', 'least'.")
    return _report(network, shock, state, copies, (solution, tolerance))


def clearing_gap(
    debts: Any, outside_assets: Any, *, recovery: RecoveryRates = NO_BANKRUPTCY_COSTS, tolerance: float = 1e-10
) -> ClearingGap:
    """Find greatest and least clearing payments; parameters as in :func:`clear`.

    Examples
    --------
    Two firms that owe each other 5 and own nothing else: all is paid, or nothing.

    >>> gap = clearing_gap([[0, 5], [5, 0]], outside_assets=0.0)
    >>> gap.payments
    array([5., 5.])
    """
    network = debts if isinstance(debts, DebtNetwork) else debt_network(debts)
    return ClearingGap(
        greatest=clear(network, outside_assets, recovery=recovery, solution="greatest", tolerance=tolerance),
        least=clear(network, outside_assets, recovery=recovery, solution="least", tolerance=tolerance),
    )


def _borrow_memory(network: DebtNetwork) -> tuple[FrontierState, ClaimCopies]:
    """Take the scratch of an earlier solve, or make some; taking from a list is safe between threads."""
    try:
        return network.memory.pop()
    except IndexError:
        state = frontier.frontier_state(network.firms, network.ranks)
        return state, frontier.claim_copies(network.claims // 8 + 64)


def _settle_greatest(network: DebtNetwork, shock: Shock) -> tuple[FrontierState, ClaimCopies]:
    """Go from full payment downwards, with exact solves where sweeps are slow."""
    debts, firms = network.arrays, network.firms
    state, copies = _borrow_memory(network)
    if firms:
        frontier.begin(debts, shock, state, False)
    tries = 0
    while firms:
        limit = _SWEEPS if tries < _EXACT_TRIES else _SWEEPS_WITHOUT_EXACT
        code = frontier.run_frontier(debts, shock, state, copies, limit)
        if code == frontier.FINISHED:
            break
        if code == frontier.NEEDS_ROOM:
            copies = _enlarge(copies, int(state.counts[frontier.NEEDED]), debts.amount.size)
        elif tries >= _EXACT_TRIES:
            break
        else:
            tries = tries + 1 if _jump(network, state, copies) else _EXACT_TRIES
    return state, copies


def _settle_least(network: DebtNetwork, shock: Shock) -> tuple[FrontierState, ClaimCopies]:
    """Go from no payment upwards; firms that turn out solvent are released and pay in full."""
    debts, firms, ranks = network.arrays, network.firms, network.ranks
    state = frontier.frontier_state(firms, ranks)
    copies = frontier.claim_copies(debts.amount.size)
    if firms:
        frontier.list_debtors(debts, shock, state, copies)
    while firms:
        frontier.adopt_shares(debts, state, copies)
        for tries in range(_EXACT_TRIES):
            # the piece of the solution may lie far above: sweeps between exact solves climb towards it
            if frontier.settle_listed(state, copies, ranks, _SWEEPS if tries == 0 else _SWEEPS_BETWEEN):
                break
            _jump(network, state, copies)
        if frontier.release_solvent(debts, shock, state) == 0:
            break
    return state, copies


def _jump(network: DebtNetwork, state: FrontierState, copies: ClaimCopies) -> bool:
    """Try the exact solution of the piece where the sweeps stand."""
    frontier.adopt_shares(network.arrays, state, copies)
    found = solve_piece(state, copies, network.ranks)
    frontier.adopt_shares(network.arrays, state, copies)
    return found


def _enlarge(copies: ClaimCopies, needed: int, most: int) -> ClaimCopies:
    """Make more room for copied claims, keeping what is there."""
    larger = frontier.claim_copies(min(max(needed, 2 * copies.amount.size), most))
    larger.creditor[: copies.creditor.size] = copies.creditor
    larger.amount[: copies.amount.size] = copies.amount
    return larger


def _report(
    network: DebtNetwork, shock: Shock, state: FrontierState, copies: ClaimCopies, asked: tuple[Solution, float]
) -> Clearing:
    """Check the final state afresh and write it down by firm."""
    solution, tolerance = asked
    debts, firms, ranks = network.arrays, network.firms, network.ranks
    residual = np.empty(firms)
    if firms:
        aftermath.finish_frontier(debts, shock, state, copies, residual)
    listed = int(state.counts[frontier.LISTED])
    share = state.share[: listed * ranks].reshape(listed, ranks)
    defaults = DefaultList(
        firm=state.member[:listed].copy(),
        round=state.wave[:listed].copy(),
        paid_share=share.copy(),
    )
    sweeps = int(state.counts[frontier.SWEEPS])
    network.memory.append((state, copies))
    return Clearing(
        labels=network.labels,
        defaults=defaults,
        convergence=Convergence(rounds=sweeps, residual_by_firm=residual, tolerance=tolerance),
        solution=solution,
        debts=network,
        outside_assets=shock.outside_assets,
    )
