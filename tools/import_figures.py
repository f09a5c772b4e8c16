"""Turning of collected figures into the tables of figures and into the register of measures."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from import_entities import AGENT_OF
from import_notes import clean_note

ACCOUNT_WORDS = (
    "revenue",
    "capex",
    "net_income",
    "operating_income",
    "cash",
    "debt",
    "flow",
    "rpo",
    "ebitda",
    "margin",
    "inventory",
    "receivable",
    "property",
    "interest",
    "commitments",
    "depreciation",
    "burn",
    "expense",
    "ppe",
    "leverage",
    "ltv",
    "deferred",
    "altman",
    "shareholder_returns",
    "unrealized",
    "other_income",
    "assets",
)
SIGNED_WORDS = (
    "change",
    "income",
    "flow",
    "net_",
    "margin",
    "burn",
    "hit",
    "drawdown",
    "decline",
    "gain",
    "growth",
    "yield",
)
OUTLOOK_WORDS = ("guidance", "forecast", "target", "plan", "required", "planned")
EVENT_WORDS = ("change_event", "drawdown", "index_change", "52w", "market_value_lost", "price_change", "spread_change")
FIRST_PUBLISHED = {
    ("coreweave", "2025-12-31"): "2026-02-26",
    ("nvidia", "2026-01-25"): "2026-02-25",
    ("softbank", "2025-12-31"): "2026-02-12",
}
BASE_DAYS = {"2025-12-31", "2026-03-31", "2026-01-25", "2026-04-26", "2025-11-30", "2026-02-28"}
OPENING_MEASURES = {
    "revenue",
    "revenue_ai",
    "revenue_cloud",
    "cash_and_securities",
    "total_debt",
    "debt_due",
    "capex",
    "interest_expense",
    "operating_cash_flow",
    "free_cash_flow",
    "cash_burn",
    "market_cap",
    "private_valuation",
    "rpo_backlog",
    "purchase_commitments",
    "lease_commitments_not_commenced",
    "property_plant_equipment",
    "operating_income",
    "active_power",
    "users_weekly",
    "users_monthly",
    "users_paying",
    "sp500_weight",
    "commitments_total",
}
# Arithmetic that the remark of a derived row spells out: amounts in other currencies, ratios, differences.
FORMULAS = {
    "amazon.bond_issuance.2026-03-16": "14.473 * 1.16",
    "amazon.total_debt.2025-12-31": "23.20 * 7.70",
    "apple.capex.2025-09-27": "111.5 - 98.8",
    "institutional_investors_nl.magnificent_7_holdings.2025-07-31": "95 * 1.175",
    "institutional_investors_nl.tech_stock_holdings.2025-07-31": "200 * 1.175",
    "mistral.private_valuation.2025-09-09": "11.7 * 1.17",
    "sk_hynix.market_cap.2026-02-20": "655240 / 1450",
    "softbank.cash_and_securities.2025-12-31": "3800 / 157",
    "softbank.cash_and_securities.2026-03-31": "5362 / 158",
    "softbank.commercial_paper.2025-09-30": "190.5 / 148",
    "softbank.debt_due.2025-09-30": "626.7 / 148",
    "softbank.debt_due.2025-09-30-2": "388.8 / 148",
    "softbank.debt_due.2025-09-30-3": "367.1 / 148",
    "softbank.debt_due.2025-09-30-4": "928.2 / 148",
    "softbank.debt_due.2025-09-30-5": "613.9 / 148",
    "softbank.debt_due.2026-03-31": "7252 / 158",
    "softbank.net_income.2026-03-31-2": "1829 / 154",
    "sp500.market_cap.undated": "7900 / 0.134",
}
PERCENT_SHARES = ("share", "weight", "concentration", "adoption", "usage", "utilization", "ltv")


def is_account(metric: str) -> bool:
    """Tell whether a measure is an account of a period, published after the period has ended."""
    outlook = any(word in metric for word in (*OUTLOOK_WORDS, "raised", "price", "facility", "run_rate"))
    return not outlook and any(word in metric for word in ACCOUNT_WORDS)


def _basis(row: Mapping[str, str], note: str) -> str:
    if any(word in row["metric"] for word in OUTLOOK_WORDS):
        return "guided"
    if re.search(r"\b(derived|computed|converted)\b", note):
        return "derived"
    return "estimated" if row["confidence"] == "estimate" else "reported"


def _parts(row: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Split the value into figure, low, high, words."""
    if row["unit"] == "text":
        return "", "", "", row["value"]
    found = re.fullmatch(r"([\d.]+)-([\d.]+)", row["value"])
    return ("", found[1], found[2], "") if found else (row["value"], "", "", "")


def figure_rows(rows: Iterable[dict[str, str]], taken: dict[str, int]) -> list[dict[str, str]]:
    """Turn collected rows into rows of a table of figures; identifiers already taken get a number."""
    result = []
    for row in rows:
        note, tags = clean_note(row["note"])
        if re.search(r"superseded by", note):
            tags.add("superseded")
        if row["metric"] == "total_debt" and re.search(r"includes (operating )?leases", note):
            tags.add("other_definition")
        stem = f"{row['entity']}.{row['metric']}.{row['as_of'] or 'undated'}"
        taken[stem] = taken.get(stem, 0) + 1
        value, low, high, text = _parts(row)
        if taken[stem] > 1 and re.search(r"one fact|one event|same event", note):
            tags.add("overlap")
        stated = (
            FIRST_PUBLISHED.get((row["entity"], row["as_of"]), "")
            if is_account(row["metric"]) or "loan" in row["metric"]
            else ""
        )
        identifier = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
        result.append(
            {
                "id": identifier,
                "subject": row["entity"],
                "metric": row["metric"],
                "value": value,
                "low": low,
                "high": high,
                "text": text,
                "unit": row["unit"],
                "period": row["period"],
                "as_of": row["as_of"],
                "known_on": stated if row["source_date"] in {"", "2026-02-14"} else "",
                "basis": _basis(row, note),
                "tags": " ".join(sorted(tags)),
                "unused": "",
                "formula": FORMULAS.get(identifier, ""),
                "inputs": "",
                "source_title": row["source_title"],
                "source_url": row["source_url"],
                "source_date": row["source_date"],
                "tier": row["confidence"],
                "note": note,
            }
        )
    return result


def mark_unused(rows: list[dict[str, str]], used: set[str]) -> None:
    """Give every row that no opening figure rests on a typed reason."""
    used_measures = {(row["subject"], row["metric"]) for row in rows if row["id"] in used}
    used_dates = {(row["subject"], row["metric"], row["as_of"]) for row in rows if row["id"] in used}
    for row in rows:
        if row["id"] not in used:
            row["unused"] = _reason(row, used_measures, used_dates)


def _reason(row: dict[str, str], used_measures: set[tuple[str, str]], used_dates: set[tuple[str, str, str]]) -> str:
    subject, metric = row["subject"], row["metric"]
    tests = (
        (row["unit"] == "text", "words"),
        (any(word in metric for word in EVENT_WORDS), "event"),
        ((subject, metric, row["as_of"]) in used_dates, "other_source"),
        ((subject, metric) in used_measures, "other_date"),
        (row["basis"] == "guided", "forecast"),
        (_states_opening(row) and row["as_of"] in BASE_DAYS, "other_source"),
        (_states_opening(row), "other_date"),
        (subject in AGENT_OF, "finer_than_model"),
        (not _is_context(subject), "outside_model"),
    )
    return next((reason for holds, reason in tests if holds), "context")


def _states_opening(row: dict[str, str]) -> bool:
    return AGENT_OF.get(row["subject"]) == row["subject"] and row["metric"] in OPENING_MEASURES


def _is_context(subject: str) -> bool:
    prefixes = (
        "gpu",
        "us_",
        "data_cent",
        "hyperscalers",
        "magnificent",
        "ai_",
        "telecom",
        "sp500",
        "wealth",
        "electricity",
        "hbm",
        "api_",
        "enterprise_ai",
        "consumer_ai",
        "dotcom",
        "msci",
        "nasdaq",
        "private_credit",
        "households_us",
    )
    return subject.startswith(prefixes)


def metric_rows(tables: Iterable[Iterable[dict[str, str]]]) -> list[dict[str, str]]:
    """Collect the register of measures from the rows of all tables of figures."""
    units: dict[str, set[str]] = defaultdict(set)
    negative: set[str] = set()
    largest: dict[str, float] = {}
    for table in tables:
        for row in table:
            units[row["metric"]].add(row["unit"])
            numbers = [float(row[key]) for key in ("value", "low", "high") if row.get(key)]
            if any(number < 0 for number in numbers):
                negative.add(row["metric"])
            largest[row["metric"]] = max([largest.get(row["metric"], 0.0), *numbers])
    result = []
    for metric in sorted(units):
        signed = metric in negative or any(word in metric for word in SIGNED_WORDS)
        share = "percent" in units[metric] and any(word in metric for word in PERCENT_SHARES) and largest[metric] <= 100
        result.append(
            {
                "metric": metric,
                "units": " ".join(sorted(units[metric])),
                "signed": "yes" if signed else "no",
                "account": "yes" if is_account(metric) else "no",
                "maximum": "100" if share else "",
            }
        )
    return result


def merged_metrics(path: Path, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Add measures to the register; a measure that is there keeps its sign and limit and gains units."""
    with path.open(encoding="utf-8", newline="") as file:
        known = {row["metric"]: row for row in csv.DictReader(file)}
    for row in rows:
        there = known.setdefault(row["metric"], row)
        there["units"] = " ".join(sorted({*there["units"].split(), *row["units"].split()}))
        there["signed"] = "yes" if "yes" in {there["signed"], row["signed"]} else "no"
    return [known[name] for name in sorted(known)]
