"""The schema of ``case.yaml``: what a case is called, when its rows were gathered, which quarters can open it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cardhouse.basics.documents import Document, read_document, validate
from cardhouse.basics.errors import CaseError
from cardhouse.basics.identifiers import is_identifier
from cardhouse.basics.quarter import Quarter, parse_day
from cardhouse.facts.fact import Fact
from cardhouse.facts.vocabulary import Basis, Dating, Unit


def _day(value: Any) -> dt.date:
    return parse_day(str(value), last=True)


def _quarter(value: Any) -> Quarter:
    return Quarter.parse(str(value))


def _identifier(value: Any) -> str:
    if not (isinstance(value, str) and is_identifier(value)):
        msg = "an identifier has lower-case letters, digits, '_', '-' and '.' only"
        raise ValueError(msg)
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
CaseQuarter = Annotated[Quarter, BeforeValidator(_quarter)]
Identifier = Annotated[str, BeforeValidator(_identifier)]


class BaseQuarter(BaseModel):
    """A quarter whose opening balance is in the case, and the first day on which its figures were known."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    quarter: CaseQuarter
    known_from: Day
    note: str = ""


class Assumption(BaseModel):
    """A number that no page states, with its range and reason."""

    model_config = ConfigDict(extra="forbid")

    value: float = Field(ge=0, allow_inf_nan=False)
    low: float = Field(ge=0, allow_inf_nan=False)
    high: float = Field(ge=0, allow_inf_nan=False)
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_range(self) -> Assumption:
        if not self.low <= self.value <= self.high:
            msg = "the figure lies inside its range"
            raise ValueError(msg)
        return self


class FootprintFacts(BaseModel):
    """The facts that turn capacity in use into electricity and water; no draw varies them.

    Parameters
    ----------
    power_draw_share : str
        Mean draw of capacity in use over its rated power at the meter, in percent.
    water_on_site, water_of_power_plants : str
        Water consumed for cooling and to make the electricity, litres per kWh at the meter.
    electricity_reference : str
        Electricity used in a year by what the sector is compared with, TWh.
    """

    model_config = ConfigDict(extra="forbid")

    power_draw_share: Identifier
    water_on_site: Identifier
    water_of_power_plants: Identifier
    electricity_reference: Identifier


FOOTPRINT_UNITS = {
    "power_draw_share": Unit.PERCENT,
    "water_on_site": Unit.LITRES_PER_KWH,
    "water_of_power_plants": Unit.LITRES_PER_KWH,
    "electricity_reference": Unit.TWH,
}


class CaseFile(BaseModel):
    """What ``case.yaml`` holds.

    Parameters
    ----------
    name : str
        Identifier of the case.
    title : str
        One line for people.
    kind : {"evidence", "teaching"}
        Whether the numbers are cited, or made up for teaching.
    collected_until : date
        Day of the newest page; nothing in the case was known later.
    reporting_lag_days : Assumption
        Days after the end of a period from which its accounts count as known, used only where a page has no date.
    range_of_lost_support_percent : Assumption
        Half-width of the range of an opening figure that had none, when the facts it rests on are filtered out.
    base_quarters : list
        Quarters that can open a run, in order.
    figures : list of str
        Tables of figures in the folder.
    priors_from : str, optional
        Packaged case whose parameter priors this case starts from; its own ``priors.csv`` then overrides single rows.
    footprint : FootprintFacts, optional
        Facts from which electricity and water are worked out.
    limits : list of str
        What the case cannot tell, one sentence each.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    name: Identifier
    title: str = Field(min_length=1)
    kind: Literal["evidence", "teaching"]
    collected_until: Day
    reporting_lag_days: Assumption
    range_of_lost_support_percent: Assumption
    base_quarters: list[BaseQuarter] = Field(default_factory=list)
    figures: list[str] = Field(default_factory=list)
    priors_from: Identifier | None = None
    footprint: FootprintFacts | None = None
    limits: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _in_order(self) -> CaseFile:
        days = [item.known_from for item in self.base_quarters]
        quarters = [item.quarter for item in self.base_quarters]
        if days != sorted(set(days)) or quarters != sorted(set(quarters)):
            msg = "base quarters follow one another in time, and so do the days from which they are known"
            raise ValueError(msg)
        if days and days[-1] > self.collected_until:
            msg = "no base quarter is known only after the collection ended"
            raise ValueError(msg)
        if self.reporting_lag_days.high > 400 or self.range_of_lost_support_percent.high > 100:
            msg = "a reporting lag has at most 400 days, and a range at most 100 percent either side"
            raise ValueError(msg)
        for name in self.figures:
            if Path(name).name != name or not name.endswith(".csv"):
                msg = f"'{name}' is not the name of a .csv file in the case folder"
                raise ValueError(msg)
        return self


ASSUMPTIONS = {"reporting_lag_days": Unit.COUNT, "range_of_lost_support_percent": Unit.PERCENT}


def assumption_facts(case: CaseFile, document: Document) -> list[Fact]:
    """Return what the reading itself assumes as facts, so that they can be listed and cited like any other."""
    facts = []
    for name, unit in ASSUMPTIONS.items():
        assumed: Assumption = getattr(case, name)
        facts.append(
            Fact(
                id=f"reading.{name}",
                subject=case.name,
                metric=name,
                value=assumed.value,
                low=assumed.low,
                high=assumed.high,
                unit=unit.value,
                known_on=dt.date.min,
                dating=Dating.STATED,
                basis=Basis.ASSUMED,
                note=assumed.reason,
                file=document.file,
                line=document.line_of((name,)),
            )
        )
    return facts


def read_case_file(path: Path) -> tuple[CaseFile, Document]:
    """Read and check ``case.yaml``; raise CaseError or InputError with every problem."""
    document = read_document(path, f"{path.parent.name}/{path.name}")
    return validate(document, CaseFile, CaseError), document
