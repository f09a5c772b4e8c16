"""The one place where tables of claims come in: orientation, labels, storage and every check of bad input.

Inside cardhouse a matrix of claims is ``exposure[creditor, debtor]``: row i is what firm i can lose, column j is what
firm j owes. Payments are ``payment[payer, payee]``. The clearing literature writes liabilities ``[debtor, creditor]``;
pass ``orientation="debtor_creditor"`` and the table is turned here, once. Holdings of shares read the same way, with
the holder in the place of the creditor and the issuer in the place of the debtor.

A table may be a dense array, a SciPy sparse array or matrix, or a labelled frame: pandas, or anything with ``columns``
and ``to_numpy`` such as polars, whose first text column then names the rows. Kernels see an :class:`ExposureMatrix`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.basics.errors import NetworkError, Problem, raise_if_any

Orientation = Literal["creditor_debtor", "debtor_creditor"]
"""How the axes of a table are meant: rows hold claims on columns, or rows owe to columns."""

Labels = Sequence[Hashable]

_SELF, _DUPLICATE, _UNSORTED = 0, 1, 2
_LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, kw_only=True, eq=False)
class ExposureMatrix:
    """Checked claims of firms on one another, stored by debtor.

    Parameters
    ----------
    labels : sequence
        Names of the firms; ``range(firms)`` when the table had none.
    start : IntArray
        Claims on debtor ``j`` are the entries ``start[j]:start[j + 1]``; shape (firm + 1,).
    creditor : array of int32
        Who holds each claim, ascending for each debtor; shape (claim,).
    amount : FloatArray
        Money or share of each claim, not negative; shape (claim,).
    """

    labels: Labels
    start: IntArray
    creditor: NDArray[np.int32]
    amount: FloatArray

    @property
    def firms(self) -> int:
        """Number of firms."""
        return int(self.start.size - 1)

    def owed(self) -> FloatArray:
        """Add up what each firm owes to all others, shape (debtor,)."""
        return _sum_by_debtor(self.start, self.amount)

    def held(self) -> FloatArray:
        """Add up what each firm is owed by all others, shape (creditor,)."""
        return _sum_by_creditor(self.start.size - 1, self.creditor, self.amount)

    def as_sparse(self) -> sparse.csc_array[Any]:
        """Return the table as SciPy sparse array ``[creditor, debtor]``, sharing memory."""
        shape = (self.firms, self.firms)
        return sparse.csc_array((self.amount, self.creditor, self.start), shape=shape)

    def as_dense(self) -> FloatArray:
        """Return the table as dense array ``[creditor, debtor]``."""
        return np.asarray(self.as_sparse().toarray(), dtype=np.float64)


@compiled
def _sum_by_debtor(start: IntArray, amount: FloatArray) -> FloatArray:
    total = np.zeros(start.size - 1)
    for debtor in range(total.size):
        for claim in range(start[debtor], start[debtor + 1]):
            total[debtor] += amount[claim]
    return total


@compiled
def _sum_by_creditor(firms: int, creditor: NDArray[np.int32], amount: FloatArray) -> FloatArray:
    total = np.zeros(firms)
    for claim in range(amount.size):
        total[creditor[claim]] += amount[claim]
    return total


@compiled
def _find_faults(start: IntArray, creditor: NDArray[np.int32], amount: FloatArray) -> IntArray:
    """Count self-claims, repeated pairs and steps backwards; with the debtor and entry where each was first seen."""
    found = np.zeros((3, 3), dtype=np.int64)
    for debtor in range(start.size - 1):
        for claim in range(start[debtor], start[debtor + 1]):
            kind = -1
            if creditor[claim] == debtor and amount[claim] != 0.0:
                kind = _SELF
            elif claim > start[debtor] and creditor[claim] == creditor[claim - 1]:
                kind = _DUPLICATE
            elif claim > start[debtor] and creditor[claim] < creditor[claim - 1]:
                kind = _UNSORTED
            if kind >= 0:
                if found[kind, 0] == 0:
                    found[kind, 1] = debtor
                    found[kind, 2] = claim
                found[kind, 0] += 1
    return found


def read_exposure(
    table: Any, *, name: str = "exposure", orientation: Orientation = "creditor_debtor"
) -> ExposureMatrix:
    """Read and check a table of claims.

    Parameters
    ----------
    table : array, sparse array, frame or ExposureMatrix
        Square table of amounts, not negative, zero on the diagonal. Rows and columns of a frame must name the same
        firms; their order may differ. Sparse entries may come in any order, each pair of firms at most once. Memory of
        float64 arrays that already lie by debtor (CSC of exposures, CSR of liabilities) is shared, not copied.
    name : str
        What to call the table in error messages.
    orientation : {"creditor_debtor", "debtor_creditor"}
        Meaning of rows and columns of ``table``.

    Returns
    -------
    ExposureMatrix
        The claims as ``exposure[creditor, debtor]``.

    Raises
    ------
    NetworkError
        For a table that is not square, holds a negative or non-finite amount, a claim of a firm on itself, or a pair
        twice, and for row and column names that differ.

    Examples
    --------
    Firm 0 owes 4 to firm 1, once as exposure and once as liability:

    >>> read_exposure([[0, 0], [4, 0]]).owed()
    array([4., 0.])
    >>> read_exposure([[0, 4], [0, 0]], orientation="debtor_creditor").owed()
    array([4., 0.])
    """
    if isinstance(table, ExposureMatrix):
        return table
    if orientation not in ("creditor_debtor", "debtor_creditor"):
        raise NetworkError(f"{name}: orientation {orientation!r} is not one of 'creditor_debtor', 'debtor_creditor'.")
    values, labels = _split_labels(table, name)
    if not sparse.issparse(values):
        values = _to_numbers(values, name)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        rule = "a table of claims has one row and one column for each firm"
        raise NetworkError("", (Problem(file=name, value=f"shape {values.shape}", rule=rule),))
    by_debtor = values if orientation == "creditor_debtor" else values.T
    matrix = _compress(by_debtor, name)
    if labels is None:
        labels = range(values.shape[0])
    result = ExposureMatrix(
        labels=labels,
        start=np.ascontiguousarray(matrix.indptr, dtype=np.int64),
        creditor=np.ascontiguousarray(matrix.indices, dtype=np.int32),
        amount=np.ascontiguousarray(matrix.data, dtype=np.float64),
    )
    _check_amounts(result, name)
    return _check_structure(result, name)


def _split_labels(table: Any, name: str) -> tuple[Any, Labels | None]:
    """Separate a frame into its numbers and the names of its firms; other tables have no names."""
    if sparse.issparse(table) or not (hasattr(table, "columns") and hasattr(table, "to_numpy")):
        return table, None
    columns = list(table.columns)
    if hasattr(table, "index"):
        rows, numbers = list(table.index), table.to_numpy()
    else:
        first = table[columns[0]].to_list() if columns else []
        named = bool(first) and all(isinstance(entry, str) for entry in first)
        columns = columns[1:] if named else columns
        rows, numbers = (first if named else columns), table.select(columns).to_numpy()
    for axis, names in (("row", rows), ("column", columns)):
        if len(set(names)) != len(names):
            twice = next(entry for entry in names if names.count(entry) > 1)
            rule = f"each {axis} names another firm"
            raise NetworkError("", (Problem(file=name, key=axis, value=str(twice), rule=rule),))
    if set(rows) != set(columns):
        only = sorted(str(entry) for entry in set(rows) ^ set(columns))
        rule = "rows and columns name the same firms"
        remedy = "add the missing rows or columns, with zeros if nothing is owed"
        raise NetworkError("", (Problem(file=name, value=", ".join(only), rule=rule, remedy=remedy),))
    position = {label: place for place, label in enumerate(columns)}
    return _to_numbers(numbers, name)[:, [position[label] for label in rows]], tuple(rows)


def _to_numbers(values: Any, name: str) -> FloatArray:
    """Turn anything array-like into float64."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NetworkError("", (Problem(file=name, value=str(error), rule="every entry is a number"),)) from error


def _compress(by_debtor: Any, name: str) -> Any:
    """Store ``[creditor, debtor]`` by columns without adding up repeated pairs unseen."""
    is_sparse = bool(sparse.issparse(by_debtor))
    if not is_sparse:
        return sparse.csc_array(by_debtor)
    if by_debtor.format in ("csc", "csr"):
        return by_debtor.tocsc()
    listed = by_debtor.tocoo()
    matrix = listed.tocsc()
    if matrix.nnz != listed.nnz:
        keys = listed.row.astype(np.int64) * by_debtor.shape[0] + listed.col
        unique, counts = np.unique(keys, return_counts=True)
        creditor, debtor = divmod(int(unique[counts > 1][0]), by_debtor.shape[0])
        raise NetworkError("", (_repeated(name, creditor, debtor, listed.nnz - matrix.nnz),))
    return matrix


def _repeated(name: str, creditor: Hashable, debtor: Hashable, times: int) -> Problem:
    rule = f"each pair of firms appears once ({times} entries repeat a pair)"
    key = f"creditor {creditor}, debtor {debtor}"
    return Problem(file=name, key=key, rule=rule, remedy="add the amounts up, or put them in two seniority classes")


def _check_amounts(matrix: ExposureMatrix, name: str) -> None:
    """Refuse negative and non-finite amounts, naming the first pair and the number of such entries."""
    amount = matrix.amount
    if amount.size == 0 or (amount.min() >= 0.0 and amount.max() < np.inf):
        return
    problems = []
    for wrong, rule in (
        (~np.isfinite(amount), "a claim is a finite number"),
        (amount < 0.0, "a claim is not negative"),
    ):
        if wrong.any():
            entry = int(np.flatnonzero(wrong)[0])
            debtor = matrix.labels[int(np.searchsorted(matrix.start, entry, side="right")) - 1]
            key = f"creditor {matrix.labels[int(matrix.creditor[entry])]}, debtor {debtor}"
            remedy = f"{int(wrong.sum())} such entries; a claim the other way round belongs in the mirrored cell"
            problems.append(Problem(file=name, key=key, value=str(amount[entry]), rule=rule, remedy=remedy))
    raise_if_any(problems, NetworkError)


def _check_structure(matrix: ExposureMatrix, name: str) -> ExposureMatrix:
    """Refuse self-claims and repeated pairs; sort what is not sorted."""
    found = _find_faults(matrix.start, matrix.creditor, matrix.amount)
    if found[_UNSORTED, 0]:
        copy = matrix.as_sparse().copy()
        copy.has_sorted_indices = False
        copy.sort_indices()
        matrix = ExposureMatrix(
            labels=matrix.labels,
            start=matrix.start,
            creditor=np.asarray(copy.indices, dtype=np.int32),
            amount=np.asarray(copy.data, dtype=np.float64),
        )
        found = _find_faults(matrix.start, matrix.creditor, matrix.amount)
    problems = []
    if found[_SELF, 0]:
        firm, entry = matrix.labels[int(found[_SELF, 1])], int(found[_SELF, 2])
        remedy = "take it out; a firm's debt to itself is no claim"
        rule = f"no firm has a claim on itself ({found[_SELF, 0]} do)"
        key, value = f"creditor {firm}, debtor {firm}", str(matrix.amount[entry])
        problems.append(Problem(file=name, key=key, value=value, rule=rule, remedy=remedy))
    if found[_DUPLICATE, 0]:
        creditor = matrix.labels[int(matrix.creditor[int(found[_DUPLICATE, 2])])]
        debtor = matrix.labels[int(found[_DUPLICATE, 1])]
        problems.append(_repeated(name, creditor, debtor, int(found[_DUPLICATE, 0])))
    raise_if_any(problems, NetworkError)
    return matrix


def read_vector(
    values: Any, labels: Labels, *, name: str, at_least: float = 0.0, at_most: float = np.inf
) -> FloatArray:
    """Read one number for each firm, matched by name where the input has names.

    Parameters
    ----------
    values : float, sequence, mapping or series
        One number for all, numbers in the order of ``labels``, or a mapping or pandas series from label to number.
    labels : sequence
        The firms.
    name : str
        What to call the numbers in error messages.
    at_least, at_most : float
        Range that every number must lie in.

    Returns
    -------
    FloatArray
        A new array, shape (firm,).

    Raises
    ------
    NetworkError
        For a wrong number of entries, unknown or missing names, and numbers outside the range or not finite.

    Examples
    --------
    >>> read_vector({"b": 2.0, "a": 1.0}, ("a", "b"), name="cash")
    array([1., 2.])
    """
    if isinstance(values, int | float) and at_least <= values <= at_most and abs(values) < np.inf:
        return np.full(len(labels), float(values))
    if hasattr(values, "index") and hasattr(values, "to_dict") and not isinstance(values, Mapping):
        values = values.to_dict()
    if isinstance(values, Mapping):
        values = _match_labels(values, labels, name)
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    numbers = _to_numbers(values, name)
    if numbers.ndim == 0:
        numbers = np.full(len(labels), float(numbers))
    if numbers.shape != (len(labels),):
        rule = f"one number for each of the {len(labels)} firms"
        raise NetworkError("", (Problem(file=name, value=f"shape {numbers.shape}", rule=rule),))
    if numbers.size == 0 or (numbers.min() >= at_least and numbers.max() <= min(at_most, _LARGEST)):
        return np.array(numbers, dtype=np.float64, order="C", copy=True)
    wrong = np.flatnonzero(~((numbers >= at_least) & (numbers <= at_most) & np.isfinite(numbers)))
    rule = f"a finite number of at least {at_least:g}" + (f" and at most {at_most:g}" if np.isfinite(at_most) else "")
    problems = [
        Problem(file=name, key=str(labels[int(firm)]), value=str(numbers[firm]), rule=rule) for firm in wrong[:20]
    ]
    raise NetworkError(f"{name}: {wrong.size} entries cannot be used." if wrong.size > 20 else "", tuple(problems))


def _match_labels(values: Mapping[Hashable, Any], labels: Labels, name: str) -> list[Any]:
    """Bring a mapping into the order of the labels."""
    known = set(labels)
    missing = [str(label) for label in labels if label not in values]
    unknown = [str(label) for label in values if label not in known]
    problems = []
    if missing:
        problems.append(Problem(file=name, value=", ".join(missing), rule="every firm has a number"))
    if unknown:
        remedy = f"known firms: {', '.join(str(label) for label in list(labels)[:12])}"
        problems.append(Problem(file=name, value=", ".join(unknown), rule="every name is a firm", remedy=remedy))
    raise_if_any(problems, NetworkError)
    return [values[label] for label in labels]
