"""The answer of the money tracer for one firm, in words and numbers, for the past and for the draws of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.analysis.circularity.over_time import circularity_over_time
from cardhouse.analysis.draws import Draws, asked_draws
from cardhouse.analysis.experiment import Experiment
from cardhouse.analysis.history import historical_flows, inside_firms
from cardhouse.analysis.tracer import WINDOW, Tracing, largest_loops, trace_journals
from cardhouse.analysis.tracing import ORGANIC, ORIGINS, Fungibility
from cardhouse.basics.arrays import FloatArray, unknown
from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.model.simulate import DrawJournal, record_draw
from cardhouse.simulation.progress import Observer, Silent

RULES = tuple(Fungibility)
_UNKNOWN = ORIGINS.index("unknown")
_MEASURES = ("finn", "circular_share", "reciprocal_share", "round_trip_share")
NETWORK_COLUMNS = ("quarter", "cycling (Finn)>", "circular (Hodge)>", "paid both ways>", "round trips>", "loop gain>")
"""Headings of :meth:`Origins.network_rows`; the last one is for simulated draws only."""


@dataclass(frozen=True, kw_only=True)
class Origins:
    """Where the revenue of one firm began.

    Parameters
    ----------
    entity, name : str
        Identifier and name of the firm.
    tracing : Tracing
        Origins under every rule.
    quarters : tuple of str
        The quarters traced.
    is_past : bool
        True for published payments, False for the draws of a run.
    scenario : str
        Scenario of the run; empty for the past.
    loop_gain : array, shape (draw, quarter), optional
        Loop gain R_loop of the same draws; None for the past.
    """

    entity: str
    name: str
    tracing: Tracing
    quarters: tuple[str, ...]
    is_past: bool
    scenario: str = ""
    loop_gain: FloatArray | None = None

    @property
    def last(self) -> int:
        """Place of the last quarter traced."""
        return len(self.quarters) - 1

    def organic_bounds(self) -> tuple[float, float, float]:
        """Return lowest, mixed and highest organic share over rules and draws of the last four quarters.

        Unknown origins count as not organic at the low end and as organic at the high end.
        """
        shares = self.tracing.shares(self.entity, self.last)
        organic = shares[:, :, [ORIGINS.index(name) for name in ORGANIC]].sum(axis=2)
        mixed = organic[RULES.index(Fungibility.MIXED)]
        return float(np.nanmin(organic)), float(np.nanmean(mixed)), float(np.nanmax(organic + shares[:, :, _UNKNOWN]))

    @property
    def has_revenue(self) -> bool:
        """Tell whether the firm had any revenue in the last four quarters."""
        return bool(np.isfinite(self.tracing.shares(self.entity, self.last)).any())

    def sentence(self) -> str:
        """Say the answer in one sentence."""
        window = f"the {min(WINDOW, len(self.quarters))} quarters to {self.quarters[-1]}"
        if not self.has_revenue:
            return f"No fact gives revenue of {self.name} in {window}, so nothing can be traced."
        low, _, high = self.organic_bounds()
        users, other, unknown = (self._mixed_cents(origin) for origin in ("end_user", "own_other_business", "unknown"))
        begin = "As published" if self.is_past else f"In {self.scenario}"
        both = f"{100 * low:.0f} to {100 * high:.0f}"
        text = (
            f"{begin}, {users:.0f} cents of each dollar that {self.name} books in {window} began with an end user of "
            f"AI and {other:.0f} cents with business outside the sector; together {both} over rules of fungibility"
            f"{', unknown payers counted both ways' if self.is_past else ' and the draws'}."
        )
        return text if unknown < 0.5 else f"{text} No source names who paid {unknown:.0f} cents."

    def _mixed_cents(self, origin: str) -> float:
        """Return the mean over draws under the mixed rule, cents of each dollar."""
        return float(np.nanmean(100 * self.tracing.shares(self.entity, self.last)[0, :, ORIGINS.index(origin)]))

    def columns(self) -> list[str]:
        """Return the headings of the table."""
        return ["origin", *(f"{rule.value.replace('_', ' ')}>" for rule in RULES)]

    def rows(self) -> list[list[str]]:
        """Return the table: cents per origin and rule, mean over draws with the range of draws."""
        if not self.has_revenue:
            return []
        cents = 100 * self.tracing.shares(self.entity, self.last)
        return [
            [origin.replace("_", " "), *(_cell(cents[r, :, o]) for r in range(len(RULES)))]
            for o, origin in enumerate(ORIGINS)
        ]

    def paths(self) -> list[list[str]]:
        """Return the largest closed paths that run through the firm."""
        through = [loop for loop in self.tracing.loops if self.entity in loop.firms]
        return [[" → ".join(loop.firms) + " ↺", f"{loop.dollars:,.1f}"] for loop in through[:6]]

    def network_rows(self) -> list[list[str]]:
        """Return measures of circular money in the whole network, every fourth quarter, means over draws."""
        rows = []
        for t in range(self.last % WINDOW, len(self.quarters), WINDOW):
            values = [np.array([getattr(found, name)[t] for found in self.tracing.over_time]) for name in _MEASURES]
            if self.loop_gain is not None:
                values.append(self.loop_gain[:, t])
            cells = [_share(of) for of in values[: len(_MEASURES)]]
            cells += [f"{np.mean(of):.2f} ({np.min(of):.2f}–{np.max(of):.2f})" for of in values[len(_MEASURES) :]]
            rows.append([self.quarters[t], *cells])
        return rows

    def footnote(self) -> str:
        """Say how far dollars by origin are conserved, and what the rules mean."""
        return (
            "mixed: a payment is a fair sample of what the payer had. last in first out: new money is spent first. "
            "outside first: outside finance is spent on the network before customers' money. earmarked: finance from a "
            f"firm is spent on its goods first. Dollars by origin are conserved to {self.tracing.conservation:.0e}."
        )

    def title(self) -> str:
        """Return the title of the figure."""
        what = "published payments" if self.is_past else f"{self.scenario}, mean of {self.tracing.draws} draws"
        return f"Where the revenue of {self.name} begins: {what}, mixed rule"

    def to_plain(self) -> dict[str, Any]:
        """Return the answer as plain values for JSON."""
        bounds = dict(zip(("low", "mixed", "high"), self.organic_bounds(), strict=True)) if self.has_revenue else None
        shares = self.tracing.shares(self.entity, self.last)
        return {
            "entity": self.entity,
            "sentence": self.sentence(),
            "quarters": list(self.quarters[-WINDOW:]),
            "organic_share": bounds,
            "origins": {
                rule.value: {origin: _plain(shares[r, :, o]) for o, origin in enumerate(ORIGINS)}
                for r, rule in enumerate(RULES)
            },
            "network": {
                name: [
                    _plain(np.array([getattr(found, name)[t] for found in self.tracing.over_time]))
                    for t in range(len(self.quarters))
                ]
                for name in _MEASURES
            },
            "loop_gain": None
            if self.loop_gain is None
            else [_plain(self.loop_gain[:, t]) for t in range(len(self.quarters))],
            "loops": [{"firms": list(loop.firms), "usd_bn_a_year": loop.dollars} for loop in self.tracing.loops],
            "conservation": self.tracing.conservation,
        }


def _share(values: FloatArray) -> str:
    if not np.isfinite(values).any():
        return "–"
    low, high = 100 * np.nanmin(values), 100 * np.nanmax(values)
    return f"{100 * np.nanmean(values):.1f} %" + (f" ({low:.1f}–{high:.1f})" if high - low >= 0.05 else "")


def _plain(values: FloatArray) -> dict[str, float] | None:
    if not np.isfinite(values).any():
        return None
    return {"mean": float(np.nanmean(values)), "low": float(np.nanmin(values)), "high": float(np.nanmax(values))}


def _cell(values: FloatArray) -> str:
    if not np.isfinite(values).any():
        return "–"
    low, high = np.nanmin(values), np.nanmax(values)
    return f"{np.nanmean(values):.0f}" + (f" ({low:.0f}–{high:.0f})" if high - low >= 1 else "")


def trace_future(
    experiment: Experiment, entity: str, draws: Draws | None = None, observer: Observer | None = None
) -> Origins:
    """Trace the ledgers of simulated draws; opening cash has the origins that published payments give it.

    Parameters
    ----------
    experiment : Experiment
        What was asked.
    entity : str
        The firm.
    draws : Draws, optional
        Draws of a stored run; those of the request by default.
    observer : Observer, optional
        Is told after each draw; nobody by default.

    Raises
    ------
    InputError
        When the entity is no firm of the network.
    """
    snapshot = experiment.case.snapshot
    inside = inside_firms(snapshot)
    _check(entity, inside)
    chosen = asked_draws(experiment) if draws is None else draws
    setup = chosen.setup
    composition = historical_flows(snapshot, experiment.case.register).composition()
    return Origins(
        entity=entity,
        name=snapshot.entity(entity).name,
        tracing=trace_journals(_journals(chosen, observer or Silent()), inside, setup.quarters, composition),
        quarters=setup.quarter_labels,
        is_past=False,
        scenario=experiment.scenario_name,
        loop_gain=np.asarray(chosen.results()["loop_gain"], dtype=np.float64),
    )


def _journals(draws: Draws, observer: Observer) -> Iterator[DrawJournal]:
    observer.begin(len(draws.rows), 0)
    for row, news in zip(draws.rows, draws.news, strict=True):
        yield record_draw(draws.setup, row, int(news))
        observer.advance(1, {})


def trace_past(experiment: Experiment, entity: str) -> Origins:
    """Trace the published payments since 2023Q1; what no fact names stays unknown.

    Raises
    ------
    InputError
        When the entity is no firm of the network.
    """
    snapshot = experiment.case.snapshot
    history = historical_flows(snapshot, experiment.case.register)
    _check(entity, history.firms.ids)
    revenue = unknown(len(RULES), 1, len(history.quarters), len(ORIGINS), len(history.firms.ids))
    worst = 0.0
    for r, rule in enumerate(RULES):
        before = np.zeros(len(ORIGINS))
        before[ORIGINS.index("opening")] = history.opening_cash.sum()
        for t, found in enumerate(history.trace(rule)):
            revenue[r, 0, t] = found.revenue
            entering = before + history.flows[t].from_outside.sum(axis=1)
            gap = np.abs(entering - found.cash.sum(axis=1) - found.left.sum(axis=1)).max()
            worst = max(worst, float(gap / max(entering.sum(), 1e-300)))
            before = found.cash.sum(axis=1)
    last_year = sum(flow.inside for flow in history.flows[-WINDOW:])
    tracing = Tracing(
        firms=history.firms.ids,
        draws=1,
        revenue=revenue,
        loops=largest_loops(np.asarray(last_year), history.firms.ids),
        conservation=worst,
        over_time=(circularity_over_time(history.flows),),
    )
    labels = tuple(str(quarter) for quarter in history.quarters)
    name = snapshot.entity(entity).name
    return Origins(entity=entity, name=name, tracing=tracing, quarters=labels, is_past=True)


def _check(entity: str, firms: Sequence[str]) -> None:
    if entity not in firms:
        rule, remedy = "it is no firm of the network", suggestion(entity, firms)
        raise InputError("", (Problem(file="ENTITY", value=entity, rule=rule, remedy=remedy),))
