"""Where the contracts, the balances and the factors of electricity and water of a case can be read."""

from __future__ import annotations

from dataclasses import dataclass

from cardhouse.casebook.case import Case
from cardhouse.casebook.records import citations


@dataclass(frozen=True, order=True)
class Source:
    """A source: title, address (empty when it is no web address) and date as the source gives it."""

    title: str
    address: str
    date: str


def sources_of(case: Case) -> tuple[Source, ...]:
    """Return every source of the contracts that may enter a total, the opening balances and the footprint, by title."""
    notes = [note for item in case.snapshot.instruments if item.counts for note in item.sources]
    notes += [cell.source for items in case.snapshot.balances.values() for cell in items.values() if cell.source]
    notes += [cell.source for cell in case.snapshot.market.values() if cell.source]
    found = {Source(note.title, web_address(note.address), note.date) for note in notes}
    for fact in case.footprint.values():
        pages = [record["source"] for record in citations(case, fact.id) if record["source"] is not None]
        found |= {Source(page["title"], web_address(page["address"] or ""), page["date"] or "") for page in pages}
    return tuple(sorted(found))


def web_address(text: str) -> str:
    """Return an address that may become a link; empty for anything but http and https.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    return text if text.startswith(("https://", "http://")) else ""
