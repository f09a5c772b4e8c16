"""Who carries the losses: equity and credit lost by each holder since the start."""

from __future__ import annotations

import numpy as np

from cardhouse.analysis.bands import has
from cardhouse.analysis.cast import Cast
from cardhouse.analysis.records import ClassLoss, HolderLoss, Range, number
from cardhouse.model.blocks.economy import FOREIGN
from cardhouse.model.equations.economy import regional_loss
from cardhouse.network.snapshot import NetworkSnapshot
from cardhouse.simulation.results import Run

_RANGE = (0.1, 0.5, 0.9)
FOREIGN_HOLDERS = "foreign_holders"
REGIONS = {
    "us_equity_held_europe": "Europe",
    "us_equity_held_asia": "Asia",
    "us_equity_held_caribbean_centres": "Caribbean financial centres",
    "us_equity_held_other_americas": "other Americas",
    "us_equity_held_oceania": "Australia and Oceania",
    "us_equity_held_africa_and_organisations": "Africa, international organisations",
}
"""Items of the opening balance that say where foreign holders are, and the names of these regions."""


def holder_losses(run: Run, cast: Cast) -> tuple[HolderLoss, ...]:
    """Return the losses of every holder by the end of the run, largest median first; holders without any are left out.

    A negative loss is a gain. Medians of different holders do not add up to the median of the sum.
    """
    if not (has(run, "equity_loss") and has(run, "credit_loss")):
        return ()
    equity, credit = _at_end(run, "equity_loss"), _at_end(run, "credit_loss")
    found = [
        HolderLoss(entity=member.id, name=member.name, role=member.role, equity=equity[place], credit=credit[place])
        for place, member in enumerate(cast.members)
    ]
    kept = [line for line in found if _size(line) > 0.0]
    return tuple(sorted(kept, key=lambda line: (-_size(line), line.entity)))


def class_losses(run: Run) -> tuple[ClassLoss, ...]:
    """Return the losses of the classes of shareholders, in the model's order; empty when the run has none."""
    if not has(run, "class_loss"):
        return ()
    quantiles = run.summary("class_loss", _RANGE)
    rows = zip(run.coordinates["holder_class"], quantiles.mean, *(quantiles.at(p) for p in _RANGE), strict=True)
    return tuple(
        ClassLoss(name=name, mean=number(mean), loss=Range(p10=number(a), p50=number(b), p90=number(c)))
        for name, mean, a, b, c in rows
    )


def region_shares(snapshot: NetworkSnapshot) -> dict[str, float]:
    """Return the part of foreign holdings of US shares in each region; empty when a case does not know all of them."""
    balance = snapshot.balances.get(FOREIGN_HOLDERS, {})
    cells = {name: balance.get(item) for item, name in REGIONS.items()}
    held = {name: cell.value for name, cell in cells.items() if cell is not None and cell.value is not None}
    total = sum(held.values())
    if len(held) < len(REGIONS) or total <= 0.0:
        return {}
    return {name: value / total for name, value in held.items()}


def foreign_losses(run: Run, snapshot: NetworkSnapshot | None) -> tuple[ClassLoss, ...]:
    """Split the loss of foreign holders on the share index by region, in proportion to what they hold (K5).

    Empty when the run has no losses by class, or when the case does not say where foreign holders are. The split is one
    of residence: of the holder, or of the bank or fund that holds for somebody else.
    """
    shares = region_shares(snapshot) if snapshot is not None else {}
    classes = class_losses(run)
    if not shares or not classes:
        return ()
    whole = classes[FOREIGN]
    return tuple(_of_region(name, share, whole) for name, share in shares.items())


def _of_region(name: str, share: float, whole: ClassLoss) -> ClassLoss:
    """Return a region's part of the loss of all foreign holders."""
    mean, low, middle, high = (
        None if loss is None else regional_loss(share, loss)
        for loss in (whole.mean, whole.loss.p10, whole.loss.p50, whole.loss.p90)
    )
    return ClassLoss(name=name, mean=mean, loss=Range(p10=low, p50=middle, p90=high))


def _at_end(run: Run, name: str) -> list[Range]:
    quantiles = run.summary(name, _RANGE)
    last = [np.asarray(quantiles.at(p))[-1] for p in _RANGE]
    return [Range(p10=number(a), p50=number(b), p90=number(c)) for a, b, c in zip(*last, strict=True)]


def _size(line: HolderLoss) -> float:
    ends = [(side.p10, side.p50, side.p90) for side in (line.equity, line.credit)]
    return sum(max((abs(value) for value in side if value is not None), default=0.0) for side in ends)
