"""Views of a ledger: totals are added up from cells, and a real draw's matrices close by themselves."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from cardhouse.analysis.ledger_views import flow_matrix, ledger_view, sector_of_agents, unlabelled_kinds
from cardhouse.analysis.spreadsheet import workbook
from cardhouse.basics.errors import InputError
from cardhouse.casebook.load import load_case
from cardhouse.model.agents import model_agents
from cardhouse.model.setup import ModelSetup, build_setup
from cardhouse.model.simulate import POSTING, record_draw
from cardhouse.scenarios.path import neutral_paths

QUARTERS = 3


@pytest.fixture(scope="module")
def ring() -> tuple[ModelSetup, np.ndarray]:
    case = load_case("three_firm_ring")
    agents, _ = model_agents(case.snapshot)
    quarters = [case.snapshot.base_quarter + k for k in range(1, QUARTERS + 1)]
    return build_setup(case.snapshot, case.priors, neutral_paths(quarters, agents), QUARTERS, 3), case.priors.values


def postings(*lines: tuple[str, str, str, float]) -> np.ndarray:
    made = np.zeros(len(lines), dtype=POSTING)
    for k, (payer, payee, kind, amount) in enumerate(lines):
        made[k] = (1, payer, payee, kind, amount, -1, "A1")
    return made


GROUP = {"lab": "labs", "cloud": "clouds", "bank": "lenders"}


def test_flows_are_signed_by_receipt_and_payment():
    found = flow_matrix(postings(("lab", "cloud", "compute_rent", 5.0), ("bank", "lab", "new_debt", 2.0)), GROUP, "t")
    assert found.columns == ("labs", "clouds", "lenders")
    assert found.rows == ("compute rental", "new debt", "change in deposits")
    assert found.values.tolist() == [[-5.0, 5.0, 0.0], [2.0, 0.0, -2.0], [3.0, -5.0, 2.0]]


def test_payments_inside_a_sector_cancel_in_its_column():
    group = {"lab": "inside", "cloud": "inside"}
    found = flow_matrix(postings(("lab", "cloud", "compute_rent", 5.0)), group, "t")
    assert found.values.tolist() == [[0.0], [0.0]]


def test_every_kind_of_payment_has_words():
    assert unlabelled_kinds() == ()


def test_flows_of_a_real_draw_close_in_every_row_and_column(ring: tuple[ModelSetup, np.ndarray]):
    setup, row = ring
    found = ledger_view(setup, row, 0, (setup.quarter_labels[1], "flows", "sector"))
    size = np.abs(found.values).max()
    assert np.isfinite(found.values).all()
    assert size > 0.0
    np.testing.assert_allclose(found.row_totals, 0.0, atol=1e-9 * size)
    np.testing.assert_allclose(found.column_totals, 0.0, atol=1e-9 * size)


def test_financial_rows_of_the_balance_sheet_sum_to_zero_and_columns_balance(ring: tuple[ModelSetup, np.ndarray]):
    setup, row = ring
    found = ledger_view(setup, row, 0, (setup.quarter_labels[-1], "balance", "sector"))
    assert np.isfinite(found.values).all()
    np.testing.assert_allclose(found.column_totals, 0.0, atol=1e-9 * np.abs(found.values).max())
    totals = dict(zip(found.rows, found.row_totals, strict=True))
    for name in ("deposits", "bonds", "loans", "asset-backed notes", "shares at market value"):
        assert abs(totals[name]) < 1e-9 * np.abs(found.values).max()
    assert totals["shells and power"] > 0.0


def test_a_replay_is_the_run_up_to_that_quarter(ring: tuple[ModelSetup, np.ndarray]):
    setup, row = ring
    group = {agent: agent for agent in setup.entity_ids}
    whole = record_draw(setup, row, 0).postings
    expected = flow_matrix(whole[whole["quarter"] == 2], group, "t")
    found = ledger_view(setup, row, 0, (setup.quarter_labels[1], "flows", "agent"))
    np.testing.assert_array_equal(found.values, expected.values)


def test_every_agent_has_a_sector(ring: tuple[ModelSetup, np.ndarray]):
    setup, _ = ring
    assert set(sector_of_agents(setup)) == set(setup.entity_ids)


@pytest.mark.parametrize("choice", [("1999Q1", "flows", "sector"), ("", "sums", "sector"), ("", "flows", "planet")])
def test_a_view_that_does_not_exist_is_refused(ring: tuple[ModelSetup, np.ndarray], choice: tuple[str, str, str]):
    setup, row = ring
    quarter = choice[0] or setup.quarter_labels[0]
    with pytest.raises(InputError):
        ledger_view(setup, row, 0, (quarter, choice[1], choice[2]))


def test_the_spreadsheet_has_formulas_for_its_sums():
    found = flow_matrix(postings(("lab", "cloud", "compute_rent", 5.0)), GROUP, "flows <1>")
    data = workbook([("flows", found)])
    assert data == workbook([("flows", found)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert "[Content_Types].xml" in names
    assert "<f>SUM(B3:D3)</f>" in sheet
    assert "<f>SUM(B3:B4)</f>" in sheet
    assert "flows &lt;1&gt;" in sheet
