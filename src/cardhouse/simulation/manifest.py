"""The manifest of a run: what was asked, what the results depend on, and how far the run is."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cardhouse import __version__
from cardhouse.simulation.chunk import Job, default_chunk_draws
from cardhouse.simulation.designs import Design, design_record
from cardhouse.simulation.digest import code_digest, digest_of, library_versions
from cardhouse.simulation.marginals import Marginals
from cardhouse.simulation.retention import Retention, decide
from cardhouse.simulation.store import FORMAT
from cardhouse.simulation.world import World


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """All that decides the results of a run, and what it is called.

    Parameters
    ----------
    world : World
        The model, set up.
    marginals : Marginals
        Priors of its parameters.
    sampling : Design
        Draws, seed, scheme.
    keep : str
        ``auto``, ``paths`` or ``draws``; see :mod:`cardhouse.simulation.retention`.
    also : tuple of str
        Variables kept draw by draw whatever ``keep`` says.
    chunk_draws : int, optional
        Draws per chunk; chosen from the number of draws by default. It does not touch results.
    labels : mapping of str to str
        Names for people and tables: ``case``, ``scenario``, ``base_quarter`` and so on.
    inputs : mapping of str to str
        Hashes of what went in, by name, for the manifest: the case, the scenario and so on.
    request : mapping
        What the user asked, in plain values, enough to ask again when the run is resumed.
    """

    world: World
    marginals: Marginals
    sampling: Design
    keep: str = "auto"
    also: tuple[str, ...] = ()
    chunk_draws: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)

    @property
    def job(self) -> Job:
        """What workers are given."""
        return Job(world=self.world, marginals=self.marginals, sampling=self.sampling, retention=self.retention)

    @property
    def retention(self) -> Retention:
        """Which variables are kept draw by draw."""
        return Retention(decide(self.keep, self.sampling.draws), tuple(sorted(self.also)))

    @property
    def chunk_size(self) -> int:
        """Draws per chunk."""
        return self.chunk_draws or default_chunk_draws(self.sampling.draws, self.retention.keep)

    @property
    def fingerprint(self) -> str:
        """A hash of everything that results depend on: world, priors, sampling, code and numerical libraries."""
        program = (code_digest(), library_versions())
        return digest_of([self.world.fingerprint, self.marginals, self.sampling, self.retention, program])

    @property
    def name(self) -> str:
        """A name for the run folder: case, scenario, and the first digits of the fingerprint.

        Equal plans have equal names; different ones do not.
        """
        words = [self.labels.get("case", "run"), self.labels.get("scenario", "")]
        return "-".join([_plain(word) for word in words if word] + [self.fingerprint[:10]])


def _plain(word: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._+" else "_" for letter in word)[:60]


def first_manifest(plan: RunPlan) -> dict[str, Any]:
    """Write the manifest of a run that has not begun; only ``created`` and ``machine`` differ between equal runs."""
    binned = {item.name for item in plan.retention.sketched(plan.world.outputs)}
    return {
        "format": FORMAT,
        "state": "running",
        "fingerprint": plan.fingerprint,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {"python": platform.python_version(), "system": platform.system(), "processor": platform.machine()},
        "labels": dict(plan.labels),
        "inputs": dict(plan.inputs),
        "request": dict(plan.request),
        "sampling": design_record(plan.sampling),
        "keep": plan.retention.keep,
        "also": list(plan.retention.also),
        "chunk_draws": plan.chunk_size,
        "world": plan.world.fingerprint,
        "code": {"version": __version__, "digest": code_digest()},
        "libraries": library_versions(),
        "parameters": _parameters(plan.marginals),
        "variables": [
            {
                "name": item.name,
                "unit": item.unit,
                "long_name": item.long_name,
                "dims": list(item.dims),
                "dtype": str(item.dtype),
                "sketched": item.name in binned,
            }
            for item in plan.world.outputs
        ],
        "coordinates": {name: list(labels) for name, labels in plan.world.coordinates.items()},
        "draws_done": 0,
        "result_codes": {},
    }


def _parameters(marginals: Marginals) -> list[dict[str, Any]]:
    columns = zip(
        marginals.names, marginals.value, marginals.low, marginals.high, marginals.shape, marginals.group, strict=True
    )
    return [
        {
            "name": name,
            "value": float(value),
            "low": float(low),
            "high": float(high),
            "shape": shape,
            "group": group,
        }
        for name, value, low, high, shape, group in columns
    ]
