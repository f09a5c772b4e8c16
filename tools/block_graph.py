"""The graph of the model's blocks: who reads what another block writes, found in the source text itself."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

BLOCK_TITLES: dict[str, str] = {
    "A": "End users",
    "B": "Compute market",
    "C": "Beliefs and orders",
    "D": "Commitments",
    "E": "Income and cash flow",
    "F": "Lab funding and strategic money",
    "G": "Credit",
    "H": "Equity market",
    "I": "Cross-held stakes",
    "J": "Default and clearing",
    "K": "Holders and economy",
    "L": "Levers",
    "M": "Measures",
}

Links = dict[tuple[str, str], list[str]]
_LETTER = re.compile(r"Block ([A-L])\b")
_STATE = "s"


class _Access(ast.NodeVisitor):
    """Collect which fields of the state a module writes and which it reads."""

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.read: set[str] = set()

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Enter a plain access ``s.field``."""
        if isinstance(node.value, ast.Name) and node.value.id == _STATE:
            (self.written if isinstance(node.ctx, ast.Store) else self.read).add(node.attr)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Enter ``s.field[...]``: it is a write when the element is stored to."""
        target = node.value
        stored = isinstance(node.ctx, ast.Store)
        if stored and isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            if target.value.id == _STATE:
                self.written.add(target.attr)
            self.visit(node.slice)
            return
        self.generic_visit(node)


def block_of(tree: ast.Module) -> str:
    """Return the letter of the block that a module says it belongs to in its docstring; empty without one."""
    found = _LETTER.search(ast.get_docstring(tree) or "")
    return found[1] if found else ""


def block_links(model: Path) -> Links:
    """Find the fields that one block writes and another reads.

    Parameters
    ----------
    model : Path
        Folder of the model package.

    Returns
    -------
    dict
        (writer, reader) to the sorted names of the fields.
    """
    written: dict[str, set[str]] = defaultdict(set)
    read: dict[str, set[str]] = defaultdict(set)
    for path in sorted((model / "blocks").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        letter = block_of(tree)
        if letter:
            access = _Access()
            access.visit(tree)
            written[letter] |= access.written
            read[letter] |= access.read
    return {
        (writer, reader): sorted(written[writer] & read[reader])
        for writer in sorted(written)
        for reader in sorted(read)
        if writer != reader and written[writer] & read[reader]
    }


def graph_page(links: Links) -> str:
    """Write the page with the graph and the table behind it."""
    letters = sorted({letter for pair in links for letter in pair})
    lines = [
        "# Blocks and what they pass on",
        "",
        "This page is made from the source of the blocks by `tools/write_equation_chapter.py`. An arc means that the",
        "block where it ends reads what the block where it begins writes; arcs above go forward in the alphabet, arcs",
        "below go back and close the loops of the model. The wider the arc, the more variables it carries.",
        "",
        "```{image} blocks.svg",
        ":alt: Arc diagram of the blocks; the table below has the same content.",
        "```",
        "",
        "| from | to | variables |",
        "|---|---|---|",
    ]
    for (writer, reader), names in sorted(links.items()):
        shown = ", ".join(f"`{name}`" for name in names)
        lines.append(f"| {writer} {BLOCK_TITLES[writer]} | {reader} {BLOCK_TITLES[reader]} | {shown} |")
    lines += ["", "Blocks: " + " · ".join(f"{letter} {BLOCK_TITLES[letter]}" for letter in letters) + "."]
    return "\n".join(lines) + "\n"


def graph_svg(links: Links) -> str:
    """Draw the graph as arcs over a line of blocks."""
    letters = sorted({letter for pair in links for letter in pair})
    step, left, middle = 78.0, 50.0, 330.0
    place = {letter: left + step * k for k, letter in enumerate(letters)}
    width = 2 * left + step * max(len(letters) - 1, 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} 720" role="img" font-family="sans-serif">',
        "<title>Blocks of the model and what they pass on</title>",
        f'<rect width="{width:g}" height="720" fill="#ffffff"/>',
    ]
    for (writer, reader), names in sorted(links.items()):
        start, end = place[writer], place[reader]
        forward = end > start
        radius = abs(end - start) / 2
        y = middle - 18 if forward else middle + 18
        colour = "#2563a8" if forward else "#b3541e"
        title = f"{writer} to {reader}: {', '.join(names)}"
        parts.append(
            f'<path d="M {start:g} {y:g} A {radius:g} {min(radius * 0.72, 300):g} 0 0 1 {end:g} {y:g}" fill="none" '
            f'stroke="{colour}" stroke-opacity="0.5" stroke-width="{min(0.8 + 0.35 * len(names), 6):g}">'
            f"<title>{title}</title></path>"
        )
    for letter in letters:
        x = place[letter]
        parts.append(f'<circle cx="{x:g}" cy="{middle:g}" r="17" fill="#1f2933"/>')
        parts.append(
            f'<text x="{x:g}" y="{middle + 6:g}" text-anchor="middle" font-size="17" fill="#ffffff">{letter}</text>'
        )
    parts.append(
        f'<text x="{left:g}" y="24" font-size="16" fill="#2563a8">forward: later blocks read earlier ones</text>'
    )
    parts.append(f'<text x="{left:g}" y="706" font-size="16" fill="#b3541e">back: the loops of the model</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"
