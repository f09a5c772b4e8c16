"""A wrong word for the gates, or none, is told in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

GATES = Path(__file__).resolve().parents[2] / "tools" / "gates.py"


@pytest.mark.parametrize(("typed", "told"), [([], "name a task"), (["tests"], "'tests' is no task")])
def test_a_wrong_task_is_told_with_the_usage(typed: list[str], told: str) -> None:
    done = subprocess.run([sys.executable, str(GATES), *typed], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Usage: python tools/gates.py test|validate|docs" in done.stderr
    assert "Traceback" not in done.stderr
