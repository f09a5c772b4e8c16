"""The register of equations: each is a pure function of numbers with an id, a unit and a source, compiled where used.

>>> interest = registered("G0")
>>> interest.function(100.0, 0.08)
2.0
>>> equation_code("G0"), equation_id(equation_code("G0"))
(7000, 'G0')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from cardhouse.basics.compiled import compiled

F = TypeVar("F", bound=Callable[..., float])

_ID = re.compile(r"([A-Z])(\d{1,2})([a-z]?)")


@dataclass(frozen=True)
class Equation:
    """One registered equation.

    Parameters
    ----------
    id : str
        Letter of the block, number, and a small letter for a part: ``A1``, ``G3b``.
    symbol : str
        The left-hand side in mathematical notation (LaTeX without dollar signs).
    formula : str
        The right-hand side in the same notation; empty when the docstring says it in words.
    unit : str
        Unit of the result.
    source : str
        Paper with equation number, or ``own`` with the reason.
    function : callable
        The function itself, compiled unless ``CARDHOUSE_COMPILE=0``.
    summary : str
        First line of its docstring.
    """

    id: str
    symbol: str
    formula: str
    unit: str
    source: str
    function: Callable[..., float]
    summary: str

    @property
    def block(self) -> str:
        """Letter of the block."""
        return self.id[0]


EQUATIONS: dict[str, Equation] = {}


def equation(*, id: str, symbol: str, unit: str, source: str, formula: str = "") -> Callable[[F], F]:
    """Register and compile one equation.

    Parameters
    ----------
    id, symbol, unit, source, formula : str
        See :class:`Equation`.

    Raises
    ------
    ValueError
        If the id is malformed or taken.
    """

    def register(function: F) -> F:
        if _ID.fullmatch(id) is None or id in EQUATIONS:
            msg = f"equation id '{id}' is malformed or taken"
            raise ValueError(msg)
        ready = compiled(function)
        summary = (function.__doc__ or "").strip().splitlines()[0]
        EQUATIONS[id] = Equation(id, symbol, formula, unit, source, ready, summary)
        return ready

    return register


def registered(id: str) -> Equation:
    """Return a registered equation; raise ``KeyError`` for an unknown id."""
    return EQUATIONS[id]


def equation_code(id: str) -> int:
    """Turn an equation id into the number that a posting carries: ``G3b`` is 7000 + 30 + 2."""
    found = _ID.fullmatch(id)
    if found is None:
        msg = f"'{id}' is not an equation id"
        raise ValueError(msg)
    part = ord(found[3]) - ord("a") + 1 if found[3] else 0
    return (ord(found[1]) - ord("A") + 1) * 1000 + int(found[2]) * 10 + part


def equation_id(code: int) -> str:
    """Turn the number on a posting back into an equation id."""
    letter, rest = divmod(code, 1000)
    number, part = divmod(rest, 10)
    return f"{chr(ord('A') + letter - 1)}{number}{chr(ord('a') + part - 1) if part else ''}"


@equation(
    id="G0",
    symbol=r"\mathrm{interest}_i",
    formula=r"B_i\, r_i / 4",
    unit="USD bn per quarter",
    source="simple interest; definition",
)
def interest_due(debt: float, rate_annual: float) -> float:
    """Interest due in a quarter on debt at a rate per year."""
    return debt * rate_annual / 4.0


def signature_of(found: Equation) -> tuple[str, ...]:
    """Return the argument names of an equation, in order."""
    plain: Any = getattr(found.function, "py_func", found.function)
    return tuple(plain.__code__.co_varnames[: plain.__code__.co_argcount])
