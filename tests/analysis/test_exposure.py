"""The table by hand on a small network, and against published figures on the packaged case."""

import dataclasses
import datetime as dt
import json

import pytest
from tests.network.builders import cell, contract, ring

from cardhouse.analysis.exposure import Claim, ExposureTable, HolderSize, exposure_table
from cardhouse.analysis.exposure_document import exposure_document
from cardhouse.analysis.exposure_sizes import sizes_from_facts
from cardhouse.basics.errors import NetworkError
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case
from cardhouse.network.dollars import Dollars
from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, Status, Tag

K = InstrumentKind


def total(table: ExposureTable, holder: str, claim: Claim) -> Dollars:
    (found,) = (row for row in table.totals if (row.holder, row.claim) == (holder, claim))
    return found.headline


def test_every_claim_on_the_lab_of_the_ring():
    table = exposure_table(ring(), "lab")
    found = {(row.holder, row.claim): row.headline.value for row in table.totals}
    assert found == {("cloud", Claim.BACKLOG): 12.0, ("maker", Claim.STAKE): 10.0}


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        (K.LOAN, Claim.DEBT),
        (K.BOND, Claim.DEBT),
        (K.VENDOR_CREDIT, Claim.DEBT),
        (K.LEASE, Claim.LEASE),
        (K.CHIP_ORDER, Claim.BACKLOG),
        (K.PURCHASE_COMMITMENT, Claim.BACKLOG),
        (K.EQUITY_STAKE, Claim.STAKE),
        (K.EQUITY_COMMITMENT, Claim.PROMISED_CAPITAL),
        (K.CONDITIONAL_TRANCHE, Claim.PROMISED_CAPITAL),
        (K.REVENUE_SHARE, Claim.REVENUE_SHARE),
        (K.WARRANT, Claim.WARRANT),
        (K.GUARANTEE, Claim.GUARANTEE_LOST),
        (K.CUSTOMER_REVENUE, Claim.SALES),
    ],
)
def test_every_kind_of_contract_is_a_claim_of_its_holder(kind: InstrumentKind, claim: Claim):
    table = exposure_table(ring(contract("x", kind, "bank", "lab", 5.0)), "lab")
    assert total(table, "bank", claim).value == 5.0


def test_a_guarantee_is_called_by_the_failure_of_the_firm_it_names():
    row = contract("g", K.GUARANTEE, "bank", "maker", 6.0, trigger="cloud")
    assert total(exposure_table(ring(row), "cloud"), "maker", Claim.GUARANTEE_CALLED).value == 6.0
    assert Claim.GUARANTEE_CALLED not in {found.claim for found in exposure_table(ring(row), "lab").totals}


REPEATS = {
    "overlap": contract("x", K.PURCHASE_COMMITMENT, "cloud", "lab", 99.0, tags=frozenset({Tag.OVERLAP})),
    "aggregate": contract("x", K.PURCHASE_COMMITMENT, "cloud", "lab", 99.0, tags=frozenset({Tag.AGGREGATE})),
    "superseded": contract("x", K.PURCHASE_COMMITMENT, "cloud", "lab", 99.0, tags=frozenset({Tag.SUPERSEDED})),
    "rumoured": contract("x", K.PURCHASE_COMMITMENT, "cloud", "lab", 99.0, status=Status.RUMOURED),
    "ended 2026-02-01": contract("x", K.PURCHASE_COMMITMENT, "cloud", "lab", 99.0, end=dt.date(2026, 2, 1)),
    "sales under a contract of the same pair": contract("x", K.CUSTOMER_REVENUE, "cloud", "lab", 99.0),
    "a share, no amount": contract("x", K.REVENUE_SHARE, "cloud", "lab", None, share_percent=20.0),
}


@pytest.mark.parametrize("reason", sorted(REPEATS))
def test_a_row_that_must_not_be_added_is_listed_with_its_reason(reason: str):
    table = exposure_table(ring(REPEATS[reason]), "lab")
    assert total(table, "cloud", Claim.BACKLOG).value == 12.0
    listed = {row.instrument.id: row.left_out for found in table.totals for row in found.rows}
    assert listed["x"] == reason


def test_a_stake_does_not_end_when_its_payment_does():
    row = contract("x", K.EQUITY_STAKE, "bank", "lab", 4.0, end=dt.date(2025, 12, 31))
    assert total(exposure_table(ring(row), "lab"), "bank", Claim.STAKE).value == 4.0


def test_views_stay_apart_and_unknown_amounts_leave_no_upper_end():
    rows: list[Instrument] = [
        contract("x", K.PURCHASE_COMMITMENT, "cloud", "lab", 8.0, binding=Amount(3.0), conditional=Amount(5.0)),
        contract("y", K.PURCHASE_COMMITMENT, "cloud", "lab", None),
    ]
    (found,) = (row for row in exposure_table(ring(*rows), "lab").totals if row.holder == "cloud")
    assert found.headline == Dollars(20.0, 20.0, None)
    assert found.binding == Dollars(15.0, 15.0, None)
    assert found.conditional == Dollars(5.0, 5.0, None)


def test_claims_are_set_against_the_size_of_the_holder():
    balances = {"cloud": {"market_value": cell(48.0), "equity_book": cell(-1.0)}, "lab": {"market_value": cell(50.0)}}
    snapshot = dataclasses.replace(ring(), balances=balances)
    sizes = {"maker": HolderSize(market_value=cell(40.0)), "cloud": HolderSize(market_value=cell(1.0))}
    rows = {row.holder: row for row in exposure_table(snapshot, "lab", sizes).totals}
    assert rows["cloud"].relative_to(rows["cloud"].size.market_value) == 0.25
    assert rows["cloud"].relative_to(rows["cloud"].size.book_equity) is None
    assert rows["maker"].relative_to(rows["maker"].size.market_value) == 0.25
    assert rows["maker"].relative_to(rows["maker"].size.book_equity) is None


def test_assumed_figures_do_not_enter():
    assumed = cell(48.0, 1.0, 99.0, basis="assumed")
    balances = {
        "cloud": {"market_value": assumed, "stake_in_lab": cell(5.0, 1.0, 9.0, unit="percent", basis="assumed")},
        "maker": {"stake_in_lab": cell(20.0, unit="percent")},
        "lab": {"market_value": cell(50.0), "debt_total": assumed},
    }
    table = exposure_table(dataclasses.replace(ring(), balances=balances), "lab")
    assert all(row.size.market_value is None for row in table.totals)
    assert [(row.holder, row.value) for row in table.stakes_at_value] == [("maker", 10.0)]
    assert table.coverage == ()


def test_reported_totals_stand_beside_what_is_named():
    balances = {"cloud": {"debt_total": cell(8.0)}}
    (row,) = exposure_table(dataclasses.replace(ring(), balances=balances), "cloud").coverage
    assert (row.item, row.reported.value, row.named.value) == ("debt_total", 8.0, 3.0)


def test_an_unknown_firm_is_refused():
    with pytest.raises(NetworkError, match=r"no entity 'lap' .*did you mean 'lab'"):
        exposure_table(ring(), "lap")


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("ai_2026")


@pytest.fixture(scope="module")
def tables(case: Case) -> dict[str, ExposureTable]:
    sizes = sizes_from_facts(case.register)
    return {name: exposure_table(case.snapshot, name, sizes) for name in ("openai", "oracle", "coreweave", "anthropic")}


# Figures as their sources state them, each with the page or filing that it is known from.
PUBLISHED = [
    ("openai", "oracle", Claim.BACKLOG, 300.0),  # cloud contract of 4.5 GW, valued by Oracle over its life
    ("openai", "microsoft", Claim.BACKLOG, 250.0),  # Microsoft 10-Q for September 2025, subsequent event
    ("openai", "amazon", Claim.BACKLOG, 138.0),  # 38 of November 2025 plus 100 of February 2026
    ("openai", "coreweave", Claim.BACKLOG, 22.4),  # 11.9 + 4.0 + 6.5, announced by September 2025
    ("openai", "cerebras", Claim.BACKLOG, 20.0),  # "more than 20", Cerebras prospectus of April 2026
    ("openai", "softbank", Claim.STAKE, 54.6),  # 34.6 to 2025 plus two tranches of 10, SoftBank July 2026
    ("openai", "microsoft", Claim.STAKE, 13.0),  # total funding commitment, Microsoft 10-Q
    ("openai", "microsoft", Claim.REVENUE_SHARE, 38.0),  # cap through 2030, reported May 2026
    ("oracle", "data_centre_landlords", Claim.LEASE, 248.0),  # leases not yet started, Oracle 10-Q November 2025
    ("oracle", "bondholders", Claim.DEBT, 43.0),  # 18 of September 2025 plus 25 of February 2026
    ("oracle", "mandatory_convertible_holders", Claim.STAKE, 5.0),  # mandatory convertible preferred, February 2026
    ("coreweave", "nvidia", Claim.STAKE, 2.35),  # 0.35 before 2026 plus 2 in January 2026
    ("coreweave", "convertible_holders", Claim.DEBT, 5.25),  # 2.25 due 2031 plus 3 due 2032
    ("coreweave", "bondholders", Claim.DEBT, 5.0),  # senior notes of 2, 1.75 and 1.25
    ("coreweave", "ddtl_lenders", Claim.DEBT, 4.954),  # DDTL 2.0 outstanding, CoreWeave 10-Q June 2025
    ("coreweave", "oem_vendors", Claim.DEBT, 1.728),  # vendor financing outstanding, same filing
    ("coreweave", "galaxy_digital", Claim.LEASE, 15.0),  # Helios, 15 years
    ("anthropic", "broadcom", Claim.GUARANTEE_CALLED, 31.0),  # support of the senior tranches of the chip vehicle
]


@pytest.mark.parametrize(("firm", "holder", "claim", "figure"), PUBLISHED)
def test_the_table_gives_the_published_figure(
    tables: dict[str, ExposureTable], firm: str, holder: str, claim: Claim, figure: float
):
    value = total(tables[firm], holder, claim).value
    assert value == pytest.approx(figure, rel=1e-12)


def test_every_row_of_the_packaged_case_has_a_source_and_a_fact(tables: dict[str, ExposureTable], case: Case):
    rows = [row.instrument for table in tables.values() for found in table.totals for row in found.rows]
    assert len(rows) > 80
    for row in rows:
        assert row.sources, row.id
        assert row.sources[0].title, row.id
        assert row.fact_ids[0] in case.register


def test_a_firm_outside_the_opening_balance_has_its_newest_market_value(tables: dict[str, ExposureTable]):
    (row,) = (row for row in tables["openai"].totals if (row.holder, row.claim) == ("amd", Claim.BACKLOG))
    assert row.size.market_value is not None
    assert row.size.market_value.value == 742.0
    assert row.size.market_value.fact_ids == ("amd.market_cap.2026-05-12",)


def test_the_world_of_february_has_no_contract_of_april():
    before = load_case("ai_2026", dt.date(2026, 2, 13))
    table = exposure_table(before.snapshot, "openai")
    listed = {row.instrument.id for found in table.totals for row in found.rows}
    assert "openai__cerebras__january_2026" in listed
    assert "openai__cerebras__20" not in listed
    assert "openai__amazon__aws_100" not in listed


def test_the_document_is_json_with_a_source_for_every_contract(tables: dict[str, ExposureTable]):
    document = json.loads(json.dumps(exposure_document(tables["openai"]), allow_nan=False))
    assert document["valuation"]["source"]["title"]
    for claim in document["claims"]:
        assert all(contract["sources"][0]["title"] for contract in claim["contracts"])
