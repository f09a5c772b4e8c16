"""The architecture page, the package docstring and the import contract tell the same story."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import cardhouse

ROOT = Path(__file__).resolve().parents[2]


def floors_of_the_contract() -> list[list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "floors")["layers"]
    floors = [[name.strip() for name in layer.split("|")] for layer in layers]
    # a floor in brackets is reserved and not built yet
    return [kept for floor in floors if (kept := [name for name in floor if not name.startswith("(")])]


def test_the_package_docstring_lists_the_floors_of_the_contract() -> None:
    text = (cardhouse.__doc__ or "").split("::", 1)[1]
    rows = [line.split("|")[0] for line in text.splitlines() if "|" in line]
    named = [[name.strip() for name in row.split(",")] for row in rows]
    assert [sorted(row) for row in named] == [sorted(floor) for floor in floors_of_the_contract()]


PACKAGES = {path.parent.name for path in (ROOT / "src" / "cardhouse").glob("*/__init__.py")}


def test_the_architecture_page_lists_the_floors_of_the_contract() -> None:
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
    rows = [re.findall(r"`(\w+)`", row.split("|")[2]) for row in page.splitlines() if re.match(r"^\| \d+ \|", row)]
    assert [sorted(row) for row in rows] == [sorted(floor) for floor in floors_of_the_contract()]


def test_every_package_says_what_it_is() -> None:
    for name in sorted(PACKAGES):
        text = (ROOT / "src" / "cardhouse" / name / "__init__.py").read_text()
        assert text.startswith('"""'), name
