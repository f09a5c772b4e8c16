"""Taking fundamentals out of a price before it is tested.

A rise of fundamentals that comes and goes, such as the diffusion of a general-purpose technology, makes a rational
price look explosive: raw tests then reject in nearly every sample without a bubble. The remedy is to project the price
on proxies of the fundamentals and to test the residual. Under the null of a unit root the residual is a random walk
with the same proxies projected out, whatever the true coefficients, so its critical values are simulated exactly so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import InputError, Problem, raise_if_any
from cardhouse.bubbles.series import Series


@dataclass(frozen=True, kw_only=True)
class Projection:
    """A price explained by proxies of its fundamentals.

    Parameters
    ----------
    names : tuple of str
        Names of the proxies.
    coefficients : array, shape (1 + proxy,)
        Constant and slopes, in units of the price per unit of the proxy.
    r_squared : float
        Share of the price's variance explained; high by construction when both trend, and no evidence in itself.
    residual : Series
        What the proxies leave.
    basis : array, shape (1 + proxy, n)
        Orthonormal rows that span constant and proxies.
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    r_squared: float
    residual: Series
    basis: FloatArray

    @property
    def digest(self) -> str:
        """Hash of the basis, part of the name under which critical values are kept."""
        return hashlib.sha256(np.round(self.basis, 12).tobytes()).hexdigest()[:16]


def project(price: Series, fundamentals: Any) -> Projection:
    """Project a price on proxies of its fundamentals.

    Parameters
    ----------
    price : Series
        The price; when ``is_log``, logarithms of the proxies are taken too.
    fundamentals : array of shape (n,) or (n, proxy), pandas or polars Series or frame, or Series
        Proxies on the dates of the price. Rows of dated proxies are matched by date; a price date without a proxy is
        refused, never filled.

    Returns
    -------
    Projection

    Raises
    ------
    InputError
        When dates are missing, values are missing or non-positive under the logarithm, or proxies repeat one another.

    Examples
    --------
    >>> from cardhouse.bubbles.series import as_series
    >>> proxy = np.arange(20.0) ** 2
    >>> price = as_series(3.0 + 2.0 * proxy + np.tile([0.1, -0.1], 10))
    >>> project(price, proxy).coefficients.round(2).tolist()
    [3.01, 2.0]
    """
    names, matrix, labels = _matrix(fundamentals)
    if labels is not None and price.is_dated:
        matrix = _matched(price, matrix, labels)
    raise_if_any(_problems(price, names, matrix))
    if price.is_log:
        matrix = np.log(matrix)
    middle, spread = matrix.mean(axis=0), matrix.std(axis=0)
    regressors = np.column_stack([np.ones(len(price)), (matrix - middle) / spread])
    orthonormal, triangle = np.linalg.qr(regressors)
    if float(np.abs(np.diag(triangle)).min()) < 1e-8 * len(price) ** 0.5:
        rule, remedy = "the proxies repeat one another", "leave out the one that is a combination of the others"
        raise InputError("", (Problem(file="fundamentals", rule=rule, remedy=remedy),))
    shares = orthonormal.T @ price.values
    residual = price.values - orthonormal @ shares
    # a second pass removes what rounding left of the proxies
    residual -= orthonormal @ (orthonormal.T @ residual)
    slopes = np.linalg.solve(triangle, shares)[1:] / spread
    constant = float(price.values.mean() - middle @ slopes)
    variance = float(((price.values - price.values.mean()) ** 2).sum())
    return Projection(
        names=names,
        coefficients=np.concatenate([[constant], slopes]),
        r_squared=1.0 - float((residual**2).sum()) / variance,
        residual=Series(values=residual, labels=price.labels, name=f"{price.name} less fundamentals"),
        basis=np.ascontiguousarray(orthonormal.T),
    )


def _matrix(data: Any) -> tuple[tuple[str, ...], FloatArray, AnyArray | None]:
    if isinstance(data, Series):
        return (data.name,), data.values[:, None], data.labels if data.is_dated else None
    columns = getattr(data, "columns", None)
    index = getattr(data, "index", None)
    labels = None if index is None or callable(index) else np.asarray(index)
    if columns is None:
        values = np.asarray(data.to_numpy() if hasattr(data, "to_numpy") else data, dtype=np.float64)
        matrix = values[:, None] if values.ndim == 1 else values
        name = str(getattr(data, "name", None) or "proxy")
        names = (name,) if matrix.shape[1] == 1 else tuple(f"{name} {i + 1}" for i in range(matrix.shape[1]))
    else:
        raw = {str(column): np.asarray(data[column].to_numpy()) for column in columns}
        dated = [name for name, values in raw.items() if np.issubdtype(values.dtype, np.datetime64)]
        labels = raw[dated[0]] if dated else labels
        names = tuple(name for name in raw if name not in dated)
        matrix = np.column_stack([raw[name].astype(np.float64) for name in names])
    dated_labels = labels is not None and np.issubdtype(labels.dtype, np.datetime64)
    return names, matrix, labels if dated_labels else None


def _matched(price: Series, matrix: FloatArray, labels: AnyArray) -> FloatArray:
    days = labels.astype("datetime64[s]")
    order = np.argsort(days, kind="stable")
    wanted = price.labels.astype("datetime64[s]")
    at = np.searchsorted(days[order], wanted)
    at = np.minimum(at, days.size - 1)
    missing = days[order][at] != wanted
    if bool(missing.any()):
        first = price.labels[int(np.argmax(missing))]
        rule = f"{int(missing.sum())} dates of the price have no fundamentals, the first is {first}"
        remedy = "give fundamentals on the dates of the price, or cut the price to their stretch"
        raise InputError("", (Problem(file="fundamentals", rule=rule, remedy=remedy),))
    return matrix[order][at]


def _problems(price: Series, names: tuple[str, ...], matrix: FloatArray) -> list[Problem]:
    if matrix.shape[0] != len(price):
        rule = f"there are {matrix.shape[0]} rows of fundamentals and {len(price)} prices"
        return [Problem(file="fundamentals", rule=rule, remedy="give one row for each price")]
    if matrix.shape[1] > len(price) // 10:
        rule = f"{matrix.shape[1]} proxies are too many for {len(price)} prices"
        return [Problem(file="fundamentals", rule=rule, remedy="use at most one proxy for ten observations")]
    problems = []
    for name, column in zip(names, matrix.T, strict=True):
        if not bool(np.isfinite(column).all()):
            first = price.label(int(np.argmax(~np.isfinite(column))))
            problems.append(Problem(file="fundamentals", key=name, rule=f"a value is missing at {first}"))
        elif float(np.ptp(column)) == 0.0:
            problems.append(Problem(file="fundamentals", key=name, rule="the proxy is constant"))
        elif price.is_log and float(column.min()) <= 0.0:
            problems.append(Problem(file="fundamentals", key=name, rule="the logarithm needs positive values"))
    return problems
