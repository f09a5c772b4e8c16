"""Figures of the page on calibration, written between marks: ``./run python -m validation.calibration_page``.

The same ensembles stand behind the validation page, so that both pages say the same. A full validation writes both;
run alone, this renews the rows of the validation page that it shares.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from cardhouse.model.state import ILLIQUID, INSOLVENT
from cardhouse.scenarios.catalogue import library_names, packaged
from validation.degeneracy_checks import draws, hazard, regimes, thirds, variance_parts
from validation.ensembles import LAST_OF_2030, Ensemble, ensemble
from validation.register import CHECKS, Verdict, run_check

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "calibration.md"
SHARED = ("H-", "N-")
"""Checks whose figures stand on both pages, by the beginning of their names."""


def replaced(text: str, name: str, block: str) -> str:
    r"""Return a page with the text between the marks of a block changed.

    Raises
    ------
    ValueError
        If the page has no such marks.

    Examples
    --------
    >>> replaced("a\n<!-- figures: x -->\nold\n<!-- end: x -->\nb", "x", "new")
    'a\n<!-- figures: x -->\nnew\n<!-- end: x -->\nb'
    """
    marks = (f"<!-- figures: {name} -->\n", f"\n<!-- end: {name} -->")
    before, mark, rest = text.partition(marks[0])
    old, end, after = rest.partition(marks[1])
    if not mark or not end:
        msg = f"the page has no block '{name}': write {marks[0].strip()} and {marks[1].strip()} on lines of their own"
        raise ValueError(msg)
    del old
    return before + mark + block.strip("\n") + end + after


def write(blocks: Mapping[str, str]) -> None:
    """Write blocks into the page."""
    text = PAGE.read_text(encoding="utf-8")
    for name, block in blocks.items():
        text = replaced(text, name, block)
    PAGE.write_text(text, encoding="utf-8")


def holdouts(verdicts: Mapping[str, Verdict]) -> str:
    """Return the table of hold-outs: the figures of the validation page."""
    lines = ["| id | what | result |", "|---|---|---|"]
    for name, verdict in verdicts.items():
        if name.startswith("H-"):
            result = "" if verdict.outcome.passed else "**missed**: "
            lines.append(f"| {name} | {verdict.check.title} | {result}{verdict.outcome.figure} |")
    return "\n".join(lines)


def _in_hundred(share: float) -> str:
    return f"{100.0 * share:.0f}"


def _with_groups(found: Ensemble) -> tuple[float, float]:
    """Share of draws with any default, and of illiquid labels, with the groups of others counted."""
    hit = found.results["default_quarter"] >= 0
    labels = found.results["default_label"][hit]
    counts = [int(np.sum(labels == label)) for label in (ILLIQUID, INSOLVENT)]
    return float(hit.any(axis=1).mean()), counts[0] / max(sum(counts), 1)


def _insolvent(scenario: str, full: bool) -> str:
    illiquid, insolvent = ensemble(scenario, draws(full)).labels()
    return f"{100.0 * insolvent / max(illiquid + insolvent, 1):.0f}"


def _most(found: Ensemble) -> str:
    shares = sorted(zip(found.defaults().mean(axis=0), found.firms, strict=True), reverse=True)[:3]
    return ", ".join(f"`{firm}` {_in_hundred(float(share))}" for share, firm in shares)


def scenarios(full: bool) -> str:
    """Return the findings about scenarios, with accepted parameters."""
    soft, run, base = (ensemble(name, draws(full)) for name in ("SOFT", "RUN08", ""))
    plain = ensemble("", draws(full), prior="ranges")
    any_soft, _ = _with_groups(soft)
    _, illiquid_all = _with_groups(run)
    illiquid, insolvent = run.labels()
    hangs = ", ".join(
        f"`{name}` ({_in_hundred(low)} in the lowest third of its range, {_in_hundred(high)} in the highest)"
        for name, low, high in thirds(base)[:4]
    )
    ratios = [
        float(rate[-4:].mean() / rate[-12:-4].mean())
        for rate in (hazard(base), hazard(ensemble("", draws(full), quarters=32)))
    ]
    by_2030, by_2030_plain = (_in_hundred(found.share_with_default(LAST_OF_2030)) for found in (base, plain))
    ends = [_in_hundred(found.share_with_default()) for found in (soft, run, base)]
    illiquid_share = _in_hundred(illiquid / max(illiquid + insolvent, 1))
    return f"""{draws(full):,} draws each. With the three groups of others counted, `SOFT` has a default in
{_in_hundred(any_soft)} of 100 draws and `RUN08` {_in_hundred(illiquid_all)} per cent of illiquid labels.

- `SOFT` has a named default in {ends[0]} of 100 draws; most often {_most(soft)}.
- `RUN08` gives illiquid labels in {illiquid_share} of 100 defaults of named firms. {ends[1]} of 100 draws have such a
  default, {ends[2]} without the run.
- `FIBRE` gives insolvent labels in {_insolvent("FIBRE", full)} of 100 defaults, `PLATEAU` in
  {_insolvent("PLATEAU", full)}.
- `BASE` has a named default by 2030 in {by_2030} of 100 draws with accepted parameters, in {by_2030_plain} with the
  plain ranges. It hangs on {hangs}.
- Kinds of worlds, each in the scenario in which it is most frequent: {regimes(full).figure}.
- The hazard of the last four quarters is {ratios[0]:.2f} times that of the eight before over 24 quarters and
  {ratios[1]:.2f} times over 32."""


def _against_base(scenario: str, full: bool) -> tuple[float, float, float]:
    """Share of draws with a named default, and its change against BASE with the standard error of paired draws."""
    hit, calm = (ensemble(name, draws(full)).defaults().any(axis=1) for name in (scenario, ""))
    change = hit.astype(np.float64) - calm
    return float(hit.mean()), float(change.mean()), float(change.std(ddof=1) / np.sqrt(change.size))


def _moved(scenario: str, full: bool) -> str:
    """Name the firms whose share of draws with a default changes most against BASE, three at most, from a point on."""
    found, calm = ensemble(scenario, draws(full)), ensemble("", draws(full))
    change = found.defaults().mean(axis=0) - calm.defaults().mean(axis=0)
    most = [k for k in np.argsort(-np.abs(change))[:3] if abs(change[k]) >= 0.01]
    return ", ".join(f"`{found.firms[k]}` {100.0 * change[k]:+.0f}" for k in most) or "none by a point"


def effects(full: bool) -> str:
    """Return the table of all packaged scenarios against BASE."""
    lines = [
        "| scenario | expected first break | named default, % of draws | against `BASE`, points | firms moved most |",
        "|---|---|---|---|---|",
    ]
    for name in library_names():
        if name != "BASE":
            share, change, error = _against_base(name, full)
            against = f"{100.0 * change:+.1f} ± {200.0 * error:.1f}"
            lines.append(
                f"| `{name}` | {packaged(name).first_break} | {_in_hundred(share)} | {against} | {_moved(name, full)} |"
            )
    return "\n".join(lines)


def parts(full: bool) -> str:
    """Return what explains the number of defaults in BASE."""
    parameters, news, opening = variance_parts(full)
    return (
        f"Of the variance of the number of defaults in `BASE`, parameters explain {_in_hundred(parameters)} per cent, "
        f"opening figures {_in_hundred(opening)} and news {_in_hundred(news)}."
    )


def blocks(verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """Return all blocks of the page with the figures of a full validation."""
    return {
        "hold-outs": holdouts(verdicts),
        "scenarios": scenarios(True),
        "effects": effects(True),
        "parts": parts(True),
    }


def renewed(page: str, verdicts: Mapping[str, Verdict], row: Mapping[str, str]) -> str:
    """Return the validation page with the rows of some checks changed and its counts made anew."""
    lines = page.splitlines()
    for k, line in enumerate(lines):
        name = line.partition("|")[2].partition("|")[0].strip()
        if name in verdicts:
            lines[k] = row[name]
    results = [line for line in lines if re.match(r"\| [A-Z]-\d", line)]
    failed = sum("| **failed** |" in line for line in results)
    counts = f"{len(results)} checks, {len(results) - failed} passed, {failed} failed."
    return "\n".join(counts if re.match(r"\d+ checks, ", line) else line for line in lines) + "\n"


def main() -> int:
    """Run what the page needs; write its blocks, and the rows that the validation page shares with it."""
    from validation.__main__ import PAGE as VALIDATION
    from validation.__main__ import collect, order, row_of

    collect()
    names = sorted((name for name in CHECKS if name.startswith(SHARED)), key=order)
    verdicts = {name: run_check(CHECKS[name], full=True) for name in names}
    write(blocks(verdicts))
    rows = {name: row_of(verdict) for name, verdict in verdicts.items()}
    VALIDATION.write_text(renewed(VALIDATION.read_text(encoding="utf-8"), verdicts, rows), encoding="utf-8")
    for name, verdict in verdicts.items():
        print(f"{name:5} {'passed' if verdict.outcome.passed else 'FAILED'} {verdict.outcome.figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
