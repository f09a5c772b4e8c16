"""What the capacity in use consumes: electricity, and the water of cooling and of power plants.

    electricity (TWh a year) = capacity in use (GW) * 8.76 * share of rated power drawn
    water (billion litres a year) = electricity * litres per kWh

A GW of the model is power at the meter of a site, cooling included, so that no overhead is multiplied in. The factors
are facts of the case: cited where a page states them, else assumed with a range and a reason. No draw varies them, for
nothing in the model depends on them; their ranges are told beside the spread of the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import band_of, good_draws, has_draws, range_of
from cardhouse.analysis.horizons import ends_of
from cardhouse.analysis.records import Band, Range
from cardhouse.analysis.replays import reason_of, replays_of
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import CardhouseError
from cardhouse.casebook.case import Case
from cardhouse.facts.fact import Fact
from cardhouse.simulation.results import Run

TWH_PER_GW_YEAR = 8.76
"""Electricity of a GW drawn for a year, TWh."""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """A factor of the footprint as the case states it: value, range, unit, and what it rests on.

    Parameters
    ----------
    name : str
        Its word in ``case.yaml``.
    fact : str
        Identifier of the fact, for ``cardhouse cite``.
    value, low, high : float
        Shares as fractions.
    unit, basis, reason, source : str
        The reason or remark of the fact, and title and date of its page; empty where no page states it.
    """

    name: str
    fact: str
    value: float
    low: float
    high: float
    unit: str
    basis: str
    reason: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Consumed:
    """An amount a year.

    Parameters
    ----------
    draws : Range
        Median and 10 to 90 % over the draws, all factors at their central value.
    low, high : float, optional
        The median draw with every factor at its low, or high, end.
    """

    draws: Range
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class FootprintLine:
    """The footprint at the rate of one quarter.

    Parameters
    ----------
    quarter : str
    in_use : Range
        Capacity in use, GW.
    electricity : Consumed
        TWh a year.
    share : Consumed
        Electricity over the reference, a share.
    water_on_site, water_of_power_plants : Consumed
        Billion litres a year, consumed.
    """

    quarter: str
    in_use: Range
    electricity: Consumed
    share: Consumed
    water_on_site: Consumed
    water_of_power_plants: Consumed


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """Electricity and water of a run.

    Parameters
    ----------
    lines : tuple of FootprintLine
        Once a year, at the quarters of the horizons.
    electricity, water_on_site, water_of_power_plants : Band
        By quarter, TWh and billion litres a year, all factors at their central value.
    draws : int
        Draws behind the figures; fewer than those of the run where it kept distributions only.
    factors : tuple of Factor
    reference : str
        What the electricity is compared with, and its year.
    """

    lines: tuple[FootprintLine, ...]
    electricity: Band
    water_on_site: Band
    water_of_power_plants: Band
    draws: int
    factors: tuple[Factor, ...]
    reference: str

    def factor(self, name: str) -> Factor:
        """Return one factor by its word."""
        return next(item for item in self.factors if item.name == name)


def footprint(run: Run, case: Case | None) -> tuple[Footprint | None, str]:
    """Work out electricity and water of a run.

    Parameters
    ----------
    run : Run
    case : Case, optional
        Gives the factors.

    Returns
    -------
    footprint, reason
        None and a sentence where they cannot be worked out.
    """
    if case is None:
        return None, "the case of the run is not at hand"
    if not case.footprint:
        return None, "this reading of the case has no factors for them"
    try:
        # a run that keeps distributions only cannot add up firms of a draw: some of its draws are made again
        load = good_draws(run, "load") if has_draws(run, "load") else replays_of(run, case).results()["load"]
    except CardhouseError as error:
        return None, f"this run keeps distributions only, and its draws cannot be made again: {reason_of(error)}"
    in_use = np.nansum(np.asarray(load, dtype=np.float64), axis=2)
    reference = case.footprint["electricity_reference"]
    names = [entity.name for entity in case.entities if entity.id == reference.subject]
    words = " of ".join([*names, reference.period.removeprefix("CY")]).removesuffix(" of ")
    return consumption(in_use, run.coordinates["quarter"], case.footprint, words), ""


def consumption(
    in_use: FloatArray, quarters: tuple[str, ...], facts: Mapping[str, Fact], reference: str = ""
) -> Footprint:
    """Work out electricity and water from capacity in use.

    Parameters
    ----------
    in_use : array, shape (draw, quarter)
        GW.
    quarters : tuple of str
    facts : mapping of str to Fact
        The factors by their words in ``case.yaml``.
    reference : str
        What the electricity is compared with, and its year.
    """
    factors = {name: _factor(name, fact) for name, fact in facts.items()}
    yearly = in_use * TWH_PER_GW_YEAR
    places = [end - 1 for end in ends_of(len(quarters))]
    drawn, on_site = factors["power_draw_share"], factors["water_on_site"]
    plants, compared = factors["water_of_power_plants"], factors["electricity_reference"]
    lines = [
        FootprintLine(
            quarter=quarters[place],
            in_use=range_of(in_use[:, place]),
            electricity=_consumed(yearly[:, place], drawn),
            share=_consumed(yearly[:, place] / compared.value, drawn),
            water_on_site=_consumed(yearly[:, place], drawn, on_site),
            water_of_power_plants=_consumed(yearly[:, place], drawn, plants),
        )
        for place in places
    ]
    electricity = yearly * drawn.value
    litres = "bn litres a year"
    return Footprint(
        lines=tuple(lines),
        electricity=band_of(electricity, "electricity", "Electricity of the AI capacity in use", "TWh a year"),
        water_on_site=band_of(electricity * on_site.value, "water_on_site", "Water for cooling on site", litres),
        water_of_power_plants=band_of(
            electricity * plants.value, "water_of_power_plants", "Water to make the electricity", litres
        ),
        draws=len(in_use),
        factors=tuple(factors.values()),
        reference=reference,
    )


def _factor(name: str, fact: Fact) -> Factor:
    value, bounds = fact.central, fact.bounds
    if value is None or bounds is None:
        msg = f"the case was checked, so the fact '{fact.id}' is a number"
        raise TypeError(msg)
    scale = 0.01 if fact.unit == "percent" else 1.0
    return Factor(
        name=name,
        fact=fact.id,
        value=scale * value,
        low=scale * bounds[0],
        high=scale * bounds[1],
        unit="share" if fact.unit == "percent" else fact.unit.replace("_", " "),
        basis=fact.basis.value,
        reason=fact.note,
        source=", ".join(part for part in (fact.source.title, fact.source.date_text) if part),
    )


def _consumed(amounts: FloatArray, *factors: Factor) -> Consumed:
    """Multiply amounts of the draws by factors at their central values, and the median by all at one end."""
    middle = range_of(amounts).p50
    low, high = np.prod([item.low for item in factors]), np.prod([item.high for item in factors])
    return Consumed(
        draws=range_of(amounts * np.prod([item.value for item in factors])),
        low=None if middle is None else float(middle * low),
        high=None if middle is None else float(middle * high),
    )
