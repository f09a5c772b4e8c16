"""Arithmetic that a cell carries as text: read, checked and recomputed, without ever running code from a file.

A formula may use numbers, ``+ - * /``, brackets, names of cells, and three sums::

    debt_total * interest_rate / 400             items of the same agent
    openai.commitment_given_to_oracle            an item of another agent
    sum("commitment_given_to_*")                 all items of the same agent that match
    across("energised_ai_capacity_gw")           one item over all agents
    holdings("stake_in_*", "market_value")       stakes in percent times a figure of each company owned
"""

from __future__ import annotations

import ast
import fnmatch
import math
from collections.abc import Callable, Mapping
from functools import lru_cache

MAX_FORMULA_LENGTH = 1000
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


class FormulaError(ValueError):
    """A formula that cannot be read, or that names a cell which is not there or unknown."""


class Cells:
    """The cells that formulas may read.

    Parameters
    ----------
    items : mapping of agent to mapping of item to value
        None means unknown.
    formulas : mapping of (agent, item) to str
        Formulas of the cells that are computed.

    Examples
    --------
    >>> cells = Cells({"acme": {"debt": 200.0, "rate": 5.0, "interest": None}},
    ...               {("acme", "interest"): "debt * rate / 400"})
    >>> cells.value("acme", "interest")
    2.5
    """

    def __init__(
        self, items: Mapping[str, Mapping[str, float | None]], formulas: Mapping[tuple[str, str], str]
    ) -> None:
        self._items = items
        self._formulas = formulas
        self._computed: dict[tuple[str, str], float] = {}
        self._open: set[tuple[str, str]] = set()

    def value(self, agent: str, item: str) -> float:
        """Return the value of a cell, computed from its formula when it has one.

        Raises
        ------
        FormulaError
            When the cell is absent or unknown, or its formulas run in a circle.
        """
        key = (agent, item)
        if key in self._computed:
            return self._computed[key]
        formula = self._formulas.get(key)
        if formula is None:
            return self._stated(agent, item)
        if key in self._open:
            raise FormulaError(f"the formulas run in a circle through {agent}.{item}")
        self._open.add(key)
        try:
            result = _evaluate(_parse(formula), agent, self)
        finally:
            self._open.discard(key)
        if not math.isfinite(result):
            raise FormulaError("the result is not finite")
        self._computed[key] = result
        return result

    def _stated(self, agent: str, item: str) -> float:
        if agent not in self._items:
            raise FormulaError(f"there is no agent '{agent}'")
        if item not in self._items[agent]:
            raise FormulaError(f"'{agent}' has no item '{item}'")
        value = self._items[agent][item]
        if value is None:
            raise FormulaError(f"{agent}.{item} is unknown")
        return value

    def matching(self, agent: str, pattern: str) -> list[str]:
        """Return the items of an agent that match a pattern."""
        return [item for item in self._items.get(agent, {}) if fnmatch.fnmatchcase(item, pattern)]

    def holders_of(self, item: str) -> list[str]:
        """Return the agents that have an item."""
        return [agent for agent, items in self._items.items() if item in items]


@lru_cache(maxsize=4096)
def _parse(formula: str) -> ast.expr:
    if len(formula) > MAX_FORMULA_LENGTH:
        raise FormulaError(f"a formula has at most {MAX_FORMULA_LENGTH} characters")
    try:
        return ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError("the formula is not arithmetic") from None


def check_formula(formula: str) -> None:
    """Raise FormulaError unless the text is arithmetic of the kind described above.

    >>> check_formula("2 ** 9")
    Traceback (most recent call last):
    ...
    cardhouse.facts.derivation.FormulaError: a formula uses numbers, names, + - * / and the sums only
    """
    _check(_parse(formula))


def _check(node: ast.expr) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        _check(node.left)
        _check(node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        _check(node.operand)
    elif not (_is_number(node) or _cell_of(node, "") is not None or _call_of(node) is not None):
        raise FormulaError("a formula uses numbers, names, + - * / and the sums only")


def _is_number(node: ast.expr) -> bool:
    # A boolean is an int in Python and no number in a formula.
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _cell_of(node: ast.expr, agent: str) -> tuple[str, str] | None:
    if isinstance(node, ast.Name):
        return agent, node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id, node.attr
    return None


def _call_of(node: ast.expr) -> tuple[str, list[str]] | None:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords):
        return None
    words = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    wanted = {"sum": 1, "across": 1, "holdings": 2}.get(node.func.id)
    return (node.func.id, words) if wanted == len(words) == len(node.args) else None


def _evaluate(node: ast.expr, agent: str, cells: Cells) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _evaluate(node.left, agent, cells), _evaluate(node.right, agent, cells)
        try:
            return _OPERATORS[type(node.op)](left, right)
        except ZeroDivisionError:
            raise FormulaError("the formula divides by zero") from None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand, agent, cells)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    cell = _cell_of(node, agent)
    if cell is not None:
        return cells.value(*cell)
    call = _call_of(node)
    if call is not None:
        return _sum(call[0], call[1], agent, cells)
    raise FormulaError("a formula uses numbers, names, + - * / and the sums only")


def _sum(name: str, words: list[str], agent: str, cells: Cells) -> float:
    if name == "across":
        return math.fsum(cells.value(other, words[0]) for other in cells.holders_of(words[0]))
    matches = cells.matching(agent, words[0])
    if name == "sum":
        return math.fsum(cells.value(agent, item) for item in matches)
    prefix = words[0].rstrip("*")
    return math.fsum(
        cells.value(agent, item) / 100 * cells.value(item.removeprefix(prefix), words[1]) for item in matches
    )


def cells_read(formula: str, agent: str) -> tuple[tuple[str, str], ...]:
    """Return the cells that a formula reads, as (agent, item); a star stands for any agent or any ending of an item.

    >>> cells_read("bank.cash + sum('debt_due_*')", "acme")
    (('bank', 'cash'), ('acme', 'debt_due_*'))
    """
    found: list[tuple[str, str]] = []
    _collect_cells(_parse(formula), agent, found)
    return tuple(dict.fromkeys(found))


def _collect_cells(node: ast.expr, agent: str, found: list[tuple[str, str]]) -> None:
    cell = _cell_of(node, agent)
    call = _call_of(node)
    if cell is not None:
        found.append(cell)
    elif call is not None:
        name, words = call
        found.append(("*" if name == "across" else agent, words[0]))
        found.extend(("*", word) for word in words[1:])
    elif isinstance(node, ast.BinOp):
        _collect_cells(node.left, agent, found)
        _collect_cells(node.right, agent, found)
    elif isinstance(node, ast.UnaryOp):
        _collect_cells(node.operand, agent, found)
