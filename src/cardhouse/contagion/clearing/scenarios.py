"""Clearing of one debt network under many scenarios of outside assets.

Every scenario is settled by itself from full payment downwards, so its result depends on nothing but its own row:
not on how many scenarios are cleared together, in what order, or by how many threads.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.basics.compiled import compiled
from cardhouse.basics.errors import InputError, NetworkError, Problem
from cardhouse.contagion.clearing.aftermath import check_settlement
from cardhouse.contagion.clearing.debts import NO_BANKRUPTCY_COSTS, DebtNetwork, RecoveryRates, read_shock
from cardhouse.contagion.clearing.frontier import (
    FINISHED,
    LISTED,
    ClaimCopies,
    DebtArrays,
    FrontierState,
    Shock,
    begin,
    claim_copies,
    frontier_state,
    run_waves,
)
from cardhouse.contagion.clearing.settlement import clear
from cardhouse.contagion.orientation import Labels

_SWEEPS = 400
_ROUND_LIMIT = 32_000


@dataclass(frozen=True, kw_only=True, eq=False)
class ScenarioClearing:
    """Greatest clearing payments of many scenarios.

    Parameters
    ----------
    labels : sequence
        The firms.
    payments : FloatArray
        What each firm pays in total; shape (scenario, payer).
    default_round : array of int16
        Round of default, -1 for solvent firms; shape (scenario, firm).
    residual : FloatArray
        Largest residual of any firm, as a share of its debts; shape (scenario,).
    tolerance : float
        Largest residual that counts as met.
    """

    labels: Labels
    payments: FloatArray
    default_round: NDArray[np.int16]
    residual: FloatArray
    tolerance: float

    @property
    def converged(self) -> BoolArray:
        """True for scenarios whose residual is a number within the tolerance; shape (scenario,)."""
        return np.isfinite(self.residual) & (self.residual <= self.tolerance)


class _Results:
    """Output arrays shared by the threads; every thread writes its own rows."""

    def __init__(self, scenarios: int, firms: int) -> None:
        self.payments = np.full((scenarios, firms), np.nan)
        self.default_round = np.full((scenarios, firms), -1, dtype=np.int16)
        self.residual = np.full(scenarios, np.nan)


@compiled
def _settle_one(
    debts: DebtArrays, shock: Shock, state: FrontierState, copies: ClaimCopies, payments: FloatArray
) -> float:
    """Settle one scenario into one row of payments; return its residual, NaN when the sweeps did not do."""
    ranks = debts.owed.size // debts.held.size
    begin(debts, shock, state, False)
    if run_waves(debts, shock, state, copies, _SWEEPS) != FINISHED:
        return np.nan
    payments[:] = debts.owed_total
    for place in range(state.counts[LISTED]):
        paid = 0.0
        for cell in range(place * ranks, (place + 1) * ranks):
            paid += state.share[cell] * state.owed[cell]
        payments[state.member[place]] = paid
    return float(check_settlement(debts, shock, state, copies))


@compiled(cache=True)
def _settle_rows(
    debts: DebtArrays,
    outside_assets: FloatArray,
    rates: tuple[FloatArray, FloatArray],
    memory: tuple[FrontierState, ClaimCopies],
    results: tuple[FloatArray, NDArray[np.int16], FloatArray],
) -> None:
    """Settle a block of scenarios one by one."""
    state, copies = memory
    payments, default_round, residual = results
    for row in range(outside_assets.shape[0]):
        shock = Shock(outside_assets[row], rates[0], rates[1])
        residual[row] = _settle_one(debts, shock, state, copies, payments[row])
        for place in range(state.counts[LISTED]):
            default_round[row, state.member[place]] = min(state.wave[place], _ROUND_LIMIT)


def clear_scenarios(
    debts: DebtNetwork,
    outside_assets: Any,
    *,
    recovery: RecoveryRates = NO_BANKRUPTCY_COSTS,
    tolerance: float = 1e-10,
    threads: int = 1,
) -> ScenarioClearing:
    """Find the greatest clearing payments for every row of outside assets.

    Parameters
    ----------
    debts : DebtNetwork
        The debts, the same in all scenarios.
    outside_assets : array
        Outside assets in money, not negative; shape (scenario, firm).
    recovery : RecoveryRates
        Bankruptcy costs; none by default.
    tolerance : float
        Largest residual, as a share of a firm's debts, that counts as converged.
    threads : int
        Threads to share the scenarios out to; the results are the same for any number.

    Returns
    -------
    ScenarioClearing
        Payments, rounds of default and residuals by scenario.

    Raises
    ------
    NetworkError
        When the assets have another shape, are negative or not finite.
    InputError
        When `threads` is below 1.

    References
    ----------
    As for :func:`cardhouse.contagion.clearing.clear`.

    Examples
    --------
    >>> from cardhouse.contagion.clearing import debt_network
    >>> debts = debt_network([[0, 0], [4, 0]])
    >>> clear_scenarios(debts, [[5.0, 0.0], [3.0, 0.0]]).payments
    array([[4., 0.],
           [3., 0.]])
    """
    if threads < 1:
        raise InputError(f"threads: {threads} is less than 1.")
    assets = _read_assets(debts, outside_assets)
    shock = read_shock(debts, 0.0, recovery)
    results = _Results(assets.shape[0], debts.firms)
    edges = np.linspace(0, assets.shape[0], min(threads, max(1, assets.shape[0])) + 1).astype(int)
    blocks = [slice(first, last) for first, last in itertools.pairwise(edges)]

    def work(block: slice) -> None:
        memory = frontier_state(debts.firms, debts.ranks), claim_copies(debts.claims)
        into = results.payments[block], results.default_round[block], results.residual[block]
        _settle_rows(debts.arrays, assets[block], (shock.outside_rate, shock.inside_rate), memory, into)

    if debts.firms:
        if len(blocks) == 1:
            work(blocks[0])
        else:
            with ThreadPoolExecutor(len(blocks)) as pool:
                list(pool.map(work, blocks))
    _finish_slow_ones(debts, assets, recovery, tolerance, results)
    return ScenarioClearing(
        labels=debts.labels,
        payments=results.payments,
        default_round=results.default_round,
        residual=results.residual,
        tolerance=tolerance,
    )


def _read_assets(debts: DebtNetwork, outside_assets: Any) -> FloatArray:
    assets = np.ascontiguousarray(outside_assets, dtype=np.float64)
    if assets.ndim != 2 or assets.shape[1] != debts.firms:
        rule = f"one row for each scenario and one column for each of the {debts.firms} firms"
        raise NetworkError("", (Problem(file="outside_assets", value=f"shape {assets.shape}", rule=rule),))
    if assets.size and not (assets.min() >= 0.0 and assets.max() < np.inf):
        row, firm = (int(index) for index in np.argwhere(~((assets >= 0.0) & (assets < np.inf)))[0])
        key, value = f"scenario {row}, firm {debts.labels[firm]}", str(assets[row, firm])
        raise NetworkError("", (Problem(file="outside_assets", key=key, value=value, rule="finite, not negative"),))
    return assets


def _finish_slow_ones(
    debts: DebtNetwork, assets: FloatArray, recovery: RecoveryRates, tolerance: float, results: _Results
) -> None:
    """Settle the few scenarios whose sweeps were slow with the solver that can solve exactly."""
    for row in np.flatnonzero(~(results.residual <= tolerance)):
        single = clear(debts, assets[row], recovery=recovery, tolerance=tolerance)
        results.payments[row] = single.payments
        results.default_round[row] = np.minimum(single.failures.round, _ROUND_LIMIT)
        results.residual[row] = single.convergence.residual
