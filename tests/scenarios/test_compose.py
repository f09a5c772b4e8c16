import itertools
from typing import Any

import numpy as np
import pytest

from cardhouse.basics.errors import ScenarioError
from cardhouse.basics.quarter import Quarter
from cardhouse.scenarios.catalogue import library_names, packaged
from cardhouse.scenarios.compose import compile_scenario
from cardhouse.scenarios.path import neutral_paths
from cardhouse.scenarios.scenario import Scenario
from cardhouse.scenarios.shock import Moment, Shock
from cardhouse.scenarios.target import TargetFilter
from cardhouse.scenarios.variables import (
    E_CAPEX_PLAN,
    E_DEBT_ROLLOVER,
    E_OUTSIDE_EQUITY,
    G_CREDIT_SPREAD,
    G_PILOT_SUCCESS,
    G_SPOT_PRICE,
    VARIABLE_BY_NAME,
)

QUARTERS = [Quarter(2026, 1) + k for k in range(12)]
WORLD = {
    "meta": "platform", "microsoft": "platform", "oracle": "leveraged_cloud", "coreweave": "leveraged_cloud",
    "openai": "lab", "nvidia": "chips",
}  # fmt: skip
IDS, ROLES = list(WORLD), list(WORLD.values())


def compiled(*scenarios: Scenario):
    return compile_scenario(list(scenarios), QUARTERS, IDS, ROLES)


def own(*shocks: Shock, name: str = "own"):
    return Scenario(id=name, title="t", kind="own", story="s", first_break="-", reference="-", shocks=shocks)


def shock(variable: str, size: float, start: int = 0, **keys: Any):
    variable = VARIABLE_BY_NAME[variable]
    return Shock(variable=variable, start=Moment(offset=start), shape="step", size=size, **keys)


def test_no_scenario_and_base_are_the_null_shock():
    assert compiled().is_neutral
    assert compiled(packaged("BASE")).is_neutral


@pytest.mark.parametrize("name", library_names())
def test_every_packaged_scenario_starts_from_the_same_state_and_changes_something(name: str):
    paths = compiled(packaged(name))
    calm = neutral_paths(QUARTERS, IDS)
    assert paths.quarters == calm.quarters
    assert paths.is_neutral == (name == "BASE")
    finite = np.isfinite(calm.global_)
    assert np.isfinite(paths.global_[finite]).all()
    assert np.isfinite(paths.entity).all()
    first = packaged(name).first_moment
    if first is not None and first.offset:
        before = slice(0, first.offset)
        assert np.array_equal(paths.global_[:, before], calm.global_[:, before], equal_nan=True)
        assert np.array_equal(paths.entity[:, before], calm.entity[:, before], equal_nan=True)


def test_factors_multiply_and_additions_add():
    paths = compiled(
        own(shock("spot_price", 0.5), shock("credit_spread", 0.01)),
        own(shock("spot_price", 0.5, 2), shock("credit_spread", 0.02, 2), name="second"),
    )
    assert paths.global_[G_SPOT_PRICE, 1:4].tolist() == [0.5, 0.25, 0.25]
    assert paths.global_[G_CREDIT_SPREAD, 1:4].tolist() == pytest.approx([0.01, 0.03, 0.03])


@pytest.mark.parametrize("names", list(itertools.permutations(["ORACLE", "RUN08", "PAUSE"]))[1:])
def test_the_order_of_scenarios_has_no_effect(names: tuple[str, ...]):
    expected = compiled(*map(packaged, ("ORACLE", "RUN08", "PAUSE")))
    assert expected.digest == compiled(*map(packaged, names)).digest


def test_contradicting_settings_are_refused_and_equal_ones_are_not():
    with pytest.raises(ScenarioError, match=r"another shock sets it to 0\.3 in 2026Q3 already"):
        compiled(own(shock("pilot_success", 0.3), name="a"), own(shock("pilot_success", 0.6, 2), name="b"))
    same = compiled(own(shock("pilot_success", 0.3), name="a"), own(shock("pilot_success", 0.3, 2), name="b"))
    assert same.global_[G_PILOT_SUCCESS].tolist() == [0.3] * 12


def test_roles_and_exceptions_choose_the_entities():
    pause = compiled(packaged("PAUSE"))
    assert pause.entity[E_CAPEX_PLAN, 6].tolist() == [0.5, 0.8, 1, 1, 1, 1]
    wall = compiled(packaged("WALL"))
    assert wall.entity[E_DEBT_ROLLOVER, 3].tolist() == [1, 1, 1, 0, 1, 1]


def test_targets_the_case_does_not_have_are_all_named():
    scenario = own(
        shock("outside_equity", 0.5, target=TargetFilter(entity=("opena",))),
        shock("outside_equity", 0.5, target=TargetFilter(role=("vehicle",))),
        shock("outside_equity", 0.5, target=TargetFilter(role=("chips",), leave_out=("nvidia",))),
    )
    with pytest.raises(ScenarioError) as caught:
        compiled(scenario)
    text = str(caught.value)
    assert "Did you mean 'openai'" in text
    assert "no entity of this role" in text
    assert "leaves nobody over" in text


def test_tags_choose_entities():
    scenario = own(shock("outside_equity", 0.5, target=TargetFilter(tag=("listed",))))
    paths = compile_scenario(scenario, QUARTERS, IDS, ROLES, {"nvidia": frozenset({"listed"})})
    assert paths.entity[E_OUTSIDE_EQUITY, 0].tolist() == [1, 1, 1, 1, 1, 0.5]


def test_calendar_quarter_before_the_run_is_refused():
    early = Shock(variable=VARIABLE_BY_NAME["sentiment"], start=Moment.parse("2025Q1"), shape="step", size=-0.1)
    with pytest.raises(ScenarioError, match="before the first simulated quarter 2026Q1"):
        compiled(own(early))


def test_scenario_that_begins_after_the_end_is_refused():
    with pytest.raises(ScenarioError, match="Simulate more quarters"):
        compile_scenario(packaged("RUN08"), QUARTERS[:4], IDS, ROLES)


def test_scenario_named_twice_is_refused():
    with pytest.raises(ScenarioError, match="named twice"):
        compiled(packaged("WORD"), packaged("WORD"))


def test_composed_paths_stay_inside_the_limits():
    paths = compiled(own(shock("credit_spread", 0.4), name="a"), own(shock("credit_spread", 0.4), name="b"))
    assert paths.global_[G_CREDIT_SPREAD].tolist() == [0.5] * 12
