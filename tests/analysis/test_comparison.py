import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from tests.analysis.worlds import ToyWorld, toy_plan, toy_run

from cardhouse.analysis.comparison import Measure, are_paired, compare
from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.errors import InputError
from cardhouse.model.parameters import PARAMETERS
from cardhouse.model.variables import OUTPUTS
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import run_in_memory


@dataclass(frozen=True)
class CutWorld(ToyWorld):
    """The made-up world, of which a run sees the first quarters only."""

    kept: int = 6
    first_year: int = 2026

    @property
    def coordinates(self) -> Mapping[str, tuple[str, ...]]:
        labels = [f"{self.first_year + k // 4}Q{k % 4 + 1}" for k in range(self.kept)]
        return {**super().coordinates, "quarter": tuple(labels)}

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> Mapping[str, AnyArray]:
        whole = ToyWorld(quarters=self.quarters).run(parameters, draw_ids)
        found = {
            item.name: whole[item.name][:, : self.kept] if "quarter" in item.dims else whole[item.name]
            for item in OUTPUTS
        }
        late = whole["default_quarter"] >= self.kept
        found["default_quarter"] = np.where(late, -1, whole["default_quarter"])
        found["default_label"] = np.where(late, 0, whole["default_label"])
        found["peak_capex"] = found["sector_capex"].max(axis=1)
        return found


def measure(name: str, *runs: object) -> Measure:
    found = compare(*runs)  # type: ignore[arg-type] runs are runs
    return next(item for item in found.measures if item.name == name)


def test_a_run_against_itself_differs_in_nothing() -> None:
    found = compare(toy_run(), toy_run())
    assert found.paired
    assert found.differ == ()
    assert found.left_out == ()
    assert all(item.difference == 0.0 and not item.is_clear for item in found.measures)
    assert all(item.low == item.high == 0.0 for item in found.measures if item.unit != "share")


def test_calm_against_troubled_shows_the_share_of_defaults() -> None:
    troubled = toy_run()
    hits = (troubled.results("default_quarter") >= 0).any(axis=1)
    found = measure("any_default", toy_run(world=ToyWorld(calm=True)), troubled)
    assert found.first == 0.0
    assert found.second == found.difference == pytest.approx(hits.mean())
    assert found.is_clear
    # Bonett and Price (2012), written out: one is added to the draws hit in one run alone, for each run
    up, down = (hits.sum() + 1) / 62, 1 / 62
    error = 1.6448536269514722 * np.sqrt((up + down - (up - down) ** 2) / 62)
    assert found.low == pytest.approx(up - down - error)
    assert found.high == pytest.approx(up - down + error)


def test_where_no_draw_differs_an_error_is_left() -> None:
    found = measure("any_default", toy_run(), toy_run())
    assert found.high == -found.low == pytest.approx(1.6448536269514722 * np.sqrt(2 / 62 / 62))


def test_pairing_needs_the_same_draws_and_parameters() -> None:
    assert are_paired(toy_run(), toy_run(world=ToyWorld(calm=True)))
    assert not are_paired(toy_run(), toy_run(draws=61))
    found = compare(toy_run(), toy_run(draws=61))
    assert not found.paired
    assert found.differ == ("draws: 60 against 61",)


def with_range(low: float, high: float) -> Run:
    plan = toy_plan()
    lows, highs = plan.marginals.low.copy(), plan.marginals.high.copy()
    lows[0], highs[0] = low, high
    return run_in_memory(replace(plan, marginals=replace(plan.marginals, low=lows, high=highs)))


def test_another_range_of_a_parameter_leaves_the_draws_paired() -> None:
    one, two = with_range(1.0, 3.0), with_range(1.25, 3.0)
    assert np.array_equal(one.parameters[:, 1:], two.parameters[:, 1:])
    assert not np.array_equal(one.parameters[:, 0], two.parameters[:, 0])
    found = compare(one, two)
    assert found.paired
    assert found.differ == (f"{PARAMETERS[0].name}: 1 to 3 against 1.25 to 3",)


def test_runs_of_unequal_length_are_compared_up_to_their_last_common_quarter() -> None:
    long, short = toy_run(), toy_run(world=CutWorld(quarters=12, kept=6))
    found = compare(long, short)
    assert found.paired
    assert found.quarters == ("2026Q1", "2027Q2")
    assert "quarters: 12 against 6" in found.differ
    assert set(found.left_out) == {
        "claims never paid",
        "loss of retirement plans on the share index",
        "capacity of failed firms bought by survivors",
    }
    names = {item.name: item for item in found.measures}
    assert not {"claims_unpaid", "class_loss", "capacity_bought"} & set(names)
    # the same worlds, seen for less long, differ in nothing
    assert names["sector_market_value"].difference == 0.0
    assert all(item.difference == 0.0 for item in found.measures)
    early = (long.results("default_quarter") >= 0) & (long.results("default_quarter") < 6)
    assert 0.0 < names["defaults"].first == early.sum(axis=1).mean() < (long.results("default_quarter") >= 0).sum() / 60
    labelled = early & (long.results("default_label") == 1)
    assert names["illiquid_defaults"].first == labelled.sum(axis=1).mean()
    assert names["peak_capex"].first == pytest.approx(4 * long.results("sector_capex")[:, :6].max(axis=1).mean())


def test_loop_gain_and_capacity_in_use_are_compared_at_the_end() -> None:
    one, two = toy_run(world=ToyWorld()), toy_run(world=ToyWorld(calm=True))
    measures = {measure.name: measure for measure in compare(one, two).measures}
    load = one.results("load").astype(float)[:, -1].sum(axis=1)
    assert measures["load"].first == pytest.approx(load.mean())
    assert measures["load"].unit == "GW"
    assert measures["loop_gain"].second == pytest.approx(two.results("loop_gain").astype(float)[:, -1].mean())


def test_runs_without_a_common_quarter_are_refused() -> None:
    with pytest.raises(InputError, match="no quarter in common"):
        compare(toy_run(), toy_run(world=CutWorld(quarters=6, first_year=2036)))


def test_no_default_on_one_side_leaves_an_error_there() -> None:
    calm, troubled = toy_run(world=ToyWorld(calm=True)), toy_run(draws=61)
    found = measure("any_default", calm, troubled)
    p, n, z = (troubled.results("default_quarter") >= 0).any(axis=1).mean(), 61, 1.6448536269514722
    down = p - (p + z**2 / (2 * n) - z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)
    none = z**2 / 60 / (1 + z**2 / 60)
    assert found.low == pytest.approx(p - np.hypot(down, none))


def test_draws_that_share_a_parameter_row_count_once() -> None:
    plans = [toy_plan(world=ToyWorld(calm=calm)) for calm in (False, True)]
    own, nested = (
        measure(
            "equity_loss",
            *(run_in_memory(replace(plan, sampling=replace(plan.sampling, news_per_row=n))) for plan in plans),
        )
        for n in (1, 60)
    )
    assert own.low is not None
    assert nested.low is None


def test_draws_bad_in_one_run_are_left_out_of_both_when_paired() -> None:
    found = compare(toy_run(), toy_run(world=ToyWorld(bad_every=20)))
    assert found.draws == 57
    assert all(item.difference == 0.0 for item in found.measures)


def test_comparison_is_strict_json() -> None:
    text = json.dumps(compare(toy_run(), toy_run(world=ToyWorld(calm=True))).to_json(), allow_nan=False)
    assert json.loads(text)["paired"]


def test_runs_without_a_good_draw_are_refused() -> None:
    with pytest.raises(InputError, match="no draw that ended well"):
        compare(toy_run(), run_in_memory(toy_plan(world=ToyWorld(bad_every=1))))


def test_gaps_of_consumption_and_investment_are_told_a_year() -> None:
    run, longer = toy_run(), toy_run(draws=61)
    for name in ("consumption_gap", "investment_gap"):
        found = measure(name, run, longer)
        assert found.first == pytest.approx(4.0 * run.results(name)[:, -1].mean())
