"""A run for other programs: xarray, pandas, NetCDF, and the long table in CSV (optional extra ``frames``)."""

from __future__ import annotations

import csv
import importlib.util
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cardhouse.basics.errors import missing_extra
from cardhouse.simulation.atomic import write_atomic

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from cardhouse.simulation.results import Run

LONG_COLUMNS = ("model", "scenario", "entity", "variable", "unit", "quarter", "value", "p10", "p90")
_SPREADSHEET_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def to_xarray(run: Run) -> xr.Dataset:
    """Return every kept variable with its axes, unit and long name, and the parameters of each draw.

    Variables of which only the distribution is kept come as quantiles along an axis ``probability``.
    """
    try:
        import xarray
    except ImportError:
        raise missing_extra("frames", "an xarray dataset") from None
    data: dict[str, Any] = {"parameters": (("draw", "parameter"), run.parameters)}
    coordinates: dict[str, Any] = {"draw": run.draws, "parameter": list(run.marginals.names)}
    for name, item in run.variables.items():
        attributes = {"units": item.unit, "long_name": item.long_name}
        if item.sketched:
            quantiles = run.summary(name)
            coordinates["probability"] = list(quantiles.probabilities)
            data[name] = (("probability", *item.dims), quantiles.values, attributes)
        else:
            data[name] = (("draw", *item.dims), run.results(name), attributes)
        coordinates.update({dimension: list(run.coordinates[dimension]) for dimension in item.dims})
    labels = {key: str(value) for key, value in run.manifest["labels"].items()}
    return xarray.Dataset(data, coordinates, {**labels, "fingerprint": run.manifest["fingerprint"]})


def to_pandas(run: Run) -> pd.DataFrame:
    """Return one row per draw: its parameters, then every kept variable without an axis."""
    try:
        import pandas as pd
    except ImportError:
        raise missing_extra("frames", "a pandas table") from None
    columns = dict(zip(run.marginals.names, run.parameters.T, strict=True))
    for name, item in run.variables.items():
        if not item.dims and not item.sketched:
            columns[name] = run.results(name)
    return pd.DataFrame(columns, index=pd.Index(run.draws, name="draw"))


def to_netcdf(run: Run, path: Path) -> None:
    """Write the run as a NetCDF file, whole or not at all."""
    if importlib.util.find_spec("h5netcdf") is None:
        raise missing_extra("frames", "a NetCDF file")
    content = to_xarray(run).to_netcdf(engine="h5netcdf")
    write_atomic(path, bytes(content))


def long_rows(run: Run) -> Iterator[tuple[Any, ...]]:
    """Yield rows ``model, scenario, entity, variable, unit, quarter, value, p10, p90``; value is the median.

    Variables without a quarter leave it empty, those without an entity leave that empty; further axes are written
    after the name of the variable, as in ``loss_by_channel|jump``. Places without any value are left out.
    """
    model = f"cardhouse {run.manifest['code']['version']}"
    scenario = str(run.manifest["labels"].get("scenario", ""))
    for name, item in run.variables.items():
        quantiles = run.summary(name, (0.1, 0.5, 0.9))
        labels = [run.coordinates[dimension] for dimension in item.dims]
        low, middle, high = (np.asarray(values).reshape(-1) for values in quantiles.values)
        for position, place in enumerate(itertools.product(*labels)):
            if np.isnan(middle[position]):
                continue
            where = dict(zip(item.dims, place, strict=True))
            quarter, entity = where.pop("quarter", ""), where.pop("entity", "")
            variable = "|".join([name, *where.values()])
            values = (float(middle[position]), float(low[position]), float(high[position]))
            yield (model, scenario, entity, variable, item.unit, quarter, *values)


def to_long_csv(run: Run, path: Path) -> None:
    """Write the long table as CSV; text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(LONG_COLUMNS)
    for row in long_rows(run):
        writer.writerow([_safe(cell) for cell in row])
    write_atomic(path, buffer.getvalue().encode())


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_SPREADSHEET_FORMULA) else cell
