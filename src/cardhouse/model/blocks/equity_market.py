"""Block H: news, share prices and sentiment."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.gates import Gates
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World


@compiled
def draw_news(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Draw this quarter's news (H5)."""


@compiled
def reprice(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move share prices (H1, H3, H4) and the index (H6)."""


@compiled
def update_sentiment(w: World, gate: Gates, par: Parameters, shock: Shock, s: State) -> None:
    """Move sentiment (H2) and forced sales (H7)."""
