"""JSON documents for programs: one per command, headed by the reading that they rest on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from cardhouse.casebook.case import Case


def head(case: Case) -> dict[str, Any]:
    """Say which case was read and how, for the head of a JSON document."""
    return {
        "case": case.name,
        "known_on": case.known_on.isoformat(),
        "tier": str(case.tier),
        "base_quarter": None if case.base_quarter is None else str(case.base_quarter),
        "digest": case.digest,
    }


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document; a number that is not finite is a fault of ours and raises."""
    typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
