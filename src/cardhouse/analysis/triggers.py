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


def meaning_of(code: int) -> str:
    """Return the first line of an equation's description; empty when it is not registered.

    >>> meaning_of(7000)
    'Interest due in a quarter on debt at a rate per year'
    """
    _load_register()
    found = EQUATIONS.get(equation_of(code))
    return "" if found is None else found.summary.rstrip(".")
