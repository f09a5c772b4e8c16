"""The walks through the house name rooms that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "architecture.md"


def missing_rooms(text: str) -> list[str]:
    packages = {path.name for path in (ROOT / "src" / "cardhouse").iterdir() if path.is_dir()}
    named = [name for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", text) if name.partition(".")[0] in packages]
    assert len(named) > 5
    places = [(name, ROOT / "src" / "cardhouse" / name.replace(".", "/")) for name in named]
    return [name for name, place in places if not place.is_dir() and not place.with_suffix(".py").is_file()]


def test_every_module_that_a_walk_names_exists():
    text = PAGE.read_text(encoding="utf-8")
    assert missing_rooms(text) == []
    assert missing_rooms(text + "`simulation.trajectory`") == ["simulation.trajectory"]
