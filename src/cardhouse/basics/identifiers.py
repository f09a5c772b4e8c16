"""Identifiers of entities, relations, facts and scenarios, and suggestions for misspelt ones."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_SHORTEST = 3
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,119}")


def is_identifier(text: str) -> bool:
    """Tell whether ``text`` can name a thing: lower case letters, digits, ``_``, ``-`` and ``.``, at most 120 of them.

    >>> is_identifier("openai__oracle__300"), is_identifier("Open AI"), is_identifier("")
    (True, False, False)
    """
    return _IDENTIFIER.fullmatch(text) is not None


def suggestion(text: str, known: Iterable[str]) -> str:
    """Write a remedy for an unknown identifier: the nearest known ones, whatever the case of the letters.

    Where none is near, those that hold the word, or are held by it, are named.

    >>> suggestion("orcale", ["oracle", "nvidia"])
    "did you mean 'oracle'?"
    >>> suggestion("marks", ["circular_marks", "take_or_pay"])
    "did you mean 'circular_marks'?"
    >>> suggestion("zzz", ["oracle", "nvidia"])
    'known: nvidia, oracle'
    """
    names = sorted(set(known))
    folded = {name.lower(): name for name in names}
    near = difflib.get_close_matches(text.lower(), folded, n=3, cutoff=0.6) or _with_the_word(text.lower(), folded)
    if near:
        return "did you mean " + " or ".join(f"'{folded[name]}'" for name in near) + "?"
    shown = ", ".join(names[:12])
    return f"known: {shown}" + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _with_the_word(text: str, names: Iterable[str]) -> list[str]:
    """Return up to three names that hold a text, or are held by it; texts shorter than three letters say too little."""
    return [name for name in names if min(len(text), len(name)) >= _SHORTEST and (text in name or name in text)][:3]
