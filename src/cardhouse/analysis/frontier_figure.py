"""The frontier of a reverse stress test as a picture (optional extra ``plot``)."""

from __future__ import annotations

from pathlib import Path

from cardhouse.analysis.breaking_point import ReverseStress
from cardhouse.analysis.figure_file import save_figure
from cardhouse.basics.errors import ModelError, missing_extra


def draw_frontier(answer: ReverseStress, path: Path, source: str = "") -> None:
    """Draw the border beyond which the criterion is met, in the plane of the two leading shocks.

    Raises
    ------
    MissingExtraError
        Without matplotlib.
    ModelError
        When fewer than two points of the border were found.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plot", "drawing the frontier") from None
    if len(answer.frontier) < 2:
        raise ModelError(
            "the frontier has fewer than two points within one and a half times the shocks; nothing to draw"
        )
    figure = Figure(figsize=(6.4, 5.2), layout="constrained")
    axes = figure.subplots()
    across = [100.0 * point[0] for point in answer.frontier]
    up = [100.0 * point[1] for point in answer.frontier]
    axes.plot(across, up, marker="o", color="#1b5e8c")
    axes.set_xlim(0.0, 1.08 * max(across))
    axes.set_ylim(0.0, 1.08 * max(up))
    axes.set_xlabel(f"part of {answer.plane[0]} that happens, per cent")
    axes.set_ylabel(f"part of {answer.plane[1]} that happens, per cent")
    ask = answer.question
    axes.set_title(
        f"Beyond the line: at least {ask.defaults} firms default\nin {ask.wanted:.0%} of {answer.draws} draws",
        fontsize=11,
    )
    axes.grid(color="#dddddd")
    save_figure(figure, path, source)
