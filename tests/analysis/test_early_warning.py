"""Gauges before the first default: what is announced, how early, and how often in vain."""

import numpy as np
import pytest
from tests.analysis.worlds import ToyWorld, toy_run

from cardhouse.analysis.early_warning import _judge, early_warnings, kinds_of_quarters


def test_the_end_of_a_quiet_draw_is_no_evidence() -> None:
    before, quiet = kinds_of_quarters(np.array([1 << 30]), 6)
    assert not before.any()
    assert quiet[0].tolist() == [True, True, False, False, False, False]


def worlds(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first = np.where(np.arange(400) % 4 < 2, 10, 1 << 30)
    return rng.normal(0.0, 1.0, (400, 16)), first, np.arange(400) % 2 == 0


def test_a_gauge_that_jumps_two_quarters_before_is_found_with_its_lead() -> None:
    values, first, half = worlds(np.random.default_rng(1))
    values[first == 10, 8:10] -= 50.0
    found = _judge("utilisation", "share", values, first, half)
    assert found.rings == "below"
    assert found.hits == 1.0
    # a chance ring one or two quarters earlier lengthens the mean a little
    assert found.lead == pytest.approx(2.3, abs=0.2)
    assert found.false_alarms == pytest.approx(0.1, abs=0.03)


def test_a_gauge_of_noise_announces_no_more_than_chance() -> None:
    found = _judge("sentiment", "points", *worlds(np.random.default_rng(2)))
    # four quarters, each rings one time in ten
    assert found.hits == pytest.approx(1.0 - 0.9**4, abs=0.08)


def test_few_defaults_give_no_rates() -> None:
    assert early_warnings(toy_run(draws=20)) == ()


def test_rates_of_a_run_are_shares() -> None:
    lines = early_warnings(toy_run(draws=120, world=ToyWorld()))
    assert lines
    assert all(0.0 <= (line.hits or 0.0) <= 1.0 and 0.0 <= (line.false_alarms or 0.0) <= 1.0 for line in lines)
    run = toy_run(draws=120, world=ToyWorld())
    assert all(line.unit == run.variables[line.gauge].unit for line in lines)
