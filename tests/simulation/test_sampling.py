from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.simulation.toy import PRIORS

from cardhouse.basics.errors import InputError
from cardhouse.simulation.marginals import Marginals
from cardhouse.simulation.sampling import SCHEMES, SamplingPlan


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("correlations", [(), (("income", "opening_cash", 0.6),)])
@pytest.mark.parametrize("per_row", [1, 3])
def test_a_draw_has_the_same_parameters_in_any_grouping(scheme: str, correlations: Any, per_row: int):
    plan = SamplingPlan(
        draws=200,
        seed=11,
        scheme=scheme,
        correlations=correlations,
        news_per_row=per_row,
        candidates=(1, 4, 5, 30) if scheme == "accepted" else (),
    )
    whole = plan.parameters(PRIORS, 0, 200)
    for size in (1, 7, 64):
        parts = [plan.parameters(PRIORS, start, min(start + size, 200)) for start in range(0, 200, size)]
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_accepted_points_are_all_used_before_one_repeats():
    plan = SamplingPlan(draws=8, seed=5, scheme="accepted", candidate_seed=3, candidates=(1, 4, 5, 30))
    rows = plan.parameters(PRIORS, 0, 8)
    assert np.unique(rows[:4], axis=0).shape[0] == 4
    np.testing.assert_array_equal(rows[:4], rows[4:])


@pytest.mark.parametrize(("scheme", "candidates"), [("accepted", ()), ("sobol", (1, 2))])
def test_accepted_points_and_their_scheme_come_together(scheme: str, candidates: tuple[int, ...]):
    with pytest.raises(InputError):
        SamplingPlan(draws=8, scheme=scheme, candidates=candidates)


@pytest.mark.parametrize("scheme", ["sobol", "plain"])
def test_a_longer_run_begins_with_the_draws_of_a_shorter_one(scheme: str):
    short = SamplingPlan(draws=50, seed=2, scheme=scheme).parameters(PRIORS, 0, 50)
    long = SamplingPlan(draws=500, seed=2, scheme=scheme).parameters(PRIORS, 0, 500)
    np.testing.assert_array_equal(long[:50], short)


@pytest.mark.parametrize("scheme", ["sobol", "latin", "plain"])
def test_another_seed_gives_other_draws(scheme: str):
    one, other = (SamplingPlan(draws=8, seed=seed, scheme=scheme).parameters(PRIORS, 0, 8) for seed in (1, 2))
    assert (one[:, :3] != other[:, :3]).all()


@pytest.mark.parametrize("scheme", ["sobol", "latin", "plain"])
def test_draws_follow_the_priors(scheme: str):
    table = SamplingPlan(draws=2048, seed=5, scheme=scheme).parameters(PRIORS, 0, 2048)
    triangle = stats.triang((0.2 + 0.5) / 1.1, -0.5, 1.1)
    limit = 0.035 if scheme == "plain" else 0.004
    assert stats.kstest(table[:, 0], triangle.cdf).statistic < limit
    assert stats.kstest(table[:, 1], stats.loguniform(0.5, 2).cdf).statistic < limit
    assert (table[:, 3] == 6.0).all()


def test_a_latin_hypercube_has_one_draw_in_every_stratum():
    table = SamplingPlan(draws=100, seed=5, scheme="latin").parameters(PRIORS, 0, 100)
    strata = np.floor((table[:, 2] - 1.0) / 4.0 * 100).astype(int)
    assert sorted(strata) == list(range(100))


def test_fixing_one_parameter_leaves_all_others_as_they_were():
    before = SamplingPlan(draws=64, seed=9).parameters(PRIORS, 0, 64)
    fixed = Marginals(
        names=PRIORS.names,
        value=PRIORS.value,
        low=PRIORS.low,
        high=PRIORS.high,
        shape=("triangular", "fixed", "uniform", "fixed"),
    )
    after = SamplingPlan(draws=64, seed=9).parameters(fixed, 0, 64)
    np.testing.assert_array_equal(after[:, [0, 2]], before[:, [0, 2]])
    assert (after[:, 1] == PRIORS.value[1]).all()


@pytest.mark.parametrize("rank", [-0.8, 0.3, 0.9])
def test_correlated_draws_have_the_rank_correlation_asked_and_keep_their_marginals(rank: float):
    plan = SamplingPlan(draws=4096, seed=1, correlations=(("income", "volatility", rank),))
    table = plan.parameters(PRIORS, 0, 4096)
    assert stats.spearmanr(table[:, 0], table[:, 1]).statistic == pytest.approx(rank, abs=0.02)
    assert abs(stats.spearmanr(table[:, 0], table[:, 2]).statistic) < 0.02
    assert stats.kstest(table[:, 1], stats.loguniform(0.5, 2).cdf).statistic < 0.02


def test_nested_draws_share_parameters_and_shared_news_repeat_in_every_row():
    plan = SamplingPlan(draws=12, seed=1, news_per_row=4, news="shared")
    table = plan.parameters(PRIORS, 0, 12)
    assert len(np.unique(table[:, 0])) == 3
    assert plan.news_ids(np.arange(12)).tolist() == [0, 1, 2, 3] * 3
    assert plan.independent_draws == 3


def test_central_sampling_varies_nothing_but_news():
    plan = SamplingPlan(draws=5, scheme="central")
    assert (plan.parameters(PRIORS, 0, 5) == PRIORS.value).all()
    assert plan.news_ids(np.arange(5)).tolist() == [0, 1, 2, 3, 4]


def test_all_problems_of_a_plan_are_told_at_once():
    with pytest.raises(InputError, match="1 to 1,073,741,824 draws") as caught:
        SamplingPlan(draws=0, seed=-1, scheme="soboll", news="none", news_per_row=0)
    assert len(caught.value.problems) == 5


def test_a_latin_hypercube_too_large_for_memory_is_refused():
    with pytest.raises(InputError, match="at most 100,000 draws"):
        SamplingPlan(draws=100_001, scheme="latin")


@pytest.mark.parametrize(
    ("correlations", "message"),
    [
        ((("income", "growth", 0.5),), "no such parameter"),
        ((("income", "income", 0.5),), "two different parameters"),
        ((("income", "volatility", 1.0),), "between -1 and 1"),
        (
            (("income", "volatility", 0.9), ("volatility", "opening_cash", 0.9), ("income", "opening_cash", -0.9)),
            "contradict one another",
        ),
    ],
)
def test_impossible_correlations_are_refused(correlations: Any, message: str):
    with pytest.raises(InputError, match=message):
        SamplingPlan(draws=4, correlations=correlations).parameters(PRIORS, 0, 4)
