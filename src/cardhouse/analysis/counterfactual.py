"""What circular finance changes: the same draws in three worlds, and with each circular channel switched off alone.

*As is*, suppliers and clouds finance their customers. In *substitute* the same money comes from outside investors whose
willingness does not depend on the sales it causes. In *none* nobody replaces it. All worlds share parameters and news
draw by draw, so a difference between two worlds is caused by what was switched, and by nothing else. The sign is not
assumed anywhere: each effect can come out either way, and is zero when strategic finance is off in both worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.analysis.experiment import Experiment
from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.model.gates import CIRCULARITY_GATES, GATES, WORLDS
from cardhouse.model.result_codes import ResultCode
from cardhouse.model.setup import build_setup
from cardhouse.model.simulate import run_draws
from cardhouse.simulation.model_world import marginals_of

QUANTILE_90 = 1.6448536269514722

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
    channels : mapping of gate to measure to Effect
        As is less as is without the channel.
    holders : mapping of agent to Effect
        Difference in losses by holder, as is less substitute.
    """

    scenario: str
    draws: int
    quarters: int
    dropped: int
    levels: Mapping[str, Mapping[str, float]]
    effects: Mapping[str, Mapping[str, Effect]]
    channels: Mapping[str, Mapping[str, Effect]]
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
            _clause(count, "the number of firms that default is {} {}", ("higher", "lower"), "defaults do not change"),
            _clause(loss, "losses on shares are {} USD bn {}", ("larger", "smaller"), "losses on shares do not change"),
        ]
        return (
            f"Against the same money from outside investors, circular finance changes this in {self.scenario}: "
            + "; ".join(parts)
            + f" (means over {self.draws:,} draws with 90 % Monte Carlo intervals)."
        )


def _clause(effect: Effect, text: str, directions: tuple[str, str], nothing: str) -> str:
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
    worlds: dict[str, Mapping[str, bool]] = dict(WORLDS)
    worlds |= {f"without {gate}": {gate: False} for gate in CIRCULARITY_GATES}
    results = {}
    for name, gates in worlds.items():
        progress(name)
        results[name] = _run(experiment, gates, chunk)
    quarters = experiment.request.quarters
    well = np.logical_and.reduce([found["result_code"] == int(ResultCode.OK) for found in results.values()])
    values = {
        name: {measure.key: measure.values(found, quarters)[well] for measure in MEASURES}
        for name, found in results.items()
    }
    contrasts = {f"circ - {other}": _contrast(values["circ"], values[other]) for other in ("substitute", "none")}
    return Counterfactual(
        scenario=experiment.scenario_name,
        draws=int(well.sum()),
        quarters=quarters,
        dropped=int((~well).sum()),
        levels={name: {key: float(of.mean()) for key, of in values[name].items()} for name in WORLDS},
        effects=contrasts,
        channels={gate: _contrast(values["circ"], values[f"without {gate}"]) for gate in CIRCULARITY_GATES},
        holders=_holders(experiment, results, well),
    )


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


def _contrast(first: Mapping[str, FloatArray], second: Mapping[str, FloatArray]) -> dict[str, Effect]:
    return {key: paired_effect(first[key], second[key]) for key in first}


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


def _holders(
    experiment: Experiment, results: Mapping[str, Mapping[str, AnyArray]], well: AnyArray
) -> dict[str, Effect]:
    """Difference in losses on shares and credit by agent, as is less substitute, for agents with any loss."""
    losses = {
        name: (results[name]["equity_loss"] + results[name]["credit_loss"])[well, -1, :].astype(float)
        for name in ("circ", "substitute")
    }
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
        "channels": {gate: {"meaning": GATES[gate], **_plain(effects)} for gate, effects in found.channels.items()},
        "holders": _plain(found.holders),
    }


def _plain(effects: Mapping[str, Effect]) -> dict[str, dict[str, float | None]]:
    keys: Sequence[str] = ("mean", "low", "high", "share_up", "share_down")
    return {name: {key: _number(getattr(effect, key)) for key in keys} for name, effect in effects.items()}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
