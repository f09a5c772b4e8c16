"""Hedge, speculative and Ponzi finance: which part of the sector's debt each class owes, by three definitions.

Hedge: cash from operations covers interest and principal. Speculative: interest only. Ponzi: not even interest. The
definitions differ in what counts as debt service (Davis, de Souza and Hernandez 2019; Mulligan 2013; commitments
counted as debt service). The classes move in long waves: do not read a single quarter.
"""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.records import MinskyShares, number
from cardhouse.basics.arrays import AnyArray
from cardhouse.simulation.results import Run


def minsky_shares(run: Run, cast: Cast) -> tuple[MinskyShares, ...]:
    """Return the part of debt by class for each definition; empty when the run kept no paths.

    The part is the mean over draws of debt-weighted shares; firms without a class are left out.
    """
    if not has_draws(run, "minsky_class", "debt"):
        return ()
    operating = list(cast.places(OPERATING_ROLES))
    classes = good_draws(run, "minsky_class")[:, :, operating, :]
    debt = np.nan_to_num(np.asarray(good_draws(run, "debt")[:, :, operating], dtype=np.float64))
    return tuple(
        _by_definition(classes[..., place], debt, name) for place, name in enumerate(run.coordinates["definition"])
    )


def _by_definition(classes: AnyArray, debt: AnyArray, definition: str) -> MinskyShares:
    weight = np.where(classes >= 0, debt, 0.0)
    total = weight.sum(axis=(0, 2))
    parts = []
    for kind in range(3):
        mine = np.where(classes == kind, weight, 0.0).sum(axis=(0, 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            parts.append(tuple(number(value) for value in mine / total))
    return MinskyShares(definition=definition, hedge=parts[0], speculative=parts[1], ponzi=parts[2])
