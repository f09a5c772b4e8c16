from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.simulation.toy import PRIORS, ToyWorld, plan

from cardhouse.basics.errors import InputError
from cardhouse.basics.streams import news_draw, opening_draw
from cardhouse.simulation.designs import GroupDesign, ScreeningDesign, design_from, design_record
from cardhouse.simulation.executors import Threads
from cardhouse.simulation.run import run_in_memory
from cardhouse.simulation.sampling import SamplingPlan

GROUPS = (("cash", ("opening_cash",)), ("business", ("income", "volatility")))
DESIGNS = [
    ScreeningDesign(trajectories=5, names=("income", "opening_cash", "volatility"), seed=4),
    GroupDesign(base=8, groups=GROUPS, seed=4),
    SamplingPlan(draws=20, seed=4, correlations=(("income", "volatility", 0.2),)),
]


@pytest.mark.parametrize("design", DESIGNS)
def test_a_draw_has_the_same_parameters_and_news_in_any_grouping(design: Any):
    whole = design.parameters(PRIORS, 0, design.draws)
    for size in (1, 3, 7):
        starts = range(0, design.draws, size)
        parts = [design.parameters(PRIORS, start, min(start + size, design.draws)) for start in starts]
        np.testing.assert_array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_is_the_same_after_a_trip_through_a_manifest(design: Any):
    assert design_from(design_record(design)) == design


def test_a_trajectory_changes_one_parameter_at_a_time_and_all_of_them():
    design = DESIGNS[0]
    table = design.parameters(PRIORS, 0, design.draws).reshape(5, 4, 4)
    changed = np.diff(table, axis=1) != 0
    assert (changed.sum(axis=2) == 1).all()
    assert (changed.any(axis=1) == [True, True, True, False]).all()
    assert (table[:, :, 3] == PRIORS.value[3]).all()


def test_blocks_of_a_group_design_differ_in_their_group_alone():
    design = DESIGNS[1]
    table = design.parameters(PRIORS, 0, design.draws).reshape(5, 8, 4)
    news = design.news_ids(np.arange(design.draws)).reshape(5, 8)
    a, b, cash, business, news_block = table
    np.testing.assert_array_equal(cash[:, [0, 1]], a[:, [0, 1]])
    np.testing.assert_array_equal(cash[:, 2], b[:, 2])
    np.testing.assert_array_equal(business[:, [0, 1]], b[:, [0, 1]])
    np.testing.assert_array_equal(news_block, a)
    assert not set(news[0]) & set(news[1])
    np.testing.assert_array_equal(news[4], news[1])
    np.testing.assert_array_equal(news[2], news[0])


def test_a_design_runs_like_any_plan_and_the_run_can_be_opened():
    some = plan(10, ToyWorld())
    for design in DESIGNS[:2]:
        designed = type(some)(world=some.world, marginals=some.marginals, sampling=design, chunk_draws=7)
        run = run_in_memory(designed, Threads(2))
        assert run.complete
        np.testing.assert_array_equal(run.parameters, design.parameters(PRIORS, 0, design.draws))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ScreeningDesign(trajectories=0, names=()), "at least one trajectory"),
        (lambda: GroupDesign(base=6, groups=GROUPS), "2, 4, 8"),
        (lambda: GroupDesign(base=8, groups=(*GROUPS, ("again", ("income",)))), "one group only"),
        (lambda: GroupDesign(base=8, groups=GROUPS, opening_in="weather"), "one of the groups"),
    ],
)
def test_impossible_designs_are_refused(make: Any, message: str):
    with pytest.raises(InputError, match=message):
        make()


def test_opening_figures_come_from_b_in_their_own_group_only():
    name = GROUPS[0][0]
    design = GroupDesign(base=4, groups=GROUPS, opening_in=name)
    draws = design.news_ids(np.arange(design.draws)).reshape(len(design.blocks), 4)
    news = [[news_draw(int(k)) // 4 for k in row] for row in draws]
    opening = [[opening_draw(int(k)) // 4 for k in row] for row in draws]
    for block, of_news, of_opening in zip(design.blocks, news, opening, strict=True):
        assert of_news == [int(block in ("B", "news"))] * 4, block
        assert of_opening == [int(block in ("B", name))] * 4, block
