"""Splitting of free-text remarks in collected tables into typed fields and a clean remark."""

from __future__ import annotations

import re

_TAG = re.compile(r"^\s*\[(aggregate|overlap|superseded|actual|valuation)\]\s*")
_REMOVED = (
    r",? see md\b",
    r";? ?see contradictions in ai_firms\.md",
    r" \(firm file\)",
    r"; put as high bound",
    r"; before (?:that )?the audit the maximum stood in the amount field",
    r" \(before only as the upper bound\)",
    r"; start and as_of were January and May before",
    r",? as used in model section 7",
    r",? so that four platforms give 17\.5 as in model section 7",
    r"model section 6: ",
)
_REPLACED = (
    (r"\badded in audit: ", ""),
    (r"\baudit: ", "checked: "),
    (r"the firm file and a second page", "two pages"),
    (r"is only in the unverified file", "could not be verified"),
    (r"final size not confirmed by the audit", "final size not confirmed"),
    (r"was not settled by the audit", "is not settled"),
    (r"model section 7 and fact row 106 approximate; notes and borrowings", "about; notes and borrowings"),
    (r"^model section 7; ", ""),
    (r"^model section 6$", "judgement; nothing measured"),
    (r"the 0\.085 in model section 6 would give 103 a year", "a share of 0.085 would give spending of 103 a year"),
    (r"; model uses 50$", ""),
    (r"the relations file used google as the id before the audit; row ids there", "identifiers of its contracts"),
    (r"^added with the Alphabet placement$", ""),
    (r"^firm file only: ", "own identifier for "),
    (r"^relations file: ", ""),
    (r"see the added row", "see the other row"),
    (r"the consolidated balance is in the added row", "the consolidated balance is in the other row"),
    (r"same source as the relations row", "same page as the contract row"),
)


def clean_note(text: str) -> tuple[str, set[str]]:
    """Return the remark without its tags, and the tags.

    >>> clean_note("[overlap] sum of two; audit: supported; doubtful: may be old")
    ('sum of two; checked: supported; may be old', {'overlap', 'doubtful'})
    """
    tags: set[str] = set()
    while found := _TAG.match(text):
        tags.add(found[1])
        text = text[found.end() :]
    if re.search(r"\bdoubtful\b", text):
        tags.add("doubtful")
        text = re.sub(r"\bdoubtful: ", "", text)
    for pattern in _REMOVED:
        text = re.sub(pattern, "", text)
    for pattern, new in _REPLACED:
        text = re.sub(pattern, new, text)
    # A cell that begins like a formula would run in a spreadsheet, so the sign becomes a word.
    text = re.sub(r"^\+\s*(?=\d)", "up ", text.strip(" ;,"))
    text = re.sub(r"^\+\s*", "plus ", text)
    return re.sub(r"^-\s*(?=\d)", "minus ", text), tags
