"""A picture of circular money over simulated quarters: seven charts, mean and range of the draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cardhouse.analysis.circularity.of_draws import MEASURES, CircularDraws
from cardhouse.analysis.figure_file import save_figure
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import missing_extra

LINES = 5
"""Suppliers drawn one by one, those to whom financed firms owe most."""
_COLOURS = ("#0b6e99", "#c2571a", "#009e73", "#cc79a7", "#7f6a00")
_STYLES = ("-", "--", "-.", ":", (0, (5, 1)))


def draw_circularity(found: CircularDraws, title: str, path: Path, source: str = "") -> Path:
    """Draw the measures over time into a ``.png`` or ``.svg`` file and return its path.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plot", "drawing circular money over time") from None
    places = np.arange(len(found.quarters), dtype=np.float64)
    series = {words: 100.0 * found.measure(name) for name, words in MEASURES.items()}
    series["wrong-way exposure, all suppliers"] = 100.0 * found.wrong_way()
    figure = Figure(figsize=(12, 6.2), layout="constrained")
    panels = figure.subplots(2, 4).ravel()
    panels[-1].set_axis_off()
    for panel, (words, values) in zip(panels, series.items(), strict=False):
        _band(panel, places, values)
        panel.set_title(words, fontsize=9)
        panel.set_ylabel("%", fontsize=8)
        panel.set_ylim(bottom=0.0)
    gain = panels[len(series)]
    _band(gain, places, found.loop_gain)
    gain.axhline(1.0, color="0.4", linewidth=1, linestyle="--")
    gain.set_title("loop gain (above 1 it feeds itself)", fontsize=9)
    gain.set_ylim(bottom=0.0)
    lines = panels[len(series) + 1]
    owed = found.owed.mean(axis=0)
    for k, colour, style in zip(np.argsort(-owed.mean(axis=0))[:LINES], _COLOURS, _STYLES, strict=False):
        lines.plot(places, owed[:, k], color=colour, linestyle=style, label=found.suppliers[k])
    lines.set_title("backlog owed by firms it owns part of", fontsize=9)
    lines.set_ylabel("USD bn, mean", fontsize=8)
    lines.set_ylim(bottom=0.0)
    handles, labels = lines.get_legend_handles_labels()
    panels[-1].legend(
        handles, labels, title="supplier (lower right chart)", fontsize=8, title_fontsize=8, loc="center left"
    )
    for panel in panels[:-1]:
        panel.set_xticks(places[::8], found.quarters[::8])
        panel.tick_params(labelsize=7)
    figure.suptitle(f"{title} (line: mean of {len(found.payments)} draws, band: their range)", fontsize=10)
    return save_figure(figure, path, source)


def _band(panel: Any, places: FloatArray, values: FloatArray) -> None:
    """Draw mean and range over draws; a quarter in which nothing is known stays empty."""
    known = np.isfinite(values)
    low = np.where(known, values, np.inf).min(axis=0)
    high = np.where(known, values, -np.inf).max(axis=0)
    any_known = known.any(axis=0)
    panel.fill_between(places, np.where(any_known, low, np.nan), np.where(any_known, high, np.nan), color="#b9d9e8")
    panel.plot(places, _mean(values), color="#0b6e99")


def _mean(values: FloatArray) -> FloatArray:
    """Return the mean over the draws in which a quarter is known, shape (quarter,)."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    mean = np.full(total.shape, np.nan)
    np.divide(total, count, out=mean, where=count > 0)
    return mean
