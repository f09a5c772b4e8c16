from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from tests.simulation.toy import ToyWorld, Variable, plan

from cardhouse.analysis.sensitivity.groups import FEWEST_MOVED, group_indices
from cardhouse.analysis.sensitivity.outcomes import Outcome
from cardhouse.basics.arrays import AnyArray, FloatArray, IntArray
from cardhouse.basics.errors import ModelError
from cardhouse.basics.streams import fill_normal
from cardhouse.simulation.designs import GroupDesign
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import run_in_memory

GROUPS = (("data", ("opening_cash",)), ("assumptions", ("volatility",)))


@dataclass(frozen=True)
class Sums(ToyWorld):
    """y = 2 u + v + w with u, v uniform of the two groups and w news; first-order and total indices are known."""

    bad_every: int = 0

    @property
    def outputs(self) -> tuple[Variable, ...]:
        return (Variable("result_code", "code", "", (), "int64"), Variable("y", "-", "", (), "float64"))

    def run(self, parameters: FloatArray, draw_ids: IntArray) -> Mapping[str, AnyArray]:
        news = np.empty((len(draw_ids), 1))
        for k, draw in enumerate(draw_ids):
            fill_normal(news[k], 5, int(draw), 1)
        u = (parameters[:, 2] - 3.0) / 4.0 * np.sqrt(12.0)
        v = np.log2(parameters[:, 1]) / 2.0 * np.sqrt(12.0)
        bad = np.zeros(len(draw_ids)) if not self.bad_every else (np.asarray(draw_ids) % self.bad_every == 0) * 21
        return {"result_code": bad, "y": 2.0 * u + v + news[:, 0] + self.shift * v * news[:, 0]}


Y = Outcome("y", "-", "", ("y",), lambda run: run.results("y"))
FLAT = Outcome("flat", "-", "", (), lambda run: np.zeros(run.draws.size))


def groups(base: int, world: ToyWorld) -> Run:
    design = GroupDesign(base=base, groups=GROUPS, seed=6)
    return run_in_memory(replace(plan(5, world), sampling=design))


def test_variance_shares_of_a_sum_are_those_of_its_terms():
    found = [index for index in group_indices(groups(2048, Sums()), (Y,)) if index.draws == 2048]
    expected = {"data": 4 / 6, "assumptions": 1 / 6, "news": 1 / 6}
    for index in found:
        assert index.first == pytest.approx(expected[index.group], abs=0.05)
        assert index.total == pytest.approx(expected[index.group], abs=0.05)
        assert index.first_low <= index.first <= index.first_high
        assert index.total_low <= index.total <= index.total_high


def test_an_interaction_shows_in_totals_alone():
    found = {i.group: i for i in group_indices(groups(2048, Sums(shift=1.0)), (Y,)) if i.draws == 2048}
    assert found["news"].total - found["news"].first == pytest.approx(1 / 7, abs=0.06)
    assert found["data"].total - found["data"].first == pytest.approx(0.0, abs=0.06)


def test_growing_samples_stand_beside_the_whole():
    found = group_indices(groups(256, Sums()), (Y,))
    assert sorted({index.draws for index in found}) == [32, 64, 128, 256]


def test_rows_with_a_failed_draw_are_left_out_as_a_whole():
    found = group_indices(groups(256, Sums(bad_every=5)), (Y,))
    assert max(index.draws for index in found) == 128
    assert all(np.isfinite(index.total) for index in found)


@pytest.mark.filterwarnings("error")
def test_an_outcome_that_moves_in_a_few_rows_has_unknown_shares_and_no_warning():
    rare = Outcome("rare", "-", "", ("y",), lambda run: (run.results("y") > 5.5).astype(np.float64))
    found = [index for index in group_indices(groups(256, Sums()), (rare,)) if index.draws == 256]
    assert 0 < found[0].moved < FEWEST_MOVED
    assert all(np.isnan(index.total) and np.isnan(index.first_low) for index in found)


def test_an_outcome_that_does_not_vary_has_unknown_shares():
    assert all(np.isnan(index.first) for index in group_indices(groups(64, Sums()), (FLAT,)))


def test_a_run_of_another_design_is_refused():
    with pytest.raises(ModelError, match="not a design of groups"):
        group_indices(run_in_memory(plan(5)), (Y,))
