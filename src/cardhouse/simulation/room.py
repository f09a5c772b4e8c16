"""Whether a disk has room for a run, told before it begins."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from cardhouse.basics.errors import Problem, StoreError
from cardhouse.simulation.manifest import RunPlan
from cardhouse.simulation.world import shape_of


def bytes_per_draw(plan: RunPlan) -> int:
    """Return the bytes that a draw takes in the chunk files of a run; distributions do not grow with draws.

    >>> from cardhouse.analysis.experiment import Request, prepare
    >>> paths, draws = (prepare(Request(case="three_firm_ring", keep=keep)).plan() for keep in ("paths", "draws"))
    >>> bytes_per_draw(paths) > 10 * bytes_per_draw(draws) > 0
    True
    """
    world = plan.world
    shapes = [(np.dtype(item.dtype), shape_of(item, world.coordinates)) for item in plan.retention.kept(world.outputs)]
    return sum(dtype.itemsize * int(np.prod(shape, dtype=np.int64)) for dtype, shape in shapes)


def check_room(plan: RunPlan, folder: Path, finished: int = 0) -> None:
    """Refuse a run whose draws cannot fit on the disk of its folder; tables and a report need somewhat more.

    Parameters
    ----------
    plan : RunPlan
    folder : Path
        Folder of the run, which need not exist.
    finished : int
        Draws that are already there.

    Raises
    ------
    StoreError
        When the draws that are missing take more than is free.
    """
    missing = plan.sampling.draws - finished
    needed = missing * bytes_per_draw(plan)
    place = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if needed <= free:
        return
    rule = f"its results take at least {needed / 1e9:,.1f} GB and the disk has {free / 1e9:,.1f} GB free"
    less = "keep less with --keep draws, " if plan.retention.keep == "paths" else ""
    remedy = f"ask for fewer --draws, {less}or choose another disk with --out"
    raise StoreError("", (Problem(file=str(folder), value=f"{missing:,} draws", rule=rule, remedy=remedy),))
