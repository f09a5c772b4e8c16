"""Each gate has been seen red: linter limits, strict types, strict tests, file sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 500

BRANCHES = "\n".join(f"    if value == {k}:\n        return {k}" for k in range(11))
STATEMENTS = "\n".join(f"    value += {k}" for k in range(41))

LINT_FAULTS = {
    "C901": f'"""Too complex."""\n\n\ndef choose(value: int) -> int:\n    """Choose."""\n{BRANCHES}\n    return -1\n',
    "PLR0913": (
        '"""Too many arguments."""\n\n\ndef add(a: int, b: int, c: int, d: int, e: int, f: int, g: int) -> int:\n'
        '    """Add."""\n    return a + b + c + d + e + f + g\n'
    ),
    "PLR0915": f'"""Long."""\n\n\ndef climb(value: int) -> int:\n    """Climb."""\n{STATEMENTS}\n    return value\n',
    "D103": '"""No docstring."""\n\n\ndef nameless() -> int:\n    return 1\n',
    "ANN201": '"""No types."""\n\n\ndef untyped():\n    """Return one."""\n    return 1\n',
    "T201": '"""Prints."""\n\nprint(1)\n',
    "TD003": '"""Promises."""\n\n# TO' + "DO: later\n",
}


@pytest.mark.parametrize("rule", sorted(LINT_FAULTS))
def test_the_linter_catches_a_planted_fault(tmp_path: Path, rule: str) -> None:
    planted = tmp_path / "src" / "cardhouse" / "planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(LINT_FAULTS[rule])
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
        str(planted),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert rule in result.stdout


def test_the_type_checker_catches_a_planted_fault(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def length(text: str) -> int:\n    return text\n\n\ndef loose(x):\n    return x\n")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        str(ROOT / "pyproject.toml"),
        "--no-incremental",
        str(planted),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert result.returncode == 1
    assert "[return-value]" in result.stdout
    assert "[no-untyped-def]" in result.stdout


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("import warnings\n\ndef test_warns():\n    warnings.warn('old', DeprecationWarning)\n", "DeprecationWarning"),
        ("import pytest\n\n@pytest.mark.unregistered\ndef test_marked():\n    pass\n", "unregistered"),
        ("def test_false():\n    assert 1 == 2\n", "assert 1 == 2"),
        ('"""Adds.\n\n>>> 1 + 1\n3\n"""\n', "Expected"),
    ],
    ids=["warning", "marker", "assertion", "doctest"],
)
def test_the_test_runner_catches_a_planted_fault(tmp_path: Path, text: str, sign: str) -> None:
    (tmp_path / "test_planted.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-c",
        str(ROOT / "pyproject.toml"),
        str(tmp_path),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert result.returncode != 0
    assert sign in result.stdout + result.stderr


def too_long(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*.py") if len(path.read_text().splitlines()) > MAX_LINES]


def test_a_file_that_has_grown_too_large_is_named(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_text("x = 1\n" * (MAX_LINES + 1))
    (tmp_path / "small.py").write_text("x = 1\n" * MAX_LINES)
    assert too_long(tmp_path) == [str(tmp_path / "large.py")]


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "benchmarks", "validation"])
def test_every_file_is_a_room_and_not_a_hall(folder: str) -> None:
    assert too_long(ROOT / folder) == []


def test_no_folder_or_file_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "core", "misc", "util", "tools"}
    found = [path for path in (ROOT / "src").rglob("*") if path.stem in drawers]
    assert found == []


def test_no_line_escapes_the_gates_without_a_reason() -> None:
    """An exception names its rule and gives its reason on the same line."""
    bare = []
    for path in (ROOT / "src").rglob("*.py"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for escape in ("# noqa", "# type: ignore"):
                if escape in line and len(line.split(escape, 1)[1].split("]")[-1].split()) < 3:
                    bare.append(f"{path.name}:{number}: {line.strip()}")
    assert bare == []
