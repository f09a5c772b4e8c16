"""A picture of the counterfactual: the effect of each circular channel, with its interval, around zero."""

from __future__ import annotations

from pathlib import Path

from cardhouse.analysis.counterfactual import MEASURES, Counterfactual, Effect, channel_name
from cardhouse.analysis.figure_file import save_figure
from cardhouse.basics.errors import missing_extra

CONTRASTS = (
    ("circ - substitute", "less the same money from outside", "#0b6e99", "o", -0.14),
    ("circ - none", "less no such money", "#c2571a", "s", 0.14),
)
"""Contrast, words, colour, mark and place beside the row's middle."""


def draw_effects(found: Counterfactual, path: Path, source: str = "") -> Path:
    """Draw the effects and their split over the channels into a ``.png`` or ``.svg`` file and return its path.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plot", "drawing the effects of circular finance") from None
    figure = Figure(figsize=(12, 4.4), layout="constrained")
    panels = figure.subplots(1, len(MEASURES), sharey=True)
    names = ["circular finance, in all", *(f"of which {channel_name(gate)}" for gate in found.channels)]
    for panel, measure in zip(panels, MEASURES, strict=True):
        panel.axvline(0.0, color="0.6", linewidth=1)
        panel.axhline(0.5, color="0.85", linewidth=1)
        for contrast, words, colour, mark, shift in CONTRASTS:
            rows = [found.effects[contrast], *found.splits[contrast].values()]
            effects: list[Effect] = [effects[measure.key] for effects in rows]
            means = [effect.mean for effect in effects]
            errors = [
                [effect.mean - effect.low for effect in effects],
                [effect.high - effect.mean for effect in effects],
            ]
            places = [k + shift for k in range(len(rows))]
            panel.errorbar(
                means, places, xerr=errors, fmt=mark, color=colour, capsize=3, markersize=5, label=f"as is, {words}"
            )
        panel.set_title(measure.words, fontsize=8)
        panel.set_xlabel(measure.unit, fontsize=8)
        panel.tick_params(labelsize=7)
        panel.locator_params(axis="x", nbins=4)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].invert_yaxis()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    figure.suptitle(
        f"Effect of circular finance in {found.scenario}, and what each channel adds to it "
        f"({found.draws:,} draws, {found.quarters} quarters, 90 % Monte Carlo intervals; the five add up to the whole)",
        fontsize=9,
    )
    return save_figure(figure, path, source)
