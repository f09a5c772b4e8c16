"""Block L: policy levers that move money."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Ledger
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World


@compiled
def pull_levers(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Pay out public support before settlement (L)."""
