"""What an ensemble needs to know of a model: a world that turns parameter rows and draw numbers into arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray


class OutputVariable(Protocol):
    """One output of a world; the register of the model's variables has this shape.

    ``dims`` names the axes after the draw, for example ``("quarter", "entity")``; ``dtype`` is a NumPy type name.
    """

    @property
    def name(self) -> str:
        """Name, the key of the result."""

    @property
    def unit(self) -> str:
        """Unit, for example ``USD bn``."""

    @property
    def long_name(self) -> str:
        """What it is, in words."""

    @property
    def dims(self) -> tuple[str, ...]:
        """Axes after the draw."""

    @property
    def dtype(self) -> str:
        """NumPy type name."""


@runtime_checkable
class World(Protocol):
    """A stochastic model that can be run for any set of draws, in any grouping, with the same result per draw.

    A world travels to worker processes, so it can be pickled; it holds no open file and no global state.
    """

    @property
    def outputs(self) -> tuple[OutputVariable, ...]:
        """The register of output variables."""

    @property
    def coordinates(self) -> Mapping[str, tuple[str, ...]]:
        """Labels along every axis that occurs in ``outputs``."""

    @property
    def fingerprint(self) -> str:
        """A hash of everything that the results depend on, apart from parameters, draws and code."""

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> Mapping[str, AnyArray]:
        """Run the draws.

        Parameters
        ----------
        parameters : array, shape (draw, parameter)
            One row of parameter values per draw.
        draw_ids : array of int, shape (draw,)
            Number of the random stream (the news) of each draw.

        Returns
        -------
        mapping of str to array
            For every output variable an array of shape ``(draw, *dims)``.
        """


def shape_of(variable: OutputVariable, coordinates: Mapping[str, tuple[str, ...]]) -> tuple[int, ...]:
    """Return the shape of one draw of a variable."""
    return tuple(len(coordinates[dimension]) for dimension in variable.dims)


def is_integer(variable: OutputVariable) -> bool:
    """Tell whether a variable counts or labels (integers, truth values), so that its values are exact."""
    return np.dtype(variable.dtype).kind in "iub"
