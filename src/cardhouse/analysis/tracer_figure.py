"""A picture of the money tracer: where each dollar of a firm's revenue began, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cardhouse.analysis.figure_file import save_figure
from cardhouse.analysis.tracer import Tracing
from cardhouse.analysis.tracing import ORIGINS
from cardhouse.basics.errors import missing_extra

# a palette that stays apart for colour-blind readers (Okabe and Ito 2008)
_COLOURS = ("#009e73", "#56b4e9", "#e69f00", "#d55e00", "#cc79a7", "#999999", "#dddddd")


def draw_origins(found: Tracing, firm: str, quarters: Sequence[str], title: str, path: Path, source: str = "") -> Path:
    """Draw the mean origins of a firm's revenue under the mixed rule, and the organic share under every rule.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plot", "drawing the origins of revenue") from None
    places = np.arange(len(quarters))
    shares = np.array([np.nanmean(found.shares(firm, k)[0], axis=0) for k in range(len(quarters))])
    organic = np.array([np.nanmean(found.organic_share(firm, k), axis=1) for k in range(len(quarters))])
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    panel = figure.subplots()
    labels = [name.replace("_", " ") for name in ORIGINS]
    panel.stackplot(places, 100 * shares.T, labels=labels, colors=_COLOURS)
    label = "organic share: lowest and highest rule"
    panel.plot(places, 100 * organic.min(axis=1), color="black", linestyle="--", linewidth=1.5, label=label)
    panel.plot(places, 100 * organic.max(axis=1), color="black", linestyle="--", linewidth=1.5)
    panel.set_xlim(0, len(quarters) - 1)
    panel.set_ylim(0, 100)
    panel.set_xticks(places[::4], [quarters[k] for k in places[::4]])
    panel.set_ylabel("share of revenue of four quarters, %")
    panel.set_title(title, fontsize=10)
    panel.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    return save_figure(figure, path, source)
