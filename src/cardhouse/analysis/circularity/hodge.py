"""The Helmholtz-Hodge split of a flow network into a part that runs downhill and a part that runs in circles.

References
----------
Kichikawa, Y., Iyetomi, H., Iino, T. and Inoue, H. (2019), "Community structure based on circular flow in a large-scale
transaction network", *Applied Network Science* 4:92, section "Helmholtz-Hodge decomposition".
Fujiwara, Y., Inoue, H., Yamaguchi, T., Aoyama, H., Tanaka, T. and Kikuchi, K. (2021), "Money flow network among firms'
accounts in a regional bank of Japan", *EPJ Data Science* 10:19, same decomposition with the number of links as weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.circularity.finn import without_own
from cardhouse.basics.arrays import FloatArray, unknown


@dataclass(frozen=True)
class HodgeSplit:
    """Net flows split in two.

    Parameters
    ----------
    potential : array, shape (..., firm)
        Height of each firm: money runs from high to low, from its source to where it ends. Mean zero.
    gradient, circular : array, shape (..., payer, payee)
        The two parts of the net flow, antisymmetric; they add up to it. Circular flow enters and leaves every firm in
        equal amounts.
    circular_share : array, shape (...)
        Squared circular flow over squared net flow, each weighted by the inverse number of directions that the pair
        uses: 0 for a tree, 1 for a ring. NaN where no net flow exists.
    reciprocal_share : array, shape (...)
        Share of the gross flow that a pair pays both ways. It cancels in the net flow, so the split cannot see it: a
        loop of two firms is here and nowhere else. NaN where nothing flows.
    """

    potential: FloatArray
    gradient: FloatArray
    circular: FloatArray
    circular_share: FloatArray
    reciprocal_share: FloatArray


def hodge_split(payment: FloatArray) -> HodgeSplit:
    """Split the flows of a network into a downhill and a circular part.

    Parameters
    ----------
    payment : array, shape (..., payer, payee)
        USD bn per period, finite, not negative. Leading axes (quarters, draws) are kept.

    Returns
    -------
    HodgeSplit

    Raises
    ------
    InputError
        When an amount is negative or not finite, or the matrix is not square.

    Notes
    -----
    With net flow ``F = payment - payment.T`` and weights ``w`` (number of directions in use, 0 to 2) the potential
    minimises ``sum(w * (F / w - (phi_i - phi_j))**2)``, a weighted least-squares problem; the gradient part is
    ``w * (phi_i - phi_j)``.

    Examples
    --------
    >>> ring = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [2.0, 0.0, 0.0]])
    >>> chain = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    >>> hodge_split(np.stack([ring, chain])).circular_share
    array([1., 0.])
    """
    flows = without_own(payment)
    lead, size = flows.shape[:-2], flows.shape[-1]
    potential, gradient = unknown(*lead, size), unknown(*lead, size, size)
    net = flows - np.swapaxes(flows, -1, -2)
    uses = (flows > 0.0).astype(np.float64)
    weight = uses + np.swapaxes(uses, -1, -2)
    for place in np.ndindex(lead):
        potential[place] = _potential(net[place], weight[place])
        gradient[place] = weight[place] * (potential[place][:, None] - potential[place][None, :])
    circular = net - gradient
    return HodgeSplit(
        potential=potential,
        gradient=gradient,
        circular=circular,
        circular_share=_circular_share(net, gradient, weight),
        reciprocal_share=reciprocal_share(flows),
    )


def _potential(net: FloatArray, weight: FloatArray) -> FloatArray:
    laplacian = np.diag(weight.sum(axis=1)) - weight
    # the least-squares solution of smallest norm gives every connected part mean zero
    solution = np.linalg.lstsq(laplacian, net.sum(axis=1), rcond=None)[0]
    potential: FloatArray = solution - solution.mean()
    return potential


def _circular_share(net: FloatArray, gradient: FloatArray, weight: FloatArray) -> FloatArray:
    inverse = np.divide(1.0, weight, out=np.zeros_like(weight), where=weight > 0.0)
    total = (net * net * inverse).sum(axis=(-1, -2))
    downhill = (gradient * gradient * inverse).sum(axis=(-1, -2))
    share = np.divide(total - downhill, total, out=unknown(*total.shape), where=total > 0.0)
    bounded: FloatArray = np.clip(share, 0.0, 1.0)
    # rounding of the solve leaves some 1e-16 in a tree
    return np.where(bounded < 1e-12, np.where(np.isnan(bounded), np.nan, 0.0), bounded)


def reciprocal_share(payment: FloatArray) -> FloatArray:
    """Return the share of all payments that pairs of firms make both ways; NaN where nothing flows.

    Parameters
    ----------
    payment : array, shape (..., payer, payee)
        USD bn per period.

    Returns
    -------
    array, shape (...)
        Twice the smaller direction of each pair, over all payments.

    Examples
    --------
    >>> reciprocal_share(np.array([[0.0, 3.0], [1.0, 0.0]]))
    array(0.5)
    """
    flows = without_own(payment)
    total = flows.sum(axis=(-1, -2))
    both_ways = np.minimum(flows, np.swapaxes(flows, -1, -2)).sum(axis=(-1, -2))
    share: FloatArray = np.divide(both_ways, total, out=unknown(*total.shape), where=total > 0.0)
    return share
