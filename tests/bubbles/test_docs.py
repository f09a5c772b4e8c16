"""The examples of the pages run, and the pages name what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "how-to" / "bubbles.md"


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("at", range(len(blocks())))
def test_example_runs_and_prints(at: int, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(blocks()[at], str(PAGE), "exec"), {})  # noqa: S102 our own page
    assert "True" in capsys.readouterr().out


def test_there_are_examples() -> None:
    assert len(blocks()) >= 2
