"""Each import contract has been seen red: one planted fault or more per contract is caught; the tree passes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# contract name, file that gets the fault, the line planted
FAULTS = [
    ("Floors", "basics/quarter.py", "import cardhouse.network\n"),
    ("Floors", "facts/__init__.py", "import cardhouse.network\n"),
    ("Floors", "network/__init__.py", "import cardhouse.facts\n"),
    ("Floors", "scenarios/__init__.py", "import cardhouse.contagion\n"),
    ("Floors", "contagion/__init__.py", "import cardhouse.model\n"),
    ("Floors", "model/__init__.py", "import cardhouse.simulation\n"),
    ("Floors", "simulation/__init__.py", "import cardhouse.casebook\n"),
    ("Floors", "casebook/__init__.py", "import cardhouse.bubbles\n"),
    ("Floors", "bubbles/__init__.py", "import cardhouse.simulation\n"),
    ("Floors", "analysis/__init__.py", "import cardhouse.report\n"),
    ("Floors", "report/__init__.py", "import cardhouse.cli\n"),
    ("Floors", "newcomer/__init__.py", '"""A package without a floor."""\n'),
    ("Contagion kernels", "contagion/debtrank/laws.py", "import cardhouse.contagion.threshold\n"),
    ("Contagion kernels", "contagion/compose.py", "from cardhouse.contagion.clearing import clear\n"),
    ("Only adapters, web and cli may open a socket", "casebook/__init__.py", "import socket\n"),
    ("Only adapters, web and cli may open a socket", "report/__init__.py", "import urllib.request\n"),
    ("Only basics.compiled knows the compiler", "model/__init__.py", "import numba\n"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", "pyproject.toml"]
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("__pycache__", "*.csv", "*.js", "*.html", "*.npz", "*.parquet")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def test_the_tree_as_it_stands_keeps_every_contract(copy: Path) -> None:
    result = lint_imports(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("contract", "file", "line"), FAULTS, ids=[f"{f[1]}<-{f[2].strip()[:40]}" for f in FAULTS])
def test_a_planted_fault_is_caught(copy: Path, contract: str, file: str, line: str) -> None:
    target = copy / "src" / "cardhouse" / file
    before = target.read_text() if target.exists() else None
    target.parent.mkdir(exist_ok=True)
    target.write_text((before or "") + "\n" + line)
    try:
        result = lint_imports(copy)
    finally:
        if before is None:
            shutil.rmtree(target.parent)
        else:
            target.write_text(before)
    assert result.returncode == 1, result.stdout
    # exhaustive layers are reported as a problem of the contract by name
    assert contract in result.stdout
    assert "BROKEN" in result.stdout


def test_every_contract_has_a_planted_fault() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}
    here = Path(__file__).read_text() + "".join(
        path.read_text() for path in Path(__file__).parent.glob("test_*contracts.py") if path != Path(__file__)
    )
    for name in names:
        assert name.split(":")[0] in here, f"no planted fault for the contract '{name}'"
