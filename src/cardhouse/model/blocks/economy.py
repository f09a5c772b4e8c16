"""Block K: holders, households and the economy."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Ledger
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World


@compiled
def update_economy(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Book holders' losses, move consumption and output (K1 to K4)."""
