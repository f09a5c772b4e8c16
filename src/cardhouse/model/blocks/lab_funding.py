"""Block F: how laboratories and other young firms raise equity."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Ledger
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World


@compiled
def raise_rounds(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Sell new shares of laboratories to outside and strategic investors (F1 to F8)."""
