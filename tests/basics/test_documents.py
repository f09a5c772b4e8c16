from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field

from cardhouse.basics.documents import parse_document, validate
from cardhouse.basics.errors import InputError


class Firm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    share: float = Field(ge=0, le=100)


class Case(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    firms: list[Firm]


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        validate(parse_document(text, "c.yaml"), Case)
    return str(caught.value)


def test_every_problem_of_a_document_is_told_with_its_line() -> None:
    text = refused("titel: x\nfirms:\n  - name: a\n    share: 140\n  - share: 3\n    colour: red\n")
    assert "c.yaml:1: titel: there is no such key. Did you mean 'title'?" in text
    assert "c.yaml:1: title: the key is missing" in text
    assert "c.yaml:4: firms.0.share: '140': Input should be less than or equal to 100" in text
    assert "c.yaml:5: firms.1.name: the key is missing" in text
    assert "c.yaml:6: firms.1.colour: there is no such key" in text


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a: &x 1\nb: 2\n", "c.yaml:1: the document uses no anchor"),
        ("a: 1\nb: !!python/object:os.system x\n", "c.yaml:2: the document uses no tag"),
        ("a: 1\nb: *x\n", "alias"),
        ("a: 1\na: 2\n", "duplicate"),
        ("- 1\n- 2\n", "the document is a mapping"),
        ("a: [1\n", "not valid YAML"),
        ("a:\n" + "".join("  " * k + f"k{k}:\n" for k in range(1, 20)), "nested deeper"),
    ],
)
def test_a_document_that_hides_or_multiplies_content_is_refused(text: str, sign: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_document(text, "c.yaml")
    assert sign in str(caught.value)


def test_no_is_text_and_not_a_falsehood() -> None:
    assert {"country": "NO"} == parse_document("country: NO\n", "c.yaml").data
