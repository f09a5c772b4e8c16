"""The commands of the README and of the tutorial run, in order, and end as the pages say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# what a page shows for people and a test need not wait for: the gates themselves and the main job at full size
LONG = {"./run", "./run test", "./run validate"}


def commands(page: str) -> list[tuple[str, bool]]:
    """Return each command with whether the page shows it refused."""
    found = []
    for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        lines = block.splitlines()
        for place, line in enumerate(lines):
            if line.startswith("$ "):
                answer = lines[place + 1] if place + 1 < len(lines) else ""
                found.append((line[2:], answer.startswith("cardhouse: ")))
    return found


@pytest.mark.parametrize("page", ["docs/tutorial/first-stress-test.md", "README.md"])
def test_the_commands_of_a_page_run_in_order(page: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
    shown = [(line, refused) for line, refused in commands(page) if line not in LONG]
    assert shown
    for line, refused in shown:
        assert line.startswith("./run "), line
        arguments = [sys.executable, "-m", "cardhouse", *shlex.split(line)[1:]]
        done = subprocess.run(
            arguments, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=280
        )
        # 1 means that it ran and a check failed, which a teaching case may do
        assert done.returncode == (2 if refused else 0), f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
