"""Charts and tables of how circular the money of a run is over time."""

from __future__ import annotations

from collections.abc import Sequence

from cardhouse.analysis.circularity.of_run import CircularMoney, SampledBand
from cardhouse.analysis.horizons import ends_of
from cardhouse.analysis.summary import Summary
from cardhouse.report.fans import fan
from cardhouse.report.figure import Figure, run_source
from cardhouse.report.view_parts import Table
from cardhouse.report.words import DASH, percent

TITLES = {
    "finn": "Money that passes the same firm again (Finn)",
    "circular_share": "Circular part of net payments (Hodge)",
    "reciprocal_share": "Payments that pairs of firms make both ways",
}


def sampled_figures(summary: Summary) -> list[Figure | None]:
    """Return the charts of cycling and circular share, of the draws that were made again."""
    found = summary.circular
    return [] if found is None else [_sampled(summary, found, name) for name in ("finn", "circular_share")]


def kept_figures(summary: Summary) -> list[Figure | None]:
    """Return the charts of loop gain and organic revenue, of all draws."""
    return [
        fan(summary, "loop_gain", "Gain of the funding loop"),
        fan(summary, "organic_revenue", "AI revenue paid by end users", hundredths="%"),
    ]


def circular_intro(summary: Summary) -> str:
    """Say what the measures are and how many draws stand behind them."""
    text = (
        "Cycling is the share of all money passing through the sector's firms that passes the same firm again; the "
        "circular share is the part of their net payments that runs in rings of three or more. A loop gain above one "
        "feeds itself, and starves itself on the way down. None of them has a sign: whether a loop harms depends on "
        "what it is made of."
    )
    found = summary.circular
    if found is None:
        return text
    return (
        f"{text} A run keeps no payments: {_behind(summary, found)} were made again for cycling and circular share. Of "
        "so few the band is coarse; the dotted lines are the 90 % interval of the median for this error."
    )


def _behind(summary: Summary, found: CircularMoney) -> str:
    count = len(found.draws)
    return f"{count:,} of the {summary.draws_good:,} draws, one of each of the first parameter rows,"


def _sampled(summary: Summary, found: CircularMoney, name: str) -> Figure:
    band = found.band(name)
    lead = _movement(summary, band)
    return Figure(
        id=f"band-{name.replace('_', '-')}",
        kind="band",
        title=f"{TITLES[name]}, %",
        lead=lead,
        alt=f"Band chart of {band.long_name} by quarter over {len(found.draws):,} draws. {lead}",
        data={
            "quarters": list(summary.quarters),
            "name": TITLES[name],
            "unit": "%",
            **{key: _points(getattr(band, key)) for key in ("p10", "p50", "p90", "low", "high")},
        },
        head=("quarter", "10 %", "median", "90 %", "median, 90 % interval"),
        rows=[
            (quarter, *(_cell(values[k]) for values in (band.p10, band.p50, band.p90)), _interval(band, k))
            for k, quarter in enumerate(summary.quarters)
        ],
        source=f"{run_source(summary)}; {len(found.draws):,} of them made again payment by payment",
        height=230,
    )


def _points(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else round(100 * value, 6) for value in values]


def _cell(value: float | None) -> str:
    return percent(value, 2 if value is not None and abs(value) < 0.1 else 1)


def _interval(band: SampledBand, place: int) -> str:
    low, high = band.low[place], band.high[place]
    return DASH if low is None or high is None else f"{_cell(low)} to {_cell(high)}"


def _movement(summary: Summary, band: SampledBand) -> str:
    if band.p50[0] is None or band.p50[-1] is None:
        return "Unknown in some quarters."
    return (
        f"Median {_cell(band.p50[0])} in {summary.quarters[0]}, {_cell(band.p50[-1])} in {summary.quarters[-1]} "
        f"(90 % interval {_interval(band, -1)}); eight of ten draws {_cell(band.p10[-1])} to {_cell(band.p90[-1])}."
    )


def circular_table(summary: Summary) -> list[Table]:
    """Return the three measures year by year."""
    found = summary.circular
    if found is None:
        return []
    places = [end - 1 for end in ends_of(len(summary.quarters))]
    return [
        Table(
            title="Circular money, year by year",
            lead="Median and 10 to 90 % of the replayed draws. Net payments cannot show a loop of two firms: what a "
            "pair pays both ways cancels, and stands in the last column. Payments to anyone outside the sector count "
            "as leaving it.",
            head=("quarter", *(band.long_name for band in found.bands)),
            rows=[(summary.quarters[k], *(_range(band, k) for band in found.bands)) for k in places],
        )
    ]


def _range(band: SampledBand, place: int) -> str:
    if band.p50[place] is None:
        return DASH
    low, high = (_cell(value).removesuffix(" %") for value in (band.p10[place], band.p90[place]))
    return f"{_cell(band.p50[place])} ({low} to {high})"


def origin_rows(summary: Summary) -> list[tuple[str, str]]:
    """Return the lines on identity I11 for the table of checks."""
    found = summary.circular
    if found is None or found.worst_residual is None:
        return []
    where = f"{found.quarters_traced:,} quarters of {len(found.draws):,} replayed draws"
    broken = f"broken in {found.quarters_broken:,} of them; " if found.quarters_broken else ""
    return [(f"money keeps its origin (I11), {where}: largest residual", f"{broken}{found.worst_residual:.1e}")]
