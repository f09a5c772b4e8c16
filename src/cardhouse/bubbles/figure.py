"""Figures of the bubble tests; matplotlib is needed here and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cardhouse.basics.errors import InputError, Problem, StoreError, missing_extra
from cardhouse.bubbles.result import BubbleTest, shown_p_value

FORMATS = (".png", ".svg", ".pdf")
_INK, _STATISTIC, _CRITICAL, _SHADE = "#1f2933", "#0b5cad", "#b3261e", "#f2b84b"


def draw_test(result: BubbleTest, path: Path | str | None = None) -> Any:
    """Draw the series above its backward statistic and critical path, with episodes shaded.

    Parameters
    ----------
    result : BubbleTest
        What to draw. When it carries an adjusted test, that stands to the right.
    path : path, optional
        Where to save the figure.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    InputError
        When ``path`` does not end in .png, .svg or .pdf.
    StoreError
        When the file cannot be written.
    """
    if path is not None and Path(path).suffix.lower() not in FORMATS:
        rule = "a figure is saved as .png, .svg or .pdf"
        raise InputError("", (Problem(file=str(path), rule=rule, remedy="end the name in one of these"),))
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing_extra("plot", "drawing the figure") from None
    tests = [result] if result.adjusted is None else [result, result.adjusted]
    figure = Figure(figsize=(8.0 * len(tests), 6.4), layout="constrained")
    axes = figure.subplots(2, len(tests), sharex=True, squeeze=False, height_ratios=[3, 2])
    for column, test in enumerate(tests):
        _draw_level(axes[0][column], test, "" if column == 0 else "after fundamentals: ")
        _draw_statistic(axes[1][column], test)
    figure.text(0.0, -0.01, _caption(result), fontsize=8, color=_INK, va="top", wrap=True)
    if path is not None:
        _save(figure, path, _caption(result))
    return figure


def _save(figure: Any, path: Path | str, caption: str) -> None:
    try:
        figure.savefig(path, dpi=130, bbox_inches="tight", metadata={"Title": caption})
    except OSError as reason:
        rule = f"the figure cannot be written: {reason.strerror or reason}"
        raise StoreError("", (Problem(file=str(path), rule=rule, remedy="choose another place"),)) from None


def _draw_level(axis: Any, test: BubbleTest, prefix: str) -> None:
    series = test.recursion.series
    axis.plot(series.labels, series.values, color=_INK, linewidth=1.1)
    _shade(axis, test)
    p_value = shown_p_value(test.p_values["gsadf"])
    word = "rejects" if test.is_significant else "does not reject"
    axis.set_title(f"{prefix}GSADF {test.statistic('gsadf'):.2f}, {p_value}: {word} “no bubble”", fontsize=10)
    axis.set_ylabel(f"log of {series.name}" if series.is_log else series.name)
    axis.grid(alpha=0.25)


def _draw_statistic(axis: Any, test: BubbleTest) -> None:
    recursion = test.recursion
    labels = recursion.series.labels[recursion.min_window - 1 :]
    level = f"{1 - test.rule.level:.0%} critical path"
    axis.plot(labels, recursion.bsadf, color=_STATISTIC, linewidth=1.1, label="BSADF (t-ratio)")
    axis.plot(labels, test.critical_path, color=_CRITICAL, linewidth=1.1, linestyle="--", label=level)
    _shade(axis, test)
    axis.set_ylabel("t-ratio")
    axis.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=8, frameon=False)
    axis.grid(alpha=0.25)


def _shade(axis: Any, test: BubbleTest) -> None:
    labels = test.recursion.series.labels
    for episode in test.episodes:
        face = _SHADE if episode.is_significant else "none"
        hatch = None if episode.is_significant else "////"
        axis.axvspan(
            labels[episode.start], labels[episode.end], facecolor=face, alpha=0.45, hatch=hatch, edgecolor="#999"
        )


def _caption(result: BubbleTest) -> str:
    series = result.recursion.series
    shaded = "shaded: significant episodes; hatched: not significant"
    rate = f"false alarms of this rule: {result.rule.false_alarm_rate:.1%} of bubble-free samples"
    return f"{series.name}, {series.label(0)} to {series.label(-1)}; {shaded}; {rate}"
