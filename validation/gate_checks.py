"""S-3, S-4 and S-8: every mechanism switched off alone, the circle's five channels, and headline against binding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from cardhouse.analysis.draws import Draws, asked_draws
from cardhouse.analysis.experiment import Experiment, Request, prepare
from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.model.gates import CIRCULARITY_GATES, GATES, WORLDS
from cardhouse.model.parameters import PARAMETER_NAMES
from cardhouse.model.world import COMPUTE_CONTRACT
from validation.register import Outcome, check
from validation.worlds import QUARTERS, copy_of_world, with_world

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "gates.md"

MEASURES: dict[str, str] = {
    "with a default": "share of draws",
    "defaults": "firms",
    "first default": f"quarter, {QUARTERS + 1} if none",
    "peak capital spending": "USD bn a quarter",
    "end-user spending": "USD bn in the last quarter",
    "strategic money": "USD bn over all quarters",
    "sector value": "USD bn in the last quarter",
    "index": "USD bn in the last quarter",
    "deepest output gap": "points",
}
"""Main outputs and their units: means over draws."""


def measures(found: Mapping[str, AnyArray]) -> FloatArray:
    """Return the main outputs, as means over draws that ended with every identity intact."""
    good = np.asarray(found["result_code"]) == 0
    first = np.asarray(found["first_default_quarter"], dtype=np.float64)
    first = np.where(first < 0, QUARTERS + 1, first)
    rows = [
        np.asarray(found["defaults_count"]) > 0,
        found["defaults_count"],
        first,
        found["peak_capex"],
        np.asarray(found["end_user_spending"])[:, -1],
        np.asarray(found["strategic_finance"]).sum(axis=1),
        np.asarray(found["sector_market_value"])[:, -1],
        np.asarray(found["sp500_index"])[:, -1],
        100.0 * np.asarray(found["gdp_gap"]).min(axis=1),
    ]
    result: FloatArray = np.array([float(np.asarray(row, dtype=np.float64)[good].mean()) for row in rows])
    return result


@cache
def _asked(draws: int) -> Experiment:
    """Return what ``cardhouse run --draws N`` asks, so that levels on the page are those that a run prints."""
    return prepare(Request(draws=draws, quarters=QUARTERS, news_per_row=2))


def draws_of(draws: int, scenarios: tuple[str, ...] = (), gates: Mapping[str, bool] | None = None) -> Draws:
    """Return the draws of ``cardhouse run`` under some scenarios, with some gates off."""
    found = _asked(draws).changed(scenarios=scenarios)
    off = tuple(gate for gate, on in (gates or {}).items() if not on)
    return asked_draws(replace(found, request=replace(found.request, off=off)))


def gate_table(
    scenarios: tuple[str, ...], draws: int, gates: Sequence[str]
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return the main outputs with all gates on, and the change when each is switched off alone."""
    reference = measures(draws_of(draws, scenarios).results())
    changes = {gate: measures(draws_of(draws, scenarios, {gate: False}).results()) - reference for gate in gates}
    return reference, changes


Tables = Mapping[str, tuple[FloatArray, dict[str, FloatArray]]]
WEAK = 0.001
"""A gate that changes no main output by more than this part of its level in any world is called weak."""


def strength(tables: Tables, gate: str) -> float:
    """Return the largest change that a gate makes, relative to the level of the output, over all outputs and worlds."""
    return max(
        float(np.max(np.abs(changes[gate]) / np.maximum(np.abs(levels), 1e-9))) for levels, changes in tables.values()
    )


def weak_gates(tables: Tables, gates: Sequence[str]) -> list[str]:
    """Name the gates that move something, but nothing by more than :data:`WEAK`."""
    return [gate for gate in gates if 0.0 < strength(tables, gate) <= WEAK]


def twin_gates(tables: Tables, gates: Sequence[str]) -> list[tuple[str, str]]:
    """Name pairs of gates that change every output in every world by the same: two names of one switch."""
    return [
        (one, other)
        for k, one in enumerate(gates)
        for other in gates[k + 1 :]
        if strength(tables, one) > 0.0
        and all(np.array_equal(changes[one], changes[other]) for _, changes in tables.values())
    ]


def _named(gates: Sequence[str]) -> str:
    return ", ".join(f"`{gate}`" for gate in gates) or "none"


def _cell(value: float) -> str:
    return "·" if value == 0.0 else f"{value:+.3g}"


def _page(tables: Tables, draws: int) -> str:
    lines = [
        "# Gates",
        "",
        (
            "Written by `./run validate`. Every mechanism of the model has a switch, and all are on. Each is switched "
            f"off alone, on the draws of `cardhouse run --draws {draws}` under the same scenarios; a cell is the "
            "change of the mean, a dot no change at all. The row of levels is what that run gives; a run of more draws "
            "gives somewhat others. Defaults count every firm of the model, the groups of others among them."
        ),
        "",
    ]
    for name, (reference, changes) in tables.items():
        lines += [
            f"## {name}",
            "",
            "| gate | " + " | ".join(f"{key} ({unit})" for key, unit in MEASURES.items()) + " |",
        ]
        lines.append("|---" * (len(MEASURES) + 1) + "|")
        lines.append("| all on | " + " | ".join(f"{value:.4g}" for value in reference) + " |")
        lines += [f"| `{gate}` | " + " | ".join(map(_cell, change)) + " |" for gate, change in changes.items()]
        lines.append("")
    gates = list(next(iter(tables.values()))[1])
    twins = "; ".join(f"`{one}` and `{other}`" for one, other in twin_gates(tables, gates)) or "none"
    lines += [
        "## Weak gates and twins",
        "",
        (
            f"Gates that change no main output by more than {100 * WEAK:g} per cent of its level in any of these "
            f"worlds: {_named(weak_gates(tables, gates))}. They act on few firms or seldom here; another case or a "
            "harder shock may need them. Gates that change every cell by the same, because one without the other "
            f"leaves nothing to switch: {twins}."
        ),
        "",
        "## What the gates mean",
        "",
        "| gate | meaning |",
        "|---|---|",
    ]
    lines += [f"| `{gate}` | {meaning} |" for gate, meaning in GATES.items()]
    return "\n".join(lines) + "\n"


SAMPLE_GATES = ("take_or_pay", "strategic_finance", "rollover_run", "inelastic_market")


@check(
    "S-3",
    "Gate table: every mechanism switched off alone",
    "each gate moves at least one main output in at least one of: no shock, several shocks at once, the rescue levers "
    "(a gate that moves nothing is a dead switch)",
    "identification of mechanisms; table in docs/reference/gates.md",
)
def gates_alone(full: bool) -> Outcome:
    """Run all gates in three worlds of shocks; the full run writes the table."""
    draws = 200 if full else 6
    chosen = tuple(GATES) if full else SAMPLE_GATES
    worlds = {
        "No shock": (),
        "Several shocks at once (SIMUL)": ("SIMUL",),
        "Rescue (RUN08 and levers)": ("RUN08", "RESCUE"),
    }
    tables = {name: gate_table(scenarios, draws, chosen) for name, scenarios in worlds.items()}
    if full:
        PAGE.write_text(_page(tables, draws))
    dead = [gate for gate in chosen if all((changes[gate] == 0.0).all() for _, changes in tables.values())]
    broken = [gate for gate in chosen if any(not np.isfinite(changes[gate]).all() for _, changes in tables.values())]
    strongest = max(chosen, key=lambda gate: float(np.nan_to_num(abs(tables["No shock"][1][gate][1]), nan=-1.0)))
    figure = f"{len(chosen)} gates, {draws} draws each; strongest on defaults without a shock: {strongest} "
    figure += f"({tables['No shock'][1][strongest][1]:+.2f})"
    if dead:
        figure += f"; without effect: {', '.join(dead)}"
    weak, twins = weak_gates(tables, chosen), twin_gates(tables, chosen)
    if weak:
        figure += f"; {100 * WEAK:g} % of a level or less: {', '.join(weak)}"
    if twins:
        figure += f"; the same in every cell: {'; '.join(f'{one} and {other}' for one, other in twins)}"
    if broken:
        figure += f"; not finite: {', '.join(broken)}"
    return Outcome(figure, not dead and not broken)


ALL_CHANNELS_OFF = dict.fromkeys(CIRCULARITY_GATES, False)
NAMES_OF_MONEY = {"strategic_finance", "outside_equity", "strategic_received", "strategic_given", "worst_residual"}
"""Outputs that say under which name money came, and the rounding of the identities: the worlds may differ in these."""


def largest_gap(first: Mapping[str, AnyArray], second: Mapping[str, AnyArray]) -> tuple[float, str]:
    """Return the largest relative gap between two runs over all draws, quarters and outputs, and where it is."""
    worst, where = 0.0, ""
    for name in sorted(set(first) - NAMES_OF_MONEY):
        one, other = (np.asarray(found[name], dtype=np.float64) for found in (first, second))
        if not np.array_equal(np.isnan(one), np.isnan(other)):
            return np.inf, name
        gaps = np.nan_to_num(np.abs(one - other)) / np.maximum(np.nan_to_num(np.abs(other)), 1e-6)
        if gaps.size and float(gaps.max()) > worst:
            worst, where = float(gaps.max()), name
    return worst, where


@check(
    "S-4",
    "Five channels of circular finance, one by one",
    "each channel moves a main output when it alone is off; with all five off, strategic money, the same money from "
    "outside, and none are one world: every output (first default, defaults, capital spending, loss by holder and all "
    "others) equal within 1e-9 relative in every draw, though strategic money is paid",
    "counterfactuals of the specification: as is, the same money from outside, and no strategic money",
)
def channels(full: bool) -> Outcome:
    """Compare the world with strategic money to the one without, channel by channel."""
    draws = 200 if full else 8
    as_is = measures(draws_of(draws).results())
    none = measures(draws_of(draws, (), WORLDS["none"]).results())
    alone = {gate: measures(draws_of(draws, (), {gate: False}).results()) - as_is for gate in CIRCULARITY_GATES}
    words = ", ".join(
        f"{gate.removeprefix('circular_')} {change[1]:+.3f} defaults, {change[3]:+.3g} peak"
        for gate, change in alone.items()
    )
    worst, where, paid = 0.0, "", np.inf
    for scenarios in ((), ("SIMUL",), ("STRAT",)) if full else ((),):
        off = {
            world: draws_of(draws, scenarios, {**ALL_CHANNELS_OFF, **gates}).results()
            for world, gates in WORLDS.items()
        }
        for world in ("circ", "substitute"):
            worst, where = max((worst, where), largest_gap(off[world], off["none"]))
            extra = np.asarray(off[world]["strategic_finance"]) - np.asarray(off["none"]["strategic_finance"])
            paid = min(paid, float(extra.sum(axis=1).mean()))
    figure = (
        f"strategic money: {as_is[1] - none[1]:+.3f} defaults, first {as_is[2] - none[2]:+.2f} quarters, peak spending "
        f"{as_is[3] - none[3]:+.3g}; off alone: {words}; all five off: largest difference {worst:.0e}"
        f"{' in ' + where if where else ''} between three worlds, with at least {paid:.0f} USD bn of strategic money"
    )
    moves = all((change != 0.0).any() for change in alone.values())
    return Outcome(figure, moves and worst <= 1e-9 and paid > 1.0)


@check(
    "S-8",
    "Headline against binding amounts",
    "commitments counted at their headline are larger than at what binds, and then outcomes change; when only what "
    "binds counts, headlines of compute contracts three times as large change no result",
    "double counting of announced amounts",
)
def headlines(full: bool) -> Outcome:
    """Run with the headline share at zero and at one, and with swollen headlines."""
    asked = draws_of(60 if full else 6)
    place = PARAMETER_NAMES.index("headline_share")
    binding, headline = asked.rows.copy(), asked.rows.copy()
    binding[:, place] = 0.0
    headline[:, place] = 1.0
    world = copy_of_world(asked.setup)
    count = int(world.relations)
    compute = np.asarray(world.contract[:count]) == COMPUTE_CONTRACT
    world.headline[:count] = np.where(compute, 3.0 * world.headline[:count], world.headline[:count])
    low, high = (replace(asked, rows=rows).results() for rows in (binding, headline))
    swollen = replace(asked, setup=with_world(asked.setup, world), rows=binding).results()
    owed = [float(np.asarray(found["commitments"], dtype=np.float64)[:, 0].sum(axis=1).mean()) for found in (low, high)]
    unchanged = all(np.array_equal(low[name], swollen[name], equal_nan=True) for name in low)
    first, second = measures(low), measures(high)
    figure = (
        f"commitments after a quarter {owed[0]:.0f} and {owed[1]:.0f} USD bn; defaults {first[1]:.2f} and "
        f"{second[1]:.2f}, first default {first[2]:.1f} and {second[2]:.1f}; larger headlines change "
        f"{'nothing' if unchanged else 'results'}"
    )
    return Outcome(figure, unchanged and owed[1] > owed[0] and bool((first != second).any()))
