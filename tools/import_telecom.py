"""Bring collected tables of the telecom boom (contracts, figures) into a case folder, cleaned.

Usage: python tools/import_telecom.py COLLECTED_FOLDER CASE_FOLDER

Rows of the bankruptcy database that one source licenses as a table stay out; the press, filings and statements stay in.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from import_evidence import read, write
from import_figures import merged_metrics, metric_rows
from import_notes import clean_note

from cardhouse.casebook.entities import ENTITY_COLUMNS
from cardhouse.facts.figures import FIGURE_COLUMNS
from cardhouse.facts.metrics import METRIC_COLUMNS
from cardhouse.facts.relation import RELATION_COLUMNS

LICENSED = "LoPucki"
UNITS = {
    "USD bn": ("usd_bn", 1.0),
    "USD": ("usd", 1.0),
    "USD mn per year": ("usd", 1e6),
    "ratio": ("ratio", 1.0),
    "x": ("ratio", 1.0),
    "sign": ("ratio", 1.0),
    "cents per USD": ("percent", 1.0),
    "count": ("count", 1.0),
    "persons": ("count", 1.0),
    "mn shares": ("count", 1e6),
    "mn miles": ("count", 1e6),
    "miles": ("count", 1.0),
}
KINDS = {
    "vendor_financing_commitment": "vendor_credit",
    "vendor_loan_outstanding": "vendor_credit",
    "trade_credit": "vendor_credit",
    "debt": "loan",
    "credit_line": "loan",
    "claim_purchase": "loan",
    "settlement_offer": "loan",
    "equity_investment": "equity_stake",
    "equity_and_debt_investment": "equity_stake",
    "acquisition": "equity_stake",
    "asset_sale_for_stock": "equity_stake",
    "equity_commitment": "conditional_tranche",
    "guarantee": "guarantee",
    "supply_contract": "purchase_commitment",
    "iru_capacity_purchase": "purchase_commitment",
    "iru_capacity_swap": "purchase_commitment",
    "iru_cost_sharing": "purchase_commitment",
}
# In these kinds the one who pays owes; in all others the collected payer has the claim.
PAYER_OWES = {
    "supply_contract",
    "iru_capacity_purchase",
    "iru_capacity_swap",
    "iru_cost_sharing",
    "equity_commitment",
    "guarantee",
    "asset_sale_for_stock",
    "settlement_offer",
}
# Drawn loans count, the commitments they were drawn from do not; named lenders count, their sum does not.
OVERLAPS = {
    "T001": "t003",
    "T010": "t011",
    "T021": "t022",
    "T036": "t035",
    "T037": "t035",
    "T038": "t035",
    "T039": "t035",
    "T042": "t040; t041",
    "T046": "t044",
}
CANCELLED = {"T043", "T004"}
ENDED = {"acquisition", "claim_purchase", "asset_sale_for_stock"}
SAME = {
    "Qwest Communications": "Qwest",
    "Nortel": "Nortel Networks",
    "Advanced Radio Telecom": "Advanced Radio Telecom Corp",
    "Telsim (state fund TMSF)": "Telsim",
}
VENDORS = (
    "lucent",
    "cisco",
    "nortel",
    "motorola",
    "nokia",
    "alcatel",
    "ericsson",
    "ciena",
    "juniper",
    "corning",
    "jds_uniphase",
    "qualcomm",
    "equipment_vendors",
)
INCUMBENTS = ["verizon", "at_t", "sbc", "bellsouth", "alltel", "centurytel", "sprint", "kpn", "telmex"]
LENDERS = ["bank", "bondholders", "lehman", "j_p_morgan", "chase", "iridium_lenders"]
SPONSORS = ["forstmann", "leucadia", "liberty", "the_williams"]
NOBODY = (
    "market",
    "high_yield",
    "internet_traffic",
    "optical_stocks",
    "sector",
    "public_companies",
    "clecs",
    "dsl_providers",
    "stocks",
)


ROLES = {
    "at_t_latin_america": "leveraged_cloud",
    "kpnqwest": "leveraged_cloud",
    "telecom_equipment_vendors_nine": "chips",
    "swift": "other_firms",
    "undisclosed_customer": "other_firms",
}


def slug(name: str) -> str:
    """Make an identifier of a name.

    >>> slug("AT&T Latin America")
    'at_t_latin_america'
    """
    return re.sub(r"[^a-z0-9]+", "_", SAME.get(name, name).lower()).strip("_")


def role(identifier: str) -> str:
    """Judge the role of an entity by its name: makers of equipment, carriers, lenders, sponsors."""
    if identifier in ROLES:
        return ROLES[identifier]
    tests = (
        (NOBODY, "other"),
        (LENDERS, "lender"),
        (SPONSORS, "equity_sponsor"),
        (VENDORS, "chips"),
        (INCUMBENTS, "platform"),
    )
    for words, found in tests:
        if any(identifier.startswith(word) or (found == "other" and word in identifier) for word in words):
            return found
    return "leveraged_cloud"


def day(text: str) -> str:
    """Read a quarter as its last month; leave dates alone.

    >>> day("2001-Q3"), day("2001-04-18")
    ('2001-09', '2001-04-18')
    """
    found = re.fullmatch(r"(\d{4})-Q([1-4])", text)
    return f"{found[1]}-{int(found[2]) * 3:02d}" if found else text


def relation(row: Mapping[str, str]) -> dict[str, str]:
    """Turn one collected contract into a row of the relations table."""
    kind = KINDS[row["kind"]]
    if row["kind"] == "debt" and row["payer_or_holder"] == "bondholders":
        kind = "bond"
    payer, other = slug(row["payer_or_holder"]), slug(row["counterparty"])
    holder, obligor = (other, payer) if row["kind"] in PAYER_OWES else (payer, other)
    trigger = ""
    if kind == "guarantee":
        holder, trigger = "iridium_lenders", other
    note, tags = clean_note("; ".join(part for part in (row["note"], row["status"]) if part))
    identifier = row["id"].lower()
    amount = row["amount_usd_bn"]
    if row["id"] in OVERLAPS:
        tags.add("overlap")
    if row["kind"] in ENDED:
        tags.add("actual")
    drawn = row["kind"] in {"vendor_loan_outstanding", "trade_credit", "debt", "equity_investment"}
    conditional = kind in {"guarantee", "conditional_tranche"}
    binding = "" if not amount else amount if drawn else "0" if conditional or row["kind"] in ENDED else ""
    unknown = bool(amount) and not binding
    status = "cancelled" if row["id"] in CANCELLED else "completed" if row["kind"] in ENDED else "reported"
    return {
        "id": identifier,
        "kind": kind,
        "holder": holder,
        "obligor": obligor,
        "headline": amount,
        "binding": "0" if status == "cancelled" else binding,
        "binding_low": "0" if unknown and status != "cancelled" else "",
        "binding_high": amount if unknown and status != "cancelled" else "",
        "conditional": amount if conditional else "",
        "percent": "18" if row["id"] == "T047" else "",
        "start": row["start"],
        "end": row["end"],
        "status": status,
        "trigger": trigger,
        "as_of": day(row["as_of"]),
        "basis": "derived" if re.search(r"convert|computed", note) else "reported",
        "tags": " ".join(sorted(tags)),
        "overlap_of": OVERLAPS.get(row["id"], ""),
        "source_title": row["source_title"],
        "source_url": row["source_url"],
        "source_date": day(row["source_date"]),
        "tier": row["confidence"],
        "note": note,
    }


def figure(row: Mapping[str, str], taken: dict[str, int]) -> dict[str, str]:
    """Turn one collected figure into a row of the table of figures."""
    unit, factor = UNITS.get(row["unit"], ("text", 1.0))
    note, tags = clean_note(row["note"])
    words = row["value"] if row["unit"] in {"category", "date"} else f"{row['value']} {row['unit']}"
    stem = f"{slug(row['entity'])}.{row['metric']}.{row['as_of'] or 'undated'}"
    taken[stem] = taken.get(stem, 0) + 1
    tier = {"academic": "secondary"}.get(row["confidence"], row["confidence"])
    return {
        "id": stem if taken[stem] == 1 else f"{stem}-{taken[stem]}",
        "subject": slug(row["entity"]),
        "metric": row["metric"],
        "value": "" if unit == "text" else f"{float(row['value']) * factor:.10g}",
        "text": words if unit == "text" else "",
        "unit": unit,
        "period": row["period"],
        "as_of": row["as_of"],
        "basis": "estimated"
        if tier == "estimate"
        else "derived"
        if re.search(r"convert|computed", note)
        else "reported",
        "tags": " ".join(sorted(tags)),
        "unused": "words" if unit == "text" else "no_opening",
        "source_title": row["source_title"],
        "source_url": row["source_url"],
        "source_date": row["source_date"],
        "tier": tier,
        "note": note,
    }


def entities(names: Mapping[str, str]) -> list[dict[str, str]]:
    """Make the entity table from all names that occur, by identifier."""
    rows = []
    for identifier, name in sorted(names.items()):
        found = role(identifier)
        group = found == "other" or bool(
            re.search(r" and |,|not named|undisclosed|operators|lenders|bondholders", name)
        )
        fields = (identifier, name, found, "", "", "", "yes" if group else "no", "", "")
        rows.append(dict(zip(ENTITY_COLUMNS, fields, strict=True)))
    return rows


def main(collected: Path, case: Path) -> None:
    """Read the collected tables and write those of the case."""
    contracts = read(collected / "telecom_relations.csv")
    figures = [row for row in read(collected / "telecom_firms.csv") if LICENSED not in row["source_title"]]
    figures = [row for row in figures if row["source_url"]]
    names = {slug(row["entity"]): SAME.get(row["entity"], row["entity"]) for row in figures}
    for row in contracts:
        for key in ("payer_or_holder", "counterparty"):
            names.setdefault(slug(row[key]), SAME.get(row[key], row[key]))
    names["iridium_lenders"] = "Lenders of Iridium"
    taken: dict[str, int] = {}
    facts = [figure(row, taken) for row in figures]
    case.mkdir(parents=True, exist_ok=True)
    write(case / "entities.csv", ENTITY_COLUMNS, entities(names))
    write(case / "relations.csv", RELATION_COLUMNS, [relation(row) for row in contracts])
    write(case / "figures.csv", FIGURE_COLUMNS, facts)
    register = Path(__file__).resolve().parent.parent / "src" / "cardhouse" / "facts" / "metrics.csv"
    write(register, METRIC_COLUMNS, merged_metrics(register, metric_rows([facts])))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
