"""A small made-up world with the model's register of results, to test summary and report without running the model.

Its figures follow simple rules from parameters and draw numbers and mean nothing; it exists in tests only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.model.parameters import PARAMETERS
from cardhouse.model.variables import OUTPUTS, Variable
from cardhouse.network.entity import Role
from cardhouse.simulation.manifest import RunPlan
from cardhouse.simulation.marginals import Marginals
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import run_in_memory
from cardhouse.simulation.sampling import SamplingPlan

AGENTS: dict[str, Role] = {
    "nvidia": Role.CHIPS,
    "microsoft": Role.PLATFORM,
    "oracle": Role.LEVERAGED_CLOUD,
    "coreweave": Role.LEVERAGED_CLOUD,
    "vehicles_oracle": Role.VEHICLE,
    "openai": Role.LAB,
    "xai": Role.LAB,
    "public_equity_funds": Role.HOLDER,
    "dc_pensions": Role.HOLDER,
    "banks": Role.LENDER,
    "households": Role.HOUSEHOLDS,
}
SIZE = np.array([4500.0, 3000, 450, 45, 20, 800, 200, 9000, 7000, 6000, 20000])
FRAGILE = {2: 0.15, 3: 0.3, 4: 0.3, 5: 0.25, 6: 0.35}


@dataclass(frozen=True)
class ToyWorld:
    """Made-up results for any draw; a draw with ``draw % bad_every == bad_every - 1`` ends with a result code."""

    quarters: int = 12
    bad_every: int = 0
    calm: bool = False

    @property
    def outputs(self) -> tuple[Variable, ...]:
        return OUTPUTS

    @property
    def coordinates(self) -> Mapping[str, tuple[str, ...]]:
        labels = [f"{2026 + k // 4}Q{k % 4 + 1}" for k in range(self.quarters)]
        return {
            "quarter": tuple(labels),
            "entity": tuple(AGENTS),
            "channel": ("fundamental", "belief", "flow", "forced sale", "jump"),
            "holder_class": ("401(k)", "IRA", "households", "defined benefit", "foreign", "others"),
            "definition": ("interest cover", "Mulligan", "commitments as debt service"),
        }

    @property
    def fingerprint(self) -> str:
        return f"toy-{self.quarters}-{self.bad_every}-{self.calm}"

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> Mapping[str, AnyArray]:
        rows = [self._draw(parameters[k], int(draw)) for k, draw in enumerate(draw_ids)]
        return {item.name: np.array([row[item.name] for row in rows]).astype(item.dtype) for item in OUTPUTS}

    def _draw(self, parameters: FloatArray, draw: int) -> dict[str, AnyArray]:
        random = np.random.default_rng(draw)
        axes = {name: len(labels) for name, labels in self.coordinates.items()}
        found = {item.name: self._blank(item, axes, random) for item in OUTPUTS}
        stress = 0.0 if self.calm else float(random.beta(1.2, 2.0)) * (0.5 + float(parameters[0] % 1.0))
        when = np.full(len(AGENTS), -1)
        for place, chance in FRAGILE.items():
            if stress * random.uniform(0.6, 1.4) > chance:
                when[place] = min(self.quarters - 1, 2 + int(random.integers(0, self.quarters - 3)))
        self._defaults(found, when, random)
        self._paths(found, stress, random)
        bad = self.bad_every and draw % self.bad_every == self.bad_every - 1
        found["result_code"] = np.array(4 if bad else 0)
        return found

    @staticmethod
    def _blank(item: Variable, axes: Mapping[str, int], random: np.random.Generator) -> AnyArray:
        shape = tuple(axes[name] for name in item.dims)
        if item.dtype.startswith("<i"):
            return np.zeros(shape, np.int64)
        return random.normal(1.0, 0.1, shape)

    def _defaults(self, found: dict[str, AnyArray], when: IntArray, random: np.random.Generator) -> None:
        struck = when >= 0
        found["default_quarter"] = when
        found["default_label"] = np.where(struck, random.integers(1, 3, when.size), 0)
        found["default_trigger"] = np.where(struck, random.choice([10010, 7070], when.size), -1)
        found["default_round"] = np.where(struck, random.integers(0, 2, when.size), -1)
        found["claims_unpaid"] = np.where(struck, SIZE * random.uniform(0.02, 0.2, when.size), 0.0)
        found["recovery_rate"] = np.where(struck, random.uniform(0.2, 0.7, when.size), np.nan)
        found["defaults_count"] = np.array(int(struck.sum()))
        found["recovery_secured"] = np.where(struck, 0.6, np.nan)
        found["recovery_unsecured"] = np.where(struck, 0.3, np.nan)
        found["merged_into"] = np.where(np.arange(when.size) == 6, np.where(struck, -1, 1), -1)
        found["warrant_gain"] = np.where(np.arange(when.size) == 5, 3.0, np.where(np.arange(when.size) == 7, -3.0, 0.0))
        found["capacity_bought"] = np.where(struck.any() & (np.arange(when.size) == 1), 0.5, 0.0)
        found["capacity_bought_cost"] = 20.0 * found["capacity_bought"]

    def _paths(self, found: dict[str, AnyArray], stress: float, random: np.random.Generator) -> None:
        clock = np.arange(self.quarters)
        growth = 0.03 - 0.09 * stress
        wobble = np.exp(np.cumsum(random.normal(0, 0.03, self.quarters)))
        path = np.exp(growth * clock) * wobble
        found["sector_market_value"] = 16000 * path
        found["sp500_index"] = 58000 * (1 + 0.4 * (path - 1))
        found["market_value"] = path[:, None] * SIZE
        found["end_user_spending"] = 23 * np.exp((0.09 - 0.05 * stress) * clock)
        found["sector_capex"] = 170 * np.exp((0.04 - 0.12 * stress) * clock) * wobble
        found["chip_sales"] = 0.5 * found["sector_capex"]
        found["utilisation"] = np.clip(0.92 - 0.3 * stress * clock / self.quarters, 0.3, 1.0)
        found["compute_price"] = 13.4 * found["utilisation"] ** 2
        found["long_run_price"] = np.full(self.quarters, 12.0)
        found["organic_revenue"] = np.clip(0.35 + 0.02 * clock - 0.1 * stress, 0, 1)
        found["class_loss"] = (1 - path[-1]) * 58000 * np.array([0.11, 0.14, 0.3, 0.07, 0.18, 0.2])
        found["regime"] = np.array(int(random.integers(0, 6)))
        found["debt"] = np.ones((self.quarters, len(AGENTS))) * SIZE * 0.1
        found["minsky_class"] = random.integers(0, 3, (self.quarters, len(AGENTS), 3))
        loss = (1 - path)[:, None] * SIZE * 0.3
        found["equity_loss"] = np.where(np.arange(len(AGENTS)) >= 7, loss, 0.0)
        found["credit_loss"] = np.where(np.arange(len(AGENTS)) == 9, 40 * stress * clock[:, None], 0.0)
        split = random.dirichlet(np.ones(5), len(AGENTS))
        found["loss_by_channel"] = ((path[-1] - 1) * SIZE)[:, None] * split
        found["worst_residual"] = np.array(1e-13)
        found["opening_cash"] = SIZE * 0.02
        found["free_cash_flow"] = np.ones((self.quarters, len(AGENTS))) * SIZE * random.uniform(-0.01, 0.002)
        found["undrawn_lines"] = np.zeros((self.quarters, len(AGENTS)))
        found["ebitda"] = np.ones((self.quarters, len(AGENTS))) * SIZE * np.where(SIZE < 1000, -0.004, 0.02)
        for name in ("interest_due", "principal_due", "capex"):
            found[name] = np.ones((self.quarters, len(AGENTS))) * SIZE * 0.001


@dataclass(frozen=True)
class HandWorld(ToyWorld):
    """The made-up world with some results written by hand: ``by_hand[name]`` has one row for each draw."""

    by_hand: Mapping[str, AnyArray] = field(default_factory=dict)

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> Mapping[str, AnyArray]:
        found = dict(super().run(parameters, draw_ids))
        for name, values in self.by_hand.items():
            found[name] = np.asarray(values)[draw_ids].astype(found[name].dtype)
        return found


def toy_plan(draws: int = 60, keep: str = "paths", world: ToyWorld | None = None) -> RunPlan:
    """Plan a run of the made-up world with four varying parameters."""
    names = tuple(spec.name for spec in PARAMETERS)
    low = np.array([float(spec.lower) for spec in PARAMETERS])
    low = np.where(np.isfinite(low), low, 0.0)
    high = np.where(np.arange(len(names)) < 4, low + 1.0, low)
    marginals = Marginals(
        names=names,
        value=(low + high) / 2,
        low=low,
        high=high,
        shape=tuple("uniform" if up > down else "fixed" for up, down in zip(high, low, strict=True)),
        group=tuple("assumed" for _ in names),
    )
    return RunPlan(
        world=world or ToyWorld(),
        marginals=marginals,
        sampling=SamplingPlan(draws=draws, seed=3),
        keep=keep,
        labels={"case": "ai_2026", "scenario": "FIBRE", "base_quarter": "2025Q4", "known_on": "2026-02-13"},
    )


def toy_run(draws: int = 60, keep: str = "paths", world: ToyWorld | None = None) -> Run:
    """Run the made-up world."""
    return run_in_memory(toy_plan(draws, keep, world))
