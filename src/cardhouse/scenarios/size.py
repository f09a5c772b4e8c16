"""How large a shock is: numbers in the unit of the variable, or text with ``bp``, ``pp`` or ``%``."""

from __future__ import annotations

import math
import re

from cardhouse.scenarios.variables import ShockVariable

_TEXT = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(bp|pp|%)")
_SCALE = {"bp": 1e-4, "pp": 1e-2, "%": 1e-2}
_PERCENT_UNITS = ("share", "per year", "per quarter", "factor")


class SizeError(ValueError):
    """A size that the variable cannot take; ``args`` are the rule and the remedy."""


def parse_size(value: float | str, variable: ShockVariable) -> float:
    """Turn a size as it stands in a file into a number in the variable's unit.

    Parameters
    ----------
    value : float or str
        A number in the variable's unit, or text such as ``+400 bp``, ``-20 pp`` or ``60 %``.
    variable : ShockVariable
        What is changed.

    Raises
    ------
    SizeError
        When the text is no size, is not finite, or lies outside the variable's limits.

    Examples
    --------
    >>> from cardhouse.scenarios.variables import VARIABLE_BY_NAME
    >>> parse_size("+400 bp", VARIABLE_BY_NAME["credit_spread"])
    0.04
    >>> parse_size("60 %", VARIABLE_BY_NAME["spot_price"])
    0.6
    """
    number = _number(value, variable)
    if not math.isfinite(number):
        raise SizeError("a size is a finite number", "write a number; leave the shock out if it is unknown")
    if number < variable.lower or number > variable.upper:
        raise SizeError(_limits(variable), _remedy(number, variable))
    if variable.unit == "switch" and number not in (0.0, 1.0):
        raise SizeError("a switch is 0 or 1", "write 1 to turn it on")
    return number


def _number(value: float | str, variable: ShockVariable) -> float:
    if isinstance(value, bool):
        raise SizeError("a size is a number, not yes or no", "write 0 or 1")
    if isinstance(value, int | float):
        return float(value)
    found = _TEXT.fullmatch(value.strip())
    if found is None:
        raise SizeError("it is not a size", "write a number, or a number with bp, pp or %, for example +400 bp")
    number, unit = float(found[1]), found[2]
    per_cent_ok = variable.unit.startswith(_PERCENT_UNITS)
    if not per_cent_ok or (unit != "%" and variable.unit == "factor"):
        raise SizeError(f"{variable.name} is counted in {variable.unit}, not in {unit}", "write the plain number")
    return round(number * _SCALE[unit], 15)


def _limits(variable: ShockVariable) -> str:
    if variable.unit.startswith("share") and variable.upper == 1.0 and variable.lower == 0.0:
        return f"{variable.name} is a share: at least 0 and at most 1 (100 %)"
    return f"{variable.name} lies between {variable.lower:g} and {variable.upper:g} ({variable.unit})"


def _remedy(number: float, variable: ShockVariable) -> str:
    if variable.operation == "multiply" and number < 0:
        return "write the factor that remains: 0.6 for a fall by 40 %"
    if variable.unit.startswith(("share", "per")) and abs(number) > variable.upper:
        return f"write {number / 100:g} or '{number:g} %' if per cent was meant" if abs(number) <= 100 else "check it"
    return "bring it inside these limits"
