"""Block I: stakes that firms hold in one another."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.gates import Gates
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World


@compiled
def mark_stakes(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Value stakes through the network (I1, I2) and book the gains (F7) into ``marks`` and ``stake_book``."""
