"""What the user changed in a run: mechanisms switched off and parameters set."""

from __future__ import annotations

from cardhouse.simulation.results import Run


def changed_in(run: Run) -> tuple[str, ...]:
    """Return what was switched off and set in a run, in words: ``marks off``, ``tax_rate 0.2 to 0.3``."""
    request = run.manifest["request"]
    off = [f"{gate} off" for gate in request.get("off", ())]
    settings = request.get("settings", ())
    return tuple(off + [f"{name} {low:g}" + (f" to {high:g}" if high != low else "") for name, low, high in settings])
