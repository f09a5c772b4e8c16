"""Scenarios as plain records for programs, and as Markdown for the reference page."""

from __future__ import annotations

import math
from typing import Any

from cardhouse.scenarios.scenario import Scenario
from cardhouse.scenarios.schema import ScenarioEntry
from cardhouse.scenarios.shock import Reference, Shock
from cardhouse.scenarios.variables import SHOCK_VARIABLES, ShockVariable


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a JSON-able record.

    >>> from cardhouse.scenarios.catalogue import packaged
    >>> record = scenario_record(packaged("STRAT"))
    >>> record["id"], record["shocks"][0]["variable"], record["shocks"][0]["size"]
    ('STRAT', 'strategic_finance', 0.0)
    """
    return {
        "id": scenario.id,
        "title": scenario.title,
        "kind": scenario.kind,
        "story": scenario.story,
        "first_break": scenario.first_break,
        "reference": scenario.reference,
        "includes": list(scenario.includes),
        "shocks": [shock_record(shock) for shock in scenario.shocks],
    }


def shock_record(shock: Shock) -> dict[str, Any]:
    """Return a shock as a JSON-able record; what a shape does not use is null."""
    return {
        "variable": shock.variable.name,
        "operation": shock.variable.operation,
        "unit": shock.variable.unit,
        "target": None if shock.target is None else str(shock.target),
        "start": str(shock.start),
        "end": None if shock.end is None else str(shock.end),
        "shape": shock.shape,
        "size": None if math.isnan(shock.size) else shock.size,
        "values": list(shock.values) or None,
        "quarters": shock.quarters if shock.shape in ("pulse", "ramp") else None,
        "half_life": shock.half_life if shock.shape == "decay" else None,
        "in_words": f"{shock.describe_size()}, {shock.describe_time()}",
        "basis": shock.basis,
        "rationale": shock.rationale,
        "references": [_reference_record(reference) for reference in shock.references],
    }


def _reference_record(reference: Reference) -> dict[str, str]:
    return {"title": reference.title, "address": reference.address, "date": reference.date}


def variable_record(variable: ShockVariable) -> dict[str, Any]:
    """Return a shock variable as a JSON-able record; NaN ("no change") becomes null."""
    return {
        "name": variable.name,
        "target": variable.target,
        "operation": variable.operation,
        "neutral": None if math.isnan(variable.neutral) else variable.neutral,
        "unit": variable.unit,
        "lower": variable.lower,
        "upper": variable.upper,
        "block": variable.block,
        "meaning": variable.meaning,
    }


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors that complete and check as one types.

    >>> "spot_price" in json_schema()["$defs"]["ShockEntry"]["properties"]["variable"]["enum"]
    True
    """
    schema = ScenarioEntry.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    variable = schema["$defs"]["ShockEntry"]["properties"]["variable"]
    variable["enum"] = [item.name for item in SHOCK_VARIABLES]
    return schema


def scenario_markdown(scenario: Scenario) -> str:
    """Write one scenario as a section of the reference page."""
    lines = [f"### {scenario.id}: {scenario.title}", "", scenario.story, ""]
    lines += [f"Expected first break: {scenario.first_break}. Reference for the size: {scenario.reference}.", ""]
    if scenario.includes:
        lines += [f"Made of: {', '.join(scenario.includes)}.", ""]
    if not scenario.shocks:
        return "\n".join([*lines, "No shock.", ""])
    lines += ["| variable | whom | when | size | basis | why this size |", "|---|---|---|---|---|---|"]
    lines += [_shock_line(shock) for shock in scenario.shocks]
    references = {r.title: r for shock in scenario.shocks for r in shock.references}
    if references:
        lines += ["", "References: " + "; ".join(_link(reference) for reference in references.values()) + "."]
    return "\n".join([*lines, ""])


def _shock_line(shock: Shock) -> str:
    whom = "sector" if shock.target is None else str(shock.target)
    cells = (
        f"`{shock.variable.name}`",
        whom,
        shock.describe_time(),
        shock.describe_size(),
        shock.basis,
        shock.rationale,
    )
    return "| " + " | ".join(cells) + " |"


def _link(reference: Reference) -> str:
    title = f"[{reference.title}]({reference.address})" if reference.address else reference.title
    return f"{title} ({reference.date})" if reference.date else title


def variables_markdown() -> str:
    """Write the register of shock variables as a table."""
    lines = ["| variable | concerns | does | no change | unit | limits | block | meaning |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for variable in SHOCK_VARIABLES:
        neutral = "left out" if math.isnan(variable.neutral) else f"{variable.neutral:g}"
        cells = (
            f"`{variable.name}`",
            "sector" if variable.target == "global" else "entity",
            variable.operation,
            neutral,
            variable.unit,
            f"{variable.lower:g} to {variable.upper:g}",
            variable.block,
            variable.meaning,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])
