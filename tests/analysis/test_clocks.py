import datetime as dt

import numpy as np
import pytest
from tests.analysis.worlds import AGENTS, SIZE, toy_run

from cardhouse.analysis.cast import cast_of
from cardhouse.analysis.clocks import clocks, group_clock, time_to_insolvency
from cardhouse.basics.quarter import Quarter
from cardhouse.network.entity import Entity
from cardhouse.network.snapshot import NetworkSnapshot


def snapshot() -> NetworkSnapshot:
    entities = tuple(Entity(id=name, name=name.title(), role=role) for name, role in AGENTS.items())
    return NetworkSnapshot(as_of=dt.date(2026, 2, 13), base_quarter=Quarter(2025, 4), entities=entities, instruments=())


def test_clock_is_the_first_quarter_with_nothing_left() -> None:
    flow = np.array([[-4.0, -4.0, -4.0], [-1.0, -1.0, -1.0], [1.0, -20.0, 30.0]])
    assert time_to_insolvency(np.full(3, 10.0), flow).tolist() == [3.0, np.inf, 2.0]


def test_an_unknown_number_stops_the_clock_unless_it_had_run_out_before() -> None:
    flow = np.array([[-4.0, np.nan, -4.0], [-11.0, np.nan, 0.0]])
    found = time_to_insolvency(np.full(2, 10.0), flow)
    assert np.isnan(found[0])
    assert found[1] == 1.0


def test_clocks_of_a_run_agree_with_arithmetic_by_hand() -> None:
    found = {clock.entity: clock for clock in clocks(toy_run(), cast_of(list(AGENTS), snapshot()))}
    assert set(found) == {"nvidia", "microsoft", "oracle", "coreweave", "vehicles_oracle", "openai", "xai"}
    # CoreWeave: cash 0.02, drain 0.004 + 0.001 + 0.001 and with plans 0.001 more, all times its size
    assert found["coreweave"].spending_stopped.p50 == pytest.approx(np.floor(0.02 / 0.006) + 1)
    assert found["coreweave"].with_plans.p50 == pytest.approx(np.floor(0.02 / 0.007) + 1)
    assert found["nvidia"].with_plans.p50 is None
    assert found["nvidia"].beyond == 1.0
    assert SIZE[0] > 0


def test_group_clock_names_the_first_and_third_shortest() -> None:
    found = clocks(toy_run(), cast_of(list(AGENTS), snapshot()))
    assert group_clock(found) == (3.0, 3.0)
