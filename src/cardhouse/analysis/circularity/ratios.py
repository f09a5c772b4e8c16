"""Round trips, funding dependence and wrong-way exposure as functions of arrays.

Each function takes one network or a series of them (leading axes are kept) and no names, so that it serves a snapshot
of contracts and the payments of a simulated quarter alike.
"""

from __future__ import annotations

import numpy as np

from cardhouse.basics.arrays import FloatArray, unknown


def share_of(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, and return NaN where the whole is zero or unknown.

    >>> share_of(np.array([1.0, 1.0]), np.array([4.0, 0.0]))
    array([0.25,  nan])
    """
    part, whole = np.broadcast_arrays(part, whole)
    share: FloatArray = np.divide(part, whole, out=unknown(*whole.shape), where=whole > 0.0)
    return share


def round_trip_amount(financing: FloatArray, purchase: FloatArray) -> FloatArray:
    """Return the money that each financier could have received back as sales.

    Parameters
    ----------
    financing : array, shape (..., financier, financed)
        Money given or promised, USD bn.
    purchase : array, shape (..., buyer, seller)
        Money paid or promised for goods, USD bn, over the same window.

    Returns
    -------
    array, shape (..., financier, financed)
        ``min(financing[i, j], purchase[j, i])``.

    Examples
    --------
    Two billions given, five bought back: two could have gone round.

    >>> round_trip_amount(np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [5.0, 0.0]]))
    array([[0., 2.],
           [0., 0.]])
    """
    return np.minimum(financing, np.swapaxes(purchase, -1, -2))


def round_trip_ratio(financing: FloatArray, purchase: FloatArray, sales: FloatArray) -> FloatArray:
    """Return the round trip of each pair as a share of the financier's sales.

    Parameters
    ----------
    financing, purchase : array, shape (..., n, n)
        As in :func:`round_trip_amount`.
    sales : array, shape (..., n)
        All sales of the financier over the same window, USD bn.

    Returns
    -------
    array, shape (..., financier, financed)
        NaN where the financier has no sales.

    Examples
    --------
    >>> given = np.array([[0.0, 2.0], [0.0, 0.0]])
    >>> bought = np.array([[0.0, 0.0], [5.0, 0.0]])
    >>> round_trip_ratio(given, bought, np.array([8.0, 0.0]))[0, 1]
    np.float64(0.25)
    """
    return share_of(round_trip_amount(financing, purchase), np.asarray(sales)[..., :, None])


def funding_dependence(external_inflow: FloatArray, total_outflow: FloatArray) -> FloatArray:
    """Return the share of all a firm pays that others' capital, not its customers, provides.

    Parameters
    ----------
    external_inflow : array, shape (..., firm)
        Equity and credit received, USD bn.
    total_outflow : array, shape (..., firm)
        All payments, USD bn, same period.

    Returns
    -------
    array, shape (..., firm)
        May exceed 1 when capital is raised ahead of need; NaN where nothing is paid.

    Examples
    --------
    >>> funding_dependence(np.array([3.0]), np.array([4.0]))
    array([0.75])
    """
    return share_of(np.asarray(external_inflow), np.asarray(total_outflow))


def outlay_gap_share(operating_cash_flow: FloatArray, investment: FloatArray, revenue: FloatArray) -> FloatArray:
    """Return the share of a period's outlays that operations did not cover.

    Outlays are operating costs paid (revenue less operating cash flow) plus investment. What operations do not cover
    must come from new capital or from cash raised before.

    Parameters
    ----------
    operating_cash_flow, investment, revenue : array, shape (..., firm)
        USD bn per period.

    Returns
    -------
    array, shape (..., firm)
        0 for a firm that pays its own way, towards 1 for one without revenue; NaN where there are no outlays.

    Examples
    --------
    A firm sells for 5, burns 4 and invests 1: it pays out 10, half of it not covered.

    >>> outlay_gap_share(np.array([-4.0]), np.array([1.0]), np.array([5.0]))
    array([0.5])
    """
    outlays = np.asarray(revenue - operating_cash_flow + investment)
    gap = np.maximum(investment - operating_cash_flow, 0.0)
    return share_of(gap, outlays)


def wrong_way_share(backlog: FloatArray, financing: FloatArray, total: FloatArray | None = None) -> FloatArray:
    """Return the share of each supplier's backlog that is owed by firms it finances.

    The exposure is *wrong-way* in the sense of counterparty risk: when the buyer fails, claim and stake fall together.

    Parameters
    ----------
    backlog : array, shape (..., supplier, buyer)
        Orders not yet delivered, USD bn: an exposure, creditor first.
    financing : array, shape (..., financier, financed)
        USD bn; any positive amount makes the buyer one that the supplier finances.
    total : array, shape (..., supplier), optional
        The supplier's whole backlog; the sum over the buyers given when absent.

    Returns
    -------
    array, shape (..., supplier)
        Between 0 and 1; NaN where there is no backlog.

    Examples
    --------
    >>> owed = np.array([[0.0, 250.0, 375.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> given = np.array([[0.0, 13.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> wrong_way_share(owed, given)
    array([0.4, nan, nan])
    """
    from_financed = np.where(financing > 0.0, backlog, 0.0).sum(axis=-1)
    return share_of(from_financed, backlog.sum(axis=-1) if total is None else np.asarray(total))
