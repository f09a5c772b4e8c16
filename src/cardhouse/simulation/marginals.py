"""The prior distribution of each uncertain parameter, and how a uniform number becomes a value of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cardhouse.basics.arrays import BoolArray, FloatArray
from cardhouse.basics.errors import InputError, Problem, raise_if_any
from cardhouse.basics.identifiers import suggestion

SHAPES = ("fixed", "triangular", "uniform", "loguniform")


@dataclass(frozen=True, kw_only=True)
class Marginals:
    """Central value, range and shape of every parameter, in the order of the model's parameter row.

    Parameters
    ----------
    names : tuple of str
        Parameter names.
    value, low, high : array, shape (parameter,)
        Central value (the mode of a triangle) and range; ``low == high`` or shape ``fixed`` means a known number.
    shape : tuple of str
        One of ``fixed``, ``triangular``, ``uniform``, ``loguniform`` per parameter.
    group : tuple of str
        What a parameter rests on, for example ``reported`` or ``assumed``; sensitivity reports by group.

    Examples
    --------
    >>> one = Marginals(names=("growth",), value=np.array([0.2]), low=np.array([0.0]), high=np.array([0.4]),
    ...                 shape=("triangular",))
    >>> one.at(np.array([[0.5]]))
    array([[0.2]])
    """

    names: tuple[str, ...]
    value: FloatArray
    low: FloatArray
    high: FloatArray
    shape: tuple[str, ...]
    group: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse ranges that hold no number, with all problems at once."""
        if not self.group:
            object.__setattr__(self, "group", ("",) * len(self.names))
        counts = {len(self.value), len(self.low), len(self.high), len(self.shape), len(self.group), len(self.names)}
        if len(counts) != 1:
            msg = "names, value, low, high, shape and group have one entry per parameter"
            raise ValueError(msg)
        raise_if_any(self._problems(), InputError)

    def _problems(self) -> list[Problem]:
        found = []
        for k, name in enumerate(self.names):
            value, low, high, shape = self.value[k], self.low[k], self.high[k], self.shape[k]
            text = f"{low:g} to {high:g}, central {value:g}, {shape}"
            if shape not in SHAPES:
                remedy = suggestion(shape, SHAPES)
                found.append(
                    Problem(file="priors", key=name, value=shape, rule="there is no such shape", remedy=remedy)
                )
            elif not np.isfinite([value, low, high]).all():
                rule = "a prior has a finite central value and range"
                found.append(Problem(file="priors", key=name, value=text, rule=rule))
            elif not low <= value <= high:
                rule, remedy = "the central value lies inside its range", "give the range as low to high"
                found.append(Problem(file="priors", key=name, value=text, rule=rule, remedy=remedy))
            elif shape == "loguniform" and low <= 0:
                rule, remedy = "a loguniform range is above zero", "use the shape uniform"
                found.append(Problem(file="priors", key=name, value=text, rule=rule, remedy=remedy))
        return found

    @property
    def uncertain(self) -> BoolArray:
        """Which parameters vary, shape (parameter,)."""
        free: BoolArray = np.array([shape != "fixed" for shape in self.shape], dtype=bool) & (self.high > self.low)
        return free

    def index(self, name: str) -> int:
        """Return the position of a parameter.

        Raises
        ------
        InputError
            When there is no such parameter, with the nearest names.
        """
        if name not in self.names:
            rule, remedy = "there is no such parameter", suggestion(name, self.names)
            raise InputError("", (Problem(file="parameters", key="name", value=name, rule=rule, remedy=remedy),))
        return self.names.index(name)

    def at(self, uniform: FloatArray) -> FloatArray:
        """Turn numbers between 0 and 1 into parameter values by each inverse distribution function.

        Parameters
        ----------
        uniform : array, shape (draw, parameter)

        Returns
        -------
        array, shape (draw, parameter)
        """
        free = self.uncertain
        shapes = np.array(self.shape)
        values = np.repeat(self.value[None, :], uniform.shape[0], axis=0)
        for shape in np.unique(shapes[free]):
            columns = np.flatnonzero(free & (shapes == shape))
            corners = (self.low[columns], self.value[columns], self.high[columns])
            values[:, columns] = _inverse(uniform[:, columns], corners, str(shape))
        return values


def _inverse(uniform: FloatArray, corners: tuple[FloatArray, FloatArray, FloatArray], shape: str) -> FloatArray:
    """Turn columns of one shape into values; ``corners`` are low, mode and high of every column."""
    low, mode, high = corners
    if shape == "uniform":
        result = low + uniform * (high - low)
    elif shape == "loguniform":
        result = low * np.exp(uniform * np.log(high / low))
    else:
        left = (mode - low) / (high - low)
        rising = low + np.sqrt(uniform * (high - low) * (mode - low))
        falling = high - np.sqrt((1.0 - uniform) * (high - low) * (high - mode))
        result = np.where(uniform < left, rising, falling)
    return np.clip(result, low, high)
