"""Shock paths: a scenario as arrays, one value per variable and quarter, ready for compiled code."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.quarter import Quarter
from cardhouse.scenarios.variables import ENTITY_VARIABLES, GLOBAL_VARIABLES


@dataclass(frozen=True, eq=False)
class ShockPaths:
    """What is done to the world, quarter by quarter.

    Parameters
    ----------
    quarters : tuple of Quarter
        The simulated quarters in order. The first one, ``q1`` in scenario files, follows the base quarter and has
        position 0.
    entities : tuple of str
        Identifiers of the entities, in the order of the model's world.
    global_ : array, shape (variable, quarter)
        Row ``G_<NAME>`` of :mod:`cardhouse.scenarios.variables`. Read-only.
    entity : array, shape (variable, quarter, entity)
        Row ``E_<NAME>``. Read-only.
    names : tuple of str
        The scenarios that were composed into these paths; empty for the null shock.

    Examples
    --------
    >>> from cardhouse.scenarios.variables import G_SENTIMENT, G_SPOT_PRICE
    >>> calm = neutral_paths([Quarter(2026, 1), Quarter(2026, 2)], ["acme", "bolt"])
    >>> calm.global_[G_SPOT_PRICE].tolist(), calm.global_[G_SENTIMENT].tolist(), calm.is_neutral
    ([1.0, 1.0], [0.0, 0.0], True)
    """

    quarters: tuple[Quarter, ...]
    entities: tuple[str, ...]
    global_: FloatArray
    entity: FloatArray
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse arrays of the wrong shape, and keep the arrays from being changed."""
        want_global = (len(GLOBAL_VARIABLES), len(self.quarters))
        want_entity = (len(ENTITY_VARIABLES), len(self.quarters), len(self.entities))
        if self.global_.shape != want_global or self.entity.shape != want_entity:
            found = f"{self.global_.shape} and {self.entity.shape}"
            msg = f"shock paths have shapes {found}, not {want_global} and {want_entity}"
            raise ValueError(msg)
        self.global_.setflags(write=False)
        self.entity.setflags(write=False)

    @property
    def is_neutral(self) -> bool:
        """Tell whether these paths do nothing at all."""
        calm = neutral_paths(self.quarters, self.entities)
        return bool(
            np.array_equal(self.global_, calm.global_, equal_nan=True)
            and np.array_equal(self.entity, calm.entity, equal_nan=True)
        )

    @property
    def digest(self) -> str:
        """Return a SHA-256 over quarters, entities and values, for the manifest of a run."""
        text = " ".join([*map(str, self.quarters), *self.entities])
        content = hashlib.sha256(text.encode())
        content.update(np.ascontiguousarray(self.global_, dtype="<f8").tobytes())
        content.update(np.ascontiguousarray(self.entity, dtype="<f8").tobytes())
        return content.hexdigest()


def neutral_paths(quarters: Sequence[Quarter], entities: Sequence[str]) -> ShockPaths:
    """Build the null shock: every variable at its neutral value in every quarter.

    Parameters
    ----------
    quarters : sequence of Quarter
        The simulated quarters.
    entities : sequence of str
        Identifiers of the entities.

    Examples
    --------
    >>> neutral_paths([Quarter(2026, 1)], []).entity.shape == (len(ENTITY_VARIABLES), 1, 0)
    True
    """
    global_ = np.empty((len(GLOBAL_VARIABLES), len(quarters)))
    entity = np.empty((len(ENTITY_VARIABLES), len(quarters), len(entities)))
    for row, variable in enumerate(GLOBAL_VARIABLES):
        global_[row] = variable.neutral
    for row, variable in enumerate(ENTITY_VARIABLES):
        entity[row] = variable.neutral
    return ShockPaths(tuple(quarters), tuple(entities), global_, entity)
