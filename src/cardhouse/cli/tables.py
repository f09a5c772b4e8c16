"""Tables for the terminal: short, aligned, readable at 100 columns and without colour."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cardhouse.network.instrument import Instrument, SourceNote

WIDEST = 120
LONGEST_WORD = 10
"""Words up to this length are not broken in a list."""


def console() -> Console:
    """Return a console of the terminal's width, 100 columns where there is no terminal."""
    width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
    return Console(width=width, highlight=False, markup=False, soft_wrap=False)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; a column whose name ends with ``>`` is aligned to the right, one with ``!`` is never broken.

    Cells are printed as they are: square brackets in them are text, not colours.
    """
    kept, cells = _without_empty(columns, [tuple(row) for row in rows])
    if not cells:
        print_line(f"{title}: none\n")
        return
    table = Table(
        title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for name in kept:
        marks = name[len(name.rstrip(">!")) :]
        justify: Literal["right", "left"] = "right" if ">" in marks else "left"
        table.add_column(name.rstrip(">!"), justify=justify, overflow="fold", no_wrap="!" in marks, min_width=4)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


def print_list(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a list of which the first column is a name, never broken; cells are text, never colours."""
    cells = [tuple(row) for row in rows]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(head):
        words = [word for text in (name, *(row[place] for row in cells)) for word in text.split()]
        longest = max(map(len, words), default=0)
        table.add_column(name, overflow="fold", no_wrap=place == 0, min_width=min(LONGEST_WORD, longest))
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    screen = console()
    # a list that cannot be made narrow enough runs over the edge: what is cut off could not be read at all
    screen.width = max(screen.width, screen.measure(table, options=screen.options.update(width=1000)).minimum)
    screen.print(table)


def _without_empty(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Leave out columns that hold nothing in any row: the terminal is narrow."""
    used = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    return [columns[place] for place in used], [tuple(row[place] for place in used) for row in rows]


def print_line(text: str = "") -> None:
    """Print a paragraph, wrapped to the width of the terminal."""
    console().print(Text(text))


class Footnotes:
    """Numbers sources in the order in which a table cites them.

    Examples
    --------
    >>> notes = Footnotes()
    >>> report = SourceNote("Annual report", "https://example.org", "2026-02-01")
    >>> notes.mark((report,)), notes.mark((SourceNote("Blog"), report)), notes.mark(())
    ('1', '2 1', '')
    """

    def __init__(self) -> None:
        self._numbers: dict[SourceNote, int] = {}

    def mark(self, sources: Iterable[SourceNote]) -> str:
        """Return the numbers of some sources, separated by spaces."""
        return " ".join(str(self._numbers.setdefault(source, len(self._numbers) + 1)) for source in sources)

    def print(self) -> None:
        """Print the list of sources."""
        if self._numbers:
            print_line("Sources")
        for source, number in self._numbers.items():
            date = f" ({source.date})" if source.date else ""
            # addresses are not wrapped, so that a terminal can open them
            Console(width=10_000, highlight=False, markup=False).print(
                Text(f"{number:>3}  {source.title}{date} {source.address}".rstrip())
            )


_SHORT = {
    "equity_stake": "stake",
    "conditional_tranche": "tranche",
    "equity_commitment": "pledge",
    "purchase_commitment": "purchase",
    "chip_order": "chips",
    "revenue_share": "revenue cut",
    "customer_revenue": "sales",
    "company_statement": "company",
    "major_press": "press",
}


def short(word: str) -> str:
    """Write a kind, status or tier in a word or two.

    >>> short("major_press"), short("letter_of_intent")
    ('press', 'letter of intent')
    """
    return _SHORT.get(word, word.replace("_", " "))


def evidence(row: Instrument) -> str:
    """Write how far a contract has come and where its figure comes from: ``signed, press``."""
    return f"{short(row.status.value)}, {short(row.tier.value)}"


def clip(name: str, length: int = 24) -> str:
    """Cut a long identifier; ``--json`` has it whole.

    >>> clip("oracle"), clip("jpmorgan_citi_goldman_ms_syndicate")
    ('oracle', 'jpmorgan_citi_goldman_m…')
    """
    return name if len(name) <= length else name[: length - 1] + "…"


def money(value: float | None) -> str:
    """Write USD bn with three figures; nothing for an unknown amount.

    >>> [money(x) for x in (None, 0.0, 0.35, 6.3, 22.4, 300.0, 1234.5)]
    ['?', '0', '0.35', '6.3', '22.4', '300', '1,234']
    """
    if value is None:
        return "?"
    if value >= 1000.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def interval(value: float | None, low: float | None, high: float | None) -> str:
    """Write an amount with its range where it has one; a missing upper end is an unknown amount in the sum.

    >>> interval(300.0, 300.0, 300.0), interval(20.0, 20.0, 30.0), interval(150.0, 0.0, 300.0)
    ('300', '20 (20–30)', '150 (0–300)')
    >>> interval(2.0, 2.0, None), interval(None, 0.0, None)
    ('2 + ?', '?')
    """
    if value is None:
        return "?"
    if high is None:
        return f"{money(value)} + ?"
    if low is None or money(low) == money(high):
        return money(value)
    return f"{money(value)} ({money(low)}–{money(high)})"


def span(value: float | None, low: float, high: float | None) -> str:
    """Write a range without its middle, which no source states; an amount where both ends are the same.

    >>> span(150.0, 0.0, 300.0), span(13.0, 13.0, 13.0), span(None, 0.0, None), span(5.0, 5.0, None)
    ('0–300', '13', '?', '5 + ?')
    """
    if value is None:
        return "?"
    if high is None:
        return f"{money(low)} + ?"
    return money(low) if low == high else f"{money(low)}–{money(high)}"


def percent(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Write a share in percent with its range where it has one.

    >>> percent(0.45), percent(0.45, 0.4, 0.5), percent(None), percent(0.004), percent(7.894)
    ('45 %', '45 % (40–50)', '–', '0.4 %', '789 %')
    """
    if value is None:
        return "–"
    if low is None or high is None or _share(low) == _share(high):
        return f"{_share(value)} %"
    return f"{_share(value)} % ({_share(low)}–{_share(high)})"


def _share(value: float) -> str:
    shown = 100.0 * value
    return f"{shown:.1f}".removesuffix(".0") if shown < 10.0 else f"{shown:.0f}"
