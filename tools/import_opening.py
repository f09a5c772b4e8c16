"""Turning of a collected opening balance into the opening table: references, machine formulas, vintage."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from import_notes import clean_note

from cardhouse.facts.derivation import Cells, FormulaError

DEBTOR_CLASSES = {
    "platforms": "microsoft alphabet amazon meta",
    "chips": "nvidia other_silicon",
    "leveraged_clouds": "oracle coreweave other_neoclouds",
    "vehicles": "vehicles_oracle vehicles_meta vehicles_xai vehicles_coreweave",
    "labs": "openai anthropic xai other_labs",
    "softbank": "softbank",
}
BUILDERS = ("microsoft", "alphabet", "amazon", "meta", "oracle", "coreweave", "other_neoclouds", "xai")
BALANCE = (
    "equity_book + debt_total + lease_liabilities - cash - strategic_stakes_book - construction_in_progress"
    " - chips_book - shells_book - other_property_book"
)
CANDIDATES: dict[str, tuple[str, ...]] = {
    "other_property_book": ("ppe_total - construction_in_progress - chips_book - shells_book",),
    "other_net_assets": (BALANCE,),
    "strategic_stakes_market_value": ('holdings("stake_in_*", "market_value")',),
    "ai_equity_held_total": ('holdings("stake_in_*", "market_value")',),
    "interest_rate": (
        "400 * interest_expense_quarter / debt_total",
        "400 * interest_expense_quarter / debt_consolidated",
    ),
    "interest_expense_quarter": ("interest_rate * debt_total / 400",),
    "backlog_received_total": ('sum("backlog_received_from_*")',),
    "purchase_commitments_given_total": ('sum("commitment_given_to_*")',),
    "other_assets": (
        "total_assets - cash - ai_equity_held_total",
        "total_assets - cash - ai_debt_held_total",
        "total_assets - cash",
    ),
    "other_liabilities": ("total_assets - debt_total - equity_book",),
    "claims_of_savers_and_others": ("total_assets - equity_book",),
    "equity_book": ("total_assets - debt_total",),
    "ppe_total": ("debt_total + equity_book - cash",),
    "undrawn_committed_lines": ("debt_committed - debt_total",),
    "market_value": ("equity_book",),
    "debt_total": ("debt_consolidated - vehicles_coreweave.debt_total",),
    "under_construction_gw_total": ('sum("under_construction_gw_due_*")',),
    "strategic_stakes_book": ("vehicles_coreweave.equity_book",),
    "paying_share": ("openai.paying_users_million / openai.users_million",),
    "adoption_production_y": ("4 * ai_enterprise_spend_quarter / 1000 - 0.15 * adoption_pilots_x",),
    "sector_capex_quarter": (" + ".join(f"{firm}.capex_quarter" for firm in BUILDERS),),
}
# Two cells that follow from one another: the collected reason says which way the arithmetic went.
REASONS = {
    "interest_rate": "interest_expense_quarter / debt",
    "interest_expense_quarter": "interest_rate x debt_total",
    "backlog_received_total": "sum of the pair rows",
}


# Collected as reported, yet they are arithmetic on what the source states.
RECLASSIFIED = {
    ("oracle", "outside_funding_next_quarter", "2025Q4"): "25 + 5",
    ("xai", "burn_quarter", "2025Q4"): "3 * 1",
    ("amazon", "revenue_ai_quarter", "2026Q1"): "15 / 4",
    ("anthropic", "strategic_funding_next_quarter", "2026Q1"): "5 + 10",
}


class References:
    """Finds the new identifiers of the rows that an old reference names."""

    def __init__(self) -> None:
        self._rows: dict[str, list[str]] = defaultdict(list)

    def add(self, table: str, old: Iterable[dict[str, str]], new: Iterable[dict[str, str]]) -> None:
        """Enter the rows of one table before and after."""
        for before, after in zip(old, new, strict=True):
            key = before["id"] if "id" in before else f"{before['entity']}.{before['metric']}@{before['as_of']}"
            self._rows[f"{table}:{key}"].append(after["id"])

    def resolve(self, text: str) -> list[str]:
        """Return the new identifiers of a cell of old references."""
        found: list[str] = []
        for name in (part.strip() for part in text.split(";")):
            if name:
                found += [item for item in self._rows[name] if item not in found]
        return found


def source_tier(title: str, references: list[str]) -> str:
    """Judge the tier of a page by its title; empty when the cell rests on rows that carry their own tier."""
    if references or not title:
        return ""
    text = title.lower()
    if re.search(r"10-[qk]|8-k|s-1|\bfiling\b|court papers", text):
        return "filing"
    if re.search(r"briefing|announces|press release|results \(", text):
        return "company_statement"
    return "major_press" if re.search(r"\(?(reuters|bloomberg|cnbc|ft|wsj)\b", text) else "secondary"


def opening_rows(rows: Iterable[dict[str, str]], references: References) -> list[dict[str, str]]:
    """Turn collected opening rows into rows of the opening table, without formulas and vintage."""
    result = []
    for row in rows:
        reason, _ = clean_note(row["formula_or_reason"])
        facts = references.resolve(row["fact_refs"])
        own = row["source_title"].startswith("cardhouse")
        title, address, date = ("", "", "") if own else (row["source_title"], row["source_url"], row["source_date"])
        words = row["unit"] == "text"
        arithmetic = RECLASSIFIED.get((row["agent"], row["item"], row["quarter"]), "")
        result.append(
            {
                "agent": row["agent"],
                "item": row["item"],
                "quarter": row["quarter"],
                "value": "" if words else row["value"],
                "low": row["low"],
                "high": row["high"],
                "text": row["value"] if words else "",
                "unit": row["unit"],
                "basis": "derived" if arithmetic else row["basis"],
                "formula": arithmetic,
                "reason": reason,
                "fact_refs": "; ".join(facts),
                "vintage": "",
                "source_title": title,
                "source_url": address,
                "source_date": date,
                "tier": source_tier(title, facts),
            }
        )
    return result


def spell_out_same(rows: list[dict[str, str]]) -> None:
    """Replace the reason ``same`` by the reason of the same item a quarter earlier."""
    reasons = {(row["agent"], row["item"], row["quarter"]): row["reason"] for row in rows}
    for row in rows:
        if row["reason"] == "same":
            row["reason"] = reasons.get((row["agent"], row["item"], "2025Q4"), "") or "as a quarter earlier"


def _candidates(row: Mapping[str, str], owners: Mapping[str, list[str]]) -> Iterable[str]:
    agent, item = row["agent"], row["item"]
    for old, new in (
        ("backlog_received_from_", "commitment_given_to_"),
        ("backlog_binding_from_", "commitment_binding_to_"),
    ):
        if item.startswith(old) and item != "backlog_received_from_outside":
            yield f"{item.removeprefix(old)}.{new}{agent}"
    if item.startswith("ai_debt_held_"):
        group = item.removeprefix("ai_debt_held_")
        debtors = DEBTOR_CLASSES.get(group, " ".join(DEBTOR_CLASSES.values())).split()
        yield f'held("debt_held_by_{agent}", {debtors})'
    if item.startswith("stake_in_") and row["reason"].startswith("remainder"):
        yield "100 - " + " - ".join(f"{other}.{item}" for other in owners[item] if other != agent)
    wording = REASONS.get(item)
    if wording is None or wording in row["reason"]:
        yield from CANDIDATES.get(item, ())
    text = row["reason"].split(";")[0]
    numeric = re.sub(r"(?<=\d),(?=\d)", "", text).replace(" x ", " * ")
    if re.fullmatch(r"[\d.\s*/+()\-]+", numeric) and re.search(r"[*/+\-]", numeric.strip(" -")):
        yield numeric.strip()
        yield f"100 * ({numeric.strip()})"


def _fits(value: float, computed: float) -> bool:
    return abs(value - computed) <= 0.004 * abs(value) + 0.006


def add_formulas(rows: list[dict[str, str]], quarter: str) -> int:
    """Give a machine formula to every derived row of a quarter that one reproduces; return how many there are."""
    mine = [row for row in rows if row["quarter"] == quarter]
    items: dict[str, dict[str, float | None]] = defaultdict(dict)
    owners: dict[str, list[str]] = defaultdict(list)
    for row in mine:
        items[row["agent"]][row["item"]] = float(row["value"]) if row["value"] else None
        owners[row["item"]].append(row["agent"])
    found = 0
    for row in mine:
        if row["basis"] != "derived" or row["formula"] or not row["value"]:
            continue
        for candidate in _expanded(_candidates(row, owners), items):
            try:
                computed = Cells(items, {(row["agent"], "__new__"): candidate}).value(row["agent"], "__new__")
            except FormulaError:
                continue
            if f"{row['agent']}.{row['item']}" not in candidate and _fits(float(row["value"]), computed):
                row["formula"] = candidate
                found += 1
                break
    return found


def _expanded(candidates: Iterable[str], items: Mapping[str, Mapping[str, float | None]]) -> Iterable[str]:
    for candidate in candidates:
        held = re.fullmatch(r'held\("(\w+)", \[(.*)\]\)', candidate)
        if held is None:
            yield candidate
            continue
        debtors = [name.strip("' ") for name in held[2].split(",")]
        terms = [f"{name}.{held[1]}" for name in debtors if held[1] in items[name]]
        if terms:
            yield " + ".join(terms)


def outside_backlog(rows: list[dict[str, str]], quarter: str) -> None:
    """Write the backlog owed by outsiders as total less the pairs inside the model."""
    for row in rows:
        pairwise = row["item"] == "backlog_received_from_outside" and "pairs inside" in row["reason"]
        if row["quarter"] == quarter and pairwise:
            pairs = [
                other["item"]
                for other in rows
                if other["quarter"] == quarter
                and other["agent"] == row["agent"]
                and other["item"].startswith("backlog_received_from_")
                and other["item"] != row["item"]
            ]
            row["formula"] = "backlog_received_total - " + " - ".join(pairs)


def lender_remainder(rows: list[dict[str, str]], quarter: str) -> None:
    """Write the debt held by bond funds as the debt less what the other lenders hold."""
    for row in rows:
        if row["quarter"] == quarter and row["item"] == "debt_held_by_bond_funds" and row["basis"] == "derived":
            others = [
                other["item"]
                for other in rows
                if other["quarter"] == quarter
                and other["agent"] == row["agent"]
                and other["item"].startswith("debt_held_by_")
                and other["item"] != row["item"]
            ]
            row["formula"] = "debt_total - " + " - ".join(others)
