"""Clearing of interlocking debts: who can pay whom when everyone pays at once.

From Python, :func:`debt_network` prepares tables of exposures (by seniority, with debts to outside holders),
:func:`clear` finds the greatest or the least payments, :func:`clearing_gap` both, :func:`clear_scenarios` clears many
scenarios of one network, :func:`clear_maturities` debts that fall due at several dates.

Inside a compiled loop call :func:`clear_into`::

    space = clearing_workspace(firms, claims, ranks)            # once per worker
    claims = ClaimList(debtor, creditor, rank, amount, is_due)  # int64, int64, int64, float64, bool; shape (claim,)
    rates = EstateRates(outside_recovery_rate, inside_recovery_rate)  # float64; shape (firm,)
    code = clear_into(outside_assets, claims, rates, space)     # SETTLED | NOT_CONVERGED | BAD_NUMBER
    space.payment, space.received, space.default_wave, space.report  # results; report = (waves, sweeps, residual)
"""

from cardhouse.contagion.clearing.debts import NO_BANKRUPTCY_COSTS, DebtNetwork, RecoveryRates, debt_network
from cardhouse.contagion.clearing.inloop import (
    BAD_NUMBER,
    NOT_CONVERGED,
    SETTLED,
    ClaimList,
    ClearingWorkspace,
    EstateRates,
    clear_into,
    clear_with_estates,
    clearing_workspace,
)
from cardhouse.contagion.clearing.maturities import (
    DebtLadder,
    LaterDebt,
    MaturityClearing,
    clear_maturities,
    debt_ladder,
)
from cardhouse.contagion.clearing.scenarios import ScenarioClearing, clear_scenarios
from cardhouse.contagion.clearing.settlement import Clearing, ClearingGap, clear, clearing_gap

__all__ = [
    "BAD_NUMBER",
    "NOT_CONVERGED",
    "NO_BANKRUPTCY_COSTS",
    "SETTLED",
    "ClaimList",
    "Clearing",
    "ClearingGap",
    "ClearingWorkspace",
    "DebtLadder",
    "DebtNetwork",
    "EstateRates",
    "LaterDebt",
    "MaturityClearing",
    "RecoveryRates",
    "ScenarioClearing",
    "clear",
    "clear_into",
    "clear_maturities",
    "clear_scenarios",
    "clear_with_estates",
    "clearing_gap",
    "clearing_workspace",
    "debt_ladder",
    "debt_network",
]
