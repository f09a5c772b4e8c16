import dataclasses
import json
from functools import cache

import numpy as np
import pytest
from tests.analysis.worlds import AGENTS, ToyWorld, toy_run

from cardhouse.analysis.cast import Cast, cast_of
from cardhouse.analysis.defaults import summarise_defaults
from cardhouse.analysis.summary import Summary, summarise
from cardhouse.basics.errors import ModelError
from cardhouse.casebook.load import load_case, parse_known_on
from cardhouse.simulation.results import Run


@cache
def run() -> Run:
    return toy_run(world=ToyWorld(bad_every=20))


@cache
def summary() -> Summary:
    return summarise(run())


def good(name: str) -> np.ndarray:
    return run().results(name)[run().good]


def test_draws_with_a_result_code_are_counted_and_enter_no_figure() -> None:
    assert (summary().draws, summary().draws_done, summary().draws_good) == (60, 60, 57)
    assert [(line.code, line.draws) for line in summary().codes] == [(0, 57), (4, 3)]
    assert summary().codes[1].meaning == "accounting identity I4 does not hold"
    expected = (good("default_quarter") >= 0).any(axis=1).mean()
    assert summary().defaults.any.share == pytest.approx(expected)


def test_first_defaults_are_those_of_the_earliest_quarter() -> None:
    when = good("default_quarter")
    earliest = np.where(when < 0, 99, when).min(axis=1)
    for line in summary().defaults.lines:
        place = list(AGENTS).index(line.entity)
        expected = ((when[:, place] >= 0) & (when[:, place] == earliest)).mean()
        assert line.first.share == pytest.approx(expected)
        assert line.ever.low is not None
        assert line.ever.share is not None
        assert line.ever.low <= line.ever.share


def test_illiquid_part_counts_labels_of_defaults_only() -> None:
    labels = good("default_label")[good("default_quarter") >= 0]
    assert summary().defaults.illiquid == pytest.approx((labels == 1).mean())


def test_default_curves_never_fall_and_end_at_the_total() -> None:
    shares = [point.share or 0.0 for point in summary().defaults.by_quarter]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(summary().defaults.any.share)
    assert summary().horizons[-1].any_default == summary().defaults.any


def test_losses_and_paths_are_quantiles_over_good_draws() -> None:
    banks = next(line for line in summary().holders if line.entity == "banks")
    credit = good("credit_loss")[:, -1, list(AGENTS).index("banks")].astype(float)
    assert banks.credit.p50 == pytest.approx(np.quantile(credit, 0.5), rel=1e-6)
    capex = summary().paths["sector_capex"]
    assert capex.p50[-1] == pytest.approx(4 * np.quantile(good("sector_capex")[:, -1], 0.5), rel=1e-6)
    assert capex.unit == "USD bn a year"


def test_classes_of_owners_are_means_and_quantiles_of_their_losses() -> None:
    found = {line.name: line for line in summary().classes}
    values = good("class_loss")[:, 1].astype(float)
    assert found["IRA"].mean == pytest.approx(values.mean())
    assert found["IRA"].loss.p90 == pytest.approx(np.quantile(values, 0.9))


def test_channels_add_up_to_the_mean_change_of_each_issuer() -> None:
    for line in summary().value_by_channel:
        place = list(AGENTS).index(line.entity)
        expected = good("loss_by_channel")[:, place].sum(axis=1).mean()
        assert line.total == pytest.approx(expected, rel=1e-5)


def test_minsky_parts_of_debt_sum_to_one() -> None:
    for item in summary().minsky:
        total = np.array([item.hedge, item.speculative, item.ponzi], dtype=float).sum(axis=0)
        assert total == pytest.approx(np.ones(12))


def test_regime_labels_cover_every_draw_once() -> None:
    assert sum(item.share.share or 0.0 for item in summary().regimes) == pytest.approx(1.0)


def test_summary_is_strict_json() -> None:
    text = json.dumps(summary().to_json(), allow_nan=False)
    assert json.loads(text)["defaults"]["any"]["share"] == summary().defaults.any.share


def test_same_run_gives_the_same_summary() -> None:
    again = summarise(toy_run(world=ToyWorld(bad_every=20)))
    assert json.dumps(again.to_json()) == json.dumps(summary().to_json())


def test_a_run_that_kept_distributions_only_says_what_is_left_out() -> None:
    thin = summarise(toy_run(keep="draws"))
    assert thin.left_out
    assert thin.minsky == thin.clocks == thin.funding_gaps == ()
    assert thin.regimes == summarise(toy_run()).regimes
    assert thin.defaults.any.share == pytest.approx(summarise(toy_run()).defaults.any.share)
    assert thin.paths["utilisation"].p50[0] == pytest.approx(0.92, rel=0.02)


def test_a_world_without_defaults_has_no_cascade_and_no_first_quarter() -> None:
    calm = summarise(toy_run(world=ToyWorld(calm=True)))
    assert calm.cascade is None
    assert calm.defaults.any.share == 0.0
    assert calm.defaults.first_quarter == (None, None, None)
    assert calm.defaults.illiquid is None


def test_a_run_without_a_good_draw_is_refused_with_the_reason() -> None:
    with pytest.raises(ModelError, match="accounting identity I4 does not hold: 60"):
        summarise(toy_run(world=ToyWorld(bad_every=1)))


def test_the_loss_of_foreign_holders_is_split_by_region_and_adds_up() -> None:
    found = summarise(run(), load_case("ai_2026", known_on=parse_known_on("2026-02-13")))
    foreign = found.classes[4]
    assert foreign.name == "foreign"
    assert sum(line.mean or 0.0 for line in found.foreign) == pytest.approx(foreign.mean)
    europe = found.foreign[0]
    assert europe.name == "Europe"
    # the survey of June 2024: 8,130 of 16,878 USD bn; that of June 2025 was not known in February 2026
    assert europe.mean == pytest.approx(foreign.mean * 8130 / 16878)
    newest = summarise(run(), load_case("ai_2026")).foreign[0]
    assert newest.mean == pytest.approx(foreign.mean * 9618 / 19861)
    assert summary().foreign == ()
    assert summarise(run(), load_case("three_firm_ring")).foreign == ()


def test_groups_of_other_firms_are_left_out_of_the_named() -> None:
    run = toy_run(world=ToyWorld())
    snapshot = load_case("ai_2026").snapshot
    members = cast_of(list(AGENTS), snapshot).members
    # the made-up world has no group: Oracle is made one; vehicles count with the named
    one = Cast(
        [dataclasses.replace(member, aggregate=member.id in ("oracle", "vehicles_oracle")) for member in members]
    )
    found = summarise_defaults(run, one)
    when = run.results("default_quarter")
    assert found.groups == (one.name("oracle"),)
    assert found.any.share == pytest.approx((when >= 0).any(axis=1).mean())
    others = np.delete(when, list(AGENTS).index("oracle"), axis=1)
    assert found.named.share == pytest.approx((others >= 0).any(axis=1).mean())
    assert found.named.share < found.any.share
