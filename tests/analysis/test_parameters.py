"""No parameter is there for nothing: each one moves some result in some scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.basics.arrays import FloatArray
from cardhouse.simulation.manifest import RunPlan

DRAWS = 40
LEVERS = """
format: 1
id: LEVERS
title: Levers that no packaged scenario pulls
kind: overlay
story: Creditors roll nothing over for three quarters, binding amounts become known, and public loans stand ready.
first_break: none asked for
reference: none
shocks:
"""
SHOCK = """
  - {{variable: {name}, {target}start: q2, shape: step, size: {size}, basis: assumed, rationale: To use the lever.,
     references: [{{title: none, address: "https://example.org", date: 2026-01-01}}]}}"""
WORLDS: tuple[tuple[str, ...], ...] = ((), ("SOFT",), ("PLATEAU",), ("FIBRE",))


def plan_of(scenarios: tuple[str, ...]) -> RunPlan:
    return prepare(Request(scenarios=scenarios, draws=DRAWS, quarters=24)).plan()


def results(plan: RunPlan, rows: FloatArray) -> bytes:
    found = plan.world.run(rows, np.arange(DRAWS))
    return b"".join(np.ascontiguousarray(found[name]).tobytes() for name in sorted(found) if name != "worst_residual")


def without_effect(scenarios: tuple[str, ...], names: set[str]) -> set[str]:
    """Mirror one parameter at a time in its range, and return those that change nothing at all."""
    plan = plan_of(scenarios)
    rows = plan.sampling.parameters(plan.marginals, 0, DRAWS)
    before, idle = results(plan, rows), set()
    for place, name in enumerate(plan.marginals.names):
        if name in names:
            turned = rows.copy()
            turned[:, place] = rows[:, place].max() + rows[:, place].min() - rows[:, place]
            if results(plan, turned) == before:
                idle.add(name)
    return idle


def test_every_parameter_moves_a_result(tmp_path: Path):
    levers = tmp_path / "levers.yaml"
    shocks = (("disclosure", "", 1), ("abs_liquidity", "", 2000), ("debt_rollover", "target: {everyone: true}, ", 0))
    levers.write_text(
        LEVERS + "".join(SHOCK.format(name=name, target=target, size=size) for name, target, size in shocks)
    )
    marginals = plan_of(()).marginals
    left = {name for name, low, high in zip(marginals.names, marginals.low, marginals.high, strict=True) if low < high}
    for scenarios in (*WORLDS, (str(levers),)):
        left = without_effect(scenarios, left)
    assert not left
