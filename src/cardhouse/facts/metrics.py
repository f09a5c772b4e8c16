"""The register of measures: which unit each has, whether it may be negative, and whether it is an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from cardhouse.basics.tables import read_table
from cardhouse.facts.vocabulary import Unit

METRIC_COLUMNS = ("metric", "units", "signed", "account", "maximum")


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure.

    Parameters
    ----------
    name : str
        For example ``capex``.
    units : frozenset of Unit
        Units in which a row may state it.
    signed : bool
        True when a negative figure makes sense (profit, cash flow, a price change).
    account : bool
        True for an account of a period, published only after the period has ended.
    maximum : float, optional
        Largest figure that makes sense, for example 100 for a share in percent.
    """

    name: str
    units: frozenset[Unit]
    signed: bool
    account: bool
    maximum: float | None


@cache
def metric_register() -> Mapping[str, Metric]:
    """Return all measures by name.

    >>> metric_register()["capex"].account, metric_register()["net_income"].signed
    (True, True)
    """
    with resources.as_file(resources.files("cardhouse.facts") / "metrics.csv") as path:
        table = read_table(path, METRIC_COLUMNS)
    return MappingProxyType(
        {
            row["metric"]: Metric(
                row["metric"],
                frozenset(Unit(unit) for unit in row["units"].split()),
                row["signed"] == "yes",
                row["account"] == "yes",
                float(row["maximum"]) if row["maximum"] else None,
            )
            for row in table
        }
    )
