from typing import Any

import pytest

from cardhouse.basics.quarter import Quarter
from cardhouse.scenarios.shock import Moment, Shock
from cardhouse.scenarios.variables import VARIABLE_BY_NAME

FIRST = Quarter(2026, 1)


def shock(shape: str, **keys: Any):
    keys.setdefault("start", Moment(offset=1))
    return Shock(variable=VARIABLE_BY_NAME["credit_spread"], shape=shape, **keys)


def test_step_holds_from_start_to_end():
    assert shock("step", size=0.1, end=Moment(offset=2)).over(5, FIRST).tolist() == [0, 0.1, 0.1, 0, 0]


def test_pulse_lasts_its_quarters():
    assert shock("pulse", size=0.1, quarters=2).over(5, FIRST).tolist() == [0, 0.1, 0.1, 0, 0]


def test_ramp_reaches_full_size_in_its_last_quarter_and_holds():
    assert shock("ramp", size=0.2, quarters=2).over(5, FIRST).tolist() == [0, 0.1, 0.2, 0.2, 0.2]


def test_decay_halves_its_distance_to_neutral():
    assert shock("decay", size=0.8, half_life=1).over(5, FIRST).tolist() == pytest.approx([0, 0.8, 0.4, 0.2, 0.1])


@pytest.mark.parametrize(("then", "last"), [("hold", 0.2), ("neutral", 0.0)])
def test_path_gives_its_values_then_holds_or_ends(then: str, last: float):
    assert shock("path", values=(0.1, 0.2), then=then).over(5, FIRST).tolist() == [0, 0.1, 0.2, last, last]


def test_calendar_start_is_counted_from_the_first_simulated_quarter():
    dated = shock("pulse", size=0.1, start=Moment.parse("2026Q3"))
    assert dated.over(4, FIRST).tolist() == [0, 0, 0.1, 0]
    assert dated.over(4, Quarter(2026, 2)).tolist() == [0, 0.1, 0, 0]


def test_active_quarters_are_those_with_the_full_shape():
    assert list(shock("pulse", size=0.1, quarters=2).active(5, FIRST)) == [1, 2]
    assert list(shock("step", size=0.1, start=Moment(offset=9)).active(5, FIRST)) == []


@pytest.mark.parametrize("text", ["q0", "q201", "q-1", "2026Q5", "2026", "", "q99999999999", "1900Q0", "q²"])
def test_impossible_quarters_are_refused(text: str):
    with pytest.raises(ValueError, match="quarter"):
        Moment.parse(text)
