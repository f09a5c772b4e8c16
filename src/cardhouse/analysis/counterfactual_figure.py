"""A picture of the counterfactual: the effect of each circular channel, with its interval, around zero."""

from __future__ import annotations

from pathlib import Path

from cardhouse.analysis.counterfactual import MEASURES, Counterfactual, Effect
from cardhouse.basics.errors import missing_extra
from cardhouse.simulation.atomic import explained

_ALL = "all circular finance"


def draw_effects(found: Counterfactual, path: Path) -> Path:
    """Draw the effects into a ``.png`` or ``.svg`` file and return its path.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plot", "drawing the effects of circular finance") from None
    rows = {_ALL: found.effects["circ - substitute"], **found.channels}
    names = [name.removeprefix("circular_").replace("_", " ") for name in rows]
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    panels = figure.subplots(1, len(MEASURES), sharey=True)
    for panel, measure in zip(panels, MEASURES, strict=True):
        effects: list[Effect] = [effects[measure.key] for effects in rows.values()]
        means = [effect.mean for effect in effects]
        errors = [[effect.mean - effect.low for effect in effects], [effect.high - effect.mean for effect in effects]]
        panel.axvline(0.0, color="0.6", linewidth=1)
        panel.errorbar(means, range(len(rows)), xerr=errors, fmt="o", color="#0b6e99", capsize=3)
        panel.set_title(measure.words, fontsize=8)
        panel.set_xlabel(measure.unit, fontsize=8)
        panel.tick_params(labelsize=7)
        panel.locator_params(axis="x", nbins=4)
    panels[0].set_yticks(range(len(rows)), names)
    panels[0].invert_yaxis()
    figure.suptitle(
        f"Effect of circular finance in {found.scenario}: as is, less the same world without it "
        f"({found.draws:,} draws, {found.quarters} quarters, 90 % Monte Carlo intervals)",
        fontsize=9,
    )
    with explained(path):
        figure.savefig(path, dpi=150)
    return path
