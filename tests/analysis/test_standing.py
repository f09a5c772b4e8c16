"""Claims against means, the price of leaving, survivors, ownership: figures of the made-up world."""

from functools import cache

import numpy as np
import pytest
from tests.analysis.worlds import AGENTS, ToyWorld, toy_run

from cardhouse.analysis.cast import cast_of
from cardhouse.analysis.expectations import expectations
from cardhouse.analysis.hurdle import hurdle
from cardhouse.analysis.ownership import mergers, warrant_gains
from cardhouse.analysis.summary import Summary, summarise
from cardhouse.analysis.survivors import inheritance, survivors
from cardhouse.casebook.load import load_case
from cardhouse.simulation.results import Run


@cache
def run() -> Run:
    return toy_run(world=ToyWorld(bad_every=20))


@cache
def summary() -> Summary:
    return summarise(run(), load_case("ai_2026"))


def good(name: str) -> np.ndarray:
    return run().results(name)[run().good]


def place(entity: str) -> int:
    return list(AGENTS).index(entity)


def test_the_worst_quarter_of_a_mismatch_comes_before_the_default() -> None:
    line = next(line for line in summary().expectations if line.entity == "coreweave")
    when = good("default_quarter")[:, place("coreweave")]
    values = good("expectation_mismatch")[:, :, place("coreweave")].astype(float)
    ends = np.where(when >= 0, when, values.shape[1])
    worst = np.array([row[:end].max() for row, end in zip(values, ends, strict=True)])
    assert line.mismatch_worst.p50 == pytest.approx(np.median(worst))
    assert line.mismatch_any.share == pytest.approx(1.0)


def test_leaving_at_the_end_counts_survivors_only() -> None:
    line = next(line for line in summary().expectations if line.entity == "oracle")
    alive = good("default_quarter")[:, place("oracle")] < 0
    expected = np.median(good("exit_price")[alive, -1, place("oracle")].astype(float))
    assert line.exit_end.p50 == pytest.approx(expected)


def test_survivors_share_the_capacity() -> None:
    cast = cast_of(list(AGENTS), load_case("ai_2026").snapshot)
    capacity = good("capacity").astype(float)
    line = next(line for line in survivors(run(), cast) if line.entity == "microsoft")
    part = capacity[:, 0, place("microsoft")] / capacity[:, 0].sum(axis=1)
    assert line.share_start == pytest.approx(np.median(part))
    assert line.survives.share == 1.0
    assert (line.bought or 0.0) > 0.0
    assert line.price == pytest.approx(20.0)


def test_capacity_that_passes_on_is_counted_over_draws_with_a_default() -> None:
    cast = cast_of(list(AGENTS), load_case("ai_2026").snapshot)
    found = inheritance(run(), cast)
    assert found is not None
    assert found.draws == int((good("default_quarter") >= 0).any(axis=1).sum())
    assert (found.passed_on.p50, found.price) == (0.5, pytest.approx(20.0))
    calm = toy_run(world=ToyWorld(calm=True))
    assert inheritance(calm, cast) is None


def test_mergers_name_the_platform_and_warrants_add_up_to_zero() -> None:
    cast = cast_of(list(AGENTS), None)
    (merged,) = mergers(run(), cast)
    assert (merged.entity, merged.into) == ("xai", "Microsoft")
    gains = warrant_gains(run(), cast)
    assert [line.entity for line in gains] == ["openai", "public_equity_funds"]
    assert sum(line.mean or 0.0 for line in gains) == pytest.approx(0.0, abs=1e-12)


def test_announced_commitments_are_at_least_what_binds() -> None:
    lines = {line.entity: line for line in summary().commitments}
    assert lines["openai"].headline > lines["openai"].binding > 0.0
    assert lines["openai"].ratio == pytest.approx(lines["openai"].headline / lines["openai"].binding)


def test_the_hurdle_is_capacity_times_user_cost_at_ten_per_cent() -> None:
    found = hurdle(run())
    assert found is not None
    assert found.quarter == "2028Q4"
    names = [row["name"] for row in run().manifest["parameters"]]
    row = dict(zip(names, run().parameters_between(0, 1)[0], strict=True))
    chips = 0.1 / (1.0 - 1.1 ** -row["chip_life_economic"])
    shells = 0.1 / (1.0 - 1.1 ** -row["shell_life"])
    share = row["chip_cost_share"]
    per_gw = row["cost_per_gw"] * (share * chips + (1.0 - share) * shells) + row["operating_cost_per_gw_year"]
    assert found.needed.p50 == pytest.approx(np.median(good("compute_capacity")[:, -1]) * per_gw, rel=1e-6)


def test_joint_defaults_fall_with_their_number() -> None:
    shares = [line.share or 0.0 for line in summary().defaults.joint]
    assert shares[0] == pytest.approx(summary().defaults.together.share)
    assert shares == sorted(shares, reverse=True)


def test_recovery_is_told_by_class() -> None:
    line = summary().defaults.lines[0]
    assert (line.recovery_secured.p50, line.recovery_unsecured.p50) == (pytest.approx(0.6), pytest.approx(0.3))


def test_a_run_without_paths_leaves_them_out_and_says_so() -> None:
    thin = toy_run(keep="draws")
    assert expectations(thin, cast_of(list(AGENTS), None)) == ()
    assert any("price of leaving" in text for text in summarise(thin).left_out)
