"""One tree of errors in the words of the field, and the record of a single problem in an input.

Everything a user can do wrong ends in a :class:`CardhouseError` whose text says what, where, value, rule and remedy.
Loaders gather every problem of a file and raise once; the command line prints the text and exits with code 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong with an input.

    Parameters
    ----------
    file : str
        Name of the file as the user gave it, or a short description of the input.
    line : int
        Line number counted from 1; 0 when the problem concerns the whole file.
    key : str
        Column or key, dotted for nested ones; empty when the problem concerns the whole line.
    value : str
        The offending value as it stands in the input.
    rule : str
        What is required.
    remedy : str
        What to do about it.

    Examples
    --------
    >>> print(Problem(file="a.csv", line=3, key="amount", value="-4", rule="an amount is not negative",
    ...               remedy="swap payer and counterparty"))
    a.csv:3: amount: '-4': an amount is not negative. Swap payer and counterparty.
    """

    file: str
    line: int = 0
    key: str = ""
    value: str = ""
    rule: str
    remedy: str = ""

    def __str__(self) -> str:
        """Write the problem as one line: where, value, rule, remedy."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [place]
        if self.key:
            parts.append(self.key)
        if self.value:
            parts.append(repr(shorten(self.value)))
        return ": ".join([*parts, _sentences(self.rule, self.remedy)])


def shorten(text: str, limit: int = 80) -> str:
    """Cut a value to ``limit`` characters so that one bad cell cannot fill the screen.

    >>> shorten("x" * 100, 10)
    'xxxxxxxxx…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _sentences(rule: str, remedy: str) -> str:
    first = rule.rstrip(".") + "."
    if not remedy:
        return first
    second = f"{remedy[0].upper()}{remedy[1:].rstrip('.')}"
    return f"{first} {second}" if second.endswith("?") else f"{first} {second}."


@dataclass
class CardhouseError(Exception):
    """Root of all errors a user can cause.

    Parameters
    ----------
    message : str
        One sentence, used when there are no itemised problems.
    problems : sequence of Problem
        Every problem found, in the order of the input.
    """

    message: str = ""
    problems: Sequence[Problem] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        """Keep the text as the exception's argument, so that it survives pickling between processes."""
        super().__init__(self.message, self.problems)

    def __str__(self) -> str:
        """Write the message, then one line per problem."""
        lines = [self.message] if self.message else []
        lines += [str(problem) for problem in self.problems]
        return "\n".join(lines)

    def __reduce__(self) -> tuple[type[CardhouseError], tuple[str, Sequence[Problem]]]:
        """Rebuild from message and problems."""
        return (type(self), (self.message, self.problems))

    __hash__ = Exception.__hash__


class InputError(CardhouseError):
    """A file, option or argument that cannot be used as it stands."""


class FactError(InputError):
    """A row of evidence breaks the schema of facts."""


class CaseError(InputError):
    """A case folder is incomplete or contradicts itself."""


class NetworkError(InputError):
    """A financial network breaks one of the named checks (NET001 and following)."""


class ScenarioError(InputError):
    """A scenario names an unknown variable, a wrong target or an impossible path."""


class ModelError(CardhouseError):
    """The model cannot be set up from the inputs given."""


class ConvergenceError(CardhouseError):
    """An iteration outside compiled code did not reach its tolerance."""


class StoreError(InputError):
    """A run folder cannot be written or read."""


class MissingExtraError(CardhouseError):
    """An optional dependency is needed for this request and is not installed."""


def raise_if_any(problems: Iterable[Problem], error: type[CardhouseError] = InputError, message: str = "") -> None:
    """Raise ``error`` with all ``problems``, or return when there are none.

    >>> raise_if_any([])
    """
    found = tuple(problems)
    if found:
        raise error(message, found)


def missing_extra(extra: str, needed_for: str) -> MissingExtraError:
    """Build the error for an optional dependency that is absent.

    >>> str(missing_extra("plot", "drawing the figure"))
    "drawing the figure needs the optional extra 'plot': in a clone call ./run python --version, which installs all \
extras, elsewhere pip install 'cardhouse[plot]'"
    """
    remedy = (
        f"in a clone call ./run python --version, which installs all extras, elsewhere pip install 'cardhouse[{extra}]'"
    )
    return MissingExtraError(f"{needed_for} needs the optional extra '{extra}': {remedy}")
