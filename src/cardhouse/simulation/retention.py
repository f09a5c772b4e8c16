"""Which outputs are kept draw by draw, and which only as distributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cardhouse.basics.errors import InputError, Problem
from cardhouse.simulation.world import OutputVariable, is_integer

KEEP = ("auto", "paths", "draws")
PATHS_UP_TO = 2_000
RESULT_CODE = "result_code"


def decide(keep: str, draws: int) -> str:
    """Turn the request into ``paths`` (everything of every draw) or ``draws`` (scalars and labels per draw).

    >>> decide("auto", 500), decide("auto", 100_000), decide("paths", 100_000)
    ('paths', 'draws', 'paths')
    """
    if keep not in KEEP:
        rule = f"what to keep is one of {', '.join(KEEP)}"
        raise InputError("", (Problem(file="run", key="keep", value=keep, rule=rule),))
    if keep == "auto":
        return "paths" if draws <= PATHS_UP_TO else "draws"
    return keep


@dataclass(frozen=True)
class Retention:
    """What a run keeps.

    Parameters
    ----------
    keep : str
        ``paths`` (every variable of every draw) or ``draws`` (scalars and labels per draw, distributions of the rest).
    also : tuple of str
        Variables kept draw by draw in any case.
    """

    keep: str
    also: tuple[str, ...] = ()

    def kept(self, outputs: Sequence[OutputVariable]) -> tuple[OutputVariable, ...]:
        """Return the variables stored draw by draw."""
        if self.keep == "paths":
            return tuple(outputs)
        return tuple(
            item
            for item in outputs
            if not item.dims or item.name in self.also or (is_integer(item) and "quarter" not in item.dims)
        )

    def sketched(self, outputs: Sequence[OutputVariable]) -> tuple[OutputVariable, ...]:
        """Return the variables stored as distributions only: the rest."""
        names = {item.name for item in self.kept(outputs)}
        return tuple(item for item in outputs if item.name not in names)
