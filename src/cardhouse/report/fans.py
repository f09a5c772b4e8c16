"""Charts of paths: fans of the draws, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence

from cardhouse.analysis.records import Band
from cardhouse.analysis.summary import Summary
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.words import alike, in_a_hundred, plain_number, share

POINTS = "percentage points"


def fan(summary: Summary, name: str, title: str, *, hundredths: str = "") -> Figure | None:
    """Return the fan chart of one path, in its own unit or in named hundredths; None when the run does not have it."""
    band = summary.paths.get(name)
    return None if band is None else fan_of(summary, band, title, hundredths=hundredths)


def fan_of(summary: Summary, band: Band, title: str, *, hundredths: str = "") -> Figure:
    """Return the fan chart of a band, in its own unit or in named hundredths."""
    unit = hundredths or band.unit
    scale = 100.0 if hundredths else 1.0
    return Figure(
        id=f"fan-{band.name.replace('_', '-')}",
        kind="fan",
        title=f"{title}, {unit}",
        lead=_movement(summary, band, scale),
        alt=f"Fan chart of {band.long_name.lower()} by quarter. {_movement(summary, band, scale)}",
        data={
            "quarters": list(summary.quarters),
            "unit": unit,
            "series": [_series(band, title, scale)],
        },
        head=("quarter", "5 %", "25 %", "median", "75 %", "95 %"),
        rows=_band_rows(summary, band, scale),
        source=run_source(summary),
        height=230,
    )


def _series(band: Band, title: str, scale: float) -> dict[str, object]:
    parts = {"p05": band.p05, "p25": band.p25, "p50": band.p50, "p75": band.p75, "p95": band.p95}
    scaled = {key: [None if v is None else round(v * scale, 6) for v in values] for key, values in parts.items()}
    return {"name": title, **scaled}


def _movement(summary: Summary, band: Band, scale: float) -> str:
    first, last = band.p50[0], band.p50[-1]
    if first is None or last is None:
        return "Unknown in some quarters."
    low, high = band.p05[-1], band.p95[-1]
    ends = "" if low is None or high is None else f"; nine of ten draws {_n(low, scale)} to {_n(high, scale)}"
    start, end = f"{_n(first, scale)} in {summary.quarters[0]}", f"{_n(last, scale)} in {summary.quarters[-1]}"
    return f"Median {start}, {end}{ends}."


def _n(value: float | None, scale: float = 1.0) -> str:
    return plain_number(None if value is None else value * scale)


def _band_rows(summary: Summary, band: Band, scale: float) -> list[tuple[str, ...]]:
    columns = (band.p05, band.p25, band.p50, band.p75, band.p95)
    known = [[None if value is None else value * scale for value in values] for values in columns]
    largest = max((abs(value) for values in known for value in values if value is not None), default=0.0)
    return [(quarter, *(alike(values[k], largest) for values in known)) for k, quarter in enumerate(summary.quarters)]


def gap(summary: Summary) -> Figure | None:
    """Return capital spending and end-user spending in one chart."""
    capex, users = summary.paths.get("sector_capex"), summary.paths.get("end_user_spending")
    if capex is None or users is None:
        return None
    titles = ("Capital spending of the sector", "End users' spending on AI")
    rows = [
        (
            quarter,
            _n(capex.p05[k]),
            _n(capex.p50[k]),
            _n(capex.p95[k]),
            _n(users.p05[k]),
            _n(users.p50[k]),
            _n(users.p95[k]),
        )
        for k, quarter in enumerate(summary.quarters)
    ]
    ratio = [
        None if a is None or b is None or b <= 0 else a / b
        for a, b in ((capex.p50[0], users.p50[0]), (capex.p50[-1], users.p50[-1]))
    ]
    lead = "Both as USD bn a year."
    if ratio[0] is not None and ratio[1] is not None:
        lead = f"For each dollar that end users pay, the sector invests {ratio[0]:.1f} dollars in {summary.quarters[0]}"
        lead += f" and {ratio[1]:.1f} in {summary.quarters[-1]} (medians)."
    return Figure(
        id="gap",
        kind="fan",
        title="What is built and what is paid for, USD bn a year",
        lead=lead,
        alt=f"Two fan charts over the quarters: capital spending and end-user spending. {lead}",
        data={
            "quarters": list(summary.quarters),
            "unit": "USD bn a year",
            "series": [_series(capex, titles[0], 1.0), _series(users, titles[1], 1.0)],
        },
        head=("quarter", "capex 5 %", "median", "95 %", "end users 5 %", "median", "95 %"),
        rows=rows,
        source=run_source(summary),
        height=360,
        wide=True,
    )


def any_default(summary: Summary) -> Figure:
    """Return the share of draws with a first default by quarter, with its Monte Carlo error."""
    points = summary.defaults.by_quarter
    last = points[-1]
    lead = (
        f"By {summary.quarters[-1]} at least one firm has defaulted in {in_a_hundred(last.share)}. The shade is the "
        "90 % interval of the Monte Carlo error, not the uncertainty of the assumptions."
    )
    return Figure(
        id="any-default",
        kind="curve",
        title="At least one default so far, % of draws",
        lead=lead,
        alt=f"Rising curve by quarter. {lead}",
        data={
            "quarters": list(summary.quarters),
            "unit": "%",
            "values": [percent_points(point.share) for point in points],
            "low": [percent_points(point.low) for point in points],
            "high": [percent_points(point.high) for point in points],
        },
        head=("quarter", "share of draws (90 % interval)"),
        rows=[(quarter, share(points[k])) for k, quarter in enumerate(summary.quarters)],
        source=run_source(summary),
    )


def percent_points(value: float | None) -> float | None:
    """Turn a share into per cent for a chart."""
    return None if value is None else round(100 * value, 3)


def small_fans(summary: Summary) -> list[Figure]:
    """Return the fans shown side by side."""
    wanted: Sequence[tuple[str, str, str]] = (
        ("sector_market_value", "Market value of the sector's firms", ""),
        ("utilisation", "AI capacity in use", "%"),
        ("compute_price", "Spot price of compute", ""),
        ("used_chip_index", "Price of used chips", ""),
        ("lab_revenue", "Revenue of the laboratories", ""),
        ("strategic_finance", "Suppliers' money for their customers", ""),
        ("outside_equity", "Outside equity for the sector", ""),
        ("credit_spread", "Market credit spread over the start", POINTS),
        ("sp500_index", "Market value of the share index", ""),
        ("gdp_gap", "Output gap", "%"),
        ("inherited_capacity", "Capacity of failed firms still running", ""),
        ("adopters", "Firms with AI in production", "%"),
        ("consumption_gap", "Consumption gap", ""),
        ("investment_gap", "Home investment of the sector over the base quarter", ""),
        ("unemployment", "Unemployment against its baseline", POINTS),
        ("buyer_price", "Price of failed firms' capacity over new build", ""),
        ("limited_by_finance", "Builders whose orders finance limits", "%"),
    )
    found = [fan(summary, name, title, hundredths=unit) for name, title, unit in wanted]
    return [figure for figure in found if figure is not None]
