"""Debts ready for clearing: tables of exposures by seniority, with debts to holders outside the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.basics.errors import NetworkError, Problem
from cardhouse.contagion.clearing.frontier import ClaimCopies, DebtArrays, FrontierState, Index32, Shock
from cardhouse.contagion.orientation import ExposureMatrix, Labels, Orientation, read_exposure, read_vector


@dataclass(frozen=True, kw_only=True)
class RecoveryRates:
    """Shares of a failed firm's means that reach its creditors (Rogers and Veraart 2013).

    Parameters
    ----------
    outside : float, sequence, mapping or series
        Share of outside assets that survives bankruptcy, each in [0, 1].
    inside : float, sequence, mapping or series
        Share of payments received from other firms that survives, each in [0, 1].
    """

    outside: Any = 1.0
    inside: Any = 1.0


NO_BANKRUPTCY_COSTS = RecoveryRates()
"""Eisenberg and Noe (2001): everything a failed firm has reaches its creditors."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DebtNetwork:
    """Debts by debtor and seniority rank; build it once and clear many scenarios. See :func:`debt_network`."""

    labels: Labels
    ranks: int
    arrays: DebtArrays
    memory: list[tuple[FrontierState, ClaimCopies]] = field(default_factory=list, repr=False)
    """Scratch of earlier solves, lent to one solve at a time: fresh memory would cost more than a small solve."""

    def __getstate__(self) -> dict[str, Any]:
        """Leave the scratch behind when the network travels to another process."""
        return self.__dict__ | {"memory": []}

    @property
    def firms(self) -> int:
        """Number of firms."""
        return int(self.arrays.held.size)

    @property
    def claims(self) -> int:
        """Number of claims between firms."""
        return int(self.arrays.amount.size)


def debt_network(
    exposures: Any, *, outside_debt: Any = 0.0, orientation: Orientation = "creditor_debtor"
) -> DebtNetwork:
    """Prepare debts for clearing.

    Parameters
    ----------
    exposures : table, or list or tuple of tables
        ``exposure[creditor, debtor]`` in money (see :func:`cardhouse.contagion.orientation.read_exposure`). Several
        tables are seniority classes, the most senior first; inside a class creditors share pari passu. A nested list of
        numbers is one table.
    outside_debt : number or numbers by firm, or list or tuple with one such entry for each class
        Debts to holders outside the network. With several classes one entry per class is required, because it decides
        who is paid first.
    orientation : {"creditor_debtor", "debtor_creditor"}
        Meaning of rows and columns of the tables.

    Returns
    -------
    DebtNetwork
        Debts ready for :func:`cardhouse.contagion.clearing.clear`.

    Raises
    ------
    NetworkError
        For bad tables, tables of different firms, and outside debts that do not say which class they belong to.

    Examples
    --------
    >>> debts = debt_network([[0, 0], [4, 0]], outside_debt=[1, 2])
    >>> debts.arrays.owed_total
    array([5., 2.])
    """
    tables = _as_classes(exposures)
    classes = []
    for rank, table in enumerate(tables):
        name = "exposure" if len(tables) == 1 else f"exposure of class {rank}"
        classes.append(read_exposure(table, name=name, orientation=orientation))
    labels = classes[0].labels
    for rank, matrix in enumerate(classes[1:], start=1):
        if list(matrix.labels) != list(labels):
            rule = "every class lists the same firms in the same order as class 0"
            raise NetworkError("", (Problem(file=f"exposure of class {rank}", rule=rule),))
    owed = _outside_by_class(outside_debt, labels, len(classes))
    held = np.zeros(len(labels))
    for rank, matrix in enumerate(classes):
        owed[:, rank] += matrix.owed()
        held += matrix.held()
    start, creditor, amount = _merge(classes)
    arrays = DebtArrays(start, creditor, amount, owed.ravel(), owed.sum(axis=1), held)
    return DebtNetwork(labels=labels, ranks=len(classes), arrays=arrays)


def _as_classes(exposures: Any) -> Sequence[Any]:
    """Tell a list of tables from a table written as nested lists."""
    if isinstance(exposures, list | tuple):
        if not exposures:
            raise NetworkError("exposure: at least one table of claims is needed.")
        if any(_looks_like_table(entry) for entry in exposures):
            return exposures
    return (exposures,)


def _looks_like_table(entry: Any) -> bool:
    if isinstance(entry, list | tuple):
        return bool(entry) and isinstance(entry[0], list | tuple | np.ndarray)
    return isinstance(entry, ExposureMatrix) or getattr(entry, "ndim", 0) == 2 or hasattr(entry, "columns")


def _outside_by_class(outside_debt: Any, labels: Labels, ranks: int) -> FloatArray:
    """Read outside debts as (firm, class)."""
    if ranks == 1:
        return read_vector(outside_debt, labels, name="outside_debt").reshape(-1, 1)
    if isinstance(outside_debt, int | float) and outside_debt == 0.0:
        return np.zeros((len(labels), ranks))
    if not isinstance(outside_debt, list | tuple) or len(outside_debt) != ranks:
        rule = f"with {ranks} classes, a list with one entry for each class says which class an outside debt belongs to"
        raise NetworkError("", (Problem(file="outside_debt", rule=rule, remedy="use 0.0 for a class without any"),))
    columns = [
        read_vector(entry, labels, name=f"outside_debt of class {rank}") for rank, entry in enumerate(outside_debt)
    ]
    return np.stack(columns, axis=1)


def _merge(classes: Sequence[ExposureMatrix]) -> tuple[IntArray, Index32, FloatArray]:
    """Store the claims of all classes by debtor and rank; one class is shared, not copied."""
    if len(classes) == 1:
        return classes[0].start, classes[0].creditor, classes[0].amount
    counts = np.stack([np.diff(matrix.start) for matrix in classes], axis=1)
    start = np.zeros(counts.size + 1, dtype=np.int64)
    np.cumsum(counts.ravel(), out=start[1:])
    creditor, amount = np.empty(int(start[-1]), dtype=np.int32), np.empty(int(start[-1]))
    for rank, matrix in enumerate(classes):
        _place_class(matrix.start, start[rank :: len(classes)], matrix.creditor, creditor)
        _place_class(matrix.start, start[rank :: len(classes)], matrix.amount, amount)
    return start, creditor, amount


@compiled
def _place_class(source: IntArray, target: IntArray, values: Any, into: Any) -> None:
    """Copy each debtor's entries of one class to where the merged list wants them."""
    for debtor in range(source.size - 1):
        for offset in range(source[debtor + 1] - source[debtor]):
            into[target[debtor] + offset] = values[source[debtor] + offset]


def read_shock(debts: DebtNetwork, outside_assets: Any, recovery: RecoveryRates) -> Shock:
    """Check outside assets and recovery rates against the firms of a debt network."""
    for_all = isinstance(recovery.outside, int | float) and isinstance(recovery.inside, int | float)
    labels = range(1) if for_all else debts.labels
    return Shock(
        outside_assets=read_vector(outside_assets, debts.labels, name="outside_assets"),
        outside_rate=read_vector(recovery.outside, labels, name="recovery.outside", at_most=1.0),
        inside_rate=read_vector(recovery.inside, labels, name="recovery.inside", at_most=1.0),
    )
