"""The generated reference is up to date, and every equation has a number worked by hand."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

block_graph = importlib.import_module("block_graph")
chapter = importlib.import_module("write_equation_chapter")

EQUATIONS = chapter.load_equations()


def plain(name: str) -> str:
    function = EQUATIONS[name].function
    return str(getattr(function, "py_func", function).__name__)


def names_in_tests() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests" / "model").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(node.id)
    return found


def has_worked_example(name: str) -> bool:
    function = EQUATIONS[name].function
    text = getattr(function, "py_func", function).__doc__ or ""
    return any(line.strip().startswith(">>>") and plain(name) in line for line in text.splitlines())


def test_no_equation_is_without_a_test():
    tested = names_in_tests()
    without = [name for name in EQUATIONS if not has_worked_example(name) and plain(name) not in tested]
    assert without == [], f"equations without a hand-computed number: {', '.join(without)}"


def calls_by_function() -> dict[str, set[str]]:
    """Names that each function of the model mentions, by the name of the function."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "src" / "cardhouse" / "model").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
                found.setdefault(node.name, set()).update(names)
    return found


def reached_from(entry: str, calls: dict[str, set[str]]) -> set[str]:
    seen, waiting = set(), [entry]
    while waiting:
        name = waiting.pop()
        if name in calls and name not in seen:
            seen.add(name)
            waiting.extend(calls[name])
    return seen


def test_every_equation_is_used_by_a_draw():
    reached = reached_from("run_chunk", calls_by_function())
    analysis = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/cardhouse/analysis").glob("*.py"))
    # an equation of the results alone (K5) acts in no draw; a call of it makes a figure of the summary
    idle = [name for name in EQUATIONS if plain(name) not in reached and f"{plain(name)}(" not in analysis]
    assert idle == [], f"equations that neither a draw nor a result uses: {', '.join(idle)}"


def test_an_equation_that_only_an_unused_function_calls_is_found():
    calls = {"run_chunk": {"step"}, "step": {"used"}, "used": set(), "left_over": {"dead"}, "dead": set()}
    assert reached_from("run_chunk", calls) == {"run_chunk", "step", "used"}


def test_every_equation_has_symbol_unit_source_and_words():
    for found in EQUATIONS.values():
        assert all((found.symbol, found.unit, found.source, found.summary)), found.id


def test_the_pages_of_the_reference_are_not_stale():
    assert chapter.stale_pages() == [], "run: ./run python tools/write_equation_chapter.py"


@pytest.mark.parametrize("page", ["equations.md", "variables.md"])
def test_tables_of_the_reference_are_rectangular(page: str):
    width = 0
    for line in chapter.pages()[page].splitlines():
        if line.startswith("|"):
            cells = line.replace("\\|", "").count("|")
            width = width or cells
            assert cells == width, line
        else:
            width = 0


def test_links_between_blocks_are_found_in_the_source(tmp_path: Path):
    folder = tmp_path / "blocks"
    folder.mkdir()
    (folder / "one.py").write_text('"""Block A: one."""\n\n\ndef f(s):\n    s.price[0] = 2.0\n')
    (folder / "two.py").write_text('"""Block B: two."""\n\n\ndef g(s):\n    return s.price[0]\n')
    assert block_graph.block_links(tmp_path) == {("A", "B"): ["price"]}
