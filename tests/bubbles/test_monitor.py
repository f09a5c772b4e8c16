"""Monitors: alarms after the start of a bubble, and false alarms at the chosen rate."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.basics.errors import InputError
from cardhouse.bubbles.monitor import Method, boundary_constant, monitor
from cardhouse.bubbles.monitor_crash import monitor_crash
from cardhouse.bubbles.worlds import one_bubble, random_walk

METHODS: tuple[Method, ...] = ("cusum", "fluc", "kurozumi")


@pytest.mark.parametrize("method", METHODS)
def test_bubble_raises_an_alarm_after_it_begins(method: Method) -> None:
    levels = one_bubble(160, seed=6, draw=2, start=100, end=150, growth=0.06)
    watched = monitor(levels, training=80, method=method)
    assert watched.alarm is not None
    assert 100 <= watched.alarm <= 150
    assert watched.alarm_label == str(watched.alarm)


@pytest.mark.parametrize("method", METHODS)
def test_false_alarms_stay_near_the_level(method: Method) -> None:
    alarms = [monitor(random_walk(120, seed=12, draw=i), training=60, method=method).alarm for i in range(300)]
    share = np.mean([alarm is not None for alarm in alarms])
    assert 0.01 <= share <= 0.10


def test_boundary_rises_with_a_stricter_level() -> None:
    values = [boundary_constant("cusum", 60, 120, level) for level in (0.10, 0.05, 0.01)]
    assert values == sorted(values)


def test_crash_monitor_pairs_bubble_and_crash() -> None:
    levels = one_bubble(200, seed=6, draw=2, start=120, end=150, growth=0.12)
    seen = monitor_crash(levels, training=100)
    starts = [start for start, _ in seen.spells]
    assert any(120 <= start <= 150 for start in starts)
    inside = next((start, end) for start, end in seen.spells if 120 <= start <= 150)
    assert inside[1] is not None
    assert 150 <= inside[1] <= 160


def test_crash_monitor_false_alarms_match_the_exchangeable_rate() -> None:
    runs = [monitor_crash(random_walk(140, seed=15, draw=i), training=100) for i in range(300)]
    share = np.mean([bool(run.spells) for run in runs])
    assert share <= runs[0].false_alarm_rate + 0.06
    assert share > 0.05


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"training": 10}, "at least 20 observations"),
        ({"training": 500}, "ends before the last of 100"),
        ({"training": 50, "level": 0.9}, "between 0 and 0.5"),
        ({"training": 50, "method": "oracle"}, "cusum, fluc, kurozumi"),
    ],
)
def test_unusable_settings_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        monitor(random_walk(100, seed=1, draw=1), **options)  # type: ignore[arg-type]  # the point of it


def test_constant_training_is_refused() -> None:
    levels = np.concatenate([np.full(60, 5.0), random_walk(40, seed=1, draw=1)])
    with pytest.raises(InputError, match="training stretch is constant"):
        monitor(levels, training=50)
    with pytest.raises(InputError, match="longer than 24"):
        monitor_crash(levels, training=20)
