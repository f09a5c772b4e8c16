"""Numbers as people read them: money, shares, ranges, quarters. An unknown number is a dash, never 0."""

from __future__ import annotations

import math

from cardhouse.analysis.records import Defaults, Range, ShareOfDraws

DASH = "–"


def without_groups(defaults: Defaults) -> str:
    """Say how often a firm held one by one defaults, where groups of other firms make a difference; else nothing."""
    if not defaults.groups or defaults.named == defaults.any:
        return ""
    groups = " and ".join(short(name) for name in defaults.groups)
    return f", in {in_a_hundred(defaults.named.share)} without {groups}"


def money(value: float | None, *, signed: bool = False) -> str:
    """Write an amount in USD bn with as many digits as it deserves.

    >>> money(1234.5), money(0.25), money(-3.14, signed=True), money(None)
    ('$1,234 bn', '$0.25 bn', '−$3.1 bn', '–')
    """
    if value is None:
        return DASH
    size = abs(value)
    digits = 0 if size >= 100 or size == 0 else 1 if size >= 1 else 2
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}${size:,.{digits}f} bn"


def percent(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """Write a share in per cent.

    >>> percent(0.256), percent(0.0004), percent(-0.1, signed=True), percent(1.0), percent(-0.003, signed=True)
    ('26 %', '< 1 %', '−10 %', '100 %', '−0.3 %')
    """
    if value is None:
        return DASH
    size = abs(value) * 100
    if digits == 0 and 0 < size < 0.5:
        # a change that small still has a direction
        return percent(value, 1, signed=True) if signed and size >= 0.05 else "< 1 %"
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{size:.{digits}f} %"


def plain_number(value: float | None) -> str:
    """Write a number with three significant digits, without powers of ten.

    >>> plain_number(12.345), plain_number(0.00123), plain_number(12345.0), plain_number(-9.82e-05)
    ('12.3', '0.00123', '12,345', '−0.0000982')
    >>> plain_number(float("nan")), plain_number(0.0)
    ('–', '0')
    """
    if value is None or math.isnan(value):
        return DASH
    if value == 0.0 or not math.isfinite(value) or abs(value) >= 999.5:
        text = f"{value:,.0f}"
    else:
        places = max(0, 2 - math.floor(math.log10(abs(value))))
        text = f"{value:.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def alike(value: float | None, largest: float) -> str:
    """Write a number of a column with as many decimals as give the largest of it three digits.

    >>> alike(0.00866, 2.83), alike(2.83, 2.83), alike(-0.0042, 0.5), alike(12345.6, 20000.0), alike(0.0, 2.0)
    ('0.01', '2.83', '−0.004', '12,346', '0')
    """
    if value is None or math.isnan(value):
        return DASH
    places = 0 if largest <= 0.0 else min(max(0, 2 - math.floor(math.log10(largest))), 6)
    text = f"{value:,.{places}f}"
    shown = text if text.strip("-0.,") else "0"
    return shown.replace("-", "−")


def gigawatts(value: float | None) -> str:
    """Write a capacity in GW; what is smaller than ten megawatts is not told apart.

    >>> gigawatts(2.345), gigawatts(0.00815), gigawatts(0.0), gigawatts(None)
    ('2.35', '< 0.01', '0', '–')
    """
    if value is not None and 0.0 < abs(value) < 0.01:
        return "< 0.01"
    return plain_number(value)


def with_unit(value: float | None, unit: str) -> str:
    """Write a number in its unit; shares and rates a year in per cent.

    >>> with_unit(88.42, "USD bn"), with_unit(0.42, "share"), with_unit(0.006, "per year"), with_unit(0.13, "ratio")
    ('88.4 USD bn', '42 %', '0.6 % a year', '0.13')
    """
    if value is None:
        return DASH
    if unit in ("share", "per year"):
        return f"{plain_number(100 * value)} %" + (" a year" if unit == "per year" else "")
    number = plain_number(value)
    return number if unit in ("ratio", "index", "points") else f"{number} {unit}"


def money_range(value: Range) -> str:
    """Write a median in USD bn with its 10 to 90 % range.

    >>> money_range(Range(p10=-1.0, p50=2.0, p90=1300.0))
    '$2.0 bn (−1.0 to 1,300)'
    """
    if value.p50 is None:
        return DASH
    low, high = (money(part).replace("$", "").replace(" bn", "") for part in (value.p10, value.p90))
    return f"{money(value.p50)} ({low} to {high})"


def percent_range(value: Range, *, signed: bool = False) -> str:
    """Write a median share in per cent with its 10 to 90 % range.

    >>> percent_range(Range(p10=-0.1, p50=0.2, p90=0.3), signed=True)
    '+20 % (−10 to +30)'
    """
    if value.p50 is None:
        return DASH
    low, high = (percent(part, signed=signed).replace(" %", "") for part in (value.p10, value.p90))
    return f"{percent(value.p50, signed=signed)} ({low} to {high})"


def share(value: ShareOfDraws) -> str:
    """Write a share of draws with its Monte Carlo error.

    >>> share(ShareOfDraws(share=0.5, low=0.44, high=0.56))
    '50 % (44 to 56)'
    """
    if value.share is None or value.low is None or value.high is None:
        return DASH
    return f"{percent(value.share)} ({value.low * 100:.0f} to {value.high * 100:.0f})"


def interval(value: ShareOfDraws) -> str:
    """Write the ends of a share's interval.

    >>> interval(ShareOfDraws(share=0.5, low=0.44, high=0.56))
    '44 to 56 %'
    """
    if value.low is None or value.high is None:
        return DASH
    return f"{value.low * 100:.0f} to {value.high * 100:.0f} %"


def quarters(value: tuple[str | None, str | None, str | None]) -> str:
    """Write a median quarter with its range.

    >>> quarters(("2026Q3", "2027Q1", "2028Q2")), quarters((None, None, None))
    ('2027Q1 (2026Q3 to 2028Q2)', '–')
    """
    low, middle, high = value
    return f"{middle} ({low} to {high})" if middle is not None else DASH


def short(name: str) -> str:
    """Cut what stands in brackets from a name, for charts.

    >>> short("Alphabet (Google)")
    'Alphabet'
    """
    return name.split(" (", 1)[0]


def in_a_hundred(value: float | None) -> str:
    """Write a share as a natural frequency.

    >>> in_a_hundred(0.5), in_a_hundred(0.004), in_a_hundred(0.0)
    ('50 of 100 draws', 'fewer than 1 of 100 draws', 'none of the draws')
    """
    if value is None:
        return "an unknown number of draws"
    if value == 0:
        return "none of the draws"
    if value == 1:
        return "all draws"
    count = value * 100
    return "fewer than 1 of 100 draws" if count < 0.5 else f"{min(count, 99.4):.0f} of 100 draws"
