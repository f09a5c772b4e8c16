"""A picture of whether losses add up: for each kind, the parts on top of one another beside the whole."""

from __future__ import annotations

from pathlib import Path

from cardhouse.analysis.additivity import Additivity
from cardhouse.analysis.figure_file import save_figure
from cardhouse.basics.errors import missing_extra

_COLOURS = ("#0b6e99", "#c8553d", "#6b8f3a", "#8a6fb0", "#c99a2e", "#5f6b7a")


def draw_sums(found: Additivity, path: Path, source: str = "") -> Path:
    """Draw parts and whole into a ``.png`` or ``.svg`` file and return its path.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plot", "drawing whether losses add up") from None
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    panels = figure.subplots(1, len(found.sums))
    for panel, line in zip(panels, found.sums, strict=True):
        up = down = 0.0
        for k, name in enumerate(found.scenarios):
            mean = line.parts[name].mean
            colour = _COLOURS[k % len(_COLOURS)]
            panel.bar(0, mean, bottom=up if mean >= 0 else down, width=0.6, color=colour, label=name)
            up, down = (up + mean, down) if mean >= 0 else (up, down + mean)
        panel.plot(0, up + down, marker="D", color="black", linestyle="none", label="sum")
        whole, excess = line.together.mean, line.excess
        panel.bar(1, whole, width=0.6, color="0.45", label="together")
        # the interval belongs to the difference between the whole and the sum of the parts
        error = [[excess.mean - excess.low], [excess.high - excess.mean]]
        panel.errorbar([1], [whole], yerr=error, fmt="none", ecolor="black", capsize=4)
        panel.axhline(0.0, color="0.6", linewidth=1)
        panel.set_xticks([0, 1], ["sum of\neach alone", "together"])
        panel.set_xlim(-0.6, 1.6)
        panel.set_title(line.words.replace(", ", ",\n"), fontsize=8)
        panel.set_ylabel(line.unit, fontsize=8)
        panel.tick_params(labelsize=8)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=8, frameon=False)
    figure.suptitle(
        f"Do losses add up? Loss beyond the run without a shock ({found.draws:,} draws, {found.quarters} quarters; "
        "line: 90 % Monte Carlo interval of together less sum)",
        fontsize=9,
    )
    return save_figure(figure, path, source)
