"""The verdict page: what each test says, where they agree, how often such a signal is wrong, and what none can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.bubbles.lppls_filters import FILTERS
from cardhouse.bubbles.lppls_indicator import LpplsIndicator, windows_passing
from cardhouse.bubbles.result import BubbleTest, shown_p_value
from cardhouse.bubbles.series import Series

RUN_UP_SHARE = 1.0
RUN_UPS, CRASHES = 40, 21
"""Price run-ups of 100 % or more in two years among US industries 1926-2014, and how many lost 40 % or more within the
next two years (Greenwood, Shleifer and You 2019, "Bubbles for Fama", Journal of Financial Economics 131)."""

CAUTIONS = (
    "A test for explosive prices cannot tell a bubble from a boom in fundamentals that is not among the proxies.",
    "A price that falls ever faster is dated like one that rises ever faster; the movement of an episode says which.",
    "Projecting on proxies also removes any part of a bubble that moves with them.",
    "Dates are those of a rule with the false-alarm rate above; the last weeks of a sample are the least certain.",
    "The log-periodic indicator is weak out of sample and fits random walks readily; it never decides alone.",
    "No test here says when a bubble ends, and none is advice.",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the page.

    Parameters
    ----------
    test, question : str
        Name of the test and what it asks.
    answer : {"yes", "no", "weak", "not asked"}
        Its answer.
    evidence : str
        The numbers behind it.
    """

    test: str
    question: str
    answer: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The page.

    Parameters
    ----------
    rows : tuple of Row
        One for each test.
    agreement : str
        Where the tests agree and where not.
    rule : str
        The dating rule with its false-alarm rate.
    base_rate : str
        How often run-ups like the latest one were followed by a crash.
    cautions : tuple of str
        What the tests cannot tell.
    """

    rows: tuple[Row, ...]
    agreement: str
    rule: str
    base_rate: str
    cautions: tuple[str, ...] = CAUTIONS

    def to_dict(self) -> dict[str, Any]:
        """Give the page as plain values for JSON."""
        return {
            "rows": [vars(row) for row in self.rows],
            "agreement": self.agreement,
            "rule": self.rule,
            "base_rate": self.base_rate,
            "cautions": list(self.cautions),
        }


def verdict(result: BubbleTest, indicator: LpplsIndicator | None = None, price: Series | None = None) -> Verdict:
    """Bring the tests of one series together.

    Parameters
    ----------
    result : BubbleTest
        Recursive test, with the adjusted test when fundamentals were given.
    indicator : LpplsIndicator, optional
        Log-periodic indicator of the same prices.
    price : Series, optional
        The price for the run-up, when the tested series is another one.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> from cardhouse.bubbles.detect import detect
    >>> levels = [100 + 3 * (t % 5) - t % 7 + 1.12 ** min(t, 60) for t in range(80)]
    >>> page = verdict(detect(levels, replications=200))
    >>> page.rows[0].answer
    'yes'
    """
    rows = [_whole_sample(result, "prices as they are"), _running_now(result, "prices as they are")]
    if result.adjusted is None:
        rows.append(
            Row(test="GSADF, less fundamentals", question=_ASKED, answer="not asked", evidence="no proxies given")
        )
    else:
        rows.append(_whole_sample(result.adjusted, "less fundamentals"))
        rows.append(_running_now(result.adjusted, "less fundamentals"))
    if indicator is not None:
        rows.append(_log_periodic(indicator))
    return Verdict(
        rows=tuple(rows),
        agreement=_agreement(result, indicator),
        rule=str(result.rule),
        base_rate=base_rate(price or result.recursion.series),
    )


_ASKED = "was the series explosive anywhere?"


def _whole_sample(test: BubbleTest, of: str) -> Row:
    critical = test.null.critical_value(test.rule.level)
    numbers = f"GSADF {test.statistic('gsadf'):.2f}, critical value {critical:.2f}"
    return Row(
        test=f"GSADF, {of}",
        question=_ASKED,
        answer="yes" if test.is_significant else "no",
        evidence=f"{numbers}, {shown_p_value(test.p_values['gsadf'])}",
    )


def _running_now(test: BubbleTest, of: str) -> Row:
    ongoing = [episode for episode in test.episodes if episode.is_ongoing]
    if not ongoing:
        last = test.episodes[-1].end_label if test.episodes else "none"
        return Row(
            test=f"BSADF, {of}",
            question="is an episode running at the end?",
            answer="no",
            evidence=f"last one ended {last}" if test.episodes else "no episode anywhere",
        )
    episode = ongoing[-1]
    return Row(
        test=f"BSADF, {of}",
        question="is an episode running at the end?",
        answer="yes" if episode.is_significant else "weak",
        evidence=f"since {episode.start_label}, {episode.duration} observations, {episode.movement}, {episode.verdict}",
    )


def _log_periodic(indicator: LpplsIndicator) -> Row:
    shares = windows_passing(indicator, list(FILTERS))
    at_end, falling = float(indicator.positive[-1]), float(indicator.negative[-1])
    others = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    return Row(
        test="log-periodic fits (LPPLS)",
        question="do many windows fit a run-up to a singularity?",
        answer="weak" if at_end >= 0.2 else "no",
        evidence=f"{at_end:.0%} of windows rising, {falling:.0%} falling; by filter: {others}",
    )


def _agreement(result: BubbleTest, indicator: LpplsIndicator | None) -> str:
    adjusted = result.adjusted
    if adjusted is None:
        raw = "finds" if result.is_significant else "does not find"
        sentence = f"The raw test {raw} explosive behaviour; without proxies of fundamentals it cannot say why."
    elif result.is_significant and adjusted.is_significant:
        sentence = "Both the raw and the adjusted test reject: the proxies do not account for the explosive stretch."
    elif result.is_significant:
        sentence = "The tests disagree: the raw one rejects and the adjusted one does not; the proxies account for it."
    elif adjusted.is_significant:
        sentence = "The tests disagree: only the price less fundamentals is explosive."
    else:
        sentence = "Neither the raw nor the adjusted test rejects."
    if indicator is None:
        return sentence
    strong = float(indicator.positive[-1]) >= 0.2
    agrees = strong == any(episode.is_ongoing for episode in result.significant_episodes)
    return f"{sentence} The log-periodic indicator {'agrees' if agrees else 'disagrees'} about the end of the sample."


def two_year_growth(price: Series) -> float | None:
    """Give the growth of the price over the last two years, or None when the series is undated or shorter.

    >>> from cardhouse.bubbles.series import as_series
    >>> months = np.arange("2020-01", "2023-01", dtype="datetime64[M]")
    >>> round(two_year_growth(as_series(100.0 * 1.03 ** np.arange(36) + np.tile([0, 0.1], 18), dates=months)), 2)
    1.03
    """
    if not price.is_dated:
        return None
    levels = np.exp(price.values) if price.is_log else price.values
    days = price.labels.astype("datetime64[D]")
    gap = np.abs((days - (days[-1] - np.timedelta64(730, "D"))).astype(np.int64))
    at = int(gap.argmin())
    if int(gap[at]) > 35 or float(levels.min()) <= 0.0:
        return None
    return float(levels[-1] / levels[at] - 1.0)


def base_rate(price: Series) -> str:
    """Say how often run-ups of 100 % in two years were followed by a crash, and whether this one is such a run-up."""
    known = (
        f"of {RUN_UPS} industry run-ups of 100% or more in two years, {CRASHES} lost 40% or more within the next two, "
        "about half (Greenwood, Shleifer and You 2019)"
    )
    growth = two_year_growth(price)
    if growth is None:
        return f"{known}; the two-year growth of this series is unknown"
    applies = "such a run-up" if growth >= RUN_UP_SHARE else "no such run-up, so that this rate does not apply"
    return f"two-year growth {growth:+.0%}: {applies}; {known}"
