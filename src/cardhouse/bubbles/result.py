"""The one result object: statistic, windows, critical path, p-values, episodes, rule, settings and seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cardhouse.basics.errors import missing_extra
from cardhouse.bubbles.critical_values import Kind, NullDistribution
from cardhouse.bubbles.episodes import Episode
from cardhouse.bubbles.fundamentals import Projection
from cardhouse.bubbles.recursive_adf import STATES, RecursiveADF

STATISTICS = ("adf", "sadf", "gsadf")


def shown_p_value(value: float) -> str:
    """Write a p-value without claiming more digits than the replications give.

    >>> shown_p_value(0.0004), shown_p_value(0.0312)
    ('p < 0.001', 'p = 0.031')
    """
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The dating rule and how often it is wrong.

    Parameters
    ----------
    level : float
        Level of the critical path and of the family-wise test.
    kind : {"bsadf", "sadf"}
        Kind of the critical path.
    min_duration : int
        Shortest episode in observations.
    is_gated : bool
        Whether episodes need the family-wise test to reject.
    false_alarm_rate : float
        Share of samples without a bubble in which this rule reports an episode.
    ungated_rate : float
        The same share without the gate.
    """

    level: float
    kind: Kind
    min_duration: int
    is_gated: bool
    false_alarm_rate: float
    ungated_rate: float

    def __str__(self) -> str:
        """Say in one sentence what the rule does and how often it is wrong."""
        gate = "and the whole-sample test rejects" if self.is_gated else "with no whole-sample test"
        return (
            f"an episode is {self.min_duration} observations or more above the {1 - self.level:.0%} critical path, "
            f"{gate}; in {self.false_alarm_rate:.1%} of bubble-free samples this rule reports one "
            f"(without the gate {self.ungated_rate:.1%})"
        )


@dataclass(frozen=True, kw_only=True)
class BubbleTest:
    """What a test of one series found.

    Parameters
    ----------
    recursion : RecursiveADF
        Statistics, windows and state of each end point, with the series.
    null : NullDistribution
        The distribution without a bubble, with its settings and seed.
    critical_path : array, shape (n - min_window + 1,)
        Critical value of each end point.
    p_values : dict of str to float
        For ``"adf"``, ``"sadf"`` and ``"gsadf"``.
    episodes : tuple of Episode
        Dated episodes; each says whether it is significant.
    rule : Rule
        The dating rule and its false-alarm rate.
    adjusted : BubbleTest, optional
        The same test after fundamentals were projected out.
    projection : Projection, optional
        How they were projected out.
    """

    recursion: RecursiveADF
    null: NullDistribution
    critical_path: Any
    p_values: dict[str, float]
    episodes: tuple[Episode, ...]
    rule: Rule
    adjusted: BubbleTest | None = None
    projection: Projection | None = None

    @property
    def is_significant(self) -> bool:
        """Tell whether the family-wise (GSADF) test rejects the absence of bubbles."""
        return self.p_values["gsadf"] <= self.rule.level

    @property
    def significant_episodes(self) -> tuple[Episode, ...]:
        """The episodes that may be reported as bubbles."""
        return tuple(episode for episode in self.episodes if episode.is_significant)

    def statistic(self, name: str) -> float:
        """Give the ``"adf"``, ``"sadf"`` or ``"gsadf"`` statistic."""
        return float(getattr(self.recursion, name))

    def to_frame(self) -> Any:
        """Give one row for each end point as a pandas frame.

        Raises
        ------
        MissingExtraError
            When pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise missing_extra("frames", "a frame of the result") from None
        recursion = self.recursion
        offset = recursion.min_window - 1
        episode = [0] * recursion.bsadf.size
        for number, one in enumerate(self.episodes, start=1):
            for at in range(one.start, one.end + 1):
                episode[at - offset] = number
        series = recursion.series
        columns = {
            "level": series.values[offset:],
            "bsadf": recursion.bsadf,
            "critical": self.critical_path,
            "badf": recursion.badf,
            "window_start": series.labels[recursion.window_start],
            "state": [STATES[code] for code in recursion.state],
            "episode": episode,
        }
        name = "date" if series.is_dated else "position"
        return pd.DataFrame(columns, index=pd.Index(series.labels[offset:], name=name))

    def plot(self, path: Any = None) -> Any:
        """Draw the series, its statistic and its episodes; see :func:`cardhouse.bubbles.figure.draw_test`."""
        from cardhouse.bubbles.figure import draw_test

        return draw_test(self, path)

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain values for JSON."""
        recursion, settings = self.recursion, self.null.settings
        start, end = recursion.gsadf_window
        result: dict[str, Any] = {
            "series": {
                "name": recursion.series.name,
                "observations": len(recursion.series),
                "first": recursion.series.label(0),
                "last": recursion.series.label(-1),
                "is_log": recursion.series.is_log,
            },
            "statistics": {
                name: {
                    "value": self.statistic(name),
                    "p_value": self.p_values[name],
                    "critical_value": self.null.critical_value(self.rule.level, name),
                }
                for name in STATISTICS
            },
            "gsadf_window": [recursion.series.label(start), recursion.series.label(end)],
            "is_significant": self.is_significant,
            "rule": {**vars(self.rule), "sentence": str(self.rule)},
            "episodes": [
                {
                    **vars(episode),
                    "duration": episode.duration,
                    "movement": episode.movement,
                    "verdict": episode.verdict,
                }
                for episode in self.episodes
            ],
            "flags": list(recursion.flags),
            "settings": {**vars(settings), "regression_rows": recursion.regression_rows},
        }
        if self.adjusted is not None and self.projection is not None:
            proxies = {"proxies": list(self.projection.names), "r_squared": self.projection.r_squared}
            result["adjusted"] = {**self.adjusted.to_dict(), **proxies}
        return result
