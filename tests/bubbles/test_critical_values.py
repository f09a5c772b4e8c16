"""Simulated null distributions: reproducible, cached, and close to what is published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cardhouse.basics.errors import InputError
from cardhouse.bubbles import table_store
from cardhouse.bubbles.critical_values import (
    NullDistribution,
    NullSettings,
    family_wise_critical_path,
    level_position,
    null_distribution,
    simulated,
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(table_store, "folder", lambda: tmp_path / "tables")
    return tmp_path / "tables"


def draw(settings: NullSettings, workers: int) -> NullDistribution:
    """Simulate without the cache, which would hand the second call the first one's table."""
    for path in table_store.folder().glob("*.npz"):
        path.unlink()
    return simulated(settings, np.empty((0, settings.n)), workers)


def test_draws_do_not_depend_on_the_number_of_workers() -> None:
    settings = NullSettings(n=80, lag=1, min_window=17, replications=150)
    alone, shared = draw(settings, 1), draw(settings, 3)
    for name in table_store.FIELDS:
        assert (getattr(alone, name) == getattr(shared, name)).all()


def test_first_replications_are_the_same_in_a_longer_simulation() -> None:
    short = draw(NullSettings(n=60, lag=0, min_window=14, replications=100), 1)
    long = draw(NullSettings(n=60, lag=0, min_window=14, replications=160), 1)
    assert (short.gsadf == long.gsadf[:100]).all()
    assert not (short.gsadf == long.gsadf[60:160]).any()


def test_critical_values_at_200_observations_are_those_of_a_large_independent_simulation() -> None:
    # from 30,000 replications with another seed, see the packaged table
    null = null_distribution(200)
    assert null.critical_value(0.05, "sadf") == pytest.approx(1.47, abs=0.10)
    assert null.critical_value(0.05) == pytest.approx(2.14, abs=0.10)


def test_second_call_reads_the_table_from_disk(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = null_distribution(50, replications=120)
    assert len(list(own_cache.glob("*.npz"))) == 1
    monkeypatch.setattr("cardhouse.bubbles.critical_values.in_chunks", lambda *_: pytest.fail("simulated again"))
    second = null_distribution(50, replications=120)
    for name in table_store.FIELDS:
        assert (getattr(first, name) == getattr(second, name)).all()


def test_damaged_table_is_simulated_again(own_cache: Path) -> None:
    first = null_distribution(50, replications=120)
    for path in own_cache.glob("*.npz"):
        path.write_bytes(path.read_bytes()[:200])
    assert (null_distribution(50, replications=120).gsadf == first.gsadf).all()


def test_folder_that_cannot_be_written_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setattr(table_store, "folder", lambda: blocked / "tables")
    assert np.isfinite(null_distribution(50, replications=120).gsadf).all()


def test_gate_brings_false_alarms_to_the_level() -> None:
    null = null_distribution(100)
    ungated = null.false_alarm_rate(4, level=0.05, kind="bsadf", gated=False)
    gated = null.false_alarm_rate(4, level=0.05, kind="bsadf", gated=True)
    assert 0.15 < ungated < 0.30
    assert 0.0 < gated <= 0.05


def test_p_value_falls_with_the_statistic_and_is_never_zero() -> None:
    null = null_distribution(60, replications=200)
    values = [null.p_value(float(v)) for v in (-5.0, 0.0, 1.0, 2.0, 50.0)]
    assert values == sorted(values, reverse=True)
    assert values[0] == 1.0
    assert values[-1] == pytest.approx(1 / 201)


def test_family_wise_path_widens_to_the_sup_of_the_sample() -> None:
    paths = np.random.default_rng(0).standard_normal((400, 30))
    one = family_wise_critical_path(paths, 1, 0.05)
    np.testing.assert_allclose(one, np.quantile(paths, 0.95, axis=0))
    assert family_wise_critical_path(paths, 30, 0.05)[-1] == pytest.approx(np.quantile(paths.max(axis=1), 0.95))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: null_distribution(50, replications=10), "100 replications"),
        (lambda: null_distribution(50, min_window=60), "shorter than the sample"),
        (lambda: null_distribution(50, lag=-1), "lagged changes"),
        (lambda: null_distribution(50, lag=3, min_window=5), "shortest window with lag 3"),
        (lambda: level_position(0.2), "levels 0.1, 0.05, 0.01"),
    ],
)
def test_unusable_settings_are_refused_in_one_sentence(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
