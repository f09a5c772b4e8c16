"""Finn's cycling index: the share of all money passing through firms that passes the same firm again.

References
----------
Finn, J. T. (1976), "Measures of ecosystem structure and function derived from analysis of flows", *Journal of
Theoretical Biology* 56, 363-380, equations for throughflow and recycled flow.
Allesina, S. and Ulanowicz, R. E. (2004), "Cycling in ecological networks: Finn's index revisited", *Computational
Biology and Chemistry* 28, 227-233: the index counts cycles at their nodes and is a lower bound of all recycled flow.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components

from cardhouse.basics.arrays import BoolArray, FloatArray, unknown
from cardhouse.basics.errors import InputError

# Below this share of throughflow nothing leaves a group of firms: money inside it returns with certainty.
_NO_LEAK = 1e-12


def throughflow(
    payment: FloatArray, inflow_outside: FloatArray | None = None, outflow_outside: FloatArray | None = None
) -> FloatArray:
    """Return the money passing through each firm: the larger of all it receives and all it pays.

    Where the two differ the difference comes from outside the network or stays in the firm, so that the larger side
    counts every dollar once.

    Parameters
    ----------
    payment : array, shape (..., payer, payee)
        USD bn per period, finite and not negative.
    inflow_outside, outflow_outside : array, shape (..., firm), optional
        Money from and to the outside; zero when absent.

    Returns
    -------
    array, shape (..., firm)

    Examples
    --------
    >>> throughflow(np.array([[0.0, 3.0], [1.0, 0.0]]))
    array([3., 3.])
    """
    received = payment.sum(axis=-2) + (0.0 if inflow_outside is None else inflow_outside)
    paid = payment.sum(axis=-1) + (0.0 if outflow_outside is None else outflow_outside)
    through: FloatArray = np.maximum(received, paid)
    return through


def return_share(
    payment: FloatArray, inflow_outside: FloatArray | None = None, outflow_outside: FloatArray | None = None
) -> FloatArray:
    """Return, per firm, the share of its money that passes it again, if every payment is a fair sample of its cash.

    Parameters
    ----------
    payment : array, shape (..., payer, payee)
        USD bn per period; payments of a firm to itself are ignored.
    inflow_outside, outflow_outside : array, shape (..., firm), optional
        Money from and to the outside; zero when absent.

    Returns
    -------
    array, shape (..., firm)
        Between 0 and 1.

    Raises
    ------
    InputError
        When an amount is negative or not finite, or the matrix is not square.

    Notes
    -----
    With ``G[i, j] = payment[i, j] / throughflow[i]`` and ``N = (I - G)**-1`` a dollar at firm ``i`` comes back with
    probability ``1 - 1 / N[i, i]``. Where money cannot leave from every firm, ``N`` does not exist; a return path never
    leaves the strongly connected group of its firm, so each group is then inverted alone, and one that nothing leaves
    returns every dollar.

    Examples
    --------
    A ring of three whose first firm also pays half of its money to the outside:

    >>> ring = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    >>> return_share(ring, inflow_outside=np.array([1.0, 0.0, 0.0]), outflow_outside=np.array([1.0, 0.0, 0.0]))
    array([0.5, 0.5, 0.5])
    """
    flows = without_own(payment)
    through = throughflow(flows, inflow_outside, outflow_outside)
    size = through.shape[-1]
    passing = np.divide(flows, through[..., None], out=np.zeros_like(flows), where=through[..., None] > 0.0)
    stack = passing.reshape(-1, size, size)
    shares = unknown(stack.shape[0], size)
    open_ = _all_can_leave(stack)
    shares[open_] = _shares_from_visits(stack[open_])
    for place in np.flatnonzero(~open_):
        shares[place] = _return_share_by_group(stack[place])
    return shares.reshape(through.shape)


def without_own(payment: FloatArray) -> FloatArray:
    """Check a flow matrix and return a copy without the payments of firms to themselves.

    Raises
    ------
    InputError
        When the matrix is not square, or an amount is negative or not finite.
    """
    if payment.ndim < 2 or payment.shape[-1] != payment.shape[-2]:
        raise InputError(f"a flow matrix is square, payer by payee; this one has the shape {payment.shape}")
    if not np.isfinite(payment).all() or (payment < 0.0).any():
        raise InputError("a flow matrix holds finite amounts that are not negative; leave unknown flows out")
    flows: FloatArray = np.array(payment, dtype=np.float64)
    diagonal = np.arange(flows.shape[-1])
    flows[..., diagonal, diagonal] = 0.0
    return flows


def _all_can_leave(passing: FloatArray) -> BoolArray:
    """Tell for each matrix of a stack whether money can leave from every firm, so that ``I - G`` has an inverse."""
    can = 1.0 - passing.sum(axis=2) > _NO_LEAK
    for _ in range(passing.shape[1]):
        more = can | ((passing > 0.0) & can[:, None, :]).any(axis=2)
        if np.array_equal(more, can):
            break
        can = more
    return np.asarray(can.all(axis=1), dtype=np.bool_)


def _shares_from_visits(passing: FloatArray) -> FloatArray:
    visits = np.linalg.inv(np.eye(passing.shape[-1]) - passing)
    shares: FloatArray = np.clip(1.0 - 1.0 / np.diagonal(visits, axis1=-2, axis2=-1), 0.0, 1.0)
    return shares


def _return_share_by_group(passing: FloatArray) -> FloatArray:
    _, group = connected_components((passing > 0.0).astype(np.float64), directed=True, connection="strong")
    shares = np.zeros(passing.shape[0])
    for label in np.unique(group):
        members = np.flatnonzero(group == label)
        if members.size > 1:
            shares[members] = _return_share_in_group(passing[np.ix_(members, members)])
    return shares


def _return_share_in_group(passing: FloatArray) -> FloatArray:
    leak = 1.0 - passing.sum(axis=1)
    return np.ones(passing.shape[0]) if leak.max() <= _NO_LEAK else _shares_from_visits(passing)


def finn_cycling_index(
    payment: FloatArray, inflow_outside: FloatArray | None = None, outflow_outside: FloatArray | None = None
) -> FloatArray:
    """Return the share of total throughflow that passes the same firm again: 0 in a chain, 1 in a closed ring.

    Parameters
    ----------
    payment : array, shape (..., payer, payee)
        USD bn per period. Leading axes (quarters, draws) are kept.
    inflow_outside, outflow_outside : array, shape (..., firm), optional
        Money from and to the outside; zero when absent.

    Returns
    -------
    array, shape (...)
        Between 0 and 1; NaN where nothing flows.

    Raises
    ------
    InputError
        When an amount is negative or not finite, or the matrix is not square.

    Examples
    --------
    >>> ring = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [2.0, 0.0, 0.0]])
    >>> chain = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    >>> finn_cycling_index(np.stack([ring, chain]))
    array([1., 0.])
    """
    shares = return_share(payment, inflow_outside, outflow_outside)
    through = throughflow(without_own(payment), inflow_outside, outflow_outside)
    total = through.sum(axis=-1)
    cycled = (shares * through).sum(axis=-1)
    index: FloatArray = np.divide(cycled, total, out=unknown(*total.shape), where=total > 0.0)
    return index
