"""A run as people and programs read it: arrays, parameters, quantiles, default times, exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cardhouse.basics.arrays import AnyArray, BoolArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.simulation.designs import Design, design_from
from cardhouse.simulation.digest import digest_of
from cardhouse.simulation.marginals import Marginals
from cardhouse.simulation.retention import RESULT_CODE
from cardhouse.simulation.source import Source
from cardhouse.simulation.summary import (
    PROBABILITIES,
    DefaultTimes,
    Quantiles,
    Share,
    default_times,
    quantiles_of_array,
    quantiles_of_sketch,
    wilson,
)
from cardhouse.simulation.world import is_integer

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True)
class StoredVariable:
    """One variable of a run; ``sketched`` says that only its distribution is there."""

    name: str
    unit: str
    long_name: str
    dims: tuple[str, ...]
    dtype: str
    sketched: bool


class Run:
    """A finished or partly finished run.

    Parameters
    ----------
    manifest : mapping
        The content of ``manifest.json``.
    source : Source
        Where arrays come from.
    """

    def __init__(self, manifest: Mapping[str, Any], source: Source) -> None:
        self.manifest = manifest
        self._source = source
        self.variables = {
            item["name"]: StoredVariable(**{**item, "dims": tuple(item["dims"])}) for item in manifest["variables"]
        }
        self.coordinates = {name: tuple(labels) for name, labels in manifest["coordinates"].items()}

    @property
    def draws(self) -> IntArray:
        """Numbers of the finished draws."""
        return self._source.draws()

    @property
    def complete(self) -> bool:
        """Whether every draw is there."""
        return self.draws.size == int(self.manifest["sampling"]["draws"])

    @property
    def sampling(self) -> Design:
        """How the draws were made."""
        return design_from(self.manifest["sampling"])

    @property
    def marginals(self) -> Marginals:
        """Priors of the parameters."""
        table = self.manifest["parameters"]
        return Marginals(
            names=tuple(row["name"] for row in table),
            value=np.array([row["value"] for row in table], dtype=np.float64),
            low=np.array([row["low"] for row in table], dtype=np.float64),
            high=np.array([row["high"] for row in table], dtype=np.float64),
            shape=tuple(row["shape"] for row in table),
            group=tuple(row["group"] for row in table),
        )

    @property
    def parameters(self) -> FloatArray:
        """Parameter rows of the finished draws, shape (draw, parameter); made again from the seed."""
        return self.parameters_between(0, self.draws.size)

    def parameters_between(self, start: int, stop: int) -> FloatArray:
        """Return the parameter rows of some finished draws, by their places in :attr:`draws`.

        A run of a million draws has more parameters than fit into memory; take them in parts.
        """
        draws = self.draws[start:stop]
        if draws.size == 0:
            return np.empty((0, len(self.manifest["parameters"])))
        first, last = int(draws[0]), int(draws[-1]) + 1
        return self.sampling.parameters(self.marginals, first, last)[draws - first]

    @property
    def result_codes(self) -> dict[int, int]:
        """Number of finished draws by result code; 0 is ok."""
        codes, counts = np.unique(self.results(RESULT_CODE), return_counts=True)
        return {int(code): int(count) for code, count in zip(codes, counts, strict=True)}

    @property
    def good(self) -> BoolArray:
        """Which finished draws have result code 0, shape (draw,)."""
        good: BoolArray = self.results(RESULT_CODE) == 0
        return good

    def variable(self, name: str) -> StoredVariable:
        """Return the description of a variable.

        Raises
        ------
        InputError
            When the run has no such variable, with the nearest names.
        """
        if name not in self.variables:
            remedy = suggestion(name, self.variables)
            problem = Problem(file="run", key="variable", value=name, rule="there is no such variable", remedy=remedy)
            raise InputError("", (problem,))
        return self.variables[name]

    def results(self, name: str) -> AnyArray:
        r"""Return a variable of every finished draw, shape (draw, \*dims), whatever the draw's result code.

        Raises
        ------
        InputError
            When the run has no such variable, or keeps only its distribution.
        """
        item = self.variable(name)
        if item.sketched:
            rule = "this run keeps only the distribution of the variable"
            remedy = "use its summary, or run again with --keep paths"
            raise InputError("", (Problem(file="run", key="variable", value=name, rule=rule, remedy=remedy),))
        if self.draws.size == 0:
            shape = (len(self.coordinates[dimension]) for dimension in item.dims)
            return np.empty((0, *shape), item.dtype)
        return self._source.array(name)

    def summary(self, name: str, probabilities: Sequence[float] = PROBABILITIES) -> Quantiles:
        """Return quantiles of a variable over the draws with result code 0, with their Monte Carlo error."""
        item = self.variable(name)
        per_row = self.sampling.news_per_row
        if not item.sketched:
            return quantiles_of_array(self._source.array(name)[self.good], probabilities, per_row)
        shape = tuple(len(self.coordinates[dimension]) for dimension in item.dims)
        total = self._source.total(name)
        return quantiles_of_sketch(total, shape, probabilities, per_row=per_row, whole=is_integer(item))

    def exceedance(self, name: str, threshold: float) -> Share:
        """Return the share of draws in which a variable exceeds a threshold, for every place of its axes."""
        item = self.variable(name)
        per_row = self.sampling.news_per_row
        if item.sketched:
            shape = tuple(len(self.coordinates[dimension]) for dimension in item.dims)
            total = self._source.total(name)
            above, known = total.count_above(threshold).reshape(shape), total.known.reshape(shape)
        else:
            values = np.asarray(self._source.array(name)[self.good], dtype=np.float64)
            above, known = (values > threshold).sum(axis=0), (~np.isnan(values)).sum(axis=0)
        return wilson(above / per_row, known // per_row)

    def default_times(self) -> DefaultTimes:
        """Return when entities default, with Monte Carlo error, over the draws with result code 0."""
        quarters = self.results("default_quarter")[self.good]
        entities = self.coordinates[self.variable("default_quarter").dims[0]]
        return default_times(quarters, len(self.coordinates["quarter"]), entities, self.sampling.news_per_row)

    def digest(self) -> str:
        """Return a hash of all results: equal for any executor, number of workers, chunk size, and after a resume."""
        parts: dict[str, Any] = {"draws": self.draws, "codes": self.result_codes}
        for name, item in sorted(self.variables.items()):
            parts[name] = self._source.total(name).sketch() if item.sketched else self._source.array(name)
        return digest_of(parts)

    def to_xarray(self) -> xr.Dataset:
        """Return the run as an xarray dataset with units and long names (extra ``frames``)."""
        from cardhouse.simulation.exports import to_xarray

        return to_xarray(self)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per draw: parameters and every kept variable without an axis (extra ``frames``)."""
        from cardhouse.simulation.exports import to_pandas

        return to_pandas(self)

    def to_netcdf(self, path: Path) -> None:
        """Write the run as NetCDF with units and long names (extra ``frames``)."""
        from cardhouse.simulation.exports import to_netcdf

        to_netcdf(self, path)
