"""From what a user asks to a run that can be computed: case, priors, scenarios, gates and sampling put together.

A request is plain values. It goes into the manifest of the run, so that the same run can be asked for again.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from cardhouse.basics.errors import CaseError, InputError, Problem, raise_if_any
from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.quarter import Quarter
from cardhouse.casebook.accepted import accepted_set
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case
from cardhouse.facts.vocabulary import TierFilter
from cardhouse.model.agents import model_agents
from cardhouse.model.gates import GATES
from cardhouse.model.parameters import PARAMETERS, ParameterSet
from cardhouse.model.setup import MAX_QUARTERS, build_setup
from cardhouse.scenarios.catalogue import load_scenario
from cardhouse.scenarios.compose import compile_scenario
from cardhouse.scenarios.path import ShockPaths
from cardhouse.scenarios.scenario import Scenario
from cardhouse.simulation.designs import Design
from cardhouse.simulation.manifest import RunPlan
from cardhouse.simulation.model_world import ModelWorld, marginals_of
from cardhouse.simulation.sampling import SamplingPlan

RANGE = ".."
PRIORS = ("ranges", "accepted")
"""What parameters are drawn from."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a user asks.

    Parameters
    ----------
    case : str
        Name of a packaged case, or a folder.
    known_on : str
        ISO day; empty for the newest.
    tier : str
        ``all`` or ``filing``.
    scenarios : tuple of str
        Names or files, laid over one another.
    off : tuple of str
        Gates that are switched off.
    settings : tuple of (str, float, float)
        Parameters with another range; equal ends fix a value.
    quarters : int
        Quarters to simulate.
    draws, seed, scheme, news_per_row, news, correlations
        See :class:`~cardhouse.simulation.sampling.SamplingPlan`.
    keep : str
        ``auto``, ``paths`` or ``draws``.
    prior : str
        ``ranges``, the priors of the case, or ``accepted``, those of their points that history matching did not rule
        out.

    Examples
    --------
    >>> Request.from_plain(Request(scenarios=("PLATEAU",)).to_plain()) == Request(scenarios=("PLATEAU",))
    True
    """

    case: str = "ai_2026"
    known_on: str = ""
    tier: str = "all"
    scenarios: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    settings: tuple[tuple[str, float, float], ...] = ()
    quarters: int = 24
    draws: int = 500
    seed: int = 1
    scheme: str = "sobol"
    news_per_row: int = 1
    news: str = "own"
    correlations: tuple[tuple[str, str, float], ...] = ()
    keep: str = "auto"
    prior: str = "ranges"

    def to_plain(self) -> dict[str, Any]:
        """Return the request as plain values for JSON."""
        return {key: _listed(value) for key, value in asdict(self).items()}

    @classmethod
    def from_plain(cls, record: Mapping[str, Any]) -> Request:
        """Read a request back from a manifest."""
        return cls(**{key: _tupled(value) for key, value in record.items()})

    @property
    def sampling(self) -> SamplingPlan:
        """How draws are made."""
        plan = SamplingPlan(
            draws=self.draws,
            seed=self.seed,
            scheme=self.scheme,
            news_per_row=self.news_per_row,
            news=self.news,
            correlations=self.correlations,
        )
        if self.prior == "ranges":
            return plan
        found = accepted_set(self.case)
        return replace(plan, scheme="accepted", candidate_seed=found.seed, candidates=found.rows)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A request made ready: the case as read, its priors as changed, the scenarios, and what is still asked.

    Parameters
    ----------
    request : Request
    case : Case
    priors : ParameterSet
        Priors of the case with the request's settings.
    scenarios : tuple of Scenario
    """

    request: Request
    case: Case
    priors: ParameterSet
    scenarios: tuple[Scenario, ...]

    def changed(
        self, settings: tuple[tuple[str, float, float], ...] | None = None, scenarios: tuple[str, ...] | None = None
    ) -> Experiment:
        """Return the experiment with other settings or scenarios of the request, without reading the case again.

        Parameters
        ----------
        settings : tuple of (str, float, float), optional
            Parameters with their range, as in :class:`Request`; they take the place of the request's.
        scenarios : tuple of str, optional
            Names or files; they take the place of the request's.

        Raises
        ------
        InputError
            With every problem; also the errors of a scenario.

        Examples
        --------
        >>> ready = prepare(Request(case="three_firm_ring", draws=10))
        >>> ready.changed(settings=(("tax_rate", 0.2, 0.2),)).priors.value("tax_rate")
        0.2
        """
        asked = replace(
            self.request,
            settings=self.request.settings if settings is None else settings,
            scenarios=self.request.scenarios if scenarios is None else scenarios,
        )
        raise_if_any(_problems(asked), InputError)
        return put_together(asked, self.case)

    @property
    def scenario_name(self) -> str:
        """Name of the composed scenario."""
        return "+".join(scenario.id for scenario in self.scenarios) or "BASE"

    @property
    def prior_name(self) -> str:
        """Where parameters are drawn from, in words."""
        if self.request.prior == "ranges":
            return "prior ranges of the case"
        return accepted_set(self.request.case).sentence

    @property
    def base_quarter(self) -> Quarter:
        """The quarter at whose end the opening figures stand."""
        if self.case.base_quarter is None:
            day = self.case.known_on
            raise CaseError(
                f"case '{self.case.name}' has no opening balance that was known on {day}, so it cannot be run: "
                "choose a later day with --known-on, or leave it out"
            )
        return self.case.base_quarter

    def paths(self, scenarios: Sequence[Scenario] | None = None) -> ShockPaths:
        """Compile scenarios, those of the request by default, for the model's agents and quarters."""
        quarters = [self.base_quarter + k for k in range(1, self.request.quarters + 1)]
        snapshot = self.case.snapshot
        agents, _ = model_agents(snapshot)
        roles = [snapshot.entity(agent).role.value for agent in agents]
        return compile_scenario(self.scenarios if scenarios is None else scenarios, quarters, agents, roles)

    def world(self, paths: ShockPaths | None = None) -> ModelWorld:
        """Set the model up, under the request's scenarios by default."""
        gates = dict.fromkeys(self.request.off, False)
        chosen = self.paths() if paths is None else paths
        request = self.request
        return ModelWorld(build_setup(self.case.snapshot, self.priors, chosen, request.quarters, request.seed, gates))

    def plan(self, sampling: Design | None = None, also: tuple[str, ...] = ()) -> RunPlan:
        """Put together the run; ``sampling`` replaces the request's plan, ``also`` names variables to keep per draw."""
        paths = self.paths()
        return RunPlan(
            world=self.world(paths),
            marginals=marginals_of(self.priors),
            sampling=self.request.sampling if sampling is None else sampling,
            keep=self.request.keep,
            also=also,
            labels={
                "case": self.case.name,
                "scenario": self.scenario_name,
                "known_on": self.case.known_on.isoformat(),
                "tier": str(self.case.tier.value),
                "base_quarter": str(self.base_quarter),
                "gates_off": ", ".join(sorted(self.request.off)),
                "prior": self.prior_name,
            },
            inputs={"case": self.case.digest, "scenario": paths.digest},
            request=self.request.to_plain(),
        )


def prepare(request: Request) -> Experiment:
    """Read the case and the scenarios of a request.

    Raises
    ------
    InputError
        With every problem of the request; also the errors of the case and the scenarios.
    """
    raise_if_any(_problems(request), InputError)
    day = dt.date.fromisoformat(request.known_on) if request.known_on else None
    case = load_case(request.case, day, request.tier)
    # the newest day is written out: a case that learns more later must not change what a resumed run means
    told = replace(request, known_on=case.known_on.isoformat())
    return put_together(told, case)


def put_together(request: Request, case: Case) -> Experiment:
    """Tie a request to a case that was read already; :func:`prepare` reads it and checks the request."""
    changes = {name: low if low == high else (low, high) for name, low, high in request.settings}
    scenarios = tuple(load_scenario(name) for name in request.scenarios)
    return Experiment(request=request, case=case, priors=case.priors.with_values(changes), scenarios=scenarios)


def _problems(request: Request) -> list[Problem]:
    found = []
    for gate in request.off:
        if gate not in GATES:
            remedy = _with_list(suggestion(gate, GATES), "docs/reference/gates.md")
            found.append(Problem(file="--off", value=gate, rule="there is no such gate", remedy=remedy))
    found += [problem for setting in request.settings for problem in _setting_problems(*setting)]
    names = [name for name, _, _ in request.settings]
    for name in sorted({name for name in names if names.count(name) > 1}):
        rule, remedy = "a parameter is set twice", "give one value or one range"
        found.append(Problem(file="--set", value=name, rule=rule, remedy=remedy))
    if request.prior not in PRIORS:
        remedy = suggestion(request.prior, PRIORS)
        found.append(Problem(file="--prior", value=request.prior, rule="there is no such prior", remedy=remedy))
    elif request.prior == "accepted" and request.scheme != "sobol":
        rule, remedy = "accepted parameters are Sobol' points", "leave --sampling out"
        found.append(Problem(file="--prior", value=request.prior, rule=rule, remedy=remedy))
    tiers = [word.value for word in TierFilter]
    if request.tier not in tiers:
        rule, remedy = "the tier is a word of the list", suggestion(request.tier, tiers)
        found.append(Problem(file="--tier", value=request.tier, rule=rule, remedy=remedy))
    return [*found, *_numbers_out_of_range(request)]


def _setting_problems(name: str, low: float, high: float) -> list[Problem]:
    specs = {spec.name: spec for spec in PARAMETERS}
    if name not in specs:
        remedy = _with_list(suggestion(name, specs), "cardhouse facts gaps --parameters")
        return [Problem(file="--set", value=name, rule="there is no such parameter", remedy=remedy)]
    spec, text = specs[name], f"{low:g}" if low == high else f"{low:g}{RANGE}{high:g}"
    if low > high:
        rule, remedy = "a range begins with its lower end", f"write it as {name}={high:g}{RANGE}{low:g}"
    elif not spec.lower <= low <= high <= spec.upper:
        rule = f"{name} lies between {spec.lower:g} and {spec.upper:g} {spec.unit}"
        remedy = "give a value or low..high inside"
    else:
        return []
    return [Problem(file="--set", value=text, rule=rule, remedy=remedy)]


def _with_list(remedy: str, place: str) -> str:
    """Say where all names are listed, unless a near one was found."""
    return remedy if remedy.endswith("?") else f"{remedy}; all are in {place}"


def _numbers_out_of_range(request: Request) -> list[Problem]:
    found = []
    if not 1 <= request.quarters <= MAX_QUARTERS:
        rule = f"a run has 1 to {MAX_QUARTERS} quarters"
        remedy = "beyond that a quarterly model of today's contracts says nothing"
        found.append(Problem(file="--quarters", value=str(request.quarters), rule=rule, remedy=remedy))
    if not 0 <= request.seed < 2**63:
        rule, remedy = "a seed is a whole number from 0 to 2**63 - 1", "give another"
        found.append(Problem(file="--seed", value=str(request.seed), rule=rule, remedy=remedy))
    return found


def parse_setting(text: str) -> tuple[str, float, float]:
    """Read ``name=value`` or ``name=low..high``.

    Raises
    ------
    InputError
        When it is neither.

    Examples
    --------
    >>> parse_setting("adoption_ceiling=0.3..0.6")
    ('adoption_ceiling', 0.3, 0.6)
    """
    name, _, value = text.partition("=")
    low, separator, high = value.partition(RANGE)
    try:
        ends = float(low), float(high if separator else low)
    except ValueError:
        ends = (float("nan"), float("nan"))
    if not name.strip() or not all(abs(end) < float("inf") for end in ends):
        rule, remedy = "a setting is a name and a number or range", "write it as name=0.5 or name=0.3..0.6"
        raise InputError("", (Problem(file="--set", value=text, rule=rule, remedy=remedy),))
    return name.strip(), *ends


def parse_correlation(text: str) -> tuple[str, str, float]:
    """Read ``first,second=rank correlation``.

    >>> parse_correlation("imitation_rate,adoption_ceiling=0.4")
    ('imitation_rate', 'adoption_ceiling', 0.4)
    """
    names, _, value = text.partition("=")
    pair = [name.strip() for name in names.split(",")]
    try:
        rank = float(value)
    except ValueError:
        rank = float("nan")
    rule, remedy = "", "write it as first,second=0.4"
    if len(pair) != 2 or not all(pair):
        rule = "a correlation joins two parameters"
    elif math.isnan(rank):
        rule = "a correlation is a number"
    elif not -1.0 < rank < 1.0:
        rule, remedy = "a rank correlation lies between -1 and 1", f"write it as {pair[0]},{pair[1]}=0.4"
    if rule:
        raise InputError("", (Problem(file="--correlate", value=text, rule=rule, remedy=remedy),))
    return pair[0], pair[1], rank


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, tuple | list) else value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(item) for item in value) if isinstance(value, list | tuple) else value
