"""Cycling, circular share and identity I11 of a run: by hand, and against the tracer on the same draws."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from cardhouse.analysis.circularity import of_run
from cardhouse.analysis.circularity.finn import _return_share_by_group, finn_cycling_index, return_share
from cardhouse.analysis.circularity.of_run import circular_money, gaps_of, measure, sampled_band
from cardhouse.analysis.draws import stored_draws
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.analysis.history import inside_firms
from cardhouse.analysis.origins import trace_future
from cardhouse.analysis.replays import Payments, first_of_rows, payments_of, replays_of
from cardhouse.analysis.summary import summarise
from cardhouse.analysis.tracer import flows_of, sort_payments
from cardhouse.analysis.tracing import ORIGINS, QuarterFlows, trace
from cardhouse.casebook.case import Case
from cardhouse.casebook.load import load_case, parse_known_on
from cardhouse.model.simulate import record_draw
from cardhouse.report.circular import origin_rows
from cardhouse.report.headline import warnings
from cardhouse.report.render import render_report
from cardhouse.report.terminal import summary_lines
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import open_run, start_run
from cardhouse.simulation.sampling import sobol_points

REQUEST = Request(draws=6, quarters=4, news_per_row=2, scenarios=("SIMUL",), seed=3)


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("ai_2026")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("runs") / "one"
    start_run(prepare(REQUEST).plan(), folder)
    return open_run(folder)


def test_the_series_are_those_of_the_tracer_on_the_same_draws_and_quarters(run: Run, case: Case) -> None:
    found, reason = circular_money(run, case)
    assert found is not None
    assert reason == ""
    assert [number // 2 for number in found.draws] == [0, 1, 2]
    experiment, draws = stored_draws(run, 3, found.draws)
    traced = trace_future(experiment, "nvidia", draws).tracing.over_time
    for name in ("finn", "circular_share", "reciprocal_share"):
        values = np.array([getattr(one, name) for one in traced])
        assert np.all(values > 0.0)
        assert found.band(name).p50 == pytest.approx(np.median(values, axis=0).tolist(), rel=1e-12)
        assert found.band(name).p90 == pytest.approx(np.quantile(values, 0.9, axis=0).tolist(), rel=1e-12)


def test_the_payments_of_a_replay_are_those_of_the_draws_journal(run: Run, case: Case) -> None:
    draws = replays_of(run, case)
    inside = inside_firms(case.snapshot)
    for row, news, payments in zip(draws.rows, draws.news, payments_of(draws, inside), strict=True):
        journal = record_draw(draws.setup, row, int(news))
        assert payments.opening_cash.tolist() == [journal.opening_cash[name] for name in inside]
        for one, other in zip(payments.flows, flows_of(journal, inside, 4), strict=True):
            for field in dataclasses.fields(QuarterFlows):
                np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def test_identity_i11_is_asserted_in_every_quarter_of_the_replays(run: Run, case: Case) -> None:
    found = circular_money(run, case)[0]
    assert found is not None
    assert (found.quarters_traced, found.quarters_broken) == (12, 0)
    assert found.worst_residual is not None
    assert 0.0 <= found.worst_residual <= 1e-12
    summary = summarise(run, case)
    assert summary.circular == found
    assert "12 quarters of 3 replayed draws" in origin_rows(summary)[0][0]
    assert "in all 12 quarters of 3 replayed draws" in " ".join(summary_lines(summary, 100))
    assert not any("origin" in text for text in (*warnings(summary), *summary.left_out))


def test_a_dollar_lost_on_its_way_is_counted_and_told(run: Run, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(opening, flows):  # noqa: ANN001 stands for the tracer
        found = trace(opening, flows)
        return [dataclasses.replace(found[0], cash=0.999 * found[0].cash), *found[1:]]

    monkeypatch.setattr(of_run, "trace", leaky)
    summary = summarise(run, case)
    assert summary.circular is not None
    # the first quarter loses a thousandth; the second starts with it and was traced with all of it
    assert summary.circular.quarters_broken == 6
    assert any("does not keep its origin (I11) in 6 of 12 quarters" in text for text in warnings(summary))
    assert origin_rows(summary)[0][1].startswith("broken in 6 of them")
    assert "is broken in 6 of 12 quarters" in " ".join(summary_lines(summary, 100))


def test_an_unknown_residual_counts_as_broken(run: Run, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_run, "gaps_of", lambda payments, _: np.full(len(payments.flows), np.nan))
    found = measure(replays_of(run, case), case)
    assert (found.quarters_broken, found.worst_residual) == (12, None)


def test_the_report_shows_the_bands_and_says_how_many_draws_stand_behind_them(run: Run, case: Case) -> None:
    page = render_report(summarise(run, case), case)
    text = re.search(r'id="figures">(.*?)</script>', page, re.DOTALL)
    assert text is not None
    figures = json.loads(text.group(1))
    band = figures["band-finn"]
    assert band["kind"] == "band"
    assert len(band["data"]["p50"]) == 4
    found = circular_money(run, case)[0]
    assert found is not None
    assert band["data"]["p50"] == [round(100 * (value or 0.0), 6) for value in found.band("finn").p50]
    assert {"band-circular-share", "fan-loop-gain", "fan-organic-revenue"} <= set(figures)
    assert "3 of the 6 draws, one of each of the first parameter rows, were made again" in page
    assert "3 of them made again payment by payment" in page
    assert "Circular money, year by year" in page


def test_the_same_run_gives_the_same_figures(run: Run, case: Case) -> None:
    assert circular_money(run, case) == circular_money(run, case)


def test_what_cannot_be_replayed_is_left_out_with_the_reason(run: Run, case: Case, tmp_path: Path) -> None:
    def why(manifest: dict[str, object], one: Case | None = case) -> str:
        other = Run({**run.manifest, **manifest}, run._source)
        assert circular_money(other, one)[0] is None
        summary = summarise(other, one)
        return next(text for text in summary.left_out if text.startswith("cycling, circular share"))

    request = run.manifest["request"]
    february = load_case("ai_2026", parse_known_on("2026-02-13"))
    assert "case of the run is not at hand" in why({}, None)
    assert "does not say what it was asked" in why({"request": {}})
    assert "other evidence than the case at hand" in why({"inputs": {"case": "another"}})
    assert "comes out otherwise than stored" in why({"request": {**request, "seed": 8}})
    assert "no such file" in why({"request": {**request, "scenarios": [str(tmp_path / "gone.yaml")]}})
    # the same files read as of another day are another world: its draws come out otherwise
    assert circular_money(run, february)[0] is None


def test_replays_are_one_draw_of_each_of_the_first_parameter_rows() -> None:
    chosen = first_of_rows(np.arange(500), 2)
    assert (chosen // 2).tolist() == list(range(64))
    # where rows share their news, both news are seen
    assert 20 <= np.sum(chosen % 2) <= 44
    np.testing.assert_array_equal(first_of_rows(np.arange(100_000), 2), chosen)
    # draws that did not end well are not there to choose from
    assert first_of_rows(np.array([1, 2, 9]), 2, 4).tolist() == [1, 2, 9]


def test_replays_of_sobol_points_are_balanced_in_every_parameter() -> None:
    points = sobol_points(40, 1, 0, 4096)
    chosen = points[first_of_rows(np.arange(4096), 1)]
    for quarter in range(4):
        inside = ((chosen >= quarter / 4) & (chosen < (quarter + 1) / 4)).sum(axis=0)
        assert inside.tolist() == [16] * 40
    # why not every 64th, or every 63rd: all these lie in one half of some parameter's range
    for step in (64, 63):
        assert set((points[::step][:64] < 0.5).sum(axis=0)) & {0, 64}


def test_the_interval_of_a_median_by_hand() -> None:
    """Of 8 values 9 of 256 orders have one or none below the median, 37 have two or fewer: ranks 2 and 7."""
    band = sampled_band("finn", "cycling (Finn)", np.array([[3.0], [1.0], [2.0], [8.0], [5.0], [4.0], [7.0], [6.0]]))
    assert (band.p50, band.low, band.high) == ((4.5,), (2.0,), (7.0,))


def test_an_interval_needs_five_draws_and_unknown_values_are_left_out() -> None:
    values = np.array([[1.0, np.nan], [2.0, 5.0], [3.0, np.nan], [4.0, np.nan], [5.0, np.nan]])
    band = sampled_band("finn", "cycling (Finn)", values)
    assert (band.p50, band.low, band.high) == ((3.0, 5.0), (1.0, None), (5.0, None))
    nothing = sampled_band("finn", "cycling (Finn)", np.full((3, 1), np.nan))
    assert (nothing.p10, nothing.p50, nothing.p90, nothing.low, nothing.high) == ((None,),) * 5


def test_gaps_are_zero_when_dollars_keep_their_origin() -> None:
    """A customer pays the lab 3, an investor 1, the lab its cloud 2; nothing is lost."""
    outside = (np.array([-1, -1, 0]), np.array([0, 0, 1]))
    origin = np.array([ORIGINS.index("end_user"), ORIGINS.index("outside_equity"), 0])
    nature = (np.array([False, True, False]), origin)
    flows = sort_payments(np.array([1, 1, 1]), outside, np.array([3.0, 1.0, 2.0]), nature, (1, 2))
    opening = np.zeros((len(ORIGINS), 2))
    assert gaps_of(Payments(flows=flows, opening_cash=np.zeros(2)), opening).max() < 1e-15
    assert flows[0].finance_from_outside[ORIGINS.index("outside_equity")].tolist() == [1.0, 0.0]


def test_payments_after_the_last_quarter_wanted_are_left_out() -> None:
    nature = (np.array([False, False]), np.array([0, 0]))
    flows = sort_payments(np.array([1, 2]), (np.array([0, 0]), np.array([1, 1])), np.array([2.0, 9.0]), nature, (1, 2))
    assert len(flows) == 1
    assert flows[0].revenue.tolist() == [[0.0, 2.0], [0.0, 0.0]]


def test_cycling_of_a_stack_is_that_of_each_network_alone() -> None:
    """Open networks are inverted together, those that money cannot leave from everywhere group by group."""
    random = np.random.default_rng(5)
    flows = random.uniform(size=(40, 7, 7)) * (random.uniform(size=(40, 7, 7)) < 0.3)
    flows[::4, 5:, :5] = 0.0  # from the last two firms nothing comes back
    entering, leaving = random.uniform(size=(2, 40, 7)) * (random.uniform(size=(2, 40, 7)) < 0.5)
    leaving[::4, 5:] = 0.0
    together = return_share(flows, entering, leaving)
    for k in range(40):
        own = flows[k].copy()
        np.fill_diagonal(own, 0.0)
        through = np.maximum(own.sum(axis=0) + entering[k], own.sum(axis=1) + leaving[k])
        passing = np.divide(own, through[:, None], out=np.zeros_like(own), where=through[:, None] > 0.0)
        np.testing.assert_allclose(together[k], _return_share_by_group(passing), atol=1e-12)
    ring = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [2.0, 0.0, 0.0]])
    half = np.array([1.0, 0.0, 0.0])
    nothing = np.zeros(3)
    found = finn_cycling_index(np.array([ring, 0.5 * ring]), np.array([nothing, half]), np.array([nothing, half]))
    assert found.tolist() == [1.0, 0.5]
