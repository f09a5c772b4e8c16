"""One shock: a variable, whom it hits, when it begins, its shape over time and its size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.quarter import Quarter
from cardhouse.scenarios.target import TargetFilter
from cardhouse.scenarios.variables import ShockVariable

Shape = Literal["step", "pulse", "ramp", "decay", "path"]
Then = Literal["hold", "neutral"]
Basis = Literal["reported", "literature", "assumed"]
LAST_RELATIVE_QUARTER = 200


@dataclass(frozen=True)
class Moment:
    """A quarter, counted from the beginning of the simulation or by the calendar.

    Parameters
    ----------
    offset : int, optional
        Position from the first simulated quarter: ``q1`` is 0.
    quarter : Quarter, optional
        A calendar quarter. Exactly one of the two is given.

    Examples
    --------
    >>> Moment.parse("q6").position(Quarter(2026, 1)), Moment.parse("2027Q2").position(Quarter(2026, 1))
    (5, 5)
    """

    offset: int | None = None
    quarter: Quarter | None = None

    @classmethod
    def parse(cls, text: str) -> Moment:
        """Read ``q6`` or ``2027Q2``; raise ``ValueError`` otherwise."""
        word = text.strip()
        if word[:1] in ("q", "Q") and word[1:].isascii() and word[1:].isdigit():
            number = int(word[1:]) if len(word) <= 6 else LAST_RELATIVE_QUARTER + 1
            if not 1 <= number <= LAST_RELATIVE_QUARTER:
                msg = f"simulated quarters run from q1 to q{LAST_RELATIVE_QUARTER}"
                raise ValueError(msg)
            return cls(offset=number - 1)
        try:
            return cls(quarter=Quarter.parse(word))
        except ValueError:
            msg = "a quarter is written q6 (the sixth simulated one) or 2027Q2"
            raise ValueError(msg) from None

    def position(self, first: Quarter) -> int:
        """Return the position in the simulation whose first quarter is ``first``; negative before it."""
        if self.quarter is not None:
            return self.quarter - first
        return self.offset or 0

    def later(self, quarters: int) -> Moment:
        """Return the moment ``quarters`` later."""
        if self.quarter is not None:
            return Moment(quarter=self.quarter + quarters)
        return Moment(offset=(self.offset or 0) + quarters)

    def __str__(self) -> str:
        """Write the moment as in a scenario file."""
        return str(self.quarter) if self.quarter is not None else f"q{(self.offset or 0) + 1}"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Where the size of a shock comes from."""

    title: str
    address: str = ""
    date: str = ""


@dataclass(frozen=True, kw_only=True)
class Shock:
    """One shock, checked.

    Parameters
    ----------
    variable : ShockVariable
        What is changed.
    target : TargetFilter, optional
        Whom it hits; None for a global variable.
    start : Moment
        First quarter of the shock.
    shape : {"step", "pulse", "ramp", "decay", "path"}
        ``step``: full size from start to end. ``pulse``: full size for ``quarters``. ``ramp``: in a straight line from
        neutral to full size over ``quarters``, then held to the end. ``decay``: full size at the start, the distance to
        neutral halving every ``half_life`` quarters. ``path``: the values given, one a quarter, then as ``then`` says.
    size : float
        Full size in the variable's unit; NaN for a path.
    values : tuple of float
        Values of a path.
    quarters : int
        Length of a pulse or ramp.
    half_life : float
        Quarters, for a decay.
    then : {"hold", "neutral"}
        What follows the last value of a path.
    end : Moment, optional
        Last quarter of the shock; None for no end.
    basis : {"reported", "literature", "assumed"}
        Where the size comes from.
    rationale : str
        Why this size.
    references : tuple of Reference
        Outside references for the size.

    Examples
    --------
    >>> from cardhouse.scenarios.variables import VARIABLE_BY_NAME
    >>> price = VARIABLE_BY_NAME["spot_price"]
    >>> ramp = Shock(variable=price, start=Moment(offset=1), shape="ramp", size=0.6, quarters=2)
    >>> ramp.over(5, Quarter(2026, 1)).tolist()
    [1.0, 0.8, 0.6, 0.6, 0.6]
    """

    variable: ShockVariable
    start: Moment
    shape: Shape
    size: float = math.nan
    target: TargetFilter | None = None
    values: tuple[float, ...] = ()
    quarters: int = 1
    half_life: float = 1.0
    then: Then = "neutral"
    end: Moment | None = None
    basis: Basis = "assumed"
    rationale: str = ""
    references: Sequence[Reference] = field(default_factory=tuple)

    def over(self, count: int, first: Quarter) -> FloatArray:
        """Return the value of the variable in each of ``count`` quarters beginning with ``first``; neutral outside.

        Parameters
        ----------
        count : int
            Number of simulated quarters.
        first : Quarter
            The first simulated quarter.

        Returns
        -------
        array, shape (quarter,)
        """
        result = np.full(count, self.variable.neutral)
        begin = self.start.position(first)
        stop = count if self.end is None else min(count, self.end.position(first) + 1)
        for position in range(max(begin, 0), stop):
            result[position] = self._at(position - begin)
        return result

    def active(self, count: int, first: Quarter) -> range:
        """Return the positions of the quarters in which the shock acts."""
        begin = self.start.position(first)
        stop = count if self.end is None else min(count, self.end.position(first) + 1)
        if self.shape == "pulse":
            stop = min(stop, begin + self.quarters)
        if self.shape == "path" and self.then == "neutral":
            stop = min(stop, begin + len(self.values))
        return range(max(begin, 0), max(stop, begin, 0))

    def _at(self, age: int) -> float:
        neutral = self.variable.neutral
        if self.shape == "pulse":
            return self.size if age < self.quarters else neutral
        if self.shape == "ramp":
            return neutral + (self.size - neutral) * min(1.0, (age + 1) / self.quarters)
        if self.shape == "decay":
            return neutral + (self.size - neutral) * float(0.5 ** (age / self.half_life))
        if self.shape == "path":
            return self._of_path(age)
        return self.size

    def _of_path(self, age: int) -> float:
        if age < len(self.values):
            return self.values[age]
        return self.values[-1] if self.then == "hold" else self.variable.neutral

    def describe_size(self) -> str:
        """Write the size for people: ``x 0.6``, ``+400 bp``, ``= 0.3``.

        >>> from cardhouse.scenarios.variables import VARIABLE_BY_NAME
        >>> spread = VARIABLE_BY_NAME["credit_spread"]
        >>> Shock(variable=spread, start=Moment(offset=0), shape="step", size=0.04).describe_size()
        '+400 bp a year'
        """
        if self.shape == "path":
            return f"{len(self.values)} values from {self._number(self.values[0])}"
        return self._number(self.size)

    def _number(self, value: float) -> str:
        unit = self.variable.unit
        if self.variable.operation == "multiply":
            return f"× {value:.4g}"
        sign = "= " if self.variable.operation == "set" else ""
        form = ".4g" if sign else "+.4g"
        if unit == "per year":
            return f"{sign}{value * 1e4:{form}} bp a year"
        if unit == "per quarter" or unit.startswith("share"):
            return f"{sign}{value * 100:{form}} %"
        if unit == "switch":
            return "on" if value else "off"
        return f"{sign}{value:{form}} {unit}"

    def describe_time(self) -> str:
        """Write when the shock acts, for people."""
        if self.shape == "pulse":
            return f"{self.start}, {self.quarters} q"
        if self.shape == "ramp":
            text = f"{self.start}, reached in {self.quarters} q"
        elif self.shape == "decay":
            text = f"{self.start}, halving every {self.half_life:g} q"
        elif self.shape == "path":
            text = f"{self.start}, {len(self.values)} q, then {self.then}"
        else:
            text = f"from {self.start}"
        return f"{text}, to {self.end}" if self.end is not None else text
