"""Electricity and water of the capacity in use, by hand, and the factors they rest on."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.worlds import toy_run
from typer.testing import CliRunner

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.analysis.footprint import consumption, footprint
from cardhouse.analysis.summary import summarise
from cardhouse.basics.errors import CaseError
from cardhouse.casebook.case import Case
from cardhouse.casebook.folder import find_case
from cardhouse.casebook.load import load_case
from cardhouse.casebook.records import citations
from cardhouse.cli.main import app
from cardhouse.report.footprint import footprint_figures, footprint_intro, footprint_tables
from cardhouse.report.sources import sources_of
from cardhouse.simulation.run import run_in_memory

IN_USE = np.array([[10.0, 10.0, 10.0, 10.0], [20.0, 20.0, 20.0, 25.0], [30.0, 30.0, 30.0, 50.0]])
QUARTERS = ("2026Q2", "2026Q3", "2026Q4", "2027Q1")


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("ai_2026")


def test_electricity_and_water_by_hand(case: Case) -> None:
    """25 GW * 8.76 * 80 % = 175.2 TWh, 4.38 % of 4,000; * 0.36 = 63.072 and * 4.5 = 788.4 billion litres."""
    found = consumption(IN_USE, QUARTERS, case.footprint)
    line = found.lines[-1]
    assert (line.quarter, line.in_use.p50) == ("2027Q1", 25.0)
    assert line.electricity.draws.p50 == pytest.approx(175.2)
    assert line.share.draws.p50 == pytest.approx(0.0438)
    assert line.water_on_site.draws.p50 == pytest.approx(63.072)
    assert line.water_of_power_plants.draws.p50 == pytest.approx(788.4)
    assert found.electricity.p50 == pytest.approx((140.16, 140.16, 140.16, 175.2))
    assert found.electricity.p95[-1] == pytest.approx(0.8 * 8.76 * 47.5)


def test_all_factors_low_and_high_by_hand(case: Case) -> None:
    """25 * 8.76 = 219 at rated power: half and all of it; 0.1 and 1.0, 1.5 and 6 litres a kWh."""
    line = consumption(IN_USE, QUARTERS, case.footprint).lines[-1]
    assert (line.electricity.low, line.electricity.high) == pytest.approx((109.5, 219.0))
    assert (line.share.low, line.share.high) == pytest.approx((109.5 / 4000, 219.0 / 4000))
    assert (line.water_on_site.low, line.water_on_site.high) == pytest.approx((10.95, 219.0))
    assert (line.water_of_power_plants.low, line.water_of_power_plants.high) == pytest.approx((164.25, 1314.0))


def test_capacity_in_use_is_the_sum_over_firms_of_good_draws(case: Case) -> None:
    run = toy_run()
    found, reason = footprint(run, case)
    assert found is not None
    assert reason == ""
    load = run.results("load")[run.good].astype(float).sum(axis=2)
    assert found.lines[-1].in_use.p50 == pytest.approx(np.median(load[:, -1]))
    assert found.reference == "US electricity use of 2023"
    assert summarise(run, case).footprint == found


def test_what_cannot_be_worked_out_is_left_out_with_the_reason(case: Case) -> None:
    def why(keep: str, one: Case | None) -> str:
        summary = summarise(toy_run(keep=keep), one)
        assert summary.footprint is None
        assert footprint_tables(summary) == []
        return next(text for text in summary.left_out if text.startswith("electricity and water: "))

    assert "case of the run is not at hand" in why("paths", None)
    assert "has no factors" in why("paths", load_case("three_firm_ring"))
    assert "keeps distributions only" in why("draws", case)


def test_a_run_of_distributions_makes_some_draws_again(case: Case) -> None:
    request = Request(draws=6, quarters=4, news_per_row=2, seed=3, keep="draws")
    thin = run_in_memory(prepare(request).plan())
    whole = run_in_memory(prepare(replace(request, keep="paths")).plan())
    summary = summarise(thin, case)
    assert summary.footprint is not None
    assert summary.circular is not None
    assert summary.footprint.draws == 3
    chosen = np.isin(whole.draws, summary.circular.draws)
    load = np.nansum(whole.results("load")[chosen].astype(float), axis=2)  # agents without sites have none
    assert summary.footprint.lines[-1].in_use.p50 == pytest.approx(np.median(load[:, -1]))
    assert "From 3 draws made again" in footprint_intro(summary)
    figure = footprint_figures(summary)[0]
    assert figure is not None
    assert "6 draws" in figure.source
    assert "3 of them made again" in figure.source
    everything = summarise(whole, case)
    assert everything.footprint is not None
    assert everything.footprint.draws == 6
    assert "made again" not in footprint_intro(everything)


def test_cite_prints_the_range_of_an_assumption_and_the_facts_behind_it() -> None:
    found = CliRunner().invoke(app, ["cite", "ai_sector.power_draw_share"])
    assert found.exit_code == 0
    assert "ai_sector.power_draw_share: 80 (50 to 100) percent" in found.output
    assert "data_centers_us.power_demand.2028: 74 to 132 gw" in found.output


def test_spending_stands_beside_what_is_consumed_and_the_factors_are_named(case: Case) -> None:
    summary = summarise(toy_run(), case)
    built, reach, factors = footprint_tables(summary)
    assert [row[0] for row in built.rows] == [line.quarter for line in summary.horizons]
    assert all("bn" in row[1] and "bn" in row[2] for row in built.rows)
    assert len(reach.rows) == 4
    assert [row[5] for row in factors.rows] == [fact.id for fact in case.footprint.values()]
    assert factors.rows[0][1] == "80 % (50 % to 100 %)"


def test_a_factor_is_cited_with_the_pages_behind_it(case: Case) -> None:
    records = {record["id"]: record for record in citations(case, "ai_sector.water_per_kwh_on_site")}
    assert records["ai_sector.water_per_kwh_on_site"]["basis"] == "assumed"
    page = records["data_centers_us.water_use_on_site.2023-12-31"]
    assert page["value"] == 64
    assert page["source"]["address"].startswith("https://")
    assert any(source.address == page["source"]["address"] for source in sources_of(case))


def test_factors_are_known_from_the_day_of_the_report_on() -> None:
    # the case opens in February 2026; before the report of December 2024 there is nothing to multiply with
    assert load_case("ai_2026", dt.date(2024, 12, 1)).footprint == {}
    assert len(load_case("ai_2026", dt.date(2026, 2, 13)).footprint) == 4
    # filings alone state no electricity use of the country, so there is nothing to compare with
    assert load_case("ai_2026", tier="filing").footprint == {}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("nobody.knows", "a factor names a fact of the case"),
        ("electricity_us.electricity_use.2023-12-31", "a number in litres_per_kwh"),
    ],
)
def test_a_factor_that_is_no_such_fact_is_refused(tmp_path: Path, name: str, rule: str) -> None:
    folder = tmp_path / "ai_2026"
    shutil.copytree(find_case("ai_2026"), folder)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    assert "water_on_site: ai_sector.water_per_kwh_on_site" in text
    changed = text.replace("water_on_site: ai_sector.water_per_kwh_on_site", f"water_on_site: {name}")
    (folder / "case.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(CaseError, match=rule):
        load_case(folder)
