import datetime as dt

import numpy as np
import pytest
from tests.analysis.worlds import AGENTS, SIZE, ToyWorld, toy_run

from cardhouse.analysis.cast import cast_of
from cardhouse.analysis.funding_gap import funding_gaps
from cardhouse.basics.quarter import Quarter
from cardhouse.network.entity import Entity
from cardhouse.network.snapshot import NetworkSnapshot


def test_gap_of_each_laboratory_counts_living_draws_only() -> None:
    entities = tuple(Entity(id=name, name=name.title(), role=role) for name, role in AGENTS.items())
    day, base = dt.date(2026, 2, 13), Quarter(2025, 4)
    snapshot = NetworkSnapshot(as_of=day, base_quarter=base, entities=entities, instruments=())
    run = toy_run(world=ToyWorld(quarters=24))
    found = {gap.entity: gap for gap in funding_gaps(run, cast_of(list(AGENTS), snapshot))}
    assert set(found) == {"openai", "xai"}
    place = list(AGENTS).index("openai")
    end = run.coordinates["quarter"].index("2030Q4") + 1
    when = run.results("default_quarter")[:, place]
    alive = (when < 0) | (when >= end)
    flow = run.results("free_cash_flow")[alive, :end, place].astype(float).sum(axis=1)
    expected = np.maximum(0.0, -(0.02 * SIZE[place] + flow))
    assert found["openai"].until == "2030Q4"
    assert found["openai"].draws == alive.sum()
    assert found["openai"].gap.p50 == pytest.approx(np.median(expected))


def test_a_run_that_kept_distributions_only_has_no_gap() -> None:
    assert funding_gaps(toy_run(keep="draws"), cast_of(list(AGENTS), None)) == ()
