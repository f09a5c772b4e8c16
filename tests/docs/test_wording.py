"""Texts say what the model does: the rule of a label, and how many identities are asserted where."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = sorted(
    path
    for folder in ("docs/explanation", "docs/how-to", "docs/tutorial", "src/cardhouse/report", "src/cardhouse/analysis")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".md", ".py")
)
GONE = ("every maturing debt rolled over", "every maturing debt been rolled over", "full rollover would")


@pytest.mark.parametrize("words", GONE)
def test_no_text_tells_the_rule_that_decision_17_replaced(words: str) -> None:
    found = [str(path) for path in READ if words in " ".join(path.read_text(encoding="utf-8").split())]
    assert found == []


@pytest.mark.parametrize("page", ["README.md", "docs/explanation/limits.md", "docs/tutorial/first-stress-test.md"])
def test_pages_for_beginners_lead_to_the_checks_that_fail(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert "reference/validation.md" in text
    assert "fail" in text


def test_the_identity_that_only_tracing_asserts_is_told_apart() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert "fifteen accounting identities are asserted at 1e-9 in every quarter of every world" in text
    assert "the sixteenth, money by origin, wherever money is traced" in text
