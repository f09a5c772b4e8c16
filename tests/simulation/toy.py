"""A tiny stochastic economy for tests of the machinery: three firms earn random incomes and fail when cash runs out."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.streams import fill_normal
from cardhouse.simulation.manifest import RunPlan
from cardhouse.simulation.marginals import Marginals
from cardhouse.simulation.sampling import SamplingPlan

ENTITIES = ("alder", "birch", "cedar")
QUARTERS = tuple(f"{2026 + k // 4}Q{k % 4 + 1}" for k in range(6))
PRIORS = Marginals(
    names=("income", "volatility", "opening_cash", "horizon"),
    value=np.array([0.2, 1.0, 2.0, 6.0]),
    low=np.array([-0.5, 0.5, 1.0, 6.0]),
    high=np.array([0.6, 2.0, 5.0, 6.0]),
    shape=("triangular", "loguniform", "uniform", "fixed"),
    group=("assumed", "assumed", "reported", "reported"),
)


@dataclass(frozen=True)
class Variable:
    name: str
    unit: str
    long_name: str
    dims: tuple[str, ...]
    dtype: str


OUTPUTS = (
    Variable("result_code", "code", "how the draw ended", (), "int64"),
    Variable("worst_cash", "USD bn", "lowest cash of any firm", (), "float64"),
    Variable("default_quarter", "quarter", "quarter of default, -1 never", ("entity",), "int16"),
    Variable("lost", "USD bn", "income lost after default, unknown for firms that live", ("entity",), "float64"),
    Variable("cash", "USD bn", "cash", ("quarter", "entity"), "float64"),
    Variable("alive", "truth", "1 while the firm lives", ("quarter", "entity"), "int8"),
    Variable("total", "USD bn", "cash of all firms", ("quarter",), "float32"),
)


@dataclass(frozen=True)
class ToyWorld:
    """``fail_above``: draws with an income parameter above it end with result code 20."""

    seed: int = 7
    shift: float = 0.0
    fail_above: float = 0.45
    delay: float = 0.0

    @property
    def outputs(self) -> tuple[Variable, ...]:
        return OUTPUTS

    @property
    def coordinates(self) -> dict[str, tuple[str, ...]]:
        return {"quarter": QUARTERS, "entity": ENTITIES}

    @property
    def fingerprint(self) -> str:
        return f"toy {self.seed} {self.shift} {self.fail_above}"

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> dict[str, AnyArray]:
        time.sleep(self.delay)
        size = (len(draw_ids), len(QUARTERS), len(ENTITIES))
        cash, alive = np.empty(size), np.empty(size, np.int8)
        news = np.empty(size[1] * size[2])
        for k, draw in enumerate(draw_ids):
            fill_normal(news, self.seed, int(draw), 1)
            income = parameters[k, 0] + self.shift + parameters[k, 1] * news.reshape(size[1:])
            cash[k] = parameters[k, 2] + np.cumsum(income, axis=0)
            alive[k] = np.minimum.accumulate(cash[k] >= 0.0, axis=0)
        dead = alive == 0
        default = np.where(dead.any(axis=1), dead.argmax(axis=1), -1).astype(np.int16)
        lost = np.where(dead.any(axis=1), -(np.minimum(cash, 0.0) * dead).sum(axis=1), np.nan)
        return {
            "result_code": np.where(parameters[:, 0] > self.fail_above, 20, 0),
            "worst_cash": cash.min(axis=(1, 2)),
            "default_quarter": default,
            "lost": lost,
            "cash": cash,
            "alive": alive,
            "total": cash.sum(axis=2).astype(np.float32),
        }


@dataclass(frozen=True)
class Deadly(ToyWorld):
    """Kills the process it runs in, as the system does when memory runs out: once per missing marker."""

    markers: str = ""
    kills: int = 1

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> dict[str, AnyArray]:
        for number in range(self.kills):
            marker = Path(self.markers) / f"killed-{number}"
            try:
                marker.touch(exist_ok=False)
            except FileExistsError:
                continue
            os.kill(os.getpid(), signal.SIGKILL)
        return super().run(parameters, draw_ids)


def plan(draws: int = 60, world: ToyWorld | None = None, **options: Any) -> RunPlan:
    sampling = SamplingPlan(draws=draws, seed=options.pop("seed", 3), **options.pop("sampling", {}))
    labels = {"case": "toy", "scenario": options.pop("scenario", "base")}
    return RunPlan(world=world or ToyWorld(), marginals=PRIORS, sampling=sampling, labels=labels, **options)
