"""What circular finance changes: the same draws in three worlds, and the split of the change over five channels.

*As is*, suppliers and clouds finance their customers. In *substitute* outsiders give the same share of the same sales,
in any mood and whatever their means. In *none* nobody does. All worlds share parameters and news draw by draw, so a
difference between two worlds is caused by what was switched, and by nothing else. The sign is not assumed anywhere.
With all five channels off, strategic money is outside money under another name, and the three worlds are one.

The split is the average, over all orders in which the five channels can be switched on one after the other, of what
each adds when its turn comes (Shapley 1953). It has no favourite order, its parts sum to the whole, and a channel that
changes nothing gets nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cardhouse.analysis.experiment import Experiment
from cardhouse.analysis.shapley import coalitions, split_of
from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.model.gates import CIRCULARITY_GATES, GATES, WORLDS
from cardhouse.model.result_codes import ResultCode
from cardhouse.model.setup import build_setup
from cardhouse.model.simulate import run_draws
from cardhouse.simulation.model_world import marginals_of

QUANTILE_90 = 1.6448536269514722

ACTS_IN: dict[str, frozenset[str]] = {
    "circ": frozenset(CIRCULARITY_GATES),
    # outsiders have no purchases to lose, send no signal of their own sales and grant no rebates
    "substitute": frozenset({"circular_additionality", "circular_marks"}),
    # stakes bought before the base date are marked here too
    "none": frozenset({"circular_marks"}),
}
"""The channels that can act in each world; the others change nothing in it, which a test asserts."""

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One outcome by which worlds are compared.

    Parameters
    ----------
    key, words, short, unit : str
        Name for programs, for people, for a narrow column, and unit.
    values : callable
        From the results of a world to one number per draw.
    """

    key: str
    words: str
    short: str
    unit: str
    values: Callable[[Mapping[str, AnyArray], int], FloatArray]


def _first(results: Mapping[str, AnyArray], quarters: int) -> FloatArray:
    first = np.asarray(results["first_default_quarter"], dtype=float)
    # the model counts from 0; a draw without a default counts as the quarter after the horizon, so "later" has a size
    return np.where(first >= 0, first + 1.0, quarters + 1.0)


def _loss(name: str) -> Callable[[Mapping[str, AnyArray], int], FloatArray]:
    # losses are counted since the start, so the last quarter holds them all
    return lambda results, _: np.asarray(results[name], dtype=float)[:, -1, :].sum(axis=1)


MEASURES: tuple[Measure, ...] = (
    Measure(
        key="first_default", words="quarter of the first default", short="first default", unit="quarters", values=_first
    ),
    Measure(
        key="defaults",
        words="firms that default",
        short="defaults",
        unit="firms",
        values=lambda results, _: np.asarray(results["defaults_count"], dtype=float),
    ),
    Measure(
        key="peak_capex",
        words="highest capital spending in a quarter",
        short="peak capex",
        unit="USD bn",
        values=lambda results, _: np.asarray(results["sector_capex"], dtype=float).max(axis=1),
    ),
    Measure(
        key="equity_loss",
        words="losses on shares, all holders",
        short="share losses",
        unit="USD bn",
        values=_loss("equity_loss"),
    ),
    Measure(
        key="credit_loss",
        words="losses on credit, all lenders",
        short="credit losses",
        unit="USD bn",
        values=_loss("credit_loss"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A paired difference between two worlds.

    Parameters
    ----------
    mean : float
        Mean over draws of (first world less second world).
    low, high : float
        90 % interval of the mean from the spread over draws: Monte Carlo error, not uncertainty about the model.
    share_up, share_down : float
        Shares of draws in which the first world is above, and below, the second.
    """

    mean: float
    low: float
    high: float
    share_up: float
    share_down: float

    @property
    def is_clear(self) -> bool:
        """Tell whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, kw_only=True)
class Counterfactual:
    """The comparison of worlds.

    Parameters
    ----------
    scenario : str
        Scenario under which all worlds run.
    draws, quarters : int
        Draws that ended well in every world, and their length.
    dropped : int
        Draws left out because one world ended with a result code other than ``ok``.
    levels : mapping of world to measure to mean
    effects : mapping of contrast to measure to Effect
        Contrasts: ``circ - substitute``, ``circ - none``.
    splits : mapping of contrast to gate to measure to Effect
        The parts of each contrast that the five channels add, averaged over all orders; they sum to the contrast.
    channels : mapping of gate to measure to Effect
        As is less as is without the channel: what switching it off alone would change.
    rest : float
        Largest difference between the three worlds in any draw and measure with all five channels off, relative to the
        measure's mean: zero, since strategic money is then outside money under another name.
    holders : mapping of agent to Effect
        Difference in losses by holder, as is less substitute.
    """

    scenario: str
    draws: int
    quarters: int
    dropped: int
    levels: Mapping[str, Mapping[str, float]]
    effects: Mapping[str, Mapping[str, Effect]]
    splits: Mapping[str, Mapping[str, Mapping[str, Effect]]]
    channels: Mapping[str, Mapping[str, Effect]]
    rest: float
    holders: Mapping[str, Effect]

    def sentence(self) -> str:
        """Say the result in one sentence, in the direction that came out."""
        first = self.effects["circ - substitute"]["first_default"]
        count = self.effects["circ - substitute"]["defaults"]
        loss = self.effects["circ - substitute"]["equity_loss"]
        parts = [
            _clause(
                first, "the first default comes {} quarters {}", ("later", "earlier"), "the first default does not move"
            ),
            _clause(count, "the number of firms that default is {} {}", ("higher", "lower"), "defaults do not change")
            + self._largest_part("defaults"),
            _clause(loss, "losses on shares are {} USD bn {}", ("larger", "smaller"), "losses on shares do not change"),
        ]
        return (
            f"Against the same money from outside investors, circular finance changes this in {self.scenario}: "
            + "; ".join(parts)
            + f" (means over {self.draws:,} draws with 90 % Monte Carlo intervals)."
        )

    def _largest_part(self, measure: str) -> str:
        """Name the channel with the largest part in a clear change of defaults; empty where there is none."""
        parts = self.splits["circ - substitute"]
        if not self.effects["circ - substitute"][measure].is_clear:
            return ""
        gate = max(parts, key=lambda name: abs(parts[name][measure].mean))
        part = parts[gate][measure].mean
        return f" (the largest part through {channel_name(gate)}, {part:+,.2f})" if part else ""


def channel_name(gate: str) -> str:
    """Return the name of a channel without the prefix of its gate.

    >>> channel_name("circular_wrong_way")
    'wrong way'
    """
    return gate.removeprefix("circular_").replace("_", " ")


def _clause(effect: Effect, text: str, directions: tuple[str, str], nothing: str) -> str:
    if effect.low == effect.high == 0.0:
        return nothing
    if not effect.is_clear:
        return f"{nothing} clearly ({effect.low:+.2f} to {effect.high:+.2f})"
    near, far = sorted((abs(effect.low), abs(effect.high)))
    size = f"{abs(effect.mean):,.2f} ({near:,.2f} to {far:,.2f})"
    return text.format(size, directions[0] if effect.mean > 0 else directions[1])


def compare_worlds(experiment: Experiment, progress: Progress = lambda _: None, chunk: int = 250) -> Counterfactual:
    """Run the worlds and compare them draw by draw.

    Parameters
    ----------
    experiment : Experiment
        Case, priors, scenario, gates switched off and number of draws.
    progress : callable
        Told the name of each world before it runs.
    chunk : int
        Draws computed at once; results do not depend on it.
    """
    open_gates = tuple(gate for gate in CIRCULARITY_GATES if gate not in experiment.request.off)
    quarters = experiment.request.quarters
    values: dict[tuple[str, frozenset[str]], dict[str, FloatArray]] = {}
    losses: dict[str, FloatArray] = {}
    well = np.ones(experiment.request.draws, dtype=bool)
    for world, gates in WORLDS.items():
        progress(world)
        for on in coalitions([gate for gate in open_gates if gate in ACTS_IN[world]]):
            found = _run(experiment, {**dict.fromkeys(set(CIRCULARITY_GATES) - on, False), **gates}, chunk)
            values[world, on] = {measure.key: measure.values(found, quarters) for measure in MEASURES}
            well &= found["result_code"] == int(ResultCode.OK)
            losses[world] = (found["equity_loss"] + found["credit_loss"])[:, -1, :].astype(float)  # ends with all on
    values = {key: {name: of[well] for name, of in row.items()} for key, row in values.items()}

    def gap(other: str, on: frozenset[str]) -> dict[str, FloatArray]:
        first, second = values["circ", on], values[other, on & ACTS_IN[other]]
        return {name: first[name] - second[name] for name in first}

    whole = frozenset(open_gates)
    as_is = values["circ", whole]
    others = ("substitute", "none")
    return Counterfactual(
        scenario=experiment.scenario_name,
        draws=int(well.sum()),
        quarters=quarters,
        dropped=int((~well).sum()),
        levels={
            world: {name: float(of.mean()) for name, of in values[world, whole & ACTS_IN[world]].items()}
            for world in WORLDS
        },
        effects={f"circ - {other}": _contrast(gap(other, whole)) for other in others},
        splits={f"circ - {other}": _split(open_gates, partial(gap, other)) for other in others},
        channels={
            gate: _contrast({name: as_is[name] - of for name, of in values["circ", whole - {gate}].items()})
            for gate in CIRCULARITY_GATES
        },
        rest=max(_largest(gap(other, frozenset()), values["none", frozenset()]) for other in others),
        holders=_holders(experiment, {name: losses[name][well] for name in ("circ", "substitute")}),
    )


def _split(
    gates: Sequence[str], gap: Callable[[frozenset[str]], Mapping[str, FloatArray]]
) -> dict[str, dict[str, Effect]]:
    """Split a contrast over the channels, draw by draw, so that each part has an interval of its own."""
    parts = {}
    for measure in MEASURES:
        parts[measure.key] = split_of(gates, {on: gap(on)[measure.key] for on in coalitions(gates)})
    nothing = {key: np.zeros_like(of) for key, of in gap(frozenset(gates)).items()}
    return {gate: _contrast({key: parts[key].get(gate, nothing[key]) for key in parts}) for gate in CIRCULARITY_GATES}


def _largest(gap: Mapping[str, FloatArray], levels: Mapping[str, FloatArray]) -> float:
    """Return the largest gap in any draw, each measure relative to its mean size; not a number if one is."""
    sizes = [np.abs(of).max(initial=0.0) / max(float(np.abs(levels[name]).mean()), 1.0) for name, of in gap.items()]
    return float(np.max(sizes)) if levels and next(iter(levels.values())).size else 0.0


def _run(experiment: Experiment, gates: Mapping[str, bool], chunk: int) -> dict[str, AnyArray]:
    request = experiment.request
    switched = {**dict.fromkeys(request.off, False), **gates}
    snapshot = experiment.case.snapshot
    setup = build_setup(snapshot, experiment.priors, experiment.paths(), request.quarters, request.seed, switched)
    sampling, marginals = request.sampling, marginals_of(experiment.priors)
    kept = ("result_code", "first_default_quarter", "defaults_count", "sector_capex", "equity_loss", "credit_loss")
    parts: dict[str, list[AnyArray]] = {name: [] for name in kept}
    for start in range(0, request.draws, chunk):
        stop = min(start + chunk, request.draws)
        draws = sampling.news_ids(np.arange(start, stop))
        found = run_draws(setup, sampling.parameters(marginals, start, stop), draws)
        for name in kept:
            parts[name].append(found[name])
    return {name: np.concatenate(pieces) for name, pieces in parts.items()}


def _contrast(gaps: Mapping[str, FloatArray]) -> dict[str, Effect]:
    return {key: paired_effect(gap, np.zeros_like(gap)) for key, gap in gaps.items()}


def paired_effect(first: FloatArray, second: FloatArray) -> Effect:
    """Compare two worlds draw by draw.

    Examples
    --------
    >>> effect = paired_effect(np.array([3.0, 5.0, 4.0]), np.array([1.0, 5.0, 3.0]))
    >>> effect.mean, effect.share_up, effect.share_down
    (1.0, 0.6666666666666666, 0.0)
    """
    gap = first - second
    if gap.size == 0:
        return Effect(mean=np.nan, low=np.nan, high=np.nan, share_up=np.nan, share_down=np.nan)
    error = QUANTILE_90 * float(gap.std(ddof=1)) / np.sqrt(gap.size) if gap.size > 1 else np.nan
    mean = float(gap.mean())
    return Effect(
        mean=mean,
        low=mean - error,
        high=mean + error,
        share_up=float((gap > 0).mean()),
        share_down=float((gap < 0).mean()),
    )


def _holders(experiment: Experiment, losses: Mapping[str, FloatArray]) -> dict[str, Effect]:
    """Difference in losses on shares and credit by agent, as is less substitute, for agents with any loss."""
    names = experiment.world().setup.entity_ids
    return {
        name: paired_effect(losses["circ"][:, k], losses["substitute"][:, k])
        for k, name in enumerate(names)
        if losses["circ"][:, k].any() or losses["substitute"][:, k].any()
    }


def to_plain(found: Counterfactual) -> dict[str, Any]:
    """Return the comparison as plain values for JSON; an effect without a number is null."""
    return {
        "scenario": found.scenario,
        "draws": found.draws,
        "draws_dropped": found.dropped,
        "quarters": found.quarters,
        "sentence": found.sentence(),
        "levels": found.levels,
        "effects": {contrast: _plain(effects) for contrast, effects in found.effects.items()},
        "splits": {
            contrast: {gate: _plain(parts) for gate, parts in split.items()} for contrast, split in found.splits.items()
        },
        "difference_with_all_channels_off": found.rest,
        "channels": {gate: {"meaning": GATES[gate], **_plain(effects)} for gate, effects in found.channels.items()},
        "holders": _plain(found.holders),
    }


def _plain(effects: Mapping[str, Effect]) -> dict[str, dict[str, float | None]]:
    keys: Sequence[str] = ("mean", "low", "high", "share_up", "share_down")
    return {name: {key: _number(getattr(effect, key)) for key in keys} for name, effect in effects.items()}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
