"""Clearing of interlocking debts: who can pay whom when everyone pays at once.

Inside a compiled loop call :func:`clear_into`::

    space = clearing_workspace(firms, claims, ranks)            # once per worker
    claims = ClaimList(debtor, creditor, rank, amount, is_due)  # int64, int64, int64, float64, bool; shape (claim,)
    rates = EstateRates(outside_recovery_rate, inside_recovery_rate)  # float64; shape (firm,)
    code = clear_into(outside_assets, claims, rates, space)     # SETTLED | NOT_CONVERGED | BAD_NUMBER
    space.payment, space.received, space.default_wave, space.report  # results; report = (waves, sweeps, residual)
"""

from cardhouse.contagion.clearing.inloop import (
    BAD_NUMBER,
    NOT_CONVERGED,
    SETTLED,
    ClaimList,
    ClearingWorkspace,
    EstateRates,
    clear_into,
    clearing_workspace,
)

__all__ = [
    "BAD_NUMBER",
    "NOT_CONVERGED",
    "SETTLED",
    "ClaimList",
    "ClearingWorkspace",
    "EstateRates",
    "clear_into",
    "clearing_workspace",
]
