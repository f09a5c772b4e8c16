"""The parameter rows of a case that history matching did not rule out.

They are stored as numbers of Sobol' points, so that a file of a few kilobytes stands for all of them, and so that they
hold for other readings of the case: a point is a set of quantiles of the priors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cardhouse.basics.errors import CaseError, Problem
from cardhouse.casebook.folder import find_case
from cardhouse.model.parameters import ParameterSet

FILE = "accepted_set.json"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class AcceptedSet:
    """What history matching left over.

    Parameters
    ----------
    script : str
        Module that made it.
    made_on, known_on : str
        ISO days: when it was made, and the last day of the information used.
    seed, candidates : int
        Seed of the Sobol' points and how many were tried.
    threshold : float
        Largest implausibility that was accepted.
    priors_digest : str
        Hash of the priors it was made from, see :func:`priors_digest`.
    rows : tuple of int
        Numbers of the accepted points, in order.
    """

    script: str
    made_on: str
    known_on: str
    seed: int
    candidates: int
    threshold: float
    priors_digest: str
    rows: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """What the set is, for a manifest."""
        return (
            f"accepted set of {self.made_on}: {len(self.rows):,} of {self.candidates:,} parameter rows pass history "
            f"matching with information to {self.known_on}"
        )

    def to_json(self) -> str:
        """Write the set as the text of its file."""
        record = {"format": FORMAT, **{name: getattr(self, name) for name in self.__dataclass_fields__}}
        return json.dumps(record, separators=(",", ":")).replace('","', '",\n"').replace('],"', '],\n"') + "\n"


def priors_digest(priors: ParameterSet) -> str:
    """Hash names, values, ranges and shapes of priors; words do not count.

    >>> from cardhouse.casebook.load import load_case
    >>> len(priors_digest(load_case("three_firm_ring").priors))
    64
    """
    import hashlib

    lines: Sequence[str] = [
        f"{name} {value!r} {low!r} {high!r} {shape}"
        for name, value, low, high, shape in zip(
            priors.names, priors.values.tolist(), priors.low.tolist(), priors.high.tolist(), priors.shape, strict=True
        )
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def accepted_set(case: str | Path) -> AcceptedSet:
    """Read the accepted set of a case.

    Raises
    ------
    CaseError
        When the case has none, or its file cannot be read.

    Examples
    --------
    >>> accepted_set("ai_2026").known_on
    '2026-02-13'
    """
    path = find_case(case) / FILE
    name = f"{path.parent.name}/{FILE}"
    if not path.is_file():
        rule, remedy = "this case has no set of accepted parameters", "use --prior ranges"
        raise CaseError("", (Problem(file=name, rule=rule, remedy=remedy),))
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(int(row) for row in record.pop("rows"))
        if record.pop("format") != FORMAT or not rows or min(rows) < 0 or max(rows) >= record["candidates"]:
            raise ValueError  # noqa: TRY301 told below with the rest
        return AcceptedSet(rows=rows, **record)
    except (ValueError, KeyError, TypeError) as error:
        rule = f"the file is one that {__name__} reads, format {FORMAT}"
        problem = Problem(file=name, rule=rule, remedy="write it again with the script it names")
        raise CaseError("", (problem,)) from error
