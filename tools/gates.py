"""The gates of the project: what ``./run test``, ``./run validate`` and ``./run docs`` do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent

LINT: tuple[tuple[str, list[str]], ...] = (
    ("lint", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("floors", [str(BIN / "lint-imports"), "--no-cache"]),
    ("types", [PYTHON, "-m", "mypy"]),
)
COMPILE = [PYTHON, "tools/compile_model.py"]
TESTS = [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]


def run_gate(name: str, command: Sequence[str]) -> bool:
    """Run one gate, say how long it took, and tell whether it passed."""
    begin = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    passed = subprocess.run(command, cwd=ROOT, check=False, env=environment).returncode == 0  # noqa: S603 our own list
    print(f"gate {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - begin:.0f} s", flush=True)
    return passed


def test(arguments: Sequence[str]) -> int:
    """Run every gate, or only pytest on the paths given."""
    if arguments:
        return 0 if run_gate("tests", [PYTHON, "-m", "pytest", "-q", *arguments]) else 1
    # one core compiles the model while the other looks at the text; the tests then find it compiled
    compiling = subprocess.Popen(COMPILE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})  # noqa: S603 our own list
    results = [run_gate(name, command) for name, command in LINT]
    results.append(compiling.wait() == 0)
    results.append(run_gate("tests", TESTS))
    return 0 if all(results) else 1


def validate(arguments: Sequence[str]) -> int:
    """Run the validation suite."""
    return 0 if run_gate("validation", [PYTHON, "-m", "validation", *arguments]) else 1


def docs(arguments: Sequence[str]) -> int:
    """Build the documentation; a warning is an error."""
    command = [PYTHON, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html", *arguments]
    return 0 if run_gate("docs", command) else 1


TASKS: dict[str, Callable[[Sequence[str]], int]] = {"test": test, "validate": validate, "docs": docs}


def main(arguments: Sequence[str]) -> int:
    """Do the named task; a wrong word, or none, is told with exit code 2."""
    if not arguments or arguments[0] not in TASKS:
        given = f"'{arguments[0]}' is no task" if arguments else "name a task"
        sys.stderr.write(f"gates: {given}. Usage: python tools/gates.py {'|'.join(TASKS)} [ARGUMENT...]\n")
        return 2
    return TASKS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
