"""The opening of a draw on the financial side: spreads, sentiment, plans, holders."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.gates import Gates
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import World


@compiled
def open_finance(w: World, gate: Gates, par: Parameters, s: State) -> None:
    """Set the variables of blocks F to L at the start; the real side is already set."""
