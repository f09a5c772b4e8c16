"""Least squares in rational arithmetic, and the series that break floating-point implementations."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from cardhouse.basics.arrays import FloatArray


def nasty_series(name: str, n: int = 160) -> FloatArray:
    rng = np.random.default_rng(11)
    walk = np.cumsum(rng.standard_normal(n))
    noise = rng.standard_normal(n)
    t = np.arange(n)
    return {
        "random walk": walk,
        "plus 1e6": walk + 1e6,
        "plus 1e9": walk + 1e9,
        "exponential price": np.exp(t * math.log(1e6) / (n - 1) + 0.02 * noise),
        "small log volatility": 5.0 + 1e-5 * walk,
        "deterministic growth": 1.05**t + 1e-6 * noise,
    }[name]


def exact_ratio(values: FloatArray, start: int, end: int, lag: int) -> float:
    """Give the Dickey-Fuller t-ratio of observations start to end, computed without rounding until the last root."""
    y = [Fraction(float(v)) for v in values[start : end + 1]]
    change = [b - a for a, b in itertools.pairwise(y)]
    rows = [
        [Fraction(1), *(change[t - 1 - i] for i in range(1, lag + 1)), y[t - 1], change[t - 1]]
        for t in range(lag + 1, len(y))
    ]
    size = lag + 3
    gram = [[sum((r[i] * r[k] for r in rows), Fraction(0)) for k in range(size)] for i in range(size)]
    for i in range(size - 2):
        for k in range(i + 1, size):
            factor = gram[i][k] / gram[i][i]
            for m in range(k, size):
                gram[k][m] -= factor * gram[i][m]
    a, b, c = gram[size - 2][size - 2], gram[size - 2][size - 1], gram[size - 1][size - 1]
    squared = b * b * (len(rows) - lag - 2) / (a * c - b * b)
    with localcontext() as context:
        context.prec = 50
        root = (Decimal(squared.numerator) / Decimal(squared.denominator)).sqrt()
    return math.copysign(float(root), float(b))
