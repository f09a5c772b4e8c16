import json

import numpy as np
import pytest
from tests.analysis.worlds import ToyWorld, toy_plan, toy_run

from cardhouse.analysis.comparison import Measure, are_paired, compare
from cardhouse.basics.errors import InputError
from cardhouse.simulation.run import run_in_memory


def measure(name: str, *runs: object) -> Measure:
    found = compare(*runs)  # type: ignore[arg-type] runs are runs
    return next(item for item in found.measures if item.name == name)


def test_a_run_against_itself_differs_in_nothing() -> None:
    found = compare(toy_run(), toy_run())
    assert found.paired
    assert found.differ == ()
    assert all(item.difference == item.low == item.high == 0.0 for item in found.measures)
    assert not any(item.is_clear for item in found.measures)


def test_calm_against_troubled_shows_the_share_of_defaults() -> None:
    troubled = toy_run()
    hits = (troubled.results("default_quarter") >= 0).any(axis=1)
    found = measure("any_default", toy_run(world=ToyWorld(calm=True)), troubled)
    assert found.first == 0.0
    assert found.second == found.difference == pytest.approx(hits.mean())
    assert found.is_clear
    error = 1.6448536269514722 * hits.std(ddof=1) / np.sqrt(hits.size)
    assert found.high == pytest.approx(hits.mean() + error)


def test_pairing_needs_the_same_draws_and_parameters() -> None:
    assert are_paired(toy_run(), toy_run(world=ToyWorld(calm=True)))
    assert not are_paired(toy_run(), toy_run(draws=61))
    found = compare(toy_run(), toy_run(draws=61))
    assert not found.paired
    assert "other draws, seed or sampling" in found.differ


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
