"""The register of results: every consumer (store, summary, report) is generic over it.

>>> VARIABLE["cash"].dims, VARIABLE["utilisation"].dims, VARIABLE["regime"].dims
(('quarter', 'entity'), ('quarter',), ())
"""

from __future__ import annotations

from dataclasses import dataclass

from cardhouse.model.layout import Layout, fields_of
from cardhouse.model.outputs_layout import DrawOutputs, QuarterOutputs


@dataclass(frozen=True)
class Variable:
    """One result of the model.

    Parameters
    ----------
    name, unit, long_name : str
        Name in arrays and files, unit, words for a chart.
    dims : tuple of str
        Axes after ``draw``: ``quarter``, ``entity``, ``channel``, ``definition``.
    dtype : str
        Element type as NumPy writes it.
    block : str
        Letter of the block that produces it; empty for bookkeeping.
    symbol : str
        Symbol of the specification; empty when it has none.
    """

    name: str
    unit: str
    long_name: str
    dims: tuple[str, ...]
    dtype: str
    block: str
    symbol: str = ""


SYMBOLS: dict[str, str] = {
    "cash": "M",
    "debt": "B",
    "market_value": "V",
    "book_equity": "Eq",
    "capacity": "K",
    "orders": "O",
    "utilisation": "u",
    "compute_price": "p",
    "contract_price": "p^c",
    "long_run_price": r"\bar p",
    "used_chip_index": "q",
    "compute_demand": "D",
    "credit_spread": "z",
    "lending_standard": "r",
    "sentiment": "S",
    "venture_gate": "G",
    "gdp_gap": "gap",
    "loop_gain": "R_{loop}",
    "adopters": "y",
    "pilots": "x",
    "users": "U",
    "contribution_per_user": r"\mu",
    "expected_growth": "g^e",
    "spread": "s",
    "enterprise_spending": "Y^E",
    "consumer_spending": "Y^C",
    "recovery_rate": "rec",
}


def _variables(layout: type[Layout], first: tuple[str, ...]) -> tuple[Variable, ...]:
    found = []
    for name, (kind, field) in fields_of(layout).items():
        axes = tuple("entity" if axis == "agent" else axis for axis in field.dimensions)
        size = "<i4" if kind is int else ("<f4" if axes and first else "<f8")
        long_name = field.meaning
        found.append(Variable(name, field.unit, long_name, first + axes, size, field.block, SYMBOLS.get(name, "")))
    return tuple(found)


QUARTER_VARIABLES: tuple[Variable, ...] = _variables(QuarterOutputs, ("quarter",))
DRAW_VARIABLES: tuple[Variable, ...] = _variables(DrawOutputs, ())
OUTPUTS: tuple[Variable, ...] = QUARTER_VARIABLES + DRAW_VARIABLES
VARIABLE: dict[str, Variable] = {variable.name: variable for variable in OUTPUTS}
