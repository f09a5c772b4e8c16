"""The page on calibration and the validation page say the same, and blocks are only written where they belong."""

from __future__ import annotations

import re

import pytest
from validation.__main__ import PAGE as VALIDATION
from validation.calibration_page import PAGE, renewed, replaced
from validation.register import Check, Outcome, Verdict

from cardhouse.casebook.accepted import accepted_set


def block(name: str) -> str:
    text = PAGE.read_text(encoding="utf-8")
    return text.partition(f"<!-- figures: {name} -->\n")[2].partition(f"\n<!-- end: {name} -->")[0]


def figures(page: str, column: int) -> dict[str, str]:
    rows = [
        [cell.strip() for cell in line.split(" | ")] for line in page.splitlines() if re.match(r"\| [A-Z]-\d", line)
    ]
    return {row[0].removeprefix("| "): row[column].removesuffix(" |") for row in rows}


def test_hold_outs_are_those_of_the_validation_page():
    there = figures(VALIDATION.read_text(encoding="utf-8"), 3)
    here = {name: text.removeprefix("**missed**: ") for name, text in figures(block("hold-outs"), 2).items()}
    assert len(here) >= 9
    assert here == {name: text for name, text in there.items() if name.startswith("H-")}


def test_scenarios_and_parts_are_those_of_the_validation_page():
    there = figures(VALIDATION.read_text(encoding="utf-8"), 3)
    words = " ".join(block("scenarios").split())
    assert f"named default in {there['N-1'].partition(' %')[0]} of 100" in words
    assert f"illiquid labels in {there['N-2'].partition(' %')[0]} of 100" in words
    assert f"insolvent labels in {there['N-3'].partition(' %')[0]} of 100 defaults" in words
    assert f"by 2030 in {there['N-6'].partition(' %')[0]} of 100" in words
    parameters, news, opening = re.findall(r"(\d+) %", there["N-8"])
    assert f"explain {parameters} per cent, opening figures {opening} and news {news}." in block("parts")


def test_the_number_of_accepted_rows_is_that_of_the_case():
    assert f"{len(accepted_set('ai_2026').rows):,} are left" in block("matching")


def test_a_page_without_the_marks_is_refused():
    with pytest.raises(ValueError, match="no block 'x'"):
        replaced("<!-- figures: y -->\nold\n<!-- end: y -->", "x", "new")


def test_rows_are_renewed_with_their_counts():
    page = "2 checks, 2 passed, 0 failed.\n\n| A-1 | a | b | c | passed | s |\n| N-1 | a | b | old | passed | s |\n"
    verdict = Verdict(Check("N-1", "a", "b", "s", lambda _full: Outcome("", True)), Outcome("new", False), 0.0)
    found = renewed(page, {"N-1": verdict}, {"N-1": "| N-1 | a | b | new | **failed** | s |"})
    assert found.splitlines()[0] == "2 checks, 1 passed, 1 failed."
    assert found.splitlines()[2:] == ["| A-1 | a | b | c | passed | s |", "| N-1 | a | b | new | **failed** | s |"]
