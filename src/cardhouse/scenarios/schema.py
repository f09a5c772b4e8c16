"""What a scenario file may contain: keys and types. The module ``rules`` has the rules that join several keys."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from cardhouse.scenarios.shock import Basis, Shape, Then


def _printable(text: str) -> str:
    """Refuse control characters, which could change what a terminal shows."""
    if any(unicodedata.category(letter) in ("Cc", "Cf") and letter not in "\n\t" for letter in text):
        msg = "the text contains no control characters"
        raise ValueError(msg)
    return text


Text = Annotated[StrictStr, Field(min_length=1, max_length=4000), AfterValidator(_printable)]
ShortText = Annotated[StrictStr, Field(min_length=1, max_length=200), AfterValidator(_printable)]
NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
Name = Annotated[StrictStr, Field(pattern=f"^{NAME_PATTERN.pattern}$")]
Size = StrictInt | StrictFloat | StrictStr
Names = ShortText | list[ShortText]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReferenceEntry(_Strict):
    """A source for the size of a shock."""

    title: ShortText
    address: Annotated[StrictStr, Field(pattern=r"^https?://[^\s<>\"']+$", max_length=500)] = ""
    # YAML reads 2026-02-27 as a date and 2002 as a number; both are meant as text here
    date: Annotated[StrictStr, BeforeValidator(str), Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] = ""


class TargetEntry(_Strict):
    """Whom a shock hits: names, roles or tags, less some names."""

    everyone: StrictBool = False
    entity: Names = Field(default_factory=list)
    role: Names = Field(default_factory=list)
    tag: Names = Field(default_factory=list)
    except_: Names = Field(default_factory=list, alias="except")


class ShockEntry(_Strict):
    """One shock as it stands in a file."""

    variable: ShortText
    target: ShortText | list[ShortText] | TargetEntry | None = None
    start: ShortText
    shape: Shape = "step"
    size: Size | None = None
    values: Annotated[list[Size], Field(min_length=1, max_length=200)] | None = None
    quarters: Annotated[StrictInt, Field(ge=1, le=200)] | None = None
    half_life: Annotated[StrictFloat | StrictInt, Field(gt=0, le=200)] | None = None
    then: Then | None = None
    end: ShortText | None = None
    basis: Basis = "assumed"
    rationale: Text
    references: list[ReferenceEntry] = Field(default_factory=list, max_length=20)


class IncludeEntry(_Strict):
    """Another scenario taken in, shifted so that its first shock begins at ``start``."""

    scenario: ShortText
    start: ShortText | None = None


class MacroEntry(_Strict):
    """A macroeconomic path in the column form of the Federal Reserve."""

    file: ShortText
    baseline: ShortText
    start: ShortText = "q1"


class ScenarioEntry(_Strict):
    """A scenario file."""

    format: Literal[1]
    id: Name
    title: ShortText
    kind: Literal["core", "overlay", "own"] = "own"
    story: Text
    first_break: ShortText = "not stated"
    reference: ShortText = "not stated"
    shocks: list[ShockEntry] = Field(default_factory=list, max_length=200)
    includes: list[IncludeEntry] = Field(default_factory=list, max_length=20)
    macro: MacroEntry | None = None
