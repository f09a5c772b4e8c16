"""Equation numbers on results back into identifiers and words."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from cardhouse.model import blocks, equations
from cardhouse.model.equation import EQUATIONS, equation_id


@functools.cache
def _load_register() -> None:
    """Import every module that registers equations, so that their first lines can be quoted."""
    for package in (equations, blocks):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def equation_of(code: int) -> str:
    """Return the identifier of the equation with a number; empty when nothing was recorded.

    >>> equation_of(7000), equation_of(-1)
    ('G0', '')
    """
    return equation_id(code) if 1000 <= code < 27000 else ""


IN_WORDS: dict[str, str] = {
    "J1": "unable to pay what is due",
    "J1c": "worth less than its debts",
    "G7": "in breach of a covenant",
}
"""What it means for a firm that one of these equations decided its default."""


def meaning_of(code: int) -> str:
    """Say what an equation that decided a default means; else the first line of its description, empty if unknown.

    >>> meaning_of(10010), meaning_of(7000)
    ('unable to pay what is due', 'Interest due in a quarter on debt at a rate per year')
    """
    words = IN_WORDS.get(equation_of(code))
    if words is not None:
        return words
    _load_register()
    found = EQUATIONS.get(equation_of(code))
    return "" if found is None else found.summary.rstrip(".")
