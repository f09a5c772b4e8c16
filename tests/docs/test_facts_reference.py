"""The reference of facts names every column and word that files may use, and no other word of the lists."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from cardhouse.casebook.entities import ENTITY_COLUMNS
from cardhouse.casebook.folder import packaged_cases
from cardhouse.casebook.opening import OPENING_COLUMNS, Vintage
from cardhouse.casebook.priors import PRIOR_COLUMNS
from cardhouse.casebook.schema import BaseQuarter, CaseFile
from cardhouse.facts.figures import FIGURE_COLUMNS
from cardhouse.facts.relation import RELATION_COLUMNS, LeftOut
from cardhouse.facts.vocabulary import Basis, Dating, RelationKind, Status, Tag, Tier, Unit, Unused
from cardhouse.model.parameters import SHAPES
from cardhouse.network.entity import Role

DOCS = Path(__file__).resolve().parents[2] / "docs"
WORDS = set(re.findall(r"`([^`\n]+)`", (DOCS / "reference" / "facts.md").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "names",
    [
        ENTITY_COLUMNS,
        RELATION_COLUMNS,
        FIGURE_COLUMNS,
        OPENING_COLUMNS,
        PRIOR_COLUMNS,
        tuple(CaseFile.model_fields),
        tuple(BaseQuarter.model_fields),
        SHAPES,
        packaged_cases(),
    ],
)
def test_every_column_and_key_is_described(names: tuple[str, ...]):
    assert set(names) <= WORDS


@pytest.mark.parametrize(
    "words",
    [Basis, Dating, LeftOut, RelationKind, Role, Status, Tag, Tier, Unit, Unused, Vintage],
    ids=lambda w: w.__name__,
)
def test_every_word_of_a_list_is_described(words: type[StrEnum]):
    assert {word.value for word in words} <= WORDS


def test_the_example_of_the_how_to_is_a_valid_row(tmp_path: Path):
    from cardhouse.casebook.inspect import inspect

    text = (DOCS / "how-to" / "add-a-fact.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(id,subject.*?)```", text, re.S)
    assert block is not None
    path = tmp_path / "mine.csv"
    path.write_text(block[1], encoding="utf-8")
    assert {"figures": 1} == inspect(str(path)).counts
