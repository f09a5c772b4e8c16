"""The register of parameters and the set of values and ranges that a case gives them.

>>> PARAMETERS[0].name, PARAMETERS[0].unit
('addressable_spend', 'USD bn per year')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import ModelError, Problem, raise_if_any
from cardhouse.basics.identifiers import suggestion
from cardhouse.model.layout import dtype_of, fields_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.parameter_limits import LIMITS

SHAPES: tuple[str, ...] = ("uniform", "triangular", "loguniform", "fixed")
"""Shapes of a prior between its low and high; ``triangular`` peaks at the value; ``fixed`` does not vary."""


@dataclass(frozen=True)
class ParameterSpec:
    """A parameter that the model has: its name, unit, block, meaning and hard limits."""

    name: str
    unit: str
    block: str
    meaning: str
    lower: float
    upper: float


PARAMETERS: tuple[ParameterSpec, ...] = tuple(
    ParameterSpec(name, field.unit, field.block, field.meaning, *LIMITS[name])
    for name, (_, field) in fields_of(Parameters).items()
)
PARAMETER_NAMES: tuple[str, ...] = tuple(spec.name for spec in PARAMETERS)
PARAMETER_PLACE: dict[str, int] = {name: place for place, name in enumerate(PARAMETER_NAMES)}


@dataclass(frozen=True, eq=False)
class ParameterSet:
    """Values and ranges of all parameters, in the order of :data:`PARAMETERS`.

    Parameters
    ----------
    values, low, high : array, shape (parameter,)
        Central value and the range it is sampled from.
    shape : tuple of str
        One of :data:`SHAPES` for each parameter.
    basis : tuple of str
        ``reported``, ``derived``, ``literature``, ``assumed``.
    reason : tuple of str
        Why this value and range.
    fact_refs : tuple of str
        Facts that a value rests on, separated by blanks; empty for assumptions.
    """

    values: FloatArray
    low: FloatArray
    high: FloatArray
    shape: tuple[str, ...]
    basis: tuple[str, ...]
    reason: tuple[str, ...] = ()
    fact_refs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse sets that are incomplete or outside the hard limits, all problems at once."""
        if self.values.shape != (len(PARAMETERS),) or len(self.shape) != len(PARAMETERS):
            raise ModelError(f"a parameter set needs {len(PARAMETERS)} values, got {self.values.shape[0]}")
        raise_if_any(_problems(self), ModelError)
        for array in (self.values, self.low, self.high):
            array.setflags(write=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return PARAMETER_NAMES

    @property
    def varying(self) -> tuple[str, ...]:
        """Names of the parameters that a sample varies."""
        pairs = zip(PARAMETER_NAMES, self.shape, self.low, self.high, strict=True)
        return tuple(name for name, shape, low, high in pairs if shape != "fixed" and high > low)

    def value(self, name: str) -> float:
        """Return one central value; raise ``ModelError`` for an unknown name."""
        return float(self.values[_place(name)])

    def with_values(self, changes: Mapping[str, float | tuple[float, float]]) -> ParameterSet:
        """Return a set with some parameters fixed at a value, or sampled from another range.

        Parameters
        ----------
        changes : mapping
            Name to value (then it no longer varies) or to ``(low, high)``.
        """
        values, low, high = self.values.copy(), self.low.copy(), self.high.copy()
        shape = list(self.shape)
        for name, change in changes.items():
            place = _place(name)
            if isinstance(change, tuple):
                low[place], high[place] = change
                values[place] = min(max(values[place], change[0]), change[1])
                shape[place] = "uniform" if shape[place] == "fixed" else shape[place]
            else:
                values[place] = low[place] = high[place] = change
                shape[place] = "fixed"
        return replace(self, values=values, low=low, high=high, shape=tuple(shape))


def _place(name: str) -> int:
    if name not in PARAMETER_PLACE:
        raise ModelError(f"there is no parameter '{name}': {suggestion(name, PARAMETER_PLACE)}")
    return PARAMETER_PLACE[name]


def _problems(found: ParameterSet) -> Sequence[Problem]:
    problems = []
    for place, spec in enumerate(PARAMETERS):
        low, value, high = (float(array[place]) for array in (found.low, found.values, found.high))
        if not spec.lower <= low <= value <= high <= spec.upper:
            rule = f"low <= value <= high, all between {spec.lower} and {spec.upper} {spec.unit}"
            text = f"{low}, {value}, {high}"
            problems.append(Problem(file="parameters", key=spec.name, value=text, rule=rule, remedy="mend the prior"))
        if found.shape[place] not in SHAPES:
            rule = f"a shape is one of {', '.join(SHAPES)}"
            problems.append(Problem(file="parameters", key=spec.name, value=found.shape[place], rule=rule))
    return problems


def as_records(parameters: FloatArray) -> AnyArray:
    """View an array [draw, parameter] as one record per draw, without a copy.

    >>> rows = as_records(np.zeros((2, len(PARAMETERS))))
    >>> rows.shape, float(rows[1].adoption_ceiling)
    ((2,), 0.0)
    """
    rows = np.ascontiguousarray(parameters, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(PARAMETERS):
        raise ModelError(f"parameters have shape {rows.shape}, not (draws, {len(PARAMETERS)})")
    return rows.view(dtype_of(Parameters)).view(np.recarray).reshape(rows.shape[0])
