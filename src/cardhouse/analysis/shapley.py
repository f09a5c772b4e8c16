"""Split an effect over the parts of a mechanism, whatever the order in which they are switched on (Shapley 1953)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from cardhouse.basics.arrays import FloatArray


def coalitions(parts: Sequence[str]) -> Iterable[frozenset[str]]:
    """Yield every set of parts, the empty one first and the whole last.

    >>> [sorted(found) for found in coalitions(["a", "b"])]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    return (frozenset(chosen) for size in range(len(parts) + 1) for chosen in combinations(parts, size))


def split_of(parts: Sequence[str], effects: Mapping[frozenset[str], FloatArray]) -> dict[str, FloatArray]:
    r"""Return what each part adds, averaged over all orders of switching the parts on one after the other.

    .. math:: \phi_i = \sum_{S \subseteq N \setminus i} \frac{|S|!\,(n-|S|-1)!}{n!}\,[v(S \cup i) - v(S)]

    Parameters
    ----------
    parts : sequence of str
        Names of the parts, n of them.
    effects : mapping of set of parts to array, shape (draw,)
        The effect when these parts are on, for all :math:`2^n` sets.

    Returns
    -------
    dict of str to array, shape (draw,)
        They sum to the effect of all less the effect of none, up to rounding.

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. *Contributions to the Theory of Games II*, eq. 13.

    Examples
    --------
    Alone each part does nothing, together they move the outcome by six: they share it.

    >>> effects = {on: np.array([6.0 if len(on) == 2 else 0.0]) for on in coalitions(["a", "b"])}
    >>> {name: value.tolist() for name, value in split_of(["a", "b"], effects).items()}
    {'a': [3.0], 'b': [3.0]}
    """
    n = len(parts)
    split: dict[str, FloatArray] = {}
    for part in parts:
        total = np.zeros_like(effects[frozenset()])
        for on in coalitions([name for name in parts if name != part]):
            weight = factorial(len(on)) * factorial(n - len(on) - 1) / factorial(n)
            total += weight * (effects[on | {part}] - effects[on])
        split[part] = total
    return split
