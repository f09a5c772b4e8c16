"""Detection: dates, the gate, the label, the two tests side by side, and the result object."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cardhouse.basics.errors import InputError, MissingExtraError
from cardhouse.bubbles.critical_values import null_distribution
from cardhouse.bubbles.detect import DetectionSettings, detect
from cardhouse.bubbles.episodes import runs_above
from cardhouse.bubbles.worlds import one_bubble, random_walk, technology_boom

BUBBLE = one_bubble(200, seed=2, draw=1, start=100, end=140, growth=0.07)
MONTHS = np.arange("2001-01", "2017-09", dtype="datetime64[M]").astype("datetime64[D]")


def first_walk_with_ungated_episode() -> np.ndarray:
    for draw in range(200):
        walk = random_walk(100, seed=77, draw=draw)
        if detect(walk, gated=False).episodes and not detect(walk).is_significant:
            return walk
    pytest.fail("no bubble-free sample in 200 shows an ungated episode")


def test_bubble_is_dated_close_to_the_truth() -> None:
    result = detect(BUBBLE, dates=MONTHS)
    assert result.is_significant
    longest = max(result.significant_episodes, key=lambda episode: episode.duration)
    assert 100 <= longest.start <= 125
    assert longest.peak == 140
    assert 138 <= longest.end <= 145
    assert not longest.is_ongoing
    assert longest.peak_label == "2012-09-01"


def test_falling_episode_is_told_from_a_rising_one() -> None:
    rising = one_bubble(160, seed=2, draw=1, start=90, end=130, growth=0.07)
    up = detect(rising, replications=200).significant_episodes[0]
    down = detect(-rising, replications=200).significant_episodes[0]
    assert (up.start, up.end) == (down.start, down.end)
    assert up.movement == "rising"
    assert down.movement == "falling"


def test_running_bubble_is_ongoing() -> None:
    episode = detect(BUBBLE[:141]).episodes[-1]
    assert episode.is_ongoing
    assert episode.end == 140


def test_episode_without_family_wise_rejection_is_labelled_not_significant() -> None:
    walk = first_walk_with_ungated_episode()
    gated = detect(walk)
    assert gated.episodes
    assert not gated.significant_episodes
    assert {episode.verdict for episode in gated.episodes} == {"not significant"}
    assert detect(walk, gated=False).significant_episodes


def test_false_alarm_rate_is_printed_and_the_gate_lowers_it() -> None:
    gated, ungated = detect(BUBBLE).rule, detect(BUBBLE, gated=False).rule
    assert gated.false_alarm_rate <= 0.05 < ungated.false_alarm_rate
    assert gated.ungated_rate == ungated.false_alarm_rate
    assert f"in {gated.false_alarm_rate:.1%} of bubble-free samples this rule reports one" in str(gated)


@pytest.mark.parametrize("n", [100, 200, 500])
def test_reported_episodes_in_bubble_free_samples_stay_below_six_percent(n: int) -> None:
    # another seed than that of the critical values, so that the rate is out of sample
    fresh = null_distribution(n, replications=2000, seed=4)
    critical = null_distribution(n)
    duration = int(np.log(n))
    run = fresh.longest_run[0, 1] >= duration
    reported = run & (fresh.gsadf > critical.critical_value(0.05))
    assert 0.01 < reported.mean() <= 0.06


def test_minimum_duration_drops_short_episodes() -> None:
    assert all(episode.duration >= 30 for episode in detect(BUBBLE, min_duration=30).episodes)
    assert len(detect(BUBBLE, min_duration=1).episodes) >= len(detect(BUBBLE, min_duration=30).episodes)


def test_sadf_path_is_the_more_cautious_one() -> None:
    bold, cautious = detect(BUBBLE), detect(BUBBLE, kind="sadf")
    assert (cautious.critical_path[-50:] > bold.critical_path[-50:]).all()


def test_wild_critical_values_find_the_same_bubble() -> None:
    result = detect(BUBBLE, critical="wild", replications=300)
    assert result.is_significant
    assert "rademacher" in result.null.settings.model


def test_fundamentals_give_both_tests_side_by_side() -> None:
    world = technology_boom(160, seed=1, draw=0)
    result = detect(world.log_price, fundamentals=world.proxies, replications=400)
    assert result.is_significant
    assert result.adjusted is not None
    assert not result.adjusted.is_significant
    assert result.projection is not None
    assert result.projection.r_squared > 0.7
    assert "adjusted" in result.to_dict()


def test_near_deterministic_series_is_flagged_and_opens_no_episode() -> None:
    result = detect(2.0 ** np.arange(60), replications=200)
    assert not result.episodes
    assert not result.is_significant
    assert result.recursion.flags
    assert np.isfinite(result.recursion.bsadf).all()


def test_result_goes_to_json_frame_and_figure(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("matplotlib")
    result = detect(BUBBLE, dates=MONTHS, fundamentals=np.arange(200.0))
    text = json.dumps(result.to_dict(), allow_nan=False)
    assert json.loads(text)["settings"]["seed"] == result.null.settings.seed
    frame = result.to_frame()
    assert list(frame.index[:1].strftime("%Y-%m-%d")) == [
        result.recursion.series.label(result.recursion.min_window - 1)
    ]
    assert frame["episode"].max() == len(result.episodes)
    assert ((frame["bsadf"] > frame["critical"]) | (frame["episode"] == 0)).all()
    figure = result.plot(tmp_path / "figure.png")
    assert len(figure.axes) == 4
    assert (tmp_path / "figure.png").stat().st_size > 10_000


def test_absent_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    result = detect(BUBBLE)
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match="frames"):
        result.to_frame()
    with pytest.raises(MissingExtraError, match="plot"):
        result.plot()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lags": 1}, "no such setting"),
        ({"kind": "gsadf"}, "one of bsadf, sadf"),
        ({"critical": "fetched"}, "one of simulated, wild"),
        ({"level": 0.2}, "levels 0.1, 0.05, 0.01"),
        ({"min_window": 300}, "shorter than the sample"),
    ],
)
def test_unusable_settings_are_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        detect(BUBBLE, settings=DetectionSettings(), **changes)


PROXY = np.linspace(1.0, 2.0, 200)


@pytest.mark.parametrize(
    ("proxies", "log", "message"),
    [
        (PROXY[:-1], False, "199 rows of fundamentals and 200 prices"),
        (np.column_stack([PROXY, 2 * PROXY + 1]), False, "repeat one another"),
        (np.where(np.arange(200) == 7, np.nan, PROXY), False, "missing at 7"),
        (np.full(200, 3.0), False, "proxy is constant"),
        (PROXY - 1.5, True, "logarithm needs positive"),
        (np.random.default_rng(0).random((200, 21)), False, "21 proxies are too many"),
    ],
)
def test_unusable_fundamentals_are_named(proxies: np.ndarray, log: bool, message: str) -> None:
    with pytest.raises(InputError, match=message):
        detect(np.abs(BUBBLE) + 1.0, fundamentals=proxies, log=log)


def test_fundamentals_are_matched_by_date() -> None:
    pd = pytest.importorskip("pandas")
    price = pd.Series(BUBBLE, index=pd.DatetimeIndex(MONTHS))
    longer = pd.date_range("2000-01-01", "2018-12-01", freq="MS")
    proxy = pd.Series(np.arange(longer.size) ** 1.5, index=longer)
    shuffled = proxy.sample(frac=1.0, random_state=1)
    first = detect(price, fundamentals=proxy).adjusted
    second = detect(price, fundamentals=shuffled).adjusted
    assert first is not None
    assert second is not None
    assert (first.recursion.bsadf == second.recursion.bsadf).all()
    with pytest.raises(InputError, match="12 dates of the price have no fundamentals, the first is 2001-01-01"):
        detect(price, fundamentals=proxy["2002-01-01":])


def test_runs_of_true_values_are_found_at_both_edges() -> None:
    assert runs_above(np.array([True, True, False, True])) == [(0, 1), (3, 3)]
    assert runs_above(np.zeros(3, dtype=bool)) == []
