"""Write the pages of the reference that are made from the registers: equations, variables, and the graph of blocks.

./run python tools/write_equation_chapter.py            write the pages
./run python tools/write_equation_chapter.py --check    exit code 1 if a page is stale
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from block_graph import BLOCK_TITLES, block_links, graph_page, graph_svg

from cardhouse.model import equation as register
from cardhouse.model.gates import GATES
from cardhouse.model.parameters import PARAMETERS

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"


def load_equations() -> dict[str, register.Equation]:
    """Import every module of the model, so that the register is full, and return it in order of ids."""
    package = importlib.import_module("cardhouse.model")
    for found in pkgutil.walk_packages(package.__path__, "cardhouse.model."):
        importlib.import_module(found.name)
    return dict(sorted(register.EQUATIONS.items(), key=lambda item: register.equation_code(item[0])))


def _module_of(found: register.Equation) -> str:
    plain = getattr(found.function, "py_func", found.function)
    return f"{plain.__module__}.{plain.__name__}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _example(found: register.Equation) -> str:
    plain = getattr(found.function, "py_func", found.function)
    lines = [line.strip() for line in (plain.__doc__ or "").splitlines()]
    kept: list[str] = []
    for line in lines:
        if line.startswith((">>>", "...")) or (kept and line and not kept[-1].startswith("\n")):
            kept.append(line)
        elif kept:
            break
    return "\n".join(kept)


def equation_entry(found: register.Equation) -> str:
    """Write one equation: its formula, what it is, unit, source, where it stands, and a number by hand."""
    right = f" = {found.formula}" if found.formula and "=" not in found.symbol else ""
    arguments = ", ".join(f"`{name}`" for name in register.signature_of(found))
    parts = [
        f"### {found.id}",
        "",
        f"$$ {found.symbol}{right} $$",
        "",
        _cell(re.sub(r"`([^`]*)`", r"`\1`", found.summary)),
        "",
        f"- Unit: {found.unit}",
        f"- Source: {_cell(found.source)}",
        f"- Function: `{_module_of(found)}`, of {arguments}",
    ]
    example = _example(found)
    if example:
        parts += ["", "```python", example, "```"]
    return "\n".join(parts)


def equations_page(equations: dict[str, register.Equation]) -> str:
    """Write the chapter of all equations, block by block."""
    blocks = sorted({found.block for found in equations.values()})
    lines = [
        "# Equations",
        "",
        "This page is made from the register of equations by `tools/write_equation_chapter.py`. Every payment in the",
        "ledger carries the id of the equation that gave its size. Money is in billions of US dollars, flows are per",
        "quarter, rates per year unless a unit says otherwise.",
        "",
        "| block | subject | equations |",
        "|---|---|---|",
    ]
    for block in blocks:
        ids = [f"[{found.id}](#{found.id.lower()})" for found in equations.values() if found.block == block]
        lines.append(f"| {block} | {BLOCK_TITLES.get(block, block)} | {' '.join(ids)} |")
    for block in blocks:
        lines += ["", f"## {block}. {BLOCK_TITLES.get(block, block)}"]
        for found in equations.values():
            if found.block == block:
                lines += ["", equation_entry(found)]
    return "\n".join(lines) + "\n"


def variables_page() -> str:
    """Write the tables of outputs, parameters and gates."""
    variables = importlib.import_module("cardhouse.model.variables")
    lines = [
        "# Variables, parameters and gates",
        "",
        "This page is made from the registers of the model by `tools/write_equation_chapter.py`.",
        "",
        "## Outputs of a run",
        "",
        "| name | meaning | unit | dimensions | block |",
        "|---|---|---|---|---|",
    ]
    for one in variables.OUTPUTS:
        dims = ", ".join(one.dims) or "one number a draw"
        lines.append(f"| `{one.name}` | {_cell(one.long_name)} | {one.unit} | {dims} | {one.block} |")
    lines += ["", "## Parameters", "", "| name | meaning | unit | block | limits |", "|---|---|---|---|---|"]
    for spec in PARAMETERS:
        limits = f"{spec.lower:g} to {spec.upper:g}"
        lines.append(f"| `{spec.name}` | {_cell(spec.meaning)} | {spec.unit} | {spec.block} | {limits} |")
    lines += [
        "",
        "## Gates",
        "",
        "Each mechanism has a switch: `cardhouse run BASE --off GATE`. All are on by default.",
        "",
        "| gate | meaning |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {_cell(meaning)} |" for name, meaning in GATES.items()]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    equations = load_equations()
    links = block_links(ROOT / "src" / "cardhouse" / "model")
    return {
        "equations.md": equations_page(equations),
        "variables.md": variables_page(),
        "blocks.md": graph_page(links),
        "blocks.svg": graph_svg(links),
    }


def stale_pages() -> list[str]:
    """Name the pages on disk that differ from what the registers say."""
    return [
        name
        for name, text in pages().items()
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or check them with ``--check``."""
    if arguments == ["--check"]:
        stale = stale_pages()
        for name in stale:
            print(f"docs/reference/{name} is stale: run tools/write_equation_chapter.py")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(f"wrote docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
