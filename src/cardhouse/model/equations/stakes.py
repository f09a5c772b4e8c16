"""Block I: value of firms that own parts of each other (I1), and failure of one of them (I2)."""

from __future__ import annotations

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.compiled import compiled
from cardhouse.model.equation import equation


@equation(
    id="I1",
    symbol=r"V = Dp + AV",
    formula=r"(Dp)_i + \sum_j A_{ij} V_j",
    unit="USD bn",
    source="elliott-golub-jackson-2014 eq. 2",
)
def value_with_stakes(own_value: float, stakes_value: float) -> float:
    """Value of one firm: what it owns outside the network, plus its stakes at their value.

    >>> value_with_stakes(100.0, 12.5)
    112.5
    """
    return own_value + stakes_value


@equation(
    id="I1a",
    symbol=r"\hat V_j",
    formula=r"V_j (1 - \textstyle\sum_i A_{ij})",
    unit="USD bn",
    source="elliott-golub-jackson-2014 eq. 3: value held by outsiders; cross-holding creates none",
)
def outside_held_value(value: float, held_inside: float) -> float:
    """Value of a firm's equity that outsiders hold, when insiders hold the fraction `held_inside`.

    >>> outside_held_value(200.0, 0.25)
    150.0
    """
    return value * (1.0 - held_inside)


@equation(
    id="I2",
    symbol=r"\beta_j",
    formula=r"(1 - \beta_j)\, (Dp)_j",
    unit="USD bn",
    source="elliott-golub-jackson-2014 eq. 5: discontinuous drop on failure",
)
def value_after_failure(own_value: float, bankruptcy_cost: float, failed: float) -> float:
    """Underlying value of a firm after a failure has cost its share.

    >>> value_after_failure(80.0, 0.25, 1.0), value_after_failure(80.0, 0.25, 0.0)
    (60.0, 80.0)
    """
    return own_value * (1.0 - bankruptcy_cost) if failed > 0.5 else own_value


@compiled
def solve_values(stake: FloatArray, own_value: FloatArray, matrix: FloatArray, value: FloatArray) -> bool:
    r"""Solve :math:`V = Dp + AV` in place by elimination with pivoting; nothing is allocated.

    Parameters
    ----------
    stake : array, shape (n, n)
        ``stake[i, j]``: fraction of firm ``j`` that firm ``i`` owns; each column sums to less than 1.
    own_value : array, shape (n,)
        Underlying value :math:`Dp`, USD bn.
    matrix : array, shape (n, n)
        Scratch, overwritten.
    value : array, shape (n,)
        Overwritten by the solution, USD bn.

    Returns
    -------
    bool
        False when the matrix is singular (a ring that owns itself whole).

    References
    ----------
    elliott-golub-jackson-2014, eq. 2.

    Examples
    --------
    Two firms that own half of each other, each with 10 of its own: both are worth 20, outsiders hold 20 in all.

    >>> import numpy as np
    >>> stake, value = np.array([[0.0, 0.5], [0.5, 0.0]]), np.empty(2)
    >>> solve_values(stake, np.array([10.0, 10.0]), np.empty((2, 2)), value), value.tolist()
    (True, [20.0, 20.0])
    """
    n = own_value.shape[0]
    for i in range(n):
        value[i] = own_value[i]
        for j in range(n):
            matrix[i, j] = (1.0 if i == j else 0.0) - stake[i, j]
    for column in range(n):
        if not _bring_pivot(matrix, value, column):
            return False
        _eliminate(matrix, value, column)
    for i in range(n - 1, -1, -1):
        total = value[i]
        for j in range(i + 1, n):
            total -= matrix[i, j] * value[j]
        value[i] = total / matrix[i, i]
    return True


@compiled
def _bring_pivot(matrix: FloatArray, value: FloatArray, column: int) -> bool:
    """Swap the row with the largest entry of `column` into place; False when all are zero."""
    n = value.shape[0]
    best = column
    for i in range(column + 1, n):
        if abs(matrix[i, column]) > abs(matrix[best, column]):
            best = i
    if abs(matrix[best, column]) < 1e-12:
        return False
    if best != column:
        for j in range(n):
            matrix[column, j], matrix[best, j] = matrix[best, j], matrix[column, j]
        value[column], value[best] = value[best], value[column]
    return True


@compiled
def _eliminate(matrix: FloatArray, value: FloatArray, column: int) -> None:
    """Clear `column` below its pivot."""
    n = value.shape[0]
    for i in range(column + 1, n):
        factor = matrix[i, column] / matrix[column, column]
        if factor != 0.0:
            for j in range(column, n):
                matrix[i, j] -= factor * matrix[column, j]
            value[i] -= factor * value[column]
