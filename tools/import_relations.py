"""Turning of collected contract rows into the relations table: sides, kinds, and the three amounts."""

from __future__ import annotations

from import_notes import clean_note

WARRANTS = {"meta__amd__warrant", "openai__amd__warrant", "openai__cerebras__warrants", "nvidia__iren__option"}
CONDITIONAL = {"amazon__openai__round2026_tranche2": "a listing of OpenAI or an undisclosed test, by the end of 2028"}
TRIGGERS = {
    "amazon__anthropic__2026_contingent": "commercial milestones, not public",
    "google__anthropic__2026_contingent": "performance milestones, not public",
    "nvidia__anthropic__2025": "a build of 1 GW on Nvidia systems",
    "google__cipher__backstop": "fluidstack",
    "google__hut8__backstop": "fluidstack",
    "google__terawulf__backstop": "fluidstack",
    "google__terawulf_abernathy__backstop": "fluidstack",
    "meta__hyperion_jv__rvg": "beignet_spv",
    "broadcom__tpu_spv__rvg": "anthropic",
    "amd__crusoe__loan_guarantee": "crusoe",
    "nvidia__openai__ohio_guarantee": "openai",
    "nvidia__ai_clouds__lease_guarantees_35": "ai_clouds",
    "nvidia__undisclosed_partner__lease_guarantee": "undisclosed_partner",
    "google__anthropic__credit_wrappers": "anthropic",
}
OVERLAP_OF = {
    "openai__broadcom__phase1": "openai__broadcom__10gw",
    "beignet__blackrock__notes": "beignet__bondholders__notes",
    "beignet__pimco__notes": "beignet__bondholders__notes",
    "softbank__bridge__drawn_20260701": "softbank__banks__bridge_40",
    "tpu_spv__b_notes": "tpu_spv_anthropic__apollo_blackstone__35",
    "amazon__openai__round2026_total": "amazon__openai__round2026_tranche1; amazon__openai__round2026_tranche2",
    "softbank__openai__round2026": (
        "softbank__openai__tranche_apr2026; softbank__openai__tranche_jul2026; softbank__openai__tranche_oct2026"
    ),
    "employees_other__openai__stake": "softbank__openai__stake_2025",
    "google__anthropic__stake_13pct": "google__anthropic__stake_14pct",
    "microsoft__openai__funded_20260331": "microsoft__openai__stake_27pct",
    "softbank__openai__paid_20260701": "softbank__openai__stake_2025",
    "softbank__openai__stake_cumulative": "softbank__openai__stake_2025",
    "anthropic__spacex__colossus_terms": "anthropic__spacex__colossus",
    "openai__amazon__total_138": "openai__amazon__aws_38; openai__amazon__aws_100",
    "openai__microsoft__commitment_280": "openai__microsoft__azure_250",
    "openai__microsoft__rpo_share_2026q1": "openai__microsoft__azure_250",
    "openai__oracle__300_first_report": "openai__oracle__300",
}
SUPERSEDED_BY = {
    "nvidia__suppliers__commit_2025q3": "nvidia__suppliers__commit_2026q1",
    "softbank__margin_loan__april2026": "softbank__margin_loan__may2026",
    "softbank__margin_loan__may2026": "softbank__margin_loan__july2026",
    "spacex_xai__bank_lenders__18": "spacex_xai__bridge_lenders__20; spacex__bondholders__2026_25",
    "nvidia__openai__loi_100": "nvidia__openai__round2026",
    "nvidia__undisclosed_partner__lease_guarantee": "nvidia__ai_clouds__lease_guarantees_35",
    "oracle__landlords__lease_43": "oracle__landlords__lease_248",
    "openai__cerebras__january_2026": "openai__cerebras__20",
    "spacex__cursor__compute_and_fee": "spacex__cursor__acquisition",
    "spacex_xai__bridge_lenders__20": "spacex__bondholders__2026_25",
}
# Public on these days; the pages that were seen are dated later, or by month only.
KNOWN_ON = {
    "amazon__anthropic__invested_to_2025": "2025-12-31",
    "mandatory_holders__oracle__2026_5": "2026-02-05",
    "meta__coreweave__2025": "2025-09-30",
    "meta__nebius__2025": "2025-11-30",
    "nvidia__coreweave__backstop_63": "2025-09-30",
    "openai__cerebras__january_2026": "2026-01-14",
    "oracle__bondholders__2026_25": "2026-02-02",
    "other_investors__anthropic__series_g": "2026-02-12",
    "public_shareholders__oracle__atm_20": "2026-02-05",
    "softbank__openai__stake_2025": "2026-02-12",
    "spacex_xai__bank_lenders__18": "2026-02-12",
}
PAYER_IS_HOLDER = {"equity_stake", "warrant"}
BOND_WORDS = ("bond", "notes", "convertible", "spv__b_notes")
UNBINDING = {"rumoured", "letter_of_intent", "cancelled"}


def instrument_kind(row: dict[str, str]) -> str:
    """Name the kind of instrument that a collected row describes."""
    kind = row["kind"]
    if kind == "equity_commitment":
        if row["id"] in WARRANTS:
            return "warrant"
        conditional = row["amount_low"] in {"0", "0.0"} or row["id"] in CONDITIONAL
        return "conditional_tranche" if conditional else "equity_commitment"
    if kind == "debt":
        if row["counterparty"] == "oem_vendors" or row["id"] in {
            "cerebras__openai__loan",
            "google__nexus__construction_loan",
        }:
            return "vendor_credit"
        text = f"{row['id']} {row['counterparty']}"
        return "bond" if any(word in text for word in BOND_WORDS) else "loan"
    return {"chip_supply": "chip_order"}.get(kind, kind)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _show(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _triple(value: float | None, low: float | None, high: float | None) -> tuple[str, str, str]:
    return _show(value), _show(low), _show(high)


def binding_part(kind: str, row: dict[str, str]) -> tuple[str, str, str]:
    """Return what would have to be paid whatever happens, as figure and range; empty cells mean unknown."""
    value, low, high = (_number(row[key]) for key in ("amount_usd_bn", "amount_low", "amount_high"))
    if value is None and low is None and high is None:
        return "", "", ""
    top = max(number for number in (value, low, high) if number is not None)
    nothing = kind in {"warrant", "conditional_tranche", "guarantee", "customer_revenue"} or row["status"] in UNBINDING
    if nothing or "[valuation]" in row["note"] or "[actual]" in row["note"]:
        return "0", "", ""
    firm_by_kind = kind in {"equity_stake", "loan", "bond", "vendor_credit", "equity_commitment", "lease"}
    if row["status"] == "completed" and kind in {"chip_order", "purchase_commitment"}:
        return "0", "", ""
    if firm_by_kind and row["status"] in {"signed", "completed"}:
        return _triple(value, low, high)
    return "", _show(low or 0.0), _show(top)


def conditional_part(kind: str, row: dict[str, str]) -> tuple[str, str, str]:
    """Return what depends on a condition, as figure and range."""
    if kind in {"conditional_tranche", "guarantee", "warrant"} and row["status"] not in UNBINDING:
        return _triple(*(_number(row[key]) for key in ("amount_usd_bn", "amount_low", "amount_high")))
    return "", "", ""


def relation_row(row: dict[str, str]) -> dict[str, str]:
    """Turn one collected row into a row of the relations table."""
    kind = instrument_kind(row)
    note, tags = clean_note(row["note"])
    sides = (row["payer_or_holder"], row["counterparty"])
    holder, obligor = sides if kind in PAYER_IS_HOLDER else sides[::-1]
    binding, conditional = binding_part(kind, row), conditional_part(kind, row)
    computed = "computed" in note or "converted at" in note
    basis = "estimated" if row["confidence"] == "estimate" else "derived" if computed else "reported"
    if "forecast" in note and "not a reported result" in note:
        basis = "guided"
    return {
        "id": row["id"],
        "kind": kind,
        "holder": holder,
        "obligor": obligor,
        "headline": row["amount_usd_bn"],
        "headline_low": row["amount_low"],
        "headline_high": row["amount_high"],
        "binding": binding[0],
        "binding_low": binding[1],
        "binding_high": binding[2],
        "conditional": conditional[0],
        "conditional_low": conditional[1],
        "conditional_high": conditional[2],
        "percent": row["percent"],
        "start": row["start"],
        "end": row["end"],
        "status": row["status"],
        "trigger": TRIGGERS.get(row["id"], CONDITIONAL.get(row["id"], "")),
        "take_or_pay_share": "",
        "as_of": row["as_of"],
        "known_on": KNOWN_ON.get(row["id"], ""),
        "basis": basis,
        "tags": " ".join(sorted(tags)),
        "overlap_of": OVERLAP_OF.get(row["id"], ""),
        "superseded_by": SUPERSEDED_BY.get(row["id"], ""),
        "source_title": row["source_title"],
        "source_url": row["source_url"],
        "source_date": row["source_date"],
        "tier": row["confidence"],
        "note": note,
    }


def earlier_states(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows for contracts whose collected row shows only how they ended, as they stood before.

    They are no new evidence: same page, same amount; without them the world of an earlier day would lack them.
    """
    (ended,) = (row for row in rows if row["id"] == "nvidia__openai__loi_100")
    before = {
        "id": "nvidia__openai__loi_100.before",
        "status": "letter_of_intent",
        "end": "",
        "as_of": "2025-09-22",
        "known_on": "2025-09-22",
        "superseded_by": "nvidia__openai__loi_100",
        "note": "state before 20 February 2026: letter of intent of September 2025, up to 10 per gigawatt",
    }
    return [ended | before]
