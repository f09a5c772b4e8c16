"""One tested series as a page of plain values, for a report that is written later or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cardhouse.basics.errors import Problem, StoreError
from cardhouse.bubbles.result import BubbleTest
from cardhouse.bubbles.verdict import Verdict

FORMAT = 1
RAW, ADJUSTED = "prices as they are", "less fundamentals"


@dataclass(frozen=True, kw_only=True)
class DrawnTest:
    """What one test of the page drew.

    Parameters
    ----------
    of : str
        ``"prices as they are"`` or ``"less fundamentals"``.
    levels : tuple of float
        The series that was tested, one value for each label of the page.
    statistic, critical : tuple of float
        Backward statistic and critical path, for the last labels of the page; the first windows have none.
    gsadf, critical_value, p_value : float
        The family-wise test.
    is_significant : bool
        Whether it rejects the absence of bubbles.
    episodes : tuple of dict
        Dated episodes: ``start``, ``peak``, ``end`` (labels), ``duration``, ``movement``, ``is_ongoing``,
        ``is_significant``.
    """

    of: str
    levels: tuple[float, ...]
    statistic: tuple[float, ...]
    critical: tuple[float, ...]
    gsadf: float
    critical_value: float
    p_value: float
    is_significant: bool
    episodes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class PricePage:
    """One series with everything that a report says about it.

    Parameters
    ----------
    name, source : str
        Name of the series and of the file that it came from.
    is_log : bool
        Whether logarithms were tested.
    labels : tuple of str
        Dates or positions.
    tests : tuple of DrawnTest
        The raw test, then the adjusted one when fundamentals were given.
    level : float
        Level of the critical path.
    proxies : tuple of str
        Names of the proxies that were projected out.
    rows : tuple of tuple of str
        Verdict: test, question, answer, evidence.
    agreement, rule, base_rate : str
        Sentences of the verdict.
    cautions : tuple of str
        What the tests cannot tell.
    """

    name: str
    source: str
    is_log: bool
    labels: tuple[str, ...]
    tests: tuple[DrawnTest, ...]
    level: float
    proxies: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    agreement: str
    rule: str
    base_rate: str
    cautions: tuple[str, ...]

    @property
    def key(self) -> str:
        """Name of a file for the page: letters, digits and hyphens."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.source.rpartition('.')[0]}-{self.name}".lower()).strip("-") or "price"

    def to_plain(self) -> dict[str, Any]:
        """Return the page as plain values for JSON."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_plain(cls, record: Mapping[str, Any], file: str) -> PricePage:
        """Read a page back.

        Raises
        ------
        StoreError
            When the record is not a page of this format; ``file`` is named.
        """
        try:
            values = {key: _frozen(value) for key, value in record.items() if key != "format"}
            tests = tuple(DrawnTest(**{key: _frozen(value) for key, value in one.items()}) for one in record["tests"])
            page = cls(**{**values, "tests": tests})
        except (AttributeError, KeyError, TypeError):
            raise _unreadable(file) from None
        if record.get("format") != FORMAT:
            raise _unreadable(file)
        return page


def _unreadable(file: str) -> StoreError:
    rule = "this is not a page of a tested price series"
    remedy = "remove the file and test the series again with: cardhouse bubbles FILE --run NAME"
    return StoreError("", (Problem(file=file, rule=rule, remedy=remedy),))


def price_page(result: BubbleTest, verdict: Verdict, source: str) -> PricePage:
    """Gather what a report says about a tested series.

    Parameters
    ----------
    result : BubbleTest
        The test, with the adjusted one when fundamentals were given.
    verdict : Verdict
        Its verdict.
    source : str
        File that the prices came from.

    Returns
    -------
    PricePage

    Examples
    --------
    >>> from cardhouse.bubbles.detect import detect
    >>> from cardhouse.bubbles.verdict import verdict
    >>> result = detect([100 + 3 * (t % 5) - t % 7 + 1.12 ** min(t, 60) for t in range(80)], replications=200)
    >>> page = price_page(result, verdict(result), "prices.csv")
    >>> page.key, len(page.labels), page.tests[0].is_significant
    ('prices-series', 80, True)
    >>> PricePage.from_plain(page.to_plain(), "prices-series.json") == page
    True
    """
    series = result.recursion.series
    tests = [_tested(result, RAW)]
    if result.adjusted is not None:
        tests.append(_tested(result.adjusted, ADJUSTED))
    return PricePage(
        name=series.name,
        source=source,
        is_log=series.is_log,
        labels=tuple(series.label(at) for at in range(len(series))),
        tests=tuple(tests),
        level=result.rule.level,
        proxies=() if result.projection is None else tuple(result.projection.names),
        rows=tuple((row.test, row.question, row.answer, row.evidence) for row in verdict.rows),
        agreement=verdict.agreement,
        rule=verdict.rule,
        base_rate=verdict.base_rate,
        cautions=verdict.cautions,
    )


def _tested(test: BubbleTest, of: str) -> DrawnTest:
    return DrawnTest(
        of=of,
        levels=tuple(test.recursion.series.values.tolist()),
        statistic=tuple(test.recursion.bsadf.tolist()),
        critical=tuple(test.critical_path.tolist()),
        gsadf=test.statistic("gsadf"),
        critical_value=test.null.critical_value(test.rule.level),
        p_value=test.p_values["gsadf"],
        is_significant=test.is_significant,
        episodes=tuple(
            {
                "start": one.start_label,
                "peak": one.peak_label,
                "end": one.end_label,
                "duration": one.duration,
                "movement": one.movement,
                "is_ongoing": one.is_ongoing,
                "is_significant": one.is_significant,
            }
            for one in test.episodes
        ),
    )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list | tuple) else value
