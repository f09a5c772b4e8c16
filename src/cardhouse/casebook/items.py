"""The register of items of the opening balance: unit, sign, largest value."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from cardhouse.basics.identifiers import suggestion
from cardhouse.basics.tables import read_table

ITEM_COLUMNS = ("item", "unit", "signed", "maximum")


@dataclass(frozen=True, slots=True)
class Item:
    """One item, or a family of items written with a star (``stake_in_*``).

    Parameters
    ----------
    name : str
        Name or pattern.
    unit : str
        The only unit in which the item is stated.
    signed : bool
        True when a negative figure makes sense.
    maximum : float, optional
        Largest figure that makes sense.
    """

    name: str
    unit: str
    signed: bool
    maximum: float | None


@cache
def _register() -> tuple[dict[str, Item], tuple[Item, ...]]:
    with resources.as_file(resources.files("cardhouse.casebook") / "items.csv") as path:
        table = read_table(path, ITEM_COLUMNS)
    items = [
        Item(row["item"], row["unit"], row["signed"] == "yes", float(row["maximum"]) if row["maximum"] else None)
        for row in table
    ]
    plain = {item.name: item for item in items if "*" not in item.name}
    return plain, tuple(item for item in items if "*" in item.name)


@lru_cache(maxsize=4096)
def item_of(name: str) -> Item | None:
    """Return the item or family that a name belongs to; None when there is none.

    >>> item_of("stake_in_openai").unit, item_of("cahs")
    ('percent', None)
    """
    plain, families = _register()
    if name in plain:
        return plain[name]
    return next((family for family in families if fnmatch.fnmatchcase(name, family.name)), None)


def item_suggestion(name: str) -> str:
    """Write a remedy for an unknown item.

    >>> item_suggestion("cahs")
    "did you mean 'cash'?"
    """
    plain, families = _register()
    return suggestion(name, [*plain, *(family.name for family in families)])
